"""What a worker does for a city round: compute it, divide its table, take up what another left."""

from __future__ import annotations

import uuid
from datetime import datetime

from django_tasks import task

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.rounds.city_steps import Work
from mixwijzer.web.rounds.models import CityRound
from mixwijzer.web.rounds.services import city, sharing

__all__ = ["divide", "share", "start", "take_up"]


def start(row: CityRound) -> None:
    """Let a worker compute a round, or divide what lies on its table."""
    what = share if row.work == Work.DIVIDING else divide
    what.enqueue(row.owner_id, str(row.public_id))


def take_up(owner: Organisation, now: datetime) -> int:
    """Let a worker go on with rounds whose worker was killed; return how many."""
    found = city.silent(owner=owner, now=now)
    for row in found:
        start(row)
    return len(found)


@task()
def divide(owner: int, public_id: str) -> bool:
    """Compute a round; of two workers the later one counts."""
    with acting_for(owner):
        return city.run(city.one(owner, uuid.UUID(public_id)))


@task()
def share(owner: int, public_id: str) -> bool:
    """Divide what lies on the table of a round; of two workers the later one counts."""
    with acting_for(owner):
        return sharing.run(city.one(owner, uuid.UUID(public_id)))
