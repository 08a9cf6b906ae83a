"""Take an import back: later records say again what was said before; nothing is deleted.

What an import wrote is recorded at its own moment, what it replaced was replaced then. Taking back
closes the first and repeats the second. It is refused when somebody built on it: a row of it was
replaced later, a complex lies in an area that it brought, somebody judged a complex that it
brought, or decided on a notice of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import User
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register import bridge, models
from mixwijzer.web.register.bridge import Table
from mixwijzer.web.register.import_states import ImportEvent, possible
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services.cells import cells, has, key_columns, quoted
from mixwijzer.web.register.services.foreseeing import foresee, touched
from mixwijzer.web.register.services.importing import ImportNotNow, follower, move
from mixwijzer.web.register.services.ledgers import in_turn
from mixwijzer.web.register.services.staging import (
    CHANGED,
    GONE,
    LEDGERS,
    NEW,
    Staging,
    diff_table,
)
from mixwijzer.web.register.services.writing import (
    AHEAD,
    write_accounts,
    write_ahead,
    write_rest,
)

__all__ = ["BuiltOn", "built_on", "undo"]

BESIDE = (models.Channel, models.AreaShape, models.Renumbering)
EVERY = (*LEDGERS, bridge.CHANNELS)
SET_ASIDE = (bridge.JUDGEMENTS, bridge.COUNTS)  # of which an import may close rows for good


class BuiltOn(Exception):  # noqa: N818 (a refusal, told to a person)
    """Later rows build on this import; `why` says which, `number` how many."""

    def __init__(self, why: str, number: int) -> None:
        super().__init__(why)
        self.why, self.number = why, number


def built_on(row: Import) -> tuple[str, int] | None:
    """Return what keeps an import from being taken back, if anything."""
    return _built_on(row, EVERY)


def _built_on(row: Import, tables: Sequence[Table[Any]]) -> tuple[str, int] | None:
    """Return what keeps an import from being taken back, as far as these tables tell."""
    if row.applied_at is None:
        return None
    for why, query, given in _reasons(row, tables):
        with connection.cursor() as cursor:
            cursor.execute(query, given)
            number = int(cursor.fetchone()[0])
        if number:
            return why, number
    notices = (
        models.Notice.objects.for_organisation(row.owner_id)
        .filter(recorded_at=row.applied_at)
        .values_list("code", flat=True)
    )
    decided = follower().decided(row.owner, list(notices), since=row.applied_at)
    return ("decided", decided) if decided else None


def _reasons(row: Import, tables: Sequence[Table[Any]]) -> Iterator[tuple[str, str, list[Any]]]:
    """Yield what may have been built on an import, each with a query that counts it."""
    moment = connection.ops.adapt_datetimefield_value(row.applied_at)
    for table in tables:
        later = "owner_id = %s AND recorded_at = %s AND replaced_at > recorded_at"
        query = f"SELECT count(*) FROM {_ledger(table)} WHERE {later}"  # noqa: S608
        yield "replaced", query, [row.owner_id, moment]
    given = [row.owner_id, moment, row.owner_id, moment, moment]
    for table, why, query in _LATER:
        if table in tables:
            yield why, query.format(name=_ledger(table)), given


def _ledger(table: Table[Any]) -> str:
    return quoted(table.model._meta.db_table)  # noqa: SLF001


_LATER_IN_NEW_COMPLEX = """
    SELECT count(*) FROM {name} t WHERE t.owner_id = %s AND t.recorded_at > %s
    AND t.replaced_at IS NULL AND t.complex_id IN
    (SELECT f.complex_id FROM register_complexfacts f WHERE f.owner_id = %s
    AND f.recorded_at = %s AND NOT EXISTS (SELECT 1 FROM register_complexfacts g
    WHERE g.complex_id = f.complex_id AND g.recorded_at < %s))
