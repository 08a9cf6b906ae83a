"""The log on the screen: who did what, who looked at what, and whether the chain holds."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from mixwijzer.web.accounts import services as accounts
from mixwijzer.web.audit import services
from mixwijzer.web.audit.models import Event, Reading
from mixwijzer.web.audit.selectors import PAGE
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.register.models import Complex
from tests.builders import NOW
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_monday_morning():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(cast: Cast, who: str, **query: str) -> str:
    answer = client_of(getattr(cast, who)).get("/log/", query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def recorded(cast: Cast, count: int, **changed: object) -> None:
    for number in range(count):
        services.record(
            **{
                "organisation": cast.woonbelang,
                "action": "letting.decide",
                "actor": cast.iris,
                "subject": None,
                "facts": {"nth": number},
                "at": NOW,
            }
            | changed
        )


@pytest.mark.parametrize("who", ["bas", "vera"])
def test_privacy_officer_and_auditor_read_it(cast: Cast, who):
    recorded(cast, 1)
    page = opened(cast, who)
    assert "Besloten" in page
    assert "Iris Voorbeeld" in page


@pytest.mark.parametrize("who", ["iris", "mo", "tessa", "anja", "lotte", "joris", "noor", "olga"])
def test_others_do_not(cast: Cast, who):
    client = client_of(getattr(cast, who))
    assert client.get("/log/").status_code == 403
    assert client.get("/log/export/").status_code == 403


def test_of_another_association_there_is_no_line(cast: Cast):
    recorded(cast, 1, organisation=cast.elders, actor=cast.olga, facts={"secret": "van elders"})
    assert "van elders" not in opened(cast, "bas")
    assert "Olga" not in opened(cast, "bas")


def test_it_comes_in_pages_of_fifty_the_newest_first(cast: Cast):
    recorded(cast, PAGE + 2)
    first, second = opened(cast, "bas"), opened(cast, "bas", page="2")
    assert "nth: 51" in first
    assert first.count("nth: ") == PAGE
    assert second.count("nth: ") == 2
    assert "Bladzijde 2 van 2" in second
    for odd in ("0", "-1", "x", "99999", "9" * 50, "²"):
        assert opened(cast, "bas", page=odd)


def test_one_finds_by_person_action_thing_and_day(cast: Cast):
    recorded(cast, 1, facts={"here": "a"})
    recorded(cast, 1, actor=cast.mo, facts={"here": "b"})
    recorded(cast, 1, action="letting.notice", facts={"here": "c"})
    recorded(cast, 1, subject=cast.iris.public_id, facts={"here": "d"})
    recorded(cast, 1, at=NOW - timedelta(days=3), facts={"here": "e"})
    found = {
        name: [letter for letter in "abcde" if f"here: {letter}" in opened(cast, "bas", **query)]
        for name, query in {
            "person": {"person": str(cast.mo.public_id)},
            "action": {"action": "letting.notice"},
            "thing": {"thing": str(cast.iris.public_id)},
            "since": {"since": NOW.date().isoformat()},
            "until": {"until": (NOW.date() - timedelta(days=1)).isoformat()},
        }.items()
    }
    assert found == {
        "person": ["b"],
        "action": ["c"],
        "thing": ["d"],
        "since": ["a", "b", "c", "d"],
        "until": ["e"],
    }


@pytest.mark.parametrize(
    "query",
    [
        {"thing": "x"},
        {"since": "2026-02-31"},
        {"until": "9999-12-31"},
        {"person": "x"},
        {"action": "'; DROP TABLE audit_event"},
    ],
)
def test_a_filter_that_is_not_right_is_said_and_breaks_nothing(cast: Cast, query):
    answer = client_of(cast.bas).get("/log/", query)
    assert answer.status_code in {200, 422}


def test_looking_at_a_vacancy_and_a_complex_is_noted_once_a_day(town: Cast, on_a_monday_morning):
    iris = client_of(town.iris)
    vacancy = Vacancy.objects.for_organisation(town.woonbelang)[0]
    home = Complex.objects.for_organisation(town.woonbelang)[0]
    for _ in range(3):
        iris.get(f"/vacancies/{vacancy.public_id}/")
        iris.get(f"/complexes/{home.public_id}/")
    iris.get("/complexes/")
    rows = Reading.objects.for_organisation(town.woonbelang)
    assert set(rows.values_list("what", "subject", "actor")) == {
        ("letting:vacancy", vacancy.public_id, town.iris.pk),
        ("desk:complex", home.public_id, town.iris.pk),
    }
    page = opened(town, "bas", kind="reads")
    assert "Bladzijde van een complex" in page
    assert str(home.public_id) in page
    on_a_monday_morning.shift(timedelta(days=1))
    client_of(town.iris).get(f"/complexes/{home.public_id}/")
    assert rows.count() == 3


def test_a_page_that_was_not_shown_is_not_noted(town: Cast):
    home = Complex.objects.for_organisation(town.elders)[0]
    assert client_of(town.iris).get(f"/complexes/{home.public_id}/").status_code == 404
    assert client_of(town.lotte).get(f"/complexes/{home.public_id}/").status_code == 403
    assert not Reading.of_everybody.exists()


def test_looks_are_removed_after_their_term(town: Cast):
    home = Complex.objects.for_organisation(town.woonbelang)[0]
    client_of(town.iris).get(f"/complexes/{home.public_id}/")
    assert services.forget_readings(organisation=town.woonbelang, before=NOW) == 0
    later = NOW + timedelta(days=1)
    assert services.forget_readings(organisation=town.woonbelang, before=later) == 1


def test_the_chain_is_checked_on_the_screen(cast: Cast, monkeypatch):
    recorded(cast, 3)
    assert "De keten klopt" in opened(cast, "vera", check="1")
    from mixwijzer.web.audit import selectors

    monkeypatch.setattr(selectors, "_content_holds", lambda event: event.number != 2)
    page = opened(cast, "vera", check="1")
    assert "De keten klopt niet" in page
    assert "regel 2" in page


def test_the_file_has_what_was_asked_and_no_formula(cast: Cast):
    recorded(cast, 2)
    accounts.invite(
        user=cast.anja,
        organisation=cast.woonbelang.public_id,
        email="x@hanzeveen.example",
        name="=1+1",
        role="consultant",
        end=None,
        now=NOW,
    )
    type(cast.iris).objects.filter(pk=cast.iris.pk).update(name="=cmd|' /C calc'!A1")
    answer = client_of(cast.bas).get("/log/export/", {"action": "letting.decide"})
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 3
    assert rows[1][2] == "'=cmd|' /C calc'!A1"


def test_erased_content_is_said_to_be_erased(cast: Cast):
    recorded(cast, 1)
    services.erase(organisation=cast.woonbelang, before=NOW + timedelta(days=1))
    assert "na de termijn gewist" in opened(cast, "bas")
    assert Event.objects.for_organisation(cast.woonbelang).get().payload is None
