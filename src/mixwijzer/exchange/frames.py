"""Which rows does this data frame hold? Frames of any library become plain rows.

Understood are: a list of mappings, anything with `to_dicts()` (polars) or `to_pylist()` (Arrow),
anything with `to_dict("records")` (pandas), a mixwijzer `Table`, and, where pyarrow is installed,
anything that speaks the Arrow protocol. No library is imported that the caller hasn't imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from enum import Enum
from importlib.util import find_spec
from math import isnan
from types import NoneType
from typing import Any, TypeAlias, cast

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.exchange.tabular import Table

__all__ = ["Cell", "plain_cell", "rows_of"]

Cell: TypeAlias = str | int | float | bool | None

_NOTHING = frozenset({"NAType", "NaTType"})  # how pandas says that a cell is empty


def rows_of(frame: object, name: str) -> list[dict[str, Cell]]:
    """Return the rows of a frame with plain cells.

    Parameters
    ----------
    frame
        One of the kinds named above.
    name
        What to call it when it is none of them.

    Raises
    ------
    PortfolioError
        `frame_not_understood`.

    >>> from datetime import date
    >>> rows_of([{"id": "C1", "homes": 24.0, "since": date(2026, 1, 1)}], "complexes")
    [{'id': 'C1', 'homes': 24, 'since': '2026-01-01'}]
    """
    return [
        {str(header): plain_cell(cell) for header, cell in row.items()}
        for row in _records(frame, name)
    ]


def _records(frame: Any, name: str) -> Iterable[Mapping[Any, object]]:  # noqa: ANN401 - anything
    if isinstance(frame, Table):
        return frame
    for method, arguments in (("to_dicts", ()), ("to_pylist", ()), ("to_dict", ("records",))):
        if not isinstance(frame, Mapping) and hasattr(frame, method):
            return cast("Iterable[Mapping[Any, object]]", getattr(frame, method)(*arguments))
    if hasattr(frame, "__arrow_c_stream__") and find_spec("pyarrow") is not None:
        import pyarrow

        return cast("Iterable[Mapping[Any, object]]", pyarrow.table(frame).to_pylist())
    if isinstance(frame, Iterable) and not isinstance(frame, str | bytes | Mapping):
        rows = list(frame)
        if all(isinstance(row, Mapping) for row in rows):
            return rows
    raise PortfolioError("frame_not_understood", name, kind=type(frame).__name__)


def plain_cell(value: Any) -> Cell:  # noqa: ANN401 - a cell of any library
    """Return a cell as a file would hold it: text, number, yes or no, or nothing."""
    if type(value).__name__ in _NOTHING:
        return None
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value.value, int) else str(value.value)
    if isinstance(value, datetime):
        midnight = value.time() == time.min and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat()
    if hasattr(value, "item"):  # a number of numpy
        value = value.item()
    return _number(value) if isinstance(value, float) else _plain(value)


def _number(value: float) -> Cell:
    """Return a number; a whole one without point, and nothing for NaN."""
    if isnan(value):
        return None
    return int(value) if value.is_integer() else value


def _plain(value: object) -> Cell:
    return value if isinstance(value, str | int | NoneType) else str(value)
