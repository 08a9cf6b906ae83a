"""Whether everything agreed can hold: rows, document and sentences say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import mixwijzer as mw
from mixwijzer.engine.feasibility import Together
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.exchange.catalogue import Language
from mixwijzer.exchange.dividing_promises import (
    divided,
    division_items,
    division_sheet,
    division_table,
)
from mixwijzer.exchange.feasible import feasible, feasible_items, feasible_lines, feasible_table
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.synthetic import synthesize


@pytest.fixture(scope="module")
def town() -> Portfolio:
    """A town in which one association depends on luck and the other can't keep its word."""
    return synthesize(seed=1, homes=600, day=date(2026, 9, 1)).portfolio


def asked(portfolio: Portfolio, target: int | None = None) -> Inquiry:
    """Ask about a town, perhaps with another number promised everywhere."""
    if target is not None:
        promised = tuple(replace(each, target=target) for each in portfolio.obligations)
        portfolio = replace(portfolio, obligations=promised)
    return Inquiry.of(portfolio, read_norms())


def test_each_owner_that_owes_something_is_answered_by_itself(town: Portfolio) -> None:
    held = feasible(asked(town))
    assert [each.owner for each in held] == ["zilverlinde", "roodborst"]
    verdicts = [each.found.together for each in held if each.found]
    assert verdicts == [Together.DEPENDS, Together.CONFLICT]


def test_rows_and_document_name_the_same_agreements_and_ways_out(town: Portfolio) -> None:
    result = mw.obligations(town)
    rows = list(result.feasibility)
    for item in result.document["feasibility"]:
        mine = [row for row in rows if row["owner"] == item["owner"]]
        assert {row["together"] for row in mine} == {item["together"]}
        clash = [row["agreement"] for row in mine if row["part"] == "conflict"]
        assert clash == [each["agreement"] for each in item["conflict"]["agreements"]]
        for number, way_out in enumerate(item["conflict"]["ways_out"], 1):
            told = [
                (row["agreement"], row["kind"], row["units"], row["unit"])
                for row in mine
                if row["part"] == "way_out" and row["number"] == number
            ]
            assert told == [
                (each["agreement"], each["kind"], each["units"], each["unit"]) for each in way_out
            ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Dit gaat niet samen", "Elk van deze uitwegen is genoeg", "minder of later")),
        ("en", ("can't hold together", "Each of these is enough", "fewer or later")),
    ],
)
def test_a_conflict_is_told_with_its_ways_out(
    town: Portfolio, language: Language, words: tuple[str, ...]
) -> None:
    inquiry = asked(town)
    text = "\n".join(feasible_lines(inquiry, feasible(inquiry), language))
    for each in words:
        assert each in text
    assert "{" not in text


def test_what_a_signed_agreement_says_is_told_in_its_own_words(town: Portfolio) -> None:
    words = "Zilverlinde huisvest dit jaar wie een status kreeg."
    promised = tuple(
        replace(each, target=12, wording=words if each.id.endswith("-1") else "")
        for each in town.obligations
    )
    inquiry = asked(replace(town, obligations=promised))
    held = feasible(inquiry)
    first, others = "A2026-1", {"A2026-2", "A2026-3", "A2026-4"}
    assert [dict(each.wording) for each in held] == [{first: words}, {}]
    told = {row["agreement"]: row["wording"] for row in feasible_table(held)}
    assert told[first] == words
    assert {told[each] for each in others & told.keys()} == {None}
    text = "\n".join(feasible_lines(inquiry, held, "nl"))
    assert f"{first} (“{words}”): nog" in text
    said = [
        (each["agreement"], each["wording"])
        for item in feasible_items(held)
        for each in item["conflict"]["agreements"]
    ]
    assert (first, words) in said
    assert all(wording is None for name, wording in said if name != first)


def test_where_nothing_is_owed_any_more_the_next_household_is_priced(town: Portfolio) -> None:
    inquiry = asked(town, target=0)
    held = feasible(inquiry)
    assert {each.found.together for each in held if each.found} == {Together.HOLDS}
    free = {row["agreement"]: row["units"] for row in feasible_table(held)}
    lines = "\n".join(feasible_lines(inquiry, held, "nl"))
    for item in feasible_items(held):
        assert item["conflict"] is None
        for more in item["one_more"]:
            assert free[more["obligation"]] == more["free"]
            said = f"plek voor nog {more['free']} huishouden" if more["free"] else "met één erbij"
            assert f"{more['obligation']}: {said}" in lines
            assert (
                f"{more['obligation']}: nog 0" not in lines.partition(f"{more['obligation']}: ")[2]
            )
            assert more["conflict"]["agreements"]


@pytest.mark.parametrize("target", [0, 4])
def test_where_no_home_suits_that_is_said(town: Portfolio, target: int) -> None:
    """The group had homes of a hundred rooms, which are let no more."""
    had = {
        town.vacancy[each.vacancy].dwelling
        for each in town.lettings
        if each.group == "status_holder"
    }
    halls = tuple(
        replace(each, rooms=100, in_base=False) if each.id in had else each
        for each in town.dwellings
    )
    inquiry = asked(replace(town, dwellings=halls), target)
    held = [each for each in feasible(inquiry) if each.owner == "zilverlinde"]
    assert "A2026-1: geen woning die vrijkomt is passend." in list(
        feasible_lines(inquiry, held, "nl")
    )


def test_too_little_history_is_said(town: Portfolio) -> None:
    inquiry = asked(replace(town, lettings=(), vacancies=()))
    held = feasible(inquiry)
    assert {each.found for each in held} == {None}
    assert {row["together"] for row in feasible_table(held)} == {"unknown"}
    assert {item["together"] for item in feasible_items(held)} == {"unknown"}
    assert "kwartaal" in "\n".join(feasible_lines(inquiry, held, "nl"))


def test_who_owes_nothing_is_not_asked(town: Portfolio) -> None:
    inquiry = asked(replace(town, obligations=()))
    assert feasible(inquiry) == ()
    assert mw.obligations(replace(town, obligations=())).document["feasibility"] == []


def test_the_parts_of_a_promise_are_the_same_in_rows_document_and_sheet(town: Portfolio) -> None:
    result = mw.obligations(town)
    items = [
        (each["group"], part) for each in result.document["divisions"] for part in each["parts"]
    ]
    rows = list(result.divisions)
    sheet = division_sheet(divided(asked(town)), "nl")
    assert len(items) == len(rows) == len(sheet.rows) > 2
    for (group, part), row, line in zip(items, rows, sheet.rows, strict=True):
        assert group == row["group"] == line[0]
        assert part == {name: row[name] for name in part}
        assert line[2:4] == (part["owner"], str(part["stock"]))
        assert line[5:] == tuple(str(part[key]) for key in ("agreed", "by_stock", "by_suitable"))


def test_where_a_key_is_missing_a_line_says_so(town: Portfolio) -> None:
    mine = {each.id for each in town.owned_by("roodborst").vacancies}
    short = replace(
        town,
        vacancies=tuple(each for each in town.vacancies if each.id not in mine),
        lettings=tuple(each for each in town.lettings if each.vacancy not in mine),
        candidates=(),
    )
    assert feasible(asked(short))[1].found is None  # what others let tells nothing of its own
    found = divided(asked(short))
    assert {line[-1] for line in division_sheet(found, "en").rows} == {"–"}
    assert {row["by_suitable"] for row in division_table(found)} == {None}
    assert division_items(found)[0]["parts"][1]["suitable_low"] is None
