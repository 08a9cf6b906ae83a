"""Where is there room for a kind of household? The kept accounts say where to look first.

`promises` reads the kept account of many complexes and says what each can at most promise;
`answers` gives for a few of them the same verdicts as a vacancy's own page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mixwijzer.engine.advice import CategoryAdvice, verdict_only
from mixwijzer.engine.portfolio import Band, Portfolio, Scope, ScopeKind
from mixwijzer.engine.portfolio import Vacancy as EngineVacancy
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.bridge import DEFAULT_SCHEME, Case, Verdict, case_of, look_around
from mixwijzer.web.profiles.bridge import Kept, Rules
from mixwijzer.web.register.bridge import (
    MadeFrom,
    Surroundings,
    assumptions,
    complex_of,
    stored_accounts,
)

__all__ = ["Answer", "Answers", "Promise", "answers", "promises"]

Made: TypeAlias = tuple[tuple[str, MadeFrom], ...]
Pmf: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the kept account of one complex says of its own limit.

    `chance` is P(one more fits); `at_best` the same if everybody who gave notice here were of this
    kind: when that isn't enough for room, no advice about a home here will say room.
    """

    chance: float
    at_best: float
    room_from: float
    no_room_at: float

    @property
    def possible(self) -> bool:
        """Whether an advice about a home here may say that there is room."""
        return self.at_best >= self.room_from

    @property
    def says(self) -> str:
        """Whether one more fits in the complex itself: room, ask_first or no_room."""
        if self.chance >= self.room_from:
            return "room"
        return "no_room" if self.chance <= self.no_room_at else "ask_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The verdict about one home, with the level that binds: which kind of place, how many of it.

    `likely` is the likely range before the letting [households]; None where nothing limits.
    """

    verdict: Verdict
    chance: float
    level: str = ""
    likely: tuple[int, int] | None = None
    limit: int | None = None
    base: int | None = None

    @property
    def has_room(self) -> bool:
        """Whether the advice says room, amply or just."""
        return self.verdict >= Verdict.TIGHT

    @property
    def asks(self) -> bool:
        """Whether the advice asks somebody first."""
        return self.verdict is Verdict.ASK_FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Verdicts about open vacancies, and about homes as if each came free today; by their codes."""

    vacancies: Mapping[str, Answer]
    homes: Mapping[str, Answer]


def promises(
    owner: Organisation, leaving: Mapping[int, int], category: str, day: date
) -> Mapping[int, Promise]:
    """Say of each complex what it can promise; `leaving` counts the notices given in it."""
    around, rules = look_around(owner, leaving, day)
    outline = Surroundings(owner, around.places, reach=ScopeKind.COMPLEX, day=day).outline()
    agreed = replace(outline.portfolio, profiles=rules.profiles, caps=rules.caps)
    own = {each.pk: Scope(ScopeKind.COMPLEX, each.code) for each in around.places}
    made_from = {
        pk: outline.made_from[scope] for pk, scope in own.items() if scope in outline.made_from
    }
    chances = _chances(owner, made_from, category, day)
    return {
        pk: _promise(chances[pk], _most(agreed, own[pk], category, day), leaving[pk], day)
        for pk in made_from
    }


def _promise(chances: Pmf, most: int | None, leaving: int, day: date) -> Promise:
    bound = len(chances) if most is None else max(most, 0)
    return Promise(
        chance=float(chances[:bound].sum()),
        at_best=float(chances[: bound + leaving].sum()),
        room_from=assumptions(day).room_from,
        no_room_at=assumptions(day).no_room_at,
    )


def _chances(
    owner: Organisation, made_from: Mapping[int, MadeFrom], category: str, day: date
) -> Mapping[int, Pmf]:
    """Return by complex P(count of a category = 0, 1, 2, …) as its kept account says."""
    places = {pk: _kept_chances(*made, category) for pk, made in made_from.items()}
    missing = [pk for pk, place in places.items() if not place]
    scheme = assumptions(day).schemes[DEFAULT_SCHEME]
    rows = stored_accounts(owner, missing, DEFAULT_SCHEME, whole=()) if missing else ()
    told = {row.scope: row for row in rows if row.scope.kind is ScopeKind.COMPLEX}
    for scope, state in Kept(owner, told, scheme).items():
        places[told[scope].complex_id].append(state.account.pmf(category))
    return {pk: place[0] for pk, place in places.items()}


