"""Adopt a version: its bands and caps become rows that advice reads, from a day on.

Two clocks: what held before keeps its rows, with an end. No two rows of one place for the same
thing ever hold on one day.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, Visitor
from mixwijzer.web.audit import services as audit
from mixwijzer.web.profiles import bridge
from mixwijzer.web.profiles.content import Content
from mixwijzer.web.profiles.models import Version
from mixwijzer.web.profiles.refusals import Overlaps, WrongDay
from mixwijzer.web.profiles.services.moving import (
    Going,
    about_buildings,
    going,
    place_of,
    possible,
    stepped_by_itself,
)
from mixwijzer.web.profiles.transitions import Event, State
from mixwijzer.web.register.bridge import Table, current
from mixwijzer.web.register.services import store

__all__ = ["adopt", "lapse_due", "withdraw"]

TABLES: tuple[Table[Any], ...] = (bridge.PROFILES, bridge.CAPS)


@transaction.atomic
def adopt(
    *, user: Visitor, version: uuid.UUID, start: date, body: str, revision: int, now: datetime
) -> Version:
    """Let a version hold from a day on; what held until then ends that day.

    Parameters
    ----------
    body
        Who decided: head, management or board.

    Raises
    ------
    WrongDay
        From a day that is past, or after its own end.
    Overlaps
        A profile of this place that begins later stands in the way.
    Impossible
        With what it inherits by now no mix can keep to it.
    """
    step = going(user, version, Event.ADOPT, revision, now)
    content, today = step.content, localdate(now)
    if start < today or (content.until is not None and start >= content.until):
        raise WrongDay(earliest=today, latest=content.until)
    possible(step.row, content, now)
    _refuse_overlap(step.row, content, start)
    before = [each for each in _holding(step.row) if each.start and each.start <= start]
    step.row.start, step.row.ends = start, content.until
    facts = {"start": start.isoformat(), "body": body}
    done = step.to(Event.ADOPT, facts=facts)
    step.told(done)
    _lay_down(step, content, start)
    for each in before:
        each.ends = min(each.ends or start, start)
        stepped_by_itself(each, Event.REPLACE, now, {"from": start.isoformat()})
    return step.row


def _holding(row: Version) -> list[Version]:
    """Return the adopted versions of the same place."""
    same = Version.objects.for_organisation(row.owner_id).filter(
        set_by_kind=row.set_by_kind, set_by=row.set_by, state=State.ADOPTED
    )
    return list(same.exclude(pk=row.pk).select_related("owner").select_for_update(of=("self",)))


def _refuse_overlap(row: Version, content: Content, start: date) -> None:
    lines, caps = bridge.lines_of(row.owner, place_of(row))
    rows: tuple[Any, ...] = (*lines, *caps)
    for each in rows:
        ended = each.end is not None and each.end <= each.start
        after = content.until is not None and each.start >= content.until
        if each.start > start and not ended and not after:
            raise Overlaps(since=each.start, row=each.id)


def _lay_down(step: Going, content: Content, start: date) -> None:
    """End the rows that held, and add those of this version."""
    row, owner = step.row, step.row.owner
    place = place_of(row)
    held = bridge.lines_of(owner, place)
    ended = [
        [
            bridge.cut(each, start)
            for each in rows
            if each.start <= start and (each.end is None or each.end > start)
        ]
        for rows in held
    ]
    fresh = bridge.rows_of(place, content, name=str(row.public_id), start=start)
    for table, old, new in zip(TABLES, ended, fresh, strict=True):
        _stored(table, owner, (*old, *new), step.now)


def _stored(table: Table[Any], owner: Organisation, rows: Iterable[Any], now: datetime) -> None:
    listed = list(rows)
    store(
        table=table,
        owner=owner,
        values=listed,
        now=now,
        extra=lambda row: {},
        standing=current(table, owner, code__in=[each.id for each in listed]),
    )


@transaction.atomic
def withdraw(
    *, user: Visitor, version: uuid.UUID, text: str, revision: int, now: datetime
) -> Version:
    """Take a version back. One that was adopted ends today, or before it began."""
    step = going(user, version, Event.WITHDRAW, revision, now)
    adopted = step.row.state == State.ADOPTED
    today = localdate(now)
    if adopted:
        step.row.ends = max(today, step.row.start or today)
        _end_rows(step, today)
    step.to(Event.WITHDRAW, text=about_buildings(text), facts={"ends": today.isoformat()})
    return step.row


def _end_rows(step: Going, day: date) -> None:
    owner, name = step.row.owner, f"{step.row.public_id}#"
    held: tuple[tuple[Any, ...], ...] = bridge.lines_of(owner, place_of(step.row))
    for table, rows in zip(TABLES, held, strict=True):
        mine = [each for each in rows if each.id.startswith(name)]
        going_on = [each for each in mine if each.end is None or each.end > day]
        _stored(table, owner, [bridge.cut(each, day) for each in going_on], step.now)


@transaction.atomic
def lapse_due(*, owner: Organisation, now: datetime) -> int:
    """Record of adopted versions whose term ended that they lapsed; return how many."""
    audit.lock(owner)
    over = Version.objects.for_organisation(owner).filter(
        state=State.ADOPTED, ends__lte=localdate(now)
    )
    rows = list(over.select_related("owner").select_for_update(of=("self",)))
    for row in rows:
        stepped_by_itself(row, Event.LAPSE, now, {"ended": str(row.ends)})
    return len(rows)
