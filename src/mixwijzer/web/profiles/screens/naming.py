"""Names of places, figures and periods, as every page of profiles says them."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.profiles.content import Place
from mixwijzer.web.profiles.words import (
    SETTERS,
)
from mixwijzer.web.ui import formats

__all__ = ["figure", "period", "place_href", "place_name"]


def place_href(place: Place, complex_id: object = None) -> str:
    """Return the address of the profile of a place."""
    if place.kind == "complex" and complex_id:
        return reverse("profiles:complex", args=[complex_id])
    return f"{reverse('profiles:place')}?kind={place.kind}&code={place.code}"


def place_name(place: Place) -> str:
    """Name a place with its kind, for a list in which kinds are mixed."""
    if place.kind == "organisation":
        return str(SETTERS["organisation"])
    return f"{place.name} ({SETTERS[place.kind]})"


def figure(part: str, value: int) -> str:
    if part == "cap":
        return ngettext("%(n)d household", "%(n)d households", value) % {"n": value}
    return formats.share(value / 10_000, 0 if value % 100 == 0 else 2)


def period(start: date | None, end: date | None) -> str:
    if start is None:
        return "–"
    if end is None:
        return _("from %(day)s") % {"day": formats.day(start, "year")}
    return _("from %(day)s until %(end)s") % {
        "day": formats.day(start, "year"),
        "end": formats.day(end, "year"),
    }
