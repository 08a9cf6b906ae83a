"""Which rows does this data frame hold? Frames of any library become plain rows.

Understood are: a list of mappings, anything with `to_dicts()` (polars) or `to_pylist()` (Arrow),
anything with `to_dict("records")` (pandas), a mixwijzer `Table`, and, where pyarrow is installed,
anything that speaks the Arrow protocol. No library is imported that the caller hasn't imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from importlib.util import find_spec
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
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Enum):
        return str(value.value) if not isinstance(value.value, int) else value.name.lower()
    if type(value).__name__ in _NOTHING or value != value:  # noqa: PLR0124 - NaN
        return None
    if hasattr(value, "item") and not isinstance(value, date):
        return plain_cell(value.item())
    if isinstance(value, datetime):
        midnight = value.time() == value.min.time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date | Decimal):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else str(value)
