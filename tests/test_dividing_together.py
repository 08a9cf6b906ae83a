"""Several associations divide one round: one order for all, each one's agreements at home only."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from mixwijzer.engine.allocation import Agreement, AgreementKind, Allocation, FreeHome
from mixwijzer.engine.portfolio import Candidate, Dwelling
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.rounds import Side, divided_together

DAY = date(2026, 11, 23)
NORMS = read_norms()
PLACE = "BU01"


def a_side(
    owner: str,
    homes: int,
    people: tuple[Candidate, ...] = (),
    agreements: tuple[Agreement, ...] = (),
) -> Side:
    return Side(
        owner=owner,
        homes=tuple(FreeHome(id=f"V{n}", complex="C1", neighbourhood=PLACE) for n in range(homes)),
        dwellings=tuple(
            Dwelling(id=f"H{n}", complex="C1", rooms=3, rent=Decimal(690)) for n in range(homes)
        ),
        people=people,
        agreements=agreements,
        categories={"outflow": "attention"},
    )


def somebody(number: int, year: int, group: str | None = None) -> Candidate:
    return Candidate(
        id=f"26-{number:03}",
        size=2,
        income_class="target",
        registered=date(year, 1, 1),
        target_group=group,
    )


def a_ceiling(most: int) -> Agreement:
    return Agreement(
        id="band", kind=AgreementKind.BAND, place=PLACE, category="attention", high=most
    )


def told(*sides: Side) -> Allocation:
    found = divided_together(sides, NORMS, DAY).allocation
    assert found is not None
    assert found.verdict.holds
    assert found.verdict.objective == found.objective
    return found


def homes_of(found: Allocation) -> dict[str, str]:
    return {each.candidate: each.home.partition("/")[0] for each in found.placements}


def test_who_registered_first_goes_first_whoever_s_he_is():
    found = told(
        a_side("a", 1, (somebody(1, 2019), somebody(2, 2018))), a_side("b", 1, (somebody(1, 2010),))
    )
    assert set(homes_of(found)) == {"b/26-001", "a/26-002"}


@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_of_one_day_the_lower_number_goes_first_not_the_first_association(
    swapped,
):
    sides = [a_side("a", 1, (somebody(7, 2015),)), a_side("z", 0, (somebody(2, 2015),))]
    found = told(*(sides[::-1] if swapped else sides))
    assert homes_of(found) == {"z/26-002": "a"}


def test_a_ceiling_counts_in_one_s_own_homes_only_and_whoever_comes_there():
    outflow = tuple(somebody(n, 2010 + n, "outflow") for n in range(1, 5))
    found = told(a_side("a", 2, (), (a_ceiling(0),)), a_side("b", 2, outflow))
    where = list(homes_of(found).values())
    assert where.count("b") == 2
    assert found.verdict.counts == {"a/band": where.count("a")}


def test_a_promise_is_kept_in_one_s_own_homes():
    promise = Agreement(id="O-1", kind=AgreementKind.OBLIGATION, group="outflow", low=1)
    found = told(
        a_side("a", 1, (somebody(1, 2001),), (promise,)),
        a_side("b", 1, (somebody(1, 2002, "outflow"),)),
    )
    assert found.verdict.counts == {"a/O-1": 1}
    assert homes_of(found) == {"b/26-001": "a", "a/26-001": "b"}


def test_without_agreements_no_fewer_homes_are_let_together_than_apart():
    dice = np.random.default_rng(7)
    for _ in range(40):
        sides = []
        for owner in "abc":
            people = tuple(
                Candidate(
                    id=f"26-{number:03}",
                    size=int(dice.integers(1, 6)),
                    income_class="target",
                    registered=DAY - timedelta(days=int(dice.integers(30, 6000))),
                    target_group="outflow" if dice.random() < 0.5 else None,
                )
                for number in range(int(dice.integers(1, 6)))
            )
            homes = int(dice.integers(1, 4))
            sides.append(a_side(owner, homes, people))
        apart = sum(len(told(each).placements) for each in sides)
        assert len(told(*sides).placements) >= apart
