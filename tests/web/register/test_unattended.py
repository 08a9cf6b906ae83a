"""Files that come in without anybody looking: written within the guard rails, else held."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mixwijzer.web.config.commands import import_
from mixwijzer.web.register.models import Dwelling, Import, Renumbering
from mixwijzer.web.register.selectors import data_day
from mixwijzer.web.register.services import bring_in, take_from
from tests.builders import NOW, a_vacancy
from tests.cast import Cast
from tests.web.acting import the_vacancy
from tests.web.register.files import a_workbook, applied, hanzeveen_in_files, homes_only

LATER = NOW + timedelta(days=7)
NEXT = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"


@pytest.fixture
def loaded(cast: Cast, tmp_path) -> Cast:
    applied(cast.woonbelang, cast.anja, a_workbook(tmp_path, hanzeveen_in_files()), NOW)
    return cast


def brought(cast: Cast, folder: Path, now=LATER, **changes) -> Import:
    """Bring in the town with these changes, unattended, a week later."""
    town = replace(homes_only(hanzeveen_in_files()), data_date=NEXT)
    path = a_workbook(folder, replace(town, **changes), "week.xlsx")
    return bring_in(owner=cast.woonbelang, path=path, auto=True, now=now)


def a_few(cast: Cast, number: int):
    """Return the homes with another number of rooms in so many of them."""
    homes = homes_only(hanzeveen_in_files()).dwellings
    return tuple(replace(each, rooms=5) for each in homes[:number]) + homes[number:]


def test_an_ordinary_week_is_written_by_itself(loaded: Cast, tmp_path):
    notice = a_vacancy("Vlier-001")
    town = hanzeveen_in_files()
    row = brought(loaded, tmp_path, vacancies=(*town.vacancies, notice))
    assert (row.state, row.held_for) == ("applied", [])
    assert data_day(loaded.iris).data_date == NEXT


def test_more_changed_homes_than_the_norm_are_held_and_the_last_good_data_stay(
    loaded: Cast, tmp_path
):
    row = brought(loaded, tmp_path, dwellings=a_few(loaded, 4))
    assert (row.state, row.held_for) == ("held", ["changed_homes"])
    homes = Dwelling.objects.for_organisation(loaded.woonbelang).filter(replaced_at=None)
    assert not homes.filter(rooms=5).exists()
    assert data_day(loaded.iris).data_date != NEXT


def test_an_extract_that_is_half_empty_is_held(loaded: Cast, tmp_path):
    town = homes_only(hanzeveen_in_files())
    row = brought(
        loaded, tmp_path, dwellings=town.dwellings[:9], tenancies=town.tenancies[:9], vacancies=()
    )
    assert "vanished_homes" in row.held_for


def test_an_end_date_for_everybody_is_held(loaded: Cast, tmp_path):
    town = hanzeveen_in_files()
    leases = tuple(replace(each, end=date(2026, 12, 31)) for each in town.tenancies)
    row = brought(loaded, tmp_path, tenancies=leases)
    assert "ended_leases" in row.held_for


def test_the_first_file_of_all_is_never_written_unseen(cast: Cast, tmp_path):
    assert brought(cast, tmp_path).held_for == ["first_time"]


def test_a_second_file_about_the_same_day_that_says_otherwise_is_held(loaded: Cast, tmp_path):
    notice = a_vacancy("Vlier-001")
    town = hanzeveen_in_files()
    brought(loaded, tmp_path, vacancies=(*town.vacancies, notice))
    other = replace(notice, free_from=date(2027, 2, 1))
    row = brought(loaded, tmp_path, now=LATER + timedelta(1), vacancies=(*town.vacancies, other))
    assert row.held_for == ["older_data"]


def test_a_drop_folder_is_emptied_and_says_what_became_of_each_file(loaded: Cast, tmp_path):
    folder = tmp_path / "drop"
    a_workbook(folder, replace(hanzeveen_in_files(), data_date=NEXT), "a.xlsx")
    for name in ("b.csv", "c.tsv", "oud.xls"):
        (folder / name).write_text("dit is geen tabel\n", encoding="utf-8")
    a_workbook(folder, hanzeveen_in_files(), "half-written.xlsx")
    for name in ("a.xlsx", "b.csv", "c.tsv", "oud.xls"):
        os.utime(folder / name, (LATER.timestamp() - 60, LATER.timestamp() - 60))
    os.utime(folder / "half-written.xlsx", (LATER.timestamp(), LATER.timestamp()))
    done = list(take_from(owner=loaded.woonbelang, folder=folder, now=LATER))
    assert [each.state for each in done] == ["same", "refused", "refused"]
    notes = {f"{name}.inlezen.txt" for name in ("a.xlsx", "b.csv", "c.tsv", "oud.xls")}
    assert {each.name for each in folder.iterdir()} == notes | {"half-written.xlsx", "oud.xls"}
    assert "blijft liggen" in (folder / "oud.xls.inlezen.txt").read_text(encoding="utf-8")


def test_the_command_brings_a_file_in_and_says_what_became_of_it(
    loaded: Cast, tmp_path, as_in_production
):
    import typer

    app = typer.Typer()
    app.command()(import_)
    path = a_workbook(tmp_path, hanzeveen_in_files(), "again.xlsx")
    told = CliRunner().invoke(app, [str(path), "--owner", "woonbelang", "--auto"])
    assert told.exit_code == 0, told.output
    assert "geen verandering" in told.output
    wrong = CliRunner().invoke(app, [str(path)])
    assert wrong.exit_code == 2
    assert "kies een corporatie" in wrong.output
    assert "woonbelang" in wrong.output


def test_a_notice_that_was_typed_and_the_one_in_the_file_become_one_vacancy(loaded: Cast, tmp_path):
    from mixwijzer.web.letting import services

    home = Dwelling.objects.for_organisation(loaded.woonbelang).get(code="Vlier-001")
    typed = services.notice(
        user=loaded.tessa,
        dwelling=home.public_id,
        free_from=date(2027, 1, 4),
        now=NOW + timedelta(days=1),
    )
    town = hanzeveen_in_files()
    notice = replace(a_vacancy("Vlier-001"), id="OPZ-77", free_from=date(2027, 1, 11))
    row = brought(loaded, tmp_path, vacancies=(*town.vacancies, notice))
    assert row.state == "applied"
    assert the_vacancy(loaded.iris, "Vlierhof 1").id == typed.vacancy
    assert Renumbering.objects.for_organisation(loaded.woonbelang).get().theirs == "OPZ-77"
    again = brought(loaded, tmp_path, now=LATER + timedelta(1), vacancies=(*town.vacancies, notice))
    assert again.state == "same"
