"""How a mix moves by itself: what is measured, what is assumed, and how wide the doubt is."""

from __future__ import annotations

import csv
import math
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.dynamics import (
    Churn,
    Drift,
    EntryLabels,
    Estimate,
    Estimates,
    History,
    Panel,
    Rates,
    behind_labels,
    estimate,
    fit_churn,
    fit_drift,
)
from mixwijzer.engine.errors import DynamicsError
from mixwijzer.engine.norms import Assumptions, Norms
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.wording import error_text
from tests.engine.town import DAY, Town, at_noon, days, norms_of
from tests.exchange.test_areas import real

PAGE = Path(__file__).resolve().parents[2] / "docs/explanation/dynamics.md"
NORMS = read_norms()
YEAR = 365.25
LONG_SINCE = days(-3650)

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


# --- what the two clocks tell ---------------------------------------------------------------------


def history(told: Town | Portfolio, since: date | None = LONG_SINCE) -> History:
    portfolio = told.portfolio() if isinstance(told, Town) else told
    return History.of(Accounts(portfolio, Assumptions.on(NORMS, DAY), DAY), since=since)


def rates_of(town: Town, place: str | None = None, **more: Any) -> Estimates:
    return estimate(history(town, **more), NORMS, place=place)


def moved_town(homes: int = 20, leavers: int = 4) -> Town:
    """Households all came ten years ago; some left two years ago, and others followed."""
    town = Town().complex(homes=homes, occupied=0)
    for number in range(1, homes + 1):
        town.lives(f"C-{number}", since=days(-3650))
    for number in range(1, leavers + 1):
        town.leaves(f"C-{number}", days(-730)).lives(f"C-{number}", since=days(-700))
    return town


def test_a_home_counts_as_watched_while_somebody_lives_there() -> None:
    seen = history(moved_town(homes=2, leavers=1)).places["C"]
    assert seen.years == pytest.approx((3650 + 2920 + 700) / YEAR)
    assert seen.departures == 1


def test_departures_are_counted_exactly_and_without_any_category_at_level_oordeel() -> None:
    seen = history(moved_town()).total
    assert seen.departures == 4
    assert seen.known_years == (0, 0, 0)
    assert seen.known_departures == (0, 0, 0)


def test_a_departure_that_is_announced_has_not_happened_yet() -> None:
    town = moved_town(leavers=0).leaves("C-1", days(30))
    assert history(town).total.departures == 0


def test_a_new_lease_for_the_same_household_in_the_same_home_is_no_departure() -> None:
    town = moved_town(leavers=0)
    (first, *_) = town.tenancies
    renewed = replace(first, id="T-renewed", start=days(-100))
    town.tenancies[0] = replace(first, end=days(-100))
    town.tenancies.append(renewed)
    seen = history(town).total
    assert seen.departures == 0
    assert seen.years == pytest.approx(20 * 3650 / YEAR)


def test_a_list_of_todays_tenants_alone_does_not_read_as_a_portfolio_nobody_leaves() -> None:
    town = moved_town(leavers=0)
    assert history(town, since=None).total.years == 0
    assert rates_of(town, since=None).turnover.assumed


def test_without_a_first_day_watching_starts_with_the_owners_first_departure() -> None:
    town = moved_town().complex("D", homes=3)
    town.complex("E", homes=3, owner="another")
    seen = history(town, since=None)
    assert seen.since == {"C": days(-730), "D": days(-730), "E": DAY}
    assert seen.total.departures == 0
    town.leaves("C-9", days(-10))
    assert history(town, since=None).total.departures == 1


def test_a_complex_without_a_single_lease_was_not_watched() -> None:
    town = Town().complex(homes=9, occupied=0)
    assert history(town).places["C"].years == 0


def test_a_departure_told_later_was_not_known_before() -> None:
    town = moved_town(leavers=0)
    first = town.tenancies[0]
    town.tenancies.append(replace(first, end=days(-60), recorded_at=at_noon(days(-10))))
    assert history(town.portfolio().as_known(at_noon(days(-20)))).total.departures == 0
    assert history(town.portfolio().as_known(at_noon(DAY))).total.departures == 1


