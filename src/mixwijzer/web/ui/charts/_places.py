"""Where does a number stand? Slots from left to right [% of the width], a scale upwards [px]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mixwijzer.web.ui.charts._values import Counted, Span

LEFT, RIGHT = 1.0, 99.0  # edges of the drawing [% of the width]
STEPS = (1, 2, 4, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000)  # between grid lines


@dataclass(frozen=True, slots=True)
class Slots:
    """Whole numbers from left to right, each in a slot of the same width [%]."""

    first: int
    last: int

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def width(self) -> float:
        return (RIGHT - LEFT) / (self.last - self.first + 1)

    def edge(self, number: int) -> float:
        """Left edge of a number's slot; the right edge of the one before it."""
        return LEFT + self.width * (number - self.first)

    def middle(self, number: int) -> float:
        return self.edge(number) + self.width / 2

    def holds_edge(self, number: int) -> bool:
        return self.first <= number <= self.last + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Households from bottom to top [px]."""

    low: int
    high: int
    step: int
    top: float
    bottom: float

    @classmethod
    def over(cls, axis: Span, *, top: float, bottom: float) -> Scale:
        step = step_over(axis.low, axis.high)
        return cls(low=axis.low, high=axis.high, step=step, top=top, bottom=bottom)

    @property
    def ticks(self) -> range:
        return range(self.low, self.high + 1, self.step)

    def y(self, households: float) -> float:
        """Height of a number of households; beyond the scale it stands at its end."""
        part = (households - self.low) / (self.high - self.low)
        return self.bottom - (self.bottom - self.top) * min(max(part, 0.0), 1.0)


def step_over(least: int, most: int) -> int:
    """Return the number of households between two lines of a grid that are not too many."""
    return next(step for step in STEPS if most - least <= 5 * step)


def around(counted: Counted, *, margin: int) -> Slots:
    """Return slots for the wide range and the edges of the band, with some room beside them."""
    edges = [edge for edge in (counted.at_most, counted.at_least) if edge is not None]
    first = max(0, min([counted.wide.low, *edges]) - margin)
    last = max([counted.wide.high, *edges]) + margin
    return Slots(first, min(last, max(counted.homes, counted.wide.high)))


def stretch(span: Span, slots: Slots) -> tuple[float, float]:
    """Return where a range begins and how wide it is [%], cut off at the axis."""
    begin = max(LEFT, slots.edge(span.low))
    end = min(RIGHT, slots.edge(span.high + 1))
    return begin, max(0.0, end - begin)


def anchor_at(at: float, *, room: float = 18) -> str:
    """Return where a text must hang so that it stays inside the drawing."""
    if at > 100 - room:
        return "end"
    return "start" if at < room else "middle"


def spread(days: Sequence[date], *, low: float, high: float) -> list[float]:
    """Return a place [%] per day, in proportion to time but with room for marks; `high` is last."""
    whole = max((days[-1] - days[0]).days, 1)
    gap = min(15.0, (high - low) / (len(days) - 1))
    places = [low + (high - low) * (day - days[0]).days / whole for day in days]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    places[-1] = high
    for i in range(len(places) - 2, -1, -1):
        places[i] = min(places[i], places[i + 1] - gap)
    return places


def apart(tops: Sequence[float], heights: Sequence[float], *, high: float) -> list[float]:
    """Return tops [px] from above to below at which blocks do not overlap, none ending past `high`.

    They stand as near as they can to where they want to.
    """
    placed: list[float] = []
    free = 0.0
    for top, height in zip(tops, heights, strict=True):
        placed.append(max(top, free))
        free = placed[-1] + height
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], high - heights[i])
        high = placed[i]
    return placed
