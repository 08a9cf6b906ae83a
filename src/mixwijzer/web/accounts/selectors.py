"""Who are the people of this organisation, and who can be chosen in the demo?"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from mixwijzer.web.accounts.models import Membership, Organisation, User
from mixwijzer.web.accounts.roles import OrganisationKind, Role

__all__ = [
    "DemoPerson",
    "PersonLine",
    "anybody",
    "associations",
    "demo_people",
    "demo_person",
    "levels",
    "members",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A colleague, as named on a page."""

    id: uuid.UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody to be with one click; `first` is where a newcomer begins."""

    id: uuid.UUID
    name: str
    role: str
    role_code: str
    organisation: str
    first: bool


def members(owner_id: int, roles: frozenset[Role]) -> tuple[PersonLine, ...]:
    """Return the active people of an organisation with one of these roles, by name."""
    rows = (
        Membership.objects.filter(organisation_id=owner_id, role__in=roles, user__is_active=True)
        .select_related("user")
        .order_by("user__name", "role")
    )
    return tuple(
        PersonLine(id=row.user.public_id, name=row.user.name, role=str(Role(row.role).label))
        for row in rows
    )


def demo_people() -> tuple[DemoPerson, ...]:
    """Return every person of the demo, one line per role, in the order of the roles."""
    order = {role: place for place, role in enumerate(Role)}
    rows = Membership.objects.filter(user__is_active=True).select_related("user", "organisation")
    known = sorted(rows, key=lambda row: (order[Role(row.role)], row.pk))
    return tuple(
        DemoPerson(
            id=row.user.public_id,
            name=row.user.name,
            role=str(Role(row.role).label),
            role_code=row.role,
            organisation=row.organisation.name,
            first=place == 0,
        )
        for place, row in enumerate(known)
    )


def associations() -> tuple[Organisation, ...]:
    """Return every association, by code; for commands that look after the whole installation."""
    return tuple(Organisation.objects.filter(kind=OrganisationKind.ASSOCIATION).order_by("code"))


def anybody() -> bool:
    """Whether somebody works here yet."""
    return User.objects.exists()


def demo_person(public_id: uuid.UUID) -> User | None:
    """Return the person behind a button of the demo page."""
    return User.objects.filter(public_id=public_id, is_active=True).first()


def levels(user: User) -> frozenset[str]:
    """Return the registration levels of the organisations this person works for or speaks to."""
    about = {owner for owner, _ in user.standing}
    rows = Organisation.objects.filter(pk__in=about)
    return frozenset(rows.values_list("level", flat=True))
