"""A file's way into the register: compared, confirmed, written at once, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from mixwijzer.web.audit.models import Event
from mixwijzer.web.audit.selectors import verify
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.register import bridge
from mixwijzer.web.register.import_states import ImportState
from mixwijzer.web.register.models import AccountState, Delivery, Dwelling, Import
from mixwijzer.web.register.services import undoing, verify_accounts
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import load_town
from tests.web.register.files import (
    a_workbook,
    applied,
    changed_file,
    hanzeveen_in_files,
    homes_only,
    read,
)

LATER = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"


def known(cast: Cast, now=LATER) -> dict[str, set[str]]:
    """Return what the register says now, table by table, apart from when it was told."""
    told = bridge.as_known(cast.woonbelang, now + timedelta(days=1))
    return {
        table.name: {repr(replace(row, recorded_at=None)) for row in getattr(told, table.name)}
        for table in bridge.TABLES
    }


def test_a_file_fills_an_empty_register_as_a_load_would(cast: Cast, tmp_path):
    path = a_workbook(tmp_path, hanzeveen_in_files())
    row = applied(cast.woonbelang, cast.anja, path, NOW)
    assert row.state == ImportState.APPLIED
    assert verify_accounts(owner=cast.woonbelang, day=TODAY) == ()
    assert Vacancy.objects.for_organisation(cast.woonbelang).exists()


def test_the_same_file_twice_is_no_change_and_writes_nothing(cast: Cast, tmp_path):
    path = a_workbook(tmp_path, hanzeveen_in_files())
    applied(cast.woonbelang, cast.anja, path, NOW)
    before = known(cast)
    row = read(cast.woonbelang, cast.anja, path, LATER)
    assert row.state == ImportState.SAME, row.diff
    assert known(cast) == before
    assert Delivery.objects.for_organisation(cast.woonbelang).count() == 1


def test_an_import_says_what_a_load_says(cast: Cast, tmp_path):
    """The way through the browser and the way of the demo give one register."""
    load_town(cast, hanzeveen_in_files())
    path = a_workbook(tmp_path, hanzeveen_in_files())
    row = read(cast.woonbelang, cast.anja, path, LATER)
    told = {name: (each["new"], each["changed"]) for name, each in row.diff["tables"].items()}
    told.pop("judgements")  # a load knows the persons behind the names
    assert set(told.values()) == {(0, 0)}


@pytest.fixture
def loaded(cast: Cast, tmp_path) -> Cast:
    applied(cast.woonbelang, cast.anja, a_workbook(tmp_path, hanzeveen_in_files()), NOW)
    return cast


def test_a_changed_file_is_a_diff_before_anything_happens(loaded: Cast, tmp_path):
    before = known(loaded)
    row = read(loaded.woonbelang, loaded.anja, changed_file(tmp_path), LATER)
    assert row.state == ImportState.STAGED
    told = row.diff["tables"]
    assert (told["dwellings"]["new"], told["dwellings"]["changed"]) == (1, 1)
    assert (told["tenancies"]["changed"], told["tenancies"]["ended"]) == (1, 1)
    assert row.diff["complexes"] == 1
    [change] = [each for each in told["dwellings"]["samples"] if each["kind"] == "changed"]
    assert change["changes"][0][0] == "rent"
    assert known(loaded) == before


def test_a_confirmed_file_is_written_at_once_with_its_event_and_its_accounts(
    loaded: Cast, tmp_path
):
    row = applied(loaded.woonbelang, loaded.anja, changed_file(tmp_path), LATER)
    assert row.state == ImportState.APPLIED
    homes = Dwelling.objects.for_organisation(loaded.woonbelang).filter(replaced_at=None)
    assert homes.get(code="Vlier-900").recorded_at == row.applied_at
    assert verify_accounts(owner=loaded.woonbelang, day=LATER.date()) == ()
    assert verify(loaded.woonbelang).breaks == ()
    actions = Event.objects.for_organisation(loaded.woonbelang).values_list("action", flat=True)
    assert {"register.import_confirm", "register.import_apply"} <= set(actions)


def test_taking_back_gives_the_register_of_before_and_removes_nothing(loaded: Cast, tmp_path):
    before = known(loaded)
    rows = Dwelling.objects.for_organisation(loaded.woonbelang).count()
    row = applied(loaded.woonbelang, loaded.anja, changed_file(tmp_path), LATER)
    assert known(loaded) != before
    back = undoing.undo(row=row, actor=loaded.anja, now=LATER + timedelta(hours=1))
    assert back.state == ImportState.UNDONE
    assert known(loaded) == before
    assert Dwelling.objects.for_organisation(loaded.woonbelang).count() == rows + 3
    assert verify_accounts(owner=loaded.woonbelang, day=LATER.date()) == ()


def test_the_identities_of_an_import_follow_one_another(loaded: Cast):
    homes = Dwelling.objects.for_organisation(loaded.woonbelang).order_by("pk")
    found = list(homes.values_list("public_id", flat=True))
    assert len(found) > 10
    assert found == sorted(set(found))
    assert {each.version for each in found} == {7}


def test_of_a_home_that_is_told_twice_the_last_word_counts_and_no_date_is_the_oldest(
    loaded: Cast, tmp_path
):
    town = homes_only(hanzeveen_in_files())
    home = replace(town.dwellings[0], recorded_at=None)
    told = [
        replace(home, rent=Decimal(611), recorded_at=NOW),
        replace(home, rent=Decimal(622), recorded_at=LATER),
        replace(home, rent=Decimal(633)),
    ]
    path = a_workbook(tmp_path, replace(town, dwellings=(*told, *town.dwellings[1:])), "twice.xlsx")
    assert applied(loaded.woonbelang, loaded.anja, path, LATER).state == ImportState.APPLIED
    homes = Dwelling.objects.for_organisation(loaded.woonbelang).filter(replaced_at=None)
    assert homes.get(code=home.id).rent == Decimal(622)


def test_the_first_import_can_be_taken_back_too(loaded: Cast):
    row = Import.objects.for_organisation(loaded.woonbelang).get()
    undoing.undo(row=row, actor=loaded.anja, now=LATER)
    assert all(rows == set() for rows in known(loaded).values())
    assert not AccountState.objects.for_organisation(loaded.woonbelang).exists()


def test_an_import_on_which_a_later_one_built_is_not_taken_back(loaded: Cast, tmp_path):
    first = Import.objects.for_organisation(loaded.woonbelang).get()
    applied(loaded.woonbelang, loaded.anja, changed_file(tmp_path), LATER)
    with pytest.raises(undoing.BuiltOn) as refused:
        undoing.undo(row=first, actor=loaded.anja, now=LATER + timedelta(hours=1))
    assert refused.value.why == "replaced"
