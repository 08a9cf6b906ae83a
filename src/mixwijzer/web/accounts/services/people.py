"""Who works here, in which role, from when and until when?

An administrator looks after the people of the own association, of the tenants' organisation that
speaks to it, and of the organisations it keeps in this installation. A role that somebody gives
himself waits for a second person.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts import selectors
from mixwijzer.web.accounts.models import Membership, Missing, OneTimeLink, Organisation, User
from mixwijzer.web.accounts.permissions import may, require
from mixwijzer.web.accounts.refusals import Refused
from mixwijzer.web.accounts.roles import ROLES_OF, Action, OrganisationKind, Role
from mixwijzer.web.accounts.telling import tell

__all__ = [
    "confirm_role",
    "end_role",
    "found_for",
    "give_role",
    "invite",
    "let_choose_password",
]

INVITED_FOR = timedelta(days=7)
RESET_WITHIN = timedelta(hours=24)


@transaction.atomic
def found_for(*, user: User, name: str, kind: OrganisationKind, now: datetime) -> Organisation:
    """Make another organisation of the city, whose people this administrator looks after."""
    require(user, Action.MANAGE_PEOPLE)
    keeper = selectors.kept_first(user)
    if kind is OrganisationKind.ASSOCIATION:
        raise Refused(_("Another association is made on the server, by who runs it."))
    code = slugify(name)[:60]
    if not code or Organisation.objects.filter(code=code).exists():
        raise Refused(_("Choose another name: this one cannot be used."))
    made = Organisation.objects.create(
        code=code,
        name=name,
        kind=kind,
        speaks_for=keeper if kind is OrganisationKind.TENANTS else None,
        kept_by=keeper,
    )
    _told(keeper, "organisation_made", user, made.public_id, now, name=name, kind=str(kind))
    return made


@transaction.atomic
def invite(
    *,
    user: User,
    organisation: uuid.UUID,
    email: str,
    name: str,
    role: Role,
    end: date | None,
    now: datetime,
) -> OneTimeLink:
    """Make an invitation; whoever has the link can come in with it, once, within a week."""
    where = _managed(user, organisation)
    _fits(where, role, end, now)
    link = OneTimeLink(
        owner=selectors.keeper(where),
        purpose=OneTimeLink.Purpose.INVITE,
        organisation=where,
        email=email.strip().lower(),
        name=name,
        role=role,
        end=end,
        made_by=user,
        made_at=now,
        expires_at=now + INVITED_FOR,
    )
    link.save()
    _told(where, "person_invited", user, link.public_id, now, role=role, at_organisation=where.code)
    return link


@transaction.atomic
def give_role(
    *,
    user: User,
    person: uuid.UUID,
    organisation: uuid.UUID,
    role: Role,
    end: date | None,
    now: datetime,
) -> Membership:
    """Give a colleague a role from today; one that somebody gives himself waits."""
    where = _managed(user, organisation)
    who = selectors.colleague(user, person)
    _fits(where, role, end, now)
    day = timezone.localdate(now)
    if Membership.now().filter(user=who, organisation=where, role=role).exists():
        raise Refused(_("%(name)s has this role already.") % {"name": who.name})
    made, new = Membership.objects.get_or_create(
        user=who,
        organisation=where,
        role=role,
        end=end,
        defaults={"start": day, "waits": who == user, "given_by": user},
    )
    if not new:
        raise Refused(_("This role waits already for a second person."))
    _told(
        where,
        "role_given",
        user,
        who.public_id,
        now,
        role=role,
        at_organisation=where.code,
        waits=made.waits,
    )
    return made


@transaction.atomic
def confirm_role(*, user: User, membership: uuid.UUID, now: datetime) -> Membership:
    """Let a waiting role hold: by somebody else than who gave it and who has it."""
    row = _membership(user, membership)
    if not may(user, Action.CONFIRM_ROLE, selectors.keeper(row.organisation)):
        raise Missing
    if user.pk in {row.user_id, row.given_by_id}:
        raise Refused(_("A second person confirms this: not who gave the role or has it."))
    if not row.waits:
        raise Refused(_("This role was confirmed already."))
    row.waits = False
    row.save(update_fields=["waits"])
    _told(row.organisation, "role_confirmed", user, row.user.public_id, now, role=row.role)
    return row


@transaction.atomic
def end_role(*, user: User, membership: uuid.UUID, now: datetime) -> Membership:
    """End a role; it gives nothing any more from the next request on."""
    row = _membership(user, membership)
    _managed(user, row.organisation.public_id)
    day = timezone.localdate(now)
    if row.end is not None and row.end <= day:
        raise Refused(_("This role has ended already."))
    if row.role == Role.ADMINISTRATOR and not _another_administrator(row):
        raise Refused(_("This is the last administrator here. Give somebody else the role first."))
    row.end = max(day, row.start)
    row.save(update_fields=["end"])
    _told(row.organisation, "role_ended", user, row.user.public_id, now, role=row.role)
    return row


@transaction.atomic
def let_choose_password(
    *, user: User, person: uuid.UUID, second_factor_too: bool, now: datetime
) -> OneTimeLink:
    """Make a link with which a colleague chooses a new password."""
    who = selectors.colleague(user, person)
    managed = {each.pk for each in selectors.managed(user)}
    if not {own for own, _about, _role in who.memberships_now} <= managed:
        raise Refused(
            _("%(name)s works for another organisation too. Its administrator is needed as well.")
            % {"name": who.name}
        )
    where = selectors.kept_first(user)
    link = OneTimeLink(
        owner=where,
        purpose=OneTimeLink.Purpose.RESET,
        organisation=where,
        email=who.email,
        name=who.name,
        user=who,
        second_factor_too=second_factor_too,
        made_by=user,
        made_at=now,
        expires_at=now + RESET_WITHIN,
    )
    link.save()
    _told(where, "password_link_made", user, who.public_id, now, second_factor=second_factor_too)
    return link


def _managed(user: User, organisation: uuid.UUID) -> Organisation:
    for each in selectors.managed(user):
        if each.public_id == organisation:
            return each
    raise Missing


def _membership(user: User, public_id: uuid.UUID) -> Membership:
    seen = selectors.seen_organisations(user)
    found = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .filter(public_id=public_id, organisation__in=[each.pk for each in seen])
        .first()
    )
    if found is None:
        raise Missing
    return found


def _fits(where: Organisation, role: Role, end: date | None, now: datetime) -> None:
    if role not in ROLES_OF[OrganisationKind(where.kind)]:
        raise Refused(
            _("The role %(role)s does not exist at %(organisation)s. Choose another one.")
            % {"role": role.label, "organisation": where.name}
        )
    if end is not None and end <= timezone.localdate(now):
        raise Refused(_("The last day lies in the past. Choose a later one, or leave it open."))


def _another_administrator(row: Membership) -> bool:
    others = Membership.now().filter(organisation=row.organisation, role=row.role)
    return others.filter(user__is_active=True).exclude(user=row.user).exists()


def _told(
    where: Organisation,
    action: str,
    actor: User,
    subject: uuid.UUID,
    at: datetime,
    **facts: str | bool,
) -> None:
    owner = selectors.keeper(where)
    tell(organisation=owner, action=action, actor=actor, subject=subject, facts=facts, at=at)
