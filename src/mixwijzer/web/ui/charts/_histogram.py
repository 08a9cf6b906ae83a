"""How likely is each number of households?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from mixwijzer.web.ui.charts._marks import band, percent, svg, tag
from mixwijzer.web.ui.charts._places import LEFT, RIGHT, Slots, anchor_at, around, stretch
from mixwijzer.web.ui.charts._values import Chart, Counted, Span, Table, Words

MOST_COLUMNS = 36  # a limit further away than this is named at the edge
LABELS_NARROW = 16  # numbers that fit under a histogram on a phone
LABELS_WIDE = 26  # and on a desk
LABELS_TINY = 9  # and in a narrow column of a desk


def account_histogram(counted: Counted, words: Words, *, height: int = 172) -> Chart:
    """Draw one column per whole number of households, as high as it is likely.

    The band is a tint with its limit as a line; columns in the likely range are densely hatched,
    in the wide range lightly; the best guess is outlined and its number bold.
    """
    if not counted.chances:
        raise ValueError("a histogram needs the chance of every number of households")
    slots = _window(counted)
    limits = _limits(counted, slots, words)
    top = 22 + 16 * max(limit.row for limit in limits) if limits else 6
    plot = _Plot(slots=slots, top=top, bottom=height - 46)
    body = [
        band(counted, slots, y=plot.top, height=plot.bottom - plot.top),
        *(_limit(limit, top=plot.top, bottom=plot.bottom + 4) for limit in limits),
        *_columns(counted, plot, words),
        tag(
            "line",
            cls="ch-axis",
            x1=percent(LEFT),
            x2=percent(RIGHT),
            y1=plot.bottom,
            y2=plot.bottom,
        ),
        _bracket(counted.likely, slots, words, y=plot.bottom + 25),
    ]
    return Chart(
        svg=svg("ch ch-histogram", height, words, body),
        table=Table(
            caption=words.title,
            heads=words.heads,
            rows=tuple(
                (str(number), words.chance(counted.chances[number])) for number in slots.numbers
            ),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plot:
    """The part of a histogram where columns stand [px]."""

    slots: Slots
    top: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """One edge of the band: where its line stands, what it says, and on which row."""

    at: float
    text: str
    anchor: str
    inside: bool
    row: int = 0


def _window(counted: Counted) -> Slots:
    """Return the numbers a histogram shows: all that matter, but not a far-away limit."""
    most = len(counted.chances) - 1
    slots = around(counted, margin=3)
    if slots.last - slots.first >= MOST_COLUMNS:
        slots = Slots(max(0, counted.wide.low - 3), counted.wide.high + 3)
    return Slots(slots.first, min(slots.last, most))


def _limits(counted: Counted, slots: Slots, words: Words) -> list[_Limit]:
    """Return the band's edges; two that stand close together get a row each."""
    found = []
    if counted.at_least is not None:
        found.append(_placed(counted.at_least, words.at_least(counted.at_least), slots))
    if counted.at_most is not None:
        row = 1 if found and slots.edge(counted.at_most + 1) - found[0].at < 36 else 0
        found.append(_placed(counted.at_most + 1, words.at_most(counted.at_most), slots, row=row))
    return found


def _placed(number: int, text: str, slots: Slots, *, row: int = 0) -> _Limit:
    inside = slots.holds_edge(number)
    at = min(max(slots.edge(number), LEFT), RIGHT)
    if not inside:
        text = f"{text} →" if number > slots.last else f"← {text}"
    return _Limit(at=at, text=text, anchor=anchor_at(at), inside=inside, row=row)


def _limit(limit: _Limit, *, top: float, bottom: float) -> str:
    text = tag(
        "text",
        escape(limit.text),
        cls="ch-limit-text",
        x=percent(limit.at),
        y=14 + 16 * limit.row,
        text_anchor=limit.anchor,
    )
    if not limit.inside:
        return text
    begin = top - 4
    return text + tag(
        "line", cls="ch-limit", x1=percent(limit.at), x2=percent(limit.at), y1=begin, y2=bottom
    )


def _columns(counted: Counted, plot: _Plot, words: Words) -> Iterable[str]:
    slots, tallest = plot.slots, max(counted.chances)
    for number in slots.numbers:
        chance = counted.chances[number]
        height = max(1.5, (plot.bottom - plot.top) * 0.92 * chance / tallest)
        best = number == counted.best
        yield tag(
            "rect",
            tag("title", escape(f"{number}: {words.chance(chance)}")),
            cls=f"ch-column {_kind(number, counted)}{' ch-outlined' if best else ''}",
            x=percent(slots.edge(number) + slots.width * 0.09),
            y=round(plot.bottom - height, 1),
            width=percent(slots.width * 0.82),
            height=round(height, 1),
            rx=2,
            data_households=number,
            data_chance=f"{chance:.4f}",
        )
        if role := _number_role(number, counted.best, len(slots.numbers)):
            yield tag(
                "text",
                str(number),
                cls=role,
                x=percent(slots.middle(number)),
                y=plot.bottom + 17,
                text_anchor="middle",
            )


def _kind(number: int, counted: Counted) -> str:
    if counted.likely.low <= number <= counted.likely.high:
        return "ch-likely"
    return "ch-wide" if counted.wide.low <= number <= counted.wide.high else "ch-rest"


def _number_role(number: int, best: int, columns: int) -> str:
    """Return the class of a column's number, counted from the best guess; empty if it has none."""
    if number == best:
        return "ch-number ch-number-best"
    wide = math.ceil(columns / LABELS_WIDE)
    narrow = wide * math.ceil(columns / LABELS_NARROW / wide)
    steps, rest = divmod(number - best, narrow)
    if rest == 0:
        thin_out = steps % 2 and columns > LABELS_TINY
        return "ch-number ch-second" if thin_out else "ch-number"
    return "ch-number ch-between" if (number - best) % wide == 0 else ""


def _bracket(span: Span, slots: Slots, words: Words, *, y: float) -> str:
    begin, width = stretch(span, slots)
    middle = begin + width / 2
    anchor = anchor_at(middle, room=25)
    at = {"middle": middle, "start": begin, "end": begin + width}[anchor]
    return tag(
        "line", cls="ch-bracket", x1=percent(begin), x2=percent(begin + width), y1=y, y2=y
    ) + tag(
        "text",
        escape(words.likely(span)),
        cls="ch-bracket-text",
        x=percent(at),
        y=y + 16,
        text_anchor=anchor,
    )
