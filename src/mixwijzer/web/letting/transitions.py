"""Which step may follow which? The one table behind buttons, services, docs and tests.

A vacancy goes from notice to decision: first the consultant gives her own view, then the advice
opens, then a person decides. Handing over starts again with the question, because whoever decides
has said first how it is there. After the decision a candidate is looked for, step by step
(`match_steps`), until the home is let. Where its advert yields nobody it all begins anew. A vacancy
of which the notice is over is closed; where the data take that back it goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts.roles import Action

__all__ = [
    "BY_ITSELF",
    "MATCHED",
    "OPEN",
    "PERMISSION",
    "RESUMED",
    "TRANSITIONS",
    "WITH_CANDIDATES",
    "Event",
    "State",
    "after",
    "allowed",
]


class State(TextChoices):
    """Where a vacancy stands."""

    NOTICED = "noticed", _("own view asked")
    VIEWED = "viewed", _("own view given")
    ADVISED = "advised", _("waits for a decision")
    SECOND_READING = "second_reading", _("waits for a second reader")
    DECIDED = "decided", _("decided")
    IN_MATCHING = "in_matching", _("looking for a candidate")
    RESERVED = "reserved", _("with a candidate")
    LET = "let", _("let")
    CLOSED = "closed", _("closed")


class Event(TextChoices):
    """What can happen to a vacancy."""

    ANSWER = "answer"
    OPEN = "open"
    DECIDE = "decide"
    PROPOSE = "propose"  # a decision that a second reader has to confirm
    CONFIRM = "confirm"
    RETURN = "return"
    WITHDRAW = "withdraw"
    ANEW = "anew"  # the advert is out and yields nobody: the way is chosen anew
    HAND_OVER = "hand_over"
    OPEN_MATCHING = "open_matching"
    STOP_MATCHING = "stop_matching"  # back to the decision, which can then be taken back
    RESERVE = "reserve"
    FREE = "free"
    LET = "let"
    UNLET = "unlet"  # the contract fell through after the key was recorded
    CORRECT = "correct"  # other days of the notice
    CLOSE = "close"
    REOPEN = "reopen"  # the data no longer say that the notice is over


OPEN = frozenset({State.NOTICED, State.VIEWED, State.ADVISED, State.SECOND_READING})
MATCHED = frozenset({State.IN_MATCHING, State.RESERVED})
"""After the decision: a candidate is looked for, or was found."""
WITH_CANDIDATES = MATCHED | {State.DECIDED, State.LET}
"""From the decision on there are candidates to look at."""

TRANSITIONS: Mapping[tuple[State, Event], State] = {
    (State.NOTICED, Event.ANSWER): State.VIEWED,
    (State.VIEWED, Event.ANSWER): State.VIEWED,
    (State.ADVISED, Event.ANSWER): State.VIEWED,
    (State.VIEWED, Event.OPEN): State.ADVISED,
    (State.ADVISED, Event.OPEN): State.ADVISED,
    (State.ADVISED, Event.DECIDE): State.DECIDED,
    (State.ADVISED, Event.PROPOSE): State.SECOND_READING,
    (State.SECOND_READING, Event.CONFIRM): State.DECIDED,
    (State.SECOND_READING, Event.RETURN): State.ADVISED,
    (State.SECOND_READING, Event.WITHDRAW): State.ADVISED,
    (State.DECIDED, Event.WITHDRAW): State.ADVISED,
    (State.DECIDED, Event.ANEW): State.NOTICED,
    (State.IN_MATCHING, Event.ANEW): State.NOTICED,
    (State.NOTICED, Event.HAND_OVER): State.NOTICED,
    (State.VIEWED, Event.HAND_OVER): State.NOTICED,
    (State.ADVISED, Event.HAND_OVER): State.NOTICED,
    (State.DECIDED, Event.OPEN_MATCHING): State.IN_MATCHING,
    (State.IN_MATCHING, Event.STOP_MATCHING): State.DECIDED,
    (State.IN_MATCHING, Event.RESERVE): State.RESERVED,
    (State.RESERVED, Event.FREE): State.IN_MATCHING,
    (State.RESERVED, Event.LET): State.LET,
    (State.LET, Event.UNLET): State.IN_MATCHING,
    **{(state, Event.CORRECT): state for state in State if state not in (State.LET, State.CLOSED)},
    **{(state, Event.CLOSE): State.CLOSED for state in State if state is not State.CLOSED},
}

RESUMED: Mapping[State, State] = {
    **{state: state for state in State if state is not State.CLOSED},
    State.RESERVED: State.IN_MATCHING,
}
"""Where a vacancy that was closed goes on, by where it was: its matches were called off."""

BY_ITSELF = frozenset({Event.REOPEN})
"""What nobody does: it follows from what was brought in, or taken back."""

PERMISSION: Mapping[Event, Action] = {
    Event.ANSWER: Action.JUDGE,
    Event.OPEN: Action.SEE_ADVICE,
    Event.DECIDE: Action.DECIDE,
    Event.PROPOSE: Action.DECIDE,
    Event.CONFIRM: Action.READ_SECOND,
    Event.RETURN: Action.READ_SECOND,
    Event.WITHDRAW: Action.DECIDE,
    Event.ANEW: Action.DECIDE,
    Event.HAND_OVER: Action.HAND_OVER,
    Event.OPEN_MATCHING: Action.MATCH,
    Event.STOP_MATCHING: Action.MATCH,
    Event.RESERVE: Action.MATCH,
    Event.FREE: Action.MATCH,
    Event.LET: Action.CHECK_LETTING,
    Event.UNLET: Action.SETTLE_REFUSALS,
    Event.CORRECT: Action.NOTIFY,
    Event.CLOSE: Action.NOTIFY,
}


def after(state: str, event: Event, held: str = "") -> State | None:
    """Return where an event leads, or None; `held` is where a vacancy was when it was closed."""
    if state == State.CLOSED and event is Event.REOPEN:
        return RESUMED.get(State(held))
    return TRANSITIONS.get((State(state), event))


def allowed(state: str, event: Event) -> bool:
    """Whether this can happen in this state."""
    return (State(state), event) in TRANSITIONS
