"""Add rows to a ledger and let later records replace earlier ones; who brings in takes turns."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from mixwijzer.exchange.findings import Finding
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import bridge, bulk
from mixwijzer.web.register.bridge import Table

__all__ = ["Loaded", "close", "in_turn", "store"]

_TURN_CLASS = 0x4D58  # the first half of PostgreSQL's advisory lock: whose turn it is


def in_turn(owner: Organisation) -> None:
    """Wait until nobody else brings areas, complexes, homes or leases in; freed at commit.

    Comes before `audit.lock`, which decisions wait for: those go on while a file is written. SQLite
    has one writer at a time anyway.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a turn lasts as long as a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_TURN_CLASS, owner.pk])


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a load did: rows added and replaced, rows of tables that aren't kept, what to tell."""

    added: int = 0
    changed: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def __add__(self, other: Loaded) -> Loaded:
        """Return what both did."""
        return replace(self, added=self.added + other.added, changed=self.changed + other.changed)


def store(
    *,
    table: Table[Any],
    owner: Organisation,
    values: Iterable[Any],
    now: datetime,
    extra: Callable[[Any], dict[str, Any]],
    standing: QuerySet[Any] | None = None,
) -> Loaded:
    """Add values to a ledger; one that differs from the current row of its key replaces it.

    `standing` are the current rows to compare with: all of the organisation's, if not given.
    """
    told: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for value in values:
        row = {**table.split(value), **extra(value)}
        told.setdefault(_key(table, row), []).append(row)
    if not told:
        return Loaded()
    rows = bridge.current(table, owner) if standing is None else standing
    held = _held(table, rows)
    fresh: list[dict[str, Any]] = []
    outdated: list[int] = []
    for key, versions in told.items():
        before = held.get(key)
        if before is None:
            fresh += _chained(versions, now)
        elif not _same(table, before, versions[-1]):
            outdated.append(before["pk"])
            fresh.append(_successor(before, versions[-1], now))
    close(table=table, owner=owner, rows=outdated, now=now)
    drop = [name for name in fresh[0] if "__" in name] if fresh else []
    bulk.insert(table.model, (_row(each, owner, drop) for each in fresh))
    return Loaded(added=len(fresh) - len(outdated), changed=len(outdated))


def close(*, table: Table[Any], owner: Organisation, rows: Collection[int], now: datetime) -> None:
    """Let current rows be replaced from now on."""
    listed = list(rows)
    for start in range(0, len(listed), 1_000):
        table.model.objects.for_organisation(owner).filter(
            pk__in=listed[start : start + 1_000], replaced_at__isnull=True
        ).update(replaced_at=now)


def _key(table: Table[Any], row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column] for column in table.key)


def _held(table: Table[Any], rows: QuerySet[Any]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return the current rows by key, with what a successor takes over."""
    kept = {each.attname for each in table.model._meta.local_concrete_fields}  # noqa: SLF001
    columns = {*table.columns, "pk", *({"public_id", "judge_id"} & kept)}
    return {_key(table, row): row for row in rows.values(*columns).iterator()}


def _same(table: Table[Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return all(
        before[column] == after[column] for column in table.columns if column != "recorded_at"
    )


def _chained(versions: list[dict[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    """Give every version of a new row its two moments of recording, and one public id."""
    told = sorted(
        ({**row, "recorded_at": min(row["recorded_at"] or now, now)} for row in versions),
        key=lambda row: row["recorded_at"],
    )
    ends = [later["recorded_at"] for _, later in pairwise(told)]
    public_id = uuid.uuid4()
    for row, end in zip(told, [*ends, None], strict=True):
        yield {**row, "replaced_at": end, "public_id": public_id}


def _successor(
    before: Mapping[str, Any], after: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    kept = {name: before[name] for name in ("public_id", "judge_id") if name in before}
    return {**kept, **after, "recorded_at": now, "replaced_at": None}


def _row(row: Mapping[str, Any], owner: Organisation, drop: Collection[str]) -> dict[str, Any]:
    return {**{name: row[name] for name in row if name not in drop}, "owner_id": owner.pk}
