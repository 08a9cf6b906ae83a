"""The import in the browser: upload, look, confirm, take back; and what each mistake is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from mixwijzer.web.register import services
from mixwijzer.web.register.models import Dwelling, Import
from mixwijzer.web.register.screens import built_on_text
from tests.builders import NOW
from tests.cast import Cast
from tests.web.every_url import logged_in
from tests.web.register.files import (
    a_workbook,
    applied,
    changed_file,
    hanzeveen_in_files,
    homes_only,
    let_the_worker_work,
)


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings, tmp_path: Path):
    settings.HOME = tmp_path / "home"
    with time_machine.travel(NOW):
        yield


def sent(client: Client, name: str, /, batch=None, **given):
    """Send a form with its token."""
    token = "t" * 32
    client.cookies["mixwijzer-csrf"] = token
    path = reverse(name, args=[batch] if batch else [])
    return client.post(path, {"csrfmiddlewaretoken": token, **given}, follow=True)


def uploaded(client: Client, path: Path):
    """Upload a file and let the worker read it."""
    answer = sent(client, "register:upload", file=SimpleUploadedFile(path.name, path.read_bytes()))
    let_the_worker_work()
    return answer


def the_import() -> Import:
    return Import.of_everybody.latest("pk")


def the_page(client: Client) -> str:
    return client.get(reverse("register:import", args=[the_import().public_id])).content.decode()


def test_from_an_upload_to_the_register_and_back(cast: Cast, tmp_path):
    client = logged_in(cast.anja)
    answer = uploaded(client, a_workbook(tmp_path, hanzeveen_in_files()))
    assert "Aan het werk" in answer.content.decode()
    assert "Bevestigen en schrijven" in the_page(client)
    sent(client, "register:confirm", the_import().public_id)
    let_the_worker_work()
    assert "toegepast" in the_page(client)
    homes = Dwelling.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    assert homes.count() == 36
    sent(client, "register:undo", the_import().public_id)
    assert "teruggenomen" in the_page(client).lower()
    assert not homes.exists()


def test_what_was_done_already_blames_nobody_and_one_row_is_one_row(cast: Cast, tmp_path):
    client = logged_in(cast.anja)
    uploaded(client, a_workbook(tmp_path, hanzeveen_in_files()))
    sent(client, "register:confirm", the_import().public_id)
    let_the_worker_work()
    again = sent(client, "register:confirm", the_import().public_id).content.decode()
    assert "het is al gebeurd, of iemand anders was u voor" in again
    with override("en"):
        told = [built_on_text("replaced", number) for number in (1, 2)]
    assert [each.partition(" of it ")[0] for each in told] == ["1 row", "2 rows"]


def test_a_broken_file_is_refused_with_its_findings_to_download(cast: Cast, tmp_path):
    town = homes_only(hanzeveen_in_files())
    home, *others = town.dwellings
    wrong = replace(town, dwellings=(replace(home, complex="C-404"), *others))
    client = logged_in(cast.anja)
    uploaded(client, a_workbook(tmp_path, wrong))
    assert the_import().state == "refused"
    assert "staat niet in de tabel" in the_page(client)
    address = reverse("register:import", args=[the_import().public_id])
    told = client.get(address, {"findings": ""})
    assert told["Content-Type"].startswith("text/csv")
    assert "C-404" in told.content.decode()


def test_an_upload_without_a_file_says_so(cast: Cast):
    answer = sent(logged_in(cast.anja), "register:upload")
    assert answer.status_code == 422
    assert "Kies eerst een bestand" in answer.content.decode()


def test_who_confirms_twice_hears_that_somebody_was_first(cast: Cast, tmp_path):
    client = logged_in(cast.anja)
    uploaded(client, a_workbook(tmp_path, hanzeveen_in_files()))
    batch = the_import().public_id
    sent(client, "register:drop", batch)
    answer = sent(client, "register:confirm", batch)
    assert "was u voor" in answer.content.decode() or "iemand anders" in answer.content.decode()
    assert the_import().state == "dropped"


def test_an_import_on_which_was_built_says_why_it_stays(cast: Cast, tmp_path):
    first = applied(cast.woonbelang, cast.anja, a_workbook(tmp_path, hanzeveen_in_files()), NOW)
    applied(cast.woonbelang, cast.anja, changed_file(tmp_path), NOW.replace(day=30))
    client = logged_in(cast.anja)
    address = reverse("register:import", args=[first.public_id])
    assert "kan niet worden teruggenomen" in client.get(address).content.decode()
    sent(client, "register:undo", first.public_id)
    first.refresh_from_db()
    assert first.state == "applied"


def test_work_that_was_interrupted_can_be_taken_up_again(cast: Cast, tmp_path):
    """A worker that was killed leaves `reading` behind; after a while the page offers a way on."""
    path = a_workbook(tmp_path, hanzeveen_in_files())
    row = services.receive(
        owner=cast.woonbelang, actor=cast.anja, name="a.xlsx", content=[path.read_bytes()], now=NOW
    )
    Import.objects.for_organisation(cast.woonbelang).update(state="reading", moved_at=NOW)
    client = logged_in(cast.anja)
    assert "Verdergaan" not in the_page(client)
    with time_machine.travel(NOW.replace(minute=25)):
        assert "Verdergaan" in the_page(client)
        sent(client, "register:resume", row.public_id)
        let_the_worker_work()
    assert the_import().state == "staged"
