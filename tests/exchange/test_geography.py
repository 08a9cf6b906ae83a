"""Maps from several makers become the same shapes, and say what was wrong with them."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.engine.portfolio import ScopeKind
from mixwijzer.exchange import geography
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.geography import Shape, degrees_of, read, simplified, write
from mixwijzer.exchange.incoming import spool
from mixwijzer.exchange.wording import error_text, finding_text
from tests.exchange.test_areas import real

SQUARE = [[6.0, 52.0], [6.1, 52.0], [6.1, 52.1], [6.0, 52.1], [6.0, 52.0]]
BOW_TIE = [[6.0, 52.0], [6.1, 52.1], [6.1, 52.0], [6.0, 52.1], [6.0, 52.0]]
LINE = [[6.0, 52.0], [6.1, 52.0], [6.0, 52.0], [6.0, 52.0]]


def feature(ring=SQUARE, **properties) -> dict:
    geometry = None if ring is None else {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def a_map(tmp_path, *features, **more) -> Path:
    """Write a map of these features."""
    document = {"type": "FeatureCollection", "features": list(features), **more}
    (tmp_path / "kaart.geojson").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path / "kaart.geojson"


def drawn(tmp_path, *features, **more):
    """Read a map of these features."""
    return read(a_map(tmp_path, *features, **more))


def codes(given) -> list[str]:
    return [each.code for each in given.findings]


@pytest.mark.parametrize(
    "properties",
    [
        {"STATCODE": "BU01931000", "STATNAAM": "Zuid", "WK_2014": "WK019310"},
        {"BU_2014": "01931000", "BU_NAAM": "Zuid", "WK_2014": "WK019310", "BU2014": 1931000},
        {"statcode": "BU01931000", "statnaam": "Zuid", "jrstatcode": "2014BU01931000"},
        {"buurtcode": "BU01931000", "buurtnaam": "Zuid", "wijkcode": "WK019310", "jaar": 2014},
        {"BU_CODE": "BU01931000  ", "BU_NAAM": " Zuid", "WK_CODE": "WK019310", "jaar": "2014"},
        {"bu_code": "1931000", "bu_naam": "Zuid", "gm_naam": "Zwolle", "jaar": 2014},
        {"gwb_code": "BU01931000", "gwb_naam": "Zuid", "gemeentecode": "GM0193", "year": 2014},
        {"code": "BU01931000", "name": "Zuid", "kind": "neighbourhood", "year": 2014},
    ],
)
def test_every_spelling_gives_the_same_area(tmp_path, properties):
    given = drawn(tmp_path, feature(**properties))
    assert codes(given) == []
    (shape,) = given.shapes
    assert (shape.code, shape.name, shape.kind) == ("BU01931000", "Zuid", ScopeKind.NEIGHBOURHOOD)
    assert shape.year in (2014, None)
    assert shape.parent in ("WK019310", "GM0193", None)


@pytest.mark.parametrize(("name", "told"), [("Zuid\ud800", "Zuid�"), ("\U0001f600", "\U0001f600")])
def test_half_a_sign_in_a_name_does_not_break_the_reading(tmp_path, name, told):
    spooled = spool(a_map(tmp_path, feature(buurtcode=1931000.0, naam=name)), tmp_path / "spool")
    assert spooled.sound, spooled.findings
    assert f",{told}," in spooled.tables["areas"].path.read_text(encoding="utf-8")


def test_yes_and_no_are_no_code(tmp_path):
    assert codes(drawn(tmp_path, feature(code=True))) == ["map_code_missing"]


@pytest.mark.parametrize("crs", ["EPSG:28992", "EPSG:4326"])
def test_degrees_are_degrees_whatever_the_map_calls_itself(tmp_path, crs):
    named = {"type": "name", "properties": {"name": crs}}
    (shape,) = drawn(tmp_path, feature(code="BU01931000"), crs=named).shapes
    assert shape.polygons[0][0][0] == (6.0, 52.0)


def test_a_map_with_its_two_numbers_swapped_is_told(tmp_path):
    swapped = [[lat, lon] for lon, lat in SQUARE]
    given = drawn(tmp_path, feature(swapped, code="BU01931000"), feature(code="BU01931010"))
    assert codes(given) == ["map_outside"]
    assert given.findings[0].facts == {"areas": 1}
    assert "verwisseld" in finding_text(given.findings[0], "nl")


def test_metres_among_degrees_are_refused_by_their_row(tmp_path):
    metres = [[202_000 + 1_000 * lon, 502_000 + 1_000 * lat] for lon, lat in SQUARE]
    given = drawn(tmp_path, feature(code="BU01931000"), feature(metres, code="BU01931010"))
    assert [(each.code, each.row) for each in given.findings] == [("map_grid", 2)]


def test_districts_and_municipalities_are_told_by_their_code(tmp_path):
    given = drawn(
        tmp_path,
        feature(wijkcode="WK019310", wijknaam="Binnenstad", gemeentecode="GM0193"),
        feature(gemeentecode="GM0193", gemeentenaam="Zwolle"),
    )
    assert [(e.kind, e.parent) for e in given.shapes] == [
        (ScopeKind.DISTRICT, "GM0193"),
        (ScopeKind.MUNICIPALITY, None),
    ]


def test_metres_of_the_dutch_grid_become_degrees(tmp_path):
    ring = [[202_000, 502_000], [203_000, 502_000], [203_000, 503_000], [202_000, 502_000]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    told, guessed = (
        drawn(tmp_path, feature(ring, statcode="BU01931000"), **more).shapes[0]
        for more in ({"crs": crs}, {})
    )
    assert told == guessed
    lon, lat = told.polygons[0][0][0]
    assert 6.0 < lon < 6.2
    assert 52.4 < lat < 52.6


# Check points of the article by Schreutelkamp and Strang van Hees.
@pytest.mark.parametrize(
    ("x", "y", "lon", "lat"),
    [
        (155_000.0, 463_000.0, 5.38720621, 52.15517440),  # Amersfoort
        (120_700.723, 487_525.502, 4.88352559, 52.37453253),  # Westertoren, Amsterdam
        (233_883.131, 582_065.167, 6.56820053, 53.21938317),  # Martinitoren, Groningen
    ],
)
def test_points_of_the_grid_lie_where_they_should(x, y, lon, lat):
    assert degrees_of(x, y) == pytest.approx((lon, lat), abs=1e-5)


@given(st.floats(20_000, 270_000), st.floats(320_000, 610_000))
def test_the_grid_keeps_distances(x, y):
    """A kilometre of the grid is a kilometre on the ground, to a thousandth part."""
    import math

    (lon, lat), (east, _), (_, north) = (
        degrees_of(x, y),
        degrees_of(x + 1_000, y),
        degrees_of(x, y + 1_000),
    )
    bearing = math.cos(math.radians(lat))
    wide = math.hypot((east - lon) * 111_320 * bearing * 1.0025, 0)
    high = (north - lat) * 111_250
    assert wide == pytest.approx(1_000, rel=0.01)
    assert high == pytest.approx(1_000, rel=0.01)


def test_a_shape_that_crosses_itself_is_repaired_and_told(tmp_path):
    given = drawn(tmp_path, feature(BOW_TIE, statcode="BU01931000"))
    (found,) = given.findings
    assert (found.code, found.severity, found.value) == (
        "map_repaired",
        Severity.WARNING,
        "BU01931000",
    )
    (shape,) = given.shapes
    assert shapely.from_wkb(shape.wkb()).is_valid
    assert len(shape.polygons) == 2


@pytest.mark.parametrize("ring", [LINE, [], None, [[6.0, 52.0]]])
def test_a_shape_without_a_surface_is_told_and_left_out(tmp_path, ring):
    given = drawn(tmp_path, feature(ring, statcode="BU1"), feature(statcode="BU01931010"))
    assert "map_empty" in codes(given) or "area_code_form" in codes(given)
    given = drawn(tmp_path, feature(ring, statcode="BU01931000"), feature(statcode="BU01931010"))
    assert codes(given) == ["map_empty"]
    assert [each.code for each in given.shapes] == ["BU01931010"]


def test_parts_under_one_code_are_joined_and_water_is_passed_over(tmp_path):
    far = [[x + 1, y] for x, y in SQUARE]
    given = drawn(
        tmp_path,
        feature(buurtcode="BU01931000", water="NEE"),
        feature(far, buurtcode="BU01931000", water="NEE"),
        feature(buurtcode="BU01931000", water="JA"),
    )
    assert sorted(codes(given)) == ["map_code_twice", "map_water"]
    (shape,) = given.shapes
    assert len(shape.polygons) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "map_unreadable"),
        ("{", "map_unreadable"),
        ("[" * 100_000, "map_unreadable"),
        ('{"type": "FeatureCollection"}', "map_kind"),
        ('{"features": {}}', "map_kind"),
        ("[1]", "map_kind"),
        ('{"features": []}', "map_without_areas"),
        ('{"features": [null, 3, "x"]}', "map_code_missing"),
        ('{"features": [{"properties": {"statcode": "BU1x"}}]}', "area_code_form"),
        (json.dumps({"features": [feature([[1e9, 1e9]] * 5, statcode="x")]}), "map_grid"),
        (
            json.dumps({"features": [feature([["a", 1]] * 5, statcode="BU01931000")]}),
            "map_geometry",
        ),
        ('{"features": [{"geometry": {"coordinates": NaN}}]}', "map_unreadable"),
    ],
)
def test_what_is_no_map_is_told(tmp_path, text, code):
    (tmp_path / "kaart.geojson").write_text(text)
    given = read(tmp_path / "kaart.geojson")
    assert code in codes(given)
    assert given.shapes == ()
    for finding in given.findings:
        assert finding_text(finding, "nl")


def test_a_map_that_is_not_there_is_told(tmp_path):
    assert codes(read(tmp_path / "geen.geojson")) == ["file_unreadable"]


def neighbours(count: int) -> tuple[Shape, ...]:
    """Columns side by side with a ragged border between."""
    shapes = []
    for column in range(count):
        left, right = (
            [(3 + column + side + 0.02 * (i % 2), 52 + i / 50) for i in range(51)]
            for side in (0, 1)
        )
        ring = (*left, *reversed(right), left[0])
        shapes.append(
            Shape(code=f"B{column}", name="", kind=ScopeKind.NEIGHBOURHOOD, polygons=((ring,),))
        )
    return tuple(shapes)


def points(shapes) -> int:
    return sum(len(ring) for each in shapes for polygon in each.polygons for ring in polygon)


def test_simpler_shapes_share_their_borders_still():
    before = neighbours(4)
    after = simplified(before, tolerance=5_000)
    assert points(after) < points(before) / 3
    outlines = [shapely.from_wkb(each.wkb()) for each in after]
    for one, other in pairwise(outlines):
        assert one.intersection(other).area == pytest.approx(0, abs=1e-9)
    whole = shapely.union_all(outlines)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors


def test_nothing_simplified_is_nothing():
    assert simplified((), 10) == ()


def test_shapes_written_are_read_back(tmp_path):
    shapes = neighbours(3)
    write(shapes, tmp_path / "uit.geojson")
    back = read(tmp_path / "uit.geojson")
    assert codes(back) == []
    for one, other in zip(shapes, back.shapes, strict=True):
        assert (one.code, one.kind) == (other.code, other.kind)
        assert shapely.from_wkb(one.wkb()).equals(shapely.from_wkb(other.wkb()))


def test_the_map_of_zwolle_is_read_whole(tmp_path):
    given = read(real("zwolle/zwolle_buurten_cbs2014_wgs84.geojson"))
    assert len(given.shapes) == 78
    assert {each.code for each in given.findings} <= {"map_repaired"}
    assert {each.year for each in given.shapes} == {2014}
    assert all(each.parent and each.parent.startswith("WK0193") for each in given.shapes)
    coarse = simplified(given.shapes, tolerance=50)
    assert len(coarse) == 78
    assert points(coarse) < points(given.shapes)


def test_a_map_is_a_delivery_too(tmp_path):
    source = real("zwolle/zwolle_buurten_cbs2014_wgs84.geojson")
    spooled = spool(source, tmp_path / "spool")
    assert spooled.tables["areas"].rows == 78
    assert read(spooled.shapes).shapes == read(source).shapes


def test_without_its_library_a_map_is_refused_with_what_to_install(tmp_path, monkeypatch):
    drawn(tmp_path, feature(statcode="BU01931000"))
    monkeypatch.setattr(geography, "find_spec", lambda _: None)
    given = read(tmp_path / "kaart.geojson")
    assert codes(given) == ["map_library_missing"]
    with pytest.raises(PortfolioError) as caught:
        simplified(neighbours(1), 10)
    assert "mixwijzer[web]" in error_text(caught.value, "nl")


def test_reading_tables_does_not_load_the_library():
    program = "import sys, mixwijzer.exchange.incoming._work; print('shapely' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"
