"""What is in the register: the outlines of areas, and of which day the data are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.register import models
from mixwijzer.web.register.import_states import ImportEvent, ImportState, possible

__all__ = [
    "DataDay",
    "ImportLine",
    "ImportPage",
    "Polygon",
    "Shape",
    "data_day",
    "import_page",
    "imports",
    "shapes",
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
        events -= {"read", "confirm", "drop"}
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
