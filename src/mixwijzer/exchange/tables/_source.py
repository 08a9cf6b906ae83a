"""What the readers of files hand to the reader of tables: chunks of rows, or what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from mixwijzer.engine.errors import Fact
from mixwijzer.exchange.refused import plain_words
from mixwijzer.exchange.tables._schema import column_called

__all__ = [
    "CHUNK",
    "FORMULA",
    "MOST_COLUMNS",
    "UNMAPPED",
    "Cell",
    "Chunk",
    "Dialect",
    "Sheet",
    "SourceTrouble",
]

CHUNK = 20_000
"""Rows that are worked on at a time."""

MOST_COLUMNS = 256

FORMULA = "\0formula"
"""Stands for a formula whose outcome the file does not hold; no cell can say this."""

UNMAPPED = "\0unmapped"
"""Stands for a word that a profile should have translated and doesn't know."""

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
class Dialect:
    """How a source writes one of our tables: other headers, other words, a foot below the rows.

    Parameters
    ----------
    headers
        Per column the headers it may go by, in plain words; one header may fill several columns.
    values
        Per column what its words mean here: plain word to our word; `*` is the bucket for others.
    fixed
        What stands in columns that the source doesn't have.
    empty
        Cells that mean "not told".
    skips
        First cells, in plain words, of rows that are about nothing here.
    ends
        First cells, in plain words, with which the remarks below the rows begin.
    dated
        First cells, in plain words, of remarks below the rows that tell of which day the data are.
    elsewhere
        Headers, in plain words, that another table takes from the same rows.
    distinct
        Whether this is a table within another: a row for each first mention of a key, and nothing
        at all where its columns aren't there.
    """

    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    skips: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    dated: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    distinct: bool = False

    def columns(self, table: str, header: str) -> tuple[str, ...]:
        """Return the columns of a table that a header fills; own headers go before other words."""
        plain = plain_words(header)
        told = tuple(name for name, words in self.headers.items() if plain in words)
        own = column_called(table, header)
        return told or ((own,) if own is not None else ())

    def is_end(self, cell: str) -> bool:
        """Whether the remarks below the rows begin with this cell."""
        plain = plain_words(cell) if self.ends else ""
        return any(plain == word or plain.startswith(f"{word}_") for word in self.ends)

    def day_told(self, texts: Sequence[str]) -> str:
        """Return how a remark below the rows tells the day of the data: behind a colon or beside.

        Nothing when it is a remark of another kind.
        """
        word, _, behind = texts[0].partition(":")
        if plain_words(word) not in self.dated:
            return ""
        return next((text.strip() for text in (behind, *texts[1:]) if text.strip()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table as it stands in a file; `typed` when texts are told from numbers."""

    table: str
    file: str
    name: str | None
    typed: bool
    chunks: Iterator[Chunk]
    dialect: Dialect = Dialect()
