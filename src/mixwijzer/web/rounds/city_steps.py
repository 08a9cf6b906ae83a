"""Which step of a city round may follow which? The one table behind buttons, services and tests.

A round is set out, computed by a worker as often as is needed, released to the partners, adopted,
and carried out home by home. Computing it anew after the release takes the release back.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts.roles import Action

__all__ = [
    "LAYABLE",
    "PERMISSION",
    "STANDING",
    "TABLE_CHANGED",
    "TRANSITIONS",
    "AbsenceReason",
    "CityEvent",
    "CityState",
    "LeaveReason",
    "Work",
    "possible",
]


class CityState(TextChoices):
    """Where a city round stands."""

    PREPARED = "prepared", _("set out")
    COMPUTED = "computed", _("computed")
    RECOMPUTED = "recomputed", _("computed anew")
    RELEASED = "released", _("released to the partners")
    ADOPTED = "adopted", _("adopted")
    EXECUTED = "executed", _("carried out")
    DROPPED = "dropped", _("withdrawn")


class CityEvent(TextChoices):
    """What can happen to a city round."""

    RUN = "run"  # a person asks for it, a worker computes
    STOP = "stop"
    FINISH = "finish"
    FAIL = "fail"
    RELEASE = "release"
    ADOPT = "adopt"
    CONFIRM = "confirm"  # one home: its candidate is proposed
    LEAVE = "leave"  # one home: its candidate isn't, and why
    EXECUTE = "execute"
    DROP = "drop"


class Work(TextChoices):
    """What a worker has to do with a round."""

    NONE = "", _("nothing")
    WAITING = "waiting", _("waits its turn")
    RUNNING = "running", _("being computed")
    DIVIDING = "dividing", _("being divided together")  # what lies on its table


class LeaveReason(TextChoices):
    """Why a home of an adopted round isn't offered to its candidate after all."""

    CANDIDATE_DECLINES = "candidate_declines", _("The candidate does not choose this home")
    CANDIDATE_HOUSED = "candidate_housed", _("The candidate found another home")
    HOME_GONE = "home_gone", _("The home is no longer free")
    DECIDED_OTHERWISE = "decided_otherwise", _("It was decided otherwise about the home")


class AbsenceReason(TextChoices):
    """Why an association that was asked to a table takes no part."""

    NO_HOMES = "no_homes", _("no homes this round")
    NO_CANDIDATES = "no_candidates", _("no candidates this round")
    NOT_NOW = "not_now", _("not now")


TABLE_CHANGED = "table_changed"  # why a table wasn't divided: something else lies there by now

_S, _E = CityState, CityEvent
_BEFORE = (_S.PREPARED, _S.COMPUTED, _S.RECOMPUTED, _S.RELEASED)

TRANSITIONS: Mapping[tuple[CityState, CityEvent], CityState] = {
    **{(state, event): state for state in _BEFORE for event in (_E.RUN, _E.STOP, _E.FAIL)},
    **{(state, _E.FINISH): _S.RECOMPUTED for state in _BEFORE},
    (_S.PREPARED, _E.FINISH): _S.COMPUTED,
    (_S.COMPUTED, _E.RELEASE): _S.RELEASED,
    (_S.RECOMPUTED, _E.RELEASE): _S.RELEASED,
    (_S.RELEASED, _E.ADOPT): _S.ADOPTED,
    (_S.ADOPTED, _E.CONFIRM): _S.ADOPTED,
    (_S.ADOPTED, _E.LEAVE): _S.ADOPTED,
    (_S.ADOPTED, _E.EXECUTE): _S.EXECUTED,
    **{(state, _E.DROP): _S.DROPPED for state in (*_BEFORE, _S.ADOPTED)},
}

PERMISSION: Mapping[CityEvent, Action | None] = {
    _E.RUN: Action.MATCH,
    _E.STOP: Action.MATCH,
    _E.FINISH: None,  # the worker's
    _E.FAIL: None,
    _E.RELEASE: Action.READ_SECOND,
    _E.ADOPT: Action.READ_SECOND,
    _E.CONFIRM: Action.MATCH,
    _E.LEAVE: Action.MATCH,
    _E.EXECUTE: Action.READ_SECOND,
    _E.DROP: Action.READ_SECOND,
}
"""Who may do it; None: nobody, a worker does."""

LAYABLE = frozenset({_S.COMPUTED, _S.RECOMPUTED, _S.RELEASED})
"""States in which a round can be laid on a table, and divided there."""

STANDING = frozenset(CityState) - {_S.EXECUTED, _S.DROPPED}
"""States in which a round holds its homes and candidates: no other round may have them."""


def possible(state: str, event: CityEvent) -> bool:
    """Whether this can happen in this state."""
    return (CityState(state), event) in TRANSITIONS
