"""Which step of an agreement waits for this person?"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils.timezone import localdate

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.agreements import bridge
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.selectors.documents import agreed, deadline_of, party_of
from mixwijzer.web.agreements.transitions import OPEN, TRANSITIONS, Event, State

__all__ = ["CARRYING", "AgreementWork", "Next", "agreement_work", "next_step"]

CARRYING = frozenset(state for state, event in TRANSITIONS if event is Event.CARRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What an agreement waits for: bid, changes, answer, sign or carry; and of whom.

    `proposals` are what would go along, where that is what it waits for.
    """

    what: str
    action: Action
    parties: tuple[Organisation, ...]
    proposals: tuple[bridge.Proposal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementWork:
    """One agreement whose next step is this person's: bid, changes, answer, sign or carry."""

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
    rows = Agreement.objects.visible_to(user).select_related("owner", "municipality", "tenants")
    ordered, day = rows.order_by("owner", "start", "pk"), localdate(now)
    waiting = [
        *ordered.filter(state__in=OPEN),
        *_over(ordered.filter(owner__in=user.owners(Action.SIGN_AGREEMENTS)), day),
    ]
    found = [each for row in waiting for each in _work(user, row, day)]
    return tuple(sorted(found, key=lambda each: (each.due or date.max, each.title)))


def _over(rows: QuerySet[Agreement], day: date) -> Iterator[Agreement]:
    """Yield those of which a period is over and something may go along; rows by owner."""
    ended = rows.filter(state__in=CARRYING, start__lt=day)
    for owner, some in groupby(ended, key=lambda row: row.owner):
        with acting_for(owner):
            mine = list(some)
            left = bridge.lately_over(mine, day)
        yield from (each for each in mine if each.pk in left)


def _work(user: User, row: Agreement, day: date) -> Iterator[AgreementWork]:
    due = deadline_of(row, day) if row.state in OPEN else None
    with acting_for(row.owner):  # what was answered is in the rows of the association
        step = next_step(row, day)
    if step is None or party_of(user, row, step.action) not in step.parties:
        return
    if step.what != "bid" or (due and due.urgency):
        yield AgreementWork(
            id=row.public_id,
            title=row.title,
            association=row.owner.name,
            what=step.what,
            due=due.day if due else None,
            urgency=due.urgency if due else "",
        )


def next_step(row: Agreement, day: date) -> Next | None:
    """Return what an agreement waits for on a day; None where it waits for nobody any more."""
    if row.state in {State.DRAFT, State.TALKS}:
        what = "bid" if row.state == State.DRAFT else "changes"
        return Next(what=what, action=Action.WRITE_AGREEMENTS, parties=(row.owner,))
    if row.state in CARRYING:
        return _carrying(row, day)
    if row.state != State.BID:
        return None
    if silent := tuple(party for party, yes in agreed(row) if not yes):
        return Next(what="answer", action=Action.ANSWER_AGREEMENTS, parties=silent)
    return Next(what="sign", action=Action.SIGN_AGREEMENTS, parties=(row.owner,))


def _carrying(row: Agreement, day: date) -> Next | None:
    found = tuple(each for each in bridge.proposals(row, day) if each.into)
    if not found:
        return None
    action = Action.SIGN_AGREEMENTS
    return Next(what="carry", action=action, parties=(row.owner,), proposals=found)
