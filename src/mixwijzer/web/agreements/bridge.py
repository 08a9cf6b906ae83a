"""From rows of obligations to the engine's, and what is counted of them."""

from __future__ import annotations

from datetime import date, timedelta

from mixwijzer.engine import obligations
from mixwijzer.engine import portfolio as engine
from mixwijzer.engine.obligations import Expectation, ObligationCount
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements import models
from mixwijzer.web.register.bridge import LETTINGS, NOTICES, TENANCIES, Table, current, plain

__all__ = ["OBLIGATIONS", "Expectation", "ObligationCount", "counted", "expected"]

OBLIGATIONS = Table(
    name="obligations",
    model=models.Obligation,
    value=engine.Obligation,
    key=("code",),
    parts={"id": plain("code"), "owner": plain("promised_by")},
)


def counted(
    owner: Organisation, promises: tuple[engine.Obligation, ...], day: date
) -> tuple[ObligationCount, ...]:
    """Count what was promised on a day, from the lettings of its groups; three queries."""
    if not promises:
        return ()
    first = min(each.start for each in promises)
    groups = {each.group for each in promises}
    lettings = LETTINGS.read(current(LETTINGS, owner, group__in=groups, on__gte=first))
    notices = NOTICES.read(current(NOTICES, owner, code__in=[each.vacancy for each in lettings]))
    leases = TENANCIES.read(
        current(
            TENANCIES, owner, dwelling__in=[each.dwelling for each in notices], start__gte=first
        )
    )
    known = Portfolio(obligations=promises, lettings=lettings, vacancies=notices, tenancies=leases)
    return obligations.count(known, day)


def expected(
    owner: Organisation, counts: tuple[ObligationCount, ...], day: date
) -> tuple[Expectation | None, ...]:
    """Say what the rest of each period will bring, from a year of lettings and notices; 4 queries.

    Of what is older only the first row is read, since it tells how far back the register goes.
    """
    since = day - timedelta(days=obligations.YEAR)
    lettings, notices = current(LETTINGS, owner), current(NOTICES, owner)
    before = Portfolio(
        lettings=LETTINGS.read(lettings.filter(on__gt=since))
        + LETTINGS.read(lettings.filter(on__lte=since).order_by("on")[:1]),
        vacancies=NOTICES.read(notices.filter(notice__gt=since))
        + NOTICES.read(notices.filter(notice__lte=since).order_by("notice")[:1]),
    )
    return tuple(
        obligations.expect(each, obligations.pace(before, each.obligation, day), day)
        for each in counts
    )
