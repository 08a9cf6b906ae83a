"""A drawing says exactly what the numbers say, inside its own edges, and its table says it too."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mixwijzer.web.ui import charts
from mixwijzer.web.ui.charts import (
    Ahead,
    Counted,
    Course,
    Difference,
    Field,
    FieldWords,
    Mark,
    Meter,
    Moment,
    Part,
    Place,
    Reach,
    Span,
    Waypoint,
    Words,
    area_map,
)

pytestmark = pytest.mark.once

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


FIELD_WORDS = FieldWords(corners=("t", "l", "r"), target="aim", least="least", most="most")
PLAIN_TAGS = {
    *("svg", "title", "desc", "rect", "line", "text", "circle"),
    *("clipPath", "path", "polygon", "polyline"),
}


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


@st.composite
def ranges(draw: st.DrawFn) -> Counted:
    """Any account without its chances: quicker to make by the dozen."""
    wide, likely, best, likely_high, wide_high = sorted(draw(st.tuples(*[st.integers(0, 120)] * 5)))
    return Counted(
        best=best,
        likely=Span(low=likely, high=likely_high),
        wide=Span(low=wide, high=wide_high),
        homes=120,
        at_least=draw(st.sampled_from([None, 0, 9])),
        at_most=draw(st.sampled_from([None, 16, 120])),
    )


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Any judgements over the years, with or without what is expected."""
    start, days = date(2020, 1, 1), draw(st.integers(1, 400))
    moments = tuple(
        Moment(day=start + timedelta(days=days * i), label=f"m{i}", counted=each)
        for i, each in enumerate(draw(st.lists(ranges(), min_size=1, max_size=4)))
    )
    ahead = tuple(
        Ahead(
            months=month,
            label=f"+{month}",
            middle=each.best,
            likely=each.likely,
            wide=each.wide,
            marked=month == 2,
        )
        for month, each in enumerate(draw(st.lists(ranges(), max_size=5)))
    )
    last = moments[-1].counted
    return Course(moments=moments, ahead=ahead[1:], at_most=last.at_most, at_least=last.at_least)


def households_at(root: ElementTree.Element) -> Callable[[float], float]:
    """Return how many households a height stands for, read from the numbers of the grid."""
    # A number stands four pixels under the middle of its line.
    lines = {
        float(node.text or ""): float(node.get("y", "")) - 4
        for node in marks(root, "ch-text")
        if node.get("text-anchor") == "end"
    }
    low, high = min(lines), max(lines)
    each = (lines[low] - lines[high]) / (high - low)
    return lambda y: low + (lines[low] - y) / each


@given(courses())
def test_a_fan_draws_every_judgement_in_order_and_inside_its_edges(course):
    chart = charts.fan(course, WORDS)
    root = parsed(chart.svg)
    stays_inside(root)
    holds_under_a_strict_policy(chart.svg)
    dots, read = marks(root, "ch-best"), households_at(root)
    said = [moment.counted.best for moment in course.moments]
    assert [int(dot.get("data-best", "")) for dot in dots] == said
    places = [share_of(dot.get("cx")) for dot in dots]
    assert places == sorted(set(places))
    for dot, best in zip(dots, said, strict=True):
        assert read(float(dot.get("cy", ""))) == pytest.approx(best, abs=0.6)
    labels = [moment.label for moment in course.moments] + [each.label for each in course.ahead]
    assert [row[0] for row in chart.table.rows] == labels


@given(courses())
def test_a_fan_can_be_read_back_to_the_ranges_that_are_expected(course):
    assume(course.ahead)
    root = parsed(charts.fan(course, WORDS).svg)
    read = households_at(root)
    plot = marks(root, "ch-stretch")[0]
    top, tall = float(plot.get("y", "")), float(plot.get("height", ""))
    last = course.ahead[-1].months
    for kind in ("likely", "wide"):
        above, below = (
            [tuple(map(float, point.split(","))) for point in line.get("points", "").split()]
            for line in marks(root, f"ch-{kind}-edge")
        )
        for each, (x, high), (_, low) in zip(course.ahead, above, below, strict=True):
            span = getattr(each, kind)
            assert x == pytest.approx(each.months / last, abs=1e-3)
            assert read(top + high * tall) == pytest.approx(span.high + 0.5, abs=0.6)
            assert read(top + low * tall) == pytest.approx(max(span.low - 0.5, 0), abs=0.6)


