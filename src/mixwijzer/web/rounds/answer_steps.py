"""Who answers about a home of a week round, how, and what holds it up? The one table behind it.

A party that mediates for the group, or that an agreement names, is asked when the round comes on
the table. Its answer is its own; the decision stays the association's. Buttons, services, the page
in the documentation (`tools.answer_steps`) and tests read this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mixwijzer.web.letting.match_steps import ConditionKind

__all__ = [
    "ALLOWED",
    "GO_ON_REASONS",
    "OBJECTIONS",
    "RESULT",
    "AnswerAct",
    "AnswerState",
    "GoOnReason",
    "Objection",
    "Side",
    "Silence",
    "Standing",
    "after",
    "fits",
    "standing",
]


class AnswerState(TextChoices):
    """Where the answer of one party about one home stands."""

    ASKED = "asked", pgettext_lazy("answer", "not answered")
    AGREED = "agreed", pgettext_lazy("answer", "agreed")
    AGREED_IF = "agreed_if", pgettext_lazy("answer", "agreed, provided that")
    OBJECTED = "objected", pgettext_lazy("answer", "objection")
    PASSED = "passed", pgettext_lazy("answer", "decided without their yes")


class AnswerAct(TextChoices):
    """What can happen to it."""

    AGREE = "agree", _("Agree")
    AGREE_IF = "agree_if", _("Agree, provided that")
    OBJECT = "object", _("Object")
    TAKE_BACK = "take_back", _("Take the answer back")
    GO_ON = "go_on", _("Decide without their yes")
    GO_BACK = "go_back", _("Take that decision back")


class Side(TextChoices):
    """By whom."""

    PARTNER = "partner", _("care partner")
    MUNICIPALITY = "municipality", _("municipality")
    ASSOCIATION = "association", _("association")


class Objection(TextChoices):
    """Why a party says no; each is about the home, the support or the agreement."""

    NO_SUPPORT_HERE = "no_support_here", _("The support that was agreed cannot be given here")
    NOT_YET = "not_yet", _("The moment of moving is too early")
    OTHER_HOME = "other_home", _("Another home was found")
    OTHER_GROUP = "other_group", _("Another group that was agreed on is further behind")
    NOT_AGREED = "not_agreed", _("The agreement does not provide for this")


class GoOnReason(TextChoices):
    """Why the association decides without somebody's yes."""

    ARRANGED = "arranged", _("What was objected to has been arranged")
    AGREEMENT = "agreement", _("The agreement provides for this home")
    NO_OTHER = "no_other", _("No other home is free in time")
    NO_ANSWER = "no_answer", _("No answer came by the agreed day")
    NO_WAITING = "no_waiting", _("The home cannot wait for the answer")


class Silence(TextChoices):
    """What silence means once the day to decide by is over."""

    NOTHING = "nothing", _("silence is no yes")
    YES = "yes", _("silence counts as a yes")


class Standing(TextChoices):
    """What an answer is worth on a day, for who decides."""

    WAITS = "waits"  # not answered, and there is time
    YES = "yes"
    SILENT_YES = "silent_yes"
    SILENT = "silent"  # not answered in time
    NO = "no"
    PASSED = "passed"


_PARTIES = frozenset({Side.PARTNER, Side.MUNICIPALITY})
_OWN = frozenset({Side.ASSOCIATION})
_S, _A = AnswerState, AnswerAct

ALLOWED: Mapping[tuple[AnswerState, AnswerAct], frozenset[Side]] = {
    (_S.ASKED, _A.AGREE): _PARTIES,
    (_S.ASKED, _A.AGREE_IF): _PARTIES,
    (_S.ASKED, _A.OBJECT): _PARTIES,
    **{(state, _A.TAKE_BACK): _PARTIES for state in (_S.AGREED, _S.AGREED_IF, _S.OBJECTED)},
    (_S.ASKED, _A.GO_ON): _OWN,
    (_S.OBJECTED, _A.GO_ON): _OWN,
    (_S.PASSED, _A.GO_BACK): _OWN,
}
"""By whom an act can be done in a state; what isn't here can't be done.

A party's acts hold while the round is on the table, it wasn't decided about the home, and the day
to decide by isn't over.
"""

RESULT: Mapping[AnswerAct, AnswerState | None] = {
    _A.AGREE: _S.AGREED,
    _A.AGREE_IF: _S.AGREED_IF,
    _A.OBJECT: _S.OBJECTED,
    _A.TAKE_BACK: _S.ASKED,
    _A.GO_ON: _S.PASSED,
    _A.GO_BACK: None,
}
"""Where an act leads; None: where it was before."""

OBJECTIONS: Mapping[Side, tuple[Objection, ...]] = {
    Side.PARTNER: (Objection.NO_SUPPORT_HERE, Objection.NOT_YET, Objection.OTHER_HOME),
    Side.MUNICIPALITY: (Objection.OTHER_GROUP, Objection.NOT_AGREED),
}

GO_ON_REASONS: Mapping[Standing, tuple[GoOnReason, ...]] = {
    Standing.NO: (GoOnReason.ARRANGED, GoOnReason.AGREEMENT, GoOnReason.NO_OTHER),
    Standing.SILENT: (GoOnReason.NO_ANSWER,),
    Standing.WAITS: (GoOnReason.NO_WAITING,),
}
"""What holds a home up, with the reasons to decide all the same."""


def after(state: AnswerState, act: AnswerAct, held: AnswerState) -> AnswerState:
    """Return where an act leads; `held` is the state before it was decided without a yes."""
    return RESULT[act] or held


def fits(act: AnswerAct, side: Side, word: str, worth: Standing) -> bool:
    """Whether this word of the closed lists goes with an act; agreeing takes none."""
    if act is AnswerAct.AGREE_IF:
        return word in ConditionKind.values
    if act is AnswerAct.OBJECT:
        return word in OBJECTIONS[side]
    if act is AnswerAct.GO_ON:
        return word in GO_ON_REASONS[worth]
    return not word


def standing(state: str, silence: str, due: date, day: date) -> Standing:
    """Say what an answer is worth on a day; silence is only a yes where that was agreed."""
    if state == AnswerState.ASKED:
        if day <= due:
            return Standing.WAITS
        return Standing.SILENT_YES if silence == Silence.YES else Standing.SILENT
    return {
        AnswerState.OBJECTED: Standing.NO,
        AnswerState.PASSED: Standing.PASSED,
    }.get(AnswerState(state), Standing.YES)
