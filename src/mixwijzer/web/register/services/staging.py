"""Compare clean tables with the register, in the database itself: what is new, changed, the same?

Rows go from a file into temporary tables by COPY (PostgreSQL) or prepared statements (SQLite) and
never become Python objects. Per ledger one statement makes a table `mw_diff_…`: every row of the
file as the ledger would hold it, with the current row that it would replace. Nothing here writes to
the register; a connection that breaks takes its temporary tables along.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from mixwijzer.exchange.tables import schema
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import bridge, models
from mixwijzer.web.register.bridge import Table
from mixwijzer.web.register.services.cells import (
    Cell,
    cells,
    complex_code,
    has,
    key_columns,
    quoted,
    same_as,
)

__all__ = [
    "CHANGED",
    "ENDED",
    "GONE",
    "LEDGERS",
    "NEW",
    "SAME",
    "RegisterMoved",
    "Staging",
    "diff_table",
]

NEW, CHANGED, SAME, GONE = range(4)
"""Kinds of a compared row; `GONE` closes a row without a successor (taking back)."""

ENDED: Mapping[str, str] = {"tenancies": "end", "vacancies": "closed_on", "roles": "ends_on"}
"""Per table the day at which a row ends."""

LEDGERS = tuple(table for table in bridge.TABLES if table is not bridge.CHANNELS)
"""Tables that are compared here, in the order in which they need each other."""

BATCH = 5_000
_HAD = "\x01"  # before a code that is ours by now; reading lets no such sign through
_NAMED_ONCE = (bridge.DWELLINGS, bridge.TENANCIES)
_ALONG: Mapping[str, tuple[Table[Any], str]] = {
    "tenancies": (bridge.DWELLINGS, "dwelling"),
    "vacancies": (bridge.DWELLINGS, "dwelling"),
    "lettings": (bridge.NOTICES, "notice"),
    "roles": (bridge.TENANCIES, "tenancy"),
}
_OPEN = (bridge.JUDGEMENTS, bridge.COUNTS, bridge.PLACEMENTS)  # may be about more than a complex


def diff_table(table: Table[Any]) -> str:
    """Return the name of the temporary table that compares this one."""
    return f"mw_diff_{table.name}"


class RegisterMoved(Exception):  # noqa: N818 (it is no error: somebody else was first)
    """The register isn't what the file was compared with; compare again."""


