"""The tests notice a broken engine: a quick selection here, all of them in `make mutants`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.mutants.table import END, PAGE, START, table
from tools.mutants import Mutant, mutants, noticed

ROOT = Path(__file__).resolve().parents[2]
ALL = [each for each in mutants() if each.file.startswith("mixwijzer/engine/")]
QUICK = [each for each in ALL if each.fast]
LAWS = ROOT / "tests" / "laws"
# These look at the generators, not at the engine.
OF_THE_TESTS = {
    "test_the_ten_thousand_cases_are_not_all_alike",
    "test_two_runs_of_the_dice_give_the_same_town",
}


@pytest.mark.parametrize("mutant", QUICK, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_broken_engine_is_noticed(mutant: Mutant) -> None:
    assert noticed(mutant)


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_what_a_mutant_breaks_still_stands_once_in_the_engine(mutant: Mutant) -> None:
    assert mutant.broken() != (ROOT / "src" / mutant.file).read_text(encoding="utf-8")


def test_there_are_at_least_twenty_and_every_one_has_its_own_name() -> None:
    names = [each.name for each in ALL]
    assert len(names) >= 20
    assert len(set(names)) == len(names)


def test_every_law_has_been_seen_to_fail_on_some_broken_engine() -> None:
    """Each test of `tests/laws` stands beside at least one mutant that it notices."""
    listed = tomllib.loads((LAWS / "mutants.toml").read_text(encoding="utf-8"))["mutant"]
    named = {
        test.rpartition("::")[2].partition("[")[0] for each in listed for test in each["tests"]
    }
    laws = {
        line.split("(")[0].removeprefix("def ")
        for path in LAWS.glob("test_*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("def test_")
    }
    assert laws - named == OF_THE_TESTS


def test_the_documentation_lists_every_broken_engine_and_who_notices_it() -> None:
    assert f"{START}\n{table()}\n{END}" in PAGE.read_text(encoding="utf-8"), (
        "run python -m tests.mutants.table"
    )