def test_an_agreed_role_is_watched_from_its_first_day_to_its_last() -> None:
    town = moved_town(homes=3, leavers=0).agrees("C-1", "carrier", on=days(-400), until=days(-35))
    town.agrees("C-2", "carrier", on=days(-300)).leaves("C-2", days(-100))
    seen = history(town).total
    assert seen.known_years[2] == pytest.approx((365 + 200) / YEAR)
    assert seen.known_departures == (0, 0, 1)


def test_a_label_that_changes_while_the_household_stays_is_a_change() -> None:
    town = moved_town(homes=3, leavers=0)
    town.labelled("C-1", "attention", told=days(-800)).labelled("C-1", "regular", told=days(-400))
    seen = history(town).total
    assert seen.changes == ((0, 1, 0), (0, 0, 0), (0, 0, 0))
    assert seen.known_years == pytest.approx((400 / YEAR, 400 / YEAR, 0))


def test_a_visit_some_weeks_after_a_label_expired_still_tells_what_became_of_it() -> None:
    town = moved_town(homes=3, leavers=0)
    town.labelled("C-1", "attention", told=days(-800), review_by=days(-435))
    town.labelled("C-1", "regular", told=days(-400), review_by=days(-100))
    seen = history(town).total
    assert seen.changes[0][1] == 1
    assert seen.known_years == pytest.approx((400 / YEAR, 300 / YEAR, 0))


def test_a_label_that_is_contested_ended_or_of_another_scheme_tells_nothing() -> None:
    town = moved_town(homes=3, leavers=0)
    town.labelled("C-1", "attention", told=days(-800), contested=True)
    town.labelled("C-2", "attention", told=days(-800), end=days(-435))
    town.leaves("C-2", days(-5)).labelled("C-3", "attention", told=days(-800))
    town.assessments[-1] = replace(town.assessments[-1], scheme="stage")
    seen = history(town).total
    assert seen.known_years == pytest.approx((365 / YEAR, 0, 0))
    assert seen.known_departures == (0, 0, 0)


def test_what_happened_before_the_first_day_does_not_count() -> None:
    town = moved_town(homes=3, leavers=1)
    town.labelled("C-2", "attention", told=days(-800)).labelled("C-2", "regular", told=days(-400))
    seen = history(town, since=days(-100)).total
    assert seen.departures == 0
    assert seen.changes == ((0, 0, 0),) * 3
    assert seen.years == pytest.approx(300 / YEAR)


# --- from counts to rates -------------------------------------------------------------------------


def test_with_judgements_only_turnover_is_counted_and_drift_is_assumed() -> None:
    rates = rates_of(moved_town(homes=200, leavers=90))
    assert not rates.turnover.assumed
    assert rates.turnover.events == 90
    assert [each.value for each in rates.leave] == pytest.approx([rates.turnover.value] * 3)
    assert all(each.assumed for each in rates.leave)
    assert rates.drift[0][1].assumed
    assert rates.rates.drift == ((0, 0.06, 0), (0.02, 0, 0), (0, 0, 0))


def test_a_portfolio_without_history_answers_with_the_norms_and_says_so() -> None:
    rates = rates_of(Town().complex(), since=DAY)
    assert rates.rates.leave == pytest.approx((0.06,) * 3)
    assert rates.turnover.assumed
    assert rates.turnover.low < 0.03
    assert rates.turnover.high > 0.12
    assert rates.rates.churn == (0.12,) * 3
    assert all(each.assumed for each in (*rates.churn, rates.shock))


def test_a_change_nobody_ever_saw_is_not_told_to_be_impossible() -> None:
    never = rates_of(Town().complex(), since=DAY).drift[0][2]
    assert never.value == never.low == 0
    assert never.high > 0.01


def test_three_homes_are_drawn_to_the_portfolio_and_keep_a_wide_range() -> None:
    town = moved_town(homes=200, leavers=60).complex("small", homes=3, occupied=0)
    for number in (1, 2, 3):
        town.lives(f"small-{number}", since=days(-730)).leaves(f"small-{number}", days(-400))
    small, all_ = rates_of(town, "small"), rates_of(town)
    own = 3 / (3 * 330 / YEAR)
    assert all_.turnover.value < small.turnover.value < own / 10
    width = small.turnover.high - small.turnover.low
    assert width > all_.turnover.high - all_.turnover.low
    assert small.turnover.events == 3


