"""Who sits at a table where homes and candidates are divided together, and what did each bring?

Of another association a reader sees its name, whether it laid something there, and how many homes
and candidates that are. Nothing else of its rows is asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import may, somebody
from mixwijzer.web.accounts.roles import Action, OrganisationKind
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.city_steps import LAYABLE, CityEvent, Work
from mixwijzer.web.rounds.city_steps import possible as divisible
from mixwijzer.web.rounds.models import CityRound, Seat
from mixwijzer.web.rounds.table_steps import PERMISSION, TableEvent, possible

__all__ = [
    "Party",
    "Table",
    "one_seat",
    "others_to_ask",
    "own_round",
    "settled",
    "table_of",
    "tables",
]

LONG = timedelta(days=180)  # a table that was set before isn't shown any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An association at a table: since when what it brings lies there, and how much that is.

    `absent` is why it takes no part, where it said so.
    """

    name: str
    own: bool
    sets: bool
    absent: str
    laid_at: datetime | None
    homes: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as one association sits at it: `own` is the round that it brings."""

    seat: uuid.UUID
    name: str
    by: str
    made_at: datetime
    closed_by: str
    closed_at: datetime | None
    parties: tuple[Party, ...]
    own: uuid.UUID | None
    may_join: bool
    may_decline: bool
    may_return: bool
    may_lay: bool
    may_divide: bool
    may_close: bool
    may_open: bool


def others_to_ask(user: Visitor) -> tuple[Organisation, ...]:
    """Return the other associations that can be asked to a table, by name."""
    owner = own_organisation(somebody(user), Action.READ_SECOND)
    rows = Organisation.objects.filter(kind=OrganisationKind.ASSOCIATION).exclude(pk=owner.pk)
    return tuple(rows.order_by("name"))


def one_seat(user: Visitor, seat: uuid.UUID) -> Seat:
    """Return one's own place at a table; `Missing` where there is none, or another's."""
    row = Seat.objects.one(user, seat)
    if row.party_id not in somebody(user).owners(Action.MATCH):
        raise Missing
    return row


def own_round(user: Visitor, seat: uuid.UUID) -> uuid.UUID | None:
    """Return what the association of this seat brings to the table; `Missing` as `one_seat`."""
    return table_of(somebody(user), one_seat(user, seat)).own


def tables(user: Visitor, *, now: datetime) -> tuple[Table, ...]:
    """Return the tables at which this reader's association has a seat, the latest first."""
    person = somebody(user)
    mine = person.owners(Action.MATCH)
    rows = Seat.objects.visible_to(person).filter(party__in=mine, made_at__gt=now - LONG)
    found = rows.select_related("owner", "party", "made_by", "closed_by").order_by(
        "-made_at", "-pk"
    )
    return tuple(table_of(person, each) for each in found)


def table_of(user: User, seat: Seat) -> Table:
    """Return a table as the association of this seat sits at it."""
    seats, can = bridge.seats_of(seat), _possible(user, seat)
    rounds, away = bridge.rounds_at(seats), bridge.absences_at(seats)
    own = next((each for each in rounds if each.owner_id == seat.party_id), None)
    sets, stays_out = seat.owner_id == seat.party_id, seat.pk in away
    free = own is None and not stays_out
    return Table(
        seat=seat.public_id,
        name=seat.name,
        by=f"{seat.made_by.name}, {seat.owner.name}",
        made_at=seat.made_at,
        closed_by=f"{seat.closed_by.name}, {seat.owner.name}" if seat.closed_by else "",
        closed_at=seat.closed_at,
        parties=tuple(_party(each, seat, rounds, away.get(each.pk, "")) for each in seats),
        own=own.public_id if own else None,
        may_join=TableEvent.JOIN in can and free,
        may_decline=TableEvent.DECLINE in can and free and not sets,
        may_return=TableEvent.COME_BACK in can and stays_out,
        may_lay=TableEvent.LAY in can and own is not None and _layable(own),
        may_divide=TableEvent.DIVIDE in can and sets and _divisible(rounds),
        may_close=TableEvent.CLOSE in can and sets,
        may_open=TableEvent.OPEN in can and sets and not settled(rounds),
    )


def _possible(user: User, seat: Seat) -> frozenset[TableEvent]:
    """Return what the table of steps and somebody's roles allow at a table now."""
    return frozenset(
        each
        for each in TableEvent
        if possible(seat.state, each) and may(user, PERMISSION[each], seat.party)
    )


def settled(rounds: Sequence[CityRound]) -> list[str]:
    """Return who adopted what was divided at a table: that can't be divided anew."""
    return [each.owner.name for each in rounds if not divisible(each.state, CityEvent.FINISH)]


def _layable(row: CityRound) -> bool:
    ready = bool(row.bringing) and row.laid_at is None and row.work == Work.NONE
    return ready and row.state in LAYABLE


def _divisible(rounds: Sequence[CityRound]) -> bool:
    """Whether two or more laid something there that can be divided, and no worker does so now."""
    laid = [each for each in rounds if each.laid_at]
    busy = any(each.work == Work.DIVIDING for each in rounds)
    return len(laid) > 1 and not busy and all(each.state in LAYABLE for each in laid)


def _party(each: Seat, seat: Seat, rounds: Sequence[CityRound], absent: str) -> Party:
    row = next((row for row in rounds if row.owner_id == each.party_id and row.laid_at), None)
    return Party(
        name=each.party.name,
        own=each.party_id == seat.party_id,
        sets=each.party_id == each.owner_id,
        absent=absent,
        laid_at=row.laid_at if row else None,
        homes=len(row.bringing["homes"]) if row else 0,
        people=len(row.bringing["people"]) if row else 0,
    )
