"""The room score: what a placement costs later and elsewhere, and how well anybody could do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog
from scipy.special import stdtrit

from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import SteeringError
from mixwijzer.engine.forecast import Policy, Simplex
from mixwijzer.engine.steering import Block, Follow, Pledge, room_index, simulate
from mixwijzer.engine.steering import _lives as kernel
from mixwijzer.engine.steering._arm import Arm
from mixwijzer.engine.steering._index import RoomIndex
from mixwijzer.engine.steering._mean import MeanArm
from mixwijzer.engine.steering._separable import separable_costs
from mixwijzer.engine.steering._simulate import Measured
from tests.engine.forty_complexes import (
    AIM,
    CALM,
    LIVELY,
    NAMES,
    USUAL,
    a_block,
    promised,
    the_forty,
)

SURE = np.ones(1)


@pytest.fixture(scope="module")
def forty() -> RoomIndex:
    """The forty complexes with bands as shares: 34 % owed to attention, 14 % carriers to be had."""
    return promised(the_forty(whole=False), 0.34, 0.14)


def measured(
    index: RoomIndex, blocks: Sequence[Block], follow: Follow, years: int = 2000, **more: object
) -> Measured:
    """What the room score does with a portfolio."""
    policies = [index.policy(block.id) for block in blocks]
    return simulate(blocks, policies, follow, years=years, runs=6, seed=1, **more)  # type: ignore[arg-type]


@contextmanager
def plain_python() -> Iterator[None]:
    """Run the kernel uncompiled."""
    jitted = {name: each for name, each in vars(kernel).items() if hasattr(each, "py_func")}
    with pytest.MonkeyPatch.context() as patch:
        for name, each in jitted.items():
            patch.setattr(kernel, name, each.py_func)
        yield


@pytest.fixture(scope="module")
def done(forty: RoomIndex) -> Measured:
    """What the room score does with the forty in the long run."""
    return measured(forty, the_forty(whole=False), forty.follow(), 4500)


# --- the bound -----------------------------------------------------------------------------------


def test_forty_complexes_are_never_less_out_of_band_than_the_bound(forty: RoomIndex) -> None:
    told = forty.prices
    assert told.bound == pytest.approx(26.758, abs=1e-3)
    assert told.ceiling - told.bound < 1e-5
    assert told.free == pytest.approx(20.655, abs=1e-3)
    assert told.groups["g"] == pytest.approx(1.456, abs=5e-3)
    assert told.supply == pytest.approx(0.0)


def test_counted_in_whole_households_the_bound_is_higher() -> None:
    told = promised(the_forty(whole=True), 0.34, 0.14).prices
    assert told.bound == pytest.approx(33.1597, abs=1e-3)
    assert told.free == pytest.approx(25.0401, abs=1e-3)
    assert told.groups["g"] == pytest.approx(1.780, abs=5e-3)


def a_pair(homes: int, *, whole: bool) -> list[Block]:
    return [
        a_block(homes, drift, id_=str(place), whole=whole)
        for place, drift in enumerate((CALM, LIVELY))
    ]


@pytest.mark.parametrize(
    ("whole", "bound", "price"), [(False, 2.153400, 1.3936), (True, 1.265995, 0.5592)]
)
def test_two_small_complexes_have_the_bound_and_price_of_the_reference(
    *, whole: bool, bound: float, price: float
) -> None:
    told = promised(a_pair(5, whole=whole), 0.4).prices
    assert told.bound == pytest.approx(bound, abs=1e-6)
    assert told.groups["g"] == pytest.approx(price, abs=1e-4)


class Jointly:
    """Two complexes solved together: the occupation measure of all joint mixes, one program."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.arms = [Arm(block, np.ones(3)) for block in blocks]
        self.mixes = list(product(*(range(len(arm.whole)) for arm in self.arms)))
        self.place = {mix: row for row, mix in enumerate(self.mixes)}
        self.cells: list[tuple[int, int, float]] = []  # row, column, value
        self.lettings: list[int] = []  # category of each decision
        for mix, (own, arm) in product(self.mixes, enumerate(self.arms)):
            self._drifts(mix, own, arm)
            self._lets(mix, own, arm)

    def _flows(self, mix: tuple[int, ...], own: int, there: int, column: int, rate: float) -> None:
        """What goes from a mix comes in another; row r of a joint mix balances both."""
        after = self.place[(*mix[:own], there, *mix[own + 1 :])]
        self.cells += [(after, column, rate), (self.place[mix], column, -rate)]

    def _drifts(self, mix: tuple[int, ...], own: int, arm: Arm) -> None:
        drift = arm.drift[[mix[own]]]
        for there, rate in zip(drift.indices, drift.data, strict=True):
            self._flows(mix, own, int(there), self.place[mix], float(rate))

    def _lets(self, mix: tuple[int, ...], own: int, arm: Arm) -> None:
        """What leaves is let: Σ_k z_k = π · rate of the departure."""
        leaving = arm.departures[[mix[own]]]
        for left, rate in zip(leaving.indices, leaving.data, strict=True):
            row = len(self.mixes) + len(self.lettings) // 3
            self.cells.append((row, self.place[mix], -float(rate)))
            for k in range(3):
                column = len(self.mixes) + len(self.lettings)
                self.lettings.append(k)
                self.cells.append((row, column, 1.0))
                self._flows(mix, own, int(arm.filled[left, k]), column, 1.0)

    def least(self, owed: float) -> float:
        """The least households out of band when so many lettings to attention are owed."""
        many = len(self.mixes)
        last = many + len(self.lettings) // 3
        cells = [*self.cells, *((last, column, 1.0) for column in range(many))]
        rows, columns, values = zip(*cells, strict=True)
        out = [sum(a.out[at] for a, at in zip(self.arms, m, strict=True)) for m in self.mixes]
        let = [-float(k == 2) for k in self.lettings]
        same = sparse.csr_array(
            (values, (rows, columns)), shape=(last + 1, many + len(self.lettings))
        )
        found = linprog(
            [*out, *[0.0] * len(let)],
            A_ub=[[*[0.0] * many, *let]],
            b_ub=[-owed],
            A_eq=same,
            b_eq=[*[0.0] * last, 1.0],
            method="highs",
        )
        return float(found.fun)


