"""From rows to values of a portfolio and back: which columns carry which field.

A `Table` serves both directions, so what is stored comes back equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

from mixwijzer.engine import portfolio as engine
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import models

__all__ = ["TABLES", "Part", "Table", "as_known", "complex_of", "current"]

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a value: the columns it stands in, and how to build and split it."""

    columns: tuple[str, ...]
    build: Callable[..., Any]
    split: Callable[[Any], tuple[Any, ...]]


def plain(column: str) -> Part:
    """Return the part of a field that is stored as it is."""
    return Part((column,), lambda value: value, lambda value: (value,))


def coded(column: str, kind: Callable[[Any], Any]) -> Part:
    """Return the part of a field from a closed vocabulary; nothing stays nothing."""
    return Part(
        (column,),
        lambda value: None if value is None else kind(value),
        lambda value: (None if value is None else value.value,),
    )


def or_blank(column: str) -> Part:
    """Return the part of a text that may be absent, where the key of a row needs a value."""
    return Part((column,), lambda value: value or None, lambda value: (value or "",))


def worded(column: str) -> Part:
    """Return the part of a text per language, in a fixed order whatever the database."""
    return Part((column,), lambda words: dict(sorted(words.items())), lambda words: (dict(words),))


def unread(value: object) -> Part:
    """Return the part of a field that isn't read: it is always this."""
    return Part((), lambda: value, lambda _: ())


SCOPE = Part(
    ("scope_kind", "scope_code"),
    lambda kind, code: Scope(ScopeKind(kind), code),
    lambda scope: (int(scope.kind), scope.code),
)
OF_COMPLEX = Part(("complex__code",), lambda code: code, lambda code: (code,))


