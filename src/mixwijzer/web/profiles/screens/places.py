"""The list of profiles, and the profile of one place, as their pages draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from mixwijzer.web.profiles.content import GOVERNED
from mixwijzer.web.profiles.screens.naming import figure, period, place_href, place_name
from mixwijzer.web.profiles.selectors import (
    ListPage,
    PlacePage,
    ValueLine,
    VersionLine,
)
from mixwijzer.web.profiles.selectors.pages import SetBy
from mixwijzer.web.profiles.transitions import State
from mixwijzer.web.profiles.words import (
    KINDS,
    PARTS,
    SETTERS,
)
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_name
from mixwijzer.web.ui.components import (
    Column,
    Crumb,
    DataTable,
    Link,
    Stamp,
)

__all__ = ["PlaceScreen", "list_tables", "place_screen"]


def list_tables(pages: Sequence[ListPage]) -> list[tuple[str, DataTable, DataTable | None]]:
    """Return, per association, all places and the versions on their way."""
    return [(page.association, _places(page), _on_their_way(page.on_their_way)) for page in pages]


def _places(page: ListPage) -> DataTable:
    """List every place; where no place has a profile there is none to inherit."""
    without = _("inherited") if any(each.own for each in page.lines) else _("none yet")
    return DataTable(
        caption=_("Profiles of %(who)s") % {"who": page.association},
        columns=(
            Column(label=_("Place")),
            Column(label=_("Kind")),
            Column(label=_("Profile")),
            Column(label=_("On its way")),
        ),
        rows=tuple(
            (
                Link(label=each.place.name, href=place_href(each.place, each.complex)),
                str(SETTERS[each.place.kind]),
                _("its own") if each.own else without,
                Link(
                    label=str(State(each.open.state).label),
                    href=reverse("profiles:version", args=[each.open.id]),
                )
                if each.open
                else "–",
            )
            for each in page.lines
        ),
    )


def _on_their_way(lines: Sequence[VersionLine]) -> DataTable | None:
    if not lines:
        return None
    return DataTable(
        caption=_("On their way"),
        columns=(
            Column(label=_("Profile")),
            Column(label=_("Stands at")),
            Column(label=_("Written by")),
            Column(label=_("Answer before")),
        ),
        rows=tuple(
            (
                Link(
                    label=f"{place_name(each.place)}, {_('version')} {each.number}",
                    href=reverse("profiles:version", args=[each.id]),
                ),
                str(State(each.state).label),
                each.author,
                formats.day(each.due, "year") if each.due and each.state == State.ASKED else "–",
            )
            for each in lines
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceScreen:
    """Everything that the profile of a place draws."""

    crumbs: tuple[Crumb, ...]
    title: str
    about: str
    tables: tuple[DataTable, ...]
    open: VersionLine | None
    open_says: str
    history: DataTable | None
    stamp: Stamp | None


def place_screen(page: PlacePage) -> PlaceScreen:
    """Turn the profile of a place into what its page draws."""
    title = place_name(page.place)
    tables = [_values(kind, page.values) for kind in GOVERNED[page.place.kind]]
    return PlaceScreen(
        crumbs=(
            Crumb(label=_("Profiles"), href=reverse("profiles:list")),
            Crumb(label=page.place.name),
        ),
        title=title[:1].upper() + title[1:],
        about=page.association,
        tables=tuple(each for each in tables if each.rows),
        open=page.open,
        open_says=str(State(page.open.state).label) if page.open else "",
        history=_history(page.history),
        stamp=_stamp(page.data_date),
    )


def _stamp(day: date | None) -> Stamp | None:
    return Stamp(data_of=day, method_href=reverse("desk:method")) if day else None


def _values(kind: str, values: Sequence[ValueLine]) -> DataTable:
    """List the values that count in places of one kind, with their origin."""
    mine = [each for each in values if each.for_kind == kind]
    return DataTable(
        caption=str(KINDS[kind]).capitalize(),
        caption_shown=True,
        columns=(
            Column(label=_("Who")),
            Column(label=_("Value")),
            Column(label=_("Set by")),
            Column(label=_("Holds")),
            Column(label=_("Otherwise it would be")),
        ),
        rows=tuple(
            (
                category_name(each.category),
                f"{PARTS[each.part]} {figure(each.part, each.value)}"
                if each.part != "hard"
                else str(PARTS["hard"]),
                _setter(each.set_by),
                period(each.set_by.start, each.set_by.end),
                _otherwise(each),
            )
            for each in mine
        ),
    )


def _setter(origin: SetBy) -> Link | str:
    said = place_name(origin.place)
    if origin.by:
        said = _("%(place)s, adopted by %(who)s") % {"place": said, "who": origin.by}
    if origin.version:
        return Link(label=said, href=reverse("profiles:version", args=[origin.version]))
    return said


def _otherwise(each: ValueLine) -> str:
    if each.otherwise is None or each.otherwise_by is None:
        return _("nothing set")
    said = figure(each.part, each.otherwise) if each.part != "hard" else str(PARTS["hard"])
    return f"{said} ({place_name(each.otherwise_by.place)})"


def _history(lines: Sequence[VersionLine]) -> DataTable | None:
    if not lines:
        return None
    return DataTable(
        caption=_("Earlier versions"),
        columns=(
            Column(label=_("Version")),
            Column(label=_("Stands at")),
            Column(label=_("Holds")),
            Column(label=_("Written by")),
        ),
        rows=tuple(
            (
                Link(
                    label=f"{_('version')} {each.number}",
                    href=reverse("profiles:version", args=[each.id]),
                ),
                str(State(each.state).label),
                period(each.start, each.ends),
                each.author,
            )
            for each in lines
        ),
    )
