"""A round made of a portfolio: its homes, its candidates, the bands and promises of its advice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner, Result

import mixwijzer as mw
from mixwijzer.cli import app
from mixwijzer.engine.allocation import AgreementKind, Answer, Asked, eligible
from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.engine.portfolio import Candidate, Portfolio, ScopeKind
from mixwijzer.exchange.documents import schema
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.rounds import Divided, Part, divided
from mixwijzer.exchange.tables import write

LONG_AGO = date(2026, 11, 1)
INCOMES = ("low", "target", "middle", None)


def people(portfolio: Portfolio, many: int, seed: int = 1) -> tuple[Candidate, ...]:
    """Make up candidates: some of a group with which something was agreed, some with priority."""
    dice = np.random.default_rng(seed)
    groups = sorted({each.group for each in portfolio.obligations})
    return tuple(
        Candidate(
            id=f"K{number:03}",
            size=int(dice.choice(5, p=(0.4, 0.25, 0.15, 0.15, 0.05))) + 1,
            income_class=INCOMES[dice.choice(4, p=(0.5, 0.35, 0.1, 0.05))],
            registered=LONG_AGO - timedelta(days=int(dice.integers(30, 6000))),
            priority="urgency" if dice.random() < 0.1 else None,
            target_group=str(dice.choice(groups)) if dice.random() < 0.2 else None,
            accessible_needed=bool(dice.random() < 0.1),
        )
        for number in range(many)
    )


@pytest.fixture(scope="module")
def town() -> Portfolio:
    found = mw.synthesize(seed=7, homes=2000).portfolio
    assert found is not None
    return replace(found, candidates=people(found, 120))


@pytest.fixture(scope="module")
def asked(town: Portfolio) -> Inquiry:
    return Inquiry.of(town, read_norms())


@pytest.fixture(scope="module")
def told(asked: Inquiry) -> Divided:
    return divided(asked)


def test_every_placement_is_of_an_open_home_and_allowed_by_every_letting_rule(
    asked: Inquiry, told: Divided
) -> None:
    assert told.allocation is not None
    people_of = {each.id: each for each in asked.portfolio.candidates}
    for each in told.allocation.placements:
        assert each.home in asked.open_vacancies()
        home = asked.portfolio.dwelling[asked.portfolio.vacancy[each.home].dwelling]
        found = eligible(people_of[each.candidate], home, Asked(), asked.norms, asked.day)
        assert found.answer is Answer.PASSED
    assert told.allocation.verdict.holds
    assert len(told.allocation.placements) > 5


def test_who_is_kept_out_is_kept_out_by_the_rule_that_is_named(
    asked: Inquiry, told: Divided
) -> None:
    people_of = {each.id: each for each in asked.portfolio.candidates}
    named = set(told.refusals.values())
    assert {"size", "affordability", "income", "accessible", "no_income"} <= named
    for (vacancy, candidate), rule in told.refusals.items():
        home = asked.portfolio.dwelling[asked.portfolio.vacancy[vacancy].dwelling]
        found = eligible(people_of[candidate], home, Asked(), asked.norms, asked.day)
        first = found.against[0]
        assert rule == (f"no_{first.lacking}" if first.lacking else first.rule.value)


def test_a_band_leaves_what_the_advice_of_the_tightest_home_there_says(
    asked: Inquiry, told: Divided
) -> None:
    left: dict[tuple[str, str], int] = {}
    for vacancy in asked.open_vacancies():
        for category in asked.advise(vacancy).categories:
            for rule in category.rules:
                if rule.scope.kind in {ScopeKind.COMPLEX, ScopeKind.NEIGHBOURHOOD}:
                    key = rule.scope.code, rule.category
                    left[key] = max(min(rule.headroom, left.get(key, 999)), 0)
    bands = {
        (each.place, each.category): each.high
        for each in told.agreements
        if each.kind is AgreementKind.BAND
    }
    assert bands == left


def test_a_promise_asks_of_these_homes_their_even_part_of_what_is_still_owed(
    asked: Inquiry, told: Divided
) -> None:
    homes = len(asked.open_vacancies())
    owed = {
        each.obligation.id: expected.one_in
        for each, expected in zip(asked.obligations(), asked.expectations(), strict=True)
        if expected is not None and expected.one_in
    }
    promises = {
        each.id: each.low for each in told.agreements if each.kind is AgreementKind.OBLIGATION
    }
    assert promises
    for name, low in promises.items():
        assert low is not None
        assert low - 1 < homes / owed[name] or low == homes


def test_priority_goes_first_and_then_who_registered_longest_ago(asked: Inquiry) -> None:
    told = divided(asked)
    assert told.allocation is not None
    pairs, the_round = told.allocation.round.pairs, told.allocation.round
    worth = {int(who): int(value) for who, value in zip(pairs.candidate, pairs.value, strict=True)}
    ranked = sorted(worth, key=worth.__getitem__, reverse=True)
    people_of = {each.id: each for each in asked.portfolio.candidates}
    found = [people_of[the_round.candidates[each].id] for each in ranked]
    assert found == sorted(
        found, key=lambda each: (each.priority is None, each.registered, each.id)
    )


def test_only_the_part_that_is_asked_for_takes_part(asked: Inquiry) -> None:
    homes = asked.open_vacancies()[:3]
    some = [each.id for each in asked.portfolio.candidates[:40]]
    told = divided(asked, part=Part(vacancies=homes, candidates=some))
    assert told.allocation is not None
    assert {each.id for each in told.allocation.round.homes} == set(homes)
    assert {each.id for each in told.allocation.round.candidates} == set(some)


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("round_nobody", Part(vacancies=["V-not-there"])),
        ("round_nobody", Part(candidates=["nobody"])),
        ("round_empty", Part(vacancies=[])),
        ("round_without_candidates", Part(candidates=[])),
    ],
)
def test_what_is_not_there_is_named(asked: Inquiry, code: str, part: Part) -> None:
    with pytest.raises(MixwijzerError) as refused:
        divided(asked, part=part)
    assert refused.value.code == code


def test_a_home_about_which_there_is_no_advice_takes_no_part_and_is_named(town: Portfolio) -> None:
    first = Inquiry.of(town, read_norms()).open_vacancies()[0]
    home = town.vacancy[first].dwelling
    outside = tuple(
        replace(each, in_base=False, out_reason="renovation") if each.id == home else each
        for each in town.dwellings
    )
    told = divided(Inquiry.of(replace(town, dwellings=outside), read_norms()))
    assert [(each.vacancy, each.error.code) for each in told.left_out] == [(first, "out_of_base")]


def run(*words: object, language: str = "en") -> Result:
    return CliRunner().invoke(app, ["allocate", *map(str, words), "--language", language])


def valid(told: Any) -> Any:
    jsonschema.Draft202012Validator(schema("allocate")).validate(told)
    return told


@pytest.mark.parametrize("name", ["town", "town.xlsx"])
def test_files_library_and_command_line_give_one_answer(
    town: Portfolio, tmp_path: Path, name: str
) -> None:
    write(town, tmp_path / name)
    answer = mw.allocate(town)
    assert valid(json.loads(run(tmp_path / name, "--json").stdout)) == answer.document
    assert answer.document["day"] == "2026-11-22"
    read = run(tmp_path / name).stdout
    assert "As of 22 November 2026" in read
    assert "Proved: no other division is worth more." in read


def test_why_not_is_told_of_a_portfolio_too(town: Portfolio, tmp_path: Path) -> None:
    write(town, tmp_path / "town")
    home = Inquiry.of(town, read_norms()).open_vacancies()[0]
    told = run(tmp_path / "town", "--vacancy", home, "--why", home, language="nl").stdout
    assert f"krijgt {home}" in told
    assert "voor dit inkomen is de huur te hoog" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--week",), "geef een ronde met options"),
        (("--candidate", "nobody"), "Kijk na hoe het geschreven is."),
    ],
)
def test_what_cannot_be_asked_of_a_portfolio_says_so(
    town: Portfolio, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    write(town, tmp_path / "town")
    answer = run(tmp_path / "town", *words, language="nl")
    assert answer.exit_code == 2
    assert told in answer.output


def test_a_part_of_a_round_in_files_is_refused() -> None:
    answer = run("tests/rounds/zuid.json", "--vacancy", "V1", language="nl")
    assert answer.exit_code == 2
    assert "Laat ze weg" in answer.output
