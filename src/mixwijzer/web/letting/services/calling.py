"""Whom does a step of a vacancy or a match call, who may be told of it by mail?

The same people for whom it stands under *Waits for me* on the page of today; where any consultant
can do it, only the one who has the vacancy hears of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.accounts.selectors import holders
from mixwijzer.web.letting.match_steps import Hand
from mixwijzer.web.letting.models import Match, Vacancy
from mixwijzer.web.letting.selectors.matching import awaited, nobody_answers
from mixwijzer.web.letting.transitions import Event, State
from mixwijzer.web.mail.models import Kind
from mixwijzer.web.mail.services import call

__all__ = ["call_for_match", "call_for_vacancy", "call_for_view"]


def call_for_view(
    owner: int, vacancies: Iterable[Vacancy], *, by: User | None, now: datetime
) -> None:
    """Tell who has these vacancies that their own view is asked."""
    people = {each.public_id: [each.responsible] for each in vacancies if each.responsible}
    call(owner=owner, kind=Kind.QUESTION, people=people, by=by, now=now)


def call_for_vacancy(vacancy: Vacancy, event: Event, *, by: User | None, now: datetime) -> None:
    """Tell whom the new state of a vacancy waits for."""
    if vacancy.state == State.SECOND_READING:
        people = {vacancy.public_id: holders(vacancy.owner_id, Action.READ_SECOND)}
        call(owner=vacancy.owner_id, kind=Kind.SECOND_READING, people=people, by=by, now=now)
    elif event is Event.RETURN and vacancy.responsible is not None:
        people = {vacancy.public_id: (vacancy.responsible,)}
        call(owner=vacancy.owner_id, kind=Kind.DECISION, people=people, by=by, now=now)


def call_for_match(match: Match, *, by: User | None, now: datetime) -> None:
    """Tell whom the new step of a match waits for."""
    hand = awaited(match, alone=nobody_answers(match))
    if hand is not None:
        people = {match.public_id: _people(match, hand)}
        call(owner=match.owner_id, kind=Kind.MATCH, people=people, by=by, now=now)


def _people(match: Match, hand: Hand) -> Iterable[User]:
    heads = holders(match.owner_id, Action.SETTLE_REFUSALS)
    if hand is Hand.HEAD:
        return heads
    if hand is Hand.CONTACT:
        return [match.contact] if match.contact else []
    if hand is Hand.PARTNER:
        partner = match.partner_organisation_id
        return holders(partner, Action.SEE_OWN_MATCHES) if partner else ()
    action = Action.CHECK_LETTING if hand is Hand.AGENT else Action.MATCH
    found = [each for each in holders(match.owner_id, action) if each not in heads]
    if hand is Hand.CONSULTANT:
        return [each for each in found if each.pk == match.vacancy.responsible_id] or found
    return found
