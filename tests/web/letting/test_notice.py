"""A notice is entered by hand: about the home, once, by who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.register.models import Notice
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.every_url import asked, logged_in

FREE = TODAY + timedelta(days=60)


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def enters(who: object, address: str = "Vlierhof 5", **more: object) -> object:
    given = {"address": address, "free_from": FREE.isoformat(), **more}
    return asked(logged_in(who), "POST", reverse("letting:notice"), **given)


def test_it_leads_to_the_vacancy_and_twice_is_once(town: Cast):
    before = Vacancy.objects.for_organisation(town.woonbelang).count()
    for person in (town.iris, town.tessa):
        answer = enters(person, "vlierhof 5", publication=(FREE - timedelta(days=20)).isoformat())
        assert answer.status_code == 302
    made = Vacancy.objects.for_organisation(town.woonbelang).get(dwelling="Vlier-005")
    assert answer.headers["Location"] == reverse("letting:vacancy", args=[made.public_id])
    assert Vacancy.objects.for_organisation(town.woonbelang).count() == before + 1
    notice = Notice.objects.for_organisation(town.woonbelang).get(code=made.code)
    assert (notice.notice, notice.free_from) == (TODAY, FREE)


@pytest.mark.parametrize(
    ("address", "free_from", "said"),
    [
        ("Vlierhof", FREE, "Welke woning?"),
        ("Nergens 1", FREE, "Geen woning heeft dit adres"),
        ("Eldershof 2", FREE, "Geen woning heeft dit adres"),  # another association's
        ("Vlierhof 5", TODAY.replace(year=2066), "2028"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(town: Cast, address, free_from, said):
    before = Notice.objects.for_organisation(town.woonbelang).count()
    answer = enters(town.iris, address, free_from=free_from.isoformat())
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Notice.objects.for_organisation(town.woonbelang).count() == before


def test_who_may_not_notify_finds_no_button(town: Cast):
    path = reverse("letting:notice")
    for person, there in ((town.tessa, True), (town.hans, False)):
        page = asked(logged_in(person), "GET", reverse("letting:vacancies")).content.decode()
        assert (path in page) is there
