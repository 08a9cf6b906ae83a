"""What a delivery may do to the importer, each hardship by name (docs/reference/importer.md)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.incoming import Spool, spool
from mixwijzer.exchange.wording import finding_text
from tests.exchange.files import SOUND, folder
from tests.exchange.test_incoming import codes, delivered, rows

COMPLEXES = "id,name,owner,homes\nC1,Café De Linde,ob,1234\nC2,Übermorgen,ob,12\n"
HOMES = "id,complex,rent\nW1,C1,{}\nW2,C1,{}\n"


def the(spooled: Spool, code: str):
    (found,) = [each for each in spooled.findings if each.code == code]
    return found


def homes(tmp_path: Path, *rents: str) -> Spool:
    """Deliver homes with these rents, separated by semicolons as a comma may be decimal."""
    lines = "".join(f"W{n};C1;{rent}\n" for n, rent in enumerate(rents, 1))
    return delivered(tmp_path, dwellings=f"id;complex;rent\n{lines}", **NO_LEASES)


NO_LEASES = {"tenancies": "id,dwelling,start\n", "vacancies": "id,dwelling,notice,free_from\n"}


def workbook(tmp_path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(tmp_path / "bezit.xlsx")
    return tmp_path / "bezit.xlsx"


META = [["data_date"], ["2026-11-22"]]
HEAD = ["id", "name", "owner", "homes"]


# 1. Separators.


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_are_found_out(tmp_path, separator):
    spooled = delivered(tmp_path, complexes=COMPLEXES.replace(",", separator))
    assert codes(spooled) == []
    assert [each["homes"] for each in rows(spooled, "complexes")] == ["1234", "12"]


def test_separators_and_line_ends_inside_quotes_stay_in_their_cell(tmp_path):
    text = 'id;name;owner\nC1;"Linde; de\nnieuwe";ob\nC2;"de ""oude"" Linde";ob\n'
    told = [each["name"] for each in rows(delivered(tmp_path, complexes=text), "complexes")]
    assert told == ["Linde; de\nnieuwe", 'de "oude" Linde']


def test_a_quote_that_is_not_closed_swallows_no_rows_in_silence(tmp_path):
    """Up to the end, and up to a quote in a row far below: both were read as one address."""
    head = 'id;complex;address;rooms;rent\nW1;C1;"Open straat 1;3;600\nW2;C1;Laan 2;3;600\n'
    for number, rest in enumerate(("", 'W3;C1;"Laan 3";3;600\n', "W3;C1;Laan 3;3;600")):
        (tmp_path / str(number)).mkdir()
        spooled = delivered(tmp_path / str(number), dwellings=head + rest, **NO_LEASES)
        found = the(spooled, "csv_broken")
        assert found.facts == {"line": 2}


def test_a_cell_that_is_too_long_for_a_table_is_not_blamed_on_a_quote(tmp_path):
    text = f"id;complex;address\nW1;C1;{'x' * 200_000}\n"
    assert the(delivered(tmp_path, dwellings=text, **NO_LEASES), "line_too_long")


@pytest.mark.parametrize("separator", [";", ","])
def test_a_line_that_names_the_separator_is_obeyed(tmp_path, separator):
    text = f"sep={separator}\n" + COMPLEXES.replace(",", separator)
    assert len(rows(delivered(tmp_path, complexes=text), "complexes")) == 2


# 2. Letters.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_letters_are_read_in_every_usual_encoding(tmp_path, encoding):
    spooled = delivered(tmp_path, complexes=COMPLEXES.encode(encoding))
    assert [each["name"] for each in rows(spooled, "complexes")] == ["Café De Linde", "Übermorgen"]


def test_the_euro_sign_of_windows_is_read(tmp_path):
    text = "id;complex;rent\nW1;C1;€ 1.234,56\n".encode("cp1252")
    assert (
        rows(delivered(tmp_path, dwellings=text, **NO_LEASES), "dwellings")[0]["rent"] == "1234.56"
    )


def test_soft_hyphens_and_hard_blanks_vanish(tmp_path):
    text = "id,name,owner\n C1\xa0,De\xa0Lin\xadde ,ob\n"
    (told,) = rows(delivered(tmp_path, complexes=text), "complexes")
    assert (told["id"], told["name"]) == ("C1", "De Linde")


# 3. Numbers.


@pytest.mark.parametrize(
    ("rents", "told"),
    [
        (["€ 1.234,56", "600,00"], ["1234.56", "600.00"]),
        (["1.234", "600,5"], ["1234", "600.5"]),
        (["1,234", "600.5"], ["1234", "600.5"]),
        (["1 234,56", "EUR 7"], ["1234.56", "7"]),
        (["-", "n.v.t."], ["", ""]),
        (["600,-", "1.234,00"], ["600", "1234.00"]),
    ],
)
def test_the_decimal_sign_is_decided_per_column(tmp_path, rents, told):
    spooled = homes(tmp_path, *rents)
    assert codes(spooled) == []
    assert [each["rent"] for each in rows(spooled, "dwellings")] == told


@pytest.mark.parametrize("rents", [["1.234", "600"], ["1,234", "600"], ["1.234", "5,6", "7.8"]])
def test_a_number_with_two_readings_is_refused_with_its_row(tmp_path, rents):
    found = the(homes(tmp_path, *rents), "number_ambiguous")
    assert (found.row, found.column, found.value) == (2, "rent", rents[0])


def test_what_decides_a_column_may_stand_twenty_thousand_rows_further(tmp_path):
    spooled = homes(tmp_path, "1.234", *["600"] * 25_000, "7,5")
    assert codes(spooled) == []
    told = [each["rent"] for each in rows(spooled, "dwellings")]
    assert (told[0], told[-1]) == ("1234", "7.5")


# 4. Days.


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1-2-2020", "2020-02-01"),
        ("01-02-2020", "2020-02-01"),
        ("2020-02-01", "2020-02-01"),
        ("1/2/2020", "2020-02-01"),
        ("20200201", "2020-02-01"),
        ("43862", "2020-02-01"),
        ("2020-02-01 00:00:00", "2020-02-01"),
    ],
)
def test_days_are_read_as_they_are_usually_written(tmp_path, cell, told):
    text = f"id,dwelling,start\nH1,W1,{cell}\n"
    assert rows(delivered(tmp_path, tenancies=text), "tenancies")[0]["start"] == told


@pytest.mark.parametrize("cell", ["1-1-1900", "31-12-9999", "0-0-0000", "", "-"])
def test_days_that_mean_none_are_empty(tmp_path, cell):
    text = f"id,dwelling,start,end\nH1,W1,2020-01-01,{cell}\n"
    assert rows(delivered(tmp_path, tenancies=text), "tenancies")[0]["end"] == ""


@pytest.mark.parametrize("cell", ["14-02-205", "1-2-20", "31-2-2020", "2020-13-01", "14-02-2205x"])
def test_a_day_that_cannot_be_is_an_error_of_its_row(tmp_path, cell):
    spooled = delivered(tmp_path, tenancies=f"id,dwelling,start\nH1,W1,{cell}\n")
    (found,) = [each for each in spooled.findings if each.code.startswith("date_")]
    assert (found.row, found.column, found.severity) == (2, "start", Severity.ERROR)


# 5 and 6. Codes that a spreadsheet took for numbers.


def test_lost_zeros_of_areas_come_back_where_only_one_reading_is_possible(tmp_path):
    areas = "code,kind,name\n193,gemeente,Zwolle\n1931000,buurt,Zuid\n"
    complexes = "id,name,owner,neighbourhood\nC1,Linde,ob,1931000\n"
    spooled = delivered(tmp_path, areas=areas, complexes=complexes)
    assert [each["code"] for each in rows(spooled, "areas")] == ["GM0193", "BU01931000"]
    assert rows(spooled, "complexes")[0]["neighbourhood"] == "BU01931000"


def test_a_code_that_lost_too_much_is_told(tmp_path):
    areas = "code,kind,name\nBU193,buurt,Zuid\n"
    found = the(delivered(tmp_path, areas=areas), "area_code_form")
    assert (found.row, found.column) == (2, "code")


def test_a_bag_number_of_fifteen_figures_gets_its_zero_back(tmp_path):
    text = "id,complex,bag_id\nW1,C1,193010000012345\n"
    spooled = delivered(tmp_path, dwellings=text, **NO_LEASES)
    assert rows(spooled, "dwellings")[0]["bag_id"] == "0193010000012345"


@pytest.mark.parametrize("cell", ["1,93010E+14", "1.93010E+14"])
def test_a_bag_number_in_scientific_notation_is_refused_with_the_reason(tmp_path, cell):
    text = f"id;complex;bag_id\nW1;C1;{cell}\n"
    found = the(delivered(tmp_path, dwellings=text, **NO_LEASES), "bag_scientific")
    assert found.value == cell
    assert "tekst" in finding_text(found, "nl")


# 7. Headers, titles, totals, empty rows and columns, sheets.


def test_headers_may_be_spaced_capital_and_synonyms(tmp_path):
    text = " VHE-nummer ;COMPLEXNUMMER; Kale_huur;Rekenhuur\nW1;C1;;600\n"
    spooled = delivered(tmp_path, dwellings=text, **NO_LEASES)
    assert rows(spooled, "dwellings")[0]["rent"] == "600"


def test_a_header_that_stands_twice_is_told(tmp_path):
    text = "id,complex,rooms,kamers\nW1,C1,2,3\n"
    assert the(delivered(tmp_path, dwellings=text, **NO_LEASES), "header_twice").column == "rooms"


def test_titles_empty_rows_empty_columns_and_totals_are_passed_over(tmp_path):
    text = (
        "Overzicht eenheden;;;\nPeildatum 22-11-2026;;;\n;;;\n"
        "id;complex;;huur\nW1;C1;;600\n;;;\nW2;C1;;700\nTotaal;;;1300\n"
    )
    spooled = delivered(tmp_path, dwellings=text, **NO_LEASES)
    assert codes(spooled) == []
    assert the(spooled, "total_skipped").row == 8
    assert [each["id"] for each in rows(spooled, "dwellings")] == ["W1", "W2"]


def test_a_total_of_each_complex_between_the_homes_is_no_home(tmp_path):
    text = (
        "id;complex;huur\nW1;C1;600\nTotaal complex C1;C1;600\nW2;C1;700\nSubtotaal: 2;C1;\n"
        "W3;C1;700\nTOTAAL GENERAAL;C1;1300\n"
    )
    spooled = delivered(tmp_path, dwellings=text, **NO_LEASES)
    assert codes(spooled) == []
    assert [each["id"] for each in rows(spooled, "dwellings")] == ["W1", "W2", "W3"]


def test_a_sheet_that_is_called_after_somebody_is_told_without_its_name(tmp_path):
    path = workbook(tmp_path, portfolio=META, complexes=[HEAD, ["C1", "Linde", "ob", 3]])
    book = openpyxl.load_workbook(path)
    book.create_sheet("mevr. De Vries").append(["lijst"])
    book.save(path)
    found = the(spool(path, tmp_path / "spool"), "table_unknown")
    assert found.sheet is None
    assert "Vries" not in finding_text(found, "nl")


def test_a_hidden_sheet_is_named_and_not_read(tmp_path):
    path = workbook(tmp_path, portfolio=META, complexes=[HEAD, ["C1", "Linde", "ob", 3]])
    book = openpyxl.load_workbook(path)
    book.create_sheet("dwellings").append(["id", "complex"])
    book["dwellings"].sheet_state = "hidden"
    book.save(path)
    spooled = spool(path, tmp_path / "spool")
    assert the(spooled, "sheet_hidden").sheet == "dwellings"
    assert set(spooled.tables) == {"portfolio", "complexes"}


def test_merged_cells_are_told(tmp_path):
    path = tmp_path / "bezit.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("complexes")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["C1", "Linde", "ob", 3])
        sheet.write_row(2, 0, ["C2", "Eik", "ob", 3])
        sheet.merge_range(3, 0, 4, 0, "C3")
        sheet.write_row(3, 1, ["Beuk", "ob", 3])
    spooled = spool(path, tmp_path / "spool")
    assert the(spooled, "cells_merged").facts == {"places": 1}


def test_sheets_without_a_known_name_are_known_by_their_headers(tmp_path):
    path = workbook(
        tmp_path,
        Blad1=[["Bezit"], [], HEAD, ["C1", "Linde", "ob", 3]],
        Blad2=[["vhe nummer", "complexnummer"], ["W1", "C1"]],
        Kladblok=[["bel Piet"]],
    )
    spooled = spool(path, tmp_path / "spool")
    assert set(spooled.tables) == {"complexes", "dwellings"}
    assert the(spooled, "table_unknown").sheet == "Kladblok"


def test_a_file_with_a_date_in_its_name_is_known(tmp_path):
    place = tmp_path / "bezit"
    place.mkdir()
    (place / "Woningen_2026-11-22.csv").write_text("id,complex\nW1,C1\n")
    (place / "export 8812.csv").write_text("id,name,owner\nC1,Linde,ob\n")
    assert set(spool(place, tmp_path / "spool").tables) == {"complexes", "dwellings"}


# 8. Codes padded with blanks, names that differ by case.


def test_padded_codes_are_stripped_and_names_are_never_joined_on(tmp_path):
    areas = "code,kind,name\nGM0193  ,gemeente,Zwolle\nBU01931300,buurt,Aalanden-midden\n"
    complexes = "id,name,owner,neighbourhood\nC1,Linde,ob,BU01931300  \nC2,Eik,ob,Aalanden-Midden\n"
    spooled = delivered(tmp_path, areas=areas, complexes=complexes)
    told = [each["neighbourhood"] for each in rows(spooled, "complexes")]
    assert told == ["BU01931300", "Aalanden-Midden"]


# 9. Rows that contradict each other.


def test_a_home_in_two_complexes_is_told(tmp_path):
    text = "id,complex\nW1,C1\nW2,C1\nW1,C2\n"
    assert the(delivered(tmp_path, dwellings=text, **NO_LEASES), "key_twice").row == 4


def test_the_same_home_told_again_later_is_history(tmp_path):
    text = "id,complex,recorded_at\nW1,C1,2026-01-01\nW1,C2,2026-02-01\n"
    assert codes(delivered(tmp_path, dwellings=text, **NO_LEASES)) == []


def test_leases_one_after_another_are_fine_and_overlapping_ones_are_told(tmp_path):
    head = "id,dwelling,start,end\n"
    good = head + "H1,W1,2020-01-01,2021-01-01\nH2,W1,2021-01-01,\nH3,W2,2020-01-01,\n"
    assert codes(delivered(tmp_path, tenancies=good)) == []
    bad = head + "H1,W1,2020-01-01,2026-01-01\nH2,W1,2020-06-01,2020-07-01\nH3,W1,2025-01-01,\n"
    spooled = spool(folder(tmp_path / "bezit", tenancies=bad), tmp_path / "two")
    assert [e.row for e in spooled.findings if e.code == "lease_overlap"] == [3, 4]


def test_an_end_before_its_begin_is_told(tmp_path):
    text = "id,dwelling,start,end\nH1,W1,2020-01-01,2019-01-01\n"
    found = the(delivered(tmp_path, tenancies=text), "period_reversed")
    assert (found.row, found.column) == (2, "end")


def test_a_lease_without_a_tenant_is_fine(tmp_path):
    text = "id,dwelling,start,household\nH1,W1,2020-01-01,\n"
    assert codes(delivered(tmp_path, tenancies=text)) == []


# 10. Codes of the source.


def test_codes_of_the_source_are_translated_and_the_rest_has_a_bucket(tmp_path):
    (tmp_path / "eigen.yaml").write_text(
        "reads:\n- table: tenancies\n  values:\n"
        "    lease_kind: {ONB: open_ended, OUD-7: youth, '*': ''}\n"
    )
    text = "id,dwelling,start,lease_kind\nH1,W1,2020-01-01,OUD 7\nH2,W2,2020-01-01,ZZZ\n"
    text += "H3,W3,2020-01-01,campus\n"
    source = folder(tmp_path / "bezit", tenancies=text)
    spooled = spool(source, tmp_path / "spool", mapping=tmp_path / "eigen.yaml")
    assert [each["lease_kind"] for each in rows(spooled, "tenancies")] == ["youth", "", "campus"]
    assert the(spooled, "values_unlisted").facts == {"cells": 1}


def test_a_word_that_nobody_translates_is_told_with_the_list(tmp_path):
    text = "id,dwelling,start,lease_kind\nH1,W1,2020-01-01,ZZZ\n"
    found = the(delivered(tmp_path, tenancies=text), "word_unknown")
    assert "open_ended" in finding_text(found, "nl")
    assert found.value is None  # a word could be a name


# 11. The same file again.


def test_the_same_file_again_has_the_same_hash_and_the_same_tables(tmp_path):
    one = delivered(tmp_path)
    other = spool(tmp_path / "bezit", tmp_path / "again")
    assert one.sha256 == other.sha256
    for table, each in one.tables.items():
        assert each.path.read_bytes() == other.tables[table].path.read_bytes()


# 12. Citizen service numbers.


BSN = ("111222333", "123456782", "100000009", "999999990", "100000022", "111222333")


@pytest.mark.parametrize("header", ["BSN", "kenmerk", "household", "Burgerservicenummer"])
def test_a_column_of_service_numbers_is_refused_and_not_repeated(tmp_path, header):
    lines = "".join(f"H{n},W{n},2020-01-01,{bsn}\n" for n, bsn in enumerate(BSN, 1))
    spooled = delivered(tmp_path, tenancies=f"id,dwelling,start,{header}\n{lines}")
    assert not spooled.sound
    assert {"bsn_column", "personal_key"} & set(codes(spooled))
    told = "".join(finding_text(each, "nl") for each in spooled.findings)
    assert not [bsn for bsn in BSN if bsn in told]


def test_nine_figures_of_an_own_numbering_are_let_in(tmp_path):
    lines = "".join(f"{100_000_000 + n},C1\n" for n in range(200))
    spooled = delivered(tmp_path, dwellings=f"id,complex\n{lines}", **NO_LEASES)
    assert codes(spooled) == []
    assert len(rows(spooled, "dwellings")) == 200


# 13. Formulas.


def test_the_stored_outcome_of_a_formula_is_read_and_told(tmp_path):
    path = tmp_path / "bezit.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("complexes")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["C1", "Linde", "ob"])
        sheet.write_formula(1, 3, "=3*4", None, 12)
    spooled = spool(path, tmp_path / "spool")
    assert rows(spooled, "complexes")[0]["homes"] == "12"
    assert the(spooled, "formula_cached").facts == {"cells": 1}


def test_a_formula_in_a_text_file_is_refused(tmp_path):
    spooled = delivered(tmp_path, complexes="id,name,owner\nC1,=1+1,ob\n")
    assert the(spooled, "formula_cell").row == 2


# 14. Old workbooks.


@pytest.mark.parametrize("name", ["bezit.xls", "bezit.xlsx", "bezit.csv", "bezit.xlsb"])
def test_an_old_workbook_is_told_with_the_way_out_under_any_name(tmp_path, name):
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4_000)
    found = the(spool(tmp_path / name, tmp_path / "spool"), "file_old_excel")
    assert ".xlsx" in finding_text(found, "nl")
    assert ".xlsx" in finding_text(found, "en")


# All at once.


def test_all_troubles_come_at_once_with_file_row_and_column(tmp_path):
    spooled = delivered(
        tmp_path,
        complexes="id,name,owner,homes\nC1,Linde,ob,-3\nC2,,ob,3\n",
        dwellings="id,complex,rooms\nW1,C1,2.5\n",
        tenancies="id,dwelling,start\nH1,W1,14-02-205\n",
    )
    told = {(e.file, e.row, e.column) for e in spooled.findings if e.severity is Severity.ERROR}
    assert told == {
        ("complexes.csv", 2, "homes"),
        ("complexes.csv", 3, "name"),
        ("dwellings.csv", 2, "rooms"),
        ("tenancies.csv", 2, "start"),
    }


def test_a_hundred_troubles_alike_become_a_number(tmp_path):
    lines = "".join(f"W{n};C1;3x{n}\n" for n in range(500))
    spooled = delivered(tmp_path, dwellings=f"id;complex;rooms\n{lines}", **NO_LEASES)
    assert the(spooled, "more_alike").facts["more"] == 400


def test_aggregates_of_other_owners_come_in_as_a_sheet(tmp_path):
    path = workbook(
        tmp_path,
        portfolio=META,
        complexes=[HEAD, ["X1", "Andermans flat", "sw", 96]],
        tellingen=[
            ["soort_gebied", "gebied", "indeling", "categorie", "datum", "huishoudens"],
            ["complex", "X1", "role", "attention", "1-7-2026", 14],
            ["buurt", "BU01931000", "role", "attention", "1-7-2026", 120],
        ],
    )
    spooled = spool(path, tmp_path / "spool")
    assert codes(spooled) == []
    assert [tuple(each.values())[:6] for each in rows(spooled, "counts")] == [
        ("complex", "X1", "role", "attention", "2026-07-01", "14"),
        ("neighbourhood", "BU01931000", "role", "attention", "2026-07-01", "120"),
    ]


def test_nothing_at_all_is_told(tmp_path):
    (tmp_path / "leeg").mkdir()
    assert codes(spool(tmp_path / "leeg", tmp_path / "spool")) == ["nothing_found"]
    assert codes(spool(tmp_path / "geen", tmp_path / "two")) == ["file_missing"]


def test_a_table_of_a_header_alone_is_an_empty_table(tmp_path):
    header = next(csv.reader(io.StringIO(SOUND["complexes"])))
    spooled = delivered(tmp_path, complexes=",".join(header) + "\n")
    assert spooled.tables["complexes"].rows == 0
