"""All whole-household mixes of a complex, and the limits a mix has to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.portfolio import Band

Array: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]

MOST_MIXES = 2_000_000  # an exact forecast of more takes minutes and gigabytes


class Simplex:
    """All mixes of `homes` whole households over `categories` categories.

    Parameters
    ----------
    homes
        Households n ≥ 0.
    categories
        Categories K ≥ 1.

    Attributes
    ----------
    counts
        (S, K) households per category, S = C(n + K − 1, K − 1) mixes in lexicographic order; each
        category lies in one stretch of memory, since most of the work goes category by category.

    Raises
    ------
    ForecastError
        `too_many_mixes`.

    >>> Simplex(2, 2).counts.tolist()
    [[0, 2], [1, 1], [2, 0]]
    >>> Simplex(2, 2).index([[1, 1], [2, 0]]).tolist()
    [1, 2]
    """

    def __init__(self, homes: int, categories: int) -> None:
        size = comb(homes + categories - 1, categories - 1)
        if size > MOST_MIXES:
            raise ForecastError(
                "too_many_mixes", "exact", homes=homes, mixes=size, at_most=MOST_MIXES
            )
        self.homes, self.categories = homes, categories
        self.counts: Whole = np.asfortranarray(_compositions(homes, categories))
        self.counts.setflags(write=False)
        self._below = ranks(homes, categories)

    def __len__(self) -> int:
        """Count the mixes."""
        return len(self.counts)

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, homes: int, categories: int) -> Self:
        """Return the simplex, kept for who asks again."""
        return cls(homes, categories)

    def index(self, counts: ArrayLike) -> Whole:
        """Return the row of each mix; `counts` (…, K) add up to `homes`, the result is (…)."""
        left = np.full(np.shape(counts)[:-1], self.homes)
        rank = np.zeros_like(left)
        for place in range(self.categories - 1):
            rest = left - np.asarray(counts)[..., place]
            rank += self._below[place, left] - self._below[place, rest]
            left = rest
        return rank


def _compositions(homes: int, categories: int) -> Whole:
    """Return every way to write `homes` as a sum of `categories` numbers, lexicographic."""
    rows = np.zeros((1, 0), dtype=np.int64)
    for _ in range(categories - 1):
        room = homes - rows.sum(axis=1) + 1
        first = np.repeat(np.cumsum(room) - room, room)
        added = np.arange(int(room.sum())) - first
        rows = np.column_stack([np.repeat(rows, room, axis=0), added])
    return np.column_stack([rows, homes - rows.sum(axis=1)])


def ranks(homes: int, categories: int) -> Whole:
    """Return C(r + m, m), r = 0 … n, for the m = K − 1 … 1 categories behind each (K − 1, n + 1).

    Of r households over that many and one category, C(r + m, m) − C(r − c + m, m) mixes come
    before the first with c in front.
    """
    behind = range(categories - 1, 0, -1)
    table = [[comb(r + m, m) for r in range(homes + 1)] for m in behind]
    return np.array(table, dtype=np.int64).reshape(len(behind), homes + 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limits:
    """Least and most whole households per category at a place.

    Parameters
    ----------
    low, high
        (K,) [households]; no floor is 0, no ceiling is the number of homes.

    >>> mix = Limits.of(40, ("attention", "regular"), {"attention": Band(target=3500, max=4000)})
    >>> mix.high.tolist(), mix.holds([[16, 24], [17, 23]]).tolist()
    ([16, 40], [True, False])
    """

    low: Whole
    high: Whole

    @classmethod
    def of(
        cls,
        homes: int,
        categories: Sequence[str],
        bands: Mapping[str, Band],
        at_most: Mapping[str, int] | None = None,
    ) -> Self:
        """Return the limits of bands, and of caps [households], in a base of `homes`.

        Where the floor of a band exceeds its ceiling, the ceiling speaks alone.
        """
        low, high = np.zeros(len(categories), np.int64), np.full(len(categories), homes)
        for place, name in enumerate(categories):
            floor, ceiling = bands.get(name, Band()).whole(homes)
            cap = (at_most or {}).get(name, homes)
            ceiling = homes if ceiling is None else ceiling
            low[place] = floor if floor is not None and floor <= ceiling else 0
            high[place] = min(ceiling, cap)
        return cls(low=low, high=high)

    def holds(self, counts: ArrayLike) -> NDArray[np.bool_]:
        """Whether each mix keeps every limit; `counts` (…, K), the result (…)."""
        each = np.asarray(counts)
        return np.asarray(((each >= self.low) & (each <= self.high)).all(axis=-1))

    def beyond(self, counts: ArrayLike) -> Whole:
        """Return how far each count is out of its limits (…, K) [households]."""
        each = np.asarray(counts)
        out = np.maximum(each - self.high, 0) + np.maximum(self.low - each, 0)
        return np.asarray(out, dtype=np.int64)

    def can_hold(self, homes: int) -> bool:
        """Whether any mix of so many households keeps every limit."""
        fits = (self.low <= np.minimum(self.high, homes)).all()
        return bool(fits and self.low.sum() <= homes <= self.high.sum())
