"""How well does a policy do over a whole portfolio, promises included, in the long run?

Event by event: a household leaves or changes, a home is let by the policy of its complex, with
prices that follow what is owed. Needed to measure the gap between what is done and the bound;
short runs lie (on 3 × 120 years a good policy once came out below the bound).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from typing import cast

import numpy as np
from numba import njit
from scipy.stats import t as student

from mixwijzer.engine.forecast import Policy
from mixwijzer.engine.steering._arm import middle
from mixwijzer.engine.steering._blocks import Block, Row

_TIE = 1e-9
_BATCHES = 12  # per run: long enough apart to be taken as independent


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """How prices follow what is owed while the years pass.

    Parameters
    ----------
    most, least
        (K,) supply and lettings owed [1/yr]; infinite and 0 where there is none.
    supply, owed
        (K,) prices to start from [household-years per letting].
    gain
        κ: how much a price moves per letting behind or ahead [household-years per letting²].
    calendar
        Whether promises are kept in every calendar year: what is owed is counted anew at its
        turn, and when it takes all the homes that can still be expected, nothing else is let.
        Supply is counted on: who waits is still there in January.
    carry
        Whether what was let above or under a promise counts for the next year.
    """

    most: Row
    least: Row
    supply: Row
    owed: Row
    gain: float
    calendar: bool = False
    carry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a policy did.

    Parameters
    ----------
    out_of_band, half_width
        Weighted households out of the band on average, and half of its 95 % interval [households].
    lettings
        (K,) lettings per category [1/yr].
    kept
        Share of the calendar years in which everything owed was let.
    years, runs, seed
        Years per run after the run-in, runs, seed.
    """

    out_of_band: float
    half_width: float
    lettings: Row
    kept: float
    years: int
    runs: int
    seed: int

    def gap(self, bound: float) -> tuple[float, float, float]:
        """Return how far above a bound this is, with its 95 % interval, as shares of the bound."""
        middle = self.out_of_band / bound - 1
        part = self.half_width / bound
        return middle, middle - part, middle + part


