"""What is in the register: the outlines of areas, and of which day the data are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.register import models

__all__ = ["DataDay", "Polygon", "Shape", "data_day", "shapes"]

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
