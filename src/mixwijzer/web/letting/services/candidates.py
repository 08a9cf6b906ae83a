"""Who looks for a home: enter, correct, let rest, leave, come back, and forget after the term."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.agreements.models import Obligation
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.match_steps import ENDED, Act, MatchState
from mixwijzer.web.letting.models import Candidate, CandidateList, Match
from mixwijzer.web.letting.reasons import Leaving
from mixwijzer.web.letting.refusals import (
    CandidateKnown,
    CandidateLeft,
    CandidateStays,
    ReasonMissing,
)
from mixwijzer.web.letting.services.stepping import stepped, taken_elsewhere

__all__ = [
    "Entered",
    "as_before",
    "changes_of",
    "comes_back",
    "correct",
    "corrected",
    "enter",
    "entered_at",
    "entered_wrong",
    "forget_due",
    "groups_of",
    "leave",
    "left",
    "look_again",
    "looks_on",
    "rest",
]


_SAID = frozenset({Leaving.ELSEWHERE, Leaving.STOPPED, Leaving.MISTAKE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What is written down of a candidate: what the letting rules ask, and no more."""

    size: int
    registered: date
    income_class: str | None = None
    priority: str | None = None
    target_group: str | None = None
    accessible_needed: bool = False
    reference: str | None = None
    partner: Organisation | None = None


@transaction.atomic
def enter(
    *, user: User | None, owner: Organisation, entered: Entered, now: datetime, before: str = ""
) -> Candidate:
    """Enter a candidate and give him a number; `before` is the one he had at an earlier letting.

    Raises
    ------
    CandidateKnown
        He looks already.
    """
    if user is not None:
        require(user, Action.MATCH, owner)
    audit.lock(owner)
    _once(owner, entered, before)
    [row] = entered_at(owner, [entered], by=user, now=now)
    row.returned_from = before
    row.save(force_insert=True)
    _recorded(row, "enter", user, now)
    return row


def _once(owner: Organisation, entered: Entered, before: str) -> None:
    """Refuse a household that looks already, by its number elsewhere or the one before."""
    rows = Candidate.looking(owner)
    same = rows.filter(reference=entered.reference, partner_organisation=entered.partner)
    known = same.first() if entered.reference else None
    if before and not known:
        known = rows.filter(returned_from=before).first()
    if known:
        raise CandidateKnown(number=known.number)


def entered_at(
    owner: Organisation,
    people: Sequence[Entered],
    *,
    by: User | None,
    now: datetime,
    listed: CandidateList | None = None,
) -> list[Candidate]:
    """Return rows of new candidates, numbered on; nothing is written."""
    day = localdate(now)
    numbered = Candidate.objects.for_organisation(owner).filter(number__startswith=f"{day:%y}-")
    last = numbered.values("number").distinct().count()
    return [
        Candidate(
            owner=owner,
            number=f"{day:%y}-{place:03d}",
            partner_organisation=each.partner,
            keep_until=_kept_until(day),
            by=by,
            listed=listed,
            recorded_at=now,
            **_asked(each),
        )
        for place, each in enumerate(people, last + 1)
    ]


def _kept_until(day: date) -> date:
    return day + timedelta(days=bridge.days_kept(day))


def _asked(entered: Entered) -> dict[str, Any]:
    """Return what can be corrected: all but whose candidate it is, which decides who sees him."""
    return {name: getattr(entered, name) for name in Candidate.TOLD}


def _recorded(
    person: Candidate, what: str, by: User | None, now: datetime, **facts: str | int
) -> None:
    audit.record(
        organisation=person.owner,
        action=f"candidate.{what}",
        actor=by,
        subject=person.public_id,
        facts={"number": person.number, **facts},
        at=now,
    )


