"""What would a compared file do? Numbers, samples and everything that doesn't fit, for a person.

A diff holds codes of things and names of columns; values only of columns about buildings and days,
never what links leases of one household.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import bridge
from mixwijzer.web.register.bridge import Table
from mixwijzer.web.register.services.cells import cells, has, key_columns, quoted
from mixwijzer.web.register.services.foreseeing import touched
from mixwijzer.web.register.services.staging import (
    CHANGED,
    ENDED,
    NEW,
    SAME,
    Staging,
    diff_table,
)

__all__ = ["differences", "held_for", "misfits"]

SAMPLES = 5
EXAMPLES = 20
UNTOLD = frozenset({"household", "judge_id", "public_id", "by"})
REFERENCES = (
    ("complexes", "neighbourhood", bridge.AREAS, "code"),
    ("dwellings", "complex", bridge.COMPLEXES, "complex_code"),
    ("tenancies", "dwelling", bridge.DWELLINGS, "code"),
    ("vacancies", "dwelling", bridge.DWELLINGS, "code"),
    ("lettings", "vacancy", bridge.NOTICES, "code"),
    ("roles", "tenancy", bridge.TENANCIES, "code"),
)
IMPOSSIBLE = (
    (bridge.AREAS, "year", "number_outside", "d.year NOT BETWEEN 1900 AND 2200"),
    (bridge.COMPLEXES, "homes", "number_outside", "d.homes NOT BETWEEN 0 AND 20000"),
    (bridge.DWELLINGS, "floor", "number_outside", "d.floor NOT BETWEEN -10 AND 200"),
    (bridge.DWELLINGS, "rooms", "number_outside", "d.rooms NOT BETWEEN 0 AND 99"),
    (bridge.DWELLINGS, "rent", "number_outside", "d.rent NOT BETWEEN 0 AND 99999"),
    (bridge.JUDGEMENTS, "best", "judgement_order", "NOT (d.low <= d.best AND d.best <= d.high)"),
)
Diff = dict[str, Any]


def differences(staging: Staging) -> Diff:
    """Return what the file would do, per table and to complexes and vacancies."""
    owner = staging.owner
    codes = touched(owner, staging.present)
    with connection.cursor() as cursor:
        return {
            "tables": {
                each.name: _of_table(cursor, each, owner)
                | ({"vanished": 0} if each in staging.carried else {})
                for each in staging.present
            },
            "complexes": len(codes),
            "homes": _count(
                cursor,
                f"register_dwelling t WHERE t.owner_id = {owner.pk} AND t.replaced_at IS NULL",
            ),
            "leases": _count(
                cursor,
                f"register_tenancy t WHERE t.owner_id = {owner.pk} AND t.replaced_at IS NULL",
            ),
            "merged": [list(pair) for pair in staging.merged],
        }


def _of_table(cursor: Any, table: Table[Any], owner: Organisation) -> Diff:  # noqa: ANN401
    cursor.execute(
        f"SELECT fate, count(*), sum(ended) FROM {diff_table(table)} GROUP BY fate"  # noqa: S608
    )
    found = {fate: (number, ended or 0) for fate, number, ended in cursor.fetchall()}
    return {
        "new": found.get(NEW, (0, 0))[0],
        "changed": found.get(CHANGED, (0, 0))[0],
        "ended": int(sum(ended for _, ended in found.values())),
        "same": found.get(SAME, (0, 0))[0],
        "vanished": _count(cursor, _vanished(table, owner)),
        "samples": [*_samples(cursor, table)],
    }


def _count(cursor: Any, rest: str) -> int:  # noqa: ANN401
    cursor.execute(f"SELECT count(*) FROM {rest}")  # noqa: S608
    return int(cursor.fetchone()[0])


def _vanished(table: Table[Any], owner: Organisation) -> str:
    """Return the current rows that the file doesn't name; what has ended may be left out."""
    keys = " AND ".join(f"d.{quoted(key)} = t.{quoted(key)}" for key, _ in key_columns(table))
    going = f"AND t.{quoted(ENDED[table.name])} IS NULL" if table.name in ENDED else ""
    absent = f"NOT EXISTS (SELECT 1 FROM {diff_table(table)} d WHERE {keys})"  # noqa: S608
    ledger = quoted(table.model._meta.db_table)  # noqa: SLF001
    return (
        f"{ledger} t WHERE t.owner_id = {owner.pk} AND t.replaced_at IS NULL {going} AND {absent}"
    )


