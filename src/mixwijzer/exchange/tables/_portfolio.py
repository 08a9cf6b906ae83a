"""From tables as read to one portfolio: files found, codes restored, rows built, checks made."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.portfolio import Channel, Portfolio, ScopeKind
from mixwijzer.exchange.areas import CodeTrouble, area_code, meant_area
from mixwijzer.exchange.check import Located, check
from mixwijzer.exchange.findings import Finding, Findings, Severity
from mixwijzer.exchange.schemes import known_categories
from mixwijzer.exchange.tables import _delimited, _workbook
from mixwijzer.exchange.tables._reading import TableRead, read_sheet
from mixwijzer.exchange.tables._schema import DESCRIPTION, META, column_called, schema, table_called
from mixwijzer.exchange.tables._shapes import SHAPES, schemes_of_rows
from mixwijzer.exchange.tables._source import CHUNK, Cell, Chunk, Sheet, SourceTrouble

__all__ = ["SILENT_SHEETS", "Reading", "read", "read_rows", "read_sheets"]

_WORKBOOK, _CSV = ".xlsx", frozenset({".csv", ".txt", ".tsv"})
_OTHER_EXCEL = frozenset({".xls", ".xlsm", ".xlsb", ".ods"})
SILENT_SHEETS = frozenset(
    {DESCRIPTION, "synthetisch", "uitleg", "toelichting", "leesmij", "readme"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came out of a folder or workbook.

    Parameters
    ----------
    portfolio
        The portfolio; None when a finding is an error.
    findings
        Everything that is wrong or worth knowing, as it was met.
    dropped
        Filled cells that were left out, by kind of refused attribute or `unknown` [cells].
    note
        The note that the file carries.
    """

    portfolio: Portfolio | None
    findings: tuple[Finding, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


def read(path: str | Path) -> Reading:
    """Read a portfolio from a folder of CSV files or an Excel workbook.

    Bad content never raises: it becomes findings.
    """
    findings, place = Findings(), Path(path)
    return _reading(_sheets(place, findings), findings, place.name)


def read_sheets(sheets: Iterable[Sheet], name: str) -> Reading:
    """Read a portfolio from tables that were found elsewhere; `name` is what they are called."""
    return _reading(sheets, Findings(), name)


def read_rows(tables: Mapping[str, Iterable[Mapping[str, Cell]]]) -> Reading:
    """Read a portfolio from rows in memory, each a mapping of header to cell.

    They pass the same checks as a file; a row's number in a finding counts from 2, as it would
    under a header.
    """
    findings = Findings()
    return _reading(_sheets_of_rows(tables, findings), findings, "")


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the cycle collector from walking a million rows again and again; none has a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collector()
def _reading(sheets: Iterable[Sheet], findings: Findings, name: str) -> Reading:
    """Read every sheet, build the portfolio, check it."""
    dropped = Counter[str]()
    tables: dict[str, TableRead] = {}
    for sheet in sheets:
        if sheet.table in tables:
            _report(findings, "table_twice", file=sheet.file, sheet=sheet.name, table=sheet.table)
        else:
            tables[sheet.table] = read_sheet(sheet, findings, dropped)
    portfolio = _portfolio(tables, findings)
    located = {table: _located(each) for table, each in tables.items()}
    if not findings.has_errors() and not tables:
        _report(findings, "nothing_found", file=name)
    for finding in check(portfolio, located=located):
        findings.add(finding)
    return Reading(
        portfolio=None if findings.has_errors() else portfolio,
        findings=tuple(findings),
        dropped=dict(dropped),
        note=_meta(tables, "note") or "",
    )


def _sheets_of_rows(
    tables: Mapping[str, Iterable[Mapping[str, Cell]]], findings: Findings
) -> Iterator[Sheet]:
    for name, given in tables.items():
        table, rows = table_called(name), list(given)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        if table is None:
            _report(findings, "table_unknown", severity=Severity.WARNING, file=name)
        elif headers:
            lines = [list[Cell](headers), *([row.get(each) for each in headers] for row in rows)]
            chunks = (
                Chunk(first_row=1 + start, rows=lines[start : start + CHUNK])
                for start in range(0, len(lines), CHUNK)
            )
            yield Sheet(table=table, file=name, name=None, typed=True, chunks=chunks)


def _report(findings: Findings, code: str, **where: Any) -> None:
    """Add a finding about a file as a whole."""
    severity = where.pop("severity", Severity.ERROR)
    place = {name: where.pop(name, None) for name in ("file", "sheet", "row", "column", "value")}
    findings.add(Finding(code=code, severity=severity, facts=where, **place))


def _sheets(path: Path, findings: Findings) -> Iterator[Sheet]:
    """Yield the tables of a folder or workbook; what can't be one is reported."""
    try:
        if path.is_dir():
            yield from _folder(path, findings)
        elif not path.exists():
            _report(findings, "file_missing", file=path.name)
        elif path.suffix.lower() == _WORKBOOK:
            yield from _book(path, findings)
        elif path.suffix.lower() in _OTHER_EXCEL:
            _report(findings, "file_old_excel", file=path.name)
        else:
            _report(findings, "file_kind", file=path.name)
    except SourceTrouble as trouble:
        _report(findings, trouble.code, file=path.name, **trouble.facts)
    except OSError as error:  # the folder itself; of a file its reader tells
        _report(findings, "file_unreadable", file=path.name, reason=error.strerror or "")


def _folder(path: Path, findings: Findings) -> Iterator[Sheet]:
    for file in sorted(path.iterdir()):
        suffix = file.suffix.lower()
        table = table_called(file.stem)
        if suffix in _OTHER_EXCEL or (suffix == _WORKBOOK and table):
            _report(findings, "file_old_excel", file=file.name)
        elif suffix not in _CSV or file.stem.lower() in SILENT_SHEETS:
            continue
        elif table is None:
            _report(findings, "table_unknown", severity=Severity.WARNING, file=file.name)
        else:
            chunks = _delimited.chunks_of(file, _knows(table))
            yield Sheet(table=table, file=file.name, name=None, typed=False, chunks=chunks)


def _knows(table: str) -> Callable[[str], bool]:
    """Return what tells the headers of a table."""
    return lambda header: column_called(table, header) is not None


def _book(path: Path, findings: Findings) -> Iterator[Sheet]:
    for sheet in _workbook.sheets_of(path):
        table = table_called(sheet.name)
        if sheet.hidden:
            where = {"file": path.name, "sheet": sheet.name, "severity": Severity.WARNING}
            _report(findings, "sheet_hidden", **where)
        elif table is not None:
            chunks = sheet.chunks()
            yield Sheet(table=table, file=path.name, name=sheet.name, typed=True, chunks=chunks)
            if sheet.formulas:
                _report(
                    findings,
                    "formula_cached",
                    severity=Severity.NOTE,
                    file=path.name,
                    sheet=sheet.name,
                    cells=sheet.formulas,
                )
        elif sheet.name.strip().lower() not in SILENT_SHEETS:
            _report(
                findings,
                "table_unknown",
                severity=Severity.WARNING,
                file=path.name,
                sheet=sheet.name,
            )


def _located(table: TableRead) -> Located:
    return Located(
        file=table.file,
        sheet=table.sheet,
        row_numbers=table.row_numbers,
        incomplete=table.incomplete,
    )


def _meta(tables: Mapping[str, TableRead], column: str) -> Any:  # noqa: ANN401 - as in the file
    """Return the one value of a column of the table `portfolio`."""
    values = tables[META].columns.get(column) if META in tables else None
    return values[0] if values else None


def _portfolio(tables: dict[str, TableRead], findings: Findings) -> Portfolio:
    """Build the portfolio of what could be read."""
    _restore_codes(tables, findings)
    schemes = _schemes(tables["schemes"], findings) if _usable(tables, "schemes") else []
    rows = {
        name: tuple(shape.rows(_own(tables[name]), len(tables[name].row_numbers)))
        for name, shape in SHAPES.items()
        if _usable(tables, name)
    }
    if "channels" in rows:
        told = tables["channels"]
        rows["channels"] = _with_shares(rows["channels"], schemes, told, findings)
    data_date: date | None = _meta(tables, "data_date")
    marked = any(table.marked_synthetic for table in tables.values())
    return Portfolio(
        **rows,
        schemes=tuple(schemes),
        data_date=data_date,
        synthetic=bool(_meta(tables, "synthetic")) or marked,
    )


def _usable(tables: Mapping[str, TableRead], name: str) -> bool:
    """Whether a table is there with all the columns its rows need."""
    if name not in tables:
        return False
    needed = {column.name for column in schema()[name] if column.required}
    return needed <= tables[name].columns.keys()


def _own(table: TableRead) -> dict[str, list[Any]]:
    """Return the columns of which rows are built."""
    return {name: each for name, each in table.columns.items() if name != "shares"}


def _with_shares(
    channels: tuple[Channel, ...],
    schemes: list[Scheme],
    table: TableRead,
    findings: Findings,
) -> tuple[Channel, ...]:
    """Put each channel's shares in the order of its scheme."""
    known = known_categories(schemes)
    complete = []
    for index, channel in enumerate(channels):
        shares = dict(table.columns["shares"][index])
        categories = known.get(channel.scheme, tuple(shares))
        _report_strange(findings, table, index, "shares", (tuple(shares), categories))
        ordered = tuple(shares.get(category, Decimal(0)) for category in categories)
        complete.append(replace(channel, shares=ordered))
    return tuple(complete)


def _schemes(table: TableRead, findings: Findings) -> list[Scheme]:
    """Build the schemes; rates from or to a category they don't have are reported."""
    schemes = schemes_of_rows(table.columns)
    categories = {scheme.name: scheme.categories for scheme in schemes}
    for column in ("drift", "confusion"):
        for index, pairs in enumerate(table.columns.get(column, ())):
            own = categories[table.columns["scheme"][index]]
            named = tuple(name for name, _ in pairs or ())
            _report_strange(findings, table, index, column, (named, own))
    return schemes


def _report_strange(
    findings: Findings,
    table: TableRead,
    index: int,
    column: str,
    named_and_known: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    """Report a category that is named and not known."""
    named, known = named_and_known
    for category in named:
        if category not in known:
            _report(
                findings,
                "category_missing",
                file=table.file,
                sheet=table.sheet,
                row=table.row_numbers[index],
                column=column,
                value=category,
                scheme=table.columns["scheme"][index],
            )


def _restore_codes(tables: dict[str, TableRead], findings: Findings) -> None:
    """Write area codes as they should have been, where a spreadsheet took something off."""
    areas = tables.get("areas")
    if areas is None or not _usable(tables, "areas"):
        return
    codes, kinds = areas.columns["code"], areas.columns["kind"]
    for index, (code, kind) in enumerate(zip(codes, kinds, strict=True)):
        codes[index] = _restored(areas, index, code, kind, findings)
    known = frozenset(codes)
    for name, column in _AREA_COLUMNS:
        if name in tables and column in tables[name].columns:
            values = tables[name].columns[column]
            meant = {value: meant_area(value, known) for value in set(values) - known if value}
            if meant:
                tables[name].columns[column] = [meant.get(value, value) for value in values]


_AREA_COLUMNS = tuple(
    (table, column.name)
    for table, columns in schema().items()
    for column in columns
    if column.type in ("ref:areas", "scope", "setter")
)


def _restored(areas: TableRead, index: int, code: str, kind: ScopeKind, findings: Findings) -> str:
    try:
        return area_code(code, kind)
    except CodeTrouble as trouble:
        _report(
            findings,
            trouble.code,
            file=areas.file,
            sheet=areas.sheet,
            row=areas.row_numbers[index],
            column="code",
            value=code,
            **trouble.facts,
        )
        return code
