"""Which step of a city round waits for this person? Told without homes, people or outcome."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.permissions import may
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.register.models import Notice
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.city_steps import PERMISSION, STANDING, CityEvent, CityState, Work
from mixwijzer.web.rounds.models import Absence, CityHome, CityRound, Seat

__all__ = ["JOIN", "CityWork", "city_work", "next_step", "settles", "unsettled"]

JOIN = "join"
MONTH = timedelta(days=30)
NEXT: Mapping[CityState, CityEvent] = {
    CityState.COMPUTED: CityEvent.RELEASE,
    CityState.RECOMPUTED: CityEvent.RELEASE,
    CityState.RELEASED: CityEvent.ADOPT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CityWork:
    """A city round whose next step is this person's; `due` is when its first home is decided.

    Of step `JOIN` it is a seat at a table, to which no round was brought yet.
    """

    id: uuid.UUID
    name: str
    step: str
    homes: int
    due: date | None


def city_work(user: User, *, now: datetime) -> tuple[CityWork, ...]:
    """Return the city rounds that wait for somebody; of an adopted one his own homes wait.

    Being asked to a table waits too, for a month: nobody has to come. Who takes no part, and a
    table that is closed, waits for nothing.
    """
    if not user.owners(Action.MATCH):
        return ()
    rows = CityRound.objects.visible_to(user).filter(state__in=STANDING, work=Work.NONE)
    rows = rows.select_related("seat")
    found = [(row, unsettled(row)) for row in rows.order_by("made_at", "pk")]
    steps = [(row, homes, _mine(user, row, homes)) for row, homes in found]
    lines = (_line(row, step, homes) for row, homes, step in steps if step)
    return (*_asked(user, now), *lines)


def _asked(user: User, now: datetime) -> Iterator[CityWork]:
    """Yield the tables to which others asked an association that this person leads."""
    leads = user.owners(Action.READ_SECOND)
    brought = CityRound.objects.visible_to(user).filter(seat__isnull=False)
    seats = Seat.objects.visible_to(user).filter(party__in=leads, made_at__gt=now - MONTH)
    away = Absence.objects.visible_to(user).filter(ended_at=None)
    seats = seats.exclude(owner__in=leads).exclude(pk__in=brought.values("seat"))
    seats = seats.filter(closed_at=None).exclude(pk__in=away.values("seat"))
    for each in seats.order_by("made_at", "pk"):
        yield CityWork(id=each.public_id, name=each.name, step=JOIN, homes=0, due=None)


def next_step(row: CityRound, homes: Sequence[CityHome]) -> CityEvent | None:
    """Return what happens next by a person; None where a worker comes first."""
    if row.state == CityState.ADOPTED:
        return CityEvent.CONFIRM if homes else CityEvent.EXECUTE
    step = NEXT.get(CityState(row.state))
    if step is CityEvent.RELEASE and _waits_for_others(row):
        return None
    return step if "placements" in row.result else None


def _waits_for_others(row: CityRound) -> bool:
    """Whether a round lies on a table, and somebody else comes first; nobody once it is closed."""
    if row.seat is None or "together" in row.result:
        return False
    if row.seat.closed_at:
        return True
    if row.laid_at is None:
        return False
    rounds = bridge.rounds_at(bridge.seats_of(row.seat))
    laid = [each for each in rounds if each.laid_at]
    return row.owner_id != row.seat.owner_id or len(laid) < 2


def _what(row: CityRound, step: CityEvent) -> str:
    """Name a step as it is told; at a table two come before the release."""
    if step is CityEvent.RELEASE and row.seat_id and "together" not in row.result:
        return "divide" if row.laid_at else "lay"
    return step


def unsettled(row: CityRound) -> list[CityHome]:
    """Return the homes that still have to be offered to their candidate, or not."""
    homes = CityHome.objects.for_organisation(row.owner_id).filter(city_round=row, settled_by=None)
    return list(homes.exclude(candidate="").select_related("vacancy").order_by("place"))


def _mine(user: User, row: CityRound, homes: Sequence[CityHome]) -> CityEvent | None:
    step = next_step(row, homes)
    action = PERMISSION[step] if step else None
    if step is None or action is None or not may(user, action, row):
        return None
    leads = may(user, Action.READ_SECOND, row)
    if step is CityEvent.CONFIRM and not settles(user, homes, leads=leads):
        return None
    return step


def settles(user: User, homes: Sequence[CityHome], *, leads: bool) -> bool:
    """Whether one of these homes is this person's to offer; what nobody has is for who leads."""
    holders = {each.vacancy.responsible_id for each in homes}
    return user.pk in holders or (leads and None in holders)


def _line(row: CityRound, step: CityEvent, homes: Sequence[CityHome]) -> CityWork:
    codes = [each.vacancy.code for each in homes]
    notices = Notice.objects.for_organisation(row.owner_id).filter(
        replaced_at=None, code__in=codes, publication__isnull=False
    )
    days = notices.order_by("publication").values_list("publication", flat=True)
    return CityWork(
        id=row.public_id, name=row.name, step=_what(row, step), homes=len(homes), due=days.first()
    )
