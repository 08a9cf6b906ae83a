"""From a decision to the key: look for a candidate, propose, agree step by step, let.

Of two who propose for one home, or one candidate for two homes, one wins; the other hears who was
first. The letting rules are hard: a candidate whom one of them excludes can't be proposed, and the
check of the rules can't be passed while one of them can't answer.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from mixwijzer.engine.portfolio import Ground, Letting
from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Missing, User, Visitor
from mixwijzer.web.accounts.permissions import Action, may, somebody
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.match_steps import ENDED, Act, Hand, MatchState
from mixwijzer.web.letting.models import Candidate, Condition, Match, Vacancy
from mixwijzer.web.letting.reasons import Leaving
from mixwijzer.web.letting.refusals import (
    ConditionsOpen,
    MatchedBefore,
    NotAllowedNow,
    NotNow,
    RulesSay,
    UnknownGroup,
    WrongDay,
)
from mixwijzer.web.letting.services.candidates import is_group, left
from mixwijzer.web.letting.services.conditions import ask_as_decided
from mixwijzer.web.letting.services.moving import locked, move
from mixwijzer.web.letting.services.stepping import (
    candidate_of,
    hands_of,
    in_the_way,
    locked_match,
    release_line,
    stepped,
    told,
    way_of,
)
from mixwijzer.web.letting.transitions import MATCHED, Event, State
from mixwijzer.web.register.bridge import LETTINGS, current
from mixwijzer.web.register.models import Dwelling, Notice
from mixwijzer.web.register.services import close, rebuild_accounts, store

__all__ = ["accept", "let", "name_contact", "open_matching", "promote", "propose", "stop_matching"]

AHEAD = timedelta(days=92)  # that a contract can be from


@transaction.atomic
def open_matching(*, user: Visitor, vacancy: uuid.UUID, group: str = "", now: datetime) -> None:
    """Start to look for a candidate for a home that was decided about, for a group or for all.

    Who chooses another group than was decided leaves both in the history.

    Raises
    ------
    UnknownGroup
        Nothing was agreed about this group, and no candidate is of it.
    """
    row = locked(user, vacancy, Event.OPEN_MATCHING)
    decided = row.standing().values_list("group", flat=True).first() or ""
    if group not in {"", decided} and not is_group(row.owner, group):
        raise UnknownGroup
    row.group = group
    row.save(update_fields=["group"])
    facts = {"group": group} | ({"decided_group": decided} if decided not in {"", group} else {})
    move(row, Event.OPEN_MATCHING, by=somebody(user), now=now, facts=facts)


@transaction.atomic
def stop_matching(*, user: Visitor, vacancy: uuid.UUID, now: datetime) -> None:
    """Go back to the decision, which can then be taken back; nobody may be in line any more."""
    row = locked(user, vacancy, Event.STOP_MATCHING)
    release_line(row, now=now)
    move(row, Event.STOP_MATCHING, by=somebody(user), now=now)


def propose(
    *,
    user: Visitor,
    vacancy: uuid.UUID,
    candidate: uuid.UUID,
    contact: User | None = None,
    reserve: bool = False,
    now: datetime,
) -> Match:
    """Propose a candidate for a home, or put him next in line for it.

    Parameters
    ----------
    contact
        Who speaks for the candidate: somebody of the association, or of the partner; without one
        the person who proposes.

    Raises
    ------
    Refusal
        `HomeTaken`, `CandidateTaken`, `CandidateRests`, `RulesSay`, `MatchedBefore`, `NotNow`;
        nothing was written then.
    """
    try:
        with transaction.atomic():
            return _proposed(user, vacancy, candidate, contact, reserve=reserve, now=now)
    except IntegrityError:
        # The last line of defence held: somebody's row was there first. Say whose.
        with transaction.atomic():
            row = locked(user, vacancy, Event.RESERVE)
            in_the_way(row, _seen(user, row, candidate), now)
        raise


def _proposed(
    user: Visitor,
    vacancy: uuid.UUID,
    candidate: uuid.UUID,
    contact: User | None,
    *,
    reserve: bool,
    now: datetime,
) -> Match:
    row = locked(user, vacancy, Event.RESERVE)
    if row.state not in MATCHED:
        raise NotNow(state=row.state, event=Event.RESERVE)
    person, actor = _seen(user, row, candidate), somebody(user)
    matches = Match.objects.for_organisation(row.owner_id).filter(vacancy=row)
    if known := matches.filter(candidate=person.number).first():
        raise MatchedBefore(match=str(known.public_id), state=known.state)
    waits = reserve and row.state == State.RESERVED
    if not waits:
        in_the_way(row, person, now)
    _allow(row, person, localdate(now), may_ask=True)
    before = matches.filter(state=MatchState.RESERVE).count()
    made = Match(
        owner=row.owner,
        partner_organisation_id=person.partner_organisation_id,
        vacancy=row,
        candidate=person.number,
        state=MatchState.RESERVE if waits else MatchState.PROPOSED,
        way=list(way_of(row, person, localdate(now))),
        line=before + 1 if waits else 0,
        contact=contact or actor,
        moved_at=now,
    )
    made.save(force_insert=True)
    hand = Hand.HEAD if may(actor, Action.SETTLE_REFUSALS, row) else Hand.CONSULTANT
    told(made, "propose", MatchState(made.state), hand, by=actor, now=now)
    ask_as_decided(made, now=now)
    if not waits:
        move(row, Event.RESERVE, by=actor, now=now, facts={"candidate": person.number})
    return made


def _seen(user: Visitor, row: Vacancy, candidate: uuid.UUID) -> Candidate:
    rows = Candidate.objects.visible_to(user).filter(owner=row.owner_id, replaced_at=None)
    found = rows.filter(public_id=candidate).first()
    if found is None:
        raise Missing
    return found


def _allow(row: Vacancy, person: Candidate, day: date, *, may_ask: bool) -> None:
    """Refuse what a letting rule excludes; without `may_ask` also what one can't answer yet."""
    homes = Dwelling.objects.for_organisation(row.owner_id)
    home = homes.get(code=row.dwelling, replaced_at=None)
    notice = Notice.objects.for_organisation(row.owner_id).get(code=row.code, replaced_at=None)
    rows = Candidate.objects.for_organisation(row.owner_id).filter(pk=person.pk)
    people = bridge.CANDIDATES.read(rows)
    [(_, found)] = bridge.fits(people, home, bridge.asked_of(row, notice), day)
    failed = found.answer is bridge.Answer.FAILED
    if failed or (not may_ask and found.answer is bridge.Answer.UNANSWERED):
        raise RulesSay(rules=tuple(each.rule.value for each in found.against), failed=failed)


