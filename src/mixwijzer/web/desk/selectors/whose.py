"""Whose complex is it, and which have nobody?"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Role
from mixwijzer.web.accounts.selectors import people_in
from mixwijzer.web.desk.selectors.places import complexes
from mixwijzer.web.register.models import Undertaking

__all__ = ["WhosePage", "WhoseRow", "whose_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoseRow:
    """One complex, and whose it is by role; who has the role no more isn't named."""

    id: uuid.UUID
    name: str
    area: str
    neighbourhood: str
    people: Mapping[Role, uuid.UUID | None]

    def stands(self, *, area: str, alone: bool) -> bool:
        """Whether it stands on a page of one neighbourhood, or of those without a consultant."""
        here = not area or self.area == area
        return here and not (alone and self.people[Role.CONSULTANT])


@dataclass(frozen=True, slots=True, kw_only=True)
class WhosePage:
    """Complexes by neighbourhood and name, and who could have one."""

    rows: Sequence[WhoseRow]
    able: Mapping[Role, Sequence[User]]


def whose_page(user: User, owner: Organisation) -> WhosePage:
    """Return every complex of an organisation with whose it is, in a fixed number of queries."""
    able = people_in(owner.pk, Undertaking.ROLES)
    now = {(role, each.public_id) for role, people in able.items() for each in people}
    said = Undertaking.objects.visible_to(user).filter(owner=owner)
    told = said.values_list("complex__public_id", "role", "user__public_id")
    held = {(place, role): person for place, role, person in told if (role, person) in now}
    rows = [
        WhoseRow(
            id=each.id,
            name=each.name,
            area=each.area or "",
            neighbourhood=each.neighbourhood,
            people={role: held.get((each.id, role)) for role in able},
        )
        for each in complexes(user)
    ]
    rows.sort(key=lambda row: (row.neighbourhood.lower(), row.name.lower()))
    return WhosePage(rows=rows, able=able)
