"""Codes of CBS and BAG, also after a spreadsheet had them."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.engine.portfolio import ScopeKind
from mixwijzer.exchange.areas import CodeTrouble, area_code, bag_id, kind_of_code, nested_in
from mixwijzer.exchange.mappings import read_areas
from tests.exchange.files import codes, reading, the

DATA = Path(os.environ.get("MIXWIJZER_DATA", Path(__file__).parents[3] / "shared" / "data"))
BUURT = ScopeKind.NEIGHBOURHOOD


def real(name: str) -> Path:
    """Return a real file; where it is missing CI fails if the data lie beside it, else a skip."""
    path = DATA / name
    if not path.is_file():
        missing = pytest.fail if os.environ.get("CI") and DATA.is_dir() else pytest.skip
        missing(f"real data not found: {path} (set MIXWIJZER_DATA)")
    return path


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("BU01931000", None, "BU01931000"),
        ("bu01931000", None, "BU01931000"),
        ("GM0193  ", None, "GM0193"),
        ("GM 193", None, "GM0193"),
        ("BU1931000", None, "BU01931000"),
        ("1931000", BUURT, "BU01931000"),
        ("140000", BUURT, "BU00140000"),
        ("193", ScopeKind.MUNICIPALITY, "GM0193"),
        ("19310", ScopeKind.DISTRICT, "WK019310"),
        ("Zuid-Oost", BUURT, "Zuid-Oost"),
        ("wkb", None, "wkb"),
        ("7", BUURT, "7"),
    ],
)
def test_a_code_is_read_as_it_should_have_been_written(text, kind, expected):
    assert area_code(text, kind) == expected


@pytest.mark.parametrize("text", ["BU019310001", "GM00193", "WK0193", "BU00001000", "BU0193100x"])
def test_a_code_that_cannot_be_one_is_refused(text):
    with pytest.raises(CodeTrouble, match="area_code_form"):
        area_code(text)


@given(number=st.integers(1, 1999), rest=st.integers(0, 9999))
def test_zeros_that_a_spreadsheet_dropped_come_back(number, rest):
    digits = f"{number:04d}{rest:04d}"
    assert area_code(str(int(digits)), BUURT) == f"BU{digits}"
    assert kind_of_code(f"BU{digits}") is BUURT
    assert nested_in(f"BU{digits}", f"WK{digits[:6]}")
    assert nested_in(f"WK{digits[:6]}", f"GM{digits[:4]}")


def test_codes_nest_by_prefix_and_upwards_only():
    assert not nested_in("BU01931000", "WK019311")
    assert not nested_in("GM0193", "BU01931000")
    assert nested_in("eigen", "GM0193")


@given(digits=st.from_regex(r"\A[0-9]{4}0[123][0-9]{10}\Z"))
def test_a_bag_id_survives_the_loss_of_one_zero(digits):
    assert bag_id(digits) == digits
    assert bag_id(f" {digits[:8]} {digits[8:]} ") == digits
    lost = digits.lstrip("0")
    if len(lost) >= 13:
        assert bag_id(lost) == digits


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,93010E+14", "bag_scientific"),
        ("1.9301e14", "bag_scientific"),
        ("0193100000012345", "bag_kind"),
        ("0193200000012345", "bag_kind"),
        ("0193010000123", "bag_length"),
        ("01930100000123456", "bag_length"),
        ("12345", "bag_length"),
        ("NL0193010000012", "bag_length"),
    ],
)
def test_what_is_no_number_of_a_dwelling_is_refused(text, code):
    with pytest.raises(CodeTrouble, match=code):
        bag_id(text)


def test_a_table_whose_codes_lost_their_zeros_is_read_as_meant(tmp_path):
    areas = "code;kind;name;parent\n193;gemeente;Zwolle;\n19310;wijk;Binnenstad;193\n"
    areas += "1931000;buurt;Zuid;19310\n"
    complexes = "id;name;owner;neighbourhood\nC1;Linde;ob;1931000\n"
    counts = "scope_kind;scope;scheme;category;date;households\n"
    counts += "buurt;1931000;role;attention;2026-01-01;3\n"
    given = reading(tmp_path, areas=areas, complexes=complexes, counts=counts)
    assert codes(given) == []
    assert [area.code for area in given.portfolio.areas] == ["GM0193", "WK019310", "BU01931000"]
    assert given.portfolio.areas[2].parent == "WK019310"
    assert given.portfolio.complexes[0].neighbourhood == "BU01931000"
    assert given.portfolio.counts[0].scope.code == "BU01931000"


def test_a_code_that_is_none_is_told_with_its_row(tmp_path):
    given = reading(tmp_path, areas="code,kind,name\nBU0193,buurt,Zuid\n")
    assert (the(given, "area_code_form").row, the(given, "area_code_form").value) == (2, "BU0193")


def test_the_real_neighbourhoods_of_zwolle_are_areas():
    source = real("zwolle/buurt_panel_2015_2018.csv")
    areas = read_areas(source, "zwolle-buurten")
    with source.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    kinds = [area.kind for area in areas]
    assert kinds.count(BUURT) == len(rows) == 78
    assert kinds.count(ScopeKind.DISTRICT) == len({row["WK_2014"] for row in rows})
    assert kinds.count(ScopeKind.MUNICIPALITY) == 1
    told = {area.code: (area.name, area.dwellings) for area in areas if area.kind is BUURT}
    for row in rows:
        homes = int(row["woningen_2024"]) if row["woningen_2024"] else None
        assert told[row["STATCODE"]] == (row["BU_NAAM"], homes)
    assert all(area.year == 2014 for area in areas)


def test_every_real_code_has_the_form_and_lies_in_its_district():
    path = real("zwolle/zwolle_buurten_cbs2014_wgs84.geojson")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert len(features) == 78
    for feature in features:
        code = feature["properties"]["STATCODE"]
        assert kind_of_code(code) is BUURT
        assert area_code(str(int(code[2:])), BUURT) == code