def test_three_homes_alone_are_assumed_more_than_counted() -> None:
    rates = rates_of(moved_town(homes=3, leavers=1), "C")
    assert rates.turnover.assumed
    assert rates.turnover.low < 0.06 < rates.turnover.high


def test_a_complex_that_is_the_whole_portfolio_is_counted_once() -> None:
    town = moved_town()
    assert rates_of(town, "C").turnover == rates_of(town).turnover


def test_a_group_that_leaves_sooner_is_seen_to_leave_sooner() -> None:
    town = moved_town(homes=200, leavers=60)
    for number in range(1, 41):
        town.tenancies.sort(key=lambda lease: lease.start)
        town.labelled(f"C-{number + 100}", "carrier", told=days(-3000))
        town.labelled(f"C-{number + 140}", "regular", told=days(-3000))
    for number in range(1, 31):
        town.leaves(f"C-{number + 100}", days(-900))
    rates = rates_of(town)
    assert rates.leave[2].value > 1.5 * rates.leave[1].value
    assert rates.leave[2].events == 30
    assert not rates.leave[2].assumed
    assert rates.leave[2].low < rates.leave[2].value < rates.leave[2].high


def test_changes_of_category_that_were_seen_raise_their_rate_and_no_other() -> None:
    town = moved_town(homes=100, leavers=1)
    for number in range(50, 90):
        town.labelled(f"C-{number}", "regular", told=days(-1500))
        town.labelled(f"C-{number}", "attention", told=days(-200))
    rates = rates_of(town, "C")
    assert rates.drift[1][0].value > 0.1
    assert rates.drift[1][0].events == 40
    assert rates.drift[1][2].value == 0


def test_slow_and_fast_are_the_ends_of_every_range() -> None:
    rates = rates_of(moved_town())
    assert rates.slowest.leave == tuple(each.low for each in rates.leave)
    assert rates.fastest.drift[0][1] == rates.drift[0][1].high
    assert rates.fastest.shock == 0.5


def test_a_portfolio_that_nobody_is_assumed_to_leave_has_a_zero_that_is_no_certainty() -> None:
    norms = with_norms(turnover__rate=0)
    rates = estimate(history(Town().complex(), since=DAY), norms)
    assert rates.rates.leave == (0, 0, 0)
    assert rates.leave[0].low == 0 < rates.leave[0].high


def test_an_unknown_complex_and_a_weightless_assumption_are_told() -> None:
    with pytest.raises(DynamicsError, match="place_missing: nowhere"):
        rates_of(Town().complex(), "nowhere")
    with pytest.raises(DynamicsError, match=r"weight_zero: dynamics\.place_weight"):
        estimate(history(Town().complex()), with_norms(dynamics__place_weight=0))


def with_norms(**other: object) -> Norms:
    changed = norms_of(**other)
    names = {name.replace("__", ".") for name in other}
    book = {**NORMS.book, **{name: changed.book[name] for name in names}}
    return Norms(name="test", book=book)


# --- how far shares wander ------------------------------------------------------------------------


def made_panel(
    churn: float, *, places: int = 800, years: int = 3, step: float = 0.0, seed: int = 1
) -> dict[str, list[Any]]:
    """Places whose share moves as so much churn on top of 5 % letting would make it."""
    dice = np.random.default_rng(seed)
    table: dict[str, list[Any]] = {
        "place": [],
        "year": [],
        "homes": [],
        "moved_in": [],
        "share": [],
    }
    for place in range(places):
        homes, share = int(dice.integers(60, 400)), float(dice.uniform(0.2, 0.6))
        for year in range(years):
            told = round(share / step) * step if step else share
            row = (f"P{place}", 2010 + year, homes, 0.05, told)
            for name, cell in zip(table, row, strict=True):
                table[name].append(cell)
            spread = math.sqrt(2 * (0.05 + churn) * share * (1 - share) / homes)
            share = min(max(share + dice.normal(0, spread), 0.0), 1.0)
    return table


