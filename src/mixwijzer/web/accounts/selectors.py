"""Who are the people of this organisation, and who can be chosen in the demo?"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.core import signing
from django.db.models import Q, QuerySet

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import (
    LogIn,
    Membership,
    Missing,
    OneTimeLink,
    Organisation,
    User,
)
from mixwijzer.web.accounts.roles import MATRIX, Action, OrganisationKind, Role

__all__ = [
    "DemoPerson",
    "FactorLine",
    "InvitationLine",
    "LogInLine",
    "OrganisationPeople",
    "PersonLine",
    "PersonPage",
    "RoleLine",
    "active_person",
    "anybody",
    "associations",
    "colleague",
    "demo_people",
    "demo_person",
    "factor_lines",
    "has_account",
    "holders",
    "keeper",
    "kept_first",
    "levels",
    "link_behind",
    "log_ins",
    "managed",
    "members",
    "organisations",
    "own_organisation",
    "people",
    "people_in",
    "person_page",
    "second_factors",
    "seen_organisations",
    "token_of",
]

_LINK = "mixwijzer.accounts.link"


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
        Membership.now()
        .filter(organisation_id=owner_id, role__in=roles, user__is_active=True)
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
    rows = Membership.now().filter(user__is_active=True).select_related("user", "organisation")
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


def holders(owner_id: int, action: Action) -> tuple[User, ...]:
    """Return the active people of an organisation who may do this, by name."""
    return holders_by([owner_id], action).get(owner_id, ())


def holders_by(owner_ids: Iterable[int], action: Action) -> Mapping[int, tuple[User, ...]]:
    """Return the active people who may do this, by organisation and by name, in one query."""
    roles = [role for role, actions in MATRIX.items() if action in actions]
    held = Membership.now().filter(organisation__in=list(owner_ids), role__in=roles)
    rows = held.filter(user__is_active=True).select_related("user").order_by("user__name", "user")
    found: dict[int, dict[int, User]] = {}
    for row in rows:  # who has two roles that may is one person
        found.setdefault(row.organisation_id, {})[row.user_id] = row.user
    return {owner: tuple(people.values()) for owner, people in found.items()}


def people_in(owner_id: int, roles: Sequence[Role]) -> Mapping[Role, tuple[User, ...]]:
    """Return the active people of an organisation who have these roles now, each by name."""
    held = Membership.now().filter(organisation=owner_id, role__in=roles, user__is_active=True)
    rows = list(held.select_related("user").order_by("user__name", "user"))
    return {role: tuple(row.user for row in rows if row.role == role) for role in roles}


def organisations() -> tuple[Organisation, ...]:
    """Return everybody who works here, by code; for commands of the whole installation."""
    return tuple(Organisation.objects.order_by("code"))


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


# Who looks after whom


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """A role of a person, with its days."""

    id: uuid.UUID
    role: str
    organisation: str
    start: date
    end: date | None
    waits: bool
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """A colleague with roles and log-ins."""

    id: uuid.UUID
    name: str
    email: str
    roles: tuple[RoleLine, ...]
    log_ins: int
    seen: datetime | None
    strong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationLine:
    """An invitation or password link that still opens something."""

    id: uuid.UUID
    name: str
    email: str
    what: str
    organisation: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationPeople:
    """The people of one organisation."""

    id: uuid.UUID
    name: str
    kind: str
    managed: bool
    people: tuple[PersonPage, ...]
    invited: tuple[InvitationLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInLine:
    """Somewhere that a person is logged in."""

    id: uuid.UUID
    browser: str
    began: datetime
    seen: datetime
    here: bool


def keeper(organisation: Organisation) -> Organisation:
    """Return the organisation whose administrator looks after the people of this one."""
    return organisation.kept_by or organisation.speaks_for or organisation


def managed(user: User) -> tuple[Organisation, ...]:
    """Return the organisations whose people this administrator looks after, the own one first."""
    return _around(user.owners(Action.MANAGE_PEOPLE))


def seen_organisations(user: User) -> tuple[Organisation, ...]:
    """Return the organisations whose people this person may see."""
    return _around(user.owners(Action.SEE_PEOPLE) | user.owners(Action.MANAGE_PEOPLE))


def kept_first(user: User) -> Organisation:
    """Return this administrator's own organisation."""
    own = managed(user)
    if not own:
        raise Missing
    return own[0]


def _around(owners: frozenset[int]) -> tuple[Organisation, ...]:
    rows = Organisation.objects.filter(
        Q(pk__in=owners) | Q(kept_by__in=owners) | Q(speaks_for__in=owners)
    ).select_related("kept_by", "speaks_for")
    return tuple(sorted(rows, key=lambda row: (row.pk not in owners, row.name, row.pk)))


def colleague(user: User, person: uuid.UUID) -> User:
    """Return a person of an organisation that this administrator looks after.

    Raises
    ------
    Missing
        When there is no such person, or only elsewhere.
    """
    found = _people_of(managed(user)).filter(public_id=person).first()
    if found is None:
        raise Missing
    return found


def _people_of(organisations: tuple[Organisation, ...]) -> QuerySet[User]:
    rows = Membership.objects.filter(organisation__in=[each.pk for each in organisations])
    return User.objects.filter(pk__in=rows.values("user"))


