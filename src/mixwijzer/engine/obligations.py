"""What did we promise, what is done, what is still owed, and will we make it?

An obligation counts persons or households of a group between two days. Lettings count households
and may carry the number of persons; both stand side by side, because the statutory task counts
persons. A letting is *realised* once its household has come, before that *under way*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from mixwijzer.engine.portfolio import Letting, Obligation, Portfolio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "CarryRule",
    "Expectation",
    "ObligationCount",
    "Pace",
    "Shortfall",
    "behind",
    "carry_over",
    "coming_free",
    "count",
    "expect",
    "pace",
    "reachable",
]

YEAR = 365  # [days] of which the pace is taken
QUARTER = 91  # [days] of history below which nothing is expected
LIKELY = (0.1, 0.9)
_BEFORE = 0.5  # a letting before any was seen (Jeffreys), so that none seen isn't never
_LARGE = 1e200


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationCount:
    """Where one obligation stands on a day.

    Parameters
    ----------
    obligation
        Which.
    realised, under_way
        Done, and promised but not yet housed, in the obligation's unit.
    remaining
        Still owed after both, in the obligation's unit; 0 when it is met.
    pace
        What would be done by the day at an even pace, in the obligation's unit.
    households, persons
        Realised, in both units [households], [persons].
    without_persons
        Realised lettings whose number of persons isn't known [households].
    lettings
        The lettings behind the figures, by vacancy id.
    awaited
        Those of them whose household has still to come.
    """

    obligation: Obligation
    realised: int
    under_way: int
    remaining: int
    pace: float
    households: int
    persons: int
    without_persons: int
    lettings: tuple[str, ...]
    awaited: tuple[str, ...]


class CarryRule(StrEnum):
    """What goes along to the next period when one is over."""

    NOTHING = "nothing"
    SHORT = "short"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the year before a day showed: lettings to a group, and homes that came free.

    Parameters
    ----------
    days
        Length of what was seen [days]; at most a year, less where the register is younger.
    sizes
        Of each letting to the group: 1, or its number of persons; None where that isn't known.
    vacancies
        Homes of the owner that came free, whoever got them.
    """

    days: int
    sizes: tuple[int | None, ...]
    vacancies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the rest of the period will bring when it goes on as in the year before.

    Parameters
    ----------
    chance
        That the promise is met by its end [chance].
    chance_low, chance_high
        The same when the true pace is at the low or high end of what the year leaves open.
    coming
        Likely (80 %) range of what is still to come [unit of the obligation].
    vacancies
        Likely (80 %) range of homes that come free until the end [dwellings].
    one_in
        To meet it, one in so many of those has to go to the group; None when nothing is owed.
    sizes_known
        Whether any letting told its number of persons; else each is taken for one person.
    """

    chance: float
    chance_low: float
    chance_high: float
    coming: tuple[int, int]
    vacancies: tuple[int, int]
    one_in: float | None
    sizes_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Why there is less than an even pace asks: two parts that sum to it.

    Both are in the obligation's unit, and below 0 where it helped instead.

    Parameters
    ----------
    fewer_homes
        Fewer homes came free than in the year before the period.
    smaller_part
        A smaller part of what came free went to the group than the promise takes.
    homes, usual
        Homes that came free in the period so far; and what they would have been as in the year
        before [dwellings].
    """

    fewer_homes: float
    smaller_part: float
    homes: int
    usual: float

    @property
    def total(self) -> float:
        """What an even pace asks less what there is, in the obligation's unit."""
        return self.fewer_homes + self.smaller_part


def count(portfolio: Portfolio, day: date) -> tuple[ObligationCount, ...]:
    """Count every obligation of the portfolio on a day, in the portfolio's order."""
    return tuple(_counted(portfolio, each, day) for each in portfolio.obligations)


def carry_over(counted: ObligationCount, rule: CarryRule) -> int:
    """Say what goes along to the next period; below 0 where more was done than was owed.

    What is under way counts as done, since it was promised to somebody.
    """
    owed = counted.obligation.target + counted.obligation.carried
    short = owed - counted.realised - counted.under_way
    if rule is CarryRule.NOTHING or (rule is CarryRule.SHORT and short < 0):
        return 0
    return short


