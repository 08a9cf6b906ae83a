"""What is so: areas, complexes, dwellings, who holds a lease, and what was said and agreed.

The rows are those of the portfolio's tables (one dataclass per table, same names and columns as
`exchange/columns.csv`); files and database rows both produce a `Portfolio`, everything else takes
one. Shares are basis points [1/10000], never floats. `Portfolio.as_known(moment)` gives the
portfolio as it stood: what was recorded later does not exist in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any

from mixwijzer.engine.errors import PortfolioError, ProfileError
from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.timeline import latest

Share = int
WHOLE: Share = 10_000


class ScopeKind(IntEnum):
    """Levels at which households are counted, smallest first."""

    STAIRWELL = 0
    COMPLEX = 1
    NEIGHBOURHOOD = 2
    DISTRICT = 3
    MUNICIPALITY = 4


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """A place whose households are counted. A stairwell's code is `<complex>/<stairwell>`."""

    kind: ScopeKind
    code: str


class Known(StrEnum):
    """How many of the households a judge knows."""

    ALL = "all"
    MOST = "most"
    PART = "part"


class Occasion(StrEnum):
    """When a judgement was given."""

    YEARLY = "yearly"
    NOTICE = "notice"
    PORCH_TALK = "porch_talk"
    INCIDENT = "incident"


class OutReason(StrEnum):
    """Why a dwelling is no part of the base."""

    TEMPORARY = "temporary"
    DEMOLITION = "demolition"
    ANTI_SQUAT = "anti_squat"
    SOLD = "sold"
    OTHER = "other"


class LeaseKind(StrEnum):
    """Kinds of lease (VERA OVEREENKOMSTDETAILSOORT in brackets)."""

    OPEN_ENDED = "open_ended"  # ONB
    FIXED_TERM = "fixed_term"  # TIJ
    YOUTH = "youth"  # JON
    CAMPUS = "campus"  # CAM
    FLEX = "flex"  # FLE
    INTERMEDIARY = "intermediary"


