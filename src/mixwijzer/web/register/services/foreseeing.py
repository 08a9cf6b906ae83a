"""What will the accounts be once a compared file is written? Made beforehand, a hundred at a time.

Making accounts is the heavy part of an import. It happens before the transaction, from the register
as it will be, so that decisions go on meanwhile; the transaction then only moves finished rows. A
complex whose version rose in between is made again inside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db import models as kinds

from mixwijzer.engine.portfolio import Channel, Portfolio
from mixwijzer.exchange.findings import Finding
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import bridge, models
from mixwijzer.web.register.bridge import Table, complex_of
from mixwijzer.web.register.services.accounts import MADE, made_of
from mixwijzer.web.register.services.cells import has, quoted
from mixwijzer.web.register.services.setting_aside import Aside, parted, without
from mixwijzer.web.register.services.staging import (
    CHANGED,
    GONE,
    NEW,
    RegisterMoved,
    diff_table,
)

__all__ = ["contradicted", "foresee", "touched"]

CHUNK = 100  # complexes of which the rows are in memory at once
_STATE = ("complex_code", "version", "scope_kind", "scope_code", "scheme", *MADE)


def touched(owner: Organisation, tables: Sequence[Table[Any]]) -> tuple[str, ...]:
    """Return the codes of the complexes of which a row comes, changes or goes."""
    found = [
        part for table in tables if has(table, "complex_id") for part in _touched(owner, table)
    ]
    if not found:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(found) + " ORDER BY 1")
        return tuple(code for (code,) in cursor.fetchall())


def _touched(owner: Organisation, table: Table[Any]) -> Iterator[str]:
    diff = diff_table(table)
    coming = f"fate IN ({NEW}, {CHANGED}, {GONE}) AND complex_code IS NOT NULL"
    yield f"SELECT complex_code FROM {diff} WHERE {coming}"  # noqa: S608
    going = f"d.fate IN ({CHANGED}, {GONE}) AND k.owner_id = {owner.pk}"
    yield f"SELECT k.code FROM {diff} d JOIN register_complex k ON k.id = d.was WHERE {going}"  # noqa: S608


def foresee(
    owner: Organisation,
    tables: Sequence[Table[Any]],
    codes: Sequence[str],
    *,
    channels: Sequence[Channel],
    day: date,
    now: datetime,
) -> Iterator[tuple[Aside, ...]]:
    """Make the accounts of these complexes as they will be, a hundred at a time.

    Yields what was said of each hundred and can no longer be then; the accounts are made without.

    Raises
    ------
    RegisterMoved
        When the file itself says what can't be: since it was read the register changed.
    """
    types = {"version": "integer", "scope_kind": "integer", "base": "integer"}
    named = ", ".join(f"{name} {types.get(name, 'text')}" for name in _STATE)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS mw_state")
        cursor.execute(f"CREATE TEMPORARY TABLE mw_state ({named})")
        cursor.execute("CREATE INDEX mw_state_code ON mw_state (complex_code)")
    for ahead in _ahead(owner, tables, codes, channels, now):
        aside = parted(ahead.portfolio, day)
        if any(map(ahead.tells, aside)):
            raise RegisterMoved
        _kept(_rows(without(ahead.portfolio, aside), ahead.versions, day))
        yield aside


def contradicted(
    owner: Organisation,
    tables: Sequence[Table[Any]],
    codes: Sequence[str],
    *,
    day: date,
    now: datetime,
) -> Iterator[Finding]:
    """Yield what was said of these complexes and can't be so once the file is written."""
    judged = _judged(owner, tables)
    channels = bridge.CHANNELS.read(bridge.current(bridge.CHANNELS, owner))
    for ahead in _ahead(owner, tables, [each for each in codes if each in judged], channels, now):
        for each in parted(ahead.portfolio, day):
            yield each.finding(own=ahead.tells(each))


def _judged(owner: Organisation, tables: Sequence[Table[Any]]) -> frozenset[str]:
    """Return the codes of the complexes of which something was judged or counted."""
    found: set[str] = set()
    said: tuple[Table[Any], ...] = (bridge.JUDGEMENTS, bridge.COUNTS)
    for table in said:
        rows = bridge.current(table, owner, complex__isnull=False)
        found.update(rows.values_list("complex__code", flat=True).distinct())
        if table in tables:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT DISTINCT complex_code FROM {diff_table(table)}")  # noqa: S608
                found.update(code for (code,) in cursor.fetchall())
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ahead:
    """Some complexes as they will be; `told` is what the file says of households in them."""

    portfolio: Portfolio
    versions: Mapping[str, tuple[int, int]]
    told: frozenset[Any]

    def tells(self, aside: Aside) -> bool:
        """Whether the file itself says this."""
        return any(row in self.told for row in aside.rows)


