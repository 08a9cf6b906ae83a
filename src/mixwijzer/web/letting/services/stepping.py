"""Take a match one step further: only as its table allows, with a line in its history.

Locks are taken in the order of every decision: the association's trail, the vacancy, the complex,
and then the match. Whoever acts for a partner works on rows of the association; that he may was
looked up first, in rows that the database itself shares with him.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from mixwijzer.engine.portfolio import Ground
from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.match_steps import (
    ACTIVE,
    ENDED,
    Act,
    Hand,
    MatchState,
    after,
    hands_for,
    route,
)
from mixwijzer.web.letting.models import Candidate, Match, MatchStep, Vacancy
from mixwijzer.web.letting.refusals import (
    CandidateLeft,
    CandidateRests,
    CandidateTaken,
    HomeTaken,
    NotAllowedNow,
    VersionChanged,
)
from mixwijzer.web.letting.selectors.matching import hands_of, nobody_answers
from mixwijzer.web.letting.services.calling import call_for_match
from mixwijzer.web.letting.services.moving import move
from mixwijzer.web.letting.transitions import Event, State
from mixwijzer.web.register.models import Channel, Complex, Dwelling

__all__ = [
    "came_free",
    "candidate_of",
    "end_matches",
    "hands_of",
    "in_the_way",
    "locked_match",
    "release_line",
    "stepped",
    "still_waits",
    "taken_elsewhere",
    "told",
    "way_of",
]

Facts = Mapping[str, str | int | bool | None]
_SYSTEM = frozenset({Hand.SYSTEM})


def locked_match(user: Visitor, match: uuid.UUID, *, version: int | None = None) -> Match:
    """Return a match that this person sees, locked with its vacancy; refuse one that changed."""
    seen = Match.objects.one(user, match)
    audit.lock(seen.owner)
    vacancies = Vacancy.objects.for_organisation(seen.owner_id)
    vacancy = vacancies.select_for_update(of=("self",)).get(pk=seen.vacancy_id)
    complexes = Complex.objects.for_organisation(seen.owner_id)
    complexes.select_for_update(no_key=True).get(pk=vacancy.complex_id)
    rows = Match.objects.for_organisation(seen.owner_id).select_for_update(of=("self",))
    row = rows.get(pk=seen.pk)
    row.vacancy = vacancy
    if version is not None and row.version != version:
        last = MatchStep.objects.for_organisation(row.owner_id).filter(match=row).latest("pk")
        name = last.by.name if last.by else ""
        raise VersionChanged(by=name, at=last.at, event=last.act)
    return row


def stepped(
    row: Match,
    act: Act,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    facts: Facts | None = None,
) -> Hand:
    """Go where an act leads, and write it down; return by whose hand.

    Raises
    ------
    NotAllowedNow
        The table doesn't allow it, or not by this hand.
    """
    before = MatchState(row.state)
    held = MatchState(row.held) if row.held else None
    allowed = hands_for(before, act, held=held, nobody_there=nobody_answers(row))
    hands = allowed & (hands_of(by, row) if by else _SYSTEM)
    if not hands:
        raise NotAllowedNow(state=before, act=act, hands=tuple(sorted(allowed - _SYSTEM)))
    hand = min(hands, key=list(Hand).index)
    way = tuple(MatchState(each) for each in row.way)
    row.state = after(before, act, way, held)
    if row.state not in way and before in way:
        row.held = before
    row.version += 1
    row.moved_at = now
    row.save()
    told(row, act, before, hand, by=by, now=now, reason=reason, facts=facts)
    return hand


def told(
    row: Match,
    act: str,
    before: MatchState,
    hand: Hand,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    facts: Facts | None = None,
) -> None:
    """Write one line of a match's history, and one of the trail."""
    MatchStep(
        owner_id=row.owner_id,
        partner_organisation_id=row.partner_organisation_id,
        match=row,
        at=now,
        by=by,
        hand=hand,
        act=act,
        before=before,
        after=row.state,
        reason=reason,
        facts=dict(facts or {}),
    ).save(force_insert=True)
    audit.record(
        organisation=row.owner,
        action=f"match.{act}",
        actor=by,
        subject=row.public_id,
        facts={"before": before, "after": str(row.state), **({"reason": reason} if reason else {})},
        at=now,
    )
    call_for_match(row, by=by, now=now)


def candidate_of(owner_id: int, number: str) -> Candidate:
    """Return what is known now about a candidate."""
    rows = Candidate.objects.for_organisation(owner_id)
    return rows.get(number=number, replaced_at=None)


