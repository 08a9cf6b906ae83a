"""What a profile would change, for one reader: nothing of a complex whose question is still open.

Who waits for whose own view is known by a feature above this one; settings name the function to
ask, and so with what was promised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from mixwijzer.web.accounts.models import User
from mixwijzer.web.profiles.bridge import Consequences
from mixwijzer.web.profiles.bridge.forecast import PlaceChange, VacancyChange
from mixwijzer.web.register.models import Complex

__all__ = ["Effects", "Owed", "effects_of", "owed", "secret"]

LIKELY = 0.5  # from this chance on a place is said to be outside its band
ASKED_FOR = "attention"
WITH_ROOM = frozenset({"room", "tight"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is still owed to a group, in its own unit."""

    group: str
    remaining: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What would change, without the complexes that are secret to this reader.

    `above` and `below` count places that are likelier outside than inside, before and after;
    `with_room` the open homes with room for extra attention. `left_out` counts secret complexes.
    """

    day: date
    above: tuple[int, int]
    below: tuple[int, int]
    places: tuple[PlaceChange, ...]
    changed: tuple[VacancyChange, ...]
    open_homes: int
    with_room: tuple[int, int]
    owed: tuple[Owed, ...]
    left_out: int
    channels: Mapping[str, Mapping[str, str]]
    engine_version: str
    normset: str


def secret(user: User) -> frozenset[str]:
    """Return the codes of complexes of which this reader must still give a view."""
    hidden: Callable[[User], Mapping[int, object]] = import_string(settings.PROFILES_HIDDEN)
    keys = list(hidden(user))
    if not keys:
        return frozenset()
    rows = Complex.objects.visible_to(user).filter(pk__in=keys)
    return frozenset(rows.values_list("code", flat=True))


def owed(user: User, day: date) -> tuple[Owed, ...]:
    """Return what is still owed, as far as this reader may see it."""
    ask: Callable[..., tuple[Any, ...]] = import_string(settings.PROFILES_OWED)
    return tuple(
        Owed(group=each.group, remaining=each.remaining, unit=each.unit)
        for each in ask(user, day=day)
        if each.remaining > 0
    )


def effects_of(
    told: Consequences, *, hidden: frozenset[str], promises: tuple[Owed, ...]
) -> Effects:
    """Leave out what is secret, and count the rest."""
    places = tuple(each for each in told.places if hidden.isdisjoint(each.inside))
    homes = tuple(each for each in told.vacancies if each.complex not in hidden)
    touched = {code for each in told.places for code in each.inside}
    touched |= {each.complex for each in told.vacancies}

    def outside(side: str, at: int) -> int:
        return len({each.code for each in places if getattr(each, side)[at] >= LIKELY})

    def room(at: str) -> int:
        return sum(getattr(each, at).verdicts.get(ASKED_FOR) in WITH_ROOM for each in homes)

    return Effects(
        day=told.day,
        above=(outside("above", 0), outside("above", 1)),
        below=(outside("below", 0), outside("below", 1)),
        places=places,
        changed=tuple(each for each in homes if _differs(each)),
        open_homes=len(homes),
        with_room=(room("before"), room("after")),
        owed=promises,
        left_out=len(touched & hidden),
        channels=told.channels,
        engine_version=told.engine_version,
        normset=told.normset,
    )


def _differs(each: VacancyChange) -> bool:
    """Whether advice would say something else: another verdict, or another way."""
    same = each.before.verdicts == each.after.verdicts
    return not (same and each.before.channel == each.after.channel)
