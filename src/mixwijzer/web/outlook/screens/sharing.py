"""Whose part of each promise is whose, as the page draws it: the keys beside each other."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mixwijzer.web.agreements.selectors import ObligationLine
from mixwijzer.web.outlook.bridge import Division, Part
from mixwijzer.web.outlook.selectors import Laid, Shares
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable, Link, ReasonLine

__all__ = ["DivisionCard", "LaidLine", "SharesScreen", "TableForm", "shares_screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionCard:
    """One promise: everybody's part by every key, and what isn't known."""

    title: str
    about: str
    table: DataTable
    says: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidLine:
    """What lies on the table of whom, since when."""

    anchor: str
    title: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableForm:
    """What this reader can lay on the table of a municipality; `id` is None where it can't be."""

    id: uuid.UUID | None
    municipality: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesScreen:
    """Everything that the page draws."""

    divisions: tuple[DivisionCard, ...]
    waits: tuple[str, ...]
    alone: bool
    laid: tuple[LaidLine, ...]
    tables: tuple[TableForm, ...]
    method_href: str


def shares_screen(found: Shares) -> SharesScreen:
    """Turn divisions into what their page draws."""
    said = _Said(found)
    return SharesScreen(
        divisions=tuple(map(said.card, found.divisions)),
        waits=tuple(_waits(found)),
        alone=bool(found.own) and all(len(each.parts) == 1 for each in found.divisions),
        laid=tuple(map(_laid, found.laid)),
        tables=tuple(said.tables()),
        method_href=f"{reverse('desk:method')}#shares",
    )


def _waits(found: Shares) -> Iterator[str]:
    """Say of which homes nothing can be told now."""
    if found.computing:
        text = _("The homes of %(who)s are being counted. Look again in a few minutes.")
        yield text % {"who": ", ".join(found.computing)}
    if found.stuck:
        text = _("The homes of %(who)s can't be counted now; Feasibility says why.")
        yield text % {"who": ", ".join(found.stuck)}


def _laid(each: Laid) -> LaidLine:
    on = formats.day(each.at, "year")
    text = _("Laid there on %(day)s by %(by)s") if each.by else _("Laid there on %(day)s")
    return LaidLine(
        anchor=_anchor(each.association),
        title=f"{each.association} · {each.municipality}",
        about=text % {"day": on, "by": each.by},
    )


def _anchor(association: str) -> str:
    return f"laid-{slugify(association)}"


class _Said:
    """What was found, in the words of the page."""

    def __init__(self, found: Shares) -> None:
        self.found = found
        self.lines = {
            (line.group, line.unit, line.start, line.end, line.association): line
            for line in reversed(found.lines)  # of several the first
        }

    def card(self, each: Division) -> DivisionCard:
        several = len(each.parts) > 1
        columns = [Column(label=_("Association")), Column(label=_("Agreed"), numeric=True)]
        if several:
            columns += [
                Column(label=_("By homes in stock"), numeric=True),
                Column(label=_("By homes that come free and suit"), numeric=True),
            ]
        columns += [
            Column(label=_("Homes in stock"), numeric=True),
            Column(label=_("Of those come free and suit"), numeric=True),
        ]
        return DivisionCard(
            title=group_word(each.group),
            about=self._about(each, several=several),
            table=DataTable(
                caption=_("Everyone's part"),
                columns=tuple(columns),
                rows=tuple(self._row(each, part, several=several) for part in each.parts),
            ),
            says=tuple(self._says(each)) if several else (),
        )

    def _about(self, each: Division, *, several: bool) -> str:
        line = self._line(each, each.parts[0])
        text = _("%(start)s up to and including %(end)s")
        days = {"start": formats.day(line.start, "year"), "end": formats.day(line.last, "year")}
        total = f"{formats.number(each.total)} {_units(each.unit)}"
        together = _("%(total)s together") % {"total": total} if several else total
        return f"{together} · {text % days}"

    def _line(self, each: Division, part: Part) -> ObligationLine:
        """Return the promise behind what was agreed; of several the first."""
        return self.lines[each.group, each.unit, each.start, each.end, part.owner]

    def _row(self, each: Division, part: Part, *, several: bool) -> tuple[Link | str, ...]:
        keys = (part.by_stock, part.by_suitable) if several else ()
        method = f"{reverse('desk:method')}#shares"
        return (
            part.owner,
            self._agreed(each, part),
            *(_number(number, method) for number in keys),
            _number(part.stock, self._source(part.owner, "desk:complexes")),
            self._suitable(part),
        )

    def _agreed(self, each: Division, part: Part) -> Link:
        """Link to the promise on its own page."""
        href = f"{reverse('agreements:obligations')}#{self._line(each, part).anchor('promise')}"
        return Link(label=formats.number(part.agreed), href=href)

    def _suitable(self, part: Part) -> Link | str:
        if part.suitable is None:
            return "–"
        low, high = map(formats.number, part.suitable)
        label = low if low == high else f"{low}–{high}"
        return Link(label=label, href=self._source(part.owner, "letting:vacancies"))

    def _source(self, owner: str, page: str) -> str:
        """Return the page of the rows; of another's figures where it says since when they lie."""
        return reverse(page) if owner in self.found.own else f"#{_anchor(owner)}"

    def _says(self, each: Division) -> Iterator[ReasonLine]:
        silent = [part.owner for part in each.parts if part.stock is None]
        if silent:
            yield ReasonLine(
                tone="mute",
                title=_("Not to be divided by homes yet"),
                text=_("Did not lay their figures on the table yet: %(who)s.")
                % {"who": ", ".join(silent)},
            )
        elif each.parts[0].by_suitable is None:
            yield ReasonLine(
                tone="mute",
                title=_("Not to be divided by homes that come free and suit"),
                text=_("Of one of them too little is known yet, or no home suits."),
            )

    def tables(self) -> Iterator[TableForm]:
        for each in self.found.tables:
            text = _(
                "%(who)s reads your part of what was promised to it, and your homes beside it."
            )
            if not each.ready:
                text = _("The figures are being computed anew. Look again in a few minutes.")
            elif each.same:
                text = _("These figures lie there already.")
            yield TableForm(
                id=each.id if each.ready and not each.same else None,
                municipality=each.municipality,
                says=text % {"who": each.municipality},
            )


def _number(number: int | None, href: str) -> Link | str:
    return "–" if number is None else Link(label=formats.number(number), href=href)


def _units(unit: str) -> str:
    return {"persons": _("persons"), "households": _("households")}.get(unit, unit)
