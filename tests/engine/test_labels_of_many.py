"""Labels of a large complex: products of many chances must not vanish."""

from __future__ import annotations

from datetime import date

import pytest

from mixwijzer.engine.account import Labels
from mixwijzer.engine.norms import Assumptions
from mixwijzer.exchange.normbook import read_norms


@pytest.mark.parametrize("households", [120, 200, 300])
def test_an_account_of_many_labels_still_sums_to_one(households: int) -> None:
    scheme = Assumptions.on(read_norms(), date(2026, 11, 22)).schemes["role"]
    third = households // 3
    labels = Labels(
        scheme=scheme,
        complete=(third, third, households - 2 * third),
        signal=(0, 0, 0),
        expired=(0, 0, 0),
    )
    account = labels.account()
    assert account.pmf("attention").sum() == pytest.approx(1)
    assert 0.8 * third < account.mean("attention") < 1.3 * third
