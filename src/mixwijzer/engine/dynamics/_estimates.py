"""From counts to rates, each with its doubt: how fast do households leave and change?

Counts of a complex are drawn towards those of the portfolio, and those of the portfolio towards
norms of kind *assumption*, in proportion to the household-years behind each (Gamma–Poisson). The
ways out of one category share its total in proportion to what was seen plus what was assumed
(Dirichlet–multinomial): with one weight for a row both are the same sum, cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, cast

from scipy.special import gammaincinv

from mixwijzer.engine.dynamics._history import History, Tally
from mixwijzer.engine.dynamics._rates import Rates
from mixwijzer.engine.errors import DynamicsError
from mixwijzer.engine.norms import Norms

LOW, HIGH = 0.05, 0.95
_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure, the range that holds it 9 times out of 10, and what it rests on.

    `events` were counted for this very figure; `counted` is the part of its weight that comes
    from counts, here and elsewhere in the portfolio, between 0 and 1. The rest is assumption.
    """

    value: float
    low: float
    high: float
    events: int = 0
    counted: float = 0.0

    @property
    def assumed(self) -> bool:
        """Whether the assumption weighs more than what was counted."""
        return self.counted < _HALF


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """Rates with their doubt; K categories in the order of `categories`.

    Parameters
    ----------
    turnover
        Departures per household, whatever its category [1/yr].
    leave
        (K,) departures per household of a category [1/yr]. Where no category is known all equal
        `turnover`, and the ranges say how little that tells.
    drift
        (K, K) changes per household that stays [1/yr].
    churn
        (K,) extra churn [1/yr].
    shock
        Standard deviation of the common yearly factor [log scale].
    """

    categories: tuple[str, ...]
    turnover: Estimate
    leave: tuple[Estimate, ...]
    drift: tuple[tuple[Estimate, ...], ...]
    churn: tuple[Estimate, ...]
    shock: Estimate

    @property
    def rates(self) -> Rates:
        """The best guess."""
        return self._rates(lambda estimate: estimate.value)

    @property
    def slowest(self) -> Rates:
        """Every figure at its low end."""
        return self._rates(lambda estimate: estimate.low)

    @property
    def fastest(self) -> Rates:
        """Every figure at its high end."""
        return self._rates(lambda estimate: estimate.high)

    def _rates(self, end: Callable[[Estimate], float]) -> Rates:
        return Rates(
            categories=self.categories,
            leave=tuple(map(end, self.leave)),
            drift=tuple(tuple(map(end, row)) for row in self.drift),
            churn=tuple(map(end, self.churn)),
            shock=end(self.shock),
        )


class _Gamma(NamedTuple):
    """A Gamma distribution of a rate; shape 0 is the certain zero.

    `prior` is the part of `scale` that is assumption [household-years].
    """

    shape: float
    scale: float
    prior: float

    @classmethod
    def of(cls, mean: float, weight: float) -> _Gamma:
        """Return an assumption as heavy as so many household-years."""
        return cls(mean * weight, weight, weight)

    @property
    def mean(self) -> float:
        return self.shape / self.scale

    def after(self, events: int, exposure: float) -> _Gamma:
        """Return what is believed after a count."""
        return _Gamma(self.shape + events, self.scale + exposure, self.prior)

    def weighing(self, weight: float) -> _Gamma:
        """Return the same mean with less weight, or as it is where it has no more than that."""
        least = min(weight, self.scale)
        return _Gamma(self.mean * least, least, least * self.prior / self.scale)

    def times(self, other: _Gamma) -> _Gamma:
        """Return mean and variance of the product as a Gamma, as sure as the vaguest of both."""
        if self.shape == 0:
            return self
        squared = 1 / self.shape + 1 / other.shape + 1 / (self.shape * other.shape)
        scale = 1 / squared / (self.mean * other.mean)
        vague = max(self.prior / self.scale, other.prior / other.scale)
        return _Gamma(1 / squared, scale, scale * vague)

    def estimate(self, events: int) -> Estimate:
        """Return mean and range. The half event on top: what never happened still could."""
        low = gammaincinv(self.shape, LOW) if self.shape else 0.0
        high = gammaincinv(self.shape + 0.5, HIGH)
        return Estimate(
            value=self.mean,
            low=float(low) / self.scale,
            high=float(high) / self.scale,
            events=events,
            counted=1 - self.prior / self.scale,
        )


