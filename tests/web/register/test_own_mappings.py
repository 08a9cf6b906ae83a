"""A mapping file of one's own: checked, kept with who and when, chosen, and remembered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mixwijzer.exchange import mappings
from mixwijzer.web.audit.models import Event
from mixwijzer.web.register.models import Import, OwnMapping
from mixwijzer.web.register.services import keep_mapping, mapping_as_before
from mixwijzer.web.register.services.importing import folder_of
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.every_url import logged_in
from tests.web.register.files import let_the_worker_work
from tests.web.register.test_import_pages import sent, the_import, the_page

OURS = """
title: {nl: Ons huurpakket, en: Our package}
empty: [n.v.t.]
reads:
  - table: complexes
    called: [Clusters]
    headers: {id: [Klusternummer], name: [Klusternaam], neighbourhood: [Wijkcode]}
    fixed: {owner: woonbelang}
"""
EXTRACT = "Klusternummer;Klusternaam;Wijkcode\nK-1;De Vlierhof;n.v.t.\n"


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings, tmp_path: Path):
    settings.HOME = tmp_path / "home"
    with time_machine.travel(NOW):
        yield


def kept(client: Client, text: str | bytes, name: str = "huurpakket.yaml") -> str:
    content = text.encode() if isinstance(text, str) else text
    answer = sent(client, "register:keep-mapping", file=SimpleUploadedFile(name, content))
    return answer.content.decode()


def taken_away(client: Client) -> str:
    return sent(client, "register:remove-mapping", name="huurpakket").content.decode()


def a_file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, EXTRACT.encode())


def brought(client: Client, name: str, mapping: str) -> Import:
    sent(client, "register:upload", file=a_file(name), mapping=mapping)
    let_the_worker_work()
    return the_import()


def of_woonbelang(cast: Cast) -> list[OwnMapping]:
    return list(OwnMapping.objects.for_organisation(cast.woonbelang).order_by("pk"))


def test_an_extract_is_read_through_the_file_that_she_uploaded(cast: Cast):
    client = logged_in(cast.anja)
    assert "Gebruik huurpakket bij de volgende import" in kept(client, OURS)
    assert brought(client, "Clusters.csv", "").state == "refused"
    row = brought(client, "Clusters.csv", "huurpakket")
    assert (row.state, row.mapping) == ("staged", "huurpakket")
    assert "huurpakket" in the_page(client)
    assert not (folder_of(row) / "mapping").exists()


def test_a_next_file_of_the_same_name_is_read_as_the_last_one(cast: Cast):
    client = logged_in(cast.anja)
    kept(client, OURS)
    page = client.get(reverse("register:imports")).content.decode()
    assert "as-before" not in page
    brought(client, "Clusters 2026-11-02.csv", "huurpakket")
    page = client.get(reverse("register:imports")).content.decode()
    assert 'value="as-before"' in page
    assert brought(client, "Clusters 2026-11-09.csv", "as-before").mapping == "huurpakket"
    assert brought(client, "Iets anders.csv", "as-before").mapping == ""


def test_who_kept_it_and_when_stands_beside_it_and_the_earlier_one_stays_known(cast: Cast):
    client = logged_in(cast.anja)
    kept(client, OURS)
    kept(client, OURS)
    kept(client, OURS.replace("Ons huurpakket", "Ons nieuwe pakket"))
    first, last = of_woonbelang(cast)
    assert first.replaced_at is not None
    assert (last.by, last.recorded_at.date(), last.replaced_at) == (cast.anja, TODAY, None)
    page = client.get(reverse("register:mappings")).content.decode()
    assert "Ons nieuwe pakket" in page
    assert "Anja Kok" in page
    events = Event.objects.for_organisation(cast.woonbelang).filter(action="register.mapping")
    assert events.count() == 2


def test_one_that_is_taken_away_is_offered_no_more_and_what_came_in_before_is_read_with_it(
    cast: Cast,
):
    client = logged_in(cast.anja)
    kept(client, OURS)
    brought(client, "Clusters 2026-11-02.csv", "huurpakket")
    sent(client, "register:upload", file=a_file("Clusters 2026-11-09.csv"), mapping="huurpakket")
    with time_machine.travel(NOW + timedelta(minutes=1)):
        told = taken_away(client)
        assert "huurpakket is weggehaald." in told
        let_the_worker_work()
    assert [each.state for each in Import.of_everybody.order_by("pk")] == ["staged", "staged"]
    assert "huurpakket" not in client.get(reverse("register:mappings")).content.decode()
    assert mapping_as_before(cast.woonbelang, "Clusters 2026-11-16.csv") == ""
    (row,) = of_woonbelang(cast)
    assert row.replaced_at is not None
    assert Event.objects.for_organisation(cast.woonbelang).get(action="register.mapping-removed")
    assert "was al weg" in taken_away(client)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("pakket.yaml", b"reads: [", "bij regel 2 gaat het mis"),
        ("pakket.yaml", OURS.replace("complexes", "complexen"), "Vertaalbestand pakket.yaml"),
        ("pakket.yaml", OURS.replace("Klusternaam", "BSN huurder"), "Verbeter die plek"),
        ("pakket.yaml", "\u00e9".encode("latin-1"), "bewaar als UTF-8"),
        ("pakket.xlsx", OURS, "eindigt op .yaml"),
        ("pakket.yaml", b"#" * (2**20 + 1), "groter dan 1 MB"),
        ("pakket.yaml", b"", "Dit bestand is leeg"),
        ("own.yaml", OURS, "heet al zo"),
    ],
    ids=[
        "no YAML",
        "no such table",
        "about a person",
        "other signs",
        "a workbook",
        "large",
        "empty",
        "a name that is taken",
    ],
)
def test_a_file_that_is_not_right_is_refused_with_place_and_way_out(
    cast: Cast, name: str, content: str | bytes, told: str
):
    assert told in kept(logged_in(cast.anja), content, name)
    assert of_woonbelang(cast) == []


def test_what_ships_and_what_is_ones_own_can_be_downloaded_and_kept_again(cast: Cast):
    client = logged_in(cast.anja)
    address = reverse("register:mappings")
    shipped = client.get(address, {"file": "dutch-erp"})
    assert shipped.content.decode() == mappings.text_of("dutch-erp")
    assert 'filename="dutch-erp.yaml"' in shipped["Content-Disposition"]
    kept(client, shipped.content, "dutch-erp.yaml")
    (own,) = of_woonbelang(cast)
    assert client.get(address, {"file": own.name}).content == shipped.content
    for nothing in ("own", "nergens", "../models", "hud-2023"):
        assert client.get(address, {"file": nothing}).status_code == 404


def test_another_associations_file_is_not_there(cast: Cast):
    keep_mapping(
        owner=cast.elders,
        file_name="huurpakket.yaml",
        content=OURS.encode(),
        actor=cast.olga,
        now=NOW,
    )
    client = logged_in(cast.anja)
    answer = client.get(reverse("register:mappings"), {"file": "huurpakket"})
    assert answer.status_code == 404
    assert "Ons huurpakket" not in client.get(reverse("register:mappings")).content.decode()
    assert "huurpakket" not in client.get(reverse("register:imports")).content.decode()
    sent(client, "register:upload", file=a_file("Clusters.csv"), mapping="huurpakket")
    assert not Import.of_everybody.exists()
