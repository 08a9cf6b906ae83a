"""Workbooks: the same portfolio as the folder, and files that would rather do harm."""

from __future__ import annotations

import io
import os
import re
import resource
import subprocess
import sys
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings

from mixwijzer.engine.portfolio import Complex, Portfolio
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.tables import _workbook, read, schema, template, write
from tests.exchange.files import SOUND, codes, the
from tests.exchange.portfolios import portfolios

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
SHEETS = {table: [line.split(",") for line in text.splitlines()] for table, text in SOUND.items()}


def book(path: Path, **sheets: list) -> Path:
    """Write the sound portfolio as a workbook with some sheets replaced."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in (SHEETS | sheets).items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path / "bezit.xlsx")
    return path / "bezit.xlsx"


# A portfolio costs a process of its own: fewer of them here than in folders.
@settings(suppress_health_check=SLOW, max_examples=25)
@given(portfolio=portfolios())
def test_a_workbook_and_a_folder_hold_the_same_portfolio(tmp_path, portfolio):
    write(portfolio, tmp_path / "out.xlsx")
    write(portfolio, tmp_path / "out")
    one, other = read(tmp_path / "out.xlsx"), read(tmp_path / "out")
    assert codes(one) == []
    assert one.portfolio == portfolio == other.portfolio
    assert one.note == other.note


def test_a_workbook_typed_by_hand_is_read(tmp_path):
    given = read(book(tmp_path))
    assert codes(given) == []
    assert len(given.portfolio.dwellings) == 13


def test_numbers_days_and_yes_keep_their_type(tmp_path):
    rows = [
        ["id", "name", "owner", "lat", "homes", "magic_mix", "recorded_at"],
        [
            12345,
            "Linde",
            "ob",
            52.512,
            1234.0,
            True,
            datetime(2026, 4, 1, 10, 30, tzinfo=UTC).replace(tzinfo=None),
        ],
        ["0193", 7, "ob", 6.1, 12000, False, date(2026, 4, 1)],
    ]
    one, two = read(book(tmp_path, complexes=rows, **_empty())).portfolio.complexes
    assert (one.id, one.lat, one.homes, one.magic_mix) == ("12345", 52.512, 1234, True)
    assert one.recorded_at.isoformat() == "2026-04-01T10:30:00+00:00"
    assert (two.id, two.name, two.homes) == ("0193", "7", 12000)


def _empty() -> dict:
    return {name: SHEETS[name][:1] for name in ("dwellings", "tenancies", "vacancies")}


def test_findings_name_sheet_row_and_column(tmp_path):
    rows = [["Overzicht"], [], ["id", "name", "owner", "homes"], ["C1", "Linde", "ob", "veel"]]
    found = the(read(book(tmp_path, complexes=rows)), "number_unreadable")
    assert (found.file, found.sheet, found.row, found.column, found.value) == (
        "bezit.xlsx",
        "complexes",
        4,
        "homes",
        "veel",
    )


def test_a_bag_number_kept_as_a_number_is_restored_or_doubted(tmp_path):
    rows = [["id", "complex", "bag_id"], ["W1", "C1", 193010000012345]]
    rows += [["W2", "C1", 1930100000123450], ["W3", "C1", "1,93010E+14"]]
    given = read(book(tmp_path, **(_empty() | {"dwellings": rows})))
    assert the(given, "bag_rounded").value == "1930100000123450"
    assert the(given, "bag_rounded").severity is Severity.WARNING
    assert the(given, "bag_scientific").row == 4


def test_other_sheets_are_named_and_left(tmp_path):
    given = read(book(tmp_path, Blad1=[["a"], ["b"]], Uitleg=[["x"]]))
    assert [each.sheet for each in given.findings if each.code == "table_unknown"] == ["Blad1"]


# --- formulas -------------------------------------------------------------------------------


def formulas(path: Path, *, value: object) -> Path:
    """Write complexes whose homes are a formula, with or without a stored outcome."""
    with xlsxwriter.Workbook(path / "f.xlsx") as made:
        sheet = made.add_worksheet("complexes")
        sheet.write_row(0, 0, ["id", "name", "owner", "homes"])
        sheet.write_row(1, 0, ["C1", "Linde", "ob"])
        sheet.write_formula(1, 3, "=3*4", None, value)
        meta = made.add_worksheet("portfolio")
        meta.write_row(0, 0, ["data_date"])
        meta.write_row(1, 0, ["2026-01-01"])
    return path / "f.xlsx"


def test_the_stored_outcome_of_a_formula_is_read_and_told(tmp_path):
    given = read(formulas(tmp_path, value=12))
    assert given.portfolio.complexes[0].homes == 12
    assert the(given, "formula_cached").severity is Severity.NOTE
    assert the(given, "formula_cached").facts == {"cells": 1}


def test_a_formula_without_outcome_is_refused(tmp_path):
    given = read(_without_outcome(formulas(tmp_path, value=12)))
    found = the(given, "formula_without_value")
    assert (found.row, found.column, found.value) == (2, "homes", None)
    assert given.portfolio is None


def _without_outcome(path: Path) -> Path:
    """Take the stored outcome out, as programs do that write without calculating."""
    return _rewritten(path, lambda name, data: re.sub(rb"<v>12</v>", b"", data))


def _rewritten(path: Path, change) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    path.write_bytes(out.getvalue())
    return path


def test_no_cell_that_is_written_is_a_formula(tmp_path):
    texts = ["=1+1", "+31", "-x", "@a", "\uff1d2", "'=3", "\N{MINUS SIGN}", "http://a.nl"]
    portfolio = Portfolio(
        complexes=tuple(Complex(id=text, name=text, owner="ob") for text in texts),
        data_date=date(2026, 1, 1),
    )
    write(portfolio, tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert "hyperlink" not in name.lower()
    assert read(tmp_path / "out.xlsx").portfolio == portfolio


# --- made-up data and templates -------------------------------------------------------------


def test_a_workbook_of_made_up_data_says_so_on_its_first_sheet_and_in_its_properties(tmp_path):
    write(Portfolio(data_date=date(2026, 1, 1), synthetic=True), tmp_path / "out.xlsx")
    made = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert "SYNTHETISCH" in made.worksheets[0]["A1"].value
    assert "SYNTHETIC" in made.properties.description
    assert read(tmp_path / "out.xlsx").portfolio.synthetic


def test_a_template_is_an_empty_portfolio_that_explains_every_column(tmp_path):
    template(tmp_path / "leeg.xlsx")
    assert codes(read(tmp_path / "leeg.xlsx")) == ["data_date_missing"]
    sheet = openpyxl.load_workbook(tmp_path / "leeg.xlsx")["columns"]
    explained = {(row[0], row[1]) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert explained == {(t, column.name) for t, columns in schema().items() for column in columns}


# --- hostile files --------------------------------------------------------------------------


def sparse(path: Path) -> None:
    """Two cells, at the corners of the largest sheet there can be: 2 KB that ask for 17 billion."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("complexes")
        sheet.write_string(0, 0, "id")
        sheet.write_string(1_048_575, 16_383, "x")


