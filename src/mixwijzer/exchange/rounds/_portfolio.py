"""Which round does a portfolio hold: homes, candidates, what was agreed about them?

Homes are the open vacancies about which there is advice. A band leaves as many households as the
advice says ("still 2"), so that a round and the page of a vacancy never tell apart; a promise asks
of these homes what the rest of its period asks of all that come free. Nothing is known of a
candidate but what stands in the table; the category is that of the lettings to the same group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import ceil
from typing import cast

from mixwijzer.engine.advice import Advice
from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    Answer,
    Asked,
    FreeHome,
    LettingRound,
    Pairs,
    RoundCandidate,
    eligible,
    in_order,
)
from mixwijzer.engine.errors import AdviceError, AllocationError
from mixwijzer.engine.norms import Norms
from mixwijzer.engine.portfolio import Candidate, Dwelling, Ground, Scope, ScopeKind
from mixwijzer.exchange.inquiry import Inquiry, Refusal
from mixwijzer.exchange.rounds._reading import RoundRead

OUT_OF_BAND = "letting.round_out_of_band"
PRIORITIES = "letting.priorities"
SHORT_OF_PROMISE = "letting.round_short_of_promise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which vacancies and candidates take part, by id; None: all that are open."""

    vacancies: Collection[str] | None = None
    candidates: Collection[str] | None = None


ALL = Part()


def portfolio_round(inquiry: Inquiry, part: Part = ALL) -> RoundRead:
    """Return the round of a portfolio on the day of the inquiry.

    Raises
    ------
    AdviceError
        `round_nobody` for a name that isn't there.
    AllocationError
        `round_empty` without a home; `round_without_candidates`.
    NormError
        A norm that is needed is missing or expired.
    """
    advices, left_out = _advised(inquiry, part.vacancies)
    people = _taking_part(inquiry.portfolio.candidates, part.candidates)
    making = _Making(inquiry, advices, people)
    homes, agreements = making.homes(), making.agreements()
    judged = tuple(making.judged())
    the_round = LettingRound(
        homes=homes,
        candidates=making.candidates(),
        agreements=agreements,
        pairs=Pairs.by_order(making.order(), ((h, p) for h, p, refusal in judged if not refusal)),
    )
    refusals = {(homes[h].id, people[p].id): refusal for h, p, refusal in judged if refusal}
    return RoundRead(
        homes=homes,
        agreements=agreements,
        round=the_round,
        refusals=refusals,
        left_out=left_out,
    )


def _advised(
    inquiry: Inquiry, vacancies: Collection[str] | None
) -> tuple[tuple[Advice, ...], tuple[Refusal, ...]]:
    """Return the advice about each home, and the homes about which there is none."""
    wanted = inquiry.open_vacancies()
    if vacancies is not None:
        if unknown := sorted(set(vacancies) - set(wanted)):
            raise AdviceError("round_nobody", unknown[0])
        wanted = tuple(each for each in wanted if each in vacancies)
    found = [inquiry.answer(each) for each in wanted]
    return (
        tuple(each for each in found if isinstance(each, Advice)),
        tuple(each for each in found if isinstance(each, Refusal)),
    )


def _taking_part(
    people: Sequence[Candidate], wanted: Collection[str] | None
) -> tuple[Candidate, ...]:
    if wanted is not None:
        if unknown := sorted(set(wanted) - {each.id for each in people}):
            raise AdviceError("round_nobody", unknown[0])
        people = [each for each in people if each.id in wanted]
    if not people:
        raise AllocationError("round_without_candidates", "round")
    return tuple(people)


