"""Rounds of judgements in one line each, so that a test can speak of what follows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from mixwijzer.web.accounts.models import User
from mixwijzer.web.pulse import services
from mixwijzer.web.pulse.bridge import Said
from mixwijzer.web.pulse.models import Place, Round, Task
from mixwijzer.web.register.models import Complex
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key

CALM = {"attention": Said(low=5, best=6, high=8), "carrier": Said(low=2, best=3, high=4)}
BUSY = {"attention": Said(low=12, best=14, high=16), "carrier": Said(low=2, best=3, high=4)}
NEAR = {"attention": Said(low=6, best=7, high=9), "carrier": Said(low=2, best=3, high=5)}
UNTIL = date(2026, 12, 12)


def planned(cast: Cast, *codes: str, now: datetime = NOW, start: date = TODAY) -> Round:
    """Plan a round over these complexes; whom to ask is proposed."""
    places = Complex.objects.for_organisation(cast.woonbelang).filter(code__in=codes)
    return services.make_round(
        user=cast.mo,
        name="Beelden 2026",
        start=start,
        until=UNTIL,
        complexes=list(places.values_list("public_id", flat=True)),
        by_group=False,
        key=a_key(),
        now=now,
    )


def running(cast: Cast, code: str, *judges: User, now: datetime = NOW) -> Round:
    """Start a round about one complex, with these judges."""
    row = planned(cast, code, now=now)
    appoint(cast, row, code, judges, now=now)
    services.start_round(user=cast.mo, round_id=row.public_id, now=now)
    return row


def appoint(cast: Cast, row: Round, code: str, judges: Sequence[User], now: datetime = NOW) -> None:
    """Say who is asked about a complex."""
    place = Place.objects.for_organisation(cast.woonbelang).get(round=row, scope_code=code)
    services.assign(
        user=cast.mo, place=place.public_id, judges=[each.public_id for each in judges], now=now
    )


def task_of(judge: User, row: Round) -> Task:
    """Return somebody's task in a round about one place."""
    return Task.objects.for_organisation(row.owner_id).get(place__round=row, judge=judge)


def says(
    judge: User,
    row: Round,
    ranges: dict[str, Said],
    *,
    typist: User | None = None,
    key: uuid.UUID | None = None,
    now: datetime = NOW,
) -> Task:
    """Give a view, or have it typed by somebody else."""
    services.give(
        user=typist or judge,
        task=task_of(judge, row).public_id,
        ranges=ranges,
        known="most",
        key=key or a_key(),
        now=now,
    )
    return task_of(judge, row)


def a_round_is_under_way(cast: Cast) -> None:
    """Let Hans practise and give the first of two views of the Molenhof."""
    services.practise(user=cast.hans, now=NOW)
    row = running(cast, "Molen", cast.hans, cast.mo)
    says(cast.hans, row, CALM)


def a_round_elsewhere(cast: Cast) -> None:
    """Write one of the other association, that has nobody in the cast who may plan."""
    complex_ = Complex.objects.for_organisation(cast.elders).get(code="Elders")
    row = Round(
        owner=cast.elders, name="Elders", start=TODAY, until=UNTIL, made_at=NOW, key=a_key()
    )
    row.save()
    place = Place(
        owner=cast.elders, round=row, complex=complex_, scope_kind=1, scope_code=complex_.code
    )
    place.save()
    Task(owner=cast.elders, place=place, judge=cast.olga).save()
