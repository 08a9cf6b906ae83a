"""Whom does the new state of an agreement call, who may be told of it by mail?

The same people for whom it stands under *Waits for me* on the page of today. A period that is over
calls too, by the night, as no step of anybody comes before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils.timezone import localdate, make_aware

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.selectors import holders
from mixwijzer.web.agreements import bridge
from mixwijzer.web.agreements.content import Term
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.selectors.waiting import CARRYING, next_step
from mixwijzer.web.agreements.transitions import Event
from mixwijzer.web.mail.models import Kind
from mixwijzer.web.mail.services import call

__all__ = ["call_for_agreement", "call_for_carrying"]

CALLING = {Event.BRING_OUT: "answer", Event.ASK_CHANGES: "changes", Event.AGREE: "sign"}
"""What somebody is called for after something happened."""


def call_for_agreement(row: Agreement, event: Event, *, by: User | None, now: datetime) -> None:
    """Tell whom an agreement waits for after a step; nobody where it waits for none."""
    people = {row.public_id: tuple(_people(row, event, localdate(now)))}
    call(owner=row.owner_id, kind=Kind.AGREEMENT, people=people, by=by, now=now)


def _people(row: Agreement, event: Event, day: date) -> Iterable[User]:
    step = next_step(row, day)
    if step is None or CALLING.get(event) != step.what:  # whom it waits for heard it before
        return
    for party in step.parties:
        yield from holders(party.pk, step.action)


def call_for_carrying(*, owner: Organisation, now: datetime) -> int:
    """Tell whom a period that is over waits for; return how many were told.

    Once, and again where what was confirmed is counted otherwise since, or when a month is over and
    it still waits: mail remembers no longer whom it called.
    """
    day = localdate(now)
    rows = Agreement.objects.for_organisation(owner).filter(state__in=CARRYING, start__lt=day)
    agreements = list(rows.select_related("owner", "municipality", "tenants"))
    told = 0
    for key, periods in bridge.lately_over(agreements, day).items():
        row = next(each for each in agreements if each.pk == key)
        if step := next_step(row, day):
            people = [each for party in step.parties for each in holders(party.pk, step.action)]
            told += call(
                owner=owner.pk,
                kind=Kind.AGREEMENT,
                people={row.public_id: people},
                by=None,
                now=now,
                since=_waits_since(periods, step.proposals),
            )
    return told


def _waits_since(periods: Iterable[Term], proposals: Iterable[bridge.Proposal]) -> datetime:
    """Return when the last period ended, or what is counted otherwise was last confirmed."""
    ended = make_aware(datetime.combine(max(each.end for each in periods), time()))
    differing = [each.before[-1].at for each in proposals if each.before]
    return max([ended, *differing])
