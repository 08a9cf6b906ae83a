"""Where a complex stands today, and what is supposed of its future: the input of every method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import comb
from typing import TYPE_CHECKING, Self

import numpy as np

from mixwijzer.engine.account import Account, Accounts, Summed
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.forecast._mixes import Array, Limits, Simplex, Whole
from mixwijzer.engine.forecast._policy import Policy
from mixwijzer.engine.portfolio import Scope, ScopeKind

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_DRAWN = 4096  # mixes that stand for an account of which only the separate counts are known
_SEEN = 1e-12  # chances under this are left out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outset:
    """One complex at the start of a forecast.

    Parameters
    ----------
    id
        Of the complex.
    homes
        Its base n [homes].
    mixes, chances
        (N, K) where it may stand, each of as many households h ≤ n, and how probable (N,). The
        n − h empty homes are given at once, by the policy.
    rates
        Departures and drift.
    limits
        What is agreed here.
    policy
        Who gets the homes that come free.

    Raises
    ------
    ForecastError
        `outset_mixes`: more households than homes, a negative count, or another number of
        categories than the rates have. `outset_policy`: costs for fewer homes.
    """

    id: str
    homes: int
    mixes: Whole
    chances: Array
    rates: Rates
    limits: Limits
    policy: Policy

    def __post_init__(self) -> None:
        """Refuse what doesn't fit together."""
        size, households = len(self.rates.categories), self.mixes.sum(axis=1)
        shaped = self.mixes.shape == (self.chances.size, size) and self.chances.size > 0
        known = {self.policy.ordinary.size, self.limits.low.size, size} == {size}
        if not (shaped and known and size > 1 and (self.mixes >= 0).all()):
            raise ForecastError("outset_mixes", self.id, size=size, homes=self.homes)
        if households.min() != households.max() or households[0] > self.homes:
            raise ForecastError("outset_mixes", self.id, size=size, homes=self.homes)
        if not self.policy.fits(self.homes):
            raise ForecastError("outset_policy", self.id, homes=self.homes)

    @classmethod
    def at(
        cls,
        mix: ArrayLike,
        rates: Rates,
        policy: Policy,
        limits: Limits | None = None,
        *,
        id: str = "",  # noqa: A002
    ) -> Self:
        """Return the outset of a full complex of which the mix is known (K,) [households]."""
        row = np.asarray(mix, dtype=np.int64)
        homes = int(row.sum())
        free = Limits.of(homes, rates.categories, {})
        return cls(
            id=id,
            homes=homes,
            mixes=row[None],
            chances=np.ones(1),
            rates=rates,
            limits=limits or free,
            policy=policy,
        )

    @classmethod
    def all_of(
        cls,
        accounts: Accounts,
        rates: Rates | Mapping[str, Rates],
        policy: Callable[[int, Limits, Array], Policy] | None = None,
    ) -> tuple[Self, ...]:
        """Return the outset of every complex of a portfolio, by id.

        Every announced departure has happened and every commitment is kept (`Accounts.after`);
        limits are the bands and caps in force on the day.

        Parameters
        ----------
        accounts
            Who lives there.
        rates
            For all, or by id of the complex.
        policy
            Makes a policy of the homes of a complex, its limits and the shares (K,) of the
            ordinary offer; without it, every home goes the ordinary way.
        """
        made = []
        for each in sorted(accounts.portfolio.complexes, key=lambda row: row.id):
            scope = Scope(ScopeKind.COMPLEX, each.id)
            homes = accounts.portfolio.base(scope)
            ordinary = np.array(accounts.ordinary_shares)
            mixes, chances = cls.standing(accounts.after(scope, date.max))
            homes = max(homes, int(mixes[0].sum()))
            limits = cls.agreed(accounts, scope, homes)
            made.append(
                cls(
                    id=each.id,
                    homes=homes,
                    mixes=mixes,
                    chances=chances,
                    rates=rates[each.id] if isinstance(rates, Mapping) else rates,
                    limits=limits,
                    policy=policy(homes, limits, ordinary) if policy else Policy.fixed(ordinary),
                )
            )
        return tuple(made)

    @staticmethod
    def standing(account: Summed) -> tuple[Whole, Array]:
        """Return the mixes an account holds possible (N, K), and their chances (N,)."""
        grid = _grid(account)
        if grid is None:
            pmfs = [account.pmf(name) for name in account.scheme.categories]
            return _from_counts(np.array(pmfs))
        ordinary = account.scheme.index(account.scheme.ordinary)
        rows = np.argwhere(grid > _SEEN)
        chances = grid[tuple(rows.T)]
        mixes = np.insert(rows, ordinary, account.households - rows.sum(axis=1), axis=1)
        return mixes, chances / chances.sum()

    @staticmethod
    def agreed(accounts: Accounts, scope: Scope, homes: int) -> Limits:
        """Return the bands and caps in force at a place; a small base has no band of its own."""
        portfolio, scheme = accounts.portfolio, accounts.scheme
        small = portfolio.base(scope) < accounts.assumptions.smallest_base
        bands = {} if small else portfolio.bands(scope, scheme, accounts.day)
        at_most: dict[str, int] = {}
        for cap in portfolio.caps_at(scope, scheme.name, accounts.day):
            at_most[cap.category] = min(cap.at_most, at_most.get(cap.category, cap.at_most))
        plain = {name: resolved.band for name, resolved in bands.items()}
        return Limits.of(homes, scheme.categories, plain, at_most)


