"""How homes that are let in one week hang together: chances exact, divisions best of all ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.stats import betabinom

from mixwijzer.engine.account import Account, Accounts, Separate
from mixwijzer.engine.advice import Together, advise
from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    Conflict,
    FreeHome,
    Joint,
    Option,
    Week,
    margin,
    week,
)
from mixwijzer.engine.errors import AllocationError
from mixwijzer.engine.norms import Assumptions
from mixwijzer.engine.portfolio import Scope, ScopeKind
from tests.engine.test_why_this_home import a_week, every_week
from tests.engine.town import DAY, Town, norms_of

ORDINARY = (0.30, 0.55, 0.15)
DIRECT = (1.0, 0.0, 0.0)
BANDS = {"C": 5, "D": 3}  # 42 % of twelve homes and of six, to whole households
EVERY = (ORDINARY, DIRECT, (0.0, 0.2, 0.8))


def accounts(town: Town) -> Accounts:
    return Accounts(town.portfolio(), Assumptions.on(norms_of(), DAY), DAY)


def together(town: Town, *homes: str) -> Together:
    return Together(accounts(town), [f"V-{home}" for home in homes], DAY)


def a_block(homes: int = 12) -> Town:
    town = Town().complex(homes=homes).judged(attention=(3, 4, 6), carrier=(1, 2, 4))
    for channel in ("ordinary", "mediation", "neighbours"):
        town = town.channel(channel)
    return town.band(target=3500, max=4200).vacancy("C-1").vacancy("C-2")


def two_blocks(**cap: int) -> Town:
    """Two complexes in one neighbourhood, each with a band, under caps of the neighbourhood."""
    town = a_block().complex("D", homes=6).complex("E", homes=5)
    town = town.vacancy("D-1").vacancy("D-2")
    for category, most in cap.items():
        town = town.cap(most, category, at=ScopeKind.NEIGHBOURHOOD)
    return town


def cells(account: Account) -> list[tuple[tuple[int, ...], float]]:
    names = account.scheme.categories
    counts = [account.counts(name) for name in names]
    return [
        (tuple(int(each[at]) for each in counts), float(chance))
        for at, chance in np.ndenumerate(account.grid)
        if chance > 0
    ]


def counted_out(town: Town, let: Mapping[str, tuple[float, ...]], caps: Mapping[str, int]) -> float:
    """Every count of every complex with every newcomer, one by one, in plain Python."""
    known = accounts(town)
    last = max(each.free_from for each in known.portfolio.vacancies)
    names = known.scheme.categories
    blocks = sorted({each.id for each in known.portfolio.complexes})
    grids = []
    for block in blocks:
        own = Scope(ScopeKind.COMPLEX, block)
        found = {(0,) * len(names): 0.0}
        account = known.outlook(own, last).account
        assert isinstance(account, Account)
        mine = [shares for home, shares in let.items() if home.startswith(f"V-{block}-")]
        for (counts, before), newcomers in product(
            cells(account), product(range(len(names)), repeat=len(mine))
        ):
            here, chance = list(counts), before
            for shares, comes in zip(mine, newcomers, strict=True):
                here[comes] += 1
                chance = chance * shares[comes]
            if not mine or here[names.index("attention")] <= BANDS[block]:
                found[tuple(here)] = found.get(tuple(here), 0.0) + chance
        grids.append(found)
    total = 0.0
    for way in product(*(each.items() for each in grids)):
        sums = [sum(counts[at] for counts, _ in way) for at in range(len(names))]
        if all(sums[names.index(name)] <= most for name, most in caps.items()):
            total += float(np.prod([chance for _, chance in way]))
    return total


def test_one_home_together_with_none_has_the_chance_of_its_advice() -> None:
    for town in (a_block(), two_blocks(attention=9), two_blocks(attention=9, carrier=7)):
        told = advise(town.portfolio(), "V-C-1", DAY, norms_of())
        for channel in told.channels:
            shares = [float(each) for each in channel.channel.shares]
            chance = together(town, "C-1").chance({"V-C-1": shares})
            assert chance == pytest.approx(channel.chance, abs=1.1e-6)


@pytest.mark.parametrize("caps", [{}, {"attention": 8}, {"attention": 8, "carrier": 6}])
def test_homes_of_two_complexes_together_are_what_counting_one_by_one_says(
    caps: dict[str, int],
) -> None:
    town = two_blocks(**caps)
    for first, second, third in product(EVERY[:2], EVERY, EVERY[1:]):
        let = {"V-C-1": first, "V-C-2": second, "V-D-1": third, "V-D-2": ORDINARY}
        expected = counted_out(town, let, caps)
        found = together(town, "C-1", "C-2", "D-1", "D-2").chance(let)
        assert found == pytest.approx(expected, abs=1e-9)


def test_homes_that_share_no_limit_stand_apart() -> None:
    apart = together(two_blocks(), "C-1", "C-2", "D-1")
    assert sorted(map(sorted, apart.parts)) == [["V-C-1", "V-C-2"], ["V-D-1"]]
    one = together(two_blocks(attention=9), "C-1", "C-2", "D-1")
    assert sorted(map(sorted, one.parts)) == [["V-C-1", "V-C-2", "V-D-1"]]


def test_two_direct_mediations_hold_less_likely_than_each_alone_would_say() -> None:
    both = together(a_block(), "C-1", "C-2")
    each = both.chance({"V-C-1": DIRECT, "V-C-2": ORDINARY})
    assert both.chance({"V-C-1": DIRECT, "V-C-2": DIRECT}) < each
    assert each == both.chance({"V-C-2": DIRECT, "V-C-1": ORDINARY})


def test_a_ceiling_of_a_stairwell_counts_only_for_who_comes_there() -> None:
    town = Town().complex(homes=24, stairwells=("A", "B")).judged(attention=(3, 5, 8))
    town = (
        town.channel("ordinary")
        .channel("mediation")
        .cap(3, at=ScopeKind.STAIRWELL)
        .vacancy("C-1")
        .vacancy("C-2")
        .vacancy("C-3")
    )
    three = together(town, "C-1", "C-2", "C-3")  # C-1 and C-3 share a stairwell
    apart = three.chance({"V-C-1": DIRECT, "V-C-2": DIRECT, "V-C-3": (0, 1, 0)})
    inside = three.chance({"V-C-1": DIRECT, "V-C-2": (0, 1, 0), "V-C-3": DIRECT})
    assert inside < apart
    told = advise(town.portfolio(), "V-C-1", DAY, norms_of())
    for channel in told.channels:
        shares = [float(each) for each in channel.channel.shares]
        alone = together(town, "C-1").chance({"V-C-1": shares})
        assert alone == pytest.approx(channel.chance, abs=1.1e-6)


def test_a_home_outside_the_stairwells_is_no_part_of_their_ceilings() -> None:
    town = Town().complex(homes=24, stairwells=("A", "B")).judged(attention=(3, 5, 8))
    town = town.channel("ordinary").cap(3, at=ScopeKind.STAIRWELL).vacancy("C-1").vacancy("C-2")
    town.dwellings[1] = replace(town.dwellings[1], stairwell=None)
    both = together(town, "C-1", "C-2")
    here = both.chance({"V-C-1": DIRECT, "V-C-2": (0, 1, 0)})
    outside = both.chance({"V-C-1": (0, 1, 0), "V-C-2": DIRECT})
    assert here < outside


def test_where_no_ceiling_counts_everything_holds() -> None:
    town = a_block()
    town.profiles.clear()
    assert together(town, "C-1", "C-2").chance({"V-C-1": DIRECT, "V-C-2": DIRECT}) == 1.0


@pytest.mark.parametrize("names", [("attention",), ("attention", "carrier")])
@pytest.mark.parametrize(("wide", "most"), [((9, 7), (8, 6)), ((7, 5), (7, 5))])
def test_ceilings_of_neighbourhood_and_district_hold_together(
    names: tuple[str, ...], wide: tuple[int, int], most: tuple[int, int]
) -> None:
    town = two_blocks(**dict(zip(names, (8, 6), strict=False)))
    for category, cap in zip(names, wide, strict=False):
        town = town.cap(cap, category, at=ScopeKind.DISTRICT)
    let = {"V-C-1": ORDINARY, "V-C-2": DIRECT, "V-D-1": ORDINARY, "V-D-2": DIRECT}
    expected = counted_out(town, let, dict(zip(names, most, strict=False)))
    found = together(town, "C-1", "C-2", "D-1", "D-2").chance(let)
    assert found == pytest.approx(expected, abs=1e-9)


def test_in_a_wide_scope_categories_are_taken_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mixwijzer.engine.advice._together.JOINT_UP_TO", 0)
    let = {"V-C-1": ORDINARY, "V-D-1": ORDINARY}
    bare = two_blocks(carrier=6)
    bare.profiles.clear()
    attention = together(two_blocks(attention=8), "C-1", "D-1").chance(let)
    carrier = together(bare, "C-1", "D-1").chance(let)
    found = together(two_blocks(attention=8, carrier=6), "C-1", "D-1").chance(let)
    assert found == pytest.approx(attention * carrier, abs=1e-12)


def test_of_four_categories_each_is_followed_against_all_others() -> None:
    names = ("attention", "regular", "carrier", "student")
    scheme = {
        "categories": names,
        "ordinary": "regular",
        "prior_mean": tuple(map(Decimal, ("0.3", "0.4", "0.2", "0.1"))),
        "prior_strength": Decimal(20),
        "drift": tuple(
            tuple(Decimal("0.01") if a != b else Decimal(0) for b in names) for a in names
        ),
        "confusion": tuple(
            tuple(Decimal("0.85") if a == b else Decimal("0.05") for b in names) for a in names
        ),
    }
    town = a_block()
    town.channels.clear()
    known = Accounts(town.portfolio(), Assumptions.on(norms_of(mix__scheme__role=scheme), DAY), DAY)
    both = Together(known, ["V-C-1", "V-C-2"], DAY)
    last = max(each.free_from for each in known.portfolio.vacancies)
    account = known.outlook(Scope(ScopeKind.COMPLEX, "C"), last).account
    assert isinstance(account, Separate)
    counts = np.convolve(account.pmf("attention"), [0.75, 0.25])
    found = both.chance({"V-C-1": (0.25, 0.25, 0.25, 0.25)})
    assert found == pytest.approx(float(counts[: BANDS["C"] + 1].sum()), abs=1e-9)


def test_before_any_letting_a_margin_says_nothing() -> None:
    told = margin(0, 0, 0.5)
    assert (told.part, told.expected) == (0.0, None)


def test_at_the_end_of_a_period_a_margin_is_what_it_is() -> None:
    told = margin(6, 97, 1.0)
    assert told.expected == (told.part, told.part)


def test_half_way_a_margin_ends_where_many_drawn_ends_lie() -> None:
    dice = np.random.default_rng(4)
    drawn = dice.binomial(40, dice.beta(3.5, 37.5, 200_000)) + 3
    told = margin(3, 40, 0.5)
    assert told.expected is not None
    assert tuple(80 * each for each in told.expected) == tuple(np.quantile(drawn, (0.1, 0.9)))


@pytest.mark.parametrize("seed", range(20))
def test_a_margin_ends_between_the_quantiles_of_scipy(seed: int) -> None:
    dice = np.random.default_rng([5, seed])
    of, more = (int(each) for each in dice.integers(1, 3_000, 2))
    counted = int(dice.integers(0, of + 1))
    law = betabinom(more, counted + 0.5, of - counted + 0.5)
    told = margin(counted, of, of / (of + more))
    assert told.expected is not None
    expected = ((counted + law.ppf(chance)) / (of + more) for chance in (0.1, 0.9))
    assert told.expected == pytest.approx(tuple(expected))


def throw(seed: int) -> tuple[Any, Any]:
    """A week and what its first two homes cost together, by channel."""
    dice = np.random.default_rng([11, seed])
    thrown = a_week(dice)
    dear = {
        pair: int(dice.integers(0, 30))
        for pair in product(("ordinary", "direct", "buddy"), repeat=2)
    }
    pair = (thrown[0][0].id, thrown[0][1].id)

    def cost(chosen: Mapping[str, Option]) -> int:
        return dear[chosen[pair[0]].channel, chosen[pair[1]].channel]

    return thrown, Joint(homes=pair, cost=cost)


def tried(thrown: Any, joint: Joint) -> float:
    """The least cost when what the pair costs is added home by home to options of their own."""
    homes, options, agreements = thrown
    best = np.inf
    for ways in product(options, repeat=2):
        if any(home not in one.costs for home, one in zip(joint.homes, ways, strict=True)):
            continue
        fixed = dict(zip(joint.homes, ways, strict=True))
        only = tuple(
            Option(
                channel=each.channel,
                category=each.category,
                group=each.group,
                ground=each.ground,
                supply=each.supply,
                costs={
                    home: cost
                    for home, cost in each.costs.items()
                    if home not in fixed or fixed[home] is each
                },
            )
            for each in options
        )
        best = min(best, every_week(homes, only, agreements) + joint.cost(fixed))
    return float(best)


def test_a_week_with_joint_costs_is_the_best_of_all_ways() -> None:
    for seed in range(12):
        thrown, joint = throw(seed)
        found = week(*thrown, (joint,))
        assert isinstance(found, Week)
        assert found.cost == tried(thrown, joint)
        assert found.allocation.verdict.holds
        told = {each.home: found.choices[each.home].channel for each in found.allocation.placements}
        assert told == {home: each.channel for home, each in found.choices.items()}


def test_joint_costs_of_nothing_change_nothing() -> None:
    """The solver of rounds and trying every way are two methods; they agree."""
    for seed in range(12):
        thrown, joint = throw(seed)
        free = Joint(homes=joint.homes, cost=lambda _: 0)
        plain, found = week(*thrown), week(*thrown, (free,))
        assert isinstance(plain, Week)
        assert isinstance(found, Week)
        assert found.cost == plain.cost


def test_what_cannot_hold_together_is_told_with_joint_costs_too() -> None:
    homes = (FreeHome(id="a", complex="C"), FreeHome(id="b", complex="C"))
    options = (Option(channel="direct", group="starters", supply=1, costs={"a": 1, "b": 1}),)
    owed = Agreement(id="promise", kind=AgreementKind.OBLIGATION, group="starters", low=2)
    clash = week(homes, options, (owed,), (Joint(homes=("a", "b"), cost=lambda _: 0),))
    assert isinstance(clash, Conflict)


def test_more_ways_than_can_be_tried_are_refused() -> None:
    names = tuple("abcdefghij")
    homes = tuple(FreeHome(id=name, complex="C") for name in names)
    options = tuple(Option(channel=str(n), costs=dict.fromkeys(names, 1)) for n in range(4))
    groups = tuple(replace(options[0], channel="0", group=str(n)) for n in range(4))
    both = Joint(homes=names[:5], cost=lambda _: 0)
    assert isinstance(week(homes, (*options, *groups), (), (both,)), Week)
    with pytest.raises(AllocationError) as refused:
        week(homes, options, (), (Joint(homes=names, cost=lambda _: 0),))
    assert refused.value.code == "week_wide"
