"""What stands around every page: menu, person, registration level, language?

The menu is a tuple of `Entry` named by the setting ``UI_MENU``; an entry whose page does not exist
yet is left out. Who is looking is asked of the function named by ``UI_SITUATION``, so this module
knows neither people nor organisations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from mixwijzer import __version__
from mixwijzer.web.ui.components import initials

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["Entry", "Level", "MenuItem", "Person", "Shell", "Situation", "shell"]


class Level(StrEnum):
    """What an organisation stores about sitting households; the first is the default."""

    JUDGEMENT = "judgement"
    AGREEMENT = "agreement"
    HOUSEHOLD = "household"


SEARCH = "desk:room-check"  # where the search box of every page leads

LEVEL_NAMES = {
    Level.JUDGEMENT: _("Registration level: judgement."),
    Level.AGREEMENT: _("Registration level: agreement."),
    Level.HOUSEHOLD: _("Registration level: household."),
}
LEVEL_MEANINGS = {
    Level.JUDGEMENT: _("No category of sitting tenants is kept here."),
    Level.AGREEMENT: _("Only roles that tenants agreed to themselves are kept here."),
    Level.HOUSEHOLD: _("A category of sitting tenants is kept here, with an end date."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the menu; `on_phone` is its short name in the bar of a phone, if it is there."""

    group: StrOrPromise
    url_name: str
    icon: str
    label: StrOrPromise
    on_phone: StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is logged in, as shown at the foot of the menu."""

    name: str
    role: str = ""

    @property
    def initials(self) -> str:
        """First letters of the first and the last word of the name."""
        return initials(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the rest of the application knows about this request.

    `allowed` holds the url names this person may open, None meaning all; `counts` the number behind
    a menu entry; `synthetic` that the data are made up. `data_of` says of which day the data are
    that this person works with; a page asks it only when it has no figures of its own.
    """

    person: Person | None = None
    level: Level = Level.JUDGEMENT
    synthetic: bool = False
    allowed: frozenset[str] | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    data_of: Callable[[], date | None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """A menu entry as this person sees it on this page."""

    entry: Entry
    href: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Everything `ui/base.html` draws around a page."""

    groups: tuple[tuple[StrOrPromise, tuple[MenuItem, ...]], ...]
    phone: tuple[MenuItem, ...]
    search: str
    logout: str
    situation: Situation
    engine_version: str = __version__

    @property
    def data_of(self) -> date | None:
        """Of which day the data are that somebody works with."""
        return self.situation.data_of()

    @property
    def level_name(self) -> str:
        """The registration level, as a short sentence."""
        return str(LEVEL_NAMES[self.situation.level])

    @property
    def level_meaning(self) -> str:
        """What that level keeps about sitting tenants."""
        return str(LEVEL_MEANINGS[self.situation.level])


def shell(request: HttpRequest) -> dict[str, object]:
    """Give every template the name `shell`; nothing is computed for a page that does not use it."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> Shell:
    situation = _situation(request)
    items = _items(request.path, situation)
    return Shell(
        groups=tuple(
            (group, tuple(members))
            for group, members in groupby(items, key=lambda item: item.entry.group)
        ),
        phone=tuple(item for item in items if item.entry.on_phone),
        search=_href(SEARCH) if _opens(SEARCH, situation) else "",
        logout=_href("accounts:log-out"),
        situation=situation,
    )


def _situation(request: HttpRequest) -> Situation:
    path = getattr(settings, "UI_SITUATION", "")
    if not path:
        return Situation(synthetic=settings.DEMO)
    ask: Callable[[HttpRequest], Situation] = import_string(path)
    return ask(request)


def _items(path: str, situation: Situation) -> list[MenuItem]:
    entries: tuple[Entry, ...] = import_string(settings.UI_MENU)
    shown = [
        (entry, href)
        for entry in entries
        if (href := _href(entry.url_name)) and _opens(entry.url_name, situation)
    ]
    current = _current(path, [href for entry, href in shown])
    return [
        MenuItem(
            entry=entry,
            href=href,
            count=situation.counts.get(entry.url_name, 0),
            current=href == current,
        )
        for entry, href in shown
    ]


def _opens(url_name: str, situation: Situation) -> bool:
    return situation.allowed is None or url_name in situation.allowed


def _href(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _current(path: str, hrefs: list[str]) -> str:
    """Return the entry this page lies under: the longest address that its own begins with."""
    under = [href for href in hrefs if path == href or (href != "/" and path.startswith(href))]
    return max(under, key=len, default="")
