"""Make a scenario, draw its runs block by block, stop it, go on with it, put it away.

After every block it is written down what was drawn, unless somebody stopped it or another worker
went further meanwhile. So a worker that is killed loses a second of work at most, and the one that
takes it up draws the very bits that the first would have drawn.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.exchange.refused import personal_in
from mixwijzer.web.accounts.models import Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.outlook import bridge
from mixwijzer.web.outlook.models import Scenario
from mixwijzer.web.outlook.refusals import NameMissing, NotOne, ScenarioNotNow
from mixwijzer.web.outlook.transitions import (
    MOVING,
    TRANSITIONS,
    ScenarioEvent,
    ScenarioState,
)
from mixwijzer.web.rounds import work

__all__ = [
    "Asked",
    "change",
    "draw",
    "make",
    "move",
    "one_scenario",
    "shorter_work_waits",
    "silent",
    "take_stock",
]

_EVERY = 1.0  # [s] between writing down what was drawn
LONGEST = 80  # a name [characters]

Asked = bridge.Asked


@transaction.atomic
def make(
    *, user: Visitor, owner: Organisation, name: str, asked: Asked, key: uuid.UUID, now: datetime
) -> Scenario:
    """Write down what is asked, of the rows as they are now; a form sent twice makes one.

    Raises
    ------
    NameMissing
        It has no name, or one with something of a person.
    NotOne
        There is nothing to compare, or it would take hours.
    """
    person = somebody(user)
    require(user, Action.COMPARE, owner)
    called = " ".join(name.replace("\x00", " ").split())
    if not called or personal_in(called):
        raise NameMissing
    audit.lock(owner)
    before = Scenario.objects.for_organisation(owner).filter(key=key).first()
    if before is not None:
        return before
    try:
        takes = bridge.seconds(owner, asked)
    except MixwijzerError as error:
        raise NotOne(bridge.trouble_of(error)) from error
    row = Scenario(
        owner=owner,
        name=called[:LONGEST],
        made_by=person,
        made_at=now,
        key=key,
        asked=asked.as_json,
        made_of=bridge.stock_mark(owner),
        moved_at=now,
        blocks=asked.choice.blocks,
        rests_on={"seconds": takes},
    )
    row.save(force_insert=True)
    _told(row, "make", person, now)
    return row


def change(*, user: Visitor, scenario: uuid.UUID, event: ScenarioEvent, now: datetime) -> Scenario:
    """Let a person stop a scenario, go on with it or put it away."""
    row = Scenario.objects.one(user, scenario)
    require(user, Action.COMPARE, row)
    return move(row, event, now=now, actor=somebody(user))


def move(
    row: Scenario, event: ScenarioEvent, *, now: datetime, actor: User | None = None, **columns: Any
) -> Scenario:
    """Take a scenario one step further, with its event in the trail.

    Raises
    ------
    ScenarioNotNow
        The table of transitions has no such step.
    """
    with transaction.atomic():
        audit.lock(row.owner)
        held = (
            Scenario.objects.for_organisation(row.owner_id)
            .select_for_update(of=("self",))
            .select_related("owner")
            .get(pk=row.pk)
        )
        after = TRANSITIONS.get((ScenarioState(held.state), event))
        if after is None:
            raise ScenarioNotNow(held.state, event)
        for name, value in {"state": after, "moved_at": now, **columns}.items():
            setattr(held, name, value)
        held.save(update_fields=["state", "moved_at", *columns])
        _told(held, event, actor, now)
    return held


def _told(row: Scenario, what: str, actor: User | None, now: datetime) -> None:
    audit.record(
        organisation=row.owner,
        action=f"outlook.scenario_{what}",
        actor=actor,
        subject=row.public_id,
        facts={"years": row.asked["years"], "runs": row.asked["runs"]},
        at=now,
    )


def draw(row: Scenario, *, give_way: Callable[[], bool] = lambda: False) -> bool:
    """Draw what is still to be drawn; return whether this stopped only to give way.

    It stops as well when somebody cancelled, or another worker is ahead.
    """
    row = move(row, ScenarioEvent.START, now=timezone.now())
    try:
        ready = bridge.ready(row.owner, Asked.of(row.asked), row.made_at)
    except MixwijzerError as error:
        move(row, ScenarioEvent.FAIL, now=timezone.now(), trouble=bridge.trouble_of(error))
        return False
    saved, wrote, done = ready.saved(row.packed), monotonic(), row.drawn
    for blocks, found in ready.drawn(saved):
        saved, last = found, blocks == ready.blocks
        others = not last and give_way()
        if last or others or monotonic() - wrote > _EVERY:
            if not _kept(row, done, blocks, ready.packed(found)):
                return False
            wrote, done = monotonic(), blocks
        if others:
            return True
    outcome = ready.outcome(saved)
    rests_on = {**row.rests_on, **outcome.rests_on}
    move(
        row,
        ScenarioEvent.FINISH,
        now=timezone.now(),
        document=outcome.document,
        rests_on=rests_on,
        packed="",
    )
    return False


def _kept(row: Scenario, before: int, drawn: int, packed: str) -> bool:
    """Write down what was drawn, unless it was stopped or somebody else is further."""
    rows = Scenario.objects.for_organisation(row.owner_id).filter(
        pk=row.pk, state=ScenarioState.RUNNING, drawn=before
    )
    return bool(rows.update(drawn=drawn, packed=packed, moved_at=timezone.now()))


def silent(*, owner: Organisation, now: datetime) -> list[Scenario]:
    """Return the scenarios whose worker gave no sign of life, each once in a while."""
    moving = Scenario.objects.for_organisation(owner).filter(state__in=MOVING)
    return work.silent(moving, "moved_at", now)


def one_scenario(owner: Organisation | int, public_id: uuid.UUID) -> Scenario:
    """Return a scenario of an organisation, for a worker."""
    rows = Scenario.objects.for_organisation(owner).select_related("owner")
    return rows.get(public_id=public_id)


def take_stock(row: Scenario, *, actor: Visitor) -> bytes:
    """Return the portfolio behind a scenario as a workbook; who took it is noted as a read."""
    require(somebody(actor), Action.COMPARE, row)
    return bridge.stock_file(row.owner, row.made_at)


def shorter_work_waits(priority: int) -> bool:
    """Whether a task of a higher priority waits for a worker."""
    return bool(DBTaskResult.objects.ready().filter(priority__gt=priority).exists())
