"""A city round of the made-up town, released, so that somebody can go on with it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.config import town_week
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.rounds.city_steps import CityEvent
from mixwijzer.web.rounds.selectors.choosing import choices
from mixwijzer.web.rounds.services import city

__all__ = ["lay_out"]

HOMES, CANDIDATES = 6, 12  # the others can be chosen for a round of one's own


def lay_out(owner: Organisation, people: Mapping[str, User], now: datetime) -> None:
    """Let the head divide homes over candidates, and release it.

    Sem takes on what nobody had, and says how it is there: about those can be decided.
    """
    mo, sem = (people[f"{name}@zilverlinde.example"] for name in ("mo", "sem"))
    found = choices(mo, day=timezone.localdate(now))
    homes = [each.id for each in found.homes if each.free][-HOMES:]
    candidates = [each.id for each in found.people if each.free][:CANDIDATES]
    if not homes or not candidates:
        return
    rows = Vacancy.objects.for_organisation(owner).filter(public_id__in=homes)
    for home in rows.filter(responsible=None, state=State.NOTICED).order_by("code"):
        town_week.take_on(mo, sem, home, now)
    row = city.make(
        user=mo,
        owner=owner,
        name="Directe bemiddeling november",
        vacancies=homes,
        candidates=candidates,
        key=uuid.uuid4(),
        now=now,
    )
    row = city.ask(user=mo, city_round=row.public_id, event=CityEvent.RUN, now=now)
    city.run(row)
    city.step(user=mo, city_round=row.public_id, event=CityEvent.RELEASE, now=now)