def test_prices_lose_nothing_against_two_complexes_solved_together() -> None:
    pair = a_pair(3, whole=False)
    told = promised(pair, 0.4)
    owed = told.pledges[0].per_year
    assert Jointly(pair).least(owed) == pytest.approx(told.prices.bound, abs=1e-6)


@pytest.mark.soak
def test_two_complexes_of_five_homes_solved_together_cost_what_the_reference_says() -> None:
    pair = a_pair(5, whole=False)
    told = promised(pair, 0.4)
    assert Jointly(pair).least(told.pledges[0].per_year) == pytest.approx(2.153399, abs=2e-6)


def test_scarce_carriers_get_a_price_too() -> None:
    pair = a_pair(8, whole=True)
    free = room_index(pair).prices
    scarce = room_index(pair, supply=(0.5 * free.lettings[0], np.inf, np.inf)).prices
    assert scarce.supply[0] > 0
    assert scarce.bound > free.bound
    assert scarce.lettings[0] < free.lettings[0]


def test_a_promise_near_the_edge_of_what_is_possible_has_a_price_as_high_as_it_takes() -> None:
    pair = a_pair(4, whole=True)
    told = promised(pair, 0.97).prices
    assert told.groups["g"] > 4
    assert told.ceiling - told.bound < 1e-4


def test_more_than_comes_free_cannot_be_promised() -> None:
    with pytest.raises(SteeringError, match="promises_impossible") as refused:
        room_index([a_block(12)], pledges=[Pledge(group="g", per_year=9.0, shares=(0, 0, 1))])
    assert 5 < float(refused.value.facts["most"] or 0) < 20


def test_fewer_candidates_than_homes_that_come_free_are_refused() -> None:
    with pytest.raises(SteeringError, match="supply_short"):
        room_index([a_block(12)], supply=(0.1, 0.1, 0.1))


def test_without_complexes_there_is_no_room_score() -> None:
    with pytest.raises(SteeringError, match="no_blocks"):
        room_index([])


def test_a_group_of_two_categories_costs_what_both_of_them_do() -> None:
    pair = a_pair(6, whole=True)
    mixed = Pledge(group="m", per_year=0.3, shares=(0.5, 0, 0.5))
    told = room_index(pair, pledges=[mixed]).prices
    assert told.groups["m"] == pytest.approx((told.owed[0] + told.owed[2]) / 2)


