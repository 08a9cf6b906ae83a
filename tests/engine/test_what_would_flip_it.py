"""Corners of "what would make room?" that random cases reach too seldom to lean on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.cases import FIGURES, advice_told

Json = Any

DAY = "2026-11-20"


def a_judged_complex(
    *,
    homes: int,
    says: list[int],
    events: tuple[Json, ...] = (),
    roles: tuple[int, ...] = (0, 0, 0),
    **scope: Json,
) -> Json:
    """A complex where one person said something this month."""
    said = {
        "on": "2026-11-02",
        "type": "judge",
        "judges": [{"by": "x", "attention": says}],
    }
    account = {
        "from": "judgements",
        "h": homes,
        "day": DAY,
        "roles": list(roles),
        "events": [said, *events],
    }
    return {"name": "C", "n": homes + 4, "account": account, **scope}


def for_attention(*scopes: Json) -> Json:
    """The advice about one more household with attention."""
    return advice_told(FIGURES, {"scopes": list(scopes)})["categories"]["attention"]


def an_attention_cap(at_most: int, id_: str) -> Json:
    return {"category": "attention", "at_most": at_most, "id": id_}


PROMISED = {"on": DAY, "type": "let", "shares": [1.0, 0.0, 0.0]}


def test_with_two_homes_promised_the_question_fewer_than_three_is_still_found() -> None:
    place = a_judged_complex(
        homes=6, says=[1, 2, 3], events=(PROMISED, PROMISED), caps=[an_attention_cap(3, "cap")]
    )
    flips = for_attention(place)["counterfactuals"]["flips"]
    assert {"changes": [["fewer than", "C", 3]], "verdict": "tight"} in flips


def test_what_cannot_be_asked_is_not_proposed_even_as_blocked() -> None:
    """Nobody lives there yet and three homes are promised to attention: there is no "fewer"."""
    account = {"from": "judgements", "h": 0, "day": DAY, "events": [PROMISED] * 3}
    caps = [an_attention_cap(1, "cap")]
    told = for_attention({"name": "C", "n": 6, "account": account, "caps": caps})
    assert told["counterfactuals"] == {
        "flips": [
            {"changes": [["departures", "C", 3]], "verdict": "tight"},
            {"changes": [["limit", ["C", "cap", "cap"], 3]], "verdict": "tight"},
        ],
        "blocked": [],
    }


def test_an_empty_complex_under_a_cap_of_nought_asks_for_one_place_and_nothing_else() -> None:
    account = {"from": "judgements", "h": 0, "day": DAY, "events": []}
    cap = an_attention_cap(0, "cap")
    told = for_attention({"name": "C", "n": 6, "account": account, "caps": [cap]})
    assert told["verdict"] == "no room"
    assert told["counterfactuals"] == {
        "flips": [{"changes": [["limit", ["C", "cap", "cap"], 1]], "verdict": "tight"}],
        "blocked": [[["departures", "C"], [["C", "cap", "cap"]]]],
    }


def test_nobody_is_asked_to_confirm_what_a_promise_already_rules_out() -> None:
    """One role, one household without: and that one was promised to attention."""
    place = a_judged_complex(
        homes=1,
        says=[0, 0, 0],
        roles=(0, 0, 1),
        events=(PROMISED,),
        caps=[an_attention_cap(1, "cap")],
    )
    told = for_attention(place)
    assert told["verdict"] == "no room"
    kinds = {change[0] for flip in told["counterfactuals"]["flips"] for change in flip["changes"]}
    assert kinds == {"departures", "limit"}
    assert not any(each[0][0] == "confirmed" for each in told["counterfactuals"]["blocked"])


@pytest.mark.parametrize(("own", "wide"), [("a", "z"), ("z", "a")])
def test_two_ceilings_that_must_both_rise_are_named_from_small_to_large(
    own: str, wide: str
) -> None:
    """Whatever the rules are called: the complex first, then the neighbourhood."""
    account = {"from": "judgements", "h": 0, "day": DAY, "events": []}
    place = {"name": "C", "n": 6, "account": account, "caps": [an_attention_cap(0, own)]}
    around = {"name": "N", "n": 8, "rest": [], "caps": [an_attention_cap(0, wide)]}
    assert for_attention(place, around)["counterfactuals"]["flips"] == [
        {
            "changes": [["limit", ["C", "cap", own], 1], ["limit", ["N", "cap", wide], 1]],
            "verdict": "tight",
        }
    ]
