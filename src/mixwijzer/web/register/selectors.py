"""What is in the register: the outlines of areas, and of which day the data are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import Count, Q

from mixwijzer.exchange import mappings
from mixwijzer.web.accounts.models import Missing, User, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.register import models
from mixwijzer.web.register.import_states import ImportEvent, ImportState, possible
from mixwijzer.web.register.stairwells import house_number

__all__ = [
    "DataDay",
    "HomeLine",
    "ImportLine",
    "ImportPage",
    "MappingLine",
    "Polygon",
    "Shape",
    "StairwellLine",
    "StairwellPage",
    "data_day",
    "import_page",
    "imports",
    "imports_before",
    "mapping_file",
    "own_complex",
    "own_import",
    "own_mappings",
    "renumberings",
    "shapes",
    "stairwell_list",
    "stairwell_page",
    "waiting_imports",
]

SILENT = timedelta(minutes=5)  # a worker that gave no sign for so long has stopped

Point: TypeAlias = tuple[float, float]
Polygon: TypeAlias = Sequence[Sequence[Point]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The outline of an area as a map draws it.

    `polygons` are polygons of rings of points (longitude, latitude); a ring after the first is a
    hole. `kind` is the number of a `ScopeKind`.
    """

    code: str
    kind: int
    name: str
    year: int | None
    polygons: Sequence[Polygon]


