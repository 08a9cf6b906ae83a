"""Which words belong to a chart? Gives `charts` its sentences, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from mixwijzer.web.ui import charts, formats
from mixwijzer.web.ui.charts import Chart, Counted, Mark, Meter, Moment, Part, Span, Words

__all__ = ["histogram", "history", "range_line", "shares", "value_meter"]


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


def history(moments: Sequence[Moment], what: str) -> Chart:
    """Draw what was judged over the years."""
    said = "; ".join(
        _("%(when)s: %(span)s")
        % {"when": moment.label, "span": formats.span_words(moment.counted.likely)}
        for moment in moments
    )
    return charts.past_ranges(
        moments,
        Words(
            title=_("%(what)s: what was judged over time") % {"what": what},
            description=said,
            at_most=_limit,
            at_least=_floor,
            heads=(_("When"), _("Likely"), _("9 times out of 10"), _("Most likely")),
        ),
    )


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


def _likely(span: Span) -> str:
    return _("likely %(span)s") % {"span": formats.span(span)}
