"""What rows does a CSV file hold? Encoding and separator are found out, never asked.

The file is surveyed once in blocks (size, longest line, encoding), then read as a stream; nothing
of it is ever held whole. UTF-8 with or without a mark, UTF-16 and Windows-1252 are told apart by
what the bytes can only be.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

from mixwijzer.exchange.tables._source import CHUNK, MOST_COLUMNS, Chunk, SourceTrouble

__all__ = ["chunks_of"]

_LARGEST_FILE = 2**30
_BLOCK = 2**20  # a line is shorter than two of these
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST_CELL = csv.field_size_limit()
_END = "\0end"  # stands behind the last line; no cell can say this
_A_TABLE = 3  # separators in one line of a cell that make it a row
_BREAK = re.compile(r"\r\n|[\r\n]")
_NEW_LINE = re.compile(r"\r\n|[\r\n]|(?<=[^\r\n])\0end$")  # the end is a line of its own
_SEPARATORS = ";,\t|"
_HEAD = 64


def chunks_of(path: Path, is_known: Callable[[str], bool]) -> Iterator[Chunk]:
    """Yield the rows of a CSV file; `is_known` tells which headers it may have.

    Raises
    ------
    SourceTrouble
        `file_too_large`, `line_too_long`, `encoding_unknown`, `csv_broken`, `too_many_columns`.
    """
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            separator, skipped = _separator(file, is_known)
            yield from _rows(file, separator, skipped)
    except UnicodeError:
        raise SourceTrouble("encoding_unknown") from None


def _rows(file: io.TextIOWrapper, separator: str, skipped: int) -> Iterator[Chunk]:
    row = 1 + skipped
    for rows in _lists(file, separator, skipped):
        if max(map(len, rows)) > MOST_COLUMNS:
            raise SourceTrouble("too_many_columns", most=MOST_COLUMNS)
        yield Chunk(first_row=row, rows=rows)
        row += len(rows)


def _lists(file: io.TextIOWrapper, separator: str, skipped: int) -> Iterator[list[list[str]]]:
    """Yield the rows as `csv.reader` gives them; up to the first quote a line is only split."""
    passed = len(list(islice(file, skipped)))
    while lines := list(islice(file, CHUNK)):
        if '"' in "".join(lines) or max(map(len, lines)) > _LONGEST_CELL:
            break
        yield [line.split(separator) if (line := each.rstrip("\r\n")) else [] for each in lines]
        passed += len(lines)
    reader = csv.reader(chain(lines, file, [_END]), delimiter=separator)
    try:
        while rows := list(islice(reader, CHUNK)):
            yield from _whole(rows, separator, passed + reader.line_num)
    except csv.Error:
        longest = max(map(len, lines), default=0)
        if longest > _LONGEST_CELL:
            raise SourceTrouble("line_too_long", most=_LONGEST_CELL) from None
        raise SourceTrouble("csv_broken", line=passed + reader.line_num) from None


def _whole(rows: list[list[str]], separator: str, line: int) -> Iterator[list[list[str]]]:
    """Yield the rows, without the end that was put behind them.

    A quote that isn't closed swallows rows: up to the end, or up to a quote far below. Then the end
    isn't a row of its own, or a cell holds a line with as many cells as the row it stands in.

    Raises
    ------
    SourceTrouble
        `csv_broken`, with the line where the swallowing row begins.
    """
    together = "".join(map("".join, rows))
    if _BREAK.search(together) or (together.endswith(_END) and rows[-1] != [_END]):
        line -= sum(map(_breaks, rows)) + len(rows)
        for row in rows:
            line += 1
            if _swallows(row, separator):
                raise SourceTrouble("csv_broken", line=line)
            line += _breaks(row)
    if rows[-1] == [_END]:
        rows = rows[:-1]
    if rows:
        yield rows


def _breaks(row: list[str]) -> int:
    return sum(len(_NEW_LINE.findall(cell)) for cell in row)


def _swallows(row: list[str], separator: str) -> bool:
    """Whether a row holds other rows, or the end."""
    lines = [line for cell in row for line in _BREAK.split(cell)[1:]]
    most = max((line.count(separator) for line in lines), default=0)
    unclosed = row != [_END] and row[-1:] != [] and row[-1].endswith(_END)
    return unclosed or most >= max(len(row) - 1, _A_TABLE)


def _separator(file: io.TextIOWrapper, is_known: Callable[[str], bool]) -> tuple[str, int]:
    """Return the separator and how many lines to skip: the one that shows most known headers."""
    head = list(islice(file, _HEAD))
    file.seek(0)
    first = head[0].strip().strip('"').lower() if head else ""
    if first.startswith("sep=") and len(first) <= 5:
        return first[4:] or "\t", 1
    return max(_SEPARATORS, key=lambda separator: _known_headers(head, separator, is_known)), 0


def _known_headers(
    head: list[str], separator: str, is_known: Callable[[str], bool]
) -> tuple[int, int]:
    """Count known headers in the best line under a separator, then its cells."""
    try:
        rows = list(csv.reader(head, delimiter=separator))
    except csv.Error:
        return 0, 0
    known = [sum(map(is_known, row)) for row in rows]
    return max(known, default=0), max(map(len, rows), default=0)


def _encoding(path: Path) -> str:
    """Survey the file: size, longest line, and the encoding its bytes can only be."""
    if path.stat().st_size > _LARGEST_FILE:
        raise SourceTrouble("file_too_large", most_mb=_LARGEST_FILE >> 20)
    with path.open("rb") as file:
        head = file.read(4)
        marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
        file.seek(0)
        utf8 = _survey(file)
    if marked:
        return marked
    sample = _sample(path)
    if sample.count(0) > len(sample) // 4:
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    return "utf-8" if utf8 else "cp1252"


def _sample(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(2**12)


def _survey(file: io.BufferedReader) -> bool:
    """Whether all of it is UTF-8; refuses a line that no table has."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8 = True
    while block := file.read(_BLOCK):
        if len(block) == _BLOCK and b"\n" not in block and b"\r" not in block:
            raise SourceTrouble("line_too_long", most=_BLOCK)
        if utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                utf8 = False
    return utf8 and not decoder.getstate()[0]
