"""Tells the trail what changed among people and roles, in the transaction of the change.

The trail (`audit`) is built on people and roles, so it cannot be called from here: it listens.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.dispatch import Signal

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation, User

__all__ = ["tell", "told"]

told = Signal()


def tell(
    *,
    organisation: Organisation,
    action: str,
    actor: User | None,
    subject: uuid.UUID | None,
    facts: Mapping[str, str | int | bool | None],
    at: datetime,
) -> None:
    """Let who listens record an event of this organisation; what fails there fails here."""
    with acting_for(organisation):
        told.send(
            sender=Organisation,
            organisation=organisation,
            action=f"accounts.{action}",
            actor=actor,
            subject=subject,
            facts=facts,
            at=at,
        )