def estimate(history: History, norms: Norms, *, place: str | None = None) -> Estimates:
    """Return the rates of a complex, or of the whole portfolio where none is named.

    Parameters
    ----------
    history
        What was counted; without any, every figure is *assumed* and its range is wide.
    norms
        `turnover.rate`, the scheme's drift and `dynamics.*`, in force on the history's last day.
    place
        Id of a complex.

    Raises
    ------
    DynamicsError
        `place_missing`; `weight_zero` where a norm gives an assumption no weight at all.
    NormError
        When a norm is missing or expired.
    """
    return _Estimator(history, norms, place).all()


class _Estimator:
    """The steps from norms by the portfolio to one place."""

    def __init__(self, history: History, norms: Norms, place: str | None) -> None:
        if place is not None and place not in history.places:
            raise DynamicsError("place_missing", place)
        self.history, self.norms = history, norms
        self.total = history.total
        self.own: Tally | None = None if place is None else history.places[place]
        self.others = history.without(place)
        self.rate_weight = self._weight("dynamics.rate_weight")
        self.place_weight = self._weight("dynamics.place_weight")
        self.group_weight = self._weight("dynamics.group_weight")

    def all(self) -> Estimates:
        scheme = self.history.scheme
        places = range(len(scheme.categories))
        turnover = self._rate(
            self._number("turnover.rate"), lambda tally: (tally.departures, tally.years)
        )
        churn = assumed(self.norms, "dynamics.extra_churn", self.history.until)
        seen = self.total if self.own is None else self.own
        return Estimates(
            categories=scheme.categories,
            turnover=turnover.estimate(seen.departures),
            leave=tuple(
                turnover.times(self._pace(j)).estimate(seen.known_departures[j]) for j in places
            ),
            drift=tuple(tuple(self._drift(j, k) for k in places) for j in places),
            churn=(churn,) * len(places),
            shock=assumed(self.norms, "dynamics.shock", self.history.until),
        )

    def _rate(self, mean: float, counted: Callable[[Tally], tuple[int, float]]) -> _Gamma:
        """Return a rate: assumed, after the count of the other places, after the place's own."""
        believed = _Gamma.of(mean, self.rate_weight).after(*counted(self.others))
        if self.own is None:
            return believed
        return believed.weighing(self.place_weight).after(*counted(self.own))

    def _pace(self, j: int) -> _Gamma:
        """Return how many times as often a category leaves as all households do."""
        everybody = _Gamma.of(self._number("turnover.rate"), self.rate_weight).after(
            self.total.departures, self.total.years
        )
        expected = everybody.mean * self.total.known_years[j]
        return _Gamma.of(1.0, self.group_weight).after(self.total.known_departures[j], expected)

    def _drift(self, j: int, k: int) -> Estimate:
        if j == k:
            return Estimate(value=0.0, low=0.0, high=0.0, counted=1.0)
        rate = self._rate(
            self.history.scheme.drift[j][k],
            lambda tally: (tally.changes[j][k], tally.known_years[j]),
        )
        seen = self.total if self.own is None else self.own
        return rate.estimate(seen.changes[j][k])

    def _number(self, key: str) -> float:
        return self.norms.number(key, self.history.until)

    def _weight(self, key: str) -> float:
        weight = self._number(key)
        if weight <= 0:
            raise DynamicsError("weight_zero", key)
        return weight


def assumed(norms: Norms, key: str, day: date) -> Estimate:
    """Read a norm that carries its own range: best, lowest, highest."""
    figure = cast("Mapping[str, Decimal]", norms.value(key, day))
    best, low, high = (float(figure[name]) for name in ("best", "lowest", "highest"))
    return Estimate(value=best, low=low, high=high)
