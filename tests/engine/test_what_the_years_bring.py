"""What the coming years bring: the exact chain, the sample and the means tell one story."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.forecast import Limits, Policy, Simplex
from mixwijzer.engine.portfolio import Band

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


def test_a_band_of_30_to_40_percent_of_two_homes_can_hold_no_mix() -> None:
    hard = Limits.of(2, ROLES, {"attention": Band(min=3000, max=4000, hard=True)})
    assert not hard.can_hold(2)


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
