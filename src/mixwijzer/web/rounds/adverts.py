"""The text with a home in the letting portal: facts of the home, nothing about people.

It is in Dutch whatever language is read, as the portal is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from mixwijzer.web.ui import formats

__all__ = ["advert_of"]


def advert_of(
    *,
    rooms: int | None,
    rent: Decimal | None,
    floor: int | None,
    accessible: bool,
    free_from: date,
    label: str,
    most: int,
) -> str:
    """Return the text of a home: facts as far as they fit, then its label if that fits too."""
    told = ""
    with override("nl"):
        for fact in _facts(rooms, rent, floor, free_from, accessible=accessible):
            longer = f"{told}, {fact}" if told else capfirst(fact)
            if len(longer) + 1 <= most:
                told = longer
    text = f"{told}." if told else ""
    with_label = f"{text} {label}".strip()
    return with_label if len(with_label) <= most else text


def _facts(
    rooms: int | None,
    rent: Decimal | None,
    floor: int | None,
    free_from: date,
    *,
    accessible: bool,
) -> Iterator[str]:
    if rooms:
        yield formats.rooms(rooms)
    if floor is not None:
        yield _("ground floor") if floor == 0 else _("floor %(floor)d") % {"floor": floor}
    if accessible:
        yield _("without stairs")
    if rent:
        yield _("%(rent)s a month") % {"rent": formats.euro(rent)}
    yield _("free from %(day)s") % {"day": formats.day(free_from, "year")}
