"""Who is asked about what, from when until when; asked, followed and closed by one person."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Membership, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.mail.models import Kind
from mixwijzer.web.mail.services import call
from mixwijzer.web.pulse import bridge
from mixwijzer.web.pulse.fairness import share_out
from mixwijzer.web.pulse.models import Place, Round, Step, Task
from mixwijzer.web.pulse.refusals import (
    NoPlaces,
    NotAJudge,
    NotNow,
    NotYet,
    SamePerson,
    WrongDates,
)
from mixwijzer.web.pulse.services.moving import locked_round, move, move_round, written
from mixwijzer.web.pulse.services.settling import compare, settle
from mixwijzer.web.pulse.transitions import (
    Event,
    RoundEvent,
    RoundState,
    TaskState,
    allowed,
)
from mixwijzer.web.register.models import Complex

__all__ = ["assign", "close_round", "make_round", "start_round"]

JUDGES = 2  # people who are asked about a place


@transaction.atomic
def make_round(
    *,
    user: Visitor,
    name: str,
    start: date,
    until: date,
    complexes: Collection[uuid.UUID],
    by_group: bool,
    key: uuid.UUID,
    now: datetime,
) -> Round:
    """Plan a round, with a proposal of whom to ask; the same form sent twice is one round."""
    person = somebody(user)
    require(person, Action.PLAN_ROUNDS)
    owner = Organisation.objects.get(pk=min(person.owners(Action.PLAN_ROUNDS)))
    audit.lock(owner)
    before = Round.objects.for_organisation(owner).filter(key=key).first()
    if before:
        return before
    if until < start:
        raise WrongDates
    places = _spots(owner, complexes, localdate(now), by_group=by_group)
    if not places:
        raise NoPlaces
    row = Round(
        owner=owner, name=name, start=start, until=until, made_by=person, made_at=now, key=key
    )
    row.save(force_insert=True)
    Step(owner=owner, round=row, at=now, by=person, event="make", before="", after=row.state).save(
        force_insert=True
    )
    _propose(row, places, localdate(now))
    written(row, person, "pulse.make", now, places=len(places))
    return row


def _spots(
    owner: Organisation, complexes: Collection[uuid.UUID], day: date, *, by_group: bool
) -> list[bridge.Spot]:
    chosen = Complex.objects.for_organisation(owner).filter(public_id__in=complexes)
    wanted = set(chosen.values_list("pk", flat=True))
    return [
        each for each in bridge.spots(owner, day, by_group=by_group) if each.complex_id in wanted
    ]


def _propose(row: Round, places: list[bridge.Spot], day: date) -> None:
    """Write the places of a round, each with the two who are proposed."""
    knows = bridge.knowers(row.owner, {each.complex_id for each in places}, day)
    shared = share_out({each.code: knows[each.complex_id] for each in places}, JUDGES)
    written_places = Place.objects.for_organisation(row.owner).bulk_create(
        Place(
            owner=row.owner,
            round=row,
            complex_id=each.complex_id,
            scope_kind=each.kind,
            scope_code=each.code,
        )
        for each in places
    )
    Task.objects.for_organisation(row.owner).bulk_create(
        Task(owner=row.owner, place=place, judge_id=judge)
        for place in written_places
        for judge in shared[place.scope_code]
    )


@transaction.atomic
def assign(*, user: Visitor, place: uuid.UUID, judges: Sequence[uuid.UUID], now: datetime) -> Round:
    """Say who is asked about a place, two people at most; who gave a view stays."""
    spot = Place.objects.one(user, place)
    row = locked_round(user, spot.round.public_id, RoundEvent.ASSIGN)
    if len(set(judges)) != len(judges):
        raise SamePerson
    people = _people(row, judges)
    spot.refresh_from_db()
    if spot.settled_on is not None:
        raise NotNow(state=TaskState.SETTLED, event=RoundEvent.ASSIGN)
    move_round(row, RoundEvent.ASSIGN, by=somebody(user), now=now)
    _replace(row, spot, people, somebody(user), now)
    compare(spot, by=somebody(user), now=now)
    return row


def _people(row: Round, judges: Sequence[uuid.UUID]) -> list[User]:
    staff = Membership.objects.filter(
        organisation=row.owner_id,
        role__in=bridge.JUDGES,
        user__is_active=True,
        user__public_id__in=judges,
    ).select_related("user")
    found = {each.user.public_id: each.user for each in staff}
    if set(found) != set(judges) or len(judges) > JUDGES:
        raise NotAJudge
    return [found[each] for each in judges]


def _replace(row: Round, spot: Place, people: list[User], by: User, now: datetime) -> None:
    tasks = list(Task.objects.for_organisation(row.owner_id).filter(place=spot))
    staying = {each.pk for each in people}
    for each in tasks:
        if each.judge_id in staying or each.state == TaskState.PASSED_ON:
            continue
        if row.state == RoundState.PLANNED:
            each.delete()
        else:
            move(each, Event.PASS_ON, by=by, now=now)
    held = {each.judge_id: each for each in tasks}
    for person in people:
        before = held.get(person.pk)
        if before is None:
            Task(owner=row.owner, place=spot, judge=person).save(force_insert=True)
            if row.state == RoundState.OPEN:
                _call(row, [person], by, now)
        elif before.state == TaskState.PASSED_ON:
            raise NotAJudge


@transaction.atomic
def start_round(*, user: Visitor, round_id: uuid.UUID, now: datetime) -> None:
    """Let everybody be asked, from the first day on."""
    row = locked_round(user, round_id, RoundEvent.START)
    if localdate(now) < row.start:
        raise NotYet(start=row.start)
    if not Task.objects.for_organisation(row.owner_id).filter(place__round=row).exists():
        raise NoPlaces
    person = somebody(user)
    move_round(row, RoundEvent.START, by=person, now=now)
    asked = Task.objects.for_organisation(row.owner_id).filter(place__round=row)
    _call(row, [each.judge for each in asked.select_related("judge")], person, now)


def _call(row: Round, people: list[User], by: User, now: datetime) -> None:
    asked = {row.public_id: set(people)}
    call(owner=row.owner_id, kind=Kind.JUDGEMENT, people=asked, by=by, now=now)


@transaction.atomic
def close_round(*, user: Visitor, round_id: uuid.UUID, now: datetime) -> None:
    """End a round: a view that waited counts alone, who said nothing is asked no more."""
    row, person = locked_round(user, round_id, RoundEvent.CLOSE), somebody(user)
    move_round(row, RoundEvent.CLOSE, by=person, now=now)
    tasks = Task.objects.for_organisation(row.owner_id).filter(place__round=row)
    waiting: dict[int, list[Task]] = {}
    for each in tasks.select_related("owner", "judge", "place__round", "place__complex"):
        if each.state == TaskState.GIVEN:
            waiting.setdefault(each.place_id, []).append(each)
        if allowed(each.state, Event.END):
            move(each, Event.END, by=person, now=now)
    for given in waiting.values():
        settle(given[0].place, given, now=now)
