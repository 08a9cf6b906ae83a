"""What rows does an Excel workbook hold? Asked of a child process, never read here.

`_workbook_child.py` says why. This side starts it, passes its lines on, and turns whatever way it
ends into one clear trouble.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, cast

from mixwijzer.exchange.tables._source import CHUNK, FORMULA, Cell, Chunk, SourceTrouble

__all__ = ["WORKBOOK_CHILD", "WorkbookSheet", "sheets_of"]

WORKBOOK_CHILD = Path(__file__).with_name("_workbook_child.py")
_LARGEST_FILE = 2**27
_WALL_SECONDS = 150.0
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_TOO_HEAVY = (3, -9, -24, -11, -6)  # own word, SIGKILL, SIGXCPU; a crash under memory limits too


class WorkbookSheet:
    """One sheet while it streams past: its name, then its chunks, then what was special in it.

    `formulas` counts cells with a formula, `merged` places where cells were made one.
    """

    def __init__(self, name: str, lines: Iterator[Any], *, hidden: bool) -> None:
        self.name, self.hidden = name, hidden
        self.formulas = self.merged = 0
        self._lines = lines
        self._over = False

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows in stretches without a gap."""
        first = 0
        rows: list[list[Cell]] = []
        while not self._over and (line := next(self._lines, None)) is not None:
            if isinstance(line, dict):
                self.formulas, self.merged, self._over = line["formulas"], line["merged"], True
                break
            number, *cells = line
            if rows and (number != first + len(rows) or len(rows) == CHUNK):
                yield Chunk(first_row=first, rows=rows)
                rows = []
            if not rows:
                first = number
            rows.append([_cell(cell) for cell in cells])
        if rows:
            yield Chunk(first_row=first, rows=rows)


def _cell(cell: object) -> Cell:
    return FORMULA if isinstance(cell, dict) else cast("Cell", cell)


def sheets_of(path: Path) -> Iterator[WorkbookSheet]:
    """Yield the sheets of a workbook in order; each must be read out before the next.

    Raises
    ------
    SourceTrouble
        `file_too_large`, `file_old_excel`, `file_kind`, `excel_missing`, `too_many_columns` or one
        of `workbook_entries`, `_too_large`, `_ratio`, `_macros`, `_unreadable`, `_too_heavy`.
    """
    _check_kind(path)
    with _child(path) as lines:
        for line in lines:
            if "sheet" in line:
                sheet = WorkbookSheet(line["sheet"], lines, hidden=line["hidden"])
                yield sheet
                for _ in sheet.chunks():  # what the caller left
                    pass


def _check_kind(path: Path) -> None:
    if path.stat().st_size > _LARGEST_FILE:
        raise SourceTrouble("file_too_large", most_mb=_LARGEST_FILE >> 20)
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLE:
        raise SourceTrouble("file_old_excel")
    if not head.startswith(_ZIP):
        raise SourceTrouble("workbook_unreadable")


@contextmanager
def _child(path: Path) -> Iterator[Iterator[Any]]:
    """Run the child; its lines come out one by one, its end as a trouble or as nothing."""
    command = [sys.executable, "-I", str(WORKBOOK_CHILD), str(path.resolve())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        clock = Timer(_WALL_SECONDS, child.kill)
        clock.daemon = True
        clock.start()
        try:
            yield _told_by(child)
        finally:
            clock.cancel()
            child.kill()


def _told_by(child: subprocess.Popen[bytes]) -> Iterator[Any]:
    for text in child.stdout or ():
        try:
            line = json.loads(text)
        except ValueError:
            break  # cut off: the exit code says why
        if isinstance(line, dict) and (code := line.pop("trouble", None)):
            raise SourceTrouble(code, **line)
        yield line
    code = child.wait()
    if code == 4:
        raise SourceTrouble("excel_missing")
    if code in _TOO_HEAVY:
        raise SourceTrouble("workbook_too_heavy")
    if code:
        raise SourceTrouble("workbook_unreadable")