@dataclass(frozen=True, kw_only=True)
class Table(Generic[Value]):
    """How the rows of one table of the portfolio are stored.

    `name` is the field of `Portfolio`, `key` the columns of which one row is current, `parts` the
    fields that aren't stored under their own name as they are.
    """

    name: str
    model: type[models.Ledger]
    value: type[Value]
    key: tuple[str, ...]
    parts: Mapping[str, Part]

    @cached_property
    def layout(self) -> tuple[tuple[str, Part], ...]:
        """Every field with its part."""
        names = [each.name for each in fields(self.value)]  # type: ignore[arg-type]
        return tuple((name, self.parts.get(name, plain(name))) for name in names)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column, in the order of the fields."""
        return tuple(column for _, part in self.layout for column in part.columns)

    def read(self, *rows: QuerySet[Any]) -> tuple[Value, ...]:
        """Build the values of these rows, in one query; in the order they were told, or as asked.

        Rows that are found in several ways are given as several sets: a database searches each by
        its own index, where it would read a whole table for one condition with `OR`. The order is
        made here for the same reason.
        """
        first, *others = (each.values_list(*self.columns, "pk") for each in rows)
        told = first.union(*others) if others else first
        ordered = told if told.ordered else sorted(told, key=itemgetter(-1))
        return tuple(self.built(row[:-1]) for row in ordered)

    def built(self, row: tuple[Any, ...]) -> Value:
        """Build one value from its columns."""
        given: dict[str, Any] = {}
        start = 0
        for name, part in self.layout:
            end = start + len(part.columns)
            given[name] = part.build(*row[start:end])
            start = end
        return self.value(**given)

    def split(self, value: Value) -> dict[str, Any]:
        """Return the columns of one value."""
        return {
            column: stored
            for name, part in self.layout
            for column, stored in zip(part.columns, part.split(getattr(value, name)), strict=True)
        }


ID = {"id": plain("code")}
AREAS = Table(
    name="areas",
    model=models.Area,
    value=engine.Area,
    key=("code",),
    parts={"kind": Part(("kind",), ScopeKind, lambda kind: (int(kind),))},
)
COMPLEXES = Table(
    name="complexes",
    model=models.ComplexFacts,
    value=engine.Complex,
    key=("complex__code",),
    parts={"id": OF_COMPLEX, "owner": plain("owner__code")},
)
DWELLINGS = Table(
    name="dwellings",
    model=models.Dwelling,
    value=engine.Dwelling,
    key=("code",),
    parts={**ID, "complex": OF_COMPLEX, "out_reason": coded("out_reason", engine.OutReason)},
)
TENANCIES = Table(
    name="tenancies",
    model=models.Tenancy,
    value=engine.Tenancy,
    key=("code",),
    parts={**ID, "lease_kind": coded("lease_kind", engine.LeaseKind)},
)
HOMES = replace(DWELLINGS, parts={**DWELLINGS.parts, "address": unread(""), "bag_id": unread(None)})
"""Homes as an advice knows them: without what says where they are."""
LEASES = replace(TENANCIES, parts={**TENANCIES.parts, "household": unread(None)})
"""Leases as an advice knows them: no household is named."""
NOTICES = Table(
    name="vacancies",
    model=models.Notice,
    value=engine.Vacancy,
    key=("code",),
    parts=ID,
)
JUDGEMENTS = Table(
    name="judgements",
    model=models.Judgement,
    value=engine.Judgement,
    key=("scope_kind", "scope_code", "scheme", "on", "by", "category", "notice"),
    parts={
        "scope": SCOPE,
        "known": coded("known", engine.Known),
        "occasion": coded("occasion", engine.Occasion),
        "vacancy": or_blank("notice"),
    },
)
COUNTS = Table(
    name="counts",
    model=models.Count,
    value=engine.Count,
    key=("scope_kind", "scope_code", "scheme", "category", "on"),
    parts={"scope": SCOPE},
)
PLACEMENTS = Table(
    name="placements",
    model=models.Placement,
    value=engine.Placement,
    key=("code",),
    parts={**ID, "scope": SCOPE, "vacancy": plain("notice")},
)
LETTINGS = Table(
    name="lettings",
    model=models.Letting,
    value=engine.Letting,
    key=("notice", "on"),
    parts={"vacancy": plain("notice"), "ground": coded("ground", engine.Ground)},
)
ROLES = Table(
    name="roles",
    model=models.AgreedRole,
    value=engine.Role,
    key=("tenancy", "role", "agreed_on"),
    parts={},
)
CHANNELS = Table(
    name="channels",
    model=models.Channel,
    value=engine.Channel,
    key=("code",),
    parts={
        **ID,
        "shares": Part(
            ("shares",),
            lambda shares: tuple(map(Decimal, shares)),
            lambda shares: (list(map(str, shares)),),
        ),
        "name": worded("name"),
        "label": worded("label"),
        "ground": coded("ground", engine.Ground),
    },
)

TABLES: tuple[Table[Any], ...] = (
    AREAS,
    COMPLEXES,
    DWELLINGS,
    TENANCIES,
    NOTICES,
    JUDGEMENTS,
    COUNTS,
    PLACEMENTS,
    LETTINGS,
    ROLES,
    CHANNELS,
)
NOW = Q(replaced_at__isnull=True)


def complex_of(scope: Scope) -> str | None:
    """Return the code of the complex that a scope is, or is a part of."""
    if scope.kind is ScopeKind.STAIRWELL:
        return scope.code.rpartition("/")[0]
    return scope.code if scope.kind is ScopeKind.COMPLEX else None


def current(table: Table[Value], owner: Organisation, *where: Q, **also: Any) -> QuerySet[Any]:
    """Return the current rows of one organisation in a table; channels in their own order."""
    rows: QuerySet[Any] = table.model.objects.for_organisation(owner)
    order = ("place",) if table is CHANNELS else ()
    return rows.filter(NOW, *where, **also).order_by(*order)


def as_known(owner: Organisation, moment: datetime, *also: Table[Any]) -> Portfolio:
    """Return the whole register of an organisation as it was known at a moment.

    `also` are tables of other features that belong to the portfolio too.
    """
    told = Q(recorded_at__lte=moment) & (NOW | Q(replaced_at__gt=moment))
    given: dict[str, Any] = {}
    for table in (*TABLES, *also):
        rows = (
            table.model.objects.for_organisation(owner).filter(told).order_by("recorded_at", "pk")
        )
        given[table.name] = table.read(rows)
    delivery = (
        models.Delivery.objects.for_organisation(owner)
        .filter(at__lte=moment)
        .order_by("-at")
        .first()
    )
    return Portfolio(
        **given,
        data_date=delivery.data_date if delivery else None,
        synthetic=bool(delivery and delivery.synthetic),
    )
