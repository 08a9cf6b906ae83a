"""What is kept of a look ahead: plain values that are written down and read back exactly.

Shares and chances between 0 and 1, months after the day of the look; three numbers are the lowest,
the likely and the highest by what is sure of the rates. None of months: not within the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

__all__ = ["Brief", "CategoryAhead", "Ending", "Kept", "Pace", "Past", "Power", "Side"]

Mix: TypeAlias = tuple[float, ...]
Three: TypeAlias = tuple[float, float, float]
Months: TypeAlias = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Rates that a look rests on [1/yr]; `assumed` where norms weigh more than counts."""

    turnover: Three
    change: Three
    departures: int
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """How many households of a category there were on a day of judgement, by the account then."""

    on: date
    best: int
    likely: tuple[int, int]
    wide: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryAhead:
    """The months ahead of one category; ranges by month [households], limits where there are.

    `out` is the chance that the ceiling or the floor is passed, by month.
    """

    category: str
    at_least: int | None
    at_most: int | None
    target: float | None
    past: tuple[Past, ...]
    best: int
    middle: tuple[float, ...]
    likely: tuple[tuple[int, int], ...]
    wide: tuple[tuple[int, int], ...]
    out: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What steering can do with one regime: now, or when the experiment has ended.

    `corners` are the mixes that hold for good; `in_band` the chances after 12 and 24 months;
    `path` the mixes that are expected, by month.
    """

    steered: float
    corners: tuple[Mix, ...]
    possible: bool
    everywhere: bool
    anywhere: bool
    margin: float | None
    months: Months
    vacancies: tuple[float | None, float | None]
    unsteered: int | None
    stay: tuple[float | None, float | None, float | None]
    in_band: tuple[float, float]
    path: tuple[tuple[int, Mix], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """The six figures, now and when the experiment ends.

    `powers` and `half_lives` [yr] are of the category with a ceiling; `perhaps` are the corners by
    the rates that are slowest to change by themselves.
    """

    mix: Mix
    category: str
    powers: Three
    left: float
    half_lives: tuple[float, float]
    reach: tuple[float, float]
    reach_left: tuple[float, float]
    perhaps: tuple[Mix, ...]
    now: Side
    after: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A ground that ends: its channel, what leaned on it in a year, what else could carry it."""

    channel: str
    source: str
    ends: date
    lettings: int
    of_all: int
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Everything that was computed of one complex.

    `prices` are of all complexes together: what one more letting costs, per group that is owed
    [household-years]; None where what is owed can't be kept year in year out.
    """

    day: date
    data_date: date | None
    engine_version: str
    normset: str
    method: str
    seed: int | None
    runs: int | None
    error: float
    homes: int
    categories: tuple[str, ...]
    courses: tuple[CategoryAhead, ...]
    in_band: tuple[float, ...]
    band: bool
    pace: Pace
    power: Power | None
    trouble: str
    ends: date | None
    prices: tuple[tuple[str, float], ...] | None = None

    @property
    def limited(self) -> tuple[CategoryAhead, ...]:
        """Categories with a ceiling or a floor."""
        return tuple(each for each in self.courses if each.at_most is not None or each.at_least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What lists need of one complex; `in_band` after 12 and 24 months, `out` after 24."""

    homes: int
    band: bool
    in_band: tuple[float, float]
    out: float
    likely: tuple[int, int]
    at_most: int | None
    months: Months
    within: bool
    within_left: bool
    power: Three | None
    left: float
    vacancies: float | None
    stay: float | None
    stay_left: float | None