def _grid(account: Summed) -> Array | None:
    """Return the joint grid of an account; None where only separate counts are known."""
    if isinstance(account, Account):
        return account.grid
    total = np.ones((1,) * (len(account.scheme.categories) - 1))
    for part in account.parts:
        grid = _grid(part)
        if grid is None:
            return None
        total = _sum_of(total, grid)
    return total if account.parts else None


def _sum_of(one: Array, other: Array) -> Array:
    """Return the chances of the sum of two counts; by shifting, so that none falls below zero."""
    few, many = sorted((one, other), key=np.size)
    total = np.zeros(np.add(few.shape, many.shape) - 1)
    for at in np.argwhere(few):
        here = tuple(slice(low, low + size) for low, size in zip(at, many.shape, strict=True))
        total[here] += few[tuple(at)] * many
    return total


def _from_counts(pmfs: Array) -> tuple[Whole, Array]:
    """Return mixes of separate counts (K, h + 1), as if independent but for their sum.

    All of them where they are few, else evenly spread ones that stand for as much each.
    """
    size, homes = pmfs.shape[0], pmfs.shape[1] - 1
    if comb(homes + size - 1, size - 1) > _DRAWN:
        return _spread(pmfs), np.full(_DRAWN, 1 / _DRAWN)
    mixes = Simplex.of(homes, size).counts
    chances = pmfs[np.arange(size), mixes].prod(axis=1)
    return mixes, chances / chances.sum()


def _spread(pmfs: Array) -> Whole:
    """Return evenly spread mixes: category by category, given what is left for the others."""
    size, homes = pmfs.shape[0], pmfs.shape[1] - 1
    behind = [np.eye(1, homes + 1)[0]]  # chances of the sum of the categories behind
    for pmf in pmfs[:0:-1]:
        behind.append(np.convolve(behind[-1], pmf)[: homes + 1])
    left = np.full(_DRAWN, homes)
    mixes = np.zeros((_DRAWN, size), dtype=np.int64)
    # The additive recurrence of Roberts (2018): points that fill a cube evenly, without chance.
    root = max(np.roots([1, *[0] * (size - 2), -1, -1]).real)
    points = np.outer(np.arange(_DRAWN) + 0.5, root ** -np.arange(1.0, size)) % 1
    for place in range(size - 1):
        rest = left[:, None] - np.arange(homes + 1)
        chance = pmfs[place] * np.where(rest >= 0, behind[size - 1 - place][rest], 0.0)
        summed = np.cumsum(chance, axis=1)
        mixes[:, place] = (summed < points[:, [place]] * summed[:, -1:]).sum(axis=1)
        left = left - mixes[:, place]
    mixes[:, -1] = left
    return mixes
