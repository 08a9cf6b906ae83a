"""Can this complex be turned, when, with how many vacancies, and on whose borrowed room?

Six figures (ENGINE §7), of which the first four follow the mean mix and the fifth whole
households by the exact chain. The sixth is the same again with the room that is left when the
experiment ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb

import numpy as np

from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import SteeringError
from mixwijzer.engine.forecast import Chain, Limits, Policy
from mixwijzer.engine.steering._blocks import MONTHS, Block, Row, Whole
from mixwijzer.engine.steering._paths import Hold, Months, Path
from mixwijzer.engine.steering._reach import Reach, reach

_MOST_MIXES = 100_000  # whole mixes of one complex that the exact chain follows
HORIZON = 240  # later than this is never [months]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What steering can do with one complex under one regime and one set of rates.

    Parameters
    ----------
    steered
        Share of the vacancies that may be steered.
    reach
        Mixes that can be held for good.
    hold
        Whether the band can be held.
    path
        The fastest way into the band with its months and vacancies; None: not within the horizon.
    unsteered
        Months until the band with the ordinary offer alone; None: not within the horizon.
    stay
        Chance never to be out of the band during twelve months under the recommended policy,
        for whole households; None where there are too many mixes to follow.
    """

    steered: float
    reach: Reach
    hold: Hold
    path: Path | None
    unsteered: int | None
    stay: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SteeringPower:
    """The six figures of a complex.

    Parameters
    ----------
    block
        The complex.
    mix
        (K,) mean shares today, of the households there are.
    now
        Figures with today's room to steer and the likely rates.
    borrowed
        The same with the room of the ordinary regime: what is left when the experiment ends.
    between
        Figures at the ends of the uncertainty of the rates; none when they are taken as known.
    horizon
        What "within the horizon" means [months].
    """

    block: Block
    mix: Row
    now: Figures
    borrowed: Figures
    between: tuple[Figures, ...]
    horizon: int

    def power(self, category: str) -> tuple[float, float, float]:
        """Return the power over a category: lowest, likely, highest."""
        likely = self.now.reach.grips[category].power
        every = [likely, *(each.reach.grips[category].power for each in self.between)]
        return min(every), likely, max(every)

    @property
    def months(self) -> tuple[int | None, int | None, int | None]:
        """Months to the band: shortest, likely, longest; None: not within the horizon."""
        likely = self.now.path.months if self.now.path else None
        paths = [self.now.path, *(each.path for each in self.between)]
        known = [path.months for path in paths if path]
        longest = max(known) if len(known) == len(paths) else None
        return min(known, default=None), likely, longest

    @property
    def stay(self) -> tuple[float | None, float | None, float | None]:
        """Chance to stay in the band for twelve months: lowest, likely, highest."""
        every = [self.now.stay, *(each.stay for each in self.between)]
        known = [each for each in every if each is not None]
        return min(known, default=None), self.now.stay, max(known, default=None)


def power(
    block: Block,
    mixes: Whole,
    chances: Row,
    policy: Policy,
    *,
    ordinary_regime: float = 0.0,
    between: Sequence[Rates] = (),
    horizon: int = HORIZON,
) -> SteeringPower:
    """Return the steering power over a complex.

    Parameters
    ----------
    block
        The complex, with today's room to steer.
    mixes, chances
        (N, K) who may live there now, as many households each, and how probable (N,).
    policy
        The recommended policy (`RoomIndex.policy`).
    ordinary_regime
        Share of the vacancies that may be steered when the experiment ends.
    between
        Rates at the ends of their uncertainty: turnover is counted, drift is not.
    horizon
        Months that are looked ahead; longer is never.

    Raises
    ------
    SteeringError
        `never_renewed`, `nobody_there`.
    """
    households = int(mixes[0].sum())
    if households == 0:
        raise SteeringError("nobody_there", block.id)
    mix = chances @ mixes / households

    def figures(of: Block) -> Figures:
        return _figures(of, mix, mixes, chances, policy, horizon)

    return SteeringPower(
        block=block,
        mix=mix,
        now=figures(block),
        borrowed=figures(replace(block, steered=min(block.steered, ordinary_regime))),
        between=tuple(figures(replace(block, rates=rates)) for rates in between),
        horizon=horizon,
    )


def _figures(
    block: Block,
    mix: Row,
    mixes: Whole,
    chances: Row,
    policy: Policy,
    horizon: int,
) -> Figures:
    months = Months(block)
    return Figures(
        steered=block.steered,
        reach=reach(block),
        hold=months.hold(horizon),
        path=months.fastest(mix, horizon),
        unsteered=months.arrival(mix, np.array(block.ordinary), horizon),
        stay=_stay(block, mixes, chances, replace(policy, steered=block.steered)),
    )


def _stay(block: Block, mixes: Whole, chances: Row, policy: Policy) -> float | None:
    """Return the chance never to be out of the band during twelve months: first exit, exactly."""
    kinds = block.size + sum(share > 0 for share in block.rates.stayers)
    if comb(block.homes + kinds - 1, kinds - 1) > _MOST_MIXES:
        return None
    limits = Limits(
        low=np.ceil(block.low).astype(np.int64), high=np.floor(block.high).astype(np.int64)
    )
    chain = Chain(block.homes, block.rates, policy)
    kept = chain.ahead(np.ones(len(chain.counts)), MONTHS, within=limits)
    return float(chain.filled(mixes, chances) @ kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Steering power over all complexes together.

    Parameters
    ----------
    homes
        All homes [dwellings].
    powers
        Power over each category: the mean over homes, lowest, likely, highest.
    left
        The same, likely, when the experiment ends.
    in_reach
        Complexes that can be brought into their band within the horizon.
    in_reach_left
        The same when the experiment ends.
    holdable
        Complexes whose band can be held from every mix in it.
    vacancies
        Vacancies on the fastest paths of the complexes in reach [vacancies].
    stay, stay_left
        Expected number of complexes that never leave their band in twelve months, now and when
        the experiment ends, of those that could be followed.
    """

    homes: int
    powers: Mapping[str, tuple[float, float, float]]
    left: Mapping[str, float]
    in_reach: int
    in_reach_left: int
    holdable: int
    vacancies: float
    stay: float
    stay_left: float


def total(each: Sequence[SteeringPower]) -> Total:
    """Return the figures of several complexes together."""
    homes = np.array([one.block.homes for one in each], dtype=float)
    part = homes / homes.sum()
    names = each[0].block.rates.categories
    powers = {name: part @ np.array([one.power(name) for one in each]) for name in names}
    paths = [one.now.path for one in each if one.now.path]
    return Total(
        homes=int(homes.sum()),
        powers={
            name: (float(low), float(mid), float(high)) for name, (low, mid, high) in powers.items()
        },
        left={
            name: float(part @ [one.borrowed.reach.grips[name].power for one in each])
            for name in names
        },
        in_reach=len(paths),
        in_reach_left=sum(one.borrowed.path is not None for one in each),
        holdable=sum(one.now.hold.everywhere for one in each),
        vacancies=sum(path.vacancies for path in paths),
        stay=sum(one.now.stay or 0.0 for one in each),
        stay_left=sum(one.borrowed.stay or 0.0 for one in each),
    )