def _samples(cursor: Any, table: Table[Any]) -> Iterator[Diff]:  # noqa: ANN401
    """Yield a few rows that are new or changed, each with what changes."""
    names = [each.column for each in cells(table) if each.column not in UNTOLD]
    code = _name_of(table)
    told = ", ".join(f"d.{quoted(name)}, c.{quoted(name)}" for name in names)
    ledger = quoted(table.model._meta.db_table)  # noqa: SLF001
    for fate, word in ((NEW, "new"), (CHANGED, "changed")):
        cursor.execute(
            f"SELECT {code}, {told} FROM {diff_table(table)} d "  # noqa: S608
            f"LEFT JOIN {ledger} c ON c.id = d.before WHERE d.fate = {fate} "
            f"ORDER BY {code} LIMIT {SAMPLES}"
        )
        for row in cursor.fetchall():
            pairs = zip(names, row[1::2], row[2::2], strict=True)
            changes = [
                [name, _shown(before), _shown(after)]
                for name, after, before in pairs
                if fate == CHANGED and after != before
            ]
            yield {"kind": word, "code": str(row[0]), "changes": changes}


def _name_of(table: Table[Any]) -> str:
    if table is bridge.COMPLEXES:
        return "d.complex_code"
    if has(table, "code"):
        return "d.code"
    return {
        "judgements": "d.scope_code",
        "counts": "d.scope_code",
        "lettings": "d.notice",
        "roles": "d.tenancy",
    }[table.name]


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def misfits(staging: Staging) -> Iterator[Finding]:
    """Yield what can't be so: a reference to nothing, an end before its start."""
    yield from _of_others(staging)
    yield from _nowhere(staging)
    yield from _nearly_known(staging)
    yield from _uncounted(staging)
    for table, column, code, wrong in IMPOSSIBLE:
        if table not in staging.present:
            continue
        with connection.cursor() as cursor:
            name = _name_of(table)
            cursor.execute(
                f"SELECT {name} FROM {diff_table(table)} d WHERE {wrong} "  # noqa: S608
                f"ORDER BY {name} LIMIT {EXAMPLES}"
            )
            found = [str(value) for (value,) in cursor.fetchall()]
        for value in found:
            yield Finding(code=code, sheet=table.name, column=column, value=value)


