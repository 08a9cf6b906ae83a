"""Coming in by a link that works once: an invitation, or a new password."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts import selectors
from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Membership, Missing, OneTimeLink, User
from mixwijzer.web.accounts.permissions import Action, require
from mixwijzer.web.accounts.refusals import Refused
from mixwijzer.web.accounts.services.founding import forget
from mixwijzer.web.accounts.services.sessions import end_all
from mixwijzer.web.accounts.telling import tell

__all__ = ["accept", "choose_password", "revoke"]


@transaction.atomic
def accept(*, link: OneTimeLink, user: User | None, password: str | None, now: datetime) -> User:
    """Take up an invitation: as who is logged in already, or as a new person."""
    with acting_for(link.owner_id):
        row = _open(link, now)
        person = user or _new(row, password)
        if person.email != row.email:
            raise Refused(_("This invitation is for another e-mail address."))
        Membership.objects.get_or_create(
            user=person,
            organisation=row.organisation,
            role=row.role,
            end=row.end,
            defaults={
                "start": timezone.localdate(now),
                "waits": person.pk == row.made_by_id,
                "given_by": row.made_by,
            },
        )
        forget(person)
        _used(row, person, "invitation_accepted", now)
    return person


@transaction.atomic
def choose_password(*, link: OneTimeLink, password: str, now: datetime) -> User:
    """Give somebody the new password; every log-in of his ends."""
    with acting_for(link.owner_id):
        row = _open(link, now)
        if row.user is None:
            raise Missing
        row.user.set_password(password)
        row.user.save(update_fields=["password"])
        if row.second_factor_too:
            selectors.second_factors(row.user).delete()
        end_all(row.user)
        _used(row, row.user, "password_chosen", now)
    return row.user


@transaction.atomic
def revoke(*, user: User, link: uuid.UUID, now: datetime) -> OneTimeLink:
    """Let a link open nothing any more."""
    row = OneTimeLink.objects.one(user, link)
    require(user, Action.MANAGE_PEOPLE, row)
    if not row.open_at(now):
        raise Refused(_("This link was used or ended already."))
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    tell(
        organisation=row.owner,
        action="link_ended",
        actor=user,
        subject=row.public_id,
        facts={"purpose": row.purpose},
        at=now,
    )
    return row


def _open(link: OneTimeLink, now: datetime) -> OneTimeLink:
    """Lock the link: of two who use it at once the second finds it used."""
    rows = OneTimeLink.objects.for_organisation(link.owner_id).select_related(
        "owner", "organisation"
    )
    row = rows.select_for_update(of=("self",)).get(pk=link.pk)
    if not row.open_at(now):
        raise Refused(_("This link was used or ended already. Ask for a new one."))
    return row


def _new(row: OneTimeLink, password: str | None) -> User:
    if User.objects.filter(email=row.email).exists():
        raise Refused(
            _("You have an account here already. Log in first, then open the link again.")
        )
    return User.objects.create_user(row.email, row.name, password)


def _used(row: OneTimeLink, person: User, action: str, now: datetime) -> None:
    row.used_at, row.user = now, person
    row.save(update_fields=["used_at", "user"])
    facts = {"role": row.role, "where": row.organisation.code}
    tell(
        organisation=row.owner,
        action=action,
        actor=person,
        subject=person.public_id,
        facts=facts,
        at=now,
    )
