"""The situation of one vacancy: nested scopes, what counts in each, and who is in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from mixwijzer.engine.account import Account, Outlook, Separate, Summed
from mixwijzer.engine.norms import Assumptions, Scheme
from mixwijzer.engine.portfolio import Band, Scope

Grid = NDArray[np.float64]

JOINT_UP_TO = 2_000  # households up to which wide scopes keep their categories together


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A band or cap that counts in a scope: its id, where its figures come from, its figures.

    `low` and `high` are whole households [households]; a cap has no low.
    """

    id: str
    cap: bool
    category: str
    low: int | None
    high: int | None
    norm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One scope around the vacancy and what counts in it.

    Parameters
    ----------
    scope
        Which.
    base
        Dwellings meant for ordinary letting [dwellings].
    limits
        Bands (silent ones left out) and caps.
    fill_up
        Whether a fill-up plan is at work here.
    known_part
        Whether all judges of the latest round know only a part of the households.
    rest
        Account of what this scope adds to the next smaller one; None up to the inner scope.
    """

    scope: Scope
    base: int
    limits: tuple[Limit, ...] = ()
    fill_up: bool = False
    known_part: bool = False
    rest: Summed | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Nested scopes, smallest first, after departure, announced departures and commitments.

    Parameters
    ----------
    scheme, assumptions
        Categories; thresholds.
    rings
        The scopes.
    inner
        Account of the scope at position `at`: the complex, or a stairwell group judged apart.
    at
        Position of the inner scope; a ring before it is a stairwell without account of its own.
    drawn
        Households of that stairwell, drawn from the inner scope [households].
    leaver
        The leaver's category, where it lifts a band (like-for-like).
    outlook
        State or labels behind the inner account, for what a confirmation would change.
    profiled
        Whether any profile or cap is valid in any of the scopes.
    fewer
        Departures supposed from a position on, per category and position [households].
    """

    scheme: Scheme
    assumptions: Assumptions
    rings: tuple[Ring, ...]
    inner: Account | Separate
    at: int = 0
    drawn: int = 0
    leaver: str | None = None
    outlook: Outlook | None = None
    profiled: bool = True
    fewer: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def pmf(self, position: int, category: str) -> Grid:
        """Return P(count of the category in a scope = k), before the new household."""
        counted = self._pmf(position, category)
        start, amount = self.fewer.get(category, (0, 0))
        if not amount or position < start:
            return counted
        fewer = np.zeros(max(counted.size - amount, 1))
        kept = counted[amount:]
        fewer[: kept.size] = kept
        fewer[0] += counted[:amount].sum()
        return fewer

    def _pmf(self, position: int, category: str) -> Grid:
        if position < self.at:
            return _drawn(self.inner.pmf(category), self.drawn)
        total = self.inner.pmf(category)
        for wider in range(self.at + 1, position + 1):
            total = np.convolve(total, self._rest_pmf(wider, category))
        return total

    def _rest(self, position: int) -> Summed:
        return self.rings[position].rest or Summed(self.scheme, ())

    @cached_property
    def _rest_cache(self) -> dict[tuple[int, str], Grid]:
        return {}

    def _rest_pmf(self, position: int, category: str) -> Grid:
        key = (position, category)
        if key not in self._rest_cache:
            self._rest_cache[key] = self._rest(position).pmf(category)
        return self._rest_cache[key]

    def ceilings(self, position: int) -> dict[str, int]:
        """Return the lowest ceiling per category in a scope, bands and caps alike [households]."""
        lowest: dict[str, int] = {}
        for limit in self.rings[position].limits:
            if limit.high is not None:
                lowest[limit.category] = min(limit.high, lowest.get(limit.category, limit.high))
        return lowest

    def chance_all_hold(self, category: str) -> float:
        """Return P(every ceiling of every category holds after one household of `category`).

        Jointly over the nested scopes: complexes are independent, a stairwell without account is
        drawn from its complex (ENGINE §3b.13, 16).
        """
        if isinstance(self.inner, Separate):
            names = {limit.category for ring in self.rings for limit in ring.limits}
            return math.prod(self._alone(name, category) for name in sorted(names))
        return self._joint_chance(self.inner, category)

    def _alone(self, name: str, category: str) -> float:
        """Return the chance that the ceilings of one category hold, apart from all others."""
        rings = tuple(
            replace(ring, limits=tuple(each for each in ring.limits if each.category == name))
            for ring in self.rings
        )
        face = cast("Separate", self.inner).face(name)
        return replace(self, rings=rings, inner=face)._joint_chance(face, category)  # noqa: SLF001

    def _joint_chance(self, inner: Account, category: str) -> float:
        weight = inner.grid
        for name, high in self.ceilings(self.at).items():
            allowed = inner.counts(name) + (name == category) <= high
            weight = np.where(allowed, weight, 0.0)
        weight = weight * self._wider_hold(inner, category)
        if self.at:
            weight = weight * self.stairwell_holds(inner, category)
        return float(weight.sum())

    @cached_property
    def _reach(self) -> int:
        """One past the widest scope with a ceiling: what is beyond changes nothing."""
        limited = (position for position in range(len(self.rings)) if self.ceilings(position))
        return 1 + max(limited, default=self.at)

    def _wider_hold(self, inner: Account, category: str) -> Grid | float:
        """Chance that every wider ceiling holds, given each cell of the inner grid.

        An approximation in scopes of more than 2,000 households with ceilings on several
        categories: there the categories of the other complexes are taken as independent.
        """
        wider = range(self.at + 1, self._reach)
        names = sorted({name for position in wider for name in self.ceilings(position)})
        if not names:
            return 1.0
        rests = [ring.rest for ring in self.rings[: self._reach] if ring.rest]
        size = inner.households + sum(rest.households for rest in rests)
        if len(names) == 1 or size > JOINT_UP_TO:
            each = [self._one_category_holds(inner, name, category) for name in names]
            return cast("Grid", np.prod(each, axis=0))
        return self._all_categories_hold(inner, category)

    def _one_category_holds(self, inner: Account, name: str, category: str) -> Grid:
        """Walk inwards from the widest scope: G(t) = 1[t ≤ L] · Σ_z rest(z) G'(t + z)."""
        limited = [at for at in range(self.at + 1, self._reach) if name in self.ceilings(at)]
        holds = np.ones(self.ceilings(limited[-1])[name] + 1)
        for position in reversed(range(self.at + 1, limited[-1] + 1)):
            limit = self.ceilings(position).get(name)
            if limit is not None:
                holds = holds[: max(limit + 1 - (name == category), 0)]
            pmf = self._rest_pmf(position, name)
            holds = np.convolve(holds, pmf[::-1])[pmf.size - 1 :] if holds.size else holds
        table = np.zeros(inner.households + 1)
        known = holds[: table.size]
        table[: known.size] = known
        return table[np.maximum(inner.counts(name), 0)]

    def _all_categories_hold(self, inner: Account, category: str) -> Grid:
        """Return the same for several categories at once, on the joint grid."""
        axes = [name for name in self.scheme.categories if name != self.scheme.ordinary]
        present = list(
            accumulate(
                [inner.households]
                + [self._rest(at).households for at in range(self.at + 1, self._reach)]
            )
        )
        holds: Grid | None = None
        for position in reversed(range(self.at + 1, self._reach)):
            total = present[position - self.at]
            ceilings = self.ceilings(position)
            box = self.allowed(axes, ceilings, category, total, present[-1])
            holds = box if holds is None else holds * box
            holds = correlated(holds, joint(self._rest(position), len(axes)))
        inside = tuple(slice(0, inner.households + 1) for _ in axes)
        return cast("Grid", holds)[inside]

    def allowed(
        self, axes: Sequence[str], ceilings: Mapping[str, int], category: str, total: int, size: int
    ) -> Grid:
        """Mark the counts that every ceiling of one scope allows."""
        each = np.indices((size + 1,) * len(axes))
        counts = dict(zip(axes, each, strict=True))
        counts[self.scheme.ordinary] = total - each.sum(axis=0)
        box = counts[self.scheme.ordinary] >= 0
        for name, high in ceilings.items():
            box = box & (counts[name] + (name == category) <= high)
        return cast("Grid", box.astype(float))

    def stairwell_holds(self, inner: Account, category: str) -> Grid:
        """Chance that the stairwell's ceilings hold, given each cell of the inner grid."""
        ceilings = self.ceilings(0)
        if not ceilings:
            return np.ones_like(inner.grid)
        if len(ceilings) == 1:
            ((name, high),) = ceilings.items()
            allowed = _draws(inner.households, self.drawn)[: max(high + 1 - (name == category), 0)]
            return cast("Grid", allowed.sum(axis=0)[np.maximum(inner.counts(name), 0)])
        return self._stairwell_joint(inner, ceilings, category)

    def _stairwell_joint(self, inner: Account, ceilings: Mapping[str, int], category: str) -> Grid:
        """Sum the multivariate hypergeometric over the stairwell's allowed counts."""
        names = self.scheme.categories
        lives = {name: np.maximum(inner.counts(name), 0) for name in names}
        total = np.zeros_like(inner.grid)
        whole = _log_choose(np.array(inner.households), self.drawn)
        for drawn in _compositions(self.drawn, len(names)):
            here = dict(zip(names, drawn, strict=True))
            if all(here[name] + (name == category) <= high for name, high in ceilings.items()):
                log = sum(_log_choose(lives[name], here[name]) for name in names)
                total += np.exp(log - whole)
        return total

    def with_inner(self, account: Account | Separate) -> Situation:
        """Return the situation with another account of the inner scope."""
        return replace(self, inner=account)

    def with_fewer(self, category: str, position: int, amount: int) -> Situation:
        """Return the situation after so many departures of a category from a scope and wider."""
        return replace(self, fewer={category: (position, amount)})

    def with_higher(self, rule: str, amount: int) -> Situation:
        """Return the situation with the ceiling of one rule raised by whole households."""
        rings = tuple(
            replace(
                ring,
                limits=tuple(
                    replace(limit, high=limit.high + amount)
                    if limit.id == rule and limit.high is not None
                    else limit
                    for limit in ring.limits
                ),
            )
            for ring in self.rings
        )
        return replace(self, rings=rings)


