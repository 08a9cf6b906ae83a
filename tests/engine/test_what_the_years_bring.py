"""What the coming years bring: the exact chain, the sample and the means tell one story."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm, logm

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.forecast import (
    Chain,
    Forecast,
    Limits,
    Outset,
    Policy,
    Simplex,
    forecast,
)
from mixwijzer.engine.forecast import chance as the_chance
from mixwijzer.engine.forecast import kernel as the_kernel
from mixwijzer.engine.forecast.sampled import Lines, task_of
from mixwijzer.engine.forecast.sampled import drawn as drawn_blocks
from mixwijzer.engine.norms import Assumptions, Scheme
from mixwijzer.engine.portfolio import Band, Scope, ScopeKind
from tests.engine.oracle.years import generator, history, years_on
from tests.engine.town import DAY, Town, norms_of

ROLES = ("attention", "regular", "carrier")


@given(st.integers(0, 14), st.integers(1, 5))
def test_every_mix_of_a_complex_is_listed_once_in_order_and_found_again(
    homes: int, categories: int
) -> None:
    mixes = Simplex.of(homes, categories)
    listed = [tuple(row) for row in mixes.counts.tolist()]
    assert listed == sorted(set(listed))
    assert (mixes.counts.sum(axis=1) == homes).all()
    assert mixes.index(mixes.counts).tolist() == list(range(len(mixes)))


def test_a_complex_of_eight_categories_has_too_many_mixes_to_follow_one_by_one() -> None:
    with pytest.raises(ForecastError, match="too_many_mixes"):
        Simplex(60, 8)


def test_limits_are_the_whole_households_of_band_and_cap_together() -> None:
    bands = {"attention": Band(min=3000, target=3500, max=4000), "carrier": Band(min=1000)}
    limits = Limits.of(40, ROLES, bands, {"regular": 25})
    assert (limits.low.tolist(), limits.high.tolist()) == ([12, 0, 4], [16, 25, 40])
    assert limits.holds([[12, 24, 4], [11, 25, 4], [12, 26, 2]]).tolist() == [True, False, False]
    assert limits.beyond([[18, 26, 3]]).tolist() == [[2, 1, 1]]
    assert limits.can_hold(40)


def test_where_no_whole_number_fits_a_hard_band_its_ceiling_speaks_alone() -> None:
    hard = Limits.of(2, ROLES, {"attention": Band(min=3000, max=4000, hard=True)})
    assert (hard.low[0], hard.high[0]) == (0, 0)


def test_a_free_home_goes_to_the_largest_shortage_and_equal_ones_share_alike() -> None:
    policy = Policy.toward([0.3, 0.5, 0.2], [3, 3, 3], 8)
    assert policy.intake([[1, 3, 3], [2, 2, 3], [2, 2, 2]]).tolist() == [
        [1, 0, 0],
        [0.5, 0.5, 0],
        [1 / 3, 1 / 3, 1 / 3],
    ]


def test_who_may_steer_half_of_the_homes_leaves_the_other_half_to_the_ordinary_offer() -> None:
    policy = Policy.toward([0.3, 0.5, 0.2], [3, 3, 3], 8, steered=0.5)
    assert policy.intake([[1, 3, 3]])[0] == pytest.approx([0.65, 0.25, 0.1])


def test_without_supply_or_under_a_cap_for_all_a_home_goes_the_ordinary_way() -> None:
    policy = Policy.toward([0.3, 0.5, 0.2], [9, 3, 3], 8)
    assert policy.intake([[1, 3, 3]], [False, True, True])[0].tolist() == [0, 0.5, 0.5]
    assert policy.intake([[1, 3, 3]], [False] * 3)[0].tolist() == [0.3, 0.5, 0.2]
    assert policy.capped([1, 3, 3], 8).intake([[1, 3, 3]])[0].tolist() == [0.3, 0.5, 0.2]
    assert policy.capped([1, 4, 3], 8).intake([[1, 3, 3]])[0].tolist() == [0, 1, 0]


def test_the_policy_of_today_s_limits_costs_a_household_out_of_them() -> None:
    limits = Limits(low=np.array([2, 0]), high=np.array([3, 1]))
    costs = Policy.nearest([0.5, 0.5], limits, 4).costs
    assert costs is not None
    assert costs.tolist() == [[-1, -1, 0, 1, 1], [0, 1, 1, 1, 1]]


def test_a_cost_of_the_whole_mix_counts_the_other_empty_homes_as_well_given() -> None:
    whole = Simplex.of(2, 2)
    joint = np.array([[0.0, 5.0], [1.0, 4.0], [2.0, 3.0]])
    policy = Policy(ordinary=np.array([0.5, 0.5]), steered=1.0, joint=joint, prices=[0.0, 1.0])
    assert policy.intake(whole.counts).tolist() == [[1, 0], [1, 0], [1, 0]]
    # With one household there, either choice leaves the better of the next: 0 after "regular".
    assert policy.intake([[0, 1]]).tolist() == [[0.5, 0.5]]
    assert policy.capped([1, 3], 3).intake([[1, 1], [0, 2]]).tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ordinary": [0.5, 0.6]}, "policy_shares"),
        ({"ordinary": [0.5, 0.5], "steered": 1.5}, "policy_shares"),
        ({"ordinary": [0.5, 0.5], "costs": np.zeros((3, 4))}, "policy_shape"),
        ({"ordinary": [0.5, 0.5, 0], "joint": np.zeros((5, 3))}, "policy_shape"),
        (
            {"ordinary": [0.5, 0.5], "joint": np.zeros((5, 2)), "costs": np.zeros((2, 6))},
            "policy_shape",
        ),
    ],
)
def test_a_policy_that_fits_nothing_is_refused(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(ForecastError, match=code):
        Policy(**wrong)  # type: ignore[arg-type]


# --- the methods agree, and with plain readings of the same words ---

LEAVE, DRIFT = (0.06, 0.07, 0.09), ((0, 0.06, 0.01), (0.03, 0, 0.05), (0.005, 0.08, 0))
CALM = Rates(categories=ROLES, leave=LEAVE, drift=DRIFT)
SHARES = (0.35, 0.5, 0.15)
TIGHT = Limits(low=np.array([0, 2, 1]), high=np.array([2, 4, 2]))

MOVES = {
    "as they are": CALM,
    "with extra churn": replace(CALM, churn=(0.1, 0.3, 0.0)),
    "with a common yearly factor": replace(CALM, shock=0.6),
    "with stayers": replace(CALM, stayers=(0.5, 0.0, 0.3)),
}
JOINT = np.random.default_rng(1).random((len(Simplex.of(5, 3)), 3))
POLICIES = {
    "nobody steers": Policy.fixed(SHARES),
    "today's limits": Policy.nearest(SHARES, TIGHT, 6),
    "largest shortage, four in ten": Policy.toward(SHARES, [0.9, 3, 2.1], 6, steered=0.4),
    "the whole mix": Policy(
        ordinary=np.array(SHARES), steered=0.8, joint=JOINT, prices=np.array([0, 0.1, 0.2])
    ),
    "under a cap": Policy.toward(SHARES, [0.9, 3, 2.1], 6).capped([1, 3, 3], 6),
}


def six_homes(rates: Rates, policy: Policy) -> Outset:
    """Six homes, of which one or two stand empty; who lives in the others is not sure."""
    return Outset(
        id="C",
        homes=6,
        mixes=np.array([[1, 2, 1], [0, 3, 1], [2, 0, 2]]),
        chances=np.array([0.5, 0.2, 0.3]),
        rates=rates,
        limits=TIGHT,
        policy=policy,
    )


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("moves", MOVES)
def test_a_sample_says_what_the_exact_chain_says_within_its_error(moves: str, policy: str) -> None:
    outset, months = six_homes(MOVES[moves], POLICIES[policy]), (0, 3, 12, 40)
    exact = forecast([outset], months)
    drawn = forecast([outset], months, method="sampled", runs=6400, seed=3)
    off = drawn.in_band("C") - exact.in_band("C")
    assert (np.abs(off) <= 3.5 * drawn.error(exact.in_band("C")) + 1e-9).all()
    off = drawn.means["C"] - exact.means["C"]
    assert (np.abs(off) <= 3.5 * drawn.mean_error("C") + 1e-9).all()


@pytest.mark.parametrize("policy", ["nobody steers", "largest shortage, four in ten"])
def test_over_a_hundred_seeds_the_sample_stays_within_three_standard_errors(policy: str) -> None:
    outset = six_homes(CALM, POLICIES[policy])
    exact = forecast([outset], (12,)).in_band("C")[0]
    drawn = [
        forecast([outset], (12,), method="sampled", runs=256, seed=seed) for seed in range(100)
    ]
    each = np.array([one.in_band("C")[0] for one in drawn])
    error = drawn[0].error(np.array(exact))
    assert abs(each.mean() - exact) <= 3 * error / 10
    assert (np.abs(each - exact) <= 3 * error).mean() >= 0.97
    assert each.std() == pytest.approx(float(error), rel=0.25)


@pytest.mark.parametrize("moves", ["as they are", "with extra churn"])
@pytest.mark.parametrize("policy", POLICIES)
def test_the_chain_is_the_dense_matrix_of_every_mix_and_household(moves: str, policy: str) -> None:
    rates, chosen = MOVES[moves], POLICIES[policy]
    chain = Chain(6, rates, chosen)

    def intake(mix: tuple[int, ...]) -> list[float]:
        return [float(share) for share in chosen.intake([mix])[0]]

    def inside(mix: tuple[int, ...]) -> bool:
        return bool(TIGHT.holds(mix))

    plain = (rates.leave, rates.drift, rates.churn, intake)
    mixes, moving = generator(6, *plain)
    assert [tuple(row) for row in chain.mixes.counts.tolist()] == mixes
    held = np.array([inside(mix) for mix in mixes], dtype=float)
    there = years_on(moving, 1.5) @ held
    assert chain.ahead(held, 18) == pytest.approx(there, abs=1e-12)
    _, staying = generator(6, *plain, inside)
    stay = (years_on(staying, 1.5) * held).sum(axis=1) * held
    assert chain.ahead(np.ones(len(mixes)), 18, TIGHT) == pytest.approx(stay, abs=1e-12)
    assert (stay <= there + 1e-12).all()


def test_histories_drawn_event_by_event_end_where_the_chain_says() -> None:
    rng = np.random.default_rng(7)
    policy = POLICIES["largest shortage, four in ten"]

    def intake(mix: tuple[int, ...]) -> list[float]:
        return [float(share) for share in policy.intake([mix])[0]]

    ends = [history((2, 3, 1), 2.0, LEAVE, DRIFT, intake, rng) for _ in range(1500)]
    outset = Outset.at([2, 3, 1], CALM, policy, TIGHT, id="C")
    exact = forecast([outset], [24]).in_band("C")[0]
    seen = np.mean([bool(TIGHT.holds(end)) for end in ends])
    assert seen == pytest.approx(exact, abs=3 * (exact * (1 - exact) / 1500) ** 0.5)


# --- reference values ---

TURNED = np.array([[0.90, 0.08, 0.02], [0.03, 0.90, 0.07], [0.01, 0.12, 0.87]])
CAME = np.array([0.15, 0.50, 0.35])


def of_matrix(leave: float, rates: np.ndarray) -> Rates:
    """One turnover for all, and the rates off the diagonal of a matrix."""
    drift = rates - np.diag(np.diag(rates))
    return Rates(
        categories=("D", "R", "A"), leave=(leave,) * 3, drift=tuple(map(tuple, drift.tolist()))
    )


def test_ten_homes_a_year_on_when_all_households_move_at_once() -> None:
    step = 0.92 * TURNED + 0.08 * CAME
    kernel, mixes = Chain.yearly(10, step), Simplex.of(10, 3)
    chances = kernel[mixes.index([2, 5, 3])]
    assert len(chances) == 66
    assert chances[mixes.counts[:, 2] <= 3].sum() == pytest.approx(0.713427392486, abs=1e-12)
    assert chances @ mixes.counts == pytest.approx(np.array([2, 5, 3]) @ step, abs=1e-12)
    assert chances @ mixes.counts == pytest.approx([1.9416, 5.0184, 3.04], abs=1e-12)


@pytest.mark.parametrize(
    ("rates", "chance"),
    [
        (of_matrix(-np.log(0.92), logm(TURNED).real), 0.71465345298),
        (of_matrix(0.08, TURNED - np.eye(3)), 0.72338034269),
    ],
)
def test_ten_homes_a_year_on_event_by_event(rates: Rates, chance: float) -> None:
    limits = Limits(low=np.zeros(3, np.int64), high=np.array([10, 10, 3]))
    outset = Outset.at([2, 5, 3], rates, Policy.fixed(CAME), limits, id="C")
    year = forecast([outset], [12])
    assert year.in_band("C")[0] == pytest.approx(chance, abs=1e-11)
    assert 1 - year.out("C")[0, 2, 1] == pytest.approx(chance, abs=1e-11)
    flow = np.array(rates.drift) - np.diag(np.sum(rates.drift, axis=1))
    flow += rates.leave[0] * (CAME - np.eye(3))
    assert year.means["C"][0] == pytest.approx([2, 5, 3] @ expm(flow), abs=1e-12)


@pytest.mark.parametrize("moves", MOVES)
def test_the_means_alone_are_exact_where_nobody_steers(moves: str) -> None:
    outset, months = six_homes(MOVES[moves], POLICIES["nobody steers"]), (0, 7, 12, 31)
    means = forecast([outset], months, method="fluid").means["C"]
    assert means == pytest.approx(forecast([outset], months).means["C"], abs=1e-12)


@pytest.mark.parametrize("policy", POLICIES)
def test_where_somebody_steers_the_means_are_within_a_household(policy: str) -> None:
    outset, months = six_homes(CALM, POLICIES[policy]), (0, 12, 60)
    means = forecast([outset], months, method="fluid").means["C"]
    assert means == pytest.approx(forecast([outset], months).means["C"], abs=0.8)
    assert means.sum(axis=1) == pytest.approx([6, 6, 6])


# --- laws ---


def test_who_asks_for_every_month_hears_of_a_month_what_who_asks_for_it_alone_hears() -> None:
    each, alone = forecast(town_of(), range(25)), forecast(town_of(), [12, 24])
    for place in alone.means:
        np.testing.assert_allclose(each.means[place][[12, 24]], alone.means[place], atol=1e-12)
        np.testing.assert_allclose(each.kept[place][[12, 24]], alone.kept[place], atol=1e-12)


@given(st.permutations(range(3)), st.sampled_from(sorted(POLICIES)))
@settings(max_examples=12, deadline=None)
def test_the_order_of_the_categories_changes_nothing(order: list[int], policy: str) -> None:
    chosen, turn = POLICIES[policy], np.array(order)
    left = Simplex.of(5, 3)
    joint = chosen.joint
    if joint is not None:
        joint = joint[:, turn][np.argsort(left.index(left.counts[:, turn]))]
    turned = replace(
        chosen,
        ordinary=chosen.ordinary[turn],
        costs=None if chosen.costs is None else chosen.costs[turn],
        joint=joint,
        prices=np.asarray(chosen.prices)[turn],
    )
    rates = Rates(
        categories=tuple(ROLES[place] for place in order),
        leave=tuple(LEAVE[place] for place in order),
        drift=tuple(tuple(DRIFT[place][other] for other in order) for place in order),
    )
    plain = six_homes(CALM, chosen)
    moved = replace(
        plain,
        mixes=plain.mixes[:, turn],
        rates=rates,
        policy=turned,
        limits=Limits(low=TIGHT.low[turn], high=TIGHT.high[turn]),
    )
    one, other = forecast([plain], [14]), forecast([moved], [14])
    assert other.in_band("C") == pytest.approx(one.in_band("C"), abs=1e-12)
    assert other.counts["C"] == pytest.approx(one.counts["C"][:, turn], abs=1e-12)


def test_every_home_stays_a_home_in_every_method() -> None:
    outset = six_homes(MOVES["with stayers"], POLICIES["the whole mix"])
    for method in ("exact", "sampled", "fluid"):
        found = forecast([outset], range(0, 61, 20), method=method)
        assert found.means["C"].sum(axis=1) == pytest.approx([6.0] * 4)


def test_extra_churn_widens_the_range_and_leaves_the_mean() -> None:
    calm, restless = (
        forecast([Outset.at([20, 30, 10], rates, Policy.fixed(SHARES), id="C")], [12])
        for rates in (CALM, replace(CALM, churn=(0.2, 0.2, 0.2)))
    )
    assert restless.means["C"] == pytest.approx(calm.means["C"], abs=1e-11)
    narrow, wide = (each.spread("C", "attention", 12).wide for each in (calm, restless))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_a_common_factor_makes_complexes_swing_together() -> None:
    def swing(shock: float) -> float:
        rates = replace(CALM, leave=(0.3, 0.3, 0.3), shock=shock)
        ones = [
            Outset.at([12, 0, 0], rates, Policy.fixed([0, 0.5, 0.5]), id=f"C{number}")
            for number in range(8)
        ]
        free = Limits.of(96, ROLES, {})
        areas = {"all": ([one.id for one in ones], free)}
        counts = forecast(ones, [12], method="sampled", runs=1024, areas=areas).counts["all"][0, 0]
        return float(counts @ np.arange(97) ** 2 - (counts @ np.arange(97)) ** 2)

    assert swing(0.5) > 2 * swing(0.0)


def test_who_never_changes_makes_a_year_count_double() -> None:
    rates = replace(CALM, leave=(0.0, 0.0, 0.0))
    for share, left in ((0.0, 0.0), (1.0, 8.0)):
        outset = Outset.at([8, 0, 0], replace(rates, stayers=(share,) * 3), Policy.fixed(SHARES))
        assert forecast([outset], [1200]).means[""][0, 0] == pytest.approx(left, abs=2.0)


# --- one sample, however it is cut ---


def town_of(policy: str = "largest shortage, four in ten") -> list[Outset]:
    """Five complexes of six homes."""
    return [replace(six_homes(CALM, POLICIES[policy]), id=f"C{number}") for number in range(5)]


def test_threads_chunks_and_more_runs_change_no_bit_of_a_sample() -> None:
    def drawn(**more: object) -> Forecast:
        asked: dict[str, object] = {"method": "sampled", "runs": 320, "supply": [1, 1, 1], **more}
        return forecast(town_of(), (0, 12, 30), **asked)  # type: ignore[arg-type]

    one = drawn()
    for other in (drawn(workers=2), drawn(workers=5), drawn(workers=3, over=map)):
        assert all((one.counts[name] == other.counts[name]).all() for name in one.counts)
        assert (one.held == other.held).all()
        assert (one.housed == other.housed).all()
    assert (drawn(runs=64).housed == one.housed[:64]).all()
    assert (drawn(seed=1).housed != one.housed).any()


def test_two_policies_with_one_seed_meet_the_same_departures_until_the_mixes_differ() -> None:
    fixed, steered = (
        forecast(town_of(policy), (0, 1), method="sampled").housed
        for policy in ("nobody steers", "largest shortage, four in ten")
    )
    apart = np.abs(fixed.sum(axis=2) - steered.sum(axis=2)).mean()
    other = forecast(town_of("nobody steers"), (0, 1), method="sampled", seed=9).housed
    assert apart < 0.2 * np.abs(fixed.sum(axis=2) - other.sum(axis=2)).mean()


def test_no_month_houses_more_by_steering_than_there_are() -> None:
    full = [
        replace(one, mixes=np.array([[1, 3, 2]]), chances=np.ones(1), policy=policy)
        for policy in [Policy.toward([0, 1, 0], [6, 0, 0], 6)]
        for one in town_of()
    ]
    fast = [replace(one, rates=replace(CALM, leave=(3.0, 3.0, 3.0))) for one in full]
    scarce = forecast(fast, range(25), method="sampled", runs=64, supply=[0.5, np.inf, 0])
    assert scarce.housed[:, 1:, 0].max() == 1
    assert (scarce.housed[:, 1::2, 0] == 0).all()
    assert scarce.housed[:, :, 2].max() == 0
    plenty = forecast(fast, range(25), method="sampled", runs=64)
    assert plenty.housed[:, 1:, 0].max() > 1
    assert plenty.housed[:, :, 1].max() == 0


def in_line(*, oldest: bool) -> Lines:
    """Few who wait, and nobody steers after the second month."""
    return Lines(
        waiting=np.array([1, 2, 0]),
        arrivals=np.array([0.3, 0.5, 0.2]),
        oldest=oldest,
        alike=not oldest,
        until=2,
        later=0.0,
    )


def test_a_sample_compiled_or_read_line_by_line_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outsets = [
        six_homes(MOVES[moves], POLICIES[policy])
        for moves, policy in (
            ("with extra churn", "the whole mix"),
            ("with stayers", "largest shortage, four in ten"),
            ("with a common yearly factor", "under a cap"),
            ("as they are", "today's limits"),
        )
    ]
    outsets = [replace(one, id=f"C{place}") for place, one in enumerate(outsets)]
    areas = {"all": (["C0", "C2"], Limits.of(12, ROLES, {}))}
    tasks = [
        task_of(outsets, (0, 2), areas, [0.5, 1, np.inf]),
        task_of(town_of("the whole mix")[:2], (1,), {}, None),
        *(
            task_of(outsets, (0, 3), {}, [0.3, 0.5, 0.2], lines)
            for lines in (in_line(oldest=True), in_line(oldest=False))
        ),
    ]
    compiled = [drawn_blocks(task, 5, 0, 1) for task in tasks]
    for module in (the_kernel, the_chance):
        for name, value in list(vars(module).items()):
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)
    with np.errstate(over="ignore"):
        read = [drawn_blocks(task, 5, 0, 1) for task in tasks]
    for one, other in zip(compiled, read, strict=True):
        assert all((each == same).all() for each, same in zip(one, other, strict=True))


# --- areas ---


def test_an_area_counts_its_complexes_together_in_every_method() -> None:
    town = town_of("nobody steers")
    areas = {"BU": (["C0", "C3"], Limits.of(12, ROLES, {"attention": Band(max=3000)}))}
    exact, drawn, fluid = (
        forecast(town, (0, 12), method=method, areas=areas, runs=6400)
        for method in ("exact", "sampled", "fluid")
    )
    assert exact.homes["BU"] == 12
    assert fluid.means["BU"] == pytest.approx(exact.means["BU"])
    assert np.isnan(exact.in_band("BU")).all()
    over = exact.out("BU")[:, 0, 1]
    assert np.abs(drawn.out("BU")[:, 0, 1] - over).max() <= 3.5 * drawn.error(over).max()
    assert drawn.in_band("BU") == pytest.approx(1 - drawn.out("BU")[:, 0, 1])
    assert drawn.held.shape == (6400, 2)
    assert drawn.held.mean(axis=0) == pytest.approx(
        np.sum([drawn.in_band(one.id) for one in town], axis=0)
    )


# --- from a portfolio ---


def accounts_of(town: Town) -> Accounts:
    return Accounts(town.portfolio(), Assumptions.on(norms_of(), DAY), DAY)


def test_a_portfolio_gives_every_complex_its_account_limits_and_the_ordinary_shares() -> None:
    town = Town().complex(homes=8, occupied=7).complex("D", homes=3).channel("ordinary")
    town = town.judged(attention=(2, 3, 4)).band("attention", max=4000).band("attention", min=1000)
    accounts = accounts_of(town.cap(2).cap(5))
    own, small = Outset.all_of(accounts, CALM)
    assert (own.id, own.homes, small.homes) == ("C", 8, 3)
    assert own.chances @ own.mixes == pytest.approx(
        [accounts.of(Scope(ScopeKind.COMPLEX, "C")).mean(name) for name in ROLES]
    )
    assert own.limits.high.tolist() == [2, 8, 8]
    assert own.policy.ordinary.tolist() == [0.3, 0.55, 0.15]
    year = forecast([own, small], (0, 12))
    assert year.spread("C", "attention", 12).wide[1] <= 8
    assert year.out("D")[:, :, 0].max() == 0


def test_a_portfolio_may_give_each_complex_its_own_rates_and_policy() -> None:
    accounts = accounts_of(Town().complex(homes=8).complex("D", homes=3).channel("ordinary"))
    fast = replace(CALM, leave=(0.5, 0.5, 0.5))
    own, other = Outset.all_of(
        accounts,
        {"C": CALM, "D": fast},
        lambda homes, limits, ordinary: Policy.nearest(ordinary, limits, homes),
    )
    assert (own.rates, other.rates) == (CALM, fast)
    assert own.policy.steers
    assert other.policy.steers


def test_stairwells_with_accounts_of_their_own_are_put_together() -> None:
    town = Town().complex(homes=24, stairwells=("A", "B")).channel("ordinary")
    for name in "AB":
        scope = Scope(ScopeKind.STAIRWELL, f"C/{name}")
        town = town.judged(scope=scope, attention=(3, 4, 5))
    accounts = accounts_of(town)
    (own,) = Outset.all_of(accounts, CALM)
    assert own.homes == 24
    assert own.chances @ own.mixes[:, 0] == pytest.approx(
        accounts.of(Scope(ScopeKind.COMPLEX, "C")).mean("attention")
    )


@pytest.mark.parametrize(("homes", "stairwells"), [(4, ()), (40, ()), (24, ("A", "B"))])
def test_with_more_than_three_categories_the_separate_counts_are_put_together(
    homes: int, stairwells: tuple[str, ...]
) -> None:
    scheme = Scheme(
        name="stage",
        categories=("start", "grow", "stay", "care"),
        ordinary="stay",
        prior_mean=(0.1, 0.2, 0.4, 0.3),
        prior_strength=8.0,
        drift=((0.0,) * 4,) * 4,
        confusion=((1.0, 0, 0, 0), (0, 1.0, 0, 0), (0, 0, 1.0, 0), (0, 0, 0, 1.0)),
    )
    town = Town().complex(homes=homes, stairwells=stairwells)
    for name in stairwells:
        town = town.judged(scope=Scope(ScopeKind.STAIRWELL, f"C/{name}"), start=(0, 1, 9))
    said = tuple(replace(each, scheme="stage") for each in town.judgements)
    portfolio = replace(town.portfolio(), schemes=(scheme,), judgements=said)
    accounts = Accounts(portfolio, Assumptions.on(norms_of(), DAY), DAY, scheme="stage")
    rates = Rates(categories=scheme.categories, leave=(0.1,) * 4, drift=((0.0,) * 4,) * 4)
    (own,) = Outset.all_of(accounts, rates)
    assert (own.mixes.sum(axis=1) == homes).all()
    shares = own.chances @ own.mixes / homes
    account = accounts.of(Scope(ScopeKind.COMPLEX, "C"))
    known = np.array([account.mean(name) for name in scheme.categories])
    assert shares == pytest.approx(known / known.sum(), abs=0.08)
    drawn = forecast([own], [0], method="sampled", runs=640)
    assert drawn.means["C"][0] / homes == pytest.approx(shares, abs=0.05)


# --- what can't be answered ---


def test_an_empty_complex_and_one_home_have_a_future_too() -> None:
    free = Policy.fixed(SHARES)
    none, single = (
        Outset.at([0, 0, 0], CALM, free, id="N"),
        Outset.at([0, 1, 0], CALM, free, id="S"),
    )
    for method in ("exact", "sampled", "fluid"):
        found = forecast([none, single], (0, 24), method=method)
        assert found.means["N"].tolist() == [[0, 0, 0]] * 2
        assert found.means["S"].sum(axis=1) == pytest.approx([1, 1])


def test_a_complex_where_nothing_moves_stays_as_it_is() -> None:
    still = Rates(categories=ROLES, leave=(0.0,) * 3, drift=((0.0,) * 3,) * 3)
    outset = Outset.at([1, 2, 0], still, Policy.fixed(SHARES), id="C")
    for method in ("exact", "sampled", "fluid"):
        assert forecast([outset], [0, 600], method=method).means["C"].tolist() == [[1, 2, 0]] * 2


def test_a_category_never_seen_stays_at_none_unless_somebody_brings_it() -> None:
    never = replace(CALM, drift=((0, 0.06, 0), (0.03, 0, 0), (0, 0, 0)))
    outset = Outset.at([2, 4, 0], never, Policy.fixed([0.4, 0.6, 0]), id="C")
    assert forecast([outset], [120]).means["C"][0, 2] == pytest.approx(0, abs=1e-12)


def test_ceilings_that_leave_no_room_for_all_homes_are_kept_in_no_month() -> None:
    narrow = Limits(low=np.zeros(3, np.int64), high=np.array([1, 2, 1]))
    outset = Outset.at([2, 3, 1], CALM, Policy.fixed(SHARES), narrow, id="C")
    assert not narrow.can_hold(6)
    assert forecast([outset], range(3)).in_band("C").max() == 0


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"outsets": []}, "no_outsets"),
        ({"method": "guess"}, "method_missing"),
        ({"months": [3, 1]}, "months_order"),
        ({"months": [-1, 1]}, "months_order"),
        ({"months": []}, "months_order"),
        ({"outsets": [six_homes(CALM, POLICIES["nobody steers"])] * 2}, "outsets_differ"),
        ({"supply": [1, 1, 1]}, "needs_sample"),
        ({"areas": {"BU": (["X"], TIGHT)}}, "place_unknown: X"),
        ({"method": "sampled", "supply": [1, 1]}, "supply_shape"),
        ({"method": "sampled", "runs": 10**12}, "too_long: forecast .*hours="),
    ],
)
def test_a_question_that_can_t_be_answered_is_refused_by_name(
    asked: dict[str, object], code: str
) -> None:
    plain = {"outsets": [six_homes(CALM, POLICIES["nobody steers"])], "months": [0, 12]}
    with pytest.raises(ForecastError, match=code):
        forecast(**{**plain, **asked})  # type: ignore[arg-type]


def test_a_million_homes_for_fifty_years_by_the_month_is_too_much_to_keep() -> None:
    free = Policy.fixed(SHARES)
    half = [Outset.at([250_000, 200_000, 50_000], CALM, free, id=name) for name in ("A", "B")]
    with pytest.raises(ForecastError, match="too_much_kept") as refused:
        forecast(half, range(601), method="sampled")
    assert refused.value.facts["at_most"] == 111
    with pytest.raises(ForecastError, match="too_many_mixes"):
        forecast(half, [600])
    with pytest.raises(ForecastError, match="too_many_mixes"):
        Chain.yearly(200, np.eye(3))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"mixes": np.array([[1, 2]]), "chances": np.ones(1)}, "outset_mixes"),
        ({"mixes": np.array([[4, 2, 1]]), "chances": np.ones(1)}, "outset_mixes"),
        ({"mixes": np.array([[4, 2, -1]]), "chances": np.ones(1)}, "outset_mixes"),
        ({"mixes": np.array([[1, 2, 1], [1, 1, 1]]), "chances": np.ones(2) / 2}, "outset_mixes"),
        ({"policy": Policy.toward(SHARES, [1, 1, 1], 3)}, "outset_policy"),
        (
            {"policy": Policy(ordinary=np.array(SHARES), steered=1.0, joint=np.zeros((10, 3)))},
            "outset_policy",
        ),
    ],
)
def test_a_start_that_fits_no_complex_is_refused(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(ForecastError, match=code):
        replace(six_homes(CALM, POLICIES["nobody steers"]), **wrong)  # type: ignore[arg-type]


def test_a_forecast_says_what_it_was_not_asked() -> None:
    outset = six_homes(CALM, POLICIES["nobody steers"])
    exact, fluid = (forecast([outset], [0, 12], method=method) for method in ("exact", "fluid"))
    with pytest.raises(ForecastError, match="month_missing: 6"):
        exact.spread("C", "attention", 6)
    with pytest.raises(ForecastError, match="place_unknown: X"):
        exact.in_band("X")
    with pytest.raises(ForecastError, match="means_only: C"):
        fluid.in_band("C")
    assert exact.error(np.array([0.5])).tolist() == [0]
    assert exact.mean_error("C").tolist() == [[0, 0, 0]] * 2
