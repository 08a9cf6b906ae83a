"""The joint probability over whole-household counts: quantiles, steps, sums."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.norms import Scheme

Grid: TypeAlias = NDArray[np.float64]

OTHERS = "others"  # all categories but one, taken together

JOINT_UP_TO = 3  # categories that one grid holds
_TAIL = 1e-16  # mass that a convolution may drop at either end
_CACHED = 400  # households up to which priors and drift matrices are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Discrete quantiles of a number of households [households].

    The g-quantile is the smallest k with F(k) ≥ g − 1e-9. `likely` runs from the 25 % to the
    75 % quantile, `wide` from 5 % to 95 %; `best` is the most probable number.
    """

    best: int
    median: int
    likely: tuple[int, int]
    wide: tuple[int, int]
    mean: float

    @classmethod
    def of(cls, pmf: Grid) -> Spread:
        """Summarise a probability mass function over 0, 1, 2, … households (n + 1,)."""
        below = np.cumsum(pmf)
        low, first, middle, third, high = (
            int(np.searchsorted(below, g - 1e-9)) for g in (0.05, 0.25, 0.5, 0.75, 0.95)
        )
        return cls(
            best=int(np.argmax(pmf)),
            median=middle,
            likely=(first, third),
            wide=(low, high),
            mean=float(np.arange(pmf.size) @ pmf),
        )


class Summed:
    """Households per category in a scope made of independent parts.

    Parameters
    ----------
    parts
        Accounts of the parts, all of one scheme; none stands for an empty scope. Or how to make
        them: most scopes around a complex have no limit, and then nobody asks.
    """

    def __init__(
        self, scheme: Scheme, parts: Sequence[Summed] | Callable[[], Iterable[Summed]]
    ) -> None:
        self.scheme = scheme
        self._made_of = parts
        self._summed: dict[str, Grid] = {}

    @cached_property
    def parts(self) -> tuple[Summed, ...]:
        """Accounts of the parts."""
        return tuple(self._made_of() if callable(self._made_of) else self._made_of)

    @property
    def households(self) -> int:
        """Households present [households]; exact."""
        return sum(part.households for part in self.parts)

    def pmf(self, category: str) -> Grid:
        """Return P(count = k) for k = 0 … h, shape (h + 1,)."""
        if category not in self._summed:
            self._summed[category] = self._convolved(category)
        return self._summed[category]

    def _convolved(self, category: str) -> Grid:
        total = np.ones(1)
        start = 0
        for part in self.parts:
            total = np.convolve(total, part.pmf(category))
            first, last = _support(total)
            start, total = start + first, total[first:last]
        out = np.zeros(self.households + 1)
        out[start : start + total.size] = total
        return out

    def spread(self, category: str) -> Spread:
        """Return the quantiles of the count of a category."""
        return Spread.of(self.pmf(category))

    def mean(self, category: str) -> float:
        """Return the expected count of a category [households]."""
        return float(np.arange(self.households + 1) @ self.pmf(category))

    def at_most(self, category: str, limit: int) -> float:
        """Return P(count of the category ≤ limit)."""
        return float(self.pmf(category)[: max(limit + 1, 0)].sum())


