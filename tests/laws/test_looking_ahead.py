"""What steering says of every complex: scores, reach and bounds that no policy escapes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.steering import Block, Pledge, room_index
from mixwijzer.engine.steering._arm import Arm
from mixwijzer.engine.steering._paths import Months
from mixwijzer.engine.steering._reach import reach
from tests.engine.random_cases import Dice
from tests.strategies import dice


def a_complex(throw: Dice, *, homes: int | None = None, size: int = 3) -> Block:
    """Any complex: some homes, rates, and a band around some whole mix."""
    many = homes or int(throw.integers(2, 9))
    drift = throw.uniform(0.01, 0.3, (size, size)) * (1 - np.eye(size))
    mix = throw.multinomial(many, throw.dirichlet(np.ones(size)))
    low = np.maximum(mix - throw.integers(0, 2, size), 0)
    return Block(
        id="C",
        homes=many,
        rates=Rates(
            categories=tuple("abc"[:size]),
            leave=tuple(throw.uniform(0.02, 0.3, size).tolist()),
            drift=tuple(map(tuple, drift.tolist())),
        ),
        low=tuple(low.tolist()),
        high=tuple((mix + throw.integers(0, 3, size)).tolist()),
        ordinary=tuple(throw.dirichlet(np.ones(size)).tolist()),
        steered=float(throw.choice([0.3, 1.0])),
    )


@given(throw=dice, free=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_a_score_is_nothing_for_the_best_and_a_sum_of_three_for_all(throw: Dice, free: int) -> None:
    block = a_complex(throw)
    index = room_index([block])
    there = max(block.homes - free, 0)
    mixes = throw.multinomial(there, [0.3, 0.3, 0.4], size=3)
    placements = index.score("C", mixes, throw.dirichlet(np.ones(3))).placements
    costs = [each.cost for each in placements.values()]
    assert min(costs) == 0.0
    for each in placements.values():
        assert each.cost >= 0
        assert each.cost == pytest.approx(each.band + each.drift + each.price)


@given(throw=dice, more=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_more_room_to_steer_never_shrinks_what_can_be_held_or_reached(
    throw: Dice, more: float
) -> None:
    little = replace(a_complex(throw), steered=float(throw.uniform(0, 1)))
    much = replace(little, steered=little.steered + more * (1 - little.steered))
    for name in little.rates.categories:
        less, wider = reach(little).grips[name], reach(much).grips[name]
        assert wider.low <= less.low + 1e-9
        assert wider.high >= less.high - 1e-9
    start = throw.dirichlet(np.ones(3))
    slow, fast = Months(little).fastest(start, 36), Months(much).fastest(start, 36)
    assert slow is None or (fast is not None and fast.months <= slow.months)


@given(throw=dice, way=st.integers(0, 2))
@settings(max_examples=40, deadline=None)
def test_a_way_more_to_let_never_shrinks_what_can_be_held(throw: Dice, way: int) -> None:
    few = throw.dirichlet(np.ones(3), 2)
    block = replace(a_complex(throw), choices=tuple(map(tuple, few.tolist())))
    more = replace(block, choices=(*block.choices, tuple(np.eye(3)[way].tolist())))
    for name in block.rates.categories:
        assert reach(more).grips[name].power >= reach(block).grips[name].power - 1e-9


@given(throw=dice)
@settings(max_examples=15, deadline=None)
def test_no_policy_costs_less_than_the_bound_for_what_it_promises(throw: Dice) -> None:
    block = replace(a_complex(throw, homes=int(throw.integers(2, 6))), steered=1.0)
    arm = Arm(block, np.ones(3))
    # Any policy at all; its own cost and lettings, from the chain in full.
    chosen = throw.integers(0, 3, len(arm.left))
    rates = arm.generator(chosen).toarray()
    system = np.vstack([rates.T, np.ones(len(rates))])
    weight = np.linalg.lstsq(system, [*np.zeros(len(rates)), 1.0], rcond=None)[0]
    let = (weight @ arm.departures) @ np.eye(3)[chosen]
    owed = Pledge(group="g", per_year=0.999 * float(let.sum()), shares=tuple(let / let.sum()))
    told = room_index([block], pledges=[owed]).prices
    assert told.bound <= float(weight @ arm.out) + 1e-6
    assert told.free <= told.bound + 1e-9
