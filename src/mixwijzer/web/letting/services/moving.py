"""Take a vacancy one step further: only as the table allows, with a line in its history."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import require
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.models import Question, Step, Vacancy
from mixwijzer.web.letting.refusals import NotNow
from mixwijzer.web.letting.selectors.lines import hidden_complexes
from mixwijzer.web.letting.services.calling import call_for_vacancy, call_for_view
from mixwijzer.web.letting.transitions import PERMISSION, Event, State
from mixwijzer.web.letting.transitions import after as follows
from mixwijzer.web.register.models import Complex

__all__ = ["Facts", "ask", "locked", "move", "open_question", "release"]

Facts = Mapping[str, str | int | bool | None]


def locked(user: Visitor, vacancy: uuid.UUID, event: Event) -> Vacancy:
    """Return a vacancy that this person may do this to, locked together with its complex.

    Locks are taken in one order: the association's trail, the vacancy, the complex. The trail comes
    first because bands of a neighbourhood are shared by complexes: decisions of one association
    come one after the other. A file that is being written refers to the complex without changing
    it, and doesn't stand in the way.
    """
    seen = Vacancy.objects.one(user, vacancy)
    require(user, PERMISSION[event], seen)
    audit.lock(seen.owner)
    row = Vacancy.objects.visible_to(user).select_for_update(of=("self",)).get(pk=seen.pk)
    complexes = Complex.objects.for_organisation(row.owner_id)
    complexes.select_for_update(no_key=True).get(pk=row.complex_id)
    return row


def move(
    vacancy: Vacancy,
    event: Event,
    *,
    by: User | None,
    now: datetime,
    facts: Facts | None = None,
    held: str = "",
) -> None:
    """Go to the state that follows this event, and write it down; `held` as in `transitions`."""
    before = State(vacancy.state)
    after = follows(before, event, held)
    if after is None:
        raise NotNow(state=before, event=event)
    Step(
        owner_id=vacancy.owner_id,
        vacancy=vacancy,
        at=now,
        by=by,
        event=event,
        before=before,
        after=after,
        facts=dict(facts or {}),
    ).save(force_insert=True)
    vacancy.state = after
    vacancy.version += 1
    vacancy.save(update_fields=["state", "version", "responsible"])
    call_for_vacancy(vacancy, event, by=by, now=now)


def open_question(user: Visitor, complex_id: int) -> bool:
    """Whether this person still has to say how it is in this complex."""
    hidden = hidden_complexes(user).get(complex_id)
    return hidden is not None and hidden.asked


def ask(vacancy: Vacancy, person: User, now: datetime, *, by: User | None) -> None:
    """Ask one person how it is there."""
    Question(
        owner_id=vacancy.owner_id,
        vacancy=vacancy,
        complex_id=vacancy.complex_id,
        asked=person,
        asked_at=now,
    ).save(force_insert=True)
    call_for_view(vacancy.owner_id, [vacancy], by=by, now=now)


def release(vacancy: Vacancy, now: datetime) -> None:
    """Take back every question about a vacancy that is still open."""
    Question.objects.for_organisation(vacancy.owner_id).filter(
        vacancy=vacancy, answered_at=None, released_at=None
    ).update(released_at=now)
