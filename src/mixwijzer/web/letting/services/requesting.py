"""Ask for a place by hand, and close the request when it is answered; there is no person in it."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.engine.portfolio import PlaceRequest as EngineRequest
from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import require, somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.bridge import REQUESTS
from mixwijzer.web.letting.models import PlaceRequest
from mixwijzer.web.letting.reasons import RequestOutcome
from mixwijzer.web.letting.selectors.requests import partner_of
from mixwijzer.web.register.bridge import current
from mixwijzer.web.register.services import store

__all__ = ["close_request", "request_place"]


@transaction.atomic
def request_place(
    *,
    user: Visitor,
    owner: Organisation,
    persons: int,
    rooms: int,
    level: bool,
    category: str,
    partner: uuid.UUID | None,
    now: datetime,
) -> str:
    """Keep a question for a place and return its number; whoever asks is its consultant."""
    require(user, Action.DECIDE, owner)
    audit.lock(owner)
    on_behalf = partner_of(partner)
    number = _next_number(owner, now)
    value = EngineRequest(
        number=number,
        size=persons,
        kind=category,
        partner=on_behalf.code if on_behalf else None,
        asked_on=localdate(now),
        recorded_at=now,
    )
    extra = {
        "partner_organisation_id": on_behalf.pk if on_behalf else None,
        "consultant_id": somebody(user).pk,
        "rooms": rooms,
        "level": level,
    }
    _stored(owner, value, extra, now)
    row = current(REQUESTS, owner, number=number).get()
    _told(owner, "letting.request", user, row, {"number": number}, now)
    return number


@transaction.atomic
def close_request(
    *, user: Visitor, request: uuid.UUID, outcome: RequestOutcome, now: datetime
) -> str:
    """Close a request with how it ended, and return its number; closed once, it stays so.

    Raises
    ------
    Missing
        No such request, or one that this person may not see whole.
    """
    row = (
        PlaceRequest.objects.visible_to(user)
        .filter(public_id=request, replaced_at=None)
        .select_related("owner")
        .first()
    )
    if row is None:
        raise Missing
    require(user, Action.DECIDE, row)
    audit.lock(row.owner)
    row.refresh_from_db()
    if row.closed_on is None and row.replaced_at is None:
        _closed(row, outcome, now)
        _told(row.owner, "letting.request_closed", user, row, {"outcome": outcome.value}, now)
    return row.number


def _closed(row: PlaceRequest, outcome: RequestOutcome, now: datetime) -> None:
    (value,) = REQUESTS.read(current(REQUESTS, row.owner, number=row.number))
    ended = replace(value, outcome=outcome.value, closed_on=localdate(now))
    extra = {
        "partner_organisation_id": row.partner_organisation_id,
        "consultant_id": row.consultant_id,
        "rooms": row.rooms,
        "level": row.level,
    }
    _stored(row.owner, ended, extra, now)


def _stored(
    owner: Organisation, value: EngineRequest, extra: dict[str, int | bool | None], now: datetime
) -> None:
    store(
        table=REQUESTS,
        owner=owner,
        values=[value],
        now=now,
        extra=lambda _: extra,
        standing=current(REQUESTS, owner, number=value.number),
    )


def _next_number(owner: Organisation, now: datetime) -> str:
    """Return the first number of this year that is still free: 26-071."""
    year = f"{localdate(now):%y}"
    held = PlaceRequest.objects.for_organisation(owner).filter(number__startswith=f"{year}-")
    told = (
        re.fullmatch(rf"{year}-(\d+)", number) for number in held.values_list("number", flat=True)
    )
    last = max((int(each[1]) for each in told if each), default=0)
    return f"{year}-{last + 1:03d}"


def _told(
    owner: Organisation,
    action: str,
    user: Visitor,
    row: PlaceRequest,
    facts: dict[str, str],
    now: datetime,
) -> None:
    actor: User = somebody(user)
    audit.record(
        organisation=owner,
        action=action,
        actor=actor,
        subject=row.public_id,
        facts=facts,
        at=now,
    )