class Account(Summed):
    """The joint probability over whole-household counts of one scope; immutable.

    Fit for up to three categories; more are followed as `Separate`.

    Parameters
    ----------
    scheme
        Which categories.
    grid
        (h + 1, …) array with one axis per category but the ordinary one, in the scheme's order;
        cells whose counts exceed h are zero; sums to 1. Or how to make it, where `sums` are known.
    sums
        P(count = k) for k = 0 … h, of every category.

    >>> from mixwijzer.engine.norms import Scheme
    >>> two = Scheme(name="need", categories=("attention", "regular"), ordinary="regular",
    ...              prior_mean=(.5, .5), prior_strength=2., drift=((0, 0), (0, 0)),
    ...              confusion=((1, 0), (0, 1)))
    >>> Account.prior(two, 3).pmf("attention").round(6).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """

    def __init__(
        self,
        scheme: Scheme,
        grid: Grid | Callable[[], Grid],
        sums: Mapping[str, Grid] | None = None,
    ) -> None:
        super().__init__(scheme, ())
        self._given = grid
        self._summed |= sums or {}

    @cached_property
    def grid(self) -> Grid:
        """The chance of each combination of counts."""
        return self._given() if callable(self._given) else self._given

    @classmethod
    def prior(cls, scheme: Scheme, households: int) -> Account:
        """Return the Dirichlet–multinomial prior over `households` (ENGINE §3b.3)."""
        build = _prior if households <= _CACHED else _prior.__wrapped__
        return cls(scheme, build(_plain(scheme), households))

    @property
    def households(self) -> int:
        """Households present [households]; exact."""
        if self._summed:
            return int(self._summed[self.scheme.ordinary].size) - 1
        return int(self.grid.shape[0]) - 1

    @cached_property
    def _axes(self) -> tuple[str, ...]:
        return tuple(name for name in self.scheme.categories if name != self.scheme.ordinary)

    def counts(self, category: str) -> NDArray[np.int64]:
        """Return, cell by cell of the grid, how many households of a category [households]."""
        each = np.indices(self.grid.shape)
        if category == self.scheme.ordinary:
            return cast("NDArray[np.int64]", self.households - each.sum(axis=0))
        return cast("NDArray[np.int64]", each[self._axes.index(category)])

    def pmf(self, category: str) -> Grid:
        """Return P(count = k) for k = 0 … h, shape (h + 1,)."""
        if category in self._summed:
            return self._summed[category]
        if category == self.scheme.ordinary:
            inside = self.counts(category)
            keep = inside >= 0
            size = self.households + 1
            return np.bincount(inside[keep], self.grid[keep], size).astype(float)
        axis = self._axes.index(category)
        others = tuple(each for each in range(self.grid.ndim) if each != axis)
        return cast("Grid", self.grid.sum(axis=others))

    def after_departure(self, category: str = "") -> Account:
        """Return the account after one household left.

        Of an unknown household (`""`) each category left with chance x_j / h; a known one leaves
        with certainty and states without such a household are dropped.

        Raises
        ------
        AccountError
            `nobody_left_to_leave` when the scope is empty or holds no such household.
        """
        home = self.households
        if home == 0:
            raise AccountError("nobody_left_to_leave", category or "household")
        names = (category,) if category else self.scheme.categories
        out = np.zeros((home,) * self.grid.ndim)
        for name in names:
            weight = self.grid if category else self.grid * np.maximum(self.counts(name), 0) / home
            out += self._without(name, weight)
        total = float(out.sum())
        if total <= 0:
            raise AccountError("nobody_left_to_leave", category)
        return Account(self.scheme, out / total)

    def _without(self, name: str, weight: Grid) -> Grid:
        """Shift a grid by one household less of a category."""
        inner = [slice(0, self.households)] * self.grid.ndim
        if name == self.scheme.ordinary:
            room = self.counts(name)[tuple(inner)] >= 1
            return cast("Grid", np.where(room, weight[tuple(inner)], 0.0))
        inner[self._axes.index(name)] = slice(1, self.households + 1)
        return weight[tuple(inner)]

    def after_letting(self, shares: Sequence[float]) -> Account:
        """Return the account after one household came in, of category k with chance shares[k]."""
        return Account(self.scheme, self.multiplied(shares))

    def multiplied(self, weights: Sequence[float]) -> Grid:
        """Multiply the generating polynomial of the counts by the linear form Σ w_j t_j."""
        home = self.households
        out = np.zeros((home + 2,) * self.grid.ndim)
        for name, weight in zip(self.scheme.categories, weights, strict=True):
            if not weight:
                continue
            at = [slice(0, home + 1)] * self.grid.ndim
            if name != self.scheme.ordinary:
                at[self._axes.index(name)] = slice(1, home + 2)
            out[tuple(at)] += weight * self.grid
        return out

    def drifted(self, months: int) -> Account:
        """Return the account after `months` turns of the month (ENGINE §3b.7).

        Every household moves independently by I + Q/12 at each turn; as the moves are
        independent, m turns are one move by the m-th power, taken exactly.
        """
        home = self.households
        if months <= 0 or home == 0 or not any(map(any, self.scheme.drift)):
            return self
        grid = self.grid
        for origin, goal, part in _moves(self.scheme.drift, months):
            grid = self._moved(grid, origin, goal, part)
        return Account(self.scheme, grid)

    def _moved(self, grid: Grid, origin: int, goal: int, part: float) -> Grid:
        """Let each household of one category go to another with chance `part`.

        With the goal's count as the implied one, only the origin's axis changes.
        """
        names = self.scheme.categories
        implied = names.index(self.scheme.ordinary)
        axes = [index for index in range(len(names)) if index != implied]
        if goal != implied:
            axis = axes.index(goal)
            grid, axes[axis], implied = _reread(grid, axis), implied, goal
        stays = _thinning(self.households, part)
        grid = np.moveaxis(
            np.tensordot(stays, grid, axes=(1, axes.index(origin))), 0, axes.index(origin)
        )
        ordinary = names.index(self.scheme.ordinary)
        return grid if implied == ordinary else _reread(grid, axes.index(ordinary))

    def conditioned(self, category: str, below: int) -> Account | None:
        """Return the account given that the count is under `below`; None where that can't be."""
        inside = self.counts(category) < below
        total = float(self.grid[inside].sum())
        if total <= 0:
            return None
        return Account(self.scheme, np.where(inside, self.grid, 0.0) / total)

    def lifted(self, roles: Sequence[int]) -> Account:
        """Return the account with exactly so many more households per category (agreed roles)."""
        extra = sum(roles)
        if not extra:
            return self
        out = np.zeros((self.households + 1 + extra,) * self.grid.ndim)
        at = tuple(
            slice(
                roles[self.scheme.index(name)], roles[self.scheme.index(name)] + self.households + 1
            )
            for name in self._axes
        )
        out[at] = self.grid
        return Account(self.scheme, out)

    def each(self, step: Callable[[Account], Account]) -> Account:
        """Return the account after a step (the counterpart of `Separate.each`)."""
        return step(self)

    def to_json(self) -> dict[str, object]:
        """Return a JSON document from which the same bits come back."""
        cells = self.grid[self.counts(self.scheme.ordinary) >= 0]
        text = base64.b64encode(cells.astype("<f8").tobytes()).decode("ascii")
        return {"scheme": self.scheme.name, "households": self.households, "cells": text}

    def brief(self) -> dict[str, object]:
        """Return the same document with the sums of every category instead of all cells."""
        sums = np.concatenate([self.pmf(name) for name in self.scheme.categories])
        text = base64.b64encode(sums.astype("<f8").tobytes()).decode("ascii")
        return {"scheme": self.scheme.name, "households": self.households, "sums": text}

    @classmethod
    def from_json(
        cls,
        document: Mapping[str, object],
        scheme: Scheme,
        whole: Callable[[], Joint] | None = None,
    ) -> Account:
        """Read what `to_json` wrote, or `brief`: then `whole` gives the account when asked."""
        size = int(cast("int", document["households"])) + 1
        if whole is not None and "sums" in document:
            told = np.frombuffer(base64.b64decode(str(document["sums"])), dtype="<f8")
            sums = dict(zip(scheme.categories, told.reshape(-1, size), strict=True))
            return cls(scheme, lambda: cast("Account", whole()).grid, sums)
        grid = np.zeros((size,) * (len(scheme.categories) - 1))
        cells = np.frombuffer(base64.b64decode(str(document["cells"])), dtype="<f8")
        grid[_possible(grid.shape)] = cells
        return cls(scheme, grid)


