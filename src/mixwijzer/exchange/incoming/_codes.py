"""Put codes right that only the whole delivery can tell: restored areas, renumbered complexes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from itertools import groupby

from mixwijzer.exchange.areas import meant_area
from mixwijzer.exchange.findings import Finding, Findings, Severity
from mixwijzer.exchange.mappings import Mapped, Profile, Renumbered
from mixwijzer.exchange.tables import SpooledSheet, rewritten, schema

__all__ = ["put_right"]

Row = dict[str, str]

_COMPLEX_COLUMNS = {"complexes": ("id",), "dwellings": ("complex",)}
_SCOPES = {
    table: (kind, code)
    for table, kind, code in (
        ("judgements", "scope_kind", "scope"),
        ("placements", "scope_kind", "scope"),
        ("counts", "scope_kind", "scope"),
        ("profiles", "set_by_kind", "set_by"),
        ("caps", "set_by_kind", "set_by"),
    )
}


def put_right(
    spooled: Mapping[str, SpooledSheet],
    profile: Profile | Mapped,
    day: date | None,
    findings: Findings,
) -> None:
    """Rewrite what the delivery as a whole says differently."""
    if "areas" in spooled:
        _restore_areas(spooled)
    if isinstance(profile, Profile) and profile.renumbered:
        _renumber(spooled, profile.renumbered, day, findings)


def _restore_areas(spooled: Mapping[str, SpooledSheet]) -> None:
    """Write the codes of areas as the table of areas has them, where a spreadsheet took zeros."""
    with spooled["areas"].path.open(encoding="utf-8", newline="") as file:
        known = frozenset(row["code"] for row in csv.DictReader(file))
    for table, sheet in spooled.items():
        columns = [
            column.name
            for column in schema()[table]
            if column.type in ("ref:areas", "scope", "setter")
        ]
        if columns:
            rewritten(sheet.path, _restoring(columns, known))


def _restoring(columns: list[str], known: frozenset[str]) -> Callable[[Row], Row]:
    memory: dict[str, str] = {}

    def change(row: Row) -> Row:
        for name in columns:
            code = row[name]
            if code and code not in known:
                if code not in memory:
                    memory[code] = meant_area(code, known)
                row[name] = memory[code]
        return row

    return change


def _renumber(
    spooled: Mapping[str, SpooledSheet],
    renumbered: tuple[Renumbered, ...],
    day: date | None,
    findings: Findings,
) -> None:
    """Give complexes the number they have from a day on; tell when an old one is used after it.

    An old number that by then was given to another complex is the new number of that one.
    """
    given_again = {
        each.old
        for each in renumbered
        for other in renumbered
        if other.new == each.old and day is not None and each.start <= other.start <= day
    }
    news = {old: new for old, new in _final(renumbered).items() if old not in given_again}
    seen: dict[str, int] = {}
    for table, sheet in spooled.items():
        if table in _COMPLEX_COLUMNS or table in _SCOPES:
            rewritten(sheet.path, _renumbering(table, news, seen))
    started = {each.old: each.start for each in renumbered}
    for old, rows in sorted(seen.items()):
        late = day is not None and day >= started[old]
        findings.add(
            Finding(
                code="complex_renumbered_late" if late else "complex_renumbered",
                severity=Severity.WARNING if late else Severity.NOTE,
                facts={
                    "old": old,
                    "new": news[old],
                    "rows": rows,
                    "start": started[old].isoformat(),
                },
            )
        )


def _final(renumbered: tuple[Renumbered, ...]) -> dict[str, str]:
    """Return the last number of each complex, through every change of number in order of day."""
    news: dict[str, str] = {}
    in_order = sorted(renumbered, key=lambda each: each.start)
    for _, together in groupby(in_order, key=lambda each: each.start):
        changes = {each.old: each.new for each in together}  # of one day, so that numbers may swap
        news = {old: changes.get(new, new) for old, new in news.items()} | changes
    return news


def _renumbering(table: str, news: Mapping[str, str], seen: dict[str, int]) -> Callable[[Row], Row]:
    kind_column, code_column = _SCOPES.get(table, ("", ""))

    def change(row: Row) -> Row:
        for name in _COMPLEX_COLUMNS.get(table, ()):
            row[name] = renewed(row[name])
        if code_column and row[kind_column] in ("complex", "stairwell"):
            whole, slash, stairwell = row[code_column].partition("/")
            row[code_column] = renewed(whole) + slash + stairwell
        return row

    def renewed(code: str) -> str:
        if code not in news:
            return code
        seen[code] = seen.get(code, 0) + 1
        return news[code]

    return change
