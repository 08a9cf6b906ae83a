"""What does a reader see of a promise? Turns what selectors found into the kit's components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.agreements.selectors.board import (
    BoardLine,
    ClauseBehind,
    CountedLetting,
    ObligationLine,
)
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.register.endings import ending_notice
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable, Figure, Link, ReasonLine

__all__ = ["BoardScreen", "PromiseCard", "board_screen"]

LIKELIER = 0.5  # from this chance on it is likelier met than not


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCard:
    """One promise: its figures, how it goes, what is expected, and the lettings behind it.

    `more` is where the page that weighs all promises says what one more would cost.
    """

    title: str
    about: str
    anchor: str
    clause: Link | None
    card: str
    words: str
    more: str
    figures: tuple[Figure, ...]
    done: float
    coming: tuple[float, float]
    even: tuple[tuple[float, str], ...]
    says: tuple[ReasonLine, ...]
    lettings: DataTable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardScreen:
    """Everything that the board draws."""

    promises: tuple[PromiseCard, ...]
    method_href: str


def board_screen(lines: Sequence[BoardLine]) -> BoardScreen:
    """Turn promises into what their page draws."""
    return BoardScreen(
        promises=tuple(map(_card, lines)),
        method_href=reverse("desk:method"),
    )


def _card(found: BoardLine) -> PromiseCard:
    line = found.line
    done, coming, even = line.parts
    return PromiseCard(
        title=group_word(line.group),
        about=_about(found),
        anchor=line.anchor("lettings"),
        more=line.anchor("more") if found.own else "",
        clause=_clause(found.clause),
        card=line.anchor("promise"),
        words=found.clause.words if found.clause else "",
        figures=_figures(found),
        done=done,
        coming=(done, coming),
        even=((even, _("even pace")),),
        says=(_pace(line), *_expected(found), *_unknown(line), *_ending(found)),
        lettings=_lettings(found.lettings) if found.own else None,
    )


def _clause(behind: ClauseBehind | None) -> Link | None:
    if behind is None:
        return None
    label = _("%(title)s, clause %(n)d") % {"title": behind.title, "n": behind.number}
    href = reverse("agreements:agreement", args=[behind.agreement])
    return Link(label=label, href=f"{href}#clause-{behind.number}")


def _about(found: BoardLine) -> str:
    line = found.line
    period = _("%(start)s up to and including %(end)s") % {
        "start": formats.day(line.start, "year"),
        "end": formats.day(line.last, "year"),
    }
    parties = [line.association, found.counterparty]
    return " · ".join(filter(None, [line.code, *parties, period]))


def _figures(found: BoardLine) -> tuple[Figure, ...]:
    line = found.line
    rows = f"#{line.anchor('lettings')}" if found.own and found.lettings else ""
    carried = _("of which %(n)s carried over") % {"n": formats.number(line.carried)}

    def figure(icon: str, label: str, value: int, note: str = "", href: str = "") -> Figure:
        told = formats.number(value)
        return Figure(icon=icon, label=label, value=told, unit=_unit(line), note=note, href=href)

    return (
        figure("target", _("Agreed"), line.owed, carried if line.carried else ""),
        figure("key-round", _("Done"), line.realised, href=rows),
        figure("clock", _("Under way"), line.under_way, href=rows),
        figure("door-open", _("Still to do"), line.remaining),
    )


def _unit(line: ObligationLine) -> str:
    return {"persons": _("persons"), "households": _("households")}.get(line.unit, line.unit)


def _pace(line: ObligationLine) -> ReasonLine:
    """Say how it goes against an even pace; what is under way counts, since it was promised."""
    due, there = round(line.pace), line.realised + line.under_way
    facts = {"due": formats.number(due), "there": formats.number(there)}
    text = _("At an even pace it would be %(due)s by now; with what is under way it is %(there)s.")
    if not line.remaining:
        return ReasonLine(tone="ok", title=_("Met, with what is under way"), text=text % facts)
    if line.behind <= 0:
        return ReasonLine(tone="ok", title=_("On pace"), text=text % facts)
    title = _("%(n)s behind") % {"n": formats.number(line.behind)}
    return ReasonLine(tone="warn", title=title, text=text % facts)


def _expected(found: BoardLine) -> tuple[ReasonLine, ...]:
    """Say what the rest of the period brings; nothing to who has no part in the association."""
    if not found.own or not found.line.remaining:
        return ()
    told = found.expected
    if told is None:
        title = _("Not to be said yet whether it will be met")
        return (ReasonLine(tone="mute", title=title, text=_("That takes a quarter of lettings.")),)
    text = _(
        "If it goes on as in the past year, %(low)s to %(high)s %(unit)s are still to come. What a "
        "year leaves open: from %(least)s to %(most)s."
    ) % {
        "low": formats.number(told.coming[0]),
        "high": formats.number(told.coming[1]),
        "unit": _unit(found.line),
        "least": formats.of_hundred(told.chance_low),
        "most": formats.of_hundred(told.chance_high),
    }
    chance = _("Chance that it is met: %(chance)s") % {"chance": formats.of_hundred(told.chance)}
    return (
        ReasonLine(tone="ok" if told.chance >= LIKELIER else "warn", title=chance, text=text),
        _needed(told.one_in or 0.0, told.vacancies),
    )


def _needed(one_in: float, vacancies: tuple[int, int]) -> ReasonLine:
    text = _("%(low)s to %(high)s homes likely come free until then.") % {
        "low": formats.number(vacancies[0]),
        "high": formats.number(vacancies[1]),
    }
    if one_in < 1:
        title = _("More is owed than homes likely come free")
        return ReasonLine(tone="stop", title=title, text=text)
    title = _("Takes 1 in %(n)s of the homes that come free") % {
        "n": formats.number(floor(one_in) if one_in >= 2 else one_in, 0 if one_in >= 2 else 1)
    }
    return ReasonLine(tone="info", title=title, text=text)


def _unknown(line: ObligationLine) -> tuple[ReasonLine, ...]:
    if line.unit != "persons" or not line.without_persons:
        return ()
    title = ngettext(
        "Of %(n)d letting the number of persons isn't known",
        "Of %(n)d lettings the number of persons isn't known",
        line.without_persons,
    ) % {"n": line.without_persons}
    return (ReasonLine(tone="mute", title=title, text=_("They don't count until it is.")),)


def _ending(found: BoardLine) -> tuple[ReasonLine, ...]:
    told = ending_notice(found.ending)
    return (ReasonLine(tone="warn", title=told.title, text=told.text),) if told else ()


def _lettings(found: Sequence[CountedLetting]) -> DataTable:
    return DataTable(
        caption=_("Lettings that count"),
        columns=(
            Column(label=_("Complex")),
            Column(label=_("Let on")),
            Column(label=_("Persons"), numeric=True),
            Column(label=_("Where it stands")),
        ),
        rows=tuple(
            (
                Link(label=each.complex, href=reverse("desk:complex", args=[each.complex_id])),
                formats.day(each.on, "year"),
                "–" if each.persons is None else formats.number(each.persons),
                _("Under way") if each.awaited else _("Done"),
            )
            for each in sorted(found, key=lambda each: each.on)
        ),
    )
