"""Why the advice is what it is, and what would change it: data, in closed vocabularies.

Verdicts are ordered (a wrong *no* hurts a person, so *no room* is the rarest). A reason can be
tested again by the engine; renderings (internal and public, Dutch and English) live outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

__all__ = [
    "Change",
    "ChangeKind",
    "Modifier",
    "Reason",
    "ReasonKind",
    "RuleKind",
    "Verdict",
]


class Verdict(IntEnum):
    """Is there room for one more household of a category? Worst first."""

    NO_ROOM = 0
    ASK_FIRST = 1
    TIGHT = 2
    ROOM = 3


class RuleKind(StrEnum):
    """What sets a ceiling: a band (a share of the base) or a cap (whole households)."""

    BAND = "band"
    CAP = "cap"


class Modifier(StrEnum):
    """What changed a rule's verdict after its chance was compared with the thresholds."""

    LIKE_FOR_LIKE = "like_for_like"
    FILL_UP = "fill_up"
    ORDINARY = "ordinary"
    KNOWN_PART = "known_part"


class ReasonKind(StrEnum):
    """Kinds of reason: a rule that speaks, or the absence of rules, or expired labels."""

    RULE = "rule"
    NO_NORM = "no_norm"
    NO_PROFILE = "no_profile"
    EXPIRED_LABELS = "expired_labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for a verdict on one category.

    Parameters
    ----------
    kind, category, verdict
        What speaks, about whom it counts, and what it says on its own.
    scope, rule
        The scope's code and the rule's id (kind RULE), else empty.
    norm
        Key of the norm or row behind it: a profile, a cap, a threshold.
    """

    kind: ReasonKind
    category: str
    verdict: Verdict
    scope: str = ""
    rule: str = ""
    norm: str = ""


class ChangeKind(StrEnum):
    """Kinds of change that may flip a verdict, in the order of ENGINE §3b.15."""

    DEPARTURES = "departures"
    CONFIRMED = "confirmed"
    FEWER_THAN = "fewer_than"
    LIMIT = "limit"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: its kind, where, and how much.

    Parameters
    ----------
    kind
        What changes.
    scope
        Code of the scope in which it happens.
    rule
        Id of the rule whose limit rises (LIMIT), or of the draft profile (DRAFT), else empty.
    amount
        Departures, confirmations or places [households]; for FEWER_THAN the count that the
        households of the category must stay under [households]; 1 for DRAFT.
    """

    kind: ChangeKind
    scope: str
    rule: str = ""
    amount: int
