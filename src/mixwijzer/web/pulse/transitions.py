"""Which step may follow which? The tables behind buttons, services, docs and tests.

A round is planned, runs and ends. In it every judge has a task per place: he gives his view without
seeing another's, or passes the task on. When both views are in they are compared: far apart, the
two have a word first; after it each adjusts his view or leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts.roles import Action

__all__ = [
    "BLIND",
    "PERMISSION",
    "ROUND_TRANSITIONS",
    "TRANSITIONS",
    "Event",
    "RoundEvent",
    "RoundState",
    "TaskState",
    "allowed",
    "round_allowed",
]


class RoundState(TextChoices):
    """Where a round stands."""

    PLANNED = "planned", _("planned")
    OPEN = "open", _("running")
    CLOSED = "closed", _("closed")


class RoundEvent(TextChoices):
    """What can happen to a round."""

    ASSIGN = "assign"  # somebody is asked about a place, or no longer
    START = "start"
    CLOSE = "close"


class TaskState(TextChoices):
    """Where one judge's task stands."""

    OPEN = "open", _("asked")
    GIVEN = "given", _("view given")
    PASSED_ON = "passed_on", _("passed on")
    TALK = "talk", _("have a word")
    SETTLED = "settled", _("done")
    LAPSED = "lapsed", _("no view")


class Event(TextChoices):
    """What can happen to a task."""

    GIVE = "give"
    PASS_ON = "pass_on"  # noqa: S105 (a word, no secret)
    AGREE = "agree"  # both views are in, and close enough
    DIFFER = "differ"  # both views are in, far apart
    ADJUST = "adjust"
    LEAVE = "leave"
    END = "end"  # the round closed


BLIND = frozenset({TaskState.OPEN, TaskState.GIVEN})
"""States in which a judge sees neither the other's view nor the account of the place."""

ROUND_TRANSITIONS: Mapping[tuple[RoundState, RoundEvent], RoundState] = {
    (RoundState.PLANNED, RoundEvent.ASSIGN): RoundState.PLANNED,
    (RoundState.PLANNED, RoundEvent.START): RoundState.OPEN,
    (RoundState.PLANNED, RoundEvent.CLOSE): RoundState.CLOSED,
    (RoundState.OPEN, RoundEvent.ASSIGN): RoundState.OPEN,
    (RoundState.OPEN, RoundEvent.CLOSE): RoundState.CLOSED,
}

TRANSITIONS: Mapping[tuple[TaskState, Event], TaskState] = {
    (TaskState.OPEN, Event.GIVE): TaskState.GIVEN,
    (TaskState.GIVEN, Event.GIVE): TaskState.GIVEN,
    (TaskState.OPEN, Event.PASS_ON): TaskState.PASSED_ON,
    (TaskState.GIVEN, Event.AGREE): TaskState.SETTLED,
    (TaskState.GIVEN, Event.DIFFER): TaskState.TALK,
    (TaskState.TALK, Event.ADJUST): TaskState.SETTLED,
    (TaskState.TALK, Event.LEAVE): TaskState.SETTLED,
    (TaskState.OPEN, Event.END): TaskState.LAPSED,
    (TaskState.GIVEN, Event.END): TaskState.SETTLED,
    (TaskState.TALK, Event.END): TaskState.SETTLED,
}

PERMISSION: Mapping[Event | RoundEvent, Action] = {
    Event.GIVE: Action.JUDGE,
    Event.PASS_ON: Action.JUDGE,
    Event.AGREE: Action.JUDGE,
    Event.DIFFER: Action.JUDGE,
    Event.ADJUST: Action.JUDGE,
    Event.LEAVE: Action.JUDGE,
    Event.END: Action.PLAN_ROUNDS,
    RoundEvent.ASSIGN: Action.PLAN_ROUNDS,
    RoundEvent.START: Action.PLAN_ROUNDS,
    RoundEvent.CLOSE: Action.PLAN_ROUNDS,
}


def allowed(state: str, event: Event) -> bool:
    """Whether this can happen to a task in this state."""
    return (TaskState(state), event) in TRANSITIONS


def round_allowed(state: str, event: RoundEvent) -> bool:
    """Whether this can happen to a round in this state."""
    return (RoundState(state), event) in ROUND_TRANSITIONS
