"""Do the letting rules allow this candidate this home, and if not, which rule says so?

Rules look at the home and at what the law and the agreements ask of a letting: the income class,
the rent, the number of persons, a home without stairs, the agreed group, the day of registration.
Each answers for itself, with what it compared and the norm behind it; a norm that isn't in force on
the day makes its rule unanswered, never a yes. Nobody gets points: within a channel the order is
that of the letting rules, priority first and then who registered longest ago.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import cast

from mixwijzer.engine.errors import NormError
from mixwijzer.engine.norms import Figure, Norms
from mixwijzer.engine.portfolio import Candidate, Dwelling


class IncomeClass(StrEnum):
    """Income against the two limits of the law; the income itself is nowhere."""

    LOW = "low"  # up to the limit of affordability fit
    TARGET = "target"  # above that, up to the limit for a social home
    MIDDLE = "middle"  # above that, up to the limit of a middle income
    HIGH = "high"


class LettingRule(StrEnum):
    """What a letting rule looks at, in the order in which people check it."""

    INCOME = "income"
    AFFORDABILITY = "affordability"
    SIZE = "size"
    ACCESSIBLE = "accessible"
    GROUP = "group"
    REGISTERED = "registered"


class Answer(IntEnum):
    """What a rule says; worst first. TIGHT: only within a margin that the organisation uses."""

    FAILED = 0
    UNANSWERED = 1
    TIGHT = 2
    PASSED = 3
    SILENT = 4  # the rule has nothing to say about this home or candidate


class Lacking(StrEnum):
    """What keeps a rule from answering."""

    RENT = "rent"
    INCOME = "income"
    ROOMS = "rooms"
    NORM = "norm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a vacancy asks of candidates, besides what its home is.

    Parameters
    ----------
    group
        The agreed group that the channel is for; None: open to everybody.
    registered_by
        Last day of registration with which somebody counts; None: no such day.
    """

    group: str | None = None
    registered_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAnswer:
    """What one rule says, with what it compared.

    Parameters
    ----------
    rule, answer
        Which, and what it says.
    has, least, most
        What was compared: a class, a rent [euro a month], persons, a group or a day; with the
        least and the most that go.
    norm
        Key of the norm behind it; empty where the home or the channel itself says it.
    lacking
        What an unanswered rule lacks.
    ended
        Since when its norm isn't in force any more, or from when it will be (lacking NORM).
    """

    rule: LettingRule
    answer: Answer
    has: Figure | date | None = None
    least: Figure | date | None = None
    most: Figure | date | None = None
    norm: str = ""
    lacking: Lacking | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """What all rules say of one candidate and one home."""

    candidate: str
    home: str
    answers: tuple[RuleAnswer, ...]

    @property
    def answer(self) -> Answer:
        """The worst answer of a rule that speaks; PASSED when none does."""
        return min((Answer.PASSED, *(each.answer for each in self.answers)))

    @property
    def against(self) -> tuple[RuleAnswer, ...]:
        """The answers that decide it: all those as bad as the worst; none when it fits."""
        worst = self.answer
        return tuple(
            each for each in self.answers if each.answer is worst and worst < Answer.PASSED
        )

    def of(self, rule: LettingRule) -> RuleAnswer:
        """Return the answer of one rule."""
        return next(each for each in self.answers if each.rule is rule)


SOCIAL_RENT = "rent.social_rent_cap"
FIT_RENT = "rent.cap"
FIT_MARGIN = "letting.use_fit_margin"
FREE_ROOM = "letting.use_free_room"
PERSONS = "letting.persons_for_rooms"


def eligible(
    candidate: Candidate, home: Dwelling, asked: Asked, norms: Norms, day: date
) -> Eligibility:
    """Say what the letting rules say of this candidate and this home on a day.

    >>> from mixwijzer.exchange.normbook import read_norms
    >>> day = date(2026, 11, 2)
    >>> who = Candidate(id="K1", size=4, registered=date(2020, 5, 1), income_class="target")
    >>> home = Dwelling(id="H1", complex="C1", rooms=1)
    >>> found = eligible(who, home, Asked(), read_norms(), day)
    >>> [(each.rule.value, each.has, each.most) for each in found.against]
    [('size', 4, 2)]
    """
    judge = _Judge(candidate=candidate, home=home, asked=asked, norms=norms, day=day)
    return Eligibility(candidate=candidate.id, home=home.id, answers=tuple(judge.answers()))


