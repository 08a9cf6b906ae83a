"""Looking ahead from library and command line: one figure everywhere, words where there is none."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner, Result

import mixwijzer as mw
from mixwijzer.cli import app
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import DynamicsError, ForecastError, PortfolioError
from mixwijzer.engine.forecast import Policy
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.exchange.documents import schema

TOWN = mw.synthesize(seed=7, homes=400)
KNOWN = Rates(
    categories=("attention", "regular", "carrier"),
    leave=(0.08, 0.08, 0.08),
    drift=((0, 0.06, 0), (0.02, 0, 0), (0, 0, 0)),
)
STILL = Rates(categories=KNOWN.categories, leave=(0, 0, 0), drift=((0, 0, 0),) * 3)


def portfolio() -> Portfolio:
    assert TOWN.portfolio is not None
    return TOWN.portfolio


def run(*words: object, language: str = "en") -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--language", language])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ahead") / "town"
    mw.export(TOWN, path)
    return path


def valid(told: Any) -> Any:
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema(told["command"]), format_checker=checker).validate(told)
    return told


# --- one figure everywhere


def test_today_s_expected_numbers_add_up_to_the_homes() -> None:
    answer = mw.forecast(TOWN)
    for each in answer:
        for month in each.months:
            assert sum(row.mean for row in month.categories) == pytest.approx(each.homes)


def test_a_complex_alone_is_told_as_it_is_among_the_others() -> None:
    every = mw.forecast(TOWN)
    one = mw.forecast(TOWN, scope="ZI0016")
    assert list(one.table) == [row for row in every.table if row["scope"] == "ZI0016"]
    assert list(one.kept) == [row for row in every.kept if row["scope"] == "ZI0016"]


def test_an_area_is_expected_to_hold_what_its_complexes_hold() -> None:
    complexes = mw.forecast(TOWN, months=(0, 24))
    areas = mw.forecast(TOWN, months=(0, 24), kind="municipality")
    for place in (0, 1):
        found = [
            sum(each.months[place].categories[0].mean for each in answer)
            for answer in (complexes, areas)
        ]
        assert found[0] == pytest.approx(found[1], abs=1e-3)
    assert set(areas.kept.column("chance_inside")) == {None}


def test_the_printed_figure_is_that_of_the_document(town: Path) -> None:
    told = valid(json.loads(run("forecast", town, "--scope", "ZI0016", "--json").stdout))
    lines = run("forecast", town, "--scope", "ZI0016").stdout.splitlines()
    shown = [line.split() for line in lines if line.strip().split(" ")[0].isdecimal()]
    assert [float(cells[2]) for cells in shown] == [
        round(row["mean"], 1) for row in told["forecast"]
    ]


def test_a_table_fits_on_a_hundred_columns_in_both_languages(town: Path) -> None:
    for language in ("nl", "en"):
        for words in ((), ("--scope", "ZI0016")):
            lines = run("forecast", town, *words, language=language).stdout.splitlines()
            start = next(place for place, line in enumerate(lines) if not line) + 1
            table = lines[start : lines.index("", start)]
            assert max(map(len, table)) <= 100


# --- what the figures rest on


def test_the_range_of_the_rates_holds_the_likely_figure() -> None:
    answer = mw.forecast(TOWN)
    for row in answer.table:
        assert row["mean_low"] <= row["mean"] <= row["mean_high"]  # type: ignore[operator]
    later = [row for row in answer.kept if row["month"] == 24]
    assert any(row["chance_low"] < row["chance_high"] for row in later)  # type: ignore[operator]
    assert answer.document["norms_used"]
    assert all(answer.kept.column("assumed"))


def test_own_rates_are_taken_as_known() -> None:
    answer = mw.forecast(TOWN, rates=KNOWN, scope="ZI0016")
    assert set(answer.table.column("mean_low")) == {None}
    assert set(answer.kept.column("assumed")) == {False}
    assert valid(answer.document)["rates"] == "own"
    keys = {norm["key"] for norm in answer.document["norms_used"]}
    assert not any(key.startswith("dynamics.") for key in keys)
    by_complex = {each.id: KNOWN for each in portfolio().complexes}
    assert mw.forecast(TOWN, rates=by_complex, scope="ZI0016").table == answer.table
    by_complex.pop("ZI0016")
    with pytest.raises(DynamicsError) as told:
        mw.forecast(TOWN, rates=by_complex)
    assert (told.value.code, told.value.subject) == ("place_missing", "ZI0016")


def test_where_nobody_leaves_or_changes_nothing_comes() -> None:
    answer = mw.forecast(TOWN, scope="ZI0016", rates=STILL)
    now, *later = answer.values[0].months
    for month in later:
        assert month.inside == pytest.approx(now.inside)


def test_who_steers_less_keeps_less_of_what_was_agreed() -> None:
    free, bound = (
        mw.forecast(TOWN, scope="ZI0016", steered=share, months=(24,)) for share in (1.0, 0.0)
    )
    assert free.together.column("inside")[0] > bound.together.column("inside")[0]  # type: ignore[operator]
    own = mw.forecast(
        TOWN,
        scope="ZI0016",
        months=(24,),
        policy=lambda _, __, ordinary: Policy.fixed(ordinary),
    )
    assert own.table == bound.table
    assert valid(own.document)["policy"] == "own"


def test_means_alone_leave_the_chances_open() -> None:
    answer = mw.forecast(TOWN, method="fluid", scope="ZI0016")
    assert set(answer.table.column("likely_low")) == {None}
    assert set(answer.kept.column("chance_inside")) == {None}
    assert valid(answer.document)["seed"] is None


def test_a_sample_says_how_often_it_was_drawn_and_how_far_it_may_be_off() -> None:
    exact = mw.forecast(TOWN, scope="ZI0016", rates=KNOWN)
    drawn = mw.forecast(TOWN, scope="ZI0016", rates=KNOWN, method="sampled", runs=4096, seed=3)
    told = valid(drawn.document)
    assert (told["seed"], told["runs"]) == (3, 4096)
    for one, other in zip(exact.kept, drawn.kept, strict=True):
        off = abs(one["chance_inside"] - other["chance_inside"])  # type: ignore[operator]
        assert off <= 4 * other["error"]  # type: ignore[operator]


# --- steering


# --- a supply that all complexes share


def supplied(*supply: float, **asked: Any) -> mw.Result[Any]:
    return mw.forecast(
        TOWN, months=(0, 60), rates=KNOWN, steered=1.0, supply=supply, runs=64, **asked
    )


def test_who_is_short_comes_less_and_a_promise_that_needs_him_is_named(town: Path) -> None:
    plenty, short = supplied(inf, inf, inf), supplied(0, inf, inf)
    there = [
        sum(each.months[1].categories[0].mean for each in answer) for answer in (plenty, short)
    ]
    assert there[1] < 0.8 * there[0]
    assert not plenty.document["impossible"]
    told = valid(short.document)
    assert told["supply"] == [0, None, None]
    assert {row["trouble"] for row in told["impossible"]} == {"promises_impossible"}
    said = run("forecast", town, "--months", "12", "--runs", "64", "--supply", "0,inf,inf")
    assert "or too few households can be had" in said.output


def test_complexes_that_share_a_supply_are_drawn_together_whichever_is_asked() -> None:
    every, one = supplied(1, inf, 1), supplied(1, inf, 1, scope="ZI0016")
    assert list(one.kept) == [row for row in every.kept if row["scope"] == "ZI0016"]
    area = supplied(1, inf, 1, kind="municipality")
    homes = [sum(row.mean for row in each.months[1].categories) for each in area]
    assert homes == [pytest.approx(each.homes) for each in area]


@pytest.fixture(scope="module")
def turned() -> mw.Result[Any]:
    return mw.steer(TOWN)


def test_steering_is_the_same_from_the_library_and_on_the_command_line(
    turned: mw.Result[Any], town: Path
) -> None:
    assert valid(json.loads(run("steer", town, "--json").stdout)) == turned.document
    assert turned.document["powers"] == [dict(row) for row in turned.table]


def test_less_can_be_held_when_the_experiment_ends(turned: mw.Result[Any]) -> None:
    rows: Any = turned.table
    for row in rows:
        assert row["power_low"] <= row["power"] <= row["power_high"]
        assert row["power_left"] <= row["power"]
    whole: Any = next(iter(turned.totals))
    assert whole["stay_left"] <= whole["stay"]
    assert 0 <= whole["bound"] <= whole["bound_at_most"]


def test_promises_that_cannot_be_kept_are_named_and_left_out(turned: mw.Result[Any]) -> None:
    assert turned.totals.column("trouble") == ["promises_impossible"] * 2
    assert turned.pledges.column("group")


def test_one_complex_reads_as_it_does_among_the_others(turned: mw.Result[Any], town: Path) -> None:
    done = run("steer", town, "--scope", "ZI0016", language="nl")
    table = [line for line in done.stdout.splitlines() if line.startswith("ZI")]
    assert len(table) == 1
    assert len(table[0]) <= 110
    (own,) = [row for row in turned.courses if row["complex"] == "ZI0016"]
    assert f"{own['months_low']} tot {own['months_high']}" in table[0]
    assert "De grond van kanaal" in done.stdout


def plain(homes: int) -> dict[str, list[dict[str, Any]]]:
    return {"complexes": [{"id": "C1", "name": "De Eik", "owner": "ob", "homes": homes}]}


def test_the_whole_alone_names_no_complex() -> None:
    answer = mw.steer(plain(12), day="2026-11-22", portfolio=True, rates=KNOWN)
    assert len(answer.table) == len(answer.courses) == 0
    assert answer.totals.column("complexes") == [1]
    assert valid(answer.document)["rates"] == "own"


def test_a_complex_without_a_band_and_one_that_is_never_renewed_are_told_in_words(
    tmp_path: Path,
) -> None:
    mw.export(plain(12), tmp_path / "one")
    done = run("steer", tmp_path / "one", "--day", "2026-11-22")
    assert "no band" in done.stdout
    still = mw.steer(plain(12), day="2026-11-22", rates=STILL)
    assert still.courses.column("trouble") == ["block_rates"]
    assert valid(still.document)["totals"] == []


@pytest.mark.parametrize("scope", ["GM0193", "NERGENS"])
def test_steering_asks_for_a_complex(town: Path, scope: str) -> None:
    done = run("steer", town, "--scope", scope)
    assert done.exit_code == 2
    assert done.stderr


# --- words where there is no figure


def test_a_place_without_a_band_is_told_without_a_chance(tmp_path: Path) -> None:
    rows = [{"id": "C1", "name": "De Eik", "owner": "ob", "homes": 3}]
    answer = mw.forecast({"complexes": rows}, day="2026-11-22")
    assert set(answer.kept.column("chance_inside")) == {None}
    assert answer.together.column("limited") == [0, 0, 0, 0]
    mw.export({"complexes": rows}, tmp_path / "one")
    done = run("forecast", tmp_path / "one", "--day", "2026-11-22", "--scope", "C1")
    assert "No chance that everything agreed holds" in done.stdout


def test_a_large_complex_is_drawn_and_says_so(tmp_path: Path) -> None:
    rows = [{"id": "C1", "name": "De Eik", "owner": "ob", "homes": 240}]
    mw.export({"complexes": rows}, tmp_path / "one")
    done = run("forecast", tmp_path / "one", "--day", "2026-11-22", "--months", "0", "--runs", "64")
    assert "Drawn 64 times with seed 1." in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--months", "12,6"], "Give each month once, in order, counted from today."),
        (["--months", "soon"], "“soon”"),
        (["--method", "guess"], "“guess” isn't a method."),
        (["--scope", "NERGENS"], "NERGENS"),
        (["--kind", "street"], "there is no such kind."),
        (["--kind", "stairwell"], "it isn't among the complexes and areas of this forecast."),
    ],
)
def test_what_cannot_be_asked_ends_with_2_and_says_the_way_out(
    town: Path, words: list[str], said: str
) -> None:
    done = run("forecast", town, *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_without_a_home_there_is_nothing_ahead() -> None:
    with pytest.raises(ForecastError, match="no_outsets"):
        mw.forecast(Portfolio(), day="2026-11-22")
    with pytest.raises(PortfolioError):
        mw.forecast(TOWN, kind="street")