@lru_cache(maxsize=16_384)
def _kept_chances(inputs: str, through: date, category: str) -> list[Pmf]:
    """Return the place to keep the chances of one account; who finds it empty fills it.

    Accounts made from the same rows are the same in any database (as in `living`).
    """
    return []


def _most(agreed: Portfolio, scope: Scope, category: str, day: date) -> int | None:
    """Return the highest number of households of a category that was agreed in a complex."""
    figures = assumptions(day)
    scheme, base = figures.schemes[DEFAULT_SCHEME], agreed.base(scope)
    bands = agreed.bands(scope, scheme, day) if base >= figures.smallest_base else {}
    band = bands[category].band if category in bands else Band()
    caps = [
        each.at_most
        for each in agreed.caps_at(scope, scheme.name, day)
        if each.category == category
    ]
    high = band.whole(base)[1]
    return min([*caps, *([] if high is None else [high])], default=None)


def answers(
    owner: Organisation,
    category: str,
    day: date,
    *,
    vacancies: Mapping[str, int],
    homes: Mapping[str, int],
) -> Answers:
    """Give verdicts; those of complexes where nothing changed were given before in this process."""
    asked = [_Asked(code=code, complex=pk, about=_vacancy) for code, pk in vacancies.items()]
    asked += [_Asked(code=code, complex=pk, about=_home) for code, pk in homes.items()]
    if not asked:
        return Answers(vacancies={}, homes={})
    around, rules = look_around(owner, {each.complex for each in asked}, day)
    places = {each.pk: each for each in around.places}
    made_from = _made_from(around)
    kept: dict[_Asked, list[Answer]] = {}
    for each in asked:
        if each.complex in places:
            place = places[each.complex]
            spoken = rules.set_by({owner.code, place.code, *place.areas})
            kept[each] = _kept(
                each.code, each.about.__name__, category, day, made_from[place.code], spoken
            )
    missing = {each.complex for each, told in kept.items() if not told}
    if missing:
        if missing != set(places):
            around, rules = look_around(owner, missing, day)
        case = case_of(around.only(homes), rules)
        for each, told in kept.items():
            if not told:
                verdict = verdict_only(case.accounts, each.about(case, each.code), category, day)
                told.append(_answer(verdict))
    return Answers(
        vacancies={each.code: told[0] for each, told in kept.items() if each.about is _vacancy},
        homes={each.code: told[0] for each, told in kept.items() if each.about is _home},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One home that is asked about: its code or its vacancy's, where it is, as what it is taken."""

    code: str
    complex: int
    about: Callable[[Case, str], EngineVacancy]


def _vacancy(case: Case, code: str) -> EngineVacancy:
    return case.portfolio.vacancy[code]


def _home(case: Case, code: str) -> EngineVacancy:
    return EngineVacancy(id=code, dwelling=code, notice=case.day, free_from=case.day)


def _made_from(around: Surroundings) -> Mapping[str, Made]:
    """Return by complex what every account was made from that its verdicts may read."""
    outline = around.outline()
    wide = around.reach > ScopeKind.NEIGHBOURHOOD
    near: dict[str | None, list[tuple[str, MadeFrom]]] = {}
    for scope, made in sorted(outline.made_from.items(), key=lambda each: each[0].code):
        place = outline.portfolio.complex[complex_of(scope) or ""]
        near.setdefault("" if wide else place.neighbourhood, []).append((scope.code, made))
    told = {area: tuple(rows) for area, rows in near.items()}
    return {
        each.id: told.get("" if wide else each.neighbourhood, ())
        for each in outline.portfolio.complexes
    }


@lru_cache(maxsize=4096)
def _kept(
    code: str, about: str, category: str, day: date, made_from: Made, rules: Rules
) -> list[Answer]:
    """Return the place to keep the verdict about a home; who finds it empty fills it.

    Verdicts made from the same rows and rules are the same in any database (as in `living`).
    """
    return []


def _answer(told: CategoryAdvice) -> Answer:
    rule = told.binding
    if rule is None:
        return Answer(verdict=told.verdict, chance=1.0)
    return Answer(
        verdict=told.verdict,
        chance=rule.chance,
        level=rule.scope.kind.name.lower(),
        likely=rule.count.likely,
        limit=rule.limit,
        base=rule.base,
    )
