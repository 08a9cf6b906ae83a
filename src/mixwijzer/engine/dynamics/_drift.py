"""Who changes, who never does? Fitted on persons or households seen several times.

A plain Markov chain counts steps and multiplies them, and then lets people leave a category too
fast: who stayed one year is likelier than others to stay the next. The mover–stayer model has two
kinds: a share per first category that never changes, and movers who all follow one chain
(Blumen, Kogan and McCarthy 1955; maximum likelihood by EM after Frydman 1984).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from mixwijzer.engine.dynamics._estimates import HIGH, LOW, Estimate
from mixwijzer.engine.errors import DynamicsError

Square: TypeAlias = NDArray[np.float64]
_JEFFREYS = 0.5  # pseudo-step of every cell of a row
_ROUNDS = 500
_STILL = 1e-7  # change of a round under which EM has arrived
_DROP = 1.3528  # log-likelihood that a 90 % range may lose: half the chi-square quantile
_HALVINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Steps from wave to wave; K categories in the order of `categories`.

    Parameters
    ----------
    one_step
        (K, K) part of each row's category that is in the column's one wave later, counted.
    stayers
        (K,) share of those first seen in a category that never changes; 0 and *assumed* where
        nobody was seen in three waves running.
    movers
        (K, K) chance of one step of a mover; rows sum to 1.
    """

    categories: tuple[str, ...]
    one_step: tuple[tuple[Estimate, ...], ...]
    stayers: tuple[Estimate, ...]
    movers: tuple[tuple[float, ...], ...]

    def after(self, steps: int, *, plain: bool = False) -> Square:
        """Return the (K, K) chances after so many waves; `plain` multiplies the counted step."""
        if plain:
            counted = np.array([[cell.value for cell in row] for row in self.one_step])
            return np.linalg.matrix_power(counted, steps)
        stay = np.array([each.value for each in self.stayers])
        moved = np.linalg.matrix_power(np.array(self.movers), steps)
        return np.asarray(np.diag(stay) + (1 - stay)[:, None] * moved)

    def yearly(self, years: float = 1.0) -> tuple[tuple[float, ...], ...]:
        """Return the movers' rates for `Rates.drift` [1/yr], from waves `years` apart.

        The logarithm of a step, its small negatives set to zero. A step that no steady rates
        can make has none; then each chance is read as a rate, which is too low.
        """
        step = np.array(self.movers)
        values, vectors = np.linalg.eig(step)
        if np.all(values.real > 0):
            log = (vectors @ np.diag(np.log(values.astype(complex))) @ np.linalg.inv(vectors)).real
        else:
            log = step.copy()
        np.fill_diagonal(log, 0.0)
        return tuple(tuple(float(cell) for cell in row) for row in np.maximum(log, 0.0) / years)


class _Seen(NamedTuple):
    """What EM needs: those who never changed, as (category, steps, persons); and the others."""

    still: NDArray[np.int64]
    starts: NDArray[np.float64]
    steps: Square


class _Fit(NamedTuple):
    stay: NDArray[np.float64]
    step: Square
    likelihood: float


def fit_drift(waves: Iterable[Sequence[str | None]], categories: Sequence[str]) -> Drift:
    """Fit steps, and the shares of movers and stayers, to what was seen.

    Parameters
    ----------
    waves
        Per person or household its category in each of equally spaced waves, None where unseen.
    categories
        (K,) names, in order. One that was never seen gets a row that says nothing: equal
        chances, wide ranges, *assumed*.

    Raises
    ------
    DynamicsError
        `category_missing` for a category that isn't in `categories`.
    """
    place = {name: index for index, name in enumerate(categories)}
    rows = [[_index(place, name) for name in row] for row in waves]
    counts = np.zeros((len(place), len(place)))
    for row in rows:
        for before, after in _steps(row):
            counts[before, after] += 1
    seen = _seen(rows, len(place))
    fit = _em(seen, np.full(len(place), 0.5), fixed=())
    known = bool(len(seen.still)) and seen.still[:, 1].max() >= 2
    if not known:
        fit = _em(seen, np.zeros(len(place)), fixed=tuple(range(len(place))))
    return Drift(
        categories=tuple(categories),
        one_step=tuple(tuple(_cell(row, k) for k in range(len(row))) for row in counts),
        stayers=tuple(_stayers(seen, fit, j, known=known) for j in range(len(place))),
        movers=tuple(tuple(map(float, row)) for row in fit.step),
    )


