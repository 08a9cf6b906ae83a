"""A week round on the table of the made-up town, so that somebody can go through it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.refusals import NotNow
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Notice
from mixwijzer.web.rounds import services
from mixwijzer.web.rounds.models import RoundItem
from mixwijzer.web.rounds.selectors import week_page
from mixwijzer.web.rounds.transitions import WeekEvent

__all__ = ["lay_out"]

HOMES, VIEWS = 5, 4


def lay_out(owner: Organisation, people: Mapping[str, User], now: datetime) -> None:
    """Make this week's round of one consultant's vacancies; one still waits for his view."""
    sem, mo = people["sem@zilverlinde.example"], people["mo@zilverlinde.example"]
    homes = _soonest(owner, sem, now)
    if not homes:
        return
    for home in homes[:VIEWS]:
        home.refresh_from_db()
        if home.state == State.NOTICED:
            _say_the_same(sem, home, now)
    week = timezone.localdate(now).isocalendar()[:2]
    row = services.make(
        user=sem,
        owner=owner,
        week=week,
        vacancies=[each.public_id for each in homes],
        key=uuid.uuid4(),
        now=now,
    )
    services.compute(user=sem, week_round=row.public_id, now=now)
    services.step(user=mo, week_round=row.public_id, event=WeekEvent.RELEASE, now=now)
    _agree_about_one(mo, week, now)


def _soonest(owner: Organisation, consultant: User, now: datetime) -> list[Vacancy]:
    """Return the homes whose advertisement goes out first, from today on."""
    day = timezone.localdate(now)
    coming = Notice.objects.for_organisation(owner).filter(
        replaced_at=None, closed_on=None, publication__gt=day
    )
    due = dict(coming.values_list("code", "publication"))
    rows = Vacancy.objects.for_organisation(owner).filter(
        responsible=consultant, state=State.NOTICED, code__in=due
    )
    return sorted(rows, key=lambda each: (due[each.code], each.code))[:HOMES]


def _say_the_same(judge: User, home: Vacancy, now: datetime) -> None:
    try:
        letting.answer_unchanged(user=judge, vacancy=home.public_id, now=now)
    except NotNow:
        return  # never judged before: it waits for a view


def _agree_about_one(head: User, week: tuple[int, int], now: datetime) -> None:
    page = week_page(head, week, now=now)
    first = next((each for each in page.items if each.advised and each.told), None)
    if first is None or first.told is None or first.told["channel"] != first.advised:
        return
    item = RoundItem.objects.one(head, first.id)
    services.answer(
        user=head,
        item=item.public_id,
        channel=item.channel,
        reason="fits_view",
        key=uuid.uuid4(),
        now=now,
    )
