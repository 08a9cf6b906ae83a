"""Which step of an import may follow which? The one table behind buttons, services, docs and tests.

A file is received, read by a worker and compared with the register. Then a person confirms what it
would do; unattended, the guard rails do that or hold it for a person. Nothing is written before
`applied`, and then everything at once: a process that is killed leaves `reading` or `confirmed`
behind, which can be resumed or dropped.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = ["MOVING", "TRANSITIONS", "ImportEvent", "ImportState", "possible"]


class ImportState(TextChoices):
    """Where an import stands."""

    RECEIVED = "received", _("waits to be read")
    READING = "reading", _("being read")
    REFUSED = "refused", _("refused: repair the file")
    SAME = "same", _("no change")
    STAGED = "staged", _("waits for you to confirm")
    HELD = "held", _("held: a person has to look")
    CONFIRMED = "confirmed", _("being written")
    APPLIED = "applied", _("applied")
    UNDONE = "undone", _("taken back")
    FAILED = "failed", _("stopped halfway: nothing was written")
    DROPPED = "dropped", _("dropped")


class ImportEvent(TextChoices):
    """What can happen to an import."""

    READ = "read"
    REFUSE = "refuse"
    FIND_SAME = "find_same"
    STAGE = "stage"
    HOLD = "hold"
    CONFIRM = "confirm"
    RECONSIDER = "reconsider"  # the register changed since it was compared
    APPLY = "apply"
    UNDO = "undo"
    FAIL = "fail"
    DROP = "drop"


TRANSITIONS: Mapping[tuple[ImportState, ImportEvent], ImportState] = {
    (ImportState.RECEIVED, ImportEvent.READ): ImportState.READING,
    (ImportState.READING, ImportEvent.READ): ImportState.READING,  # resumed
    (ImportState.FAILED, ImportEvent.READ): ImportState.READING,
    (ImportState.READING, ImportEvent.REFUSE): ImportState.REFUSED,
    (ImportState.READING, ImportEvent.FIND_SAME): ImportState.SAME,
    (ImportState.READING, ImportEvent.STAGE): ImportState.STAGED,
    (ImportState.READING, ImportEvent.HOLD): ImportState.HELD,
    (ImportState.STAGED, ImportEvent.CONFIRM): ImportState.CONFIRMED,
    (ImportState.HELD, ImportEvent.CONFIRM): ImportState.CONFIRMED,
    (ImportState.CONFIRMED, ImportEvent.RECONSIDER): ImportState.STAGED,
    (ImportState.CONFIRMED, ImportEvent.REFUSE): ImportState.REFUSED,  # of what came since
    (ImportState.CONFIRMED, ImportEvent.FIND_SAME): ImportState.SAME,  # likewise
    (ImportState.CONFIRMED, ImportEvent.APPLY): ImportState.APPLIED,
    (ImportState.APPLIED, ImportEvent.UNDO): ImportState.UNDONE,
    **{
        (state, ImportEvent.FAIL): ImportState.FAILED
        for state in (ImportState.READING, ImportState.CONFIRMED)
    },
    **{
        (state, ImportEvent.DROP): ImportState.DROPPED
        for state in (
            ImportState.RECEIVED,
            ImportState.READING,
            ImportState.STAGED,
            ImportState.HELD,
            ImportState.CONFIRMED,
            ImportState.FAILED,
        )
    },
}

MOVING = frozenset({ImportState.RECEIVED, ImportState.READING, ImportState.CONFIRMED})
"""States in which a worker has something to do."""


def possible(state: str, event: ImportEvent) -> bool:
    """Whether this can happen in this state."""
    return (ImportState(state), event) in TRANSITIONS