def pace(portfolio: Portfolio, obligation: Obligation, day: date) -> Pace:
    """Look back a year, or as far as the register reaches, at lettings to an obligation's group."""
    own = [
        each for each in portfolio.lettings if _owner(portfolio, each) in {None, obligation.owner}
    ]
    notices = [each.notice for each in portfolio.owned_by(obligation.owner).vacancies]
    days = [each for each in (*(letting.on for letting in own), *notices) if each <= day]
    seen = min((day - min(days, default=day)).days, YEAR)
    since = day - timedelta(days=seen)
    return Pace(
        days=seen,
        sizes=tuple(
            each.persons if obligation.unit == "persons" else 1
            for each in own
            if each.group == obligation.group and since < each.on <= day
        ),
        vacancies=sum(since < each <= day for each in notices),
    )


def behind(portfolio: Portfolio, counted: ObligationCount, day: date) -> Shortfall | None:
    """Say where the difference with an even pace came from; None without a year before.

    With as many homes as in the year before the period, the promise takes a certain part of each.
    That part of the homes that didn't come is one step, that part of those that did less what the
    group got the other. To whom homes went before is not needed.
    """
    promise = counted.obligation
    before = pace(portfolio, promise, promise.start)
    last = min(day, promise.end)
    days = (last - promise.start).days
    if before.days < QUARTER or not before.vacancies or days <= 0:
        return None
    notices = [each.notice for each in portfolio.owned_by(promise.owner).vacancies]
    homes = sum(promise.start < each <= last for each in notices)
    usual = before.vacancies * days / before.days
    part = counted.pace / usual
    return Shortfall(
        fewer_homes=(usual - homes) * part,
        smaller_part=homes * part - counted.realised - counted.under_way,
        homes=homes,
        usual=usual,
    )


def expect(counted: ObligationCount, seen: Pace, day: date) -> Expectation | None:
    """Say what the rest of an obligation's period will bring; None after less than a quarter.

    Lettings to the group come at a steady rate that the year before leaves uncertain (a gamma
    distribution, Jeffreys' prior), so their number is negative binomial; each brings as many
    persons as those seen did. The sum is exact, by the recursion of Panjer [1]_.

    References
    ----------
    .. [1] H. H. Panjer, "Recursive evaluation of a family of compound distributions", ASTIN
       Bulletin 12 (1981) 22-26.
    """
    if seen.days < QUARTER:
        return None
    ahead = max((counted.obligation.end - day).days, 0) / seen.days
    sizes = _sizes(seen)
    shape = len(seen.sizes) + _BEFORE
    rates = [_quantile(shape, level) * ahead for level in LIKELY]
    coming = _mixed(shape, ahead, sizes)
    homes = ceil(counted.remaining / float(sizes @ np.arange(len(sizes))))
    low, high = (_reach(_steady(rate, sizes), counted.remaining) for rate in rates)
    return Expectation(
        chance=_reach(coming, counted.remaining),
        chance_low=low,
        chance_high=high,
        coming=_range(coming),
        vacancies=_free(seen, ahead),
        one_in=(seen.vacancies + _BEFORE) * ahead / homes if homes else None,
        sizes_known=not seen.sizes or any(size is not None for size in seen.sizes),
    )


def coming_free(seen: Pace, days: int) -> tuple[int, int] | None:
    """Return the likely (80 %) range of homes that come free; None after less than a quarter.

    Parameters
    ----------
    seen
        What the year before showed.
    days
        Length of what is ahead [days].
    """
    return None if seen.days < QUARTER else _free(seen, max(days, 0) / seen.days)


def _free(seen: Pace, ahead: float) -> tuple[int, int]:
    return _range(_mixed(seen.vacancies + _BEFORE, ahead, np.array([0.0, 1.0])))


def reachable(seen: Pace, days: int, chances: Sequence[float]) -> tuple[int, ...] | None:
    """Say how many come to a group at least in so many days, with each of these chances.

    As `expect`, of a period that hasn't begun; None after less than a quarter of lettings.
    """
    if seen.days < QUARTER:
        return None
    coming = _mixed(len(seen.sizes) + _BEFORE, days / seen.days, _sizes(seen))
    at_least = coming[::-1].cumsum()[::-1]  # falls from 1
    return tuple(int(np.count_nonzero(at_least >= chance)) - 1 for chance in chances)


def _sizes(seen: Pace) -> NDArray[np.float64]:
    """Chance of each size of a letting, as those that were seen."""
    known = [max(size, 1) for size in seen.sizes if size is not None]
    return np.bincount(known or [1]) / max(len(known), 1)


