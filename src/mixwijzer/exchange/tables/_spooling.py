"""How does a table of any size become one clean file, without being held in memory?

A chunk is read with the same care as a table that becomes a portfolio, and written at once: the
columns of `columns.csv`, every value in its one notation. Rows that miss something they need stay
out. What only the whole column can tell (a number with two readings) is written as a question and
answered in a second pass.

The rules are stricter than for somebody's own files: a spool is loaded for many to see. A finding
repeats a cell only when no letter in it can be somebody's name, and a key that reads like a name or
a word about persons does not come in.
"""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

from mixwijzer.engine.errors import Fact
from mixwijzer.engine.portfolio import KEYS
from mixwijzer.exchange.areas import CodeTrouble, area_code
from mixwijzer.exchange.findings import Findings, Severity
from mixwijzer.exchange.tables._across import Across
from mixwijzer.exchange.tables._cells import CellReader, Trouble, Undecided
from mixwijzer.exchange.tables._persons import header_may_be_shown, may_be_shown, persons_among
from mixwijzer.exchange.tables._reading import SheetReading
from mixwijzer.exchange.tables._schema import Column, schema
from mixwijzer.exchange.tables._source import Chunk, Sheet, SourceTrouble
from mixwijzer.exchange.tables._writing import canonical, csv_text

__all__ = ["SpooledSheet", "quoted", "rewritten", "spool_sheet"]

_QUESTION = "\0?"
_TEXTS = frozenset({"text", "id", "ref", "scope", "setter", "area"})
_AS_READ = _TEXTS | {"bag"}  # a BAG id is written as it was read: sixteen figures
_MOST_REMEMBERED = 50_000


@dataclass(slots=True, kw_only=True)
class SpooledSheet:
    """One table as it was written: where, how many rows, and what was read on the way."""

    table: str
    path: Path
    rows: int = 0
    usable: bool = True
    synthetic: bool = False
    truncated: bool = False
    day_below: date | None = None
    first: Mapping[str, object] = field(default_factory=dict)


def spool_sheet(
    sheet: Sheet, path: Path, findings: Findings, dropped: Counter[str], *, most_rows: int
) -> SpooledSheet:
    """Write one table to `path`; what is wrong goes to `findings`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        reading = _Spooling(sheet, findings, dropped, file, most_rows)
        try:
            reading.read()
        except SourceTrouble as trouble:
            reading.report(trouble.code, facts=trouble.facts)
        except OSError as error:
            reading.report("file_unreadable", facts={"reason": error.strerror or ""})
    if reading.questions:
        reading.answer(path)
    reading.across.report()
    return reading.spooled(path)


def rewritten(path: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Write a spooled table anew, row by row."""
    part = path.with_suffix(".part")
    with (
        path.open(encoding="utf-8", newline="") as old,
        part.open("w", encoding="utf-8", newline="") as new,
    ):
        rows = csv.DictReader(old)
        out = csv.DictWriter(new, rows.fieldnames or (), lineterminator="\n")
        out.writeheader()
        out.writerows(map(change, rows))
    part.replace(path)


def quoted(table: str, row: Mapping[str, str]) -> dict[str, str]:
    """Return a row of a spooled table as a file for spreadsheets has it."""
    texts = {column.name for column in schema()[table] if column.kind in _TEXTS}
    return {name: csv_text(cell) if name in texts else cell for name, cell in row.items()}


