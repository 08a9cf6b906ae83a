"""A key that was recorded, and a home that is not let after all."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.letting.match_steps import Act, MatchState, UnletReason
from mixwijzer.web.letting.models import Match, Vacancy
from mixwijzer.web.letting.refusals import KeyTooLongAgo, NotNow, ReasonMissing
from mixwijzer.web.letting.selectors.matching import let_lately
from mixwijzer.web.letting.services.candidates import looks_on
from mixwijzer.web.letting.services.moving import move
from mixwijzer.web.letting.services.promising import promise, unpromise
from mixwijzer.web.letting.services.stepping import candidate_of, locked_match, stepped
from mixwijzer.web.letting.transitions import Event, allowed
from mixwijzer.web.register.services import rebuild_accounts

__all__ = ["unlet"]


@transaction.atomic
def unlet(*, user: Visitor, match: uuid.UUID, reason: str, version: int, now: datetime) -> None:
    """Take a letting back: its home is promised again, and a candidate is looked for.

    The match ends as called off, and can be opened again; its candidate looks again too.

    Raises
    ------
    ReasonMissing
        It is none of `UnletReason`.
    KeyTooLongAgo
        The key was recorded more than `UNLET_DAYS` days ago.
    NotNow
        A lease of the home came in, or its notice is over.
    """
    row, actor = locked_match(user, match, version=version), somebody(user)
    if reason not in UnletReason.values:
        raise ReasonMissing(following=False, reason=reason)
    _still_can(row, now)
    stepped(row, Act.UNLET, by=actor, now=now, reason=reason)
    row.contract_on = None
    row.save(update_fields=["contract_on"])
    _promised_again(row.vacancy, now)
    looks_on(candidate_of(row.owner_id, row.candidate), by=actor, now=now)
    move(row.vacancy, Event.UNLET, by=actor, now=now, facts={"why": reason})


def _still_can(row: Match, now: datetime) -> None:
    if row.state != MatchState.LET:
        return  # the table of steps says what can be done then
    if not let_lately(row, now):
        raise KeyTooLongAgo(since=localdate(row.moved_at))
    if not allowed(row.vacancy.state, Event.UNLET):
        raise NotNow(state=row.vacancy.state, event=Event.UNLET)


def _promised_again(row: Vacancy, now: datetime) -> None:
    """Put what was promised at the decision in the place of the letting."""
    unpromise(row, now=now)
    promise(row, row.standing().get(), now=now)
    rebuild_accounts(owner=row.owner, complexes=[row.complex_id], day=localdate(now), now=now)
