"""From rows to a portfolio, and from a portfolio to rows.

`tables` says which columns carry which field, `surroundings` reads what an advice about a few
complexes needs, `stored` are their accounts and `holding` what is counted of their homes, `figures`
are the norms behind it.
"""

from mixwijzer.engine.portfolio import ScopeKind
from mixwijzer.web.register.bridge.figures import (
    NormEnds,
    NormTrouble,
    assumptions,
    norm_if_any,
    norm_trouble,
    norms,
    norms_ending,
)
from mixwijzer.web.register.bridge.holding import YEARS, Holding, Size
from mixwijzer.web.register.bridge.stored import Stored, drifting, stored_accounts, whole_accounts
from mixwijzer.web.register.bridge.surroundings import (
    MadeFrom,
    Outline,
    Place,
    Slice,
    Surroundings,
    places,
)
from mixwijzer.web.register.bridge.tables import (
    AREAS,
    CHANNELS,
    COMPLEXES,
    COUNTS,
    DWELLINGS,
    JUDGEMENTS,
    LETTINGS,
    NOTICES,
    NOW,
    PLACEMENTS,
    ROLES,
    TABLES,
    TENANCIES,
    Part,
    Table,
    as_known,
    complex_of,
    current,
    plain,
)

__all__ = [
    "AREAS",
    "CHANNELS",
    "COMPLEXES",
    "COUNTS",
    "DWELLINGS",
    "JUDGEMENTS",
    "LETTINGS",
    "NOTICES",
    "NOW",
    "PLACEMENTS",
    "ROLES",
    "TABLES",
    "TENANCIES",
    "YEARS",
    "Holding",
    "MadeFrom",
    "NormEnds",
    "NormTrouble",
    "Outline",
    "Part",
    "Place",
    "ScopeKind",
    "Size",
    "Slice",
    "Stored",
    "Surroundings",
    "Table",
    "as_known",
    "assumptions",
    "complex_of",
    "current",
    "drifting",
    "norm_if_any",
    "norm_trouble",
    "norms",
    "norms_ending",
    "places",
    "plain",
    "stored_accounts",
    "whole_accounts",
]
