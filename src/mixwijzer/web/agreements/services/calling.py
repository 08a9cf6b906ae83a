"""Whom does the new state of an agreement call, who may be told of it by mail?

The same people for whom it stands under *Waits for me* on the page of today.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.accounts.selectors import holders
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.selectors.documents import agreed
from mixwijzer.web.agreements.transitions import Event, State
from mixwijzer.web.mail.models import Kind
from mixwijzer.web.mail.services import call

__all__ = ["call_for_agreement"]


def call_for_agreement(row: Agreement, event: Event, *, by: User | None, now: datetime) -> None:
    """Tell whom an agreement waits for after a step; nobody where it waits for none."""
    people = {row.public_id: tuple(_people(row, event))}
    call(owner=row.owner_id, kind=Kind.AGREEMENT, people=people, by=by, now=now)


def _people(row: Agreement, event: Event) -> Iterable[User]:
    if row.state == State.TALKS and event is Event.ASK_CHANGES:
        yield from holders(row.owner_id, Action.WRITE_AGREEMENTS)
    if row.state != State.BID:
        return
    silent = [party for party, yes in agreed(row) if not yes]
    if event is Event.BRING_OUT:
        for party in silent:
            yield from holders(party.pk, Action.ANSWER_AGREEMENTS)
    elif not silent:  # the last of them agreed
        yield from holders(row.owner_id, Action.SIGN_AGREEMENTS)
