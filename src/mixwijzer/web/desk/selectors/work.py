"""What waits for me, what is stuck, what do I follow?"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, Sum
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import may, somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.agreements.selectors import (
    AgreementWork,
    ObligationLine,
    agreement_work,
    obligations,
)
from mixwijzer.web.desk import bridge
from mixwijzer.web.desk.selectors.first_day import steps_to_go
from mixwijzer.web.letting.models import Decision, Vacancy
from mixwijzer.web.letting.selectors import (
    MatchWork,
    RequestLine,
    VacancyLine,
    match_work,
    open_requests,
    vacancies,
)
from mixwijzer.web.letting.transitions import OPEN, State
from mixwijzer.web.pulse.selectors import RoundAsk, TalkLine, asks, talks
from mixwijzer.web.register.models import AccountState, Delivery
from mixwijzer.web.rounds.selectors import (
    AskPage,
    CityWork,
    WeekWork,
    ask_work,
    city_work,
    week_work,
)

__all__ = ["Figures", "Today", "WorkRow", "today"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """One thing to do, or to follow.

    `kind` is `question`, `decide`, `second_reading`, `late`, `unassigned` or `following`; `holder`
    is with whom it is.
    """

    kind: str
    vacancy: uuid.UUID
    address: str
    complex: str
    rooms: int | None
    free_from: date
    due: date | None
    late: bool
    holder: str
    state: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is counted of the reader's organisation; decisions of this calendar year."""

    complexes: int
    homes: int
    open_vacancies: int
    decided: int
    deviated: int
    open_requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """One person's work on one day.

    `requests_without_place` are those that found room nowhere within the norm (12 weeks), for the
    head of letting; `own_requests` are all open ones that a partner or consultant may see.
    """

    day: date
    waiting: tuple[WorkRow, ...]
    stuck: tuple[WorkRow, ...]
    following: tuple[WorkRow, ...]
    round_asks: tuple[RoundAsk, ...]
    talks: tuple[TalkLine, ...]
    requests_without_place: tuple[RequestLine, ...]
    own_requests: tuple[RequestLine, ...]
    figures: Figures | None
    obligations: tuple[ObligationLine, ...]
    data_date: date | None
    synthetic: bool
    first_day: tuple[str, ...] = ()
    matches: tuple[MatchWork, ...] = ()
    agreements: tuple[AgreementWork, ...] = ()
    cities: tuple[CityWork, ...] = ()
    weeks: tuple[WeekWork, ...] = ()
    answers: tuple[AskPage, ...] = ()


def today(user: Visitor, *, now: datetime) -> Today:
    """Return the work of one person on one day."""
    person, day = somebody(user), localdate(now)
    sorted_rows = _sorted(person, vacancies(person), day)
    requests = open_requests(person, day)
    sees_all = may(person, Action.SEE_REQUESTS)
    term = bridge.wait_weeks(day)
    delivery = Delivery.objects.visible_to(person).order_by("-at", "-pk").first()
    return Today(
        day=day,
        waiting=sorted_rows["waiting"],
        stuck=sorted_rows["stuck"],
        following=sorted_rows["following"],
        round_asks=asks(person),
        talks=talks(person),
        requests_without_place=tuple(each for each in requests if sees_all and each.weeks >= term),
        own_requests=() if sees_all else requests,
        figures=_figures(person, day, len(requests)) if may(person, Action.SEE_ADVICE) else None,
        obligations=obligations(person, day=day),
        data_date=delivery.data_date if delivery else None,
        synthetic=bool(delivery and delivery.synthetic),
        first_day=steps_to_go(person),
        matches=match_work(person, now=now),
        agreements=agreement_work(person, now=now),
        cities=city_work(person, now=now),
        weeks=week_work(person),
        answers=ask_work(person, now=now),
    )


def _sorted(user: User, lines: Iterable[VacancyLine], day: date) -> dict[str, tuple[WorkRow, ...]]:
    """Put every vacancy where it belongs for this person, or nowhere."""
    found: dict[str, list[WorkRow]] = {"waiting": [], "stuck": [], "following": []}
    reads, leads = may(user, Action.READ_SECOND), may(user, Action.SEE_REQUESTS)
    for line in lines:
        late = line.decide_by is not None and line.decide_by < day and line.state in OPEN
        group, kind = _place(line, late=late, reads=reads, leads=leads)
        if group:
            found[group].append(_row(line, kind, late=late))
    return {group: tuple(rows) for group, rows in found.items()}


def _place(line: VacancyLine, *, late: bool, reads: bool, leads: bool) -> tuple[str, str]:
    """Return group and kind of a vacancy for this reader; no group when it isn't his concern."""
    advised = line.state in {State.VIEWED, State.ADVISED}
    ways = (
        (line.asked, "waiting", "question"),
        (advised and line.mine, "waiting", "decide"),
        (
            line.state == State.SECOND_READING and reads and not line.mine,
            "waiting",
            "second_reading",
        ),
        (leads and line.state in OPEN and not line.responsible, "stuck", "unassigned"),
        (late and (line.mine or leads), "stuck", "late"),
        (line.mine or (leads and line.state in OPEN), "following", "following"),
    )
    return next(((group, kind) for holds, group, kind in ways if holds), ("", ""))


def _row(line: VacancyLine, kind: str, *, late: bool) -> WorkRow:
    return WorkRow(
        kind=kind,
        vacancy=line.id,
        address=line.address,
        complex=line.complex.name,
        rooms=line.rooms,
        free_from=line.free_from,
        due=line.decide_by,
        late=late,
        holder=line.responsible,
        state=line.state,
        since=line.notice,
    )


def _figures(user: User, day: date, requests: int) -> Figures:
    homes = AccountState.objects.visible_to(user).filter(
        scope_kind=bridge.COMPLEX, scheme=bridge.DEFAULT_SCHEME
    )
    stock = homes.aggregate(complexes=Count("pk"), homes=Sum("base"))
    done = (
        Decision.objects.visible_to(user)
        .filter(withdrawn_at=None, lapsed_at=None, checked_on__year=day.year)
        .aggregate(decided=Count("pk"), deviated=Count("pk", filter=Q(followed=False)))
    )
    return Figures(
        complexes=stock["complexes"],
        homes=stock["homes"] or 0,
        open_vacancies=Vacancy.objects.visible_to(user).filter(state__in=OPEN).count(),
        decided=done["decided"],
        deviated=done["deviated"],
        open_requests=requests,
    )
