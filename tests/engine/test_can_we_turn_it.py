"""Steering power: what can be held, how fast it can be reached, and on whose borrowed room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import inf
from typing import Any

import numpy as np
import pytest

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import SteeringError
from mixwijzer.engine.forecast import Policy
from mixwijzer.engine.norms import Assumptions
from mixwijzer.engine.portfolio import Ground, Letting, Obligation
from mixwijzer.engine.steering import Block, ground_calendar, power, room_index, steer, unkept
from mixwijzer.engine.steering._blocks import Step
from mixwijzer.engine.steering._paths import Months, _corners
from mixwijzer.engine.steering._portfolio import Steering
from mixwijzer.engine.steering._power import SteeringPower
from mixwijzer.engine.steering._reach import reach, stepwise
from tests.engine.forty_complexes import a_block
from tests.engine.town import DAY, OWNER, Town, norms_of

YEAR = np.array([[0.90, 0.08, 0.02], [0.03, 0.90, 0.07], [0.01, 0.12, 0.87]])
NAMES = ("carrier", "regular", "attention")


def yearly(turnover: float = 0.08) -> Rates:
    """Rates of which the month is I + (P − I)/12 and 1 − (1 − m)^(1/12)."""
    drift = YEAR - np.diag(np.diag(YEAR))
    return Rates(
        categories=NAMES,
        leave=(-float(np.log1p(-turnover)),) * 3,
        drift=tuple(map(tuple, drift.tolist())),
    )


def a_hundred(
    low: tuple[int, ...] = (0, 0, 0), high: tuple[int, ...] = (100, 100, 38), **more: object
) -> Block:
    """A hundred homes, so that a band in households is one in per cents."""
    given = {"rates": yearly(), "ordinary": (0.15, 0.5, 0.35), **more}
    return Block(id="C", homes=100, low=low, high=high, **given)  # type: ignore[arg-type]


def two_kinds(turnover: float, comes: float, goes: float) -> Block:
    """Attention against all others."""
    rates = Rates(
        categories=("attention", "others"), leave=(turnover,) * 2, drift=((0, goes), (comes, 0))
    )
    return Block(id="C", homes=100, rates=rates, low=(0, 0), high=(38, 100), ordinary=(0.3, 0.7))


def of(block: Block, mix: tuple[int, ...], **more: object) -> SteeringPower:
    """The steering power over a complex whose mix is known."""
    policy = more.pop("policy", Policy.fixed(block.ordinary))
    return power(block, np.array([mix]), np.ones(1), policy, **more)  # type: ignore[arg-type]


# --- reach ---------------------------------------------------------------------------------------


def test_the_mixes_that_can_be_held_lie_between_three_corners() -> None:
    step = Step(leave=np.full(3, 0.08), change=YEAR)
    assert stepwise(step, np.eye(3)) == pytest.approx(
        np.array([[0.525, 0.3225, 0.1525], [0.1177, 0.6589, 0.2234], [0.0893, 0.3793, 0.5314]]),
        abs=1e-4,
    )


def test_turnover_over_turnover_and_drift_is_the_power_over_a_category() -> None:
    grip = reach(two_kinds(0.055, 0.02, 0.06)).grips["attention"]
    assert (grip.low, grip.high) == pytest.approx((0.02 / 0.135, 0.075 / 0.135))
    assert grip.power == pytest.approx(0.055 / 0.135)
    assert grip.half_life == pytest.approx(5.134, abs=1e-3)


def test_counted_in_steps_of_a_year_the_same_power_reads_a_little_higher() -> None:
    step = Step(leave=np.full(2, 0.055), change=np.array([[0.94, 0.06], [0.02, 0.98]]))
    corners = stepwise(step, np.eye(2))[:, 0]
    assert (corners.min(), corners.max()) == pytest.approx((0.145, 0.566), abs=5e-4)
    assert np.ptp(corners) == pytest.approx(0.421, abs=5e-4)


def test_a_corner_of_the_reach_comes_to_rest_when_households_leave_at_their_own_pace() -> None:
    block = a_block(24)
    step = Step.month(block)
    for choice, mix in zip(np.eye(3), stepwise(step, np.eye(3)), strict=True):
        assert step.after(mix, choice) == pytest.approx(mix, abs=1e-12)


def test_households_that_never_change_category_leave_more_to_steering() -> None:
    moving = a_hundred()
    staying = a_hundred(rates=replace(yearly(), stayers=(0.5, 0.5, 0.5)))
    assert reach(staying).grips["attention"].power > reach(moving).grips["attention"].power


def test_where_nobody_of_a_category_leaves_or_changes_no_mix_comes_to_rest() -> None:
    rates = Rates(categories=("a", "b"), leave=(0.1, 0.0), drift=((0, 0.1), (0, 0)))
    block = Block(id="C", homes=5, rates=rates, low=(0, 0), high=(5, 5), ordinary=(0.5, 0.5))
    with pytest.raises(SteeringError, match="never_renewed: C"):
        reach(block)


# --- holdable ------------------------------------------------------------------------------------


def test_a_band_that_can_be_held_says_how_much_narrower_it_could_be() -> None:
    wide = Months(a_hundred((12, 45, 25), (25, 63, 38))).hold(60)
    assert wide.possible
    assert wide.everywhere
    assert wide.margin == pytest.approx(0.06, abs=1e-5)
    narrower = np.array([[0.17, 0.50, 0.30], [0.20, 0.58, 0.33]])
    low, high = (tuple((row * 100).tolist()) for row in narrower)
    assert Months(a_hundred(low, high)).hold(60).everywhere


def test_a_band_below_the_reach_can_be_held_from_nowhere() -> None:
    hold = Months(a_hundred((0, 0, 0), (100, 100, 8))).hold(240)
    assert hold.possible
    assert not hold.everywhere
    assert not hold.anywhere
    assert hold.margin is None


def test_a_band_may_be_kept_for_a_year_from_its_safe_side_alone() -> None:
    months = Months(a_hundred((0, 0, 0), (100, 100, 8)))
    hold = months.hold(12)
    assert hold.anywhere
    assert len(hold.corners) > 3
    assert hold.corners[:, 2].max() < 0.08
    for mix in hold.corners:
        best = min((months.step.after(mix, u) for u in months.choices), key=lambda each: each[2])
        assert best[2] <= 0.08


def test_a_band_in_which_no_mix_fits_is_told_apart_from_one_that_cannot_be_held() -> None:
    block = a_hundred((0, 0, 0), (30, 30, 30))
    hold = Months(block).hold(12)
    assert not hold.possible
    assert not hold.anywhere
    assert of(block, (20, 50, 30)).months == (None, None, None)


def test_bands_on_four_categories_are_judged_by_a_linear_program() -> None:
    slow = Rates(
        categories=("a", "b", "c", "d"),
        leave=(0.1,) * 4,
        drift=tuple(tuple(0.0 if i == j else 0.02 for j in range(4)) for i in range(4)),
    )
    block = Block(id="C", homes=100, rates=slow, low=(0,) * 4, high=(40,) * 4, ordinary=(0.25,) * 4)
    hold = Months(block).hold(6)
    assert hold.everywhere
    tight = Months(replace(block, high=(1, 100, 100, 100))).hold(6)
    assert not tight.everywhere
    assert tight.anywhere


def test_two_polygons_and_a_linear_program_agree_on_what_can_be_held() -> None:
    dice = np.random.default_rng(5)
    said = set()
    for _ in range(60):
        low = dice.integers(0, 40, 3)
        block = a_hundred(
            tuple(low.tolist()),
            tuple((low + dice.integers(0, 60, 3)).tolist()),
            steered=float(dice.choice([0.3, 1.0])),
            choices=tuple(map(tuple, dice.dirichlet(np.ones(3), 3).tolist())),
        )
        months = Months(block)
        corners = _corners(months.low, months.high)
        if len(corners):
            viable = months._first_viable(np.zeros(1)) == 0
            assert viable == months._solvable(months.low, months.high)
            said.add(viable)
    assert said == {True, False}


# --- time ----------------------------------------------------------------------------------------


def test_letting_to_regular_households_alone_takes_26_months_to_the_band() -> None:
    months = Months(a_hundred())
    start = np.array([0.05, 0.45, 0.50])
    assert months.arrival(start, np.array([0.0, 1.0, 0.0]), 240) == 26
    assert months.arrival(start, np.array([0.0, 0.0, 1.0]), 240) is None


def test_the_fastest_way_takes_24_months_and_goes_by_carriers_alone() -> None:
    told = of(a_hundred(), (5, 45, 50))
    path = told.now.path
    assert path is not None
    assert told.months == (24, 24, 24)
    assert path.intakes[:20] == pytest.approx(np.tile([1.0, 0.0, 0.0], (20, 1)), abs=1e-6)
    assert Months(a_hundred()).arrival(told.mix, np.array([1.0, 0.0, 0.0]), 240) == 24
    assert path.vacancies == pytest.approx(24 * 100 * (1 - 0.92 ** (1 / 12)))
    assert path.mixes[0] == pytest.approx([0.05, 0.45, 0.5])
    assert path.mixes[-1][2] <= 0.38 + 1e-6
    assert path.mixes[-2][2] > 0.38


def test_every_month_of_the_path_is_a_month_of_letting() -> None:
    block = a_hundred((20, 0, 0), (100, 100, 38))
    path = Months(block).fastest(np.array([0.05, 0.45, 0.5]), 240)
    assert path is not None
    step = Step.month(block)
    for now, intake, then in zip(path.mixes[:-1], path.intakes, path.mixes[1:], strict=True):
        assert step.after(now, intake) == pytest.approx(then, abs=1e-6)


def test_no_shorter_path_is_missed_where_the_band_is_only_passed_through() -> None:
    # The linear program of every month before says that the band is out of reach.
    block = a_hundred((20, 0, 25), (100, 100, 38))
    months = Months(block)
    start = np.array([0.05, 0.45, 0.5])
    path = months.fastest(start, 240)
    assert path is not None
    assert all(months._beyond(start, each) is not None for each in range(path.months))


def test_who_is_in_the_band_needs_no_vacancy() -> None:
    path = of(a_hundred(), (20, 50, 30)).now.path
    assert path is not None
    assert (path.months, path.vacancies, path.intakes.shape) == (0, 0.0, (0, 3))


def test_a_band_out_of_reach_is_never_reached() -> None:
    told = of(a_hundred((0, 0, 0), (100, 100, 8)), (5, 45, 50))
    assert told.now.path is None
    assert told.months == (None, None, None)


# --- staying, borrowing, not knowing -------------------------------------------------------------


def test_the_chance_to_stay_a_year_falls_when_nobody_steers() -> None:
    block = a_block(24)
    index = room_index([block])
    told = power(block, np.array([[4, 12, 8]]), np.ones(1), index.policy("C"))
    _, stays, _ = told.stay
    assert stays is not None
    assert told.borrowed.stay is not None
    assert 0 < told.borrowed.stay < stays < 1


def test_a_complex_out_of_its_band_today_does_not_stay_in_it() -> None:
    block = a_block(24)
    told = of(block, (2, 10, 12))
    assert told.now.stay == pytest.approx(0.0)


def test_without_the_experiment_all_that_is_left_is_one_mix() -> None:
    told = of(a_hundred(), (5, 45, 50))
    assert told.borrowed.reach.grips["attention"].power == pytest.approx(0.0)
    assert told.borrowed.reach.corners == pytest.approx(np.tile(told.now.reach.resting, (3, 1)))
    assert told.borrowed.path is not None
    assert told.borrowed.path.months == told.now.unsteered
    assert told.borrowed.path.months > 24


def test_a_part_of_the_room_is_a_part_of_the_power() -> None:
    told = of(a_hundred(), (5, 45, 50), ordinary_regime=0.25)
    full = told.now.reach.grips["attention"].power
    assert told.borrowed.reach.grips["attention"].power == pytest.approx(full / 4)


def test_with_uncertain_drift_power_time_and_chance_are_ranges() -> None:
    slow, fast = (
        replace(yearly(), drift=tuple(tuple(f * q for q in row) for row in yearly().drift))
        for f in (0.5, 1.5)
    )
    block = a_block(24)
    block = replace(block, rates=yearly())
    told = of(block, (2, 10, 12), between=(slow, fast))
    low, likely, high = told.power("attention")
    assert low < likely < high
    shortest, months, longest = told.months
    assert shortest is not None
    assert months is not None
    assert longest is not None
    assert shortest <= months <= longest
    assert told.stay[0] <= told.stay[1] <= told.stay[2]  # type: ignore[operator]


def test_one_end_of_the_uncertainty_that_never_gets_there_is_said() -> None:
    hasty = replace(yearly(), drift=((0, 0.3, 0.2), (0.0, 0, 0.9), (0.0, 0.0, 0)))
    told = of(a_hundred(), (5, 45, 50), between=(hasty,))
    assert told.months == (24, 24, None)


def test_a_complex_too_large_for_whole_mixes_has_no_chance_to_stay() -> None:
    block = replace(a_hundred(), homes=500)
    told = of(block, (25, 225, 250))
    assert told.stay == (None, None, None)


def test_a_complex_of_three_homes_gets_its_figures() -> None:
    told = of(a_block(3), (0, 2, 1))
    assert told.now.stay is not None
    assert told.now.hold.possible


def test_nobody_lives_there_yet_and_that_is_said() -> None:
    with pytest.raises(SteeringError, match="nobody_there: C"):
        of(a_hundred(), (0, 0, 0))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"homes": 0}, "block_homes"),
        ({"low": (0, 0)}, "block_shape"),
        ({"low": (9, 0, 0), "high": (8, 9, 9)}, "block_band"),
        ({"ordinary": (0.5, 0.4, 0.4)}, "block_share"),
        ({"steered": 1.5}, "block_share"),
        ({"rates": Rates(categories=NAMES, leave=(0, 0, 0), drift=((0,) * 3,) * 3)}, "block_rates"),
    ],
)
def test_what_cannot_be_a_complex_is_refused_by_name(change: dict[str, object], code: str) -> None:
    with pytest.raises(SteeringError, match=f"{code}: C"):
        replace(a_hundred(), **change)  # type: ignore[arg-type]


# --- a whole portfolio ---------------------------------------------------------------------------


RATES = replace(yearly(), categories=("attention", "regular", "carrier"))
STATUS = {"group": "status_holder", "owner": OWNER, "start": date(2026, 1, 1)}


def a_town() -> Town:
    """Two complexes with profiles, a third that has been left."""
    town = Town().complex(homes=12).complex("D", homes=8).complex("E", homes=6, occupied=1)
    town.leaves("E-1", date(2026, 10, 1))
    return town.band(max=4000, target=3500).band("carrier", min=1000)


def asked(town: Town, obligations: Sequence[Obligation] = (), **more: Any) -> Steering:
    """Steering of a town of which everybody lived there long ago."""
    portfolio = replace(town.portfolio(), obligations=tuple(obligations))
    accounts = Accounts(portfolio, Assumptions.on(norms_of(), DAY), DAY)
    return steer(accounts, more.pop("rates", RATES), horizon=60, **more)


def test_who_asks_about_one_complex_after_the_other_prices_the_portfolio_once() -> None:
    first, second = asked(a_town(), only=("C",)), asked(a_town(), only=("D",))
    assert first.index is second.index
    assert set(first.powers) | set(second.powers) == {"C", "D"}


def test_every_complex_of_a_portfolio_gets_its_figures_or_a_reason() -> None:
    told = asked(a_town(), slowest=RATES, fastest={"C": RATES, "D": RATES, "E": RATES})
    assert set(told.powers) == {"C", "D"}
    assert told.unanswered["E"].code == "nobody_there"
    assert told.total is not None
    assert told.total.homes == 20
    assert told.total.in_reach == 2
    assert told.total.left["attention"] == pytest.approx(0.0)
    assert told.total.powers["attention"] == pytest.approx(told.powers["C"].power("attention"))


def test_channels_that_may_be_used_are_the_choices_there_are() -> None:
    free = asked(a_town())
    bound = asked(a_town().channel("ordinary").channel("neighbours", Ground.FREE_ROOM))
    usable = asked(
        a_town().channel("ordinary").channel("neighbours", Ground.FREE_ROOM, ground_source="norm")
    )
    powers = [each.powers["C"].power("carrier")[1] for each in (bound, usable, free)]
    assert powers[0] == pytest.approx(0.0)
    assert powers == sorted(powers)
    assert powers[1] > 0.1


def test_a_promise_in_persons_is_counted_in_households_of_the_size_they_had() -> None:
    town = a_town().vacancy("C-1").vacancy("C-2")
    for home, category, persons in (("C-1", "attention", 3), ("C-2", "regular", 1)):
        town.lettings.append(
            Letting(
                vacancy=f"V-{home}",
                channel="mediation",
                ground=Ground.DIRECT_MEDIATION,
                category=category,
                group="status_holder",
                persons=persons,
                on=date(2026, 11, 1),
            )
        )
    year = Obligation(id="o", end=date(2027, 1, 1), unit="persons", target=1, **STATUS)
    told = asked(town, [year])
    (pledge,) = told.pledges
    assert pledge.per_year == pytest.approx(0.5, rel=2e-3)
    assert pledge.shares == (0.5, 0.5, 0.0)
    assert told.assumed == ()
    assert told.impossible is None


def test_of_a_group_that_was_never_housed_the_usual_shares_are_assumed_and_said() -> None:
    over = Obligation(id="past", end=date(2026, 3, 1), unit="households", target=9, **STATUS)
    year = Obligation(id="o", end=date(2027, 1, 1), unit="persons", target=1, **STATUS)
    told = asked(a_town(), [over, year])
    assert [pledge.group for pledge in told.pledges] == ["status_holder"]
    assert told.assumed == ("status_holder",)


def test_a_promise_of_more_homes_than_come_free_is_told_and_the_rest_still_answered() -> None:
    year = Obligation(id="o", end=date(2027, 1, 1), unit="households", target=50, **STATUS)
    told = asked(a_town(), [year])
    assert told.impossible is not None
    assert told.impossible.code == "promises_impossible"
    assert float(told.impossible.facts["most"] or 0) < 10
    assert set(told.powers) == {"C", "D"}


def test_whether_a_supply_can_keep_what_is_promised_is_told_without_prices() -> None:
    year = Obligation(id="o", end=date(2027, 1, 1), unit="households", target=1, **STATUS)

    def why_not(town: Town, *supply: float) -> str | None:
        portfolio = replace(town.portfolio(), obligations=(year,))
        accounts = Accounts(portfolio, Assumptions.on(norms_of(), DAY), DAY)
        error = unkept(accounts, RATES, steered=1.0, supply=supply)
        return None if error is None else error.code

    assert why_not(a_town(), inf, inf, inf) is None
    assert why_not(a_town(), 0, inf, inf) == "promises_impossible"
    assert why_not(a_town(), 0.01, 0.01, 0.01) == "supply_short"
    assert why_not(Town(), 0, 0, 0) is None


def test_a_complex_with_a_cap_under_its_floor_has_no_figures_and_the_others_do() -> None:
    told = asked(a_town().cap(0, "carrier", set_by_kind="complex", set_by="C"))
    assert told.unanswered["C"].code == "block_band"
    assert set(told.powers) == {"D"}


def test_a_portfolio_without_complexes_has_nothing_to_steer() -> None:
    told = asked(Town())
    assert (told.powers, told.total, told.index) == ({}, None, None)


# --- grounds that end ----------------------------------------------------------------------------


def test_the_calendar_names_what_leaned_on_an_ending_ground_and_what_could_carry_it() -> None:
    ends = date(2027, 2, 5)
    town = (
        a_town()
        .channel("ordinary")
        .channel("neighbours", Ground.EXPERIMENT, ground_source="agreement", ground_end=ends)
        .channel("mediation", Ground.DIRECT_MEDIATION, ground_source="annex", ground_end=ends)
        .channel("longer", Ground.FREE_ROOM, ground_source="norm", shares=("0", ".3", ".7"))
        .channel("over", Ground.EXPERIMENT, ground_source="old", ground_end=date(2026, 1, 1))
        .promised("C-1", channel="neighbours")
        .promised("C-2", channel="neighbours", on=date(2025, 11, 20))
        .promised("C-3")
    )
    first, second = ground_calendar(town.portfolio(), DAY)
    assert (first.channel, first.lettings, first.of_all) == ("mediation", (), 2)
    assert (second.channel, second.lettings) == ("neighbours", ("V-C-1",))
    assert [(each.channel, each.until) for each in second.others] == [
        ("longer", None),
        ("ordinary", None),
    ]
    assert second.others[0].alike == pytest.approx(0.9)


def test_a_year_before_leap_day_is_the_28th() -> None:
    ends = date(2028, 3, 1)
    town = a_town().channel("neighbours", Ground.EXPERIMENT, ground_source="x", ground_end=ends)
    town.promised("C-1", channel="neighbours", on=date(2027, 3, 1))
    town.promised("C-2", channel="neighbours", on=date(2027, 2, 28))
    (ending,) = ground_calendar(town.portfolio(), date(2028, 2, 29))
    assert ending.lettings == ("V-C-1",)