def simulate(
    blocks: Sequence[Block],
    policies: Sequence[Policy],
    follow: Follow,
    *,
    years: int,
    runs: int,
    seed: int,
    weights: Row | None = None,
) -> Measured:
    """Run policies, one per block, over a portfolio and measure.

    Every run starts near the middle of the bands and leaves its first tenth out.

    Parameters
    ----------
    blocks, policies
        Complexes, and how each is let; prices in the policies are replaced by those that follow.
    follow
        Prices and promises.
    years, runs, seed
        Years per run after the run-in, how many runs, and the seed of their chance.
    weights
        (K,) weight of a household out of the band; ones by default.
    """
    size = blocks[0].size
    tables = _Tables(blocks, policies, np.ones(size) if weights is None else weights)
    warm = years // 10
    out, let = np.zeros((runs, years)), np.zeros((runs, years, size))
    for run, rng in enumerate(np.random.default_rng(seed).spawn(runs)):
        spent, done = _run(rng, tables, follow, warm + years)
        out[run], let[run] = spent[warm:], done[warm:]
    width = max(years // _BATCHES, 1)
    batches = out[:, : years // width * width].reshape(-1, width).mean(axis=1)
    spread = batches.std(ddof=1) / sqrt(batches.size)
    return Measured(
        out_of_band=float(out.mean()),
        half_width=float(student.ppf(0.975, batches.size - 1) * spread),
        lettings=let.mean(axis=(0, 1)),
        kept=float((let >= follow.least - _TIE).all(axis=2).mean()),
        years=years,
        runs=runs,
        seed=seed,
    )


class _Tables:
    """Blocks and policies as flat arrays; what is alike is kept once."""

    def __init__(self, blocks: Sequence[Block], policies: Sequence[Policy], weights: Row) -> None:
        alike: dict[tuple[object, ...], int] = {}
        firsts: list[tuple[Block, Policy]] = []
        kinds = []
        for block, policy in zip(blocks, policies, strict=True):
            key = (block.homes, block.rates, block.low, block.high, id(policy))
            if key not in alike:
                alike[key] = len(firsts)
                firsts.append((block, policy))
            kinds.append(alike[key])
        most = max(block.homes for block in blocks)
        self.size = blocks[0].size
        self.kind = np.array(kinds)
        self.leave = np.array([block.leave for block, _ in firsts])
        self.moves = np.array([block.moves for block, _ in firsts])
        self.out = np.array([_apart(block, weights, most) for block, _ in firsts])
        self.single = np.array([self._single(policy, most) for _, policy in firsts])
        self.steered = np.array([policy.steered for _, policy in firsts])
        self.ordinary = np.array([policy.ordinary for _, policy in firsts])
        self.ranks = np.array(
            [[comb(n + m, m) for n in range(most + 1)] for m in range(self.size - 1, 0, -1)]
        )
        joints = [policy.joint for _, policy in firsts if policy.joint is not None]
        self.joint = np.concatenate(joints) if joints else np.empty((0, self.size))
        lengths = [0 if policy.joint is None else len(policy.joint) for _, policy in firsts]
        self.first = np.where(lengths, np.cumsum(lengths) - lengths, -1)
        self.start = np.array([middle(block) for block in blocks])
        self.flow = float(sum(block.leave @ each for block, each in zip(blocks, self.start)))

    def _single(self, policy: Policy, most: int) -> Row:
        """Return the separable costs of a policy, padded to the largest block (K, most + 1)."""
        costs = np.zeros((self.size, most + 1))
        if policy.costs is not None:
            costs[:, : policy.costs.shape[1]] = policy.costs
        return costs


def _apart(block: Block, weights: Row, most: int) -> Row:
    """Return the weighted households out of the band per category and count (K, most + 1)."""
    each = np.repeat(np.arange(most + 1)[:, None], block.size, axis=1)
    over = np.maximum(each - np.array(block.high), 0.0)
    under = np.maximum(np.array(block.low) - each, 0.0)
    return cast("Row", ((over + under) * weights).T)


def _run(
    rng: np.random.Generator, tables: _Tables, follow: Follow, years: int
) -> tuple[Row, Row]:
    """Return the households out of band (years,) and the lettings per category (years, K)."""
    out, let = np.zeros(years), np.zeros((years, tables.size))
    lives(
        rng,
        tables.start.copy(),
        (tables.kind, tables.leave, tables.moves, tables.steered, tables.ordinary),
        (tables.out, tables.single, tables.joint, tables.first, tables.ranks),
        np.array([follow.most, follow.least, follow.supply, follow.owed]),
        (follow.gain, tables.flow, follow.calendar, follow.carry),
        (out, let),
    )
    return out, let


@njit(cache=True)  # type: ignore[untyped-decorator]
def lives(rng, counts, nature, tables, promises, pace, done):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Let the households of all blocks live for years; fills `done`.

    Parameters
    ----------
    rng
        Chance.
    counts
        (B, K) households, changed in place.
    nature
        Kind of each block (B,); per kind leave (T, K), moves (T, K, K), steered (T,), ordinary
        (T, K).
    tables
        Out of band (T, K, n), separable costs (T, K, n), joint costs (R, K), first row of each
        kind or −1 (T,), ranks (K − 1, n).
    promises
        (4, K) supply, owed, and the prices of both to start from.
    pace
        Gain of the prices, vacancies to expect a year, whether promises are counted by the
        year, whether what was let beyond them is carried over.
    done
        Households out of band (years,), lettings (years, K).
    """
    kind, leave, moves = nature[0], nature[1], nature[2]
    spent, let = done
    blocks, size = counts.shape
    speed, out = np.empty(blocks), np.empty(blocks)
    for block in range(blocks):
        speed[block] = _speed(counts[block], leave[kind[block]], moves[kind[block]])
        out[block] = _out(counts[block], tables[0][kind[block]])
    total, cost = speed.sum(), out.sum()
    let_in_all, since = np.zeros(size), np.zeros(size)
    now, year = 0.0, 0
    while True:
        then = now - np.log(1.0 - rng.random()) / total
        while then >= year + 1:
            spent[year] += (year + 1 - now) * cost
            now, year = year + 1.0, year + 1
            if year == spent.size:
                return
            total, cost = speed.sum(), out.sum()
            if pace[2]:
                since -= promises[1] if pace[3] else since
        spent[year] += (then - now) * cost
        now = then
        block = _drawn(rng.random() * total, speed)
        own, mine = counts[block], kind[block]
        origin, goal = _event(rng.random() * speed[block], own, leave[mine], moves[mine])
        own[origin] -= 1
        if goal < 0:
            ahead = let_in_all - promises[0] * now
            behind = promises[1] * (now - year if pace[2] else now) - since
            short = np.maximum(promises[1] - since, 0.0)
            late = pace[2] and short.sum() >= pace[1] * (year + 1 - now)
            state = (ahead, behind, short, late)
            goal = _choice(rng, own, mine, nature, tables, promises, pace[0], state)
            since[goal] += 1
            let_in_all[goal] += 1
            let[year, goal] += 1
        own[goal] += 1
        faster = _speed(own, leave[mine], moves[mine]) - speed[block]
        dearer = _out(own, tables[0][mine]) - out[block]
        speed[block] += faster
        out[block] += dearer
        total += faster
        cost += dearer


@njit(cache=True)  # type: ignore[untyped-decorator]
def _speed(own, leave, moves):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the rate of all events of one block; a row of moves sums to 0."""
    total = 0.0
    for each in range(own.size):
        total += own[each] * (leave[each] - moves[each, each])
    return total


@njit(cache=True)  # type: ignore[untyped-decorator]
def _out(own, table):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    total = 0.0
    for each in range(own.size):
        total += table[each, own[each]]
    return total


@njit(cache=True)  # type: ignore[untyped-decorator]
def _drawn(point, parts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the part in which a point falls; rounding leaves the last one."""
    for each in range(parts.size - 1):
        point -= parts[each]
        if point < 0:
            return each
    return parts.size - 1


@njit(cache=True)  # type: ignore[untyped-decorator]
def _event(point, own, leave, moves):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return who leaves (goal −1) or changes to what."""
    last = 0
    for origin in range(own.size):
        if own[origin] == 0:
            continue
        last = origin
        point -= own[origin] * leave[origin]
        if point < 0:
            return origin, -1
        for goal in range(own.size):
            if goal != origin:
                point -= own[origin] * moves[origin, goal]
                if point < 0:
                    return origin, goal
    return last, -1


@njit(cache=True)  # type: ignore[untyped-decorator]
def _choice(rng, left, mine, nature, tables, promises, gain, state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the category of the household that comes in: least cost, ties by lot."""
    if rng.random() >= nature[3][mine]:
        return _drawn(rng.random(), nature[4][mine])
    single, joint, first, ranks = tables[1], tables[2], tables[3], tables[4]
    ahead, behind, short, late = state
    row = first[mine] + _rank(left, ranks) if first[mine] >= 0 else -1
    best, found, ties = np.inf, 0, 0
    for each in range(left.size):
        if late and short[each] <= 0:
            continue
        value = single[mine, each, left[each]]
        if row >= 0:
            value += joint[row, each]
        if promises[0, each] < np.inf:
            value += max(0.0, promises[2, each] + gain * ahead[each])
        if promises[1, each] > 0:
            value -= max(0.0, promises[3, each] + gain * behind[each])
        if value < best - 1e-9:
            best, found, ties = value, each, 1
        elif value <= best + 1e-9:
            ties += 1
            if rng.random() * ties < 1.0:
                found = each
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def _rank(left, ranks):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the lexicographic row of a mix, as `Simplex.index` does."""
    rest, rank = left.sum(), 0
    for place in range(left.size - 1):
        rank += ranks[place, rest] - ranks[place, rest - left[place]]
        rest -= left[place]
    return rank