class Staging:
    """The tables of one file, compared with one organisation's register.

    Parameters
    ----------
    owner
        Whose register.
    day
        The day the data speaks of: renumberings that hold by then are followed.
    """

    def __init__(self, owner: Organisation, day: date) -> None:
        self.owner, self.day = owner, day
        self.present: list[Table[Any]] = []
        self.carried: list[Table[Any]] = []  # of those, what isn't in the file: it moved along
        self.merged: tuple[tuple[str, str], ...] = ()

    # What goes in

    def read(self, files: Mapping[str, Path]) -> None:
        """Put the rows of clean files into temporary tables, and compare each with its ledger."""
        self.drop()
        for table in LEDGERS:
            if table.name in files:
                self._load(table.name, files[table.name])
        self._renumber(files)
        for table in LEDGERS:
            if table.name in files:
                self._before(table, files)
                self._compare(table)
                self.present.append(table)
            self._carry(table)

    def drop(self) -> None:
        """Take every temporary table away."""
        names = [f"mw_raw_{each.name}" for each in LEDGERS]
        names += [diff_table(each) for each in LEDGERS]
        names += ["mw_mine", "mw_home", "mw_lease", "mw_notice", "mw_state", "mw_key"]
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute(f"DROP TABLE IF EXISTS {name}")
        self.present, self.carried = [], []

    def _load(self, name: str, path: Path) -> None:
        columns = [each.name for each in schema()[name]]
        typed = ", ".join(f"{quoted(each)} text" for each in columns)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE mw_raw_{name} ({typed})")
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        known = [each for each in header if each in columns]
        if connection.vendor == "postgresql" and known == header:
            _copy_file(name, path, header)
        else:
            _execute_file(name, path, known)

    def _renumber(self, files: Mapping[str, Path]) -> None:
        """Call complexes by the codes they have here, all at once: numbers may go round.

        What got its code is marked until every complex had its turn.
        """
        columns = {"complexes": "id", "dwellings": "complex"}
        columns |= dict.fromkeys(("judgements", "counts", "placements"), "scope")
        rows = models.Renumbering.objects.for_organisation(self.owner).filter(
            replaced_at=None, kind=models.Renumbering.Kind.COMPLEX, from_on__lte=self.day
        )
        with connection.cursor() as cursor:
            for theirs, ours in rows.values_list("theirs", "ours"):
                for name in columns.keys() & files.keys():
                    if columns[name] == "scope":
                        _rename_scopes(cursor, name, theirs, f"{_HAD}{ours}")
                    else:
                        _rename(cursor, name, columns[name], theirs, f"{_HAD}{ours}")
            for name in columns.keys() & files.keys() if rows else ():
                _unmark(cursor, name, columns[name])

    # What a row needs to find its complex

    def _before(self, table: Table[Any], files: Mapping[str, Path]) -> None:
        """Make what this table's rows are found by: complexes, homes, leases, notices."""
        if table is not bridge.AREAS and table is not bridge.COMPLEXES:
            self._once("mw_mine", self._mine(files))
        if table.name in {"tenancies", "vacancies"}:
            self._once("mw_home", self._codes(bridge.DWELLINGS))
        if table is bridge.NOTICES:
            self._merge_typed()
        if table is bridge.LETTINGS:
            self._once("mw_notice", self._codes(bridge.NOTICES))
        if table is bridge.ROLES:
            self._once("mw_lease", self._codes(bridge.TENANCIES))

    def _once(self, name: str, select: str) -> None:
        if _exists(name):
            return
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE {name} AS {select}")
            if connection.vendor == "sqlite":  # PostgreSQL joins by hashing
                cursor.execute(f"CREATE INDEX {name}_code ON {name} (code)")

    def _mine(self, files: Mapping[str, Path]) -> str:
        """Own complexes by code; those of others that the file names have no primary key."""
        known = (
            f"SELECT code, id AS complex_id FROM register_complex "  # noqa: S608
            f"WHERE owner_id = {self.owner.pk}"
        )
        if "complexes" not in files:
            return known
        fresh = (
            "SELECT d.complex_code AS code, NULL AS complex_id FROM mw_diff_complexes d "
            "WHERE d.complex_id IS NULL"
        )
        if connection.vendor == "postgresql":
            fresh = fresh.replace("NULL AS complex_id", "NULL::bigint AS complex_id")
        return f"{known} UNION ALL {fresh}"

    def _codes(self, table: Table[Any]) -> str:
        """Codes of homes, leases or notices with the code of their complex: file and register."""
        own = f"SELECT d.code, d.complex_code FROM {diff_table(table)} d"  # noqa: S608
        rest = (
            f"SELECT t.code, k.code AS complex_code FROM {table.model._meta.db_table} t "  # noqa: S608, SLF001
            f"JOIN register_complex k ON k.id = t.complex_id "
            f"WHERE t.owner_id = {self.owner.pk} AND t.replaced_at IS NULL"
        )
        if table not in self.present:
            return rest
        missing = f"NOT EXISTS (SELECT 1 FROM {diff_table(table)} d WHERE d.code = t.code)"  # noqa: S608
        return f"{own} UNION ALL {rest} AND {missing}"

    def _merge_typed(self) -> None:
        """Let a notice of the file go by the number of the one that was typed for its home.

        A number that was met before keeps its meaning. An open notice whose number is new stands
        for the open notice its home has already, if the file doesn't name that one itself. One
        that was given after that home was let is another notice.
        """
        known = dict(
            models.Renumbering.objects.for_organisation(self.owner)
            .filter(replaced_at=None, kind=models.Renumbering.Kind.NOTICE)
            .values_list("theirs", "ours")
        )
        let = f"l.{quoted('on')}"
        given = "CAST(r.notice AS date)" if connection.vendor == "postgresql" else "r.notice"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT r.id, t.code FROM mw_raw_vacancies r "  # noqa: S608
                "JOIN register_notice t ON t.dwelling = r.dwelling "
                f"AND t.owner_id = {self.owner.pk} AND t.replaced_at IS NULL "
                "AND t.closed_on IS NULL "
                f"LEFT JOIN register_notice o ON o.code = r.id AND o.owner_id = {self.owner.pk} "
                "AND o.replaced_at IS NULL "
                "WHERE o.id IS NULL AND r.closed_on IS NULL "
                "AND NOT EXISTS (SELECT 1 FROM register_letting l WHERE l.notice = t.code "
                f"AND l.owner_id = {self.owner.pk} AND l.replaced_at IS NULL AND {let} < {given}) "
                "AND NOT EXISTS (SELECT 1 FROM mw_raw_vacancies s WHERE s.id = t.code) "
                "ORDER BY r.id, t.code"
            )
            met: dict[str, str] = {}
            for theirs, ours in cursor.fetchall():
                if theirs not in known and ours not in met.values():
                    met.setdefault(theirs, ours)
            for theirs, ours in {**known, **met}.items():
                cursor.execute("UPDATE mw_raw_vacancies SET id = %s WHERE id = %s", [ours, theirs])
            for name, column in (("lettings", "vacancy"), ("placements", "vacancy")):
                if _exists(f"mw_raw_{name}"):
                    cursor.executemany(
                        f"UPDATE mw_raw_{name} SET {column} = %s WHERE {column} = %s",  # noqa: S608
                        [(ours, theirs) for theirs, ours in {**known, **met}.items()],
                    )
        self.merged = tuple(sorted(met.items()))

    # The comparison

    def _compare(self, table: Table[Any]) -> None:
        """Make the table that says of each row what it would replace."""
        name = diff_table(table)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE {name} AS {self._comparison(table)}")
            going = f"WHERE fate IN ({CHANGED}, {GONE})"
            cursor.execute(f"CREATE INDEX {name}_before ON {name} (before) {going}")
            if connection.vendor == "sqlite":  # PostgreSQL joins by hashing
                keys = ", ".join(quoted(key) for key, _ in key_columns(table))
                sources = ", ".join(quoted(source) for _, source in key_columns(table))
                cursor.execute(f"CREATE INDEX {name}_key ON {name} ({keys})")
                raw = f"mw_raw_{table.name}"
                cursor.execute(f"CREATE INDEX {raw}_key ON {raw} ({sources})")

    def _carry(self, table: Table[Any]) -> None:
        """Let what is known of a home go along to the complex that the file says it lies in.

        The file may be silent about its lease and its notice: they are rows of a complex too.
        """
        parent, column = _ALONG.get(table.name, (None, ""))
        if parent not in self.present:
            return
        moved = self._moved_along(table, parent, column)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({moved}) a")  # noqa: S608
            if not cursor.fetchone()[0]:
                return
            if table in self.present:
                names = ", ".join(map(quoted, _carried_columns(table)))
                cursor.execute(f"INSERT INTO {diff_table(table)} ({names}) {moved}")
                return
            cursor.execute(f"CREATE TEMPORARY TABLE {diff_table(table)} AS {moved}")
        self.present.append(table)
        self.carried.append(table)

    def _moved_along(self, table: Table[Any], parent: Table[Any], column: str) -> str:
        """Return the current rows about things of which the complex changes, as changed rows."""
        names = _carried_columns(table)
        told = {
            "complex_code": "p.complex_code",
            "complex_id": "p.complex_id",
            "was": "t.complex_id",
            "ended": "0",
            "before": "t.id",
            "fate": str(CHANGED),
        }
        columns = ", ".join(f"{told.get(e, f't.{quoted(e)}')} AS {quoted(e)}" for e in names)
        new = (
            f"AND NOT EXISTS (SELECT 1 FROM {diff_table(table)} d WHERE d.before = t.id)"  # noqa: S608
            if table in self.present
            else ""
        )
        return (
            f"SELECT {columns} FROM {_ledger(table)} t "  # noqa: S608
            f"JOIN {diff_table(parent)} p ON p.code = t.{quoted(column)} "
            f"WHERE p.fate = {CHANGED} AND (p.complex_id IS NULL OR p.complex_id <> p.was) "
            "AND (p.complex_id IS NULL OR p.complex_id <> t.complex_id) "
            f"AND t.owner_id = {self.owner.pk} AND t.replaced_at IS NULL {new}"
        )

    def _comparison(self, table: Table[Any]) -> str:
        told = cells(table)
        columns = [f"{each.told} AS {quoted(each.column)}" for each in told]
        columns += [
            f"c.{quoted(name)} AS {quoted(name)}"
            for name in ("public_id", "judge_id")
            if has(table, name)
        ]
        same = [each.same for each in told]
        if has(table, "complex_id"):
            at = "n" if table is bridge.COMPLEXES else "m"
            columns += ["n.complex_code", f"{at}.complex_id AS complex_id", "c.complex_id AS was"]
            same.append(same_as("c.complex_id", f"{at}.complex_id"))
        values = {each.column: each.told for each in told} | {"complex_id": "n.complex_id"}
        keys = [key for key, _ in key_columns(table)]
        found = " AND ".join(f"c.{quoted(key)} = {values[key]}" for key in keys)
        return (
            f"SELECT {', '.join(columns)}, {_ended(table)} AS ended, c.id AS before, "  # noqa: S608
            f"CASE WHEN c.id IS NULL THEN {NEW} WHEN {' AND '.join(same)} THEN {SAME} "
            f"ELSE {CHANGED} END AS fate "
            f"FROM ({self._rows(table, told)}) n {_in_mine(table)} "
            f"LEFT JOIN {_ledger(table)} c ON c.owner_id = {self.owner.pk} "
            f"AND c.replaced_at IS NULL AND {found} {_ours(table)}"
        )

    def _rows(self, table: Table[Any], told: Sequence[Cell]) -> str:
        """Return the rows of a file with the types of the ledger, the last of each key."""
        columns = [f"{each.read} AS {quoted(each.column)}" for each in told]
        joins, where = "", ""
        if table is bridge.COMPLEXES:
            columns += ["r.id AS complex_code", "k.id AS complex_id"]
            joins = self._around()
            code = self.owner.code.replace("'", "''")
            where = f"WHERE r.owner IS NULL OR r.owner = '{code}'"
        elif has(table, "complex_id"):
            code, joins = complex_code(table)
            columns.append(f"{code} AS complex_code")
        rest = f"FROM mw_raw_{table.name} r {joins} {where}"
        if not _repeated(table):
            return f"SELECT {', '.join(columns)} {rest}"
        key = ", ".join(f"r.{quoted(source)}" for _, source in key_columns(table))
        turn = (
            f"row_number() OVER (PARTITION BY {key} ORDER BY r.recorded_at DESC NULLS LAST) AS turn"
        )
        return f"SELECT * FROM (SELECT {', '.join(columns)}, {turn} {rest}) v WHERE turn = 1"  # noqa: S608

    def _around(self) -> str:
        """Join a complex and what lies around it, from the file or else from the register."""
        held = (
            f"SELECT code, kind, parent FROM register_area WHERE owner_id = {self.owner.pk} "  # noqa: S608
            "AND replaced_at IS NULL"
        )
        told = held
        if bridge.AREAS in self.present:
            told = (
                f"SELECT code, kind, parent FROM mw_diff_areas UNION ALL {held} "  # noqa: S608
                "AND NOT EXISTS (SELECT 1 FROM mw_diff_areas d WHERE d.code = register_area.code)"
            )
        return (
            f"LEFT JOIN register_complex k ON k.code = r.id AND k.owner_id = {self.owner.pk} "
            "LEFT JOIN register_complexfacts f ON f.complex_id = k.id "
            f"AND f.owner_id = {self.owner.pk} AND f.replaced_at IS NULL "
            f"LEFT JOIN ({told}) x "
            "ON x.code = COALESCE(r.neighbourhood, f.neighbourhood) "
            f"LEFT JOIN ({told}) y ON y.code = x.parent LEFT JOIN ({told}) z ON z.code = y.parent"
        )


