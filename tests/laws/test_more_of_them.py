"""More households of a category never make more room for it, and whatever widens never narrows."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from mixwijzer.engine.account import Account, Summed
from mixwijzer.engine.advice._rules import _compared, rules, verdict
from mixwijzer.engine.advice._situation import Situation
from mixwijzer.engine.reasons import Verdict
from tests.engine.cases import FIGURES, assumptions_of, situation_of
from tests.engine.oracle import Figures
from tests.strategies import (
    Json,
    amounts,
    cases,
    categories,
    judged_cases,
    labelled_cases,
    nested_cases,
    role_cases,
    seeds,
)


def overall(situation: Situation, category: str) -> Verdict:
    """The verdict before anything else is looked at."""
    return verdict(situation, rules(situation, category))


def with_more(account: Account, category: str, dice: np.random.Generator) -> Account:
    """An account with stochastically more of a category: some chance moves to mixes with more."""
    names = account.scheme.categories
    index = names.index(category)
    axes = [name for name in names if name != account.scheme.ordinary]
    grid = account.grid.copy()
    for cell in sorted(np.ndindex(grid.shape)):
        mix = dict(zip(axes, cell, strict=True))
        mix[account.scheme.ordinary] = account.households - sum(cell)
        others = [name for name in names if name != category and mix[name] > 0]
        if min(mix.values()) < 0 or not others:
            continue
        goal = dict(mix)
        goal[others[int(dice.integers(len(others)))]] -= 1
        goal[names[index]] += 1
        part = grid[cell] * float(dice.choice([0.0, 0.2, 1.0]))
        grid[cell] -= part
        grid[tuple(goal[name] for name in axes)] += part
    return Account(account.scheme, grid)


@given(
    case=judged_cases | nested_cases | role_cases | cases("a_known_leaver"),
    category=categories,
    seed=seeds,
)
def test_an_account_with_more_of_a_category_never_gives_it_a_better_verdict(
    case: tuple[Figures, Json], category: str, seed: int
) -> None:
    figures, told = case
    assume(category in figures.categories)
    situation = situation_of(figures, told)
    more = with_more(situation.inner, category, np.random.default_rng(seed))
    assert overall(situation.with_inner(more), category) <= overall(situation, category)


@given(case=nested_cases, category=categories, seed=seeds)
def test_more_of_a_category_elsewhere_in_the_neighbourhood_never_makes_more_room_here(
    case: tuple[Figures, Json], category: str, seed: int
) -> None:
    figures, told = case
    assume(category in figures.categories)
    situation = situation_of(figures, told)
    dice = np.random.default_rng(seed)

    def fuller(rest: Summed | None) -> Summed | None:
        if rest is None:
            return None
        parts = [with_more(part, category, dice) for part in rest.parts]
        return Summed(rest.scheme, parts)

    rings = tuple(replace(ring, rest=fuller(ring.rest)) for ring in situation.rings)
    assert overall(replace(situation, rings=rings), category) <= overall(situation, category)


def one_more_promised(told: Json, shares: list[float], *, at: int | None = None) -> Json:
    """The same case with one more home promised, in the complex or in a wider scope."""
    more = copy.deepcopy(told)
    promise = {"on": "2026-11-20", "type": "let", "shares": shares}
    own = next(scope for scope in more["scopes"] if "account" in scope)
    if at is None:
        own["account"]["events"].append(promise)
    else:
        more["scopes"][at]["rest"].append(
            {"from": "judgements", "h": 0, "day": "2026-11-20", "events": [promise]}
        )
    for scope in more["scopes"]:
        scope["fill_up"] = False
    return more


def shares_for(figures: Figures, category: str) -> list[float]:
    return [float(name == category) for name in figures.categories]


@given(case=judged_cases | role_cases, category=categories)
def test_a_home_promised_to_a_category_never_makes_more_room_for_it(
    case: tuple[Figures, Json], category: str
) -> None:
    figures, told = case
    before = situation_of(figures, one_more_promised(told, shares_for(figures, category)))
    for scope in told["scopes"]:
        scope["fill_up"] = False
    assert overall(before, category) <= overall(situation_of(figures, told), category)


@given(case=nested_cases, category=categories)
def test_a_home_promised_elsewhere_in_the_neighbourhood_never_makes_more_room_here(
    case: tuple[Figures, Json], category: str
) -> None:
    figures, told = case
    assume(category in figures.categories)
    wide = [index for index, scope in enumerate(told["scopes"]) if "rest" in scope]
    assume(wide)
    more = one_more_promised(told, shares_for(figures, category), at=wide[0])
    after = overall(situation_of(figures, more), category)
    assert after <= overall(situation_of(figures, told), category)


@given(case=judged_cases | nested_cases | role_cases, category=st.sampled_from(["attention"]))
def test_one_more_active_neighbour_never_takes_room_from_others(
    case: tuple[Figures, Json], category: str
) -> None:
    figures, told = case
    assume("carrier" in figures.categories)
    more = one_more_promised(told, shares_for(figures, "carrier"))
    for scope in told["scopes"]:
        scope["fill_up"] = False
    before, after = situation_of(figures, told), situation_of(figures, more)
    assert overall(after, category) >= overall(before, category)
    assert overall(after, "regular") >= overall(before, "regular")


def with_limits(told: Json, step: int) -> Json:
    """The same case with every cap so many places higher."""
    more = copy.deepcopy(told)
    for scope in more["scopes"]:
        for cap in scope.get("caps", ()):
            cap["at_most"] = max(cap["at_most"] + step, 0)
    return more


@given(case=judged_cases | nested_cases | labelled_cases, category=categories, step=amounts)
def test_a_tighter_cap_never_gives_more_room(
    case: tuple[Figures, Json], category: str, step: int
) -> None:
    figures, told = case
    assume(category in figures.categories)
    before, after = situation_of(figures, told), situation_of(figures, with_limits(told, -step))
    assert overall(after, category) <= overall(before, category)


@given(
    case=judged_cases | nested_cases | labelled_cases | role_cases,
    category=categories,
    step=st.integers(1, 60),
)
def test_raising_a_maximum_never_turns_a_yes_into_a_no(
    case: tuple[Figures, Json], category: str, step: int
) -> None:
    figures, told = case
    assume(category in figures.categories)
    wider = copy.deepcopy(told)
    for scope in wider["scopes"]:
        for band in (scope.get("profile") or {}).values():
            if "max" in band:
                band["max"] = min(band["max"] + step * 100, 10_000)
    before, after = situation_of(figures, told), situation_of(figures, wider)
    assert overall(after, category) >= overall(before, category)


@given(case=judged_cases | nested_cases | role_cases, category=categories, step=st.integers(1, 30))
def test_more_homes_with_the_same_households_never_give_less_room(
    case: tuple[Figures, Json], category: str, step: int
) -> None:
    figures, told = case
    assume(category in figures.categories)
    larger = copy.deepcopy(told)
    for scope in larger["scopes"]:
        # A scope under the smallest base stays under it: the same scopes speak.
        if scope["n"] >= figures.min_band:
            scope["n"] += step
    before, after = situation_of(figures, told), situation_of(figures, larger)
    assert overall(after, category) >= overall(before, category)


@given(case=labelled_cases, category=categories)
def test_a_label_that_stays_valid_longer_never_raises_the_chance_of_room_for_its_category(
    case: tuple[Figures, Json], category: str
) -> None:
    figures, told = case
    assume(category in figures.categories)
    index = figures.categories.index(category)
    longer = copy.deepcopy(told)
    for each, kind in ((told, "expired"), (longer, "complete")):
        described = next(scope for scope in each["scopes"] if "account" in scope)["account"]
        described["expired"] = [0] * len(figures.categories)
        described[kind][index] += 1
    before = rules(situation_of(figures, told), category)
    after = rules(situation_of(figures, longer), category)
    for now, later in zip(before, after, strict=True):
        assert later.chance <= now.chance


def test_a_share_of_ten_in_a_hundred_is_no_room_and_eight_in_ten_is_enough() -> None:
    """The thresholds themselves: at .1 there is no room, at .8 there is."""
    norms = assumptions_of(FIGURES)
    assert _compared(0.1, 0.0, norms) is Verdict.NO_ROOM
    assert _compared(0.100001, 0.0, norms) is Verdict.ASK_FIRST
    assert _compared(0.799999, 0.5, norms) is Verdict.ASK_FIRST
    assert _compared(0.8, 0.799999, norms) is Verdict.TIGHT
    assert _compared(0.8, 0.8, norms) is Verdict.ROOM
