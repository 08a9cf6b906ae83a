"""Two associations at one table, so that a test can speak of what they divide there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Role
from mixwijzer.web.accounts.services import join
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Candidate
from mixwijzer.web.rounds.models import Absence, CityRound, Seat
from mixwijzer.web.rounds.services import sharing, together
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import a_key
from tests.web.rounds.cities import a_city, computed, now_of

THEIRS = ("Eldershof 1",)


def their_head(cast: Cast) -> User:
    """Let somebody lead the other association."""
    return join(
        email="kas@hanzeveen.example", name="Kas Weide", organisation=cast.elders, role=Role.HEAD
    )


def a_person(user: User, owner: Organisation, **more: Any) -> Candidate:
    """Enter a candidate of an association to whom every rule says yes."""
    told = {"size": 2, "income_class": "target", "registered": date(2018, 5, 1), **more}
    return letting.enter(user=user, owner=owner, entered=letting.Entered(**told), now=NOW)


def a_table(cast: Cast, **more: Any) -> Seat:
    """Let Mo set a table and ask Elders; return the seat of Woonbelang."""
    told = {"name": "Samen verdelen", "parties": [cast.elders.public_id], "key": a_key(), **more}
    return together.invite(user=cast.mo, owner=cast.woonbelang, now=NOW, **told)


def seat_of(table: Seat, party: Organisation) -> Seat:
    """Return the seat of an association at a table."""
    rows = Seat.objects.for_organisation(table.owner_id)
    return rows.select_related("owner", "party").get(table=table.table, party=party)


def one_takes_no_part(cast: Cast) -> None:
    """Write that Elders takes no part at a table; nobody leads there in every story."""
    seat = seat_of(a_table(cast), cast.elders)
    Absence(
        owner=seat.owner,
        party=seat.party,
        seat=seat,
        reason="not_now",
        said_at=NOW,
        said_by=cast.olga,
    ).save(force_insert=True)


def brings(
    table: Seat, user: User, party: Organisation, people: Sequence[Candidate], homes: Sequence[str]
) -> CityRound:
    """Let somebody choose what an association brings, and a worker compute it."""
    seat = seat_of(table, party).public_id
    return computed(user, a_city(user, party, people, homes, seat=seat))


def laid(user: User, row: CityRound) -> CityRound:
    """Let somebody lay it on the table."""
    together.lay(user=user, city_round=row.public_id, now=NOW)
    return now_of(row)


def divided(cast: Cast, table: Seat) -> list[CityRound]:
    """Let Mo ask for it, and a worker divide what lies there; return the rounds as they stand."""
    assert sharing.run(sharing.ask(user=cast.mo, seat=table.public_id, now=NOW))
    rows = CityRound.of_everybody.filter(seat__table=table.table, laid_at__isnull=False)
    return [now_of(each) for each in rows.order_by("owner_id")]
