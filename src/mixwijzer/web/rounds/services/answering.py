"""Ask parties when a sheet comes on the table, keep their answers, and decide without one.

A party works on rows of the association; that it is asked was looked up first, in a row that the
database itself shares with it. Locks are taken in the order of everything about a round: the trail,
the round, the home.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Missing, User, Visitor
from mixwijzer.web.accounts.permissions import Action, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.answer_steps import (
    ALLOWED,
    GO_ON_REASONS,
    AnswerAct,
    AnswerState,
    Side,
    after,
    fits,
    standing,
)
from mixwijzer.web.rounds.models import PartyAnswer, PartyAsk, RoundItem, WeekRound
from mixwijzer.web.rounds.refusals import (
    AnswerChanged,
    AnswerEnded,
    AnswerLate,
    AnswerNotNow,
    AnswerSettled,
    AnswerStale,
    NoYes,
    WordMissing,
)
from mixwijzer.web.rounds.services.calling import call_for_answers, call_for_reply
from mixwijzer.web.rounds.services.holding import item_held, locked
from mixwijzer.web.rounds.transitions import WeekState

__all__ = ["ask", "conditions_of", "go_back", "go_on", "reply"]


def ask(row: WeekRound, items: Sequence[RoundItem], *, by: User, now: datetime) -> None:
    """Ask who has to answer about the homes that wait; what was asked before and holds is kept."""
    day = localdate(now)
    waiting = [each for each in items if bridge.waits(each)]
    standing_asks = {
        (each.item_id, each.party_id): each
        for each in PartyAsk.objects.for_organisation(row.owner_id).filter(
            item__in=[each for each in items if not bridge.stands(each) or bridge.fell_off(each)],
            ended_at=None,
        )
    }
    wanted = bridge.asked_about(row, waiting, day)
    kept = {
        key
        for each in wanted
        if (old := standing_asks.get(key := (each.item.pk, each.party.pk)))
        and old.silence == each.silence
        and not bridge.differs(old.told, old.due, each, day=day)
    }
    over = [each.pk for key, each in standing_asks.items() if key not in kept]
    PartyAsk.objects.for_organisation(row.owner_id).filter(pk__in=over).update(ended_at=now)
    made = [
        PartyAsk(
            owner_id=row.owner_id,
            party=each.party,
            item=each.item,
            side=each.side,
            silence=each.silence,
            due=each.due,
            told=dict(each.told),
            because=dict(each.because),
            asked_at=now,
            asked_by=by,
        )
        for each in wanted
        if (each.item.pk, each.party.pk) not in kept
    ]
    PartyAsk.objects.for_organisation(row.owner_id).bulk_create(made)
    call_for_answers(made, by=by, now=now)


def reply(
    *, user: Visitor, ask: uuid.UUID, act: AnswerAct, word: str, version: int, now: datetime
) -> None:
    """Answer for a party, or take its answer back.

    Parameters
    ----------
    version
        How many lines there were on the page, so that a colleague's answer isn't overwritten.

    Raises
    ------
    Refusal
        `AnswerStale`, `AnswerEnded`, `AnswerSettled`, `AnswerLate`, `AnswerChanged`,
        `AnswerNotNow`, `WordMissing`; nothing was written then.
    """
    person = somebody(user)
    seen = PartyAsk.objects.one(user, ask)
    if seen.party_id not in person.owners(Action.ANSWER_ROUNDS):
        raise Missing
    with acting_for(seen.owner), transaction.atomic():
        row = _held(seen)
        _open(row, now)
        lines = _lines(row)
        if len(lines) != version:
            raise AnswerChanged(by=lines[-1].by.name if lines else "")
        _write(row, lines, act, Side(row.side), word, by=person, now=now)
        call_for_reply(row, act, by=person, now=now)


def _held(seen: PartyAsk) -> PartyAsk:
    """Return an ask with its home and round, locked."""
    item = RoundItem.objects.for_organisation(seen.owner_id).get(pk=seen.item_id)
    held = locked(item.week_round)
    rows = PartyAsk.objects.for_organisation(seen.owner_id).select_related("party")
    row = rows.get(pk=seen.pk)
    row.item = item_held(seen.owner_id, seen.item_id)
    row.item.week_round = held
    return row


def _open(row: PartyAsk, now: datetime) -> None:
    """Refuse when there is nothing to answer any more, with what changed."""
    day, held = localdate(now), row.item.week_round
    if bridge.fell_off(row.item):
        raise AnswerEnded
    if bridge.stands(row.item):
        raise AnswerSettled(by=row.item.answered_by.name if row.item.answered_by else "")
    asked = bridge.asked_about(held, [row.item], day)
    current = next((each for each in asked if each.party.pk == row.party_id), None)
    if current is None or held.state in {WeekState.DROPPED, WeekState.EXECUTED}:
        raise AnswerEnded
    if changes := bridge.differs(row.told, row.due, current, day=day):
        raise AnswerStale(changes)
    if row.ended_at is not None or held.state != WeekState.RELEASED:
        raise AnswerEnded(again=True)
    if row.due < day:
        raise AnswerLate(row.due)


def _lines(row: PartyAsk) -> list[PartyAnswer]:
    rows = PartyAnswer.objects.for_organisation(row.owner_id).filter(ask=row)
    return list(rows.select_related("by").order_by("pk"))


def _write(
    row: PartyAsk,
    lines: Sequence[PartyAnswer],
    act: AnswerAct,
    side: Side,
    word: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Write one line, as the table allows."""
    before, held = bridge.answer_state(lines), bridge.answer_state(lines[:-1])
    if side not in ALLOWED.get((before, act), frozenset()):
        raise AnswerNotNow(before, act)
    worth = standing(before, row.silence, row.due, localdate(now))
    if not fits(act, side, word, worth):
        raise WordMissing
    result = after(before, act, held)
    PartyAnswer(
        owner_id=row.owner_id,
        party_id=row.party_id,
        ask=row,
        at=now,
        by=by,
        side=side,
        act=act,
        before=before,
        after=result,
        word=word,
    ).save(force_insert=True)
    audit.record(
        organisation=row.owner,
        action=f"rounds.{act}",
        actor=by,
        subject=row.public_id,
        facts={"before": before, "after": result, "party": row.party.code}
        | ({"word": word} if word else {}),
        at=now,
    )