"""
_LATER_IN_NEW_HOME = """
    SELECT count(*) FROM {name} t WHERE t.owner_id = %s AND t.recorded_at > %s
    AND t.replaced_at IS NULL AND t.dwelling IN
    (SELECT h.code FROM register_dwelling h WHERE h.owner_id = %s
    AND h.recorded_at = %s AND NOT EXISTS (SELECT 1 FROM register_dwelling g
    WHERE g.owner_id = h.owner_id AND g.code = h.code AND g.recorded_at < %s))
"""
_LIES_IN_NEW_AREA = """
    SELECT count(*) FROM {name} t WHERE t.owner_id = %s AND t.recorded_at <> %s
    AND t.replaced_at IS NULL AND t.neighbourhood IN
    (SELECT a.code FROM register_area a WHERE a.owner_id = %s
    AND a.recorded_at = %s AND NOT EXISTS (SELECT 1 FROM register_area b
    WHERE b.owner_id = a.owner_id AND b.code = a.code AND b.recorded_at < %s))
"""
_LATER = (
    (bridge.COMPLEXES, "placed", _LIES_IN_NEW_AREA),
    (bridge.JUDGEMENTS, "judged", _LATER_IN_NEW_COMPLEX),
    (bridge.DWELLINGS, "extended", _LATER_IN_NEW_COMPLEX),
    (bridge.NOTICES, "extended", _LATER_IN_NEW_HOME),
    (bridge.TENANCIES, "extended", _LATER_IN_NEW_HOME),
)


def undo(*, row: Import, actor: User, now: datetime) -> Import:
    """Say again what was said before this import.

    Raises
    ------
    BuiltOn
        When later rows build on it.
    ImportNotNow
        When it isn't applied, or was taken back already.
    """
    staging = Staging(row.owner, localdate(now))
    staging.drop()
    try:
        tables = [table for table in LEDGERS if _reverse(row, table)]
        codes = touched(row.owner, tables)
        channels = bridge.CHANNELS.read(bridge.current(bridge.CHANNELS, row.owner))
        made = foresee(row.owner, tables, codes, channels=channels, day=localdate(now), now=now)
        later = sum(len(aside) for aside in made)
        if later:  # said since, of households that the import brought
            raise BuiltOn("said", later)
        return _in_one_go(row, tables, codes, actor, now)
    finally:
        staging.drop()


@transaction.atomic
def _in_one_go(
    row: Import, tables: Sequence[Table[Any]], codes: Sequence[str], actor: User, now: datetime
) -> Import:
    in_turn(row.owner)
    _still_applied(row)
    if found := built_on(row):
        raise BuiltOn(*found)
    write_ahead(owner=row.owner, tables=tables, now=now)
    audit.lock(row.owner)  # from here others wait
    after = move(row, ImportEvent.UNDO, now=now, actor=actor, undone_at=now)
    if found := _built_on(row, [table for table in EVERY if table not in AHEAD]):
        raise BuiltOn(*found)
    write_rest(owner=row.owner, tables=tables, now=now)
    for model in BESIDE:
        _repeat(row, model, now)
    write_accounts(owner=row.owner, codes=codes, day=localdate(now), now=now)
    models.Delivery(
        owner=row.owner,
        at=now,
        by=actor,
        data_date=_day_before(row),
        synthetic=row.synthetic,
    ).save(force_insert=True)
    follower().follow(owner=row.owner, now=now, by=actor)
    return after


def _still_applied(row: Import) -> None:
    """Make sure that nobody took this import back while we waited for our turn."""
    state = Import.objects.for_organisation(row.owner_id).values_list("state", flat=True)
    now = state.get(pk=row.pk)
    if not possible(now, ImportEvent.UNDO):
        raise ImportNotNow(now, ImportEvent.UNDO)


def _day_before(row: Import) -> Any:  # noqa: ANN401 (a day, or nothing)
    """Return of which day the data were before this import."""
    return (
        models.Delivery.objects.for_organisation(row.owner_id)
        .filter(at__lt=row.applied_at)
        .order_by("-at")
        .values_list("data_date", flat=True)
        .first()
    )


def _reverse(row: Import, table: Table[Any]) -> bool:
    """Compare a ledger with how it was before an import; whether that wrote anything in it."""
    ledger, name = _ledger(table), diff_table(table)
    moment = connection.ops.adapt_datetimefield_value(row.applied_at)
    columns = [each.column for each in cells(table)]
    columns += [each for each in ("public_id", "judge_id", "complex_id") if has(table, each)]
    told = [f"o.{quoted(each)} AS {quoted(each)}" for each in columns]
    place = ""
    if has(table, "complex_id"):
        told += ["k.code AS complex_code", "n.complex_id AS was"]
        place = "LEFT JOIN register_complex k ON k.id = COALESCE(o.complex_id, n.complex_id)"
    same = " AND ".join(f"o.{quoted(key)} = n.{quoted(key)}" for key, _ in key_columns(table))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {name} AS SELECT {', '.join(told)}, 0 AS ended, "  # noqa: S608
            f"n.id AS before, CASE WHEN o.id IS NULL THEN {GONE} ELSE {CHANGED} END AS fate "
            f"FROM {ledger} n LEFT JOIN {ledger} o ON o.owner_id = n.owner_id "
            "AND o.replaced_at = n.recorded_at AND o.recorded_at < n.recorded_at "
            f"AND {same} {place} "
            f"WHERE n.owner_id = {row.owner_id} AND n.recorded_at = %s AND n.replaced_at IS NULL",
            [moment],
        )
        cursor.execute(f"CREATE INDEX {name}_before ON {name} (before)")
        if table in SET_ASIDE:
            _back(cursor, row, table, [*columns, "complex_code", "was"])
        cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608
        return bool(cursor.fetchone()[0])


def _back(cursor: CursorWrapper, row: Import, table: Table[Any], columns: Sequence[str]) -> None:
    """Add what an import set aside, unless somebody said it again since."""
    ledger, name = _ledger(table), diff_table(table)
    keys = [quoted(key) for key, _ in key_columns(table)]
    same = " AND ".join(f"o.{key} = n.{key}" for key in keys)
    moment = connection.ops.adapt_datetimefield_value(row.applied_at)
    told = {"complex_code": "k.code", "was": "NULL"}
    values = ", ".join(told.get(each, f"o.{quoted(each)}") for each in columns)
    cursor.execute(
        f"INSERT INTO {name} ({', '.join(map(quoted, columns))}, ended, fate) "  # noqa: S608
        f"SELECT {values}, 0, {NEW} FROM {ledger} o "
        "LEFT JOIN register_complex k ON k.id = o.complex_id "
        "WHERE o.owner_id = %s AND o.replaced_at = %s AND NOT EXISTS "
        f"(SELECT 1 FROM {ledger} n WHERE n.owner_id = o.owner_id AND {same} "
        "AND (n.replaced_at IS NULL OR n.recorded_at = o.replaced_at))",
        [row.owner_id, moment],
    )


def _repeat(row: Import, model: type[models.Ledger], now: datetime) -> None:
    """Let what an import said of channels, maps and numbers no longer hold, and repeat the rest."""
    adapt = connection.ops.adapt_datetimefield_value
    fields = model._meta.local_concrete_fields  # noqa: SLF001
    name = quoted(model._meta.db_table)  # noqa: SLF001
    moved = {"recorded_at", "replaced_at"}
    kept = [quoted(str(each.column)) for each in fields if not each.primary_key]
    columns = ", ".join(each for each in kept if each.strip('"') not in moved)
    given = [row.owner_id, adapt(row.applied_at)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {name} SET replaced_at = %s WHERE owner_id = %s AND recorded_at = %s "  # noqa: S608
            "AND replaced_at IS NULL",
            [adapt(now), *given],
        )
        cursor.execute(
            f"INSERT INTO {name} ({columns}, recorded_at) SELECT {columns}, %s FROM {name} "  # noqa: S608
            "WHERE owner_id = %s AND replaced_at = %s",
            [adapt(now), *given],
        )
