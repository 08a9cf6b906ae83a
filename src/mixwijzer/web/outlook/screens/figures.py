"""Six figures of steering power in words, each with how it is computed; one truth for each.

Every sentence is about homes and mixes, never about a person. Where only judgements exist a figure
is two numbers: how often homes come free is counted, how often neighbours change is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.outlook.kept import Kept, Months, Power, Side
from mixwijzer.web.ui import formats

__all__ = ["Told", "half_life", "months_words", "six", "span", "vacancies"]

CLOSE = 0.05  # two shares that differ less are said as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One figure: the number, what it is, what it means, and how it is computed."""

    value: str
    what: str
    title: str
    text: str
    method: str


def six(kept: Kept, power_: Power) -> tuple[Told, ...]:
    """Return the six figures of one complex."""
    return (
        power(power_),
        holdable(power_.now),
        turn(power_.now),
        vacancies(power_.now),
        in_band(power_.now),
        borrowed(kept, power_),
    )


def span(low: float, high: float, places: int = 1) -> str:
    """Write two numbers with a dash, or one where they read alike."""
    ends = formats.number(low, places), formats.number(high, places)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"


def power(told: Power) -> Told:
    """Say which part of what changes is decided by who steers."""
    low, high = told.powers[0], told.powers[2]
    few, many = math.floor(low * 10 + 0.5), math.floor(high * 10 + 0.5)
    reach = {"low": formats.share(told.reach[0]), "high": formats.share(told.reach[1])}
    if few == many:
        title = ngettext(
            "Of every 10 changes you decide %(n)d yourself.",
            "Of every 10 changes you decide %(n)d yourself.",
            few,
        ) % {"n": few}
    else:
        title = _("Of every 10 changes you decide %(few)d to %(many)d yourself.") % {
            "few": few,
            "many": many,
        }
    return Told(
        value=span(low, high),
        what=_("steering power"),
        title=title,
        text=_(
            "The rest is life: neighbours get busier or quieter. If you steer every vacancy that "
            "you may steer, you can hold the share for good at any number from %(low)s to %(high)s."
        )
        % reach,
        method=_(
            "How often homes come free, divided by that plus how often neighbours change. The "
            "first is counted; the second is not, hence two numbers."
        ),
    )


def half_life(told: Power) -> Told:
    """Say how long a choice of now works on."""
    low, high = told.half_lives
    return Told(
        value=_("%(span)s years") % {"span": span(low, high)},
        what=_("half of it still works"),
        title=_("A choice of now works on for long."),
        text=_("After %(span)s years half of its effect is still there.")
        % {"span": span(low, high)},
        method=_("The time in which moving and changing wear off half of a difference."),
    )


def holdable(side: Side) -> Told:
    """Say whether the band can be held."""
    if side.everywhere:
        value, title = _("Yes"), _("The band can be held.")
        text = _("From every mix in the band there is a choice that keeps it in, on average.")
        if side.margin is not None:
            text += " " + _("There is %(margin)s of room to spare on every side.") % {
                "margin": formats.share(side.margin, 1)
            }
    elif side.anywhere:
        value, title = _("Partly"), _("The band can be held from some mixes only.")
        text = _("At the edge of the band neighbours change faster than homes come free.")
    else:
        value, title = _("No"), _("The band cannot be held.")
        text = _(
            "Whatever you choose, the mix leaves the band in the end. A wider band or more room to "
            "steer is needed; both are agreements."
        )
    return Told(
        value=value,
        what=_("to be held"),
        title=title,
        text=text,
        method=_("At every corner of the band we look for an intake that keeps the mean mix in."),
    )


def months_words(months: Months) -> str:
    """Say how long it takes."""
    likely = months[1]
    if likely is None:
        return _("not within 20 years")
    if likely == 0:
        return _("now")
    return ngettext("%(n)d month", "%(n)d months", likely) % {"n": likely}