def test_the_mean_mix_bounds_whole_households_from_below() -> None:
    for block in (a_block(24), a_block(24, steered=0.3)):
        exact, mean = Arm(block, np.ones(3)), MeanArm(block, np.ones(3))
        for charges in np.array([[0.0, 0, 0], [0.5, 0, -1], [0, 0, -3]]):
            assert mean.solve(charges).cost <= exact.solve(charges).cost + 1e-9


def test_an_unlikely_mix_as_anchor_gives_the_same_cost() -> None:
    block = a_block(24)
    usual, odd = Arm(block, np.ones(3)), Arm(block, np.ones(3))
    odd._anchor = 0  # all households attention
    assert odd.solve(np.zeros(3)).cost == pytest.approx(usual.solve(np.zeros(3)).cost)


def test_where_nothing_ever_happens_no_anchor_is_reached() -> None:
    arm = Arm(a_block(3), np.ones(3))
    still = sparse.csr_array((len(arm.whole), len(arm.whole)))
    assert arm._solved(still, arm.out, 1e6) is None


def test_two_kinds_of_mix_that_never_become_each_other_have_a_cost_all_the_same() -> None:
    """A dear promise, then hardly any: the policy of the first never leaves some mixes."""
    rates = Rates(
        categories=NAMES,
        leave=(0.0770623612593303,) * 3,
        drift=((0, 0.06, 0), (0.02, 0, 0), (0, 0, 0)),
    )
    block = Block(
        id="C", homes=39, rates=rates, low=(0, 0, 4), high=(15, 39, 39), ordinary=(0.3, 0.55, 0.15)
    )
    charge = 1e-6
    free = Arm(block, np.ones(3)).solve(np.zeros(3))
    arm = Arm(block, np.ones(3))
    arm.solve(np.array([-8.0, 0.0, 0.0]))
    told = arm.solve(np.array([-charge, 0.0, 0.0]))
    assert free.cost - charge * 39 * rates.leave[0] - 1e-6 < told.cost < free.cost + 1e-6
    assert told.out_of_band == pytest.approx(free.out_of_band, abs=1e-4)


def test_where_nothing_is_limited_nothing_is_ever_out_of_band() -> None:
    still = Rates(
        categories=NAMES, leave=(0.06, 0.06, 0.06), drift=((0, 0, 0), (0.02, 0, 0), (0.06, 0, 0))
    )
    block = Block(id="C", homes=40, rates=still, low=(0, 0, 0), high=(40, 40, 40), ordinary=USUAL)
    assert room_index([block]).prices.bound == pytest.approx(0.0, abs=1e-9)


# --- the score -----------------------------------------------------------------------------------


def test_above_its_band_for_attention_one_more_costs_most() -> None:
    index = room_index([a_block(24)])
    score = index.score("C", np.array([[3, 11, 9]]), SURE)
    assert score.best != "attention"
    costs = {name: each.cost for name, each in score.placements.items()}
    assert costs[score.best or ""] == 0.0
    assert max(costs, key=lambda name: costs[name]) == "attention"
    assert score.placements["attention"].band == pytest.approx(1.0)


def test_what_is_owed_elsewhere_makes_a_category_cheaper_here() -> None:
    pair = a_pair(12, whole=True)
    alone, owing = room_index(pair), promised(pair, 0.45)
    mix = np.array([[2, 6, 3]])
    price = owing.score("0", mix, SURE).placements["attention"].price
    assert alone.score("0", mix, SURE).placements["attention"].price == 0.0
    assert price < 0.0 or owing.score("0", mix, SURE).best == "attention"


def test_the_cost_of_two_free_homes_is_that_of_filling_both_as_well_as_can_be() -> None:
    index = room_index([a_block(12)])
    score = index.score("C", np.array([[2, 5, 3]]), SURE)
    bias = index.room("C").bias
    whole, eye = Simplex.of(12, 3), np.eye(3, dtype=int)
    both = np.array(
        [
            min(bias[whole.index(np.array([2, 5, 3]) + eye[k] + eye[other])] for other in range(3))
            for k in range(3)
        ]
    )
    assert score.vacancies == 2
    assert [each.cost for each in score.placements.values()] == pytest.approx(both - both.min())