def fitted(table: Mapping[str, Any], **more: Any) -> Churn:
    return fit_churn(Panel.of(table, share="share", **more).changes(), NORMS, DAY)


def test_churn_that_was_put_in_is_found_again_and_lies_in_its_range() -> None:
    found = fitted(made_panel(0.3))
    assert found.extra.value == pytest.approx(0.3, abs=0.04)
    assert found.extra.low < 0.3 < found.extra.high
    assert not found.extra.assumed


def test_rounding_to_whole_percents_is_not_taken_for_churn() -> None:
    rounded = made_panel(0.3, step=0.01)
    assert fitted(rounded, step=0.01).extra.value < fitted(rounded).extra.value
    assert fitted(rounded, step=0.01).extra.value == pytest.approx(0.3, abs=0.04)


def test_a_few_wild_reports_leave_the_bands_of_all_others_alone() -> None:
    table = made_panel(0.3)
    table["share"][::150] = [0.99] * len(table["share"][::150])
    assert fitted(table).extra.value == pytest.approx(0.3, abs=0.06)


def test_bands_hold_nine_of_ten_later_changes_over_one_year_and_over_three() -> None:
    panel = Panel.of(made_panel(0.2, years=7), share="share")
    churn = fit_churn(panel.until(2012).changes(), NORMS, DAY)
    one, three = (churn.back_test(panel.changes(span)) for span in ((2012, 2013), (2013, 2016)))
    assert one.held == pytest.approx(0.9, abs=0.03)
    assert three.held == pytest.approx(0.9, abs=0.03)
    assert one.error == one.no_change < three.error
    half = churn.back_test(panel.changes((2012, 2013)), level=0.5)
    assert half.held == pytest.approx(0.5, abs=0.05)


def test_two_changes_are_assumed_more_than_counted() -> None:
    found = fitted(made_panel(0.3, places=2, years=2))
    assert found.extra.assumed
    assert found.extra.low <= found.extra.value <= found.extra.high
    assert found.extra.high - found.extra.low > 0.3


def test_without_a_single_change_the_norm_stands() -> None:
    found = fitted(made_panel(0.3, places=0))
    assert found.extra == Estimate(
        value=pytest.approx(0.12, abs=0.01), low=pytest.approx(0.0), high=pytest.approx(0.46)
    )
    assert found.shock.assumed
    empty = found.back_test(Panel.of(made_panel(0.3, places=0), share="share").changes())
    assert empty.changes == 0
    assert math.isnan(empty.held)


def test_years_that_differ_are_told_as_a_shock_and_like_years_are_not() -> None:
    calm = made_panel(0.2, years=5)
    assert fitted(calm).shock.value < 0.25
    wild = made_panel(0.9, years=2, seed=2)
    wild["year"] = [year + 10 for year in wild["year"]]
    wild["place"] = [f"W{place}" for place in wild["place"]]
    both = {name: [*calm[name], *wild[name]] for name in calm}
    shock = fitted(both).shock
    assert shock.value > 0.4
    assert shock.low < shock.value < shock.high
    assert shock.events == 5


def test_a_year_in_which_nothing_moved_is_still_a_year() -> None:
    table = made_panel(0.2, places=60)
    still = {**table, "year": [y + 10 for y in table["year"]], "share": [0.4] * len(table["year"])}
    still["moved_in"] = [0.0] * len(table["year"])
    both = {name: [*table[name], *still[name]] for name in table}
    assert fitted(both).shock.value > 1


def test_small_places_and_places_that_grew_are_left_out() -> None:
    table = {
        "place": ["small", "small", "grew", "grew", "fine", "fine", "once"],
        "year": [2010, 2011] * 3 + [2010],
        "homes": [49, 49, 100, 111, 100, 110, 100],
        "moved_in": [0.05] * 7,
        "share": [0.3] * 7,
    }
    assert Panel.of(table, share="share").changes().place.tolist() == ["fine"]


