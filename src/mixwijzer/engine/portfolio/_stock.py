"""All rows as one value: what lies where, how many homes count, which bands are in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.portfolio._bands import Band, Origin, ResolvedBand, band_errors
from mixwijzer.engine.portfolio._rows import (
    Area,
    Assessment,
    Candidate,
    Cap,
    Channel,
    Complex,
    Count,
    Dwelling,
    Judgement,
    Letting,
    Obligation,
    Placement,
    PlaceRequest,
    ProfileRow,
    Role,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)
from mixwijzer.engine.timeline import latest

KEYS: Mapping[str, tuple[str, ...]] = {
    "areas": ("code",),
    "complexes": ("id",),
    "dwellings": ("id",),
    "tenancies": ("id",),
    "judgements": ("scope", "scheme", "on", "by", "category", "vacancy"),
    "counts": ("scope", "scheme", "category", "on"),
    "placements": ("id",),
    "roles": ("tenancy", "role", "agreed_on"),
    "assessments": ("household", "scheme", "start", "recorded_at"),
    "profiles": ("id",),
    "caps": ("id",),
    "channels": ("id",),
    "vacancies": ("id",),
    "place_requests": ("number",),
    "candidates": ("id",),
    "obligations": ("id",),
    "lettings": ("vacancy", "on"),
}

# Indexes that don't change when complexes or vacancies of others are left out.
_SHARED = (
    "area",
    "dwelling",
    "dwellings_of",
    "tenancies_of",
    "lettings_of",
    "judgements_of",
    "counts_of",
)

_WIDENING = ("organisation", "municipality", "district", "neighbourhood", "complex", "stairwell")


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """All rows, as one value.

    `data_date` is the day the source speaks of; `synthetic` marks made-up data, which every
    screen and file then says.
    """

    areas: tuple[Area, ...] = ()
    complexes: tuple[Complex, ...] = ()
    dwellings: tuple[Dwelling, ...] = ()
    tenancies: tuple[Tenancy, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    counts: tuple[Count, ...] = ()
    placements: tuple[Placement, ...] = ()
    roles: tuple[Role, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    profiles: tuple[ProfileRow, ...] = ()
    caps: tuple[Cap, ...] = ()
    channels: tuple[Channel, ...] = ()
    vacancies: tuple[Vacancy, ...] = ()
    place_requests: tuple[PlaceRequest, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    lettings: tuple[Letting, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    data_date: date | None = None
    synthetic: bool = False

    def as_known(self, moment: datetime) -> Portfolio:
        """Return the portfolio as it was known at `moment`: per key the last word by then."""

        def told(table: str, keys: tuple[str, ...]) -> tuple[Any, ...]:
            return latest(
                getattr(self, table),
                key=lambda row: tuple(getattr(row, name) for name in keys),
                recorded_at=lambda row: row.recorded_at,
                known=moment,
            )

        tables: dict[str, Any] = {table: told(table, keys) for table, keys in KEYS.items()}
        return replace(self, **tables)

    def owned_by(self, owner: str) -> Portfolio:
        """Return the portfolio of one owner: areas count its own complexes only."""
        if owner not in self._by_owner:
            mine = self._complexes_of.get(owner, ())
            self._by_owner[owner] = self if len(mine) == len(self.complexes) else self._part(owner)
        return self._by_owner[owner]

    def _part(self, owner: str) -> Portfolio:
        """Leave out other owners' complexes and vacancies; every other table and index is shared.

        With thousands of owners, indexes of their own would cost more than all advice together.
        """
        part = replace(
            self,
            complexes=self._complexes_of.get(owner, ()),
            vacancies=self._vacancies_by_owner.get(owner, ()),
        )
        for index in _SHARED:
            part.__dict__[index] = getattr(self, index)
        return part

    @cached_property
    def _complexes_of(self) -> Mapping[str, tuple[Complex, ...]]:
        return _grouped(self.complexes, "owner")

    @cached_property
    def _vacancies_by_owner(self) -> Mapping[str, tuple[Vacancy, ...]]:
        """Vacancies by the owner of their complex, in the order of the table."""
        found: defaultdict[str, list[Vacancy]] = defaultdict(list)
        for vacancy in self.vacancies:
            home = self.dwelling.get(vacancy.dwelling)
            own = self.complex.get(home.complex) if home else None
            if own is not None:
                found[own.owner].append(vacancy)
        return {owner: tuple(each) for owner, each in found.items()}

    @cached_property
    def _by_owner(self) -> dict[str, Portfolio]:
        return {}

    @cached_property
    def area(self) -> Mapping[str, Area]:
        """Areas by code."""
        return {area.code: area for area in self.areas}

    @cached_property
    def complex(self) -> Mapping[str, Complex]:
        """Complexes by id."""
        return {each.id: each for each in self.complexes}

    @cached_property
    def dwelling(self) -> Mapping[str, Dwelling]:
        """Dwellings by id."""
        return {each.id: each for each in self.dwellings}

    @cached_property
    def vacancy(self) -> Mapping[str, Vacancy]:
        """Vacancies by id."""
        return {each.id: each for each in self.vacancies}

    @cached_property
    def dwellings_of(self) -> Mapping[str, tuple[Dwelling, ...]]:
        """Dwellings by complex id."""
        return _grouped(self.dwellings, "complex")

    @cached_property
    def tenancies_of(self) -> Mapping[str, tuple[Tenancy, ...]]:
        """Tenancies by dwelling id."""
        return _grouped(self.tenancies, "dwelling")

    @cached_property
    def vacancies_of(self) -> Mapping[str, tuple[Vacancy, ...]]:
        """Vacancies by dwelling id."""
        return _grouped(self.vacancies, "dwelling")

    @cached_property
    def lettings_of(self) -> Mapping[str, tuple[Letting, ...]]:
        """Lettings by vacancy id."""
        return _grouped(self.lettings, "vacancy")

    @cached_property
    def judgements_of(self) -> Mapping[Scope, tuple[Judgement, ...]]:
        """Judgements by scope."""
        return _grouped(self.judgements, "scope")

    @cached_property
    def counts_of(self) -> Mapping[Scope, tuple[Count, ...]]:
        """Counts by scope."""
        return _grouped(self.counts, "scope")

    @cached_property
    def complexes_in(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the complexes inside each area, by area code, all levels."""
        inside: defaultdict[str, list[str]] = defaultdict(list)
        for each in self.complexes:
            for scope in self.scopes_above(each.id):
                inside[scope.code].append(each.id)
        return {code: tuple(ids) for code, ids in inside.items()}

    def is_open(self, vacancy: Vacancy, day: date) -> bool:
        """Whether a vacancy is announced, not closed and not yet let on a day."""
        let = any(letting.on <= day for letting in self.lettings_of.get(vacancy.id, ()))
        closed = vacancy.closed_on is not None and vacancy.closed_on <= day
        return vacancy.notice <= day and not closed and not let

    def scopes_above(self, complex_id: str) -> tuple[Scope, ...]:
        """Return the areas around a complex, smallest first."""
        above: list[Scope] = []
        code = self.complex[complex_id].neighbourhood
        while code is not None and code in self.area:
            area = self.area[code]
            above.append(Scope(area.kind, code))
            code = area.parent
        return tuple(above)

    def scopes_of(self, dwelling_id: str) -> tuple[Scope, ...]:
        """Return every scope a dwelling is in, smallest first.

        Raises
        ------
        PortfolioError
            `dwelling_missing` or `complex_missing`.
        """
        dwelling = self.dwelling.get(dwelling_id)
        if dwelling is None:
            raise PortfolioError("dwelling_missing", dwelling_id)
        if dwelling.complex not in self.complex:
            raise PortfolioError("complex_missing", dwelling.complex, dwelling=dwelling_id)
        stairwell = (
            (Scope(ScopeKind.STAIRWELL, f"{dwelling.complex}/{dwelling.stairwell}"),)
            if dwelling.stairwell
            else ()
        )
        own = Scope(ScopeKind.COMPLEX, dwelling.complex)
        return (*stairwell, own, *self.scopes_above(dwelling.complex))

    def dwellings_in(self, scope: Scope) -> tuple[Dwelling, ...]:
        """Return the listed dwellings of a scope, in the base or not."""
        if scope.kind is ScopeKind.STAIRWELL:
            complex_id, _, stairwell = scope.code.rpartition("/")
            return tuple(
                each
                for each in self.dwellings_of.get(complex_id, ())
                if each.stairwell == stairwell
            )
        ids = (
            (scope.code,)
            if scope.kind is ScopeKind.COMPLEX
            else self.complexes_in.get(scope.code, ())
        )
        return tuple(each for id_ in ids for each in self.dwellings_of.get(id_, ()))

    def base(self, scope: Scope) -> int:
        """Count the dwellings meant for ordinary letting in a scope [dwellings]."""
        if scope not in self._bases:
            self._bases[scope] = self._counted_base(scope)
        return self._bases[scope]

    @cached_property
    def _bases(self) -> dict[Scope, int]:
        return {}

    def _counted_base(self, scope: Scope) -> int:
        if scope.kind is ScopeKind.STAIRWELL:
            return sum(each.in_base for each in self.dwellings_in(scope))
        if scope.kind is not ScopeKind.COMPLEX:
            inside = self.complexes_in.get(scope.code, ())
            return sum(self.base(Scope(ScopeKind.COMPLEX, id_)) for id_ in inside)
        homes = self.complex[scope.code].homes
        if homes is not None:
            return homes
        return sum(each.in_base for each in self.dwellings_of.get(scope.code, ()))

    def bands(
        self, scope: Scope, scheme: Scheme, day: date, *, draft: str | None = None
    ) -> Mapping[str, ResolvedBand]:
        """Resolve the bands that count at a scope on a day: organisation → … → complex.

        A narrower setter overrides a wider one value by value; every value keeps its origin.
        `draft` names a draft profile: its rows are read as if they were in force.

        Raises
        ------
        ProfileError
            The first of `band_errors`, when the outcome can be met by no mix.
        """
        rows = self.profile_rows(scope, scheme.name, day, draft=draft)
        resolved = {
            category: _merge(category, [row for row in rows if row.category == category])
            for category in dict.fromkeys(row.category for row in rows)
        }
        bands = {name: each.band for name, each in resolved.items()}
        for error in band_errors(scope.code, bands, scheme.categories):
            raise error
        return resolved

    def profile_rows(
        self, scope: Scope, scheme: str, day: date, *, draft: str | None = None
    ) -> tuple[ProfileRow, ...]:
        """Return the profile rows that speak at a scope on a day, widest setter first."""
        rows = [
            row
            for row in self.profiles
            if row.for_kind is scope.kind
            and row.scheme == scheme
            and (not row.draft or row.document == draft)
            and row.start <= day
            and (row.end is None or day < row.end)
            and self._sets(row, scope)
        ]
        order = {kind: place for place, kind in enumerate(_WIDENING)}
        return tuple(
            sorted(rows, key=lambda row: (order[row.set_by_kind], row.draft, row.start, row.id))
        )

    def caps_at(
        self, scope: Scope, scheme: str, day: date, *, draft: str | None = None
    ) -> tuple[Cap, ...]:
        """Return the caps that count at a scope on a day, by id.

        `draft` names a draft profile: its caps are read as if they were in force, instead of what
        their setter had set for the same category.
        """
        caps = [
            cap
            for cap in self.caps
            if cap.for_kind is scope.kind
            and cap.scheme == scheme
            and (not cap.draft or cap.document == draft)
            and cap.start <= day
            and (cap.end is None or day < cap.end)
            and self._sets(cap, scope)
        ]
        instead = {_whose(cap) for cap in caps if cap.draft}
        caps = [cap for cap in caps if cap.draft or _whose(cap) not in instead]
        return tuple(sorted(caps, key=lambda cap: cap.id))

    def _sets(self, row: ProfileRow | Cap, scope: Scope) -> bool:
        """Whether the setter of a row is this scope or stands above it."""
        if row.set_by_kind == "organisation":
            return row.set_by in self._owners(scope)
        if scope not in self._places:
            self._places[scope] = frozenset(
                {scope.code, *(each.code for each in self._above(scope))}
            )
        return row.set_by in self._places[scope]

    @cached_property
    def _places(self) -> dict[Scope, frozenset[str]]:
        return {}

    def _above(self, scope: Scope) -> tuple[Scope, ...]:
        if scope.kind is ScopeKind.STAIRWELL:
            own = scope.code.rpartition("/")[0]
            return (Scope(ScopeKind.COMPLEX, own), *self.scopes_above(own))
        if scope.kind is ScopeKind.COMPLEX:
            return self.scopes_above(scope.code)
        above: list[Scope] = []
        code = self.area[scope.code].parent
        while code is not None and code in self.area:
            above.append(Scope(self.area[code].kind, code))
            code = self.area[code].parent
        return tuple(above)

    def _owners(self, scope: Scope) -> frozenset[str]:
        if scope not in self._owned:
            self._owned[scope] = self._found_owners(scope)
        return self._owned[scope]

    @cached_property
    def _owned(self) -> dict[Scope, frozenset[str]]:
        return {}

    def _found_owners(self, scope: Scope) -> frozenset[str]:
        if scope.kind is ScopeKind.STAIRWELL:
            return frozenset({self.complex[scope.code.rpartition("/")[0]].owner})
        if scope.kind is ScopeKind.COMPLEX:
            return frozenset({self.complex[scope.code].owner})
        return frozenset(self.complex[id_].owner for id_ in self.complexes_in.get(scope.code, ()))


def _merge(category: str, rows: list[ProfileRow]) -> ResolvedBand:
    """Lay the rows of one category over each other, widest first."""
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for row in rows:
        for part in fields(Band):
            value = getattr(row.band, part.name)
            if value is None or value is False:
                continue
            values[part.name] = value
            origins[part.name] = Origin(
                row=row.id, set_by_kind=row.set_by_kind, set_by=row.set_by, start=row.start
            )
    return ResolvedBand(category=category, band=Band(**values), origins=origins)


def _grouped(rows: tuple[Any, ...], name: str) -> Mapping[Any, tuple[Any, ...]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return {key: tuple(group) for key, group in groups.items()}


def _whose(cap: Cap) -> tuple[str, str, str]:
    return cap.set_by_kind, cap.set_by, cap.category
