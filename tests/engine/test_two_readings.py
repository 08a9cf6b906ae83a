"""Two readings of the same rules, the engine's and a slow one, agree on every small case."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from mixwijzer.engine.advice import advise
from mixwijzer.engine.errors import ProfileError
from tests.engine import oracle
from tests.engine.cases import FIGURES, advice_told, differences, state_of, whole_told
from tests.engine.random_cases import KINDS, Dice, a_past
from tests.engine.random_towns import a_town
from tests.engine.town import DAY, norms_of

Json = Any

CASES_PER_KIND = 40
TOWNS = 250
# Both sides round to a millionth; a figure on the edge may fall to either side.
ROUNDED = 1.01e-6


def dice_for(kind: str, number: int) -> Dice:
    """The same dice for the same case, whatever else is tested."""
    return np.random.default_rng([number, *kind.encode()])


@cache
def engine_says(kind: str, number: int) -> Json:
    """The engine's advice on a case, asked once."""
    return advice_told(*KINDS[kind](dice_for(kind, number)))


@pytest.mark.parametrize("kind", KINDS)
def test_both_readings_give_the_same_advice(kind: str) -> None:
    for number in range(CASES_PER_KIND):
        expected = oracle.advise(*KINDS[kind](dice_for(kind, number)))
        found = differences(engine_says(kind, number), expected, within=ROUNDED)
        assert not found, (kind, number)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_both_readings_give_the_same_advice_for_a_long_time(kind: str) -> None:
    for number in range(CASES_PER_KIND, 25 * CASES_PER_KIND):
        figures, case = KINDS[kind](dice_for(kind, number))
        told, expected = advice_told(figures, case), oracle.advise(figures, case)
        assert not differences(told, expected, within=ROUNDED), (kind, number)


def test_the_random_cases_reach_every_verdict_and_every_kind_of_change() -> None:
    """A generator that only ever says "room" would make the test above an empty one."""
    verdicts, changes = set(), set()
    for kind in KINDS:
        for number in range(CASES_PER_KIND):
            for told in engine_says(kind, number)["categories"].values():
                verdicts.add((told["verdict"], told["why"]))
                flips = told["counterfactuals"]["flips"]
                changes |= {"+".join(change[0] for change in flip["changes"]) for flip in flips}
    assert verdicts >= {
        ("no room", ""),
        ("ask first", ""),
        ("tight", ""),
        ("room", ""),
        ("room", "no norm"),
    }
    assert changes >= {
        "departures",
        "confirmed",
        "fewer than",
        "limit",
        "draft",
        "departures+confirmed",
        "departures+fewer than",
        "departures+limit",
        "departures+draft",
        "confirmed+limit",
        "fewer than+limit",
        "limit+limit",
        "limit+draft",
    }


@cache
def town_says(number: int) -> tuple[Json, Json] | None:
    """The engine's advice on the vacancy of a random town, and its case; None where refused."""
    told = a_town(np.random.default_rng([number, 77]))
    if told is None:
        return None
    story, portfolio, case = told
    try:
        advice = advise(portfolio, "V", DAY, norms_of(story.figures))
    except ProfileError:
        assert story.refused(), number
        return None
    assert not story.refused(), number
    return whole_told(advice, portfolio), oracle.advise(story.figures, case)


def towns_agree(numbers: range) -> int:
    """Compare the two readings of random towns; returns how many had an advice."""
    asked = 0
    for number in numbers:
        both = town_says(number)
        if both is not None:
            asked += 1
            assert not differences(*both, within=ROUNDED), number
    return asked


def test_both_readings_understand_the_rows_of_a_portfolio_alike() -> None:
    """Leases, notices, promises, roles, labels, rounds, owners, inheritance, dates: all rows."""
    assert towns_agree(range(TOWNS)) > TOWNS / 2


@pytest.mark.soak
def test_both_readings_understand_the_rows_of_a_portfolio_alike_for_a_long_time() -> None:
    assert towns_agree(range(TOWNS, 30 * TOWNS)) > 10 * TOWNS


def test_the_account_of_a_place_is_cell_by_cell_that_of_the_slow_reading() -> None:
    dice = np.random.default_rng(20261122)
    for _ in range(40):
        past = a_past(dice, FIGURES, int(dice.integers(2, 8)), rounds=2, moves=3)
        grid = state_of(FIGURES, past).account.grid
        for (attention, _, carrier), chance in oracle.account(FIGURES, past).items():
            assert grid[attention, carrier] == pytest.approx(chance, abs=1e-12)
        assert grid.sum() == pytest.approx(1, abs=1e-12)
