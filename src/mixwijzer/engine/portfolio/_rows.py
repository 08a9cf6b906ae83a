"""The rows of the portfolio's tables: one dataclass per table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum

from mixwijzer.engine.portfolio._bands import Band


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
    """At most so many households of a category in each scope of a kind inside `set_by`.

    Ids that agree up to a `#` are one document, with lines of a profile too.
    """

    id: str
    set_by_kind: str
    set_by: str
    for_kind: ScopeKind
    scheme: str
    category: str
    at_most: int
    start: date
    end: date | None = None
    draft: bool = False
    recorded_at: datetime | None = None

    @property
    def document(self) -> str:
        """The document that this cap is part of; a cap on its own is its own document."""
        return self.id.partition("#")[0]


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
    wording: str = ""
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