def test_a_row_with_an_empty_cell_or_without_homes_is_left_out() -> None:
    table = {
        "place": ["A", "A", "A", "A"],
        "year": ["2010", "2011", "2012", "2013"],
        "homes": ["100", "100", "0", "100"],
        "moved_in": ["5", "5", "5", "5"],
        "share": ["30", "", "32", "33"],
    }
    changes = Panel.of(table, share="share", whole=100, step=1).changes()
    assert changes.years.tolist() == [3]
    assert changes.before.tolist() == [0.3]


def test_a_dict_a_pandas_and_a_polars_frame_are_one_panel() -> None:
    table = made_panel(0.3, places=40)
    found = {fitted(each).extra for each in (table, pd.DataFrame(table), pl.DataFrame(table))}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"homes": None}, "panel_column"),
        ({"homes": [100]}, "panel_column"),
        ({"share": ["many", 0.3]}, "panel_number"),
        ({"share": [[1], 0.3]}, "panel_number"),
        ({"share": [30, 31]}, "panel_range"),
        ({"moved_in": [-1, 0]}, "panel_range"),
        ({"year": [2010, 2010]}, "panel_twice"),
    ],
)
def test_a_panel_that_cannot_be_is_refused_with_a_way_out(
    change: dict[str, Any], code: str
) -> None:
    table: dict[str, Any] = {
        "place": ["A", "A"], "year": [2010, 2011], "homes": [100, 100],
        "moved_in": [0.05, 0.05], "share": [0.3, 0.3],
    }  # fmt: skip
    table = {name: cell for name, cell in (table | change).items() if cell is not None}
    with pytest.raises(DynamicsError) as refused:
        Panel.of(table, share="share")
    assert refused.value.code == code
    assert error_text(refused.value, "nl")


def test_a_band_stays_within_nothing_and_everything_and_refuses_certainty() -> None:
    churn = fitted(made_panel(0.3, places=2))
    band = churn.band(np.array([0.0, 0.5, 1.0]), 10, 0.1, years=20)
    assert band.low.tolist()[0] == 0
    assert band.high.tolist()[2] == 1
    assert band.high[0] > 0
    for level in (0, 1, 1.5):
        with pytest.raises(DynamicsError, match="band_level"):
            churn.band(0.3, 100, 0.06, level=level)


# --- movers and stayers ---------------------------------------------------------------------------


def walks(people: int, waves: int, stay: float, step: float, seed: int = 3) -> list[list[str]]:
    """People who are high or low; a part never changes, the others step to the other side."""
    dice = np.random.default_rng(seed)
    rows = []
    for _ in range(people):
        now, stays = int(dice.integers(2)), dice.random() < stay
        row = [now]
        for _ in range(waves - 1):
            now = now if stays or dice.random() >= step else 1 - now
            row.append(now)
        rows.append([("low", "high")[each] for each in row])
    return rows


SIDES = ("low", "high")


def test_stayers_and_the_step_of_movers_are_found_again() -> None:
    found = fit_drift(walks(4000, 5, stay=0.5, step=0.4), SIDES)
    for stayers in found.stayers:
        assert stayers.low < 0.5 < stayers.high
        assert stayers.high - stayers.low < 0.15
    assert found.movers[0][1] == pytest.approx(0.4, abs=0.03)
    assert found.one_step[0][1].value == pytest.approx(0.2, abs=0.02)
    assert found.after(1) == pytest.approx(found.after(1, plain=True), abs=0.02)


def test_where_everybody_moves_nobody_is_taken_for_a_stayer() -> None:
    found = fit_drift(walks(2000, 4, stay=0.0, step=0.3), SIDES)
    assert all(each.low < 0.05 for each in found.stayers)
    assert found.after(2) == pytest.approx(found.after(2, plain=True), abs=0.02)


def test_two_waves_cannot_tell_who_never_changes() -> None:
    found = fit_drift(walks(500, 2, stay=0.5, step=0.4), SIDES)
    assert all(each.assumed and (each.low, each.high) == (0, 1) for each in found.stayers)
    assert found.after(1) == pytest.approx(found.after(1, plain=True), abs=0.01)


