"""What is so: areas, complexes, dwellings, who holds a lease, and what was said and agreed.

The rows are those of the portfolio's tables (one dataclass per table, same names and columns as
`exchange/columns.csv`); files and database rows both produce a `Portfolio`, everything else takes
one. Shares are basis points [1/10000], never floats. `Portfolio.as_known(moment)` gives the
portfolio as it stood: what was recorded later does not exist in it.
"""

from __future__ import annotations

from mixwijzer.engine.portfolio._bands import (
    WHOLE,
    Band,
    Origin,
    ResolvedBand,
    Share,
    band_errors,
)
from mixwijzer.engine.portfolio._rows import (
    Area,
    Assessment,
    Candidate,
    Cap,
    Channel,
    Complex,
    Count,
    Dwelling,
    Ground,
    Judgement,
    Known,
    LeaseKind,
    Letting,
    Obligation,
    Occasion,
    OutReason,
    Placement,
    PlaceRequest,
    ProfileRow,
    Role,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)
from mixwijzer.engine.portfolio._stock import (
    KEYS,
    Portfolio,
)

__all__ = [
    "KEYS",
    "WHOLE",
    "Area",
    "Assessment",
    "Band",
    "Candidate",
    "Cap",
    "Channel",
    "Complex",
    "Count",
    "Dwelling",
    "Ground",
    "Judgement",
    "Known",
    "LeaseKind",
    "Letting",
    "Obligation",
    "Occasion",
    "Origin",
    "OutReason",
    "PlaceRequest",
    "Placement",
    "Portfolio",
    "ProfileRow",
    "ResolvedBand",
    "Role",
    "Scope",
    "ScopeKind",
    "Share",
    "Tenancy",
    "Vacancy",
    "band_errors",
]
