"""What goes into a chart, and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A range of whole households, both ends included."""

    low: int
    high: int

    def __post_init__(self) -> None:
        """Refuse a range that ends before it begins."""
        if self.low > self.high:
            raise ValueError(f"a range cannot run from {self.low} to {self.high}")

    def __str__(self) -> str:
        """Write it as 11–14, or as 11 when both ends are the same."""
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What is known about one number of households in one place.

    Parameters
    ----------
    best
        The most likely number [households].
    likely
        The middle range: about 5 times out of 10 [households].
    wide
        The wide range: about 9 times out of 10 [households].
    homes
        All homes there [homes].
    at_most, at_least
        The edges of the band, where the profile sets them [households].
    chances
        Chance of 0, 1, 2, … households, in [0, 1]; only a histogram needs them.
    """

    best: int
    likely: Span
    wide: Span
    homes: int
    at_most: int | None = None
    at_least: int | None = None
    chances: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A tick on a meter, with its word."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """How far something is: the bar so far, hatched what is expected, ticks for the norms.

    The bar runs from `start` to `full`; a start that is not zero is written at its left end.
    """

    value: float
    full: float
    start: float = 0.0
    expected: tuple[float, float] | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How much more (or less, below zero) than what it is held against, on a bar up to `most`."""

    value: float
    most: float
    sure: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a whole; `kind` is attention, carrier, regular or unclear."""

    kind: str
    label: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One judgement in the past: the day, how to write it, and what was judged."""

    day: date
    label: str
    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is expected at one moment ahead, 0 for now [months]; `marked` is named on the axis."""

    months: float
    label: str
    middle: float
    likely: Span
    wide: Span
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How one number of households went, and may go: judgements, the last one now, and ahead."""

    moments: tuple[Moment, ...]
    ahead: tuple[Ahead, ...] = ()
    at_most: int | None = None
    at_least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers of a chart, to be read instead of seen."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing and its twin."""

    svg: str
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a chart says, in the language of the page.

    `at_most` and `at_least` write a limit beside its line, `likely` the range under its bracket,
    `chance` and `share` write a number between 0 and 1, `number` any other; `likely_word` and
    `wide_word` stand under the ranges at the end of a fan. The table's column heads follow.
    """

    title: str
    description: str
    at_most: Callable[[int], str] = str
    at_least: Callable[[int], str] = str
    likely: Callable[[Span], str] = str
    chance: Callable[[float], str] = str
    share: Callable[[float], str] = str
    number: Callable[[float], str] = "{:g}".format
    likely_word: str = ""
    wide_word: str = ""
    heads: tuple[str, ...] = ()