def in_the_way(vacancy: Vacancy, candidate: Candidate, now: datetime) -> None:
    """Refuse when home or candidate is in another match, or the candidate rests or has left."""
    still_waits(candidate, now)
    for other in _active(vacancy.owner_id).filter(vacancy=vacancy):
        by, at = _taken(other)
        raise HomeTaken(by=by, at=at, candidate=other.candidate, match=str(other.public_id))


def still_waits(candidate: Candidate, now: datetime) -> None:
    """Refuse when the candidate is in a match, has left, or rests.

    Raises
    ------
    CandidateTaken, CandidateLeft, CandidateRests
        They say who was first, and when.
    """
    taken_elsewhere(candidate)
    if candidate.left_on:
        raise CandidateLeft(on=candidate.left_on, why=candidate.left)
    if candidate.rests(localdate(now)):
        until = None if candidate.until_reassessed else candidate.rests_until
        by = candidate.rests_for.name if candidate.rests_for else ""
        raise CandidateRests(until=until, by=by, at=candidate.rests_since)


def way_of(row: Vacancy, person: Candidate, day: date) -> tuple[MatchState, ...]:
    """Return the steps: a partner answers where there is one, a talk where the channel steers."""
    decided = row.standing().get()
    channels = Channel.objects.for_organisation(row.owner_id).filter(replaced_at=None)
    channel = channels.filter(code=decided.channel).first()
    talk = decided.ground != Ground.NONE_NEEDED or bool(channel and channel.intake_form)
    return route(
        partner=person.partner_organisation_id is not None,
        talk=talk,
        left_out=bridge.left_out(decided.channel, day),
    )


def taken_elsewhere(candidate: Candidate) -> None:
    """Refuse when a candidate is in a match."""
    rows = _active(candidate.owner_id).filter(candidate=candidate.number)
    for other in rows.select_related("vacancy"):
        by, at = _taken(other)
        raise CandidateTaken(by=by, at=at, what=_address(other), match=str(other.public_id))


def _active(owner_id: int) -> QuerySet[Match]:
    return Match.objects.for_organisation(owner_id).filter(state__in=sorted(ACTIVE))


def _taken(match: Match) -> tuple[str, datetime]:
    """Return who proposed the candidate of a match or opened it again, and when."""
    steps = MatchStep.objects.for_organisation(match.owner_id).filter(match=match)
    taking = steps.filter(act__in=("propose", Act.PROMOTE, Act.REOPEN)).exclude(by=None)
    line = taking.select_related("by").latest("pk")
    return line.by.name if line.by else "", line.at


def _address(match: Match) -> str:
    homes = Dwelling.objects.for_organisation(match.owner_id).filter(code=match.vacancy.dwelling)
    home = homes.filter(replaced_at=None).first()
    return home.address if home and home.address else match.vacancy.dwelling


def came_free(row: Match, *, by: User | None, now: datetime) -> None:
    """Let a vacancy look on after its match ended: the next in line is proposed if he can be."""
    vacancy = row.vacancy
    if vacancy.state != State.RESERVED:
        return
    move(vacancy, Event.FREE, by=by, now=now)
    waiting = Match.objects.for_organisation(row.owner_id).filter(
        vacancy=vacancy, state=MatchState.RESERVE
    )
    for each in waiting.order_by("line", "pk"):
        each.vacancy = vacancy
        try:
            in_the_way(vacancy, candidate_of(row.owner_id, each.candidate), now)
        except (CandidateTaken, CandidateLeft, CandidateRests):
            continue
        stepped(each, Act.PROMOTE, by=None, now=now)
        move(vacancy, Event.RESERVE, by=None, now=now)
        return


def release_line(vacancy: Vacancy, *, now: datetime) -> None:
    """Release who is next in line for a home: nobody waits for one that is gone."""
    waiting = Match.objects.for_organisation(vacancy.owner_id).filter(
        vacancy=vacancy, state=MatchState.RESERVE
    )
    for each in waiting.order_by("line"):
        stepped(each, Act.RELEASE, by=None, now=now)


def end_matches(vacancy: Vacancy, *, now: datetime, why: str = "") -> None:
    """Call off whatever is under way for a home of which the notice is gone."""
    rows = Match.objects.for_organisation(vacancy.owner_id).filter(vacancy=vacancy)
    for each in rows.exclude(state__in=sorted(ENDED)).select_related("owner").order_by("pk"):
        stepped(each, Act.CANCEL, by=None, now=now, reason=why, facts={"notice": "closed"})
