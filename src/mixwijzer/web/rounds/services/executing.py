"""Carry out an adopted round, home by home: propose its candidate, or say why not.

Proposing goes through the matching of the vacancy and nothing else: its decision comes first, with
its ground and the name of who decided, and the letting rules are asked again on the day itself.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import cast

from django.db import transaction

from mixwijzer.web.accounts.models import Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Candidate
from mixwijzer.web.letting.refusals import ReasonMissing
from mixwijzer.web.letting.transitions import OPEN, State
from mixwijzer.web.rounds.city_steps import CityEvent, LeaveReason
from mixwijzer.web.rounds.models import CityHome, CityRound
from mixwijzer.web.rounds.refusals import (
    CandidateGone,
    CityNotNow,
    DecideFirst,
    HomeGone,
    Settled,
)
from mixwijzer.web.rounds.services.city import after, locked, moved
from mixwijzer.web.rounds.services.together import taken_over

__all__ = ["confirm", "leave"]


@transaction.atomic
def confirm(*, user: Visitor, home: uuid.UUID, now: datetime) -> CityHome:
    """Propose the candidate of one home.

    Raises
    ------
    Settled
        Somebody was first.
    DecideFirst
        There is no decision about the home yet.
    HomeGone, CandidateGone
        One of the two is no longer there.
    CandidateElsewhere
        It is another's candidate, who was proposed another home first.
    PartyFirst
        It is another's candidate, and that association didn't adopt its part yet.
    Refusal
        Those of `letting.services.propose`: who was first, who rests, what the rules say.
    """
    person = somebody(user)
    held, row = _locked(user, home, CityEvent.CONFIRM)
    vacancy = row.vacancy
    if vacancy.state in OPEN:
        raise DecideFirst(str(vacancy.public_id))
    if vacancy.state in {State.CLOSED, State.LET}:
        raise HomeGone
    who = taken_over(row, person, now) if row.candidate_of_id else _candidate(row)
    if vacancy.state == State.DECIDED:
        letting.open_matching(
            user=user, vacancy=vacancy.public_id, group=who.target_group or "", now=now
        )
    row.match = letting.propose(
        user=user, vacancy=vacancy.public_id, candidate=who.public_id, now=now
    )
    row.settled_by, row.settled_at = person, now
    row.save(update_fields=["match", "settled_by", "settled_at"])
    moved(held, CityEvent.CONFIRM, person, now, {"home": row.place})
    return row


@transaction.atomic
def leave(*, user: Visitor, home: uuid.UUID, reason: str, now: datetime) -> CityHome:
    """Write down why a home isn't offered to its candidate after all.

    Raises
    ------
    Settled
        Somebody was first.
    ReasonMissing
        It is none of the list.
    """
    person = somebody(user)
    held, row = _locked(user, home, CityEvent.LEAVE)
    if reason not in LeaveReason.values:
        raise ReasonMissing(following=False, reason=reason)
    row.left_because = reason
    row.settled_by, row.settled_at = person, now
    row.save(update_fields=["left_because", "settled_by", "settled_at"])
    moved(held, CityEvent.LEAVE, person, now, {"home": row.place, "reason": reason})
    return row


def _candidate(row: CityHome) -> Candidate:
    rows = Candidate.objects.for_organisation(row.owner_id)
    found = rows.filter(number=row.candidate, replaced_at=None).first()
    if found is None:
        raise CandidateGone
    return found


def _locked(user: Visitor, home: uuid.UUID, event: CityEvent) -> tuple[CityRound, CityHome]:
    """Return a home of a round about which this can still be done, locked with its round."""
    seen = CityHome.objects.one(user, home)
    require(user, Action.MATCH, seen)
    both = [each for each in (seen.owner, seen.candidate_of) if each]
    for each in sorted(both, key=lambda each: each.pk):  # so that two never wait for each other
        audit.lock(each)
    held = locked(seen.city_round)
    after(held, event)
    rows = CityHome.objects.for_organisation(seen.owner_id).select_for_update(of=("self",))
    related = ("vacancy", "settled_by", "owner", "candidate_of", "city_round__seat")
    row = rows.select_related(*related).get(pk=seen.pk)
    if row.settled_by is not None:
        raise Settled(by=row.settled_by.name, at=cast("datetime", row.settled_at))
    if not row.candidate:
        raise CityNotNow(held.state, event)
    return held, row
