"""Make a city round, let a worker compute it, release it, adopt it, withdraw it, close it.

A run that was stopped, or that another worker overtook, writes nothing. What it was made from is
read before the rows themselves, so that a change during a run is seen as a change afterwards.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.exchange.refused import personal_in
from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.transitions import OPEN
from mixwijzer.web.rounds import bridge, work
from mixwijzer.web.rounds.city_steps import (
    PERMISSION,
    TRANSITIONS,
    CityEvent,
    CityState,
    Work,
)
from mixwijzer.web.rounds.models import CityHome, CityPerson, CityRound, Seat
from mixwijzer.web.rounds.refusals import (
    CheckFails,
    ChoiceWrong,
    CityNotNow,
    NameMissing,
    NotDivided,
    NotFree,
    NothingComputed,
    NotSettled,
    Stale,
)
from mixwijzer.web.rounds.selectors.choosing import held_homes, held_people
from mixwijzer.web.rounds.services.calling import call_for_city
from mixwijzer.web.rounds.services.seating import allowed, can_join
from mixwijzer.web.rounds.table_steps import TableEvent

__all__ = ["LONGEST", "ask", "make", "one", "run", "silent", "step"]

MOST_HOMES, MOST_PEOPLE = 60, 400  # of one round
LONGEST = 80  # a name [characters]


class Overtaken(Exception):  # noqa: N818 (not a fault)
    """A run that was stopped, or that another worker took up."""


@transaction.atomic
def make(
    *,
    user: Visitor,
    owner: Organisation,
    name: str,
    vacancies: Sequence[uuid.UUID],
    candidates: Sequence[uuid.UUID],
    key: uuid.UUID,
    now: datetime,
    seat: uuid.UUID | None = None,
) -> CityRound:
    """Set a round out with these homes and candidates; a form sent twice makes one.

    With a `seat` it is what the association brings to that table; where it brought something
    already, that is returned.

    Raises
    ------
    NameMissing
        It has no name, or one with something of a person.
    ChoiceWrong
        No homes or candidates, more than a round has, or some that aren't open any more.
    NotFree
        Some are in another round.
    TableClosed, AbsentHere
        At that table nobody joins any more, or the association said that it takes no part.
    """
    person = somebody(user)
    require(user, Action.MATCH, owner)
    called = named(name)
    audit.lock(owner)
    place = Seat.objects.one(user, seat) if seat else None
    if place and place.party_id != owner.pk:
        raise Missing
    rows = CityRound.objects.for_organisation(owner)
    standing = Q(seat__isnull=False, seat=place) & ~Q(state=CityState.DROPPED)
    before = rows.filter(Q(key=key) | standing).first()
    if before is not None:
        return before
    if place:
        can_join(place)
    homes, people = _chosen(user, owner, vacancies, candidates, now)
    _all_free(owner, called, homes, people)
    row = CityRound(
        owner=owner,
        name=called,
        seat=place,
        made_by=person,
        made_at=now,
        key=key,
        moved_at=now,
        moved_by=person,
    )
    row.save(force_insert=True)
    CityHome.objects.for_organisation(owner).bulk_create(
        [
            CityHome(owner=owner, city_round=row, vacancy=each, place=place)
            for place, each in enumerate(homes, 1)
        ]
    )
    CityPerson.objects.for_organisation(owner).bulk_create(
        [CityPerson(owner=owner, city_round=row, candidate=each) for each in people]
    )
    told(row, "city_make", person, now, {"homes": len(homes), "candidates": len(people)})
    return row


def named(name: str) -> str:
    """Return what a round or a table is called; refuse what says something of a person."""
    called = " ".join(name.replace("\x00", " ").split())[:LONGEST]
    if not called or personal_in(called):
        raise NameMissing
    return called


def _chosen(
    user: Visitor,
    owner: Organisation,
    vacancies: Sequence[uuid.UUID],
    candidates: Sequence[uuid.UUID],
    now: datetime,
) -> tuple[list[Vacancy], list[str]]:
    """Return the homes that were chosen and the numbers of the candidates, all of them there."""
    rows = Vacancy.objects.visible_to(user).filter(owner=owner, state__in=OPEN)
    homes = list(rows.filter(public_id__in=set(vacancies)).order_by("code"))
    wanted = set(candidates)
    waiting = bridge.waiting_people(owner, timezone.localdate(now))
    people = [each.number for each in waiting if each.public_id in wanted]
    there = len(homes) == len(set(vacancies)) and len(people) == len(wanted)
    if not (there and 0 < len(homes) <= MOST_HOMES and 0 < len(people) <= MOST_PEOPLE):
        raise ChoiceWrong(homes=MOST_HOMES, people=MOST_PEOPLE)
    return homes, people


def _all_free(
    owner: Organisation, name: str, homes: Sequence[Vacancy], people: Sequence[str]
) -> None:
    """Refuse what another round has, with that round beside this one."""
    elsewhere = held_homes(owner)
    taken = [(each.dwelling, elsewhere[each.pk]) for each in homes if each.pk in elsewhere]
    others = held_people(owner)
    taken += [(number, others[number]) for number in people if number in others]
    if taken:
        raise NotFree(name=name, taken=taken)


# --- the worker's


def ask(*, user: Visitor, city_round: uuid.UUID, event: CityEvent, now: datetime) -> CityRound:
    """Ask for a run, or stop the one that is asked for.

    Raises
    ------
    CityNotNow
        It was adopted or withdrawn meanwhile, or it is at work already.
    TableClosed
        It belongs to a table where nothing is laid any more.
    """
    row = CityRound.objects.one(user, city_round)
    require(user, _action(event), row)
    with transaction.atomic():
        held = locked(row)
        asked = event is CityEvent.RUN
        if asked == bool(held.work):
            raise CityNotNow(held.state, event, computing=bool(held.work))
        if asked and held.seat:
            allowed(held.seat, TableEvent.COMPUTE)
        held.work = Work.WAITING if asked else Work.NONE
        held.alive_at, held.done, held.run = now, 0, None
        if asked:
            held.trouble = {}
        moved(held, event, somebody(user), now)
    return held


def run(row: CityRound, *, heard: Callable[[int], None] = lambda _: None) -> bool:
    """Compute a round that waits for it; return whether this run was the one that counts.

    `heard` is told how many homes were looked at, after each.
    """
    mine = uuid.uuid4()
    rows = CityRound.objects.for_organisation(row.owner_id).filter(pk=row.pk)
    going = rows.filter(state__in=_states(CityEvent.FINISH), work__in=(Work.WAITING, Work.RUNNING))
    if not going.update(work=Work.RUNNING, run=mine, done=0, alive_at=timezone.now()):
        return False
    moment, looked = timezone.now(), 0

    def alive() -> None:
        nonlocal looked
        looked += 1
        if not rows.filter(run=mine).update(done=looked, alive_at=timezone.now()):
            raise Overtaken
        heard(looked)

    sources = bridge.CitySources.of(row, moment)
    try:
        marks = sources.marks()
        result = sources.outcome(alive)
        brought = result.pop("bringing")
    except Overtaken:
        return False
    except MixwijzerError as error:
        trouble = {"code": error.code, "subject": error.subject, "facts": dict(error.facts)}
        return _written(row, mine, CityEvent.FAIL, moment, trouble=trouble)
    return _written(
        row,
        mine,
        CityEvent.FINISH,
        moment,
        inputs=marks,
        inputs_hash=bridge.fingerprint(marks),
        result=result,
        bringing=brought if row.seat_id else {},
        laid_at=None,
        laid_by=None,
        computed_at=moment,
        trouble={},
    )


@transaction.atomic
def _written(
    row: CityRound, mine: uuid.UUID, event: CityEvent, now: datetime, **columns: Any
) -> bool:
    """Write down what came of a run, unless it was stopped or overtaken."""
    held = locked(row)
    if held.run != mine:
        return False
    if event is CityEvent.FINISH and _stays(held):
        event, columns = CityEvent.STOP, {}
    for name, value in {**columns, "work": Work.NONE, "run": None}.items():
        setattr(held, name, value)
    if event is CityEvent.FINISH:
        held.runs += 1
        placed: Mapping[str, str] = held.result.get("placements", {})
        homes = bridge.homes_of(held)
        for each in homes:
            each.candidate, each.candidate_of = placed.get(each.vacancy.code, ""), None
        rows = CityHome.objects.for_organisation(held.owner_id)
        rows.bulk_update(homes, ["candidate", "candidate_of"])
    moved(held, event, None, now)
    return True


def _stays(row: CityRound) -> bool:
    """Whether it is a part of what was divided at a table that was closed since."""
    return row.seat is not None and bool(row.seat.closed_at) and "together" in row.result


def one(owner: int, public_id: uuid.UUID) -> CityRound:
    """Return a round of an organisation, for a worker."""
    rows = CityRound.objects.for_organisation(owner).select_related("owner")
    return rows.get(public_id=public_id)


def silent(*, owner: Organisation, now: datetime) -> list[CityRound]:
    """Return the rounds whose worker gave no sign of life, each once in a while."""
    moving = CityRound.objects.for_organisation(owner).exclude(work=Work.NONE)
    return work.silent(moving, "alive_at", now)


# --- steps by people


@transaction.atomic
def step(*, user: Visitor, city_round: uuid.UUID, event: CityEvent, now: datetime) -> CityRound:
    """Release a round, adopt it, close it when every home is settled, or withdraw it.

    Raises
    ------
    Stale
        What it was made from changed; compute it anew.
    NothingComputed
        The agreements clash.
    CheckFails
        The independent checker says no.
    NotDivided, TableClosed
        It belongs to a table, and wasn't divided there yet, or won't be any more.
    NotSettled
        Homes still wait, or some were offered already.
    CityNotNow
        The table of transitions has no such step, or a worker is at it.
    """
    row = CityRound.objects.one(user, city_round)
    require(user, _action(event), row)
    held = locked(row)
    after(held, event)
    if held.work and event is not CityEvent.DROP:
        raise CityNotNow(held.state, event, computing=True)
    homes = bridge.homes_of(held)
    if event in {CityEvent.RELEASE, CityEvent.ADOPT}:
        _releasable(held, now)
    waiting = [each for each in homes if each.candidate and not each.settled_by_id]
    if event is CityEvent.EXECUTE and waiting:
        raise NotSettled(len(waiting))
    if event is CityEvent.DROP and any(each.match_id for each in homes):
        raise NotSettled(len(waiting))
    if event in {CityEvent.EXECUTE, CityEvent.DROP}:
        held.work, held.run = Work.NONE, None
        held.laid_at = held.laid_at if event is CityEvent.EXECUTE or _stays(held) else None
        for model in (CityHome, CityPerson):
            model.objects.for_organisation(held.owner_id).filter(city_round=held).update(held=False)
    moved(held, event, somebody(user), now)
    return held


def _releasable(row: CityRound, now: datetime) -> None:
    """Refuse what isn't sound, and at a table what wasn't divided there."""
    alone = row.seat is not None and "together" not in row.result
    if alone and row.seat:
        allowed(row.seat, TableEvent.DIVIDE)
    sound(row, now)
    if alone:
        raise NotDivided


def sound(row: CityRound, now: datetime) -> None:
    """Refuse what isn't there, doesn't hold or is outdated."""
    if "placements" not in row.result:
        raise NothingComputed
    if not row.result["holds"]:
        raise CheckFails
    changes = bridge.city_changes(row, now)
    if changes:
        raise Stale(changes)


def _action(event: CityEvent) -> Action:
    action = PERMISSION[event]
    if action is None:
        raise CityNotNow(CityState.PREPARED, event)
    return action


def _states(event: CityEvent) -> list[CityState]:
    return [state for state, happens in TRANSITIONS if happens is event]


def locked(row: CityRound) -> CityRound:
    """Return a round, locked after the trail, which all of one association share."""
    audit.lock(row.owner)
    rows = CityRound.objects.for_organisation(row.owner_id).select_for_update(of=("self",))
    return rows.select_related("owner").get(pk=row.pk)


def after(row: CityRound, event: CityEvent) -> CityState:
    """Return where an event leads, or refuse it."""
    found = TRANSITIONS.get((CityState(row.state), event))
    if found is None:
        raise CityNotNow(row.state, event)
    return found


def moved(
    row: CityRound,
    event: CityEvent,
    user: User | None,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Take a round one step further and write it in the trail."""
    row.state = after(row, event)
    row.moved_at, row.moved_by = now, user
    row.save()
    told(row, f"city_{event}", user, now, facts or {})
    call_for_city(row, event, by=user, now=now)


def told(
    row: CityRound, what: str, user: User | None, now: datetime, facts: Mapping[str, Any]
) -> None:
    """Write in the trail what happened to a round."""
    audit.record(
        organisation=row.owner,
        action=f"rounds.{what}",
        actor=user,
        subject=row.public_id,
        facts=dict(facts),
        at=now,
    )