def test_a_category_never_seen_says_that_it_says_nothing() -> None:
    found = fit_drift(walks(200, 3, stay=0.5, step=0.4), (*SIDES, "never"))
    row = found.one_step[2]
    assert all(each.assumed and each.value == pytest.approx(1 / 3) for each in row)
    assert row[0].high - row[0].low > 0.8
    assert found.stayers[2].assumed
    assert found.movers[2] == (0, 0, 1)


def test_nobody_seen_at_all_is_an_answer_too() -> None:
    found = fit_drift([], SIDES)
    assert found.after(3) == pytest.approx(np.eye(2))
    assert found.one_step[0][0].assumed


def test_a_wave_that_was_missed_is_no_step() -> None:
    found = fit_drift([["low", None, "high"], ["low", "low", None], [None, None, "low"]], SIDES)
    assert found.one_step[0][0].events == 1
    assert found.one_step[0][1].events == 0


def test_nobody_who_ever_left_may_all_be_stayers() -> None:
    found = fit_drift([["low"] * 4] * 20 + [["high"] * 4] * 20, SIDES)
    assert found.stayers[0].high == 1


def test_steady_rates_make_the_step_they_were_read_from() -> None:
    found = fit_drift(walks(4000, 4, stay=0.0, step=0.2), SIDES)
    up, down = found.yearly()[0][1], found.yearly()[1][0]
    moved = up / (up + down) * (1 - math.exp(-(up + down)))
    assert moved == pytest.approx(found.movers[0][1], abs=1e-9)
    assert found.yearly(2.0)[0][1] == pytest.approx(up / 2)
    Rates(categories=SIDES, leave=(0.1, 0.1), drift=found.yearly())


def test_a_step_that_no_steady_rates_make_is_read_as_rates() -> None:
    found = Drift(
        categories=SIDES, one_step=(), stayers=(), movers=((0.2, 0.8), (0.8, 0.2)),
    )  # fmt: skip
    assert found.yearly() == ((0, 0.8), (0.8, 0))


def test_a_category_that_was_not_named_is_refused() -> None:
    with pytest.raises(DynamicsError, match="category_missing: middle"):
        fit_drift([["low", "middle"]], SIDES)


# --- what labels at letting miss ------------------------------------------------------------------

ROLE = Assumptions.on(NORMS, DAY).schemes["role"]


def test_without_visits_more_are_really_attention_than_labels_say_and_it_is_assumed() -> None:
    found = behind_labels(
        EntryLabels(category="attention", labelled=20, others=80), ROLE, NORMS, DAY
    )
    assert 20 < found.really.value < 50
    assert found.really.low < 25 < found.really.high
    assert found.really.assumed
    assert found.sensitivity.high - found.sensitivity.low > 0.3


def test_visits_that_find_none_among_the_others_bring_the_number_down() -> None:
    told = EntryLabels(category="attention", labelled=20, others=80)
    some = replace(told, visited_others=60, found_others=6)
    many = replace(told, visited_others=60, found_others=40)
    few, more = (behind_labels(each, ROLE, NORMS, DAY) for each in (some, many))
    assert few.really.value < more.really.value
    assert few.sensitivity.value > more.sensitivity.value
    assert not few.really.assumed


def test_visits_find_the_number_again_in_spite_of_their_own_mistakes() -> None:
    # 300 of 1000 really are; labels know 40 % of them, visits err as the scheme says they do.
    told = EntryLabels(
        category="attention", labelled=120, others=880,
        visited_labelled=120, found_labelled=96,
        visited_others=880, found_others=180 * 8 // 10 + 700 // 13,
    )  # fmt: skip
    found = behind_labels(told, ROLE, NORMS, DAY)
    assert found.really.low < 300 < found.really.high
    assert found.sensitivity.low < 0.4 < found.sensitivity.high


def test_nobody_housed_means_nobody_there() -> None:
    found = behind_labels(EntryLabels(category="carrier", labelled=0, others=0), ROLE, NORMS, DAY)
    assert found.really.value == found.really.high == 0


