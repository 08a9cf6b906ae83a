"""Which sheets are in a delivery, and which of our tables does each hold?

The name of a file or sheet tells it, under the words of the profile; where the name tells nothing
(`export_20260101.csv`, `Blad1`) the headers do. What can't be a table is named and left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from mixwijzer.exchange.findings import Finding, Findings, Severity
from mixwijzer.exchange.incoming._maps import area_sheet
from mixwijzer.exchange.incoming._unpacking import unpacked
from mixwijzer.exchange.mappings import Mapped, Profile, translated
from mixwijzer.exchange.tables import (
    META,
    SILENT_SHEETS,
    Chunk,
    Dialect,
    Sheet,
    SourceTrouble,
    WorkbookSheet,
    chunks_of,
    schema,
    sheets_of,
    sheets_through,
    table_called,
    text_of,
)

__all__ = ["Delivery"]

_WORKBOOK, _ZIP = ".xlsx", ".zip"
_CSV = frozenset({".csv", ".txt", ".tsv"})
_MAPS = frozenset({".geojson", ".json"})
_OTHER_EXCEL = frozenset({".xls", ".xlsm", ".xlsb", ".ods"})
_HEAD_ROWS = 30
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNS = (
    (_OLE, "file_old_excel"),
    (b"\x1f\x8b", "file_packed"),
    (b"BZh", "file_packed"),
    (b"\xfd7zXZ", "file_packed"),
    (b"7z\xbc\xaf", "file_packed"),
    (b"PK\x03\x04", "file_packed"),
    (b"%PDF", "file_kind"),
    (b"\x89PNG", "file_kind"),
    (b"\xff\xd8\xff", "file_kind"),
    (b"SQLite format", "file_kind"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery, and where what is unpacked of it may lie for a moment."""

    source: Path
    work: Path
    shapes: Path
    profile: Profile
    mapped: Mapped | None
    findings: Findings
    limits: Mapping[str, Any]

    def sheets(self) -> Iterator[Sheet]:
        """Yield the tables; each must be read out before the next.

        Raises
        ------
        SourceTrouble
            A delivery that can't be opened at all.
        """
        source, kind = self.source, self.source.suffix.lower()
        if self.mapped is not None:
            yield from sheets_through(source, self.mapped.headers, translated(self.mapped))
        elif source.is_dir():
            yield from self._folder(source)
        elif kind == _ZIP:
            yield from self._folder(unpacked(source, self.work, self.limits))
        elif kind == _WORKBOOK:
            yield from self._book(source)
        else:
            yield from self._file(source, alone=True)

    def report(self, code: str, severity: Severity = Severity.ERROR, **where: Any) -> None:
        """Add a finding about a file or sheet."""
        place = {name: where.pop(name, None) for name in ("file", "sheet")}
        self.findings.add(Finding(code=code, severity=severity, facts=where, **place))

    def _folder(self, folder: Path) -> Iterator[Sheet]:
        """Yield the tables of a folder; the one about the delivery itself comes first."""
        files = sorted(folder.iterdir(), key=lambda path: (table_called(path.stem) != META, path))
        for file in files:
            if file.is_symlink() or not file.is_file():
                if not file.name.startswith("."):
                    self.report("file_link", file=file.name)
            elif file.stem.lower() not in SILENT_SHEETS and not file.name.startswith("."):
                yield from self._file(file, alone=False)

    def _file(self, file: Path, *, alone: bool) -> Iterator[Sheet]:
        """Yield the tables of one file; `alone` when it is the whole delivery."""
        kind = file.suffix.lower()
        try:
            if kind in _MAPS:
                yield area_sheet(file, self.shapes, self.findings)
            elif kind in _CSV:
                yield from self._csv(file)
            elif kind in _OTHER_EXCEL or kind == _WORKBOOK:
                self.report("file_old_excel", file=file.name)
            elif alone:
                self.report("file_kind", file=file.name)
            else:
                self.report("table_unknown", Severity.WARNING, file=file.name)
        except SourceTrouble as trouble:
            self.findings.add(Finding(code=trouble.code, file=file.name, facts=trouble.facts))

    def _csv(self, file: Path) -> Iterator[Sheet]:
        with file.open("rb") as opened:
            head = opened.read(16)
        for sign, code in _SIGNS:
            if head.startswith(sign):
                raise SourceTrouble(code)
        readings = self._named(file.stem) or self._guessed(_heads(chunks_of(file, self._known)))
        if not readings:
            self.report("table_unknown", Severity.WARNING, file=file.name)
        for table, dialect in readings:
            chunks = chunks_of(file, _knows(table, dialect))
            yield _sheet(table, file.name, None, chunks, dialect, typed=False)

    def _book(self, file: Path) -> Iterator[Sheet]:
        """Yield the tables of a workbook; what one sheet gives twice is read in a second go."""
        turn, most = 0, 1
        while turn < most:
            for sheet in sheets_of(file):
                if not sheet.hidden and sheet.name.strip().lower() not in SILENT_SHEETS:
                    chunks, readings = self._readings(sheet)
                    most = max(most, len(readings))
                    for table, dialect in readings[turn : turn + 1]:
                        yield _sheet(table, file.name, sheet.name, chunks, dialect, typed=True)
                    if turn == 0:
                        self._special(file, sheet, known=bool(readings))
                elif sheet.hidden and turn == 0:
                    self.report("sheet_hidden", Severity.WARNING, file=file.name, sheet=sheet.name)
            turn += 1

    def _readings(
        self, sheet: WorkbookSheet
    ) -> tuple[Iterator[Chunk], tuple[tuple[str, Dialect], ...]]:
        """Return the rows of a sheet and the tables it holds."""
        chunks = sheet.chunks()
        if readings := self._named(sheet.name):
            return chunks, readings
        first = _heads(chunks)
        return chain(first, chunks), self._guessed(first)

    def _special(self, file: Path, sheet: WorkbookSheet, *, known: bool) -> None:
        """Tell what was special in a sheet, once it has been read out."""
        for _ in sheet.chunks():
            pass
        if not known:
            self.report("table_unknown", Severity.WARNING, file=file.name, sheet=sheet.name)
            return
        where: dict[str, Any] = {"file": file.name, "sheet": sheet.name}
        if sheet.formulas:
            self.report("formula_cached", Severity.NOTE, cells=sheet.formulas, **where)
        if sheet.merged:
            self.report("cells_merged", Severity.WARNING, places=sheet.merged, **where)

    def _named(self, name: str) -> tuple[tuple[str, Dialect], ...]:
        return self.profile.readings(name)

    def _known(self, header: str) -> bool:
        """Whether any table has a column of this header."""
        return any(dialect.columns(table, header) for table, dialect in self.profile.all_readings())

    def _guessed(self, head: list[Chunk]) -> tuple[tuple[str, Dialect], ...]:
        """Return the table whose needed columns are all in one row, with what lies within it.

        Nothing when that isn't one table.
        """
        found: dict[str, tuple[int, Dialect]] = {}
        rows = [row for chunk in head for row in chunk.rows[:_HEAD_ROWS]]
        for table, dialect in self.profile.all_readings():
            for row in rows:
                if table not in found and (known := _fits(table, dialect, row)):
                    found[table] = known, dialect
        beside = {
            table: self.profile.beside(table, dialect) for table, (_, dialect) in found.items()
        }
        within = {table for _, *rest in beside.values() for table, _ in rest}
        whole = {table: known for table, (known, _) in found.items() if table not in within}
        best = max(whole.values(), default=0)
        likely = [beside[table] for table, known in whole.items() if known == best]
        return likely[0] if len(likely) == 1 else ()


def _fits(table: str, dialect: Dialect, row: list[Any]) -> int:
    """Count the columns of a table that a row names; 0 unless all that are needed are there."""
    named = {name for cell in row for name in dialect.columns(table, text_of(cell))}
    needed = {column.name for column in schema()[table] if column.required} - dialect.fixed.keys()
    return len(named) if needed <= named else 0


def _knows(table: str, dialect: Dialect) -> Callable[[str], bool]:
    """Return what tells the headers of a table."""
    return lambda header: bool(dialect.columns(table, header))


def _heads(chunks: Iterator[Chunk]) -> list[Chunk]:
    """Return the first chunks of a sheet: a workbook's end at an empty row."""
    head: list[Chunk] = []
    while sum(len(chunk.rows) for chunk in head) < _HEAD_ROWS and (more := next(chunks, None)):
        head.append(more)
    return head


def _sheet(
    table: str,
    file: str,
    name: str | None,
    chunks: Iterator[Chunk],
    dialect: Dialect,
    *,
    typed: bool,
) -> Sheet:
    return Sheet(table=table, file=file, name=name, typed=typed, chunks=chunks, dialect=dialect)
