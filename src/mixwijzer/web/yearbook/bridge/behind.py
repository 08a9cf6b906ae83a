"""From lettings and notices to why promises are behind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from mixwijzer.engine import obligations
from mixwijzer.engine.obligations import Shortfall
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements.bridge import OBLIGATIONS, counted
from mixwijzer.web.register.bridge import LETTINGS, NOTICES, current

__all__ = ["Shortfall", "why_behind"]


def why_behind(
    owner: Organisation, codes: Collection[str], day: date
) -> Mapping[str, Shortfall | None]:
    """Say of each promise of an association why it is behind on a day, by its code; 8 queries."""
    promises = OBLIGATIONS.read(current(OBLIGATIONS, owner, code__in=codes))
    if not promises:
        return {}
    since = min(each.start for each in promises) - timedelta(days=obligations.YEAR)
    lettings, notices = current(LETTINGS, owner), current(NOTICES, owner)
    known = Portfolio(
        lettings=LETTINGS.read(lettings.filter(on__gt=since))
        + LETTINGS.read(lettings.filter(on__lte=since).order_by("on")[:1]),
        vacancies=NOTICES.read(notices.filter(notice__gt=since))
        + NOTICES.read(notices.filter(notice__lte=since).order_by("notice")[:1]),
    )
    return {
        each.obligation.id: obligations.behind(known, each, day)
        for each in counted(owner, promises, day)
    }
