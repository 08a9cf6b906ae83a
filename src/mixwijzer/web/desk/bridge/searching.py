"""Where is there room for a kind of household? The kept accounts say where to look first.

`promises` reads the kept account of many complexes and says what each can at most promise;
`answers` gives for a few of them the same verdict as a vacancy's own page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from math import exp
from typing import TypeAlias

from mixwijzer.engine.account import State
from mixwijzer.engine.advice import CategoryAdvice, verdict_only
from mixwijzer.engine.portfolio import Band, Portfolio, Scope, ScopeKind
from mixwijzer.engine.portfolio import Vacancy as EngineVacancy
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.bridge import DEFAULT_SCHEME, Case, Verdict, case_of, look_around
from mixwijzer.web.profiles.bridge import Rules
from mixwijzer.web.register.bridge import (
    NOW,
    MadeFrom,
    Surroundings,
    assumptions,
    complex_of,
    norms,
)
from mixwijzer.web.register.models import AccountState, Tenancy

__all__ = [
    "Answer",
    "Outlook",
    "Promise",
    "answers",
    "answers_if_free",
    "chance_of_one",
    "promises",
    "turnover",
]

Made: TypeAlias = tuple[tuple[str, MadeFrom], ...]

YEARS = 3  # of own departures that are better than the norm
WEEKS_A_YEAR = 365.25 / 7


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
class Outlook:
    """How often a home comes free: share of the homes a year, and whose figure that is."""

    rate: float
    own: bool


def promises(
    owner: Organisation, leaving: Mapping[int, int], category: str, day: date
) -> Mapping[int, Promise]:
    """Say of each complex what it can promise; `leaving` counts the notices given in it."""
    around, rules = look_around(owner, leaving, day)
    alone = Surroundings(owner, around.places, reach=ScopeKind.COMPLEX, day=day)
    agreed = replace(alone.outline().portfolio, profiles=rules.profiles, caps=rules.caps)
    scheme = assumptions(day).schemes[DEFAULT_SCHEME]
    rows = AccountState.objects.for_organisation(owner).filter(
        complex__in=leaving, scope_kind=int(ScopeKind.COMPLEX), scheme=DEFAULT_SCHEME
    )
    found: dict[int, Promise] = {}
    for pk, code, text in rows.values_list("complex_id", "scope_code", "state"):
        most = _most(agreed, Scope(ScopeKind.COMPLEX, code), category, day)
        pmf = State.from_json(json.loads(text), scheme).account.pmf(category)
        bound = len(pmf) if most is None else max(most, 0)
        found[pk] = Promise(
            chance=float(pmf[:bound].sum()),
            at_best=float(pmf[: bound + leaving[pk]].sum()),
            room_from=assumptions(day).room_from,
            no_room_at=assumptions(day).no_room_at,
        )
    return found


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
    owner: Organisation, vacancies: Mapping[str, int], category: str, day: date
) -> Mapping[str, Answer]:
    """Give the verdict about open vacancies, by their codes; their complexes are the values."""
    return _answered(owner, vacancies, _about_vacancy, category, day)


def answers_if_free(
    owner: Organisation, dwellings: Mapping[str, int], category: str, day: date
) -> Mapping[str, Answer]:
    """Give the verdict about homes as if each came free today, by their codes."""
    return _answered(owner, dwellings, _about_home, category, day)


def _answered(
    owner: Organisation,
    homes: Mapping[str, int],
    about: Callable[[Case, str], EngineVacancy],
    category: str,
    day: date,
) -> Mapping[str, Answer]:
    """Give verdicts; those of complexes where nothing changed were given before in this process."""
    if not homes:
        return {}
    around, rules = look_around(owner, {*homes.values()}, day)
    made_from = _made_from(around)
    codes = {place.pk: place.code for place in around.places}
    kept = {
        code: _kept(code, about.__name__, category, day, made_from[codes[pk]], rules)
        for code, pk in homes.items()
        if pk in codes
    }
    missing = {homes[code] for code, place in kept.items() if not place}
    if missing:
        case = case_of(*look_around(owner, missing, day))
        for code, place in kept.items():
            if not place:
                told = verdict_only(case.accounts, about(case, code), category, day)
                place.append(_answer(told))
    return {code: place[0] for code, place in kept.items()}


def _about_vacancy(case: Case, code: str) -> EngineVacancy:
    return case.portfolio.vacancy[code]


def _about_home(case: Case, code: str) -> EngineVacancy:
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


def turnover(owner: Organisation, homes: int, day: date) -> Outlook:
    """Return which part of the homes somebody leaves in a year: own figures, else the norm."""
    left = (
        Tenancy.objects.for_organisation(owner)
        .filter(NOW, end__gt=day - timedelta(days=365 * YEARS), end__lte=day)
        .count()
    )
    if left and homes:
        return Outlook(rate=left / YEARS / homes, own=True)
    return Outlook(rate=norms().number("turnover.rate", day), own=False)


def chance_of_one(homes: int, rate: float, weeks: int) -> float:
    """Return the chance that at least one of so many homes comes free within so many weeks."""
    return 1 - exp(-homes * rate * weeks / WEEKS_A_YEAR)
