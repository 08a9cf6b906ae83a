"""Weigh what an association agreed, and keep what came out."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.outlook import bridge
from mixwijzer.web.outlook.models import Weighing

__all__ = ["weigh"]


def weigh(*, owner: Organisation, now: datetime) -> bool:
    """Weigh it, unless that was done of today's rows already; return whether it was done now."""
    wanted = bridge.weighed_of(owner, localdate(now))
    rows = Weighing.objects.for_organisation(owner)
    if rows.filter(made_of=wanted).exists():
        return False
    document = bridge.weighed(owner, now)
    row = Weighing(owner=owner, made_of=wanted, made_at=now, document=document)
    rows.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["owner"],
        update_fields=["made_of", "made_at", "document"],
    )
    return True
