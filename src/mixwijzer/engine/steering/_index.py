"""What does a placement cost later and elsewhere?

`room_index` prices what is scarce and owed in a portfolio and solves every distinct complex at
those prices. Its score tells for one free home how many household-years out of band each category
costs more than the best one.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb, sqrt
from typing import cast

import numpy as np

from mixwijzer.engine.errors import SteeringError
from mixwijzer.engine.forecast import Policy, Simplex
from mixwijzer.engine.steering._arm import Arm, Solution, out_of_band
from mixwijzer.engine.steering._blocks import Block, Row, Whole
from mixwijzer.engine.steering._mean import MeanArm
from mixwijzer.engine.steering._prices import Pledge, Prices, priced
from mixwijzer.engine.steering._separable import separable_costs
from mixwijzer.engine.steering._simulate import Follow

EXACT_UP_TO = 21_000  # mixes of one complex that are looked at whole: 203 homes of 3 categories
_LONG_RUN = 0.02  # gain of the prices times √(vacancies a year), measured: docs/explanation
_CALENDAR = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What letting one home to a category costs more than the best choice [household-years].

    Parameters
    ----------
    cost
        ≥ 0, and 0 for the best; the sum of the three that follow.
    band
        Today's band: households out of it once the home is let, if a year long nobody moved.
    drift
        What departures and changes to be expected make of that.
    price
        What the category is worth elsewhere: scarce is positive, owed is negative.
    """

    cost: float
    band: float
    drift: float
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomScore:
    """The room score of a free home.

    Parameters
    ----------
    block
        The complex.
    placements
        By category; none when there is no score.
    vacancies
        Homes free, this one included; the others are taken to be filled as well as can be.
    absent
        Why there is no score: `fill_up` (a plan decides) or `full` (no home is free).
    """

    block: str
    placements: Mapping[str, Placement]
    vacancies: int
    absent: str | None = None

    @property
    def best(self) -> str | None:
        """The category that costs least."""
        return min(self.placements, key=lambda name: self.placements[name].cost, default=None)

    def expected(self, shares: Sequence[float]) -> float:
        """Return the expected cost of a way to a new household with these intake shares."""
        costs = [each.cost for each in self.placements.values()]
        return float(np.dot(shares, costs))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Own:
    """One distinct complex, solved."""

    block: Block
    solution: Solution
    arm: Arm | None
    weights: Row


@dataclass(frozen=True, kw_only=True, eq=False)
class RoomIndex:
    """Prices, bound and scores of a portfolio.

    Parameters
    ----------
    prices
        Prices of what is scarce and owed, with the bound for every policy.
    supply, pledges
        What they were made for.
    owns
        The solved complex of each block, by id.
    """

    prices: Prices
    supply: Row
    pledges: tuple[Pledge, ...]
    owns: Mapping[str, _Own]

    def exact(self, block: str) -> bool:
        """Whether a complex was looked at in whole mixes, not category by category."""
        return self.owns[block].arm is not None

    def policy(self, block: str) -> Policy:
        """Return how to let the homes of a complex: least price + cost of one more."""
        return self._policies[id(self.owns[block])]

    @cached_property
    def _policies(self) -> Mapping[int, Policy]:
        """One policy per distinct complex, so that who runs them sees which are alike."""
        return {id(own): self._made(own) for own in self.owns.values()}

    def _made(self, own: _Own) -> Policy:
        exact = own.arm is not None
        return Policy(
            ordinary=np.array(own.block.ordinary),
            steered=own.block.steered,
            joint=own.solution.bias[own.arm.filled] if own.arm else None,
            costs=None if exact else separable_costs(own.block, own.weights),
            prices=self.prices.charges,
        )

    def follow(self, *, calendar: bool = False, carry: bool = False) -> Follow:
        """Return how the prices follow what is owed, in the long run or year by year."""
        least = np.sum([p.per_year * np.array(p.shares) for p in self.pledges], axis=0)
        gain = _CALENDAR if calendar else _LONG_RUN
        return Follow(
            most=self.supply,
            least=np.zeros(self.supply.size) + least,
            supply=self.prices.supply,
            owed=self.prices.owed,
            gain=gain / sqrt(float(self.prices.lettings.sum())),
            calendar=calendar,
            carry=carry,
        )

    def score(
        self, block: str, mixes: Whole, chances: Row, *, filling_up: bool = False
    ) -> RoomScore:
        """Return the score of one free home.

        Parameters
        ----------
        block
            Id of the complex.
        mixes, chances
            (N, K) households that stay or are promised a home, h each, and how probable (N,).
        filling_up
            Whether a fill-up plan is at work: then there is no score.
        """
        own = self.owns[block]
        vacancies = own.block.homes - int(mixes[0].sum())
        absent = "fill_up" if filling_up else "full" if vacancies < 1 else None
        if absent:
            return RoomScore(block=block, placements={}, vacancies=vacancies, absent=absent)
        parts = self._whole(own, mixes, vacancies) if own.arm else self._apart(own, mixes)
        band, drift, price = np.tensordot(parts, chances, axes=(1, 0))
        best = int(np.argmin(band + drift + price))
        costs = [each - each[best] for each in (band, drift, price)]
        return RoomScore(
            block=block,
            placements={
                name: Placement(
                    cost=float(costs[0][k] + costs[1][k] + costs[2][k]),
                    band=float(costs[0][k]),
                    drift=float(costs[1][k]),
                    price=float(costs[2][k]),
                )
                for k, name in enumerate(own.block.rates.categories)
            },
            vacancies=vacancies,
        )

    def _whole(self, own: _Own, mixes: Whole, vacancies: int) -> Row:
        """Return the three addends per mix and category (3, N, K), from whole mixes.

        The other free homes are filled one by one; each table holds, per mix, what the rest of
        the filling leads to: households out of band, the rest of the bias, charges.
        """
        arm, size = cast("Arm", own.arm), own.block.size
        charges = self.prices.charges
        rest = own.solution.bias - arm.out
        tables = np.array([arm.out, rest, np.zeros(rest.size)])
        eye = np.eye(size, dtype=np.int64)
        for homes in range(own.block.homes - 1, own.block.homes - vacancies, -1):
            fuller = Simplex.of(homes + 1, size).index(
                Simplex.of(homes, size).counts[:, None] + eye
            )
            ahead = tables[:, fuller]
            ahead[2] += charges
            best = ahead.sum(axis=0).argmin(axis=1)
            tables = ahead[:, np.arange(len(best)), best]
        there = Simplex.of(own.block.homes - vacancies + 1, size)
        ahead = tables[:, there.index(mixes[:, None] + eye)]
        ahead[2] += charges
        return ahead

    def _apart(self, own: _Own, mixes: Whole) -> Row:
        """Return the three addends per mix and category (3, N, K), category by category."""
        size = own.block.size
        total = self.policy(own.block.id).costs
        costs = cast("Row", total)[np.arange(size), mixes]
        eye = np.eye(size)
        now = np.stack(
            [
                out_of_band(mixes + eye[k], own.block, own.weights * eye[k])
                - out_of_band(mixes, own.block, own.weights * eye[k])
                for k in range(size)
            ],
            axis=1,
        )
        price = np.broadcast_to(self.prices.charges, costs.shape)
        return np.array([now, costs - now, price])


