"""Ask associations to a table, lay a round there, and take over a candidate of another.

Each association's rows stay its own; releasing, adopting and carrying out are each one's own steps,
as of any round.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.accounts.roles import OrganisationKind
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Candidate
from mixwijzer.web.letting.refusals import CandidateLeft, CandidateRests, CandidateTaken
from mixwijzer.web.letting.services.stepping import still_waits
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.city_steps import LAYABLE, CityState
from mixwijzer.web.rounds.models import CityHome, CityPerson, CityRound, Seat
from mixwijzer.web.rounds.refusals import (
    CandidateElsewhere,
    CandidateGone,
    CityNotNow,
    NothingComputed,
    PartiesWrong,
    PartyFirst,
)
from mixwijzer.web.rounds.services.calling import call_to_table
from mixwijzer.web.rounds.services.city import locked, named, sound, told
from mixwijzer.web.rounds.services.seating import allowed
from mixwijzer.web.rounds.table_steps import TableEvent

__all__ = ["invite", "lay", "taken_over"]


@transaction.atomic
def invite(
    *,
    user: Visitor,
    owner: Organisation,
    name: str,
    parties: Sequence[uuid.UUID],
    key: uuid.UUID,
    now: datetime,
) -> Seat:
    """Set a table and ask associations to it; return one's own seat. A form sent twice sets one.

    Raises
    ------
    NameMissing
        It has no name, or one with something of a person.
    PartiesWrong
        Nobody was chosen, or something that is no other association.
    """
    person = somebody(user)
    require(user, Action.READ_SECOND, owner)
    called = named(name)
    audit.lock(owner)
    seats = Seat.objects.for_organisation(owner)
    before = seats.filter(table=key, party=owner).first()
    if before is not None:
        return before
    others = Organisation.objects.filter(
        kind=OrganisationKind.ASSOCIATION, public_id__in=set(parties)
    ).exclude(pk=owner.pk)
    if not others or len(others) < len(set(parties)):
        raise PartiesWrong
    rows = [
        Seat(owner=owner, table=key, name=called, party=each, made_by=person, made_at=now)
        for each in (owner, *others)
    ]
    for row in rows:
        row.save(force_insert=True)
    audit.record(
        organisation=owner,
        action="rounds.table_set",
        actor=person,
        subject=rows[0].public_id,
        facts={"with": ", ".join(each.name for each in others)},
        at=now,
    )
    for row in rows[1:]:
        call_to_table(row, by=person, now=now)
    return rows[0]


@transaction.atomic
def lay(*, user: Visitor, city_round: uuid.UUID, now: datetime) -> CityRound:
    """Lay what a round brings on its table; what lies there already stays.

    Raises
    ------
    CityNotNow
        It belongs to no table, isn't computed, or is being computed.
    TableClosed
        Who set the table closed it.
    Stale, NothingComputed, CheckFails
        As of releasing it.
    """
    row = CityRound.objects.one(user, city_round)
    require(user, Action.READ_SECOND, row)
    held = locked(row)
    if held.laid_at:
        return held
    if held.work or held.seat_id is None or held.state not in LAYABLE:
        raise CityNotNow(held.state, "lay", computing=bool(held.work))
    if held.seat:
        allowed(held.seat, TableEvent.LAY)
    sound(held, now)
    if not held.bringing:
        raise NothingComputed
    held.laid_at, held.laid_by = now, somebody(user)
    held.save(update_fields=["laid_at", "laid_by"])
    facts = {"homes": len(held.bringing["homes"]), "candidates": len(held.bringing["people"])}
    told(held, "city_lay", held.laid_by, now, facts)
    return held


def taken_over(home: CityHome, by: User, now: datetime) -> Candidate:
    """Enter the candidate of another association for a home that is offered to him.

    What the letting rules ask comes along, with his number there as reference. There he gets no
    other proposals until somebody looks again.

    Raises
    ------
    PartyFirst
        That association didn't adopt its part yet.
    CandidateElsewhere
        He was proposed another home first.
    CandidateGone
        He doesn't wait there any more.
    """
    seat, theirs = home.city_round.seat, home.candidate_of
    if seat is None or theirs is None:
        raise CandidateGone
    rounds = bridge.rounds_at(bridge.seats_of(seat))
    row = next((each for each in rounds if each.owner_id == theirs.pk), None)
    if row is None or row.state not in {CityState.ADOPTED, CityState.EXECUTED}:
        raise PartyFirst(theirs.name)
    with acting_for(home.owner_id, theirs):
        who = _waiting(theirs, home.candidate, now)
        people = CityPerson.objects.for_organisation(theirs).filter(city_round=row)
        people.filter(candidate=who.number).update(taken_at=now)
        letting.candidates.rest(
            who, until=None, until_reassessed=True, by=None, now=now, rests_for=home.owner
        )
        audit.record(
            organisation=theirs,
            action="rounds.city_taken",
            actor=None,  # who it was stands in the trail of his own association
            subject=who.public_id,
            facts={"number": who.number, "by": home.owner.name},
            at=now,
        )
        return letting.enter(
            user=by,
            owner=home.owner,
            entered=letting.Entered(
                size=who.size,
                registered=who.registered,
                income_class=who.income_class,
                priority=who.priority,
                target_group=who.target_group,
                accessible_needed=who.accessible_needed,
                reference=f"{theirs.code} {who.number}"[-40:],
            ),
            now=now,
        )


def _waiting(theirs: Organisation, number: str, now: datetime) -> Candidate:
    """Return a candidate of another association; of what he was proposed there, only when."""
    rows = Candidate.objects.for_organisation(theirs).filter(number=number, replaced_at=None)
    who = rows.select_related("rests_for").first()
    if who is None:
        raise CandidateGone
    try:
        still_waits(who, now)
    except CandidateTaken as taken:
        raise CandidateElsewhere(name=theirs.name, at=taken.at) from None
    except CandidateLeft:
        raise CandidateGone from None
    except CandidateRests as rests:
        if rests.at:
            raise CandidateElsewhere(name=theirs.name, at=rests.at) from None
        raise CandidateGone from None
    return who
