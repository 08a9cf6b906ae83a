"""Which requests found room nowhere, and why? The engine is asked, not only the calendar."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, Visitor
from mixwijzer.web.accounts.permissions import may, somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.desk import bridge
from mixwijzer.web.desk.selectors.where import Asked, OpenNow, Search
from mixwijzer.web.letting.models import PlaceRequest
from mixwijzer.web.letting.selectors import RequestLine, open_requests

__all__ = ["RequestRow", "Requests", "one_request", "requests"]

SHOWN = 25  # requests that one page weighs; the longest waiting come first


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One open request and what there is for it now; `late` when the norm has passed."""

    line: RequestLine
    now: OpenNow
    late: bool

    @property
    def nowhere(self) -> bool:
        """Whether it belongs to the requests without a place."""
        return self.late or not self.now.room


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """The open requests that this reader may see whole, the longest waiting first."""

    rows: tuple[RequestRow, ...]
    further: int
    weeks: int
    sees_all: bool


def requests(user: Visitor, *, now: datetime) -> Requests:
    """Weigh the longest waiting requests; equal questions are looked up once."""
    person, day = somebody(user), localdate(now)
    lines = [
        each
        for each in open_requests(person, day)
        if each.owner in person.owners(Action.SEE_ADVICE)
    ]
    shown = lines[:SHOWN]
    owners = Organisation.objects.in_bulk({each.owner for each in shown})
    searches = {pk: Search(person, owner, day) for pk, owner in owners.items()}
    questions = {(each.owner, _asked(each)) for each in shown}
    found = {(pk, asked): searches[pk].now(asked) for pk, asked in questions}
    weeks = bridge.wait_weeks(day)
    return Requests(
        rows=tuple(
            RequestRow(line=each, now=found[each.owner, _asked(each)], late=each.weeks >= weeks)
            for each in shown
        ),
        further=len(lines) - len(shown),
        weeks=weeks,
        sees_all=may(person, Action.SEE_REQUESTS),
    )


def _asked(line: RequestLine) -> Asked:
    return Asked(
        rooms=line.rooms, most_rooms=line.most_rooms, level=line.level, category=line.category
    )


def one_request(user: Visitor, request: uuid.UUID) -> PlaceRequest:
    """Return one request that this person may see whole.

    Raises
    ------
    Missing
        No such request, or another's.
    """
    row = PlaceRequest.objects.visible_to(user).filter(public_id=request, replaced_at=None).first()
    if row is None:
        raise Missing
    return row
