"""What does a reader see of candidates, one by one and as a list? Words and components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.exchange.wording import finding_text
from mixwijzer.web.letting.match_steps import MatchState
from mixwijzer.web.letting.models import Candidate, Match
from mixwijzer.web.letting.reasons import IncomeClass, Leaving, Priority
from mixwijzer.web.letting.screens.advice import language
from mixwijzer.web.letting.screens.matching import FitRow, fit_row
from mixwijzer.web.letting.selectors import CandidatePage
from mixwijzer.web.letting.services import Fate, Weighed
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import (
    Column,
    DataTable,
    Event,
    Fact,
    Figure,
    Link,
    Option,
)

__all__ = [
    "CandidateScreen",
    "ListScreen",
    "candidate_screen",
    "left_table",
    "list_screen",
    "people_table",
]

SHOWN = 200
"""Rows of a list that a page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateScreen:
    """A candidate and the homes."""

    page: CandidatePage
    facts: tuple[Fact, ...]
    rows: tuple[FitRow, ...]
    matches: DataTable
    rests: str
    left: str
    reasons: tuple[Option, ...]
    history: tuple[Event, ...]


def candidate_screen(page: CandidatePage, today: date) -> CandidateScreen:
    """Turn a candidate into what is drawn."""
    person = page.person
    rests = ""
    if person.rests_for and person.rests_since:
        rests = _(
            "%(by)s proposed a home of its own on %(day)s. No proposals until somebody has looked "
            "again."
        ) % {"by": person.rests_for.name, "day": formats.day(person.rests_since, "year")}
    elif person.until_reassessed:
        rests = _("No proposals until somebody has looked again.")
    elif person.rests_until and person.rests(today):
        rests = _("No proposals until %(day)s.") % {"day": formats.day(person.rests_until)}
    return CandidateScreen(
        page=page,
        facts=_person_facts(person),
        rows=tuple(
            fit_row(each, each.vacancy.state, may_match=page.may_match, of_home=True)
            for each in page.lines
        ),
        matches=_matches_table(page.matches),
        rests=rests,
        left=_left(person),
        reasons=tuple(
            Option(value=each.value, label=each.label)
            for each in Leaving
            if each is not Leaving.HOUSED  # that is what a key says
        ),
        history=_history(page.records),
    )


def _left(person: Candidate) -> str:
    if person.left_on is None:
        return ""
    day = formats.day(person.left_on, "long")
    return _("Since %(day)s: %(why)s.") % {"day": day, "why": person.get_left_display()}


def _history(records: Sequence[Candidate]) -> tuple[Event, ...]:
    """Tell what was written down of a candidate, the latest first."""
    changes = [_event(after, before) for after, before in pairwise(records)]
    first = records[-1]
    name = first.by.name if first.by else ""
    entered = Event(on=first.recorded_at, icon="user-plus", title=_("Entered"), text=name)
    return (*changes, entered)


def _event(after: Candidate, before: Candidate) -> Event:
    name = after.by.name if after.by else ""
    if after.left_on and not before.left_on:
        return Event(on=after.recorded_at, icon="user", title=after.get_left_display(), text=name)
    if after.rests_for and after.rests_since != before.rests_since:
        title = _("Proposed by another association")
        return Event(on=after.recorded_at, icon="history", title=title, text=after.rests_for.name)
    words = [word for field, word in _fields().items() if _differs(after, before, field)]
    title = _("Corrected") if words else _("Proposals: looked at again")
    return Event(
        on=after.recorded_at,
        icon="history",
        title=title,
        text=" · ".join(each for each in (", ".join(words), name) if each),
    )


def _differs(after: Candidate, before: Candidate, field: str) -> bool:
    return bool(getattr(after, field) != getattr(before, field))


def _fields() -> Mapping[str, str]:
    """Return what can be corrected, in words."""
    return {
        "size": _("number of persons"),
        "registered": _("registered since"),
        "income_class": _("income class"),
        "priority": _("priority"),
        "target_group": _("agreed group"),
        "accessible_needed": _("without stairs"),
        "reference": _("number in the other file"),
    }


def _person_facts(person: Candidate) -> tuple[Fact, ...]:
    partner = person.partner_organisation
    return (
        Fact(term=_("Persons"), value=str(person.size)),
        Fact(term=_("Registered"), value=formats.day(person.registered, "year")),
        Fact(term=_("Income class"), value=_income(person.income_class)),
        Fact(term=_("Priority"), value=_priority(person.priority)),
        Fact(
            term=_("Without stairs"),
            value=_("needed") if person.accessible_needed else _("no matter"),
        ),
        Fact(
            term=_("Agreed group"),
            value=group_word(person.target_group) if person.target_group else "–",
            note=partner.name if partner else "",
        ),
        *(
            [Fact(term=_("Number before"), value=person.returned_from)]
            if person.returned_from
            else []
        ),
    )


