"""How a mix moves by itself: what is measured, what is assumed, and how wide the doubt is."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import DynamicsError
from mixwijzer.exchange.wording import error_text

CALM = Rates(
    categories=("attention", "regular", "carrier"),
    leave=(0.06, 0.06, 0.09),
    drift=((0, 0.06, 0), (0.02, 0, 0), (0, 0, 0)),
)


def test_nobody_moves_extra_unless_it_is_said() -> None:
    assert CALM.churn == CALM.stayers == (0, 0, 0)
    assert CALM.shock == 0


@pytest.mark.parametrize(
    ("change", "code", "subject"),
    [
        ({"categories": ()}, "rates_shape", "categories"),
        ({"categories": ("regular",) * 3}, "rates_shape", "categories"),
        ({"leave": (0.06, 0.06)}, "rates_shape", "leave"),
        ({"drift": ((0, 0.06, 0), (0.02, 0, 0))}, "rates_shape", "drift"),
        ({"drift": ((0, 0.06, 0), (0.02, 0), (0, 0, 0))}, "rates_shape", "drift[regular]"),
        ({"leave": (0.06, -0.01, 0.09)}, "rates_range", "leave"),
        ({"leave": (0.06, math.nan, 0.09)}, "rates_range", "leave"),
        ({"churn": (0.1, math.inf, 0)}, "rates_range", "churn"),
        ({"stayers": (0.5, 1.1, 0)}, "rates_range", "stayers"),
        ({"shock": -0.1}, "rates_range", "shock"),
        ({"drift": ((0, 0.06, 0), (0.02, 0.5, 0), (0, 0, 0))}, "rates_diagonal", "regular"),
    ],
)
def test_rates_that_cannot_be_are_refused_with_a_way_out(
    change: dict[str, object], code: str, subject: str
) -> None:
    with pytest.raises(DynamicsError) as refused:
        replace(CALM, **change)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.subject) == (code, subject)
    assert error_text(refused.value, "nl").count(".") >= 2
