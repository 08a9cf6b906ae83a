"""A week round and its homes: what was proposed, from what, and who agreed or chose otherwise.

What happened stands in the trail; decisions themselves are those of the vacancies.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mixwijzer.web.accounts.models import Owned
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.letting.models import Decision, Vacancy
from mixwijzer.web.rounds.transitions import WeekState

__all__ = ["RoundItem", "WeekRound"]


class WeekRound(Owned):
    """The round of one week of an association.

    `inputs` is what the proposal was made from, by its parts, so that what changed since can be
    counted and named; `result` is what came out.
    """

    seen_with = Action.SEE_ADVICE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    week = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    key = models.UUIDField()
    state = models.CharField(max_length=10, choices=WeekState, default=WeekState.PREPARED)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    runs = models.PositiveSmallIntegerField(default=0)
    computed_at = models.DateTimeField(null=True)
    inputs = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64, default="")
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="week_round_key_once"),
            models.UniqueConstraint(
                fields=["owner", "year", "week"],
                condition=~Q(state=WeekState.DROPPED),
                name="week_round_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WeekState.values), name="week_round_state_known"
            ),
            models.CheckConstraint(
                condition=Q(week__gte=1, week__lte=53), name="week_round_week_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.week:02d}"


class RoundItem(Owned):
    """One home of a round: the way that is proposed, its text, and the answer."""

    seen_with = Action.SEE_ADVICE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    week_round = models.ForeignKey(WeekRound, on_delete=models.PROTECT, related_name="items")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=80, default="")
    group = models.CharField(max_length=80, default="")
    advert = models.CharField(max_length=1000, default="")
    edited = models.BooleanField(default=False)  # the text is a person's, computing leaves it
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week_round", "vacancy"], name="round_item_once"),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, answered_by__isnull=True, decision__isnull=True)
                | Q(agreed__isnull=False, answered_by__isnull=False, decision__isnull=False),
                name="round_item_answer_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week_round_id}: {self.vacancy_id}"
