"""How well does a policy do over a whole portfolio, promises included, in the long run?

Event by event: a household leaves or changes, a home is let by the policy of its complex, with
prices that follow what is owed. Needed to measure the gap between what is done and the bound;
short runs lie (on 3 × 120 years a good policy once came out below the bound). The compiled part is
imported when it runs, since numba takes a moment to start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from typing import TYPE_CHECKING, cast

import numpy as np
from scipy.special import stdtrit

from mixwijzer.engine.forecast import Policy
from mixwijzer.engine.steering._arm import middle
from mixwijzer.engine.steering._blocks import Block, Row

if TYPE_CHECKING:
    from mixwijzer.engine.steering._lives import Promises

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
        half_width=float(stdtrit(batches.size - 1, 0.975) * spread),
        lettings=let.mean(axis=(0, 1)),
        kept=float((let >= follow.least - _TIE).all(axis=2).mean()),
        years=years,
        runs=runs,
        seed=seed,
    )


class _Tables:
    """Blocks and policies as flat arrays; what is alike is kept once."""

    def __init__(self, blocks: Sequence[Block], policies: Sequence[Policy], weights: Row) -> None:
        from mixwijzer.engine.steering._lives import Costs, Nature

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
        self.start = np.array([middle(block) for block in blocks])
        rows = zip(blocks, self.start, strict=True)
        self.flow = float(sum(block.leave @ each for block, each in rows))
        self.nature = Nature(
            kind=np.array(kinds),
            leave=np.array([block.leave for block, _ in firsts]),
            moves=np.array([block.moves for block, _ in firsts]),
            steered=np.array([policy.steered for _, policy in firsts], dtype=float),
            ordinary=np.array([policy.ordinary for _, policy in firsts]),
        )
        joints = [policy.joint for _, policy in firsts if policy.joint is not None]
        lengths = [0 if policy.joint is None else len(policy.joint) for _, policy in firsts]
        ranks = [[comb(n + m, m) for n in range(most + 1)] for m in range(self.size - 1, 0, -1)]
        self.costs = Costs(
            out=np.array([_apart(block, weights, most) for block, _ in firsts]),
            single=np.array([self._single(policy, most) for _, policy in firsts]),
            joint=np.concatenate(joints) if joints else np.empty((0, self.size)),
            first=np.where(lengths, np.cumsum(lengths) - lengths, -1),
            ranks=np.array(ranks),
        )

    def promises(self, follow: Follow) -> Promises:
        """Return what is owed and what can be had, for the kernel."""
        from mixwijzer.engine.steering._lives import Promises

        return Promises(
            most=follow.most,
            least=follow.least,
            supply=follow.supply,
            owed=follow.owed,
            gain=float(follow.gain),
            flow=self.flow,
            calendar=follow.calendar,
            carry=follow.carry,
        )

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


def _run(rng: np.random.Generator, tables: _Tables, follow: Follow, years: int) -> tuple[Row, Row]:
    """Return the households out of band (years,) and the lettings per category (years, K)."""
    from mixwijzer.engine.steering._lives import lives

    out, let = np.zeros(years), np.zeros((years, tables.size))
    lives(rng, tables.start.copy(), tables.nature, tables.costs, tables.promises(follow), out, let)
    return out, let