def room_index(
    blocks: Sequence[Block],
    *,
    supply: Sequence[float] | None = None,
    pledges: Sequence[Pledge] = (),
    weights: Sequence[float] | None = None,
) -> RoomIndex:
    """Return prices, bound and scores of a portfolio.

    Complexes that differ in their id alone are solved once. Up to 21,000 mixes (200 homes of
    three categories) a complex is looked at in whole mixes; a larger one enters the bound by its
    mean mix and is scored category by category.

    Parameters
    ----------
    blocks
        Complexes, of one set of categories.
    supply
        (K,) households per category that can be had [1/yr]; infinite by default.
    pledges
        What is owed.
    weights
        (K,) weight of a household out of the band; ones by default.

    Raises
    ------
    SteeringError
        `no_blocks`; `supply_short` or `promises_impossible` when no policy can keep them.

    >>> from mixwijzer.engine.dynamics import Rates
    >>> rates = Rates(categories=("a", "b"), leave=(.1, .1), drift=((0, .05), (.05, 0)))
    >>> one = Block(id="C", homes=4, rates=rates, low=(1, 0), high=(2, 4), ordinary=(.5, .5))
    >>> index = room_index([one])
    >>> score = index.score("C", np.array([[2, 1]]), np.ones(1))
    >>> score.best, round(score.placements["a"].cost, 2) > 0
    ('b', True)
    """
    if not blocks:
        raise SteeringError("no_blocks", "portfolio")
    size = blocks[0].size
    weighed = np.ones(size) if weights is None else np.array(weights, dtype=float)
    most = np.full(size, np.inf) if supply is None else np.array(supply, dtype=float)
    alike: dict[Hashable, list[Block]] = {}
    for block in blocks:
        alike.setdefault(_key(block), []).append(block)
    firsts = [each[0] for each in alike.values()]
    arms = [_arm(block, weighed) for block in firsts]
    times = np.array([len(each) for each in alike.values()], dtype=float)
    prices, solutions = priced(arms, times, most, pledges)
    owns: dict[str, _Own] = {}
    for same, arm, solution in zip(alike.values(), arms, solutions, strict=True):
        own = _Own(
            block=same[0],
            solution=solution,
            arm=arm if isinstance(arm, Arm) else None,
            weights=weighed,
        )
        owns |= dict.fromkeys((block.id for block in same), own)
    return RoomIndex(prices=prices, supply=most, pledges=tuple(pledges), owns=owns)


def _key(block: Block) -> Hashable:
    return block.homes, block.rates, block.low, block.high, block.ordinary, block.steered


def _arm(block: Block, weights: Row) -> Arm | MeanArm:
    mixes = comb(block.homes + block.size - 1, block.size - 1)
    return Arm(block, weights) if mixes <= EXACT_UP_TO else MeanArm(block, weights)
