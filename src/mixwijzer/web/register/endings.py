"""How is it told, before it happens, that norms end within a period that somebody agrees on?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.register.bridge import NormEnds, norms
from mixwijzer.web.register.screens import language
from mixwijzer.web.ui import formats

__all__ = ["EndingNotice", "ending_notice", "named", "titles"]


FEW = 3  # names that can be read in a line


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingDay:
    """The norms without a value from one day on, by name; `short` names the first few."""

    says: str
    names: tuple[str, ...]
    short: str

    @property
    def many(self) -> bool:
        """Whether they are too many to be read in a line."""
        return len(self.names) > FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingNotice:
    """Which norms end, from which day on, and the way out."""

    title: str
    days: tuple[EndingDay, ...]
    way_out: str

    @property
    def text(self) -> str:
        """All of it in short, as one text."""
        return " ".join([*(f"{each.says} {each.short}." for each in self.days), self.way_out])


def ending_notice(found: Sequence[NormEnds]) -> EndingNotice | None:
    """Say which norms have no value for the whole of a period; nothing where each has one."""
    if not found:
        return None
    title = ngettext(
        "%(n)d norm has no value for the whole of this period",
        "%(n)d norms have no value for the whole of this period",
        len(found),
    )
    return EndingNotice(
        title=title % {"n": len(found)},
        days=tuple(_day(day, list(ends)) for day, ends in groupby(found, key=lambda each: each.on)),
        way_out=_(
            "Have a new value laid down before then, with its source. Without one, what needs it "
            "refuses and says so; what was agreed and entered stays."
        ),
    )


def _day(day: date, ends: Sequence[NormEnds]) -> EndingDay:
    names = tuple(each.title[language()] for each in ends)
    short = ", ".join(names[:FEW])
    if len(names) > FEW:
        short = _("%(names)s and %(n)d more") % {"names": short, "n": len(names) - FEW}
    says = _("From %(day)s on without a value:") % {"day": formats.day(day, "year")}
    return EndingDay(says=says, names=names, short=short)


def titles(found: Sequence[NormEnds]) -> str:
    """Name norms, in the language of the page."""
    return ", ".join(each.title[language()] for each in found)


def named(keys: str) -> str:
    """Name norms by their keys, as a history keeps them; one that is gone by its key."""
    known = norms()
    found = (known[key].title[language()] if key in known.book else key for key in keys.split(", "))
    return ", ".join(found)
