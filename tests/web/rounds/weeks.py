"""Make week rounds, so that a test can speak of what happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.services import following
from mixwijzer.web.register.bridge import NOTICES, current
from mixwijzer.web.register.models import Notice
from mixwijzer.web.register.services import store
from mixwijzer.web.rounds import services
from mixwijzer.web.rounds.answer_steps import GO_ON_REASONS
from mixwijzer.web.rounds.models import RoundItem, WeekRound
from mixwijzer.web.rounds.selectors import WeekPage, week_page
from mixwijzer.web.rounds.transitions import WeekEvent
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key, the_vacancy

THIS = localdate(NOW).isocalendar()[:2]
HOMES = ("Vlierhof 3", "Vlierhof 24", "Molenhof 2")


def a_week(
    user: User, owner: Organisation, homes: Sequence[str] = HOMES, now: datetime = NOW
) -> WeekRound:
    """Let somebody make this week's round, and compute it."""
    row = services.make(
        user=user,
        owner=owner,
        week=THIS,
        vacancies=[the_vacancy(user, each).id for each in homes],
        key=a_key(),
        now=now,
    )
    return services.compute(user=user, week_round=row.public_id, now=now)


def a_week_on_the_table(cast: Cast, homes: Sequence[str] = HOMES) -> WeekRound:
    """Let Iris make it and Mo put it on the table."""
    row = a_week(cast.iris, cast.woonbelang, homes)
    return steps(cast.mo, row, WeekEvent.RELEASE)


def a_week_elsewhere(cast: Cast) -> WeekRound:
    """Let the other association have one."""
    return a_week(cast.olga, cast.elders, ["Eldershof 1"])


def steps(user: User, row: WeekRound, event: WeekEvent, now: datetime = NOW) -> WeekRound:
    """Take a round one step further."""
    return services.step(user=user, week_round=row.public_id, event=event, now=now)


def the_item(row: WeekRound, dwelling: str) -> RoundItem:
    """Return one home of a round."""
    rows = RoundItem.objects.for_organisation(row.owner_id).select_related("vacancy", "decision")
    return rows.get(week_round=row, vacancy__dwelling=dwelling)


def agrees(
    user: User, item: RoundItem, *, channel: str = "", reason: str = "", now: datetime = NOW
) -> RoundItem:
    """Agree with a home's way, or choose another; the reason fits unless one is named.

    Who was asked about it isn't waited for.
    """
    way = channel or item.channel
    page = the_page(user, now)
    line = next(each for each in page.items if each.id == item.public_id)
    fitting = "fits_view" if way == line.advised else "request_fits"
    return services.answer(
        user=user,
        item=item.public_id,
        channel=way,
        reason=reason or fitting,
        key=a_key(),
        now=now,
        without={
            each.id: GO_ON_REASONS[each.worth][0]
            for each in line.answers
            if each.worth in GO_ON_REASONS
        },
    )


def the_page(user: User, now: datetime = NOW) -> WeekPage:
    """Open this week's sheet."""
    return week_page(user, THIS, now=now)


def noticed(cast: Cast, code: str, **more: date) -> None:
    """Let a file say something else of a notice."""
    standing = current(NOTICES, cast.woonbelang, code=code)
    (before,) = NOTICES.read(standing)
    (row,) = standing
    store(
        table=NOTICES,
        owner=cast.woonbelang,
        values=[replace(before, recorded_at=NOW, **more)],
        now=NOW,
        extra=lambda _: {"complex_id": row.complex_id},
        standing=standing,
    )


def withdrawn(cast: Cast, code: str) -> None:
    """Let a file close a notice."""
    noticed(cast, code, closed_on=TODAY)
    letting.take_up(owner=cast.woonbelang, now=NOW)


def taken_back(cast: Cast, code: str) -> None:
    """Let a notice go as it does when the import that brought it is undone."""
    rows = Notice.objects.for_organisation(cast.woonbelang).filter(code=code, replaced_at=None)
    rows.update(replaced_at=NOW)
    following.follow(owner=cast.woonbelang, now=NOW, by=None)
