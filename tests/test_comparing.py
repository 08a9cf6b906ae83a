"""Comparing from library and command line: one figure everywhere, stopped and gone on with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner, Result

import mixwijzer as mw
from mixwijzer.cli import app
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import MixwijzerError, RegimeError
from mixwijzer.engine.regimes import Regime
from mixwijzer.engine.regimes._regime import Rule
from mixwijzer.exchange.ahead import unpacked
from mixwijzer.exchange.documents import schema

TOWN = mw.synthesize(seed=7, homes=400)
KNOWN = Rates(
    categories=("attention", "regular", "carrier"),
    leave=(0.08, 0.08, 0.08),
    drift=((0, 0.06, 0), (0.02, 0, 0), (0, 0, 0)),
)
SHORT: dict[str, Any] = {"regimes": ("waiting_list", "experiment"), "years": 3, "runs": 128}


def run(*words: object, language: str = "en") -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--language", language])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compare") / "town"
    mw.export(TOWN, path)
    return path


def asked(town: Path, *more: object, runs: int = 128) -> list[object]:
    regimes = ("--regime", "waiting_list", "--regime", "experiment")
    return ["compare", town, *regimes, "--years", 3, "--runs", runs, *more]


def rows(answer: mw.Result[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in answer.table]


def test_library_and_command_line_say_the_same_and_the_document_is_as_described(
    town: Path,
) -> None:
    told = json.loads(run(*asked(town, "--json", "--workers", 2)).stdout)
    jsonschema.Draft202012Validator(
        schema("compare"), format_checker=jsonschema.FormatChecker()
    ).validate(told)
    answer = mw.compare(TOWN, **SHORT)
    assert told["figures"] == rows(answer)
    assert told["bases"] == [dict(row) for row in answer.bases]
    assert told["bases"][0]["runs"] == 128
    used = {each["key"]: each["standing"] for each in told["norms_used"]}
    assert used["letting.free_allocation_room"] == "law"
    assert used["letting.waited"] == "assumption"


def test_the_python_that_a_comparison_gives_repeats_it(town: Path) -> None:
    more = ("--turnover", "1.5", "--ends", "2028-01-01", "--arrivals", "9,20,9", "--json")
    more += ("--known", "2026-12-31")
    told = json.loads(run(*asked(town, *more)).stdout)
    names: dict[str, Any] = {}
    exec(told["python"], names)  # noqa: S102 - what the reader is told to run
    assert rows(names["answer"]) == told["figures"]
    assert "turnover=1.5" in told["python"]
    assert "known='2026-12-31'" in told["python"]
    assert "intake" not in told["python"]


@pytest.mark.parametrize(("language", "words"), [("en", "waits longer"), ("nl", "langer wachten")])
def test_a_comparison_reads_as_a_row_per_way_and_says_what_it_rests_on(
    town: Path, language: str, words: str
) -> None:
    told = run(*asked(town), language=language)
    assert told.exit_code == 0, told.output
    assert words in told.stdout
    lines = told.stdout.splitlines()
    assert sum("experiment" in line for line in lines) == 2  # of two owners
    assert "128" in told.stdout


def test_stopped_by_force_and_gone_on_with_it_gives_the_same_figures(
    town: Path, tmp_path: Path
) -> None:
    file = tmp_path / "runs.json"
    words = [*asked(town, "--resume", file, "--json", runs=1024)]
    command = Path(sys.executable).with_name("mixwijzer")
    begun = subprocess.Popen([command, *map(str, words)], stdout=subprocess.DEVNULL)
    while not file.exists():
        assert begun.poll() is None
        time.sleep(0.02)
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    halfway = unpacked(file.read_text(), file.name)
    assert 0 < sum(each.runs for each in halfway.values()) < 1024
    resumed = json.loads(run(*words).stdout)
    whole = mw.compare(TOWN, **SHORT | {"runs": 1024})
    assert resumed["figures"] == rows(whole)


def test_a_way_of_one_s_own_and_rates_of_one_s_own_go_in() -> None:
    own = Regime(name="mine", rule=Rule.BAND, steered={"mediation": 1.0})
    answer = mw.compare(
        TOWN, regimes=("waiting_list", own), years=1, runs=64, rates=KNOWN, intake=(0.2, 0.6, 0.2)
    )
    assert {row["regime"] for row in answer.table} == {"waiting_list", "mine"}
    assert answer.document["rates"] == "own"
    assert answer.document["python"] is None  # what is one's own isn't text
    assert answer.bases.column("assumed") == [False, False]


def test_looking_ahead_is_told_with_the_bound_and_what_could_not_be(town: Path) -> None:
    answer = mw.compare(
        TOWN,
        regimes=("waiting_list", "score"),
        years=2,
        runs=64,
        rates=KNOWN,
        arrivals=(0.5, 30, 9),
    )
    assert answer.bases.column("bound")[0] is not None
    assert answer.bases.column("trouble") == ["promises_impossible"] * 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--regime", "lottery"), "waiting_list, local, free_room"),
        (("--years", 0), "1 up to 100"),
        (("--runs", 1), "2 up to"),
        (("--intake", "0.5,0.5"), "one figure per group"),
        (("--turnover", 0), "multiple over 0"),
        (("--regime", "experiment"), "twice"),
    ],
)
def test_what_cannot_be_compared_is_said_with_the_way_out(
    town: Path, words: tuple[object, ...], said: str
) -> None:
    told = run(*asked(town), *words)
    assert told.exit_code == 2
    assert said in told.stderr


def test_figures_that_are_no_figures_are_wrong_use(town: Path) -> None:
    assert run(*asked(town, "--intake", "half")).exit_code == 2


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"zilverlinde": {"key": 1}}', "\x00"])
def test_a_saved_file_that_is_none_is_refused(town: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "runs.json"
    file.write_text(text)
    told = run(*asked(town, "--resume", file))
    assert told.exit_code == 2
    assert "runs.json" in told.stderr


def test_a_saved_file_of_another_question_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "runs.json"
    mw.compare(TOWN, **SHORT, rates=KNOWN, resume=file)
    with pytest.raises(RegimeError, match="other_plan"):
        mw.compare(TOWN, **SHORT | {"seed": 2}, rates=KNOWN, resume=file)


def test_an_empty_portfolio_has_nothing_to_compare() -> None:
    with pytest.raises(MixwijzerError):
        mw.compare({"complexes": [{"id": "C1", "name": "De Eik", "owner": "ob"}]}, day="2026-11-22")