class _Spooling(SheetReading):
    """The state of reading one sheet into a file."""

    def __init__(
        self,
        sheet: Sheet,
        findings: Findings,
        dropped: Counter[str],
        file: IO[str],
        most_rows: int,
    ) -> None:
        super().__init__(sheet, findings, dropped)
        self.columns = schema()[sheet.table]
        self.file, self.writer = file, csv.writer(file, lineterminator="\n")
        self.writer.writerow([column.name for column in self.columns])
        self.texts: dict[str, dict[object, str]] = {column.name: {} for column in self.columns}
        self.questions: dict[str, array[int]] = {}
        self.across = Across(sheet.table, self.report)
        self.written, self.most_rows = 0, most_rows
        self.left_out = 0
        self.first: dict[str, object] = {}
        self.seen: set[int] = set()

    def spooled(self, path: Path) -> SpooledSheet:
        """Return what came of it."""
        needed = {column.name for column in self.columns if column.required}
        there = self.out.columns.keys() | self.sheet.dialect.fixed.keys()
        return SpooledSheet(
            table=self.sheet.table,
            path=path,
            rows=self.written,
            usable=needed <= there,
            synthetic=self.out.marked_synthetic,
            truncated=self.written >= self.most_rows,
            day_below=self.out.day_below,
            first=self.first,
        )

    def _rows(self, chunk: Chunk) -> None:
        """Read a chunk and write it; nothing of it is kept."""
        if self.written >= self.most_rows:
            return
        super()._rows(chunk)
        if self.out.row_numbers:
            self._flush()

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
        """Add a finding; a header that could be about somebody is not named."""
        told = column if column is None or header_may_be_shown(column) else None
        super().report(code, severity, row=row, column=told, value=value, facts=facts)

    def _bad_cell(self, column: Column, trouble: Trouble, cell: str, index: int) -> None:
        shown = cell if trouble.code != "personal_text" and may_be_shown(cell) else ""
        super()._bad_cell(column, trouble, shown, index)

    def _column(self, reader: CellReader, cells: tuple[str, ...], start: int) -> None:
        """Read the cells of one column; then look whether somebody stands in a key or a text."""
        super()._column(reader, cells, start)
        if reader.column.kind in _TEXTS:
            self._look_for_persons(reader.column, start)

    def _look_for_persons(self, column: Column, start: int) -> None:
        values = self.out.columns[column.name]
        empty = "" if column.kind == "text" else None
        found = persons_among(column, set(values[start:] if start else values) - {"", None})
        if not found:
            return
        code = "personal_text" if column.kind == "text" else "personal_key"
        for index in range(start, len(values)):
            if values[index] in found:
                trouble = Trouble(code, {"kind": found[values[index]]}, instead=empty)
                self._bad_cell(column, trouble, "", index)
                values[index] = empty

    def _flush(self) -> None:
        """Write the rows that have all they need, and forget them."""
        numbers, columns = self.out.row_numbers, self.out.columns
        keep = self._kept(columns, len(numbers))
        if len(keep) < len(numbers):
            numbers = array("L", (numbers[i] for i in keep))
            columns = {name: [values[i] for i in keep] for name, values in columns.items()}
        self._restore_codes(columns, numbers)
        if numbers:
            self.across.see(columns, numbers)
            self._write(columns, numbers)
        self.out.row_numbers = array("L")
        self.bad_rows.clear()
        for values in self.out.columns.values():
            values.clear()

    def _kept(self, columns: Mapping[str, list[Any]], length: int) -> Sequence[int]:
        """Return the rows that count: complete, the first of their key where that is asked."""
        self.left_out += len(self.bad_rows)
        keep: Sequence[int] = range(length)
        if self.bad_rows:
            keep = [index for index in keep if index not in self.bad_rows]
        if self.sheet.dialect.distinct:
            keep = list(self._firsts(columns, keep))
        return keep[: self.most_rows - self.written]

    def _firsts(self, columns: Mapping[str, list[Any]], keep: Sequence[int]) -> Iterator[int]:
        keys = [columns[name] for name in KEYS[self.sheet.table] if name in columns]
        for index in keep:
            key = hash(tuple(values[index] for values in keys))
            if key not in self.seen:
                self.seen.add(key)
                yield index

    def _restore_codes(self, columns: dict[str, list[Any]], numbers: Sequence[int]) -> None:
        """Write the codes of areas as they should have been."""
        if self.sheet.table != "areas" or not {"code", "kind"} <= columns.keys():
            return
        for index, (code, kind) in enumerate(zip(columns["code"], columns["kind"], strict=True)):
            try:
                columns["code"][index] = area_code(code, kind)
            except CodeTrouble as trouble:
                shown = code if may_be_shown(code) else None
                row, facts = numbers[index], trouble.facts
                self.report(trouble.code, row=row, column="code", value=shown, facts=facts)

    def _write(self, columns: Mapping[str, list[Any]], numbers: Sequence[int]) -> None:
        length = len(numbers)
        if not self.first:
            self.first = {name: values[0] for name, values in columns.items()}
        told = [self._text(column, columns, numbers) for column in self.columns]
        self._write_rows(list(zip(*told, strict=True)))
        self.written += length
        if self.written >= self.most_rows:
            self.report("rows_too_many", facts={"most": self.most_rows})

    def _write_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Write rows as `csv.writer` does; where no cell asks for quotes it only joins."""
        together = "\n".join(map(",".join, rows))
        commas, lines = len(rows) * (len(rows[0]) - 1), len(rows) - 1
        plain = commas and together.count(",") == commas and together.count("\n") == lines
        if plain and '"' not in together and "\r" not in together:
            self.file.write(f"{together}\n")
        else:
            self.writer.writerows(rows)

    def _text(
        self, column: Column, columns: Mapping[str, list[Any]], numbers: Sequence[int]
    ) -> list[str]:
        """Return the texts of one column."""
        fixed = self.sheet.dialect.fixed.get(column.name, "")
        values = columns.get(column.name)
        if values is None or (column.type, column.table) == ("text", "portfolio"):
            return [fixed] * len(numbers)
        if column.kind in _AS_READ:
            return values if all(values) else [value or fixed for value in values]
        memory, distinct = self.texts[column.name], set(values)
        if len(memory) > _MOST_REMEMBERED:
            memory.clear()
        for value in distinct.difference(memory):
            memory[value] = self._one(column, value) or fixed
        if any(type(value) is Undecided for value in distinct):
            self._ask(column, values, numbers)
        return list(map(memory.__getitem__, values))

    def _one(self, column: Column, value: object) -> str:
        return _QUESTION + value.text if isinstance(value, Undecided) else canonical(column, value)

    def _ask(self, column: Column, values: Sequence[object], numbers: Sequence[int]) -> None:
        """Remember in which rows a number waits for the rest of its column."""
        rows = self.questions.setdefault(column.name, array("L"))
        pairs = zip(values, numbers, strict=True)
        rows.extend(number for value, number in pairs if type(value) is Undecided)

    def answer(self, path: Path) -> None:
        """Settle the numbers with two readings, now that their columns have been seen."""
        readers = {reader.column.name: reader for _, reader in self.readers}
        waiting = {name: iter(rows) for name, rows in self.questions.items()}

        def change(row: dict[str, str]) -> dict[str, str]:
            for name, rows in waiting.items():
                if row[name].startswith(_QUESTION):
                    undecided = Undecided(row[name].removeprefix(_QUESTION))
                    row[name] = self._settled(readers[name], undecided, next(rows))
            return row

        rewritten(path, change)

    def _settled(self, reader: CellReader, undecided: Undecided, row: int) -> str:
        (value,) = reader.settled([undecided])
        if isinstance(value, Trouble):
            shown = undecided.text if may_be_shown(undecided.text) else None
            self.report(value.code, row=row, column=reader.column.name, value=shown)
            return ""
        return canonical(reader.column, value)
