"""Closed lists: why the advice was followed or not, why something ended, what rules ask of whom."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = [
    "NOBODY_CAME",
    "TAKEN_BACK",
    "WITHDRAWN",
    "DeviateReason",
    "FollowReason",
    "IncomeClass",
    "Leaving",
    "NoticeEnd",
    "Priority",
    "RequestOutcome",
    "WithdrawReason",
]


class FollowReason(TextChoices):
    """Reasons to follow the advice."""

    FITS_VIEW = "fits_view", _("Fits my own view")
    ACTIVE_NEIGHBOUR = "active_neighbour", _("An active neighbour is wanted")
    NEIGHBOURS_ASKED = "neighbours_asked", _("The neighbours asked for an active neighbour")


class DeviateReason(TextChoices):
    """Reasons to choose another way than the advice."""

    HASTE = "haste", _("Haste: the home stands empty")
    REQUEST_FITS = "request_fits", _("A request fits here")
    REST = "rest", _("Some rest for this place")
    LEGAL_PRIORITY = "legal_priority", _("Legal priority")
    KNOWN_HERE = "known_here", _("We know something the figures do not")


class WithdrawReason(TextChoices):
    """Reasons to take a decision back."""

    MISTAKE = "mistake", _("A mistake")
    CHANGED = "changed", _("The situation changed")
    RETURNED = "returned", _("Returned by the second reader")
    NO_REACTION = "no_reaction", _("Nobody reacted to the advertisement")
    ALL_REFUSED = "all_refused", _("Nobody who was offered the home took it")
    RULES = "rules", _("The letting rules allowed nobody who reacted")
    NO_REQUEST = "no_request", _("Nobody of the group that it was for asks for a home now")


TAKEN_BACK = (WithdrawReason.MISTAKE, WithdrawReason.CHANGED)
"""Why somebody takes a decision back before the advertisement is out."""

NOBODY_CAME = (
    WithdrawReason.NO_REACTION,
    WithdrawReason.ALL_REFUSED,
    WithdrawReason.RULES,
    WithdrawReason.NO_REQUEST,
)
"""Why the way of a home is chosen anew after that."""


class NoticeEnd(TextChoices):
    """Why a notice is over without a key from here; the first three somebody says."""

    STAYS = "stays", _("the tenant stays")
    MISTAKE = "mistake", _("entered by mistake")
    NO_LONGER_LET = "no_longer_let", _("the home is no longer let")
    LET_OUTSIDE = "let_outside", _("let outside Mixwijzer")
    LEASE = "lease", _("the lease came in")
    GIVEN_AGAIN = "given_again", _("notice was given again")


WITHDRAWN = (NoticeEnd.STAYS, NoticeEnd.MISTAKE, NoticeEnd.NO_LONGER_LET)
"""Why somebody withdraws a notice."""


class Leaving(TextChoices):
    """Why a candidate looks no longer."""

    HOUSED = "housed", _("was let a home here")
    ELSEWHERE = "elsewhere", _("found a home elsewhere")
    STOPPED = "stopped", _("looks no longer")
    MISTAKE = "mistake", _("was entered by mistake")
    TERM = "term", _("was kept no longer: the term is over")


class IncomeClass(TextChoices):
    """What the letting rules know of an income."""

    LOW = "low", _("low")
    TARGET = "target", _("under the income limit")
    MIDDLE = "middle", _("middle")
    HIGH = "high", _("higher")


class Priority(TextChoices):
    """Why somebody goes first; norm `letting.priorities` puts them in order."""

    URGENCY = "urgency", _("urgency")
    RENOVATION = "renovation", _("has to move for works")
    LOCAL_TIE = "local_tie", _("tie to the place")


class RequestOutcome(TextChoices):
    """How a request for a place ended."""

    HOUSED = "housed", _("A place was found")
    ELSEWHERE = "elsewhere", _("A place was found elsewhere")
    NO_LONGER = "no_longer", _("No longer needed")
