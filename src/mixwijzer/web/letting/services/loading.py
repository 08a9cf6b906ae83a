"""Bring in a whole portfolio: homes, profiles, promises, requests, and the work on open notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.accounts.models import Membership, Organisation, User
from mixwijzer.web.agreements import services as agreements
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.services.noticing import take_up
from mixwijzer.web.profiles import services as profiles
from mixwijzer.web.register import services as register
from mixwijzer.web.register.models import Judgement, Undertaking
from mixwijzer.web.register.services import Loaded

__all__ = ["load_portfolio"]


@transaction.atomic
def load_portfolio(
    *,
    portfolio: Portfolio,
    owner: Organisation,
    actor: User | None,
    now: datetime,
    judges: Mapping[str, User] | None = None,
    partners: Mapping[str, Organisation] | None = None,
    counterparties: Mapping[str, Organisation] | None = None,
) -> Loaded:
    """Store everything a portfolio says of one organisation, in one transaction.

    Without channels of its own it gets those of the norms; each that steers stays closed until
    the organisation names its ground.

    Parameters
    ----------
    judges
        Persons behind the names of judges; who judged a complex last, per role, has it.
    partners
        Organisations behind the names of partners in place requests.
    counterparties
        With whom an obligation was agreed, by group.
    """
    if not portfolio.channels:
        portfolio = replace(portfolio, channels=bridge.shipped_channels(localdate(now)))
    homes = register.load(portfolio=portfolio, owner=owner, actor=actor, now=now, judges=judges)
    rules = profiles.load(portfolio=portfolio, owner=owner, now=now)
    promises = agreements.load(
        portfolio=portfolio, owner=owner, now=now, counterparties=counterparties
    )
    asked = _requests(portfolio, owner, now, partners or {})
    _undertakings(owner, judges or {})
    take_up(owner=owner, now=now, by=actor)
    done = (homes, rules, promises, asked)
    return Loaded(
        added=sum(each.added for each in done),
        changed=sum(each.changed for each in done),
        dropped=homes.dropped,
        findings=homes.findings,
    )


def _requests(
    portfolio: Portfolio, owner: Organisation, now: datetime, partners: Mapping[str, Organisation]
) -> Loaded:
    return register.store(
        table=bridge.REQUESTS,
        owner=owner,
        values=portfolio.place_requests,
        now=now,
        extra=lambda row: {
            "partner_organisation_id": partners[row.partner].pk
            if row.partner in partners
            else None,
            "consultant_id": None,
        },
    )


def _undertakings(owner: Organisation, judges: Mapping[str, User]) -> None:
    """Give each complex to the consultant and the manager who judged it last."""
    roles = dict(
        Membership.now()
        .filter(
            organisation=owner,
            user__in={person.pk for person in judges.values()},
            role__in=Undertaking.ROLES,
        )
        .values_list("user_id", "role")
    )
    people = {person.pk: person for person in judges.values()}
    last: dict[tuple[int, str], int] = {}
    told = (
        Judgement.objects.for_organisation(owner)
        .filter(judge__in=list(roles), complex__isnull=False)
        .order_by("on", "pk")
        .values_list("complex_id", "judge_id")
        .distinct()
    )
    for complex_id, judge in told:
        if complex_id and judge:
            last[complex_id, roles[judge]] = judge
    register.undertake_all(owner=owner, whose={key: people[judge] for key, judge in last.items()})
