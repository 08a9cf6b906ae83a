"""Which homes and candidates can go into a city round, and why can't the others?"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from mixwijzer.web.accounts.models import Organisation, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.letting.models import Candidate, Vacancy
from mixwijzer.web.letting.selectors import VacancyLine, people
from mixwijzer.web.rounds.models import CityHome, CityPerson, RoundItem
from mixwijzer.web.rounds.selectors.week import open_vacancies
from mixwijzer.web.rounds.transitions import WeekState

__all__ = ["Choice", "Choices", "choices", "held_homes", "held_in_cities", "held_people"]

Thing = TypeVar("Thing")
_WEEK_ENDED = (WeekState.EXECUTED, WeekState.DROPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Generic[Thing]):
    """A home or candidate; `held_by` is the round that has it, `in_match` the step of his match."""

    id: uuid.UUID
    thing: Thing
    held_by: str
    in_match: str = ""
    rests: bool = False

    @property
    def free(self) -> bool:
        """Whether it can be chosen."""
        return not (self.held_by or self.in_match or self.rests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a round can be made of."""

    homes: tuple[Choice[VacancyLine], ...]
    people: tuple[Choice[Candidate], ...]


def held_homes(owner: Organisation) -> Mapping[int, str]:
    """Return which round has which vacancy: a city round by its name, or the sheet of a week."""
    weeks = RoundItem.objects.for_organisation(owner).exclude(week_round__state__in=_WEEK_ENDED)
    found = {
        each.vacancy_id: _("Week round %(week)s") % {"week": each.week_round.week}
        for each in weeks.select_related("week_round")
    }
    return {**found, **held_in_cities(owner)}


def held_in_cities(owner: Organisation) -> Mapping[int, str]:
    """Return which city round has which vacancy, by its name."""
    rows = CityHome.objects.for_organisation(owner).filter(held=True).select_related("city_round")
    return {each.vacancy_id: each.city_round.name for each in rows}


def held_people(owner: Organisation) -> Mapping[str, str]:
    """Return which round has which candidate, by number."""
    rows = CityPerson.objects.for_organisation(owner).filter(held=True)
    return {each.candidate: each.city_round.name for each in rows.select_related("city_round")}


def choices(user: Visitor, *, day: date) -> Choices:
    """Return every open home and every candidate of this reader's association."""
    person = somebody(user)
    owner = own_organisation(person, Action.MATCH)
    homes, others = held_homes(owner), held_people(owner)
    lines = open_vacancies(person, owner.pk)
    rows = Vacancy.objects.visible_to(person).filter(public_id__in=[each.id for each in lines])
    keys = dict(rows.values_list("public_id", "pk"))
    return Choices(
        homes=tuple(
            Choice(id=each.id, thing=each, held_by=homes.get(keys[each.id], "")) for each in lines
        ),
        people=tuple(
            Choice(
                id=row.public_id,
                thing=row,
                held_by=others.get(row.number, ""),
                in_match=state,
                rests=row.rests(day),
            )
            for row, state in people(person)
            if row.owner_id == owner.pk
        ),
    )
