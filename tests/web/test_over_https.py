"""Every address of a real site keeps the header rules of internet.nl, for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tests.web.every_url import ADDRESSES, PAGE, things_of
from tests.web.header_rules import broken

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def a_real_site(settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURITY_CONTACT = "mailto:veilig@hanzeveen.example"


@pytest.mark.parametrize(
    "who", [None, "iris", "mo", "anja", "bas", "lotte", "joris", "noor", "rik"]
)
def test_headers(town: Cast, who):
    client = Client(raise_request_exception=False)
    person = getattr(town, who) if who else None
    if person:
        client.force_login(person)
    found = {}
    for address in ADDRESSES:
        if address.name == "accounts:log-out" or address.about in {"page", "association"}:
            continue
        things = things_of(town.iris, address.about)[:1] if address.about else [None]
        for thing in things:
            for ask in {client.get, client.get if address.method == PAGE else client.post}:
                answer = ask(address.path(thing), secure=True)
                wrong = broken(answer.headers, https=True)
                if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
                    wrong.append("permissions-policy")
                if wrong or answer.status_code >= 500:
                    found[address.name] = (answer.status_code, wrong)
    assert found == {}


def test_without_https_one_is_sent_there(cast: Cast):
    answer = Client().get("/complexes/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/complexes/")


def test_who_found_a_leak_reads_where_to_write():
    answer = Client().get("/.well-known/security.txt", secure=True)
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:veilig@hanzeveen.example"
    assert said["Canonical"] == "https://testserver/.well-known/security.txt"
    left = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert timedelta(days=30) < left < timedelta(days=365)
    assert answer["Content-Type"].startswith("text/plain")


def test_without_a_contact_there_is_no_such_file(settings):
    settings.SECURITY_CONTACT = ""
    assert Client().get("/.well-known/security.txt", secure=True).status_code == 404
