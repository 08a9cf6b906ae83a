"""What was judged over the years, against today’s limit?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from mixwijzer.web.ui.charts._marks import percent, svg, tag
from mixwijzer.web.ui.charts._places import Scale, spread
from mixwijzer.web.ui.charts._values import Chart, Counted, Moment, Table, Words


def past_ranges(moments: Sequence[Moment], words: Words, *, height: int = 232) -> Chart:
    """Draw what was judged over the years, against today's limit; the last moment is now."""
    if not moments:
        raise ValueError("a history needs at least one moment")
    last = moments[-1].counted
    scale = Scale.over([moment.counted for moment in moments], top=12, bottom=height - 30)
    places = spread([moment.day for moment in moments])
    body = [
        *_grid(scale, last, words),
        *(
            part
            for moment, at in zip(moments, places, strict=True)
            for part in _standing(moment, at, scale, now=moment is moments[-1])
        ),
    ]
    rows = tuple(
        (
            moment.label,
            str(moment.counted.likely),
            str(moment.counted.wide),
            str(moment.counted.best),
        )
        for moment in moments
    )
    return Chart(
        svg=svg("ch ch-past", height, words, body),
        table=Table(caption=words.title, heads=words.heads, rows=rows),
    )


def _grid(scale: Scale, counted: Counted, words: Words) -> Iterable[str]:
    """Draw the band, the lines behind the history with their numbers, and the limits."""
    most = scale.high if counted.at_most is None else counted.at_most + 0.5
    least = scale.low if counted.at_least is None else counted.at_least - 0.5
    if counted.at_most is not None or counted.at_least is not None:
        top, bottom = scale.y(most), scale.y(max(least, scale.low))
        yield tag("rect", cls="ch-band", x="0%", y=top, width="100%", height=bottom - top)
    limits = [
        scale.y(value + shift)
        for value, shift in ((counted.at_least, -0.5), (counted.at_most, 0.5))
        if value is not None
    ]
    for tick in scale.ticks:
        y = scale.y(tick)
        yield tag("line", cls="ch-grid", x1="0%", x2="100%", y1=y, y2=y)
        if not any(-4 < y - at < 18 for at in limits):
            yield tag("text", str(tick), cls="ch-text", x="0%", dx=3, y=y - 4)
    for value, shift, write in (
        (counted.at_least, -0.5, words.at_least),
        (counted.at_most, 0.5, words.at_most),
    ):
        if value is not None:
            y = scale.y(value + shift)
            yield tag("line", cls="ch-limit", x1="0%", x2="100%", y1=y, y2=y)
            yield tag(
                "text",
                escape(write(value)),
                cls="ch-limit-text",
                x="100%",
                dx=-4,
                y=y - 6 if shift > 0 else y + 16,
                text_anchor="end",
            )


def _standing(moment: Moment, at: float, scale: Scale, *, now: bool) -> Iterable[str]:
    """Draw one judgement upright, its day below and the newest range beside it."""
    for kind, span in (("ch-wide", moment.counted.wide), ("ch-likely", moment.counted.likely)):
        top, bottom = scale.y(span.high + 0.5), scale.y(max(span.low - 0.5, scale.low))
        yield tag(
            "rect",
            cls=kind,
            x=percent(at),
            transform="translate(-9)",
            y=round(top, 1),
            width=18,
            height=round(bottom - top, 1),
            rx=3,
        )
    best = moment.counted.best
    y = round(scale.y(best), 1)
    yield tag("circle", cls="ch-best", cx=percent(at), cy=y, r=6 if now else 5, data_best=best)
    if now:
        yield tag(
            "text", str(moment.counted.likely), cls="ch-text-strong", x=percent(at), dx=14, y=y + 4
        )
    yield tag(
        "text",
        escape(moment.label),
        cls="ch-text-strong" if now else "ch-text",
        x=percent(at),
        y=scale.bottom + 22,
        text_anchor="middle",
    )
