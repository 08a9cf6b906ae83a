"""Why less was let to a group than was promised: two parts that add up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.engine.obligations import Shortfall, behind, count
from mixwijzer.engine.portfolio import (
    Complex,
    Dwelling,
    Ground,
    Letting,
    Obligation,
    Portfolio,
    Vacancy,
)

START, DAY = date(2026, 1, 1), date(2026, 7, 1)  # 181 of 365 days


def told(
    last_year: tuple[int, int], this_year: tuple[int, int], target: int, unit: str = "households"
) -> tuple[Shortfall | None, float]:
    """Homes that came free and lettings to the group, in the year before and in half of this."""
    old = date(2024, 6, 1) if last_year[0] else date(2026, 1, 2)
    vacancies = [Vacancy(id="old", dwelling="H1", notice=old, free_from=old)]
    lettings = []
    for year, (homes, let), months in ((2025, last_year, 12), (2026, this_year, 6)):
        for number in range(homes):
            on, name = date(year, 1 + number % months, 2 + number % 26), f"{year}-{number}"
            vacancies.append(Vacancy(id=name, dwelling="H1", notice=on, free_from=on))
            if number < let:
                lettings.append(a_letting(name, on))
    promise = Obligation(
        id="O",
        group="starters",
        owner="OB",
        start=START,
        end=date(2027, 1, 1),
        unit=unit,
        target=target,
    )
    portfolio = Portfolio(
        complexes=(Complex(id="C1", name="C1", neighbourhood="BU", owner="OB"),),
        dwellings=(Dwelling(id="H1", complex="C1"),),
        vacancies=tuple(vacancies),
        lettings=tuple(lettings),
        obligations=(promise,),
    )
    (counted,) = count(portfolio, DAY)
    return behind(portfolio, counted, DAY), counted.pace - counted.realised - counted.under_way


def a_letting(vacancy: str, on: date) -> Letting:
    return Letting(
        vacancy=vacancy,
        channel="mediation",
        ground=Ground.DIRECT_MEDIATION,
        group="starters",
        persons=2,
        on=on,
    )


def test_as_many_homes_as_last_year_leave_a_smaller_part_than_was_promised() -> None:
    found, short = told((200, 20), (100, 10), target=30)
    assert found is not None
    assert found.total == pytest.approx(short) == pytest.approx(30 * 181 / 365 - 10)
    assert found.usual == pytest.approx(200 * 181 / 365)
    assert found.homes == 100
    assert found.fewer_homes == pytest.approx((200 * 181 / 365 - 100) * 30 / 200)
    assert found.smaller_part == pytest.approx(100 * 30 / 200 - 10)


def test_half_the_homes_with_the_promised_part_is_told_as_fewer_homes() -> None:
    found, short = told((200, 0), (50, 5), target=20)
    assert found is not None
    assert found.smaller_part == pytest.approx(0)
    assert found.fewer_homes == pytest.approx(short)


def test_to_whom_homes_went_before_changes_nothing() -> None:
    assert told((200, 0), (80, 5), target=20) == told((200, 90), (80, 5), target=20)


def test_more_homes_help_and_that_stands_below_nothing() -> None:
    found, short = told((200, 20), (150, 15), target=20)
    assert found is not None
    assert found.fewer_homes < 0
    assert found.total == pytest.approx(short)
    assert short < 0


def test_persons_are_counted_where_persons_were_promised() -> None:
    found, short = told((200, 20), (100, 10), target=60, unit="persons")
    assert found is not None
    assert short == pytest.approx(60 * 181 / 365 - 20)
    assert found.total == pytest.approx(short)


def test_a_register_that_starts_with_the_period_cannot_say_why() -> None:
    assert told((0, 0), (100, 10), target=20)[0] is None


@given(
    st.tuples(st.integers(4, 60), st.integers(0, 60)),
    st.tuples(st.integers(0, 60), st.integers(0, 60)),
    st.integers(0, 80),
)
def test_the_two_parts_always_add_up(
    last_year: tuple[int, int], this_year: tuple[int, int], target: int
) -> None:
    found, short = told(last_year, this_year, target)
    if found is not None:
        assert found.total == pytest.approx(short)
