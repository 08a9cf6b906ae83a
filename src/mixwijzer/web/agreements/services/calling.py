"""Whom does the new state of an agreement call, who may be told of it by mail?

The same people for whom it stands under *Waits for me* on the page of today.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.selectors import holders
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.selectors.waiting import next_step
from mixwijzer.web.agreements.transitions import Event
from mixwijzer.web.mail.models import Kind
from mixwijzer.web.mail.services import call

__all__ = ["call_for_agreement"]

CALLING = {Event.BRING_OUT: "answer", Event.ASK_CHANGES: "changes", Event.AGREE: "sign"}
"""What somebody is called for after something happened."""


def call_for_agreement(row: Agreement, event: Event, *, by: User | None, now: datetime) -> None:
    """Tell whom an agreement waits for after a step; nobody where it waits for none."""
    people = {row.public_id: tuple(_people(row, event))}
    call(owner=row.owner_id, kind=Kind.AGREEMENT, people=people, by=by, now=now)


def _people(row: Agreement, event: Event) -> Iterable[User]:
    step = next_step(row)
    if step is None or CALLING.get(event) != step.what:  # whom it waits for heard it before
        return
    for party in step.parties:
        yield from holders(party.pk, step.action)
