"""Is there room here, for whom, and along which way? The advice about one vacancy.

The vacancy is steered, not the person: the input is portfolio, vacancy and day, there is no
candidate. The account is taken after this departure, every announced departure and every
commitment. Ceilings make verdicts; shortages only order the channels. Everything is exact
(ENGINE §3, §3b): chances over whole households, least changes that flip, dates of validity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import cast

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.account import Accounts, Level, Separate, Spread
from mixwijzer.engine.advice._channels import ChannelAdvice, recommended, weigh
from mixwijzer.engine.advice._flips import Blocked, Flip, flips
from mixwijzer.engine.advice._portfolio import drafts_of, situation_of, vacancy_of
from mixwijzer.engine.advice._rules import Rule, binding, reasons, rules, verdict
from mixwijzer.engine.advice._situation import Situation
from mixwijzer.engine.errors import NormError
from mixwijzer.engine.norms import Assumptions, Norms
from mixwijzer.engine.portfolio import Complex, Dwelling, Portfolio, Scope, ScopeKind, Vacancy
from mixwijzer.engine.reasons import Modifier, Reason, ReasonKind, Verdict

__all__ = [
    "Advice",
    "Alternative",
    "Blocked",
    "CategoryAdvice",
    "ChannelAdvice",
    "Flip",
    "Rule",
    "Until",
    "advise",
    "alternatives",
]

_MOST_ALTERNATIVES = 3
_EARTH = 6_371_000.0  # mean radius [m]


class Until(StrEnum):
    """Why an advice ends: its longest term, its publication, or a fact that changes it."""

    TERM = "term"
    PUBLICATION = "publication"
    FACT = "fact"
    NORM = "norm"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryAdvice:
    """The verdict for one category, why, and what would change it.

    Parameters
    ----------
    category, verdict
        For whom; the worst rule that speaks, or less where expired labels made it better.
    reasons, rules, binding
        Why; every ceiling that speaks; the one that binds, None where none speaks.
    better_by_expiry
        Whether expired labels improved it (level *huishouden*).
    flips, blocked
        Least changes that give room, fewest first; kinds of change that work nowhere.
    """

    category: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    rules: tuple[Rule, ...]
    binding: Rule | None
    better_by_expiry: bool = False
    flips: tuple[Flip, ...] = ()
    blocked: tuple[Blocked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another open vacancy of the same owner with room; `distance` as the crow flies [m]."""

    vacancy: str
    verdict: Verdict
    chance: float
    distance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The advice about one vacancy on one day.

    Parameters
    ----------
    vacancy, dwelling, complex, day, free_from
        Which home, of which complex's scope; when asked; when it is free.
    scheme, level
        Name of the scheme; what is registered of sitting households.
    categories, channels
        In the scheme's and the portfolio's order.
    recommended, small_difference
        Id of the recommended channel; whether the second best is hardly worse.
    alternatives
        Where there is room instead, for categories without it here.
    valid_until, valid_because
        Last day of validity and why.
    open_vacancies
        Vacancies open in the complex, this one included: they share the head-room.
    joint
        Whether categories were followed together (K ≤ 3); else chances of several are products.
    counts
        Households per category now, per scope, before anybody leaves.
    norms_used, normset, engine_version, data_date
        Birth certificate of the figures.
    """

    vacancy: str
    dwelling: str
    complex: Scope
    day: date
    free_from: date
    scheme: str
    level: Level
    categories: tuple[CategoryAdvice, ...]
    channels: tuple[ChannelAdvice, ...]
    recommended: str | None
    small_difference: bool
    alternatives: Mapping[str, tuple[Alternative, ...]]
    valid_until: date
    valid_because: Until
    open_vacancies: int
    joint: bool
    counts: Mapping[Scope, Mapping[str, Spread]]
    norms_used: tuple[str, ...]
    normset: str
    engine_version: str
    data_date: date | None

    def category(self, code: str) -> CategoryAdvice:
        """Return the advice for one category."""
        return next(each for each in self.categories if each.category == code)


def advise(
    portfolio: Portfolio,
    vacancy: str,
    day: date,
    norms: Norms,
    *,
    scheme: str = "role",
    accounts: Accounts | None = None,
) -> Advice:
    """Answer, before there is a candidate: is there room here, and for whom?

    Parameters
    ----------
    portfolio
        As known on the day.
    vacancy
        Id of the vacancy.
    day
        The day on which is asked.
    norms
        Laws, agreements, aims and assumptions; expired ones are refused.
    scheme
        Which way of looking at households.
    accounts
        Accounts of this portfolio on this day, to share over vacancies or to start from
        states kept elsewhere.

    Raises
    ------
    AdviceError
        No such vacancy, or its dwelling is no part of the base.
    NormError
        A norm that is needed is missing or expired.
    ProfileError
        A profile around the vacancy that no mix can satisfy.
    """
    asked = vacancy_of(portfolio, vacancy)
    assumptions = Assumptions.on(norms, day)
    if accounts is None:
        owner = portfolio.complex[portfolio.dwelling[asked.dwelling].complex].owner
        accounts = Accounts(portfolio.owned_by(owner), assumptions, day, scheme=scheme)
    return _Advising(accounts, asked, day, norms).advice()


def alternatives(
    accounts: Accounts, vacancy: Vacancy, category: str, day: date, norms: Norms
) -> tuple[Alternative, ...]:
    """Return the nearest open vacancies with room for a category, comparable in size and rent.

    Same owner, rooms ± 1, same rent class; by distance, ties by lot: the SHA-256 of both ids,
    which anybody can draw again.
    """
    found: list[Alternative] = []
    for other, distance in _comparable(accounts, vacancy, day, norms):
        spoken = _verdict(accounts, other, category, day)
        if spoken.verdict >= Verdict.TIGHT:
            chance = spoken.binding.chance if spoken.binding else 1.0
            found.append(
                Alternative(
                    vacancy=other.id, verdict=spoken.verdict, chance=chance, distance=distance
                )
            )
        if len(found) == _MOST_ALTERNATIVES:
            break
    return tuple(found)


class _Advising:
    """The making of one advice."""

    def __init__(self, accounts: Accounts, vacancy: Vacancy, day: date, norms: Norms) -> None:
        self.accounts, self.vacancy, self.day, self.norms = accounts, vacancy, day, norms
        self.portfolio = accounts.portfolio
        self.dwelling = self.portfolio.dwelling[vacancy.dwelling]

    def advice(self) -> Advice:
        """Put verdicts, channels, alternatives and validity together."""
        situation = situation_of(self.accounts, self.vacancy, self.day)
        drafts = drafts_of(self.accounts, self.vacancy, self.day)
        categories = tuple(
            judge(situation, name, drafts) for name in self.accounts.scheme.categories
        )
        weighed = self._channels(situation)
        best, close = recommended(weighed, self.accounts.assumptions.small_difference)
        until, because = self._validity(categories)
        return Advice(
            vacancy=self.vacancy.id,
            dwelling=self.dwelling.id,
            complex=Scope(ScopeKind.COMPLEX, self.dwelling.complex),
            day=self.day,
            free_from=self.vacancy.free_from,
            scheme=self.accounts.scheme.name,
            level=self.accounts.level(self.dwelling.complex),
            categories=categories,
            channels=weighed,
            recommended=best.channel.id if best else None,
            small_difference=close,
            alternatives=self._alternatives(categories),
            valid_until=until,
            valid_because=because,
            open_vacancies=self._open_here(),
            joint=not isinstance(situation.inner, Separate),
            counts=self._counts(situation),
            norms_used=self._norms_used(situation),
            normset=self.norms.name,
            engine_version=ENGINE_VERSION,
            data_date=self.portfolio.data_date,
        )

    def _channels(self, situation: Situation) -> tuple[ChannelAdvice, ...]:
        mine = [
            each for each in self.portfolio.channels if each.scheme == self.accounts.scheme.name
        ]
        return weigh(situation, mine, [each.has_ground(self.day) for each in mine])

    def _alternatives(
        self, categories: Sequence[CategoryAdvice]
    ) -> Mapping[str, tuple[Alternative, ...]]:
        return {
            each.category: alternatives(
                self.accounts, self.vacancy, each.category, self.day, self.norms
            )
            for each in categories
            if each.verdict < Verdict.TIGHT
        }

    def _validity(self, categories: Sequence[CategoryAdvice]) -> tuple[date, Until]:
        """Return the last day before a fact changes a verdict, at most term or publication."""
        term = self.day + timedelta(days=self.accounts.assumptions.valid_days)
        until, because = term, Until.TERM
        publication = self.vacancy.publication
        if publication is not None and self.day <= publication < until:
            until, because = publication, Until.PUBLICATION
        verdicts = [each.verdict for each in categories]
        for when in self._dates(until):
            changed = self._changed(when, verdicts)
            if changed is not None:
                return when - timedelta(days=1), changed
        return until, because

    def _changed(self, when: date, verdicts: Sequence[Verdict]) -> Until | None:
        try:
            assumptions = Assumptions.on(self.norms, when)
        except NormError:
            return Until.NORM
        later = self.accounts.on_day(when, assumptions)
        then = [
            _verdict(later, self.vacancy, name, when).verdict
            for name in self.accounts.scheme.categories
        ]
        return Until.FACT if then != list(verdicts) else None

    def _dates(self, until: date) -> list[date]:
        """Return the days after today on which a profile, cap, label or norm starts or ends."""
        dated: set[date | None] = set()
        dated |= {day for row in self.portfolio.profiles for day in (row.start, row.end)}
        dated |= {day for row in self.portfolio.caps for day in (row.start, row.end)}
        dated |= {row.fill_up_until for row in self.portfolio.profiles}
        dated |= {each.review_by for each in self.portfolio.assessments}
        for key in self._norm_keys():
            dated |= {value.end for value in self.norms[key].values}
        return sorted(each for each in dated if each is not None and self.day < each <= until)

    def _open_here(self) -> int:
        homes = {home.id for home in self.portfolio.dwellings_of.get(self.dwelling.complex, ())}
        return sum(
            each.dwelling in homes and self.portfolio.is_open(each, self.day)
            for each in self.portfolio.vacancies
        )

    def _counts(self, situation: Situation) -> Mapping[Scope, Mapping[str, Spread]]:
        """Return households per category now, in the complex and wherever a limit counts."""
        own = Scope(ScopeKind.COMPLEX, self.dwelling.complex)
        shown = [ring.scope for ring in situation.rings if ring.limits and ring.scope.kind > 0]
        return {
            scope: {
                name: self.accounts.of(scope).spread(name)
                for name in self.accounts.scheme.categories
            }
            for scope in dict.fromkeys((own, *shown))
        }

    def _norms_used(self, situation: Situation) -> tuple[str, ...]:
        rows = {limit.norm for ring in situation.rings for limit in ring.limits}
        return (*self._norm_keys(), *sorted(rows))

    def _norm_keys(self) -> list[str]:
        """Return the keys of the norms that verdicts rest on."""
        prefixes = ("account.", "advice.", f"mix.scheme.{self.accounts.scheme.name}")
        return sorted(key for key in self.norms if key.startswith(prefixes))


def judge(
    situation: Situation, category: str, drafts: Mapping[str, Situation] | None = None
) -> CategoryAdvice:
    """Return the advice for one category in a situation; flips only where there is no room yet."""
    spoken = rules(situation, category)
    overall = verdict(situation, spoken)
    told = reasons(situation, category, spoken, overall)
    better = _better_by_expiry(situation, category, overall)
    if better:
        overall = min(overall, Verdict.ASK_FIRST)
        expired = Reason(kind=ReasonKind.EXPIRED_LABELS, category=category, verdict=overall)
        told = (expired, *(each for each in told if each.verdict is overall))
    found: tuple[Flip, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    partly = any(Modifier.KNOWN_PART in rule.modifiers for rule in spoken)
    decided = better and verdict(situation, spoken) > Verdict.ASK_FIRST
    if spoken and overall < Verdict.TIGHT and not partly and not decided:
        found, blocked = flips(situation, category, drafts or {})
    return CategoryAdvice(
        category=category,
        verdict=overall,
        reasons=told,
        rules=spoken,
        binding=binding(situation, spoken),
        better_by_expiry=better,
        flips=found,
        blocked=blocked,
    )


def _better_by_expiry(situation: Situation, category: str, overall: Verdict) -> bool:
    """Whether the verdict is better than with the expired labels as if valid (§3b.21)."""
    valid = situation.outlook.as_if_valid if situation.outlook else None
    if valid is None:
        return False
    as_if = situation.with_inner(valid)
    return overall > verdict(as_if, rules(as_if, category))


def _verdict(accounts: Accounts, vacancy: Vacancy, category: str, day: date) -> CategoryAdvice:
    """Return verdict and binding rule only, without looking for what would flip it."""
    situation = situation_of(accounts, vacancy, day)
    spoken = rules(situation, category)
    overall = verdict(situation, spoken)
    if _better_by_expiry(situation, category, overall):
        overall = min(overall, Verdict.ASK_FIRST)
    return CategoryAdvice(
        category=category,
        verdict=overall,
        reasons=(),
        rules=spoken,
        binding=binding(situation, spoken),
    )


def _comparable(
    accounts: Accounts, vacancy: Vacancy, day: date, norms: Norms
) -> Iterator[tuple[Vacancy, float | None]]:
    """Yield open vacancies of comparable dwellings, nearest first."""
    portfolio = accounts.portfolio
    own = portfolio.dwelling[vacancy.dwelling]
    found = []
    for other in portfolio.vacancies:
        home = portfolio.dwelling.get(other.dwelling)
        if home is None or home.complex not in portfolio.complex or not home.in_base:
            continue
        if other.id == vacancy.id or not portfolio.is_open(other, day):
            continue
        if _same_size(own, home) and _rent_class(own, day, norms) == _rent_class(home, day, norms):
            distance = _distance(portfolio.complex[own.complex], portfolio.complex[home.complex])
            lot = hashlib.sha256(f"{vacancy.id}|{other.id}".encode()).hexdigest()
            found.append((distance is None, distance or 0.0, lot, other, distance))
    for *_, other, distance in sorted(found, key=lambda each: each[:3]):
        yield other, distance


def _same_size(one: Dwelling, other: Dwelling) -> bool:
    return one.rooms is None or other.rooms is None or abs(one.rooms - other.rooms) <= 1


def _rent_class(dwelling: Dwelling, day: date, norms: Norms) -> int | None:
    """Return how many of the year's rent limits a rent passes; None where it isn't known."""
    if dwelling.rent is None:
        return None
    caps = cast("Mapping[str, Decimal]", norms.value("rent.cap", day))
    bounds = (
        norms.number("rent.quality_discount_limit", day),
        caps["low"],
        caps["high"],
        norms.number("rent.social_rent_cap", day),
    )
    return sum(dwelling.rent > bound for bound in bounds)


def _distance(one: Complex, other: Complex) -> float | None:
    """Great-circle distance between two complexes [m]; None where a place isn't known."""
    if None in (one.lat, one.lon, other.lat, other.lon):
        return None
    north, east = radians(one.lat or 0.0), radians(one.lon or 0.0)
    up, right = radians(other.lat or 0.0), radians(other.lon or 0.0)
    chord = sin((up - north) / 2) ** 2 + cos(north) * cos(up) * sin((right - east) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(chord))
