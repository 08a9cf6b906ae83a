"""One event of the trail.

Events of one organisation form a chain: each hash covers the one before it, the number, the moment,
the action and a *commitment*, the hash of a secret salt with the content. Content and salt can be
erased at the end of their term; the commitment stays, so the chain still holds.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mixwijzer.web.accounts.models import Owned
from mixwijzer.web.accounts.roles import Action

__all__ = ["Event", "Reading"]


class Event(Owned):
    """Something that somebody did."""

    seen_with = Action.SEE_TRAIL

    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    commitment = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    # Personal content, erasable: who, about what, with which facts, and the salt of the commitment
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.UUIDField(null=True, db_index=True)
    payload = models.TextField(null=True)  # noqa: DJ001 (nothing is not the same as empty)
    salt = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="event_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class Reading(Owned):
    """Somebody looked at a page about this thing, at least once on this day.

    Not part of the chain: looking must not wait for who decides. Removed after its term.
    """

    seen_with = Action.SEE_TRAIL

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=60)
    subject = models.UUIDField(db_index=True)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "subject", "what", "day"], name="reading_once_a_day"
            )
        ]
        indexes = [models.Index(fields=["owner", "-at"])]

    def __str__(self) -> str:
        return f"{self.day} {self.what}"
