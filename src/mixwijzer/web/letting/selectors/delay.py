"""How long did a vacancy take, and how many days of that did the mix check cost?"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Visitor
from mixwijzer.web.letting.match_steps import MatchState
from mixwijzer.web.letting.models import Decision, Match, Vacancy
from mixwijzer.web.letting.reasons import NOBODY_CAME
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Notice

__all__ = ["Delay", "days_lost", "delay_of", "first_decided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long each stretch took [days], and what the mix check cost; None: not there yet.

    `cost` is 0 as long as the decision came before the advert.
    """

    noticed: date
    decided: date | None
    published: date | None
    contract: date | None
    cost: int


def delay_of(user: Visitor, vacancy: uuid.UUID, *, day: date) -> Delay:
    """Return how long a vacancy took so far, and how many vacancy days the mix check cost."""
    row = Vacancy.objects.one(user, vacancy)
    notice = Notice.last_known(row.owner_id, "code", [row.code])[row.code]
    decision = row.standing().first()
    decided = localdate(decision.at) if decision else None
    first = first_decided(user, [row.pk]).get(row.pk)  # that nobody came is no delay of the check
    let = Match.objects.for_organisation(row.owner_id).filter(vacancy=row, state=MatchState.LET)
    until = decided or (day if row.state != State.CLOSED else None)
    return Delay(
        noticed=notice.notice,
        decided=decided,
        published=notice.publication,
        contract=let.values_list("contract_on", flat=True).first(),
        cost=days_lost(first or until, notice.publication),
    )


def first_decided(user: Visitor, vacancies: Collection[int]) -> Mapping[int, date]:
    """Return when it was first decided about vacancies of which the way was chosen anew since."""
    found: dict[int, date] = {}
    rows = Decision.objects.visible_to(user).filter(
        vacancy__in=vacancies, withdrawal__reason__in=NOBODY_CAME
    )
    for each in rows.order_by("-at"):
        found[each.vacancy_id] = localdate(each.at)
    return found


def days_lost(decided: date | None, published: date | None) -> int:
    """Return the vacancy days that the mix check cost [days]: those of a decision after the advert.

    0 while one of the two isn't known.
    """
    return max((decided - published).days, 0) if decided and published else 0
