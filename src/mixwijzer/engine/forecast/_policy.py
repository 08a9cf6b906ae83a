"""To which category is a home given that comes free? As data, the same for every method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import comb
from typing import TYPE_CHECKING, Self

import numpy as np

from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.forecast._mixes import Array, Limits, Simplex, Whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

TIE = 1e-9  # costs that differ less are equal, and chance decides between them


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """How a free home is given.

    With chance `steered` it goes to the category of least price + cost of one household more,
    among those available; ties share alike. Otherwise, and where none is available, it goes the
    ordinary way: the offer that chooses no category, and brings each by its share. A category of
    infinite cost is not available (a cap), nor is one whose supply of the month has been used.

    Parameters
    ----------
    ordinary
        (K,) intake shares of the ordinary offer, summing to 1.
    steered
        Share of the free homes that may be steered, 0 to 1.
    costs
        (K, n + 1) cost of one more household of k where the departure left y_k of them.
    joint
        (S, K) the same where it depends on the whole mix left, by row of Simplex(n − 1, K).
        One of the two, or neither: then the ordinary way is the only one.
    prices
        (K,) added to the cost of each category: what it is worth elsewhere. Zeros by default.

    Raises
    ------
    ForecastError
        `policy_shape`, `policy_shares`.

    >>> most = Policy.toward([0.5, 0.5], [2.0, 2.0], 4)
    >>> most.intake([[0, 3], [2, 1]]).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    ordinary: Array
    steered: float = 0.0
    costs: Array | None = None
    joint: Array | None = None
    prices: Array | None = None

    def __post_init__(self) -> None:
        """Make arrays of what was given, and refuse shares that can't be."""
        for name in ("ordinary", "costs", "joint", "prices"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, np.asarray(value, dtype=float))
        if self.prices is None:
            object.__setattr__(self, "prices", np.zeros(self.ordinary.size))
        shares = np.append(self.ordinary, self.steered)
        if not ((shares >= 0) & (shares <= 1)).all() or abs(self.ordinary.sum() - 1) > TIE:
            raise ForecastError("policy_shares", "policy", total=f"{self.ordinary.sum():g}")
        self._check_shapes()

    def _check_shapes(self) -> None:
        size = self.ordinary.size
        given = [
            () if self.costs is None else self.costs.shape[:1],
            () if self.joint is None else self.joint.shape[1:],
            np.asarray(self.prices).shape,
        ]
        twice = self.costs is not None and self.joint is not None
        if twice or any(shape not in {(), (size,)} for shape in given) or self._left() is None:
            raise ForecastError("policy_shape", "policy", size=size)

    @classmethod
    def fixed(cls, shares: ArrayLike) -> Self:
        """Return the policy that nobody steers: every free home goes by these shares (K,)."""
        return cls(ordinary=np.asarray(shares, dtype=float))

    @classmethod
    def toward(
        cls, ordinary: ArrayLike, aim: ArrayLike, homes: int, *, steered: float = 1.0
    ) -> Self:
        """Return the policy of the largest shortage against an aim (K,) [households].

        With the ceilings as aim it is that of most room.
        """
        costs = np.arange(homes + 1) - np.asarray(aim, dtype=float)[:, None]
        return cls(ordinary=np.asarray(ordinary, dtype=float), steered=steered, costs=costs)

    @classmethod
    def nearest(
        cls, ordinary: ArrayLike, limits: Limits, homes: int, *, steered: float = 1.0
    ) -> Self:
        """Return the policy that looks at today's limits only: least households out of them."""
        each = np.arange(homes + 2)[:, None]
        costs = np.diff(limits.beyond(np.repeat(each, limits.low.size, axis=1)), axis=0).T
        return cls(ordinary=np.asarray(ordinary, dtype=float), steered=steered, costs=costs)

    def capped(self, high: ArrayLike, homes: int) -> Self:
        """Return the same policy that never steers a category beyond `high` (K,) [households]."""
        allowed = np.arange(homes + 1) < np.asarray(high)[:, None]
        if self.joint is not None:
            left = Simplex.of(homes - 1, self.ordinary.size).counts
            fits = allowed[np.arange(self.ordinary.size), left]
            return replace(self, joint=np.where(fits, self.joint, np.inf))
        costs = np.zeros(allowed.shape) if self.costs is None else self.costs[:, : homes + 1]
        return replace(self, costs=np.where(allowed, costs, np.inf))

    def intake(self, left: ArrayLike, supply: ArrayLike | None = None) -> Array:
        """Return the chance of each category for one free home (S, K).

        Parameters
        ----------
        left
            (S, K) households per category without the free home.
        supply
            (K,) whether a category is available; all of them by default.
        """
        mixes = np.asarray(left, dtype=np.int64)
        ordinary = np.broadcast_to(self.ordinary, mixes.shape)
        if not self.steers:
            return np.array(ordinary)
        cost = self._cost(mixes)
        if supply is not None:
            cost = np.where(np.asarray(supply, dtype=bool), cost, np.inf)
        best = (cost <= cost.min(axis=1, keepdims=True) + TIE) & np.isfinite(cost)
        chosen = best.sum(axis=1, keepdims=True)
        shares = np.where(chosen, best / np.maximum(chosen, 1), ordinary)
        return np.asarray(self.steered * shares + (1 - self.steered) * ordinary)

    def _cost(self, mixes: Whole) -> Array:
        """Return price + cost of one household more of each category (S, K)."""
        prices = np.asarray(self.prices)
        if self.costs is not None:
            return np.asarray(prices + self.costs[np.arange(prices.size), mixes])
        there = int(mixes[0].sum())
        table = self.levels((self._left() or 0) - there)[-1]
        return table[Simplex.of(there, prices.size).index(mixes)]

    def levels(self, empty: int) -> list[Array]:
        """Return price + joint cost (S, K), then the same with 1 … `empty` other homes empty.

        Those count what the others cost when they are given as well as can be.
        """
        prices, left = np.asarray(self.prices), self._left() or 0
        tables = [np.asarray(prices + self.joint)]
        for homes in range(left - 1, left - 1 - empty, -1):
            least, fuller = tables[-1].min(axis=1), Simplex.of(homes + 1, prices.size)
            fewer = Simplex.of(homes, prices.size).counts
            one_more = fewer[:, None] + np.eye(prices.size, dtype=np.int64)
            tables.append(prices + least[fuller.index(one_more)])
        return tables

    @property
    def steers(self) -> bool:
        """Whether who comes depends on who lives there."""
        return self.steered > 0 and not (self.costs is None and self.joint is None)

    def fits(self, homes: int) -> bool:
        """Whether the costs speak of a complex of so many homes."""
        if self.joint is not None:
            return self._left() == homes - 1
        return self.costs is None or self.costs.shape[1] >= homes

    def _left(self) -> int | None:
        """Return n − 1 of a joint cost; None where its length fits no number of households."""
        if self.joint is None:
            return 0
        size, left = self.ordinary.size, 0
        while comb(left + size - 1, size - 1) < len(self.joint) and size > 1:
            left += 1
        return left if comb(left + size - 1, size - 1) == len(self.joint) else None
