"""From rows to engine values for the pages that put features together.

`living` tells who lives somewhere, against what was agreed there; `searching` where there is room;
`stock` how many homes of which size there are, and how often one comes free.
"""

from mixwijzer.web.desk.bridge.living import (
    COMPLEX,
    DEFAULT_SCHEME,
    BandLine,
    CategoryCount,
    NormLine,
    Origin,
    Place,
    ScopeAccount,
    accounts_around,
    accounts_of_areas,
    norms_in_force,
    norms_lapsed,
    own_bands,
    smallest_group,
    wait_weeks,
)
from mixwijzer.web.desk.bridge.searching import Answer, Answers, Promise, answers, promises
from mixwijzer.web.desk.bridge.stock import LEVEL, Size, Stock, chance_of_one, stock_of

__all__ = [
    "COMPLEX",
    "DEFAULT_SCHEME",
    "LEVEL",
    "Answer",
    "Answers",
    "BandLine",
    "CategoryCount",
    "NormLine",
    "Origin",
    "Place",
    "Promise",
    "ScopeAccount",
    "Size",
    "Stock",
    "accounts_around",
    "accounts_of_areas",
    "answers",
    "chance_of_one",
    "norms_in_force",
    "norms_lapsed",
    "own_bands",
    "promises",
    "smallest_group",
    "stock_of",
    "wait_weeks",
]
