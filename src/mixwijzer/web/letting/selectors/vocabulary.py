"""Which words, texts and reasons did an organisation choose for itself?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.models import OwnText, ReasonOffer
from mixwijzer.web.letting.reasons import DeviateReason, FollowReason

__all__ = ["KINDS", "Offer", "offered", "offers", "own_texts"]

KINDS: Mapping[str, type[FollowReason | DeviateReason]] = {
    "follow": FollowReason,
    "deviate": DeviateReason,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A reason of the closed list, and whether this organisation offers it."""

    kind: str
    code: str
    label: str
    offered: bool


def own_texts(owner: Organisation | int) -> Mapping[str, Mapping[str, str]]:
    """Return own texts by key, each by language; what was never set is not there."""
    rows = OwnText.objects.for_organisation(owner).filter(replaced_at=None)
    return {key: {"nl": nl, "en": en} for key, nl, en in rows.values_list("key", "nl", "en")}


def offers(owner: Organisation | int, kind: str) -> tuple[Offer, ...]:
    """Return every reason of a kind in this organisation's order; new ones come last, offered."""
    rows = ReasonOffer.objects.for_organisation(owner).filter(replaced_at=None, kind=kind)
    held = {code: (place, on) for code, place, on in rows.values_list("code", "place", "offered")}
    reasons = sorted(KINDS[kind], key=lambda each: held.get(each.value, (len(held) + 99, True))[0])
    return tuple(
        Offer(
            kind=kind,
            code=each.value,
            label=str(each.label),
            offered=held.get(each.value, (0, True))[1],
        )
        for each in reasons
    )


def offered(owner: Organisation | int, kind: str) -> tuple[str, ...]:
    """Return the codes of the reasons that are offered, in order."""
    return tuple(each.code for each in offers(owner, kind) if each.offered)
