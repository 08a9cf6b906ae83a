"""From the rows of a sheet to columns of values, with everything that is wrong on the way.

Which row is the header, which column is which, what may not come in, what each cell means. Nothing
stops at the first trouble; a row that misses something it needs is left out of the cross-checks.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mixwijzer.engine.errors import Fact
from mixwijzer.exchange.findings import Finding, Findings, Severity, shortened
from mixwijzer.exchange.refused import kind_of_header, kind_of_values, personal_in, plain_words
from mixwijzer.exchange.tables._cells import CellReader, Trouble, day_of, reader_for
from mixwijzer.exchange.tables._schema import MARK, Column, enum_words, schema
from mixwijzer.exchange.tables._source import FORMULA, UNMAPPED, Cell, Chunk, Sheet, SourceTrouble

__all__ = ["SheetReading", "TableRead", "read_sheet", "text_of"]

_HEAD_ROWS = 30
_SAMPLE = 1_000
_TOTALS = frozenset(
    written + mark
    for word in ("totaal", "total", "eindtotaal", "som", "subtotaal", "grand total")
    for written in (word, word.capitalize(), word.upper())
    for mark in ("", ":")
)
_TOTAL = re.compile(r"^(?:sub|eind)?totaal\b|^(?:sub|grand )?total\b", re.IGNORECASE | re.MULTILINE)
_LONGEST_HEADER = 40
_LONGEST_NUMBER = 40
_FIRST_OF_16_DIGITS = 10**15


@dataclass(slots=True)
class TableRead:
    """A table as it was read: values per column, and where each row stood.

    `incomplete` says that rows were left out, so that what points at them isn't called missing;
    `day_below` is the day of the data that a remark below the rows tells.
    """

    table: str
    file: str
    sheet: str | None
    columns: dict[str, list[Any]] = field(default_factory=dict)
    row_numbers: array[int] = field(default_factory=lambda: array("L"))
    incomplete: bool = False
    marked_synthetic: bool = False
    day_below: date | None = None


@dataclass(slots=True)
class _Dropped:
    """A column that doesn't come in: how many filled cells, and a sample to tell its kind by."""

    header: str
    kind: str | None
    filled: int = 0
    sample: list[str] = field(default_factory=list)


def read_sheet(sheet: Sheet, findings: Findings, dropped: Counter[str]) -> TableRead:
    """Read one table; what is wrong goes to `findings`, what stays out is counted in `dropped`."""
    reading = SheetReading(sheet, findings, dropped)
    try:
        reading.read()
    except SourceTrouble as trouble:
        reading.report(trouble.code, facts=trouble.facts)
        reading.out.incomplete = True
    except OSError as error:
        reading.report("file_unreadable", facts={"reason": error.strerror or ""})
        reading.out.incomplete = True
    return reading.out


