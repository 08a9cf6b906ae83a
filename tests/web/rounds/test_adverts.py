"""The text with a home in the portal: facts in Dutch, as far as they fit, nothing about people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from mixwijzer.web.rounds.adverts import advert_of

HOME: dict[str, Any] = {
    "rooms": 2,
    "rent": Decimal("645.55"),
    "floor": 2,
    "accessible": False,
    "free_from": date(2026, 12, 24),
    "label": "We zoeken iemand die iets voor de buren wil doen.",
    "most": 160,
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_is_in_dutch_whoever_makes_it(language: str) -> None:
    with override(language):
        told = advert_of(**HOME)
    assert told == (
        "2 kamers, verdieping 2, €\N{NO-BREAK SPACE}645,55 per maand, vrij per 24 december 2026. "
        "We zoeken iemand die iets voor de buren wil doen."
    )


def test_what_does_not_fit_is_left_out_the_label_first() -> None:
    told = advert_of(**{**HOME, "most": 60})
    assert told == "2 kamers, verdieping 2, €\N{NO-BREAK SPACE}645,55 per maand."
    assert len(told) <= 60


def test_what_is_not_known_is_not_told() -> None:
    told = advert_of(**{**HOME, "rooms": None, "rent": None, "floor": 0, "label": ""})
    assert told == "Begane grond, vrij per 24 december 2026."


def test_a_home_without_stairs_says_so() -> None:
    assert "zonder trap" in advert_of(**{**HOME, "accessible": True})
