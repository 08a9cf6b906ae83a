"""What has to be so before the key: said while it is talked about, ticked when it is so."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.letting.match_steps import ConditionKind, Hand, MatchState
from mixwijzer.web.letting.models import Condition, Match
from mixwijzer.web.letting.refusals import NotAllowedNow
from mixwijzer.web.letting.services.stepping import hands_of, locked_match

__all__ = ["add_condition", "ask_as_decided", "meet"]

_TALKERS = frozenset({Hand.CONSULTANT, Hand.HEAD, Hand.PARTNER})
_TICKERS = _TALKERS | {Hand.AGENT}


def add_condition(*, user: Visitor, match: uuid.UUID, kind: str, now: datetime) -> None:
    """Add something that has to be so before the key; only while conditions are talked about."""
    seen = Match.objects.one(user, match)
    with acting_for(seen.owner), transaction.atomic():
        row = locked_match(user, match)
        if row.state != MatchState.TALK or not _by_hand(user, row, _TALKERS):
            raise NotAllowedNow(state=row.state, act="condition", hands=tuple(sorted(_TALKERS)))
        asked = Condition.objects.for_organisation(row.owner_id).filter(match=row, kind=kind)
        if kind not in ConditionKind.values or asked.exists():
            return
        _added(row, kind, by=somebody(user), now=now)


def _added(row: Match, kind: str, *, by: User, now: datetime) -> None:
    Condition(
        owner_id=row.owner_id,
        partner_organisation_id=row.partner_organisation_id,
        match=row,
        kind=kind,
        at=now,
        by=by,
    ).save(force_insert=True)


def ask_as_decided(row: Match, *, now: datetime) -> None:
    """Ask of a match what its decision asks before the key; what is asked already stays as it is.

    Who decided asked it: he took over what others had answered.
    """
    decided = row.vacancy.standing().select_related("actor").get()
    rows = Condition.objects.for_organisation(row.owner_id).filter(match=row)
    asked = set(rows.values_list("kind", flat=True))
    for kind in decided.conditions:
        if kind not in asked:
            _added(row, kind, by=decided.actor, now=now)


def meet(*, user: Visitor, condition: uuid.UUID, now: datetime) -> uuid.UUID:
    """Tick a condition: it is so now. Returns the public id of its match."""
    seen = Condition.objects.one(user, condition)
    with acting_for(seen.owner), transaction.atomic():
        row = locked_match(user, seen.match.public_id)
        if row.state not in row.way or not _by_hand(user, row, _TICKERS):
            raise NotAllowedNow(state=row.state, act="meet", hands=tuple(sorted(_TICKERS)))
        Condition.objects.for_organisation(row.owner_id).filter(pk=seen.pk, met_at=None).update(
            met_at=now, met_by=somebody(user)
        )
    return row.public_id


def _by_hand(user: Visitor, row: Match, hands: frozenset[Hand]) -> bool:
    return bool(hands & hands_of(somebody(user), row))
