"""Another organisation's thing does not exist: every address, every role, every method."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from functools import partial
from itertools import product

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from mixwijzer.web.letting.models import Decision, Vacancy
from mixwijzer.web.letting.models import Step as LettingStep
from mixwijzer.web.register.models import Complex, Dwelling, Judgement
from tests.cast import Cast
from tests.web.acting import answers, decides

OPEN_TO_ALL = {
    "desk:public",
    "desk:public-en",
    "desk:public-norms",
    "account_inactive",
    "account_login",
    "accounts:demo",
    "accounts:link",
    "mfa_authenticate",
    "openid_connect_callback",
    "openid_connect_login",
    "security-txt",
    "set-language",
}


def patterns(
    resolver: URLResolver, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Yield name, route and whole address of every view."""
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inside = f"{each.namespace}:" if each.namespace else ""
            yield from patterns(each, route, space + inside)
        elif isinstance(each, URLPattern):
            yield f"{space}{each.name}", str(each.pattern), route


# The gallery shows components with made-up texts, in the demo only.
ADDRESSES = {
    name: route for name, _, route in patterns(get_resolver()) if not name.startswith("ui:")
}
ABOUT_A_THING = {name: route for name, route in ADDRESSES.items() if "<uuid:" in route}


def address(route: str, public_id: uuid.UUID) -> str:
    return "/" + re.sub(r"<uuid:\w+>", str(public_id), route)


def foreign_things(cast: Cast) -> set[uuid.UUID]:
    """Return the public id of one of each kind of thing that Elders has, a decision included."""
    decides(cast.olga, answers(cast.olga, "Eldershof 1"))
    found: set[uuid.UUID] = set()
    for model in (Complex, Vacancy, Decision, Dwelling):
        rows = model.objects.for_organisation(cast.elders)
        found.add(rows.values_list("public_id", flat=True)[0])
    return found


def test_addresses_name_things_by_ids_that_nobody_can_count():
    assert ABOUT_A_THING
    assert not [route for route in ADDRESSES.values() if re.search(r"<(int|str|slug|path):", route)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ABOUT_A_THING))
def test_a_foreign_thing_and_one_that_never_was_give_the_same_bytes(town: Cast, name):
    things = foreign_things(town)
    for person in ("iris", "mo", "tessa", "hans"):
        client = Client()
        client.force_login(getattr(town, person))
        for thing, method in product(things, ("get", "post")):
            ask = partial(getattr(client, method), follow=True)
            foreign = ask(address(ABOUT_A_THING[name], thing))
            missing = ask(address(ABOUT_A_THING[name], uuid.uuid4()))
            assert foreign.status_code == missing.status_code
            assert foreign.status_code in {403, 404, 405}
            assert scrubbed(foreign.content) == scrubbed(missing.content)
            assert ways(foreign) == ways(missing)


def ways(response: HttpResponse) -> list[tuple[bytes, int]]:
    """Return where somebody was sent on the way to an answer, without the thing's own id."""
    return [(scrubbed(where.encode()), status) for where, status in response.redirect_chain]


def scrubbed(page: bytes) -> bytes:
    """Leave out what differs with every request: the CSRF token and the address asked for."""
    page = re.sub(rb"\b[A-Za-z0-9]{64}\b", b"", page)
    return re.sub(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", b"", page)


@pytest.mark.django_db
def test_trying_foreign_things_changes_nothing(town: Cast):
    things = foreign_things(town)
    before = written(town)
    client = Client()
    for person in ("iris", "mo", "anja", "lotte"):
        client.force_login(getattr(town, person))
        for thing, route in product(things, ABOUT_A_THING.values()):
            client.post(
                address(route, thing),
                {"version": 1, "channel": "ordinary", "reason": "haste", "unchanged": "1"},
            )
    assert written(town) == before


def written(cast: Cast) -> tuple[int, ...]:
    return tuple(
        model.objects.for_organisation(cast.elders).count()
        for model in (Judgement, Decision, LettingStep)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - OPEN_TO_ALL))
def test_without_logging_in_every_page_leads_to_logging_in(town: Cast, name):
    thing = Vacancy.objects.for_organisation(town.woonbelang)[0].public_id
    response = Client().get(address(ADDRESSES[name], thing))
    assert response.status_code == 302
    assert "/accounts/" in response["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["lotte", "joris", "noor", "rik", "bas", "anja", "vera"])
def test_who_does_not_work_with_homes_opens_none_of_their_pages(town: Cast, person):
    client = Client()
    client.force_login(getattr(town, person))
    vacancy = Vacancy.objects.for_organisation(town.woonbelang)[0]
    pages = {
        "letting:vacancies": vacancy.public_id,
        "letting:vacancy": vacancy.public_id,
        "desk:complexes": vacancy.public_id,
        "desk:complex": vacancy.complex.public_id,
        "desk:room-check": vacancy.public_id,
    }
    for name, thing in pages.items():
        assert client.get(address(ADDRESSES[name], thing)).status_code in {403, 404}, name
