"""What people do with rounds: `week` for one sheet of homes, `city` for homes and candidates.

`answering` keeps what other parties say about homes of a sheet.

`executing` carries a city round out, home by home.
"""

from mixwijzer.web.rounds.services import city, executing
from mixwijzer.web.rounds.services.answering import reply
from mixwijzer.web.rounds.services.week import answer, compute, make, step, undo, write_advert

__all__ = [
    "answer",
    "city",
    "compute",
    "executing",
    "make",
    "reply",
    "step",
    "undo",
    "write_advert",
]
