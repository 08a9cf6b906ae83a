"""A round of judgements: which places, who is asked about each, and what they said, unseen.

`Round` and `Task` carry the present state. `View`, `Step` and `Practice` are never edited: who
adjusts a view writes another one, the first stays. A view goes to the register's ledger of
judgements when its place is settled; until then it is in no account and on no page but its judge's.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mixwijzer.web.accounts.models import Owned, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.pulse.transitions import Event, RoundEvent, RoundState, TaskState
from mixwijzer.web.register.models import CODE, Complex

__all__ = ["Place", "Practice", "Round", "Step", "Task", "View"]


class Round(Owned):
    """A number of weeks in which people say how it is in some places."""

    seen_with = Action.PLAN_ROUNDS

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    start = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.PLANNED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="round_key_once"),
            models.CheckConstraint(
                condition=Q(start__lte=models.F("until")), name="round_starts_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RoundState.values), name="round_state_known"
            ),
        ]
        indexes = [models.Index(fields=["owner", "state"])]


class Place(Owned):
    """A complex, or a group of its stairwells, in a round.

    `settled_on` is the day on which its views went to the register: they are one round of the
    account, so a view that is adjusted later keeps that day.
    """

    seen_with = Action.PLAN_ROUNDS

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="places")
    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+")
    scope_kind = models.SmallIntegerField()
    scope_code = models.CharField(max_length=CODE)
    settled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "scope_kind", "scope_code"], name="place_once_in_a_round"
            )
        ]
        indexes = [models.Index(fields=["complex"])]


class Task(Owned):
    """One person is asked about one place. Seen by that person, and by who follows the round."""

    seen_with = Action.PLAN_ROUNDS

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="tasks")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "judge"], name="task_once_per_judge"),
            models.CheckConstraint(
                condition=Q(state__in=TaskState.values), name="task_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["judge"],
                condition=Q(state__in=["given", "open", "talk"]),
                name="task_to_do",
            )
        ]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show a task to its judge as well, as long as he may judge there."""
        own = Q(judge_id=user.pk, owner_id__in=user.owners(Action.JUDGE))
        return super().seen_by(user) | own


class View(Owned):
    """What one judge said of a place: per category lowest, best, highest, plus and minus.

    `entered_by` is who typed a paper sheet for the judge; `after_talk` marks an adjusted view.
    """

    seen_with = Action.JUDGE

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="views")
    at = models.DateTimeField()
    key = models.UUIDField()
    known = models.CharField(max_length=10)
    ranges = models.JSONField()
    households = models.PositiveSmallIntegerField()
    after_talk = models.BooleanField(default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="view_key_once")]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show a view to its own judge, and to nobody else."""
        return super().seen_by(user) & Q(task__judge_id=user.pk)


class Step(Owned):
    """One line of a round's history; without a task it is about the round itself."""

    seen_with = Action.PLAN_ROUNDS

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="steps")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    event = models.CharField(max_length=20)
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(event__in=["make", *Event.values, *RoundEvent.values]),
                name="pulse_step_event_known",
            )
        ]


class Practice(Owned):
    """Somebody went through the examples; what was guessed is not kept."""

    seen_with = Action.JUDGE

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "user"], name="practice_once_per_person")
        ]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show it to the person alone: it measures nobody."""
        return super().seen_by(user) & Q(user_id=user.pk)
