"""How far does a share wander in a year, more than by letting alone? Fitted on a panel of places.

A place of n homes where a share s has some trait, with a part m moved in a year, changes by about

    variance = 2 (m + k) s (1 - s) / n a year, + rounding

with k the *extra churn*: households that change while they stay, and noise in the reports; from
shares alone the two can't be told apart. Every change of a panel tells how much k its own size
would have needed to lie just within a band of 9 out of 10; the fitted k is the one that 9 out of 10
changes need no more than. A few wild changes thus don't widen the band of all others, as they
would by likelihood. The middle of a band is the share of today: no fitted mean is better than
"no change" on real panels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np
from scipy.special import gammaincinv

from mixwijzer.engine.dynamics._estimates import HIGH, LOW, Estimate, assumed
from mixwijzer.engine.dynamics._panel import Changes, Floats
from mixwijzer.engine.errors import DynamicsError
from mixwijzer.engine.norms import Norms

_WITHIN = 0.9  # the part of changes that the fitted band holds
_PSEUDO = 20  # the assumption weighs as much as so many changes
_ENOUGH = 30  # changes over one span that say something about its years as a whole
_LEAST = 1e-3  # churn under which a year is simply still [1/yr]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where shares may be after some years: lowest, middle and highest (N,)."""

    low: Floats
    middle: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """How bands did over a span that wasn't looked at before.

    Parameters
    ----------
    changes
        How many places were compared.
    held
        Part of them whose share lay in its band; nan without any place.
    error
        Mean distance between middle and what was found [share].
    no_change
        The same for "the share of today" [share].
    """

    changes: int
    held: float
    error: float
    no_change: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """Extra churn [1/yr] and yearly shock [log scale] of one share, with their doubt.

    `step` is what the shares of the panel were rounded to [share].
    """

    extra: Estimate
    shock: Estimate
    step: float = 0.0

    def band(
        self,
        share: Floats | float,
        homes: Floats | float,
        moved_in: Floats | float,
        *,
        years: Floats | float = 1.0,
        level: float = 0.9,
    ) -> Band:
        """Return the band that holds the share after some years, `level` of the times.

        Parameters
        ----------
        share, homes, moved_in
            Today's, of one place or of N [share], [dwellings], [1/yr].
        years
            How far ahead; the variance grows with it [yr].
        level
            Chance that the share lies within, above 0 and under 1.

        Raises
        ------
        DynamicsError
            `band_level`.
        """
        if not 0 < level < 1:
            raise DynamicsError("band_level", "level", value=f"{level:g}")
        now = np.atleast_1d(np.asarray(share, dtype=np.float64))
        churn = np.asarray(moved_in) + self.extra.value
        variance = churn * years * _unit(now, homes) + _rounding(self.step)
        reach = _reach(level) * np.sqrt(variance)
        return Band(
            low=np.clip(now - reach, 0.0, 1.0), middle=now, high=np.clip(now + reach, 0.0, 1.0)
        )

    def back_test(self, changes: Changes, *, level: float = 0.9) -> BackTest:
        """Say how many changes their bands hold, and how far off the middles are."""
        if not len(changes):
            return BackTest(changes=0, held=np.nan, error=np.nan, no_change=np.nan)
        band = self.band(
            changes.before, changes.homes, changes.moved_in, years=changes.years, level=level
        )
        held = (band.low <= changes.after) & (changes.after <= band.high)
        return BackTest(
            changes=len(changes),
            held=float(np.mean(held)),
            error=float(np.mean(np.abs(changes.after - band.middle))),
            no_change=float(np.mean(np.abs(changes.after - changes.before))),
        )


def fit_churn(changes: Changes, norms: Norms, day: date) -> Churn:
    """Fit the extra churn and the yearly shock to how shares changed.

    Parameters
    ----------
    changes
        Of one share; `Panel.changes()` gives them year by year.
    norms
        `dynamics.extra_churn` weighs as much as 20 changes; `dynamics.shock` stands where fewer
        than two spans of years have 30 changes each.
    day
        Day on which the norms must be in force.
    """
    return Churn(
        extra=_extra(changes, assumed(norms, "dynamics.extra_churn", day)),
        shock=_shock(changes, assumed(norms, "dynamics.shock", day)),
        step=changes.step,
    )


def _extra(changes: Changes, belief: Estimate) -> Estimate:
    """Return the churn that 9 of 10 changes need no more than, those assumed included.

    The range is that of a quantile by ranks; changes of one place count as one there.
    """
    needed = np.concatenate([_needed(changes), _expected(changes, belief.value)])
    counted = len(changes) / (len(changes) + _PSEUDO)
    places = len(np.unique(changes.place)) + _PSEUDO
    margin = _reach(HIGH - LOW) * np.sqrt(_WITHIN * (1 - _WITHIN) / places)
    ranks = (_WITHIN - margin, _WITHIN, min(_WITHIN + margin, 1.0))
    low, value, high = np.maximum(np.quantile(needed, ranks, method="hazen"), 0.0)
    return Estimate(
        value=float(value),
        low=float(min(value, counted * low + (1 - counted) * belief.low)),
        high=float(max(value, counted * high + (1 - counted) * belief.high)),
        events=len(changes),
        counted=counted,
    )


def _needed(changes: Changes) -> Floats:
    """Return the extra churn that puts each change just within its band [1/yr]."""
    spread = np.square((changes.after - changes.before) / _reach(_WITHIN))
    unit = _unit(changes.before, changes.homes) * changes.years
    return (spread - _rounding(changes.step)) / unit - changes.moved_in


def _expected(changes: Changes, churn: float) -> Floats:
    """Return what evenly spread changes would need if `churn` were right [1/yr]."""
    moved = float(np.median(changes.moved_in)) if len(changes) else 0.0
    reach = np.array([_reach((each + 0.5) / _PSEUDO) for each in range(_PSEUDO)])
    return (moved + churn) * np.square(reach / _reach(_WITHIN)) - moved


def _shock(changes: Changes, belief: Estimate) -> Estimate:
    """Return how much the churn of whole years differs, on the log scale.

    Each year's own sampling error is in it, so it is rather too large than too small.
    """
    logs = list(_log_churn(changes))
    if len(logs) < 2:
        return belief
    found, free = float(np.std(logs, ddof=1)), len(logs) - 1
    low, high = (found * np.sqrt(free / 2 / gammaincinv(free / 2, each)) for each in (HIGH, LOW))
    return Estimate(value=found, low=float(low), high=float(high), events=len(logs), counted=1.0)


def _log_churn(changes: Changes) -> Iterator[float]:
    """Yield the log of all churn, letting included, over each span that enough places have."""
    for span in sorted({*zip(changes.start, changes.end, strict=True)}):
        part = changes.only((changes.start == span[0]) & (changes.end == span[1]))
        if len(part) >= _ENOUGH:
            churn = np.quantile(_needed(part) + part.moved_in, _WITHIN)
            yield float(np.log(max(churn, _LEAST)))


def _unit(share: Floats, homes: Floats | float) -> Floats:
    """Return the variance of a change for each unit of churn.

    Half a household is added on both sides: a place with none today isn't bound to stay so.
    """
    size = np.asarray(homes, dtype=np.float64)
    near = (share * size + 0.5) / (size + 1)
    unit: Floats = 2 * near * (1 - near) / size
    return unit


def _rounding(step: float) -> float:
    """Return the variance that rounding both ends of a change to a step brings."""
    return step**2 / 6


def _reach(level: float) -> float:
    """Return how many standard deviations hold a part of a normal distribution."""
    return NormalDist().inv_cdf((1 + level) / 2)
