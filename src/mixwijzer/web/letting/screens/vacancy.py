"""What does a reader see of a vacancy? Turns what selectors found into the kit's components.

Words of the advice come from `exchange.wording`, words of the page from gettext; no number is
computed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import (
    Explanation,
)
from mixwijzer.web.accounts.selectors import PersonLine
from mixwijzer.web.letting.bridge import (
    Advice,
    Known,
)
from mixwijzer.web.letting.match_steps import UnletReason
from mixwijzer.web.letting.reasons import (
    NOBODY_CAME,
    WITHDRAWN,
    DeviateReason,
    FollowReason,
    NoticeEnd,
    WithdrawReason,
)
from mixwijzer.web.letting.screens.advice import (
    CategoryCard,
    Place,
    Veil,
    cards_of,
    channels_of,
    language,
    reason_lines,
    room_elsewhere,
    told,
    veil_of,
    way_name,
    ways_of,
)
from mixwijzer.web.letting.screens.later import LaterCard, later_card
from mixwijzer.web.letting.screens.matching import before_key
from mixwijzer.web.letting.selectors import (
    AnswerView,
    HistoryLine,
    PastDecision,
    QuestionView,
    VacancyLine,
    VacancyPage,
)
from mixwijzer.web.letting.transitions import Event as Transition
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_column
from mixwijzer.web.ui.components import (
    Channel,
    Column,
    Crumb,
    DataTable,
    Event,
    Fact,
    Link,
    Option,
    ReasonLine,
    Stamp,
    Step,
    StepState,
)
from mixwijzer.web.ui.estimates import Estimate, estimates

__all__ = ["VacancyScreen", "vacancies_table", "vacancy_screen"]

_ICONS = {
    "notice": "key-round",
    "answer": "pencil",
    "open": "file-text",
    "decide": "check",
    "propose": "users",
    "confirm": "circle-check",
    "return": "arrow-left",
    "withdraw": "undo-2",
    "anew": "undo-2",
    "hand_over": "users",
    "open_matching": "users",
    "stop_matching": "undo-2",
    "reserve": "user-plus",
    "free": "users",
    "let": "key-round",
    "unlet": "undo-2",
    "correct": "pencil",
    "close": "lock",
    "reopen": "undo-2",
}

_DECISION = 3  # its place among the steps
_AT = {
    State.NOTICED: 1,
    State.VIEWED: 2,
    State.ADVISED: _DECISION,
    State.SECOND_READING: _DECISION,
    State.DECIDED: 4,
    State.IN_MATCHING: 4,
    State.RESERVED: 5,
}


_AFTER = {
    "hand_over": 1,
    "answer": 2,
    "open": 3,
    "propose": 3,
    "return": 3,
    "withdraw": 3,
    "anew": 1,
    "decide": 4,
    "confirm": 4,
    "free": 4,
    "unlet": 4,
    "reserve": 5,
    "let": 6,
}
"""How many steps are done after an event; of a vacancy that is closed, the last one tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody said about this vacancy."""

    title: str
    numbers: str
    unchanged: bool
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyScreen:
    """Everything the vacancy page draws."""

    page: VacancyPage
    crumbs: tuple[Crumb, ...]
    status: str
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...]
    history: tuple[Event, ...]
    hidden: Veil | None
    explanation: Explanation | None
    first: CategoryCard | None
    cards: tuple[CategoryCard, ...]
    later: LaterCard | None
    channels: tuple[Channel, ...]
    recommended: str
    recommended_name: str
    ways: tuple[Option, ...]
    follow: tuple[Option, ...]
    deviate: tuple[Option, ...]
    reasons: tuple[ReasonLine, ...]
    estimates: tuple[Estimate, ...]
    known: str
    known_options: tuple[Option, ...]
    answers: tuple[Answer, ...]
    decision_way: str
    decision_reason: str
    before_key: str
    places: tuple[Place, ...]
    number: str
    colleagues: tuple[PersonLine, ...]
    may_improve: bool
    may_decide: bool
    may_withdraw: bool
    may_anew: tuple[Option, ...]
    anew: str
    past: tuple[Fact, ...]
    may_read: bool
    may_hand_over: bool
    over: str
    again: str
    may_correct: bool
    ends: tuple[Option, ...]
    stamp: Stamp


def vacancy_screen(page: VacancyPage, typed: Mapping[str, str] | None = None) -> VacancyScreen:
    """Turn a vacancy into what its page draws; `typed` is a form that was not accepted."""
    advice = page.advice if isinstance(page.advice, Advice) else None
    explanation = told(advice, page.names) if advice else None
    cards = cards_of(advice, explanation)
    return VacancyScreen(
        page=page,
        crumbs=_crumbs(page),
        status=str(State(page.state).label),
        steps=_steps(page),
        facts=_facts(page),
        history=tuple(_event(line, page.facts.notice) for line in page.history),
        hidden=veil_of(page.advice),
        explanation=explanation,
        first=next(
            (card for card in cards if explanation and card.text.category == explanation.category),
            None,
        ),
        cards=cards,
        later=later_card(advice, explanation, page.priced),
        channels=channels_of(advice, explanation),
        recommended=(advice.recommended or "") if advice else "",
        recommended_name=way_name(advice),
        ways=ways_of(advice),
        follow=tuple(_option(FollowReason(code)) for code in page.follow_reasons),
        deviate=tuple(_option(DeviateReason(code)) for code in page.deviate_reasons),
        reasons=reason_lines(advice, explanation),
        estimates=_fields(page.question, typed) if page.question else (),
        known=_known(page, typed),
        known_options=tuple(Option(value=each, label=label) for each, label in _known_words()),
        answers=tuple(_answer(each) for each in page.answers),
        decision_way=page.decision.channel_name.get(language(), "") if page.decision else "",
        decision_reason=_reason_word(page),
        before_key=before_key(page.decision.before_key) if page.decision else "",
        places=room_elsewhere(advice, page.alternatives),
        number=page.facts.address.rpartition(" ")[2],
        colleagues=page.colleagues,
        may_improve=Transition.ANSWER in page.may and page.question is None,
        may_decide=Transition.DECIDE in page.may and page.fresh,
        may_withdraw=Transition.WITHDRAW in page.may and page.decision is not None,
        may_anew=_may_anew(page),
        anew=_anew(page),
        past=tuple(_past(each) for each in page.past),
        may_read=Transition.CONFIRM in page.may
        and page.decision is not None
        and not page.decision.mine,
        may_hand_over=Transition.HAND_OVER in page.may and bool(page.colleagues),
        over=_over(page),
        again=_again(page),
        may_correct=Transition.CORRECT in page.may,
        ends=_ends(page),
        stamp=Stamp(
            data_of=page.data_date or page.facts.notice,
            norms=advice.normset if advice else "",
            method_href=reverse("desk:method"),
        ),
    )


def vacancies_table(lines: Sequence[VacancyLine]) -> DataTable:
    """List vacancies, one row each."""
    return DataTable(
        caption=_("Open vacancies"),
        columns=(
            Column(label=_("Home")),
            Column(label=_("Complex")),
            Column(label=_("Step")),
            Column(label=_("With")),
            Column(label=_("Free")),
            Column(label=_("Decide by")),
        ),
        rows=tuple(
            (
                Link(label=line.address, href=reverse("letting:vacancy", args=[line.id])),
                Link(label=line.complex.name, href=reverse("desk:complex", args=[line.complex.id])),
                str(State(line.state).label) if line.responsible else _("not assigned yet"),
                line.responsible or _("nobody yet"),
                formats.free(line.free_from),
                formats.day(line.decide_by, "short") if line.decide_by else "–",
            )
            for line in lines
        ),
    )


def _fields(question: QuestionView, typed: Mapping[str, str] | None) -> tuple[Estimate, ...]:
    before = {each.category: each for each in question.before.categories} if question.before else {}
    return estimates(question.categories, typed, before)


def _answer(view: AnswerView) -> Answer:
    names = {"who": view.by, "day": formats.day(view.on, "short")}
    title = _("Your view, %(day)s:") % names if view.mine else _("%(who)s, %(day)s:") % names
    numbers = ", ".join(
        f"{category_column(each.category)} {each.low} · {each.best} · {each.high}"
        for each in view.categories
    )
    return Answer(title=title, numbers=numbers, unchanged=view.unchanged, mine=view.mine)


def _known_words() -> tuple[tuple[str, str], ...]:
    return (
        (Known.ALL, _("nearly everybody")),
        (Known.MOST, _("most")),
        (Known.PART, _("a part")),
    )


def _known(page: VacancyPage, typed: Mapping[str, str] | None) -> str:
    if typed is not None:
        return typed.get("known", "")
    before = page.question.before if page.question else None
    return before.known if before else ""


def _option(reason: FollowReason | DeviateReason) -> Option:
    return Option(value=reason.value, label=reason.label)


def _reason_word(page: VacancyPage) -> str:
    if page.decision is None:
        return ""
    words = FollowReason if page.decision.followed else DeviateReason
    return str(words(page.decision.reason).label)


def _crumbs(page: VacancyPage) -> tuple[Crumb, ...]:
    return (
        Crumb(label=_("Vacancies"), href=reverse("letting:vacancies")),
        Crumb(label=page.complex.name, href=reverse("desk:complex", args=[page.complex.id])),
        Crumb(label=page.facts.address),
    )


def _steps(page: VacancyPage) -> tuple[Step, ...]:
    """Tell the way from notice to key: what is done, where it is now."""
    passed = {"answer": 1, "open": 2, "decide": 3, "confirm": 3, "reserve": 4, "let": 5}
    days: dict[int, str] = {0: formats.day(page.facts.notice, "short")}
    for line in reversed(page.history):
        if line.event in passed:
            days[passed[line.event]] = formats.day(line.at, "short")
    names = (
        _("Notice"),
        _("Your view"),
        _("Advice"),
        _("Decision"),
        _("Candidate"),
        _("Key"),
    )
    closed = page.state == State.CLOSED  # then nothing is going on, and what was done stays done
    current = _reached(page) if closed else _AT.get(State(page.state), len(names))
    if page.facts.publication and current <= _DECISION and not closed:
        day = formats.day(page.facts.publication, "short")
        days[_DECISION] = _("before %(day)s") % {"day": day}
    return tuple(
        Step(
            label=name,
            note=days.get(place, "") if place < current or place == _DECISION else "",
            state=StepState.DONE
            if place < current
            else StepState.CURRENT
            if place == current and not closed
            else StepState.AHEAD,
        )
        for place, name in enumerate(names)
    )


def _reached(page: VacancyPage) -> int:
    """Return how many of the steps were done when the notice was over."""
    came = [_AFTER[line.event] for line in page.history if line.event in _AFTER]  # latest first
    return came[0] if came else 1


def _facts(page: VacancyPage) -> tuple[Fact, ...]:
    home = page.facts
    rooms = formats.rooms(home.rooms) or _("not known")
    lift = _("accessible") if home.accessible else ""
    floor = _("floor %(floor)d") % {"floor": home.floor} if home.floor is not None else ""
    decide_by = formats.day(home.publication) if home.publication else _("not planned yet")
    return (
        Fact(term=_("Home"), value=rooms, note=", ".join(filter(None, (floor, lift)))),
        Fact(
            term=_("Rent"),
            value=_("%(rent)s a month") % {"rent": formats.euro(home.rent)}
            if home.rent is not None
            else _("not known"),
        ),
        Fact(
            term=_("Home free"),
            value=formats.free(home.free_from, "year"),
            note=_("notice given on %(day)s") % {"day": formats.day(home.notice, "short")},
        ),
        Fact(
            term=_("Decide by"),
            value=decide_by,
            note=_("then the advertisement goes online") if home.publication else "",
        ),
    )


def _event(line: HistoryLine, notice: date) -> Event:
    titles = {
        "notice": _("Notice given"),
        "answer": _("Own view given"),
        "open": _("Advice opened"),
        "decide": _("Decision recorded"),
        "propose": _("Decision proposed"),
        "confirm": _("Second reader agreed"),
        "return": _("Second reader returned it"),
        "withdraw": _("Decision taken back"),
        "anew": _("Way to be chosen anew"),
        "hand_over": _("Handed over"),
        "open_matching": _("Looking for a candidate"),
        "stop_matching": _("Stopped looking"),
        "reserve": _("Candidate proposed"),
        "free": _("Free for another candidate"),
        "let": _("Let"),
        "unlet": _("Not let after all"),
        "correct": _("Notice corrected"),
        "close": _("Closed"),
        "reopen": _("Notice open again"),
    }
    return Event(
        on=notice if line.event == "notice" else line.at,
        icon=_ICONS.get(line.event, "info"),
        title=titles[line.event],
        text=" · ".join(filter(None, [line.who, _other_group(line), _why(line), *_days(line)])),
    )


def _over(page: VacancyPage) -> str:
    """Say since when there is nothing left to decide, and why."""
    closing = (line for line in page.history if line.event == Transition.CLOSE)
    line = next(closing, None)
    if page.state != State.CLOSED or line is None:
        return ""
    told = {"day": formats.day(line.at, "long"), "why": _why(line)}
    return (_("Since %(day)s: %(why)s.") if told["why"] else _("Since %(day)s.")) % told


def _again(page: VacancyPage) -> str:
    """Say that a notice that was over counts again, until somebody goes on with it."""
    line = page.history[0]
    if line.event != Transition.REOPEN:
        return ""
    told = [
        _("Since %(day)s the data no longer say that this notice is over.")
        % {"day": formats.day(line.at, "long")}
    ]
    if line.facts.get("decided"):
        told.append(_("What was decided stands again, and is promised again."))
    if page.state == State.IN_MATCHING:
        told.append(_("Matches that were called off can be opened again."))
    return " ".join(told)


def _may_anew(page: VacancyPage) -> tuple[Option, ...]:
    """Offer why the way is chosen anew, once the advertisement is out and nobody came."""
    if Transition.ANEW not in page.may or page.decision is None:
        return ()
    return tuple(Option(value=each.value, label=each.label) for each in NOBODY_CAME)


def _anew(page: VacancyPage) -> str:
    """Say that the way is to be chosen anew and why, until somebody decided."""
    told = (line for line in page.history if line.event in ("decide", "propose", Transition.ANEW))
    line = next(told, None)
    if line is None or line.event != Transition.ANEW or page.state == State.CLOSED:
        return ""
    return _("%(who)s, %(day)s: %(why)s.") % {
        "who": line.who,
        "day": formats.day(line.at, "long"),
        "why": _why(line),
    }


def _past(past: PastDecision) -> Fact:
    """Tell a decision that stands no longer."""
    why = WithdrawReason(past.why).label
    return Fact(
        term=past.channel_name.get(language(), ""),
        value=_("%(who)s, %(day)s") % {"who": past.by, "day": formats.day(past.at, "short")},
        note=_("until %(day)s, %(who)s: %(why)s")
        % {"who": past.ended_by, "day": formats.day(past.ended_at, "short"), "why": why},
    )


def _ends(page: VacancyPage) -> tuple[Option, ...]:
    """Offer why a notice is withdrawn, to who may and as long as the home isn't let."""
    if Transition.CLOSE not in page.may or page.state == State.LET:
        return ()
    return tuple(Option(value=each.value, label=each.label) for each in WITHDRAWN)


