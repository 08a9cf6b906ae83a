"""The worked cases that came with the rules: every figure in them, to a millionth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mixwijzer.engine.portfolio import Band, band_errors
from tests.engine import oracle
from tests.engine.cases import FIGURES, WORKED, account_told, advice_told, differences

Json = Any

CASES = {case["id"]: case for case in WORKED["cases"]}
ACCOUNTS = [id_ for id_, case in CASES.items() if case["call"] == "account"]
ADVICES = [id_ for id_, case in CASES.items() if case["call"] == "advise"]
# The printed figures are rounded themselves, so that both roundings may add up.
PRINTED = 1.01e-6


def without_ids(told: Json) -> Json:
    """Name rules as the worked cases do, by scope and kind alone."""
    if isinstance(told, dict):
        return {key: without_ids(value) for key, value in told.items() if key != "id"}
    if isinstance(told, list):
        if len(told) == 3 and told[1] in ("band", "cap"):
            return told[:2]
        return [without_ids(each) for each in told]
    return told


def expected_of(case: Json) -> Json:
    """Fill in what the worked cases leave out where there is nothing to say."""
    output = {key: value for key, value in case["output"].items() if key != "errors"}
    output["categories"] = {
        name: {
            "reasons": [],
            "binding": None,
            "better_by_expiry": False,
            "counterfactuals": {"flips": [], "blocked": []},
            **each,
        }
        for name, each in output["categories"].items()
    }
    return output


def both() -> Iterator[Any]:
    """The engine, and the slow reading it is held against."""
    yield pytest.param((account_told, advice_told), id="engine")
    yield pytest.param((oracle.summary, oracle.advise), id="oracle")


@pytest.mark.parametrize("reading", both())
@pytest.mark.parametrize("case", ACCOUNTS)
def test_who_lives_here_comes_out_as_in_the_worked_case(case: str, reading: Any) -> None:
    told = reading[0](FIGURES, CASES[case]["input"])
    assert not differences(told, CASES[case]["output"], within=PRINTED)


@pytest.mark.parametrize("reading", both())
@pytest.mark.parametrize("case", ADVICES)
def test_the_advice_comes_out_as_in_the_worked_case(case: str, reading: Any) -> None:
    told = reading[1](FIGURES, CASES[case]["input"])
    assert not differences(without_ids(told), expected_of(CASES[case]), within=PRINTED)


def test_a_band_becomes_the_whole_households_of_the_worked_case() -> None:
    case = CASES["01-bands"]
    told = [list(Band(**each["band"]).whole(each["n"])) for each in case["input"]]
    assert told == case["output"]


def test_the_profile_of_the_worked_case_is_refused_with_both_reasons() -> None:
    case = CASES["02-profile-refused"]
    bands = {name: Band(**band) for name, band in case["input"].items()}
    errors = band_errors("C", bands, FIGURES.categories)
    assert [error.code for error in errors] == ["band_order", "targets_sum"]
    assert [errors[0].facts["category"], errors[1].facts["total"]] == ["attention", 9500]


def test_no_worked_case_is_left_out() -> None:
    assert {case["call"] for case in CASES.values()} == {"band", "profile", "account", "advise"}
    assert len(ACCOUNTS) + len(ADVICES) + 2 == len(CASES)
