"""A share of a few homes is a whole number of households: all bases, all bands, exactly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given

from mixwijzer.engine.account import Account
from mixwijzer.engine.advice import judge
from mixwijzer.engine.advice._rules import rules
from mixwijzer.engine.advice._situation import Ring, Situation, band_limit
from mixwijzer.engine.portfolio import Band, Scope, ScopeKind, band_errors
from mixwijzer.engine.reasons import Verdict
from tests.engine.cases import FIGURES, assumptions_of, scheme_of
from tests.engine.random_cases import TWO
from tests.strategies import Json, bands, homes

LARGEST = 200
BASES = range(1, LARGEST + 1)
# Every 5 %, the article's aims and the widths around them, and shares that no base divides.
GRID = sorted({*range(0, 10_001, 500), 3000, 3250, 3333, 3750, 6667, 1, 9_999})
DOWN = {(share, n): math.floor(Fraction(share, 10_000) * n) for share in GRID for n in BASES}
UP = {(share, n): math.ceil(Fraction(share, 10_000) * n) for share in GRID for n in BASES}


def sensible() -> Iterator[tuple[int | None, int | None, int | None]]:
    """Every lowest ≤ aimed ≤ highest share on the grid, each perhaps absent."""
    for low, aim, high in product((None, *GRID), repeat=3):
        present = [share for share in (low, aim, high) if share is not None]
        if present == sorted(present):
            yield low, aim, high


def test_for_every_base_up_to_200_a_band_is_what_exact_fractions_say() -> None:
    checked = 0
    for low, aim, high in sensible():
        soft, hard = (
            Band(min=low, target=aim, max=high),
            Band(min=low, target=aim, max=high, hard=True),
        )
        for n in BASES:
            floor_ = None if low is None else UP[low, n]
            ceiling = None if high is None else DOWN[high, n]
            assert hard.whole(n) == (floor_, ceiling)
            if aim is not None:
                floor_ = None if floor_ is None else min(floor_, DOWN[aim, n])
                ceiling = None if ceiling is None else max(ceiling, UP[aim, n])
            assert soft.whole(n) == (floor_, ceiling)
            checked += 1
    assert checked > 500_000


@pytest.mark.parametrize("hard", [False, True], ids=["soft", "hard"])
@pytest.mark.parametrize(
    ("low", "aim", "high"),
    [(3000, 3500, 4000), (1000, 1500, 2000), (4500, 5000, 5500), (3333, 3333, 3334), (0, 1, 9999)],
)
def test_every_base_from_1_to_200_has_the_band_of_exact_fractions(
    low: int, aim: int, high: int, *, hard: bool
) -> None:
    for n in BASES:
        floor_ = math.ceil(Fraction(low, 10_000) * n)
        ceiling = math.floor(Fraction(high, 10_000) * n)
        if not hard:
            floor_ = min(floor_, math.floor(Fraction(aim, 10_000) * n))
            ceiling = max(ceiling, math.ceil(Fraction(aim, 10_000) * n))
        band = Band(min=low, target=aim, max=high, hard=hard)
        assert band.whole(n) == (floor_, ceiling)


@given(band=bands(), n=homes)
def test_a_soft_band_always_holds_a_mix_at_its_own_aim(band: Json, n: int) -> None:
    low, high = Band(**{**band, "hard": False}).whole(n)
    if "target" in band:
        aim = Fraction(band["target"], 10_000) * n
        assert low is None or low <= math.floor(aim)
        assert high is None or high >= math.ceil(aim)
    if low is not None and high is not None:
        assert low <= high or "target" not in band


def exactly(n: int, living: int, here: int, band: Band) -> Situation:
    """A complex of n homes where we know for certain who lives in it."""
    scheme = replace(scheme_of(TWO), name="certain")
    grid = np.zeros(living + 1)
    grid[here] = 1.0
    scope = Scope(ScopeKind.COMPLEX, "C")
    ring = Ring(scope=scope, base=n, limits=(band_limit(scope, "attention", band, n, "p"),))
    return Situation(
        scheme=scheme,
        assumptions=assumptions_of(FIGURES),
        rings=(ring,),
        inner=Account(scheme, grid),
    )


def test_with_everybody_known_there_is_room_exactly_up_to_the_ceiling_for_every_base() -> None:
    """All counts in all bases from 1 to 200, one home vacant: no rounding, no "almost"."""
    band = Band(min=3000, target=3500, max=4000)
    for n in BASES:
        ceiling = max(n * 4000 // 10_000, -(-n * 3500 // 10_000))
        for here in range(n):
            (rule,) = rules(exactly(n, n - 1, here, band), "attention")
            assert rule.limit == ceiling
            left = ceiling - here
            expected = Verdict.NO_ROOM if left < 1 else Verdict.TIGHT if left < 2 else Verdict.ROOM
            assert rule.verdict is expected, (n, here)
            assert rule.headroom == left


@given(band=bands(), n=homes)
def test_a_floor_never_decides(band: Json, n: int) -> None:
    """However few carriers there are: a shortage orders the channels, it refuses nobody."""
    without = {name: value for name, value in band.items() if name != "min"}
    for here in {0, n - 1, n // 2}:
        told = judge(exactly(n, n - 1, here, Band(**band)), "attention")
        plain = judge(exactly(n, n - 1, here, Band(**without)), "attention")
        assert told.verdict is plain.verdict


@given(band=bands(), n=homes)
def test_where_a_hard_band_has_no_whole_number_the_ceiling_alone_speaks(band: Json, n: int) -> None:
    low, high = Band(**band).whole(n)
    limit = band_limit(Scope(ScopeKind.COMPLEX, "C"), "attention", Band(**band), n, "p")
    assert limit.high == high
    assert limit.low == (None if low is not None and high is not None and low > high else low)


@pytest.mark.parametrize("n", [2, 4, 7])
def test_no_whole_number_of_2_4_or_7_homes_lies_between_30_and_40_percent(n: int) -> None:
    low, high = Band(min=3000, max=4000, hard=True).whole(n)
    assert low is not None
    assert high is not None
    assert low > high


@given(band=bands())
def test_a_band_in_order_is_never_refused_for_its_order(band: Json) -> None:
    codes = {
        error.code for error in band_errors("C", {"attention": Band(**band)}, ("attention", "x"))
    }
    assert not codes & {"band_order", "band_outside"}