def _uncounted(staging: Staging) -> Iterator[Finding]:
    """Yield a warning per role that no account counts: it isn't one of the categories any more."""
    if bridge.ROLES not in staging.present:
        return
    known = {
        name
        for scheme in bridge.assumptions(staging.day).schemes.values()
        for name in scheme.categories
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT role FROM {diff_table(bridge.ROLES)} ORDER BY 1")  # noqa: S608
        told = [str(role) for (role,) in cursor.fetchall()]
    for role in [each for each in told if each not in known][:EXAMPLES]:
        yield Finding(
            code="role_uncounted",
            severity=Severity.WARNING,
            sheet="roles",
            column="role",
            value=role,
        )


def _of_others(staging: Staging) -> Iterator[Finding]:
    """Yield how many complexes are somebody else's; where none is ours, the code must be wrong."""
    if bridge.COMPLEXES not in staging.present:
        return
    with connection.cursor() as cursor:
        theirs, all_of_them = "r.owner IS NOT NULL AND r.owner <> %s", "mw_raw_complexes r"
        cursor.execute(
            f"SELECT count(*), sum(CASE WHEN {theirs} THEN 1 ELSE 0 END) FROM {all_of_them}",  # noqa: S608
            [staging.owner.code],
        )
        number, others = cursor.fetchone()
    if others:
        yield Finding(
            code="owner_other",
            severity=Severity.ERROR if others == number else Severity.WARNING,
            sheet="complexes",
            column="owner",
            facts={"complexes": int(others), "owner": staging.owner.code},
        )


def _nearly_known(staging: Staging) -> Iterator[Finding]:
    """Yield new numbers that differ from a known one in zeros in front or capitals only.

    A spreadsheet takes such zeros away; the one with zeros then isn't in the file.
    """
    owner = staging.owner.pk
    for table in (bridge.COMPLEXES, bridge.DWELLINGS):
        if table not in staging.present:
            continue
        code, diff = _name_of(table).removeprefix("d."), diff_table(table)
        ledger = "register_complex" if table is bridge.COMPLEXES else "register_dwelling"
        now = "" if table is bridge.COMPLEXES else "AND t.replaced_at IS NULL"
        absent = f"NOT EXISTS (SELECT 1 FROM {diff} d WHERE d.{code} = t.code)"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH known AS MATERIALIZED (SELECT {_bare('t.code')} AS bare "  # noqa: S608
                f"FROM {ledger} t WHERE t.owner_id = {owner} {now} AND {absent}) "
                f"SELECT d.{code} FROM {diff} d WHERE d.fate = {NEW} "
                f"AND {_bare(f'd.{code}')} IN (SELECT bare FROM known) ORDER BY 1 LIMIT {EXAMPLES}"
            )
            found = [str(value) for (value,) in cursor.fetchall()]
        for value in found:
            yield Finding(
                code="nearly_known",
                severity=Severity.WARNING,
                sheet=table.name,
                column="id",
                value=value,
            )


def _bare(code: str) -> str:
    """Return a number without what a spreadsheet or a hand may change in it."""
    return f"lower(ltrim({code}, '0'))"


def _nowhere(staging: Staging) -> Iterator[Finding]:
    """Yield what the file refers to and nobody knows: neither the file nor the register."""
    present = {each.name for each in staging.present if each not in staging.carried}
    for name, column, target, key in REFERENCES:
        if name not in present:
            continue
        unknown = _unknown(staging, name, column, target, key)
        with connection.cursor() as cursor:
            number = _count(cursor, unknown)
            if not number:
                continue
            cursor.execute(
                f"SELECT DISTINCT r.{quoted(column)} FROM {unknown} ORDER BY 1 LIMIT {EXAMPLES}"  # noqa: S608
            )
            for (value,) in cursor.fetchall():
                yield Finding(
                    code="area_unknown" if target is bridge.AREAS else "reference_missing",
                    severity=Severity.ERROR,
                    sheet=name,
                    column=column,
                    value=value,
                    facts={"target": target.name},
                )


def _unknown(staging: Staging, name: str, column: str, target: Table[Any], key: str) -> str:
    """Return the rows of a file whose reference is in neither file nor register."""
    owner = staging.owner.pk
    told = f"r.{quoted(column)}"
    places = [_in_register(target, owner, told)]
    if target in staging.present:
        source = "id" if target is not bridge.AREAS else "code"
        places.append(f"SELECT 1 FROM mw_raw_{target.name} s WHERE s.{source} = {told}")  # noqa: S608
    missing = " AND ".join(f"NOT EXISTS ({place})" for place in places)
    return f"mw_raw_{name} r WHERE {told} IS NOT NULL AND {missing}"


def _in_register(target: Table[Any], owner: int, told: str) -> str:
    if target is bridge.COMPLEXES:
        return f"SELECT 1 FROM register_complex k WHERE k.owner_id = {owner} AND k.code = {told}"  # noqa: S608
    ledger = quoted(target.model._meta.db_table)  # noqa: SLF001
    return (
        f"SELECT 1 FROM {ledger} t WHERE t.owner_id = {owner} AND t.replaced_at IS NULL "  # noqa: S608
        f"AND t.code = {told}"
    )


def held_for(diff: Mapping[str, Any], *, day: date, older: bool) -> Sequence[str]:
    """Return which guard rails an unattended import would break; none means: go on."""
    norms, tables = bridge.norms(), diff["tables"]
    homes, leases = tables.get("dwellings", {}), tables.get("tenancies", {})
    first = not diff["homes"]
    broken = []
    if (
        not first
        and homes
        and _share(homes["new"] + homes["changed"], diff["homes"])
        > norms.number("import.changed_homes", day)
    ):
        broken.append("changed_homes")
    if homes and homes["vanished"] > norms.number("import.vanished_homes", day):
        broken.append("vanished_homes")
    if leases and _share(leases["ended"], diff["leases"]) > norms.number(
        "import.ended_leases", day
    ):
        broken.append("ended_leases")
    return [*broken, *(["first_time"] if first else []), *(["older_data"] if older else [])]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float(part > 0)
