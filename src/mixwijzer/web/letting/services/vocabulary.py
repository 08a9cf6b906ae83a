"""An organisation's own words and texts, and the reasons that it offers; earlier ones stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from mixwijzer.exchange.catalogue import refused_words
from mixwijzer.exchange.refused import refused_text
from mixwijzer.web.accounts.models import Organisation, Visitor
from mixwijzer.web.accounts.permissions import require, somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.models import OwnText, ReasonOffer
from mixwijzer.web.letting.selectors import KINDS

__all__ = ["offer_reasons", "refused_part", "say"]


def refused_part(text: str) -> str | None:
    """Return the part of a text that may not be said on screen, if it has one.

    Refused is a word about a person, or one that makes some less than others (DESIGN §2.10).
    """
    found = (*refused_words(text, "nl"), *refused_words(text, "en"))
    return found[0] if found else refused_text(text)


@transaction.atomic
def say(
    *, user: Visitor, owner: Organisation, texts: Mapping[str, tuple[str, str]], now: datetime
) -> int:
    """Record own texts by key, each in Dutch and English; return how many changed.

    Raises
    ------
    ValueError
        A text has a word that may not be said on screen.
    """
    require(user, Action.MANAGE_WORDS, owner)
    refused = [part for said in texts.values() for text in said if (part := refused_part(text))]
    if refused:
        raise ValueError(f"refused on any screen: {', '.join(refused)}")
    audit.lock(owner)
    rows = OwnText.objects.for_organisation(owner).filter(replaced_at=None)
    held = {row.key: row for row in rows}
    changed = [key for key, said in texts.items() if said != _said(held.get(key))]
    if not changed:
        return 0
    _close(OwnText.objects.for_organisation(owner).filter(key__in=changed), now)
    OwnText.objects.for_organisation(owner).bulk_create(
        [
            OwnText(
                owner=owner,
                key=key,
                nl=texts[key][0],
                en=texts[key][1],
                by=somebody(user),
                recorded_at=now,
            )
            for key in changed
        ]
    )
    _told(owner, user, "letting.words", {"changed": ", ".join(sorted(changed))}, now)
    return len(changed)


def _said(row: OwnText | None) -> tuple[str, str]:
    return (row.nl, row.en) if row else ("", "")


@transaction.atomic
def offer_reasons(
    *,
    user: Visitor,
    owner: Organisation,
    kind: str,
    reasons: Sequence[tuple[str, bool]],
    now: datetime,
) -> None:
    """Record which reasons of a closed list are offered, in this order.

    Raises
    ------
    ValueError
        A code isn't in the list, is missing, or none would be left to choose.
    """
    require(user, Action.MANAGE_WORDS, owner)
    codes = [code for code, _ in reasons]
    if sorted(codes) != sorted(KINDS[kind].values):
        raise ValueError(f"not the reasons of {kind}: {codes}")
    if not any(on for _, on in reasons):
        raise ValueError("no reason would be left to choose")
    audit.lock(owner)
    _close(ReasonOffer.objects.for_organisation(owner).filter(kind=kind), now)
    ReasonOffer.objects.for_organisation(owner).bulk_create(
        [
            ReasonOffer(
                owner=owner,
                kind=kind,
                code=code,
                offered=on,
                place=place,
                by=somebody(user),
                recorded_at=now,
            )
            for place, (code, on) in enumerate(reasons)
        ]
    )
    offered = ", ".join(code for code, on in reasons if on)
    _told(owner, user, "letting.reasons", {"kind": kind, "offered": offered}, now)


def _close(rows: QuerySet[Any], now: datetime) -> None:
    rows.filter(replaced_at=None).update(replaced_at=now)


def _told(
    owner: Organisation, user: Visitor, action: str, facts: Mapping[str, str], now: datetime
) -> None:
    audit.record(
        organisation=owner,
        action=action,
        actor=somebody(user),
        subject=owner.public_id,
        facts=facts,
        at=now,
    )