def one_long_text(path: Path) -> None:
    """A text of 190 million letters in 200 KB."""
    _with_sheet(
        path,
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"A" * 190_000_000 + b"</t></is></c></row>",
    )


def too_large(path: Path) -> None:
    """More than 200 MB once unpacked, without compressing suspiciously well."""
    letters = bytes(b"ab"[n % 2] for n in range(256))
    noise = os.urandom(3_000_000).translate(letters)
    _with_sheet(path, b"", extra={f"xl/media/{n}.bin": noise for n in range(70)})


def many_parts(path: Path) -> None:
    """More parts than any workbook has."""
    _with_sheet(path, b"", extra={f"xl/media/{n}.bin": b"" for n in range(1_200)})


def laughs(path: Path) -> None:
    """Entities that multiply: a billion laughs."""
    rows = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{rows}]>'.encode()
    sheet = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    _with_sheet(path, sheet, head=head)


def external(path: Path) -> None:
    """An entity that reads a file of this machine."""
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    sheet = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
    _with_sheet(path, sheet, head=head)


def macros(path: Path) -> None:
    """A workbook with macros under the name of one without."""
    _with_sheet(path, b"", extra={"xl/vbaProject.bin": b"x"})


def cut_off(path: Path) -> None:
    """Half a file."""
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("complexes").write_string(0, 0, "id")
    path.write_bytes(path.read_bytes()[:2_000])


def no_zip(path: Path) -> None:
    """Something else under this name."""
    path.write_bytes(b"id;name\n")


def old_or_locked(path: Path) -> None:
    """The container of old workbooks, and of those with a password."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))


def _with_sheet(path: Path, rows: bytes, *, head: bytes = b"", extra: dict | None = None) -> None:
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("complexes")
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = head + b'<worksheet xmlns="' + main + b'"><sheetData>' + rows
    sheet += b"</sheetData></worksheet>"
    _rewritten(path, lambda name, data: sheet if name.endswith("sheet1.xml") else data)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in (extra or {}).items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("bomb", "code"),
    [
        (sparse, "too_many_columns"),
        (one_long_text, "workbook_ratio"),
        (too_large, "workbook_too_large"),
        (many_parts, "workbook_entries"),
        (laughs, "workbook_unreadable"),
        (external, "workbook_unreadable"),
        (macros, "workbook_macros"),
        (cut_off, "workbook_unreadable"),
        (no_zip, "workbook_unreadable"),
        (old_or_locked, "file_old_excel"),
    ],
)
def test_a_hostile_workbook_becomes_one_clear_finding(tmp_path, bomb, code):
    bomb(tmp_path / "bom.xlsx")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    given = read(tmp_path / "bom.xlsx")
    assert time.perf_counter() - start < 35
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert given.portfolio is None
    assert the(given, code).severity is Severity.ERROR
    assert "localhost" not in repr(given)


CHILD = Path(_workbook.__file__).with_name("_workbook_child.py")


def test_the_child_runs_inside_its_limits(tmp_path):
    """The directory check would stop these files; without it the limits must."""
    one_long_text(tmp_path / "bom.xlsx")
    code = (
        f"import runpy, sys; m = runpy.run_path({str(CHILD)!r});"
        "m['_directory_trouble'].__globals__['_MOST_RATIO'] = 10**9;"
        "m['main'].__globals__['_MEMORY'] = 300 * 2**20;"
        f"sys.exit(m['main']({str(tmp_path / 'bom.xlsx')!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 3


def test_the_child_is_stopped_when_it_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(_workbook, "_WALL_SECONDS", 0.01)
    assert "workbook_too_heavy" in codes(read(book(tmp_path)))


def test_a_child_without_its_parser_says_what_to_install(tmp_path, monkeypatch):
    fake = tmp_path / "child.py"
    fake.write_text("import os; os._exit(4)")
    monkeypatch.setattr(_workbook, "WORKBOOK_CHILD", fake)
    assert "excel_missing" in codes(read(book(tmp_path)))


def test_nothing_of_the_child_outlives_a_reading_that_is_given_up(tmp_path):
    sheets = _workbook.sheets_of(book(tmp_path))
    next(sheets)
    sheets.close()
    done = subprocess.run(["ps", "--ppid", str(os.getpid())], capture_output=True, check=False)
    assert b"_workbook_child" not in done.stdout