def test_a_category_that_everybody_has_and_one_that_nobody_has_are_no_trouble() -> None:
    for mean in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)):
        scheme = replace(ROLE, prior_mean=mean)
        told = EntryLabels(category="attention", labelled=5, others=5)
        assert 0 <= behind_labels(told, scheme, NORMS, DAY).really.value <= 10


def test_labels_and_visits_that_cannot_be_are_refused() -> None:
    with pytest.raises(DynamicsError, match="labels_order"):
        EntryLabels(category="attention", labelled=5, others=5, visited_labelled=6)
    with pytest.raises(DynamicsError, match="category_missing"):
        behind_labels(EntryLabels(category="x", labelled=5, others=5), ROLE, NORMS, DAY)
    with pytest.raises(DynamicsError, match="weight_zero"):
        behind_labels(
            EntryLabels(category="carrier", labelled=5, others=5),
            ROLE, with_norms(dynamics__entry_weight=0), DAY,
        )  # fmt: skip


# --- real panels ----------------------------------------------------------------------------------


@cache
def new_york(share: str) -> Panel:
    table = pl.read_csv(real("panels/ny_public_housing_tract_2010_2013.csv"))
    return Panel.of(
        table, share=share, place="tract", homes="units", moved_in="movein", whole=100, step=1
    )


@pytest.mark.parametrize("share", ["dis", "a62", "eli", "wage"])
def test_bands_fitted_on_real_complexes_hold_in_a_year_they_did_not_see(share: str) -> None:
    panel = new_york(share)
    churn = fit_churn(panel.until(2012).changes(), NORMS, DAY)
    later = churn.back_test(panel.changes((2012, 2013)))
    assert later.changes > 400
    assert 0.83 <= later.held <= 0.97
    assert later.error <= 1.02 * later.no_change


@pytest.mark.parametrize("share", ["dis", "a62", "eli", "wage"])
def test_letting_alone_would_have_promised_far_too_narrow_bands(share: str) -> None:
    panel = new_york(share)
    none = Estimate(value=0.0, low=0.0, high=0.0)
    alone = Churn(extra=none, shock=none, step=panel.step)
    assert alone.back_test(panel.changes((2012, 2013))).held < 0.7


@cache
def germans() -> list[list[str | None]]:
    """Whether each household was in the lowest quarter of incomes in 1984, 1985 and 1986."""
    with real("drift/german_panel_1984_1986.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    cut = np.quantile([float(row["hhninc"]) for row in rows], 0.25)
    seen: dict[str, dict[str, str]] = {}
    for row in rows:
        seen.setdefault(row["id"], {})[row["year"]] = SIDES[int(float(row["hhninc"]) > cut)]
    return [[each.get(year) for year in ("1984", "1985", "1986")] for each in seen.values()]


def test_the_step_of_a_real_panel_is_recovered_within_two_points() -> None:
    waves = germans()
    found = fit_drift(waves, SIDES)
    steps = [pair for row in waves for pair in pairwise(row) if None not in pair]
    for j, before in enumerate(SIDES):
        mine = [after for start, after in steps if start == before]
        for k, after in enumerate(SIDES):
            counted = mine.count(after) / len(mine)
            assert found.one_step[j][k].value == pytest.approx(counted, abs=0.02)
            assert found.after(1)[j, k] == pytest.approx(counted, abs=0.02)


def test_movers_and_stayers_foretell_two_years_of_others_better_than_a_chain_does() -> None:
    waves = germans()
    found = fit_drift(waves[::2], SIDES)
    others = [row for row in waves[1::2] if row[0] == "low" and row[2] is not None]
    stayed = sum(row[2] == "low" for row in others) / len(others)
    chain = abs(found.after(2, plain=True)[0, 0] - stayed)
    assert abs(found.after(2)[0, 0] - stayed) < 0.75 * chain


def test_the_documented_back_test_runs_on_a_file_of_the_same_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(real("panels/ny_public_housing_tract_2010_2013.csv"), tmp_path / "panel.csv")
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    exec(block, {})  # noqa: S102 - what a reader would run
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "dis 0.39 0.870 1.00",
        "a62 0.14 0.896 1.00",
        "eli 0.50 0.912 1.00",
        "wage 0.34 0.906 1.00",
    ]
