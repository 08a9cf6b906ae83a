"""What the readers of files hand to the reader of tables: chunks of rows, or what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from mixwijzer.engine.errors import Fact

__all__ = ["CHUNK", "FORMULA", "MOST_COLUMNS", "Cell", "Chunk", "Sheet", "SourceTrouble"]

CHUNK = 20_000
"""Rows that are worked on at a time."""

MOST_COLUMNS = 256

FORMULA = "\0formula"
"""Stands for a formula whose outcome the file does not hold; no cell can say this."""

Cell: TypeAlias = str | int | float | bool | None


class SourceTrouble(Exception):  # noqa: N818 - a trouble of the file, not of the program
    """A file that can't be read at all; `code` is that of its finding."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Rows that stand together; `first_row` counts from 1, as a spreadsheet does."""

    first_row: int
    rows: list[Any]  # lists of `str` from a CSV file, of `Cell` from a workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table as it stands in a file; `typed` when texts are told from numbers."""

    table: str
    file: str
    name: str | None
    typed: bool
    chunks: Iterator[Chunk]
