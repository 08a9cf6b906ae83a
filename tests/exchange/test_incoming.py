"""A delivery becomes clean tables and findings, and nothing else, whatever is in it."""

from __future__ import annotations

import csv
import os
import stat
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from mixwijzer.engine.portfolio import PlaceRequest, Portfolio
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.incoming import Limits, Spool, read_delivery, read_spooled, spool
from mixwijzer.exchange.tables import schema, write
from mixwijzer.exchange.wording import finding_text
from tests.exchange.files import SOUND, folder
from tests.exchange.portfolios import portfolios


def delivered(tmp_path: Path, **tables: str | bytes) -> Spool:
    """Deliver the sound portfolio with some tables replaced."""
    return spool(folder(tmp_path / "bezit", **tables), tmp_path / "spool")


def rows(spooled: Spool, table: str) -> list[dict[str, str]]:
    with spooled.tables[table].path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(spooled: Spool, *, least: Severity = Severity.WARNING) -> list[str]:
    return [each.code for each in spooled.findings if each.severity >= least]


def zipped(source: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(source.iterdir()):
            archive.write(file, f"bezit/{file.name}")
    return target


def test_a_sound_folder_becomes_one_clean_file_a_table(tmp_path):
    spooled = delivered(tmp_path)
    assert codes(spooled) == []
    assert spooled.sound
    assert set(spooled.tables) == set(SOUND)
    assert spooled.data_date == date(2026, 11, 22)
    assert (spooled.mapping, spooled.truncated, spooled.dropped) == ("own", False, {})
    for table, each in spooled.tables.items():
        with each.path.open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        assert header == [column.name for column in schema()[table]]
        assert len(lines) == each.rows
    assert rows(spooled, "dwellings")[0]["rent"] == "601.50"


@pytest.mark.parametrize("sign", ["", ",", '"', "\n", "\r\n", '","'])
def test_a_clean_table_says_what_was_read_whatever_signs_are_in_it(tmp_path, sign):
    address = f"Vlierstraat 1{sign}hoog"
    told = f'"{address.replace(chr(34), chr(34) * 2)}"'
    table = f"id,complex,address\nW1,C1,{told}\nW2,C1,Vlierstraat 2\n"
    spooled = delivered(tmp_path, dwellings=table, tenancies="id,dwelling,start\n")
    read = address.replace("\r\n", "\n")
    assert [each["address"] for each in rows(spooled, "dwellings")] == [read, "Vlierstraat 2"]


def test_the_spool_is_closed_to_others_and_nothing_else_is_left(tmp_path):
    spooled = delivered(tmp_path)
    into = tmp_path / "spool"
    assert stat.S_IMODE(into.stat().st_mode) == 0o700
    assert {path.name for path in into.iterdir()} == {f"{table}.csv" for table in SOUND}
    assert {stat.S_IMODE(each.path.stat().st_mode) for each in spooled.tables.values()} == {0o600}


def test_a_folder_that_is_in_use_is_not_written_in(tmp_path):
    delivered(tmp_path)
    with pytest.raises(FileExistsError):
        spool(tmp_path / "bezit", tmp_path / "spool")


def test_the_same_delivery_has_the_same_hash_and_another_has_not(tmp_path):
    source = folder(tmp_path / "bezit")
    first = spool(source, tmp_path / "one").sha256
    assert spool(source, tmp_path / "two").sha256 == first
    (source / "areas.csv").write_text(SOUND["areas"] + "GM0200,municipality,Apeldoorn,\n")
    assert spool(source, tmp_path / "three").sha256 != first


def test_a_zip_of_the_folder_gives_the_same_tables(tmp_path):
    source = folder(tmp_path / "bezit")
    packed = zipped(source, tmp_path / "bezit.zip")
    one, other = spool(source, tmp_path / "one"), spool(packed, tmp_path / "two")
    assert codes(other) == []
    assert {t: e.path.read_bytes() for t, e in one.tables.items()} == {
        t: e.path.read_bytes() for t, e in other.tables.items()
    }


def test_one_error_and_there_are_no_tables(tmp_path):
    spooled = delivered(tmp_path, complexes="id,name,owner,homes\nC1,De Linde,ob,3x\n")
    assert codes(spooled) == ["number_unreadable"]
    assert not spooled.sound
    assert spooled.tables == {}
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize("text", ["=", "'=", "-1+1", "@thuis", "'tuin"])
def test_a_text_that_reads_like_a_formula_comes_through_a_delivery_as_it_is(tmp_path, text):
    request = PlaceRequest(
        number="26-1", size=2, kind="flow", asked_on=date(2026, 3, 1), outcome=text
    )
    write(Portfolio(place_requests=(request,), data_date=date(2026, 3, 2)), tmp_path / "out")
    reading = read_delivery(tmp_path / "out", "own")
    assert [each.code for each in reading.findings if each.severity is Severity.ERROR] == []
    assert reading.portfolio.place_requests[0].outcome == text


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


@settings(suppress_health_check=SLOW, max_examples=12, deadline=None)
@given(portfolio=portfolios())
def test_what_is_spooled_is_what_reading_it_gives(tmp_path_factory, portfolio: Portfolio):
    place = tmp_path_factory.mktemp("spool")
    write(portfolio, place / "out")
    spooled = spool(place / "out", place / "spool")
    if spooled.sound:
        again = read_spooled(place / "spool")
        assert again.portfolio == portfolio
    else:  # keys that look like names: the generator makes them, an association should not
        assert {e.code for e in spooled.findings if e.severity is Severity.ERROR} <= {
            "personal_key",
            "personal_text",
        }


def test_a_child_that_dies_is_a_finding(tmp_path):
    spooled = spool(folder(tmp_path / "b"), tmp_path / "s", limits=Limits(memory=24 * 2**20))
    assert codes(spooled) in (["reading_broke_off"], ["reading_too_heavy"])
    assert list((tmp_path / "s").iterdir()) == []


def test_every_finding_is_told_in_both_languages(tmp_path):
    spooled = delivered(tmp_path, complexes="id,name,owner,homes\nC1,De Linde,ob,3x\n")
    for finding in spooled.findings:
        assert finding_text(finding, "nl") != finding_text(finding, "en")


def test_the_child_gets_no_secrets_of_its_parent(tmp_path, monkeypatch):
    monkeypatch.setenv("MIXWIJZER_SECRET_KEY", "geheim")
    from mixwijzer.exchange.incoming._process import _environment

    assert "geheim" not in _environment(tmp_path).values()
    assert os.environ["MIXWIJZER_SECRET_KEY"] == "geheim"
