"""Rows of profiles and caps, with two clocks (see `register.models`), and where they come from.

`ProfileRow` and `Cap` are what advice reads. A `Version` is the document behind them: its
`Edition`s, its history and its papers are never edited either.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mixwijzer.web.accounts.models import Owned, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.profiles.transitions import OPEN, SHOWN_TO_TENANTS, Event, State
from mixwijzer.web.register.models import CODE, Ledger, current_once

__all__ = [
    "Cap",
    "Document",
    "Edition",
    "Forecast",
    "ProfileRow",
    "Version",
    "VersionStep",
]


class Norm(Ledger):
    """Something that is set for one category, by somebody, from a day until a day."""

    seen_with = Action.SEE_NORMS

    code = models.CharField(max_length=CODE)
    set_by_kind = models.CharField(max_length=20)
    set_by = models.CharField(max_length=CODE)
    for_kind = models.SmallIntegerField()
    scheme = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    start = models.DateField()
    end = models.DateField(null=True)

    class Meta:
        abstract = True


class ProfileRow(Norm):
    """A band: lowest, aimed and highest share [basis points], and why."""

    min = models.PositiveSmallIntegerField(null=True)
    target = models.PositiveSmallIntegerField(null=True)
    max = models.PositiveSmallIntegerField(null=True)
    hard = models.BooleanField(default=False)
    motive = models.TextField(default="")
    fill_up_until = models.DateField(null=True)
    draft = models.BooleanField(default=False)

    class Meta:
        constraints = [current_once("code")]
        indexes = [models.Index(fields=["owner", "set_by"])]


class Cap(Norm):
    """At most so many households in each place of a kind."""

    at_most = models.PositiveIntegerField()
    draft = models.BooleanField(default=False)

    class Meta:
        constraints = [current_once("code")]
        indexes = [models.Index(fields=["owner", "set_by"])]


class Version(Owned):
    """A profile of one place on its way from draft to adoption, and after.

    `revision` rises with every step, so that two people who work on it notice each other. From
    `start` up to `ends` its rows are in the ledger; `ends` moves when a later one replaces it.
    """

    seen_with = Action.SEE_NORMS

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    set_by_kind = models.CharField(max_length=20)
    set_by = models.CharField(max_length=CODE)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    advice_due = models.DateField(null=True)
    start = models.DateField(null=True)
    ends = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "set_by_kind", "set_by", "number"], name="profile_version_number"
            ),
            models.UniqueConstraint(
                fields=["owner", "set_by_kind", "set_by"],
                condition=Q(state__in=sorted(OPEN)),
                name="profile_version_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="profile_version_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.set_by_kind} {self.set_by} v{self.number}"

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show drafts to who writes or reads them; to others from the moment advice is asked."""
        return _shown(user, "")


def _shown(user: User, path: str) -> Q:
    inside = user.owners(Action.WRITE_PROFILES) | user.owners(Action.REVIEW_PROFILES)
    shown = Q(owner_id__in=user.owners(Action.SEE_NORMS))
    told = Q(**{f"{path}state__in": sorted(SHOWN_TO_TENANTS)})
    return Q(owner_id__in=inside) | (shown & told)


class OfVersion(Owned):
    """Something that belongs to a version, and is never edited."""

    seen_with = Action.SEE_NORMS

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show what the version itself shows."""
        return _shown(user, "version__")


class Edition(OfVersion):
    """What stood in a version from a moment on; the last one holds."""

    content = models.JSONField()


class VersionStep(OfVersion):
    """One line of a version's history."""

    event = models.CharField(max_length=20, choices=Event)
    before = models.CharField(max_length=20, choices=State)
    after = models.CharField(max_length=20, choices=State)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(default="")
    facts = models.JSONField(default=dict)


class Forecast(OfVersion):
    """What a version would change, as computed at a step: counts, so not for everybody."""

    seen_with = Action.SEE_ADVICE

    step = models.ForeignKey(VersionStep, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show it to who may see accounts."""
        return Q(owner_id__in=user.owners(Action.SEE_ADVICE))


class Document(OfVersion):
    """A PDF that belongs to a version: of the association, or the tenants' own advice."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    tenants = models.BooleanField(default=False)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
