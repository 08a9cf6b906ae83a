"""How far the margins of the year are used: what counts, what doesn't, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.match_steps import MatchState
from mixwijzer.web.register.bridge import LETTINGS, current
from mixwijzer.web.register.models import Dwelling
from mixwijzer.web.rounds import bridge
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.letting.matched import a_candidate, a_home_for_matching, proposed, to_step


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def let_to(cast: Cast, **who: Any) -> None:
    """Let Vlierhof 3 to a candidate, by a match."""
    home = a_home_for_matching(cast, "Vlier-003")
    match = to_step(cast, proposed(cast, home, a_candidate(cast, **who)), MatchState.CONTRACT)
    letting.let(user=cast.tessa, match=match.public_id, version=match.version, on=TODAY, now=NOW)


def costs(cast: Cast, rent: int) -> None:
    """Let the register say another rent of Vlierhof 3."""
    rows = Dwelling.objects.for_organisation(cast.woonbelang).filter(code="Vlier-003")
    row = rows.get(replaced_at=None)
    rows.filter(pk=row.pk).update(replaced_at=NOW)
    row.pk, row.rent, row.recorded_at = None, Decimal(rent), NOW
    row.save(force_insert=True)


def of_this_year(cast: Cast) -> int:
    year = date(TODAY.year, 1, 1)
    return current(LETTINGS, cast.woonbelang, on__gte=year, on__lte=TODAY).count()


def test_a_letting_by_a_match_to_a_low_income_counts_as_fitting(town: Cast) -> None:
    costs(town, 600)
    let_to(town, income_class="low")
    told = bridge.margins(town.woonbelang, TODAY)
    assert (told.fitting.counted, told.fitting.of) == (1, 1)
    assert told.unknown == of_this_year(town) - 1
    assert told.least == 0.95


def test_a_rent_above_the_limit_counts_as_not_fitting(town: Cast) -> None:
    costs(town, 600)
    let_to(town, income_class="low")
    costs(town, 900)  # the rent was put right after the letting
    told = bridge.margins(town.woonbelang, TODAY)
    assert (told.fitting.counted, told.fitting.of) == (0, 1)


def test_a_higher_income_is_known_and_counts_for_neither(town: Cast) -> None:
    let_to(town, income_class="target")
    told = bridge.margins(town.woonbelang, TODAY)
    assert (told.fitting.counted, told.fitting.of) == (0, 0)
    assert told.unknown == of_this_year(town) - 1


def test_without_a_match_nobodys_income_is_known(town: Cast) -> None:
    told = bridge.margins(town.woonbelang, TODAY)
    assert told.fitting.of == 0
    assert told.unknown == of_this_year(town)


def test_once_its_norm_ended_no_least_is_told(town: Cast) -> None:
    assert bridge.margins(town.woonbelang, date(2027, 11, 1)).least is None
