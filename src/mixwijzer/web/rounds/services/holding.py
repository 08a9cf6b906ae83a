"""Hold a week round while something happens to it, and write down that it did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mixwijzer.web.accounts.models import User
from mixwijzer.web.audit import services as audit
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.models import RoundItem, WeekRound
from mixwijzer.web.rounds.refusals import WeekNotNow
from mixwijzer.web.rounds.transitions import TRANSITIONS, WeekEvent, WeekState

__all__ = ["after", "item_held", "locked", "moved", "told"]


def locked(row: WeekRound) -> WeekRound:
    """Return a round, locked after the trail, which all of one association share."""
    audit.lock(row.owner)
    rows = WeekRound.objects.for_organisation(row.owner_id).select_for_update(of=("self",))
    return rows.select_related("owner").get(pk=row.pk)


def item_held(owner: int, item: int) -> RoundItem:
    """Return one home of a round that is locked, locked too."""
    rows = RoundItem.objects.for_organisation(owner).select_for_update(of=("self",))
    related = rows.select_related("week_round", "vacancy", "decision", "answered_by")
    return bridge.with_decisions([related.get(pk=item)])[0]


def after(row: WeekRound, event: WeekEvent) -> WeekState:
    """Return where an event leads; refuse one that the table doesn't have."""
    found = TRANSITIONS.get((WeekState(row.state), event))
    if found is None:
        raise WeekNotNow(row.state, event)
    return found


def moved(
    row: WeekRound, event: WeekEvent, user: User, now: datetime, facts: Mapping[str, Any]
) -> None:
    """Go where an event leads."""
    row.state = after(row, event)
    row.moved_at, row.moved_by = now, user
    row.save()
    told(row, event, user, now, facts)


def told(row: WeekRound, what: str, user: User, now: datetime, facts: Mapping[str, Any]) -> None:
    """Write a line of the trail."""
    audit.record(
        organisation=row.owner,
        action=f"rounds.{what}",
        actor=user,
        subject=row.public_id,
        facts={"week": str(row), **facts},
        at=now,
    )
