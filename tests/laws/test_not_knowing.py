"""Not knowing never makes a verdict firmer; what got better by forgetting says so."""

from __future__ import annotations

import copy
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from mixwijzer.engine.account import Labels, Outlook, State
from mixwijzer.engine.advice import judge
from mixwijzer.engine.advice._rules import rules, verdict
from mixwijzer.engine.advice._situation import Situation
from mixwijzer.engine.reasons import Modifier, ReasonKind, Verdict
from tests.engine.cases import FIGURES, outlook_of, scheme_of, situation_of
from tests.engine.oracle import Figures
from tests.engine.town import DAY
from tests.strategies import Json, cases, categories, labelled_cases, role_cases

everything = cases()


def own(told: Json) -> Json:
    """The scope that holds the account."""
    return next(scope for scope in told["scopes"] if "account" in scope)


def robustness(situation: Situation, category: str) -> dict[str, bool | None]:
    """Per rule whether its verdict is the same whatever the unknown are."""
    return {rule.id: rule.robust for rule in rules(situation, category)}


@given(case=labelled_cases, category=categories, forgotten=categories)
def test_a_label_that_is_forgotten_never_makes_a_verdict_robust(
    case: tuple[Figures, Json], category: str, forgotten: str
) -> None:
    figures, told = case
    assume({category, forgotten} <= set(figures.categories))
    index = figures.categories.index(forgotten)
    own(told)["account"]["complete"][index] += 1
    less = copy.deepcopy(told)
    own(less)["account"]["complete"][index] -= 1
    own(less)["account"]["unknown"] += 1
    before = robustness(situation_of(figures, told), category)
    after = robustness(situation_of(figures, less), category)
    for rule, robust in before.items():
        assert not (robust is False and after[rule] is True)


@given(case=role_cases, category=categories, ended=st.sampled_from(["attention", "carrier"]))
def test_a_role_that_nobody_knows_of_never_makes_a_verdict_robust(
    case: tuple[Figures, Json], category: str, ended: str
) -> None:
    figures, told = case
    situation = situation_of(figures, told)
    outlook = situation.outlook
    assert outlook is not None
    index = figures.categories.index(ended)
    # One more household beside: with a role, and without.
    roles = tuple(k + (i == index) for i, k in enumerate(outlook.state.roles))
    with_role = Outlook(state=replace(outlook.state, roles=roles))
    assume(any(outlook.state.roles))
    others = outlook.state.others.after_letting(figures.mean)
    without = Outlook(state=replace(outlook.state, others=others))
    before = robustness(replace(situation, outlook=with_role), category)
    after = robustness(replace(situation, outlook=without), category)
    for rule, robust in before.items():
        assert not (robust is False and after[rule] is True)


@given(case=labelled_cases | role_cases, category=categories)
def test_what_is_known_and_unknown_bounds_the_count_and_more_unknown_widens_it(
    case: tuple[Figures, Json], category: str
) -> None:
    """The bounds behind "robust" are nested: forgetting somebody never moves one inwards."""
    figures, told = case
    assume(category in figures.categories)
    outlook = outlook_of(figures, own(told)["account"])
    before = outlook.bounds(category)
    assume(before is not None)
    labels = outlook.labels
    if labels is not None:
        index = figures.categories.index(category)
        assume(labels.complete[index] > outlook.gone.count(category))
        fewer = tuple(k - (i == index) for i, k in enumerate(labels.complete))
        less = replace(outlook, labels=replace(labels, complete=fewer, unknown=labels.unknown + 1))
    else:
        others = outlook.state.others.after_letting(figures.mean)
        less = replace(outlook, state=replace(outlook.state, others=others))
    after = less.bounds(category)
    assert before is not None
    assert after is not None
    assert after[0] <= before[0] <= before[1] <= after[1]


def test_promises_are_part_of_what_robust_looks_at() -> None:
    """Three homes promised to attention and two unknown: five is possible, so not robust."""
    scheme = scheme_of(FIGURES)
    labels = Labels(
        scheme=scheme, complete=(0, 6, 0), signal=(0, 0, 0), expired=(0, 0, 0), unknown=2
    )
    promised = ((1.0, 0.0, 0.0),) * 3
    outlook = Outlook(state=State.first(scheme, 8, DAY), labels=labels, comes=promised)
    assert outlook.bounds("attention") == (3, 5)
    assert outlook.bounds("carrier") == (0, 2)
    vague = replace(outlook, comes=((0.3, 0.7, 0.0),) * 2)
    assert vague.bounds("attention") == (0, 4)
    assert vague.bounds("carrier") == (0, 2)
    left = replace(outlook, comes=(), gone=("regular", ""))
    assert left.bounds("attention") == (0, 1)
    assert left.bounds("regular") == (5, 6)


