"""Is there room here, for whom, and along which way? The advice about one vacancy.

The vacancy is steered, not the person: the input is portfolio, vacancy and day, there is no
candidate. The account is taken after this departure, every announced departure and every
commitment. Ceilings make verdicts; shortages only order the channels. Everything is exact
(ENGINE §3, §3b): chances over whole households, least changes that flip, dates of validity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.account import Accounts, Level, Separate, Spread
from mixwijzer.engine.advice._ahead import (
    Later,
    LookAhead,
    PlacementAhead,
    RoomAgain,
    look_ahead,
)
from mixwijzer.engine.advice._alternatives import Alternative, alternatives
from mixwijzer.engine.advice._channels import ChannelAdvice, recommended, weigh
from mixwijzer.engine.advice._flips import Blocked, Flip
from mixwijzer.engine.advice._portfolio import drafts_of, situation_of, vacancy_of
from mixwijzer.engine.advice._rules import Rule
from mixwijzer.engine.advice._situation import Situation
from mixwijzer.engine.advice._together import Together
from mixwijzer.engine.advice._verdicts import CategoryAdvice, judge, verdict_in, verdict_only
from mixwijzer.engine.errors import NormError, ProfileError
from mixwijzer.engine.norms import Assumptions, Norms
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind, Vacancy
from mixwijzer.engine.reasons import Verdict
from mixwijzer.engine.steering import PlacementCost, Room

__all__ = [
    "Advice",
    "Alternative",
    "Blocked",
    "Brief",
    "CategoryAdvice",
    "ChannelAdvice",
    "Flip",
    "Later",
    "LookAhead",
    "PlacementAhead",
    "PlacementCost",
    "RoomAgain",
    "Rule",
    "Together",
    "Until",
    "advise",
    "alternatives",
    "brief",
    "verdict_only",
]


class Until(StrEnum):
    """Why an advice ends: its longest term, its publication, or a fact that changes it."""

    TERM = "term"
    PUBLICATION = "publication"
    FACT = "fact"
    NORM = "norm"


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
    ahead
        What each placement means later and elsewhere; None where no room index was given.
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
    ahead: LookAhead | None = None

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
    room: Room | None = None,
    followed: bool = True,
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
    room
        The complex as priced with its portfolio (`RoomIndex.room`): then the advice tells what a
        placement means later and elsewhere. Of ways that differ little today, that chooses.
    followed
        Whether the complex is followed for years after each placement; costs are told either way.

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
    return _Advising(accounts, asked, day, norms, room, followed=followed).advice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The outcome of an advice without its reasons: what many are compared by.

    `verdicts` and `chances` by category, the chance of the rule that binds (1 where none speaks);
    `recommended` is the id of the recommended channel.
    """

    vacancy: str
    verdicts: Mapping[str, Verdict]
    chances: Mapping[str, float]
    recommended: str | None


def brief(accounts: Accounts, vacancy: str, day: date) -> Brief:
    """Return what `advise` would say about a vacancy, but not why or what would change it.

    Raises
    ------
    AdviceError
        No such vacancy, or its dwelling is no part of the base.
    ProfileError
        A profile around the vacancy that no mix can satisfy.
    """
    situation = situation_of(accounts, vacancy_of(accounts.portfolio, vacancy), day)
    told = {name: verdict_in(situation, name) for name in accounts.scheme.categories}
    mine = [each for each in accounts.portfolio.channels if each.scheme == accounts.scheme.name]
    weighed = weigh(situation, mine, [each.has_ground(day) for each in mine])
    best, _ = recommended(weighed, accounts.assumptions.small_difference)
    return Brief(
        vacancy=vacancy,
        verdicts={name: each.verdict for name, each in told.items()},
        chances={name: each.binding.chance if each.binding else 1.0 for name, each in told.items()},
        recommended=best.channel.id if best else None,
    )


class _Advising:
    """The making of one advice."""

    def __init__(
        self,
        accounts: Accounts,
        vacancy: Vacancy,
        day: date,
        norms: Norms,
        room: Room | None,
        *,
        followed: bool,
    ) -> None:
        self.accounts, self.vacancy, self.day, self.norms = accounts, vacancy, day, norms
        self.room, self.followed = room, followed
        self.portfolio = accounts.portfolio
        self.dwelling = self.portfolio.dwelling[vacancy.dwelling]

    def advice(self) -> Advice:
        """Put verdicts, channels, alternatives and validity together."""
        situation = situation_of(self.accounts, self.vacancy, self.day)
        drafts = drafts_of(self.accounts, self.vacancy, self.day)
        categories = tuple(
            judge(situation, name, drafts) for name in self.accounts.scheme.categories
        )
        ahead = self._ahead(situation)
        weighed = self._channels(situation, ahead.costs if ahead else ())
        best, close = recommended(weighed, self.accounts.assumptions.small_difference)
        until, because = self._validity(situation, categories)
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
            ahead=ahead,
        )

    def _ahead(self, situation: Situation) -> LookAhead | None:
        if self.room is None:
            return None
        filling = any(
            ring.fill_up for ring in situation.rings if ring.scope.kind is ScopeKind.COMPLEX
        )
        return look_ahead(
            self.accounts, self.vacancy, self.room, filling_up=filling, followed=self.followed
        )

    def _channels(self, situation: Situation, costs: Sequence[float]) -> tuple[ChannelAdvice, ...]:
        mine = [
            each for each in self.portfolio.channels if each.scheme == self.accounts.scheme.name
        ]
        return weigh(situation, mine, [each.has_ground(self.day) for each in mine], costs)

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

    def _validity(
        self, situation: Situation, categories: Sequence[CategoryAdvice]
    ) -> tuple[date, Until]:
        """Return the last day before a fact changes a verdict, at most term or publication."""
        term = self.day + timedelta(days=self.accounts.assumptions.valid_days)
        until, because = term, Until.TERM
        publication = self.vacancy.publication
        if publication is not None and self.day <= publication < until:
            until, because = publication, Until.PUBLICATION
        verdicts = [each.verdict for each in categories]
        for when in self._dates(situation, until):
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
        names = self.accounts.scheme.categories
        try:
            then = [verdict_only(later, self.vacancy, name, when).verdict for name in names]
        except ProfileError:
            # From that day on the profile can't be met: today's advice stands until then.
            return Until.FACT
        return Until.FACT if then != list(verdicts) else None

    def _dates(self, situation: Situation, until: date) -> list[date]:
        """Return the coming days on which a profile, household, role, label or norm changes."""
        dated: set[date | None] = set()
        dated |= {day for row in self.portfolio.profiles for day in (row.start, row.end)}
        dated |= {day for row in self.portfolio.caps for day in (row.start, row.end)}
        dated |= {row.fill_up_until for row in self.portfolio.profiles}
        own = Scope(ScopeKind.COMPLEX, self.dwelling.complex)
        speaking = [ring.scope for ring in situation.rings if ring.limits]
        dated |= self.accounts.turns(max((own, *speaking)), self.vacancy.free_from)
        for key in self._norm_keys():
            dated |= {day for value in self.norms[key].values for day in (value.start, value.end)}
        return sorted(each for each in dated if each is not None and self.day < each <= until)

    def _open_here(self) -> int:
        return sum(
            self.portfolio.is_open(each, self.day)
            for home in self.portfolio.dwellings_of.get(self.dwelling.complex, ())
            for each in self.portfolio.vacancies_of.get(home.id, ())
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
