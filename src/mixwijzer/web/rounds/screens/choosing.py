"""What can a city round be made of, and which rounds are there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.letting.models import Candidate
from mixwijzer.web.letting.selectors import VacancyLine
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.rounds.city_steps import CityState, Work
from mixwijzer.web.rounds.selectors.choosing import Choice, Choices
from mixwijzer.web.rounds.selectors.city import CityLine
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable, Link

__all__ = ["ChoiceScreen", "choice_screen", "cities_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRow:
    """A home or candidate that can be ticked, or why not."""

    choice: Choice[Any]
    title: str
    about: str
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceScreen:
    """What a round can be made of."""

    homes: tuple[ChoiceRow, ...]
    people: tuple[ChoiceRow, ...]


def choice_screen(found: Choices) -> ChoiceScreen:
    """Turn what can be chosen into what is drawn."""
    return ChoiceScreen(
        homes=tuple(_home_choice(each) for each in found.homes),
        people=tuple(_person_choice(each) for each in found.people),
    )


def _home_choice(each: Choice[VacancyLine]) -> ChoiceRow:
    home = each.thing
    facts = (
        home.complex.name,
        formats.rooms(home.rooms),
        formats.euro(home.rent) if home.rent else "",
        _("free from %(day)s") % {"day": formats.day(home.free_from, "short")},
    )
    return ChoiceRow(
        choice=each,
        title=home.address,
        about=" · ".join(filter(None, facts)),
        why_not=_why_not(each),
    )


def _person_choice(each: Choice[Candidate]) -> ChoiceRow:
    person = each.thing
    size = ngettext("%(count)d person", "%(count)d persons", person.size) % {"count": person.size}
    group = group_word(person.target_group) if person.target_group else ""
    since = _("registered %(day)s") % {"day": formats.day(person.registered, "year")}
    return ChoiceRow(
        choice=each,
        title=person.number,
        about=" · ".join(filter(None, (size, since, group))),
        why_not=_why_not(each),
    )


def _why_not(each: Choice[Any]) -> str:
    """Say what keeps it from this round; nothing where it is free."""
    if each.held_by:
        return _("in the round “%(name)s”") % {"name": each.held_by}
    if each.in_match:
        return _("in a match: %(step)s") % {"step": each.in_match}
    return _("no proposals now") if each.rests else ""


def cities_table(lines: Sequence[CityLine]) -> DataTable:
    """List the rounds."""
    return DataTable(
        caption=_("City rounds"),
        columns=(
            Column(label=_("Name")),
            Column(label=_("Where it stands")),
            Column(label=_("Homes"), numeric=True),
            Column(label=_("Candidates"), numeric=True),
            Column(label=_("Made by")),
            Column(label=_("Made on")),
        ),
        rows=tuple(
            (
                Link(label=each.name, href=reverse("rounds:city", args=[each.id])),
                _state(each.state, each.work),
                formats.number(each.homes),
                formats.number(each.people),
                each.by,
                formats.day(each.made_at, "year"),
            )
            for each in lines
        ),
    )


def _state(state: str, work: str) -> str:
    said = str(CityState(state).label)
    return f"{said}, {Work(work).label}" if work else said
