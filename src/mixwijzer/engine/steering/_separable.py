"""What does a placement cost when there are too many categories to look at whole mixes?

The penalty is a sum over categories, so each category of a complex is followed on its own: a
number of households that grows by lettings and by change, and shrinks by departures. Its index at
a count is the charge at which letting to it and letting to another are equally good (Whittle 1988;
a letting is best up to a threshold, since the penalty is convex). A home goes to the category of
highest index less price: exactly one per vacancy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from mixwijzer.engine.steering._blocks import Block, Row

_RARE = 1e-6  # as in the exact index: nobody is certain never to change or leave [1/yr]


def separable_costs(block: Block, weights: Row) -> Row:
    """Return the cost of one household more per category and count left (K, n).

    It is minus the index, [household-years]; the other categories are taken to be mixed as where
    the middle of the band and the rates lead.
    """
    return np.array([_costs(block, place, float(weights[place])) for place in range(block.size)])


def _costs(block: Block, place: int, weight: float) -> Row:
    """Return minus the index of one category for 0 … n − 1 households left.

    Of the policy "let to it while fewer than t are left", with h the bias at charge θ, the
    differences d(x) = h(x + 1) − h(x) and the average cost g solve for x = 0 … n

        g − up(x) d(x) + down(x) d(x − 1) = c(x) + θ let(x).

    They are linear in θ, and at the index θ + d(t) = 0.
    """
    homes = block.homes
    rates = _rates(block, place)
    each, threshold = np.arange(homes + 1), np.arange(homes)[:, None]
    over = np.maximum(each - block.high[place], 0.0)
    out = weight * (over + np.maximum(block.low[place] - each, 0.0))
    other_leaves = np.where(each < threshold, (homes - each) * rates.other_leaves, 0.0)
    refilled = np.where(each - 1 < threshold, each * rates.leaves, 0.0)
    up = (homes - each) * rates.comes + other_leaves
    down = each * (rates.goes + rates.leaves) - refilled
    below, above = _sides(cast("Row", up), cast("Row", down), out, other_leaves + refilled)
    # The side on which the chain runs towards the threshold is the one without cancellation.
    steady = np.where((abs(below[:, 1]) < abs(above[:, 1]))[:, None], below, above)
    apart = below - above
    apart /= abs(apart).max(axis=1, keepdims=True)
    system = np.empty((homes, 2, 2))
    system[:, 0] = np.column_stack([steady[:, 1], 1 + steady[:, 2]])
    system[:, 1] = apart[:, 1:]
    right = -np.stack([steady[:, 0], apart[:, 0]], axis=1)
    return cast("Row", -np.linalg.solve(system, right[..., None])[:, 1, 0])


def _sides(up: Row, down: Row, out: Row, let: Row) -> tuple[Row, Row]:
    """Return d(t) per threshold t, from the counts up to it and from those above it.

    Each as its three coefficients (n, 3): on its own, of g and of θ.
    """
    homes = out.size - 1
    below, above = np.zeros((homes, 3)), np.zeros((homes, 3))
    for count in range(homes):
        mine = slice(count, homes)
        gain = _gain(out[count], let[mine, count])
        below[mine] = (gain + down[mine, [count]] * below[mine]) / up[mine, [count]]
    for count in range(homes, 0, -1):
        mine = slice(0, count)
        gain = _gain(out[count], let[mine, count])
        above[mine] = (up[mine, [count]] * above[mine] - gain) / down[mine, [count]]
    return below, above


def _gain(out: float, let: Row) -> Row:
    """Return g − c − θ let as coefficients (T, 3)."""
    return np.column_stack([np.full(let.size, -out), np.ones(let.size), -let])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rates:
    """Rates around one category, per household [1/yr].

    One of it leaves, one of the others leaves, another becomes it, it becomes another.
    """

    leaves: float
    other_leaves: float
    comes: float
    goes: float


def _rates(block: Block, place: int) -> _Rates:
    low, high = block.band
    rest = np.delete((low + high) / 2 + _RARE, place)
    rest /= rest.sum()
    return _Rates(
        leaves=float(block.leave[place]),
        other_leaves=max(float(rest @ np.delete(block.leave, place)), _RARE),
        comes=max(float(rest @ np.delete(block.moves[:, place], place)), _RARE),
        goes=max(-float(block.moves[place, place]), _RARE),
    )