@given(ranges())
def test_a_standing_range_ends_halfway_between_two_households(account):
    moment = Moment(day=date(2026, 1, 1), label="now", counted=account)
    root = parsed(charts.fan(Course(moments=(moment,)), WORDS).svg)
    read = households_at(root)
    for css, span in (("ch-likely", account.likely), ("ch-wide", account.wide)):
        top = float(marks(root, css)[0].get("y", ""))
        assert read(top) == pytest.approx(span.high + 0.5, abs=0.6)


def test_judgements_a_day_apart_keep_room_for_their_marks():
    account = Counted(best=5, likely=Span(low=4, high=6), wide=Span(low=2, high=8), homes=40)
    days = [date(2020, 1, 1), date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)]
    moments = tuple(Moment(day=day, label=str(day), counted=account) for day in days)
    dots = marks(parsed(charts.fan(Course(moments=moments), WORDS).svg), "ch-best")
    places = [share_of(dot.get("cx")) for dot in dots]
    assert min(b - a for a, b in pairwise(places)) >= 14.9


@given(courses())
def test_what_a_fan_says_at_its_end_never_lies_over_itself(course):
    root = parsed(charts.fan(course, WORDS).svg)
    ends = sorted(
        float(node.get("y", ""))
        for node in root
        if node.get("dx") == "7" and "ch-at-phone" not in node.get("class", "")
    )
    assert all(below - above >= 13.9 for above, below in pairwise(ends))


@given(st.lists(courses(), min_size=1, max_size=4))
def test_fans_beside_each_other_stand_on_one_axis(several):
    axis = charts.fan_axis(several)
    drawn = [parsed(charts.fan(each, WORDS, axis=axis, small=True).svg) for each in several]
    grids = {
        tuple(node.text for node in marks(root, "ch-text") if node.get("text-anchor") == "end")
        for root in drawn
    }
    assert len(grids) == 1
    for root in drawn:
        stays_inside(root)


def test_percentages_stand_on_an_axis_that_stops_at_a_hundred():
    sure = Span(low=97, high=99)
    counted = Counted(best=98, likely=sure, wide=sure, homes=100)
    now = Moment(day=date(2026, 1, 1), label="now", counted=counted)
    assert charts.fan_axis([Course(moments=(now,))], most=100).high == 100


# ---- what can be held

shares_of_three = st.tuples(*[st.floats(0.02, 1)] * 3).map(
    lambda each: tuple(part / math.fsum(each) for part in each)
)


@st.composite
def fields(draw: st.DrawFn) -> Field:
    """Any reach, band, aim and way."""
    way = draw(st.lists(shares_of_three, min_size=1, max_size=5))
    target = draw(shares_of_three)
    corners = st.lists(shares_of_three, min_size=3, max_size=3).map(tuple)
    return Field(
        reach=draw(corners),
        after=draw(st.sampled_from([(), draw(corners), (target,)])),
        path=tuple(Waypoint(label=f"m{i}", mix=mix) for i, mix in enumerate(way)),
        band=tuple((share * 0.8, min(1.0, share * 1.2)) for share in target),
        target=target,
    )


def corners_of(node: ElementTree.Element) -> list[tuple[float, float]]:
    """Return the points of a shape."""
    return [tuple(map(float, point.split(","))) for point in node.get("points", "").split()]


@given(fields())
def test_a_triangle_shows_the_whole_way_the_band_and_the_aim_inside_its_edges(field):
    chart = charts.triangle(field, WORDS, FIELD_WORDS)
    for part in chart.svg.replace("</svg><svg", "</svg>\n<svg").split("\n"):
        holds_under_a_strict_policy(part)
        root = parsed(part)
        _, _, width, height = map(float, root.get("viewBox", "").split())
        (left, bottom), (right, _) = sorted(corners_of(marks(root, "ch-sheet")[0]))[::2]
        points = [xy for node in root.iter() for xy in corners_of(node)]
        points += [(float(n.get("cx", "")), float(n.get("cy", ""))) for n in root.iter("circle")]
        assert all(-0.1 <= x <= width + 0.1 and -0.1 <= y <= height + 0.1 for x, y in points)
        assert 1 <= len(marks(root, "ch-way")) + len(marks(root, "ch-here")) <= len(field.path)
        for shape in ("ch-field-band", "ch-path"):
            for node in marks(root, shape)[:1]:
                assert all(left - 0.2 <= x <= right + 0.2 for x, _ in corners_of(node))
                assert all(y <= bottom + 0.2 for _, y in corners_of(node))
    assert [row[0] for row in chart.table.rows][: len(field.path)] == [
        each.label for each in field.path
    ]


