"""A drawing says exactly what the numbers say, inside its own edges, and its table says it too."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mixwijzer.web.ui import charts
from mixwijzer.web.ui.charts import (
    Counted,
    Mark,
    Meter,
    Moment,
    Part,
    Place,
    Span,
    Words,
    area_map,
)

WORDS = Words(
    title="Households",
    description="9 to 16",
    at_most=lambda n: f"limit {n}",
    at_least=lambda n: f"at least {n}",
    likely=lambda span: f"likely {span}",
    chance=lambda p: f"{p:.6f}",
    share=lambda p: f"{p:.6f}",
    heads=("a", "b", "c", "d"),
)


@st.composite
def accounts(draw: st.DrawFn) -> Counted:
    """Any account of 1 to 120 homes, with or without a band."""
    homes = draw(st.integers(1, 120))
    weights = draw(st.lists(st.floats(1e-6, 1), min_size=homes + 1, max_size=homes + 1))
    ends = sorted(draw(st.lists(st.integers(0, homes), min_size=5, max_size=5)))
    band = sorted(draw(st.lists(st.integers(0, homes), min_size=2, max_size=2)))
    return Counted(
        best=ends[2],
        likely=Span(low=ends[1], high=ends[3]),
        wide=Span(low=ends[0], high=ends[4]),
        homes=homes,
        at_least=draw(st.sampled_from([None, band[0]])),
        at_most=draw(st.sampled_from([None, band[1]])),
        chances=tuple(weight / math.fsum(weights) for weight in weights),
    )


def parsed(svg: str) -> ElementTree.Element:
    """Read a drawing; it must be well-formed."""
    return ElementTree.fromstring(svg)  # noqa: S314 # our own output


def marks(root: ElementTree.Element, css: str) -> list[ElementTree.Element]:
    """Return the elements that have a class."""
    return [node for node in root.iter() if css in node.get("class", "").split()]


def share_of(text: str | None) -> float:
    """Read a place or width in percent."""
    assert text is not None
    assert text.endswith("%")
    return float(text[:-1])


def stays_inside(root: ElementTree.Element) -> None:
    """Every mark lies between the edges of its drawing."""
    height = float(root.get("height", "nan"))
    for node in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            if node.get(name):
                assert 0 <= share_of(node.get(name)) <= 100
        if node.tag == "rect" and "%" in node.get("width", ""):
            assert share_of(node.get("x")) + share_of(node.get("width")) <= 100.02
        for name in ("y", "y1", "y2", "cy"):
            if node.get(name):
                assert 0 <= float(node.get(name, "nan")) <= height
        if node.tag == "rect":
            bottom = float(node.get("y", "nan")) + float(node.get("height", "nan"))
            assert bottom <= height + 0.1


def holds_under_a_strict_policy(svg: str) -> None:
    """No looks and no behaviour of its own."""
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|javascript:", svg)


@given(accounts())
def test_a_histogram_can_be_read_back_to_the_chances_it_was_made_from(account):
    root = parsed(charts.account_histogram(account, WORDS).svg)
    columns = marks(root, "ch-column")
    numbers = [int(column.get("data-households", "")) for column in columns]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    tallest = max(account.chances)
    for column, number in zip(columns, numbers, strict=True):
        assert float(column.get("data-chance", "")) == pytest.approx(
            account.chances[number], abs=5e-5
        )
        room = max(float(c.get("height", "")) for c in columns)
        drawn = float(column.get("height", ""))
        if account.chances[number] == tallest:
            assert drawn == room
        assert drawn >= 1.5


@given(accounts())
def test_a_histogram_shows_the_whole_wide_range_and_every_kind_of_column(account):
    root = parsed(charts.account_histogram(account, WORDS).svg)
    kinds = {
        int(column.get("data-households", "")): column.get("class", "").split()
        for column in marks(root, "ch-column")
    }
    assert set(range(account.wide.low, account.wide.high + 1)) <= set(kinds)
    for number, kind in kinds.items():
        likely = account.likely.low <= number <= account.likely.high
        wide = account.wide.low <= number <= account.wide.high
        expected = "ch-likely" if likely else "ch-wide" if wide else "ch-rest"
        assert expected in kind
        assert ("ch-outlined" in kind) == (number == account.best)


@given(accounts())
def test_the_table_beside_a_histogram_holds_the_same_numbers(account):
    chart = charts.account_histogram(account, WORDS)
    drawn = [c.get("data-households") for c in marks(parsed(chart.svg), "ch-column")]
    assert [row[0] for row in chart.table.rows] == drawn
    for number, chance in chart.table.rows:
        assert float(chance) == pytest.approx(account.chances[int(number)], abs=1e-6)


@given(accounts())
def test_a_histogram_stays_inside_its_edges_and_brings_no_looks(account):
    svg = charts.account_histogram(account, WORDS).svg
    stays_inside(parsed(svg))
    holds_under_a_strict_policy(svg)


@given(accounts())
def test_every_limit_is_named_and_drawn_between_its_households(account):
    root = parsed(charts.account_histogram(account, WORDS).svg)
    said = " ".join(node.text or "" for node in marks(root, "ch-limit-text"))
    columns = {
        int(c.get("data-households", "")): share_of(c.get("x")) for c in marks(root, "ch-column")
    }
    lines = [share_of(line.get("x1")) for line in marks(root, "ch-limit")]
    if account.at_most is not None:
        assert f"limit {account.at_most}" in said
        if {account.at_most, account.at_most + 1} <= set(columns):
            low, high = columns[account.at_most], columns[account.at_most + 1]
            assert any(low < line < high for line in lines)
    if account.at_least is not None:
        assert f"at least {account.at_least}" in said
    if account.at_most is None and account.at_least is None:
        assert not lines
        assert not marks(root, "ch-band")


@given(accounts())
def test_the_band_is_tinted_up_to_its_limits_and_no_further(account):
    for chart in (charts.account_histogram(account, WORDS), charts.range_bar(account, WORDS)):
        root = parsed(chart.svg)
        lines = {share_of(line.get("x1")) for line in marks(root, "ch-limit")}
        for band in marks(root, "ch-band"):
            begin = share_of(band.get("x"))
            end = begin + share_of(band.get("width"))
            for edge, limit in ((begin, account.at_least), (end, account.at_most)):
                at_a_line = any(edge == pytest.approx(line, abs=0.02) for line in lines)
                at_the_end = edge == pytest.approx(1, abs=0.02) or edge == pytest.approx(
                    99, abs=0.02
                )
                assert at_a_line or at_the_end
                assert at_the_end or limit is not None


@given(accounts())
def test_a_range_bar_can_be_read_back_to_its_ranges(account):
    root = parsed(charts.range_bar(account, WORDS).svg)
    likely, wide = marks(root, "ch-likely")[0], marks(root, "ch-wide")[0]
    slot = share_of(wide.get("width")) / (account.wide.high - account.wide.low + 1)
    assert share_of(likely.get("width")) / slot == pytest.approx(
        account.likely.high - account.likely.low + 1, abs=0.05
    )
    begin = (share_of(likely.get("x")) - share_of(wide.get("x"))) / slot
    assert begin == pytest.approx(account.likely.low - account.wide.low, abs=0.05)
    dot = marks(root, "ch-best")[0]
    place = (share_of(dot.get("cx")) - share_of(likely.get("x"))) / slot
    assert place == pytest.approx(account.best - account.likely.low + 0.5, abs=0.05)
    stays_inside(root)


def test_a_range_bar_on_a_given_axis_is_cut_off_at_its_ends():
    account = Counted(best=5, likely=Span(low=3, high=7), wide=Span(low=0, high=12), homes=40)
    root = parsed(charts.range_bar(account, WORDS, axis=Span(low=4, high=9)).svg)
    stays_inside(root)
    assert share_of(marks(root, "ch-wide")[0].get("width")) == pytest.approx(98)


def test_a_range_bar_in_a_table_leaves_the_word_of_its_limit_to_the_table():
    account = Counted(
        best=5, likely=Span(low=4, high=6), wide=Span(low=2, high=8), homes=40, at_most=7
    )
    full, compact = (charts.range_bar(account, WORDS, compact=small) for small in (False, True))
    assert "limit 7" in full.svg
    assert "limit 7" not in compact.svg
    assert compact.table.rows == (("4–6", "2–8", "5", "limit 7"),)


@given(st.floats(0, 2), st.floats(0.05, 1.5), st.floats(0, 1), st.floats(0, 1))
def test_a_meter_never_runs_out_of_its_bar_and_keeps_the_value(value, full, low, extra):
    measure = Meter(
        value=value, full=full, expected=(low, low + extra), marks=(Mark(at=full / 2, text="norm"),)
    )
    chart = charts.meter(measure, WORDS)
    root = parsed(chart.svg)
    stays_inside(root)
    bar = marks(root, "ch-done")[0]
    assert share_of(bar.get("width")) == pytest.approx(min(100 * value / full, 100), abs=0.01)
    assert float(chart.table.rows[0][1]) == pytest.approx(value, abs=1e-6)
    assert share_of(marks(root, "ch-tick")[0].get("x1")) == pytest.approx(50, abs=0.01)


def test_a_meter_that_does_not_start_at_nothing_says_where_it_starts():
    chart = charts.meter(Meter(value=0.96, full=1, start=0.9), WORDS)
    assert "0.900000" in chart.svg
    bar = marks(parsed(chart.svg), "ch-done")[0]
    assert share_of(bar.get("width")) == pytest.approx(60, abs=0.01)


def test_the_parts_of_a_share_bar_fill_it_and_keep_their_pattern():
    parts = [
        Part(kind="regular", label="others", share=0.5),
        Part(kind="attention", label="attention", share=0.45),
        Part(kind="carrier", label="active", share=0.05),
    ]
    chart = charts.share_bar(parts, WORDS)
    root = parsed(chart.svg)
    drawn = marks(root, "ch-part")
    assert [node.get("class", "").split()[1] for node in drawn] == [
        "ch-regular",
        "ch-attention",
        "ch-carrier",
    ]
    assert sum(share_of(node.get("width")) for node in drawn) == pytest.approx(100, abs=0.02)
    assert [row[0] for row in chart.table.rows] == ["others", "attention", "active"]
    assert len(marks(root, "ch-text-strong")) == 2, "a sliver has no room for its number"


def test_parts_that_do_not_make_a_whole_are_refused():
    with pytest.raises(ValueError, match="make 0\\.900 of the whole"):
        charts.share_bar([Part(kind="regular", label="others", share=0.9)], WORDS)


@given(st.lists(accounts(), min_size=1, max_size=8), st.integers(1, 400))
def test_a_history_draws_every_judgement_in_order_and_inside_its_edges(counted, days):
    start = date(2020, 1, 1)
    moments = [
        Moment(day=start + timedelta(days=days * i), label=f"m{i}", counted=each)
        for i, each in enumerate(counted)
    ]
    chart = charts.past_ranges(moments, WORDS)
    root = parsed(chart.svg)
    stays_inside(root)
    dots = marks(root, "ch-best")
    assert [int(dot.get("data-best", "")) for dot in dots] == [each.best for each in counted]
    places = [share_of(dot.get("cx")) for dot in dots]
    assert places == sorted(set(places))
    heights = {(float(dot.get("cy", "")), int(dot.get("data-best", ""))) for dot in dots}
    assert [best for _, best in sorted(heights)] == sorted(
        (best for _, best in heights), reverse=True
    ), "more households stand higher"
    assert [row[0] for row in chart.table.rows] == [moment.label for moment in moments]


@given(accounts())
def test_a_standing_range_ends_halfway_between_two_households(account):
    moment = Moment(day=date(2026, 1, 1), label="now", counted=account)
    root = parsed(charts.past_ranges([moment], WORDS).svg)
    # A grid line stands four pixels under its number.
    lines = {
        int(node.text or ""): float(node.get("y", "")) + 4
        for node in marks(root, "ch-text")
        if (node.text or "").isdigit()
    }
    assume(len(lines) > 1)
    low, high = min(lines), max(lines)
    household = (lines[low] - lines[high]) / (high - low)
    for css, span in (("ch-likely", account.likely), ("ch-wide", account.wide)):
        top = float(marks(root, css)[0].get("y", ""))
        assert low + (lines[low] - top) / household == pytest.approx(span.high + 0.5, abs=0.1)


def test_judgements_a_day_apart_keep_room_for_their_labels():
    account = Counted(best=5, likely=Span(low=4, high=6), wide=Span(low=2, high=8), homes=40)
    days = [date(2020, 1, 1), date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)]
    moments = [Moment(day=day, label=str(day), counted=account) for day in days]
    dots = marks(parsed(charts.past_ranges(moments, WORDS).svg), "ch-best")
    places = [share_of(dot.get("cx")) for dot in dots]
    assert min(b - a for a, b in pairwise(places)) >= 14.9


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "{{7*7}}"])
def test_words_from_outside_cannot_become_markup(bad):
    account = Counted(
        best=1,
        likely=Span(low=1, high=1),
        wide=Span(low=0, high=2),
        homes=3,
        at_most=2,
        chances=(0.2, 0.5, 0.2, 0.1),
    )
    words = replace(
        WORDS, title=bad, description=bad, at_most=lambda n: bad, likely=lambda s: bad, chance=str
    )
    for svg in (
        charts.account_histogram(account, words).svg,
        charts.range_bar(account, words).svg,
        charts.past_ranges([Moment(day=date(2026, 1, 1), label=bad, counted=account)], words).svg,
        charts.share_bar([Part(kind="regular", label=bad, share=1.0)], words).svg,
        charts.meter(Meter(value=1, full=1, marks=(Mark(at=1, text=bad),)), words).svg,
    ):
        tags = {node.tag for node in parsed(svg).iter()}
        assert tags <= {"svg", "title", "desc", "rect", "line", "text", "circle"}
        holds_under_a_strict_policy(re.sub(r">[^<]*<", "><", svg))


def test_every_drawing_has_a_title_and_patterns_are_defined_once_per_name():
    account = Counted(best=1, likely=Span(low=1, high=1), wide=Span(low=0, high=2), homes=3)
    root = parsed(charts.range_bar(account, WORDS).svg)
    assert root.get("role") == "img"
    assert [root[0].tag, root[0].text] == ["title", "Households"]
    names = [node.get("id") for node in parsed(charts.patterns()).iter("pattern")]
    assert sorted(names) == sorted(
        ["pt-likely", "pt-wide", "pt-regular", "pt-attention", "pt-unclear"]
    )


def test_values_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="from 3 to 2"):
        Span(low=3, high=2)
    account = Counted(best=1, likely=Span(low=1, high=1), wide=Span(low=0, high=2), homes=3)
    with pytest.raises(ValueError, match="chance of every number"):
        charts.account_histogram(account, WORDS)
    with pytest.raises(ValueError, match="at least one moment"):
        charts.past_ranges([], WORDS)


# ---- the map


def a_place(number: int, **more: object) -> Place:
    return Place(
        **{"number": number, "name": f"Buurt {number}", "state": "holds", "says": "ja", **more}
    )


def square(west: float, south: float, size: float = 0.01) -> tuple[object, ...]:
    ring = ((west, south), (west + size, south), (west + size, south + size), (west, south + size))
    return ((ring,),)


MAP = Words(title="Buurten", description="Hoe ze ervoor staan")


def test_outlines_are_drawn_north_up_and_inside_the_drawing():
    chart = area_map(
        [a_place(1, polygons=square(6.1, 52.5)), a_place(2, polygons=square(6.1, 52.52))], MAP
    )
    south, north = (
        [tuple(map(float, pair.split())) for pair in re.findall(r"[\d.]+ [\d.]+", path)]
        for path in re.findall(r' d="([^"]+)"', chart.svg)
    )
    assert max(y for _, y in north) < min(y for _, y in south)
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', chart.svg).groups())
    assert all(0 <= x <= width and 0 <= y <= height + 1 for x, y in (*south, *north))


@given(number=st.integers(min_value=1, max_value=60))
def test_tiles_never_lie_over_one_another(number):
    chart = area_map([a_place(place, at=(6.0, 52.0)) for place in range(1, number + 1)], MAP)
    corners = re.findall(r' x="([\d.]+)" y="([\d.]+)" width', chart.svg)
    assert len(set(corners)) == len(corners) == number


def test_tiles_lie_from_north_to_south_and_west_to_east():
    where = {1: (6.2, 52.6), 2: (6.0, 52.6), 3: (6.1, 52.6), 4: (6.1, 52.4)}
    chart = area_map([a_place(number, at=at) for number, at in where.items()], MAP)
    drawn = re.findall(r'class="ch-map-number"[^>]*>(\d)<', chart.svg)
    assert drawn == ["2", "3", "1", "4"]


def test_a_name_is_written_and_not_run():
    chart = area_map([a_place(1, name="<script>alert(1)</script>")], MAP)
    assert "<script>" not in chart.svg
    assert chart.table.rows[0][1] == "<script>alert(1)</script>"


def test_a_state_without_a_look_is_refused():
    with pytest.raises(ValueError, match="no look for"):
        area_map([a_place(1, state="red")], MAP)


def test_an_outline_without_any_surface_still_has_its_number():
    line = ((((6.1, 52.5), (6.1, 52.5), (6.1, 52.5)),),)
    assert "ch-map-number" in area_map([a_place(1, polygons=line)], MAP).svg
