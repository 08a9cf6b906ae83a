"""Put many rows into a table at once: COPY on PostgreSQL, prepared statements on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Field, Model

__all__ = ["count_again", "insert"]

BATCH = 5_000


def insert(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows, all with the same columns (attribute names), and return how many.

    A column that no row has gets the field's default.
    """
    coming = iter(rows)
    first = next(coming, None)
    if first is None:
        return 0
    targets = _fields(model)
    names = [name for name in targets if name in first or targets[name].has_default()]
    columns = [targets[name] for name in names]
    write = _copy if connection.vendor == "postgresql" else _execute
    return write(model, columns, _values(names, columns, first, coming))


def count_again() -> None:
    """Let the database count what its tables hold, after many rows came in.

    Without, SQLite takes an association for ten rows and reads all of it for one complex.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _fields(model: type[Model]) -> dict[str, Field[Any, Any]]:
    concrete = model._meta.local_concrete_fields  # noqa: SLF001 (Django's own name for its fields)
    return {each.attname: each for each in concrete if not each.primary_key}


def _values(
    names: Sequence[str],
    columns: Sequence[Field[Any, Any]],
    first: Mapping[str, Any],
    coming: Iterator[Mapping[str, Any]],
) -> Iterator[list[Any]]:
    pairs = list(zip(names, columns, strict=True))
    row: Mapping[str, Any] | None = first
    while row is not None:
        yield [
            field.get_db_prep_save(row[name] if name in row else field.get_default(), connection)
            for name, field in pairs
        ]
        row = next(coming, None)


def _named(model: type[Model], columns: Sequence[Field[Any, Any]]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)  # noqa: SLF001
    return table, ", ".join(quote(str(field.column)) for field in columns)


def _copy(model: type[Model], columns: Sequence[Field[Any, Any]], rows: Iterator[list[Any]]) -> int:
    """COPY into a table of this transaction, then into the model's: that one keeps rules on rows.

    PostgreSQL refuses COPY into a table with row-level security.
    """
    table, names = _named(model, columns)
    count = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE coming AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608 (names of models)
        with cursor.copy(f"COPY coming ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM coming")  # noqa: S608 (names of models)
        cursor.execute("DROP TABLE coming")
    return count


def _execute(
    model: type[Model], columns: Sequence[Field[Any, Any]], rows: Iterator[list[Any]]
) -> int:
    table, names = _named(model, columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 (names of models)
    count = 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(statement, batch)
            count += len(batch)
    return count
