"""Extracts of other systems become our tables, by profiles that are data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.geography import read as read_map
from mixwijzer.exchange.incoming import Spool, read_delivery, spool
from mixwijzer.exchange.mappings import OWN, Profile, load_any, names, profiles
from mixwijzer.exchange.tables import schema
from mixwijzer.exchange.wording import error_text, finding_text
from tests.exchange.files import folder
from tests.exchange.test_areas import real
from tests.exchange.test_incoming import codes, rows

MAP = "zwolle/zwolle_buurten_cbs2014_wgs84.geojson"
UNITS = (
    "Overzicht eenheden per 22-11-2026;;;;;;;\n"
    "OG Eenheid;Straatnaam;Clustercode;Clusternaam;CBS-buurtcode;Rekenhuur;Toegankelijkheid;"
    "Naam huurder\n"
    "10001;Kerkstraat;0101;De Linde;1931000;€ 612,50;Nultreden;Jansen\n"
    "10002;Kerkstraat;0101;De Linde;1931000;€ 1.012,50;Traptreden;De Vries\n"
    "10003;Dorpsweg;0102;De Eik;1931000;598,00;Onduidelijk;\n"
    "Totaal;;;;;2223,00;;\n"
    ";;;;;;;\n"
    "Datum export;22-11-2026;;;;;;\n"
    "Bron;ERP;;;;;;\n"
)
LEASES = (
    "Verhuurcontract;OG Eenheid;Ingangsdatum;Einddatum;Contractsoort\n"
    "C-1;10001;01-03-2015;;Onbepaalde tijd\n"
    "C-2;10002;1-7-2021;31-12-9999;Jongerencontract\n"
    "C-3;10003;01-01-2019;n.v.t.;XYZ\n"
)
NOTICES = (
    "Mutatienr.;VHE;Opzegdatum;Leeg per;Status\nM1;10003;01-11-2026;01-12-2026;In behandeling\n"
)


def extract(tmp_path: Path) -> Path:
    place = tmp_path / "erp"
    place.mkdir()
    (place / "Onr. Goed-Eenhedenoverzicht 2026-11-22.csv").write_text(UNITS, encoding="cp1252")
    (place / "verhuurcontracten.csv").write_text(LEASES, encoding="utf-8-sig")
    (place / "Huuropzeggingen.csv").write_text(NOTICES, encoding="utf-8")
    return place


def delivered(source: Path, tmp_path: Path, mapping: str | Path, **more: str) -> Spool:
    return spool(source, tmp_path / "spool", mapping=mapping, **more)


def test_an_extract_of_a_housing_system_is_read_under_its_own_names(tmp_path):
    spooled = delivered(extract(tmp_path), tmp_path, "dutch-erp", owner="ob")
    assert spooled.sound, [finding_text(each, "nl") for each in spooled.findings]
    assert {t: e.rows for t, e in spooled.tables.items()} == {
        "dwellings": 3,
        "complexes": 2,
        "tenancies": 3,
        "vacancies": 1,
    }
    first, second, third = rows(spooled, "dwellings")
    assert (first["id"], first["complex"], first["rent"]) == ("10001", "0101", "612.50")
    assert second["rent"] == "1012.50"
    assert [each["accessible"] for each in (first, second, third)] == ["yes", "no", ""]
    linde, _ = rows(spooled, "complexes")
    assert (linde["id"], linde["name"], linde["owner"]) == ("0101", "De Linde", "ob")
    assert [e["lease_kind"] for e in rows(spooled, "tenancies")] == ["open_ended", "youth", ""]
    assert spooled.data_date == date(2026, 11, 22)
    assert spooled.dropped == {"name": 2, "unknown": 4}
    told = set(codes(spooled, least=Severity.NOTE))
    assert {"total_skipped", "foot_skipped", "column_refused", "values_unlisted"} <= told


@pytest.mark.parametrize(
    ("homes", "leases", "day"),
    [
        ("Datum export;22-11-2026", "", date(2026, 11, 22)),
        ("Datum uitdraai: 20261121;;", "Datum export;2026-11-20", date(2026, 11, 20)),
        ("Bron;ERP", "Datum export;gisteren", None),
    ],
)
def test_an_extract_is_as_old_as_the_oldest_day_below_its_tables(tmp_path, homes, leases, day):
    source = tmp_path / "in"
    source.mkdir()
    told = {
        "Eenheden": f"OG Eenheid;Clustercode\n1;0101\n;\n{homes}\n",
        "Verhuurcontracten": f"Verhuurcontract;OG Eenheid;Ingangsdatum\nC;1;1-1-2019\n{leases}\n",
    }
    for name, text in told.items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    assert delivered(source, tmp_path, "dutch-erp", owner="ob").data_date == day


def test_a_workbook_gives_two_tables_out_of_one_sheet(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Eenheden"
    for line in UNITS.splitlines():
        book.active.append(line.split(";"))
    book.save(tmp_path / "erp.xlsx")
    spooled = delivered(tmp_path / "erp.xlsx", tmp_path, "dutch-erp", owner="ob")
    assert {t: e.rows for t, e in spooled.tables.items()} == {"dwellings": 3, "complexes": 2}


def test_a_list_of_complexes_goes_before_those_met_among_the_homes(tmp_path):
    place = extract(tmp_path)
    (place / "Clusters.csv").write_text("Clustercode;Omschrijving\n0101;Linde\n0102;Eik\n0103;Es\n")
    spooled = delivered(place, tmp_path, "dutch-erp", owner="ob")
    assert spooled.sound
    assert [each["name"] for each in rows(spooled, "complexes")] == ["Linde", "Eik", "Es"]


def test_without_an_owner_complexes_are_not_made_up(tmp_path):
    spooled = delivered(extract(tmp_path), tmp_path, "dutch-erp")
    assert "complexes" not in spooled.tables


# Complexes that got another number.

RENUMBERED = """
data_date: 2026-11-22
renumbered:
- {old: "0101", new: "2101", from: 2026-01-01}
- {old: "2101", new: "3101", from: 2027-01-01}
- {old: "0102", new: "2102", from: 2027-01-01}
"""


def test_complexes_that_were_renumbered_have_their_last_number_everywhere(tmp_path):
    (tmp_path / "eigen.yaml").write_text(RENUMBERED)
    source = folder(
        tmp_path / "bezit",
        complexes="id,name,owner\n0101,Linde,ob\n0102,Eik,ob\n0999,Es,ob\n",
        dwellings="id,complex,stairwell\nW1,0101,A\nW2,0999,\n",
        counts="scope_kind,scope,scheme,category,date,households\n"
        "complex,0102,role,attention,2026-01-01,3\n"
        "stairwell,0101/A,role,attention,2026-01-01,1\n"
        "neighbourhood,0101,role,attention,2026-01-01,1\n",
    )
    spooled = delivered(source, tmp_path, tmp_path / "eigen.yaml")
    assert spooled.sound
    assert [each["id"] for each in rows(spooled, "complexes")] == ["3101", "2102", "0999"]
    assert [each["complex"] for each in rows(spooled, "dwellings")] == ["3101", "0999"]
    assert [each["scope"] for each in rows(spooled, "counts")] == ["2102", "3101/A", "0101"]


def test_an_old_number_after_its_day_is_doubted_and_before_it_is_not(tmp_path):
    (tmp_path / "eigen.yaml").write_text(RENUMBERED)
    source = folder(tmp_path / "bezit", complexes="id,name,owner\n0101,Linde,ob\n0102,Eik,ob\n")
    spooled = delivered(source, tmp_path, tmp_path / "eigen.yaml")
    told = {(e.code, e.facts["old"]) for e in spooled.findings if e.code.startswith("complex_")}
    assert told == {("complex_renumbered_late", "0101"), ("complex_renumbered", "0102")}


CIRCLE = """
renumbered:
- {old: "0101", new: "0102", from: 2026-11-01}
- {old: "0102", new: "0103", from: 2026-11-01}
- {old: "0103", new: "0101", from: 2026-11-01}
"""


@pytest.mark.parametrize(
    ("day", "numbers"),
    [("2026-10-31", ["0102", "0103", "0101"]), ("2026-11-01", ["0101", "0102", "0103"])],
)
def test_numbers_that_go_round_on_one_day_stay_three_complexes(tmp_path, day, numbers):
    """Of a day before it the numbers are the old ones, from that day on the new ones."""
    (tmp_path / "eigen.yaml").write_text(CIRCLE)
    source = folder(
        tmp_path / "bezit",
        portfolio=f"data_date\n{day}\n",
        complexes="id,name,owner\n0101,Linde,ob\n0102,Eik,ob\n0103,Es,ob\n",
        dwellings="id,complex\nW1,0101\nW2,0102\nW3,0103\n",
    )
    spooled = delivered(source, tmp_path, tmp_path / "eigen.yaml")
    assert [each["id"] for each in rows(spooled, "complexes")] == numbers
    assert [each["complex"] for each in rows(spooled, "dwellings")] == numbers


def test_of_rows_that_hold_two_tables_a_trouble_is_told_once_and_by_its_own_column(tmp_path):
    place = tmp_path / "erp"
    place.mkdir()
    head = UNITS.splitlines()[1]
    cells = "10001;Kerkstraat;0101;De Linde;1931000;600;ja;;700"
    (place / "Eenheden.csv").write_text(f"{head};Rekenhuur\n{cells}\nTotaal;;;;;600;;;\n")
    spooled = delivered(place, tmp_path, "dutch-erp", owner="ob")
    told = [(each.code, each.column) for each in spooled.findings]
    assert told.count(("header_twice", "Rekenhuur")) == 1
    assert told.count(("total_skipped", None)) == 1


# The municipality's own exports.


@pytest.mark.parametrize("year", [2015, 2021])
def test_the_exports_of_zwolle_are_read_whole(tmp_path, year):
    source = real(f"zwolle/zwolle_demographics_buurt_{year}.csv")
    spooled = delivered(source, tmp_path, "zwolle-cijfers")
    assert spooled.sound
    assert spooled.data_date is None  # the day they were exported isn't the day they speak of
    told = rows(spooled, "areas")
    assert len(told) == len({each["code"] for each in told}) == 78
    by_name = {each["name"]: each["code"] for each in told}
    on_the_map = {each.name: each.code for each in read_map(real(MAP)).shapes}
    assert by_name["Aa-landen-Midden"] == on_the_map["Aalanden-Midden"]
    assert by_name["Milligen"] == on_the_map["Millingen"]
    assert by_name["Het Noorden"] == on_the_map["Het Noorden"]
    # Every column that stays out, the row that is no neighbourhood and the foot are reported.
    seen = codes(spooled, least=Severity.NOTE)
    assert seen.count("column_refused") == 13
    assert seen.count("column_unknown") == 4
    assert (seen.count("row_skipped"), seen.count("foot_skipped")) == (1, 1)
    assert len(seen) == 19


def test_the_two_exports_of_zwolle_name_the_areas_of_its_map(tmp_path):
    shapes = spool(real(MAP), tmp_path / "map")
    export = spool(
        real("zwolle/zwolle_demographics_buurt_2021.csv"),
        tmp_path / "export",
        mapping="zwolle-cijfers",
    )
    one, other = ({each["code"] for each in rows(s, "areas")} for s in (shapes, export))
    assert one == other


def test_a_neighbourhood_that_the_profile_does_not_know_is_refused(tmp_path):
    (tmp_path / "x.csv").write_text("Buurt_naam;woningen [woonruimten]\nNieuw-Zuid;12\n")
    spooled = delivered(tmp_path / "x.csv", tmp_path, "zwolle-cijfers")
    assert codes(spooled) == ["value_unmapped"]


def test_a_mapping_that_builds_tables_anew_is_a_delivery_too(tmp_path):
    spooled = delivered(real("zwolle/buurt_panel_2015_2018.csv"), tmp_path, "zwolle-buurten")
    assert spooled.sound
    assert spooled.tables["areas"].rows > 78
    assert spooled.data_date == date(2024, 1, 1)
    assert "2014" in spooled.note


# The profiles themselves.


@pytest.mark.parametrize("name", profiles())
def test_every_profile_that_ships_is_sound_and_says_where_it_comes_from(name):
    profile = load_any(name)
    assert isinstance(profile, Profile)
    assert set(profile.title) == {"nl", "en"}
    if profile is not OWN:
        assert profile.source
        assert profile.note
    for each in profile.reads:
        assert each.called
        assert each.dialect.headers.keys() <= {column.name for column in schema()[each.table]}


def test_a_profile_is_found_by_name_and_a_mapping_too():
    assert load_any("own") is OWN
    assert load_any("dutch-erp").name == "dutch-erp"
    assert {load_any(name).name for name in names()} == set(names())
    with pytest.raises(PortfolioError) as caught:
        load_any("../../etc/passwd")
    assert "dutch-erp" in error_text(caught.value, "nl")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("reads: 3", "reads"),
        ("lezen: []", "-"),
        ("- a", "-"),
        ("reads: [{table: huizen}]", "reads[1].table"),
        ("reads: [{table: dwellings, headers: {kleur: [x]}}]", "reads[1].headers"),
        ("reads: [{table: dwellings, headers: {id: x}}]", "reads[1].headers.id"),
        ("reads: [{table: dwellings, headers: {id: [[x]]}}]", "reads[1].headers.id"),
        ("reads: [{table: dwellings, headers: {id: [BSN]}}]", "reads[1].headers.id"),
        (
            "reads: [{table: dwellings, headers: {address: [Naam huurder]}}]",
            "reads[1].headers.address",
        ),
        ("reads: [{table: dwellings, values: {floor: {a: [1]}}}]", "reads[1].values.floor.a"),
        ("reads: [{table: dwellings, within: misschien}]", "reads[1].within"),
        ("renumbered: [{old: a, new: b}]", "renumbered[1].from"),
        ("renumbered: [{old: a, new: b, from: 2026-01-01, tot: x}]", "renumbered[1]"),
        ("data_date: gisteren", "data_date"),
        ("a: &a [x]\nreads: [*a, *a]", "-"),
    ],
)
def test_a_profile_of_ones_own_is_checked_and_its_place_named(tmp_path, text, place):
    (tmp_path / "eigen.yaml").write_text(text)
    spooled = delivered(folder(tmp_path / "bezit"), tmp_path, tmp_path / "eigen.yaml")
    (found,) = spooled.findings
    assert found.code == "mapping_invalid"
    assert str(found.facts["place"]).startswith(place)
    assert finding_text(found, "nl") != finding_text(found, "en")


@pytest.mark.parametrize("text", ["title: {nl: a", "title: {nl: a, nl: b}", "\0"])
def test_a_profile_that_is_no_yaml_names_the_line(tmp_path, text):
    (tmp_path / "eigen.yaml").write_text(text)
    spooled = delivered(folder(tmp_path / "bezit"), tmp_path, tmp_path / "eigen.yaml")
    assert codes(spooled) == ["mapping_no_yaml"]
    assert "regel" in finding_text(spooled.findings[0], "nl")


def test_a_profile_that_laughs_a_billion_times_is_refused(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (tmp_path / "eigen.yaml").write_text("\n".join([*lines, "reads: *a9"]))
    spooled = delivered(folder(tmp_path / "bezit"), tmp_path, tmp_path / "eigen.yaml")
    assert codes(spooled) == ["mapping_invalid"]


def test_a_profile_that_is_not_there_is_told(tmp_path):
    spooled = delivered(folder(tmp_path / "bezit"), tmp_path, tmp_path / "geen.yaml")
    assert codes(spooled) == ["mapping_invalid"]
    spooled = spool(folder(tmp_path / "bezit"), tmp_path / "two", mapping="geen")
    assert codes(spooled) == ["mapping_missing"]


def test_a_delivery_can_be_read_as_one_portfolio(tmp_path):
    (tmp_path / "eigen.yaml").write_text(
        "data_date: 2026-11-22\nreads:\n- table: complexes\n  fixed: {owner: ob}\n"
    )
    source = folder(tmp_path / "bezit", complexes="id,name\nC1,De Linde\n")
    (source / "portfolio.csv").unlink()
    reading = read_delivery(source, tmp_path / "eigen.yaml")
    assert [each.code for each in reading.findings if each.severity is Severity.ERROR] == []
    assert reading.portfolio.data_date == date(2026, 11, 22)
    assert reading.portfolio.complexes[0].owner == "ob"
    with pytest.raises(PortfolioError):
        read_delivery(source, "geen")


def test_a_delivery_that_refers_to_nothing_is_told_when_it_is_read_whole(tmp_path):
    source = folder(tmp_path / "bezit", dwellings="id,complex\nW1,C9\n")
    reading = read_delivery(source, "own")
    assert "reference_missing" in [each.code for each in reading.findings]
    assert reading.portfolio is None