def test_of_an_uncertain_mix_the_expected_cost_counts() -> None:
    index = room_index([a_block(12)])
    one, other = np.array([[2, 6, 3]]), np.array([[2, 4, 5]])
    chances = np.array([0.25, 0.75])
    values = []
    for mix in (one, other):
        left = Simplex.of(11, 3).index(mix[0])
        values.append(index.policy("C").joint[left])  # type: ignore[index]
    expected = chances @ np.array(values)
    score = index.score("C", np.concatenate([one, other]), chances)
    told = [each.cost for each in score.placements.values()]
    assert told == pytest.approx(expected - expected.min())
    assert score.expected((0.2, 0.3, 0.5)) == pytest.approx(np.dot((0.2, 0.3, 0.5), told))


def test_while_filling_up_and_without_a_free_home_there_is_no_score() -> None:
    index = room_index([a_block(12)])
    filling = index.score("C", np.array([[2, 5, 3]]), SURE, filling_up=True)
    full = index.score("C", np.array([[2, 6, 4]]), SURE)
    assert (filling.absent, filling.best, dict(filling.placements)) == ("fill_up", None, {})
    assert full.absent == "full"


def test_weights_say_what_counts_more() -> None:
    even, careful = room_index([a_block(12)]), room_index([a_block(12)], weights=(1, 1, 5))
    mix = np.array([[2, 5, 4]])
    score = careful.score("C", mix, SURE).placements["attention"]
    assert score.cost > even.score("C", mix, SURE).placements["attention"].cost


def test_a_large_complex_is_scored_category_by_category() -> None:
    large = a_block(240, id_="L")
    index = room_index([large, a_block(12)])
    assert (index.exact("L"), index.exact("C")) == (False, True)
    score = index.score("L", np.array([[40, 99, 100]]), SURE)
    assert score.best != "attention"
    attention = score.placements["attention"]
    assert attention.cost == pytest.approx(attention.band + attention.drift + attention.price)


def test_eight_categories_are_scored_category_by_category() -> None:
    names = tuple("abcdefgh")
    eight = Rates(
        categories=names,
        leave=(0.08,) * 8,
        drift=tuple(tuple(0.0 if i == j else 0.01 for j in range(8)) for i in range(8)),
    )
    block = Block(id="C", homes=30, rates=eight, low=(3,) * 8, high=(5,) * 8, ordinary=(0.125,) * 8)
    score = room_index([block]).score("C", np.array([[1, 4, 4, 4, 4, 4, 4, 4]]), SURE)
    assert score.best == "a"
    assert score.placements["a"].cost == 0.0
    assert score.placements["b"].cost > 0.5


# --- what it does in the long run ----------------------------------------------------------------


def test_the_room_score_comes_within_3_percent_of_what_anybody_could_do(
    forty: RoomIndex, done: Measured
) -> None:
    gap, low, high = done.gap(forty.prices.bound)
    assert gap < 0.03
    assert high < 0.03
    assert low < gap
    assert done.lettings[2] == pytest.approx(forty.pledges[0].per_year, rel=0.005)
    assert gap > -3 * done.half_width / stdtrit(done.runs - 1, 0.975) / forty.prices.bound


def test_rules_of_thumb_do_worse_and_nobody_does_better_than_the_bound(forty: RoomIndex) -> None:
    blocks = the_forty(whole=False)
    follow = replace(forty.follow(), supply=np.zeros(3), owed=np.zeros(3), gain=0.02)
    made = {block.homes: Policy.toward(USUAL, AIM * block.homes, block.homes) for block in blocks}
    made = {n: replace(each, costs=np.asarray(each.costs) / n) for n, each in made.items()}
    shortage = [made[block.homes] for block in blocks]
    nothing = [Policy.fixed(USUAL)] * len(blocks)
    gaps = [
        simulate(blocks, policies, follow, years=900, runs=4, seed=2).gap(forty.prices.bound)
        for policies in (shortage, nothing)
    ]
    assert 0.05 < gaps[0][0] < 0.20
    assert 2.2 < gaps[1][0] < 3.1
    assert all(low + 1e-9 > 0 for _, low, _ in gaps)


