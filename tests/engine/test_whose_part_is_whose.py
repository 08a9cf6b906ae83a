"""Whose part of a promise is whose: does each key divide all of it, and is nobody left out?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from mixwijzer.engine.feasibility import Division, Reading, divisions, question_of, shared
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.synthetic import synthesize

DAY = date(2026, 9, 1)


def a_town(seed: int = 1) -> Portfolio:
    return synthesize(seed=seed, homes=600, day=DAY).portfolio


def divided(portfolio: Portfolio) -> tuple[Division, ...]:
    asked = Inquiry.of(portfolio, read_norms())
    return divisions(asked.obligations(), {each: asked.accounts(each) for each in asked.owners})


@pytest.mark.parametrize("seed", range(4))
def test_each_key_divides_all_that_was_promised(seed: int) -> None:
    town = a_town(seed)
    found = divided(town)
    assert {each.group for each in found} == {each.group for each in town.obligations}
    for each in found:
        mine = [row.target for row in town.obligations if row.group == each.group]
        assert each.total == sum(mine) == sum(part.agreed for part in each.parts)
        assert each.total == sum(part.by_stock for part in each.parts)
        assert each.total == sum(part.by_suitable or 0 for part in each.parts)


def test_who_promised_nothing_is_asked_about_the_homes_that_suit_too() -> None:
    town = a_town()
    only = tuple(each for each in town.obligations if each.group == "outflow_shelter")
    (found,) = divided(replace(town, obligations=only))
    big, small = found.parts
    assert (small.agreed, small.owner) == (0, "roodborst")
    assert small.suitable is not None
    assert big.suitable is not None
    weights = {part.owner: Fraction(sum(part.suitable or ()), 2) for part in found.parts}
    assert shared(found.total, weights) == {part.owner: part.by_suitable for part in found.parts}
    assert shared(found.total, {each.owner: Fraction(each.stock) for each in found.parts}) == {
        each.owner: each.by_stock for each in found.parts
    }


def test_the_homes_that_suit_are_those_of_the_question_whether_all_can_hold() -> None:
    town = a_town()
    only = tuple(each for each in town.obligations if each.group == "outflow_shelter")
    asked = Inquiry.of(replace(town, obligations=only), read_norms())
    (found,) = divided(replace(town, obligations=only))
    mine = found.parts[0]
    for reading, told in zip(Reading, mine.suitable or (), strict=True):
        stock = question_of(asked.accounts(mine.owner), asked.obligations(), reading)
        assert stock is not None
        suits = [each.homes for each in stock.question.homes if "outflow_shelter" in each.fits]
        assert sum(suits) == told


def test_one_association_has_nothing_to_divide() -> None:
    town = a_town()
    assert divided(town.owned_by("zilverlinde")) == ()


def test_what_has_ended_or_not_begun_is_not_divided() -> None:
    town = a_town()
    past = tuple(replace(each, start=date(2025, 1, 1), end=DAY) for each in town.obligations)
    assert divided(replace(town, obligations=past)) == ()


def test_without_history_of_one_there_is_no_key_of_homes_that_suit() -> None:
    town = a_town()
    mine = {each.id for each in town.owned_by("roodborst").vacancies}
    short = replace(
        town,
        vacancies=tuple(each for each in town.vacancies if each.id not in mine),
        lettings=tuple(each for each in town.lettings if each.vacancy not in mine),
        candidates=(),
    )
    for each in divided(short):
        assert each.parts[1].suitable is None
        assert {part.by_suitable for part in each.parts} == {None}
        assert sum(part.by_stock for part in each.parts) == each.total
