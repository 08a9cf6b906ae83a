"""Who is not of the association sees norms and what is its own; no count of households."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from mixwijzer.web.register.models import ComplexFacts
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import answers, decides
from tests.web.every_url import ADDRESSES, PAGE, things_of
from tests.web.refused_words import visible_text

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OUTSIDERS = ("lotte", "joris", "noor", "rik")
OF_NORMS = ("desk:norms", "desk:method")  # a number of households there is a rule's, of no place
COUNTED = re.compile(
    r"\b\d+\s*(?:–|tot|of)?\s*\d*\s*(?:van de\s+\d+\s+)?"
    r"(?:huishoudens|huurders|bewoners|buren|households|tenants)\b"
)


@pytest.fixture
def stories(town: Cast) -> Cast:
    """A town in which there is something to count."""
    with time_machine.travel(NOW):
        decides(town.iris, answers(town.iris, "Vlierhof 3"))
    return town


def pages_of(cast: Cast, who: str) -> dict[str, str]:
    """Return the visible text of every page that opens for somebody."""
    client = Client()
    person = getattr(cast, who)
    client.force_login(person)
    found = {}
    with time_machine.travel(NOW):
        for address in ADDRESSES:
            if address.method != PAGE or address.file or address.name.startswith("ui:"):
                continue
            things = _things(person, address.about)
            for thing in things:
                answer = client.get(address.path(thing))
                if answer.status_code == 200:
                    found[f"{address.name} {thing or ''}"] = visible_text(answer.content.decode())
    return found


def _things(person: object, about: str) -> list[object]:
    if not about:
        return [None]
    return [] if about in {"page", "association"} else things_of(person, about)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_counts_households_of_a_complex_or_neighbourhood(stories: Cast, who):
    pages = pages_of(stories, who)
    assert pages
    names = {row.name for row in ComplexFacts.objects.for_organisation(stories.woonbelang)}
    said = {
        (name, match[0])
        for name, text in pages.items()
        if not name.startswith(OF_NORMS)
        for match in COUNTED.finditer(text)
        if not match[0].startswith("0 ")  # "zittende huurders met een categorie bij ons: 0"
    }
    assert said == set()
    for name, text in pages.items():
        if "desk:" in name or "letting:" in name:
            assert not [each for each in names if each and each in text], name


def test_the_search_finds_such_a_count_where_there_is_one():
    assert COUNTED.search("12 van de 40 huishoudens")
    assert COUNTED.search("11–14 huishoudens")
    assert not COUNTED.search("norm: 30 %")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_none_of_them_opens_a_page_with_homes_or_advice(stories: Cast, who):
    opened = {name.split()[0] for name in pages_of(stories, who)}
    closed = {"letting:vacancies", "letting:vacancy", "desk:complexes", "desk:complex"}
    assert not opened & (closed | {"desk:room-check", "audit:trail", "accounts:people"})
