"""Divide what lies on a table: a person asks for it, a worker does it.

The round of who set the table waits for it. Each association gets its own part written, as if its
round had been computed anew; what changed on the table in the meantime is told with that round.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Missing, Organisation, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.city_steps import LAYABLE, TABLE_CHANGED, CityEvent, Work
from mixwijzer.web.rounds.models import CityHome, CityRound, Seat
from mixwijzer.web.rounds.refusals import (
    ChoiceWrong,
    CityNotNow,
    LaidOutdated,
    Refusal,
    TooFewLaid,
)
from mixwijzer.web.rounds.services.city import Overtaken, locked, moved
from mixwijzer.web.rounds.services.seating import allowed
from mixwijzer.web.rounds.table_steps import TableEvent

__all__ = ["ask", "run"]

MOST_HOMES, MOST_PEOPLE = 120, 800  # of one table


def ask(*, user: Visitor, seat: uuid.UUID, now: datetime) -> CityRound:
    """Ask a worker to divide what lies on a table; return the round of who set it, which waits.

    Raises
    ------
    PermissionDenied
        Somebody else set the table.
    Missing
        Who set it brings nothing.
    TableClosed
        A colleague closed the table.
    CityNotNow
        A worker is at it.
    TooFewLaid
        Fewer than two associations laid something there.
    ChoiceWrong
        More lies there than is divided at once.
    LaidOutdated
        Something changed since it was laid there, or somebody went on without the others.
    """
    place = Seat.objects.one(user, seat)
    require(user, Action.READ_SECOND, place)
    allowed(place, TableEvent.DIVIDE)
    own, seats = _own(place), bridge.seats_of(place)
    with acting_for(*(each.party for each in seats)):
        laid = _divisible(seats, now)
    with transaction.atomic():
        held = locked(own)
        if held.seat:
            allowed(held.seat, TableEvent.DIVIDE)
        if held.work:
            raise CityNotNow(held.state, CityEvent.RUN, computing=True)
        held.work, held.run, held.alive_at, held.trouble = Work.DIVIDING, None, now, {}
        moved(held, CityEvent.RUN, somebody(user), now, {"associations": len(laid)})
    return held


def _own(place: Seat) -> CityRound:
    """Return what who set a table brings to it."""
    found = bridge.rounds_at([place])
    if not found:
        raise Missing
    return found[0]


def run(row: CityRound) -> bool:
    """Divide what lies on the table of a round that waits for it; return whether it was done.

    A run that was stopped, or that another worker overtook, writes nothing.
    """
    mine, now = uuid.uuid4(), timezone.now()
    rows = CityRound.objects.for_organisation(row.owner_id).filter(pk=row.pk)
    waits = rows.filter(work=Work.DIVIDING).update(run=mine, alive_at=now)
    if not waits or row.seat is None:
        return False
    try:
        _shared_out(row, bridge.seats_of(row.seat), mine, now)
    except Overtaken:
        return False
    except MixwijzerError as error:
        trouble = {"code": error.code, "subject": error.subject, "facts": dict(error.facts)}
        return _failed(row, mine, trouble, now)
    except Refusal:
        return _failed(row, mine, {"code": TABLE_CHANGED}, now)
    return True


def _shared_out(row: CityRound, seats: Sequence[Seat], mine: uuid.UUID, now: datetime) -> None:
    """Divide, and write to each association its own part: all of them, or none."""
    parties = sorted((each.party for each in seats), key=lambda each: each.pk)
    with acting_for(*parties):
        rows = _divisible(seats, now)
        together = bridge.Together(rows)
        parts = [(each, together.part(each)) for each in rows]
        with transaction.atomic():
            for party in parties:  # in one order, so that two never wait for each other
                audit.lock(party)
            _done(row, mine)
            for each, part in parts:
                _written(each, part, now)


def _done(row: CityRound, mine: uuid.UUID) -> None:
    """Take the work from a round, unless the run was stopped or overtaken."""
    held = locked(row)
    if held.run != mine:
        raise Overtaken
    held.work, held.run = Work.NONE, None
    held.save(update_fields=["work", "run"])


@transaction.atomic
def _failed(row: CityRound, mine: uuid.UUID, trouble: dict[str, Any], now: datetime) -> bool:
    """Write down why it wasn't divided, unless the run was stopped or overtaken."""
    held = locked(row)
    if held.run == mine:
        held.work, held.run, held.trouble = Work.NONE, None, trouble
        moved(held, CityEvent.FAIL, None, now)
    return False


def _divisible(seats: Sequence[Seat], now: datetime) -> tuple[CityRound, ...]:
    """Return what lies there; refuse too few, too many, and what doesn't stand any more."""
    rows = tuple(each for each in bridge.rounds_at(seats) if each.laid_at)
    if len(rows) < 2:
        raise TooFewLaid
    homes = sum(len(each.bringing["homes"]) for each in rows)
    people = sum(len(each.bringing["people"]) for each in rows)
    if homes > MOST_HOMES or people > MOST_PEOPLE:
        raise ChoiceWrong(homes=MOST_HOMES, people=MOST_PEOPLE)
    outdated = [each.owner.name for each in rows if _outdated(each, now)]
    if outdated:
        raise LaidOutdated(outdated)
    return rows


def _outdated(row: CityRound, now: datetime) -> bool:
    """Whether a round can't be divided as it lies there; what others laid doesn't matter here."""
    if row.work not in {Work.NONE, Work.DIVIDING} or row.state not in LAYABLE:
        return True
    if str(row.bringing["until"]) < timezone.localdate(now).isoformat():
        return True
    return any(kind not in {"table", "term"} for kind, _ in bridge.city_changes(row, now))


def _written(row: CityRound, part: dict[str, Any], now: datetime) -> None:
    """Write the part of one association, unless it went on in the meantime."""
    held = locked(row)
    if held.seat:
        allowed(held.seat, TableEvent.DIVIDE)
    if held.laid_at != row.laid_at or held.work != Work.NONE or held.state != row.state:
        raise LaidOutdated([row.owner.name])
    held.result, held.computed_at, held.runs, held.trouble = part, now, held.runs + 1, {}
    guests = part["together"]["guests"]
    codes = {each["code"] for each in guests.values()}
    others = {each.code: each for each in Organisation.objects.filter(code__in=codes)}
    homes = bridge.homes_of(held)
    for home in homes:
        guest = guests.get(home.vacancy.code)
        home.candidate = part["placements"].get(home.vacancy.code, "")
        home.candidate_of = None
        if guest:
            home.candidate, home.candidate_of = guest["number"], others[guest["code"]]
    CityHome.objects.for_organisation(held.owner_id).bulk_update(
        homes, ["candidate", "candidate_of"]
    )
    moved(held, CityEvent.FINISH, None, now, {"associations": len(part["together"]["parties"])})
