"""Say that an association takes no part at a table, take that back; close a table, open it again.

Whoever closes or opens a table takes the trail of everybody who sits there. So what a party does
under its own trail (join, lay, compute, divide) comes before that or after it, and reads at its own
seat whether the table is open. Trails are taken in one order, so that two never wait for each
other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.refusals import ReasonMissing
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.city_steps import AbsenceReason, CityState
from mixwijzer.web.rounds.models import Absence, CityRound, Seat
from mixwijzer.web.rounds.refusals import (
    AbsentHere,
    BroughtFirst,
    OwnTable,
    TableClosed,
    TableSettled,
)
from mixwijzer.web.rounds.selectors.together import one_seat, settled
from mixwijzer.web.rounds.services.calling import call_to_table
from mixwijzer.web.rounds.table_steps import PERMISSION, TableEvent, possible

__all__ = ["allowed", "can_join", "close", "come_back", "decline", "open_again"]


def decline(*, user: Visitor, seat: uuid.UUID, reason: str, now: datetime) -> Absence:
    """Say that one's association takes no part; a form sent twice says it once.

    Raises
    ------
    ReasonMissing
        It is none of the list.
    OwnTable
        The association set this table itself.
    BroughtFirst
        The association brought a round to the table.
    TableClosed
        Who set the table closed it.
    """
    place, person = _asked(user, seat), somebody(user)
    if reason not in AbsenceReason.values:
        raise ReasonMissing(following=False, reason=reason)
    with acting_for(place.owner, place.party), transaction.atomic():
        _held(place.owner, place.party)
        allowed(_again(place), TableEvent.DECLINE)
        before = _standing(place).first()
        if before is not None:
            return before
        if bridge.rounds_at([place]):
            raise BroughtFirst
        row = Absence(
            owner=place.owner,
            party=place.party,
            seat=place,
            reason=reason,
            said_at=now,
            said_by=person,
        )
        row.save(force_insert=True)
        _told(place, "table_declined", person, now, {"reason": reason})
    return row


def come_back(*, user: Visitor, seat: uuid.UUID, now: datetime) -> None:
    """Take part after all; where nobody said otherwise nothing happens.

    Raises
    ------
    TableClosed
        Who set the table closed it.
    """
    place, person = _asked(user, seat), somebody(user)
    with acting_for(place.owner, place.party), transaction.atomic():
        _held(place.owner, place.party)
        allowed(_again(place), TableEvent.COME_BACK)
        if _standing(place).update(ended_at=now, ended_by=person):
            _told(place, "table_returned", person, now, {})


def close(*, user: Visitor, seat: uuid.UUID, now: datetime) -> None:
    """Close the table that one's association set; closed twice it is closed once.

    Raises
    ------
    PermissionDenied
        Somebody else set the table.
    """
    _turned(user, seat, TableEvent.CLOSE, now)


def open_again(*, user: Visitor, seat: uuid.UUID, now: datetime) -> None:
    """Open the table that one's association closed; one that is open stays so.

    What somebody withdrew while it was closed doesn't lie there any more, so that what was divided
    with it is outdated. Who leads an association that brought nothing yet is told.

    Raises
    ------
    PermissionDenied
        Somebody else set the table.
    TableSettled
        Somebody adopted a part.
    """
    _turned(user, seat, TableEvent.OPEN, now)


def _turned(user: Visitor, seat: uuid.UUID, event: TableEvent, now: datetime) -> None:
    """Close a table or open it, at every seat, and write it in every trail."""
    place, person = Seat.objects.one(user, seat), somebody(user)
    require(user, PERMISSION[event], place)
    seats, closes = bridge.seats_of(place), event is TableEvent.CLOSE
    with acting_for(*(each.party for each in seats)), transaction.atomic():
        _held(*(each.party for each in seats))
        if not possible(_again(place).state, event):
            return
        if not closes:
            _taken_away(seats)
        rows = Seat.objects.for_organisation(place.owner_id).filter(table=place.table)
        rows.update(closed_at=now if closes else None, closed_by=person if closes else None)
        for each in seats:
            audit.record(
                organisation=each.party,
                action="rounds.table_closed" if closes else "rounds.table_opened",
                actor=person if each.party_id == each.owner_id else None,
                subject=each.public_id,
                facts={"by": each.owner.name},
                at=now,
            )
            if not closes and each.party_id != each.owner_id:
                call_to_table(each, by=person, now=now)


def _taken_away(seats: Sequence[Seat]) -> None:
    """Take from a table what was withdrawn while it was closed; refuse where a part stands."""
    if names := settled(bridge.rounds_at(seats)):
        raise TableSettled(names)
    for each in seats:
        rows = CityRound.objects.for_organisation(each.party_id).filter(seat=each)
        rows.filter(state=CityState.DROPPED).update(laid_at=None, laid_by=None)


def can_join(place: Seat) -> None:
    """Refuse to bring something to a table that is closed, or where one takes no part.

    Raises
    ------
    TableClosed, AbsentHere
        What is in the way.
    """
    allowed(place, TableEvent.JOIN)
    if _standing(place).exists():
        raise AbsentHere


def allowed(place: Seat, event: TableEvent) -> None:
    """Refuse what can't happen at a table that is closed; the seat was read under the lock.

    Raises
    ------
    TableClosed
        It says who closed it, and when.
    """
    if place.closed_at and place.closed_by and not possible(place.state, event):
        by = f"{place.closed_by.name}, {place.owner.name}"
        raise TableClosed(by=by, at=place.closed_at)


def _asked(user: Visitor, seat: uuid.UUID) -> Seat:
    """Return one's own seat at a table that another set."""
    place = one_seat(user, seat)
    require(user, Action.READ_SECOND, place.party)
    if place.party_id == place.owner_id:
        raise OwnTable
    return place


def _held(*parties: Organisation) -> None:
    for each in sorted(parties, key=lambda each: each.pk):
        audit.lock(each)


def _again(place: Seat) -> Seat:
    """Read a seat again, under the lock."""
    return Seat.objects.for_organisation(place.owner_id).get(pk=place.pk)


def _standing(place: Seat) -> QuerySet[Absence]:
    return Absence.objects.for_organisation(place.owner_id).filter(seat=place, ended_at=None)


def _told(place: Seat, what: str, by: User, now: datetime, facts: Mapping[str, str]) -> None:
    """Write it in both trails; who set the table reads which party, and no name of its people."""
    for owner, actor in ((place.owner, None), (place.party, by)):
        audit.record(
            organisation=owner,
            action=f"rounds.{what}",
            actor=actor,
            subject=place.public_id,
            facts={"party": place.party.code, **facts},
            at=now,
        )
