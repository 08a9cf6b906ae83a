"""Norms: what ships is complete and sourced, and a wrong file is refused with all its findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mixwijzer.engine.errors import NormError
from mixwijzer.engine.norms import Assumptions, Figure, Norms, Standing
from mixwijzer.engine.portfolio import band_errors
from mixwijzer.exchange.norm_shapes import LABEL_LENGTH
from mixwijzer.exchange.normbook import (
    NormbookError,
    default_bands,
    default_channels,
    expiring,
    read_norms,
)

TODAY = date(2026, 11, 22)

GOOD = """\
title: {nl: Proef, en: Trial}
unit: share
kind: assumption
values:
  2025-01-01: {value: 0.35, until: 2027-01-01, source: s, quote: q, checked: 2026-11-22}
"""


@pytest.fixture(scope="module")
def norms() -> Norms:
    return read_norms()


def leaves(figure: Figure) -> Iterator[object]:
    if isinstance(figure, Mapping):
        for part in figure.values():
            yield from leaves(part)
    elif isinstance(figure, tuple):
        for part in figure:
            yield from leaves(part)
    else:
        yield figure


def folder_with(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def codes(error: pytest.ExceptionInfo[NormbookError]) -> set[str]:
    return {finding.code for finding in error.value.findings}


def test_every_value_that_ships_has_a_source_a_quote_and_the_day_it_was_checked(
    norms: Norms,
) -> None:
    for norm in norms.values():
        for value in norm.values:
            assert value.source.strip(), norm.key
            assert value.quote.strip(), norm.key
            assert value.checked is not None, norm.key


def test_every_norm_has_a_title_in_both_languages(norms: Norms) -> None:
    assert all(set(norm.title) == {"nl", "en"} for norm in norms.values())


def test_law_and_assumptions_end_so_that_nobody_uses_them_unseen(norms: Norms) -> None:
    for norm in norms.values():
        if norm.standing in {Standing.LAW, Standing.ASSUMPTION}:
            assert norm.values[-1].end is not None, norm.key


def test_law_ends_on_the_first_of_january(norms: Norms) -> None:
    laws = [norm for norm in norms.values() if norm.standing is Standing.LAW]
    assert len(laws) >= 12
    assert all(
        (value.end.month, value.end.day) == (1, 1)
        for norm in laws
        for value in norm.values
        if value.end is not None
    )


@pytest.mark.parametrize(
    ("key", "year", "figure"),
    [
        ("income.target_group", 2023, {"one": 44_035, "more": 48_625}),
        ("income.target_group", 2024, {"one": 47_699, "more": 52_671}),
        ("income.target_group", 2025, {"one": 49_669, "more": 54_847}),
        ("income.target_group", 2026, {"one": 51_537, "more": 56_910}),
        ("rent.social_rent_cap", 2024, Decimal("879.66")),
        ("rent.social_rent_cap", 2025, Decimal("900.07")),
        ("rent.social_rent_cap", 2026, Decimal("932.93")),
        ("income.affordability_fit", 2025, {"one": 28_375, "more": 38_500}),
        ("income.affordability_fit", 2026, {"one": 29_400, "more": 39_925}),
        ("income.affordability_fit_senior", 2025, {"one": 27_775, "more": 37_350}),
        ("income.affordability_fit_senior", 2026, {"one": 28_775, "more": 38_650}),
        ("rent.cap", 2025, {"low": Decimal("682.96"), "high": Decimal("731.93")}),
        ("rent.cap", 2026, {"low": Decimal("713.02"), "high": Decimal("764.14")}),
        ("rent.quality_discount_limit", 2025, Decimal("477.20")),
        ("rent.quality_discount_limit", 2026, Decimal("498.20")),
        ("income.middle", 2025, {"one": 67_366, "more": 89_821}),
        ("income.middle", 2026, {"one": 70_149, "more": 93_531}),
        ("rent.middle_rent_cap", 2025, Decimal("1184.82")),
        ("rent.middle_rent_cap", 2026, Decimal("1228.07")),
        ("letting.affordability_fit_share", 2026, Decimal("0.95")),
        ("letting.target_group_share", 2026, Decimal("0.925")),
        ("letting.free_allocation_room", 2026, Decimal("0.075")),
        ("letting.free_allocation_room_agreed", 2026, Decimal("0.15")),
    ],
)
def test_the_law_says_what_the_domain_study_found(
    norms: Norms, key: str, year: int, figure: object
) -> None:
    assert norms.value(key, date(year, 7, 1)) == figure
    assert norms[key].standing is Standing.LAW


def test_a_law_that_has_expired_refuses_to_be_used(norms: Norms) -> None:
    with pytest.raises(NormError) as error:
        norms.value("rent.social_rent_cap", date(2027, 1, 1))
    assert error.value.code == "norm_expired"
    assert error.value.facts["end"] == "2027-01-01"


def test_a_year_without_a_figure_refuses_too(norms: Norms) -> None:
    with pytest.raises(NormError) as error:
        norms.value("rent.middle_rent_cap", date(2023, 7, 1))
    assert error.value.code == "norm_not_yet"


def test_a_norm_that_does_not_exist_is_named(norms: Norms) -> None:
    with pytest.raises(NormError) as error:
        norms.value("rent.of_castles", TODAY)
    assert (error.value.code, error.value.subject) == ("norm_missing", "rent.of_castles")


def test_no_figure_that_ships_is_a_binary_fraction(norms: Norms) -> None:
    figures = [
        leaf
        for norm in norms.values()
        for value in norm.values
        for leaf in leaves(value.value)
        if not isinstance(leaf, str | bool)
    ]
    assert len(figures) > 80
    assert {type(figure) for figure in figures} == {int, Decimal}


def test_the_assumptions_are_those_of_the_worked_cases(norms: Norms) -> None:
    assumed = Assumptions.on(norms, TODAY)
    role = assumed.schemes["role"]
    expected = {
        "hit_rate": 0.68,
        "epsilon": 1e-4,
        "old_weight": 0.2,
        "prior_weight": 0.3,
        "part_factor": 2.0,
        "no_room_at": 0.1,
        "room_from": 0.8,
        "smallest_base": 6,
        "fill_up_under_bp": 8000,
        "small_difference": 0.05,
        "most_changes": 4,
        "valid_days": 14,
        "smallest_group": 12,
        "wait_weeks": 12,
        "like_for_like": True,
    }
    told = {each.name: getattr(assumed, each.name) for each in fields(assumed)}
    assert told.pop("schemes") == {"role": role}
    assert told == expected
    assert role.categories == ("attention", "regular", "carrier")
    assert role.ordinary == "regular"
    assert (role.prior_mean, role.prior_strength) == ((0.35, 0.5, 0.15), 8.0)
    assert role.drift == ((0, 0.06, 0), (0.02, 0, 0), (0, 0, 0))
    assert role.confusion == ((0.8, 0.2, 0), (0.1, 0.9, 0), (0.1, 0, 0.9))


def test_assumptions_are_never_given_as_law(norms: Norms) -> None:
    ours = [key for key in norms if key.split(".")[0] in {"account", "advice", "turnover"}]
    assert len(ours) == 16
    assert all(norms[key].standing is Standing.ASSUMPTION for key in ours)
    assert norms["mix.attention_share"].standing is Standing.AIM


def test_the_article_aims_add_up(norms: Norms) -> None:
    aims = [norms.value(f"mix.{name}_share", TODAY) for name in ("attention", "regular", "carrier")]
    assert aims == [Decimal("0.35"), Decimal("0.50"), Decimal("0.15")]


def test_the_default_band_can_be_met(norms: Norms) -> None:
    bands = default_bands(norms, TODAY)
    assert band_errors("x", bands, ("attention", "regular", "carrier")) == ()
    assert bands["attention"].whole(40) == (None, 16)
    assert bands["carrier"].whole(40) == (4, None)


def test_default_channels_stay_closed_until_an_organisation_names_its_ground(norms: Norms) -> None:
    channels = default_channels(norms, TODAY)
    assert [channel.id for channel in channels if channel.has_ground(TODAY)] == ["ordinary"]
    assert {"motivation", "mediation", "landing"} <= {channel.id for channel in channels}
    assert all(sum(channel.shares) == 1 and len(channel.shares) == 3 for channel in channels)


def test_texts_of_channels_fit_in_the_portal(norms: Norms) -> None:
    assert norms.value("letting.label_length", TODAY) == LABEL_LENGTH
    for channel in default_channels(norms, TODAY):
        assert all(len(text) <= LABEL_LENGTH for text in channel.label.values())


def test_an_advert_never_says_where_somebody_comes_from(norms: Norms) -> None:
    labels = {channel.id: channel.label for channel in default_channels(norms, TODAY)}
    assert labels["mediation"] == labels["landing"]


def test_norms_that_end_soon_are_named_in_order(norms: Norms) -> None:
    soon = expiring(norms, TODAY, 60)
    assert {each.norm.key for each in soon} >= {"rent.cap", "income.target_group"}
    assert all(each.end == date(2027, 1, 1) for each in soon)
    assert expiring(norms, TODAY, 30) == ()
    later = expiring(norms, date(2027, 12, 1), 60)
    assert [each.end for each in later] == sorted(each.end for each in later)


# --- reading


def test_a_number_is_exactly_what_was_written(tmp_path: Path) -> None:
    own = read_norms(folder_with(tmp_path, trial=GOOD))
    assert own.value("trial", TODAY) == Decimal("0.35")
    assert own["trial"].values[0].start == date(2025, 1, 1)


def test_folders_become_the_key(tmp_path: Path) -> None:
    assert list(read_norms(folder_with(tmp_path, a__b__c=GOOD))) == ["a.b.c"]


def broken(**changes: Any) -> str:
    lines = {
        "title": "title: {nl: Proef, en: Trial}",
        "unit": "unit: share",
        "kind": "kind: assumption",
        "values": "values:\n  2025-01-01: {value: 0.35, until: 2027-01-01, source: s, quote: q, "
        "checked: 2026-11-22}",
    }
    return "\n".join(line for line in {**lines, **changes}.values() if line) + "\n"


def value(row: str, start: str = "2025-01-01") -> str:
    return f"values:\n  {start}: {{{row}}}"


FULL = "until: 2027-01-01, source: s, quote: q, checked: 2026-11-22"

MISTAKES = [
    ("norm_file_unreadable", "title: [\n", 2),
    ("norm_file_unreadable", "title: a\ntitle: b\n", 2),
    ("norm_file_unreadable", "- just\n- a list\n", None),
    ("norm_file_unreadable", broken(values=value(f"value: 1, {FULL}", "2025-02-30")), 5),
    ("norm_field_missing", broken(title=""), None),
    ("norm_field_missing", broken(unit=""), None),
    ("norm_field_missing", broken(kind=""), None),
    ("norm_field_missing", broken(values=""), None),
    ("norm_field_missing", broken(values="values:\n  2025-01-01: 0.35"), None),
    ("norm_field_missing", broken(values=value("value: 1, until: 2027-01-01, quote: q")), None),
    ("norm_field_missing", broken(values=value("value: 1, source: s, checked: 2026-01-01")), None),
    ("norm_field_missing", broken(values=value(FULL)), None),
    ("norm_field_unknown", broken(extra="extra: 1"), None),
    ("norm_field_unknown", broken(values=value(f"value: 1, {FULL}, why: x")), None),
    ("norm_unit_unknown", broken(unit="unit: parsec"), None),
    ("norm_kind_unknown", broken(kind="kind: custom"), None),
    ("norm_title_missing", broken(title="title: {nl: Proef}"), None),
    ("norm_title_missing", broken(title="title: Proef"), None),
    ("norm_date_invalid", broken(values=value(f"value: 1, {FULL}", "2025")), None),
    ("norm_date_invalid", broken(values="values: 3"), None),
    (
        "norm_date_invalid",
        broken(values=value("value: 1, until: later, source: s, quote: q, checked: 2026-11-22")),
        None,
    ),
    (
        "norm_until_missing",
        broken(values=value("value: 1, source: s, quote: q, checked: 2026-11-22")),
        None,
    ),
    ("norm_until_before_start", broken(values=value(f"value: 1, {FULL}", "2027-01-01")), None),
    (
        "norm_values_overlap",
        broken(
            values=value(f"value: 1, {FULL}")
            + f"\n  2026-01-01: {{value: 1, {FULL.replace('2027', '2028')}}}"
        ),
        None,
    ),
    ("norm_value_invalid", broken(values=value(f"value: 1.01, {FULL}")), None),
    ("norm_value_invalid", broken(values=value(f"value: -1, {FULL}")), None),
    ("norm_value_invalid", broken(values=value(f"value: yes, {FULL}")), None),
    ("norm_value_invalid", broken(values=value(f"value: true, {FULL}")), None),
    ("norm_value_invalid", broken(values=value(f'value: "0.35", {FULL}')), None),
    ("norm_value_invalid", broken(values=value(f"value: .nan, {FULL}")), None),
    ("norm_value_invalid", broken(values=value(f"value: 1e-4, {FULL}")), None),
    ("norm_value_invalid", broken(values=value(f"value: ~, {FULL}")), None),
    ("norm_value_invalid", broken(values=value(f"value: [0.3, 7], {FULL}")), None),
    ("norm_value_invalid", broken(values=value(f"value: 2026-01-01, {FULL}")), None),
]


@pytest.mark.parametrize(("code", "text", "line"), MISTAKES)
def test_a_mistake_in_a_norm_has_its_own_finding(
    tmp_path: Path, code: str, text: str, line: int | None
) -> None:
    with pytest.raises(NormbookError) as error:
        read_norms(folder_with(tmp_path, trial=text))
    assert code in codes(error)
    told = next(finding for finding in error.value.findings if finding.code == code)
    assert told.file == "trial.yaml"
    assert told.row == line


SCHEME = {
    "categories": "[here, there]",
    "ordinary": "there",
    "prior_mean": "[0.4, 0.6]",
    "prior_strength": "8",
    "drift": "[[0, 0.1], [0.1, 0]]",
    "confusion": "[[0.9, 0.1], [0.1, 0.9]]",
}


def scheme(**changes: str) -> str:
    parts = ", ".join(f"{name}: {text}" for name, text in {**SCHEME, **changes}.items())
    return broken(unit="unit: scheme", values=value(f"value: {{{parts}}}, {FULL}"))


def test_a_project_brings_its_own_scheme(tmp_path: Path) -> None:
    own = read_norms(folder_with(tmp_path, mix__scheme__stage=scheme()))
    assert list(own) == ["mix.scheme.stage"]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("norm_scheme_size", {"categories": "[here]"}),
        ("norm_scheme_size", {"categories": "[here, here]"}),
        ("norm_scheme_size", {"categories": "here"}),
        ("norm_scheme_refused", {"categories": "[status_holder, there]"}),
        ("norm_scheme_refused", {"categories": "[birth_country, there]"}),
        ("norm_scheme_refused", {"categories": "[nationality_eu, there]"}),
        ("norm_scheme_ordinary", {"ordinary": "elsewhere"}),
        ("norm_scheme_strength", {"prior_strength": "1"}),
        ("norm_scheme_strength", {"prior_strength": "much"}),
        ("norm_shares_sum", {"prior_mean": "[0.4, 0.5]"}),
        ("norm_scheme_shape", {"drift": "[[0, 0.1]]"}),
        ("norm_scheme_shape", {"drift": "[[0.1, 0], [0.1, 0]]"}),
        ("norm_scheme_shape", {"confusion": "[[0.9, 0.2], [0.1, 0.9]]"}),
        ("norm_scheme_shape", {"confusion": "none"}),
    ],
)
def test_a_scheme_that_is_not_right_is_refused(
    tmp_path: Path, code: str, changes: dict[str, str]
) -> None:
    with pytest.raises(NormbookError) as error:
        read_norms(folder_with(tmp_path, mix__scheme__stage=scheme(**changes)))
    assert code in codes(error)


def test_a_scheme_may_not_be_named_after_a_refused_subject(tmp_path: Path) -> None:
    with pytest.raises(NormbookError) as error:
        read_norms(folder_with(tmp_path, mix__scheme__religion=scheme()))
    assert codes(error) == {"norm_scheme_refused"}


CHANNEL = {
    "id": "x",
    "scheme": "role",
    "name": "{nl: N, en: E}",
    "shares": "[0.5, 0.5]",
    "delay": "0",
    "ground": "none_needed",
    "label": "{nl: '', en: ''}",
    "intake_form": "''",
}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("norm_shares_sum", {"shares": "[0.5, 0.6]"}),
        ("norm_shares_sum", {"shares": "[-0.5, 1.5]"}),
        ("norm_ground_missing", {"ground": "because"}),
        ("norm_intake_form", {"intake_form": "SCO"}),
        ("norm_title_missing", {"name": "{nl: N}"}),
        ("norm_label_long", {"label": f"{{nl: {'a' * 161}, en: ''}}"}),
    ],
)
def test_a_channel_that_is_not_right_is_refused(
    tmp_path: Path, code: str, changes: dict[str, str]
) -> None:
    parts = ", ".join(f"{name}: {text}" for name, text in {**CHANNEL, **changes}.items())
    text = broken(unit="unit: channels", values=value(f"value: [{{{parts}}}], {FULL}"))
    with pytest.raises(NormbookError) as error:
        read_norms(folder_with(tmp_path, mix__channels=text))
    assert codes(error) == {code}


def test_a_channel_without_its_parts_is_refused(tmp_path: Path) -> None:
    text = broken(unit="unit: channels", values=value(f"value: [{{id: x}}], {FULL}"))
    with pytest.raises(NormbookError) as error:
        read_norms(folder_with(tmp_path, mix__channels=text))
    assert codes(error) == {"norm_channel_incomplete"}


def test_all_findings_of_all_files_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(NormbookError) as error:
        read_norms(
            folder_with(
                tmp_path,
                a=broken(kind="kind: custom", unit="unit: parsec"),
                b="title: [",
                c=GOOD,
                Bad=GOOD,
            )
        )
    assert {(finding.file, finding.code) for finding in error.value.findings} == {
        ("a.yaml", "norm_kind_unknown"),
        ("a.yaml", "norm_unit_unknown"),
        ("b.yaml", "norm_file_unreadable"),
        ("Bad.yaml", "norm_key_invalid"),
    }
    assert error.value.facts["count"] == 4


def test_a_finding_names_the_place_inside_a_value(tmp_path: Path) -> None:
    text = broken(values=value(f"value: {{one: [0.2, 3]}}, {FULL}"))
    with pytest.raises(NormbookError) as error:
        read_norms(folder_with(tmp_path, a=text))
    assert error.value.findings[0].column == "values.2025-01-01.value.one.1"


def test_a_folder_without_norms_says_so(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NormbookError) as error:
            read_norms(folder)
        assert codes(error) == {"norms_none"}


def test_a_file_that_is_not_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NormbookError) as error:
        read_norms(tmp_path)
    assert codes(error) == {"norm_file_unreadable"}


def test_a_yaml_tag_cannot_build_anything(tmp_path: Path) -> None:
    with pytest.raises(NormbookError) as error:
        read_norms(folder_with(tmp_path, a="!!python/object/apply:os.getcwd []\n"))
    assert codes(error) == {"norm_file_unreadable"}


def test_a_merge_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NormbookError) as error:
        read_norms(folder_with(tmp_path, a="x: &x {y: 1}\nz: {<<: *x}\n"))
    assert codes(error) == {"norm_file_unreadable"}


# --- an organisation's own norms


def test_own_norms_lie_over_the_ones_that_ship(tmp_path: Path, norms: Norms) -> None:
    both = read_norms(folder_with(tmp_path, turnover__rate=GOOD), over=norms)
    assert both.value("turnover.rate", TODAY) == Decimal("0.35")
    assert both.value("rent.social_rent_cap", TODAY) == norms.value("rent.social_rent_cap", TODAY)
    assert both.name.startswith(norms.name + "+own/")


def test_own_norms_cannot_replace_law(tmp_path: Path, norms: Norms) -> None:
    with pytest.raises(NormbookError) as error:
        read_norms(folder_with(tmp_path, rent__cap=GOOD), over=norms)
    assert [finding.code for finding in error.value.findings] == ["norm_law_replaced"]
    assert error.value.findings[0].file == "rent/cap.yaml"


# --- speed and names


def test_norms_are_read_once_until_a_file_changes(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, trial=GOOD)
    first = read_norms(folder)
    assert read_norms(folder) is first
    folder_with(tmp_path, trial=GOOD.replace("0.35", "0.355"))
    assert read_norms(folder).value("trial", TODAY) == Decimal("0.355")


def test_the_name_of_the_set_changes_with_its_values_and_not_with_its_layout(
    tmp_path: Path,
) -> None:
    one = read_norms(folder_with(tmp_path / "1", trial=GOOD)).name
    spaced = read_norms(folder_with(tmp_path / "2", trial="# a remark\n" + GOOD)).name
    other = read_norms(folder_with(tmp_path / "3", trial=GOOD.replace("0.35", "0.36"))).name
    assert one == spaced != other
