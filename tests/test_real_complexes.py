"""6,476 real complexes, one vacancy each, by the commands that a person would type."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mixwijzer.exchange.documents import schema
from tests.exchange.test_areas import real

MOST_MEMORY = 500  # MB, for any number of vacancies


def typed(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from mixwijzer.cli import app; app()", *map(str, words)]
    return subprocess.run(
        [*command, "--language", "en"], capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = real("scale/us_public_housing_projects_2023.csv")
    path = tmp_path_factory.mktemp("real") / "us"
    done = typed("convert", source, path, "--mapping", "hud-2023")
    assert done.returncode == 0, done.stderr
    assert "stand-in" in done.stdout
    return path


def test_every_real_complex_is_advised_on_in_bounded_memory(portfolio: Path) -> None:
    done = typed("advise", portfolio, "--json", "--stats")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["advices"]) == 6_476
    assert told["without_advice"] == []
    assert (told["scheme"], told["data_date"]) == ("need", "2023-12-31")
    jsonschema.validate({**told, "advices": told["advices"][::100]}, schema("advise"))
    verdicts = Counter(verdict_of(advice) for advice in told["advices"])
    assert set(verdicts) == {"no_room", "ask_first", "tight", "room"}
    (number, memory) = re.findall(
        r"Advice on ([\d,]+) vacancies in .*peak memory ([\d,]+) MB", done.stderr
    ).pop()
    assert number == "6,476"
    assert int(memory) <= MOST_MEMORY
    print(done.stderr)  # noqa: T201 - `pytest -s` shows time and memory


def verdict_of(advice: Any) -> str:
    return next(each for each in advice["categories"] if each["category"] == "attention")["verdict"]


def test_a_real_complex_over_its_band_has_no_room_and_one_far_under_it_has(portfolio: Path) -> None:
    """Lorna Doone Apts: 104 of 104 homes; McMullen Heights: 9 of 104 (HUD 2023)."""
    over = json.loads(typed("advise", portfolio, "--vacancy", "V-FL004000010", "--json").stdout)
    under = json.loads(typed("advise", portfolio, "--vacancy", "V-FL027000104", "--json").stdout)
    assert verdict_of(over["advices"][0]) == "no_room"
    assert verdict_of(under["advices"][0]) == "room"
    (category, *_) = over["advices"][0]["categories"]
    (rule,) = category["rules"]
    assert rule["limit"] == max(104 * 40 // 100, -(-104 * 35 // 100)) == 41
    assert rule["count"]["median"] > rule["limit"]
