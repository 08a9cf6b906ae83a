"""First the question: how is it there, without this household? Then the advice opens."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.portfolio import Judgement, Known, Occasion, Scope
from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.models import Advice, Decision, Question, Vacancy
from mixwijzer.web.letting.refusals import NotNow, NotYours, QuestionFirst, WrongAnswer
from mixwijzer.web.letting.selectors.lines import prefilled
from mixwijzer.web.letting.services.moving import locked, move, open_question
from mixwijzer.web.letting.transitions import Event, allowed
from mixwijzer.web.register.services import record_judgements

__all__ = ["answer", "answer_unchanged", "open_advice", "open_for"]

Ranges = Mapping[str, tuple[int, int, int]]


@transaction.atomic
def answer(*, user: Visitor, vacancy: uuid.UUID, ranges: Ranges, known: str, now: datetime) -> None:
    """Record how it is there according to who was asked, and open the advice.

    Sent twice it is one answer: the same numbers on the same day say nothing new.

    Parameters
    ----------
    ranges
        Lowest, best and highest per category, of the households that stay [households].
    known
        How many of them the judge knows: `all`, `most` or `part`.

    Raises
    ------
    NotYours
        Somebody else was asked.
    WrongAnswer
        Not lowest ≤ best ≤ highest, or more than live there, each or together.
    """
    row = locked(user, vacancy, Event.ANSWER)
    _answered(row, somebody(user), ranges, Known(known), now, unchanged=False)


@transaction.atomic
def answer_unchanged(*, user: Visitor, vacancy: uuid.UUID, now: datetime) -> None:
    """Record that nothing changed since the judge's own last answer; one tap."""
    row = locked(user, vacancy, Event.ANSWER)
    _, before = prefilled(somebody(user), row, localdate(now))
    if before is None:
        raise NotNow(state=row.state, event="unchanged")
    ranges = {each.category: (each.low, each.best, each.high) for each in before.categories}
    _answered(row, somebody(user), ranges, Known(before.known), now, unchanged=True)


def _answered(
    row: Vacancy, user: User, ranges: Ranges, known: Known, now: datetime, *, unchanged: bool
) -> None:
    """Record the answer; it also answers what else this judge was asked about the place.

    Who is asked about three homes in one building says once how it is there.
    """
    mine = Question.objects.for_organisation(row.owner_id).filter(
        complex=row.complex_id, asked=user, released_at=None
    )
    if not mine.filter(vacancy=row).exists():
        raise NotYours
    if not allowed(row.state, Event.ANSWER):
        raise NotNow(state=row.state, event=Event.ANSWER)
    scope = _recorded(row, user, ranges, known, localdate(now), now)
    open_ones = mine.filter(answered_at=None).exclude(vacancy=row).select_related("vacancy")
    others = [each.vacancy for each in open_ones if bridge.asked_scope(each.vacancy) == scope]
    asked = [row, *others]
    mine.filter(answered_at=None, vacancy__in=asked).update(answered_at=now, unchanged=unchanged)
    for each in asked:
        move(each, Event.ANSWER, by=user, now=now, facts={"unchanged": unchanged})
        open_for(each, user, now)
    audit.record(
        organisation=row.owner,
        action="letting.answer",
        actor=user,
        subject=row.public_id,
        facts={"unchanged": unchanged, "vacancies": len(asked)},
        at=now,
    )


def _recorded(
    row: Vacancy, user: User, ranges: Ranges, known: Known, day: date, now: datetime
) -> Scope:
    scope = bridge.asked_scope(row)
    _together(_ordered(ranges), bridge.staying(row, day))
    try:
        record_judgements(
            owner=row.owner,
            complex_id=row.complex_id,
            judge=user,
            values=[
                Judgement(
                    scope=scope,
                    scheme=bridge.DEFAULT_SCHEME,
                    on=day,
                    by="",
                    known=known,
                    category=category,
                    low=low,
                    best=best,
                    high=high,
                    occasion=Occasion.NOTICE,
                    vacancy=row.code,
                )
                for category, (low, best, high) in ranges.items()
            ],
            day=day,
            now=now,
        )
    except AccountError as error:
        raise _wrong(error) from error
    return scope


def _ordered(ranges: Ranges) -> Ranges:
    """Refuse what the database would refuse, with the category's name."""
    for category, (low, best, high) in ranges.items():
        if not 0 <= low <= best <= high:
            raise WrongAnswer(category=category, low=low, best=best, high=high, households=-1)
    return ranges


def _together(ranges: Ranges, households: int) -> None:
    """Refuse likely numbers that can't be true together: a household is of one category."""
    if sum(best for _, best, _ in ranges.values()) > households:
        category, (low, best, high) = max(ranges.items(), key=lambda each: each[1][1])
        raise WrongAnswer(category=category, low=low, best=best, high=high, households=households)


def _wrong(error: AccountError) -> WrongAnswer:
    facts = {name: value for name, value in error.facts.items() if isinstance(value, int)}
    return WrongAnswer(
        category=error.subject,
        low=facts.get("low", 0),
        best=facts.get("best", 0),
        high=facts.get("high", 0),
        households=facts.get("present", 0),
    )


@transaction.atomic
def open_advice(*, user: Visitor, vacancy: uuid.UUID, now: datetime) -> None:
    """Open the advice again, because something changed since it was opened."""
    row = locked(user, vacancy, Event.OPEN)
    if not allowed(row.state, Event.OPEN):
        raise NotNow(state=row.state, event=Event.OPEN)
    if open_question(user, row.complex_id):
        raise QuestionFirst
    open_for(row, somebody(user), now)


def open_for(row: Vacancy, user: User, now: datetime) -> Advice:
    """Store the advice of this moment with everything it was made from, and say who opened it."""
    case = bridge.case_ahead(row.owner, row.complex_id, row.code, localdate(now))
    inputs = case.dump()
    last = Decision.objects.for_organisation(row.owner_id).order_by("-pk").only("pk").first()
    told = Advice(
        owner=row.owner,
        vacancy=row,
        opened_at=now,
        opened_by=user,
        day=case.day,
        inputs=inputs,
        inputs_hash=bridge.fingerprint(inputs),
        result=bridge.dump_advice(case.advice),
        engine_version=case.advice.engine_version,
        normset=case.advice.normset,
        after_decision=last.pk if last else 0,
        priced_at=case.priced_at,
    )
    told.save(force_insert=True)
    move(row, Event.OPEN, by=user, now=now)
    return told
