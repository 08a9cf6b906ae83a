"""What does a reader see of candidates and matches? Words and components; nothing is computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.letting.match_steps import (
    ENDED,
    REASONS,
    Act,
    ConditionKind,
    Consequence,
    DeclineReason,
    MatchState,
    UnletReason,
)
from mixwijzer.web.letting.models import MatchStep
from mixwijzer.web.letting.reasons import NoticeEnd
from mixwijzer.web.letting.selectors import (
    CandidatesPage,
    Delay,
    FitLine,
    MatchPage,
    MatchWork,
    Speaker,
)
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import (
    Event,
    Fact,
    Link,
    Option,
    Step,
    StepState,
)
from mixwijzer.web.ui.components import Task as WorkTask

__all__ = [
    "CandidatesScreen",
    "MatchScreen",
    "before_key",
    "candidates_screen",
    "delay_facts",
    "fit_row",
    "match_screen",
    "match_tasks",
]

_TONES = {"failed": "mute", "unanswered": "ask", "tight": "warn", "passed": "ok"}
_ICONS = {
    "propose": "user-plus",
    "speak": "user",
    Act.ACCEPT: "check",
    Act.DECLINE: "x",
    Act.CONFIRM: "circle-check",
    Act.OVERRIDE: "arrow-right",
    Act.RETURN: "arrow-left",
    Act.BACK: "undo-2",
    Act.CANCEL: "octagon-x",
    Act.LET: "key-round",
    Act.UNLET: "undo-2",
    Act.PROMOTE: "user-plus",
    Act.RELEASE: "users",
    Act.EXPIRE: "hourglass",
    Act.REOPEN: "rotate-ccw",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRow:
    """One candidate beside one home, as it is drawn."""

    line: FitLine
    href: str
    title: str
    tone: str
    why: str
    note: str
    note_href: str
    may_propose: bool
    may_reserve: bool
    speakers: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesScreen:
    """The candidates of a vacancy."""

    page: CandidatesPage
    about: str
    groups: tuple[tuple[str, str], ...]
    decided: str
    before_key: str
    rows: tuple[FitRow, ...]
    may_open: bool
    may_stop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchScreen:
    """A match: facts, the step it is in with the only form, conditions, history."""

    page: MatchPage
    tone: str
    status: str
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...]
    who: str
    next: str
    reasons: tuple[Option, ...]
    unlet: tuple[Option, ...]
    consequences: tuple[Option, ...]
    kinds: tuple[Option, ...]
    refused: str
    history: tuple[Event, ...]
    crumbs: tuple[Link, ...]
    today: date
    speakers: tuple[Option, ...]
    speaks: str


def candidates_screen(page: CandidatesPage, groups: Sequence[str]) -> CandidatesScreen:
    """Turn the candidates of a vacancy into what is drawn."""
    state, group = page.vacancy.state, page.vacancy.group
    rent = _("%(rent)s a month") % {"rent": formats.euro(page.rent)} if page.rent else ""
    facts = (formats.rooms(page.rooms), rent, group_word(group) if group else "")
    known = {*groups, *filter(None, [page.decided_group])}  # what was decided can be chosen
    return CandidatesScreen(
        page=page,
        about=" · ".join(filter(None, facts)),
        groups=tuple((each, group_word(each)) for each in sorted(known)),
        decided=_decided(page.decided_group),
        before_key=before_key(page.before_key),
        rows=tuple(
            fit_row(each, state, may_match=page.may_match, of_home=False) for each in page.lines
        ),
        may_open=page.may_match and state == State.DECIDED,
        may_stop=page.may_match and state == State.IN_MATCHING,
    )


def _decided(group: str) -> str:
    if not group:
        return ""
    words = _("Decided in the week round: %(group)s. If you choose another, the history says so.")
    return words % {"group": group_word(group)}


def before_key(kinds: Sequence[str]) -> str:
    """Say what must be so before the key, because a party asked it in the week round."""
    if not kinds:
        return ""
    what = ", ".join(str(ConditionKind(each).label) for each in kinds)
    return _("Before the key, as was asked in the week round: %(what)s.") % {"what": what}


def fit_row(line: FitLine, state: str, *, may_match: bool, of_home: bool) -> FitRow:
    fits = line.answer != "failed" and line.here is None and not line.elsewhere and not line.rests
    waits = line.answer != "failed" and line.here is None and not line.rests
    note, href = "", ""
    if line.here is not None:
        note = str(MatchState(line.here.state).label)
        href = reverse("letting:match", args=[line.here.public_id])
    elif line.elsewhere:
        note = _("in another match")
    elif line.person.left_on:
        note = line.person.get_left_display()
    elif line.rests:
        note = _("no proposals now")
    speaking = [each for each in line.rules if each.answer.name.lower() == line.answer]
    return FitRow(
        line=line,
        href=reverse("letting:candidates", args=[line.vacancy.public_id])
        if of_home
        else reverse("letting:candidate", args=[line.person.public_id]),
        title=line.address if of_home else line.person.number,
        tone=_TONES[line.answer],
        why=speaking[0].text if line.answer != "passed" and speaking else "",
        note=note,
        note_href=href,
        may_propose=may_match and fits and state == State.IN_MATCHING,
        may_reserve=may_match and waits and state == State.RESERVED,
        speakers=tuple(map(_speaker, line.speakers)) if may_match else (),
    )


def _speaker(each: Speaker) -> Option:
    name = f"{each.person.name}, {each.partner}" if each.partner else each.person.name
    return Option(value=str(each.person.public_id), label=name)


def match_screen(page: MatchPage, today: date) -> MatchScreen:
    """Turn a match into what is drawn."""
    state = MatchState(page.match.state)
    decline = page.acts.get(Act.DECLINE)
    asked = {each.kind for each in page.conditions}
    return MatchScreen(
        page=page,
        tone="ok" if state is MatchState.LET else "mute" if state in ENDED else "info",
        status=str(state.label),
        steps=_steps(page, state),
        facts=_match_facts(page),
        who=page.waits_for,
        next=_next(page, state),
        reasons=tuple(
            Option(value=each.value, label=each.label)
            for each in (REASONS[decline] if decline else ())
        ),
        unlet=tuple(
            Option(value=each.value, label=each.label)
            for each in (UnletReason if Act.UNLET in page.acts else ())
        ),
        consequences=tuple(Option(value=each.value, label=each.label) for each in Consequence),
        kinds=tuple(
            Option(value=each.value, label=each.label)
            for each in ConditionKind
            if each not in asked
        ),
        refused=str(DeclineReason(page.match.reason).label) if page.match.reason else "",
        history=tuple(_event(each) for each in page.history),
        crumbs=tuple(_crumbs(page)),
        today=today,
        speakers=tuple(map(_speaker, page.speakers)),
        speaks=str(page.match.contact.public_id) if page.match.contact else "",
    )


def _crumbs(page: MatchPage) -> Iterator[Link]:
    if page.staff:
        vacancy = page.match.vacancy.public_id
        yield Link(label=_("Vacancies"), href=reverse("letting:vacancies"))
        yield Link(label=page.address, href=reverse("letting:vacancy", args=[vacancy]))
        yield Link(label=_("Candidates"), href=reverse("letting:candidates", args=[vacancy]))
    else:
        yield Link(label=_("Today"), href=reverse("desk:today"))
    yield Link(label=page.match.candidate)


def _match_facts(page: MatchPage) -> tuple[Fact, ...]:
    contact = page.match.contact
    return (
        Fact(term=_("Home"), value=page.address),
        Fact(
            term=_("Candidate"),
            value=page.match.candidate,
            note=_("reference %(reference)s") % {"reference": page.reference}
            if page.reference
            else _("The reference is shown from the step that needs it."),
        ),
        Fact(term=_("Waits for"), value=page.waits_for or "–"),
        Fact(
            term=_("In this step"),
            value=ngettext("%(count)d day", "%(count)d days", page.days) % {"count": page.days},
            note=_("stuck") if page.stuck else "",
        ),
        Fact(term=_("Speaks for the candidate"), value=contact.name if contact else "–"),
        Fact(term=_("Next in line"), value=str(page.reserves) if page.staff else "–"),
    )


def _steps(page: MatchPage, state: MatchState) -> tuple[Step, ...]:
    way = [MatchState(each) for each in page.match.way]
    at = state if state in way else MatchState(page.match.held) if page.match.held else way[0]
    place = len(way) if state is MatchState.LET else way.index(at)
    return tuple(
        Step(
            label=str(each.label).capitalize(),
            state=StepState.DONE
            if number < place
            else StepState.CURRENT
            if number == place
            else StepState.AHEAD,
        )
        for number, each in enumerate(way)
    )


def _next(page: MatchPage, state: MatchState) -> str:
    """Say what comes after this step, and for whom that is."""
    if page.nobody_there and page.staff:
        return _("The partner has nobody here who can answer; the head writes the answer down.")
    way = [MatchState(each) for each in page.match.way]
    if state is MatchState.CANDIDATE:
        told = _("After this: contract and key, for the letting agent.")
        if page.reserves:
            told += " " + ngettext(
                "Whoever is next in line is released then.",
                "The %(count)d who are next in line are released then.",
                page.reserves,
            ) % {"count": page.reserves}
        return told
    if state in way and state is not way[-1]:
        after = way[way.index(state) + 1]
        return _("After this: %(step)s.") % {"step": after.label}
    if state is MatchState.CONTRACT:
        return _("After this the home is let: it counts in the account and in what was promised.")
    if state is MatchState.DECLINING:
        return _("Once confirmed the home is free again, and the next in line is proposed.")
    return ""


def _event(line: MatchStep) -> Event:
    own = {"propose": _("Proposed"), "speak": _("Somebody else speaks for the candidate")}
    act = own.get(line.act) or str(Act(line.act).label)
    hand = line.get_hand_display()
    who = f"{line.by.name}, {hand}" if line.by else hand
    if line.hand == "contact":
        who = _("%(who)s, on behalf of the candidate") % {"who": line.by.name if line.by else ""}
    parts = [who, f"{line.get_before_display()} → {line.get_after_display()}"]
    if line.act == "propose":
        parts = [who]
    if line.reason:
        parts.append(_why(line.reason))
    if consequence := line.facts.get("consequence"):
        parts.append(str(Consequence(consequence).label))
    return Event(on=line.at, icon=_ICONS[line.act], title=act, text=" · ".join(parts))


def _why(reason: str) -> str:
    """Say why a step says no, why the notice was over, or why the home is not let after all."""
    lists = (DeclineReason, NoticeEnd, UnletReason)
    return next(str(each(reason).label) for each in lists if reason in each.values)


def match_tasks(work: tuple[MatchWork, ...], group: str) -> tuple[WorkTask, ...]:
    """Turn the matches of one group of somebody's work into rows."""
    return tuple(
        WorkTask(
            icon="handshake",
            title=_("%(address)s, candidate %(number)s")
            % {"address": each.address, "number": each.candidate},
            href=reverse("letting:match", args=[each.id]),
            about=each.state,
            why=each.waits_for,
            due=ngettext("%(count)d day", "%(count)d days", each.days) % {"count": each.days},
            due_note=_("in this step"),
            urgency="late" if each.group == "stuck" else "",
            action=_("Open") if each.group == "waiting" else "",
        )
        for each in work
        if each.group == group
    )


def delay_facts(delay: Delay) -> tuple[Fact, ...]:
    """Say how long each stretch took, and how many vacancy days the mix check cost."""

    def after(day: date | None) -> str:
        if day is None:
            return ""
        days = (day - delay.noticed).days
        return ngettext("day %(count)d", "day %(count)d", days) % {"count": days}

    def shown(day: date | None) -> str:
        return formats.day(day, "short") if day else _("not yet")

    days = ngettext("%(count)d day", "%(count)d days", delay.cost) % {"count": delay.cost}
    return (
        Fact(term=_("Notice"), value=shown(delay.noticed)),
        Fact(term=_("Decision"), value=shown(delay.decided), note=after(delay.decided)),
        Fact(term=_("Advertisement"), value=shown(delay.published), note=after(delay.published)),
        Fact(term=_("Contract"), value=shown(delay.contract), note=after(delay.contract)),
        Fact(
            term=_("Vacancy days by the mix check"),
            value=days,
            note=_("The decision came before the advertisement.")
            if delay.decided and not delay.cost
            else "",
        ),
    )
