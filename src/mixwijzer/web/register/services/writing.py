"""Write a compared file into the ledgers, with the accounts that were made beforehand.

Everything here runs in the caller's transaction, after `in_turn`: nobody else brings anything in
meanwhile. What only files write goes first (`write_ahead`), while people go on deciding; what
people write too goes after `audit.lock`, and then it is short.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django.db import connection
from django.db.backends.utils import CursorWrapper

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register.bridge import AREAS, COMPLEXES, DWELLINGS, TENANCIES, Table
from mixwijzer.web.register.services.accounts import MADE
from mixwijzer.web.register.services.cells import cells, has, quoted
from mixwijzer.web.register.services.ledgers import Loaded
from mixwijzer.web.register.services.setting_aside import Aside, account_anew
from mixwijzer.web.register.services.staging import (
    CHANGED,
    GONE,
    NEW,
    RegisterMoved,
    diff_table,
)

__all__ = ["AHEAD", "write_accounts", "write_ahead", "write_rest"]

AHEAD = (AREAS, COMPLEXES, DWELLINGS, TENANCIES)
"""Tables that nobody writes to while it isn't his turn to bring something in."""


def write_ahead(*, owner: Organisation, tables: Sequence[Table[Any]], now: datetime) -> Loaded:
    """Write what only files write, with the accounts of complexes that are new.

    Nobody sees it before the transaction ends, and on PostgreSQL nobody waits for it. References
    that can wait are checked here: at the end others do wait.

    Raises
    ------
    RegisterMoved
        When a row that would be replaced was replaced already.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # rows wait for the look at their complex in memory
            cursor.execute("SET LOCAL work_mem = '64MB'")
        _identify(cursor, owner, tables, now)
        done = _written(cursor, owner, [each for each in tables if each in AHEAD], now)
        cursor.execute(_move_states("s.version IS NULL"), [owner.pk, _moment(now), owner.pk])
    if connection.vendor == "postgresql":
        connection.check_constraints()
    return done


def write_rest(*, owner: Organisation, tables: Sequence[Table[Any]], now: datetime) -> Loaded:
    """Write what people write too, after `write_ahead` and `audit.lock`.

    Raises
    ------
    RegisterMoved
        When a row that would be replaced was replaced already.
    """
    with connection.cursor() as cursor:
        return _written(cursor, owner, [each for each in tables if each not in AHEAD], now)


def write_accounts(
    *, owner: Organisation, codes: Sequence[str], day: date, now: datetime
) -> tuple[Aside, ...]:
    """Store the accounts that were made; those whose complex changed meanwhile are made again.

    Returns what somebody said meanwhile and can't be.
    """
    with connection.cursor() as cursor:
        given = [owner.pk, _moment(now), owner.pk]
        cursor.execute(_move_states("s.version = k.version"), given)
        cursor.execute(_OVERTAKEN, [owner.pk])
        again = [pk for (pk,) in cursor.fetchall()]
        keys = _keys(cursor, owner, codes)
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            places = ", ".join(["%s"] * len(part))
            cursor.execute(
                "UPDATE register_complex SET version = version + 1 "  # noqa: S608
                f"WHERE id IN ({places})",
                part,
            )
        cursor.execute(_ORPHANS, [owner.pk, owner.pk])
    return account_anew(owner=owner, complexes=again, day=day, now=now) if again else ()


_AT_ONCE = 5_000
_SCOPE = ("scope_kind", "scope_code", "scheme")
_OVERTAKEN = """
    SELECT DISTINCT k.id FROM mw_state s JOIN register_complex k ON k.code = s.complex_code
    WHERE k.owner_id = %s AND s.version IS NOT NULL AND s.version <> k.version
"""
_ORPHANS = """
    DELETE FROM register_accountstate WHERE owner_id = %s AND complex_id NOT IN
    (SELECT complex_id FROM register_complexfacts WHERE owner_id = %s AND replaced_at IS NULL)
