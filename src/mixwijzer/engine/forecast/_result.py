"""What a forecast says: per place and month, how many of each category, and what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mixwijzer.engine.account import Spread
from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.forecast._mixes import Array, Limits

Tallied: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """The coming months of every place asked: complexes, then areas.

    Parameters
    ----------
    method, engine_version
        `exact`, `sampled` or `fluid`; and of which engine.
    seed, runs
        Of the sample; None for the others.
    categories, months
        (K,) names; (R,) months after today, today itself is 0.
    homes, limits
        By place.
    means
        (R, K) expected households, by place.
    counts
        (R, K, n + 1) chances of each count, by place; empty for `fluid`, which knows means only.
    kept
        (R,) chance that all limits hold, by place; for an area by the exact method NaN, since
        that needs what its categories do together. Empty for `fluid`.
    held
        (runs, R) complexes within their limits, run by run; two forecasts with one seed may be
        compared run by run. Empty unless sampled.
    housed
        (runs, R, K) lettings per category since the month before, run by run.
    """

    method: str
    engine_version: str
    seed: int | None = None
    runs: int | None = None
    categories: tuple[str, ...]
    months: tuple[int, ...]
    homes: Mapping[str, int]
    limits: Mapping[str, Limits]
    means: Mapping[str, Array] = field(default_factory=dict)
    counts: Mapping[str, Array] = field(default_factory=dict)
    kept: Mapping[str, Array] = field(default_factory=dict)
    held: Tallied = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    housed: Tallied = field(default_factory=lambda: np.zeros((0, 0, 0), np.int32))

    def spread(self, place: str, category: str, month: int) -> Spread:
        """Return the range of a count, likely and wide [households]."""
        return Spread.of(self._counts(place)[self._row(month), self.categories.index(category)])

    def in_band(self, place: str) -> Array:
        """Return the chance that all limits of a place hold, month by month (R,)."""
        self._counts(place)
        return self.kept[place]

    def out(self, place: str) -> Array:
        """Return the chance of each limit to be passed (R, K, 2): under the floor, over the top."""
        counts, limits = self._counts(place), self.limits[place]
        below = np.cumsum(counts, axis=2)
        each = np.arange(len(self.categories))
        under = np.where(limits.low > 0, below[:, each, limits.low - 1], 0.0)
        over = 1 - below[:, each, np.minimum(limits.high, counts.shape[2] - 1)]
        return np.stack([under, np.clip(over, 0.0, 1.0)], axis=2)

    def error(self, chance: Array) -> Array:
        """Return the standard error of a chance that the sample leaves; 0 without a sample."""
        if self.runs is None:
            return np.zeros_like(chance)
        return np.asarray(np.sqrt(np.clip(chance * (1 - chance), 0, None) / self.runs))

    def mean_error(self, place: str) -> Array:
        """Return the standard error of the means that the sample leaves (R, K) [households]."""
        if self.runs is None:
            return np.zeros_like(self.means[place])
        counts = self._counts(place)
        squares = counts @ np.arange(counts.shape[2]) ** 2.0
        return np.asarray(np.sqrt(np.maximum(squares - self.means[place] ** 2, 0) / self.runs))

    def _counts(self, place: str) -> Array:
        if place not in self.means:
            raise ForecastError("place_unknown", place)
        if not self.counts:
            raise ForecastError("means_only", place)
        return self.counts[place]

    def _row(self, month: int) -> int:
        if month not in self.months:
            raise ForecastError("month_missing", f"{month}")
        return self.months.index(month)