def turn(side: Side) -> Told:
    """Say how long it takes to come into the band."""
    low, likely, high = side.months
    if likely == 0:
        title, text = _("The mean mix is in the band now."), ""
    elif likely is None:
        title = _("The band is out of reach.")
        text = _("Not even when every vacancy that may be steered goes the right way.")
    else:
        title = _("Then the mean mix can be in the band.")
        text = _("If every vacancy that may be steered goes the right way.")
    if low != high:
        told = months_words((None, high, None))
        text += " " + _("By what is sure of the rates: from %(low)s to %(high)s.") % {
            "low": months_words((None, low, None)),
            "high": told,
        }
    if side.unsteered is None and likely:
        text += " " + _("Without steering it does not come there by itself.")
    elif side.unsteered and likely is not None and side.unsteered > likely:
        text += " " + _("Without steering: %(months)s.") % {
            "months": months_words((None, side.unsteered, None))
        }
    return Told(
        value=months_words(side.months),
        what=_("to the band"),
        title=title,
        text=text.strip(),
        method=_("The fastest way into the band, month by month, of the mean mix."),
    )


def vacancies(side: Side) -> Told:
    """Say how many vacancies it takes."""
    least, most = side.vacancies
    if least is None:
        value, title = "–", _("No number of vacancies brings it there.")
    else:
        low, high = math.ceil(least - 0.5), math.ceil((most or least) - 0.5)
        value = str(low) if low == high else f"{low}–{high}"
        title = (
            _("No vacancy is needed to come there.")
            if high == 0
            else _("So many vacancies decide it.")
        )
        if most is None:
            value = _("%(n)d or more") % {"n": low}
    return Told(
        value=value,
        what=_("vacancies needed"),
        title=title,
        text=_("Counted on the fastest way; the first ones weigh most.") if least else "",
        method=_("All vacancies that come free on the fastest way into the band."),
    )


def in_band(side: Side) -> Told:
    """Say how probable it is that the band holds."""
    low, likely, high = side.stay
    later = formats.of_hundred(side.in_band[1])
    text = _("In 24 months that is %(later)s.") % {"later": later}
    if likely is not None:
        told = formats.of_hundred(likely)
        if low is not None and high is not None and high - low >= CLOSE:
            told = _("%(low)s to %(high)s") % {
                "low": formats.of_hundred(low),
                "high": formats.of_hundred(high),
            }
        text += " " + _("Never out of it for twelve months: %(chance)s.") % {"chance": told}
    return Told(
        value=formats.of_hundred(side.in_band[0]),
        what=_("chance in 12 months"),
        title=_("Chance that every limit holds, if you go on steering."),
        text=text,
        method=_(
            "The chances of every possible mix of whole households, month by month, from the range "
            "of today on; at each vacancy the choice that leaves the fewest households out of band."
        ),
    )


def borrowed(kept: Kept, told: Power) -> Told:
    """Say what is left when the experiment ends."""
    now, left = told.powers[1], told.left
    if told.now.steered <= told.after.steered:
        return Told(
            value=_("Own"),
            what=_("no experiment"),
            title=_("This power rests on the ordinary rules."),
            text=_("Of 100 vacancies %(n)d may be steered. Nothing of it ends on a day.")
            % {"n": round(told.now.steered * 100)},
            method=_("No way of letting rests on an experiment clause today."),
        )
    ends = formats.day(kept.ends, "year") if kept.ends else ""
    part = 1 - left / now if now else 0.0
    return Told(
        value=formats.share(part),
        what=_("borrowed, until %(day)s") % {"day": ends} if ends else _("borrowed"),
        title=_("Most of the room comes from the experiment."),
        text=_(
            "When it ends, %(n)d of 100 vacancies may still be steered. Of the steering power of "
            "%(now)s, %(left)s is left."
        )
        % {
            "n": round(told.after.steered * 100),
            "now": formats.number(now, 2),
            "left": formats.number(left, 2),
        },
        method=_("The same figures once more, with the room that the ordinary rules leave."),
    )
