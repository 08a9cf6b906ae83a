"""Which step may follow which, on the way of a profile? One table.

Buttons, services, the diagram in the documentation (`tools.profile_steps`) and tests read it.
A profile is written, read by somebody else, laid before the tenants' organisation, and only then
adopted. There is no way to `ADOPTED` past the right of advice.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mixwijzer.web.accounts.roles import Action

__all__ = [
    "ADVICE_WEEKS",
    "BY_ITSELF",
    "OPEN",
    "PERMISSION",
    "SHOWN_TO_TENANTS",
    "TRANSITIONS",
    "Event",
    "State",
    "allowed",
]

# The term of the right of advice (Wet op het overleg huurders verhuurder, as its users sum it up).
ADVICE_WEEKS = 6


class State(TextChoices):
    """Where a version of a profile stands."""

    DRAFT = "draft", pgettext_lazy("profile", "draft")
    IN_REVIEW = "in_review", _("waits for a second reader")
    CHANGES = "changes", _("changes asked")
    REVIEWED = "reviewed", _("read and agreed")
    ASKED = "asked", _("tenants' advice asked")
    ADVISED_FOR = "advised_for", _("tenants advise for")
    ADVISED_AGAINST = "advised_against", _("tenants advise against")
    REPLIED = "replied", _("replied to the tenants")
    NO_ADVICE = "no_advice", _("term passed without advice")
    ADOPTED = "adopted", _("adopted")
    REPLACED = "replaced", _("replaced")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Event(TextChoices):
    """What can happen to a version."""

    EDIT = "edit", _("Keep the draft")
    SUBMIT = "submit", _("Send to a second reader")
    REQUEST_CHANGES = "request_changes", _("Ask for changes")
    APPROVE = "approve", _("Agree")
    ASK = "ask", _("Ask the tenants' organisation")
    ADVISE_FOR = "advise_for", _("Advise for")
    ADVISE_AGAINST = "advise_against", _("Advise against")
    PASS = "pass", _("Record that no advice came")
    REPLY = "reply", _("Reply, with reasons")
    REVISE = "revise", _("Change the draft")
    ADOPT = "adopt", _("Adopt")
    REPLACE = "replace", pgettext_lazy("profile", "Replaced by a later one")
    LAPSE = "lapse", pgettext_lazy("profile", "Its term ended")
    WITHDRAW = "withdraw", _("Withdraw")


OPEN = frozenset(
    {
        State.DRAFT,
        State.IN_REVIEW,
        State.CHANGES,
        State.REVIEWED,
        State.ASKED,
        State.ADVISED_FOR,
        State.ADVISED_AGAINST,
        State.REPLIED,
        State.NO_ADVICE,
    }
)
SHOWN_TO_TENANTS = frozenset(State) - {
    State.DRAFT,
    State.IN_REVIEW,
    State.CHANGES,
    State.REVIEWED,
    State.WITHDRAWN,
}
BY_ITSELF = frozenset({Event.REPLACE, Event.LAPSE})  # what another step or a date brings about
_AFTER_ADVICE = (State.ADVISED_FOR, State.ADVISED_AGAINST, State.REPLIED, State.NO_ADVICE)

TRANSITIONS: Mapping[tuple[State, Event], State] = {
    (State.DRAFT, Event.EDIT): State.DRAFT,
    (State.CHANGES, Event.EDIT): State.CHANGES,
    (State.DRAFT, Event.SUBMIT): State.IN_REVIEW,
    (State.CHANGES, Event.SUBMIT): State.IN_REVIEW,
    (State.IN_REVIEW, Event.REQUEST_CHANGES): State.CHANGES,
    (State.IN_REVIEW, Event.APPROVE): State.REVIEWED,
    (State.REVIEWED, Event.ASK): State.ASKED,
    (State.ASKED, Event.ADVISE_FOR): State.ADVISED_FOR,
    (State.ASKED, Event.ADVISE_AGAINST): State.ADVISED_AGAINST,
    (State.ASKED, Event.PASS): State.NO_ADVICE,
    (State.ADVISED_AGAINST, Event.REPLY): State.REPLIED,
    (State.ADVISED_FOR, Event.ADOPT): State.ADOPTED,
    (State.REPLIED, Event.ADOPT): State.ADOPTED,
    (State.NO_ADVICE, Event.ADOPT): State.ADOPTED,
    (State.ADOPTED, Event.REPLACE): State.REPLACED,
    (State.ADOPTED, Event.LAPSE): State.LAPSED,
    (State.ADOPTED, Event.WITHDRAW): State.WITHDRAWN,
    **{(state, Event.REVISE): State.CHANGES for state in (State.REVIEWED, *_AFTER_ADVICE)},
    **{(state, Event.WITHDRAW): State.WITHDRAWN for state in State if state in OPEN},
}

PERMISSION: Mapping[Event, Action] = {
    Event.EDIT: Action.WRITE_PROFILES,
    Event.SUBMIT: Action.WRITE_PROFILES,
    Event.REQUEST_CHANGES: Action.REVIEW_PROFILES,
    Event.APPROVE: Action.REVIEW_PROFILES,
    Event.ASK: Action.WRITE_PROFILES,
    Event.ADVISE_FOR: Action.ADVISE_PROFILES,
    Event.ADVISE_AGAINST: Action.ADVISE_PROFILES,
    Event.PASS: Action.WRITE_PROFILES,
    Event.REPLY: Action.WRITE_PROFILES,
    Event.REVISE: Action.WRITE_PROFILES,
    Event.ADOPT: Action.ADOPT_PROFILES,
    Event.REPLACE: Action.ADOPT_PROFILES,
    Event.LAPSE: Action.ADOPT_PROFILES,
    Event.WITHDRAW: Action.WRITE_PROFILES,
}


def allowed(state: str, event: Event) -> bool:
    """Whether this can happen in this state."""
    return (State(state), event) in TRANSITIONS