@lru_cache(maxsize=_CACHED)
def _possible(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which cells of a grid hold no more households than there are."""
    inside: NDArray[np.bool_] = np.indices(shape).sum(axis=0) < shape[0]
    return inside


class Separate(Summed):
    """More than three categories, each followed against all others.

    What several categories do together isn't known; chances of several ceilings are products.
    """

    def __init__(self, scheme: Scheme, faces: Sequence[Account]) -> None:
        super().__init__(scheme, ())
        self.faces = tuple(faces)

    @property
    def households(self) -> int:
        """Households present [households]; exact."""
        return self.faces[0].households

    def face(self, category: str) -> Account:
        """Return the account of one category against all others."""
        return self.faces[self.scheme.index(category)]

    def pmf(self, category: str) -> Grid:
        """Return P(count = k) for k = 0 … h, shape (h + 1,)."""
        return self.face(category).pmf(category)

    def each(self, step: Callable[[Account], Account]) -> Separate:
        """Return the account after the same step in each face."""
        return Separate(self.scheme, [step(face) for face in self.faces])

    def after_departure(self, category: str = "") -> Separate:
        """Return the account after one household left (see `Account.after_departure`)."""
        return self.each(lambda face: face.after_departure(_named(face, category)))

    def after_letting(self, shares: Sequence[float]) -> Separate:
        """Return the account after one household came in, of category k with chance shares[k]."""
        return self.each(lambda face: face.after_letting(_folded(face, self.scheme, shares)))

    def drifted(self, months: int) -> Separate:
        """Return the account after `months` turns of the month."""
        return self.each(lambda face: face.drifted(months))

    def conditioned(self, category: str, below: int) -> Separate | None:
        """Return the account given that the count is under `below`; None where that can't be."""
        narrowed = self.face(category).conditioned(category, below)
        if narrowed is None:
            return None
        return self.each(lambda face: narrowed if category in face.scheme.categories else face)

    def lifted(self, roles: Sequence[int]) -> Separate:
        """Return the account with exactly so many more households per category (agreed roles)."""
        return self.each(lambda face: face.lifted(_folded(face, self.scheme, roles)))

    def to_json(self) -> dict[str, object]:
        """Return a JSON document from which the same bits come back."""
        return {"scheme": self.scheme.name, "faces": [face.to_json() for face in self.faces]}

    def brief(self) -> dict[str, object]:
        """Return the whole document: of more categories no more than their sums is known."""
        return self.to_json()


Joint: TypeAlias = Account | Separate


def prior(scheme: Scheme, households: int) -> Joint:
    """Return the prior over `households`: one joint grid for K ≤ 3, else face by face."""
    if len(scheme.categories) <= JOINT_UP_TO:
        return Account.prior(scheme, households)
    return Separate(scheme, [Account.prior(face, households) for face in faces(scheme)])


def from_json(
    document: Mapping[str, object], scheme: Scheme, whole: Callable[[], Joint] | None = None
) -> Joint:
    """Read what `to_json` or `brief` of either account wrote."""
    if "faces" not in document:
        return Account.from_json(document, scheme, whole)
    parts = cast("list[Mapping[str, object]]", document["faces"])
    return Separate(
        scheme,
        [Account.from_json(part, face) for part, face in zip(parts, faces(scheme), strict=True)],
    )


@lru_cache(maxsize=64)
def faces(scheme: Scheme) -> tuple[Scheme, ...]:
    """Return, per category, the two-category scheme of it against all others.

    Rates and error rates of the others are averages by the prior's mean.
    """
    mean = np.array(scheme.prior_mean)
    rates, confusion = np.array(scheme.drift, dtype=float), np.array(scheme.confusion, dtype=float)
    found = []
    for index, category in enumerate(scheme.categories):
        rest = np.arange(mean.size) != index
        weights = mean[rest] / mean[rest].sum()
        out, back = float(rates[index, rest].sum()), float(weights @ rates[rest, index])
        right, wrong = float(confusion[index, index]), float(weights @ confusion[rest, index])
        found.append(
            Scheme(
                name=f"{scheme.name}:{category}",
                categories=(category, OTHERS),
                ordinary=OTHERS,
                prior_mean=(float(mean[index]), float(1 - mean[index])),
                prior_strength=scheme.prior_strength,
                drift=((0.0, out), (back, 0.0)),
                confusion=((right, 1 - right), (wrong, 1 - wrong)),
            )
        )
    return tuple(found)


def _named(face: Account, category: str) -> str:
    """Name a category as a face knows it; `""` (nobody knows) stays."""
    return category if not category or category in face.scheme.categories else OTHERS


Number = TypeVar("Number", int, float)


def _folded(face: Account, scheme: Scheme, figures: Sequence[Number]) -> tuple[Number, Number]:
    """Fold figures per category into (this category, all others)."""
    own = figures[scheme.index(face.scheme.categories[0])]
    return own, sum(figures) - own


def _plain(scheme: Scheme) -> tuple[tuple[str, ...], str, tuple[float, ...], float]:
    """Return the parts of a scheme that its prior depends on (a cache key)."""
    return scheme.categories, scheme.ordinary, scheme.prior_mean, scheme.prior_strength


@lru_cache(maxsize=512)
def _prior(plain: tuple[tuple[str, ...], str, tuple[float, ...], float], households: int) -> Grid:
    categories, ordinary, mean, strength = plain
    axes = [index for index, name in enumerate(categories) if name != ordinary]
    each = np.indices((households + 1,) * len(axes))
    counts: list[NDArray[np.int64]] = [np.zeros_like(each[0])] * len(categories)
    for axis, index in enumerate(axes):
        counts[index] = each[axis]
    counts[categories.index(ordinary)] = households - each.sum(axis=0)
    inside = counts[categories.index(ordinary)] >= 0
    log = np.zeros(each[0].shape)
    for count, share in zip(counts, mean, strict=True):
        seen = np.maximum(count, 0)
        log += gammaln(share * strength + seen) - gammaln(share * strength) - gammaln(seen + 1)
    log += gammaln(households + 1) + gammaln(strength) - gammaln(strength + households)
    grid = np.where(inside, np.exp(log), 0.0)
    grid /= grid.sum()
    grid.setflags(write=False)
    return grid


def _reread(grid: Grid, axis: int) -> Grid:
    """Exchange the count on an axis for the implied one: new[…, i, …] = old[…, h − Σ − i, …]."""
    home = grid.shape[0] - 1
    each = np.indices(grid.shape)
    index = home - each.sum(axis=0)
    read = np.take_along_axis(grid, np.maximum(index, 0), axis=axis)
    return cast("Grid", np.where(index >= 0, read, 0.0))


def _thinning(households: int, part: float) -> Grid:
    """Return B[k, n] = C(n, k) (1 − part)^k part^(n − k): who of n stays."""
    build = _binomials if households <= _CACHED else _binomials.__wrapped__
    return build(households, part)


@lru_cache(maxsize=256)
def _binomials(households: int, part: float) -> Grid:
    out = np.zeros((households + 1, households + 1))
    out[0, 0] = 1.0
    for size in range(1, households + 1):
        out[:, size] = part * out[:, size - 1]
        out[1:, size] += (1 - part) * out[:-1, size - 1]
    return out


@lru_cache(maxsize=256)
def _moves(drift: tuple[tuple[float, ...], ...], months: int) -> tuple[tuple[int, int, float], ...]:
    """Write (I + Q/12)^months as single moves (from, to, chance), in order.

    The power is factored as U·L with both factors row-stochastic; within U the lower rows go
    first, within L the upper ones, so that nobody moves twice in one factor. A chance may come
    out slightly negative where a rate is zero; the product is exact all the same.
    """
    rates = np.array(drift, dtype=float)
    step = np.eye(len(rates)) + (rates - np.diag(rates.sum(axis=1))) / 12
    power = np.linalg.matrix_power(step, months)
    size = len(power)
    upper, lower = np.eye(size), np.zeros_like(power)
    for row in reversed(range(size)):
        rest = power[row].copy()
        for column in reversed(range(row + 1, size)):
            upper[row, column] = rest[column] / lower[column, column]
            rest -= upper[row, column] * lower[column]
        upper[row, row] = 1 - upper[row, row + 1 :].sum()
        lower[row] = rest / upper[row, row]
    moves = [move for row in reversed(range(size)) for move in _split(row, upper[row])]
    moves += [move for row in range(size) for move in _split(row, lower[row])]
    return tuple(moves)


def _split(row: int, chances: Grid) -> list[tuple[int, int, float]]:
    """Write one multinomial split as binomial ones, each of those who still stay."""
    moves, left = [], 1.0
    for column, chance in enumerate(chances):
        if column != row and abs(chance) > 1e-18:
            moves.append((row, column, float(chance / left)))
            left -= float(chance)
    return moves


def _support(pmf: Grid) -> tuple[int, int]:
    """Where a probability mass function has any mass worth keeping."""
    first = int(np.searchsorted(np.cumsum(pmf), _TAIL))
    last = pmf.size - int(np.searchsorted(np.cumsum(pmf[::-1]), _TAIL))
    return min(first, pmf.size - 1), max(last, 1)
