"""A city round of the made-up town, released, so that somebody can go on with it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.rounds.city_steps import CityEvent
from mixwijzer.web.rounds.selectors.choosing import choices
from mixwijzer.web.rounds.services import city

__all__ = ["lay_out"]

HOMES, CANDIDATES = 6, 12  # the others can be chosen for a round of one's own


def lay_out(owner: Organisation, people: Mapping[str, User], now: datetime) -> None:
    """Let the head divide homes over candidates, and release it.

    What nobody has stays so, and what waits for a view waits: a round goes before both.
    """
    mo = people["mo@zilverlinde.example"]
    found = choices(mo, day=timezone.localdate(now))
    homes = [each.id for each in found.homes if each.free][-HOMES:]
    candidates = [each.id for each in found.people if each.free][:CANDIDATES]
    if not homes or not candidates:
        return
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
