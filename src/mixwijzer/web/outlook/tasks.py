"""What a worker does for a scenario: draw its runs, and let shorter work go first."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from django_tasks import task

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.outlook import services
from mixwijzer.web.outlook.models import Scenario
from mixwijzer.web.outlook.refusals import ScenarioNotNow

__all__ = ["compare", "start", "take_up"]

LONG = -10  # an import goes first, what looks ahead by itself comes later


def start(row: Scenario) -> None:
    """Let a worker draw a scenario, or go on with it."""
    compare.using(priority=LONG).enqueue(row.owner_id, str(row.public_id))


def take_up(owner: Organisation, now: datetime) -> int:
    """Let a worker go on with scenarios whose worker was killed; return how many."""
    found = services.silent(owner=owner, now=now)
    for row in found:
        start(row)
    return len(found)


@task()
def compare(owner: int, public_id: str) -> str:
    """Draw a scenario; return the state it ends in. Of two workers one finds that it is done."""
    with acting_for(owner):
        row = services.one_scenario(owner, uuid.UUID(public_id))
        try:
            if services.draw(row, give_way=partial(services.shorter_work_waits, LONG)):
                start(row)
        except ScenarioNotNow as late:
            return late.state
        return services.one_scenario(owner, uuid.UUID(public_id)).state
