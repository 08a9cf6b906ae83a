"""Which step of a week round may follow which? The one table behind buttons, services and tests.

A round is prepared, computed as often as is needed, put on the table, confirmed home by home,
adopted, and published. What was decided can be taken back until it is published. A home whose
notice was closed falls off and the others go on: from every state there is a way to an end.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts.roles import Action

__all__ = ["PERMISSION", "STANDING", "TRANSITIONS", "WeekEvent", "WeekState", "possible"]


class WeekState(TextChoices):
    """Where a week round stands."""

    PREPARED = "prepared", _("prepared")
    COMPUTED = "computed", _("computed")
    RELEASED = "released", _("on the table")
    ADOPTED = "adopted", _("adopted")
    EXECUTED = "executed", _("published")
    DROPPED = "dropped", _("taken off")


class WeekEvent(TextChoices):
    """What can happen to a week round."""

    COMPUTE = "compute"
    RELEASE = "release"
    ANSWER = "answer"  # a home is confirmed, or goes another way
    UNDO = "undo"
    ADOPT = "adopt"
    EXECUTE = "execute"
    DROP = "drop"


TRANSITIONS: Mapping[tuple[WeekState, WeekEvent], WeekState] = {
    (WeekState.PREPARED, WeekEvent.COMPUTE): WeekState.COMPUTED,
    (WeekState.COMPUTED, WeekEvent.COMPUTE): WeekState.COMPUTED,
    (WeekState.RELEASED, WeekEvent.COMPUTE): WeekState.COMPUTED,
    (WeekState.COMPUTED, WeekEvent.RELEASE): WeekState.RELEASED,
    (WeekState.RELEASED, WeekEvent.ANSWER): WeekState.RELEASED,
    (WeekState.COMPUTED, WeekEvent.UNDO): WeekState.COMPUTED,
    (WeekState.RELEASED, WeekEvent.UNDO): WeekState.RELEASED,
    (WeekState.RELEASED, WeekEvent.ADOPT): WeekState.ADOPTED,
    (WeekState.ADOPTED, WeekEvent.UNDO): WeekState.RELEASED,
    (WeekState.ADOPTED, WeekEvent.EXECUTE): WeekState.EXECUTED,
    (WeekState.PREPARED, WeekEvent.DROP): WeekState.DROPPED,
    (WeekState.COMPUTED, WeekEvent.DROP): WeekState.DROPPED,
    (WeekState.RELEASED, WeekEvent.DROP): WeekState.DROPPED,
}

PERMISSION: Mapping[WeekEvent, Action] = {
    WeekEvent.COMPUTE: Action.DECIDE,
    WeekEvent.RELEASE: Action.READ_SECOND,
    WeekEvent.ANSWER: Action.DECIDE,
    WeekEvent.UNDO: Action.DECIDE,
    WeekEvent.ADOPT: Action.READ_SECOND,
    WeekEvent.EXECUTE: Action.READ_SECOND,
    WeekEvent.DROP: Action.READ_SECOND,
}

STANDING = frozenset(WeekState) - {WeekState.DROPPED}
"""States of a round that counts as the round of its week."""


def possible(state: str, event: WeekEvent) -> bool:
    """Whether this can happen in this state."""
    return (WeekState(state), event) in TRANSITIONS
