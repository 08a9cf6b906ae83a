"""Which way of giving homes keeps the mix, meets the promises, and who bears it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import RegimeError
from mixwijzer.engine.norms import Assumptions
from mixwijzer.engine.portfolio import Ground, Letting, Obligation, Scope, ScopeKind
from mixwijzer.engine.regimes import Comparison, Partial, Plan, Regime, Scenario, compare, partials
from mixwijzer.engine.regimes._plan import BLOCK
from mixwijzer.engine.regimes._regime import Rule
from mixwijzer.engine.regimes._runs import ran
from tests.engine.town import DAY, OWNER, Town, norms_of

RATES = Rates(
    categories=("attention", "regular", "carrier"),
    leave=(0.12, 0.10, 0.08),
    drift=((0, 0.06, 0.01), (0.05, 0, 0.02), (0.01, 0.08, 0)),
)
LIST = Regime(name="list", rule=Rule.WAITING_LIST)
BAND, SHORTAGE, QUOTA, SCORE = (
    Regime(name=rule.value, rule=rule)
    for rule in (Rule.BAND, Rule.SHORTAGE, Rule.QUOTA, Rule.SCORE)
)
STATUS = Obligation(
    id="o",
    group="status_holder",
    owner=OWNER,
    start=date(2026, 1, 1),
    end=date(2027, 1, 1),
    unit="households",
    target=1,
)


@lru_cache
def accounts(*, promised: int = 1, bands: bool = True, tight: bool = False) -> Accounts:
    """Twelve complexes of which much is known: of eight homes, and of six with one empty."""
    town = Town().channel("ordinary")
    for number in range(6):
        town.complex(f"C{number}", homes=8).complex(f"D{number}", homes=6, occupied=5)
        large, small = (Scope(ScopeKind.COMPLEX, f"{letter}{number}") for letter in "CD")
        town.judged(scope=large, attention=(4, 4, 5), carrier=(1, 1, 1))
        town.judged(scope=small, attention=(1, 1, 1), carrier=(0, 0, 1))
    if bands:
        town.band(max=4000, target=3000).band("carrier", min=1500)
    if tight:
        town.cap(category="regular", at_most=0).band("regular", min=5000)
        town.cap(category="carrier", at_most=0).cap(category="attention", at_most=1)
    town.lettings.append(
        Letting(
            vacancy="long ago",
            channel="ordinary",
            ground=Ground.NONE_NEEDED,
            category="attention",
            group="status_holder",
            on=date(2025, 5, 1),
        )
    )
    owed = (replace(STATUS, target=promised),) if promised else ()
    portfolio = replace(town.portfolio(), obligations=owed)
    return Accounts(portfolio, Assumptions.on(norms_of(), DAY), DAY)


def plan_of(*regimes: Regime, **more: Any) -> Plan:
    """A plan for the twelve complexes, of a few years."""
    given = more.pop("accounts", None) or accounts()
    years = more.pop("years", 4)
    scenario = more.pop("scenario", Scenario(waited=24))
    return Plan.of(given, RATES, regimes, years=years, scenario=scenario, **more)


def same(one: Partial, other: Partial) -> bool:
    """Whether two outcomes are the same bit by bit."""
    return (
        (one.key, one.first, one.last) == (other.key, other.first, other.last)
        and (one.sums == other.sums).all()
        and (one.products == other.products).all()
    )


@lru_cache
def five() -> Comparison:
    """Every rule beside the waiting list."""
    scenario = Scenario(waited=24, days_to_let=16.7, days_again=7)
    return compare(plan_of(LIST, BAND, SHORTAGE, QUOTA, SCORE, scenario=scenario, years=8), 512)


# --- what comes out -----------------------------------------------------------------------------


def test_who_steers_keeps_the_mix_better_than_the_waiting_list() -> None:
    told = five()
    for rule in ("band", "quota", "score"):
        found = told.measured(rule, "homes_in_band")
        assert found.difference_between[0][-1] > 0
        assert told.measured(rule, "out_of_band").difference_between[1][-1] < 0


def test_the_waiting_list_passes_nobody_over_and_who_steers_does() -> None:
    told = five()
    for name in told.plan.categories:
        assert told.measured("list", f"passed:{name}").mean.max() == 0.0
    assert told.measured("band", "passed:attention").mean[1:].sum() > 0
    assert told.measured("band", "waiting:attention").difference[-1] > 1
    assert told.measured("band", "waiting:carrier").difference[-1] < -1


def test_every_household_on_the_list_is_housed_or_still_waits() -> None:
    told = five()
    years = np.arange(told.plan.years + 1)
    for regime in told.plan.regimes:
        for place, name in enumerate(told.plan.categories):
            arrivals = told.plan.arrivals[place]
            let = told.measured(regime.name, f"let:{name}").mean.cumsum()
            waits = told.measured(regime.name, f"waiting:{name}").mean * arrivals
            first = np.round(24 * arrivals)
            assert waits == pytest.approx(first + np.floor(12 * years * arrivals + 1e-9) - let)


def test_all_regimes_let_about_as_many_homes_and_days_empty_follow_who_is_passed_over() -> None:
    told = five()
    for regime in told.plan.regimes:
        let, passed = (
            sum(told.measured(regime.name, f"{what}:{name}").mean for name in told.plan.categories)
            for what in ("let", "passed")
        )
        days = told.measured(regime.name, "days_vacant").mean
        assert days == pytest.approx(16.7 * let + 7 * passed)
        assert let[0] == 6  # the homes that were empty at the start
        assert let[1:].mean() == pytest.approx(8.4, abs=0.5)


def test_a_promise_is_kept_when_as_many_were_let_as_owed() -> None:
    told = compare(plan_of(LIST, years=2, accounts=accounts(promised=4)), 64)
    kept = told.measured("list", "promises_kept").mean
    met = told.measured("list", "met:status_holder").mean
    assert kept[0] == met[0] == 1.0
    assert 0 < kept[1] <= met[1] < 1
    nothing = compare(plan_of(LIST, years=2, accounts=accounts(promised=0)), 64)
    assert nothing.measured("list", "promises_kept").mean.tolist() == [1.0, 1.0, 1.0]


def test_who_looks_ahead_meets_more_of_what_was_promised_than_who_looks_at_today() -> None:
    owed = accounts(promised=4)
    told = compare(plan_of(BAND, SCORE, accounts=owed, years=8), 512)
    more = told.measured("score", "met:status_holder").difference_between[0]
    assert more[1:].mean() > 0


def test_a_room_that_nothing_was_agreed_about_is_given_to_the_next_in_line() -> None:
    told = compare(plan_of(LIST, BAND, QUOTA, SHORTAGE, accounts=accounts(bands=False)), 64)
    for rule in ("band", "quota", "shortage"):
        assert told.measured(rule, "let:attention").difference.tolist() == [0.0] * 5
    assert told.plan.complexes == 0
    assert np.isnan(told.measured("list", "in_band").mean).all()


# --- laws ---------------------------------------------------------------------------------------


def test_a_regime_compared_with_itself_differs_by_exactly_nothing() -> None:
    twin = replace(BAND, name="twin")
    told = compare(plan_of(BAND, twin), 128)
    for measure in told.plan.measures:
        found = told.measured("twin", measure)
        assert found.difference.tolist() == found.difference_error.tolist() == [0.0] * 5


@pytest.mark.parametrize("rule", [BAND, SHORTAGE, QUOTA, SCORE], ids=lambda each: each.name)
def test_the_waiting_list_is_any_rule_that_may_steer_nothing(rule: Regime) -> None:
    told = compare(plan_of(LIST, replace(rule, steered=0.0)), 64)
    for measure in told.plan.measures:
        assert not told.measured(rule.name, measure).difference.any()


@given(seed=st.integers(0, 2**31), cut=st.integers(1, 3), at_once=st.integers(1, 4))
@settings(max_examples=8, deadline=None)
def test_the_same_seed_gives_the_same_bits_however_the_runs_are_cut(
    seed: int, cut: int, at_once: int
) -> None:
    plan = plan_of(LIST, QUOTA, seed=seed, years=2)
    whole = ran(plan, 0, 4)
    *_, last = partials(plan, 4 * BLOCK, chunk=cut, at_once=at_once)
    assert same(whole, last)
    assert same(whole, ran(plan, 0, cut).joined(ran(plan, cut, 4)))


def test_another_seed_gives_other_runs() -> None:
    one, other = (ran(plan_of(LIST, seed=seed), 0, 1) for seed in (1, 2))
    assert one.key != other.key
    assert (one.sums != other.sums).any()


def test_two_threads_give_the_same_bits_as_one() -> None:
    plan = plan_of(LIST, BAND)
    with ThreadPoolExecutor(2) as threads:
        many = compare(plan, 256, at_once=2, over=threads.map)
    assert same(many.partial, compare(plan, 256).partial)


def test_another_process_gives_the_same_bits() -> None:
    plan = plan_of(LIST, BAND)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        elsewhere = compare(plan, 256, over=processes.map)
    assert same(elsewhere.partial, compare(plan, 256).partial)


def test_what_was_stopped_and_saved_goes_on_as_if_it_never_stopped() -> None:
    plan = plan_of(LIST, SCORE)
    seen = list(partials(plan, 256))
    assert [each.runs for each in seen] == [64, 128, 192, 256]
    resumed = compare(plan_of(LIST, SCORE), 256, after=seen[1])
    assert same(resumed.partial, seen[-1])
    assert same(compare(plan, 200, after=seen[-1]).partial, seen[-1])


def test_a_saved_part_of_another_question_is_refused() -> None:
    saved = ran(plan_of(LIST), 0, 1)
    other = plan_of(LIST, scenario=Scenario(turnover=1.1))
    with pytest.raises(RegimeError, match="other_plan"):
        compare(other, 128, after=saved)
    with pytest.raises(RegimeError, match="other_plan"):
        saved.joined(ran(other, 1, 2))
    with pytest.raises(RegimeError, match="not_next"):
        saved.joined(saved)


def test_means_and_errors_are_those_of_the_runs_one_by_one() -> None:
    plan = plan_of(LIST, BAND)
    whole = compare(plan, 192)
    blocks = [ran(plan, at, at + 1) for at in range(3)]
    assert whole.runs == 192
    row = plan.measures.index("out_of_band")
    means = np.mean([each.sums[1, row] for each in blocks], axis=0) / BLOCK
    assert whole.measured("band", "out_of_band").mean == pytest.approx(means)
    spread = sum(each.products[1, 1, row] for each in blocks) / 192 - means**2
    told = whole.measured("band", "out_of_band")
    assert told.error == pytest.approx(np.sqrt(spread / 191))
    low, high = told.between
    assert high - low == pytest.approx(2 * told.wide * told.error)
    assert told.wide == pytest.approx(1.9725, abs=1e-3)


def test_common_chance_makes_a_difference_surer_than_two_runs_apart() -> None:
    told = five().measured("band", "days_vacant")
    apart = np.hypot(told.error, five().measured("list", "days_vacant").error)
    assert (told.difference_error[1:] < 0.5 * apart[1:]).all()


@pytest.mark.parametrize("rule", [LIST, BAND, SHORTAGE, QUOTA, SCORE], ids=lambda each: each.name)
def test_no_regime_stays_below_the_bound(rule: Regime) -> None:
    plan = plan_of(replace(rule, name="one"), SCORE, accounts=accounts(promised=0), years=40)
    told = compare(plan, 256).measured("one", "out_of_band")
    assert plan.bound is not None
    assert plan.bound > 0
    assert told.mean[-1] >= plan.bound - 3 * told.error[-1]


def test_more_homes_to_steer_never_lower_what_looking_ahead_keeps_in_band() -> None:
    shares = [replace(SCORE, name=f"{share:g}", steered=share) for share in (0.0, 0.3, 0.6, 1.0)]
    plenty = Scenario(arrivals=(50.0, 50.0, 50.0))
    told = compare(plan_of(*shares, scenario=plenty, accounts=accounts(promised=0), years=6), 512)
    for less, more in pairwise(shares):
        one, other = (told.measured(each.name, "out_of_band") for each in (less, more))
        assert other.mean[-1] <= one.mean[-1] + 3 * np.hypot(one.error, other.error)[-1]


# --- regimes ------------------------------------------------------------------------------------


def test_everybody_knows_eight_regimes_with_the_shares_of_law_and_agreement() -> None:
    shares = {"local_priority_share": 0.5, "free_allocation_room_agreed": 0.15}
    norms = norms_of(
        **{f"letting__{k}": v for k, v in shares.items()}, letting__free_allocation_room=0.075
    )
    known = Regime.built_in(norms, DAY)
    assert {name: each.share([]) for name, each in known.items()} == {
        "waiting_list": 0.0,
        "local": 0.5,
        "free_room": 0.15,
        "free_room_law": 0.075,
        "experiment": 1.0,
        "quota": 1.0,
        "shortage": 1.0,
        "score": 1.0,
    }
    assert [name for name, each in known.items() if each.looks_ahead] == ["score"]


def test_shares_by_channel_are_weighed_by_what_was_let_through_them() -> None:
    regime = replace(BAND, steered={"mediation": 1.0, "neighbours": 0.5})
    ways = ("mediation", "ordinary", "neighbours", "ordinary")
    lettings = [
        Letting(vacancy=f"{place}", channel=way, ground=Ground.NONE_NEEDED, on=DAY)
        for place, way in enumerate(ways)
    ]
    assert regime.share(lettings) == pytest.approx(0.375)
    with pytest.raises(RegimeError, match="no_lettings"):
        regime.share([])


def test_quota_refuse_who_is_at_the_ceiling_unless_one_like_it_left() -> None:
    alike = replace(QUOTA, name="alike", like_for_like=True)
    told = compare(plan_of(QUOTA, alike, years=8), 256)
    assert told.measured("alike", "passed:attention").difference_between[1][1:].mean() < 0
    assert told.measured("alike", "out_of_band").difference[-1] > 0


def test_a_cap_of_a_regime_stops_what_the_bands_allow() -> None:
    free = Regime(name="free", rule=Rule.SHORTAGE)
    none = replace(free, name="none", caps={"carrier": 0.0})
    ahead = replace(SCORE, name="ahead", caps={"carrier": 0.0})
    told = compare(plan_of(free, none, ahead, reference="free", scenario=Scenario(waited=240)), 64)
    for name in ("none", "ahead"):
        assert told.measured(name, "let:carrier").mean.sum() == 0.0
    assert told.measured("free", "let:carrier").mean.sum() > 0


def test_who_waits_longest_goes_first_where_the_order_says_so() -> None:
    oldest = replace(LIST, name="oldest", oldest=True)
    rush = Scenario(arrivals=(6.0, 3.0, 0.0), waited=24)
    told = compare(plan_of(LIST, oldest, scenario=rush, years=8), 256)
    waits = {
        regime: [
            told.measured(regime, f"waiting:{name}").mean[-1] for name in ("attention", "regular")
        ]
        for regime in ("list", "oldest")
    }
    apart = {regime: abs(one - other) for regime, (one, other) in waits.items()}
    assert apart["oldest"] < 3 < apart["list"]


# --- scenarios ----------------------------------------------------------------------------------


def test_after_the_end_of_an_experiment_only_what_is_left_is_steered() -> None:
    ends = Scenario(waited=24, ends=24, left=0.0)
    cut = compare(plan_of(LIST, BAND, scenario=ends), 256).measured
    assert cut("band", "passed:attention").mean[:3].all()
    assert not cut("band", "passed:attention").mean[3:].any()
    kept = compare(plan_of(LIST, BAND, scenario=replace(ends, left=1.0)), 256)
    whole = compare(plan_of(LIST, BAND), 256)
    assert (kept.partial.sums == whole.partial.sums).all()


def test_twice_the_turnover_lets_about_twice_as_many_homes() -> None:
    let = [
        compare(plan_of(LIST, scenario=Scenario(turnover=times)), 64).measured(
            "list", "let:regular"
        )
        for times in (1.0, 2.0)
    ]
    assert let[1].mean[1:].sum() / let[0].mean[1:].sum() == pytest.approx(2, abs=0.2)


def test_another_intake_is_what_the_ordinary_offer_brings() -> None:
    told = compare(plan_of(LIST, scenario=Scenario(intake=(1.0, 0.0, 0.0), waited=60)), 64)
    assert told.measured("list", "let:attention").mean[1:].min() > 1
    assert told.measured("list", "let:carrier").mean.sum() == 0


def test_a_supply_that_makes_the_promise_impossible_is_said_and_compared_without() -> None:
    short = Scenario(arrivals=(0.4, 9.0, 9.0), waited=0)
    plan = plan_of(SCORE, scenario=short)
    assert plan.impossible is not None
    assert plan.impossible.code == "promises_impossible"
    assert 0 < float(str(plan.impossible.facts["most"])) < 100
    assert compare(plan, 64).measured("score", "met:status_holder").mean[-1] < 0.5


def test_limits_that_no_mix_can_keep_are_named_and_never_counted_as_kept() -> None:
    plan = plan_of(LIST, BAND, QUOTA, SHORTAGE, SCORE, accounts=accounts(tight=True))
    assert plan.unholdable == tuple(
        sorted(f"{letter}{number}" for letter in "CD" for number in range(6))
    )
    assert plan.bound is None
    told = compare(plan, 64)
    for regime in plan.regimes:
        assert told.measured(regime.name, "in_band").mean.tolist() == [0.0] * 5


# --- what can't be compared ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regimes", "more", "code"),
    [
        ([], {}, "no_regimes"),
        ([LIST, LIST], {}, "regime_twice"),
        ([LIST], {"reference": "lottery"}, "regime_missing"),
        ([LIST], {"years": 0}, "years_range"),
        ([LIST], {"years": 101}, "years_range"),
        ([LIST], {"scenario": Scenario(intake=(0.5, 0.5))}, "shares_length"),
        ([LIST], {"scenario": Scenario(arrivals=(1.0,))}, "shares_length"),
    ],
)
def test_what_makes_no_comparison_is_refused(
    regimes: Sequence[Regime], more: dict[str, Any], code: str
) -> None:
    with pytest.raises(RegimeError, match=code):
        plan_of(*regimes, **more)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"turnover": 0.0}, "turnover_range"),
        ({"turnover": float("nan")}, "turnover_range"),
        ({"intake": (0.5, 0.4, 0.0)}, "shares_sum"),
        ({"arrivals": (-1.0, 2.0, 2.0)}, "arrivals_range"),
        ({"waited": -1}, "arrivals_range"),
        ({"left": 1.5}, "share_range"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(RegimeError, match=code):
        Scenario(**given)


def test_a_share_over_the_whole_is_refused_and_so_is_an_unknown_name() -> None:
    with pytest.raises(RegimeError, match="share_range"):
        replace(BAND, steered={"mediation": 1.2})
    told = five()
    with pytest.raises(RegimeError, match="regime_missing"):
        told.measured("lottery", "in_band")
    with pytest.raises(RegimeError, match="measure_missing"):
        told.measured("list", "happiness")


def test_a_portfolio_without_homes_has_nothing_to_compare() -> None:
    empty = Accounts(Town().portfolio(), Assumptions.on(norms_of(), DAY), DAY)
    with pytest.raises(RegimeError, match="no_homes"):
        plan_of(LIST, accounts=empty)


def test_what_would_take_days_says_so_before_it_starts_and_how_many_runs_will_do() -> None:
    plan = plan_of(LIST, years=100)
    assert 0 < plan.seconds(1024) < 60
    with pytest.raises(RegimeError, match="runs_range"):
        plan.seconds(1)
    with pytest.raises(RegimeError, match="runs_range"):
        plan.seconds(10**9)
    many = replace(plan, tasks=plan.tasks * 2000)
    with pytest.raises(RegimeError, match="too_many_runs") as refused:
        many.seconds(100_000)
    at_most = refused.value.facts["at_most"]
    assert isinstance(at_most, int)
    assert many.seconds(at_most) > 0
