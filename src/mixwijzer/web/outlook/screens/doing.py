"""What can be done now about where a complex is going? From the figures that are kept of it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.outlook.kept import Kept, Power
from mixwijzer.web.outlook.screens.figures import months_words
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_column
from mixwijzer.web.ui.components import ReasonLine

__all__ = ["doing"]

NARROW = 2  # households between the ends of today's range, from which on a new look pays


def doing(kept: Kept, told: Power) -> Iterator[ReasonLine]:
    """Yield what can be done now, the most telling first."""
    yield _steering(told, kept)
    yield from _looking(kept)
    if kept.ends and told.now.steered > told.after.steered:
        yield ReasonLine(
            tone="ask",
            title=_("Talk in time about what comes after the experiment."),
            text=_(
                "It ends on %(day)s. Then %(after)s of 100 vacancies may be steered, now %(now)s."
            )
            % {
                "day": formats.day(kept.ends, "year"),
                "after": formats.number(told.after.steered * 100),
                "now": formats.number(told.now.steered * 100),
            },
        )


def _steering(told: Power, kept: Kept) -> ReasonLine:
    months, side = told.now.months[1], told.now
    if not side.anywhere or months is None:
        return ReasonLine(
            tone="stop",
            title=_("Talk about the band, or about more room to steer."),
            text=_("With the vacancies that may be steered the band is not to be had or held."),
        )
    if months == 0:
        later = formats.of_hundred(side.in_band[1])
        return ReasonLine(
            tone="ok",
            title=_("Hold it: look at the advice at every vacancy."),
            text=_("Chance that it is in the band in 24 months, if you do: %(later)s.")
            % {"later": later},
        )
    return ReasonLine(tone="warn", title=_turning(side.vacancies[0]), text=_way(told, kept, months))


def _turning(least: float | None) -> str:
    vacancies = math.ceil((least or 0) - 0.5)
    if vacancies < 1:
        return _("Use every vacancy that may be steered.")
    return ngettext("Use the next vacancy.", "Use the next %(n)d vacancies.", vacancies) % {
        "n": vacancies
    }


def _way(told: Power, kept: Kept, months: int) -> str:
    """Say what changes most on the fastest way into the band."""
    path = told.now.path
    month, there = next((step for step in path if step[0] >= months), path[-1])
    change = [then - now for now, then in zip(told.mix, there, strict=True)]
    most = max(range(len(change)), key=lambda place: abs(change[place]))
    return _(
        "On the fastest way the share of %(name)s goes from %(now)s to %(then)s in %(n)d months. "
        "Until it is in the band: %(time)s."
    ) % {
        "name": category_column(kept.categories[most]),
        "now": formats.share(told.mix[most]),
        "then": formats.share(there[most]),
        "n": month,
        "time": months_words(told.now.months),
    }


def _looking(kept: Kept) -> Iterator[ReasonLine]:
    wide = [each for each in kept.limited if each.likely[0][1] - each.likely[0][0] >= NARROW]
    if not wide:
        return
    widest = max(wide, key=lambda each: each.likely[0][1] - each.likely[0][0])
    low, high = widest.likely[0]
    yield ReasonLine(
        tone="info",
        title=_("Let two people look again."),
        text=_(
            "Today's number of households (%(name)s) is likely %(low)d to %(high)d. A fresh "
            "judgement makes that narrower, and the years ahead with it."
        )
        % {"name": category_column(widest.category), "low": low, "high": high},
    )
