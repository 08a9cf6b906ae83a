"""The account of a complex and of the places around it, against what was agreed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mixwijzer.engine.account import Spread
from mixwijzer.engine.portfolio import Band, Scope, ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.bridge import DEFAULT_SCHEME, Case, gather
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.bridge import assumptions

__all__ = [
    "COMPLEX",
    "DEFAULT_SCHEME",
    "CategoryCount",
    "Origin",
    "ScopeAccount",
    "accounts_around",
    "wait_weeks",
]

COMPLEX = int(ScopeKind.COMPLEX)


def wait_weeks(day: date) -> int:
    """Return the term within which room elsewhere must be found [weeks]."""
    return assumptions(day).wait_weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value of a band was set."""

    row: str
    set_by_kind: str
    set_by: str
    start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryCount:
    """How many households of a category, how sure, and what was agreed [households].

    `pmf` has a chance for every count from 0 to the households present. `low` and `high` are the
    band in whole households, `cap` the strictest cap, `target` a share [basis points]; each is
    None where nothing was agreed. `chance_inside` is the chance that band and cap hold now.
    """

    category: str
    spread: Spread
    pmf: tuple[float, ...]
    low: int | None
    high: int | None
    cap: int | None
    target: int | None
    chance_inside: float
    origins: Mapping[str, Origin]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeAccount:
    """Who lives here, as far as the association's own homes tell.

    `base` counts the association's homes here, `area_homes` all homes of the area where that is
    known; `complexes` how many complexes were added up.
    """

    kind: str
    code: str
    name: str
    base: int
    area_homes: int | None
    households: int
    vacant: int
    committed: int
    complexes: int
    judged_on: date | None
    counts: tuple[CategoryCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NormLine:
    """A norm as it is in force: its names by language, figure, standing, source and last day."""

    title: Mapping[str, str]
    value: object
    unit: str
    standing: str
    source: str
    until: date | None


def norms_in_force(day: date) -> tuple[NormLine, ...]:
    """Return every norm that is in force on a day, by key."""
    book = register.norms()
    return tuple(
        NormLine(
            title=book[key].title,
            value=value.value,
            unit=book[key].unit,
            standing=book[key].standing.value,
            source=value.source,
            until=value.end,
        )
        for key in sorted(book)
        for value in book[key].values
        if value.start <= day and (value.end is None or day < value.end)
    )


def accounts_around(
    owner: Organisation, complex_id: int, code: str, day: date
) -> tuple[ScopeAccount, ...]:
    """Return the accounts of a complex and of each area around it that counts, smallest first.

    The neighbourhood always counts; a wider area only where a rule speaks of it.
    """
    case = gather(owner, complex_id, "", day)
    kinds = [row.for_kind for row in case.portfolio.profiles]
    kinds += [row.for_kind for row in case.portfolio.caps]
    reach = max(kinds, default=ScopeKind.COMPLEX)
    reach = max(reach, ScopeKind.NEIGHBOURHOOD)
    around = (Scope(ScopeKind.COMPLEX, code), *case.portfolio.scopes_above(code))
    return tuple(_account(case, scope) for scope in around if scope.kind <= reach)


def _account(case: Case, scope: Scope) -> ScopeAccount:
    accounts, portfolio = case.accounts, case.portfolio
    own = scope.kind is ScopeKind.COMPLEX
    area = None if own else portfolio.area[scope.code]
    return ScopeAccount(
        kind=scope.kind.name.lower(),
        code=scope.code,
        name=area.name if area else portfolio.complex[scope.code].name,
        base=portfolio.base(scope),
        area_homes=area.dwellings if area else None,
        households=accounts.of(scope).households,
        vacant=accounts.vacant(scope),
        committed=accounts.committed(scope),
        complexes=1 if own else len(portfolio.complexes_in.get(scope.code, ())),
        judged_on=accounts.state(scope).judged_on if own else None,
        counts=_counts(case, scope),
    )


def _counts(case: Case, scope: Scope) -> tuple[CategoryCount, ...]:
    accounts, portfolio, day = case.accounts, case.portfolio, case.day
    base = portfolio.base(scope)
    speaks = base >= accounts.assumptions.smallest_base
    bands = portfolio.bands(scope, accounts.scheme, day) if speaks else {}
    caps = portfolio.caps_at(scope, accounts.scheme.name, day)
    account = accounts.of(scope)
    found = []
    for category in accounts.scheme.categories:
        resolved = bands.get(category)
        band = resolved.band if resolved else Band()
        low, high = band.whole(base)
        cap = min((each.at_most for each in caps if each.category == category), default=None)
        pmf = account.pmf(category)
        most = min((each for each in (high, cap) if each is not None), default=len(pmf) - 1)
        origins = resolved.origins if resolved else {}
        found.append(
            CategoryCount(
                category=category,
                spread=Spread.of(pmf),
                pmf=tuple(map(float, pmf)),
                low=low,
                high=high,
                cap=cap,
                target=band.target,
                chance_inside=round(float(pmf[low or 0 : most + 1].sum()), 6),
                origins={
                    name: Origin(
                        row=each.row,
                        set_by_kind=each.set_by_kind,
                        set_by=each.set_by,
                        start=each.start,
                    )
                    for name, each in origins.items()
                },
            )
        )
    return tuple(found)
