"""Everything on the page of one vacancy, for one reader."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import may, somebody
from mixwijzer.web.accounts.roles import Action, Role
from mixwijzer.web.accounts.selectors import PersonLine, members
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.bridge import Advice, Case
from mixwijzer.web.letting.models import Advice as Opened
from mixwijzer.web.letting.models import Decision, Question, Step, Vacancy, Withdrawal
from mixwijzer.web.letting.selectors.elsewhere import (
    AlternativeLine,
    Places,
    places_with_room,
)
from mixwijzer.web.letting.selectors.lines import (
    Hidden,
    PastAnswer,
    QuestionLine,
    hidden_complexes,
    prefilled,
    said,
)
from mixwijzer.web.letting.selectors.vocabulary import offered
from mixwijzer.web.letting.transitions import OPEN, PERMISSION, Event, allowed
from mixwijzer.web.register.models import (
    AccountState,
    ComplexFacts,
    Delivery,
    Dwelling,
    Judgement,
    Notice,
    Undertaking,
)

__all__ = [
    "AnswerView",
    "ComplexLine",
    "DecisionView",
    "Facts",
    "HistoryLine",
    "PastDecision",
    "Priced",
    "QuestionView",
    "VacancyPage",
    "vacancy_of",
    "vacancy_page",
]

NOTICE = "notice"  # occasion of what is said about a vacancy


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the home itself."""

    address: str
    dwelling: uuid.UUID
    stairwell: str | None
    rooms: int | None
    rent: Decimal | None
    floor: int | None
    accessible: bool
    notice: date
    free_from: date
    publication: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexLine:
    """The complex around a home."""

    id: uuid.UUID
    code: str
    name: str
    neighbourhood: str
    homes: int
    open_vacancies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """How is it here, without this household? `before` is the judge's own last answer."""

    households: int
    categories: tuple[str, ...]
    before: PastAnswer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """What was answered about this vacancy, by whom."""

    by: str
    on: date
    known: str
    categories: tuple[QuestionLine, ...]
    unchanged: bool
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """The decision that stands; `until` is the day from which it can't be taken back.

    `mine`: this reader took it, so somebody else reads along. `before_key` is what was asked in a
    week round.
    """

    id: uuid.UUID
    channel: str
    channel_name: Mapping[str, str]
    advised_channel: str
    followed: bool
    reason: str
    by: str
    mine: bool
    at: datetime
    until: date | None
    waits_for_reader: bool
    read_by: str
    before_key: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """A decision that stands no longer: what and who, and when and why it was taken back."""

    channel_name: Mapping[str, str]
    by: str
    at: datetime
    ended_at: datetime
    ended_by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One step: what, who, when, with its facts."""

    at: datetime
    who: str
    event: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """When ahead was looked for the advice that is shown; `old` where rows came in since."""

    at: datetime
    old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyPage:
    """Everything on the page of one vacancy.

    `version` goes into the form. `fresh` is False when the advice was opened and would now say
    something else. `priced` is when ahead was looked; None: nobody did yet. `question` is
    filled for who is asked and hasn't answered. `may` is what this reader can do now. `advice`
    carries the alternatives that the reader may see; `names` and `places` are their addresses
    and ids. `past` are decisions that stand no longer, the latest first.
    """

    id: uuid.UUID
    code: str
    version: int
    state: str
    facts: Facts
    complex: ComplexLine
    responsible: str
    mine: bool
    colleagues: tuple[PersonLine, ...]
    judges: tuple[PersonLine, ...]
    question: QuestionView | None
    answers: tuple[AnswerView, ...]
    advice: Advice | Hidden | None
    opened_at: datetime | None
    fresh: bool
    priced: Priced | None
    alternatives: tuple[AlternativeLine, ...]
    names: Mapping[str, str]
    places: Mapping[str, uuid.UUID]
    decision: DecisionView | None
    past: tuple[PastDecision, ...]
    may: frozenset[Event]
    follow_reasons: tuple[str, ...]
    deviate_reasons: tuple[str, ...]
    history: tuple[HistoryLine, ...]
    data_date: date | None
    synthetic: bool


def vacancy_page(
    user: Visitor, vacancy: uuid.UUID, *, now: datetime, again: bool = False
) -> VacancyPage:
    """Return the page of one vacancy for this reader, in a fixed number of queries.

    With `again` whoever answered gets the question once more, to correct the answer.

    Raises
    ------
    Missing
        No such vacancy, or another organisation's.
    """
    row = Vacancy.objects.one(user, vacancy)
    return _Paging(somebody(user), row, localdate(now), again=again).page()


def vacancy_of(user: Visitor, decision: uuid.UUID) -> uuid.UUID:
    """Return which vacancy a decision is about; `Missing` for whoever doesn't see it."""
    return Decision.objects.one(user, decision).vacancy.public_id


