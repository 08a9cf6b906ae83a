"""Take an agreement one step further: only as the table allows, with a line in its history."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.agreements.bridge import clauses_of
from mixwijzer.web.agreements.models import Agreement, AgreementStep
from mixwijzer.web.agreements.refusals import Changed, NotNow
from mixwijzer.web.agreements.selectors.documents import ending_in, party_of
from mixwijzer.web.agreements.services.calling import call_for_agreement
from mixwijzer.web.agreements.transitions import PERMISSION, TRANSITIONS, Event, State
from mixwijzer.web.audit import services as audit

__all__ = ["Going", "going", "known_ends", "stepped_by_itself"]

Facts = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, kw_only=True)
class Going:
    """An agreement that is locked by somebody who may take this step with it."""

    row: Agreement
    user: User
    party: Organisation
    event: Event
    now: datetime

    def to(self, *, text: str = "", facts: Facts | None = None) -> AgreementStep:
        """Go to the state that follows, write it down, and put it in the trail."""
        told = dict(facts or {})
        return _stepped(self.row, self.event, self.user, self.party, self.now, text, told)


@contextmanager
def going(
    user: Visitor, agreement: uuid.UUID, event: Event, revision: int, now: datetime
) -> Iterator[Going]:
    """Give an agreement locked for one step, in the rows of the association whose it is.

    A municipality takes its steps there too: what it read, and may answer, is the association's.

    Raises
    ------
    Missing
        No such agreement, or one that isn't shown to this person.
    PermissionDenied
        The matrix doesn't allow this person this step.
    NotNow, Changed
        It can't happen in its state, or somebody else was first.
    """
    person = somebody(user)
    seen = Agreement.objects.one(user, agreement)
    party = party_of(person, seen, PERMISSION[event])
    if party is None:
        raise PermissionDenied(PERMISSION[event].value)
    with acting_for(seen.owner), transaction.atomic():
        audit.lock(seen.owner)
        rows = Agreement.objects.for_organisation(seen.owner_id).select_for_update(of=("self",))
        row = rows.get(pk=seen.pk)
        row.owner = seen.owner
        if (State(row.state), event) not in TRANSITIONS:
            raise NotNow(state=row.state, event=event)
        if row.revision != revision:
            raise Changed(by=_last(row))
        yield Going(row=row, user=person, party=party, event=event, now=now)


def known_ends(row: Agreement, now: datetime) -> Facts:
    """Say for the history which norms were known then to end within what is agreed."""
    keys = ", ".join(each.key for each in ending_in(row, clauses_of(row), localdate(now)))
    return {"norms_ending": keys} if keys else {}


def stepped_by_itself(row: Agreement, event: Event, now: datetime, facts: Facts) -> None:
    """Let something happen that nobody does to it: it is replaced, or its period ends."""
    _stepped(row, event, None, None, now, "", dict(facts))


def _stepped(
    row: Agreement,
    event: Event,
    by: User | None,
    party: Organisation | None,
    now: datetime,
    text: str,
    facts: dict[str, str | int | bool | None],
) -> AgreementStep:
    before = State(row.state)
    step = AgreementStep(
        owner_id=row.owner_id,
        agreement=row,
        at=now,
        by=by,
        party=party,
        event=event,
        before=before,
        after=TRANSITIONS[before, event],
        text=text,
        facts=facts,
    )
    step.save(force_insert=True)
    row.state = step.after
    row.revision += 1
    row.save()
    audit.record(
        organisation=row.owner,
        action=f"agreements.{event}",
        actor=by,
        subject=row.public_id,
        facts={"agreement": row.code, **facts},
        at=now,
    )
    call_for_agreement(row, event, by=by, now=now)
    return step


def _last(row: Agreement) -> str:
    step = (
        AgreementStep.objects.for_organisation(row.owner_id)
        .filter(agreement=row)
        .select_related("by")
        .order_by("-pk")
        .first()
    )
    return step.by.name if step and step.by else ""
