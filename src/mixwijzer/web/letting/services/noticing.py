"""A dwelling comes free: take it up, ask whoever is responsible, hand it over, close it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
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
from mixwijzer.web.letting.refusals import NotNow
from mixwijzer.web.letting.services.calling import call_for_view
from mixwijzer.web.letting.services.moving import ask, locked, move, release
from mixwijzer.web.letting.services.stepping import end_matches
from mixwijzer.web.letting.transitions import Event, State, allowed
from mixwijzer.web.register.bridge import NOTICES, current
from mixwijzer.web.register.models import Dwelling, Letting, Notice, Undertaking
from mixwijzer.web.register.services import account_anew, store

__all__ = ["Noticed", "hand_over", "notice", "take_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """The vacancy that a notice leads to, and what was said that can't be so beside it."""

    vacancy: uuid.UUID
    findings: tuple[Finding, ...] = ()


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

    A dwelling that already has an open notice keeps it: typed twice, or typed and delivered, it is
    one vacancy. A notice of a day that is past can show that fewer households lived there than
    were judged since: that judgement no longer counts, and is told.
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
    open_ones = current(NOTICES, home.owner, dwelling=home.code, closed_on=None)
    findings: tuple[Finding, ...] = ()
    if not open_ones.exists():
        findings = _noticed(home, somebody(user), free_from, publication, now)
    take_up(owner=home.owner, now=now, by=somebody(user))
    vacancy = Vacancy.objects.for_organisation(home.owner).filter(dwelling=home.code).latest("pk")
    return Noticed(vacancy=vacancy.public_id, findings=findings)


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
    """Start the work on every open notice that has none yet, and close what was closed.

    Returns the number of vacancies taken up. Whoever has the complex as consultant is asked.
    """
    known = Vacancy.objects.for_organisation(owner).filter(code=OuterRef("code"))
    let = Letting.objects.for_organisation(owner).filter(notice=OuterRef("code"), replaced_at=None)
    fresh = (
        Notice.objects.for_organisation(owner)
        .filter(~Exists(known), ~Exists(let), replaced_at=None, closed_on=None)
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
    done: Iterable[Vacancy] = (
        Vacancy.objects.for_organisation(owner).exclude(state=State.CLOSED).filter(Exists(closed))
    )
    for vacancy in done:
        release(vacancy, now)
        end_matches(vacancy, now=now)
        move(vacancy, Event.CLOSE, by=None, now=now)


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
