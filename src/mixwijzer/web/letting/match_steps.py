"""Which step of a match may follow which, by whose hand? The one table behind everything.

A match is one candidate for one home. It goes from a proposal to the key through steps, each with
the hand that takes it; a channel skips the steps that it doesn't ask for. Buttons, services, the
page in the documentation and the tests read this table; terms, waiting times and what follows from
a refusal are norms (`letting.match_*`), so that an organisation can set its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = [
    "ACTIVE",
    "ALLOWED",
    "ENDED",
    "OPTIONAL",
    "OWNER",
    "REASONS",
    "SHARED",
    "UNLET_DAYS",
    "Act",
    "ConditionKind",
    "Consequence",
    "DeclineReason",
    "Hand",
    "MatchState",
    "UnletReason",
    "after",
    "hands_for",
    "resumed",
    "route",
]


class MatchState(TextChoices):
    """Where a match stands."""

    RESERVE = "reserve", _("next in line")
    PROPOSED = "proposed", _("proposed")
    LETTING_CHECK = "letting_check", _("check of the rules")
    PARTNER = "partner", _("answer of the partner")
    TALK = "talk", _("talk about conditions")
    CANDIDATE = "candidate", _("answer of the candidate")
    CONTRACT = "contract", _("contract and key")
    DECLINING = "declining", _("refusal to be confirmed")
    LET = "let", _("let")
    DECLINED = "declined", _("refused")
    CANCELLED = "cancelled", _("called off")
    EXPIRED = "expired", _("term passed")
    RELEASED = "released", _("no longer needed as next in line")


class Act(TextChoices):
    """What can happen to a match."""

    ACCEPT = "accept", _("Agree")
    DECLINE = "decline", _("Refuse")
    CONFIRM = "confirm", _("Confirm the refusal")
    OVERRIDE = "override", _("Set the refusal aside")
    RETURN = "return", _("Give it back")
    BACK = "back", _("One step back")
    CANCEL = "cancel", _("Call off")
    LET = "let", _("Hand over the key")
    UNLET = "unlet", _("Not let after all")
    PROMOTE = "promote", _("Propose now")
    RELEASE = "release", _("Release")
    EXPIRE = "expire", _("Let the term pass")
    REOPEN = "reopen", _("Open again")


class Hand(TextChoices):
    """By whose hand."""

    CONSULTANT = "consultant", _("housing consultant")
    HEAD = "head", _("head of letting")
    AGENT = "agent", _("letting agent")
    PARTNER = "partner", _("care partner")
    CONTACT = "contact", _("contact of the candidate")
    SYSTEM = "system", _("Mixwijzer")


class DeclineReason(TextChoices):
    """Why a step says no; each is about the home, the rules or the moment."""

    RULES = "rules", _("A letting rule does not allow it")
    PAPERS = "papers", _("What the rules need is not there in time")
    HOME_CHANGED = "home_changed", _("Something about the home changed")
    NO_SUPPORT_HERE = "no_support_here", _("The support that was agreed cannot be given here")
    NOT_YET = "not_yet", _("The moment of moving is too early")
    CONDITIONS = "conditions", _("No agreement on the conditions")
    OTHER_HOME = "other_home", _("Another home was found")
    CHOSE_NOT = "chose_not", _("The candidate does not choose this home")
    NO_ANSWER = "no_answer", _("No answer came")


class UnletReason(TextChoices):
    """Why a home was not let after all."""

    FELL_THROUGH = "fell_through", _("The contract fell through")
    WRONG_DAY = "wrong_day", _("The day was wrong")
    WRONG_MATCH = "wrong_match", _("It was recorded at the wrong match")


UNLET_DAYS = 31  # as long a key can be taken back, if no lease came in before [days]


class Consequence(TextChoices):
    """What a confirmed refusal means for the candidate; by default nothing."""

    NONE = "none", _("no consequence")
    DAYS_30 = "30", _("no proposals for 30 days")
    DAYS_60 = "60", _("no proposals for 60 days")
    DAYS_90 = "90", _("no proposals for 90 days")
    DAYS_180 = "180", _("no proposals for 180 days")
    DAYS_365 = "365", _("no proposals for 365 days")
    REASSESSED = "until_reassessed", _("no proposals until somebody looked again")


class ConditionKind(TextChoices):
    """What has to be so before the key; nothing about a person."""

    SUPPORT_AGREED = "support_agreed", _("support agreement signed")
    HOUSE_RULES = "house_rules", _("house rules signed")
    INTRODUCTION = "introduction", _("met the neighbours")
    HOME_READY = "home_ready", _("home ready and inspected")
    RENT_ARRANGED = "rent_arranged", _("payment of the rent arranged")


_M, _H = MatchState, Hand
_STEPS = (_M.PROPOSED, _M.LETTING_CHECK, _M.PARTNER, _M.TALK, _M.CANDIDATE, _M.CONTRACT)
ACTIVE = frozenset({*_STEPS, MatchState.DECLINING})
ENDED = frozenset({_M.LET, _M.DECLINED, _M.CANCELLED, _M.EXPIRED, _M.RELEASED})
SHARED = frozenset({_M.PARTNER, _M.TALK, _M.CANDIDATE, _M.CONTRACT, _M.DECLINING})
"""Steps in which the partner of the candidate sees a match: from his own on, while it is open."""

OPTIONAL = frozenset({_M.LETTING_CHECK, _M.PARTNER, _M.TALK})
"""Steps that a channel can do without, if norm `letting.match_left_out` says so.

