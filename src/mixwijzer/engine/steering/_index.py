"""What does a placement cost later and elsewhere?

`room_index` prices what is scarce and owed in a portfolio and solves every distinct complex at
those prices. Its score tells for one free home how many household-years out of band each category
costs more than the best one.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb, sqrt

import numpy as np

from mixwijzer.engine.errors import SteeringError
from mixwijzer.engine.forecast import Policy
from mixwijzer.engine.steering._arm import Arm
from mixwijzer.engine.steering._blocks import Block, Row, Whole
from mixwijzer.engine.steering._mean import MeanArm
from mixwijzer.engine.steering._prices import Pledge, Prices, check_possible, owed_of, priced
from mixwijzer.engine.steering._room import EXACT_UP_TO, Room, RoomScore
from mixwijzer.engine.steering._simulate import Follow

_LONG_RUN = 0.02  # gain of the prices times √(vacancies a year), measured: docs/explanation
_CALENDAR = 0.8


@dataclass(frozen=True, kw_only=True, eq=False)
class RoomIndex:
    """Prices, bound and scores of a portfolio.

    Parameters
    ----------
    prices
        Prices of what is scarce and owed, with the bound for every policy.
    supply, pledges
        What they were made for.
    rooms
        The solved complex of each block, by id; complexes that are alike share one.
    """

    prices: Prices
    supply: Row
    pledges: tuple[Pledge, ...]
    rooms: Mapping[str, Room]

    def exact(self, block: str) -> bool:
        """Whether a complex was looked at in whole mixes, not category by category."""
        return self.rooms[block].bias is not None

    def policy(self, block: str) -> Policy:
        """Return how to let the homes of a complex: one policy for all that are alike."""
        return self.rooms[block].policy

    def room(self, block: str) -> Room:
        """Return all that the scores of one complex need, to be kept."""
        found = self.rooms[block]
        return replace(found, block=replace(found.block, id=block))

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
        return self.rooms[block].score(mixes, chances, filling_up=filling_up)


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
    alike = _alike(blocks)
    arms = [_arm(same[0], weighed) for same in alike]
    times = np.array([len(same) for same in alike], dtype=float)
    prices, solutions = priced(arms, times, most, pledges)
    rooms: dict[str, Room] = {}
    for same, arm, solution in zip(alike, arms, solutions, strict=True):
        exact = isinstance(arm, Arm)
        room = Room(
            block=same[0],
            charges=prices.charges,
            weights=weighed,
            bias=solution.bias if exact else None,
        )
        rooms |= dict.fromkeys((block.id for block in same), room)
    return RoomIndex(prices=prices, supply=most, pledges=tuple(pledges), rooms=rooms)


def promises_kept(
    blocks: Sequence[Block], supply: Sequence[float], pledges: Sequence[Pledge]
) -> None:
    """Refuse a supply (K,) [1/yr] with which no policy keeps what is owed, whoever is let to.

    Raises
    ------
    SteeringError
        `supply_short` or `promises_impossible`.
    """
    if not blocks:
        return
    most = np.array(supply, dtype=float)
    alike = _alike(blocks)
    times = np.array([len(same) for same in alike], dtype=float)
    check_possible([same[0] for same in alike], times, most, owed_of(pledges, most.size))


def _alike(blocks: Sequence[Block]) -> list[list[Block]]:
    """Put complexes together that differ in their id alone."""
    alike: dict[Hashable, list[Block]] = {}
    for block in blocks:
        alike.setdefault(_key(block), []).append(block)
    return list(alike.values())


def _key(block: Block) -> Hashable:
    return block.homes, block.rates, block.low, block.high, block.ordinary, block.steered


def _arm(block: Block, weights: Row) -> Arm | MeanArm:
    mixes = comb(block.homes + block.size - 1, block.size - 1)
    return Arm(block, weights) if mixes <= EXACT_UP_TO else MeanArm(block, weights)
