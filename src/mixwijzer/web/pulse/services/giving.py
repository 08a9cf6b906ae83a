"""Somebody says how it is in a place, or passes that on; two who differ have a word."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.pulse import bridge
from mixwijzer.web.pulse.bridge import Known, Said
from mixwijzer.web.pulse.models import Practice, Task, View
from mixwijzer.web.pulse.reasons import PassReason, StandReason
from mixwijzer.web.pulse.refusals import NotNow, NotYours, OwnViewFirst, ReasonMissing, WrongView
from mixwijzer.web.pulse.services.moving import locked_task, move, written
from mixwijzer.web.pulse.services.settling import compare, record
from mixwijzer.web.pulse.transitions import BLIND, PERMISSION, Event, RoundState, allowed

__all__ = ["adjust", "give", "leave", "pass_on", "practise"]

Ranges = Mapping[str, Said]


@transaction.atomic
def give(
    *, user: Visitor, task: uuid.UUID, ranges: Ranges, known: str, key: uuid.UUID, now: datetime
) -> None:
    """Keep how it is in a place; with the other's view in, the two are compared.

    Sent twice with one key it is one view. Who follows the round may type a paper sheet for its
    judge: the view is the judge's, and says who entered it.

    Raises
    ------
    WrongView
        The numbers can't be true together.
    OwnViewFirst
        Who types has still to say something about the same place.
    NotNow
        The round isn't running, or the two views were compared already.
    """
    row, person = _for(user, task, Event.GIVE)
    if _by_key(row, key):
        return
    _running(row, Event.GIVE)
    _keep(row, person, ranges, known, key, now, after_talk=False)
    move(row, Event.GIVE, by=person, now=now)
    written(row.place.round, person, "pulse.give", now, on_behalf=int(row.judge_id != person.pk))
    compare(row.place, by=person, now=now)


@transaction.atomic
def pass_on(*, user: Visitor, task: uuid.UUID, reason: str, now: datetime) -> None:
    """Say that somebody else should be asked about this place."""
    row, person = _for(user, task, Event.PASS_ON)
    if reason not in PassReason.values:
        raise ReasonMissing
    _running(row, Event.PASS_ON)
    move(row, Event.PASS_ON, by=person, now=now, reason=reason)
    written(row.place.round, person, "pulse.pass_on", now, reason=reason)


@transaction.atomic
def adjust(
    *, user: Visitor, task: uuid.UUID, ranges: Ranges, known: str, key: uuid.UUID, now: datetime
) -> None:
    """Adjust one's view after a word with the other; the first view stays in the history."""
    row, person = _for(user, task, Event.ADJUST)
    if _by_key(row, key):
        return
    _running(row, Event.ADJUST)
    _keep(row, person, ranges, known, key, now, after_talk=True)
    move(row, Event.ADJUST, by=person, now=now)
    record(row, now=now)
    written(row.place.round, person, "pulse.adjust", now)


@transaction.atomic
def leave(*, user: Visitor, task: uuid.UUID, reason: str, now: datetime) -> None:
    """Leave one's view as it is, after a word or without one."""
    row, person = _for(user, task, Event.LEAVE)
    if reason not in StandReason.values:
        raise ReasonMissing
    _running(row, Event.LEAVE)
    move(row, Event.LEAVE, by=person, now=now, reason=reason)
    written(row.place.round, person, "pulse.leave", now, reason=reason)


@transaction.atomic
def practise(*, user: Visitor, now: datetime) -> None:
    """Remember that somebody went through the examples, and nothing else."""
    person = somebody(user)
    require(person, Action.JUDGE)
    for owner in person.owners(Action.JUDGE):
        organisation = Organisation.objects.get(pk=owner)
        audit.lock(organisation)
        if not Practice.objects.for_organisation(owner).filter(user=person).exists():
            Practice(owner=organisation, user=person, at=now).save(force_insert=True)


def _for(user: Visitor, task: uuid.UUID, event: Event) -> tuple[Task, User]:
    """Return a task with who acts: its judge, or who follows the round and types his sheet."""
    row, person = locked_task(user, task), somebody(user)
    require(person, PERMISSION[event], row)
    if row.judge_id == person.pk:
        return row, person
    require(person, Action.PLAN_ROUNDS, row)
    mine = Task.objects.for_organisation(row.owner_id).filter(
        place=row.place_id, judge=person, state__in=BLIND
    )
    if mine.exists():
        raise OwnViewFirst
    if event in {Event.ADJUST, Event.LEAVE}:
        raise NotYours
    return row, person


def _running(row: Task, event: Event) -> None:
    if row.place.round.state != RoundState.OPEN or not allowed(row.state, event):
        raise NotNow(state=row.state, event=event)


def _by_key(row: Task, key: uuid.UUID) -> View | None:
    return View.objects.for_organisation(row.owner_id).filter(task=row, key=key).first()


def _keep(
    row: Task,
    person: User,
    ranges: Ranges,
    known: str,
    key: uuid.UUID,
    now: datetime,
    *,
    after_talk: bool,
) -> None:
    place, day = row.place, localdate(now)
    households = bridge.present(
        row.owner, place.complex_id, place.scope_kind, place.scope_code, place.settled_on or day
    )
    _checked(ranges, bridge.categories(day), known, households)
    View(
        owner=row.owner,
        task=row,
        at=now,
        key=key,
        known=known,
        ranges={category: asdict(each) for category, each in ranges.items()},
        households=households,
        after_talk=after_talk,
        entered_by=None if row.judge_id == person.pk else person,
    ).save(force_insert=True)


def _checked(ranges: Ranges, wanted: tuple[str, ...], known: str, households: int) -> None:
    """Refuse numbers that can't be true, and say which."""

    def refuse(trouble: str, category: str = "") -> None:
        raise WrongView(trouble=trouble, category=category, households=households)

    if known not in set(Known) or set(ranges) != set(wanted):
        refuse("missing")
    for category, each in ranges.items():
        if not 0 <= each.low <= each.best <= each.high:
            refuse("order", category)
        if max(each.high, each.plus or 0, each.minus or 0) > households:
            refuse("households", category)
        if min(each.plus or 0, each.minus or 0) < 0:
            refuse("order", category)
    if sum(each.best for each in ranges.values()) > households:
        refuse("sum")
