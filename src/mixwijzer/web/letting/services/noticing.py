"""A dwelling comes free: take it up, ask whoever is responsible, hand it over, close it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from mixwijzer.engine.portfolio import Vacancy as EngineVacancy
from mixwijzer.exchange.findings import Finding
from mixwijzer.web.accounts.models import Membership, Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import may, require, somebody
from mixwijzer.web.accounts.roles import Action, Role
from mixwijzer.web.accounts.selectors import holders
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.models import Question, Step, Vacancy
from mixwijzer.web.letting.reasons import WITHDRAWN
from mixwijzer.web.letting.refusals import LetAlready, NotNow, ReasonMissing
from mixwijzer.web.letting.services.calling import call_for_view
from mixwijzer.web.letting.services.closing import came_since, close_over, close_work, rewrite
from mixwijzer.web.letting.services.moving import ask, locked, move, release
from mixwijzer.web.letting.transitions import Event, State, allowed
from mixwijzer.web.register.bridge import NOTICES, current
from mixwijzer.web.register.models import Dwelling, Letting, Notice, Tenancy, Undertaking
from mixwijzer.web.register.services import account_anew, store

__all__ = ["Noticed", "correct_notice", "hand_over", "notice", "take_up", "withdraw_notice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """The vacancy that a notice leads to, and what was said that can't be so beside it."""

    vacancy: uuid.UUID
    findings: tuple[Finding, ...] = ()
    corrected: bool = False  # it had a notice already, of other days


@transaction.atomic
def notice(
    *,
    user: Visitor,
    dwelling: uuid.UUID,
    free_from: date,
    publication: date | None = None,
    now: datetime,
) -> Noticed:
    """Record that a dwelling comes free and return its vacancy.

    A dwelling that already has an open notice keeps it, with these days: typed twice, or typed and
    delivered, it is one vacancy; of a home that was let since, it is another. A notice of a day
    that is past can show that fewer households lived there than were judged since: that judgement
    no longer counts, and is told.

    Raises
    ------
    LetAlready
        A lease of the home begins today or later.
    """
    home = (
        Dwelling.objects.visible_to(user)
        .filter(public_id=dwelling, replaced_at=None)
        .select_related("owner", "complex")
        .first()
    )
    if home is None:
        raise Missing
    require(user, Action.NOTIFY, home)
    audit.lock(home.owner)
    take_up(owner=home.owner, now=now, by=somebody(user))
    rows = Vacancy.objects.for_organisation(home.owner).filter(dwelling=home.code)
    known = rows.exclude(state__in=(State.LET, State.CLOSED)).order_by("-pk").first()
    if known is not None:
        days = _Days(free_from=free_from, publication=publication)
        return _corrected(locked(user, known.public_id, Event.CORRECT), somebody(user), days, now)
    _refuse_let(home, localdate(now))
    findings = _noticed(home, somebody(user), free_from, publication, now)
    take_up(owner=home.owner, now=now, by=somebody(user))
    return Noticed(vacancy=rows.latest("pk").public_id, findings=findings)


@transaction.atomic
def correct_notice(
    *,
    user: Visitor,
    vacancy: uuid.UUID,
    free_from: date,
    publication: date | None,
    now: datetime,
) -> Noticed:
    """Write down other days of a notice; the ones before stay in the history.

    Raises
    ------
    NotNow
        The home was let, or the notice is over.
    """
    row = locked(user, vacancy, Event.CORRECT)
    if not allowed(row.state, Event.CORRECT):
        raise NotNow(state=row.state, event=Event.CORRECT)
    days = _Days(free_from=free_from, publication=publication, blank=True)
    return _corrected(row, somebody(user), days, now)


