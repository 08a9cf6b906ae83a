"""The exact event chain of one complex: every departure with its letting, every drift, one event.

The chain runs in continuous time and is uniformised: after n events of a Poisson process the mix
has moved n times by one sparse matrix, and a month is a Poisson number of events (Jensen 1953;
Grassmann 1977). One series of products gives all months at once. A common yearly factor on all
rates is a change of clock, so it only mixes the Poisson numbers.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.special import gammaln, pdtrc, xlogy

from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.forecast._mixes import Array, Limits, Simplex, Whole
from mixwijzer.engine.forecast._policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from mixwijzer.engine.dynamics import Rates

_TAIL = 1e-16  # Poisson mass that may be dropped
_NONE = 1e-22  # so little of it in one number of events isn't worth a sum over all states
_FEW = 8  # months that are cheaper to sum whole than to see event by event
_NODES = 5  # values that a common yearly factor may take
_MOST_CELLS = 5e7  # a dense yearly step of more takes gigabytes


class Kinds:
    """The kinds of household a chain follows: per category those who drift, then the stayers.

    Parameters
    ----------
    rates
        What moves.
    fixed
        Categories that have stayers as a kind of their own; by default those with any.

    Attributes
    ----------
    categories, category
        K; and (M,) the category of each kind; the first K kinds are the categories themselves.
    share
        (M,) part of the newcomers of its category that are of a kind.
    leave, drift, churn
        (M,), (M, M) and (M,) rates per household [1/month].
    factors, chances
        Values of the common yearly factor on all rates, of mean 1, and their chances.
    """

    def __init__(self, rates: Rates, fixed: Whole | None = None) -> None:
        stay = np.array(rates.stayers)
        fixed = np.flatnonzero(stay > 0) if fixed is None else fixed
        self.categories = stay.size
        self.category: Whole = np.concatenate([np.arange(stay.size), fixed])
        self.share: Array = np.concatenate([1 - stay, stay[fixed]])
        self.leave: Array = np.array(rates.leave)[self.category] / 12
        self.drift: Array = np.zeros((len(self), len(self)))
        self.drift[: stay.size, : stay.size] = np.array(rates.drift) / 12
        self.churn: Array = np.array(rates.churn)[self.category] / 12
        self.factors, self.chances = _factors(rates.shock)

    def __len__(self) -> int:
        """Count the kinds."""
        return self.category.size

    def merged(self, counts: Whole) -> Whole:
        """Return households per category (…, K) of households per kind (…, M)."""
        merged = counts[..., : self.categories].copy(order="K")
        for place in range(self.categories, len(self)):
            merged[..., self.category[place]] += counts[..., place]
        return merged

    def shares(self, intake: Array) -> Array:
        """Return chances per kind (…, M) of chances per category (…, K)."""
        return np.asarray(intake[..., self.category] * self.share)


def _factors(shock: float) -> tuple[Array, Array]:
    """Return the values of the common yearly factor, of mean 1, and their chances.

    Gauss–Hermite points stand for a log-normal factor, so that every method means the same one.
    """
    if shock == 0:
        return np.ones(1), np.ones(1)
    points, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    chances = weights / weights.sum()
    factors = np.exp(shock * points)
    return factors / (chances @ factors), chances


class Chain:
    """All mixes of one complex and how chance moves between them.

    Parameters
    ----------
    homes
        Homes n, all let [homes].
    rates
        Departures, drift, churn, common yearly factor and stayers.
    policy
        Who comes after a departure.

    Attributes
    ----------
    mixes
        The states: Simplex(n, K), or over more kinds of household where some are stayers.
    counts
        (S, K) households per category in each state.

    Raises
    ------
    ForecastError
        `too_many_mixes`.
    """

    def __init__(self, homes: int, rates: Rates, policy: Policy) -> None:
        self.kinds = Kinds(rates)
        self.policy = policy
        self.mixes = Simplex.of(homes, len(self.kinds))
        self.counts = self.kinds.merged(self.mixes.counts)
        self._back, self._pace = _one_event(homes, self.kinds, policy)

    @cached_property
    def _step(self) -> csr_array:
        """The chances of one event from each state (row): what a backward pass asks for."""
        return self._back.T.tocsr()

    def filled(self, mixes: ArrayLike, chances: ArrayLike) -> Array:
        """Return chances over the states (S,) from mixes (N, K) of as many households or fewer.

        Empty homes are given at once by the policy, one after the other.
        """
        rows = np.asarray(mixes, dtype=np.int64)
        there, size = int(rows[0].sum()), rows.shape[1]
        simplex = Simplex.of(there, size)
        found: Array = np.bincount(
            simplex.index(rows), np.asarray(chances, float), len(simplex)
        ).astype(float)
        for homes in range(there, self.mixes.homes):
            share = self.policy.intake(simplex.counts) * found[:, None]
            fuller = Simplex.of(homes + 1, size)
            goal = _fuller(homes + 1, size).ravel()
            found = np.bincount(goal, share.ravel(), len(fuller)).astype(float)
            simplex = fuller
        return self._split(found)

    def _split(self, chances: Array) -> Array:
        """Divide chances over mixes of categories over states that know who stays."""
        size = self.counts.shape[1]
        if len(self.kinds) == size:
            return chances
        split = chances[Simplex.of(self.mixes.homes, size).index(self.counts)]
        for place in range(size, len(self.kinds)):
            category = self.kinds.category[place]
            stay, all_ = self.mixes.counts[:, place], self.counts[:, category]
            split = split * _binomial(stay, all_, self.kinds.share[place])
        return np.asarray(split)

    def over(self, start: Array, months: Sequence[int], seen: Callable[[Array], Array]) -> Array:
        """Return what is seen of the chances (S,) at each month, (R, …); `seen` is linear."""
        found: dict[int, Array] = {}
        for at, asked, last in self._years(months):
            ends = sorted({*asked, last})
            weights = self._weights([each - at for each in ends])
            told, start = self._told(start, weights, seen)
            found.update(zip(ends, told, strict=True))
        return np.array([found[month] for month in months])

    def _told(
        self, start: Array, weights: Array, seen: Callable[[Array], Array]
    ) -> tuple[Array, Array]:
        """Return what is seen at each month, and the chances at the last.

        A few months are summed whole and seen once; of many, every event is seen.
        """
        few = len(weights) <= _FEW
        summed = weights if few else weights[-1:]
        totals = np.zeros((len(summed), start.size))
        shots, vector = [], start
        for number, parts in enumerate(summed.T.tolist()):
            if number:
                vector = self._back @ vector
            for row, part in enumerate(parts):
                if part:
                    totals[row] += part * vector
            if not few:
                shots.append(seen(vector))
        if few:
            return np.array([seen(total) for total in totals]), totals[-1]
        return np.tensordot(weights, np.array(shots), 1), totals[-1]

    def ahead(self, value: ArrayLike, months: int, within: Limits | None = None) -> Array:
        """Return the expected value after some months from every state (S,).

        With `within`, only of paths that keep these limits all the while: with a value of one
        everywhere, the chance to stay.
        """
        inside = np.ones(len(self.mixes)) if within is None else within.holds(self.counts)
        vector = np.asarray(value, dtype=float) * inside
        years = [last - at for at, _, last in self._years([months])]
        for length in reversed(years):
            total = np.zeros_like(vector)
            for weight in self._weights([length])[0]:
                total += weight * vector
                vector = inside * (self._step @ vector)
            vector = total
        return np.asarray(vector)

    def _years(self, months: Sequence[int]) -> Iterator[tuple[int, list[int], int]]:
        """Cut the months asked into stretches of one clock (first, asked, last).

        Without a common yearly factor there is one; with it, one a year.
        """
        horizon = max(months)
        length = max(horizon, 1) if self.kinds.factors.size == 1 else 12
        for at in range(0, max(horizon, 1), length):
            last = min(at + length, horizon)
            yield at, [each for each in months if at < each <= last or at == each == 0], last

    def _weights(self, months: Sequence[int]) -> Array:
        """Return the chance of each number of events by each month (R, N)."""
        means = self._pace * np.outer(months, self.kinds.factors)
        events = np.arange(int(most_events(means.max(initial=0.0), _TAIL)) + 1)
        chances = np.exp(xlogy(events, means[..., None]) - means[..., None] - gammaln(events + 1))
        chances[chances < _NONE] = 0.0
        chances /= chances.sum(axis=2, keepdims=True)
        return np.asarray(np.tensordot(chances, self.kinds.chances, axes=(1, 0)))

    @classmethod
    def yearly(cls, homes: int, step: ArrayLike) -> Array:
        """Return the chances from every mix to every mix (S, S) when all households move at once.

        The kernel of a year in which each household of category j is one of l a year later with
        chance `step[j, l]` (K, K), independent of the others: with turnover m, drift P and intake
        u, (1 − m) P + m 1uᵀ. Newcomers don't drift in that year.

        Raises
        ------
        ForecastError
            `too_many_mixes`.
        """
        moves = np.asarray(step, dtype=float)
        size = len(moves)
        mixes = Simplex.of(homes, size)
        if len(mixes) ** 2 > _MOST_CELLS:
            raise ForecastError(
                "too_many_mixes",
                "yearly",
                homes=homes,
                mixes=len(mixes),
                at_most=int(_MOST_CELLS**0.5),
            )
        found = np.ones((1, 1))
        for there in range(1, homes + 1):
            found = _one_more(found, moves, there)
        return found


def most_events(means: ArrayLike, tail: float) -> Whole:
    """Return the least numbers that Poisson numbers of these means exceed by chance `tail` only."""
    each = np.asarray(means, dtype=float)
    top = each.max(initial=0.0)
    events = np.arange(int(top + 12 * top**0.5 + 40))
    return np.asarray((pdtrc(events, each[..., None]) > tail).sum(axis=-1))


def _binomial(part: Whole, total: Whole, share: float) -> Array:
    """Return the chance that `part` of a total are of a kind, each with chance `share`."""
    ways = gammaln(total + 1) - gammaln(part + 1) - gammaln(total - part + 1)
    return np.exp(ways + xlogy(part, share) + xlogy(total - part, 1 - share))


def _one_more(found: Array, moves: Array, homes: int) -> Array:
    """Let one household more move: from the kernel of n − 1 households to that of n."""
    size = len(moves)
    rows, up = Simplex.of(homes, size).counts, _fuller(homes, size)
    mover = (rows > 0).argmax(axis=1)
    others = rows.copy()
    others[np.arange(len(rows)), mover] -= 1
    before = found[Simplex.of(homes - 1, size).index(others)]
    out = np.zeros((len(rows), len(rows)))
    for goal in range(size):
        out[:, up[:, goal]] += before * moves[mover, goal][:, None]
    return out


@lru_cache(maxsize=64)
def _fuller(homes: int, categories: int) -> Whole:
    """Return, for each mix of n − 1 households, the row of that with one more of k (S, K)."""
    left = Simplex.of(homes - 1, categories).counts
    more = left[:, None] + np.eye(categories, dtype=np.int64)
    return Simplex.of(homes, categories).index(more)


@lru_cache(maxsize=16)
def _arcs(homes: int, kinds: int) -> tuple[Whole, NDArray[np.int32], NDArray[np.int32]]:
    """Return the pattern of one event: order of the arcs (j, k, y), columns, row starts.

    From the mix y of who stays plus one of j (column) to that plus one of k (row); behind them,
    for each state, that nothing changes.
    """
    up, states = _fuller(homes, kinds).T, len(Simplex.of(homes, kinds))
    source = np.broadcast_to(up[:, None], (kinds, *up.shape)).ravel()
    goal = np.broadcast_to(up[None], (kinds, *up.shape)).ravel()
    apart = np.flatnonzero(source != goal)
    same = np.arange(states)
    rows, columns = np.append(goal[apart], same), np.append(source[apart], same)
    order = np.argsort(rows * states + columns)
    starts = np.searchsorted(rows[order], np.arange(states + 1))
    arcs = np.append(apart, source.size + same)
    return arcs[order], columns[order].astype(np.int32), starts.astype(np.int32)


def _one_event(homes: int, kinds: Kinds, policy: Policy) -> tuple[csr_array, float]:
    """Return the chances of one event to each state (row) from each; its pace [events/month]."""
    size = len(kinds)
    states = len(Simplex.of(homes, size))
    if homes == 0 or size == 1:
        return csr_array(np.eye(states)), 0.0
    rate = _rates(Simplex.of(homes - 1, size).counts, kinds, policy)
    out = np.bincount(_fuller(homes, size).T.ravel(), rate.sum(axis=1).ravel(), states)
    pace = float(out.max())
    if pace == 0:
        return csr_array(np.eye(states)), 0.0
    order, columns, starts = _arcs(homes, size)
    chances = np.append(rate, pace - out)[order]
    chances /= pace
    return csr_array((chances, columns, starts), shape=(states, states)), pace


def _rates(left: Whole, kinds: Kinds, policy: Policy) -> Array:
    """Return how often who is j becomes, or is followed by, k beside who stays (M, M, S) [1/month].

    Extra churn exchanges: of two households of one complex, drawn like the mix, one becomes like
    the other. Both directions are as likely, so that the mean stays and the variance grows. States
    come last, so that all of them are worked on in one stretch of memory.
    """
    comes = kinds.shares(policy.intake(kinds.merged(left))).T.copy()
    there = left.T + 1.0
    rate = kinds.leave[:, None, None] * comes + kinds.drift[:, :, None]
    if kinds.churn.any():
        homes = left[0].sum() + 1
        rate += (kinds.churn[:, None, None] + kinds.churn[:, None]) / 2 * (there - 1) / homes
    rate *= there[:, None]
    rate[np.arange(len(kinds)), np.arange(len(kinds))] = 0.0
    return rate
