"""Makes organisations, people and roles at once: for an empty installation and for tests."""

from __future__ import annotations

from django.db import transaction

from mixwijzer.web.accounts.models import Membership, Organisation, User
from mixwijzer.web.accounts.roles import OrganisationKind, Role

__all__ = ["forget", "found", "join"]


def found(
    *,
    code: str,
    name: str,
    kind: OrganisationKind,
    speaks_for: Organisation | None = None,
    kept_by: Organisation | None = None,
) -> Organisation:
    """Return the organisation with this code; it is made when it isn't there yet."""
    made, _ = Organisation.objects.get_or_create(
        code=code,
        defaults={"name": name, "kind": kind, "speaks_for": speaks_for, "kept_by": kept_by},
    )
    return made


def forget(user: User) -> None:
    """Let a person who is at hand ask the database again which roles he has."""
    for name in ("memberships_now", "standing", "reach", "roles"):
        user.__dict__.pop(name, None)


@transaction.atomic
def join(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    role: Role,
    password: str | None = None,
) -> User:
    """Give a person a role in an organisation; the person is made when he isn't there yet."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, name, password)
    Membership.objects.get_or_create(user=user, organisation=organisation, role=role, end=None)
    forget(user)
    return user