def _anew(person: Candidate, *, by: User | None, now: datetime, **changed: Any) -> Candidate:
    """Write down a candidate anew; a record replaces the one before."""
    Candidate.objects.for_organisation(person.owner_id).filter(
        pk=person.pk, replaced_at=None
    ).update(replaced_at=now)
    kept = {
        each.attname: getattr(person, each.attname)
        for each in Candidate._meta.concrete_fields  # noqa: SLF001 (Django's own name)
        if each.attname not in {"id", "recorded_at", "replaced_at", "by_id", "listed_id"}
    }
    row = Candidate(**{**kept, **changed, "recorded_at": now, "by_id": by.pk if by else None})
    row.save(force_insert=True)
    return row


def rest(
    person: Candidate,
    *,
    until: date | None,
    until_reassessed: bool,
    by: User | None,
    now: datetime,
    rests_for: Organisation | None = None,
) -> Candidate:
    """Write down until when a candidate gets no proposals.

    `rests_for` is another association that proposed him a home of its own.
    """
    return _anew(
        person,
        by=by,
        now=now,
        rests_until=until,
        until_reassessed=until_reassessed,
        rests_for_id=rests_for.pk if rests_for else None,
        rests_since=now if rests_for else None,
    )


@transaction.atomic
def look_again(*, user: Visitor, candidate: uuid.UUID, now: datetime) -> None:
    """Let a candidate take part again, after somebody looked."""
    person = _one(user, candidate)
    if person.until_reassessed or person.rests_until:
        rest(person, until=None, until_reassessed=False, by=somebody(user), now=now)
        _recorded(person, "look_again", somebody(user), now)


@transaction.atomic
def correct(*, user: Visitor, candidate: uuid.UUID, entered: Entered, now: datetime) -> Candidate:
    """Write down anew what the letting rules ask of a candidate, also while he is in a match.

    Whose candidate it is stays: that decides who sees him. The record before stays in the history,
    and the term begins again.

    Raises
    ------
    CandidateLeft
        He looks no longer.
    """
    person = _one(user, candidate)
    _still_looks(person)
    changed = changes_of(person, entered)
    if not changed:
        return person
    row = corrected(person, entered, by=somebody(user), now=now)
    _recorded(row, "correct", somebody(user), now, changed=" ".join(changed))
    return row


def corrected(
    person: Candidate,
    entered: Entered,
    *,
    by: User,
    now: datetime,
    listed: CandidateList | None = None,
) -> Candidate:
    """Write down anew what was told of a candidate, by hand or by a list."""
    until = _kept_until(localdate(now))
    return _anew(person, by=by, now=now, keep_until=until, listed=listed, **_asked(entered))


def entered_wrong(person: Candidate, *, by: User | None, now: datetime) -> None:
    """Let somebody look no longer who was entered by mistake, and forget him."""
    left(person, why=Leaving.MISTAKE, on=localdate(now), by=by, now=now)
    rows = Candidate.objects.for_organisation(person.owner_id).filter(number=person.number)
    rows.update(reference=None, target_group=None)


def as_before(person: Candidate, before: Candidate, *, by: User, now: datetime) -> None:
    """Write down of a candidate what was told before; the record between stays in the history."""
    told = {name: getattr(before, name) for name in (*Candidate.TOLD, "keep_until")}
    _anew(person, by=by, now=now, **told)


def changes_of(person: Candidate, entered: Entered) -> tuple[str, ...]:
    """Return what would become otherwise of a candidate, by the names of the fields."""
    return tuple(name for name, value in _asked(entered).items() if getattr(person, name) != value)


def _still_looks(person: Candidate) -> None:
    if person.left_on:
        raise CandidateLeft(on=person.left_on, why=person.left)


@transaction.atomic
def leave(*, user: Visitor, candidate: uuid.UUID, why: str, now: datetime) -> None:
    """Write down that a candidate looks no longer, and why; entered by mistake he is forgotten.

    Raises
    ------
    CandidateTaken
        He is in a match; end that first.
    CandidateLeft
        He had left already.
    ReasonMissing
        It is none of the list, or one that nobody says.
    """
    person = _one(user, candidate)
    if why not in _SAID:
        raise ReasonMissing(following=False, reason=why)
    _still_looks(person)
    taken_elsewhere(person)
    if why == Leaving.MISTAKE:
        entered_wrong(person, by=somebody(user), now=now)
    else:
        left(person, why=Leaving(why), on=localdate(now), by=somebody(user), now=now)
    _recorded(person, "leave", somebody(user), now, why=why)