def band_limit(scope: Scope, category: str, band: Band, base: int, norm: str) -> Limit:
    """Return a band in whole households; where its low exceeds its high, the ceiling is alone."""
    low, high = band.whole(base)
    if low is not None and high is not None and low > high:
        low = None
    return Limit(
        id=f"{scope.code}:{category}:band",
        cap=False,
        category=category,
        low=low,
        high=high,
        norm=norm,
    )


def _drawn(pmf: Grid, households: int) -> Grid:
    """Return the count among households drawn at random from those counted by `pmf`."""
    return _draws(pmf.size - 1, households) @ pmf


def _draws(total: int, drawn: int) -> Grid:
    """Return H[k, n] = C(n, k) C(total − n, drawn − k) / C(total, drawn) (drawn + 1, total + 1)."""
    of, among = np.arange(total + 1)[None, :], np.arange(drawn + 1)[:, None]
    log = _log_choose(of, among) + _log_choose(total - of, drawn - among)
    return np.exp(log - _log_choose(np.array(total), np.array(drawn)))


def joint(rest: Summed, axes: int) -> Grid:
    """Return the joint distribution of a sum of independent accounts."""
    total = np.ones((1,) * axes)
    for part in rest.parts or ((rest,) if isinstance(rest, Account) else ()):
        grid = part.grid if isinstance(part, Account) else joint(part, axes)
        total = np.maximum(convolved(total, grid), 0.0)
    return cast("Grid", total)