def _days(line: HistoryLine) -> Iterator[str]:
    """Say which days of a notice were corrected, and what they were."""
    sentences = {
        "free_from": _("free from: %(day)s, was %(before)s"),
        "publication": _("decide by: %(day)s, was %(before)s"),
    }
    for name, sentence in sentences.items():
        if name in line.facts and f"{name}_before" in line.facts:
            names = {"day": line.facts[name], "before": line.facts[f"{name}_before"]}
            yield sentence % {key: _day(day) for key, day in names.items()}


def _day(text: str) -> str:
    return formats.day(date.fromisoformat(text)) if text else _("not planned yet")


def _why(line: HistoryLine) -> str:
    """Say why a notice was over, a home is not let after all, or a way is chosen anew."""
    if line.event == Transition.ANEW:
        return str(WithdrawReason(line.facts["reason"]).label)
    why = line.facts.get("why")
    words = UnletReason if line.event == Transition.UNLET else NoticeEnd
    return str(words(why).label) if why else ""


def _other_group(line: HistoryLine) -> str:
    """Say that a candidate is looked for of another group than was decided."""
    decided, chosen = line.facts.get("decided_group"), line.facts.get("group")
    if not decided:
        return ""
    group = group_word(chosen) if chosen else _("Open to everybody")
    return _("%(group)s, decided in the week round: %(decided)s") % {
        "group": group,
        "decided": group_word(decided),
    }