def _carried_columns(table: Table[Any]) -> list[str]:
    """Return the columns of a compared row, by the names that writing knows."""
    own = [each.column for each in cells(table)]
    own += [name for name in ("public_id", "judge_id") if has(table, name)]
    return [*own, "complex_code", "complex_id", "was", "ended", "before", "fate"]


def _ledger(table: Table[Any]) -> str:
    return quoted(table.model._meta.db_table)  # noqa: SLF001


def _ended(table: Table[Any]) -> str:
    """Return 1 for a row whose end the file tells and the register doesn't know."""
    if table.name not in ENDED:
        return "0"
    day = quoted(ENDED[table.name])
    told = f"c.id IS NOT NULL AND c.{day} IS NULL AND n.{day} IS NOT NULL"
    return f"CASE WHEN {told} THEN 1 ELSE 0 END"


def _in_mine(table: Table[Any]) -> str:
    """Join the own complexes; rows about another's drop out."""
    if table.name in {"areas", "complexes"}:
        return ""
    return f"{'LEFT ' if table in _OPEN else ''}JOIN mw_mine m ON m.code = n.complex_code"


def _ours(table: Table[Any]) -> str:
    return "WHERE n.complex_code IS NULL OR m.code IS NOT NULL" if table in _OPEN else ""