def accept(*, user: Visitor, match: uuid.UUID, version: int, now: datetime) -> None:
    """Agree with a step, by the hand that it is for; the next step follows.

    Once the candidate agrees, who was next in line for the home is released: nobody waits for a
    home that is gone.
    """
    seen = Match.objects.one(user, match)
    with acting_for(seen.owner), transaction.atomic():
        row = locked_match(user, match, version=version)
        before = row.state
        stepped(row, Act.ACCEPT, by=somebody(user), now=now)
        if before == MatchState.LETTING_CHECK:
            person = candidate_of(row.owner_id, row.candidate)
            _allow(row.vacancy, person, localdate(now), may_ask=False)
        if before == MatchState.CANDIDATE:
            release_line(row.vacancy, now=now)


@transaction.atomic
def promote(*, user: Visitor, match: uuid.UUID, version: int, now: datetime) -> None:
    """Propose who is next in line, when the home is free again."""
    row = locked_match(user, match, version=version)
    if row.state == MatchState.RESERVE:
        in_the_way(row.vacancy, candidate_of(row.owner_id, row.candidate), now)
        if row.vacancy.state != State.IN_MATCHING:
            raise NotNow(state=row.vacancy.state, event=Event.RESERVE)
    actor = somebody(user)
    stepped(row, Act.PROMOTE, by=actor, now=now)
    move(row.vacancy, Event.RESERVE, by=actor, now=now, facts={"candidate": row.candidate})


@transaction.atomic
def let(*, user: Visitor, match: uuid.UUID, version: int, on: date, now: datetime) -> None:
    """Record the contract and the key; the letting counts in the account and the promise.

    Whoever is next in line is released: the home is gone.

    Raises
    ------
    WrongDay
        The contract is from before the notice, or from far ahead.
    ConditionsOpen
        Something that had to be so before the key isn't ticked.
    RulesSay
        The letting rules of the day of the contract don't allow it.
    """
    row = locked_match(user, match, version=version)
    _can_be_of(row, on, localdate(now))
    stepped(row, Act.LET, by=somebody(user), now=now, facts={"on": on.isoformat()})
    waits = Condition.objects.for_organisation(row.owner_id).filter(match=row, met_at=None)
    if waits.exists():
        raise ConditionsOpen(kinds=tuple(waits.values_list("kind", flat=True)))
    person = candidate_of(row.owner_id, row.candidate)
    _allow(row.vacancy, person, on, may_ask=False)
    row.contract_on = on
    row.save(update_fields=["contract_on"])
    release_line(row.vacancy, now=now)
    _booked(row.vacancy, person, on, now)
    left(person, why=Leaving.HOUSED, on=on, by=somebody(user), now=now)
    move(row.vacancy, Event.LET, by=somebody(user), now=now, facts={"on": on.isoformat()})


def _can_be_of(row: Match, on: date, today: date) -> None:
    """Refuse the day of a contract that can't be: it counts in the year in which it lies."""
    notice = Notice.objects.for_organisation(row.owner_id).filter(code=row.vacancy.code)
    first, last = notice.latest("pk").notice, today + AHEAD
    if not first <= on <= last:
        raise WrongDay(first=first, last=last)


@transaction.atomic
def name_contact(*, user: Visitor, match: uuid.UUID, contact: User, now: datetime) -> None:
    """Let somebody else speak for the candidate of a match that is under way."""
    row = locked_match(user, match)
    hands = hands_of(somebody(user), row) & {Hand.CONSULTANT, Hand.HEAD}
    if not hands or row.state in ENDED:
        raise NotAllowedNow(state=row.state, act="speak", hands=(Hand.CONSULTANT, Hand.HEAD))
    row.contact = contact
    row.version += 1
    row.save(update_fields=["contact", "version"])
    told(row, "speak", MatchState(row.state), min(hands), by=somebody(user), now=now)


def _booked(row: Vacancy, person: Candidate, on: date, now: datetime) -> None:
    """Put the letting in the place of what was promised at the decision."""
    decided = row.standing().get()
    promised = current(LETTINGS, row.owner, notice=row.code)
    close(
        table=LETTINGS, owner=row.owner, rows=list(promised.values_list("pk", flat=True)), now=now
    )
    letting = Letting(
        vacancy=row.code,
        channel=decided.channel,
        ground=Ground(decided.ground),
        group=person.target_group,
        persons=person.size,
        on=on,
        recorded_at=now,
    )
    store(
        table=LETTINGS,
        owner=row.owner,
        values=[letting],
        now=now,
        extra=lambda _: {"complex_id": row.complex_id},
        standing=current(LETTINGS, row.owner, notice=row.code),
    )
    rebuild_accounts(owner=row.owner, complexes=[row.complex_id], day=localdate(now), now=now)