@given(case=everything, category=categories)
def test_the_likely_range_lies_within_the_wide_one(
    case: tuple[Figures, Json], category: str
) -> None:
    figures, told = case
    assume(category in figures.categories)
    for rule in rules(situation_of(figures, told), category):
        count = rule.count
        assert count.wide[0] <= count.likely[0] <= count.median <= count.likely[1] <= count.wide[1]
        assert rule.headroom_wide[0] <= rule.headroom_likely[0] <= rule.headroom
        assert rule.headroom <= rule.headroom_likely[1] <= rule.headroom_wide[1]
        assert rule.headroom == rule.limit - count.median
        assert 0.0 <= rule.chance_next <= rule.chance <= 1.0


@given(case=everything)
def test_robust_is_said_only_where_roles_or_labels_exist(case: tuple[Figures, Json]) -> None:
    figures, told = case
    situation = situation_of(figures, told)
    assert situation.outlook is not None
    known = situation.outlook.unknown is not None
    for category in figures.categories:
        for rule in rules(situation, category):
            own_scope = rule.scope == situation.rings[situation.at].scope
            assert (rule.robust is not None) == (known and own_scope)


@given(case=cases("odd_bases", "a_mixed_bag"), category=categories)
def test_who_knows_a_part_is_asked_first_whatever_the_chance(
    case: tuple[Figures, Json], category: str
) -> None:
    figures, told = case
    assume(category in figures.categories)
    account = own(told)["account"]
    account["events"] = [
        {
            "on": "2026-11-02",
            "type": "judge",
            "judges": [{"by": "x", "attention": [0, 0, 0], "known": "part"}],
        }
    ]
    situation = situation_of(figures, told)
    advice = judge(situation, category)
    here = situation.rings[situation.at].scope
    for rule in advice.rules:
        if rule.scope == here:
            assert rule.verdict is Verdict.ASK_FIRST
            assert rule.modifiers[-1] is Modifier.KNOWN_PART
        else:
            assert Modifier.KNOWN_PART not in rule.modifiers
    if any(rule.scope == here for rule in advice.rules):
        assert advice.verdict <= Verdict.ASK_FIRST
        assert not advice.flips
        assert not advice.blocked


@given(case=cases("odd_bases"), category=categories)
def test_one_judge_who_knows_most_is_enough_to_speak(
    case: tuple[Figures, Json], category: str
) -> None:
    figures, told = case
    account = own(told)["account"]
    says = {"attention": [0, 0, 0]}
    judges = [{"by": "x", **says, "known": "part"}, {"by": "y", **says, "known": "most"}]
    account["events"] = [{"on": "2026-11-02", "type": "judge", "judges": judges}]
    for rule in rules(situation_of(figures, told), category):
        assert Modifier.KNOWN_PART not in rule.modifiers


@given(case=labelled_cases, category=categories)
def test_a_verdict_that_got_better_because_labels_expired_says_so_and_asks_first(
    case: tuple[Figures, Json], category: str
) -> None:
    figures, told = case
    assume(category in figures.categories)
    situation = situation_of(figures, told)
    advice = judge(situation, category)
    renewed = copy.deepcopy(told)
    described = own(renewed)["account"]
    described["complete"] = [
        a + b for a, b in zip(described["complete"], described["expired"], strict=True)
    ]
    described["expired"] = [0] * len(figures.categories)
    valid = situation_of(figures, renewed)
    before = verdict(valid, rules(valid, category))
    plain = verdict(situation, rules(situation, category))
    assert advice.better_by_expiry == (plain > before)
    if advice.better_by_expiry:
        assert advice.verdict <= Verdict.ASK_FIRST
        assert advice.reasons[0].kind is ReasonKind.EXPIRED_LABELS
        assert advice.reasons[0].verdict is advice.verdict
    else:
        assert advice.verdict is plain
        assert all(reason.kind is not ReasonKind.EXPIRED_LABELS for reason in advice.reasons)


@given(case=labelled_cases, category=categories)
def test_where_expiry_decides_nothing_else_is_proposed(
    case: tuple[Figures, Json], category: str
) -> None:
    figures, told = case
    assume(category in figures.categories)
    situation = situation_of(figures, told)
    advice = judge(situation, category)
    if advice.better_by_expiry and verdict(situation, advice.rules) > Verdict.ASK_FIRST:
        assert (advice.flips, advice.blocked) == ((), ())