@given(fields())
def test_the_table_beside_a_triangle_says_what_can_be_held_at_least_and_at_most(field):
    *_, least, most = charts.triangle(field, WORDS, FIELD_WORDS).table.rows
    for corner in range(3):
        held = [mix[corner] for mix in field.reach]
        assert float(least[corner + 1]) == pytest.approx(min(held), abs=1e-6)
        assert float(most[corner + 1]) == pytest.approx(max(held), abs=1e-6)


def test_a_mix_stands_higher_with_more_of_the_top_and_further_left_with_more_of_the_left():
    way = tuple(
        Waypoint(label=label, mix=mix)
        for label, mix in (("a", (0.5, 0.2, 0.3)), ("b", (0.4, 0.3, 0.3)), ("c", (0.4, 0.2, 0.4)))
    )
    svg = charts.triangle(
        Field(reach=((1, 0, 0), (0, 1, 0), (0, 0, 1)), path=way), WORDS, FIELD_WORDS
    ).svg
    (ax, ay), (bx, by), (cx, cy) = corners_of(
        marks(parsed(svg.partition("</svg>")[0] + "</svg>"), "ch-path")[0]
    )
    assert ay < by == cy
    assert bx < ax < cx


def test_a_line_of_what_can_be_held_says_it_for_now_and_for_after_the_experiment():
    reach = Reach(low=0.1, high=0.6, now=0.42, after=(0.3, 0.4), at_most=0.4)
    chart = charts.reach_bar(reach, WORDS)
    root = parsed(chart.svg)
    stays_inside(root)
    held = marks(root, "ch-reach")[0]
    assert share_of(held.get("width")) == pytest.approx(0.5 * 98, abs=0.01)
    assert chart.table.rows == (("0.420000", "0.100000–0.600000", "0.300000–0.400000"),)
    bare = charts.reach_bar(replace(reach, after=None, at_most=None), WORDS)
    assert not marks(parsed(bare.svg), "ch-after")
    assert not marks(parsed(bare.svg), "ch-field-band")


@given(st.floats(-20, 20), st.floats(0.5, 20))
def test_a_difference_grows_from_the_middle_and_never_out_of_its_bar(value, most):
    chart = charts.difference_bar(Difference(value=value, most=most, sure=(-most, most)), WORDS)
    root = parsed(chart.svg)
    stays_inside(root)
    bar = marks(root, "ch-more" if value > 0 else "ch-less")[0]
    begin, width = share_of(bar.get("x")), share_of(bar.get("width"))
    assert (begin if value > 0 else begin + width) == pytest.approx(50, abs=0.02)
    assert width == pytest.approx(49 * min(abs(value) / most, 1), abs=0.02)


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
    now = Moment(day=date(2026, 1, 1), label=bad, counted=account)
    ahead = Ahead(
        months=12, label=bad, middle=1, likely=account.likely, wide=account.wide, marked=True
    )
    course = Course(moments=(now,), ahead=(ahead,), at_most=2)
    corner = (1.0, 0.0, 0.0)
    field = Field(
        reach=(corner,), path=(Waypoint(label=bad, mix=corner),), target=(0.9, 0.05, 0.05)
    )
    said = FieldWords(corners=(bad,) * 3, target=bad, overview=bad)
    for svg in (
        charts.account_histogram(account, words).svg,
        charts.range_bar(account, words).svg,
        charts.fan(course, words).svg,
        charts.difference_bar(Difference(value=1, most=2), words).svg,
        f"<svg>{charts.triangle(field, words, said).svg}</svg>",
        charts.share_bar([Part(kind="regular", label=bad, share=1.0)], words).svg,
        charts.meter(Meter(value=1, full=1, marks=(Mark(at=1, text=bad),)), words).svg,
    ):
        tags = {node.tag for node in parsed(svg).iter()}
        assert tags <= PLAIN_TAGS
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
        charts.fan(Course(moments=()), WORDS)


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