@dataclass(frozen=True)
class _Making:
    """The making of one round: positions of homes are those of the advices."""

    inquiry: Inquiry
    advices: tuple[Advice, ...]
    people: tuple[Candidate, ...]

    def homes(self) -> tuple[FreeHome, ...]:
        return tuple(
            FreeHome(
                id=each.vacancy,
                complex=each.complex.code,
                neighbourhood=self._area(each),
            )
            for each in self.advices
        )

    def _area(self, advice: Advice) -> str:
        return self.inquiry.portfolio.complex[advice.complex.code].neighbourhood or ""

    def candidates(self) -> tuple[RoundCandidate, ...]:
        """Return who takes part; an agreed group is placed by direct mediation."""
        return tuple(
            RoundCandidate(
                id=each.id,
                category=self._category(each.target_group),
                group=each.target_group or "",
                ground=Ground.DIRECT_MEDIATION.value if each.target_group else "",
            )
            for each in self.people
        )

    def _category(self, group: str | None) -> str:
        """Return the category that lettings to a group mostly brought; empty where none tells."""
        told = self._brought.get(group or "")
        return max(sorted(told), key=told.__getitem__) if told else ""

    @cached_property
    def _brought(self) -> Mapping[str, Counter[str]]:
        """Lettings per category, per group."""
        told: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.inquiry.portfolio.lettings:
            if row.group and row.category:
                told[row.group][row.category] += 1
        return told

    def order(self) -> list[int]:
        """Return everybody's place in the order of the letting rules (candidates,)."""
        return order_of(self.people, self.inquiry.norms, self.inquiry.day)

    def judged(self) -> Iterator[tuple[int, int, str]]:
        """Yield every home and candidate with the first letting rule in between, if any."""
        dwellings = [self.inquiry.portfolio.dwelling[each.dwelling] for each in self.advices]
        return judged(dwellings, self.people, self.inquiry.norms, self.inquiry.day)

    # --- what was agreed

    def agreements(self) -> tuple[Agreement, ...]:
        return (*self._bands(), *self._promises())

    def _bands(self) -> Iterator[Agreement]:
        """Yield a ceiling per place and category: what the advice leaves, at the home with least.

        A stairwell is narrower than a round looks; its verdict is on the page of the vacancy.
        """
        prices = self._prices(OUT_OF_BAND)
        left: dict[tuple[Scope, str], int] = {}
        for advice in self.advices:
            places = {advice.complex.code, self._area(advice)}
            for rule in (rule for each in advice.categories for rule in each.rules):
                if rule.scope.kind is not ScopeKind.STAIRWELL and rule.scope.code in places:
                    key = rule.scope, rule.category
                    left[key] = min(rule.headroom, left.get(key, rule.headroom))
        for (scope, category), most in sorted(left.items()):
            yield Agreement(
                id=f"{scope.code} {self.inquiry.name(scope)} · {category}",
                kind=AgreementKind.BAND,
                place=scope.code,
                category=category,
                high=max(most, 0),
                prices=prices,
            )

    def _promises(self) -> Iterator[Agreement]:
        """Yield what each promise asks of these homes, when they bear their even part of it."""
        prices = self._prices(SHORT_OF_PROMISE)
        inquiry, groups = self.inquiry, {each.target_group for each in self.people}
        for counted, told in zip(inquiry.obligations(), inquiry.expectations(), strict=True):
            promise = counted.obligation
            if promise.group in groups and told is not None and told.one_in:
                yield Agreement(
                    id=promise.id,
                    kind=AgreementKind.OBLIGATION,
                    group=promise.group,
                    low=min(ceil(len(self.advices) / told.one_in), len(self.advices)),
                    prices=prices,
                )

    def _prices(self, norm: str) -> tuple[int, ...]:
        return points(norm, self.inquiry.norms, self.inquiry.day, people=len(self.people))


def judged(
    homes: Sequence[Dwelling], people: Sequence[Candidate], norms: Norms, day: date
) -> Iterator[tuple[int, int, str]]:
    """Yield every home and candidate, by position, with the first letting rule in between, if any.

    The rules look at a handful of facts on either side, so they are asked once for all homes and
    candidates that are alike.
    """
    known: dict[tuple[object, ...], str] = {}
    for home, dwelling in enumerate(homes):
        mine = (dwelling.rooms, dwelling.rent, dwelling.accessible)
        for place, who in enumerate(people):
            key = (*mine, who.size, who.income_class, who.accessible_needed)
            if key not in known:
                known[key] = _refusal(who, dwelling, norms, day)
            yield home, place, known[key]


def _refusal(who: Candidate, home: Dwelling, norms: Norms, day: date) -> str:
    found = eligible(who, home, Asked(), norms, day)
    first = next(iter(found.against), None)
    if first is None or first.answer is Answer.TIGHT:  # a norm uses that margin
        return ""
    return f"no_{first.lacking}" if first.lacking else first.rule.value


def order_of(people: Sequence[Candidate], norms: Norms, day: date) -> list[int]:
    """Return everybody's place in the order of the letting rules (candidates,)."""
    told = cast("Sequence[str]", norms.value(PRIORITIES, day))
    place = {each.id: number for number, each in enumerate(in_order(people, told), 1)}
    return [place[each.id] for each in people]


def points(norm: str, norms: Norms, day: date, *, people: int) -> tuple[int, ...]:
    """Return a norm in points: a home for who is first in the order is worth twice as many."""
    told = norms.value(norm, day)
    steps = told if isinstance(told, tuple) else (told,)
    return tuple(max(round(cast("Decimal", step) * 2 * people), 1) for step in steps)
