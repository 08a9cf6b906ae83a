"""Whom does a step of a round call, who may be told of it by mail?

The same people for whom it stands under *Waits for me* on the page of today; nothing is told of
homes, candidates or outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.accounts.selectors import holders
from mixwijzer.web.mail.models import Kind
from mixwijzer.web.mail.services import call
from mixwijzer.web.rounds.answer_steps import AnswerAct
from mixwijzer.web.rounds.city_steps import PERMISSION, CityEvent, Work
from mixwijzer.web.rounds.models import CityRound, PartyAsk, Seat
from mixwijzer.web.rounds.selectors.heard import TELLING, concerns, sees_sheet
from mixwijzer.web.rounds.selectors.waiting import next_step, settles, unsettled

__all__ = ["call_for_answers", "call_for_city", "call_for_reply", "call_to_table"]

CALLING = frozenset(
    {CityEvent.FINISH, CityEvent.RELEASE, CityEvent.ADOPT, CityEvent.CONFIRM, CityEvent.LEAVE}
)


def call_to_table(seat: Seat, *, by: User, now: datetime) -> None:
    """Tell who leads an association that a table waits for what it brings."""
    people = {seat.public_id: holders(seat.party_id, Action.READ_SECOND)}
    with acting_for(seat.party_id):
        call(owner=seat.party_id, kind=Kind.CITY_ROUND, people=people, by=by, now=now)


def call_for_answers(asked: Sequence[PartyAsk], *, by: User, now: datetime) -> None:
    """Tell the people of each party that its answer about a home is asked."""
    if asked:
        able = {key: holders(key, Action.ANSWER_ROUNDS) for key in {e.party_id for e in asked}}
        people = {each.public_id: able[each.party_id] for each in asked}
        call(owner=asked[0].owner_id, kind=Kind.WEEK_ROUND, people=people, by=by, now=now)


def call_for_reply(ask: PartyAsk, act: AnswerAct, *, by: User, now: datetime) -> None:
    """Tell who decides about a home that a party said more, or less, than a plain yes."""
    if act in TELLING:
        row = ask.item.week_round
        people = {row.public_id: tuple(_deciding(ask))}
        call(owner=row.owner_id, kind=Kind.WEEK_ROUND, people=people, by=by, now=now)


def _deciding(ask: PartyAsk) -> Iterable[User]:
    heads = holders(ask.owner_id, Action.READ_SECOND)
    for each in holders(ask.owner_id, Action.DECIDE):
        told = concerns(each, ask.item, leads=each in heads)
        if told and sees_sheet(each, ask.item.week_round):
            yield each


def call_for_city(row: CityRound, event: CityEvent, *, by: User | None, now: datetime) -> None:
    """Tell whom a round waits for after a step; nobody where it waits for none, or as before."""
    if event in CALLING and row.work == Work.NONE:
        people = {row.public_id: tuple(_people(row, event))}
        call(owner=row.owner_id, kind=Kind.CITY_ROUND, people=people, by=by, now=now)


def _people(row: CityRound, event: CityEvent) -> Iterable[User]:
    homes = unsettled(row)
    step = next_step(row, homes)
    action = PERMISSION[step] if step else None
    if step is None or action is None:
        return ()
    able = holders(row.owner_id, action)
    if step is not CityEvent.CONFIRM:
        return able
    if event is not CityEvent.ADOPT:  # who still has a home to settle heard it then
        return ()
    heads = holders(row.owner_id, Action.READ_SECOND)
    return [each for each in able if settles(each, homes, leads=each in heads)]
