"""What a fixture wrote, put back as rows instead of made again.

To found the organisations and to bring in their homes takes half a second, and nearly every test
wants them. The first test of a process lets the services make them; whoever asks for the same
again gets the very rows that were written then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from mixwijzer.web.accounts.isolation import whole_installation

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Kept:
    rows: dict[str, Sequence[Any]]  # of each table, as the database says them
    made: object


_KEPT: dict[tuple[str, datetime], _Kept] = {}


def kept(name: str, make: Callable[[], T]) -> T:
    """Let `make` write, or write what it wrote before; return what it returned.

    It may add rows and change them, and remove none. Rows know the hour in which they were made,
    and many tests choose their own hour, so each hour has its own.
    """
    key = name, timezone.now().replace(minute=0, second=0, microsecond=0)
    with whole_installation(), transaction.atomic():
        if known := _KEPT.get(key):
            _write(known.rows)
            return deepcopy(known.made)  # type: ignore[return-value]
        before = _read()
        made = make()
        _KEPT[key] = _Kept(rows=_written(before, _read()), made=deepcopy(made))
        return made


def _written(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, Sequence[Any]]:
    written = {}
    for table, rows in after.items():
        assert len(before[table]) <= len(rows), f"a row of {table} was removed"
        there = set(before[table])
        if new := [row for row in rows if row not in there]:
            written[table] = new
    return written


def _read() -> dict[str, list[Any]]:
    """Return all rows of all tables: as JSON on PostgreSQL, as bare values on SQLite."""
    told = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            if connection.vendor == "postgresql":
                cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608
                told[table] = [row for (row,) in cursor.fetchall()]
            else:
                columns = connection.introspection.get_table_description(cursor, table)
                bare = ", ".join(f'+"{column.name}"' for column in columns)  # not as Python's types
                cursor.execute(f'SELECT {bare} FROM "{table}"')  # noqa: S608
                told[table] = cursor.fetchall()
    return told


def _write(rows: dict[str, Sequence[Any]]) -> None:
    """Write rows whose references were checked when they were made."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, said in rows.items():
                key = connection.introspection.get_primary_key_column(cursor, table)
                told = f'json_populate_recordset(NULL::"{table}", %s)'
                given = [f"[{','.join(said)}]"]
                cursor.execute(
                    f'DELETE FROM "{table}" WHERE "{key}" IN (SELECT "{key}" FROM {told})',  # noqa: S608
                    given,
                )
                cursor.execute(f'INSERT INTO "{table}" SELECT * FROM {told}', given)  # noqa: S608
            cursor.execute("SET LOCAL session_replication_role = origin")
        else:
            for table, values in rows.items():
                places = ", ".join("?" * len(values[0]))
                connection.connection.executemany(
                    f'INSERT OR REPLACE INTO "{table}" VALUES ({places})',  # noqa: S608
                    values,
                )