def in_order(candidates: Iterable[Candidate], priorities: Sequence[str]) -> list[Candidate]:
    """Put candidates in the order of the letting rules.

    First those with a priority, in the order of `priorities`; then who registered longest ago; the
    id decides between two of one day. What isn't among `priorities` gives none.
    """
    rank = {name: place for place, name in enumerate(priorities)}

    def place(each: Candidate) -> tuple[int, date, str]:
        return rank.get(each.priority or "", len(rank)), each.registered, each.id

    return sorted(candidates, key=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """One candidate beside one home."""

    candidate: Candidate
    home: Dwelling
    asked: Asked
    norms: Norms
    day: date

    def answers(self) -> Iterator[RuleAnswer]:
        rules = (
            (LettingRule.INCOME, SOCIAL_RENT, self._income),
            (LettingRule.AFFORDABILITY, FIT_RENT, self._affordability),
            (LettingRule.SIZE, PERSONS, self._size),
            (LettingRule.ACCESSIBLE, "", self._accessible),
            (LettingRule.GROUP, "", self._group),
            (LettingRule.REGISTERED, "", self._registered),
        )
        for rule, norm, answer in rules:
            try:
                yield answer()
            except NormError as error:
                yield _without_norm(rule, norm, error)

    def _income(self) -> RuleAnswer:
        """Let a social home go to an income under the limit; above it only in the free room."""
        rule, rent, income = LettingRule.INCOME, self.home.rent, self._class
        most = cast("Decimal", self.norms.value(SOCIAL_RENT, self.day))
        if rent is not None and rent > most:
            return RuleAnswer(rule=rule, answer=Answer.SILENT, norm=SOCIAL_RENT)
        if income in (IncomeClass.LOW, IncomeClass.TARGET):
            return RuleAnswer(rule=rule, answer=Answer.PASSED, has=income, norm=SOCIAL_RENT)
        if income is None:
            return _lacks(rule, Lacking.INCOME, SOCIAL_RENT)
        if rent is None:
            return _lacks(rule, Lacking.RENT, SOCIAL_RENT)
        return RuleAnswer(
            rule=rule,
            answer=self._margin(FREE_ROOM),
            has=income,
            most=IncomeClass.TARGET,
            norm=FREE_ROOM,
        )

    def _affordability(self) -> RuleAnswer:
        """Let a low income go with a rent up to the limit for so many persons."""
        rule, rent, income = LettingRule.AFFORDABILITY, self.home.rent, self._class
        if income is None:
            return _lacks(rule, Lacking.INCOME, FIT_RENT)
        if income is not IncomeClass.LOW:
            return RuleAnswer(rule=rule, answer=Answer.SILENT, norm=FIT_RENT)
        limits = cast("dict[str, Decimal]", self.norms.value(FIT_RENT, self.day))
        most = limits["low" if self.candidate.size <= _FEW else "high"]
        if rent is None:
            return _lacks(rule, Lacking.RENT, FIT_RENT)
        if rent <= most:
            return RuleAnswer(rule=rule, answer=Answer.PASSED, has=rent, most=most, norm=FIT_RENT)
        margin = self._margin(FIT_MARGIN)
        norm = FIT_MARGIN if margin is Answer.TIGHT else FIT_RENT
        return RuleAnswer(rule=rule, answer=margin, has=rent, most=most, norm=norm)

    def _size(self) -> RuleAnswer:
        """Let so many persons go with so many rooms."""
        rule, rooms, size = LettingRule.SIZE, self.home.rooms, self.candidate.size
        limits = cast("dict[str, tuple[int, ...]]", self.norms.value(PERSONS, self.day))
        if rooms is None:
            return _lacks(rule, Lacking.ROOMS, PERSONS)
        least, most = (
            limits[name][min(max(rooms, 1), len(limits[name])) - 1] for name in ("least", "most")
        )
        fits = Answer.PASSED if least <= size <= most else Answer.FAILED
        return RuleAnswer(rule=rule, answer=fits, has=size, least=least, most=most, norm=PERSONS)

    def _accessible(self) -> RuleAnswer:
        rule = LettingRule.ACCESSIBLE
        if not self.candidate.accessible_needed:
            return RuleAnswer(rule=rule, answer=Answer.SILENT)
        fits = Answer.PASSED if self.home.accessible else Answer.FAILED
        return RuleAnswer(rule=rule, answer=fits, has=self.home.accessible)

    def _group(self) -> RuleAnswer:
        rule, asked, group = LettingRule.GROUP, self.asked.group, self.candidate.target_group
        if asked is None:
            return RuleAnswer(rule=rule, answer=Answer.SILENT)
        fits = Answer.PASSED if group == asked else Answer.FAILED
        return RuleAnswer(rule=rule, answer=fits, has=group, most=asked)

    def _registered(self) -> RuleAnswer:
        rule, last, since = (
            LettingRule.REGISTERED,
            self.asked.registered_by,
            self.candidate.registered,
        )
        if last is None:
            return RuleAnswer(rule=rule, answer=Answer.SILENT)
        fits = Answer.PASSED if since <= last else Answer.FAILED
        return RuleAnswer(rule=rule, answer=fits, has=since, most=last)

    @property
    def _class(self) -> IncomeClass | None:
        """The income class; None where there is none, or one that the law doesn't know."""
        told = self.candidate.income_class
        return IncomeClass(told) if told in tuple(IncomeClass) else None

    def _margin(self, switch: str) -> Answer:
        """Whether the organisation uses the part of its lettings that the law leaves free."""
        return Answer.TIGHT if self.norms.value(switch, self.day) else Answer.FAILED


_FEW = 2  # persons up to which the lower limit of the rent holds


def _lacks(rule: LettingRule, what: Lacking, norm: str) -> RuleAnswer:
    return RuleAnswer(rule=rule, answer=Answer.UNANSWERED, norm=norm, lacking=what)


def _without_norm(rule: LettingRule, norm: str, error: NormError) -> RuleAnswer:
    day = error.facts.get("end") or error.facts.get("start")
    return RuleAnswer(
        rule=rule,
        answer=Answer.UNANSWERED,
        norm=error.subject or norm,
        lacking=Lacking.NORM,
        ended=date.fromisoformat(str(day)) if day else None,
    )