def _index(place: dict[str, int], name: str | None) -> int | None:
    if name is not None and name not in place:
        raise DynamicsError("category_missing", name)
    return None if name is None else place[name]


def _steps(row: Sequence[int | None]) -> list[tuple[int, int]]:
    """Return the steps between waves that follow each other; a gap is no step."""
    return [(one, two) for one, two in pairwise(row) if one is not None and two is not None]


def _seen(rows: Iterable[Sequence[int | None]], size: int) -> _Seen:
    still: Counter[tuple[int, int]] = Counter()
    starts, table = np.zeros(size), np.zeros((size, size))
    for row in rows:
        steps = _steps(row)
        known = [each for each in row if each is not None]
        if steps and len(set(known)) == 1:
            still[known[0], len(steps)] += 1
        elif steps:
            starts[known[0]] += 1
            for step in steps:
                table[step] += 1
    each = [(state, steps, persons) for (state, steps), persons in sorted(still.items())]
    return _Seen(np.array(each, dtype=np.int64).reshape(-1, 3), starts, table)


def _em(
    seen: _Seen, stay: NDArray[np.float64], fixed: Sequence[int], step: Square | None = None
) -> _Fit:
    """Climb to the likeliest shares of stayers and step of movers; `fixed` shares are kept."""
    state, steps, persons = seen.still.T
    size = len(stay)
    held = np.bincount(state, persons, minlength=size) + seen.starts
    kept = stay.copy()
    step = _rows(seen.steps + np.eye(size)) if step is None else step
    for _ in range(_ROUNDS):
        moved = (1 - stay[state]) * step[state, state] ** steps
        chance = stay[state] / np.maximum(stay[state] + moved, 1e-300)
        found = np.bincount(state, persons * chance, minlength=size) / np.maximum(held, 1)
        found[list(fixed)] = kept[list(fixed)]
        fresh = np.bincount(state, persons * (1 - chance) * steps, minlength=size)
        climbed = _rows(seen.steps + np.diag(fresh))
        far = max(np.abs(found - stay).max(), np.abs(climbed - step).max())
        stay, step = found, climbed
        if far < _STILL:
            break
    return _Fit(stay, step, _likelihood(seen, stay, step))


def _rows(table: Square) -> Square:
    """Return rows that sum to 1; who was never seen to step stays."""
    total = table.sum(axis=1)
    empty = np.diag((total == 0).astype(np.float64))
    return np.asarray((table + empty) / np.where(total == 0, 1.0, total)[:, None])


def _likelihood(seen: _Seen, stay: NDArray[np.float64], step: Square) -> float:
    state, steps, persons = seen.still.T
    tiny = 1e-300
    same = stay[state] + (1 - stay[state]) * step[state, state] ** steps
    return float(
        np.sum(persons * np.log(np.maximum(same, tiny)))
        + np.sum(seen.starts * np.log(np.maximum(1 - stay, tiny)))
        + np.sum(seen.steps * np.log(np.maximum(step, tiny)))
    )


def _cell(row: NDArray[np.float64], k: int) -> Estimate:
    """Return one chance of a Dirichlet–multinomial row with its range."""
    mine, all_ = row[k] + _JEFFREYS, row.sum() + _JEFFREYS * len(row)
    low, high = betaincinv(mine, max(all_ - mine, 1e-9), (LOW, HIGH))
    prior = _JEFFREYS * len(row) / all_
    return Estimate(
        value=float(mine / all_),
        low=float(low),
        high=float(high),
        events=int(row[k]),
        counted=float(1 - prior),
    )


def _stayers(seen: _Seen, fit: _Fit, j: int, *, known: bool) -> Estimate:
    """Return a share of stayers with the range of its profile likelihood."""
    state, _, persons = seen.still.T
    events = int(persons[state == j].sum())
    if not known or not events:
        return Estimate(value=0.0, low=0.0, high=1.0)
    best = float(fit.stay[j])

    def fits(share: float) -> bool:
        stay = fit.stay.copy()
        stay[j] = share
        return fit.likelihood - _em(seen, stay, fixed=(j,), step=fit.step).likelihood <= _DROP

    return Estimate(
        value=best,
        low=_edge(best, 0.0, fits),
        high=_edge(best, 1.0, fits),
        events=events,
        counted=1.0,
    )


def _edge(inside: float, outside: float, fits: Callable[[float], bool]) -> float:
    """Return, by halving, the point nearest to `outside` that still fits."""
    if fits(outside):
        return outside
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if fits(middle) else (inside, middle)
    return inside
