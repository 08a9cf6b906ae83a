"""Whose complex is it: who is asked as its consultant, who knows it as its manager?

An open vacancy follows only where nobody can decide about it: who began on one ends it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from mixwijzer.web.accounts.models import Missing, Organisation, User
from mixwijzer.web.accounts.permissions import Action, require
from mixwijzer.web.accounts.roles import Role
from mixwijzer.web.accounts.selectors import holders, people_in
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.services.moving import release
from mixwijzer.web.letting.services.noticing import consultants, handed
from mixwijzer.web.letting.transitions import Event, State, allowed
from mixwijzer.web.register.models import Complex, Undertaking
from mixwijzer.web.register.services import undertake_all

__all__ = ["Whose", "assign", "follow_roles"]

Whose = Mapping[tuple[uuid.UUID, Role], uuid.UUID | None]
"""By complex and role whose it becomes; None: nobody's."""


@transaction.atomic
def assign(*, user: User, owner: Organisation, whose: Whose, now: datetime) -> int:
    """Say of complexes whose they are; return how many became another's.

    Raises
    ------
    Missing
        A complex that isn't of here, or a person who hasn't that role here now.
    """
    require(user, Action.ASSIGN, owner)
    audit.lock(owner)
    places = _places(owner, {place for place, _ in whose})
    able = {
        role: {each.public_id: each for each in people}
        for role, people in people_in(owner.pk, Undertaking.ROLES).items()
    }
    said = Undertaking.objects.for_organisation(owner).filter(complex__in=places.values())
    held = {(row.complex_id, row.role): row.user_id for row in said}
    wanted = {
        (places[place].pk, role): None if person is None else _one(able[role], person)
        for (place, role), person in whose.items()
    }
    changed = {
        key: person
        for key, person in wanted.items()
        if held.get(key) != (person.pk if person else None)
    }
    gone = [row.pk for row in said if changed.get((row.complex_id, Role(row.role)), row) is None]
    said.filter(pk__in=gone).delete()
    undertake_all(owner=owner, whose={key: each for key, each in changed.items() if each})
    _recorded(owner, user, {row.pk: row.public_id for row in places.values()}, changed, now)
    _follow(owner, _without(owner).filter(complex__in=places.values()), by=user, now=now)
    return len(changed)


def _places(owner: Organisation, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Complex]:
    wanted = set(ids)
    rows = Complex.objects.for_organisation(owner).filter(public_id__in=wanted)
    found = {row.public_id: row for row in rows}
    if found.keys() != wanted:
        raise Missing
    return found


def _one(able: Mapping[uuid.UUID, User], person: uuid.UUID) -> User:
    if person not in able:
        raise Missing
    return able[person]


def _recorded(
    owner: Organisation,
    user: User,
    places: Mapping[int, uuid.UUID],
    changed: Mapping[tuple[int, Role], User | None],
    now: datetime,
) -> None:
    for (pk, role), person in changed.items():
        audit.record(
            organisation=owner,
            action="letting.assign",
            actor=user,
            subject=places[pk],
            facts={"role": str(role), "to": str(person.public_id) if person else ""},
            at=now,
        )


def _without(owner: Organisation) -> QuerySet[Vacancy]:
    """Return open vacancies of which nobody who can decide is responsible."""
    able = [each.pk for each in holders(owner.pk, Action.DECIDE)]
    states = [state for state in State if allowed(state, Event.HAND_OVER)]
    rows = Vacancy.objects.for_organisation(owner).filter(state__in=states)
    return rows.exclude(responsible__in=able).select_related("owner").order_by("pk")


def _follow(owner: Organisation, rows: Iterable[Vacancy], *, by: User | None, now: datetime) -> int:
    """Give vacancies to the consultant of their complex; where there is none, to nobody."""
    people, number = consultants(owner), 0
    for row in rows:
        person = people.get(row.complex_id)
        if person:
            handed(row, person, by=by, now=now)
        elif row.responsible_id is not None:
            release(row, now)
            row.responsible = None
            row.save(update_fields=["responsible"])
        else:
            continue
        number += 1
    return number


@transaction.atomic
def follow_roles(*, owner: Organisation, now: datetime) -> int:
    """Let nobody wait for who left: open vacancies go to who has the complex, or to nobody.

    What is nobody's stands with the head on *Today*.
    """
    audit.lock(owner)
    return _follow(owner, _without(owner), by=None, now=now)
