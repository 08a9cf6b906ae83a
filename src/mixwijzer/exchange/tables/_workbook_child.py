"""Read one Excel workbook and print its cells, inside limits; started by `_workbook.py` only.

A workbook is the widest door: a file of two kilobytes can ask for gigabytes, and a parser can crash
outright. So it is opened here, in a process of its own that may use 1 GiB and 60 seconds, after a
look at the directory of the zip file. What comes out is JSON, a line a row: nothing that can run.
Imports nothing of this project, so that it starts quickly and runs apart (`python -I`).
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any

_MEMORY = 2**30
_SECONDS = 60
_MOST_BYTES = 200 * 2**20
_MOST_RATIO = 100
_MOST_ENTRIES = 1_000
_LONGEST = 5_000
_MOST_COLUMNS = 256
_MOST_ROWS = 2**20  # as many as a sheet can have

Line = list[Any] | dict[str, Any]


def _limit() -> None:
    """Bound memory and processor time; a system without such limits has the clock outside."""
    with suppress(ImportError):
        import resource

        wanted = ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS))
        for kind, most in (*wanted, (resource.RLIMIT_CORE, 0)):
            hard = resource.getrlimit(kind)[1]
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (bound, bound))


def _stay_inside() -> None:
    """Refuse every way out of this process: network, other programs."""

    def refuse(event: str, _: object) -> None:
        if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork")):
            raise PermissionError(event)

    sys.addaudithook(refuse)


def _directory_trouble(path: str) -> Line | None:
    """Say what is wrong with the directory of the zip file, before anything is unpacked."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        return {"trouble": "workbook_entries", "most": _MOST_ENTRIES}
    total = sum(entry.file_size for entry in entries)
    if total > _MOST_BYTES:
        return {"trouble": "workbook_too_large", "most_mb": _MOST_BYTES >> 20}
    if any(entry.file_size > _MOST_RATIO * max(entry.compress_size, 1) for entry in entries):
        return {"trouble": "workbook_ratio", "most": _MOST_RATIO}
    names = {entry.filename for entry in entries}
    if any(name.endswith("vbaProject.bin") for name in names):
        return {"trouble": "workbook_macros"}
    return None if "xl/workbook.xml" in names else {"trouble": "workbook_unreadable"}


def _lines(path: str) -> Iterator[Line]:
    """Yield what is to be printed: a mapping per sheet, then a list per row that isn't empty."""
    if trouble := _directory_trouble(path):
        yield trouble
        return
    os.environ.update(OPENPYXL_LXML="False", OPENPYXL_DEFUSEDXML="True")
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise ImportError("defusedxml")
    formulas = _formulas(path)
    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        yield {"sheet": sheet.title, "hidden": sheet.sheet_state != "visible"}
        sheet.reset_dimensions()
        there = formulas.get(sheet.title, set())
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > _MOST_ROWS:
                yield {"trouble": "rows_too_many", "most": _MOST_ROWS}
                return
            yield from _row(number, row, there)
        yield {"formulas": len(there), "merged": _merged(path, sheet)}


def _row(number: int, row: tuple[Any, ...], formulas: set[tuple[int, int]]) -> Iterator[Line]:
    """Yield a row that holds something as [number, cell, …]."""
    cells = [_plain(cell) for cell in row]
    if formulas:
        for column, cell in enumerate(cells):
            if cell is None and (number, column) in formulas:
                cells[column] = {"formula": True}
    while cells and cells[-1] in (None, ""):
        cells.pop()
    if len(cells) > _MOST_COLUMNS:
        yield {"trouble": "too_many_columns", "most": _MOST_COLUMNS}
    elif cells:
        yield [number, *cells]


def _plain(cell: object) -> object:
    """Return a cell as JSON can hold it: text, number, yes or no; a day as text."""
    if isinstance(cell, str):
        return cell[:_LONGEST]
    if isinstance(cell, datetime):
        midnight = cell.hour == cell.minute == cell.second == cell.microsecond == 0
        return cell.date().isoformat() if midnight else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if cell is None or isinstance(cell, bool | int | float) else str(cell)[:_LONGEST]


def _formulas(path: str) -> dict[str, set[tuple[int, int]]]:
    """Find the formula cells (row, column) per sheet; most workbooks have none and cost nothing."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(_mentions_formula(archive, name) for name in sheets):
            return {}
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    return {sheet.title: set(_formula_cells(sheet)) for sheet in book.worksheets}


def _formula_cells(sheet: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401 - has no type
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), 1):
        for column, cell in enumerate(row):
            if cell.data_type == "f":
                yield number, column


def _merged(path: str, sheet: Any) -> int:  # noqa: ANN401 - has no type
    """Count the places where cells were made one; only the first of them keeps its value."""
    found, tail = 0, b""
    with zipfile.ZipFile(path) as archive, archive.open(_place(sheet)) as file:
        while block := file.read(2**20):
            found += (tail + block).count(b"mergeCell ")
            tail = block[-9:]
    return found


def _place(sheet: Any) -> str:  # noqa: ANN401 - has no type
    return str(sheet._worksheet_path)  # noqa: SLF001 - told nowhere else


def _mentions_formula(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether a sheet's XML has an `<f>` element; tags cut by a block's edge are seen whole."""
    with archive.open(name) as file:
        tail = b""
        while block := file.read(2**20):
            if b"<f>" in tail + block or b"<f " in tail + block or b":f>" in tail + block:
                return True
            tail = block[-4:]
    return False


def main(path: str) -> int:
    """Print the workbook; 0 when all is told, 3 out of memory, 4 without parser, 5 broken."""
    _limit()
    _stay_inside()
    try:
        for line in _lines(path):
            sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
        sys.stdout.flush()
    except MemoryError:
        return 3
    except ImportError:
        return 4
    except Exception:  # whatever a broken file does to a parser, it is unreadable
        return 5
    return 0


if __name__ == "__main__":
    os._exit(main(sys.argv[1]))
