"""Counting more never says less: rates, ranges and bands follow what was seen, in any order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from mixwijzer.engine.dynamics import (
    Estimate,
    Estimates,
    History,
    Panel,
    Tally,
    estimate,
    fit_churn,
    fit_drift,
)
from mixwijzer.engine.norms import Assumptions
from mixwijzer.exchange.normbook import read_norms
from tests.engine.town import DAY
from tests.strategies import dice

if TYPE_CHECKING:
    import numpy as np

NORMS = read_norms()
ROLE = Assumptions.on(NORMS, DAY).schemes["role"]
SINCE = date(2020, 1, 1)
counts = st.integers(0, 40)
years = st.floats(0, 5_000)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """What may have been seen of a place: some departures and changes of known category."""
    known = tuple(draw(st.floats(0, 500)) for _ in range(3))
    gone = tuple(draw(counts) for _ in range(3))
    changes = tuple(tuple(0 if j == k else draw(counts) for k in range(3)) for j in range(3))
    return Tally(
        years=sum(known) + draw(years),
        departures=sum(gone) + draw(counts),
        known_years=known,
        known_departures=gone,
        changes=changes,
    )


def rates(*places: Tally, of: str | None = None) -> Estimates:
    named = {f"C{number}": tally for number, tally in enumerate(places)}
    history = History(scheme=ROLE, until=DAY, since=dict.fromkeys(named, SINCE), places=named)
    return estimate(history, NORMS, place=of)


def figures(told: Estimates) -> list[Estimate]:
    return [told.turnover, *told.leave, *(cell for row in told.drift for cell in row), *told.churn]


@given(tallies(), tallies())
def test_every_figure_lies_in_its_range_and_knows_how_much_was_counted(
    one: Tally, other: Tally
) -> None:
    for told in (rates(one), rates(one, other, of="C0"), rates(other, one, of="C1")):
        for each in figures(told):
            assert 0 <= each.low <= each.value <= each.high
            assert 0 <= each.counted <= 1


@given(tallies(), tallies(), st.integers(1, 10), st.floats(1, 1000))
def test_more_departures_never_lower_a_rate_and_watching_longer_without_any_never_raises_it(
    own: Tally, other: Tally, more: int, longer: float
) -> None:
    def turnover(departures: int, watched: float) -> float:
        changed = Tally(
            years=own.years + watched,
            departures=own.departures + departures,
            known_years=own.known_years,
            known_departures=own.known_departures,
            changes=own.changes,
        )
        return rates(changed, other, of="C0").turnover.value

    assert turnover(more, 0) > turnover(0, 0) > turnover(0, longer)


@given(st.integers(1, 50), st.integers(2, 50))
def test_the_same_rate_seen_more_often_has_a_narrower_range(departures: int, times: int) -> None:
    def width(amount: int) -> float:
        none = (0, 0, 0)
        tally = Tally(
            years=amount * departures / 0.06, departures=amount * departures,
            known_years=(0.0, 0.0, 0.0), known_departures=none, changes=(none,) * 3,
        )  # fmt: skip
        told = rates(tally).turnover
        return told.high - told.low

    assert width(times) < width(1)


@given(dice)
def test_the_order_of_rows_changes_nothing(chance: np.random.Generator) -> None:
    size = int(chance.integers(1, 40))
    table = {
        "place": [f"P{row // 4}" for row in range(size)],
        "year": [2010 + row % 4 for row in range(size)],
        "homes": chance.integers(50, 60, size),
        "moved_in": chance.uniform(0, 0.2, size),
        "share": chance.uniform(0, 1, size),
    }
    order = chance.permutation(size)
    mixed = {name: [column[row] for row in order] for name, column in table.items()}
    fitted = [
        fit_churn(Panel.of(each, share="share").changes(growth=1.0), NORMS, DAY)
        for each in (table, mixed)
    ]
    assert fitted[0] == fitted[1]


@settings(max_examples=10)
@given(dice)
def test_the_order_of_people_changes_nothing(chance: np.random.Generator) -> None:
    order = chance.permutation(30)
    waves = [[("in", "out", None)[each] for each in chance.integers(3, size=4)] for _ in order]
    assert fit_drift(waves, ("in", "out")) == fit_drift(
        [waves[row] for row in order], ("in", "out")
    )


@given(
    st.floats(0, 1), st.integers(1, 500), st.floats(0, 0.5), st.floats(0.1, 5), st.floats(0.05, 0.9)
)
def test_looking_further_ahead_or_wanting_more_certainty_never_narrows_a_band(
    share: float, homes: int, moved: float, ahead: float, level: float
) -> None:
    none: dict[str, list[float]] = {
        name: [] for name in ("place", "year", "homes", "moved_in", "share")
    }
    churn = fit_churn(Panel.of(none, share="share").changes(), NORMS, DAY)

    def width(homes: int, ahead: float, level: float) -> float:
        band = churn.band(share, homes, moved, years=ahead, level=level)
        assert 0 <= band.low[0] <= band.middle[0] <= band.high[0] <= 1
        return float(band.high[0] - band.low[0])

    now = width(homes, ahead, level)
    assert width(homes, 2 * ahead, level) >= now
    assert width(homes, ahead, level + 0.05) >= now
