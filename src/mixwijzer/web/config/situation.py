"""Who is looking at this page, and what may they open? Tells `ui.shell` what `accounts` knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.utils.text import capfirst

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.roles import MATRIX, Action
from mixwijzer.web.accounts.selectors import levels
from mixwijzer.web.config.menu import MENU
from mixwijzer.web.register.selectors import data_day, waiting_imports
from mixwijzer.web.ui.shell import Level, Person, Situation

# What a page of the menu is about: without one of these actions it is not in the menu. Whether a
# page opens is decided by the page itself; a menu only keeps people from dead ends.
OPENS: Mapping[str, frozenset[Action]] = {
    "desk:room-check": frozenset({Action.SEE_ADVICE}),
    "desk:where": frozenset({Action.SEE_ADVICE, Action.SEE_REQUESTS}),
    "letting:vacancies": frozenset({Action.SEE_HOMES}),
    "letting:people": frozenset({Action.SEE_CANDIDATES}),
    "desk:complexes": frozenset({Action.SEE_HOMES}),
    "pulse:judgements": frozenset({Action.JUDGE}),
    "register:imports": frozenset({Action.LOAD}),
    "desk:neighbourhoods": frozenset({Action.SEE_ADVICE}),
    "desk:management": frozenset({Action.MANAGE_WORDS}),
    "pulse:visits": frozenset({Action.JUDGE}),
    "rounds:asks": frozenset({Action.ANSWER_ROUNDS}),
    "rounds:week": frozenset({Action.SEE_ADVICE}),
    "rounds:cities": frozenset({Action.MATCH}),
    "agreements:list": frozenset({Action.SEE_NORMS, Action.SEE_OWN_OBLIGATIONS}),
    "agreements:obligations": frozenset({Action.SEE_OBLIGATIONS, Action.SEE_OWN_OBLIGATIONS}),
    "outlook:forecast": frozenset({Action.SEE_ADVICE}),
    "outlook:feasibility": frozenset({Action.SEE_ADVICE}),
    "outlook:steering": frozenset({Action.SEE_ADVICE}),
    "outlook:scenarios": frozenset({Action.SEE_ADVICE}),
    "profiles:list": frozenset({Action.SEE_NORMS}),
    "yearbook:quarter": frozenset({Action.SEE_OBLIGATIONS, Action.SEE_OWN_OBLIGATIONS}),
    "yearbook:baselines": frozenset({Action.SEE_ADVICE}),
    "yearbook:year": frozenset({Action.SEE_DEVIATIONS}),
    "accounts:people": frozenset({Action.SEE_PEOPLE}),
    "audit:trail": frozenset({Action.SEE_TRAIL}),
}


def situation(request: HttpRequest) -> Situation:
    """Return the person with their roles, the level that keeps most, and their part of the menu."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return Situation(synthetic=settings.DEMO, allowed=frozenset())
    actions = frozenset[Action]().union(*(MATRIX[role] for role in user.roles))
    entries = (entry.url_name for entry in MENU)
    return Situation(
        person=Person(
            name=user.name, role=capfirst(", ".join(str(role.label) for role in user.roles))
        ),
        level=_keeping_most(levels(user)),
        synthetic=settings.DEMO,
        allowed=frozenset(
            name for name in entries if name not in OPENS or not OPENS[name].isdisjoint(actions)
        ),
        counts={"register:imports": waiting_imports(user)} if Action.LOAD in actions else {},
        data_of=lambda: _data_of(user),
    )


def _data_of(user: User) -> date | None:
    found = data_day(user)
    return found.data_date if found else None


def _keeping_most(held: frozenset[str]) -> Level:
    """Return the level that keeps most about tenants; a person of two organisations sees that."""
    order = list(Level)
    return max((Level(level) for level in held), key=order.index, default=Level.JUDGEMENT)