def _quantile(shape: float, level: float) -> float:
    """Return the level of a gamma distribution with scale 1."""
    from scipy.special import gammaincinv  # takes a moment; counting alone goes without

    return float(gammaincinv(shape, level))


def _mixed(shape: float, ahead: float, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances of each total when the rate of lettings is a gamma with this shape."""
    part = ahead / (1 + ahead)
    expected = shape * ahead
    return _compound(part, (shape - 1) * part, sizes, expected, expected * (1 + ahead))


def _steady(rate: float, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances of each total when so many lettings are expected: Poisson."""
    return _compound(0.0, rate, sizes, rate, rate)


def _compound(
    a: float, b: float, sizes: NDArray[np.float64], mean: float, variance: float
) -> NDArray[np.float64]:
    """Chances of totals 0, 1, …: the chance of k lettings is a + b/k times that of k - 1.

    Starts from weight 1 at nothing and scales down on the way, so that no mean is too large.
    """
    parts = np.arange(1, len(sizes))
    first, second = float(sizes[1:] @ parts), float(sizes[1:] @ parts**2)
    spread = sqrt(mean * second + max(variance - mean, 0.0) * first**2)
    told: NDArray[np.float64] = np.zeros(int(mean * first + 12 * spread) + len(sizes) + 1)
    told[0] = 1.0
    for total in range(1, len(told)):
        each = parts[: min(total, len(parts))]
        told[total] = ((a + b * each / total) * sizes[each]) @ told[total - each]
        if told[total] > _LARGE:
            told /= _LARGE
    told /= told.sum()
    return told


def _reach(chances: NDArray[np.float64], owed: int) -> float:
    """Chance that the total is at least what is owed."""
    return float(min(chances[owed:].sum(), 1.0)) if owed else 1.0


def _range(chances: NDArray[np.float64]) -> tuple[int, int]:
    low, high = np.searchsorted(np.cumsum(chances), LIKELY)
    return int(low), int(high)


def _counted(portfolio: Portfolio, obligation: Obligation, day: date) -> ObligationCount:
    mine = [each for each in portfolio.lettings if _counts(portfolio, obligation, each, day)]
    done = [each for each in mine if _housed(portfolio, each, day)]
    coming = [each for each in mine if each not in done]
    by_person = obligation.unit == "persons"

    def size(lettings: list[Letting]) -> int:
        return sum(each.persons or 0 for each in lettings) if by_person else len(lettings)

    owed = obligation.target + obligation.carried
    return ObligationCount(
        obligation=obligation,
        realised=size(done),
        under_way=size(coming),
        remaining=max(owed - size(done) - size(coming), 0),
        pace=owed * _elapsed(obligation, day),
        households=len(done),
        persons=sum(each.persons or 0 for each in done),
        without_persons=sum(each.persons is None for each in done),
        lettings=tuple(each.vacancy for each in mine),
        awaited=tuple(each.vacancy for each in coming),
    )


def _counts(portfolio: Portfolio, obligation: Obligation, letting: Letting, day: date) -> bool:
    """Whether a letting is of the group, in the period and in the owner's stock."""
    if letting.group != obligation.group or letting.on > day:
        return False
    if not obligation.start <= letting.on < obligation.end:
        return False
    return _owner(portfolio, letting) in {None, obligation.owner}


def _owner(portfolio: Portfolio, letting: Letting) -> str | None:
    """Owner of the home that was let; None where the vacancy is no longer known."""
    vacancy = portfolio.vacancy.get(letting.vacancy)
    home = portfolio.dwelling.get(vacancy.dwelling) if vacancy else None
    own = portfolio.complex.get(home.complex) if home else None
    return own.owner if own else None


def _housed(portfolio: Portfolio, letting: Letting, day: date) -> bool:
    """Whether the household has come; a letting whose vacancy is gone is long done."""
    vacancy = portfolio.vacancy.get(letting.vacancy)
    if vacancy is None:
        return True
    return any(
        vacancy.notice <= lease.start <= day
        for lease in portfolio.tenancies_of.get(vacancy.dwelling, ())
    )


def _elapsed(obligation: Obligation, day: date) -> float:
    """Part of the period that is over on a day, in [0, 1]."""
    length = (obligation.end - obligation.start).days
    return min(max((day - obligation.start).days / length, 0.0), 1.0) if length > 0 else 1.0
