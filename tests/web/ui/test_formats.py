"""Numbers, chances and days, as a Dutch and an English reader write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.web.ui import formats
from mixwijzer.web.ui.charts import Span

pytestmark = pytest.mark.once

MOMENT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NB = "\u00a0"


@pytest.mark.parametrize(
    ("probability", "dutch", "english"),
    [
        (1, "bijna zeker", "almost certain"),
        (0.95, "bijna zeker", "almost certain"),
        (0.949, "9 op 10", "9 in 10"),
        (0.912, "9 op 10", "9 in 10"),
        (0.9, "9 op 10", "9 in 10"),
        (0.86, "ruim 8 op 10", "well over 8 in 10"),
        (0.85, "ruim 8 op 10", "well over 8 in 10"),
        (0.8, "8 op 10", "8 in 10"),
        (0.3, "3 op 10", "3 in 10"),
        (0.1, "1 op 10", "1 in 10"),
        (0.08, "minder dan 1 op 10", "less than 1 in 10"),
        (0, "minder dan 1 op 10", "less than 1 in 10"),
    ],
)
def test_a_chance_is_said_in_tenths_and_never_rounded_up(probability, dutch, english):
    with translation.override("nl"):
        assert formats.chance(probability) == dutch
    with translation.override("en"):
        assert formats.chance(probability) == english


@given(st.floats(0.1, 0.9499))
def test_a_chance_in_words_is_at_most_the_chance_itself(probability):
    with translation.override("en"):
        said = formats.chance(probability)
    tenths = int("".join(filter(str.isdigit, said.removesuffix("in 10"))))
    floor = tenths / 10 + (0.05 if "over" in said else 0)
    assert floor <= probability + 1e-8
    assert probability < floor + 0.05 + 1e-8


@pytest.mark.parametrize(
    ("probability", "dutch", "english"),
    [
        (0.912, "91 van de 100", "91 out of 100"),
        (0.001, "minder dan 1 van de 100", "less than 1 out of 100"),
        (0, "0 van de 100", "0 out of 100"),
        (0.999, "meer dan 99 van de 100", "more than 99 out of 100"),
        (1, "100 van de 100", "100 out of 100"),
    ],
)
def test_hundredths_leave_their_ends_open(probability, dutch, english):
    with translation.override("nl"):
        assert formats.of_hundred(probability) == dutch
    with translation.override("en"):
        assert formats.of_hundred(probability) == english


@pytest.mark.parametrize("bad", [-0.01, 1.01, float("nan")])
def test_what_is_no_chance_is_refused(bad):
    for say in (formats.chance, formats.of_hundred):
        with pytest.raises(ValueError, match="not a chance"):
            say(bad)


@pytest.mark.parametrize(
    ("value", "style", "dutch", "english"),
    [
        (date(2026, 11, 25), "", "wo 25 november", "Wed 25 November"),
        (MOMENT, "", "wo 25 november, 10.00 uur", "Wed 25 November, 10:00"),
        (date(2026, 3, 1), "short", "1 mrt", "1 mar"),
        (MOMENT, "short", "25 nov", "25 nov"),
        (date(2026, 11, 25), "year", "25 november 2026", "25 November 2026"),
        (date(2026, 11, 25), "long", "woensdag 25 november 2026", "Wednesday 25 November 2026"),
        (
            MOMENT,
            "long",
            "woensdag 25 november 2026, 10.00 uur",
            "Wednesday 25 November 2026, 10:00",
        ),
    ],
)
def test_a_day_carries_its_weekday_and_a_moment_its_time_here(value, style, dutch, english):
    with translation.override("nl"):
        assert formats.day(value, style) == dutch
    with translation.override("en"):
        assert formats.day(value, style) == english


def test_a_moment_just_before_midnight_elsewhere_is_the_next_day_here():
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    with translation.override("nl"):
        assert formats.day(late, "short") == "25 nov"
        assert formats.day(late) == "wo 25 november, 0.30 uur".replace("0.30", "00.30")


def test_amounts_shares_and_numbers():
    with translation.override("nl"):
        assert formats.euro(694) == f"€{NB}694"
        assert formats.euro(Decimal("1694.5")) == f"€{NB}1.694,50"
        assert formats.share(0.34) == f"34{NB}%"
        assert formats.share(0.9642, 1) == f"96,4{NB}%"
        assert formats.number(2412) == "2.412"
        assert formats.number(1.8, 1) == "1,8"
    with translation.override("en"):
        assert formats.euro(694) == "€694"
        assert formats.euro(1694.5) == "€1,694.50"
        assert formats.share(0.34) == "34%"
        assert formats.number(2412) == "2,412"


def test_ranges_with_a_dash_and_in_words():
    with translation.override("nl"):
        assert formats.span(Span(low=11, high=14)) == "11–14"
        assert formats.span_words(Span(low=11, high=14)) == "11 tot 14"
        assert formats.span(Span(low=7, high=7)) == formats.span_words(Span(low=7, high=7)) == "7"
        assert formats.span(Span(low=998, high=1012)) == "998–1.012"
    with translation.override("en"):
        assert formats.span_words(Span(low=11, high=14)) == "11 to 14"
