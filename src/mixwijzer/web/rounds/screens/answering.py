"""What is told of who answers about a home: beside it on the sheet, and on the party's own page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mixwijzer.web.letting.match_steps import ConditionKind
from mixwijzer.web.letting.reasons import NoticeEnd
from mixwijzer.web.letting.screens import language
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.rounds.answer_steps import (
    GO_ON_REASONS,
    OBJECTIONS,
    AnswerAct,
    AnswerState,
    GoOnReason,
    Objection,
    Side,
    Silence,
    Standing,
)
from mixwijzer.web.rounds.bridge import FellOff
from mixwijzer.web.rounds.models import PartyAnswer
from mixwijzer.web.rounds.selectors import AskLine, AskPage
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Event, Fact, Option, Task

__all__ = [
    "Against",
    "AnswerLine",
    "AskScreen",
    "against",
    "answer_lines",
    "answer_tasks",
    "ask_screen",
    "fell_off_text",
]

_TONES = {
    Standing.YES: "ok",
    Standing.SILENT_YES: "ok",
    Standing.NO: "warn",
    Standing.SILENT: "warn",
    Standing.PASSED: "mute",
    Standing.WAITS: "info",
}
_ICONS = {
    AnswerAct.AGREE: "check",
    AnswerAct.AGREE_IF: "check",
    AnswerAct.OBJECT: "x",
    AnswerAct.TAKE_BACK: "undo-2",
    AnswerAct.GO_ON: "arrow-right",
    AnswerAct.GO_BACK: "undo-2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One party beside a home: its answer in a few words, and who gave it or why it is asked."""

    party: str
    tone: str
    word: str
    note: str
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A party without whose yes it would be decided, with the reasons that are asked then."""

    name: str
    party: str
    reasons: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskScreen:
    """What the page of one line draws."""

    page: AskPage
    title: str
    about: str
    tone: str
    status: str
    facts: tuple[Fact, ...]
    ground: str
    says: str
    can: Mapping[str, bool]
    conditions: tuple[Option, ...]
    objections: tuple[Option, ...]
    history: tuple[Event, ...]


# --- beside a home on the sheet


def answer_lines(found: Sequence[AskLine]) -> tuple[AnswerLine, ...]:
    """Say for each party what it answered, or that it is silent."""
    return tuple(map(_line, found))


def _line(each: AskLine) -> AnswerLine:
    return AnswerLine(
        party=each.party,
        tone=_TONES[each.worth] if each.worth else "mute",
        word=_word(each),
        note=_note(each),
        answered=each.at is not None or bool(each.passed),
    )


def _word(each: AskLine) -> str:
    if each.worth is None:
        return _("is asked once it is on the table")
    if each.state == AnswerState.AGREED_IF:
        return _("agreed, provided that: %(what)s") % {"what": ConditionKind(each.word).label}
    if each.state == AnswerState.OBJECTED:
        return _("objects: %(why)s") % {"why": Objection(each.word).label}
    return _("agreed") if each.state == AnswerState.AGREED else _silence(each)


def _silence(each: AskLine) -> str:
    if each.worth is Standing.WAITS:
        return _("no answer yet")
    told = _("no answer by %(day)s") % {"day": formats.day(each.due)}
    if each.worth is Standing.SILENT_YES:
        return _("%(silent)s; by agreement that is a yes") % {"silent": told}
    return told


def _note(each: AskLine) -> str:
    parts = [f"{each.by}, {formats.day(each.at)}"] if each.at else []
    if each.passed:
        parts.append(
            _("decided without their yes: %(why)s") % {"why": GoOnReason(each.passed).label}
        )
    if not parts:
        parts.append(_because(each.because))
    return " · ".join(parts)


def _because(told: Mapping[str, Any]) -> str:
    if told["kind"] == "clause":
        return _("clause %(number)s of %(agreement)s") % told
    return _("mediates for this group")


def against(found: Sequence[AskLine]) -> tuple[Against, ...]:
    """Return whose yes is missing, with the reasons to decide all the same."""
    return tuple(
        Against(
            name=f"without-{each.id}",
            party=each.party,
            reasons=tuple(
                Option(value=reason.value, label=reason.label)
                for reason in GO_ON_REASONS[each.worth]
            ),
        )
        for each in found
        if each.worth and each.worth in GO_ON_REASONS
    )


# --- the party's own page


def ask_screen(page: AskPage) -> AskScreen:
    """Turn what is asked of a party into what its page draws."""
    told = page.ask.told
    side = Side(page.ask.side)
    return AskScreen(
        page=page,
        title=_title(page),
        about=_("%(association)s asks %(party)s")
        % {"association": page.association, "party": page.party},
        tone=_TONES[page.worth],
        status=_status(page),
        facts=tuple(_facts(page)),
        ground="" if told["ground"] == "none_needed" else str(told["source"]),
        says=_says(page),
        can={each.value: each in page.acts for each in AnswerAct},
        conditions=tuple(Option(value=e.value, label=e.label) for e in ConditionKind),
        objections=tuple(Option(value=e.value, label=e.label) for e in OBJECTIONS[side]),
        history=tuple(_event(each) for each in reversed(page.lines)),
    )


def _title(page: AskPage) -> str:
    told = page.ask.told
    what = group_word(told["group"]) if told["group"] else _way(told)
    return f"{told['complex']}: {what}"


def _way(told: Mapping[str, Any]) -> str:
    names: Mapping[str, str] = told["name"]
    return names.get(language(), "") or names.get("nl", "") or str(told["channel"])


def _status(page: AskPage) -> str:
    if page.state is AnswerState.ASKED:
        return _("waits for your answer") if page.open else _("not answered")
    return str(page.state.label)


def _facts(page: AskPage) -> Iterator[Fact]:
    told, ask = page.ask.told, page.ask
    free = date.fromisoformat(told["free_from"])
    level = _("without stairs") if told["level"] else ""
    yield Fact(term=_("Complex"), value=told["complex"], note=told["neighbourhood"])
    yield Fact(
        term=_("Home"),
        value=", ".join(filter(None, [formats.rooms(told["rooms"]), level])) or "–",
        note=formats.free(free),
    )
    yield Fact(term=_("Way"), value=_way(told))
    yield Fact(term=_("Group"), value=group_word(told["group"]) if told["group"] else "–")
    yield Fact(term=_("Why you are asked"), value=capfirst(_because(ask.because)))
    yield Fact(
        term=_("Answer by"),
        value=formats.day(ask.due, "long"),
        note=str(Silence(ask.silence).label),
    )


def _says(page: AskPage) -> str:
    """Say why there is nothing to answer, or what an answer does."""
    if page.open:
        return _(
            "The association sees your answer beside the home before it decides. You can take it "
            "back until then."
        )
    became = fell_off_text(page.fell_off) if page.fell_off else ""
    if page.agreed is not None:
        how = _("as proposed") if page.agreed else _("another way")
        told = _("%(by)s decided about this home: %(how)s.") % {"by": page.decided_by, "how": how}
        return f"{told} {became}".strip()
    return became or _closed(page)


def _closed(page: AskPage) -> str:
    if page.over:
        return _("This is no longer asked.")
    if page.worth is Standing.SILENT_YES:
        return _("The day to decide by is over. By agreement silence counts as a yes.")
    if page.worth is Standing.SILENT:
        return _("The day to decide by is over. That you did not answer is not taken as a yes.")
    return _("The association looks at it anew. You are told when your answer is asked.")


def fell_off_text(told: FellOff, *, why: bool = False) -> str:
    """Say what became of a home that is no longer on the sheet, since when, and why if asked."""
    what = _("Fell off: the notice was withdrawn.")
    if told.let:
        what = _("Fell off: the home was let.")
    elif told.why == NoticeEnd.GIVEN_AGAIN:
        what = _("Fell off: notice was given again.")
    if not (why and told.why):
        return f"{what} {_('Since %(day)s.') % {'day': formats.day(told.at, 'long')}}"
    names = {"day": formats.day(told.at, "long"), "why": NoticeEnd(told.why).label}
    return f"{what} {_('Since %(day)s: %(why)s.') % names}"


def _event(each: PartyAnswer) -> Event:
    act, side = AnswerAct(each.act), Side(each.side)
    words = {
        AnswerAct.AGREE_IF: ConditionKind,
        AnswerAct.OBJECT: Objection,
        AnswerAct.GO_ON: GoOnReason,
    }
    why = str(words[act](each.word).label) if act in words else ""
    who = f"{each.by.name}, {side.label}"
    return Event(
        on=each.at, icon=_ICONS[act], title=act.label, text=" · ".join(filter(None, [who, why]))
    )


def answer_tasks(work: Sequence[AskPage]) -> tuple[Task, ...]:
    """Turn lines that wait for an answer into rows of the page of today."""
    return tuple(
        Task(
            icon="shuffle",
            title=_title(each),
            href=reverse("rounds:ask", args=[each.ask.public_id]),
            about=each.association,
            why=_("Your answer about a home of the week round."),
            due=formats.day(each.ask.due),
            due_note=_("answer by then"),
            urgency="soon",
            action=_("Answer"),
        )
        for each in work
    )
