"""The account of a complex and of the places around it, against what was agreed there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mixwijzer.engine.account import Spread, State
from mixwijzer.engine.portfolio import Band, Portfolio, Scope, ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.bridge import DEFAULT_SCHEME, Case, case_of, look_around
from mixwijzer.web.profiles.bridge import Rules, look_around_places, rules_around
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.bridge import MadeFrom, Outline, Place, Surroundings, assumptions

__all__ = [
    "COMPLEX",
    "DEFAULT_SCHEME",
    "CategoryCount",
    "Origin",
    "Place",
    "ScopeAccount",
    "accounts_around",
    "wait_weeks",
]

COMPLEX = int(ScopeKind.COMPLEX)

Pmf: TypeAlias = NDArray[np.float64]


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

    key: str
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
            key=key,
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


def norms_lapsed(day: date) -> tuple[NormLine, ...]:
    """Return the last value of every norm of which no value is in force on a day."""
    book = register.norms()
    in_force = {line.key for line in norms_in_force(day)}
    return tuple(
        NormLine(
            key=key,
            title=book[key].title,
            value=book[key].values[-1].value,
            unit=book[key].unit,
            standing=book[key].standing.value,
            source=book[key].values[-1].source,
            until=book[key].values[-1].end,
        )
        for key in sorted(book)
        if key not in in_force and book[key].values
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BandLine:
    """A band that an association set for itself: lowest, aimed and highest share, and since when.

    `level` is the kind of place that it counts for.
    """

    category: str
    level: str
    low: int | None
    target: int | None
    high: int | None
    hard: bool
    start: date


def own_bands(owner: Organisation, day: date) -> tuple[BandLine, ...]:
    """Return the bands that an association set for all its homes, as they are in force."""
    rows = rules_around(owner, (), ()).profiles
    return tuple(
        BandLine(
            category=row.category,
            level=row.for_kind.name.lower(),
            low=row.band.min,
            target=row.band.target,
            high=row.band.max,
            hard=row.band.hard,
            start=row.start,
        )
        for row in rows
        if not row.draft
        and row.scheme == DEFAULT_SCHEME
        and row.set_by_kind == "organisation"
        and row.start <= day
        and (row.end is None or day < row.end)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inhabited:
    """Who lives in a scope [households]; `pmfs` has P(count = 0, 1, 2, …) per category."""

    households: int
    vacant: int
    committed: int
    judged_on: date | None
    pmfs: Mapping[str, Pmf]


def accounts_around(owner: Organisation, place: Place, day: date) -> tuple[ScopeAccount, ...]:
    """Return the accounts of a complex and of each area around it that counts, smallest first.

    The neighbourhood always counts; a wider area only where a rule speaks of it.
    """
    around, rules = look_around_places(owner, [place], day)
    outline = around.outline()
    agreed = replace(outline.portfolio, profiles=rules.profiles, caps=rules.caps)
    reading = _Reading(around, rules)
    found = []
    own = Scope(ScopeKind.COMPLEX, place.code)
    for scope in reversed((own, *agreed.scopes_above(place.code))):
        if scope.kind <= around.reach:
            living = _living(scope, day, tuple(_made_from(outline, scope)))
            if not living:
                living.append(reading.inhabited(scope, agreed.base(scope)))
            found.append(_account(agreed, scope, living[0], day))
    return tuple(reversed(found))


def smallest_group(day: date) -> int:
    """Return the fewest homes of which an account is shown [dwellings]."""
    return assumptions(day).smallest_group


def accounts_of_areas(
    owner: Organisation, areas: Mapping[str, int], day: date
) -> Mapping[str, ScopeAccount]:
    """Return the account of neighbourhoods, each with one complex in it; one read for all."""
    around, rules = look_around(owner, {*areas.values()}, day)
    outline = around.outline()
    agreed = replace(outline.portfolio, profiles=rules.profiles, caps=rules.caps)
    reading = _Reading(around, rules)
    found = {}
    for code in areas:
        scope = Scope(ScopeKind.NEIGHBOURHOOD, code)
        living = _living(scope, day, tuple(_made_from(outline, scope)))
        if not living:
            living.append(reading.inhabited(scope, agreed.base(scope)))
        found[code] = _account(agreed, scope, living[0], day)
    return found


def _made_from(outline: Outline, scope: Scope) -> Iterator[tuple[Scope, MadeFrom]]:
    own = scope.kind is ScopeKind.COMPLEX
    inside = {scope.code} if own else {*outline.portfolio.complexes_in[scope.code]}
    for each, made in outline.made_from.items():
        if register.complex_of(each) in inside:
            yield each, made


class _Reading:
    """The reading of accounts for one page: once, as wide as the first asks; so ask wide first."""

    def __init__(self, around: Surroundings, rules: Rules) -> None:
        self._around, self._rules = around, rules
        self._case: Case | None = None

    def inhabited(self, scope: Scope, base: int) -> _Inhabited:
        """Add up who lives in a scope."""
        own = scope.kind is ScopeKind.COMPLEX
        if self._case is None:
            around = self._around.narrow() if own else self._around
            standing = around.standing() if own else None
            if standing:
                return _standing(standing, base)
            self._case = case_of(around, self._rules)
        accounts = self._case.accounts
        account = accounts.of(scope)
        return _Inhabited(
            households=account.households,
            vacant=accounts.vacant(scope),
            committed=accounts.committed(scope),
            judged_on=accounts.state(scope).judged_on if own else None,
            pmfs={name: account.pmf(name) for name in accounts.scheme.categories},
        )


def _standing(state: State, base: int) -> _Inhabited:
    """Tell who lives in a complex where nobody is to come or go."""
    account = state.account
    return _Inhabited(
        households=account.households,
        vacant=max(base - account.households, 0),
        committed=0,
        judged_on=state.judged_on,
        pmfs={name: account.pmf(name) for name in state.others.scheme.categories},
    )


@lru_cache(maxsize=1024)
def _living(
    scope: Scope, day: date, made_from: tuple[tuple[Scope, MadeFrom], ...]
) -> list[_Inhabited]:
    """Return the place to keep who lives in a scope; who finds it empty fills it.

    Accounts made from the same rows are the same in any database, so one process adds up the
    complexes of a neighbourhood once, until a row in one of them changes.
    """
    return []


def _account(agreed: Portfolio, scope: Scope, living: _Inhabited, day: date) -> ScopeAccount:
    own = scope.kind is ScopeKind.COMPLEX
    area = None if own else agreed.area[scope.code]
    return ScopeAccount(
        kind=scope.kind.name.lower(),
        code=scope.code,
        name=area.name if area else agreed.complex[scope.code].name,
        base=agreed.base(scope),
        area_homes=area.dwellings if area else None,
        households=living.households,
        vacant=living.vacant,
        committed=living.committed,
        complexes=1 if own else len(agreed.complexes_in[scope.code]),
        judged_on=living.judged_on,
        counts=tuple(_counts(agreed, scope, living, day)),
    )


def _counts(
    agreed: Portfolio, scope: Scope, living: _Inhabited, day: date
) -> Iterator[CategoryCount]:
    figures = assumptions(day)
    scheme, base = figures.schemes[DEFAULT_SCHEME], agreed.base(scope)
    bands = agreed.bands(scope, scheme, day) if base >= figures.smallest_base else {}
    caps = agreed.caps_at(scope, scheme.name, day)
    for category, pmf in living.pmfs.items():
        resolved = bands.get(category)
        band = resolved.band if resolved else Band()
        low, high = band.whole(base)
        cap = min((each.at_most for each in caps if each.category == category), default=None)
        most = min((each for each in (high, cap) if each is not None), default=len(pmf) - 1)
        yield CategoryCount(
            category=category,
            spread=Spread.of(pmf),
            pmf=tuple(pmf.tolist()),
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
                for name, each in (resolved.origins if resolved else {}).items()
            },
        )
