"""Which step may follow which, on the way of a performance agreement? One table.

Buttons, services, the diagram in the documentation (`tools.agreement_steps`) and tests read it.
An association writes, brings out a bid, hears what municipality and tenants want otherwise, and
signs. There is no way to `SIGNED` past the bid: what is signed was laid before the others.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mixwijzer.web.accounts.roles import Action

__all__ = [
    "BY_ITSELF",
    "OPEN",
    "PERMISSION",
    "SHOWN",
    "TRANSITIONS",
    "Event",
    "State",
    "allowed",
]


class State(TextChoices):
    """Where an agreement stands."""

    DRAFT = "draft", pgettext_lazy("agreement", "draft")
    BID = "bid", pgettext_lazy("agreement", "bid")
    TALKS = "talks", pgettext_lazy("agreement", "in talks")
    SIGNED = "signed", pgettext_lazy("agreement", "signed")
    ENDED = "ended", pgettext_lazy("agreement", "ended")
    REPLACED = "replaced", pgettext_lazy("agreement", "replaced")
    WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "withdrawn")


class Event(TextChoices):
    """What can happen to an agreement."""

    EDIT = "edit", _("Change the text")
    BRING_OUT = "bring_out", _("Bring out the bid")
    ASK_CHANGES = "ask_changes", _("Ask for changes")
    AGREE = "agree", _("Agree to it")
    SIGN = "sign", _("Record that it was signed")
    CARRY = "carry", _("Confirm what goes along")
    REPLACE = "replace", pgettext_lazy("agreement", "Replaced by a later one")
    LAPSE = "lapse", pgettext_lazy("agreement", "Its period ended")
    WITHDRAW = "withdraw", pgettext_lazy("agreement", "Withdraw")


OPEN = frozenset({State.DRAFT, State.BID, State.TALKS})
SHOWN = frozenset(State) - {State.DRAFT, State.WITHDRAWN}  # to the other parties
BY_ITSELF = frozenset({Event.REPLACE, Event.LAPSE})  # what another step or a date brings about

TRANSITIONS: Mapping[tuple[State, Event], State] = {
    (State.DRAFT, Event.EDIT): State.DRAFT,
    (State.TALKS, Event.EDIT): State.TALKS,
    (State.DRAFT, Event.BRING_OUT): State.BID,
    (State.TALKS, Event.BRING_OUT): State.BID,
    (State.BID, Event.ASK_CHANGES): State.TALKS,
    (State.BID, Event.AGREE): State.BID,
    (State.BID, Event.SIGN): State.SIGNED,
    (State.SIGNED, Event.CARRY): State.SIGNED,
    (State.ENDED, Event.CARRY): State.ENDED,
    (State.SIGNED, Event.REPLACE): State.REPLACED,
    (State.SIGNED, Event.LAPSE): State.ENDED,
    **{(state, Event.WITHDRAW): State.WITHDRAWN for state in sorted(OPEN)},
}

PERMISSION: Mapping[Event, Action] = {
    Event.EDIT: Action.WRITE_AGREEMENTS,
    Event.BRING_OUT: Action.WRITE_AGREEMENTS,
    Event.ASK_CHANGES: Action.ANSWER_AGREEMENTS,
    Event.AGREE: Action.ANSWER_AGREEMENTS,
    Event.SIGN: Action.SIGN_AGREEMENTS,
    Event.CARRY: Action.SIGN_AGREEMENTS,
    Event.REPLACE: Action.SIGN_AGREEMENTS,
    Event.LAPSE: Action.SIGN_AGREEMENTS,
    Event.WITHDRAW: Action.WRITE_AGREEMENTS,
}


def allowed(state: str, event: Event) -> bool:
    """Whether this can happen in this state."""
    return (State(state), event) in TRANSITIONS