def test_category_by_category_loses_at_most_2_points_against_whole_mixes(
    forty: RoomIndex, done: Measured
) -> None:
    blocks = the_forty(whole=False)
    costs = {id(own): separable_costs(own.block, np.ones(3)) for own in forty.rooms.values()}
    made = {
        key: Policy(ordinary=np.array(USUAL), steered=1.0, costs=each)
        for key, each in costs.items()
    }
    policies = [made[id(forty.rooms[block.id])] for block in blocks]
    rough = simulate(blocks, policies, forty.follow(), years=2000, runs=6, seed=1)
    assert (rough.out_of_band - done.out_of_band) / forty.prices.bound < 0.02


def yearly_gap(many: int, years: int) -> tuple[float, float, float]:
    """The gap when a whole number is owed in every calendar year, what is over being carried."""
    blocks = [
        replace(block, id=f"{copy}-{block.id}")
        for copy in range(max(many // 40, 1))
        for block in the_forty(whole=False)[:: 40 // min(many, 40)]
    ]
    vacancies = float(room_index(blocks).prices.lettings.sum())
    owed = Pledge(group="g", per_year=round(0.34 * vacancies), shares=(0, 0, 1))
    index = room_index(blocks, pledges=[owed])
    told = measured(index, blocks, index.follow(calendar=True, carry=True), years)
    assert told.lettings[2] > owed.per_year - 0.01
    return told.gap(index.prices.bound)


def test_promises_by_the_calendar_year_cost_more_and_are_kept(forty: RoomIndex) -> None:
    follow = forty.follow(calendar=True, carry=True)
    follow = replace(follow, least=np.array([0.0, 0.0, 29.0]))
    told = measured(forty, the_forty(whole=False), follow, 600)
    gap, low, _ = told.gap(forty.prices.bound)
    assert told.lettings[2] == pytest.approx(29.0, abs=0.01)
    assert 0 < low < gap < 0.11


@pytest.mark.soak
@pytest.mark.parametrize(("many", "most"), [(40, 0.08), (160, 0.04)])
def test_the_more_complexes_the_less_a_calendar_year_costs(many: int, most: float) -> None:
    gap, _, _ = yearly_gap(many, 3000)
    assert gap < most


@pytest.mark.parametrize(("calendar", "carry"), [(False, False), (True, False), (True, True)])
def test_the_kernel_keeps_every_home_let_and_counts_what_it_does(
    *, calendar: bool, carry: bool
) -> None:
    # As plain Python, so that every line is seen; the same lines run compiled everywhere else.
    blocks = [a_block(3, id_="a"), a_block(4, id_="b", steered=0.5)]
    index = room_index(blocks, pledges=[Pledge(group="g", per_year=0.25, shares=(0, 0, 1))])
    follow = index.follow(calendar=calendar, carry=carry)
    follow = replace(follow, most=np.array([0.1, np.inf, np.inf]))
    by_lot = Policy(ordinary=np.array(USUAL), steered=0.5, costs=np.zeros((3, 5)))
    policies = [index.policy("a"), by_lot]
    with plain_python():
        told = simulate(blocks, policies, follow, years=24, runs=2, seed=3)
    compiled = simulate(blocks, policies, follow, years=24, runs=2, seed=3)
    assert told.lettings == pytest.approx(compiled.lettings)
    assert told.out_of_band == pytest.approx(compiled.out_of_band)
    assert 0.2 < told.lettings.sum() < 1.0
    assert kernel._drawn.py_func(9.0, np.array([0.5, 0.5])) == 1
    nobody = kernel.Nature(
        np.zeros(1, int), np.zeros((1, 2)), np.zeros((1, 2, 2)), SURE, np.ones((1, 2))
    )
    assert kernel._event.py_func(9.0, np.array([0, 2]), nobody, 0) == (1, -1)


def test_the_same_seed_gives_the_same_years() -> None:
    blocks = a_pair(6, whole=True)
    index = room_index(blocks)
    one, other, third = (
        simulate(
            blocks, [index.policy("0"), index.policy("1")], index.follow(), years=30, runs=2, seed=s
        )
        for s in (1, 1, 2)
    )
    assert one.out_of_band == other.out_of_band
    assert one.out_of_band != third.out_of_band