def _income(code: str | None) -> str:
    """Return an income class in words."""
    return str(IncomeClass(code).label) if code in IncomeClass.values else _("not filled in yet")


def _priority(code: str | None) -> str:
    """Return a priority in words; a file can name one of its own."""
    return str(Priority(code).label) if code in Priority.values else code or "–"


def _matches_table(matches: tuple[tuple[Match, str], ...]) -> DataTable:
    return DataTable(
        caption=_("Matches of this candidate"),
        columns=(Column(label=_("Home")), Column(label=_("Step")), Column(label=_("Since"))),
        rows=tuple(
            (
                Link(label=address, href=reverse("letting:match", args=[each.public_id])),
                str(MatchState(each.state).label),
                formats.day(each.moved_at, "short"),
            )
            for each, address in matches
        ),
    )


def people_table(rows: tuple[tuple[Candidate, str], ...]) -> DataTable:
    """List candidates, one row each."""
    return DataTable(
        caption=_("Candidates"),
        columns=(
            Column(label=_("Number")),
            Column(label=_("Persons"), numeric=True),
            Column(label=_("Registered")),
            Column(label=_("Priority")),
            Column(label=_("Agreed group")),
            Column(label=_("Match")),
        ),
        rows=tuple(
            (
                Link(label=row.number, href=reverse("letting:candidate", args=[row.public_id])),
                str(row.size),
                formats.day(row.registered, "year"),
                _priority(row.priority),
                group_word(row.target_group) if row.target_group else "–",
                match or "–",
            )
            for row, match in rows
        ),
    )


def left_table(rows: Sequence[Candidate]) -> DataTable:
    """List who looks no longer, one row each."""
    return DataTable(
        caption=_("Look no longer"),
        columns=(Column(label=_("Number")), Column(label=_("Since")), Column(label=_("Why"))),
        rows=tuple(
            (
                Link(label=row.number, href=reverse("letting:candidate", args=[row.public_id])),
                formats.day(row.left_on, "year") if row.left_on else "–",
                str(row.get_left_display()),
            )
            for row in rows
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScreen:
    """What a list would do: figures, its rows, and what is wrong with it."""

    figures: tuple[Figure, ...]
    table: DataTable
    more: int
    wrong: tuple[str, ...]
    findings: tuple[tuple[str, str], ...]  # tone and sentence
    able: bool


def list_screen(
    weighed: Sequence[Weighed],
    wrong: Iterable[tuple[int, str, str]],
    findings: Sequence[Finding],
) -> ListScreen:
    """Turn a list that was weighed into what is drawn; `wrong` has row, field and message."""
    tones = {Severity.ERROR: "stop", Severity.WARNING: "warn", Severity.NOTE: "info"}
    words = _fields()
    lines = tuple(
        _("Candidate %(place)d of the list, %(column)s: %(message)s")
        % {"place": place, "column": words.get(field, field), "message": message}
        for place, field, message in wrong
    )
    told = tuple((tones[each.severity], finding_text(each, language())) for each in findings)
    counted = {fate: sum(each.fate is fate for each in weighed) for fate in Fate}
    return ListScreen(
        figures=tuple(_figure(fate, number) for fate, number in counted.items()),
        table=_listed(weighed[:SHOWN]),
        more=max(0, len(weighed) - SHOWN),
        wrong=lines,
        findings=told,
        able=not lines and bool(counted[Fate.NEW] + counted[Fate.CHANGED]),
    )


def _figure(fate: Fate, number: int) -> Figure:
    icons = {
        Fate.NEW: "user-plus",
        Fate.CHANGED: "history",
        Fate.SAME: "check",
        Fate.GONE: "user",
    }
    unit = ngettext("candidate", "candidates", number)
    return Figure(icon=icons[fate], label=fate.label, value=formats.number(number), unit=unit)


def _listed(weighed: Sequence[Weighed]) -> DataTable:
    return DataTable(
        caption=_("What the list would do"),
        columns=(
            Column(label=_("Number there")),
            Column(label=_("Number here")),
            Column(label=_("What happens")),
            Column(label=_("Persons"), numeric=True),
            Column(label=_("Registered")),
            Column(label=_("Agreed group")),
        ),
        rows=tuple(map(_line, weighed)),
    )


def _line(each: Weighed) -> tuple[str | Link, ...]:
    told, known = each.entered, each.known
    words = ", ".join(word for field, word in _fields().items() if field in each.changed)
    href = reverse("letting:candidate", args=[known.public_id]) if known else ""
    return (
        told.reference or "–",
        Link(label=known.number, href=href) if known else "–",
        f"{each.fate.label}: {words}" if words else str(each.fate.label),
        str(told.size),
        formats.day(told.registered, "year"),
        group_word(told.target_group) if told.target_group else "–",
    )