def left(person: Candidate, *, why: Leaving, on: date, by: User | None, now: datetime) -> None:
    """Write down that somebody looks no longer; where he was next in line he is so no more."""
    _anew(person, by=by, now=now, left_on=on, left=why)
    rows = Match.objects.for_organisation(person.owner_id).filter(candidate=person.number)
    for each in rows.filter(state=MatchState.RESERVE).select_related("owner", "vacancy"):
        stepped(each, Act.RELEASE, by=None, now=now)


def looks_on(person: Candidate, *, by: User, now: datetime) -> None:
    """Let somebody look again who was let a home here, but not after all.

    Who was entered anew since looks under that number already.
    """
    anew = Candidate.looking(person.owner_id).filter(returned_from=person.number)
    if person.left == Leaving.HOUSED and not anew.exists():
        row = _anew(person, by=by, now=now, left_on=None, left="")
        _recorded(row, "look_again", by, now)


@transaction.atomic
def comes_back(
    *, user: Visitor, candidate: uuid.UUID, registered: date, now: datetime
) -> Candidate:
    """Enter somebody anew who had left; the new number names the old one.

    Raises
    ------
    CandidateStays
        He looks already.
    """
    person = _one(user, candidate)
    if not person.left_on:
        raise CandidateStays
    entered = Entered(
        size=person.size,
        registered=registered,
        income_class=person.income_class,
        priority=person.priority,
        target_group=person.target_group,
        accessible_needed=person.accessible_needed,
        reference=person.reference,
        partner=person.partner_organisation,
    )
    return enter(
        user=somebody(user), owner=person.owner, entered=entered, now=now, before=person.number
    )


def _one(user: Visitor, candidate: uuid.UUID) -> Candidate:
    """Return a candidate for who may change him, and let nobody else change anything meanwhile."""
    rows = Candidate.objects.visible_to(user).select_related("owner", "partner_organisation")
    row = rows.filter(public_id=candidate, replaced_at=None).first()
    if row is None:
        raise Missing
    require(user, Action.MATCH, row)
    audit.lock(row.owner)
    return row


def groups_of(owner: Organisation) -> tuple[str, ...]:
    """Return the groups that an association made agreements about: the only ones there are."""
    rows = Obligation.objects.for_organisation(owner).filter(replaced_at=None)
    return tuple(rows.order_by("group").values_list("group", flat=True).distinct())


def is_group(owner: Organisation, group: str) -> bool:
    """Whether there is such a group: something was agreed about it, or a candidate is of it."""
    of_it = Candidate.objects.for_organisation(owner).filter(replaced_at=None, target_group=group)
    return group in groups_of(owner) or of_it.exists()


@transaction.atomic
def forget_due(*, owner: Organisation, now: datetime) -> int:
    """Erase reference and group of candidates whose term is over and who are in no open match.

    Who looked until then looks no longer: without them nobody could say whom it is about. Returns
    of how many something was erased.
    """
    day = localdate(now)
    rows = Candidate.objects.for_organisation(owner)
    busy = Match.objects.for_organisation(owner).exclude(state__in=sorted(ENDED))
    since = now - timedelta(days=bridge.days_kept(day))
    fresh = Match.objects.for_organisation(owner).filter(moved_at__gt=since)
    due = rows.filter(keep_until__lte=day).exclude(number__in=busy.values("candidate"))
    due = due.exclude(number__in=fresh.values("candidate"))
    for person in due.filter(replaced_at=None, left_on=None):
        left(person, why=Leaving.TERM, on=day, by=None, now=now)
    known = due.filter(reference__isnull=False) | due.filter(target_group__isnull=False)
    number = known.values("number").distinct().count()
    known.update(reference=None, target_group=None)
    return number
