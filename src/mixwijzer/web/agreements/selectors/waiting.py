"""Which step of an agreement waits for this person?"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.selectors.documents import Deadline, agreed, deadline_of, party_of
from mixwijzer.web.agreements.transitions import OPEN, State

__all__ = ["AgreementWork", "agreement_work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementWork:
    """One agreement whose next step is this person's: bid, changes, answer or sign."""

    id: uuid.UUID
    title: str
    association: str
    what: str
    due: date | None
    urgency: str


def agreement_work(user: User, *, now: datetime) -> tuple[AgreementWork, ...]:
    """Return the agreements that wait for somebody, the first due first.

    A draft waits only when the day of its bid is near: until then nobody keeps anybody waiting.
    """
    if not any(user.owners(each) for each in (Action.WRITE_AGREEMENTS, Action.ANSWER_AGREEMENTS)):
        return ()
    rows = Agreement.objects.visible_to(user).filter(state__in=OPEN)
    related = rows.select_related("owner", "municipality", "tenants").order_by("start", "pk")
    found = [each for row in related for each in _work(user, row, localdate(now))]
    return tuple(sorted(found, key=lambda each: each.due or date.max))


def _work(user: User, row: Agreement, day: date) -> Iterator[AgreementWork]:
    due = deadline_of(row, day)
    with acting_for(row.owner):  # what was answered is in the rows of the association
        what = _what(user, row, due)
    if what:
        yield AgreementWork(
            id=row.public_id,
            title=row.title,
            association=row.owner.name,
            what=what,
            due=due.day if due else None,
            urgency=due.urgency if due else "",
        )


def _what(user: User, row: Agreement, due: Deadline | None) -> str:
    writes = party_of(user, row, Action.WRITE_AGREEMENTS)
    if row.state == State.DRAFT:
        return "bid" if writes and due and due.urgency else ""
    if row.state == State.TALKS:
        return "changes" if writes else ""
    silent = [party for party, yes in agreed(row) if not yes]
    if party_of(user, row, Action.ANSWER_AGREEMENTS) in silent:
        return "answer"
    return "sign" if not silent and party_of(user, row, Action.SIGN_AGREEMENTS) else ""
