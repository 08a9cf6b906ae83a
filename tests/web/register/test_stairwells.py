"""Stairwells from house numbers, and complexes that files call by another number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.web.register.models import Complex, Dwelling, Import
from mixwijzer.web.register.services import verify_accounts
from mixwijzer.web.register.stairwells import house_number, proposal
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.every_url import logged_in
from tests.web.register.files import a_workbook, hanzeveen_in_files, homes_only, read
from tests.web.register.test_import_pages import sent


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings, tmp_path: Path):
    settings.HOME = tmp_path / "home"
    with time_machine.travel(NOW):
        yield


numbers = st.lists(st.integers(1, 400), unique=True, max_size=40)


@given(numbers=numbers, size=st.integers(1, 12), apart=st.booleans())
def test_every_home_gets_one_stairwell_and_none_is_larger_than_asked(numbers, size, apart):
    told = proposal([(str(each), f"Dijk {each}") for each in numbers], size=size, sides_apart=apart)
    assert set(told) == {str(each) for each in numbers}
    names = list(told.values())
    assert all(names.count(name) <= size for name in set(names))
    if apart:
        sides = {name: {int(key) % 2 for key in told if told[key] == name} for name in set(names)}
        assert all(len(side) == 1 for side in sides.values())


def test_an_address_is_taken_apart():
    assert house_number("Vlierhof 12 a") == ("Vlierhof", 12, "a")
    assert house_number("2e Molendwarsstraat 7") == ("", 2, "e Molendwarsstraat 7")
    assert house_number("De Hoeve") == ("De Hoeve", 0, "")


def test_a_proposal_is_corrected_and_kept_as_a_later_record(town: Cast):
    client = logged_in(town.anja)
    place = Complex.objects.for_organisation(town.woonbelang).get(code="Vlier")
    address = reverse("register:stairwell", args=[place.public_id])
    assert "Vlierhof 1-15" in client.get(address, {"size": 8, "apart": "on"}).content.decode()
    homes = Dwelling.objects.for_organisation(town.woonbelang).filter(
        complex=place, replaced_at=None
    )
    one = homes.get(code="Vlier-001")
    with time_machine.travel(NOW + timedelta(minutes=5)):
        sent(client, "register:draw", place.public_id, **{str(one.public_id): "A/links"})
    assert homes.get(code="Vlier-001").stairwell == "A-links"
    one.refresh_from_db()
    assert one.replaced_at is not None
    assert verify_accounts(owner=town.woonbelang, day=TODAY) == ()


def test_a_file_without_stairwells_leaves_those_that_were_drawn(cast: Cast, tmp_path):
    from mixwijzer.web.register.services import draw_stairwells
    from tests.web.register.files import applied

    path = a_workbook(tmp_path, homes_only(hanzeveen_in_files()))
    applied(cast.woonbelang, cast.anja, path, NOW)
    home = Dwelling.objects.for_organisation(cast.woonbelang).get(code="Vlier-001")
    draw_stairwells(
        owner=cast.woonbelang,
        complex_id=home.complex_id,
        names={home.public_id: "A"},
        actor=cast.anja,
        now=NOW + timedelta(hours=1),
    )
    assert read(cast.woonbelang, cast.anja, path, NOW + timedelta(days=1)).state == "same"


def test_a_complex_with_a_new_number_in_the_files_stays_the_same_complex(cast: Cast, tmp_path):
    from tests.web.register.files import applied

    town = homes_only(hanzeveen_in_files())
    applied(cast.woonbelang, cast.anja, a_workbook(tmp_path, town), NOW)
    client = logged_in(cast.anja)
    answer = sent(client, "register:renumber", ours="Vlier", theirs="5001", from_on="2026-11-24")
    assert "5001" in answer.content.decode()
    wrong = sent(client, "register:renumber", ours="Nergens", theirs="1", from_on="2026-11-24")
    assert wrong.status_code == 422
    renamed = replace(
        town,
        complexes=tuple(
            replace(each, id="5001") if each.id == "Vlier" else each for each in town.complexes
        ),
        dwellings=tuple(
            replace(each, complex="5001") if each.complex == "Vlier" else each
            for each in town.dwellings
        ),
        data_date=date(2026, 11, 30),
    )
    row = read(cast.woonbelang, cast.anja, a_workbook(tmp_path, renamed), NOW + timedelta(days=7))
    assert row.state == "same", row.diff
    assert Import.objects.for_organisation(cast.woonbelang).count() == 2


def test_complexes_that_swapped_numbers_in_the_files_stay_two_complexes(cast: Cast, tmp_path):
    from tests.web.register.files import applied

    town = homes_only(hanzeveen_in_files())
    applied(cast.woonbelang, cast.anja, a_workbook(tmp_path, town), NOW)
    one, other = (each.id for each in town.complexes[:2])
    theirs = {one: other, other: one}
    client = logged_in(cast.anja)
    for ours, new in theirs.items():
        sent(client, "register:renumber", ours=ours, theirs=new, from_on="2026-11-24")
    swapped = replace(
        town,
        complexes=tuple(replace(e, id=theirs.get(e.id, e.id)) for e in town.complexes),
        dwellings=tuple(
            replace(e, complex=theirs.get(e.complex, e.complex)) for e in town.dwellings
        ),
        data_date=date(2026, 11, 30),
    )
    row = read(cast.woonbelang, cast.anja, a_workbook(tmp_path, swapped), NOW + timedelta(days=7))
    assert row.state == "same", row.diff
