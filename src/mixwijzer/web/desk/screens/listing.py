"""The list of complexes with its filters and its order, as its page draws it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.desk.selectors import ComplexList, ComplexListLine, Wanted
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable, Link

__all__ = ["ListScreen", "list_screen"]

LARGEST_FIRST = frozenset({"homes", "open", "judged"})  # what a first click orders downwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a select."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScreen:
    """Everything that the list of complexes draws."""

    text: str
    mine: bool
    magic_mix: bool
    areas: tuple[Option, ...]
    rooms: tuple[Option, ...]
    sorts: tuple[Option, ...]
    sees_room: bool
    broad: bool
    filtered: bool
    table: DataTable | None
    count: str
    total: int
    before: str
    after: str
    page: str


def list_screen(found: ComplexList, wanted: Wanted) -> ListScreen:
    """Turn a list into what its page draws."""
    return ListScreen(
        text=wanted.text,
        mine=wanted.mine,
        magic_mix=wanted.magic_mix,
        areas=tuple(
            Option(value=code, label=name, chosen=code == wanted.area) for code, name in found.areas
        ),
        rooms=tuple(
            Option(value=key, label=word, chosen=key == wanted.room)
            for key, word in _room_words().items()
        )
        if found.sees_room
        else (),
        sorts=tuple(
            Option(value=value, label=word, chosen=value == _sorted(wanted))
            for value, word in _sort_words().items()
        ),
        sees_room=found.sees_room,
        broad=found.broad,
        filtered=bool(wanted.text or wanted.area or wanted.mine or wanted.magic_mix or wanted.room),
        table=_table(found, wanted) if found.lines else None,
        count=ngettext("%(n)s complex", "%(n)s complexes", found.total)
        % {"n": formats.number(found.total)},
        total=found.total,
        before=_href(wanted, page=found.page - 1) if found.page > 1 else "",
        after=_href(wanted, page=found.page + 1) if found.page < found.pages else "",
        page=_("page %(page)d of %(pages)d") % {"page": found.page, "pages": found.pages}
        if found.pages > 1
        else "",
    )


def _room_words() -> dict[str, str]:
    return {
        "room": _("one more fits"),
        "ask_first": _("ask first"),
        "no_room": _("one more does not fit"),
    }


def _sort_words() -> dict[str, str]:
    return {
        "name": _("name"),
        "area": _("neighbourhood"),
        "-homes": _("most homes first"),
        "-open": _("most open vacancies first"),
        "judged": _("longest ago estimated first"),
    }


def _sorted(wanted: Wanted) -> str:
    return f"-{wanted.sort}" if wanted.descending else wanted.sort


def _href(wanted: Wanted, **changed: object) -> str:
    """Return the address of the same list with something changed."""
    given = {
        "q": wanted.text,
        "area": wanted.area,
        "mine": "1" if wanted.mine else "",
        "mix": "1" if wanted.magic_mix else "",
        "room": wanted.room,
        "sort": _sorted(wanted),
        **{name: str(value) for name, value in changed.items()},
    }
    told = {name: value for name, value in given.items() if value}
    return f"{reverse('desk:complexes')}?{urlencode(told)}"


def _column(label: str, key: str, wanted: Wanted, *, numeric: bool = False) -> Column:
    current = wanted.sort == key
    down = not wanted.descending if current else key in LARGEST_FIRST
    order = "descending" if wanted.descending else "ascending"
    return Column(
        label=label,
        numeric=numeric,
        href=_href(wanted, sort=f"-{key}" if down else key),
        sorted_by=order if current else "",
    )


def _table(found: ComplexList, wanted: Wanted) -> DataTable:
    room = (Column(label=_("Fits one more with some extra attention?")),) if found.sees_room else ()
    return DataTable(
        caption=_("Complexes"),
        columns=(
            _column(_("Complex"), "name", wanted),
            _column(_("Neighbourhood"), "area", wanted),
            _column(_("Homes"), "homes", wanted, numeric=True),
            _column(_("Open vacancies"), "open", wanted, numeric=True),
            _column(_("Last estimate"), "judged", wanted),
            Column(label=_("Mark")),
            *room,
        ),
        rows=tuple(
            (
                Link(label=line.name, href=reverse("desk:complex", args=[line.id])),
                line.neighbourhood or "–",
                formats.number(line.homes),
                str(line.open_vacancies or "–"),
                formats.day(line.judged_on, "year") if line.judged_on else _("not yet"),
                _marks(line),
                *((_room(found, line),) if found.sees_room else ()),
            )
            for line in found.lines
        ),
    )


def _marks(line: ComplexListLine) -> str:
    marks = [_("yours")] if line.mine else []
    marks += [_("magic mix")] if line.magic_mix else []
    return ", ".join(marks) or "–"


def _room(found: ComplexList, line: ComplexListLine) -> str:
    if line.asked:
        return _("first your own view")
    told = found.rooms.get(line.id)
    if told is None:
        return "–"
    key, chance = told
    word = {"room": _("probably"), "ask_first": _("ask first"), "no_room": _("no")}[key]
    return _("%(word)s (%(chance)s)") % {"word": word, "chance": formats.chance(chance)}
