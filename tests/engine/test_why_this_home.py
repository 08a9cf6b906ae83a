"""Why this home for this candidate, why not for that one; and the homes of a week."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    Allocation,
    Conflict,
    FreeHome,
    LettingRound,
    Option,
    Week,
    Why,
    WhyKind,
    allocate,
    week,
    whys,
)
from mixwijzer.engine.errors import AllocationError
from tests.engine.rounds import a_round, counts, dearness


def paid(the_round: LettingRound, made: dict[str, str]) -> dict[str, float]:
    """What each agreement costs with these homes by candidate, counted on paper."""
    homes = {each.id: each for each in the_round.homes}
    people = {each.id: each for each in the_round.candidates}
    return {
        each.id: dearness(
            each, sum(counts(each, homes[home], people[who]) for who, home in made.items())
        )
        for each in the_round.agreements
    }


def judged(found: Allocation, why: Why, worth: dict[tuple[str, str], int]) -> None:
    """One answer, tried out by making the exchange on paper."""
    the_round = found.round
    made = {each.candidate: each.home for each in found.placements}
    before = paid(the_round, made)
    if why.kind is WhyKind.NOT_ALLOWED:
        assert not [pair for pair in worth if pair[1] == why.candidate]
        return
    assert why.home is not None
    if why.kind is WhyKind.ELSEWHERE:
        assert made[why.candidate] == why.other != why.home
        return
    if why.kind is WhyKind.PLACED:
        assert made.pop(why.candidate) == why.home
    else:
        assert why.candidate not in made
        if why.other is not None:
            assert made.pop(why.other) == why.home
        made[why.candidate] = why.home
    after = paid(the_round, made)
    worse = {name for name in after if after[name] > before[name]}
    if why.kind is WhyKind.EARLIER:
        assert why.other is not None
        assert worth[why.home, why.other] >= worth[why.home, why.candidate]
    else:
        assert worse == set(why.agreements)
    if why.kind is WhyKind.AGREEMENT:
        gain = worth[why.home, why.candidate] - (worth[why.home, why.other] if why.other else 0)
        assert worse
        assert sum(after.values()) - sum(before.values()) >= gain


def rounds(start: int, number: int) -> set[WhyKind]:
    seen = set()
    for seed in range(start, start + number):
        found = allocate(a_round(np.random.default_rng([5, seed])))
        if isinstance(found, Conflict):
            continue
        pairs = found.round.pairs
        worth = {
            (found.round.homes[home].id, found.round.candidates[who].id): int(value)
            for home, who, value in zip(pairs.home, pairs.candidate, pairs.value, strict=True)
        }
        told = list(whys(found))
        for why in told:
            judged(found, why, worth)
            seen.add(why.kind)
        assert {(w.home, w.candidate) for w in told if w.home} == set(worth)
        assert {w.candidate for w in told} == {each.id for each in found.round.candidates}
        one = found.round.homes[0].id
        assert [w for w in told if w.home == one] == list(whys(found, home=one))
        who = found.round.candidates[-1].id
        assert [w for w in told if w.candidate == who] == list(whys(found, candidate=who))
    return seen


def test_every_answer_is_true_and_enough_when_the_exchange_is_made_on_paper() -> None:
    assert rounds(0, 40) == set(WhyKind)


@pytest.mark.soak
def test_every_answer_in_two_hundred_rounds() -> None:
    assert rounds(1000, 200) == set(WhyKind)


def a_week(
    dice: np.random.Generator,
) -> tuple[tuple[FreeHome, ...], tuple[Option, ...], tuple[Agreement, ...]]:
    """Throw two to four homes and the ways to let them."""
    homes = tuple(
        FreeHome(id=f"v{n}", complex=f"c{dice.integers(2)}") for n in range(dice.integers(2, 5))
    )

    def cost() -> dict[str, int]:
        return {home.id: int(dice.integers(0, 20)) for home in homes if dice.random() < 0.9}

    options = (
        Option(channel="ordinary", costs={home.id: 5 for home in homes}),
        Option(
            channel="direct",
            category="attention",
            group="starters",
            ground="room",
            supply=2,
            costs=cost(),
        ),
        Option(channel="buddy", category="carrier", supply=1, costs=cost()),
    )
    agreements = (
        Agreement(
            id="band",
            kind=AgreementKind.BAND,
            place="c0",
            category="attention",
            high=1,
            prices=(7,),
        ),
        Agreement(
            id="promise", kind=AgreementKind.OBLIGATION, group="starters", low=1, prices=(9,)
        ),
        Agreement(id="free room", kind=AgreementKind.BUDGET, ground="room", high=1),
    )
    return homes, options, agreements


def every_week(
    homes: tuple[FreeHome, ...], options: tuple[Option, ...], agreements: tuple[Agreement, ...]
) -> float:
    """The least cost of all ways to give every home an option."""
    best = np.inf
    for chosen in product(options, repeat=len(homes)):
        if any(home.id not in one.costs for home, one in zip(homes, chosen, strict=True)):
            continue
        if any(o.supply is not None and chosen.count(o) > o.supply for o in options):
            continue
        total: float = sum(one.costs[home.id] for home, one in zip(homes, chosen, strict=True))
        for each in agreements:
            number = sum(
                (not each.place or each.place == home.complex)
                and each.category in {"", one.category}
                and each.group in {"", one.group}
                and each.ground in {"", one.ground}
                for home, one in zip(homes, chosen, strict=True)
            )
            total += dearness(each, number)
        best = min(best, total)
    return best


def test_the_homes_of_a_week_go_as_trying_every_way_says() -> None:
    for seed in range(20):
        thrown = a_week(np.random.default_rng([3, seed]))
        found = week(*thrown)
        assert isinstance(found, Week)
        assert found.cost == every_week(*thrown)
        assert set(found.choices) == {each.id for each in thrown[0]}
        assert set(found.prices) == {"band", "promise", "free room", "every home"}


def test_a_week_in_which_a_home_can_go_no_way_says_what_clashes() -> None:
    homes, options, agreements = a_week(np.random.default_rng(1))
    found = week(homes, (replace(options[2], supply=1),), agreements)
    assert isinstance(found, Conflict)
    assert [each.id for each in found.agreements] == ["every home"]


def test_more_than_ten_homes_are_no_week() -> None:
    homes = tuple(FreeHome(id=str(n), complex="c") for n in range(11))
    with pytest.raises(AllocationError) as refused:
        week(homes, (), ())
    assert (refused.value.code, refused.value.facts["homes"]) == ("week_long", 11)