class Ground(StrEnum):
    """Steering grounds: what a steered letting may rest on."""

    NONE_NEEDED = "none_needed"
    FREE_ROOM = "free_room"
    EXPERIMENT = "experiment"
    DIRECT_MEDIATION = "direct_mediation"
    RESIDENTIAL_GROUP = "residential_group"
    SPECIAL_AREA = "special_area"
    URGENCY = "urgency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A municipality, district or neighbourhood (CBS code of a year)."""

    code: str
    kind: ScopeKind
    name: str
    parent: str | None = None
    year: int | None = None
    dwellings: int | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complex:
    """A complex. `homes` counts its base where dwellings aren't listed [dwellings]."""

    id: str
    name: str
    neighbourhood: str | None = None
    owner: str
    lat: float | None = None
    lon: float | None = None
    magic_mix: bool = False
    homes: int | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwelling:
    """A dwelling; `rent` is per month [euro]."""

    id: str
    complex: str
    address: str = ""
    stairwell: str | None = None
    floor: int | None = None
    rooms: int | None = None
    rent: Decimal | None = None
    accessible: bool = False
    bag_id: str | None = None
    in_base: bool = True
    out_reason: OutReason | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """A lease on a dwelling, from `start` up to but not including `end`."""

    id: str
    dwelling: str
    start: date
    end: date | None = None
    lease_kind: LeaseKind = LeaseKind.OPEN_ENDED
    household: str | None = None
    recorded_at: datetime | None = None

    def holds_on(self, day: date) -> bool:
        """Whether somebody holds this lease on `day`."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one person said of one category in one scope: lowest, best, highest [households].

    The statements of one scope, scheme and day are a round. `vacancy` names the notice that the
    question was about: then it speaks of the households that stay.
    """

    scope: Scope
    scheme: str
    on: date
    by: str
    known: Known
    category: str
    low: int
    best: int
    high: int
    plus: int | None = None
    minus: int | None = None
    occasion: Occasion = Occasion.YEARLY
    vacancy: str | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A counted number of households of a category in a scope on a day [households]."""

    scope: Scope
    scheme: str
    category: str
    on: date
    households: int
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What a home was let for; the tie to its vacancy goes after 12 months, the row stays."""

    id: str
    scope: Scope
    month: date
    category: str | None = None
    channel: str
    vacancy: str | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role that a household agreed to and can end (level *afspraak*)."""

    tenancy: str
    role: str
    agreed_on: date
    ends_on: date | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The category of a household (level *huishouden* only), valid until `review_by`.

    `source` is `round` when everybody in the scope was asked, else `signal`.
    """

    household: str
    scheme: str
    category: str
    start: date
    end: date | None = None
    source: str
    reason_class: str = ""
    review_by: date | None = None
    contested: bool = False
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Lowest, aimed and highest share of a category [basis points]; each may be absent."""

    min: Share | None = None
    target: Share | None = None
    max: Share | None = None
    hard: bool = False

    def whole(self, homes: int) -> tuple[int | None, int | None]:
        """Return the band in whole households of a base of `homes` (low, high) [households].

        A soft band gives way to its own target: `high = max(⌊max·n⌋, ⌈target·n⌉)` and
        `low = min(⌈min·n⌉, ⌊target·n⌋)`; a hard one, or one without target, is plain.

        >>> Band(min=3000, target=3500, max=4000).whole(8)
        (2, 3)
        >>> Band(min=3000, target=3500, max=4000).whole(40)
        (12, 16)
        """
        soft = self.target is not None and not self.hard
        aim = (self.target or 0) * homes
        low = high = None
        if self.min is not None:
            low = -(-self.min * homes // WHOLE)
            low = min(low, aim // WHOLE) if soft else low
        if self.max is not None:
            high = self.max * homes // WHOLE
            high = max(high, -(-aim // WHOLE)) if soft else high
        return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """One line of a profile: who sets (`set_by`), where it counts (`for_kind`), which band.

    `set_by_kind` is `organisation` or a scope kind's name; `fill_up_until` carries a fill-up plan.
    Rows whose ids agree up to a `#` are one document: a draft of several rows is read as a whole.
    """

    id: str
    set_by_kind: str
    set_by: str
    for_kind: ScopeKind
    scheme: str
    category: str
    band: Band
    start: date
    end: date | None = None
    motive: str = ""
    fill_up_until: date | None = None
    draft: bool = False
    recorded_at: datetime | None = None

    @property
    def document(self) -> str:
        """The document that this line is part of; a line on its own is its own document."""
        return self.id.partition("#")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most so many households of a category in each scope of a kind inside `set_by`."""

    id: str
    set_by_kind: str
    set_by: str
    for_kind: ScopeKind
    scheme: str
    category: str
    at_most: int
    start: date
    end: date | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way to a new household: intake shares per category, delay, ground, texts.

    `shares` follow the scheme's order and sum to 1; `delay` in days; the ground is valid from
    `ground_start` up to but not including `ground_end`.
    """

    id: str
    scheme: str
    name: Mapping[str, str]
    shares: tuple[Decimal, ...]
    delay: int = 0
    ground: Ground = Ground.NONE_NEEDED
    ground_source: str = ""
    ground_start: date | None = None
    ground_end: date | None = None
    label: Mapping[str, str] = field(default_factory=dict)
    intake_form: str = ""
    recorded_at: datetime | None = None

    def has_ground(self, day: date) -> bool:
        """Whether this channel may be used on `day`; the ordinary offer needs no ground."""
        if self.ground is Ground.NONE_NEEDED:
            return True
        return bool(
            self.ground_source
            and (self.ground_start is None or self.ground_start <= day)
            and (self.ground_end is None or day < self.ground_end)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """A notice: the dwelling comes free; `publication` is the day its advert goes out."""

    id: str
    dwelling: str
    notice: date
    free_from: date
    publication: date | None = None
    closed_on: date | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRequest:
    """A question for a place (no person): what is needed, by which partner, how it ended."""

    number: str
    size: int
    kind: str
    group: str | None = None
    partner: str | None = None
    asked_on: date
    outcome: str | None = None
    closed_on: date | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A candidate of a direct mediation, project or city round: no field for a person's traits."""

    id: str
    size: int
    income_class: str | None = None
    registered: date
    priority: str | None = None
    target_group: str | None = None
    accessible_needed: bool = False
    wishes: str | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A promise to house a group: so many persons or households between two days."""

    id: str
    group: str
    owner: str
    start: date
    end: date
    unit: str
    target: int
    carried: int = 0
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letting:
    """A home that was let or promised: through which channel, on which ground, for whom."""

    vacancy: str
    channel: str
    ground: Ground
    category: str | None = None
    group: str | None = None
    persons: int | None = None
    on: date
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value of a resolved band was set."""

    row: str
    set_by_kind: str
    set_by: str
    start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedBand:
    """A band after inheritance, with the origin of each of its values by name."""

    category: str
    band: Band
    origins: Mapping[str, Origin]


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

    def caps_at(self, scope: Scope, scheme: str, day: date) -> tuple[Cap, ...]:
        """Return the caps that count at a scope on a day, by id."""
        caps = [
            cap
            for cap in self.caps
            if cap.for_kind is scope.kind
            and cap.scheme == scheme
            and cap.start <= day
            and (cap.end is None or day < cap.end)
            and self._sets(cap, scope)
        ]
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


def band_errors(
    subject: str, bands: Mapping[str, Band], categories: tuple[str, ...]
) -> tuple[ProfileError, ...]:
    """Why can no mix satisfy these bands (ENGINE §3b.18)? All reasons at once, empty when fine.

    Codes: `band_outside` (a share under 0 or over 100 %), `band_order` (not min ≤ target ≤ max),
    `targets_sum` (targets exceed 100 %, or all categories have one and they don't add up to it),
    `floors_sum` (the floors together exceed 100 %).
    """
    errors: list[ProfileError] = []
    for category, band in bands.items():
        present = [share for share in (band.min, band.target, band.max) if share is not None]
        if any(not 0 <= share <= WHOLE for share in present):
            errors.append(ProfileError("band_outside", subject, category=category))
        if present != sorted(present):
            errors.append(ProfileError("band_order", subject, category=category))
    targets = [band.target for band in bands.values() if band.target is not None]
    if sum(targets) > WHOLE or (len(targets) == len(categories) and sum(targets) != WHOLE):
        errors.append(ProfileError("targets_sum", subject, total=sum(targets)))
    floors = sum(band.min or 0 for band in bands.values())
    if floors > WHOLE:
        errors.append(ProfileError("floors_sum", subject, total=floors))
    return tuple(errors)


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
