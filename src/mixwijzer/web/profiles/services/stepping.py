"""The steps before adoption: a second reader, the tenants' organisation, the reply."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Visitor
from mixwijzer.web.profiles.models import Edition, Version
from mixwijzer.web.profiles.refusals import OwnDraft, StillTime, Unfinished
from mixwijzer.web.profiles.services.moving import Going, about_buildings, going, possible
from mixwijzer.web.profiles.services.writing import papers
from mixwijzer.web.profiles.transitions import ADVICE_WEEKS, Event

__all__ = [
    "advise",
    "approve",
    "ask",
    "pass_term",
    "reply",
    "request_changes",
    "revise",
    "submit",
]


@transaction.atomic
def submit(*, user: Visitor, version: uuid.UUID, revision: int, now: datetime) -> Version:
    """Send a finished draft to a second reader."""
    step = going(user, version, Event.SUBMIT, revision, now)
    if step.content.missing:
        raise Unfinished(missing=step.content.missing)
    possible(step.row, step.content, now)
    step.told(step.to(Event.SUBMIT))
    return step.row


@transaction.atomic
def request_changes(
    *, user: Visitor, version: uuid.UUID, text: str, revision: int, now: datetime
) -> Version:
    """Say, as second reader, what should be different."""
    step = _reading(user, version, Event.REQUEST_CHANGES, revision, now)
    step.told(step.to(Event.REQUEST_CHANGES, text=about_buildings(text)))
    return step.row


@transaction.atomic
def approve(
    *, user: Visitor, version: uuid.UUID, text: str = "", revision: int, now: datetime
) -> Version:
    """Agree, as second reader."""
    step = _reading(user, version, Event.APPROVE, revision, now)
    step.told(step.to(Event.APPROVE, text=about_buildings(text, needed=False)))
    return step.row


def _reading(
    user: Visitor, version: uuid.UUID, event: Event, revision: int, now: datetime
) -> Going:
    """Return the step of a second reader: nobody who wrote any of it."""
    step = going(user, version, event, revision, now)
    wrote = Edition.objects.for_organisation(step.row.owner_id).filter(
        version=step.row, by=step.user
    )
    if wrote.exists():
        raise OwnDraft
    return step


@transaction.atomic
def ask(*, user: Visitor, version: uuid.UUID, revision: int, now: datetime) -> Version:
    """Lay it before the tenants' organisation: it has six weeks."""
    step = going(user, version, Event.ASK, revision, now)
    due = localdate(now) + timedelta(weeks=ADVICE_WEEKS)
    step.row.advice_due = due
    step.told(step.to(Event.ASK, facts={"due": due.isoformat()}))
    return step.row


@transaction.atomic
def advise(
    *,
    user: Visitor,
    version: uuid.UUID,
    in_favour: bool,
    text: str,
    revision: int,
    now: datetime,
    paper: tuple[str, bytes] | None = None,
) -> Version:
    """Record the advice of the tenants' organisation, by somebody of it."""
    event = Event.ADVISE_FOR if in_favour else Event.ADVISE_AGAINST
    step = going(user, version, event, revision, now)
    told = about_buildings(text)
    if paper is not None:
        papers(step.row, step.user, paper[0], paper[1], now, tenants=True)
    due = step.row.advice_due
    late = due is not None and localdate(now) > due
    step.to(event, text=told, facts={"late": late})
    return step.row


@transaction.atomic
def pass_term(*, user: Visitor, version: uuid.UUID, revision: int, now: datetime) -> Version:
    """Record that no advice came, after its term."""
    step = going(user, version, Event.PASS, revision, now)
    due = step.row.advice_due
    if due is not None and localdate(now) <= due:
        raise StillTime(due=due)
    step.to(Event.PASS)
    return step.row


@transaction.atomic
def reply(*, user: Visitor, version: uuid.UUID, text: str, revision: int, now: datetime) -> Version:
    """Answer an advice that isn't followed, with the reasons."""
    step = going(user, version, Event.REPLY, revision, now)
    step.told(step.to(Event.REPLY, text=about_buildings(text)))
    return step.row


@transaction.atomic
def revise(
    *, user: Visitor, version: uuid.UUID, text: str, revision: int, now: datetime
) -> Version:
    """Take it back to change it; reader and tenants' organisation see it again."""
    step = going(user, version, Event.REVISE, revision, now)
    step.row.advice_due = None
    step.to(Event.REVISE, text=about_buildings(text))
    return step.row
