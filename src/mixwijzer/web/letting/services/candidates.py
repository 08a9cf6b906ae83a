"""Who looks for a home: enter, correct, let rest, come back, and forget at the end of the term."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.agreements.models import Obligation
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.match_steps import ENDED, MatchState
from mixwijzer.web.letting.models import Candidate, Match
from mixwijzer.web.letting.refusals import NotAllowedNow

__all__ = [
    "Entered",
    "comes_back",
    "enter",
    "forget_due",
    "groups_of",
    "look_again",
    "rest",
]


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
    """Enter a candidate and give him a number; `before` is the one he had at an earlier letting."""
    if user is not None:
        require(user, Action.MATCH, owner)
    audit.lock(owner)
    day = localdate(now)
    rows = Candidate.objects.for_organisation(owner).filter(number__startswith=f"{day:%y}-")
    number = f"{day:%y}-{rows.values('number').distinct().count() + 1:03d}"
    row = Candidate(
        owner=owner,
        number=number,
        reference=entered.reference,
        size=entered.size,
        income_class=entered.income_class,
        registered=entered.registered,
        priority=entered.priority,
        target_group=entered.target_group,
        accessible_needed=entered.accessible_needed,
        partner_organisation=entered.partner,
        returned_from=before,
        keep_until=day + timedelta(days=bridge.days_kept(day)),
        by=user,
        recorded_at=now,
    )
    row.save(force_insert=True)
    audit.record(
        organisation=owner,
        action="candidate.enter",
        actor=user,
        subject=row.public_id,
        facts={"number": number},
        at=now,
    )
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
    """Write down until when a candidate gets no proposals; a record replaces the one before.

    `rests_for` is another association that proposed him a home of its own.
    """
    Candidate.objects.for_organisation(person.owner_id).filter(
        pk=person.pk, replaced_at=None
    ).update(replaced_at=now)
    kept = {
        each.attname: getattr(person, each.attname)
        for each in Candidate._meta.concrete_fields  # noqa: SLF001 (Django's own name)
        if each.attname not in {"id", "recorded_at", "replaced_at"}
    }
    changed = {
        "rests_until": until,
        "until_reassessed": until_reassessed,
        "rests_for_id": rests_for.pk if rests_for else None,
        "by_id": by.pk if by else None,
    }
    row = Candidate(**{**kept, **changed, "recorded_at": now})
    row.save(force_insert=True)
    return row


@transaction.atomic
def look_again(*, user: Visitor, candidate: uuid.UUID, now: datetime) -> None:
    """Let a candidate take part again, after somebody looked."""
    person = _one(user, candidate)
    require(user, Action.MATCH, person)
    audit.lock(person.owner)
    if person.until_reassessed or person.rests_until:
        rest(person, until=None, until_reassessed=False, by=somebody(user), now=now)
        audit.record(
            organisation=person.owner,
            action="candidate.look_again",
            actor=somebody(user),
            subject=person.public_id,
            facts={"number": person.number},
            at=now,
        )


@transaction.atomic
def comes_back(
    *, user: Visitor, candidate: uuid.UUID, registered: date, now: datetime
) -> Candidate:
    """Enter somebody anew who was housed before; the new number names the old one."""
    person = _one(user, candidate)
    matches = Match.objects.for_organisation(person.owner_id).filter(candidate=person.number)
    if not matches.filter(state=MatchState.LET).exists():
        last = matches.last()
        raise NotAllowedNow(
            state=last.state if last else MatchState.PROPOSED, act="return", hands=()
        )
    entered = Entered(
        size=person.size,
        registered=registered,
        income_class=person.income_class,
        target_group=person.target_group,
        accessible_needed=person.accessible_needed,
        reference=person.reference,
        partner=person.partner_organisation,
    )
    return enter(
        user=somebody(user), owner=person.owner, entered=entered, now=now, before=person.number
    )


def _one(user: Visitor, candidate: uuid.UUID) -> Candidate:
    rows = Candidate.objects.visible_to(user).select_related("owner", "partner_organisation")
    row = rows.filter(public_id=candidate, replaced_at=None).first()
    if row is None:
        raise Missing
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
    """Erase reference and group of candidates whose term is over and who are in no open match."""
    day = localdate(now)
    rows = Candidate.objects.for_organisation(owner)
    busy = Match.objects.for_organisation(owner).exclude(state__in=sorted(ENDED))
    since = now - timedelta(days=bridge.days_kept(day))
    fresh = Match.objects.for_organisation(owner).filter(moved_at__gt=since)
    due = rows.filter(keep_until__lte=day).exclude(number__in=busy.values("candidate"))
    due = due.exclude(number__in=fresh.values("candidate"))
    due = due.filter(reference__isnull=False) | due.filter(target_group__isnull=False)
    return due.update(reference=None, target_group=None)
