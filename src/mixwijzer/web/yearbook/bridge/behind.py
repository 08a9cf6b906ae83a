"""From lettings and notices to why promises are behind, and what a coming year may bring."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mixwijzer.engine import obligations
from mixwijzer.engine.obligations import Shortfall
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements.bridge import OBLIGATIONS, counted
from mixwijzer.web.register.bridge import LETTINGS, NOTICES, current

__all__ = ["MENU", "Explained", "Shortfall", "explained"]

MENU = (0.9, 0.5, 0.1)  # nearly always, as often as not, seldom


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a promise is behind, and how many a year brings at least with each chance of `MENU`."""

    why: Shortfall | None
    menu: tuple[int, ...] | None


def explained(owner: Organisation, codes: Collection[str], day: date) -> Mapping[str, Explained]:
    """Explain each promise of an association on a day, by its code; 8 queries."""
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
        each.obligation.id: Explained(
            why=obligations.behind(known, each, day),
            menu=obligations.reachable(
                obligations.pace(known, each.obligation, day), obligations.YEAR, MENU
            ),
        )
        for each in counted(owner, promises, day)
    }
