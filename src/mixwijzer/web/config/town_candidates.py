"""Let the made-up town have candidates of direct mediations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mixwijzer.exchange.synthetic import Town
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.services import Entered, enter

__all__ = ["lay_out"]

MANY = 16


def lay_out(
    owner: Organisation,
    town: Town,
    partners: Mapping[str, Organisation],
    now: datetime,
    *,
    place: int = 0,
) -> None:
    """Enter the candidates of one association; `partners` says who speaks for whom, by group."""
    for each in town.portfolio.candidates[MANY * place : MANY * (place + 1)]:
        entered = Entered(
            size=each.size,
            registered=each.registered,
            income_class=each.income_class,
            priority=each.priority,
            target_group=each.target_group,
            accessible_needed=each.accessible_needed,
            partner=partners.get(each.target_group or ""),
        )
        enter(user=None, owner=owner, entered=entered, now=now)
