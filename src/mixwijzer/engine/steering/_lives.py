"""The households of all blocks of a portfolio, living event by event: the kernel of `simulate`.

One process for the whole portfolio: the next event comes after an exponential time at the summed
rate, and falls on a block and a household in proportion to their own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mixwijzer.engine.steering._blocks import Row, Whole

_TIE = 1e-9


class Nature(NamedTuple):
    """How blocks live, per kind T: leave (T, K), moves (T, K, K), steered (T,), ordinary (T, K)."""

    kind: Whole
    leave: Row
    moves: Row
    steered: Row
    ordinary: Row


class Costs(NamedTuple):
    """What a mix and a letting cost, per kind.

    Households out of band `out` (T, K, n); cost of one more per category `single` (T, K, n) and
    per mix left `joint` (R, K), where a kind starts at row `first`, −1 for none; `ranks` (K − 1, n)
    number the mixes.
    """

    out: Row
    single: Row
    joint: Row
    first: Whole
    ranks: Whole


class Promises(NamedTuple):
    """Supply and lettings owed (K,) [1/yr], and the prices of both to start from.

    `gain` moves them; `flow` is the vacancies to expect [1/yr]; with `calendar` what is owed is
    counted by the year, with `carry` what was let beyond it counts for the next.
    """

    most: Row
    least: Row
    supply: Row
    owed: Row
    gain: float
    flow: float
    calendar: bool
    carry: bool


class Standing(NamedTuple):
    """Where supply and promises stand: lettings ahead of supply, behind what is owed, still owed.

    `late` when what is owed takes all the homes that can still be expected this year.
    """

    ahead: Row
    behind: Row
    short: Row
    late: bool


@njit(cache=True)
def lives(
    rng: np.random.Generator,
    counts: Whole,
    nature: Nature,
    costs: Costs,
    promises: Promises,
    spent: Row,
    let: Row,
) -> None:
    """Let all households live for years.

    Fills households out of band `spent` (years,) and lettings `let` (years, K), and changes
    `counts` (B, K) on the way.
    """
    kind = nature.kind
    blocks, size = counts.shape
    speed, out = np.empty(blocks), np.empty(blocks)
    for block in range(blocks):
        speed[block] = _speed(counts[block], nature, kind[block])
        out[block] = _out(counts[block], costs, kind[block])
    total, cost = speed.sum(), out.sum()
    in_all, since = np.zeros(size), np.zeros(size)
    now, year = 0.0, 0
    while True:
        then = now - np.log(1.0 - rng.random()) / total
        while then >= year + 1:
            spent[year] += (year + 1 - now) * cost
            now, year = year + 1.0, year + 1
            if year == spent.size:
                return
            total, cost = speed.sum(), out.sum()
            if promises.calendar:
                since -= promises.least if promises.carry else since
        spent[year] += (then - now) * cost
        now = then
        block = _drawn(rng.random() * total, speed)
        own, mine = counts[block], kind[block]
        origin, goal = _event(rng.random() * speed[block], own, nature, mine)
        own[origin] -= 1
        if goal < 0:
            standing = _standing(promises, in_all, since, now, year)
            goal = _choice(rng, own, mine, nature, costs, promises, standing)
            since[goal] += 1
            in_all[goal] += 1
            let[year, goal] += 1
        own[goal] += 1
        faster = _speed(own, nature, mine) - speed[block]
        dearer = _out(own, costs, mine) - out[block]
        speed[block] += faster
        out[block] += dearer
        total += faster
        cost += dearer


@njit(cache=True)
def _speed(own: Whole, nature: Nature, mine: int) -> float:
    """Return the rate of all events of one block; a row of moves sums to 0."""
    total = 0.0
    for each in range(own.size):
        total += own[each] * (nature.leave[mine, each] - nature.moves[mine, each, each])
    return total


@njit(cache=True)
def _out(own: Whole, costs: Costs, mine: int) -> float:
    """Return the households out of band of one block."""
    total = 0.0
    for each in range(own.size):
        total += costs.out[mine, each, own[each]]
    return total


@njit(cache=True)
def _drawn(point: float, parts: Row) -> int:
    """Return the part in which a point falls; rounding leaves the last one."""
    for each in range(parts.size - 1):
        point -= parts[each]
        if point < 0:
            return each
    return parts.size - 1


@njit(cache=True)
def _event(point: float, own: Whole, nature: Nature, mine: int) -> tuple[int, int]:
    """Return who leaves (goal −1), or who changes to what; rounding leaves the last household."""
    last = 0
    for origin in range(own.size):
        if own[origin] == 0:
            continue
        last = origin
        point -= own[origin] * nature.leave[mine, origin]
        if point < 0:
            return origin, -1
        for goal in range(own.size):
            if goal != origin:
                point -= own[origin] * nature.moves[mine, origin, goal]
                if point < 0:
                    return origin, goal
    return last, -1


@njit(cache=True)
def _standing(promises: Promises, in_all: Row, since: Row, now: float, year: int) -> Standing:
    """Return where supply and promises stand."""
    passed = now - year if promises.calendar else now
    short = np.maximum(promises.least - since, 0.0)
    late = promises.calendar and short.sum() >= promises.flow * (year + 1 - now)
    ahead = in_all - promises.most * now
    return Standing(ahead, promises.least * passed - since, short, late)


@njit(cache=True)
def _choice(
    rng: np.random.Generator,
    left: Whole,
    mine: int,
    nature: Nature,
    costs: Costs,
    promises: Promises,
    standing: Standing,
) -> int:
    """Return the category of the household that comes in: least cost, ties by lot."""
    if rng.random() >= nature.steered[mine]:
        return _drawn(rng.random(), nature.ordinary[mine])
    first = costs.first[mine]
    row = first + _rank(left, costs.ranks) if first >= 0 else -1
    best, found, ties = np.inf, 0, 0
    for each in range(left.size):
        if standing.late and standing.short[each] <= 0:
            continue
        value = costs.single[mine, each, left[each]] + _charge(promises, standing, each)
        if row >= 0:
            value += costs.joint[row, each]
        if value < best - _TIE:
            best, found, ties = value, each, 1
        elif value <= best + _TIE:
            ties += 1
            found = each if rng.random() * ties < 1.0 else found
    return found


@njit(cache=True)
def _charge(promises: Promises, standing: Standing, each: int) -> float:
    """Return the charge of one letting: prices that follow scarcity and what is owed."""
    charge = 0.0
    if promises.most[each] < np.inf:
        charge += max(0.0, promises.supply[each] + promises.gain * standing.ahead[each])
    if promises.least[each] > 0:
        charge -= max(0.0, promises.owed[each] + promises.gain * standing.behind[each])
    return charge


@njit(cache=True)
def _rank(left: Whole, ranks: Whole) -> int:
    """Return the lexicographic row of a mix, as `Simplex.index` does."""
    rest, rank = left.sum(), 0
    for place in range(left.size - 1):
        rank += ranks[place, rest] - ranks[place, rest - left[place]]
        rest -= left[place]
    return rank
