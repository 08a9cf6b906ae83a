"""How does a cell of a clean file become a column of a ledger? As SQL, for both databases.

A column's way in follows from the ledger's own field: a date is cast, a code of a kind becomes its
number, silence becomes the default of the engine's value. What a file is silent about doesn't wipe
out what is known where that would lose something (`KEPT_WHEN_BLANK`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any

from django.db import connection
from django.db import models as kinds

from mixwijzer.web.register import bridge
from mixwijzer.web.register.bridge import ScopeKind, Table

__all__ = ["Cell", "above", "cells", "complex_code", "has", "key_columns", "quoted", "same_as"]

YES = "'yes', 'true', 'ja', '1'"
"""What a mapping may say of all rows, in capitals too; reading itself writes yes or no."""

IN_FILE: Mapping[str, Mapping[str, str]] = {
    "counts": {"on": "date"},
    "lettings": {"on": "date"},
}
KEPT_WHEN_BLANK: Mapping[str, frozenset[str]] = {
    "areas": frozenset({"parent", "year", "dwellings"}),
    "complexes": frozenset({"neighbourhood", "lat", "lon", "homes", "magic_mix"}),
    "dwellings": frozenset(
        {
            *("address", "stairwell", "floor", "rooms", "rent"),
            *("accessible", "bag_id", "in_base", "out_reason"),
        }
    ),
    "vacancies": frozenset({"publication", "closed_on"}),  # what is over stays so
}


def quoted(name: str) -> str:
    """Return a name as SQL wants it."""
    return connection.ops.quote_name(name)


def same_as(one: str, other: str) -> str:
    """Return the condition that two values are equal, or both nothing."""
    word = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
    return f"{one} {word} {other}"


def has(table: Table[Any], column: str) -> bool:
    """Whether a ledger has this column."""
    return any(each.attname == column for each in table.model._meta.local_concrete_fields)  # noqa: SLF001


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One column of a ledger (`c` the current row) read from a file (`r`, typed in `n`)."""

    column: str
    source: str
    read: str
    silent: str
    kept: bool

    @property
    def told(self) -> str:
        """The value a row gets: from the file, from what is known, or from silence."""
        name = quoted(self.column)
        known = f", c.{name}" if self.kept else ""
        return f"COALESCE(n.{name}{known}, {self.silent})"

    @property
    def same(self) -> str:
        """The condition that the current row says the same."""
        name = quoted(self.column)
        if self.kept:
            return f"(n.{name} IS NULL OR c.{name} = n.{name})"
        return same_as(f"COALESCE(n.{name}, {self.silent})", f"c.{name}")


def cells(table: Table[Any]) -> tuple[Cell, ...]:
    """Return every column that is read from a file; of complexes also what lies around them."""
    told = tuple(_own_cells(table))
    if table is not bridge.COMPLEXES:
        return told
    around = tuple(
        Cell(column=name, source="", read=above(name), silent="''", kept=False)
        for name in ("district", "municipality")
    )
    return told + around


def key_columns(table: Table[Any]) -> tuple[tuple[str, str], ...]:
    """Return the columns of a key: in the ledger, and in the file."""
    source = {column: name for column, name, _ in _layout(table)}
    return tuple(
        ("complex_id" if column == "complex__code" else column, source[column])
        for column in table.key
    )


def complex_code(table: Table[Any]) -> tuple[str, str]:
    """Return how a row of a file (`r`) tells its complex, and the join that needs."""
    if table is bridge.DWELLINGS:
        return "r.complex", ""
    found = {
        "tenancies": ("mw_home", "dwelling"),
        "vacancies": ("mw_home", "dwelling"),
        "lettings": ("mw_notice", "vacancy"),
        "roles": ("mw_lease", "tenancy"),
    }
    if table.name in found:
        name, column = found[table.name]
        return "h.complex_code", f"JOIN {name} h ON h.code = r.{column}"
    upto = "rtrim(r.scope, replace(r.scope, '/', ''))"
    stairwell = f"substr({upto}, 1, length({upto}) - 1)"
    code = f"CASE r.scope_kind WHEN 'complex' THEN r.scope WHEN 'stairwell' THEN {stairwell} END"
    return code, ""


def above(kind: str) -> str:
    """Return the code of the area of a kind among `x`, `y` and `z`, each above the one before."""
    number = int(ScopeKind[kind.upper()])
    told = ", ".join(f"CASE WHEN {at}.kind = {number} THEN {at}.code END" for at in "xyz")
    return f"COALESCE({told}, '')"


def _layout(table: Table[Any]) -> Iterator[tuple[str, str, object]]:
    """Yield per column of a ledger its name in files and what silence means."""
    for each in fields(table.value):
        part = dict(table.layout)[each.name]
        told = IN_FILE.get(table.name, {}).get(each.name, each.name)
        sources = ("scope_kind", "scope") if len(part.columns) == 2 else (told,)
        default = each.default if each.default is not MISSING else None
        nothing = [None] * len(part.columns)
        silent: Sequence[object] = nothing if default is None else part.split(default)
        yield from zip(part.columns, sources, silent, strict=True)


def _own_cells(table: Table[Any]) -> Iterator[Cell]:
    known = {each.attname: each for each in table.model._meta.local_concrete_fields}  # noqa: SLF001
    kept = KEPT_WHEN_BLANK.get(table.name, frozenset())
    for column, source, silent in _layout(table):
        if column in known and column != "recorded_at":
            blank = isinstance(known[column], kinds.CharField) and not known[column].null
            yield Cell(
                column=column,
                source=source,
                read=_read(known[column], source),
                silent=_literal("" if blank and silent is None else silent),
                kept=column in kept,
            )


def _read(field: kinds.Field[Any, Any], source: str) -> str:
    """Return the expression that reads a text of a file as a value of a field."""
    text = f"r.{quoted(source)}"
    if isinstance(field, kinds.BooleanField):
        plain = f"CASE {text} WHEN 'yes' THEN {_truth(1)} WHEN 'no' THEN {_truth(0)}"
        return f"{plain} ELSE lower({text}) IN ({YES}) END"
    if source in {"scope_kind", "kind"} and isinstance(field, kinds.SmallIntegerField):
        whens = " ".join(f"WHEN '{each.name.lower()}' THEN {int(each)}" for each in ScopeKind)
        return f"CASE {text} {whens} END"
    if field.name == "month":
        text = f"substr({text}, 1, 7) || '-01'"
    return _cast(field, text)


def _cast(field: kinds.Field[Any, Any], text: str) -> str:
    postgresql = connection.vendor == "postgresql"
    if isinstance(field, kinds.DateField):
        return f"CAST({text} AS date)" if postgresql else text
    if isinstance(field, kinds.DecimalField):
        exact = f"numeric({field.max_digits + 6}, {field.decimal_places})"
        return f"CAST({text} AS {exact if postgresql else 'numeric'})"
    if isinstance(field, kinds.FloatField):
        return f"CAST({text} AS double precision)"
    if isinstance(field, kinds.IntegerField):
        return f"CAST({text} AS bigint)"
    return text


def _truth(value: int) -> str:
    return ("FALSE", "TRUE")[value] if connection.vendor == "postgresql" else str(value)


def _literal(value: object) -> str:
    """Return a default of the engine as SQL; they are words and numbers of our own."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return _truth(int(value))
    if isinstance(value, int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"