def shapes(user: Visitor, areas: Collection[str] | None = None) -> tuple[Shape, ...]:
    """Return the outlines that this person's association loaded; of these codes, or all."""
    rows = models.AreaShape.objects.visible_to(user).filter(replaced_at=None)
    if areas is not None:
        rows = rows.filter(code__in=areas)
    columns = ("code", "kind", "name", "year", "polygons")
    return tuple(
        Shape(code=code, kind=kind, name=name, year=year, polygons=polygons)
        for code, kind, name, year, polygons in rows.order_by("code").values_list(*columns)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDay:
    """Of which day the data are that somebody works with, and when they came in."""

    data_date: date | None
    at: datetime


def data_day(user: User) -> DataDay | None:
    """Return the day of the last data of this person's association; None before the first."""
    row = (
        models.Delivery.objects.visible_to(user)
        .order_by("-at", "-pk")
        .values_list("data_date", "at")
        .first()
    )
    return DataDay(data_date=row[0], at=row[1]) if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """One import in the list; `interrupted` when its worker gave no sign of life for long."""

    id: uuid.UUID
    file_name: str
    state: str
    received_at: datetime
    data_date: date | None
    interrupted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """One import, with what it would do or did; `can` holds what is possible in its state."""

    id: uuid.UUID
    row: models.Import
    file_name: str
    state: str
    step: str
    interrupted: bool
    received_at: datetime
    by: str
    data_date: date | None
    mapping: str
    findings: Sequence[Mapping[str, Any]]
    diff: Mapping[str, Any]
    held_for: Sequence[str]
    trouble: str
    applied_at: datetime | None
    applied_by: str
    undone_at: datetime | None
    can: frozenset[str]


def _interrupted(row: models.Import, now: datetime) -> bool:
    working = {ImportState.READING, ImportState.CONFIRMED}
    return row.state in working and now - row.moved_at > SILENT


def imports(user: Visitor, now: datetime) -> tuple[ImportLine, ...]:
    """Return the last hundred imports that this person may see, the latest first."""
    rows = models.Import.objects.visible_to(user).order_by("-received_at", "-pk")[:100]
    return tuple(
        ImportLine(
            id=row.public_id,
            file_name=row.file_name,
            state=row.state,
            received_at=row.received_at,
            data_date=row.data_date,
            interrupted=_interrupted(row, now),
        )
        for row in rows
    )


def imports_before(user: Visitor) -> bool:
    """Whether anything was ever brought in for this person's association."""
    return models.Import.objects.visible_to(user).exists()


def waiting_imports(user: Visitor) -> int:
    """Return how many imports wait for a person."""
    waiting = (ImportState.STAGED, ImportState.HELD)
    return models.Import.objects.visible_to(user).filter(state__in=waiting).count()


def import_page(user: Visitor, public_id: uuid.UUID, now: datetime) -> ImportPage:
    """Return one import.

    Raises
    ------
    Missing
        When it does not exist, or is another's.
    """
    row = models.Import.objects.one(user, public_id)
    stopped = _interrupted(row, now)
    events = {event.value for event in ImportEvent if possible(row.state, event)}
    if not stopped and row.state in {ImportState.READING, ImportState.CONFIRMED}:
        events -= {"read", "drop"}
    return ImportPage(
        id=row.public_id,
        row=row,
        file_name=row.file_name,
        state=row.state,
        step=row.step,
        interrupted=stopped,
        received_at=row.received_at,
        by=row.by.name if row.by else "",
        data_date=row.data_date,
        mapping=row.mapping,
        findings=row.findings,
        diff=row.diff,
        held_for=row.held_for,
        trouble=row.trouble,
        applied_at=row.applied_at,
        applied_by=row.applied_by.name if row.applied_by else "",
        undone_at=row.undone_at,
        can=frozenset(events),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeLine:
    """A home with its stairwell, if that is known."""

    id: uuid.UUID
    address: str
    stairwell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StairwellPage:
    """A complex with its homes, in the order of their addresses."""

    id: uuid.UUID
    row: models.Complex
    name: str
    homes: Sequence[HomeLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class StairwellLine:
    """A complex in the list: how many homes, in how many stairwells, how many in none."""

    id: uuid.UUID
    name: str
    homes: int
    stairwells: int
    without: int


def stairwell_list(user: User) -> tuple[StairwellLine, ...]:
    """Return every complex with how far its stairwells are known."""
    lines = []
    for owner in sorted(user.owners(Action.LOAD)):
        facts = models.ComplexFacts.objects.for_organisation(owner).filter(replaced_at=None)
        counted = {
            row["complex_id"]: row
            for row in models.Dwelling.objects.for_organisation(owner)
            .filter(replaced_at=None)
            .values("complex_id")
            .annotate(
                homes=Count("pk"),
                stairwells=Count("stairwell", distinct=True),
                without=Count("pk", filter=Q(stairwell=None) | Q(stairwell="")),
            )
        }
        named = facts.order_by("name").values_list("complex_id", "complex__public_id", "name")
        lines += [
            StairwellLine(
                id=public_id,
                name=name,
                homes=counted[pk]["homes"],
                stairwells=counted[pk]["stairwells"],
                without=counted[pk]["without"],
            )
            for pk, public_id, name in named
            if pk in counted
        ]
    return tuple(lines)


def stairwell_page(user: User, public_id: uuid.UUID) -> StairwellPage:
    """Return a complex with its homes.

    Raises
    ------
    Missing
        When it does not exist, or is another's.
    """
    for owner in sorted(user.owners(Action.LOAD)):
        row = (
            models.Complex.objects.for_organisation(owner)
            .select_related("owner")
            .filter(public_id=public_id)
            .first()
        )
        if row is not None:
            return _stairwells_of(row)
    raise Missing


def _stairwells_of(row: models.Complex) -> StairwellPage:
    homes = models.Dwelling.objects.for_organisation(row.owner_id).filter(
        complex=row, replaced_at=None
    )
    facts = models.ComplexFacts.objects.for_organisation(row.owner_id).filter(
        complex=row, replaced_at=None
    )
    told = homes.values_list("public_id", "address", "stairwell", "code")
    return StairwellPage(
        id=row.public_id,
        row=row,
        name=facts.values_list("name", flat=True).first() or row.code,
        homes=sorted(
            (
                HomeLine(id=key, address=address or code, stairwell=stairwell or "")
                for key, address, stairwell, code in told
            ),
            key=lambda home: house_number(home.address),
        ),
    )


def renumberings(user: Visitor) -> tuple[tuple[str, str, date], ...]:
    """Return what files call a complex by another number: here, in the files, from which day."""
    rows = models.Renumbering.objects.visible_to(user).filter(replaced_at=None, kind="complex")
    return tuple(rows.order_by("ours", "from_on").values_list("ours", "theirs", "from_on"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingLine:
    """A profile of the association's own: its name, what it calls itself, who kept it, when."""

    name: str
    title: Mapping[str, str]
    by: str
    kept_at: datetime


def own_mappings(user: Visitor) -> tuple[MappingLine, ...]:
    """Return the profiles that this person's association keeps, by name."""
    rows = models.OwnMapping.objects.visible_to(user).filter(replaced_at=None).select_related("by")
    return tuple(
        MappingLine(
            name=row.name,
            title=row.title,
            by=row.by.name if row.by else "",
            kept_at=row.recorded_at,
        )
        for row in rows.order_by("name")
    )


def mapping_file(user: Visitor, name: str) -> str:
    """Return a profile as a file: the association's own, else one that ships; or raise Missing."""
    own = models.OwnMapping.objects.visible_to(user).filter(name=name, replaced_at=None).first()
    if own is not None:
        return own.content
    shipped = mappings.text_of(name)
    if shipped is None:
        raise Missing
    return shipped


def own_import(user: Visitor, batch: uuid.UUID) -> models.Import:
    """Return one import of this person's association; raise Missing when there is none."""
    return models.Import.objects.one(user, batch)


def own_complex(user: Visitor, code: str) -> models.Complex | None:
    """Return a complex of this person's association by its number."""
    for owner in sorted(somebody(user).owners(Action.LOAD)):
        rows = models.Complex.objects.for_organisation(owner).select_related("owner")
        found = rows.filter(code=code).first()
        if found is not None:
            return found
    return None
