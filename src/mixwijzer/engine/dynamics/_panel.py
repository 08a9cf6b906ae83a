"""Shares of places over years: reading them, and how they changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mixwijzer.engine.errors import DynamicsError

Floats: TypeAlias = NDArray[np.float64]


class Columns(Protocol):
    """A table that gives a column by its name: a dict of lists, a pandas or polars frame."""

    def __getitem__(self, name: str, /) -> Iterable[object]:
        """Return one column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How shares changed over spans of years (N,).

    Parameters
    ----------
    place, start, end
        Which place, from which year to which.
    homes
        At the start [dwellings].
    moved_in
        Part of the homes that new households moved into, a year, as known at the start [1/yr].
    before, after
        Share at the start and at the end.
    step
        What shares are rounded to; 0 where they aren't.
    """

    place: NDArray[np.str_]
    start: Floats
    end: Floats
    homes: Floats
    moved_in: Floats
    before: Floats
    after: Floats
    step: float

    def __len__(self) -> int:
        """Return N."""
        return len(self.place)

    @property
    def years(self) -> Floats:
        """Length of each span [yr]."""
        return self.end - self.start

    def only(self, mask: NDArray[np.bool_]) -> Changes:
        """Return the changes of a mask."""
        return Changes(step=self.step, **_masked(self, mask))


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Shares of places over years: rows (N,) in the order of place and year; see `Panel.of`."""

    place: NDArray[np.str_]
    year: Floats
    homes: Floats
    moved_in: Floats
    share: Floats
    step: float = 0.0

    @classmethod
    def of(
        cls,
        table: Columns,
        *,
        share: str,
        place: str = "place",
        year: str = "year",
        homes: str = "homes",
        moved_in: str = "moved_in",
        whole: float = 1.0,
        step: float = 0.0,
    ) -> Panel:
        """Read a panel from columns by name; rows in which one of them is empty are left out.

        Parameters
        ----------
        table
            A dict of lists, or a frame of pandas or polars.
        share, place, year, homes, moved_in
            Names of the columns.
        whole
            What counts as the whole in `share` and `moved_in`: 1, or 100 for percentages.
        step
            What shares were rounded to, in the same unit; 0 where they weren't.

        Raises
        ------
        DynamicsError
            `panel_column`, `panel_number`, `panel_range` (a share outside 0 and the whole, a
            negative count), `panel_twice` (one place twice in a year).
        """
        columns = {
            name: _numbers(table, name) / unit
            for name, unit in ((year, 1), (homes, 1), (moved_in, whole), (share, whole))
        }
        places = np.array([str(each) for each in _column(table, place)], dtype=np.str_)
        if {len(each) for each in columns.values()} != {len(places)}:
            raise DynamicsError("panel_column", place)
        full = np.logical_and.reduce([np.isfinite(each) for each in columns.values()])
        for name, column in columns.items():
            most = 1.0 if name == share else np.inf
            if np.any((column[full] < 0) | (column[full] > most)):
                raise DynamicsError("panel_range", name)
        full &= columns[homes] > 0
        order = np.lexsort((columns[year], places))
        order = order[full[order]]
        panel = cls(
            place=places[order],
            year=columns[year][order],
            homes=columns[homes][order],
            moved_in=columns[moved_in][order],
            share=columns[share][order],
            step=step / whole,
        )
        again = (panel.place[1:] == panel.place[:-1]) & (panel.year[1:] == panel.year[:-1])
        if again.any():
            raise DynamicsError("panel_twice", str(panel.place[1:][again][0]))
        return panel

    def until(self, year: float) -> Panel:
        """Return the panel as it was up to and including a year."""
        mask = self.year <= year
        return Panel(step=self.step, **_masked(self, mask))

    def changes(
        self,
        span: tuple[float, float] | None = None,
        *,
        smallest: float = 50,
        growth: float = 0.1,
    ) -> Changes:
        """Return how shares changed: from each year to the next one seen, or over one span.

        Parameters
        ----------
        span
            First and last year of one span; None for every year to the next.
        smallest
            Places with fewer homes at the start are left out [dwellings].
        growth
            Places that grew or shrank by a larger part are left out: theirs is another change.
        """
        first, then = self._pairs(span)
        fine = self.homes[first] >= smallest
        fine &= np.abs(self.homes[then] - self.homes[first]) <= growth * self.homes[first] + 1e-9
        first, then = first[fine], then[fine]
        return Changes(
            place=self.place[first],
            start=self.year[first],
            end=self.year[then],
            homes=self.homes[first],
            moved_in=self.moved_in[first],
            before=self.share[first],
            after=self.share[then],
            step=self.step,
        )

    def _pairs(self, span: tuple[float, float] | None) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the rows at the start and at the end of every span."""
        rows = np.arange(len(self.year))
        if span is not None:
            rows = rows[np.isin(self.year, span)]
        first, then = rows[:-1], rows[1:]
        same = self.place[first] == self.place[then]
        return first[same], then[same]


def _masked(columns: Panel | Changes, mask: NDArray[np.bool_]) -> dict[str, Any]:
    names = (each.name for each in fields(columns) if each.name != "step")
    return {name: getattr(columns, name)[mask] for name in names}


def _numbers(table: Columns, name: str) -> Floats:
    """Read a column of numbers; empty is not a number."""
    return np.array([_number(name, each) for each in _column(table, name)], dtype=np.float64)


def _number(name: str, cell: object) -> float:
    if cell is None or cell == "":
        return np.nan
    try:
        return float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise DynamicsError("panel_number", name, value=str(cell)) from None


def _column(table: Columns, name: str) -> list[object]:
    try:
        return list(table[name])
    except Exception:  # each library has its own error for a column that isn't there
        raise DynamicsError("panel_column", name) from None
