"""A week round on the table of the made-up town, so that somebody can go through it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.selectors import vacancy_page
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Notice
from mixwijzer.web.rounds import services
from mixwijzer.web.rounds.models import RoundItem
from mixwijzer.web.rounds.selectors import week_page
from mixwijzer.web.rounds.transitions import WeekEvent

__all__ = ["lay_out"]

HOMES = 5  # those of Iris wait for her own view


def lay_out(owner: Organisation, people: Mapping[str, User], now: datetime) -> None:
    """Put a round on the table of homes that nobody had taken on, and some of Iris.

    Sem takes them on, but for one, and says how it is there. Iris sees the ways when she has said
    it too.
    """
    sem, mo, iris = (people[f"{name}@zilverlinde.example"] for name in ("sem", "mo", "iris"))
    rows = _soonest(owner, now)
    free = [each for each in rows if each.responsible_id is None][:-1][: HOMES - 1]
    hers = [each for each in rows if each.responsible_id == iris.pk][len(free) - HOMES :]
    if not free and not hers:
        return
    for home in free:
        letting.hand_over(user=mo, vacancy=home.public_id, to=sem.public_id, now=now)
        _say(sem, home, now)
    week = timezone.localdate(now).isocalendar()[:2]
    row = services.make(
        user=mo,
        owner=owner,
        week=week,
        vacancies=[each.public_id for each in (*free, *hers)],
        key=uuid.uuid4(),
        now=now,
    )
    services.compute(user=mo, week_round=row.public_id, now=now)
    services.step(user=mo, week_round=row.public_id, event=WeekEvent.RELEASE, now=now)
    _agree_about_one(mo, week, now)


def _soonest(owner: Organisation, now: datetime) -> list[Vacancy]:
    """Return the homes whose advertisement goes out first, from tomorrow on."""
    coming = Notice.objects.for_organisation(owner).filter(
        replaced_at=None, closed_on=None, publication__gt=timezone.localdate(now)
    )
    due = dict(coming.values_list("code", "publication"))
    rows = Vacancy.objects.for_organisation(owner).filter(state=State.NOTICED, code__in=due)
    return sorted(rows, key=lambda each: (due[each.code], each.code))


def _say(judge: User, home: Vacancy, now: datetime) -> None:
    """Give a view, unless another answer of the same place gave it already."""
    question = vacancy_page(judge, home.public_id, now=now).question
    if question is None:
        return

    def of(*shares: float) -> tuple[int, int, int]:
        low, best, high = (round(share * question.households) for share in shares)
        return low, best, high

    letting.answer(
        user=judge,
        vacancy=home.public_id,
        ranges={"attention": of(0.22, 0.28, 0.36), "carrier": of(0.1, 0.17, 0.25)},
        known="most",
        now=now,
    )


def _agree_about_one(head: User, week: tuple[int, int], now: datetime) -> None:
    page = week_page(head, week, now=now)
    first = next(
        (each for each in page.items if each.advised and each.told and not each.answers), None
    )
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
