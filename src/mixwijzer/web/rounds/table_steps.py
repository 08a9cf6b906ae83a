"""What can happen at a table of several associations, and when? The one table behind it.

A table is open, and everything can happen there, until who set it closes it. Who may close it opens
it again, as long as each part can still be divided anew: nobody adopted it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices

from mixwijzer.web.accounts.roles import Action

__all__ = ["PERMISSION", "TRANSITIONS", "TableEvent", "TableState", "possible"]


class TableState(TextChoices):
    """Where a table stands."""

    OPEN = "open"
    CLOSED = "closed"


class TableEvent(TextChoices):
    """What can happen at a table."""

    JOIN = "join"
    COMPUTE = "compute"  # what somebody brings
    LAY = "lay"
    DIVIDE = "divide"
    DECLINE = "decline"
    COME_BACK = "come_back"
    CLOSE = "close"
    OPEN = "open"


_S, _E = TableState, TableEvent

TRANSITIONS: Mapping[tuple[TableState, TableEvent], TableState] = {
    **{(_S.OPEN, event): _S.OPEN for event in (_E.JOIN, _E.COMPUTE, _E.LAY, _E.DIVIDE)},
    **{(_S.OPEN, event): _S.OPEN for event in (_E.DECLINE, _E.COME_BACK)},
    (_S.OPEN, _E.CLOSE): _S.CLOSED,
    (_S.CLOSED, _E.OPEN): _S.OPEN,
}

PERMISSION: Mapping[TableEvent, Action] = {
    **dict.fromkeys((_E.JOIN, _E.COMPUTE), Action.MATCH),
    **dict.fromkeys((_E.LAY, _E.DIVIDE, _E.DECLINE, _E.COME_BACK), Action.READ_SECOND),
    **dict.fromkeys((_E.CLOSE, _E.OPEN), Action.READ_SECOND),
}


def possible(state: TableState, event: TableEvent) -> bool:
    """Whether this can happen in this state."""
    return (state, event) in TRANSITIONS