def _ahead(
    owner: Organisation,
    tables: Sequence[Table[Any]],
    codes: Sequence[str],
    channels: Sequence[Channel],
    now: datetime,
) -> Iterator[_Ahead]:
    with connection.cursor() as cursor:
        for table in tables if codes else ():
            if has(table, "complex_id"):
                diff = diff_table(table)
                cursor.execute(
                    f"CREATE INDEX IF NOT EXISTS {diff}_complex ON {diff} (complex_code)"
                )
    for start in range(0, len(codes), CHUNK):
        part = codes[start : start + CHUNK]
        versions = {
            code: (pk, version)
            for code, pk, version in models.Complex.objects.for_organisation(owner)
            .filter(code__in=part)
            .values_list("code", "pk", "version")
        }
        yield _as_it_will_be(owner, tables, part, versions, channels, now)


def _rows(
    portfolio: Portfolio, versions: Mapping[str, tuple[int, int]], day: date
) -> Iterator[tuple[str | int | None, ...]]:
    for each in made_of(portfolio, day):
        code = complex_of(each.scope) or ""
        version = versions[code][1] if code in versions else None
        columns = each.columns
        told = (
            value.isoformat() if isinstance(value := columns[name], date) else value
            for name in MADE
        )
        yield code, version, int(each.scope.kind), each.scope.code, each.scheme, *told


def _kept(rows: Iterator[tuple[str | int | None, ...]]) -> None:
    places = ", ".join(["%s"] * len(_STATE))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO mw_state ({', '.join(_STATE)}) VALUES ({places})",  # noqa: S608
            list(rows),
        )


def _as_it_will_be(
    owner: Organisation,
    tables: Sequence[Table[Any]],
    codes: Sequence[str],
    versions: Mapping[str, tuple[int, int]],
    channels: Sequence[Channel],
    now: datetime,
) -> _Ahead:
    """Return everything about these complexes after the file."""
    given: dict[str, Any] = {}
    told: list[Any] = []
    keys = [pk for pk, _ in versions.values()]
    for table in bridge.TABLES:
        if table.name in {"areas", "channels", "placements"}:
            continue
        rows = bridge.current(table, owner, complex__in=keys)
        coming: tuple[Any, ...] = ()
        if table in tables:
            rows = rows.extra(where=[_stays(table)])  # noqa: S610 (names of our own tables)
            coming = tuple(_coming(table, owner, codes, now))
            told += coming if table in (bridge.JUDGEMENTS, bridge.COUNTS) else ()
        given[table.name] = (*table.read(rows), *coming)
    portfolio = Portfolio(**given, channels=tuple(channels))
    return _Ahead(portfolio=portfolio, versions=versions, told=frozenset(told))


def _stays(table: Table[Any]) -> str:
    ledger = quoted(table.model._meta.db_table)  # noqa: SLF001
    return (
        f"NOT EXISTS (SELECT 1 FROM {diff_table(table)} d WHERE d.before = {ledger}.id "  # noqa: S608
        f"AND d.fate IN ({CHANGED}, {GONE}))"
    )


def _coming(
    table: Table[Any], owner: Organisation, codes: Sequence[str], now: datetime
) -> Iterator[Any]:
    """Yield the values of rows that are new or changed, as the ledger would give them back."""
    fixed = {"owner__code": owner.code, "recorded_at": now}
    stored = [name for name in table.columns if name not in fixed]
    columns = ["complex_code" if name == "complex__code" else name for name in stored]
    known = {each.attname: each for each in table.model._meta.local_concrete_fields}  # noqa: SLF001
    places = ", ".join(["%s"] * len(codes))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(map(quoted, columns))} FROM {diff_table(table)} "  # noqa: S608
            f"WHERE fate IN ({NEW}, {CHANGED}) AND complex_code IN ({places})",
            list(codes),
        )
        for row in cursor.fetchall():
            told = {
                name: _as_python(known.get(name), value)
                for name, value in zip(stored, row, strict=True)
            } | fixed
            yield table.built(tuple(told[name] for name in table.columns))


def _as_python(field: kinds.Field[Any, Any] | None, value: Any) -> Any:  # noqa: ANN401
    """Return what Django would read; a temporary table of SQLite knows no types."""
    if field is None or value is None:
        return value
    if isinstance(field, kinds.DecimalField):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-field.decimal_places))
    return field.to_python(value)
