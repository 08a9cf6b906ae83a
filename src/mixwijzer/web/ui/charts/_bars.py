"""How far, how much, between what and what? Charts of one line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from mixwijzer.web.ui.charts._marks import band, percent, svg, tag
from mixwijzer.web.ui.charts._places import LEFT, RIGHT, Slots, anchor_at, around, stretch
from mixwijzer.web.ui.charts._values import (
    Chart,
    Counted,
    Difference,
    Mark,
    Meter,
    Part,
    Span,
    Table,
    Words,
)


def range_bar(
    counted: Counted, words: Words, *, axis: Span | None = None, compact: bool = False
) -> Chart:
    """Draw a range on one line, for a table or a level; `compact` leaves the limit's word out."""
    slots = Slots(axis.low, axis.high) if axis else around(counted, margin=2)
    wide, likely = stretch(counted.wide, slots), stretch(counted.likely, slots)
    height = 36 if compact else 50
    body = [
        tag(
            "rect",
            cls="ch-track",
            x=percent(LEFT),
            y=10,
            width=percent(RIGHT - LEFT),
            height=16,
            rx=5,
        ),
        band(counted, slots, y=6, height=24),
        tag(
            "rect", cls="ch-wide", x=percent(wide[0]), y=11, width=percent(wide[1]), height=14, rx=3
        ),
        tag(
            "rect",
            cls="ch-likely",
            x=percent(likely[0]),
            y=11,
            width=percent(likely[1]),
            height=14,
            rx=3,
        ),
        tag(
            "circle",
            cls="ch-best",
            cx=percent(slots.middle(counted.best)),
            cy=18,
            r=6.5,
            data_best=counted.best,
        ),
        *_bar_limits(counted, slots, words, compact=compact),
    ]
    limits = [
        write(value)
        for value, write in (
            (counted.at_least, words.at_least),
            (counted.at_most, words.at_most),
        )
        if value is not None
    ]
    row = (str(counted.likely), str(counted.wide), str(counted.best), ", ".join(limits))
    return Chart(
        svg=svg("ch ch-range", height, words, body),
        table=Table(caption=words.title, heads=words.heads, rows=(row,)),
    )


def _bar_limits(counted: Counted, slots: Slots, words: Words, *, compact: bool) -> Iterable[str]:
    edges = (
        (counted.at_least, 0, words.at_least),
        (counted.at_most, 1, words.at_most),
    )
    both = counted.at_least is not None and counted.at_most is not None
    for value, past, write in edges:
        if value is None or not slots.holds_edge(value + past):
            continue
        at = slots.edge(value + past)
        yield tag("line", cls="ch-limit", x1=percent(at), x2=percent(at), y1=2, y2=34)
        if not compact:
            anchor = ("start" if past else "end") if both else anchor_at(at)
            anchor = anchor_at(at) if not 18 <= at <= 82 else anchor
            yield tag(
                "text",
                escape(write(value)),
                cls="ch-text",
                x=percent(at),
                y=47,
                text_anchor=anchor,
            )


def meter(measure: Meter, words: Words) -> Chart:
    """Draw a bar up to what is reached, hatched what is expected, ticks for the norms."""
    body = [tag("rect", cls="ch-track", x="0%", y=7, width="100%", height=14, rx=5)]
    rows = [(words.heads[0], words.share(measure.value))]
    if measure.expected:
        low, high = measure.expected
        body.append(_stroke("ch-wide", measure, low, high, y=7, height=14))
        rows.append((words.heads[1], f"{words.share(low)}–{words.share(high)}"))
    body.append(_stroke("ch-done", measure, measure.start, measure.value, y=9, height=10))
    for mark in measure.marks:
        body.append(_tick(mark, at=_place(measure, mark.at)))
        rows.append((mark.text, words.share(mark.at)))
    if measure.start:
        body.append(tag("text", escape(words.share(measure.start)), cls="ch-text", x="0%", y=41))
    height = 44 if measure.marks or measure.start else 26
    return Chart(
        svg=svg("ch ch-meter", height, words, body),
        table=Table(caption=words.title, heads=(), rows=tuple(rows)),
    )


def _place(measure: Meter, value: float) -> float:
    """Return where a value stands [%], at an end when it lies beyond."""
    at = 100 * (value - measure.start) / (measure.full - measure.start)
    return min(max(at, 0.0), 100.0)


def _stroke(cls: str, measure: Meter, low: float, high: float, *, y: int, height: int) -> str:
    begin, end = _place(measure, low), _place(measure, high)
    place = {"x": percent(begin), "width": percent(end - begin), "y": y, "height": height}
    ends = {"data_low": f"{low:.4f}", "data_high": f"{high:.4f}"}
    return tag("rect", cls=cls, rx=4, **ends, **place)


def _tick(mark: Mark, *, at: float) -> str:
    return tag("line", cls="ch-tick", x1=percent(at), x2=percent(at), y1=1, y2=27) + tag(
        "text",
        escape(mark.text),
        cls="ch-text",
        x=percent(at),
        y=41,
        text_anchor=anchor_at(at, room=10),
    )


def difference_bar(difference: Difference, words: Words) -> Chart:
    """Draw a difference from the line in the middle, which is none; hatched how sure it is."""

    def at(value: float) -> float:
        return 50 + 49 * min(max(value / difference.most, -1.0), 1.0)

    value, sure = difference.value, difference.sure
    body = [tag("rect", cls="ch-track", x="0%", y=10, width="100%", height=2)]
    if sure:
        begin, end = at(sure[0]), at(sure[1])
        place = {"x": percent(begin), "width": percent(end - begin)}
        body.append(tag("rect", cls="ch-wide", y=3, height=16, rx=3, **place))
    begin, end = sorted((at(0), at(value)))
    place = {"x": percent(begin), "width": percent(end - begin), "data_value": f"{value:.4f}"}
    css = "ch-more" if value > 0 else "ch-less"
    body.append(tag("rect", cls=css, y=6, height=10, rx=2, **place))
    body.append(tag("line", cls="ch-tick", x1="50%", x2="50%", y1=1, y2=21))
    row = (words.number(value), *(f"{words.number(end)}" for end in sure or ()))
    return Chart(
        svg=svg("ch ch-difference", 22, words, body),
        table=Table(caption=words.title, heads=words.heads, rows=(row,)),
    )


def share_bar(parts: Sequence[Part], words: Words) -> Chart:
    """Draw the parts of a whole side by side, each with its own pattern and share."""
    whole = math.fsum(part.share for part in parts)
    if not math.isclose(whole, 1.0, abs_tol=0.005):
        raise ValueError(f"the parts make {whole:.3f} of the whole instead of 1")
    body, start = [], 0.0
    for part in parts:
        width = 100 * part.share / whole
        inside = tag("title", escape(f"{part.label}: {words.share(part.share)}"))
        body.append(
            tag(
                "rect",
                inside,
                cls=f"ch-part ch-{part.kind}",
                x=percent(start),
                y=0,
                width=percent(width),
                height=26,
                data_share=round(part.share, 4),
            )
        )
        if part.share >= 0.1:
            place = {"x": percent(start + width), "dx": -1, "text_anchor": "end"}
            if start + width < 99.5:
                place = {"x": percent(start), "dx": 2, "text_anchor": "start"}
            body.append(
                tag("text", escape(words.share(part.share)), cls="ch-text-strong", y=43, **place)
            )
        start += width
    rows = tuple((part.label, words.share(part.share)) for part in parts)
    return Chart(
        svg=svg("ch ch-shares", 48, words, body),
        table=Table(caption=words.title, heads=words.heads, rows=rows),
    )