The letting rules are looked at again on the day of the contract, also where their check is left
out; nobody gets a home without having agreed to it.
"""

OWNER: Mapping[MatchState, Hand] = {
    _M.PROPOSED: _H.CONSULTANT,
    _M.LETTING_CHECK: _H.AGENT,
    _M.PARTNER: _H.PARTNER,
    _M.TALK: _H.CONSULTANT,
    _M.CANDIDATE: _H.CONTACT,
    _M.CONTRACT: _H.AGENT,
    _M.DECLINING: _H.HEAD,
}
"""For whom a step waits."""

_DESK = frozenset({_H.CONSULTANT, _H.HEAD})
_ENDS = _DESK | {_H.SYSTEM}  # also by itself: the notice is gone, or the home is free again
_OWN = {state: frozenset({OWNER[state]}) for state in _STEPS}
_OWN[_M.PROPOSED] = _OWN[_M.TALK] = _DESK
_OWN[_M.LETTING_CHECK] = _OWN[_M.CONTRACT] = frozenset({_H.AGENT, _H.HEAD})

ALLOWED: Mapping[tuple[MatchState, Act], frozenset[Hand]] = {
    **{(state, Act.ACCEPT): _OWN[state] for state in _STEPS if state is not _M.CONTRACT},
    **{(state, Act.DECLINE): _OWN[state] for state in _STEPS},
    (_M.CONTRACT, Act.LET): _OWN[_M.CONTRACT],
    (_M.LET, Act.UNLET): frozenset({_H.HEAD}),
    (_M.DECLINING, Act.CONFIRM): _DESK,
    (_M.DECLINING, Act.OVERRIDE): frozenset({_H.HEAD}),
    (_M.DECLINING, Act.RETURN): frozenset({_H.HEAD}),
    **{(state, Act.BACK): _DESK for state in _STEPS if state is not _M.PROPOSED},
    **{(state, Act.CANCEL): _ENDS for state in (*_STEPS, _M.DECLINING, _M.RESERVE)},
    **{(state, Act.EXPIRE): frozenset({_H.SYSTEM}) for state in _STEPS},
    (_M.RESERVE, Act.PROMOTE): _ENDS,
    (_M.RESERVE, Act.RELEASE): frozenset({_H.SYSTEM}),
    **{(state, Act.REOPEN): _DESK for state in sorted(ENDED - {_M.LET})},
}
"""By whose hand an act can be done in a state; what isn't here can't be done."""


def hands_for(
    state: MatchState, act: Act, *, held: MatchState | None = None, nobody_there: bool = False
) -> frozenset[Hand]:
    """Return by whose hand an act can be done: as the table says, but for two cases.

    Nobody sets the candidate's own no aside. Where the partner has `nobody_there` who can answer,
    the head writes his answer down.
    """
    if act is Act.OVERRIDE and held is _M.CANDIDATE:
        return frozenset()
    found = ALLOWED.get((state, act), frozenset())
    for_him = nobody_there and state is _M.PARTNER and act in (Act.ACCEPT, Act.DECLINE)
    return found | {_H.HEAD} if for_him else found


REASONS: Mapping[Hand, tuple[DeclineReason, ...]] = {
    _H.CONSULTANT: (DeclineReason.HOME_CHANGED, DeclineReason.CONDITIONS, DeclineReason.NOT_YET),
    _H.HEAD: (DeclineReason.HOME_CHANGED, DeclineReason.CONDITIONS, DeclineReason.RULES),
    _H.AGENT: (DeclineReason.RULES, DeclineReason.PAPERS, DeclineReason.HOME_CHANGED),
    _H.PARTNER: (DeclineReason.NO_SUPPORT_HERE, DeclineReason.NOT_YET, DeclineReason.OTHER_HOME),
    _H.CONTACT: (DeclineReason.CHOSE_NOT, DeclineReason.OTHER_HOME, DeclineReason.NO_ANSWER),
}
"""The reasons with which each hand can say no."""

_RESULT: Mapping[Act, MatchState] = {
    Act.DECLINE: _M.DECLINING,
    Act.CONFIRM: _M.DECLINED,
    Act.CANCEL: _M.CANCELLED,
    Act.EXPIRE: _M.EXPIRED,
    Act.LET: _M.LET,
    Act.UNLET: _M.CANCELLED,
    Act.PROMOTE: _M.PROPOSED,
    Act.RELEASE: _M.RELEASED,
}


def route(*, partner: bool, talk: bool, left_out: Collection[str] = ()) -> tuple[MatchState, ...]:
    """Return the steps of a match: without a partner or an intake talk those are skipped.

    `left_out` are steps that its channel does without; one that must be there stays.
    """
    asked = {_M.PARTNER: partner, _M.TALK: talk}
    skipped = OPTIONAL.intersection(left_out)
    return tuple(each for each in _STEPS if asked.get(each, True) and each not in skipped)


def resumed(
    held: MatchState, before: tuple[MatchState, ...], way: tuple[MatchState, ...]
) -> MatchState:
    """Return where to go on when the way became another: at the first step not taken before."""
    done = _STEPS[: _STEPS.index(held)]
    return next(step for step in way if step not in done or step not in before)


def after(
    state: MatchState, act: Act, way: tuple[MatchState, ...], held: MatchState | None
) -> MatchState:
    """Return where an act leads; `held` is the step from which a match was refused or ended."""
    if act in _RESULT:
        return _RESULT[act]
    step = state if state in way else held or way[0]
    place = way.index(step)
    if act in (Act.RETURN, Act.REOPEN):
        return step
    return way[place - 1] if act is Act.BACK else way[min(place + 1, len(way) - 1)]
