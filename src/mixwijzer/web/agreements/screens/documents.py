"""The list of agreements, and one agreement with its clauses, as their pages draw them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from mixwijzer.web.agreements.content import Clause
from mixwijzer.web.agreements.selectors import AgreementPage, ListPage
from mixwijzer.web.agreements.selectors.documents import (
    AgreementLine,
    ClauseLine,
    Deadline,
    LeaningLetting,
    Proposal,
    StepLine,
)
from mixwijzer.web.agreements.transitions import OPEN, Event, State
from mixwijzer.web.agreements.words import GROUNDS, Answers, Carry, ClauseKind, Kind, Period, Unit
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.register.endings import EndingNotice, ending_notice, named
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, Crumb, DataTable, Fact, Link, StepState
from mixwijzer.web.ui.components import Event as Line
from mixwijzer.web.ui.components import Step as Mark

__all__ = [
    "AgreementScreen",
    "ClauseCard",
    "ListScreen",
    "agreement_screen",
    "list_screens",
    "missing_text",
]

ICONS = {
    Event.BRING_OUT: "send",
    Event.ASK_CHANGES: "undo-2",
    Event.AGREE: "handshake",
    Event.SIGN: "check",
    Event.CARRY: "arrow-right",
    Event.REPLACE: "history",
    Event.LAPSE: "hourglass",
    Event.WITHDRAW: "x",
}
HAPPENED = {
    Event.BRING_OUT: gettext_lazy("bid brought out"),
    Event.ASK_CHANGES: gettext_lazy("changes asked"),
    Event.AGREE: gettext_lazy("agreed to the bid"),
    Event.SIGN: gettext_lazy("signed"),
    Event.CARRY: gettext_lazy("taken along to the next period"),
    Event.REPLACE: gettext_lazy("replaced"),
    Event.LAPSE: gettext_lazy("period ended"),
    Event.WITHDRAW: gettext_lazy("withdrawn"),
}
DUE = {
    "bid": gettext_lazy("Bid, at the latest"),
    "sign": gettext_lazy("Signed, at the latest"),
    "end": pgettext_lazy("agreement", "Runs until and including"),
}
WAY = (
    (frozenset({State.DRAFT}), gettext_lazy("Write")),
    (frozenset({State.BID}), gettext_lazy("Bid")),
    (frozenset({State.TALKS}), gettext_lazy("Talks")),
    (frozenset({State.SIGNED}), gettext_lazy("Signed")),
)
MISSING = {
    "words": gettext_lazy("its words"),
    "group": gettext_lazy("the group"),
    "target": gettext_lazy("how many"),
    "ground": gettext_lazy("the ground"),
    "ends": gettext_lazy("until when"),
    "why": gettext_lazy("why"),
    "clauses": gettext_lazy("at least one clause"),
    "municipality": gettext_lazy("the municipality"),
}
URGENCY = {"late": "stop", "soon": "warn", "": "mute"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DueScreen:
    """A deadline: what, when, how near, and the tone that goes with it."""

    what: str
    day: str
    tone: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineScreen:
    """One agreement in a list."""

    title: str
    href: str
    about: str
    state: str
    tone: str
    due: DueScreen | None
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScreen:
    """The agreements of one association, and what runs out when."""

    association: str
    owner: int
    may_start: bool
    lines: tuple[LineScreen, ...]
    runs_out: DataTable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseCard:
    """One clause in its own words, with what is counted of it."""

    number: int
    kind: str
    words: str
    facts: tuple[Fact, ...]
    why: str
    promises: tuple[Link, ...]
    ground: bool
    lettings: DataTable | None
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalScreen:
    """What would go along from one period, in words, with what it takes to confirm it."""

    code: str
    title: str
    says: str
    into: Link | None
    reason: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementScreen:
    """Everything that the page of an agreement draws."""

    crumbs: tuple[Crumb, ...]
    title: str
    about: str
    state: str
    tone: str
    marks: tuple[Mark, ...]
    due: DueScreen | None
    facts: tuple[Fact, ...]
    clauses: tuple[ClauseCard, ...]
    slices: tuple[LineScreen, ...]
    history: tuple[Line, ...]
    carried: DataTable | None
    proposals: tuple[ProposalScreen, ...]
    waiting: tuple[str, ...]
    events: frozenset[str]
    ending: EndingNotice | None
    can_act: bool


def list_screens(pages: Sequence[ListPage]) -> tuple[ListScreen, ...]:
    """Turn the agreements of each association into what the list draws."""
    return tuple(
        ListScreen(
            association=page.association,
            owner=page.owner,
            may_start=page.may_start,
            lines=tuple(map(_line, page.lines)),
            runs_out=_runs_out(page),
        )
        for page in pages
    )


def _line(each: AgreementLine) -> LineScreen:
    return LineScreen(
        title=each.title,
        href=reverse("agreements:agreement", args=[each.id]),
        about=" · ".join([each.code, str(Kind(each.kind).label), _until(each.start, each.end)]),
        state=str(State(each.state).label),
        tone=_tone(each.state),
        due=_due(each.deadline),
        inside=each.kind == Kind.SLICE,
    )


def _until(start: date, end: date) -> str:
    last = end - timedelta(days=1)
    facts = {"start": formats.day(start, "year"), "end": formats.day(last, "year")}
    return _("%(start)s up to and including %(end)s") % facts


def _due(deadline: Deadline | None) -> DueScreen | None:
    if deadline is None:
        return None
    says = {"late": _("past"), "soon": _("soon")}.get(deadline.urgency, "")
    if deadline.what == "end" and deadline.urgency == "late":
        says = _("over")
    return DueScreen(
        what=str(DUE[deadline.what]),
        day=formats.day(deadline.day, "year"),
        tone=URGENCY[deadline.urgency],
        says=says,
    )


def _tone(state: str) -> str:
    if state == State.SIGNED:
        return "ok"
    if state == State.TALKS:
        return "warn"
    return "info" if state in OPEN else "mute"


def _runs_out(page: ListPage) -> DataTable | None:
    if not page.runs_out:
        return None
    return DataTable(
        caption=_("What runs out, and when"),
        columns=(
            Column(label=_("Agreement")),
            Column(label=_("What")),
            Column(label=_("First day without")),
        ),
        rows=tuple(
            (
                Link(label=each.title, href=_place(each.agreement, each.number)),
                _("clause %(n)d: %(words)s") % {"n": each.number, "words": each.words}
                if each.number
                else _("the agreement"),
                formats.day(each.day, "year"),
            )
            for each in page.runs_out
        ),
    )


def _place(agreement: object, number: int) -> str:
    href = reverse("agreements:agreement", args=[agreement])
    return f"{href}#clause-{number}" if number else href


def agreement_screen(page: AgreementPage) -> AgreementScreen:
    """Turn an agreement into what its page draws."""
    going = page.state in OPEN
    return AgreementScreen(
        crumbs=tuple(_crumbs(page)),
        title=page.heading.title,
        about=" · ".join([page.code, str(Kind(page.kind).label), page.association]),
        state=str(State(page.state).label),
        tone=_tone(page.state),
        marks=tuple(_marks(page.state)),
        due=_due(page.deadline),
        facts=tuple(_facts(page)),
        clauses=tuple(_clause(each, page) for each in page.clauses),
        slices=tuple(map(_line, page.slices)),
        history=tuple(map(_happened, page.steps)),
        carried=_carried(page),
        proposals=tuple(map(_proposal, page.proposals)),
        waiting=tuple(name for name, yes in page.parties if not yes) if going else (),
        events=frozenset(page.events),
        ending=ending_notice(page.ending),
        can_act=bool(page.proposals or set(page.events) - {Event.EDIT, Event.CARRY}),
    )


def _crumbs(page: AgreementPage) -> Iterator[Crumb]:
    yield Crumb(label=_("Agreements"), href=reverse("agreements:list"))
    if page.framework:
        agreement, title = page.framework
        yield Crumb(label=title, href=reverse("agreements:agreement", args=[agreement]))
    yield Crumb(label=page.heading.title)


def _marks(state: str) -> Iterator[Mark]:
    at = next((place for place, (states, _name) in enumerate(WAY) if state in states), len(WAY))
    for place, (_states, name) in enumerate(WAY):
        word = StepState.CURRENT if place == at else StepState.AHEAD
        yield Mark(label=str(name), state=StepState.DONE if place < at else word)


def _facts(page: AgreementPage) -> Iterator[Fact]:
    yield Fact(term=_("Period"), value=_until(page.heading.start, page.heading.end))
    for name, yes in page.parties:
        said = _("agreed to the bid") if yes else _("did not answer the bid yet")
        yield Fact(term=pgettext("agreement", "With"), value=name, note=said if page.bid_on else "")
    if page.heading.others:
        yield Fact(term=pgettext("agreement", "With"), value=page.heading.others)
    if page.bid_on:
        yield Fact(term=_("Bid brought out"), value=formats.day(page.bid_on, "year"))
    if page.signed_on:
        yield Fact(term=_("Signed on"), value=formats.day(page.signed_on, "year"))
    yield Fact(term=_("Written by"), value=page.author)


def _clause(line: ClauseLine, page: AgreementPage) -> ClauseCard:
    each, signed = line.clause, page.signed_on is not None
    board = reverse("agreements:obligations")
    missing = [str(MISSING[name]) for name in each.missing]
    return ClauseCard(
        number=each.number,
        kind=str(ClauseKind(each.kind).label),
        words=each.words,
        facts=tuple(_clause_facts(each)),
        why=each.why,
        promises=tuple(
            Link(
                label=f"{term.code}: {_until(term.start, term.end)}",
                href=f"{board}#promise-{slugify(page.association)}-{slugify(term.code)}"
                if signed
                else "",
            )
            for term in line.terms
        ),
        ground=each.kind in {ClauseKind.GROUND, ClauseKind.EXPERIMENT},
        lettings=None if line.lettings is None else _leaning(line.lettings),
        missing=_("Still to fill in: %(what)s.") % {"what": "; ".join(missing)} if missing else "",
    )


def _leaning(found: Sequence[LeaningLetting]) -> DataTable:
    return DataTable(
        caption=_("Lettings on this ground while it held"),
        columns=(Column(label=_("Complex")), Column(label=_("Let on"))),
        rows=tuple(
            (
                Link(label=each.complex, href=reverse("desk:complex", args=[each.complex_id])),
                formats.day(each.on, "year"),
            )
            for each in found
        ),
    )


def _clause_facts(each: Clause) -> Iterator[Fact]:
    if each.kind == ClauseKind.OBLIGATION:
        yield Fact(term=_("Group"), value=group_word(each.group) if each.group else "–")
        yield Fact(term=_("How many"), value=_amounts(each), note=str(Period(each.period).label))
        if each.carried:
            yield Fact(term=_("On top from before"), value=formats.number(each.carried))
        yield Fact(term=_("At the end of a period"), value=str(Carry(each.carry).label))
    if each.ground:
        yield Fact(term=_("Ground"), value=str(GROUNDS.get(each.ground, each.ground)))
    if each.ends:
        yield Fact(term=_("First day without"), value=formats.day(each.ends, "year"))
    if each.answers:
        yield Fact(
            term=_("Municipality answers in the week round"),
            value=str(Answers(each.answers).label),
        )


def _amounts(each: Clause) -> str:
    """Put households and persons side by side; the one that counts comes first."""
    told = {
        Unit.HOUSEHOLDS: each.households,
        Unit.PERSONS: each.persons,
    }
    order = sorted(told, key=lambda unit: unit != each.unit)
    said = [f"{formats.number(told[unit] or 0)} {unit.label}" for unit in order if told[unit]]
    return ", ".join(said) or "–"


def _happened(each: StepLine) -> Line:
    said = HAPPENED[Event(each.event)]
    by = ", ".join(filter(None, [each.by, each.party])) or _("by itself")
    amount = each.facts.get("amount")
    text = _("%(code)s: %(n)s.") % {"code": each.facts["code"], "n": amount} if amount else ""
    if ends := str(each.facts.get("norms_ending", "")):
        text = _("Known then: without a value for the whole period are %(norms)s.") % {
            "norms": named(ends)
        }
    return Line(
        on=each.at,
        icon=ICONS[Event(each.event)],
        title=f"{said}: {by}",
        text=" · ".join(filter(None, [formats.day(each.at, "year"), text, each.text])),
    )


def _carried(page: AgreementPage) -> DataTable | None:
    if not page.carried:
        return None
    return DataTable(
        caption=_("What went along"),
        columns=(
            Column(label=_("Obligation")),
            Column(label=_("Group")),
            Column(label=_("Owed"), numeric=True),
            Column(label=_("Done"), numeric=True),
            Column(label=_("Goes along"), numeric=True),
            Column(label=_("To the period from")),
            Column(label=_("Confirmed by")),
        ),
        rows=tuple(
            (
                each.code,
                group_word(each.group),
                formats.number(each.owed),
                formats.number(each.done),
                formats.number(each.amount),
                formats.day(each.to_start, "year"),
                f"{each.by.name if each.by else '–'}, {formats.day(each.at, 'year')}",
            )
            for each in page.carried
        ),
    )


def _proposal(each: Proposal) -> ProposalScreen:
    facts = {
        "owed": formats.number(each.owed),
        "done": formats.number(each.done),
        "n": formats.number(abs(each.amount)),
        "unit": str(Unit(each.unit).label),
    }
    short = _("%(owed)s %(unit)s owed, %(done)s done: %(n)s go along to the next period.")
    over = _("%(owed)s %(unit)s owed, %(done)s done: %(n)s less are owed in the next period.")
    return ProposalScreen(
        code=each.code,
        title=f"{group_word(each.group)}, {_until(each.start, each.end)}",
        says=_anew(each, facts) if each.before else (short if each.amount > 0 else over) % facts,
        into=Link(label=each.into.title, href=_place(each.into.public_id, 0))
        if each.into
        else None,
        reason=each.takes_reason,
    )


def _anew(each: Proposal, facts: Mapping[str, str]) -> str:
    """Say why what was confirmed before isn't what goes along any more."""
    last = each.before[-1]
    then = {
        "by": last.by.name if last.by else "–",
        "day": formats.day(last.at, "year"),
        "then": formats.number(last.done),
        "was": formats.number(last.owed),
    }
    more = _(
        "When %(by)s confirmed it on %(day)s, %(then)s of %(was)s %(unit)s were done. Lettings "
        "came in or changed since, and it is %(done)s of %(owed)s now: %(n)s more go along to the "
        "next period."
    )
    less = _(
        "When %(by)s confirmed it on %(day)s, %(then)s of %(was)s %(unit)s were done. Lettings "
        "came in or changed since, and it is %(done)s of %(owed)s now: %(n)s less go along to the "
        "next period."
    )
    return (more if each.amount > 0 else less) % {**facts, **then}


def missing_text(missing: Sequence[tuple[int, str]]) -> str:
    """Say what still has to be filled in before the others read it."""
    heading = [str(MISSING[name]) for number, name in missing if not number]
    numbers = sorted({number for number, _name in missing if number})
    clauses = [
        _("clause %(n)d") % {"n": number}
        + f" ({', '.join(str(MISSING[name]) for at, name in missing if at == number)})"
        for number in numbers
    ]
    return "; ".join([*heading, *clauses])
