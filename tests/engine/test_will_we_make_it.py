"""Will a promise be met when it goes on as in the year before? With what a year leaves open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from mixwijzer.engine import obligations
from mixwijzer.engine.obligations import CarryRule, Expectation, Pace
from mixwijzer.engine.portfolio import Letting, Obligation
from tests.engine.town import OWNER, Town

DAY = date(2026, 7, 1)
END = date(2027, 1, 1)  # 184 days on


def counted(
    *, remaining: int, unit: str = "households", end: date = END
) -> obligations.ObligationCount:
    promise = Obligation(
        id="O1",
        group="status_holder",
        owner=OWNER,
        start=date(2026, 1, 1),
        end=end,
        unit=unit,
        target=remaining,
    )
    return obligations.ObligationCount(
        obligation=promise,
        realised=0,
        under_way=0,
        remaining=remaining,
        pace=0.0,
        households=0,
        persons=0,
        without_persons=0,
        lettings=(),
        awaited=(),
    )


def seen(*sizes: int | None, vacancies: int = 0, days: int = 365) -> Pace:
    return Pace(days=days, sizes=sizes, vacancies=vacancies)


def expected(remaining: int, pace: Pace, **more: object) -> Expectation:
    told = obligations.expect(counted(remaining=remaining, **more), pace, DAY)  # type: ignore[arg-type]
    assert told is not None
    return told


def test_eight_lettings_a_year_make_three_in_half_a_year_likely_but_not_sure() -> None:
    told = expected(3, seen(*[1] * 8))
    part = 365 / (365 + 184)
    assert told.chance == pytest.approx(nbinom.sf(2, 8.5, part), abs=1e-9)
    assert 0.7 < told.chance < 0.8
    assert told.chance_low < told.chance < told.chance_high
    assert told.coming == (nbinom.ppf(0.1, 8.5, part), nbinom.ppf(0.9, 8.5, part))


def test_the_ends_of_the_chance_are_those_of_a_steady_pace_that_the_year_leaves_open() -> None:
    told = expected(3, seen(*[1] * 8))
    rates = [obligations._quantile(8.5, level) * 184 / 365 for level in (0.1, 0.9)]
    assert (told.chance_low, told.chance_high) == pytest.approx(poisson.sf(2, rates), abs=1e-9)


def test_what_a_year_brings_at_least_is_where_the_chance_of_more_falls_below() -> None:
    told = obligations.reachable(seen(*[1] * 8), 365, (0.9, 0.5, 0.1))
    assert told is not None
    for reached, chance in zip(told, (0.9, 0.5, 0.1), strict=True):
        assert nbinom.sf(reached - 1, 8.5, 0.5) >= chance > nbinom.sf(reached, 8.5, 0.5)
    assert obligations.reachable(seen(days=60), 365, (0.5,)) is None


def test_persons_are_the_sum_of_households_as_large_as_those_that_came() -> None:
    sizes = (1, 1, 2, 5, None)
    told = expected(9, seen(*sizes), unit="persons")
    chance = np.random.default_rng(1)
    households = chance.poisson(chance.gamma(5.5, 184 / 365, 200_000))
    size = chance.choice([1, 1, 2, 5], (200_000, households.max()))
    persons = np.where(np.arange(households.max()) < households[:, None], size, 0).sum(axis=1)
    assert told.chance == pytest.approx((persons >= 9).mean(), abs=0.004)
    assert told.coming == tuple(np.quantile(persons, (0.1, 0.9)))


def test_whose_size_nobody_wrote_down_counts_as_one_and_that_is_said() -> None:
    told = expected(2, seen(None, None), unit="persons")
    assert not told.sizes_known
    assert told.chance == pytest.approx(expected(2, seen(1, 1)).chance)
    assert expected(2, seen(), unit="persons").sizes_known


def test_a_year_in_which_none_came_is_not_never() -> None:
    assert 0 < expected(1, seen()).chance < 0.3


def test_forty_homes_a_year_leave_one_in_ten_for_two_households() -> None:
    told = expected(2, seen(vacancies=40))
    assert told.one_in == pytest.approx(40.5 * 184 / 365 / 2)
    assert told.vacancies[0] < 40.5 * 184 / 365 < told.vacancies[1]


def test_what_is_met_needs_nothing_and_what_is_over_brings_nothing() -> None:
    met = expected(0, seen(1, 1))
    assert (met.chance, met.chance_low, met.chance_high, met.one_in) == (1, 1, 1, None)
    over = expected(1, seen(1, 1), end=DAY)
    assert (over.chance, over.coming, over.vacancies) == (0, (0, 0), (0, 0))


def test_less_than_a_quarter_of_history_tells_nothing() -> None:
    assert obligations.expect(counted(remaining=3), seen(1, days=90), DAY) is None
    assert obligations.expect(counted(remaining=3), seen(1, days=91), DAY) is not None


def test_a_very_large_association_is_no_trouble() -> None:
    told = expected(1500, seen(*[1] * 3000))
    assert told.chance == pytest.approx(nbinom.sf(1499, 3000.5, 365 / 549), abs=1e-6)


@given(st.integers(0, 40), st.lists(st.integers(1, 8), max_size=30))
def test_more_to_do_is_never_likelier_and_one_letting_more_never_less(
    remaining: int, sizes: list[int]
) -> None:
    told = expected(remaining, seen(*sizes), unit="persons")
    assert expected(remaining + 1, seen(*sizes), unit="persons").chance <= told.chance + 1e-12
    more = expected(remaining, seen(*sizes, 8), unit="persons")
    assert more.chance >= told.chance - 1e-12
    assert told.chance_low - 1e-12 <= told.chance_high


def test_the_pace_is_that_of_a_year_of_the_own_homes_and_no_longer_than_the_register() -> None:
    town = Town().complex().complex("X", owner="other")
    for home, notice in {"C-1": 10, "C-2": 400, "X-1": 20}.items():
        town.vacancy(home, notice=DAY - timedelta(days=notice))
    rows = tuple(
        Letting(
            vacancy=f"V-{home}",
            channel="mediation",
            ground="direct_mediation",  # type: ignore[arg-type]
            group=group,
            persons=persons,
            on=DAY - timedelta(days=ago),
        )
        for home, group, persons, ago in (
            ("C-1", "status_holder", 3, 5),
            ("C-2", "status_holder", 4, 390),
            ("C-3", "urgent", 2, 30),
            ("X-1", "status_holder", 6, 5),
            ("C-4", "status_holder", None, 0),
        )
    )
    portfolio = replace(town.portfolio(), lettings=rows)
    promise = counted(remaining=1, unit="persons").obligation
    told = obligations.pace(portfolio, promise, DAY)
    assert told == Pace(days=365, sizes=(3, None), vacancies=1)
    in_homes = obligations.pace(portfolio, replace(promise, unit="households"), DAY)
    assert in_homes.sizes == (1, 1)
    assert (
        obligations.pace(replace(portfolio, lettings=()), promise, DAY - timedelta(days=390)).days
        == 10
    )


@pytest.mark.parametrize(
    ("rule", "done", "along"),
    [
        (CarryRule.NOTHING, 5, 0),
        (CarryRule.NOTHING, 9, 0),
        (CarryRule.SHORT, 5, 3),
        (CarryRule.SHORT, 9, 0),
        (CarryRule.BOTH, 5, 3),
        (CarryRule.BOTH, 8, 0),
        (CarryRule.BOTH, 9, -1),
    ],
)
def test_what_is_short_or_over_goes_along_as_was_agreed(
    rule: CarryRule, done: int, along: int
) -> None:
    """Eight are owed, two of them from the period before; one is promised but hasn't come."""
    short = counted(remaining=6)
    owed = replace(short.obligation, carried=2)
    told = replace(short, obligation=owed, realised=done - 1, under_way=1)
    assert obligations.carry_over(told, rule) == along
