"""A frozen baseline: everything there was to know on one day, with its hash."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from mixwijzer.web.accounts.models import Owned
from mixwijzer.web.accounts.roles import Action

__all__ = ["Baseline"]


class Baseline(Owned):
    """The accounts, profiles, obligations and norms of one day, as canonical JSON.

    `number` counts those of one scheme and year: the first needs no reason, a next one does.
    """

    seen_with = Action.SEE_ADVICE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scheme = models.CharField(max_length=40)
    year = models.SmallIntegerField()
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(default="")
    day = models.DateField()
    data_date = models.DateField(null=True)
    engine_version = models.CharField(max_length=40)
    normset = models.CharField(max_length=80)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "scheme", "year", "number"], name="baseline_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"
