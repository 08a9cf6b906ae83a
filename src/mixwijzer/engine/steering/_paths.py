"""How fast can a mix be brought into its band, and which mixes can be kept there?

The mean mix is linear in the intake, so both questions are linear programs over the months: the
intake of a month is split over the choices and adds up to the homes that come free.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import TYPE_CHECKING, cast

import numpy as np
from scipy import sparse

from mixwijzer.engine.steering._blocks import Block, Row, Step, Whole
from mixwijzer.engine.steering._programs import Solved, solved

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CLOSE = 1e-9
_FLAT = 1e-6  # a corner that sticks out less is rounding of the solver [share]
_PARTS = 32  # of the widest shrink, tried from the largest down
_ROUNDS = 4  # each looks at as many parts of the last one
_HALVINGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The fastest way into the band.

    Parameters
    ----------
    months
        Smallest number of months after which the mean mix can be in the band.
    vacancies
        Homes that come free on the way, all of them used [vacancies].
    mixes
        (months + 1, K) mean shares month by month, today first.
    intakes
        (months, K) intake shares month by month.
    """

    months: int
    vacancies: float
    mixes: Row
    intakes: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Whether the mean mix can be kept in its band.

    Parameters
    ----------
    possible
        Whether any mix of the homes is in the band at all.
    everywhere
        From every mix in the band the next month can be in it too: the band is viable.
    margin
        Largest inward shrink of the band, on every side, that is still viable [share of the
        homes]; None where the band itself is not.
    corners
        (V, K) shares, around the polygon: the mixes that can be kept in the band for
        as long as was asked. Where the band is viable, its own corners; none when it can be held
        from nowhere. With more than three categories, the extremes per category.
    """

    possible: bool
    everywhere: bool
    margin: float | None
    corners: Row

    @property
    def anywhere(self) -> bool:
        """Whether at least one mix can be kept in the band."""
        return len(self.corners) > 0


class Months:
    """The linear programs of a block over a number of months."""

    def __init__(self, block: Block) -> None:
        self.step, self.choices = Step.month(block), block.intakes
        self.low, self.high = block.band
        self.homes, self.size = block.homes, block.size

    def fastest(self, start: Row, horizon: int) -> Path | None:
        """Return the fastest path into the band, None when it takes longer than the horizon.

        A month that turns out to be too early names the direction in which the band lies too far
        away; every other month that fails in that direction goes with it. Of two categories the
        first direction tells all.
        """
        if self._inside(start):
            return self._path(start, 0)
        axes = np.vstack([np.eye(self.size), -np.eye(self.size)])
        months = np.arange(horizon + 1 if self._any() else 0)
        left = self._not_too_far(start, axes, months) if months.size else months
        while len(left):
            direction = self._beyond(start, int(left[0])) if self.size > 2 else None
            if direction is None:
                return self._path(start, int(left[0]))
            left = self._not_too_far(start, direction[None], left[1:])
        return None

    def arrival(self, start: Row, intake: Row, horizon: int) -> int | None:
        """Return after how many months the band is reached with one and the same intake."""
        mix = start
        for month in range(horizon + 1):
            if self._inside(mix):
                return month
            mix = self.step.after(mix, intake)
        return None

    def hold(self, horizon: int) -> Hold:
        """Return whether the band can be held, with margin and the mixes it can be held from."""
        if not self._any():
            none = np.empty((0, self.size))
            return Hold(possible=False, everywhere=False, margin=None, corners=none)
        margin = self._margin()
        corners = _corners(self.low, self.high) if margin is not None else self._kept(horizon)
        if self.size == 3 and len(corners) > 2:
            corners = _ring(corners)
        return Hold(possible=True, everywhere=margin is not None, margin=margin, corners=corners)

    def _inside(self, mix: Row) -> bool:
        return bool((mix >= self.low - _CLOSE).all() and (mix <= self.high + _CLOSE).all())

    def _any(self) -> bool:
        return _corners(self.low, self.high).size > 0

    def _not_too_far(self, start: Row, directions: Row, months: Whole) -> Whole:
        """Return the months in which no direction (D, K) shows the band to be out of reach."""
        nearest = (_corners(self.low, self.high) @ directions.T).min(axis=0)
        furthest = self._extreme(start, directions, int(months.max(initial=0)))[months]
        fits = (furthest >= nearest - _CLOSE).all(axis=1)
        return cast("Whole", months[fits])

    def _beyond(self, start: Row, months: int) -> Row | None:
        """Return a direction in which the band lies beyond what `months` can do, None if none.

        The least total excess over the band is a linear program; its dual is the direction.
        """
        size = self.size
        rows, right = self._months(months)
        last = sparse.eye(size, rows.shape[1], k=months * size)
        over = sparse.hstack([sparse.vstack([last, -last]), -sparse.eye(2 * size)])
        width = rows.shape[1] - size
        found = solved(
            np.concatenate([np.zeros(rows.shape[1]), np.ones(2 * size)]),
            at_most=(sparse.csr_array(over), np.concatenate([self.high, -self.low])),
            equal=(_widened(rows, 2 * size), right),
            bounds=[*_exactly(start), *[(0.0, None)] * (width + 2 * size)],
        )
        if found is None or found.cost <= _CLOSE:
            return None
        return found.prices[:size] - found.prices[size:]

    def _extreme(self, start: Row, directions: Row, horizon: int) -> Row:
        """Return the largest direction · mix after 0 … horizon months (horizon + 1, D).

        It is linear in the start, so that one recursion backward answers for all months.
        """
        value = directions.T
        found = [start @ value]
        for _ in range(horizon):
            best = (self.choices @ value).max(axis=0)
            value = self.step.carried.T @ value + self.step.leave[:, None] * best
            found.append(start @ value)
        return np.array(found)

    def _path(self, start: Row, months: int) -> Path:
        """Return the path that is in the band after `months`, on the way as little out as can be.

        Out of it counts in households of all months together.
        """
        size, count = self.size, len(self.choices)
        if months == 0:
            none = np.empty((0, size))
            return Path(months=0, vacancies=0.0, mixes=start[None], intakes=none)
        rows, right = self._months(months)
        mixes, wide = (months + 1) * size, rows.shape[1]
        each = sparse.eye(mixes, wide)
        over = sparse.hstack([each, -sparse.eye(mixes)])
        under = sparse.hstack([-each, -sparse.eye(mixes)])
        split_from = [(0.0, None)] * (months * size + months * count + mixes)
        bounds: list[tuple[float, float | None]] = [*_exactly(start), *split_from]
        sides = zip(self.low - _CLOSE, self.high + _CLOSE, strict=True)
        bounds[months * size : mixes] = [(float(low), float(high)) for low, high in sides]
        found = solved(
            np.concatenate([np.zeros(wide), np.ones(mixes)]),
            at_most=(
                sparse.csr_array(sparse.vstack([over, under])),
                np.concatenate([np.tile(self.high, months + 1), np.tile(-self.low, months + 1)]),
            ),
            equal=(_widened(rows, mixes), right),
            bounds=bounds,
        )
        best = cast("Solved", found)  # `_beyond` found a path
        gone = best.x[:mixes].reshape(-1, size)
        split = best.x[mixes:wide].reshape(-1, count)
        free = np.maximum(split.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        return Path(
            months=months,
            vacancies=float(split.sum()) * self.homes,
            mixes=gone,
            intakes=(split / free) @ self.choices,
        )

    def _months(self, months: int) -> tuple[sparse.csr_array, Row]:
        """Return the equations of the months over (x_0 … x_T, w_1 … w_T).

        x_t+1 = B x_t + Cᵀ w_t, Σ w_t = m · x_t and Σ x_0 = 1.
        """
        size, count = self.size, len(self.choices)
        month, mixes = np.arange(months)[:, None, None], (months + 1) * size
        row, column = np.arange(size)[:, None], np.arange(size)
        way, freed = np.arange(count), months * size + month
        # Built cell by cell: products of sparse matrices take longer than the program itself.
        cells = (
            (month * size + row, month * size + column, self.step.carried),
            (month * size + row, (month + 1) * size + row, -1.0),
            (month * size + row, mixes + month * count + way, self.choices.T),
            (freed, month * size + column, self.step.leave),
            (freed, mixes + month * count + way, -1.0),
            (np.array([[[months * (size + 1)]]]), column, 1.0),
        )
        each = [[part.ravel() for part in np.broadcast_arrays(*cell)] for cell in cells]
        at, to, value = (np.concatenate(parts) for parts in zip(*each, strict=True))
        shape = (months * (size + 1) + 1, mixes + months * count)
        rows = sparse.csr_array(sparse.coo_array((value, (at, to)), shape=shape))
        return rows, np.append(np.zeros(months * (size + 1)), 1.0)

    def _margin(self) -> float | None:
        """Return the largest shrink that is viable: by a scan from the widest, ever finer."""
        widest = float((self.high - self.low).max())
        good, bad, parts, rounds = 0.0, widest, _PARTS, _ROUNDS
        if self.size > 3:  # each is a linear program: halve
            parts, rounds = 2, _HALVINGS
        tried = np.linspace(widest, 0.0, _PARTS + 1)
        for _ in range(1 + rounds):
            place = self._first_viable(tried)
            if place is None:
                return None
            good, bad = float(tried[place]), float(tried[max(place - 1, 0)])
            tried = np.linspace(bad, good, parts + 1)
        return good

    def _first_viable(self, shrinks: Row) -> int | None:
        """Return the first of some shrinks of the band that is viable.

        At every corner of the shrunk band some intake keeps the mix in it: the map is linear and
        the band convex, so that the corners speak for all of it.
        """
        # A side at 0 or 100 % is no limit that anybody set, and stays where it is.
        each = shrinks[:, None]
        low = np.where(self.low > 0, self.low + each, 0.0)
        high = np.where(self.high < 1, self.high - each, 1.0)
        if self.size > 3:
            tried = enumerate(zip(low, high, strict=True))
            return next((i for i, sides in tried if self._solvable(*sides)), None)
        viable = np.flatnonzero(self._meets(low, high))
        return int(viable[0]) if viable.size else None

    def _meets(self, low: Row, high: Row) -> NDArray[np.bool_]:
        """Whether each band (P, K) is viable: an edge keeps two convex polygons apart, or none."""
        corners, real = _sides(low, high)
        reached = (corners @ self.step.carried.T)[:, :, None] + (corners @ self.step.leave)[
            ..., None, None
        ] * self.choices
        there, band = reached @ self._axes.T, corners @ self._axes.T
        most = np.where(real[..., None], band, -np.inf).max(axis=1, keepdims=True)
        least = np.where(real[..., None], band, np.inf).min(axis=1, keepdims=True)
        meets = (there.min(axis=2) <= most + _CLOSE) & (there.max(axis=2) >= least - _CLOSE)
        return cast("NDArray[np.bool_]", (meets.all(axis=2) | ~real).all(axis=1) & real.any(axis=1))

    @cached_property
    def _axes(self) -> Row:
        """Directions across the sides of bands and of the intakes (A, K)."""
        edges = [one - other for one, other in combinations(self.choices, 2)]
        across = [np.cross(np.ones(3), edge) for edge in edges] if self.size == 3 else []
        return np.array([*np.eye(self.size), *across])

    def _solvable(self, low: Row, high: Row) -> bool:
        """Whether intakes exist that keep every corner in the band, as one linear program."""
        corners = _corners(low, high)
        if not corners.size:
            return False
        many, count = len(corners), len(self.choices)
        reached = sparse.kron(sparse.eye(many), self.choices.T)
        there = (corners @ self.step.carried.T).ravel()
        room = np.tile(high, many) - there + _CLOSE
        floor = there - np.tile(low, many) + _CLOSE
        found = solved(
            np.zeros(many * count),
            at_most=(
                sparse.csr_array(sparse.vstack([reached, -reached])),
                np.concatenate([room, floor]),
            ),
            equal=(
                sparse.csr_array(sparse.kron(sparse.eye(many), np.ones((1, count)))),
                corners @ self.step.leave,
            ),
            bounds=[(0.0, None)] * (many * count),
        )
        return found is not None

    def _kept(self, horizon: int) -> Row:
        """Return the corners of the mixes from which the band can be kept for a horizon.

        This is the iteration V ← V ∩ Pre(V) of the viability kernel, `horizon` times, as one
        linear program: its projection on today's mix, corner by corner.
        """
        rows, right = self._months(horizon)
        size, count = self.size, len(self.choices)
        inside = list(zip(self.low, self.high, strict=True)) * (horizon + 1)
        bounds = [*inside, *([(0.0, None)] * (horizon * count))]

        def furthest(direction: Row) -> Row | None:
            cost = np.zeros(rows.shape[1])
            cost[:size] = -direction
            found = solved(cost, equal=(rows, right), bounds=bounds)
            return None if found is None else found.x[:size]

        axes = np.vstack([np.eye(size), -np.eye(size)])
        if furthest(axes[0]) is None:
            return np.empty((0, size))
        ends = [cast("Row", furthest(axis)) for axis in axes]
        if size != 3:
            return np.unique(np.round(ends, 9), axis=0)
        first, last = ends[0], ends[size]
        turn = cast("Callable[[Row], Row]", furthest)
        ring = [first, *_between(first, last, turn), last, *_between(last, first, turn)]
        return np.array(ring)


def _widened(rows: sparse.csr_array, columns: int) -> sparse.csr_array:
    """Return rows with empty columns added."""
    return sparse.csr_array(sparse.hstack([rows, sparse.csr_array((rows.shape[0], columns))]))


def _exactly(mix: Row) -> list[tuple[float, float | None]]:
    return [(share, share) for share in mix.tolist()]


def _corners(low: Row, high: Row) -> Row:
    """Return the corners (V, K) of the mixes between two rows of shares; none where it is empty.

    At a corner all shares but one lie on a side of the band.
    """
    mixes, real = _sides(low[None], high[None])
    return np.unique(np.round(mixes[real], 12), axis=0)


def _sides(low: Row, high: Row) -> tuple[Row, NDArray[np.bool_]]:
    """Return what may be a corner of each band (P, V, K), and whether it is one (P, V)."""
    size, found = low.shape[1], []
    for free in range(size):
        for sides in product((low, high), repeat=size - 1):
            mix = np.zeros_like(low)
            others = [place for place in range(size) if place != free]
            for place, side in zip(others, sides, strict=True):
                mix[:, place] = side[:, place]
            mix[:, free] = 1 - mix.sum(axis=1)
            found.append(mix)
    mixes = np.stack(found, axis=1)
    each = np.repeat(np.arange(size), 2 ** (size - 1))
    last = mixes[:, np.arange(each.size), each]
    fits = (last >= low[:, each] - _CLOSE) & (last <= high[:, each] + _CLOSE)
    ordered = np.asarray((low <= high).all(axis=1))
    return mixes, fits & ordered[:, None]


def _ring(corners: Row) -> Row:
    """Return corners of a polygon of three shares in the order in which it is drawn."""
    away = corners - corners.mean(axis=0)
    return corners[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]


def _between(one: Row, other: Row, furthest: Callable[[Row], Row]) -> list[Row]:
    """Return the corners of a polygon of three shares between two of them, in order.

    Ask for the furthest point beyond the chord; where there is none, the chord is an edge.
    """
    along = other[:2] - one[:2]
    outward = np.array([along[1], -along[0], 0.0])
    corner = furthest(outward)
    if outward @ (corner - one) <= _FLAT * max(float(np.abs(outward).max()), _CLOSE):
        return []
    return [*_between(one, corner, furthest), corner, *_between(corner, other, furthest)]
