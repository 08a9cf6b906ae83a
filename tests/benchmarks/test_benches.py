"""What is measured is there, is kept, and stays within budgets that don't depend on the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as benches
from benchmarks import advice_one, measuring, read_folder
from benchmarks.measuring import Measure
from benchmarks.towns import TOWNS, Town, inquiry
from mixwijzer.engine.account import Accounts
from mixwijzer.engine.advice import advise
from mixwijzer.engine.portfolio import Scope, ScopeKind

HAMLET = TOWNS[0]


def test_every_bench_names_towns_that_exist() -> None:
    found = dict(benches._benches())
    assert {"advice_one", "advice_many", "read_folder"} <= set(found)
    names = {town.name for town in TOWNS}
    assert all(set(module.TOWNS) <= names for module in found.values())


def test_a_bench_measures_speed_and_quality_beside_a_baseline() -> None:
    measures = {each.what: each for each in advice_one.run(HAMLET)}
    speed = measures["advice, accounts shared, p50"]
    assert speed.value > 0
    assert speed.ratio is not None
    right = measures["firm answers that were right"]
    assert 0 <= right.value <= 1


def test_what_was_written_is_read_back_the_same() -> None:
    (*_, same) = read_folder.run(HAMLET)
    assert (same.value, same.holds) == (1.0, True)


def test_a_line_is_kept_per_bench_town_and_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "RESULTS", tmp_path / "kept" / "results.jsonl")
    for value, at in ((1.0, "a"), (2.0, "a"), (3.0, "b")):
        measuring.keep("bench", "town", [Measure(what="x", value=value, unit="ms")], at=at)
    lines = [json.loads(line) for line in measuring.RESULTS.read_text().splitlines()]
    assert [(line["commit"], line["measures"][0]["value"]) for line in lines] == [
        ("a", 2),
        ("b", 3),
    ]


@pytest.mark.parametrize(
    ("value", "at_least", "holds"), [(9, False, True), (11, False, False), (11, True, True)]
)
def test_a_bar_is_met_from_its_own_side(value: float, at_least: bool, holds: bool) -> None:  # noqa: FBT001
    measure = Measure(what="x", value=value, unit="ms", bar=10, at_least=at_least)
    assert measure.holds is holds


def test_an_advice_asks_only_for_the_places_that_can_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The complex, its neighbourhood (which has a band) and where the alternatives are."""
    asked = inquiry(Town("village", 2_000, 5))
    rows = asked.portfolio
    owner = rows.complexes[0].owner
    kept = advice_one._states(asked, owner)
    seen: set[str] = set()
    plain = Accounts._state
    monkeypatch.setattr(
        Accounts, "_state", lambda self, scope: (seen.add(scope.code), plain(self, scope))[1]
    )
    checked = 0
    for vacancy in asked.open_vacancies():
        home = rows.dwelling[rows.vacancy[vacancy].dwelling]
        own = rows.owned_by(owner)
        if home.complex not in own.complex:
            continue
        seen.clear()
        accounts = Accounts(own, asked.assumptions, asked.day, states=kept)
        advice = advise(rows, vacancy, asked.day, asked.norms, accounts=accounts)
        if any(advice.alternatives) or any(each.flips for each in advice.categories):
            continue
        area = own.complex[home.complex].neighbourhood
        inside = {each.id for each in own.complexes if each.neighbourhood == area}
        assert {code.partition("/")[0] for code in seen} <= inside
        assert len(inside) < len(own.complexes)
        checked += 1
    assert checked


def test_an_inquiry_makes_the_accounts_of_an_owner_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = inquiry(HAMLET)
    made = []
    plain = Accounts.__init__

    def counted(self: Accounts, *given: object, **named: object) -> None:
        made.append(self)
        plain(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Accounts, "__init__", counted)
    for vacancy in asked.open_vacancies():
        owner = asked.portfolio.complex[
            asked.portfolio.dwelling[asked.portfolio.vacancy[vacancy].dwelling].complex
        ].owner
        assert asked.accounts(owner) is asked.accounts(owner)
    assert len(made) <= len(asked.owners)
    assert Scope(ScopeKind.COMPLEX, asked.portfolio.complexes[0].id) == asked.scope(
        asked.portfolio.complexes[0].id
    )