def _repeated(table: Table[Any]) -> bool:
    """Whether a file tells of one thing more than once: then the last record counts.

    Reading refused a key that stands twice, unless each was told at its own moment; of homes and
    leases nobody gives a key another name after that.
    """
    if table in _NAMED_ONCE and not _dated(table):
        return False
    key = ", ".join(quoted(source) for _, source in key_columns(table))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM mw_raw_{table.name} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"  # noqa: S608
        )
        return cursor.fetchone() is not None


def _dated(table: Table[Any]) -> bool:
    """Whether a row says when it was recorded."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM mw_raw_{table.name} WHERE recorded_at IS NOT NULL LIMIT 1"  # noqa: S608
        )
        return cursor.fetchone() is not None


def _rename(cursor: CursorWrapper, name: str, column: str, theirs: str, ours: str) -> None:
    cursor.execute(
        f"UPDATE mw_raw_{name} SET {quoted(column)} = %s WHERE {quoted(column)} = %s",  # noqa: S608
        [ours, theirs],
    )


def _unmark(cursor: CursorWrapper, name: str, column: str) -> None:
    cursor.execute(
        f"UPDATE mw_raw_{name} SET {quoted(column)} = substr({quoted(column)}, 2) "  # noqa: S608
        f"WHERE substr({quoted(column)}, 1, 1) = %s",
        [_HAD],
    )


def _rename_scopes(cursor: CursorWrapper, name: str, theirs: str, ours: str) -> None:
    cursor.execute(
        f"UPDATE mw_raw_{name} SET scope = %s || substr(scope, %s) "  # noqa: S608
        "WHERE (scope_kind = 'complex' AND scope = %s) "
        "OR (scope_kind = 'stairwell' AND substr(scope, 1, %s) = %s)",
        [ours, len(theirs) + 1, theirs, len(theirs) + 1, f"{theirs}/"],
    )


def _copy_file(name: str, path: Path, header: Sequence[str]) -> None:
    """Hand a file to PostgreSQL as it is."""
    columns = ", ".join(map(quoted, header))
    way = f"FORMAT csv, HEADER true, FORCE_NULL ({columns})"
    with (
        path.open("rb") as file,
        connection.cursor() as cursor,
        cursor.copy(f"COPY mw_raw_{name} ({columns}) FROM STDIN ({way})") as copy,
    ):
        while block := file.read(1 << 18):
            copy.write(block)


def _execute_file(name: str, path: Path, known: Sequence[str]) -> None:
    columns, places = ", ".join(map(quoted, known)), ", ".join(["NULLIF(%s, '')"] * len(known))
    statement = f"INSERT INTO mw_raw_{name} ({columns}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        rows = _rows_of(path, known)
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(statement, batch)


def _rows_of(path: Path, known: Sequence[str]) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        places = [header.index(name) for name in known]
        if places == list(range(len(header))):
            yield from reader
            return
        for row in reader:
            yield [row[at] for at in places]


def _exists(name: str) -> bool:
    """Whether a temporary table is there."""
    query = (
        "SELECT to_regclass('pg_temp.' || %s) IS NOT NULL"
        if connection.vendor == "postgresql"
        else "SELECT count(*) FROM sqlite_temp_master WHERE name = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [name])
        return bool(cursor.fetchone()[0])
