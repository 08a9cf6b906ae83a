"""What people do with rounds: `week` for one sheet of homes, `city` for homes and candidates.

`executing` carries a city round out, home by home.
"""

from mixwijzer.web.rounds.services import city, executing
from mixwijzer.web.rounds.services.week import answer, compute, make, step, undo, write_advert

__all__ = ["answer", "city", "compute", "executing", "make", "step", "undo", "write_advert"]
