"""Write an event in the transaction of what it tells about; erase its content after its term."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.audit.models import Event, Reading
from mixwijzer.web.audit.selectors import GENESIS, commitment_of, hash_of

__all__ = ["erase", "forget_readings", "heard", "lock", "note_reading", "record"]

Fact = str | int | float | bool | None
_LOCK_CLASS = 0x4D57  # the first half of PostgreSQL's advisory lock: this application's trail


def lock(organisation: Organisation) -> None:
    """Wait until nobody else writes to the trail of this organisation; freed at commit.

    SQLite needs none: its transactions are IMMEDIATE, so there is one writer at a time.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the trail is written inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, organisation.pk])


def record(
    *,
    organisation: Organisation,
    action: str,
    actor: User | None,
    subject: uuid.UUID | None,
    facts: Mapping[str, Fact],
    at: datetime,
) -> Event:
    """Add an event to the chain, in the caller's transaction."""
    lock(organisation)
    content = {
        "actor": str(actor.public_id) if actor else None,
        "subject": str(subject) if subject else None,
        "facts": dict(facts),
    }
    payload = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    salt = secrets.token_bytes(16)
    last = Event.objects.for_organisation(organisation).order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
    commitment = commitment_of(salt, payload)
    event = Event(
        owner=organisation,
        number=number,
        at=at,
        action=action,
        commitment=commitment,
        previous=previous,
        hash=hash_of(
            previous=previous,
            owner=str(organisation.public_id),
            number=number,
            at=at,
            action=action,
            commitment=commitment,
        ),
        actor=actor,
        subject=subject,
        payload=payload,
        salt=salt,
    )
    event.save(force_insert=True)
    return event


def heard(
    sender: object,
    *,
    organisation: Organisation,
    action: str,
    actor: User | None,
    subject: uuid.UUID | None,
    facts: Mapping[str, Fact],
    at: datetime,
    **kwargs: object,
) -> None:
    """Record what `accounts` tells."""
    record(
        organisation=organisation, action=action, actor=actor, subject=subject, facts=facts, at=at
    )


@transaction.atomic
def erase(*, organisation: Organisation, before: datetime) -> int:
    """Destroy content and salt of events before a moment; number, action and chain stay."""
    events = Event.objects.for_organisation(organisation).filter(
        at__lt=before, payload__isnull=False
    )
    return events.update(payload=None, salt=None, actor=None, subject=None)


def note_reading(*, user: User, what: str, model: str, subject: uuid.UUID, now: datetime) -> None:
    """Keep that somebody looked at this today; once a day, so that most looks only read."""
    things: QuerySet[Any] = cast("Any", apps.get_model(model)).objects.visible_to(user)
    owner = things.filter(public_id=subject).values_list("owner_id", flat=True).first()
    if owner is None:
        return
    rows = Reading.objects.for_organisation(owner)
    seen = {"actor": user, "what": what, "subject": subject, "day": timezone.localdate(now)}
    if not rows.filter(**seen).exists():
        rows.bulk_create([Reading(owner_id=owner, at=now, **seen)], ignore_conflicts=True)


@transaction.atomic
def forget_readings(*, organisation: Organisation, before: datetime) -> int:
    """Remove who looked at what before a moment."""
    gone, _ = Reading.objects.for_organisation(organisation).filter(at__lt=before).delete()
    return gone
