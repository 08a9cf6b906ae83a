"""Which step of a scenario may follow which? The one table behind buttons, services and tests.

A scenario waits, a worker draws its runs, and it is done. Who stops it keeps what was drawn: it
goes on from there. A worker that is killed leaves `running` behind, which another one takes up.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = ["MOVING", "TRANSITIONS", "ScenarioEvent", "ScenarioState", "possible"]


class ScenarioState(TextChoices):
    """Where a scenario stands."""

    WAITING = "waiting", _("waits its turn")
    RUNNING = "running", _("being computed")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("stopped")
    FAILED = "failed", _("can't be computed")
    ARCHIVED = "archived", _("put away")


class ScenarioEvent(TextChoices):
    """What can happen to a scenario."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    RESUME = "resume"
    ARCHIVE = "archive"


TRANSITIONS: Mapping[tuple[ScenarioState, ScenarioEvent], ScenarioState] = {
    (ScenarioState.WAITING, ScenarioEvent.START): ScenarioState.RUNNING,
    (ScenarioState.RUNNING, ScenarioEvent.START): ScenarioState.RUNNING,  # taken up by another
    (ScenarioState.RUNNING, ScenarioEvent.FINISH): ScenarioState.DONE,
    (ScenarioState.RUNNING, ScenarioEvent.FAIL): ScenarioState.FAILED,
    (ScenarioState.WAITING, ScenarioEvent.CANCEL): ScenarioState.CANCELLED,
    (ScenarioState.RUNNING, ScenarioEvent.CANCEL): ScenarioState.CANCELLED,
    (ScenarioState.CANCELLED, ScenarioEvent.RESUME): ScenarioState.WAITING,
    (ScenarioState.DONE, ScenarioEvent.ARCHIVE): ScenarioState.ARCHIVED,
    (ScenarioState.CANCELLED, ScenarioEvent.ARCHIVE): ScenarioState.ARCHIVED,
    (ScenarioState.FAILED, ScenarioEvent.ARCHIVE): ScenarioState.ARCHIVED,
}

MOVING = frozenset({ScenarioState.WAITING, ScenarioState.RUNNING})
"""States in which a worker has something to do."""


def possible(state: str, event: ScenarioEvent) -> bool:
    """Whether this can happen in this state."""
    return (ScenarioState(state), event) in TRANSITIONS
