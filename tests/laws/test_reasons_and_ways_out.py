"""Reasons are true, complete and sufficient; ways out work and are the smallest (RELIABILITY 6.7).

Ten thousand random situations, thrown with numpy's dice: hypothesis would spend its time on
shrinking what never fails. What a reason or a way out claims is tested by changing the *case* (its
caps, bands and accounts) and asking again from the start.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from mixwijzer.engine.advice import CategoryAdvice, Flip, judge
from mixwijzer.engine.advice._rules import rules, verdict
from mixwijzer.engine.advice._situation import Ring, Situation
from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.reasons import Change, ChangeKind, Modifier, ReasonKind, Verdict
from tests.engine.cases import drafts_of, situation_of
from tests.engine.random_cases import KINDS

Json = Any

CASES = 10_000
CHUNK = 2_500


@dataclass(frozen=True)
class Asked:
    """One category of one random case, and what the engine said."""

    situation: Situation
    drafts: dict[str, Situation]
    category: str
    advice: CategoryAdvice


@cache
def asked(chunk: int) -> tuple[Asked, ...]:
    """A quarter of the ten thousand cases; every case asks about one category."""
    kinds = list(KINDS.values())
    out = []
    for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        dice = np.random.default_rng([number, 6, 7])
        figures, case = kinds[number % len(kinds)](dice)
        names = figures.categories
        category = "attention" if dice.random() < 0.6 else names[int(dice.integers(len(names)))]
        situation, drafts = situation_of(figures, case), dict(drafts_of(figures, case))
        out.append(Asked(situation, drafts, category, judge(situation, category, drafts)))
    return tuple(out)


def overall(situation: Situation, category: str) -> Verdict:
    """Ask again from the start."""
    return verdict(situation, rules(situation, category))


def keeping(each: Asked, wanted: set[str]) -> Situation:
    """The situation in which, of the rules on this category, only some remain."""

    def kept(ring: Ring) -> Ring:
        limits = tuple(
            limit for limit in ring.limits if limit.category != each.category or limit.id in wanted
        )
        return replace(ring, limits=limits)

    return replace(each.situation, rings=tuple(map(kept, each.situation.rings)))


def stated(each: Asked) -> set[str]:
    """The rules that the advice gives as reasons."""
    return {reason.rule for reason in each.advice.reasons if reason.kind is ReasonKind.RULE}


@pytest.fixture(scope="module", params=range(CASES // CHUNK))
def some(request: pytest.FixtureRequest) -> tuple[Asked, ...]:
    """A quarter of the cases; a fixture, so that all tests of one quarter run together."""
    return asked(request.param)


def test_every_reason_given_would_on_its_own_lead_to_the_verdict(some: tuple[Asked, ...]) -> None:
    for each in some:
        for rule in stated(each):
            assert overall(keeping(each, {rule}), each.category) is each.advice.verdict


def test_no_reason_is_left_out(some: tuple[Asked, ...]) -> None:
    for each in some:
        for rule in each.advice.rules:
            alone = overall(keeping(each, {rule.id}), each.category)
            assert (alone is each.advice.verdict) == (rule.id in stated(each))


def test_without_the_reasons_given_the_verdict_would_be_another(some: tuple[Asked, ...]) -> None:
    for each in some:
        decided = verdict(each.situation, each.advice.rules) is each.advice.verdict
        if each.advice.rules and decided and each.advice.verdict < Verdict.ROOM:
            others = {rule.id for rule in each.advice.rules} - stated(each)
            assert overall(keeping(each, others), each.category) > each.advice.verdict


def test_the_binding_rule_is_one_of_the_worst_and_always_named_where_a_rule_speaks(
    some: tuple[Asked, ...],
) -> None:
    for each in some:
        spoken, binding = each.advice.rules, each.advice.binding
        assert (binding is None) == (not spoken)
        if binding is not None:
            assert binding.verdict is min(rule.verdict for rule in spoken)
            peers = [rule for rule in spoken if rule.verdict is binding.verdict]
            assert binding.chance == min(rule.chance for rule in peers)


def test_there_is_always_a_reason_of_some_kind(some: tuple[Asked, ...]) -> None:
    for each in some:
        kinds = {reason.kind for reason in each.advice.reasons}
        if not each.situation.profiled:
            assert kinds == {ReasonKind.NO_PROFILE}
        elif not each.advice.rules:
            assert kinds == {ReasonKind.NO_NORM}
        else:
            assert kinds & {ReasonKind.RULE, ReasonKind.EXPIRED_LABELS}


# --- ways out ------------------------------------------------------------------------------------


def fewer_there(situation: Situation, category: str, scope: str, amount: int) -> Situation:
    """So many households of a category have left a scope: its count and that of wider ones."""
    at = next(i for i, ring in enumerate(situation.rings) if ring.scope.code == scope)
    laws = {}
    for position in range(at, len(situation.rings)):
        law = situation.pmf(position, category)
        laws[position] = [
            sum(law[: amount + 1]) if count == 0 else law[count + amount]
            for count in range(max(len(law) - amount, 1))
        ]
    return _Told(situation, category, laws)  # type: ignore[return-value]


class _Told:
    """A situation of which some laws are told instead of computed."""

    def __init__(self, situation: Situation, category: str, laws: dict[int, list[float]]) -> None:
        self._situation, self._category, self._laws = situation, category, laws

    def pmf(self, position: int, category: str) -> Any:
        if category == self._category and position in self._laws:
            return np.array(self._laws[position])
        return self._situation.pmf(position, category)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._situation, name)


def higher(situation: Situation, rule: str, amount: int) -> Situation:
    """The limit of one rule is so many households higher."""

    def raised(ring: Ring) -> Ring:
        limits = tuple(
            replace(limit, high=limit.high + amount)
            if limit.id == rule and limit.high is not None
            else limit
            for limit in ring.limits
        )
        return replace(ring, limits=limits)

    return replace(situation, rings=tuple(map(raised, situation.rings)))


def under(situation: Situation, category: str, below: int) -> Situation:
    """A judge said: fewer than so many."""
    inner = situation.inner
    grid = np.where(inner.counts(category) < below, inner.grid, 0.0)
    return replace(situation, inner=type(inner)(inner.scheme, grid / grid.sum()))


def after(each: Asked, changes: tuple[Change, ...]) -> Verdict:
    """The verdict when changes have come true; departures last, they speak of what is then."""
    drafts = [each.drafts[change.rule] for change in changes if change.kind is ChangeKind.DRAFT]
    situation = drafts[0] if drafts else each.situation
    for change in changes:
        if change.kind is ChangeKind.LIMIT:
            situation = higher(situation, change.rule, change.amount)
        elif change.kind is ChangeKind.FEWER_THAN:
            situation = under(situation, each.category, change.amount)
        elif change.kind is ChangeKind.CONFIRMED:
            assert situation.outlook is not None
            known = situation.outlook.confirmed(each.category, change.amount)
            assert known is not None
            situation = replace(situation, inner=known)
    for change in changes:
        if change.kind is ChangeKind.DEPARTURES:
            situation = fewer_there(situation, each.category, change.scope, change.amount)
    return overall(situation, each.category)


def smaller(flip: Flip, place: int, home: int) -> tuple[Change, ...] | None:
    """The same changes with one of them a step milder; None where there is no milder one."""
    change = flip.changes[place]
    step = 1 if change.kind is ChangeKind.FEWER_THAN else -1
    milder = change.amount + step
    if change.kind is ChangeKind.DRAFT or milder > home:
        return None
    if milder == 0:
        return (*flip.changes[:place], *flip.changes[place + 1 :])
    return (
        *flip.changes[:place],
        replace(change, amount=milder),
        *flip.changes[place + 1 :],
    )


def test_every_way_out_works_when_it_comes_true(some: tuple[Asked, ...]) -> None:
    for each in some:
        for flip in each.advice.flips:
            reached = after(each, flip.changes)
            assert reached is flip.verdict
            assert reached >= Verdict.TIGHT > each.advice.verdict


def test_no_way_out_asks_for_more_than_is_needed(some: tuple[Asked, ...]) -> None:
    for each in some:
        for flip in each.advice.flips:
            for place in range(len(flip.changes)):
                milder = smaller(flip, place, each.situation.inner.households)
                if milder is not None:
                    assert after(each, milder) < Verdict.TIGHT


def test_two_changes_are_proposed_only_where_no_single_one_works(some: tuple[Asked, ...]) -> None:
    for each in some:
        lengths = {len(flip.changes) for flip in each.advice.flips}
        assert lengths <= {1} or lengths <= {2}
        kinds = [tuple(change.kind for change in flip.changes) for flip in each.advice.flips]
        assert len(set(kinds)) == len(kinds)
        assert (ChangeKind.DEPARTURES, ChangeKind.DEPARTURES) not in kinds
        costs = [flip.cost for flip in each.advice.flips]
        assert costs == sorted(costs)


def test_what_stays_blocked_is_blocked_even_by_the_largest_change_of_its_kind(
    some: tuple[Asked, ...],
) -> None:
    for each in some:
        most = each.situation.assumptions.most_changes
        for blocked in each.advice.blocked:
            amount = most
            if blocked.kind is ChangeKind.FEWER_THAN:
                law = each.situation.inner.pmf(each.category)
                amount = int(np.flatnonzero(law)[0]) + 1
            elif blocked.kind is ChangeKind.CONFIRMED:
                outlook = each.situation.outlook
                assert outlook is not None
                amount = max(
                    m for m in range(1, most + 1) if outlook.confirmed(each.category, m) is not None
                )
            elif blocked.kind is ChangeKind.DRAFT:
                amount = 1
            change = Change(
                kind=blocked.kind, scope=blocked.scope, rule=blocked.rule, amount=amount
            )
            assert after(each, (change,)) < Verdict.TIGHT
            assert blocked.by


def test_a_kind_of_change_is_either_a_way_out_or_blocked_but_never_both(
    some: tuple[Asked, ...],
) -> None:
    for each in some:
        ways = {flip.changes[0].kind for flip in each.advice.flips if len(flip.changes) == 1}
        assert not ways & {blocked.kind for blocked in each.advice.blocked}
        if each.advice.verdict >= Verdict.TIGHT or not each.advice.rules:
            assert not each.advice.flips
            assert not each.advice.blocked


def test_nobody_is_asked_to_label_the_one_who_leaves(some: tuple[Asked, ...]) -> None:
    """A way out is a departure, a question, a limit or a draft: never a label for the leaver."""
    for each in some:
        for flip in each.advice.flips:
            for change in flip.changes:
                assert change.kind in set(ChangeKind)
                if change.kind is ChangeKind.CONFIRMED:
                    assert each.situation.outlook is not None
                    assert change.amount <= (each.situation.outlook.unknown or 0)


def test_the_ordinary_category_is_never_refused(some: tuple[Asked, ...]) -> None:
    for each in some:
        scheme: Scheme = each.situation.scheme
        if each.category == scheme.ordinary:
            assert each.advice.verdict > Verdict.NO_ROOM


def test_a_leaver_of_the_same_category_lifts_bands_and_never_caps(some: tuple[Asked, ...]) -> None:
    for each in some:
        for rule in each.advice.rules:
            if Modifier.LIKE_FOR_LIKE in rule.modifiers:
                assert rule.kind.value == "band"
                assert each.situation.leaver == each.category


def test_the_ten_thousand_cases_are_not_all_alike() -> None:
    """Every verdict, every kind of change, like-for-like, fill-up, half-known, expired: enough."""
    verdicts: dict[Verdict, int] = dict.fromkeys(Verdict, 0)
    kinds: dict[ChangeKind, int] = dict.fromkeys(ChangeKind, 0)
    modifiers: dict[Modifier, int] = dict.fromkeys(Modifier, 0)
    expired = blocked = pairs = 0
    for chunk in range(CASES // CHUNK):
        for each in asked(chunk):
            verdicts[each.advice.verdict] += 1
            expired += each.advice.better_by_expiry
            blocked += bool(each.advice.blocked)
            for flip in each.advice.flips:
                pairs += len(flip.changes) == 2
                for change in flip.changes:
                    kinds[change.kind] += 1
            for rule in each.advice.rules:
                for modifier in rule.modifiers:
                    modifiers[modifier] += 1
    assert min(verdicts.values()) > 300, verdicts
    assert min(kinds.values()) > 30, kinds
    assert min(modifiers.values()) > 30, modifiers
    assert min(expired, blocked, pairs) > 30, (expired, blocked, pairs)