"""


def _move_states(which: str) -> str:
    def told(name: str) -> str:
        dated = name in {"through", "judged_on"} and connection.vendor == "postgresql"
        return f"CAST(s.{name} AS date)" if dated else f"s.{name}"

    names = (*_SCOPE, *MADE)
    renewed = (*MADE, "made_at")
    return (
        "INSERT INTO register_accountstate "  # noqa: S608
        f"(owner_id, complex_id, {', '.join(names)}, made_at) "
        f"SELECT %s, k.id, {', '.join(map(told, names))}, %s "
        "FROM mw_state s JOIN register_complex k ON k.code = s.complex_code "
        f"WHERE k.owner_id = %s AND {which} "
        "ON CONFLICT (owner_id, complex_id, scheme, scope_kind, scope_code) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in renewed)
    )


def _identify(
    cursor: CursorWrapper, owner: Organisation, tables: Sequence[Table[Any]], now: datetime
) -> None:
    """Give complexes that are new their identity; `mw_key` says which key each has."""
    if COMPLEXES in tables:
        cursor.execute(
            "INSERT INTO register_complex (owner_id, code, version, public_id) "  # noqa: S608
            f"SELECT %s, d.complex_code, 0, {_identities(now)} FROM mw_diff_complexes d "
            "WHERE d.complex_id IS NULL AND NOT EXISTS (SELECT 1 FROM register_complex k "
            "WHERE k.owner_id = %s AND k.code = d.complex_code)",
            [owner.pk, owner.pk],
        )
    cursor.execute(
        "CREATE TEMPORARY TABLE mw_key AS SELECT id, code FROM register_complex "
        "WHERE owner_id = %s",
        [owner.pk],
    )
    cursor.execute("CREATE UNIQUE INDEX mw_key_code ON mw_key (code)")
    if connection.vendor == "postgresql":  # else it takes a new table for one row, and loops
        cursor.execute("ANALYZE mw_key")


def _written(
    cursor: CursorWrapper, owner: Organisation, tables: Sequence[Table[Any]], now: datetime
) -> Loaded:
    """Close what is replaced and add what comes."""
    added = changed = 0
    for table in tables:
        closed = _closed(cursor, table, now)
        added += _inserted(cursor, owner, table, now) - closed
        changed += closed
    return Loaded(added=added, changed=changed)


def _closed(cursor: CursorWrapper, table: Table[Any], now: datetime) -> int:
    ledger, diff = quoted(table.model._meta.db_table), diff_table(table)  # noqa: SLF001
    going = f"fate IN ({CHANGED}, {GONE})"
    cursor.execute(f"SELECT count(*) FROM {diff} WHERE {going}")  # noqa: S608
    expected = cursor.fetchone()[0]
    if not expected:
        return 0
    cursor.execute(
        f"UPDATE {ledger} SET replaced_at = %s WHERE replaced_at IS NULL "  # noqa: S608
        f"AND id IN (SELECT before FROM {diff} WHERE {going})",
        [_moment(now)],
    )
    if cursor.rowcount != expected:
        raise RegisterMoved
    return int(expected)


def _inserted(cursor: CursorWrapper, owner: Organisation, table: Table[Any], now: datetime) -> int:
    """Add the rows that come, each with the key of its complex."""
    ledger, diff = quoted(table.model._meta.db_table), diff_table(table)  # noqa: SLF001
    columns = [each.column for each in cells(table)]
    columns += [name for name in ("judge_id",) if has(table, name)]
    names = [quoted(name) for name in columns]
    told = [f"d.{name}" for name in names]
    place = ""
    if has(table, "complex_id"):  # a complex that is new got its key just now
        names.append("complex_id")
        told.append("COALESCE(d.complex_id, k.id)")
        place = "LEFT JOIN mw_key k ON k.code = d.complex_code"
    if has(table, "public_id"):
        names.append("public_id")
        told.append(f"COALESCE(d.public_id, {_identities(now)})")
    rows = f"SELECT %s, %s, {', '.join(told)} FROM {diff} d {place}"  # noqa: S608
    cursor.execute(
        f"INSERT INTO {ledger} (owner_id, recorded_at, {', '.join(names)}) {rows} "
        f"WHERE d.fate IN ({NEW}, {CHANGED})",
        [owner.pk, _moment(now)],
    )
    return int(cursor.rowcount)


def _keys(cursor: CursorWrapper, owner: Organisation, codes: Sequence[str]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(codes), _AT_ONCE):
        part = list(codes[start : start + _AT_ONCE])
        places = ", ".join(["%s"] * len(part))
        cursor.execute(
            f"SELECT id FROM register_complex WHERE owner_id = %s AND code IN ({places})",  # noqa: S608
            [owner.pk, *part],
        )
        found += [pk for (pk,) in cursor.fetchall()]
    return found


def _identities(now: datetime) -> str:
    """Return how the database makes the identities of many rows: one after the other.

    UUIDs of version 7, of the moment, chance, and the place among the rows. Their index grows at
    one end then, and a hundred thousand times chance costs more than writing the rows.
    """
    begin = f"{int(now.timestamp() * 1000):012x}7{secrets.randbits(12):03x}"
    chance = (0b10 << 62 | secrets.randbits(30) << 32) - 2**64  # as a whole number with its sign
    end = f"CAST('{chance}' AS bigint) + row_number() OVER ()"
    if connection.vendor == "postgresql":
        return f"encode('\\x{begin}'::bytea || int8send({end}), 'hex')::uuid"
    return f"printf('{begin}%%016x', {end})"


def _moment(now: datetime) -> datetime | str:
    """Return a moment as Django stores it."""
    return cast("datetime | str", connection.ops.adapt_datetimefield_value(now))
