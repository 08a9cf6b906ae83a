"""How is a number, a chance, a day or an amount written, in the language of the page?

Chances are said in words a counter would use: *9 op 10*, *bijna zeker*; a chance is never rounded
up, so .86 is *ruim 8 op 10*. Days carry their weekday, since people plan by it.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

__all__ = ["chance", "day", "euro", "free", "number", "of_hundred", "share", "span", "span_words"]

ALMOST_CERTAIN = 0.95
HARDLY = 0.05


class HasEnds(Protocol):
    """A range of whole numbers."""

    @property
    def low(self) -> int: ...
    @property
    def high(self) -> int: ...


def chance(probability: float) -> str:
    """Say a chance in tenths: "9 in 10", "well over 8 in 10", "almost certain"."""
    _refuse_impossible(probability)
    if probability >= ALMOST_CERTAIN:
        return _("almost certain")
    tenths = math.floor(probability * 10 + 1e-9)
    if tenths == 0:
        return _("less than 1 in 10")
    more = probability - tenths / 10 >= HARDLY - 1e-9
    text = _("well over %(tenths)d in 10") if more else _("%(tenths)d in 10")
    return text % {"tenths": tenths}


def of_hundred(probability: float) -> str:
    """Say a chance in hundredths: "91 out of 100"; the ends stay open."""
    _refuse_impossible(probability)
    hundredths = round(probability * 100)
    if probability > 0 and hundredths == 0:
        return _("less than 1 out of 100")
    if probability < 1 and hundredths == 100:
        return _("more than 99 out of 100")
    return _("%(hundredths)d out of 100") % {"hundredths": hundredths}


def _refuse_impossible(probability: float) -> None:
    if not 0 <= probability <= 1:
        raise ValueError(f"{probability} is not a chance between 0 and 1")


def day(value: date, style: str = "") -> str:
    """Write a day: "Wed 25 November"; a moment adds its time of the clock here.

    `style` is "short" (25 nov), "long" (Wednesday 25 November 2026), "year" (25 November 2026),
    "month" (nov 2026), or empty.
    """
    pattern = {
        "": pgettext("date format", "D j F"),
        "short": pgettext("date format", "j b"),
        "long": pgettext("date format", "l j F Y"),
        "year": pgettext("date format", "j F Y"),
        "month": pgettext("date format", "b Y"),
    }[style]
    if not isinstance(value, datetime) or style in {"short", "year", "month"}:
        return formats.date_format(_here(value), pattern).rstrip(".")
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    time = formats.date_format(moment, pgettext("time format", "H:i"))
    return _("%(day)s, %(time)s") % {"day": formats.date_format(moment, pattern), "time": time}


def _here(value: date) -> date:
    aware = isinstance(value, datetime) and timezone.is_aware(value)
    return timezone.localtime(value) if aware else value  # type: ignore[arg-type]


def free(value: date, style: str = "short") -> str:
    """Say since when, or from when, a home is free: "free since 1 nov", "free from 18 jan"."""
    said = day(value, style)
    if _here(value) <= timezone.localdate():
        return _("free since %(day)s") % {"day": said}
    return _("free from %(day)s") % {"day": said}


def number(value: float | Decimal, places: int = 0) -> str:
    """Write a number with the separators of the language: 2.412 or 2,412."""
    rounded = f"{value:.{places}f}"
    return formats.number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)


def euro(amount: float | Decimal) -> str:
    """Write an amount; whole euros without cents."""
    whole = float(amount).is_integer()
    return _("€%(amount)s") % {"amount": number(amount, 0 if whole else 2)}


def rooms(count: int | None) -> str:
    """Say how many rooms a home has; nothing where that isn't known."""
    return ngettext("%(n)d room", "%(n)d rooms", count) % {"n": count} if count else ""


def share(value: float, places: int = 0) -> str:
    """Write a share between 0 and 1 as a percentage."""
    return _("%(number)s%%") % {"number": number(value * 100, places)}


def distance(metres: float) -> str:
    """Write a distance: whole tens of metres, from a kilometre on in kilometres."""
    if metres < 1000:
        return _("%(number)s m") % {"number": number(round(metres, -1))}
    return _("%(number)s km") % {"number": number(metres / 1000, 1)}


def span(value: HasEnds) -> str:
    """Write a range with a dash: 11–14."""
    if value.low == value.high:
        return number(value.low)
    return f"{number(value.low)}–{number(value.high)}"


def span_words(value: HasEnds) -> str:
    """Write a range in words, for a sentence: "11 to 14"."""
    if value.low == value.high:
        return number(value.low)
    return _("%(low)s to %(high)s") % {"low": number(value.low), "high": number(value.high)}
