"""What the runs say: every measure per regime and year, and the difference with the reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.errors import RegimeError
from mixwijzer.engine.regimes._plan import Plan
from mixwijzer.engine.regimes._runs import Over, Partial, partials

if TYPE_CHECKING:
    from mixwijzer.engine.forecast import Array, Whole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """One measure of one regime, year by year; year 0 is the start.

    Parameters
    ----------
    mean, error
        (Y + 1,) mean over the runs, and its standard error.
    difference, difference_error
        (Y + 1,) the same of the difference with the reference, run by run.
    wide
        How many standard errors make half of a 95 % interval.
    """

    mean: Array
    error: Array
    difference: Array
    difference_error: Array
    wide: float

    @property
    def between(self) -> tuple[Array, Array]:
        """The ends of the 95 % interval of the mean."""
        return self.mean - self.wide * self.error, self.mean + self.wide * self.error

    @property
    def difference_between(self) -> tuple[Array, Array]:
        """The ends of the 95 % interval of the difference."""
        half = self.wide * self.difference_error
        return self.difference - half, self.difference + half


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Regimes beside each other on the same chance.

    Parameters
    ----------
    plan
        What was compared, with seed, bound and what had to be assumed.
    partial
        What the runs added up to.
    engine_version
        Of which engine.
    """

    plan: Plan
    partial: Partial
    engine_version: str = ENGINE_VERSION

    @property
    def runs(self) -> int:
        """How many runs there were."""
        return self.partial.runs

    def measured(self, regime: str, measure: str) -> Measured:
        """Return a measure of a regime.

        `in_band` and `homes_in_band` are shares, of complexes and of their homes; `out_of_band`
        households; `promises_kept` the chance that a year brings everything owed; `days_vacant`
        days of all homes together. `met:<group>` is the part of a pledge that was let. Of a
        category `let:`, `passed:` [households per year] and `waiting:`, how long who joins the
        line will wait [months]: its length over those who join it; below 0, who gets a home
        isn't in line yet.

        Raises
        ------
        RegimeError
            `regime_missing`, `measure_missing`.
        """
        names, kinds = [each.name for each in self.plan.regimes], self.plan.measures
        if regime not in names:
            raise RegimeError("regime_missing", regime, known=", ".join(names))
        if measure not in kinds:
            raise RegimeError("measure_missing", measure, known=", ".join(kinds))
        own, other, row = (
            names.index(regime),
            names.index(self.plan.reference),
            kinds.index(measure),
        )
        sums, products = self.partial.sums[:, row], self.partial.products[:, :, row]
        crossed = products[own, own] + products[other, other] - 2 * products[own, other]
        mean, error = self._told(sums[own], products[own, own], self.plan.unit(measure))
        apart = self._told(sums[own] - sums[other], crossed, self.plan.unit(measure))
        return Measured(
            mean=mean,
            error=error,
            difference=apart[0],
            difference_error=apart[1],
            wide=float(stdtrit(self.runs - 1, 0.975)),
        )

    def _told(self, total: Whole, squares: Whole, unit: float) -> tuple[Array, Array]:
        """Return mean and standard error of runs of which sum and sum of squares are known.

        A count that is divided by nothing, such as a share of no complexes, is told as NaN.
        """
        runs = self.runs
        spread = np.maximum(squares - total / runs * total, 0.0) / (runs - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return total / runs / np.float64(unit), np.sqrt(spread / runs) / np.float64(unit)


def compare(
    plan: Plan,
    runs: int,
    *,
    after: Partial | None = None,
    at_once: int = 1,
    over: Over = map,
) -> Comparison:
    """Return regimes beside each other, see `partials`, which also shows what is on its way."""
    *_, last = partials(plan, runs, after=after, at_once=at_once, over=over)
    return Comparison(plan=plan, partial=last)
