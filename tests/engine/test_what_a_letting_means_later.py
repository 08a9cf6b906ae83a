"""The advice's look ahead: what a placement costs, the coming years, until when it is the last."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf

import numpy as np
import pytest

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.advice import Advice, LookAhead, RoomAgain
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.forecast import Outset
from mixwijzer.engine.norms import Assumptions
from mixwijzer.engine.steering import Block, Pledge, Room, room_index, steer
from tests.engine.town import DAY, OWN, Town, norms_of

RATES = Rates(
    categories=("attention", "regular", "carrier"),
    leave=(0.07, 0.06, 0.09),
    drift=((0, 0.06, 0.0), (0.02, 0, 0.02), (0, 0.02, 0)),
)


def a_complex(homes: int = 12, best: int = 4) -> Town:
    """A judged complex with a ceiling for attention, of which the first home comes free."""
    town = Town().complex(homes=homes).judged(attention=(best - 1, best, best + 1))
    return town.band(target=3500, max=4000).vacancy("C-1")


def priced(town: Town, owed: float = 0.0, **more: object) -> Room:
    """The complex as priced by itself, with so many lettings a year owed to attention."""
    accounts = Accounts(town.portfolio(), Assumptions.on(norms_of(), DAY), DAY)
    (outset,) = Outset.all_of(accounts, RATES)
    block = Block(
        id=OWN,
        homes=outset.homes,
        rates=RATES,
        low=tuple(outset.limits.low.tolist()),
        high=tuple(outset.limits.high.tolist()),
        ordinary=tuple(np.asarray(outset.policy.ordinary).tolist()),
        **more,  # type: ignore[arg-type]
    )
    pledges = [Pledge(group="g", per_year=owed, shares=(1, 0, 0))] if owed else []
    return room_index([block], pledges=pledges).room(OWN)


def looked(town: Town, room: Room) -> tuple[Advice, LookAhead]:
    advice = town.advice(room=room)
    assert advice.ahead is not None
    return advice, advice.ahead


def test_without_prices_nothing_is_said_of_later() -> None:
    assert a_complex().advice().ahead is None


def test_what_a_placement_costs_is_the_sum_of_its_three_parts_and_nothing_for_the_best() -> None:
    _, ahead = looked(a_complex(), priced(a_complex()))
    costs = {each.category: each.placement for each in ahead.placements}
    assert costs[ahead.best or ""].cost == 0
    for each in costs.values():
        assert each.cost >= 0
        assert each.cost == pytest.approx(each.band + each.drift + each.price, abs=3e-6)


def test_looking_ahead_changes_no_verdict() -> None:
    plain = a_complex().channel("ordinary").channel("neighbours").advice()
    town = a_complex().channel("ordinary").channel("neighbours")
    advice, _ = looked(town, priced(a_complex(), owed=0.3))
    assert advice.categories == plain.categories
    assert [replace(each, cost=None) for each in advice.channels] == list(plain.channels)


def test_of_ways_that_differ_little_today_the_one_that_costs_least_later_is_recommended() -> None:
    town = a_complex().channel("ordinary").channel("neighbours")
    figures = norms_of()
    advice, _ = looked(town, priced(a_complex()))
    near = [
        each
        for each in advice.channels
        if each.out_of_band - min(one.out_of_band for one in advice.channels)
        < Assumptions.on(figures, DAY).small_difference
    ]
    best = min(near, key=lambda each: each.cost or 0.0)
    assert advice.recommended == best.channel.id


def test_what_is_promised_elsewhere_makes_a_placement_cheaper() -> None:
    free, owed = (
        {each.category: each.placement.cost for each in looked(a_complex(), room)[1].placements}
        for room in (priced(a_complex()), priced(a_complex(), owed=0.35))
    )
    assert owed["attention"] <= free["attention"]


def test_one_more_of_them_leaves_more_households_out_of_band_the_year_after() -> None:
    _, ahead = looked(a_complex(best=5), priced(a_complex(best=5)))
    after = {each.category: each.later for each in ahead.placements}
    for place in range(2):
        assert after["attention"][place].out_of_band > after["regular"][place].out_of_band
        assert after["attention"][place].inside < after["regular"][place].inside
    assert [each.month for each in after["regular"]] == [12, 24]


def test_the_last_place_is_the_longer_the_last_the_more_of_them_live_there() -> None:
    def last(best: int) -> RoomAgain:
        _, ahead = looked(a_complex(best=best), priced(a_complex(best=best)))
        again = ahead.placements[0].again
        assert again is not None
        return again

    few, many = last(2), last(5)
    assert few.last < many.last
    assert (few.likely or 0) <= (inf if many.likely is None else many.likely)
    assert (few.soonest or 0) <= (inf if few.latest is None else few.latest)


def test_only_where_there_is_a_ceiling_there_is_a_last_place() -> None:
    _, ahead = looked(a_complex(), priced(a_complex()))
    assert [each.again is None for each in ahead.placements] == [False, True, True]


def test_when_nobody_leaves_or_changes_there_never_is_room_again() -> None:
    town, room = a_complex(best=6), priced(a_complex(best=6))
    still = replace(RATES, leave=(1e-9, 1e-9, 1e-9), drift=((0, 0, 0),) * 3)
    room = replace(room, block=replace(room.block, rates=still))
    again = looked(town, room)[1].placements[0].again
    assert again is not None
    assert again.latest is None


def test_prices_of_another_band_are_said_to_be_out_of_date() -> None:
    other = Town().complex(homes=12).judged(attention=(3, 4, 5)).band(target=2500, max=3000)
    _, ahead = looked(other.vacancy("C-1"), priced(a_complex()))
    assert (ahead.absent, ahead.placements, ahead.best) == ("outdated", (), None)


def test_of_a_large_complex_each_category_is_scored_but_the_years_are_not_followed() -> None:
    town = a_complex(homes=210, best=70)
    _, ahead = looked(town, priced(town))
    assert [each.later for each in ahead.placements] == [(), (), ()]
    assert min(ahead.costs) == 0 < max(ahead.costs)


def test_a_kept_room_gives_the_same_advice_to_the_last_bit() -> None:
    for homes, best in ((12, 4), (210, 70)):
        town = a_complex(homes=homes, best=best)
        room = priced(town, steered=0.6, choices=((0.3, 0.5, 0.2), (0, 0.2, 0.8)))
        kept = Room.from_json(json.loads(json.dumps(room.to_json())))
        assert town.advice(room=kept) == town.advice(room=room)
        assert kept.block == room.block


def test_a_complex_owed_more_than_it_can_bear_is_priced_all_the_same() -> None:
    """Policies under which a mix is never reached again once made the search go round for ever."""
    rates = Rates(
        categories=RATES.categories,
        leave=(0.0602713874910458,) * 3,
        drift=((0.0, 0.06, 0.0), (0.02, 0.0, 0.0), (0.0, 0.0, 0.0)),
    )
    block = Block(
        id=OWN, homes=21, rates=rates, low=(0, 0, 3), high=(8, 21, 21), ordinary=(0.3, 0.55, 0.15)
    )
    index = room_index([block], pledges=[Pledge(group="g", per_year=0.9, shares=(1, 0, 0))])
    assert index.prices.ceiling - index.prices.bound < 1e-5


def test_prices_are_asked_of_a_whole_portfolio_without_anybody_s_steering_power() -> None:
    accounts = Accounts(a_complex().portfolio(), Assumptions.on(norms_of(), DAY), DAY)
    told = steer(accounts, RATES, only=())
    assert told.powers == {}
    assert told.index is not None
    assert told.index.room(OWN).block.homes == 12