class _Paging:
    """The making of one page."""

    def __init__(self, user: User, row: Vacancy, day: date, *, again: bool) -> None:
        self.user, self.row, self.day, self.again = user, row, day, again
        self.works = may(user, Action.SEE_ADVICE, row)
        self.secret = hidden_complexes(user)
        self.hidden = self._first_view()

    def _first_view(self) -> Hidden | None:
        """Return what hides the advice here.

        Who gave his view in a round and waits for a colleague is not kept from deciding.
        """
        hidden = self.secret.get(self.row.complex_id)
        return hidden if hidden and hidden.asked else None

    def page(self) -> VacancyPage:
        """Put the page together."""
        row, facts = self.row, self._facts()
        case = self._case()
        places = self._places(case)
        delivery = self._of(Delivery).order_by("-at", "-pk").first()
        return VacancyPage(
            id=row.public_id,
            code=row.code,
            version=row.version,
            state=row.state,
            facts=facts,
            complex=self._complex(),
            responsible=row.responsible.name if row.responsible else "",
            mine=row.responsible_id == self.user.pk,
            colleagues=members(row.owner_id, frozenset({Role.CONSULTANT, Role.HEAD})),
            judges=self._judges(),
            question=self._question(),
            answers=self._answers(),
            advice=self._advice(case, places),
            opened_at=self._opened.opened_at if self._opened else None,
            fresh=self._same_answer(case),
            priced=self._priced(case, delivery),
            alternatives=places.lines,
            names=places.names,
            places=places.ids,
            decision=self._decision(facts),
            past=self._past(),
            may=self._possible(facts),
            follow_reasons=offered(self.row.owner_id, "follow"),
            deviate_reasons=offered(self.row.owner_id, "deviate"),
            history=tuple(_history(each) for each in reversed(self._told)),
            data_date=delivery.data_date if delivery else None,
            synthetic=bool(delivery and delivery.synthetic),
        )

    def _of(self, model: type[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.for_organisation(self.row.owner_id)
        return rows

    @cached_property
    def _told(self) -> list[Step]:
        return list(self._of(Step).filter(vacancy=self.row).select_related("by").order_by("pk"))

    @cached_property
    def _opened(self) -> Opened | None:
        found: Opened | None = self._of(Opened).filter(vacancy=self.row).order_by("-pk").first()
        return found

    @cached_property
    def _questions(self) -> list[Question]:
        """The questions about this vacancy, to anybody."""
        return list(self._of(Question).filter(vacancy=self.row).order_by("pk"))

    def _facts(self) -> Facts:
        row = self.row
        home = Dwelling.last_known(row.owner_id, "code", [row.dwelling])[row.dwelling]
        notice = Notice.last_known(row.owner_id, "code", [row.code])[row.code]
        return Facts(
            address=home.address or home.code,
            dwelling=home.public_id,
            stairwell=home.stairwell,
            rooms=home.rooms,
            rent=home.rent,
            floor=home.floor,
            accessible=home.accessible,
            notice=notice.notice,
            free_from=notice.free_from,
            publication=notice.publication,
        )

    def _complex(self) -> ComplexLine:
        row = self.row
        own = ComplexFacts.last_known(row.owner_id, "complex_id", [row.complex_id])[row.complex_id]
        open_ones = self._of(Vacancy).filter(complex=self.row.complex_id, state__in=OPEN)
        states = self._of(AccountState).filter(
            complex=self.row.complex_id, scope_code=own.complex.code
        )
        return ComplexLine(
            id=own.complex.public_id,
            code=own.complex.code,
            name=own.name,
            neighbourhood=own.neighbourhood or "",
            homes=states.values_list("base", flat=True).first() or 0,
            open_vacancies=open_ones.count(),
        )

    def _judges(self) -> tuple[PersonLine, ...]:
        """Return who else knows this complex."""
        rows = self._of(Undertaking).filter(complex=self.row.complex_id).select_related("user")
        return tuple(
            _person(each.user, Role(each.role))
            for each in rows.order_by("role")
            if each.user_id != self.user.pk
        )

    def _question(self) -> QuestionView | None:
        asked = self.hidden is not None and self.row.public_id in self.hidden.vacancies
        may_correct = self.again and Event.ANSWER in self._possible(self._facts())
        if not asked and not may_correct:
            return None
        households, before = prefilled(self.user, self.row, self.day)
        return QuestionView(
            households=households, categories=bridge.asked_categories(self.day), before=before
        )

    def _answers(self) -> tuple[AnswerView, ...]:
        """Return what was said when this vacancy was asked about; nobody's before one's own."""
        if not self.works or self.hidden:
            return ()
        days = {
            (each.asked_id, localdate(each.answered_at))
            for each in self._questions
            if each.answered_at is not None
        }
        told = self._of(Judgement).filter(
            complex=self.row.complex_id,
            on__in={day for _, day in days},
            occasion=NOTICE,
            replaced_at=None,
        )
        rows: dict[str, list[Judgement]] = {}
        for each in told.select_related("judge").order_by("on", "pk"):
            if (each.judge_id, each.on) in days:
                rows.setdefault(each.by, []).append(each)
        same = {
            step.by_id: bool(step.facts.get("unchanged"))
            for step in self._told
            if step.event == Event.ANSWER
        }
        return tuple(self._answered(said_by, same) for said_by in rows.values())

    def _answered(self, rows: list[Judgement], same: Mapping[int | None, bool]) -> AnswerView:
        last = rows[-1]
        return AnswerView(
            by=last.judge.name if last.judge else "",
            on=last.on,
            known=last.known,
            categories=said([row for row in rows if row.on == last.on]),
            unchanged=same.get(last.judge_id, False),
            mine=last.judge_id == self.user.pk,
        )

    def _case(self) -> Case | None:
        """Return the case of today, as long as there is something to decide.

        Where nobody is asked yet nobody looks ahead: who takes it on says first how it is there.
        """
        row = self.row
        if not self.works or self.hidden or row.state not in OPEN:
            return None
        if all(each.released_at is not None for each in self._questions):
            return None
        return bridge.case_ahead(row.owner, row.complex_id, row.code, self.day)

    def _places(self, case: Case | None) -> Places:
        if case is None:
            return Places()
        return places_with_room(self.user, self.row.owner, self.row.complex_id, case)

    def _advice(self, case: Case | None, places: Places) -> Advice | Hidden | None:
        """Return the advice as it was opened, with where there is room today."""
        if not self.works:
            return None
        if self.hidden:
            return self.hidden
        if self._opened is not None:
            return bridge.with_alternatives(bridge.load_advice(self._opened.result), places.visible)
        return bridge.with_alternatives(case.advice, places.visible) if case else None

    def _same_answer(self, case: Case | None) -> bool:
        """Whether what was opened still says the same of every category and the best channel."""
        if self._opened is None or case is None:
            return True
        then = bridge.load_advice(self._opened.result)
        today = case.at_once
        return then.recommended == today.recommended and all(
            now.verdict == before.verdict
            for now, before in zip(today.categories, then.categories, strict=True)
        )

    def _priced(self, case: Case | None, delivery: Delivery | None) -> Priced | None:
        at = self._opened.priced_at if self._opened else case.priced_at if case else None
        return Priced(at=at, old=bool(delivery and delivery.at > at)) if at else None

    def _decision(self, facts: Facts) -> DecisionView | None:
        if not self.works:
            return None
        row = self.row.standing().select_related("actor", "read_by").first()
        if row is None:
            return None
        return DecisionView(
            id=row.public_id,
            channel=row.channel,
            channel_name=row.channel_name,
            advised_channel=row.advised_channel,
            followed=row.followed,
            reason=row.reason,
            by=row.actor.name,
            mine=row.actor_id == self.user.pk,
            at=row.at,
            until=facts.publication,
            waits_for_reader=row.needs_reader and row.read_at is None,
            read_by=row.read_by.name if row.read_by else "",
            before_key=tuple(row.conditions),
        )

    def _past(self) -> tuple[PastDecision, ...]:
        """Return the decisions that were taken back; none before one's own view."""
        if not self.works or self.hidden:
            return ()
        rows = self._of(Withdrawal).filter(decision__vacancy=self.row)
        told = rows.select_related("by", "decision__actor").order_by("-pk")
        return tuple(
            PastDecision(
                channel_name=each.decision.channel_name,
                by=each.decision.actor.name,
                at=each.decision.at,
                ended_at=each.at,
                ended_by=each.by.name,
                why=each.reason,
            )
            for each in told
        )

    def _possible(self, facts: Facts) -> frozenset[Event]:
        """Return what this reader can do now."""
        row = self.row
        possible = {
            each
            for each in Event
            if allowed(row.state, each) and may(self.user, PERMISSION[each], row)
        }
        if self.hidden:
            possible -= {Event.OPEN, Event.DECIDE, Event.PROPOSE, Event.CONFIRM, Event.RETURN}
        out = facts.publication is not None and facts.publication <= self.day
        possible -= {Event.WITHDRAW if out else Event.ANEW}
        asked = [each for each in self._questions if each.asked_id == self.user.pk]
        if not any(each.released_at is None for each in asked):
            possible -= {Event.ANSWER}
        return frozenset(possible)


def _person(user: User, role: Role) -> PersonLine:
    return PersonLine(id=user.public_id, name=user.name, role=str(role.label))


def _history(step: Step) -> HistoryLine:
    name = step.by.name if step.by else ""
    return HistoryLine(at=step.at, who=name, event=step.event, facts=step.facts)