def go_on(item: RoundItem, words: Mapping[uuid.UUID, str], *, by: User, now: datetime) -> None:
    """Write down why it is decided about a home without the yes of who was asked.

    Raises
    ------
    NoYes
        Somebody didn't say yes, and no reason was chosen.
    """
    held_up = []
    for row in _standing(item):
        lines = _lines(row)
        state = bridge.answer_state(lines)
        if standing(state, row.silence, row.due, localdate(now)) in GO_ON_REASONS:
            held_up.append((row, lines))
    silent = [row.party.name for row, _ in held_up if not words.get(row.public_id)]
    if silent:
        raise NoYes(silent)
    for row, lines in held_up:
        word = words[row.public_id]
        _write(row, lines, AnswerAct.GO_ON, Side.ASSOCIATION, word, by=by, now=now)


def go_back(item: RoundItem, *, by: User, now: datetime) -> None:
    """Let answers stand again as they were before it was decided without a yes."""
    for row in _standing(item):
        lines = _lines(row)
        if bridge.answer_state(lines) is AnswerState.PASSED:
            _write(row, lines, AnswerAct.GO_BACK, Side.ASSOCIATION, "", by=by, now=now)


def conditions_of(item: RoundItem) -> tuple[str, ...]:
    """Return what parties that agree ask to be so before the key, each once, as they were asked."""
    last = (lines[-1] for row in _standing(item) if (lines := _lines(row)))
    words = (each.word for each in last if each.after == AnswerState.AGREED_IF)
    return tuple(dict.fromkeys(words))


def _standing(item: RoundItem) -> list[PartyAsk]:
    rows = PartyAsk.objects.for_organisation(item.owner_id).filter(item=item, ended_at=None)
    return list(rows.select_related("party", "owner").order_by("pk"))
