"""Which words belong to a chart? Gives `charts` its sentences, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from mixwijzer.web.ui import charts, formats
from mixwijzer.web.ui.charts import (
    Chart,
    Counted,
    Course,
    Difference,
    Field,
    FieldWords,
    Mark,
    Meter,
    Part,
    Reach,
    Span,
    Words,
)

__all__ = [
    "difference_line",
    "fan",
    "histogram",
    "range_line",
    "reach_line",
    "shares",
    "small_fan",
    "triangle",
    "value_meter",
]


def histogram(counted: Counted, what: str) -> Chart:
    """Draw how likely each number of households is; `what` names them, as in a heading."""
    return charts.account_histogram(
        counted,
        Words(
            title=_("%(what)s: how likely is each number of households?") % {"what": what},
            description=_says(counted),
            at_most=_limit,
            at_least=_floor,
            likely=_likely,
            chance=formats.of_hundred,
            heads=(_("Households"), _("Chance")),
        ),
    )


def range_line(
    counted: Counted, what: str, *, axis: Span | None = None, compact: bool = False
) -> Chart:
    """Draw a range on one line against its limit."""
    return charts.range_bar(
        counted,
        Words(
            title=_("%(what)s: %(says)s") % {"what": what, "says": _says(counted)},
            description="",
            at_most=_up_to,
            at_least=_from,
            heads=(_("Likely"), _("9 times out of 10"), _("Most likely"), _("Agreed")),
        ),
        axis=axis,
        compact=compact,
    )


def fan(course: Course, what: str, *, axis: Span | None = None) -> Chart:
    """Draw what was judged over the years, and what may be expected, in households."""
    told = [(moment.label, moment.counted.likely) for moment in course.moments]
    told += [(each.label, each.likely) for each in course.ahead if each.marked]
    said = [
        _("%(when)s: %(span)s") % {"when": when, "span": formats.span_words(span)}
        for when, span in told
    ]
    title = _("%(what)s: what was judged over time")
    if course.ahead:
        title = _("%(what)s: what was judged, and what may be expected")
    words = Words(
        title=title % {"what": what},
        description="; ".join(said),
        at_most=_limit,
        at_least=_floor,
        number=lambda value: formats.number(value, 0 if float(value).is_integer() else 1),
        likely_word=_("likely"),
        wide_word=_("9 in 10"),
        heads=(_("When"), _("Likely"), _("9 times out of 10"), _("In the middle")),
    )
    return charts.fan(course, words, axis=axis)


def small_fan(course: Course, what: str, axis: Span) -> Chart:
    """Draw what may be expected of a share, in whole percents, on an axis shared with others."""
    last = course.ahead[-1]
    words = Words(
        title=_("%(what)s: %(says)s") % {"what": what, "says": _percent(last.middle)},
        description="",
        number=_percent,
        heads=(_("When"), _("Likely"), _("9 times out of 10"), _("In the middle")),
    )
    return charts.fan(course, words, axis=axis, height=180, small=True)


def triangle(field: Field, corners: Sequence[str], what: str) -> Chart:
    """Draw which mixes can be held; `corners` name the top, the left and the right one."""
    top, left, right = (_("more %(kind)s") % {"kind": corner} for corner in corners)
    here = ", ".join(
        f"{corner} {formats.share(share)}"
        for corner, share in zip(corners, field.path[0].mix, strict=True)
    )
    words = Words(
        title=_("%(what)s: which mixes can be held?") % {"what": what},
        description=_("Now: %(mix)s. The way ahead is in the table.") % {"mix": here},
        share=formats.share,
        heads=(_("When"), *corners),
    )
    said = FieldWords(
        corners=(top, left, right),
        target=_("target"),
        overview=_("the whole; outlined:; this part"),
        least=_("Can be held: least"),
        most=_("Can be held: most"),
    )
    return charts.triangle(field, words, said)


def reach_line(reach: Reach, what: str) -> Chart:
    """Draw which shares of one category can be held, now and when the experiment has ended."""
    ends = {"low": formats.share(reach.low), "high": formats.share(reach.high)}
    says = _("can be held from %(low)s to %(high)s") % ends
    heads = (_("Now"), _("Can be held"), *((_("After the experiment"),) if reach.after else ()))
    words = Words(
        title=_("%(what)s: %(says)s") % {"what": what, "says": says},
        description="",
        share=formats.share,
        heads=heads,
    )
    return charts.reach_bar(reach, words)


def difference_line(difference: Difference, what: str, says: str, places: int = 0) -> Chart:
    """Draw how much more or less something is; `says` is the difference in words."""
    heads = (_("Difference"), *((_("At least"), _("At most")) if difference.sure else ()))
    words = Words(
        title=_("%(what)s: %(says)s") % {"what": what, "says": says},
        description="",
        number=lambda value: formats.number(value, places),
        heads=heads,
    )
    return charts.difference_bar(difference, words)


def value_meter(
    what: str,
    value: float,
    full: float = 1.0,
    *,
    start: float = 0.0,
    expected: tuple[float, float] | None = None,
    marks: Sequence[tuple[float, str]] = (),
) -> Chart:
    """Draw how far a share is, with what is expected and the norms it is held against."""
    measure = Meter(
        value=value,
        full=full,
        start=start,
        expected=expected,
        marks=tuple(Mark(at=at, text=text) for at, text in marks),
    )
    said = [_("%(what)s: %(share)s") % {"what": what, "share": formats.share(value, 1)}]
    if expected:
        ends = {"low": formats.share(expected[0], 1), "high": formats.share(expected[1], 1)}
        said.append(_("expected %(low)s to %(high)s") % ends)
    said += [_("norm %(norm)s") % {"norm": mark.text} for mark in measure.marks]
    words = Words(
        title=", ".join(said),
        description="",
        share=lambda part: formats.share(part, 1),
        heads=(_("So far"), _("Expected")),
    )
    return charts.meter(measure, words)


def shares(parts: Sequence[Part], what: str) -> Chart:
    """Draw the parts of a whole side by side."""
    said = ", ".join(f"{part.label} {formats.share(part.share)}" for part in parts)
    words = Words(
        title=_("%(what)s: %(says)s") % {"what": what, "says": said},
        description="",
        share=formats.share,
        heads=(_("Part"), _("Share")),
    )
    return charts.share_bar(parts, words)


def _says(counted: Counted) -> str:
    """Say a range in one sentence: the likely one, the best guess, the wide one, the limits."""
    parts = [
        _("likely %(span)s households, most likely %(best)d; 9 times out of 10 %(wide)s")
        % {
            "span": formats.span_words(counted.likely),
            "best": counted.best,
            "wide": formats.span_words(counted.wide),
        }
    ]
    if counted.at_most is not None:
        parts.append(
            _("the limit is %(limit)d of %(homes)d")
            % {"limit": counted.at_most, "homes": counted.homes}
        )
    if counted.at_least is not None:
        parts.append(
            _("agreed is at least %(limit)d of %(homes)d")
            % {"limit": counted.at_least, "homes": counted.homes}
        )
    return "; ".join(parts)


def _limit(households: int) -> str:
    return _("limit %(households)d") % {"households": households}


def _floor(households: int) -> str:
    return _("at least %(households)d") % {"households": households}


def _up_to(households: int) -> str:
    return _("up to %(households)d") % {"households": households}


def _from(households: int) -> str:
    return _("from %(households)d") % {"households": households}


def _percent(value: float) -> str:
    return formats.share(value / 100)


def _likely(span: Span) -> str:
    return _("likely %(span)s") % {"span": formats.span(span)}
