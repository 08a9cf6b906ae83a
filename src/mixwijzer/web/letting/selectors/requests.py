"""Questions for a place: what is asked, for how long, by whom; never a person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Action, OrganisationKind
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.models import PlaceRequest

__all__ = ["Partner", "RequestLine", "open_requests", "partner_of", "partners"]

MOST_ROOMS = 5  # a larger household is helped by five rooms or more [rooms]
WITHOUT_STAIRS = frozenset({"ground_floor", "with_lift"})  # kinds of place as the files name them


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An organisation on whose behalf a place is asked for."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A question for a place: a number, what is needed, for how long; never a person.

    `rooms` up to `most_rooms` is what was asked for; a request from a file names persons only, and
    then stands for a room each and at most one more. `category` is the kind of neighbour that is
    reckoned with: what was asked, else some extra attention.
    """

    id: uuid.UUID
    number: str
    size: int
    kind: str
    group: str
    partner: str
    asked_on: date
    weeks: int
    association: str
    owner: int
    rooms: int
    most_rooms: int
    level: bool
    category: str
    mine: bool


def open_requests(user: User, day: date) -> tuple[RequestLine, ...]:
    """Return the open requests that this person may see whole, longest waiting first."""
    rows = (
        PlaceRequest.objects.visible_to(user)
        .filter(replaced_at=None, closed_on=None, asked_on__lte=day)
        .select_related("owner", "partner_organisation")
        .order_by("asked_on", "number")
    )
    return tuple(_line(row, user, day) for row in rows)


def _line(row: PlaceRequest, user: User, day: date) -> RequestLine:
    rooms = row.rooms or min(max(row.size, 1), MOST_ROOMS)
    known = bridge.asked_categories(day)
    partner = row.partner_organisation
    return RequestLine(
        id=row.public_id,
        number=row.number,
        size=row.size,
        kind=row.kind,
        group=row.group or "",
        partner=partner.name if partner else row.partner or "",
        asked_on=row.asked_on,
        weeks=(day - row.asked_on).days // 7,
        association=row.owner.name,
        owner=row.owner_id,
        rooms=rooms,
        most_rooms=rooms if row.rooms else rooms + 1,
        level=row.level or row.kind in WITHOUT_STAIRS,
        category=row.kind if row.kind in known else "attention",
        mine=row.consultant_id == user.pk,
    )


def partners(user: User) -> tuple[Partner, ...]:
    """Return the organisations that a consultant may ask on behalf of, by name."""
    if not user.owners(Action.DECIDE):
        return ()
    kinds = (OrganisationKind.CARE_PARTNER, OrganisationKind.MUNICIPALITY)
    rows = Organisation.objects.filter(kind__in=kinds).order_by("name", "pk")
    return tuple(Partner(id=row.public_id, name=row.name) for row in rows)


def partner_of(public_id: uuid.UUID | str | None) -> Organisation | None:
    """Return the organisation on whose behalf something is asked; None for who asks himself."""
    return Organisation.objects.filter(public_id=public_id).first() if public_id else None
