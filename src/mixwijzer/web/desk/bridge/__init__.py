"""From rows to engine values for the pages that put features together.

`living` tells who lives somewhere, against what was agreed there; `searching` where there is room.
"""

from mixwijzer.web.desk.bridge.living import (
    COMPLEX,
    DEFAULT_SCHEME,
    BandLine,
    CategoryCount,
    NormLine,
    Origin,
    ScopeAccount,
    accounts_around,
    accounts_of_areas,
    norms_in_force,
    norms_lapsed,
    own_bands,
    smallest_group,
    wait_weeks,
)
from mixwijzer.web.desk.bridge.searching import (
    Answer,
    Outlook,
    Promise,
    answers,
    answers_if_free,
    chance_of_one,
    promises,
    turnover,
)

__all__ = [
    "COMPLEX",
    "DEFAULT_SCHEME",
    "Answer",
    "BandLine",
    "CategoryCount",
    "NormLine",
    "Origin",
    "Outlook",
    "Promise",
    "ScopeAccount",
    "accounts_around",
    "accounts_of_areas",
    "answers",
    "answers_if_free",
    "chance_of_one",
    "norms_in_force",
    "norms_lapsed",
    "own_bands",
    "promises",
    "smallest_group",
    "turnover",
    "wait_weeks",
]
