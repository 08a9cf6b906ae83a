"""What was judged over the years, and what may be expected from now on, against the limit?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from html import escape

from mixwijzer.web.ui.charts._marks import percent, svg, tag
from mixwijzer.web.ui.charts._places import Scale, apart, spread, step_over
from mixwijzer.web.ui.charts._values import Chart, Course, Span, Table, Words

BEGIN, NOW, END = 9.0, 46.0, 80.0  # where time begins, is now, and ends [% of the width]
SMALL = (19.0, 80.0)  # begin and end of a small one
ROOM = 19.0  # a day that stands closer to another is not named on a phone [% of the width]


def fan(
    course: Course,
    words: Words,
    *,
    axis: Span | None = None,
    height: int = 232,
    small: bool = False,
) -> Chart:
    """Draw judgements as standing ranges up to now, and what is expected as a fan from now on.

    `axis` is the same for fans that stand beside each other; a `small` one says at its end what is
    expected in the middle only.
    """
    if not course.moments:
        raise ValueError("a course needs at least one moment: now")
    axis = axis or fan_axis([course])
    scale = Scale.over(axis, top=12, bottom=height - 30)
    frame = _Frame.around(course, scale, *(SMALL if small else (BEGIN, END)))
    body = [
        *_grid(frame, course, words),
        *_standings(frame, course),
        *_fans(frame, course),
        *_limit_lines(frame, course),
        *_now(frame, course),
        *_times(frame, course),
        *_ends(frame, course, words, small=small),
    ]
    return Chart(
        svg=svg("ch ch-fan", height, words, body),
        table=Table(caption=words.title, heads=words.heads, rows=tuple(_rows(course, words))),
    )


def fan_axis(courses: Sequence[Course], *, most: int | None = None) -> Span:
    """Return the numbers that fans beside each other all have room for, in whole steps.

    `most` is what can't be passed: 100 for percentages.
    """
    found = [
        each
        for course in courses
        for each in (
            *(edge for edge in (course.at_most, course.at_least) if edge is not None),
            *(end for moment in course.moments for end in _both(moment.counted.wide)),
            *(end for each in course.ahead for end in _both(each.wide)),
        )
    ]
    step = step_over(min(found), max(found))
    high = (max(found) + step) // step * step
    low = max(0, (min(found) - 1) // step * step)
    return Span(low=low, high=high if most is None else min(high, most))


def _both(span: Span) -> tuple[int, int]:
    return span.low, span.high


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Where time [%] and households [px] stand."""

    scale: Scale
    past: tuple[float, ...]
    begin: float
    end: float
    months: float

    @classmethod
    def around(cls, course: Course, scale: Scale, begin: float, end: float) -> _Frame:
        days = [moment.day for moment in course.moments]
        last = NOW if course.ahead else end - 6
        past = spread(days, low=begin + 4, high=last) if days[1:] else [begin]
        months = max((each.months for each in course.ahead), default=0.0) or 1.0
        return cls(scale=scale, past=tuple(past), begin=begin, end=end, months=months)

    @property
    def now(self) -> float:
        return self.past[-1]

    def at(self, months: float) -> float:
        return self.now + (self.end - self.now) * months / self.months

    @property
    def across(self) -> dict[str, str]:
        return {"x1": percent(self.begin), "x2": percent(self.end)}


def _grid(frame: _Frame, course: Course, words: Words) -> Iterable[str]:
    """Draw the band, and the lines behind everything with their numbers."""
    scale = frame.scale
    if _limits(course):
        most = scale.high if course.at_most is None else course.at_most + 0.5
        least = scale.low if course.at_least is None else course.at_least - 0.5
        top, bottom = scale.y(most), scale.y(least)
        place = {"x": percent(frame.begin), "width": percent(frame.end - frame.begin)}
        yield tag("rect", cls="ch-band", y=top, height=max(0.0, bottom - top), **place)
    for tick in scale.ticks:
        y = scale.y(tick)
        yield tag("line", cls="ch-grid", y1=y, y2=y, **frame.across)
        yield tag(
            "text",
            escape(words.number(tick)),
            cls="ch-text",
            x=percent(frame.begin),
            dx=-6,
            y=y + 4,
            text_anchor="end",
        )


def _limit_lines(frame: _Frame, course: Course) -> Iterable[str]:
    """Draw the limits over the ranges, so that it shows how much lies beyond them."""
    for edge in _limits(course):
        y = frame.scale.y(edge)
        yield tag("line", cls="ch-limit", y1=y, y2=y, **frame.across)


def _limits(course: Course) -> list[float]:
    """Return where the limits stand: halfway between two whole households."""
    shifted = ((course.at_least, -0.5), (course.at_most, 0.5))
    return [edge + shift for edge, shift in shifted if edge is not None]


def _standings(frame: _Frame, course: Course) -> Iterable[str]:
    """Draw each judgement upright; where a fan begins now, it stands for the last of them."""
    shown = len(course.moments) - bool(course.ahead)
    for moment, at in list(zip(course.moments, frame.past, strict=True))[:shown]:
        counted = moment.counted
        for kind, span in (("ch-wide", counted.wide), ("ch-likely", counted.likely)):
            top, bottom = frame.scale.y(span.high + 0.5), frame.scale.y(span.low - 0.5)
            yield tag(
                "rect",
                cls=kind,
                x=percent(at),
                transform="translate(-8)",
                y=round(top, 1),
                width=16,
                height=round(bottom - top, 1),
                rx=3,
            )
        y = round(frame.scale.y(counted.best), 1)
        yield tag("circle", cls="ch-best", cx=percent(at), cy=y, r=5, data_best=counted.best)


