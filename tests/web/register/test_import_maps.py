"""A map of neighbourhoods comes in by the same way; codes of another year are told."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mixwijzer.web.register.models import Area
from mixwijzer.web.register.selectors import shapes
from mixwijzer.web.register.services import BuiltOn, undo
from tests.builders import NOW
from tests.cast import Cast
from tests.web.register.files import a_workbook, applied, hanzeveen_in_files, homes_only, read

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("MIXWIJZER_DATA", ROOT.parent / "shared" / "data"))
MAP = DATA / "zwolle" / "zwolle_buurten_cbs2014_wgs84.geojson"


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"


@pytest.mark.skipif(not MAP.is_file(), reason="the municipality's map isn't on this machine")
def test_the_map_of_zwolle_is_loaded_drawn_and_taken_back(cast: Cast):
    row = applied(cast.woonbelang, cast.anja, MAP, NOW)
    assert row.state == "applied", row.findings
    drawn = shapes(cast.iris)
    assert len(drawn) == Area.objects.for_organisation(cast.woonbelang).count() > 50
    assert all(each.polygons for each in drawn)
    assert shapes(cast.olga) == ()
    assert read(cast.woonbelang, cast.anja, MAP, NOW + timedelta(days=1)).state == "same"
    undo(row=row, actor=cast.anja, now=NOW + timedelta(days=2))
    assert shapes(cast.iris) == ()


def test_areas_in_which_complexes_lie_are_not_taken_back(cast: Cast, tmp_path):
    """Else the next file of the same complexes would be refused for neighbourhoods unknown."""
    town = homes_only(hanzeveen_in_files())
    empty = dict.fromkeys(("complexes", "dwellings", "tenancies", "vacancies"), ())
    areas = a_workbook(tmp_path, replace(town, **empty), "gebieden.xlsx")
    row = applied(cast.woonbelang, cast.anja, areas, NOW)
    homes = a_workbook(tmp_path, replace(town, areas=()), "bezit.xlsx")
    later = applied(cast.woonbelang, cast.anja, homes, NOW + timedelta(days=1))
    with pytest.raises(BuiltOn) as refused:
        undo(row=row, actor=cast.anja, now=NOW + timedelta(days=2))
    assert (refused.value.why, refused.value.number) == ("placed", 2)
    undo(row=later, actor=cast.anja, now=NOW + timedelta(days=3))
    assert undo(row=row, actor=cast.anja, now=NOW + timedelta(days=4)).state == "undone"


def test_neighbourhoods_of_another_year_are_told_and_nothing_comes_in(cast: Cast, tmp_path):
    town = homes_only(hanzeveen_in_files())
    elsewhere = tuple(replace(each, neighbourhood="BU01019999") for each in town.complexes)
    row = read(
        cast.woonbelang,
        cast.anja,
        a_workbook(tmp_path, replace(town, complexes=elsewhere)),
        NOW,
    )
    assert row.state == "refused"
    [told, *_] = [each for each in row.findings if each["code"] == "area_unknown"]
    assert (told["column"], told["value"]) == ("neighbourhood", "BU01019999")