class SheetReading:
    """The state of reading one sheet."""

    def __init__(self, sheet: Sheet, findings: Findings, dropped: Counter[str]) -> None:
        self.sheet, self.findings, self.dropped = sheet, findings, dropped
        self.out = TableRead(sheet.table, sheet.file, sheet.name)
        self.width = 0
        self.readers: list[tuple[int, CellReader]] = []
        self.outside: dict[int, _Dropped] = {}
        self.key_samples: dict[str, list[str]] = {}
        self.bad_rows: set[int] = set()
        self.ended = False
        self.bucketed: Counter[str] = Counter()
        self.titles: dict[str, str] = {}  # how the source calls our columns, when that is its own

    def report(
        self,
        code: str,
        severity: Severity = Severity.ERROR,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        facts: Mapping[str, Fact] | None = None,
    ) -> None:
        """Add a finding about this sheet."""
        self.findings.add(
            Finding(
                code=code,
                severity=severity,
                file=self.sheet.file,
                sheet=self.sheet.name,
                row=row,
                column=self.titles.get(column, column) if column else None,
                value=value,
                facts=facts or {},
            )
        )

    def read(self) -> None:
        """Read header and rows, then settle what only the whole column could tell."""
        below = self._under_header(iter(self.sheet.chunks))
        for chunk in below:
            if self.width:  # none for a table within another that isn't there after all
                self._rows(chunk)
        if self.width:
            self._settle()
            self._leave_out()
            self._count_dropped()

    def _under_header(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """Take the row that names most columns, among the first rows; yield the rows under it."""
        head: list[Chunk] = []
        while sum(len(chunk.rows) for chunk in head) < _HEAD_ROWS and (more := next(chunks, None)):
            head.append(more)  # a workbook's chunks end at an empty row
        places = [(chunk, at) for chunk in head for at in range(len(chunk.rows))][:_HEAD_ROWS]
        known = [self._known_headers(chunk.rows[at]) for chunk, at in places]
        if not any(known) and self.sheet.dialect.distinct:
            return
        if not any(known):
            self.report("header_missing", facts={"table": self.sheet.table})
            self.out.incomplete = True
            return
        chunk, at = places[known.index(max(known))]
        self._map_columns([text_of(cell) for cell in chunk.rows[at]], chunk.first_row + at)
        yield Chunk(first_row=chunk.first_row + at + 1, rows=chunk.rows[at + 1 :])
        yield from head[head.index(chunk) + 1 :]
        yield from chunks

    def _known_headers(self, row: list[Cell]) -> int:
        columns = self.sheet.dialect.columns
        return sum(bool(columns(self.sheet.table, text_of(cell))) for cell in row)

    def _map_columns(self, header: list[str], row: int) -> None:
        """Decide what every column is: one of ours, the mark, or outside."""
        while header and not header[-1].strip():
            header.pop()
        self.width = len(header)
        places = self._places(header, row)
        fixed, distinct = self.sheet.dialect.fixed, self.sheet.dialect.distinct
        needed = {column.name for column in schema()[self.sheet.table] if column.required}
        if distinct and not needed <= places.keys() | fixed.keys():
            self.width = 0
            return
        if self.sheet.dialect.headers:
            self.titles = {name: header[at].strip() for name, at in places.items()}
        for column in schema()[self.sheet.table]:
            if column.name in places:
                self._open(column, places[column.name])
            elif column.required and column.name not in fixed:
                self.report("column_missing", row=row, column=column.name)
                self.out.incomplete = True

    def _places(self, header: list[str], row: int) -> dict[str, int]:
        """Return where each column stands; of what may go by several headers the best is taken."""
        places: dict[str, int] = {}
        for position, title in enumerate(header):
            names = self.sheet.dialect.columns(self.sheet.table, title)
            if not names and not self._is_elsewhere(title):
                self.outside[position] = _Dropped(title.strip(), kind_of_header(title))
            for name in names:
                if name not in places or self._goes_before(name, title, header[places[name]]):
                    places[name] = position
                elif not self._goes_before(name, header[places[name]], title):
                    told = title.strip() if self.sheet.dialect.headers else name
                    self.report("header_twice", row=row, column=told)
        return places

    def _is_elsewhere(self, title: str) -> bool:
        """Whether another table takes this column from the same rows, or tells of it."""
        dialect = self.sheet.dialect
        return dialect.distinct or plain_words(title) in dialect.elsewhere

    def _goes_before(self, name: str, title: str, other: str) -> bool:
        """Whether a header is a better one for a column than another, by the dialect's order."""
        words = self.sheet.dialect.headers.get(name, ())
        order = [
            words.index(each) if (each := plain_words(text)) in words else len(words)
            for text in (title, other)
        ]
        return order[0] < order[1]

    def _open(self, column: Column, position: int) -> None:
        self.readers.append((position, reader_for(column, typed=self.sheet.typed)))
        self.out.columns[column.name] = []
        if column.kind in ("id", "ref", "text"):
            self.key_samples[column.name] = []

    def _rows(self, chunk: Chunk) -> None:
        """Read a chunk: make it rectangular, leave out empty rows and totals, read each column."""
        numbers, rows = self._filled(chunk)
        if not rows:
            return
        start = len(self.out.row_numbers)
        self.out.row_numbers.extend(numbers)
        columns = list(zip(*rows, strict=True))
        for position, reader in self.readers:
            cells = columns[position]
            if self.sheet.typed and reader.column.kind == "bag":
                self._warn_rounded(cells, start)
            self._column(reader, self._translated(reader, self._as_text(reader, cells)), start)
        for position, column in self.outside.items():
            self._outside(column, list(map(text_of, columns[position])))

    def _warn_rounded(self, cells: tuple[Any, ...], start: int) -> None:
        """Warn of 16 digits kept as a number: a spreadsheet keeps 15 and makes the last one 0."""
        for index, cell in enumerate(cells):
            if isinstance(cell, int | float) and cell >= _FIRST_OF_16_DIGITS and cell % 10 == 0:
                row = self.out.row_numbers[start + index]
                value = str(int(cell))
                self.report("bag_rounded", Severity.WARNING, row=row, column="bag_id", value=value)

    def _as_text(self, reader: CellReader, cells: tuple[Any, ...]) -> tuple[str, ...]:
        if not self.sheet.typed:
            return cells
        written = _number_text if reader.column.kind in _NUMERIC else text_of
        return tuple(cell if type(cell) is str else written(cell) for cell in cells)

    def _translated(self, reader: CellReader, cells: tuple[str, ...]) -> tuple[str, ...]:
        """Put our words in the place of the source's."""
        words, empty = self.sheet.dialect.values.get(reader.column.name), self.sheet.dialect.empty
        if words is None and not empty:
            return cells
        own = enum_words(reader.column.of) if reader.column.kind == "enum" else {}
        told = {cell: _word(cell, words or {}, empty, own) for cell in set(cells)}
        strange = {cell for cell in told if words and _is_strange(cell, words, empty, own)}
        self.bucketed[reader.column.name] += (
            sum(cell in strange for cell in cells) if strange else 0
        )
        return tuple(told[cell] for cell in cells)

    def _column(self, reader: CellReader, cells: tuple[str, ...], start: int) -> None:
        """Read the cells of one column and say what is wrong with them."""
        sample = self.key_samples.get(reader.column.name)
        if sample is not None and len(sample) < _SAMPLE:
            sample.extend(cells[:_SAMPLE])
        values = reader.chunk(cells)
        if reader.troubled:
            for index, value in enumerate(values):
                if type(value) is Trouble:
                    self._bad_cell(reader.column, value, cells[index], start + index)
                    values[index] = value.instead
        empty = "" if reader.column.kind == "text" else None
        fixed = self.sheet.dialect.fixed.get(reader.column.name)
        if reader.column.required and not fixed and empty in values:
            for index, value in enumerate(values):
                if value == empty and start + index not in self.bad_rows:
                    self._missing(reader.column, start + index)
        self.out.columns[reader.column.name].extend(values)

    def _bad_cell(self, column: Column, trouble: Trouble, cell: str, index: int) -> None:
        secret = trouble.code == "personal_text" or cell == FORMULA or personal_in(cell[:_SAMPLE])
        self.report(
            trouble.code,
            trouble.severity,
            row=self.out.row_numbers[index],
            column=column.name,
            value=None if secret else shortened(cell) or None,
            facts=trouble.facts,
        )
        if column.required and trouble.severity is Severity.ERROR:
            self.bad_rows.add(index)

    def _missing(self, column: Column, index: int) -> None:
        self.report("value_missing", row=self.out.row_numbers[index], column=column.name)
        self.bad_rows.add(index)

    def _outside(self, column: _Dropped, cells: list[str]) -> None:
        filled = [cell for cell in cells if cell.strip()]
        column.filled += len(filled)
        if len(column.sample) < _SAMPLE:
            column.sample.extend(filled[:_SAMPLE])
        if column.header == MARK and any(cell == "yes" for cell in filled):
            self.out.marked_synthetic = True

    def _filled(self, chunk: Chunk) -> tuple[Any, list[Any]]:
        """Return the rows that hold something, all of one width, with their numbers."""
        rows = chunk.rows
        numbers: Any = range(chunk.first_row, chunk.first_row + len(rows))
        if set(map(len, rows)) != {self.width}:
            rows = [self._squared(row, number) for row, number in zip(rows, numbers, strict=True)]
        if self._look_again([row[0] for row in rows]):
            kept = [
                (number, row)
                for number, row in zip(numbers, rows, strict=True)
                if self._counts(row, number)
            ]
            numbers, rows = [number for number, _ in kept], [row for _, row in kept]
        return numbers, rows

    def _look_again(self, firsts: list[Any]) -> bool:
        """Whether a row may be empty, a total or the foot, by its first cell."""
        if self.sheet.dialect.ends or self.sheet.dialect.skips:
            return True
        if self.sheet.typed:
            firsts = [text_of(cell) for cell in firsts]
        if not all(map(str.strip, firsts)) or not _TOTALS.isdisjoint(firsts):
            return True
        return _TOTAL.search("\n".join(firsts)) is not None

    def _squared(self, row: list[Any], number: int) -> list[Any]:
        if any(text_of(cell).strip() for cell in row[self.width :]):
            self.report("row_too_long", row=number, facts={"columns": self.width})
        blank = None if self.sheet.typed else ""
        return row[: self.width] + [blank] * (self.width - len(row))

    def _counts(self, row: list[Any], number: int) -> bool:
        """Whether a row is neither empty nor a total, nor below the rows."""
        if self._below(row, number) or self._skipped(row, number):
            return False
        if _is_total(row):
            self.report("total_skipped", Severity.NOTE, row=number)
            return False
        return any(text_of(cell).strip() for cell in row)

    def _below(self, row: list[Any], number: int) -> bool:
        """Whether the foot of the table has begun; it is told once."""
        if not self.ended and self.sheet.dialect.is_end(text_of(row[0])):
            self.ended = True
            self.report("foot_skipped", Severity.NOTE, row=number)
        if self.ended and self.sheet.dialect.dated and self.out.day_below is None:
            self.out.day_below = day_of(self.sheet.dialect.day_told([*map(text_of, row)]))
        return self.ended

    def _skipped(self, row: list[Any], number: int) -> bool:
        """Whether the profile says that this row is about nothing here."""
        skips = self.sheet.dialect.skips
        if not skips or plain_words(text_of(row[0])) not in skips:
            return False
        self.report("row_skipped", Severity.NOTE, row=number)
        return True

    def _settle(self) -> None:
        """Let each column decide what it could not say of a cell alone."""
        for _, reader in self.readers:
            name = reader.column.name
            if reader.troubled:
                values = reader.settled(self.out.columns[name])
                for index, value in enumerate(values):
                    if type(value) is Trouble:
                        self._bad_cell(reader.column, value, value.cell, index)
                        values[index] = None
                self.out.columns[name] = values
            if self.bucketed[name]:
                self.report(
                    "values_unlisted",
                    Severity.WARNING,
                    column=name,
                    facts={"cells": self.bucketed[name]},
                )
            if kind_of_values(self.key_samples.get(name, ())) == "bsn":
                self.report("bsn_column", column=name)

    def _leave_out(self) -> None:
        """Leave out rows that miss something they need."""
        if not self.bad_rows:
            return
        self.out.incomplete = True
        bad = self.bad_rows
        for name, values in self.out.columns.items():
            self.out.columns[name] = [v for i, v in enumerate(values) if i not in bad]
        kept = (number for i, number in enumerate(self.out.row_numbers) if i not in bad)
        self.out.row_numbers = array("L", kept)

    def _count_dropped(self) -> None:
        """Count what stays out, and name only what may be named."""
        for column in self.outside.values():
            if column.header == MARK:
                continue
            kind = column.kind or kind_of_values(column.sample)
            if column.filled:
                self.dropped[kind or "unknown"] += column.filled
            if kind == "bsn":
                self.report("bsn_column", facts={"dropped": column.filled})
            elif kind is not None:
                self.report(
                    "column_refused",
                    Severity.WARNING,
                    facts={"kind": kind, "dropped": column.filled},
                )
            elif column.header or column.filled:
                name = column.header if _looks_like_header(column.header) else None
                self.report(
                    "column_unknown",
                    Severity.WARNING,
                    column=name,
                    facts={"dropped": column.filled},
                )


_NUMERIC = frozenset("int storey decimal float percent share latitude longitude".split())


def text_of(cell: Cell) -> str:
    """Return a cell as a person would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _number_text(cell: Cell) -> str:
    """Return a number so that its point can only be a decimal sign."""
    if not isinstance(cell, float) or cell.is_integer():
        return text_of(cell)
    text = format(Decimal(repr(cell)), "f")
    if len(text) > _LONGEST_NUMBER:
        return repr(cell)
    return text + "0" if len(text.partition(".")[2]) == 3 else text


def _word(
    cell: str, words: Mapping[str, str], empty: frozenset[str], own: Mapping[str, object]
) -> str:
    """Return our word for a cell; the cell itself where there is none."""
    text = cell.strip()
    if not text or text in empty:
        return ""
    plain = plain_words(text)
    return words.get(plain, cell if plain in own else words.get("*", cell)) if words else cell


def _is_strange(
    cell: str, words: Mapping[str, str], empty: frozenset[str], own: Mapping[str, object]
) -> bool:
    """Whether a cell went into the bucket for words that the profile doesn't list."""
    text, plain = cell.strip(), plain_words(cell)
    listed = not text or text in empty or plain in words or plain in own
    return not listed and words.get("*", UNMAPPED) != UNMAPPED


def _is_total(row: list[Any]) -> bool:
    """Whether a row adds others up: its first cell says so, with or without of what."""
    return row[0] in _TOTALS or _TOTAL.match(text_of(row[0]).strip()) is not None


def _looks_like_header(title: str) -> bool:
    """Whether a title can be told: short words, not somebody's data in a file without header."""
    short = 0 < len(title) <= _LONGEST_HEADER
    return short and not any(sign.isdigit() for sign in title) and personal_in(title) is None
