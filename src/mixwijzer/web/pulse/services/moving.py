"""Take a round or a task one step further: only as the tables allow, with a line of history."""

from __future__ import annotations

import uuid
from datetime import datetime

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import require
from mixwijzer.web.audit import services as audit
from mixwijzer.web.mail.models import Kind
from mixwijzer.web.mail.services import call
from mixwijzer.web.pulse.models import Round, Step, Task
from mixwijzer.web.pulse.refusals import NotNow
from mixwijzer.web.pulse.transitions import (
    PERMISSION,
    ROUND_TRANSITIONS,
    TRANSITIONS,
    Event,
    RoundEvent,
    RoundState,
    TaskState,
)

__all__ = ["locked_round", "locked_task", "move", "move_round", "written"]


def locked_round(user: Visitor, round_id: uuid.UUID, event: RoundEvent) -> Round:
    """Return a round that this person may do this to, locked."""
    seen = Round.objects.one(user, round_id)
    require(user, PERMISSION[event], seen)
    audit.lock(seen.owner)
    rows = Round.objects.for_organisation(seen.owner_id).select_related("owner")
    return rows.select_for_update(of=("self",)).get(pk=seen.pk)


def locked_task(user: Visitor, task: uuid.UUID) -> Task:
    """Return a task that this person sees, its round locked: both judges come one by one."""
    seen = Task.objects.one(user, task)
    audit.lock(seen.owner)
    rounds = Round.objects.for_organisation(seen.owner_id)
    rounds.select_for_update().get(places__tasks=seen.pk)
    rows = Task.objects.for_organisation(seen.owner_id)
    return rows.select_related("owner", "judge", "place__round", "place__complex").get(pk=seen.pk)


def move(task: Task, event: Event, *, by: User | None, now: datetime, reason: str = "") -> None:
    """Take a task to the state that follows this event, and write it down."""
    before = TaskState(task.state)
    after = TRANSITIONS.get((before, event))
    if after is None:
        raise NotNow(state=before, event=event)
    _step(task.place.round, task, event, before, after, by=by, now=now, reason=reason)
    task.state = after
    task.save(update_fields=["state"])
    if after is TaskState.TALK:
        people = {task.public_id: [task.judge]}
        call(owner=task.owner_id, kind=Kind.TALK, people=people, by=None, now=now)


def move_round(row: Round, event: RoundEvent, *, by: User, now: datetime) -> None:
    """Take a round to the state that follows this event, and write it down."""
    before = RoundState(row.state)
    after = ROUND_TRANSITIONS.get((before, event))
    if after is None:
        raise NotNow(state=before, event=event)
    _step(row, None, event, before, after, by=by, now=now)
    row.state = after
    row.save(update_fields=["state"])
    written(row, by, f"pulse.{event}", now)


def written(row: Round, by: User | None, action: str, now: datetime, **facts: str | int) -> None:
    """Write an event about a round in the trail; never what somebody said."""
    audit.record(
        organisation=row.owner, action=action, actor=by, subject=row.public_id, facts=facts, at=now
    )


def _step(
    row: Round,
    task: Task | None,
    event: str,
    before: str,
    after: str,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> None:
    Step(
        owner_id=row.owner_id,
        round=row,
        task=task,
        at=now,
        by=by,
        event=event,
        before=before,
        after=after,
        reason=reason,
    ).save(force_insert=True)
