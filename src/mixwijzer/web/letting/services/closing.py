"""The work on a vacancy is over: what is still open about it goes along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting.models import Decision, Vacancy
from mixwijzer.web.letting.reasons import NoticeEnd
from mixwijzer.web.letting.services.moving import move, release
from mixwijzer.web.letting.services.stepping import end_matches
from mixwijzer.web.letting.transitions import Event, State
from mixwijzer.web.register.bridge import LETTINGS, NOTICES, current
from mixwijzer.web.register.models import Letting, Notice, Tenancy
from mixwijzer.web.register.services import account_anew, close, store

__all__ = ["came_since", "close_over", "close_work", "lease_since", "rewrite"]


@dataclass(frozen=True, slots=True)
class _Over:
    """A vacancy of which the notice is over by what came after it, since when and why."""

    vacancy: Vacancy
    notice: Notice
    on: date
    why: NoticeEnd


def close_over(*, owner: Organisation, by: User | None, now: datetime) -> None:
    """Close the notices of homes to which a lease came since, or that were noticed again after.

    Who lets outside Mixwijzer says so by the lease alone; then nothing is let here any more.
    """
    found = list(_over(owner, localdate(now)))
    for each in found:
        rewrite(each.notice, now=now, closed_on=each.on)
        close_work([each.vacancy], owner=owner, by=by, now=now, why=each.why)
    if found:
        places = sorted({each.vacancy.complex_id for each in found})
        account_anew(owner=owner, complexes=places, day=localdate(now), now=now)


def _over(owner: Organisation, day: date) -> Iterator[_Over]:
    rows = Vacancy.objects.for_organisation(owner)
    open_ones = Notice.objects.for_organisation(owner).filter(replaced_at=None, closed_on=None)
    came = came_since(owner)
    again = open_ones.filter(dwelling=OuterRef("dwelling"), notice__gt=OuterRef("notice"))
    over = open_ones.annotate(came=came, again=Exists(again)).filter(Q(came=True) | Q(again=True))
    for notice in over:
        vacancy = rows.filter(code=notice.code).first()
        let = vacancy is not None and vacancy.state == State.LET
        if vacancy is None or vacancy.state == State.CLOSED or not (notice.came or let):
            continue
        lease = lease_since(notice)
        on = max(min(lease.start, day) if lease else day, notice.notice)
        why = NoticeEnd.LET_OUTSIDE if not let else NoticeEnd.LEASE
        yield _Over(vacancy, notice, on, why if notice.came else NoticeEnd.GIVEN_AGAIN)


def came_since(owner: Organisation) -> Exists:
    """Return whether a lease of its home began on the day of a notice (the outer row) or later."""
    leases = Tenancy.objects.for_organisation(owner).filter(replaced_at=None)
    return Exists(leases.filter(dwelling=OuterRef("dwelling"), start__gte=OuterRef("notice")))


def rewrite(notice: Notice, *, now: datetime, **changed: Any) -> None:
    """Write down anew what is known of a notice; a record replaces the one before."""
    standing = current(NOTICES, notice.owner, code=notice.code)
    [told] = NOTICES.read(standing)
    store(
        table=NOTICES,
        owner=notice.owner,
        values=[replace(told, **changed)],
        now=now,
        extra=lambda _: {"complex_id": notice.complex_id},
        standing=standing,
    )


def close_work(
    vacancies: Iterable[Vacancy],
    *,
    owner: Organisation,
    by: User | None,
    now: datetime,
    why: str = "",
) -> None:
    """Close vacancies of which the notice is over: questions, matches and promises go along.

    `why` is a `NoticeEnd`; a file that closes a notice tells none. What was decided about a home
    that nobody came to live in since is promised no longer, and no longer counts as decided; it
    stays in the history.
    """
    lapsed = set()
    for vacancy in vacancies:
        release(vacancy, now)
        end_matches(vacancy, now=now, why=why)
        if vacancy.state != State.LET and _lapse(vacancy, now):
            lapsed.add(vacancy.complex_id)
        move(vacancy, Event.CLOSE, by=by, now=now, facts={"why": str(why)} if why else None)
    if lapsed:
        account_anew(owner=owner, complexes=sorted(lapsed), day=localdate(now), now=now)


def _lapse(vacancy: Vacancy, now: datetime) -> bool:
    """Let a decision lapse that nothing came of; whether there was one."""
    decided = vacancy.standing().filter(lapsed_at=None).first()
    if decided is None or _came_of(vacancy, decided):
        return False
    vacancy.standing().update(lapsed_at=now)
    rows = _promise(vacancy, decided).values_list("pk", flat=True)
    close(table=LETTINGS, owner=vacancy.owner, rows=rows, now=now)
    return True


def _promise(vacancy: Vacancy, decided: Decision) -> QuerySet[Letting]:
    """Return what the decision promised; a file can tell of a letting of another day beside it."""
    return current(LETTINGS, vacancy.owner, notice=vacancy.code, on=localdate(decided.at))


def _came_of(vacancy: Vacancy, decided: Decision) -> bool:
    """Whether the home was let after all: a lease of it began since, or a file told of it."""
    told = current(LETTINGS, vacancy.owner, notice=vacancy.code)
    if told.exclude(pk__in=_promise(vacancy, decided)).exists():
        return True
    notice = Notice.last_known(vacancy.owner_id, "code", [vacancy.code])[vacancy.code]
    return lease_since(notice) is not None


def lease_since(notice: Notice) -> Tenancy | None:
    """Return the first lease of the home that began on the day of its notice or later."""
    rows = Tenancy.objects.for_organisation(notice.owner_id).filter(
        dwelling=notice.dwelling, start__gte=notice.notice, replaced_at=None
    )
    return rows.order_by("start").first()