def people(user: User, *, now: datetime) -> tuple[OrganisationPeople, ...]:
    """Return everybody whom this person may know of, per organisation."""
    seen = seen_organisations(user)
    own = {each.pk for each in managed(user)}
    lines = _pages(seen, now)
    invited = _invited(user, now)
    return tuple(
        OrganisationPeople(
            id=each.public_id,
            name=each.name,
            kind=str(OrganisationKind(each.kind).label),
            managed=each.pk in own,
            people=tuple(lines.get(each.pk, {}).values()),
            invited=tuple(line for where, line in invited if where == each.pk),
        )
        for each in seen
    )


def person_page(user: User, person: uuid.UUID, *, now: datetime) -> PersonPage:
    """Return one person with every role that this person may know of."""
    seen = seen_organisations(user)
    found = [
        line for lines in _pages(seen, now).values() for line in lines.values() if line.id == person
    ]
    if not found:
        raise Missing
    roles = tuple(role for line in found for role in line.roles)
    return PersonPage(
        id=person,
        name=found[0].name,
        email=found[0].email,
        roles=roles,
        log_ins=found[0].log_ins,
        seen=found[0].seen,
        strong=found[0].strong,
    )


def _pages(
    organisations: tuple[Organisation, ...], now: datetime
) -> dict[int, dict[int, PersonPage]]:
    rows = list(
        Membership.objects.filter(organisation__in=[each.pk for each in organisations])
        .select_related("user", "organisation")
        .order_by("user__name", "user", "start", "pk")
    )
    holding = set(Membership.now().filter(pk__in=[row.pk for row in rows]).values_list("pk"))
    who = {row.user_id for row in rows}
    used: dict[int, list[datetime]] = {}
    for owner, seen in LogIn.objects.filter(user__in=who).values_list("user_id", "seen"):
        used.setdefault(owner, []).append(seen)
    strong = set(Authenticator.objects.filter(user__in=who).values_list("user_id", flat=True))
    pages: dict[int, dict[int, PersonPage]] = {}
    for row in rows:
        lines = pages.setdefault(row.organisation_id, {})
        before = lines[row.user_id].roles if row.user_id in lines else ()
        seen_at = used.get(row.user_id, [])
        lines[row.user_id] = PersonPage(
            id=row.user.public_id,
            name=row.user.name,
            email=row.user.email,
            roles=(*before, _role_line(row, holds=(row.pk,) in holding)),
            log_ins=len(seen_at),
            seen=max(seen_at, default=None),
            strong=row.user_id in strong,
        )
    return pages


def _role_line(row: Membership, *, holds: bool) -> RoleLine:
    return RoleLine(
        id=row.public_id,
        role=str(Role(row.role).label),
        organisation=row.organisation.name,
        start=row.start,
        end=row.end,
        waits=row.waits,
        holds=holds,
    )


def _invited(user: User, now: datetime) -> list[tuple[int, InvitationLine]]:
    rows = (
        OneTimeLink.objects.visible_to(user)
        .filter(used_at=None, revoked_at=None, expires_at__gt=now)
        .select_related("organisation")
        .order_by("pk")
    )
    return [
        (
            row.organisation_id,
            InvitationLine(
                id=row.public_id,
                name=row.name,
                email=row.email,
                what=str(
                    Role(row.role).label if row.role else OneTimeLink.Purpose(row.purpose).label
                ),
                organisation=row.organisation.name,
                until=row.expires_at,
            ),
        )
        for row in rows
    ]


# Links and log-ins


def token_of(link: OneTimeLink) -> str:
    """Return what stands in a link: the row's own id and its owner, signed."""
    return signing.dumps([link.owner_id, link.public_id.hex], salt=_LINK)


def link_behind(token: str) -> OneTimeLink | None:
    """Return the row of a link, whoever comes with it; None for anything that we didn't sign."""
    try:
        owner, public_id = signing.loads(token, salt=_LINK)
    except signing.BadSignature:
        return None
    with acting_for(owner):
        rows = OneTimeLink.objects.for_organisation(owner).select_related("organisation")
        return rows.filter(public_id=uuid.UUID(public_id)).first()


def active_person(email: str) -> User | None:
    """Return who logs in with this address, unless he left."""
    return User.objects.filter(email=email, is_active=True).first()


def has_account(email: str) -> bool:
    """Whether somebody with this address is known."""
    return User.objects.filter(email=email).exists()


def log_ins(user: User, session: str | None) -> tuple[LogInLine, ...]:
    """Return where this person is logged in, the last used first."""
    return tuple(
        LogInLine(
            id=row.public_id,
            browser=row.browser,
            began=row.began,
            seen=row.seen,
            here=row.session == session,
        )
        for row in LogIn.objects.filter(user=user).order_by("-seen", "-pk")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorLine:
    """A second factor of a person."""

    id: int
    kind: str
    name: str
    made: datetime
    used: datetime | None


def factor_lines(user: User) -> tuple[FactorLine, ...]:
    """Return somebody's own second factors, as they are listed."""
    return tuple(
        FactorLine(
            id=row.pk,
            kind=row.type,
            name=str(row.data.get("name") or "") if row.type == row.Type.WEBAUTHN else "",
            made=row.created_at,
            used=row.last_used_at,
        )
        for row in second_factors(user).order_by("pk")
    )


def second_factors(user: User) -> QuerySet[Authenticator]:
    """Return the codes, keys and recovery codes of a person."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return rows


def own_organisation(user: User, action: Action) -> Organisation:
    """Return the organisation for which this person does something; most have one.

    Raises
    ------
    Missing
        There is none.
    """
    found = Organisation.objects.filter(pk__in=user.owners(action)).order_by("pk").first()
    if found is None:
        raise Missing
    return found
