"""How many homes of which size does a complex have, and on which days was one left?

Counted when an account is made and kept beside it, so that a question about all homes of an
association reads one line of each complex instead of every home. Whatever changes a home or a lease
makes the account anew in the same transaction.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from mixwijzer.engine.portfolio import Dwelling, Portfolio

__all__ = ["YEARS", "Holding", "Size"]

YEARS = 3  # of departures that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Homes of the base with so many rooms, `level` where they are reached without stairs."""

    rooms: int | None
    level: bool
    homes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The homes of one complex.

    `left` are the days on which a lease ended or is to end, from `YEARS` before its account was
    made on; as ordinals, in order.
    """

    sizes: tuple[Size, ...] = ()
    left: tuple[int, ...] = ()

    @classmethod
    def of(cls, portfolio: Portfolio, complex_id: str, day: date) -> Holding:
        """Count the homes of a complex, on the day that its account is made."""
        homes = portfolio.dwellings_of.get(complex_id, ())
        sizes = Counter((home.rooms, _level(home)) for home in homes if home.in_base)
        since = _begin(day)
        left = (
            lease.end.toordinal()
            for home in homes
            for lease in portfolio.tenancies_of.get(home.id, ())
            if lease.end is not None and lease.end > since
        )
        return cls(
            sizes=tuple(
                Size(rooms=rooms, level=level, homes=number)
                for (rooms, level), number in sorted(sizes.items(), key=_unknown_first)
            ),
            left=tuple(sorted(left)),
        )

    def departures(self, day: date) -> int:
        """Count the homes that were left in the last years, on a day after the account's."""
        until, since = day.toordinal(), _begin(day).toordinal()
        return bisect_right(self.left, until) - bisect_right(self.left, since)

    def text(self) -> str:
        """Write it down; equal homes give equal text."""
        sizes = [[each.rooms, int(each.level), each.homes] for each in self.sizes]
        return json.dumps([sizes, self.left], separators=(",", ":"))

    @staticmethod
    @lru_cache(maxsize=16_384)
    def read(text: str) -> Holding:
        """Read what `text` wrote."""
        sizes, left = json.loads(text)
        return Holding(
            sizes=tuple(_size(*each) for each in sizes),
            left=tuple(left),
        )


@lru_cache(maxsize=4_096)
def _size(rooms: int | None, level: int, homes: int) -> Size:
    """Return a size; thousands of complexes share a few hundred."""
    return Size(rooms=rooms, level=bool(level), homes=homes)


@lru_cache(maxsize=64)
def _begin(day: date) -> date:
    """Return the day after which departures count."""
    return day - timedelta(days=365 * YEARS)


def _level(home: Dwelling) -> bool:
    """Whether a home is reached without stairs."""
    return home.accessible or (home.floor is not None and home.floor <= 0)


def _unknown_first(size: tuple[tuple[int | None, bool], int]) -> tuple[bool, int, bool]:
    (rooms, level), _ = size
    return rooms is not None, rooms or 0, level
