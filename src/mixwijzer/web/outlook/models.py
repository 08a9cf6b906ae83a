"""What was computed of the coming years, and from what: complexes, ways of letting, promises."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mixwijzer.web.accounts.models import Organisation, Owned, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.outlook.transitions import ScenarioState
from mixwijzer.web.register.models import Complex

__all__ = ["KeyFigures", "Outlook", "Scenario", "Weighing"]


class Outlook(Owned):
    """The forecast and the steering power of one complex, as computed last.

    It can be made again at any time from the same rows, to the same bytes. `made_of` tells what
    it was made of: where that is no longer so, a page says that it is being computed anew.
    """

    seen_with = Action.SEE_ADVICE

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField(max_length=40)
    made_of = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    brief = models.TextField()  # what a list shows
    content = models.TextField()  # last: who reads another column needn't walk through it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "complex", "scheme"], name="outlook_once")
        ]

    def __str__(self) -> str:
        return f"{self.complex_id} {self.made_at:%Y-%m-%d}"


class Scenario(Owned):
    """Ways of letting beside each other: what was asked, how far it is, and what came out.

    It stands on the rows as they were known at `made_at`, so that whoever goes on with it, on
    whatever day, draws the same bits. `made_of` tells whether those rows are still the current
    ones; `packed` is what was drawn so far.
    """

    seen_with = Action.SEE_ADVICE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    key = models.UUIDField()
    asked = models.JSONField()
    made_of = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ScenarioState, default=ScenarioState.WAITING)
    moved_at = models.DateTimeField()  # last sign of life
    drawn = models.PositiveIntegerField(default=0)  # blocks of 64 runs
    blocks = models.PositiveIntegerField()
    trouble = models.JSONField(default=dict)
    rests_on = models.JSONField(default=dict)
    document = models.TextField(default="")
    packed = models.TextField(default="")  # last: who reads another column needn't walk through it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="scenario_key_once"),
            models.CheckConstraint(
                condition=Q(state__in=ScenarioState.values), name="scenario_state_known"
            ),
        ]
        indexes = [models.Index(fields=["owner", "-made_at"], name="scenario_latest")]

    def __str__(self) -> str:
        return self.name


class Weighing(Owned):
    """Whether everything that an association agreed can hold together, as computed last.

    Like an `Outlook` it can be made again at any time from the same rows; `made_of` tells whether
    those are still the current ones.
    """

    seen_with = Action.SEE_ADVICE

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_of = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    document = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner"], name="weighing_once")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.made_at:%Y-%m-%d}"


class KeyFigures(Owned):
    """What an association laid on the table with a municipality, as it stood on that day.

    Its own part of each promise that they made, its homes, and how many of those likely come free
    and suit. The municipality reads these figures, and none that were computed since.
    """

    seen_with = Action.SEE_OBLIGATIONS
    shared_with = ("municipality_id",)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    municipality = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    laid_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    content = models.TextField()

    def __str__(self) -> str:
        return f"{self.owner_id} {self.laid_at:%Y-%m-%d}"

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show the association its own, and the municipality what was laid on its table."""
        with_us = user.owners(Action.SEE_OWN_OBLIGATIONS)
        return super().seen_by(user) | Q(municipality_id__in=with_us)
