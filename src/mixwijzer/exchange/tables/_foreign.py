"""Which portfolio is in a file of somebody else's making, once its columns are translated?

The file is read with the same care as our own tables (encoding, separator, titles above the
header, workbooks in a limited child process). What the translation makes of its rows passes the
same reader and the same checks, and a finding still names the row of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from mixwijzer.exchange.findings import Finding
from mixwijzer.exchange.tables import _delimited, _workbook
from mixwijzer.exchange.tables._portfolio import Reading, read_sheets
from mixwijzer.exchange.tables._reading import text_of
from mixwijzer.exchange.tables._source import Cell, Chunk, Sheet, SourceTrouble

__all__ = ["read_through", "sheets_through"]

Row: TypeAlias = tuple[int, Mapping[str, str]]
"""A row of the file: its number, and its cells by header."""

Translate: TypeAlias = Callable[[list[Row]], Mapping[str, Iterable[tuple[int, Mapping[str, Cell]]]]]
"""Makes rows of our tables out of rows of the file."""

_HEAD_ROWS = 30


def read_through(path: str | Path, headers: frozenset[str], translate: Translate) -> Reading:
    """Read a foreign file as a portfolio.

    Parameters
    ----------
    path
        A CSV file, or a workbook of which the first sheet counts.
    headers
        The headers that the file must have.
    translate
        Makes rows of our tables, each with the number of the row it comes from.
    """
    source = Path(path)
    try:
        sheets = sheets_through(source, headers, translate)
    except SourceTrouble as trouble:
        return _refused(trouble.code, source, trouble.facts)
    except OSError as error:
        return _refused("file_unreadable", source, {"reason": error.strerror or ""})
    return read_sheets(sheets, source.name)


def sheets_through(
    source: Path, headers: frozenset[str], translate: Translate
) -> tuple[Sheet, ...]:
    """Return what a translation makes of a foreign file, as sheets of our tables.

    Raises
    ------
    SourceTrouble
        What keeps the file from being read, `source_header_missing` when it is another one.
    """
    rows = list(_rows(_chunks(source, headers), headers))
    tables = {name: list(told) for name, told in translate(rows).items()}
    return tuple(_sheet(source, name, told) for name, told in tables.items() if told)


def _refused(code: str, source: Path, facts: Mapping[str, str | int | float | None]) -> Reading:
    finding = Finding(code=code, file=source.name, facts=facts)
    return Reading(portfolio=None, findings=(finding,))


def _chunks(source: Path, headers: frozenset[str]) -> Iterator[Chunk]:
    if not source.is_file():
        raise SourceTrouble("file_missing")
    if source.suffix.lower() == ".xlsx":
        for sheet in _workbook.sheets_of(source):
            yield from sheet.chunks()
            return
    else:
        yield from _delimited.chunks_of(source, lambda header: header.strip() in headers)


def _rows(chunks: Iterator[Chunk], headers: frozenset[str]) -> Iterator[Row]:
    """Yield the rows under the header, by header."""
    first = next(chunks, Chunk(first_row=1, rows=[]))
    titles = [[text_of(cell).strip() for cell in row] for row in first.rows[:_HEAD_ROWS]]
    at = next((i for i, row in enumerate(titles) if headers <= set(row)), None)
    if at is None:
        best = max(titles, key=lambda row: len(headers & set(row)), default=[])
        missing = ", ".join(sorted(headers - set(best)))
        raise SourceTrouble("source_header_missing", headers=missing)
    header = titles[at]
    below = Chunk(first_row=first.first_row + at + 1, rows=first.rows[at + 1 :])
    for chunk in chain([below], chunks):
        for offset, row in enumerate(chunk.rows):
            yield (
                chunk.first_row + offset,
                dict(zip(header, [text_of(cell) for cell in row], strict=False)),
            )


def _sheet(source: Path, table: str, told: list[tuple[int, Mapping[str, Cell]]]) -> Sheet:
    """Return translated rows as a sheet; each keeps the number it had in the file."""
    header = list(dict.fromkeys(name for _, row in told for name in row))
    chunks = [Chunk(first_row=0, rows=[list[Cell](header)])]
    for number, row in told:
        cells = [row.get(name) for name in header]
        last = chunks[-1]
        if len(chunks) > 1 and number == last.first_row + len(last.rows):
            last.rows.append(cells)
        else:
            chunks.append(Chunk(first_row=number, rows=[cells]))
    return Sheet(table=table, file=source.name, name=None, typed=True, chunks=iter(chunks))
