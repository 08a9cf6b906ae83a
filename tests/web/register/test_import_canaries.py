"""What is about persons comes in nowhere: not in a table, not in a finding, a log or a folder."""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from pathlib import Path

import pytest
from django.apps import apps

from mixwijzer.exchange.tables import schema
from mixwijzer.web.register import services
from tests.builders import NOW
from tests.cast import Cast
from tests.web.every_url import logged_in
from tests.web.register.files import a_workbook, hanzeveen_in_files
from tests.web.register.test_import_pages import the_page, uploaded

pytestmark = pytest.mark.once  # such columns are gone before a database is asked anything

CANARIES = {
    "a name": "Jansen-Kanarievogel",
    "a number of a citizen": "111222333",
    "a diagnosis": "schizofrenie-kanarie",
    "an origin": "Eritrea-kanarie",
}
FREE = {"address", "name", "note", "motive", "wishes", "name_nl", "name_en", "label_nl", "label_en"}
TABLES = ("complexes", "dwellings", "tenancies", "vacancies")


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"


def everything_kept() -> str:
    """Return every value of every table as one text."""
    return "\n".join(
        repr(row)
        for model in apps.get_models()
        for row in model._default_manager.values_list()
        if not model._meta.label.startswith("sessions.")
    )


def files_left(folder: Path) -> str:
    """Return everything that lies in a folder as one text."""
    return "\n".join(
        path.read_bytes().decode(errors="replace") for path in folder.rglob("*") if path.is_file()
    )


def delivery(folder: Path, table: str, column: str, canary: str) -> Path:
    """Write the town as a zip of CSV files, with a canary in one column of one table."""
    from mixwijzer.exchange.tables import write

    source = folder / f"{table}-{column}"
    write(hanzeveen_in_files(), source)
    path = source / f"{table}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    for row in rows[:2]:
        row[column] = canary
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys([*rows[0], column])), restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    packed = folder / f"{table}-{column}.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for each in sorted(source.glob("*.csv")):
            archive.write(each, each.name)
    return packed


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", CANARIES)
def test_a_canary_in_a_structured_column_is_kept_nowhere(
    cast: Cast, tmp_path, table, kind, caplog, settings
):
    """Dates, numbers and words from a list: what doesn't fit is told by place, never repeated."""
    caplog.set_level(logging.DEBUG)
    kinds = {"id", "text"}
    columns = [
        each.name
        for each in schema()[table]
        if each.kind not in kinds and each.name not in FREE and not each.kind.startswith("ref")
    ]
    for column in columns:
        path = delivery(tmp_path, table, column, CANARIES[kind])
        row = services.receive(
            owner=cast.woonbelang,
            actor=cast.anja,
            name=path.name,
            content=[path.read_bytes()],
            now=NOW,
        )
        done = services.read_import(row, now=NOW)
        assert done.state == "refused" or "kanarie" not in repr(done.diff), column
        assert CANARIES[kind] not in everything_kept(), column
        assert CANARIES[kind] not in files_left(settings.HOME), column
    assert CANARIES[kind] not in caplog.text


@pytest.mark.parametrize("header", ["bsn", "naam huurder", "diagnose", "nationaliteit"])
def test_a_column_about_persons_is_left_out_and_seen_on_no_page(
    cast: Cast, tmp_path, header, settings
):
    canary = "Kanarievogel"
    path = delivery(tmp_path, "dwellings", header, canary)
    client = logged_in(cast.anja)
    uploaded(client, path)
    assert canary not in the_page(client)
    assert canary not in everything_kept()
    assert canary not in files_left(settings.HOME)


def test_the_file_itself_is_gone_as_soon_as_it_was_read(cast: Cast, tmp_path, settings):
    path = a_workbook(tmp_path, hanzeveen_in_files())
    uploaded(logged_in(cast.anja), path)
    assert not list(settings.HOME.rglob("*.xlsx"))