def _fans(frame: _Frame, course: Course) -> Iterable[str]:
    """Draw the wide and the likely range, and the line in the middle.

    Hatches do not stretch with the drawing: they fill rectangles that are cut out by a shape.
    """
    if not course.ahead:
        return
    # The drawing of the lines is stretched from 0 to 100 in both directions.
    place = {"x": percent(frame.now), "width": percent(frame.end - frame.now)}
    top, tall = frame.scale.top, frame.scale.bottom - frame.scale.top
    lines = []
    for kind in ("wide", "likely"):
        spans = [(each.months, getattr(each, kind)) for each in course.ahead]
        above = [_point(frame, months, span.high + 0.5) for months, span in spans]
        below = [_point(frame, months, span.low - 0.5) for months, span in spans]
        ring = [*above, *reversed(below)]
        name = f"cut-{blake2s(repr((kind, ring)).encode(), digest_size=5).hexdigest()}"
        yield _cut(name, ring)
        yield tag(
            "rect",
            cls=f"ch-{kind} ch-cut",
            y=top,
            height=tall,
            clip_path=f"url(#{name})",
            **place,
        )
        lines += [tag("polyline", cls=f"ch-{kind}-edge", points=_path(p)) for p in (above, below)]
    middle = [_point(frame, each.months, each.middle) for each in course.ahead]
    lines.append(tag("polyline", cls="ch-middle", points=_path(middle)))
    stretched = {"viewBox": "0 0 1 1", "preserveAspectRatio": "none"}
    yield tag("svg", "".join(lines), cls="ch-stretch", y=top, height=tall, **place, **stretched)


def _point(frame: _Frame, months: float, households: float) -> tuple[float, float]:
    """Return a place as parts of the plot ahead: 0 to 1 to the right and down."""
    scale = frame.scale
    down = (scale.y(households) - scale.top) / (scale.bottom - scale.top)
    return months / frame.months, down


def _path(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.4f},{y:.4f}" for x, y in points)


def _cut(name: str, ring: Sequence[tuple[float, float]]) -> str:
    shape = tag("polygon", points=_path(ring))
    return tag("clipPath", shape, id=name, clipPathUnits="objectBoundingBox")


def _now(frame: _Frame, course: Course) -> Iterable[str]:
    """Draw the line between what was and what may come."""
    if not course.ahead:
        return
    at, counted = percent(frame.now), course.moments[-1].counted
    yield tag("line", cls="ch-now", x1=at, x2=at, y1=4, y2=frame.scale.bottom + 4)
    y = round(frame.scale.y(counted.best), 1)
    yield tag("circle", cls="ch-best", cx=at, cy=y, r=6, data_best=counted.best)


def _times(frame: _Frame, course: Course) -> Iterable[str]:
    """Write the days under the drawing; those that stand close are left out on a phone."""
    named = list(zip(frame.past, (moment.label for moment in course.moments), strict=True))
    named += [(frame.at(each.months), each.label) for each in course.ahead if each.marked]
    free = [frame.now, max(at for at, _ in named)]
    for at, label in reversed(named):
        css = "ch-text-strong" if at == frame.now else "ch-text"
        if at not in free:
            tight = min(abs(at - other) for other in free) < ROOM
            css += " ch-between" if tight else ""
            free += [] if tight else [at]
        place = {"x": percent(at), "y": frame.scale.bottom + 22, "text_anchor": "middle"}
        yield tag("text", escape(label), cls=css, **place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """What is written at the right end: a number, and a word that a phone has no room for."""

    at: float
    css: str
    text: str
    short: str = ""
    word: str = ""

    @property
    def height(self) -> int:
        return 30 if self.word else 17


def _ends(frame: _Frame, course: Course, words: Words, *, small: bool) -> Iterable[str]:
    """Write what the limits and the ranges are, never over each other."""
    said = sorted(_said(course, words, small=small), key=lambda each: -each.at)
    wanted = [frame.scale.y(each.at) - 8 for each in said]
    heights = [each.height for each in said]
    tops = apart(wanted, heights, high=frame.scale.bottom + 10)
    for each, top in zip(said, tops, strict=True):
        place = {"x": percent(frame.end), "dx": 7, "y": round(top + 12, 1)}
        long = f"{each.css} ch-between" if each.short else each.css
        yield tag("text", escape(each.text), cls=long, **place)
        if each.short:
            yield tag("text", escape(each.short), cls=f"{each.css} ch-at-phone", **place)
        if each.word:
            under = place | {"y": round(top + 26, 1)}
            yield tag("text", escape(each.word), cls="ch-text ch-word ch-between", **under)


def _said(course: Course, words: Words, *, small: bool) -> Iterable[_End]:
    edges = ((course.at_least, -0.5, words.at_least), (course.at_most, 0.5, words.at_most))
    for value, shift, write in edges:
        if value is not None:
            at, short = value + shift, words.number(value)
            yield _End(at=at, css="ch-limit-text", text=write(value), short=short)
    for last in course.ahead[-1:]:
        strong = words.number(last.middle) if small else str(last.likely)
        word = "" if small else words.likely_word
        yield _End(at=last.middle, css="ch-text-strong", text=strong, word=word)
        if not small:
            at, word = last.wide.low, words.wide_word
            yield _End(at=at, css="ch-text", text=str(last.wide), word=word)


def _rows(course: Course, words: Words) -> Iterable[tuple[str, ...]]:
    for moment in course.moments:
        counted = moment.counted
        yield moment.label, str(counted.likely), str(counted.wide), words.number(counted.best)
    for each in course.ahead:
        if each.months:
            yield each.label, str(each.likely), str(each.wide), words.number(each.middle)
