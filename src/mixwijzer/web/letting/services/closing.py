"""The work on a vacancy is over: what is still open about it goes along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting.models import Decision, Vacancy
from mixwijzer.web.letting.services.moving import Facts, move, release
from mixwijzer.web.letting.services.stepping import end_matches
from mixwijzer.web.letting.transitions import Event, State
from mixwijzer.web.register.bridge import LETTINGS, current
from mixwijzer.web.register.models import Letting, Notice, Tenancy
from mixwijzer.web.register.services import account_anew, close

__all__ = ["close_work", "lease_since"]


def close_work(
    vacancies: Iterable[Vacancy],
    *,
    owner: Organisation,
    by: User | None,
    now: datetime,
    facts: Facts | None = None,
) -> None:
    """Close vacancies of which the notice is over: questions, matches and promises go along.

    What was decided about a home that nobody came to live in since is promised no longer, and no
    longer counts as decided; it stays in the history.
    """
    lapsed = set()
    for vacancy in vacancies:
        release(vacancy, now)
        end_matches(vacancy, now=now)
        if vacancy.state != State.LET and _lapse(vacancy, now):
            lapsed.add(vacancy.complex_id)
        move(vacancy, Event.CLOSE, by=by, now=now, facts=facts)
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