def correlated(holds: Grid, rest: Grid) -> Grid:
    """Return Σ_z rest(z) · holds(t + z) for every t."""
    full = convolved(holds, np.flip(rest))
    inside = tuple(
        slice(size - 1, size - 1 + wide) for size, wide in zip(rest.shape, holds.shape, strict=True)
    )
    return cast("Grid", np.clip(full[inside], 0.0, 1.0))


def convolved(one: Grid, other: Grid) -> Grid:
    """Return the full convolution of two grids, by Fourier transforms."""
    shape = [a + b - 1 for a, b in zip(one.shape, other.shape, strict=True)]
    axes = tuple(range(len(shape)))
    product = np.fft.rfftn(one, shape, axes=axes) * np.fft.rfftn(other, shape, axes=axes)
    return np.fft.irfftn(product, shape, axes=axes)


def _compositions(total: int, parts: int) -> list[tuple[int, ...]]:
    """Return all ways to write `total` as an ordered sum of so many whole numbers."""
    if parts == 1:
        return [(total,)]
    return [
        (first, *rest)
        for first in range(total + 1)
        for rest in _compositions(total - first, parts - 1)
    ]


def _log_choose(total: NDArray[np.int64], part: NDArray[np.int64] | int) -> Grid:
    """Return log C(total, part), −∞ where it is zero."""
    fits = (total >= part) & (np.asarray(part) >= 0)
    safe = np.where(fits, total - part, 0)
    log = gammaln(np.maximum(total, 0) + 1) - gammaln(np.maximum(part, 0) + 1) - gammaln(safe + 1)
    return cast("Grid", np.where(fits, log, -np.inf))
