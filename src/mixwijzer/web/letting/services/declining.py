"""A match that doesn't go on: refuse, confirm or set aside, step back, call off, expire, reopen.

A refusal says nothing about a candidate by itself: what follows from it is chosen when somebody
else confirms it, and by default nothing does.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.match_steps import ACTIVE, REASONS, Act, Consequence, MatchState, resumed
from mixwijzer.web.letting.models import Candidate, Match, MatchStep
from mixwijzer.web.letting.refusals import NotNow, NotYours, ReasonMissing
from mixwijzer.web.letting.selectors.matching import TERMS, late
from mixwijzer.web.letting.services.candidates import rest
from mixwijzer.web.letting.services.conditions import ask_as_decided
from mixwijzer.web.letting.services.moving import move
from mixwijzer.web.letting.services.stepping import (
    came_free,
    candidate_of,
    in_the_way,
    locked_match,
    stepped,
    way_of,
)
from mixwijzer.web.letting.transitions import Event, State

__all__ = ["call_off", "decline", "expire_due", "reopen", "settle", "step_back"]


def decline(*, user: Visitor, match: uuid.UUID, reason: str, version: int, now: datetime) -> None:
    """Say no to a step, with a reason of the list of that hand; somebody else confirms it."""
    seen = Match.objects.one(user, match)
    with acting_for(seen.owner), transaction.atomic():
        row = locked_match(user, match, version=version)
        hand = stepped(row, Act.DECLINE, by=somebody(user), now=now, reason=reason)
        if reason not in REASONS[hand]:
            raise ReasonMissing(following=False, reason=reason)
        row.reason = reason
        row.save(update_fields=["reason"])


@transaction.atomic
def settle(
    *,
    user: Visitor,
    match: uuid.UUID,
    act: Act,
    consequence: str = Consequence.NONE,
    version: int,
    now: datetime,
) -> None:
    """Confirm a refusal with what follows from it, set it aside, or give it back.

    Raises
    ------
    NotYours
        Who refused can't settle it himself.
    """
    if act not in (Act.CONFIRM, Act.OVERRIDE, Act.RETURN) or consequence not in Consequence.values:
        raise ReasonMissing(following=False, reason=consequence)
    row = locked_match(user, match, version=version)
    steps = MatchStep.objects.for_organisation(row.owner_id).filter(match=row, act=Act.DECLINE)
    refused = steps.last()
    actor = somebody(user)
    if refused is not None and row.state == MatchState.DECLINING and refused.by_id == actor.pk:
        raise NotYours
    facts = {"consequence": str(consequence)} if act is Act.CONFIRM else {}
    stepped(row, act, by=actor, now=now, reason=row.reason, facts=facts)
    if act is not Act.CONFIRM:
        row.reason = ""
        row.save(update_fields=["reason"])
        return
    row.consequence = consequence
    row.save(update_fields=["consequence"])
    _follows(row, consequence, actor, now)
    came_free(row, by=actor, now=now)


def _follows(row: Match, consequence: str, actor: User, now: datetime) -> None:
    if consequence == Consequence.NONE:
        return
    again = consequence == Consequence.REASSESSED
    until = None if again else localdate(now) + timedelta(days=int(consequence))
    person = candidate_of(row.owner_id, row.candidate)
    rest(person, until=until, until_reassessed=again, by=actor, now=now)


@transaction.atomic
def step_back(*, user: Visitor, match: uuid.UUID, version: int, now: datetime) -> None:
    """Go one step back."""
    row = locked_match(user, match, version=version)
    stepped(row, Act.BACK, by=somebody(user), now=now)


@transaction.atomic
def call_off(*, user: Visitor, match: uuid.UUID, version: int, now: datetime) -> None:
    """Call a match off; the home is free again, and the next in line is proposed."""
    row = locked_match(user, match, version=version)
    active = row.state in ACTIVE
    stepped(row, Act.CANCEL, by=somebody(user), now=now)
    if active:
        came_free(row, by=somebody(user), now=now)


@transaction.atomic
def reopen(*, user: Visitor, match: uuid.UUID, version: int, now: datetime) -> None:
    """Open a match again at its last step, or one that is asked since; else say what is in the way.

    Raises
    ------
    Refusal
        `HomeTaken`, `CandidateTaken` or `CandidateRests`, with what is in the way; `NotNow` when
        nobody is looked for any more.
    """
    row = locked_match(user, match, version=version)
    person = candidate_of(row.owner_id, row.candidate)
    in_the_way(row.vacancy, person, now)
    if row.vacancy.state != State.IN_MATCHING:
        raise NotNow(state=row.vacancy.state, event=Event.RESERVE)
    actor = somebody(user)
    _as_decided_now(row, person, now)
    stepped(row, Act.REOPEN, by=actor, now=now)
    row.reason = row.consequence = ""
    row.save(update_fields=["reason", "consequence"])
    ask_as_decided(row, now=now)  # it may be decided anew since
    move(row.vacancy, Event.RESERVE, by=actor, now=now, facts={"candidate": row.candidate})


def _as_decided_now(row: Match, person: Candidate, now: datetime) -> None:
    """Give a match the steps that are asked today; the channel may be another than before."""
    way = way_of(row.vacancy, person, localdate(now))
    if row.held:
        before = tuple(MatchState(each) for each in row.way)
        row.held = resumed(MatchState(row.held), before, way)
    row.way = list(way)


@transaction.atomic
def expire_due(*, owner: Organisation, now: datetime) -> int:
    """Let the matches of an association end of which the term of the step has passed."""
    audit.lock(owner)  # first, as everybody does: nobody else steps meanwhile
    rows = Match.objects.for_organisation(owner).filter(state__in=sorted(ACTIVE))
    due = [
        each
        for each in rows.select_related("vacancy").order_by("pk")
        if each.state in each.way and late(each, now, TERMS)
    ]
    for row in due:
        stepped(row, Act.EXPIRE, by=None, now=now)
        came_free(row, by=None, now=now)
    return len(due)
