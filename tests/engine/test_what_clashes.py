"""What was agreed that can't hold together, and what is the least that would have to give?"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    Conflict,
    FreeHome,
    LettingRound,
    Pairs,
    RoundCandidate,
    allocate,
)
from mixwijzer.engine.allocation._solving import solution
from tests.engine.rounds import a_round, every_worth


def clashing(dice: np.random.Generator) -> LettingRound:
    """Throw hard agreements until some clash."""
    while True:
        thrown = a_round(dice)
        promises = (
            Agreement(
                id=f"promise {group}",
                kind=AgreementKind.OBLIGATION,
                group=group,
                low=int(dice.integers(0, 3)),
            )
            for group in ("starters", "movers_on")
        )
        firm = tuple(replace(e, prices=()) for e in thrown.agreements if e.id != "promise")
        the_round = replace(thrown, agreements=(*firm, *promises))
        if every_worth(the_round).max() == -np.inf:
            return the_round


def can_hold(the_round: LettingRound, *agreements: Agreement) -> bool:
    """Whether a patient clerk finds a division within these agreements."""
    return bool(every_worth(replace(the_round, agreements=agreements)).max() > -np.inf)


def portfolios(start: int, number: int) -> None:
    for seed in range(start, start + number):
        the_round = clashing(np.random.default_rng([11, seed]))
        found = allocate(the_round)
        assert isinstance(found, Conflict)
        clash = found.agreements
        assert not can_hold(the_round, *clash)
        for one in clash:
            assert can_hold(the_round, *(each for each in clash if each is not one))
        for fewer in combinations(the_round.agreements, len(clash) - 1):
            assert can_hold(the_round, *fewer)
        assert found.relaxations
        for way_out in found.relaxations:
            assert solution(way_out.of(the_round)) is not None
            assert can_hold(the_round, *way_out.of(the_round).agreements)
        amounts = [each.units for each in found.relaxations]
        assert amounts == sorted(amounts)


def test_the_set_that_clashes_is_the_smallest_and_every_way_out_is_one() -> None:
    portfolios(0, 12)


@pytest.mark.soak
def test_two_hundred_portfolios_that_clash() -> None:
    portfolios(100, 200)


def test_a_promise_and_a_band_that_clash_are_named_and_either_may_give() -> None:
    band = Agreement(
        id="at most one in De Eik",
        kind=AgreementKind.BAND,
        place="oak",
        category="attention",
        high=1,
    )
    promise = Agreement(id="two starters", kind=AgreementKind.OBLIGATION, group="starters", low=2)
    aside = Agreement(id="budget", kind=AgreementKind.BUDGET, ground="experiment", high=0)
    the_round = LettingRound(
        homes=(FreeHome(id="v", complex="oak", homes=3),),
        candidates=tuple(
            RoundCandidate(id=f"a{n}", category="attention", group="starters") for n in range(3)
        ),
        pairs=Pairs.of((0, n, 5) for n in range(3)),
        agreements=(aside, band, promise),
    )
    found = allocate(the_round)
    assert isinstance(found, Conflict)
    assert found.agreements == (band, promise)
    ways = {
        (each.moves[0].agreement, each.moves[0].low, each.moves[0].high)
        for each in found.relaxations
    }
    assert ways == {("at most one in De Eik", None, 2), ("two starters", 1, None)}
    assert {each.units for each in found.relaxations} == {1}


def test_a_promise_that_nobody_can_fill_clashes_with_itself() -> None:
    promise = Agreement(id="two", kind=AgreementKind.OBLIGATION, group="starters", low=2)
    the_round = LettingRound(
        homes=(FreeHome(id="v", complex="oak"),),
        candidates=(),
        pairs=Pairs.of([]),
        agreements=(promise,),
    )
    found = allocate(the_round)
    assert isinstance(found, Conflict)
    assert found.agreements == (promise,)
    assert [each.moves[0].low for each in found.relaxations] == [0]
