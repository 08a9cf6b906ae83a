"""Findings to work through, as a file."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from mixwijzer.exchange.finding_list import as_csv, as_workbook, write_findings
from mixwijzer.exchange.findings import Finding, Severity

FOUND = (
    Finding(code="total_skipped", severity=Severity.NOTE, file="a.csv", row=9),
    Finding(code="value_missing", file="a.csv", row=3, column="name"),
    Finding(code="word_unknown", file="b.csv", row=2, value="=1+1", facts={"allowed": "a b"}),
)


def told(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_the_worst_comes_first_with_place_trouble_and_way_out():
    header, first, _, last = told(as_csv(FOUND, "nl"))
    assert header[:4] == ["Ernst", "Bestand", "Blad", "Rij"]
    assert first[1:5] == ["a.csv", "", "3", "name"]
    assert first[6:] == ["hier moet iets staan.", "Vul de waarde in, of verwijder de rij."]
    assert last[3] == "9"


def test_no_cell_can_be_taken_for_a_formula():
    assert told(as_csv(FOUND, "nl"))[2][5] == "'=1+1"
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(FOUND, "nl")))
    assert book.active["F3"].data_type == "s"


@pytest.mark.parametrize("name", ["uit.csv", "uit.xlsx"])
def test_both_files_say_the_same(tmp_path, name):
    write_findings(FOUND, tmp_path / name, "en")
    if name.endswith("csv"):
        rows = told((tmp_path / name).read_bytes())
    else:
        sheet = openpyxl.load_workbook(tmp_path / name).active
        rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert [row[0] for row in rows] == ["Severity", "error", "error", "note"]
    assert [row[3] for row in rows] == ["Row", "3", "2", "9"]


def test_nothing_found_is_a_header_alone():
    assert len(told(as_csv((), "en"))) == 1
