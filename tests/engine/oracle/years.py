"""Slow, plain readings of the coming years, to hold the forecast against; sharing no line with it.

A mix is a tuple of counts. The events of a complex become a dense matrix by looking at every mix
and household in turn; a history is drawn event by event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import expm

if TYPE_CHECKING:
    from numpy.typing import NDArray

Mix = tuple[int, ...]
Intake = Callable[[Mix], Sequence[float]]


def all_mixes(homes: int, size: int) -> list[Mix]:
    """Every mix, found by trying all counts."""
    return [each for each in product(range(homes + 1), repeat=size) if sum(each) == homes]


def after(mix: Mix, leaves: int, comes: int) -> Mix:
    """The mix after one household became another."""
    changed = list(mix)
    changed[leaves] -= 1
    changed[comes] += 1
    return tuple(changed)


def events(
    mix: Mix,
    leave: Sequence[float],
    drift: Sequence[Sequence[float]],
    churn: Sequence[float],
    intake: Intake,
) -> dict[Mix, float]:
    """Yearly rates from a mix to others."""
    rates: defaultdict[Mix, float] = defaultdict(float)
    for j, here in enumerate(mix):
        if not here:
            continue
        left = tuple(count - (place == j) for place, count in enumerate(mix))
        for k, share in enumerate(intake(left)):
            rates[after(mix, j, k)] += here * leave[j] * share
            rates[after(mix, j, k)] += here * drift[j][k]
            pair = here * mix[k] / sum(mix) * (churn[j] + churn[k]) / 2
            rates[after(mix, j, k)] += pair if j != k else 0.0
    rates.pop(mix, None)
    return rates


def generator(
    homes: int,
    leave: Sequence[float],
    drift: Sequence[Sequence[float]],
    churn: Sequence[float],
    intake: Intake,
    inside: Callable[[Mix], bool] = lambda mix: True,
) -> tuple[list[Mix], NDArray[np.float64]]:
    """All mixes and the dense matrix of yearly rates; mixes that aren't inside lead nowhere."""
    mixes = all_mixes(homes, len(leave))
    rates = np.zeros((len(mixes), len(mixes)))
    for row, mix in enumerate(mixes):
        for goal, rate in events(mix, leave, drift, churn, intake).items():
            rates[row, row] -= rate
            if inside(goal):
                rates[row, mixes.index(goal)] += rate
        if not inside(mix):
            rates[row] = 0.0
    return mixes, rates


def years_on(rates: NDArray[np.float64], years: float) -> NDArray[np.float64]:
    """Chances from every mix to every mix."""
    return np.asarray(expm(rates * years))


def history(
    mix: Mix,
    years: float,
    leave: Sequence[float],
    drift: Sequence[Sequence[float]],
    intake: Intake,
    rng: np.random.Generator,
) -> Mix:
    """One history, event by event."""
    clock = 0.0
    while True:
        rates = events(mix, leave, drift, [0.0] * len(mix), intake)
        clock += rng.exponential(1 / sum(rates.values()))
        if clock > years:
            return mix
        goals = list(rates)
        chances = np.array([rates[goal] for goal in goals])
        mix = goals[rng.choice(len(goals), p=chances / chances.sum())]
