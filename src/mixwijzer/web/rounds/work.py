"""Which long work has no worker any more?

A worker that goes on gives a sign of life. One that was killed gives none, and then another takes
its work up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet

from mixwijzer.web.accounts.models import Owned

__all__ = ["SILENT", "silent"]

Row = TypeVar("Row", bound=Owned)
SILENT = timedelta(minutes=2)  # without a sign of life, another worker takes it up


def silent(moving: QuerySet[Row], sign: str, now: datetime) -> list[Row]:
    """Return the rows at work that gave no sign of life, each once in a while."""
    rows = moving.filter(**{f"{sign}__lt": now - SILENT})
    found = list(rows.select_related("owner"))
    moving.filter(pk__in=[each.pk for each in found]).update(**{sign: now})
    return found
