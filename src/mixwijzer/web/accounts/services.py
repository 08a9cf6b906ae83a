"""Makes organisations, people and roles."""

from __future__ import annotations

from django.db import transaction

from mixwijzer.web.accounts.models import Membership, Organisation, User
from mixwijzer.web.accounts.roles import OrganisationKind, Role

__all__ = ["found", "join"]


def found(
    *, code: str, name: str, kind: OrganisationKind, speaks_for: Organisation | None = None
) -> Organisation:
    """Return the organisation with this code; it is made when it isn't there yet."""
    made, _ = Organisation.objects.get_or_create(
        code=code, defaults={"name": name, "kind": kind, "speaks_for": speaks_for}
    )
    return made


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
    Membership.objects.get_or_create(user=user, organisation=organisation, role=role)
    user.__dict__.pop("standing", None)  # what was remembered of his roles no longer holds
    user.__dict__.pop("roles", None)
    return user
