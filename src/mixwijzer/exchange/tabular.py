"""Rows with units: in which shape do figures leave for a screen, a frame or a file?

A `Table` is tidy: one row per fact, one column per variable, and every column knows its unit. It
prints as plain text that can be piped, and turns into a pandas, polars or Arrow table where one is
installed; none of them is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from typing import Any, Literal, TypeAlias

from mixwijzer.engine.errors import PortfolioError

__all__ = ["Field", "Table", "Value", "laid_out"]

Value: TypeAlias = str | int | float | bool | date | None
Frame: TypeAlias = Any  # of a library that need not be there
Library: TypeAlias = Literal["pandas", "polars", "pyarrow"]

_LIBRARIES: tuple[Library, ...] = ("pandas", "polars", "pyarrow")
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, and its unit where it has one."""

    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one kind, tidy.

    >>> table = Table(name="counts", fields=(Field("complex"), Field("homes", "dwellings")),
    ...               rows=(("C1", 24), ("C2", 8)))
    >>> print(table)
    complex  homes
    C1          24
    C2           8
    >>> table.units
    {'homes': 'dwellings'}
    >>> table.column("homes")
    [24, 8]
    """

    name: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(field.name for field in self.fields)

    @property
    def units(self) -> dict[str, str]:
        """Unit by column, of the columns that have one."""
        return {field.name: field.unit for field in self.fields if field.unit}

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Yield each row by column name."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def column(self, name: str) -> list[Value]:
        """Return the values of one column."""
        position = self.columns.index(name)
        return [row[position] for row in self.rows]

    def __str__(self) -> str:
        cells = [tuple(map(_written, row)) for row in self.rows]
        right = tuple(
            any(isinstance(row[position], int | float) for row in self.rows)
            for position in range(len(self.fields))
        )
        return "\n".join(laid_out(self.columns, cells, right=right))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """Show the table in a notebook."""
        from html import escape

        head = "".join(f'<th title="{escape(f.unit)}">{escape(f.name)}</th>' for f in self.fields)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(_written(cell))}</td>' for cell in row)}</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def to_frame(self, library: Library | None = None) -> Frame:
        """Return the rows as a data frame; units go along where the library has a place for them.

        Parameters
        ----------
        library
            `pandas`, `polars` or `pyarrow`; the first of these that is installed when absent.

        Raises
        ------
        PortfolioError
            `frame_library_missing` when it isn't installed.
        """
        wanted = _LIBRARIES if library is None else (library,)
        for name in wanted:
            if find_spec(name) is not None:
                return _FRAMES[name](self)
        raise PortfolioError("frame_library_missing", self.name, libraries=", ".join(wanted))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the rows to anything that speaks the Arrow protocol; needs pyarrow."""
        return self.to_frame("pyarrow").__arrow_c_stream__(requested_schema)


def laid_out(
    headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[bool]
) -> Iterator[str]:
    """Yield the lines of a table in plain text, as wide as its widest cells.

    Parameters
    ----------
    headers, rows
        Texts; a cell holds one line.
    right
        Whether a column is flush right.
    """
    widths = [
        max([len(header), *(len(row[position]) for row in rows)])
        for position, header in enumerate(headers)
    ]
    for row in (headers, *rows):
        padded = (
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(row, widths, right, strict=True)
        )
        yield _GAP.join(padded).rstrip()


def _written(value: Value) -> str:
    """Write a value so that it can be read back: no rounding but that of binary to decimal."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _pandas(table: Table) -> Frame:
    import pandas as pd

    frame = pd.DataFrame(list(table.rows), columns=list(table.columns))
    frame.attrs["units"] = table.units
    return frame


def _polars(table: Table) -> Frame:
    import polars as pl

    columns = {name: table.column(name) for name in table.columns}
    return pl.DataFrame(columns, strict=False)


def _pyarrow(table: Table) -> Frame:
    import pyarrow as pa

    arrays = [pa.array(table.column(field.name)) for field in table.fields]
    schema = pa.schema(
        [
            pa.field(field.name, array.type, metadata={"unit": field.unit} if field.unit else None)
            for field, array in zip(table.fields, arrays, strict=True)
        ]
    )
    return pa.Table.from_arrays(arrays, schema=schema)


_FRAMES: Mapping[str, Any] = {"pandas": _pandas, "polars": _polars, "pyarrow": _pyarrow}
