"""How far is a margin used, and how far will it be at the end of its period?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """The part of the lettings of a period that counts for a margin.

    Parameters
    ----------
    counted, of
        Lettings that count, of all lettings so far [lettings].
    expected
        The part at the end of the period, in eight of ten cases between these, when the rest of it
        goes on as what went before; None before there was any letting.
    """

    counted: int
    of: int
    expected: tuple[float, float] | None

    @property
    def part(self) -> float:
        """The part so far; 0 before there was any letting."""
        return self.counted / self.of if self.of else 0.0


def margin(counted: int, of: int, elapsed: float) -> Margin:
    """Return how a margin stands after a part `elapsed` of its period (0–1].

    What is still to be let goes as before, by Jeffreys' prior: exact quantiles of the
    beta-binomial, 10 % and 90 %.

    >>> margin(6, 97, 1.0).expected
    (0.061855670103092786, 0.061855670103092786)
    """
    if not of:
        return Margin(counted=counted, of=of, expected=None)
    more = round(of * (1 - elapsed) / elapsed)
    if not more:
        return Margin(counted=counted, of=of, expected=(counted / of, counted / of))
    low, high = _quantiles(more, counted + 0.5, of - counted + 0.5)
    total = of + more
    return Margin(
        counted=counted, of=of, expected=((counted + low) / total, (counted + high) / total)
    )


def _quantiles(lettings: int, of_these: float, others: float) -> tuple[int, int]:
    """Return the 10 % and 90 % quantiles of a beta-binomial count.

    Not by `scipy.stats`: loading that takes as long as the rest of a process's start.
    """
    count = np.arange(lettings + 1)
    ways = -np.log(lettings + 1) - betaln(count + 1, lettings - count + 1)
    chance = np.exp(
        ways + betaln(count + of_these, lettings - count + others) - betaln(of_these, others)
    )
    low, high = np.searchsorted(chance.cumsum(), (0.1, 0.9))
    return int(low), int(high)
