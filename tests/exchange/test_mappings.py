"""Tables of somebody else's making become portfolios, and say what they assume."""

from __future__ import annotations

import csv

import openpyxl
import pytest

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.engine.portfolio import Scope, ScopeKind
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.mappings import convert, load, names, read_mapped
from mixwijzer.exchange.tables import read, schema
from mixwijzer.exchange.wording import error_text
from tests.exchange.files import codes, the
from tests.exchange.test_areas import real

HUD = "PARTICIPANT_CODE,DEVELOPMENT_CODE,PROJECT_NAME,STD_ST,STD_CITY,LAT,LON,TOTAL_UNITS,"
HUD += "PCT_DISABLED_LT62,OTHER\n"


@pytest.mark.parametrize("name", names())
def test_every_mapping_fills_columns_that_exist_and_says_where_it_comes_from(name):
    mapped = load(name)
    assert mapped.source
    assert mapped.note
    assert set(mapped.title) == {"nl", "en"}
    for block in mapped.blocks:
        columns = {column.name: column for column in schema()[block["table"]]}
        assert set(block["columns"]) <= set(columns)
        required = {name for name, column in columns.items() if column.required}
        assert required <= set(block["columns"])


def test_a_mapping_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(PortfolioError) as caught:
        load("geen")
    assert "hud-2023" in error_text(caught.value, "nl")


def hud(tmp_path, *rows: str):
    source = tmp_path / "hud.csv"
    source.write_text(HUD + "".join(f"{row}\n" for row in rows))
    return source


def test_a_row_becomes_a_complex_with_counts_a_home_a_vacancy_and_a_band(tmp_path):
    source = hud(tmp_path, 'FL004,FL1,"Lorna, Apts",FL,Orlando,28.5,-81.4,104,28.85,9')
    portfolio = read_mapped(source, "hud-2023").portfolio
    (own,) = portfolio.complexes
    assert (own.id, own.name, own.owner, own.homes) == ("FL1", "Lorna, Apts", "FL004", 104)
    assert own.neighbourhood == "US-FL-ORLANDO"
    assert {count.category: count.households for count in portfolio.counts} == {
        "attention": 30,
        "regular": 74,
    }
    scope = Scope(ScopeKind.COMPLEX, "FL1")
    (scheme,) = portfolio.schemes
    band = portfolio.bands(scope, scheme, portfolio.data_date)["attention"].band
    assert (band.target, band.max) == (3500, 4000)
    assert portfolio.dwelling[portfolio.vacancies[0].dwelling].complex == "FL1"


def test_what_was_not_reported_stays_unknown(tmp_path):
    source = hud(tmp_path, "AL006,AL6,Smiley,AL,Montgomery,,,137,-4,1")
    portfolio = read_mapped(source, "hud-2023").portfolio
    assert portfolio.counts == ()
    assert portfolio.complexes[0].lat is None


def test_a_finding_names_the_row_of_the_source(tmp_path):
    good = "FL004,FL{n},Lorna,FL,Orlando,28.5,-81.4,104,28,9"
    source = hud(tmp_path, good.format(n=1), good.format(n=2).replace("28.5", "285"))
    found = the(read_mapped(source, "hud-2023"), "degrees_outside")
    assert (found.file, found.row, found.column, found.value) == ("hud.csv", 3, "lat", "285")


def test_a_workbook_is_a_source_too(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Developments"])
    book.active.append(HUD.strip().split(","))
    book.active.append(["FL004", "FL1", "Lorna", "FL", "Orlando", 28.512, -81.4, 104, 28.85, 9])
    book.save(tmp_path / "hud.xlsx")
    portfolio = read_mapped(tmp_path / "hud.xlsx", "hud-2023").portfolio
    assert portfolio.complexes[0].lat == 28.512
    assert [count.households for count in portfolio.counts] == [30, 74]


def test_a_share_that_is_no_number_is_told(tmp_path):
    source = hud(tmp_path, "FL004,FL1,Lorna,FL,Orlando,28.5,-81.4,104,veel,9")
    given = read_mapped(source, "hud-2023")
    assert codes(given) == ["number_unreadable"] * 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("a,b\n1,2\n", "source_header_missing"),
        ("", "source_header_missing"),
        (None, "file_missing"),
    ],
)
def test_a_source_that_cannot_be_it_is_told_and_nothing_is_written(tmp_path, content, code):
    source = tmp_path / "bron.csv"
    if content is not None:
        source.write_text(content)
    given = convert(source, "hud-2023", tmp_path / "out")
    assert the(given, code).severity is Severity.ERROR
    assert not (tmp_path / "out").exists()


def test_the_real_public_housing_of_the_united_states_becomes_a_portfolio(tmp_path):
    source = real("scale/us_public_housing_projects_2023.csv")
    given = convert(source, "hud-2023", tmp_path / "hud")
    assert set(codes(given)) == {"control_character"}  # three names with a stray sign
    back = read(tmp_path / "hud")
    assert back.portfolio == given.portfolio
    assert "stand-in" in back.note
    portfolio = back.portfolio
    assert len(portfolio.complexes) == len(portfolio.vacancies) == 6_476
    assert sum(each.homes for each in portfolio.complexes) == 976_814
    with source.open(encoding="utf-8", errors="replace") as file:
        rows = list(csv.DictReader(file))
    told = {
        row["DEVELOPMENT_CODE"]: int(float(row["PCT_DISABLED_LT62"]) * int(row["TOTAL_UNITS"]) + 50)
        // 100
        for row in rows
        if float(row["PCT_DISABLED_LT62"]) >= 0
    }
    counted = {
        count.scope.code: count.households
        for count in portfolio.counts
        if count.category == "attention"
    }
    assert counted.keys() == told.keys()
    assert all(abs(counted[code] - told[code]) <= 1 for code in told)
    homes = {each.id: each.homes for each in portfolio.complexes}
    rest = {
        count.scope.code: count.households
        for count in portfolio.counts
        if count.category == "regular"
    }
    assert all(counted[code] + rest[code] == homes[code] for code in told)
