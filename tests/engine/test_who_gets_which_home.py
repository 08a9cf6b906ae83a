"""Who gets which home this round: the best division, proved, and what it asks of whom."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    Allocation,
    Breach,
    BreachKind,
    FreeHome,
    LettingRound,
    Pairs,
    RoundCandidate,
    allocate,
    checked,
)
from mixwijzer.engine.allocation._solving import solution
from mixwijzer.engine.errors import AllocationError
from tests.engine.rounds import a_round, every_worth, in_order

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "allocation"
OPTIMA = {
    "gapa_0": 1698,
    "gapa_1": 3235,
    "gapa_2": 1360,
    "gapa_3": 2623,
    "gapa_4": 1158,
    "gapa_5": 2339,
    "gapb_0": 1843,
    "gapb_1": 3552,
    "gapb_2": 1407,
}
SLOW = {"gapb_0", "gapb_1"}


def read(name: str) -> str:
    """Text of a public instance; without it, fail in CI and skip elsewhere."""
    if not (DATA / name).exists():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"{DATA / name} is not there")
    return (DATA / name).read_text(encoding="utf-8")


def served(the_round: LettingRound) -> Allocation:
    """The division of a round that can be divided."""
    found = allocate(the_round)
    assert isinstance(found, Allocation)
    return found


def homes(*complexes: str) -> tuple[FreeHome, ...]:
    return tuple(FreeHome(id=f"v{n}", complex=name) for n, name in enumerate(complexes))


def people(*categories: str) -> tuple[RoundCandidate, ...]:
    return tuple(RoundCandidate(id=f"a{n}", category=name) for n, name in enumerate(categories))


@pytest.mark.parametrize("seed", range(6))
def test_no_division_that_a_clerk_can_try_is_better(seed: int) -> None:
    dice = np.random.default_rng(seed)
    clashes = 0
    for _ in range(50):
        the_round = a_round(dice)
        best = every_worth(the_round).max()
        found = solution(the_round)
        if found is None:
            clashes += 1
            assert best == -np.inf
        else:
            made = [
                (the_round.homes[home].id, the_round.candidates[person].id)
                for home, person in (
                    (the_round.pairs.home[pair], the_round.pairs.candidate[pair])
                    for pair in found.chosen
                )
            ]
            verdict = checked(the_round, made)
            assert (found.objective, verdict.objective, verdict.holds) == (best, best, True)
            assert found.prices.bound >= best - 1e-6
    assert clashes < 25


@pytest.mark.parametrize("seed", range(4))
def test_the_order_alone_within_ceilings_is_worth_at_least_a_third(seed: int) -> None:
    dice = np.random.default_rng([7, seed])
    for _ in range(25):
        thrown = a_round(dice, floors=False)
        hard = tuple(replace(e, prices=()) for e in thrown.agreements if not e.loads)
        the_round = replace(thrown, agreements=hard)
        assert 3 * in_order(the_round) >= served(the_round).objective


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12)
def test_without_agreements_a_round_is_an_assignment(seed: int) -> None:
    thrown = a_round(np.random.default_rng(seed))
    the_round = replace(thrown, agreements=())
    worth = np.zeros((len(the_round.homes), len(the_round.candidates)))
    worth[the_round.pairs.home, the_round.pairs.candidate] = the_round.pairs.value
    rows, columns = linear_sum_assignment(worth, maximize=True)
    found = served(the_round)
    assert found.objective == worth[rows, columns].sum()
    assert (found.price_of_mix, found.relaxed) == (0, pytest.approx(found.objective))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12)
def test_one_candidate_more_never_makes_a_round_worse(seed: int) -> None:
    the_round = a_round(np.random.default_rng(seed))
    last = len(the_round.candidates) - 1
    fewer = replace(
        the_round,
        candidates=the_round.candidates[:last],
        pairs=the_round.pairs.only(the_round.pairs.candidate < last),
    )
    before, after = allocate(fewer), allocate(the_round)
    if isinstance(before, Allocation):
        assert isinstance(after, Allocation)
        assert after.objective >= before.objective


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12)
def test_names_and_orders_of_rows_change_nothing(seed: int) -> None:
    dice = np.random.default_rng(seed)
    the_round = a_round(dice)
    moved = dice.permutation(len(the_round.candidates))
    turned = dice.permutation(len(the_round.pairs))
    other = LettingRound(
        homes=tuple(replace(each, id=f"home {each.id}") for each in the_round.homes),
        candidates=tuple(
            replace(the_round.candidates[n], id=f"x{n}") for n in np.argsort(moved).tolist()
        ),
        pairs=replace(the_round.pairs, candidate=moved[the_round.pairs.candidate]).only(turned),
        agreements=the_round.agreements[::-1],
    )
    one, two = allocate(the_round), allocate(other)
    assert type(one) is type(two)
    if isinstance(one, Allocation) and isinstance(two, Allocation):
        assert one.objective == two.objective


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12)
def test_nobody_has_cause_for_envy_within_a_category_and_group(seed: int) -> None:
    found = allocate(a_round(np.random.default_rng(seed), by_order=True))
    if isinstance(found, Allocation):
        assert found.burden.within is None


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12)
def test_bands_never_make_a_round_worth_more(seed: int) -> None:
    found = allocate(a_round(np.random.default_rng(seed)))
    if isinstance(found, Allocation):
        assert found.price_of_mix >= 0


def generalised(name: str) -> tuple[LettingRound, int]:
    """A public instance: every item a household with a load, every bin a complex."""
    told = json.loads(read(f"{name}.json"))
    items, bins = range(told["numcustomers"]), range(told["numfacilities"])
    offset = 1000
    return LettingRound(
        homes=tuple(FreeHome(id=f"f{b}", complex=f"f{b}", homes=len(items)) for b in bins),
        candidates=tuple(RoundCandidate(id=f"i{i}", group=f"agreement {i}") for i in items),
        pairs=Pairs.of((b, i, offset - told["cost"][b][i]) for b in bins for i in items),
        agreements=tuple(
            Agreement(
                id=f"capacity {b}",
                kind=AgreementKind.CAPACITY,
                place=f"f{b}",
                high=told["cap"][b],
                loads={f"agreement {i}": told["req"][b][i] for i in items},
            )
            for b in bins
        ),
    ), offset * len(items)


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.soak if n in SLOW else ()) for n in OPTIMA],
)
def test_loads_against_capacities_reach_the_proved_optimum(name: str) -> None:
    the_round, offset = generalised(name)
    found = served(the_round)
    assert offset - found.objective == OPTIMA[name]
    assert len(found.placements) == len(the_round.candidates)
    assert found.verdict.holds


def test_600_applicants_fit_the_quotas_of_project_one_as_well_as_can_be() -> None:
    rows = list(csv.DictReader(read("block_quota_project_one.csv").splitlines()))
    dice = np.random.default_rng(1)
    groups = dice.choice(["a", "b", "c"], 600, p=[0.741, 0.125, 0.134])
    the_round = LettingRound(
        homes=tuple(
            FreeHome(id=str(n), complex=str(n), homes=int(float(row["units"])))
            for n, row in enumerate(rows)
        ),
        candidates=tuple(
            RoundCandidate(id=str(n), category=str(group)) for n, group in enumerate(groups)
        ),
        pairs=Pairs.of(
            (n, who, int(value))
            for who in range(600)
            for n, value in enumerate(dice.integers(1000, 2000, len(rows)))
        ),
        agreements=tuple(
            Agreement(
                id=f"{n} {group}",
                kind=AgreementKind.BAND,
                place=str(n),
                category=group,
                high=int(float(row[f"quota_{group}"])),
            )
            for n, row in enumerate(rows)
            for group in "abc"
        ),
    )
    found = served(the_round)
    assert (len(found.placements), found.gap) == (600, 0)
    assert found.verdict.holds
    assert found.relaxed - found.objective < 1
    assert found.price_of_mix > 0


def test_a_band_lets_somebody_later_in_the_order_go_first_and_says_so() -> None:
    the_round = LettingRound(
        homes=homes("oak", "oak"),
        candidates=people("attention", "attention", "regular"),
        pairs=Pairs.by_order([1, 2, 3], product(range(2), range(3))),
        agreements=(
            Agreement(
                id="band oak", kind=AgreementKind.BAND, place="oak", category="attention", high=1
            ),
        ),
    )
    found = served(the_round)
    assert {each.candidate for each in found.placements} == {"a0", "a2"}
    assert (found.burden.longer, found.burden.sooner) == (("a1",), ("a2",))
    assert found.burden.worst is not None
    assert (found.burden.worst.candidate, found.burden.worst.holder) == ("a1", "a2")
    assert (found.price_of_mix, found.without_bands) == (1, 2)
    assert found.agreement_prices["band oak"] == pytest.approx(1)
    assert (found.objective, found.bound, found.gap) == (10, 10, 0)
    assert found.verdict.bound == pytest.approx(found.relaxed)
    assert {home for home, _ in found.burden.in_order} == {"v0", "v1"}


def test_a_hard_promise_is_kept_at_any_price() -> None:
    """One household of the group takes the room of forty others."""
    the_round = LettingRound(
        homes=(FreeHome(id="v", complex="oak", homes=41),),
        candidates=(
            *(RoundCandidate(id=f"a{n}", group="light") for n in range(40)),
            RoundCandidate(id="b", group="heavy"),
        ),
        pairs=Pairs.of((0, n, 10) for n in range(41)),
        agreements=(
            Agreement(
                id="load",
                kind=AgreementKind.CAPACITY,
                place="oak",
                high=40,
                loads={"light": 1, "heavy": 40},
            ),
            Agreement(id="promise", kind=AgreementKind.OBLIGATION, group="heavy", low=1),
        ),
    )
    found = served(the_round)
    assert [each.candidate for each in found.placements] == ["b"]


def test_a_price_that_rises_spreads_who_is_out() -> None:
    agreements = tuple(
        Agreement(
            id=place,
            kind=AgreementKind.BAND,
            place=place,
            category="attention",
            high=0,
            prices=(1, 5),
        )
        for place in ("oak", "elm")
    )
    the_round = LettingRound(
        homes=homes("oak", "oak", "elm", "elm"),
        candidates=people("attention", "attention"),
        pairs=Pairs.of((home, person, 20) for home in range(4) for person in range(2)),
        agreements=agreements,
    )
    found = served(the_round)
    assert found.objective == 38
    assert {each.subject: each.amount for each in found.verdict.outside} == {"oak": 1, "elm": 1}


def test_pairs_far_down_the_list_come_in_when_a_price_asks_for_them() -> None:
    """The first twelve of every home are the same: the others are found by their price."""
    the_round = LettingRound(
        homes=homes(*("oak",) * 20),
        candidates=people(*("regular",) * 40),
        pairs=Pairs.by_order(range(1, 41), product(range(20), range(40))),
    )
    found = served(the_round)
    assert {each.candidate for each in found.placements} == {f"a{n}" for n in range(20)}


def test_the_checker_finds_what_is_wrong() -> None:
    the_round = LettingRound(
        homes=homes("oak", "elm"),
        candidates=people("attention", "attention", "regular"),
        pairs=Pairs.of([(0, 0, 9), (0, 1, 8), (1, 0, 7)]),
        agreements=(
            Agreement(id="max", kind=AgreementKind.BAND, category="attention", high=2),
            Agreement(id="min", kind=AgreementKind.OBLIGATION, category="regular", low=1),
        ),
    )
    verdict = checked(the_round, [("v0", "a0"), ("v0", "a1"), ("v1", "a0"), ("v1", "a2")])
    assert set(verdict.breaches) == {
        Breach(kind=BreachKind.NOT_ALLOWED, subject="a2", amount=1),
        Breach(kind=BreachKind.HOMES_SPENT, subject="v0", amount=1),
        Breach(kind=BreachKind.CANDIDATE_TWICE, subject="a0", amount=1),
        Breach(kind=BreachKind.ABOVE, subject="max", amount=1),
        Breach(kind=BreachKind.BELOW, subject="min", amount=1),
    }
    assert (verdict.holds, verdict.objective, verdict.bound) == (False, 24, None)


@given(st.integers(0, 2**32 - 1), st.lists(st.floats(-30, 30), min_size=20, max_size=20))
@settings(max_examples=12)
def test_any_prices_bound_every_division(seed: int, thrown: list[float]) -> None:
    the_round = a_round(np.random.default_rng(seed))
    lawful = {
        each.id: min(max(price, -9.0 if each.low is not None else 0), 9.0)
        for each, price in zip(the_round.agreements, thrown, strict=False)
        if each.hard and each.high is not None
    }
    prices = {each.id: abs(price) for each, price in zip(the_round.homes, thrown, strict=False)}
    verdict = checked(the_round, (), home_prices=prices, agreement_prices=lawful)
    assert verdict.bound is not None
    assert verdict.bound >= every_worth(the_round).max() - 1e-6


def an_agreement(**more: object) -> Agreement:
    return Agreement(id="x", kind=AgreementKind.BAND, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("round_empty", {"homes": ()}),
        ("home_twice", {"homes": homes("oak") * 2}),
        ("candidate_twice", {"candidates": people("regular") * 2}),
        ("agreement_twice", {"agreements": (an_agreement(),) * 2}),
        ("agreement_crossed", {"agreements": (an_agreement(low=2, high=1),)}),
        ("agreement_prices", {"agreements": (an_agreement(high=1, prices=(2, 1)),)}),
        ("agreement_prices", {"agreements": (an_agreement(high=1, prices=(0,)),)}),
        ("value_missing", {"pairs": Pairs.of([(0, 0, 0)])}),
        ("pair_twice", {"pairs": Pairs.of([(0, 0, 1), (0, 0, 2)])}),
    ],
)
def test_a_round_that_contradicts_itself_is_refused(code: str, change: dict[str, object]) -> None:
    rows = {"homes": homes("oak"), "candidates": people("regular"), "pairs": Pairs.of([(0, 0, 1)])}
    with pytest.raises(AllocationError) as refused:
        LettingRound(**{**rows, **change})  # type: ignore[arg-type]
    assert refused.value.code == code
