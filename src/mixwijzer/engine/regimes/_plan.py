"""What is compared: a portfolio, its regimes and a scenario, made ready for runs anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

import numpy as np

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.account import Accounts
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import RegimeError, SteeringError
from mixwijzer.engine.forecast import Outset, Policy
from mixwijzer.engine.forecast.sampled import Lines, limited, task_of
from mixwijzer.engine.regimes._regime import Regime
from mixwijzer.engine.steering import Block, Pledge, pledged, room_index

if TYPE_CHECKING:
    from mixwijzer.engine.forecast import Array, Tallied, Whole
    from mixwijzer.engine.forecast.task import Task
    from mixwijzer.engine.steering import RoomIndex

MONTHS = 12
BLOCK = 64  # runs that are drawn side by side, LANES of the kernel
_PARTS = 1_000_000  # of the composition of a group
_MOST_STEPS = 2e11  # complex-months: hours, not minutes
_PER_STEP = 5e-8  # [s] of one processor per complex-month, measured: docs/explanation/regimes.md
_MOST_RUNS = 100_000  # sums of squares of a million homes fit 64 bits
_TENTHS = 10  # of a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is supposed of the years to come, the same for every regime.

    Parameters
    ----------
    turnover
        Departures, as a multiple of the rates.
    intake
        (K,) shares of the ordinary offer instead of those of the portfolio.
    arrivals
        (K,) households who join the waiting list [1/yr]; by default as many as today's departures
        make room for, by the shares of the ordinary offer, and no fewer than are promised a home.
    waited
        How long the first in line has waited at the start, in every category [months].
    ends, left
        After how many months an experiment ends, and what share may be steered from then on.
    days_to_let, days_again
        How long a home stands empty before it is let, and how much longer for every household
        that is passed over [days].

    Raises
    ------
    RegimeError
        `turnover_range`, `shares_sum`, `arrivals_range`, `share_range`.
    """

    turnover: float = 1.0
    intake: tuple[float, ...] | None = None
    arrivals: tuple[float, ...] | None = None
    waited: float = MONTHS
    ends: int | None = None
    left: float = 0.0
    days_to_let: float = 0.0
    days_again: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what can't be."""
        if not 0 < self.turnover <= MONTHS:
            raise RegimeError("turnover_range", "scenario", value=f"{self.turnover:g}")
        shares = np.array(self.intake or (1.0,))
        if (shares < 0).any() or abs(shares.sum() - 1) > 1e-9:
            raise RegimeError("shares_sum", "scenario", value=f"{shares.sum():g}")
        least = (*(self.arrivals or ()), self.waited, self.days_to_let, self.days_again)
        if min(least) < 0:
            raise RegimeError("arrivals_range", "scenario")
        if not 0 <= self.left <= 1:
            raise RegimeError("share_range", "scenario", value=f"{self.left:g}")

    def moved(self, rates: Rates) -> Rates:
        """Return rates at this turnover."""
        return replace(rates, leave=tuple(each * self.turnover for each in rates.leave))


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """Everything a chunk of runs needs, and what the outcome has to say of it.

    Parameters
    ----------
    regimes, reference
        What is compared, and the name of the one with which.
    scenario, years, seed
        What is supposed; how many years; the seed of all chance.
    categories, pledges
        K categories; what is owed per year.
    tasks
        Per regime, for the kernel.
    owed
        (Y + 1, K) whole households owed in each year; none in year 0, which is the start.
    complexes, homes
        How many have limits, and the homes in them.
    arrivals
        (K,) households who join the waiting list [1/month].
    bound
        No policy has fewer households out of their limits in the long run; None where no regime
        looks ahead at every home.
    assumed, unholdable
        Groups whose composition is an assumption; complexes whose limits no mix can keep.
    impossible
        Why the pledges can't all be kept, whoever steers.
    """

    regimes: tuple[Regime, ...]
    reference: str
    scenario: Scenario
    years: int
    seed: int
    categories: tuple[str, ...]
    pledges: tuple[Pledge, ...]
    tasks: tuple[Task, ...]
    owed: Whole
    complexes: int
    homes: int
    arrivals: Array
    bound: float | None
    assumed: tuple[str, ...]
    unholdable: tuple[str, ...]
    impossible: SteeringError | None

    @classmethod
    def of(
        cls,
        accounts: Accounts,
        rates: Rates | Mapping[str, Rates],
        regimes: Sequence[Regime],
        *,
        reference: str | None = None,
        scenario: Scenario | None = None,
        years: int = 10,
        seed: int = 1,
    ) -> Self:
        """Return the plan of a portfolio.

        Parameters
        ----------
        accounts
            Who lives where, on the day.
        rates
            Departures and drift, for all or by complex id.
        regimes, reference
            What is compared, each name once; the first one when no reference is named.
        scenario, years, seed
            See `Plan`.

        Raises
        ------
        RegimeError
            `no_regimes`, `regime_twice`, `regime_missing` (the reference), `years_range`,
            `no_homes`, `shares_length`, `too_many_runs`.
        """
        scenario = scenario or Scenario()
        names, size = [each.name for each in regimes], len(accounts.scheme.categories)
        reference = reference or next(iter(names), "")
        _check(names, reference, years)
        for row in (scenario.intake, scenario.arrivals):
            if row is not None and len(row) != size:
                raise RegimeError("shares_length", "scenario", size=size, given=len(row))
        outsets = _outsets(accounts, rates, scenario)
        homes = sum(each.homes for each in outsets)
        if not homes:
            raise RegimeError("no_homes", "portfolio")
        seconds_of(len(outsets), homes, years, BLOCK, len(names))
        pledges, assumed = pledged(accounts)
        owed = _owed(pledges, size)
        arrivals = _arrivals(outsets, scenario, owed)
        supply = MONTHS * arrivals + arrivals * scenario.waited / years
        towns = _Towns(outsets, pledges, supply)
        lettings = accounts.portfolio.lettings
        judged = [each.homes for each in outsets if limited(each)]
        tasks = tuple(
            _task(towns.under(each, each.share(lettings)), each, scenario, arrivals, years)
            for each in regimes
        )
        return cls(
            regimes=tuple(regimes),
            reference=reference,
            scenario=scenario,
            years=years,
            seed=seed,
            categories=accounts.scheme.categories,
            pledges=pledges,
            tasks=tasks,
            owed=_whole(owed, years),
            complexes=len(judged),
            homes=sum(judged),
            arrivals=arrivals,
            bound=towns.bound,
            assumed=assumed,
            unholdable=towns.unholdable,
            impossible=towns.impossible,
        )

    @cached_property
    def key(self) -> str:
        """A fingerprint of everything on which the bits of the outcome depend."""
        told = blake2b(digest_size=16)
        told.update(repr((ENGINE_VERSION, self.seed, self.reference, self.measures)).encode())
        for task in self.tasks:
            for each in task:
                told.update(np.ascontiguousarray(each).tobytes())
        told.update(self.owed.tobytes())
        return told.hexdigest()

    @property
    def measures(self) -> tuple[str, ...]:
        """What is counted in every run and year, in the order of `counted`."""
        return (
            "in_band",
            "homes_in_band",
            "out_of_band",
            "promises_kept",
            "days_vacant",
            *(f"met:{each.group}" for each in self.pledges),
            *(f"let:{name}" for name in self.categories),
            *(f"passed:{name}" for name in self.categories),
            *(f"waiting:{name}" for name in self.categories),
        )

    def counted(self, noted: Tallied, housed: Tallied) -> Whole:
        """Return the measures (M, Y + 1, runs) of what the kernel noted of one regime."""
        kept = (housed >= self.owed).all(axis=2, keepdims=True)
        size = len(self.categories)
        days = [self.scenario.days_to_let, self.scenario.days_again]
        whole = np.round(np.array(days) * _TENTHS).astype(np.int64)
        let, passed = housed.sum(axis=2), noted[:, :, 3 : 3 + size].sum(axis=2)
        empty = (let * whole[0] + passed * whole[1])[:, :, None]
        rows = [noted[:, :, :3], kept, empty, self._met(housed), housed, noted[:, :, 3:]]
        return np.concatenate(rows, axis=2).transpose(2, 1, 0).astype(np.int64)

    def _met(self, housed: Tallied) -> Whole:
        """Return which part of each pledge was let (runs, Y + 1, G) [millionths]."""
        shares = [np.round(np.array(each.shares) * _PARTS) for each in self.pledges]
        parts = np.array(shares, np.int64).reshape(len(self.pledges), len(self.categories))
        owed = np.maximum(self.owed, 1)
        done = np.where(self.owed > 0, np.minimum(housed, self.owed), 1)
        return np.asarray((parts[:, None, None] * done // owed).sum(axis=3).transpose(1, 2, 0))

    def unit(self, measure: str) -> float:
        """Return by what the count of a measure is divided before it is told."""
        kind, _, name = measure.partition(":")
        if kind == "waiting":
            return float(self.arrivals[self.categories.index(name)])
        units = {"in_band": self.complexes, "homes_in_band": self.homes}
        return {"days_vacant": _TENTHS, "met": _PARTS, **units}.get(kind, 1)

    def seconds(self, runs: int) -> float:
        """Return about how long so many runs take one processor [s].

        Raises
        ------
        RegimeError
            `too_many_runs`, `runs_range`.
        """
        if not 1 < runs <= _MOST_RUNS:
            raise RegimeError("runs_range", f"{runs}", at_most=_MOST_RUNS)
        places = self.tasks[0].homes
        return seconds_of(places.size, int(places.sum()), self.years, runs, len(self.tasks))


def _check(names: Sequence[str], reference: str, years: int) -> None:
    if not names:
        raise RegimeError("no_regimes", "compare")
    for each in names:
        if names.count(each) > 1:
            raise RegimeError("regime_twice", each)
    if reference not in names:
        raise RegimeError("regime_missing", reference, known=", ".join(names))
    if not 1 <= years <= 100:
        raise RegimeError("years_range", f"{years}", at_most=100)


def seconds_of(complexes: int, homes: int, years: int, runs: int, regimes: int) -> float:
    """Refuse what takes hours, in figures that say how much less will do; else say how long."""
    steps = complexes * MONTHS * years * regimes
    if steps * runs > _MOST_STEPS:
        raise RegimeError(
            "too_many_runs",
            "compare",
            homes=homes,
            years=years,
            runs=runs,
            hours=int(steps * runs * _PER_STEP / 3600),
            at_most=int(_MOST_STEPS / steps),
        )
    return steps * runs * _PER_STEP


def _outsets(
    accounts: Accounts, rates: Rates | Mapping[str, Rates], scenario: Scenario
) -> tuple[Outset, ...]:
    """Return every complex with a home, at the turnover and intake of the scenario."""
    given = [each for each in Outset.all_of(accounts, rates) if each.homes]
    moved = {id(each.rates): scenario.moved(each.rates) for each in given}
    policy = Policy.fixed(scenario.intake or accounts.ordinary_shares)
    return tuple(replace(each, rates=moved[id(each.rates)], policy=policy) for each in given)


class _Towns:
    """The same complexes under one regime after another, with the look ahead of some of them.

    The waiting list is the supply: who joins it in a year, and a part of who waits already.
    """

    def __init__(self, outsets: Sequence[Outset], pledges: Sequence[Pledge], supply: Array) -> None:
        self.outsets, self.pledges, self.supply = outsets, pledges, tuple(supply.tolist())
        self.unholdable = tuple(each.id for each in outsets if not _holdable(each))
        self.impossible: SteeringError | None = None
        self.bound: float | None = None

    def under(self, regime: Regime, share: float) -> tuple[Outset, ...]:
        """Return the complexes with the policies of a regime; alike ones share theirs."""
        index = self._index(share) if regime.looks_ahead else None
        made: dict[object, Policy] = {}
        found = []
        for each in self.outsets:
            block = _block(each, share)
            ahead = None if index is None or each.id in self.unholdable else index.policy(each.id)
            key = (block.homes, block.low, block.high, id(ahead))
            if key not in made:
                made[key] = regime.policy(block, ahead)
            found.append(replace(each, policy=made[key]))
        return tuple(found)

    def _index(self, share: float) -> RoomIndex | None:
        """Return the prices of a share; without the promises where those can't be kept.

        The bound is that of steering every home, which no smaller share can beat.
        """
        blocks = [_block(each, share) for each in self.outsets if _holdable(each)]
        if not blocks:
            return None
        try:
            found = room_index(blocks, supply=self.supply, pledges=self.pledges)
        except SteeringError as error:
            self.impossible = error
            found = room_index(blocks)
        if share == 1:
            self.bound = max(found.prices.free, 0.0)
        return found


def _holdable(outset: Outset) -> bool:
    return outset.limits.can_hold(outset.homes)


def _block(outset: Outset, share: float) -> Block:
    """Return a complex as steering sees it; where no mix fits, its floors bend."""
    low, high = outset.limits.low, outset.limits.high
    return Block(
        id=outset.id,
        homes=outset.homes,
        rates=outset.rates,
        low=tuple(np.minimum(low, high).tolist()),
        high=tuple(high.tolist()),
        ordinary=tuple(outset.policy.ordinary.tolist()),
        steered=share,
    )


def _task(
    outsets: Sequence[Outset], regime: Regime, scenario: Scenario, arrivals: Array, years: int
) -> Task:
    lines = Lines(
        waiting=np.round(arrivals * scenario.waited).astype(np.int64),
        arrivals=arrivals,
        oldest=regime.oldest,
        alike=regime.like_for_like,
        until=MONTHS * years if scenario.ends is None else scenario.ends,
        later=scenario.left,
    )
    months = range(0, MONTHS * years + 1, MONTHS)
    return task_of(outsets, months, {}, arrivals, lines)


def _arrivals(outsets: Sequence[Outset], scenario: Scenario, owed: Array) -> Array:
    """Return the households who join the waiting list (K,) [1/month]."""
    if scenario.arrivals is not None:
        return np.array(scenario.arrivals) / MONTHS
    leave = [float(each.chances @ each.mixes @ each.rates.leave) for each in outsets]
    return np.maximum(sum(leave) * outsets[0].policy.ordinary, owed) / MONTHS


def _owed(pledges: Sequence[Pledge], size: int) -> Array:
    """Return the households owed (K,) [1/yr]."""
    return np.zeros(size) + sum(each.per_year * np.array(each.shares) for each in pledges)


def _whole(yearly: Array, years: int) -> Whole:
    """Return whole households owed per year (Y + 1, K): what is over goes to the next year."""
    until = np.floor(np.outer(np.arange(years + 1), yearly) + 1e-9).astype(np.int64)
    return np.diff(until, axis=0, prepend=until[:1])
