"""Bad files in the browser: a sentence for each, a state that explains itself, work goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from mixwijzer.engine.portfolio import Portfolio, Role
from mixwijzer.web.register.models import Dwelling, Import, Tenancy
from tests.builders import NOW
from tests.cast import Cast
from tests.web.every_url import logged_in
from tests.web.register.files import (
    a_workbook,
    applied,
    hanzeveen_in_files,
    homes_only,
    let_the_worker_work,
)
from tests.web.register.test_import_pages import sent, the_import, the_page, uploaded


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path / "home"
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def loaded(cast: Cast, tmp_path) -> Cast:
    applied(cast.woonbelang, cast.anja, a_workbook(tmp_path, hanzeveen_in_files()), NOW)
    return cast


@pytest.fixture
def client(cast: Cast) -> Client:
    return logged_in(cast.anja)


def homes(cast: Cast) -> dict[str, Decimal]:
    rows = Dwelling.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    return dict(rows.values_list("code", "rent"))


def with_rents(rent: str) -> Portfolio:
    town = homes_only(hanzeveen_in_files())
    changed = tuple(replace(each, rent=Decimal(rent)) for each in town.dwellings[:3])
    return replace(town, dwellings=(*changed, *town.dwellings[3:]))


def test_two_files_that_contradict_each_other_come_one_after_the_other(
    loaded: Cast, client: Client, tmp_path
):
    """Both were read against the same register; after the first the second says what it undoes."""
    uploaded(client, a_workbook(tmp_path, with_rents("701.00"), "een.xlsx"))
    first = the_import()
    uploaded(client, a_workbook(tmp_path, with_rents("702.00"), "twee.xlsx"))
    second = the_import()
    sent(client, "register:confirm", first.public_id)
    sent(client, "register:confirm", second.public_id)
    let_the_worker_work()
    page = the_page(client)
    assert "Bevestigen en schrijven" in page
    assert "intussen" in page
    assert re.search(r"rent: 701(\.00)? → 702(\.00)?", page)
    assert homes(loaded)["Vlier-001"] == Decimal("701.00")
    sent(client, "register:confirm", second.public_id)
    let_the_worker_work()
    assert "toegepast" in the_page(client)
    assert homes(loaded)["Vlier-001"] == Decimal("702.00")


def test_a_file_that_was_overtaken_by_an_equal_one_does_nothing_more(
    loaded: Cast, client: Client, tmp_path
):
    path = a_workbook(tmp_path, with_rents("701.00"), "een.xlsx")
    for _ in range(2):
        uploaded(client, path)
    for each in Import.objects.for_organisation(loaded.woonbelang).filter(state="staged"):
        sent(client, "register:confirm", each.public_id)
    let_the_worker_work()
    rows = Import.objects.for_organisation(loaded.woonbelang)
    assert sorted(rows.values_list("state", flat=True)) == ["applied", "applied", "same"]


def test_half_an_extract_ends_nothing_and_says_what_it_misses(
    loaded: Cast, client: Client, tmp_path
):
    town = homes_only(hanzeveen_in_files())
    half = replace(town, dwellings=town.dwellings[:9], tenancies=town.tenancies[:9], vacancies=())
    uploaded(client, a_workbook(tmp_path, half, "half.xlsx"))
    page = the_page(client)
    assert "niet in het bestand" in page
    assert the_import().state in {"same", "staged"}
    assert len(homes(loaded)) == 36
    leases = Tenancy.objects.for_organisation(loaded.woonbelang).filter(replaced_at=None)
    assert leases.filter(end=None).count() == 35


def test_of_three_header_rows_titles_are_passed_over_and_units_are_named_by_their_row(
    loaded: Cast, client: Client, tmp_path
):
    """A title, the headers, and a row of units under them."""
    path = a_workbook(tmp_path, with_rents("701.00"), "koppen.xlsx")
    book = load_workbook(path)
    sheet = next(each for each in book if each["A1"].value and "dwelling" in each.title.lower())
    headers = [cell.value for cell in sheet[1]]
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Bezitslijst Woonbelang"
    sheet["A2"] = "Peildatum 23-11-2026"
    sheet.insert_rows(4)
    for column, header in enumerate(headers, 1):
        sheet.cell(row=4, column=column, value="euro" if header == "rent" else "tekst")
    book.save(path)
    uploaded(client, path)
    assert the_import().state == "refused"
    assert {each["row"] for each in the_import().findings} == {4}
    assert "rij 4" in the_page(client)
    assert len(homes(loaded)) == 36


def test_neighbourhood_codes_of_another_year_are_named(loaded: Cast, client: Client, tmp_path):
    town = homes_only(hanzeveen_in_files())
    older = replace(
        town,
        areas=(),
        complexes=tuple(replace(each, neighbourhood="BU01010299") for each in town.complexes),
    )
    uploaded(client, a_workbook(tmp_path, older, "ander-jaar.xlsx"))
    page = the_page(client)
    assert the_import().state == "refused"
    assert "BU01010299" in page


ERP = "OG Eenheid;Clustercode;Clusternaam;Corporatie;Rekenhuur\n"


def from_the_erp(client: Client, name: str, text: str) -> str:
    """Upload an extract of the housing system as it came; return its page."""
    given = SimpleUploadedFile(name, text.encode())
    sent(client, "register:upload", file=given, mapping="dutch-erp")
    let_the_worker_work()
    return the_page(client)


def test_one_extract_without_a_known_name_brings_its_complexes_too(client: Client):
    page = from_the_erp(client, "uitdraai maandag.csv", f"{ERP}10001;0901;De Es;;612,50\n")
    assert the_import().state == "staged"
    assert the_import().diff["tables"]["complexes"]["new"] == 1
    assert "Bevestigen en schrijven" in page


def test_a_finding_names_the_file_as_it_was_called(client: Client):
    page = from_the_erp(client, "Eenheden é 2026.csv", f"{ERP}10001;0901;De Es;;veel\n")
    assert the_import().state == "refused"
    assert "Eenheden é 2026.csv, rij 2, kolom Rekenhuur" in page


def test_a_name_says_which_table_a_file_holds_however_long_it_is(client: Client):
    page = from_the_erp(client, "complexen.csv", "Clustercode;Omschrijving\n0901;De Es\n")
    assert "Bevestigen en schrijven" in page
    from_the_erp(client, "é" * 170 + ".csv", f"{ERP}10001;0901;De Es;;612,50\n")
    assert the_import().state == "staged"


def test_complexes_of_another_owner_are_told_and_a_file_of_nobody_here_is_refused(
    cast: Cast, client: Client
):
    page = from_the_erp(client, "bezit.csv", f"{ERP}10001;0901;De Es;Stichting Woonbelang;612,50\n")
    assert the_import().state == "refused"
    assert f"zet dan {cast.woonbelang.code} in deze kolom" in page
    ours = f"10002;0902;De Eik;{cast.woonbelang.code};612,50\n"
    page = from_the_erp(client, "bezit.csv", f"{ERP}10001;0901;De Es;elders;612,50\n{ours}")
    assert the_import().state == "staged"
    assert "bij 1 complex staat een andere eigenaar" in page


def test_a_number_that_lost_its_zeros_is_told_before_a_home_is_there_twice(client: Client):
    from_the_erp(client, "bezit.csv", f"{ERP}00017;0901;De Es;;612,50\n")
    sent(client, "register:confirm", the_import().public_id)
    let_the_worker_work()
    page = from_the_erp(client, "bezit.csv", f"{ERP}17;901;De Es;;612,50\n")
    assert [each["code"] for each in the_import().findings] == ["nearly_known"] * 2
    assert "dan blijven de nullen staan" in page
    from_the_erp(client, "bezit.csv", f"{ERP}00017;0901;De Es;;612,50\n17;0901;De Es;;612,50\n")
    assert the_import().findings == []


def test_a_day_of_the_data_that_has_yet_to_come_is_refused(loaded: Cast, client: Client, tmp_path):
    town = replace(homes_only(hanzeveen_in_files()), data_date=NOW.date() + timedelta(days=1))
    uploaded(client, a_workbook(tmp_path, town, "morgen.xlsx"))
    assert the_import().state == "refused"
    assert "die dag moet nog komen" in the_page(client)


def test_a_table_on_which_people_decide_is_told_and_not_called_known(
    loaded: Cast, client: Client, tmp_path
):
    uploaded(client, a_workbook(tmp_path, hanzeveen_in_files(), "alles.xlsx"))
    told = [each["sheet"] for each in the_import().findings if each["code"] == "table_elsewhere"]
    assert "profiles" in told
    assert "komt hier niet met een bestand binnen" in the_page(client)


def test_a_role_that_no_account_knows_any_more_is_told_before_it_is_kept(
    loaded: Cast, client: Client, tmp_path
):
    town = hanzeveen_in_files()
    lease = town.tenancies[0]
    gone = Role(tenancy=lease.id, role="conciërge", agreed_on=date(2026, 1, 1), recorded_at=NOW)
    uploaded(client, a_workbook(tmp_path, replace(homes_only(town), roles=(gone,)), "rol.xlsx"))
    assert the_import().state == "staged"
    assert "deze rol telt in geen enkele stand mee" in the_page(client)


def test_a_map_that_crosses_itself_is_repaired_and_told(loaded: Cast, client: Client, tmp_path):
    bow = [[6.1, 52.5], [6.2, 52.6], [6.2, 52.5], [6.1, 52.6], [6.1, 52.5]]
    feature = {
        "type": "Feature",
        "properties": {"statcode": "BU01010101", "statnaam": "De Vlier-Noord", "jaar": 2026},
        "geometry": {"type": "Polygon", "coordinates": [bow]},
    }
    path = tmp_path / "kaart.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    uploaded(client, path)
    assert the_import().state == "staged"
    assert [each["code"] for each in the_import().findings] == ["map_repaired"]
    assert "BU01010101" in the_page(client)


def test_of_what_no_account_can_be_made_nothing_is_written_and_the_page_says_so(
    loaded: Cast, client: Client, tmp_path
):
    """Every household took up two roles that never ended: twice as many as live there."""
    town = hanzeveen_in_files()
    roles = tuple(
        Role(tenancy=each.id, role=role, agreed_on=date(2026, 10, day), recorded_at=NOW)
        for each in town.tenancies
        if each.dwelling.startswith("Vlier")
        for day, role in ((1, "attention"), (2, "carrier"))
    )
    before = homes(loaded)
    file = replace(with_rents("701.00"), roles=roles)
    uploaded(client, a_workbook(tmp_path, file, "rollen.xlsx"))
    sent(client, "register:confirm", the_import().public_id)
    let_the_worker_work()
    assert the_import().state == "failed"
    page = the_page(client)
    assert "geen stand te maken" in page
    assert "Laten vallen" in page
    assert homes(loaded) == before