@transaction.atomic
def withdraw_notice(*, user: Visitor, vacancy: uuid.UUID, reason: str, now: datetime) -> None:
    """Close a notice that is over before the key, and the work on it; it stays in the history.

    Raises
    ------
    ReasonMissing
        It is none of `WITHDRAWN`.
    NotNow
        The home was let, or the notice is over already.
    """
    row = locked(user, vacancy, Event.CLOSE)
    if reason not in WITHDRAWN:
        raise ReasonMissing(following=False, reason=reason)
    if row.state == State.LET or not allowed(row.state, Event.CLOSE):
        raise NotNow(state=row.state, event=Event.CLOSE)
    told = Notice.last_known(row.owner_id, "code", [row.code])[row.code]
    rewrite(told, now=now, closed_on=max(told.notice, localdate(now)))
    close_work([row], owner=row.owner, by=somebody(user), now=now, why=reason)
    _accounted(row, somebody(user), "letting.withdraw_notice", {"reason": reason}, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """The days of a notice; without an advert the known one stays, unless `blank` means none."""

    free_from: date
    publication: date | None
    blank: bool = False

    def changes(self, told: Notice) -> dict[str, tuple[date | None, date | None]]:
        """Return what becomes otherwise: before, and from now on."""
        kept = None if self.blank else told.publication
        asked = {"free_from": self.free_from, "publication": self.publication or kept}
        pairs = {name: (getattr(told, name), day) for name, day in asked.items()}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _corrected(row: Vacancy, user: User, days: _Days, now: datetime) -> Noticed:
    told = Notice.last_known(row.owner_id, "code", [row.code])[row.code]
    changes = days.changes(told)
    if not changes:
        return Noticed(vacancy=row.public_id)
    rewrite(told, now=now, **{name: day for name, (_, day) in changes.items()})
    facts: dict[str, str] = {}
    for name, (before, day) in changes.items():
        facts |= {name: _iso(day), f"{name}_before": _iso(before)}
    move(row, Event.CORRECT, by=user, now=now, facts=facts)
    aside = _accounted(row, user, "letting.correct_notice", facts, now)
    return Noticed(vacancy=row.public_id, findings=aside, corrected=True)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _accounted(
    row: Vacancy, user: User, action: str, facts: Mapping[str, str], now: datetime
) -> tuple[Finding, ...]:
    """Make the account anew after a notice changed, and tell the trail; return what that undid."""
    day = localdate(now)
    aside = account_anew(owner=row.owner, complexes=[row.complex_id], day=day, now=now)
    audit.record(
        organisation=row.owner,
        action=action,
        actor=user,
        subject=row.public_id,
        facts={**facts, **({"set_aside": len(aside)} if aside else {})},
        at=now,
    )
    return tuple(each.finding() for each in aside)


def _refuse_let(home: Dwelling, day: date) -> None:
    leases = Tenancy.objects.for_organisation(home.owner_id).filter(
        dwelling=home.code, start__gte=day, replaced_at=None
    )
    for lease in leases.order_by("start")[:1]:
        raise LetAlready(on=lease.start)


def _noticed(
    home: Dwelling, user: User, free_from: date, publication: date | None, now: datetime
) -> tuple[Finding, ...]:
    day = localdate(now)
    given = Notice.objects.for_organisation(home.owner_id).count()
    told = EngineVacancy(
        id=f"{day.year}-{given + 1:05d}",
        dwelling=home.code,
        notice=day,
        free_from=free_from,
        publication=publication,
        recorded_at=now,
    )
    store(
        table=NOTICES,
        owner=home.owner,
        values=[told],
        now=now,
        extra=lambda _: {"complex_id": home.complex_id},
        standing=current(NOTICES, home.owner, code=told.id),
    )
    aside = account_anew(owner=home.owner, complexes=[home.complex_id], day=day, now=now)
    audit.record(
        organisation=home.owner,
        action="letting.notice",
        actor=user,
        subject=home.public_id,
        facts={"free_from": free_from.isoformat()} | ({"set_aside": len(aside)} if aside else {}),
        at=now,
    )
    return tuple(each.finding() for each in aside)


@transaction.atomic
def take_up(*, owner: Organisation, now: datetime, by: User | None = None) -> int:
    """Start the work on every open notice that has none yet, and close what is over.

    Returns the number of vacancies taken up. Whoever has the complex as consultant is asked.
    """
    close_over(owner=owner, by=by, now=now)
    known = Vacancy.objects.for_organisation(owner).filter(code=OuterRef("code"))
    let = Letting.objects.for_organisation(owner).filter(notice=OuterRef("code"), replaced_at=None)
    fresh = (
        Notice.objects.for_organisation(owner)
        .filter(~Exists(known), ~Exists(let), ~came_since(owner))
        .filter(replaced_at=None, closed_on=None)
        .order_by("notice", "pk")
    )
    people = consultants(owner)
    rows = [
        Vacancy(
            owner=owner,
            public_id=each.public_id,
            code=each.code,
            complex_id=each.complex_id,
            dwelling=each.dwelling,
            responsible=people.get(each.complex_id),
        )
        for each in fresh
    ]
    _started(owner, rows, now, by)
    _close_closed(owner, now)
    return len(rows)


def consultants(owner: Organisation) -> Mapping[int, User]:
    """Return by complex its consultant, if that is somebody who can decide now."""
    able = [each.pk for each in holders(owner.pk, Action.DECIDE)]
    rows = Undertaking.objects.for_organisation(owner).filter(role=Role.CONSULTANT, user__in=able)
    return {row.complex_id: row.user for row in rows.select_related("user")}


def _started(owner: Organisation, rows: list[Vacancy], now: datetime, by: User | None) -> None:
    """Write vacancies with their first step and question, in three statements."""
    made = Vacancy.objects.for_organisation(owner).bulk_create(rows, batch_size=500)
    Step.objects.for_organisation(owner).bulk_create(
        [
            Step(
                owner=owner,
                vacancy=each,
                at=now,
                by=by,
                event="notice",
                before=State.NOTICED,
                after=State.NOTICED,
            )
            for each in made
        ],
        batch_size=500,
    )
    Question.objects.for_organisation(owner).bulk_create(
        [
            Question(
                owner=owner,
                vacancy=each,
                complex_id=each.complex_id,
                asked=each.responsible,
                asked_at=now,
            )
            for each in made
            if each.responsible is not None
        ],
        batch_size=500,
    )
    call_for_view(owner.pk, made, by=by, now=now)


def _close_closed(owner: Organisation, now: datetime) -> None:
    closed = Notice.objects.for_organisation(owner).filter(
        code=OuterRef("code"), replaced_at=None, closed_on__isnull=False
    )
    done = Vacancy.objects.for_organisation(owner).exclude(state=State.CLOSED)
    close_work(done.filter(Exists(closed)), owner=owner, by=None, now=now)


@transaction.atomic
def hand_over(*, user: Visitor, vacancy: uuid.UUID, to: uuid.UUID, now: datetime) -> None:
    """Let a colleague take over; the question starts again, for the colleague."""
    row = locked(user, vacancy, Event.HAND_OVER)
    person = User.objects.filter(
        public_id=to,
        is_active=True,
        pk__in=Membership.now().filter(organisation=row.owner).values("user"),
    ).first()
    if person is None or not may(person, Action.DECIDE, row):
        raise Missing
    if not allowed(row.state, Event.HAND_OVER):
        raise NotNow(state=row.state, event=Event.HAND_OVER)
    handed(row, person, by=somebody(user), now=now)


def handed(row: Vacancy, person: User, *, by: User | None, now: datetime) -> None:
    """Let somebody take a vacancy over; what was asked of another is taken back."""
    release(row, now)
    row.responsible = person
    move(row, Event.HAND_OVER, by=by, now=now, facts={"to": str(person.public_id)})
    ask(row, person, now, by=by)
    audit.record(
        organisation=row.owner,
        action="letting.hand_over",
        actor=by,
        subject=row.public_id,
        facts={"to": str(person.public_id)},
        at=now,
    )
