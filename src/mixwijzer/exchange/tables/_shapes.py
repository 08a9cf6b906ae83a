"""How does a table's row become a row of the portfolio, and back?

Most columns are fields of the same name. The rest is said here: what is called otherwise, and which
columns together make one field (a scope, a band, a text in two languages).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from decimal import Decimal
from itertools import repeat
from typing import Any

from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.portfolio import (
    Area,
    Assessment,
    Band,
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
    Tenancy,
    Vacancy,
)

__all__ = ["SHAPES", "Shape", "rows_of_schemes", "schemes_of_rows"]

Columns = Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A field that several columns make together, and how it comes apart again."""

    field: str
    columns: tuple[str, ...]
    join: Callable[..., object]
    split: Callable[[Any], tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The rows of one table: their type, columns under another name, fields of several columns."""

    row: type[Any]
    renamed: Mapping[str, str]
    parts: tuple[Part, ...] = ()

    def field_of(self, column: str) -> str:
        """Return the field that a column of its own fills."""
        return self.renamed.get(column, column)

    def rows(self, columns: Columns, length: int) -> list[Any]:
        """Build rows from columns of values.

        A million rows are built a column at a time: through its slots, as the dataclass itself
        does, but without a Python call per row. The rows have no `__post_init__` to skip.
        """
        values = {part.field: _joined(part, columns, length) for part in self.parts}
        joined = {name for part in self.parts for name in part.columns}
        values |= {
            self.field_of(name): each for name, each in columns.items() if name not in joined
        }
        new = object.__new__
        rows = [new(self.row) for _ in range(length)]
        for name, default in self.defaults().items():
            told = _with_default(values[name], default) if name in values else repeat(default)
            deque(map(getattr(self.row, name).__set__, rows, told), maxlen=0)
        return rows

    def defaults(self) -> dict[str, object]:
        """Return each field with the value it has when the file is silent."""
        return {each.name: _default(each) for each in fields(self.row)}

    def cells(self, rows: Sequence[Any], column: str) -> list[object]:
        """Return the values of one column."""
        for part in self.parts:
            if column in part.columns:
                position = part.columns.index(column)
                return [part.split(getattr(row, part.field))[position] for row in rows]
        name = self.field_of(column)
        return [getattr(row, name) for row in rows]


def _default(each: Field[Any]) -> object:
    if each.default_factory is not MISSING:
        return each.default_factory()
    return None if each.default is MISSING else each.default


def _with_default(values: list[Any], default: object) -> list[Any]:
    if default is None:
        texts = isinstance(next((each for each in values if each is not None), None), str)
        return [value or None for value in values] if texts and "" in values else values
    if None not in values:
        return values
    return [default if value is None else value for value in values]


def _joined(part: Part, columns: Columns, length: int) -> list[object]:
    """Make a field of its columns; equal cells give one value."""
    made: dict[tuple[object, ...], object] = {}
    given = [columns.get(name) or [None] * length for name in part.columns]
    for cells in zip(*given, strict=True):
        if cells not in made:
            made[cells] = part.join(*cells)
    return [made[cells] for cells in zip(*given, strict=True)]


def _languages(nl: str | None, en: str | None) -> Mapping[str, str]:
    return {language: text for language, text in (("nl", nl), ("en", en)) if text}


def _texts(name: str, *, field: str) -> Part:
    return Part(
        field=field,
        columns=(f"{name}_nl", f"{name}_en"),
        join=_languages,
        split=lambda texts: (texts.get("nl", ""), texts.get("en", "")),
    )


_SCOPE = Part(
    field="scope",
    columns=("scope_kind", "scope"),
    join=Scope,
    split=lambda scope: (scope.kind, scope.code),
)
_BAND = Part(
    field="band",
    columns=("min", "target", "max", "hard"),
    join=lambda low, aim, high, hard: Band(min=low, target=aim, max=high, hard=bool(hard)),
    split=lambda band: (band.min, band.target, band.max, band.hard),
)
_TERM = {"from": "start", "until": "end"}

SHAPES: Mapping[str, Shape] = {
    "areas": Shape(row=Area, renamed={}),
    "complexes": Shape(row=Complex, renamed={}),
    "dwellings": Shape(row=Dwelling, renamed={}),
    "tenancies": Shape(row=Tenancy, renamed={}),
    "judgements": Shape(row=Judgement, renamed={}, parts=(_SCOPE,)),
    "placements": Shape(row=Placement, renamed={}, parts=(_SCOPE,)),
    "roles": Shape(row=Role, renamed={}),
    "assessments": Shape(row=Assessment, renamed={}),
    "profiles": Shape(row=ProfileRow, renamed=_TERM, parts=(_BAND,)),
    "caps": Shape(row=Cap, renamed=_TERM),
    "counts": Shape(row=Count, renamed={"date": "on"}, parts=(_SCOPE,)),
    "channels": Shape(
        row=Channel,
        renamed={"ground_from": "ground_start", "ground_until": "ground_end"},
        parts=(_texts("name", field="name"), _texts("label", field="label")),
    ),
    "vacancies": Shape(row=Vacancy, renamed={}),
    "place_requests": Shape(row=PlaceRequest, renamed={}),
    "candidates": Shape(row=Candidate, renamed={}),
    "obligations": Shape(row=Obligation, renamed={}),
    "lettings": Shape(row=Letting, renamed={"date": "on"}),
}
"""The tables whose rows are rows of the portfolio; `schemes` and `portfolio` are not."""


Pairs = tuple[tuple[str, Decimal], ...]


def schemes_of_rows(columns: Columns) -> list[Scheme]:
    """Build schemes from rows of one category each, in the order of the rows.

    Shares that can't be right are built all the same: the checks say so.
    """
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(columns["scheme"]):
        positions.setdefault(name, []).append(position)
    return [_scheme(name, columns, at) for name, at in positions.items()]


def _scheme(name: str, columns: Columns, at: list[int]) -> Scheme:
    def told(column: str) -> list[Any]:
        values = columns.get(column)
        return [values[position] if values else None for position in at]

    categories = tuple(told("category"))
    ordinary = [each for each, flag in zip(categories, told("ordinary"), strict=True) if flag]
    size = range(len(categories))
    strengths = [value for value in told("prior_strength") if value is not None]
    return Scheme(
        name=name,
        categories=categories,
        ordinary=ordinary[0] if len(ordinary) == 1 else "",
        prior_mean=tuple(told("prior_mean")),
        prior_strength=strengths[0] if strengths else 0.0,
        drift=_square(categories, told("drift"), [[0.0 for _ in size] for _ in size]),
        confusion=_square(
            categories, told("confusion"), [[float(i == j) for j in size] for i in size]
        ),
    )


def _square(
    categories: tuple[str, ...], told: list[Pairs | None], silent: list[list[float]]
) -> tuple[tuple[float, ...], ...]:
    """Fill in the rows of a matrix that were told; the others stay as they are when silent."""
    for row, pairs in enumerate(told):
        if pairs is not None:
            rates = dict(pairs)
            silent[row] = [float(rates.get(category, 0)) for category in categories]
    return tuple(map(tuple, silent))


def rows_of_schemes(schemes: Sequence[Scheme]) -> dict[str, list[object]]:
    """Take schemes apart into the columns of their table."""
    columns: dict[str, list[object]] = {
        name: []
        for name in "scheme category ordinary prior_mean prior_strength drift confusion".split()
    }
    for scheme in schemes:
        for i, category in enumerate(scheme.categories):
            told = (
                scheme.name,
                category,
                category == scheme.ordinary,
                scheme.prior_mean[i],
                scheme.prior_strength,
                _unlike(scheme, scheme.drift[i], silent=None),
                _unlike(scheme, scheme.confusion[i], silent=i),
            )
            for column, value in zip(columns.values(), told, strict=True):
                column.append(value)
    return columns


def _unlike(scheme: Scheme, rates: tuple[float, ...], *, silent: int | None) -> object:
    """Return the rates that aren't zero; None when they are what silence says."""
    if rates == tuple(float(j == silent) for j in range(len(rates))):
        return None
    pairs = zip(scheme.categories, rates, strict=True)
    return tuple((category, rate) for category, rate in pairs if rate)
