"""Before her own view no page tells Iris anything that depends on what a colleague said.

Not "the verdict is not on the page" but stronger: whatever Hans said of the building, every page
she can open is the same, byte for byte, until she has answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.outlook.services import look_ahead, weigh
from tests.builders import AREAS, NOW, a_round, hanzeveen
from tests.cast import Cast
from tests.web.acting import answers, load_town
from tests.web.every_url import PAGE, asked, logged_in, things_of
from tests.web.letting.crowded import crowd

pytestmark = pytest.mark.once

FEW, MANY = (1, 2, 3), (18, 19, 20)  # of the 22 households that stay; the limit is 10
NEXT_DOOR = replace(AREAS[2], code="BU010102", name="De Vlier-Zuid")
ASKED_FOR = ("Vlierhof 3", "Vlierhof 7", "De Vlierhof", "V-Vlier-024", "Molenhof 2", "De Molenhof")
KINDS = ("attention", "carrier", "regular")


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def town_where_hans_says(attention: tuple[int, int, int]) -> Portfolio:
    """Build the town with another word of Hans; Molenhof lies in a neighbourhood of its own."""
    town = hanzeveen()
    kept = tuple(row for row in town.judgements if row.by != "hans")
    said = a_round("Vlier", "hans", attention=attention)
    places = tuple(
        replace(each, neighbourhood=NEXT_DOOR.code) if each.id == "Molen" else each
        for each in town.complexes
    )
    return replace(
        town, judgements=(*kept, *said), areas=(*town.areas, NEXT_DOOR), complexes=places
    )


def what_iris_sees(
    cast: Cast, attention: tuple[int, int, int], *, answered: bool
) -> dict[str, bytes]:
    """Open every page she has, in a town that is gone afterwards."""
    with transaction.atomic():
        load_town(cast, town_where_hans_says(attention))
        crowd(cast, "Molen")  # so that her checks there look for room elsewhere
        look_ahead(owner=cast.woonbelang, now=NOW)
        weigh(owner=cast.woonbelang, now=NOW)
        if answered:
            answers(cast.iris, "Vlierhof 3")
            look_ahead(owner=cast.woonbelang, now=NOW)
            weigh(owner=cast.woonbelang, now=NOW)
        seen = every_page(logged_in(cast.iris), cast)
        transaction.set_rollback(True)
    return seen


def every_page(client: Client, cast: Cast) -> dict[str, bytes]:
    """Return what she reads at every address, with ids and tokens made alike."""
    vacancies, places = (things_of(cast.iris, each) for each in ("vacancy", "complex_id"))
    paths = {
        "today": "/",
        "vacancies": "/vacancies/",
        "complexes": "/complexes/",
        "requests": "/requests/",
        "complexes with room": "/complexes/?room=room",
        "complexes without": "/complexes/?room=no_room&sort=-homes",
        "neighbourhoods": "/neighbourhoods/",
        "outlook": "/outlook/",
        "feasibility": "/outlook/feasibility/",
        "obligations": "/obligations/",
        "steering": "/outlook/steering/",
        **{
            f"where {rooms} {kind}": f"/where/?rooms={rooms}&kind={kind}"
            for rooms in (2, 3)
            for kind in KINDS
        },
        **{f"vacancy {place}": f"/vacancies/{each}/" for place, each in enumerate(vacancies)},
        **{f"complex {place}": f"/complexes/{each}/" for place, each in enumerate(places)},
        **{f"ahead {place}": f"/outlook/complexes/{each}/" for place, each in enumerate(places)},
        **{
            f"check {text} {kind}": f"/room-check/?q={text}&kind={kind}"
            for text in ASKED_FOR
            for kind in KINDS
        },
    }
    return {name: alike(asked(client, PAGE, path).content) for name, path in paths.items()}


def alike(page: bytes) -> bytes:
    """Number ids in order of appearance, and drop tokens."""
    numbers, known = count(), dict[bytes, bytes]()
    page = re.sub(rb"[A-Za-z0-9]{64}", b"TOKEN", page)
    return re.sub(
        rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        lambda found: known.setdefault(found[0], b"ID%d" % next(numbers)),
        page,
    )


def test_until_she_answers_no_page_depends_on_what_hans_said(cast: Cast):
    few, many = (what_iris_sees(cast, said, answered=False) for said in (FEW, MANY))
    assert {name for name in few if few[name] != many[name]} == set()


def test_after_her_answer_the_pages_of_that_building_do(cast: Cast):
    """Otherwise the test above would be satisfied by pages that say nothing."""
    few, many = (what_iris_sees(cast, said, answered=True) for said in (FEW, MANY))
    differ = {name for name in few if few[name] != many[name]}
    assert {"vacancy 0", "vacancy 1", "complex 0", "ahead 0", "outlook"} <= differ
    assert {f"check {text} attention" for text in ASKED_FOR[:4]} <= differ


def test_that_there_is_room_in_a_secret_place_is_not_told_by_naming_it(cast: Cast):
    """At crowded Molenhof a colleague reads where there is room; she reads it after her answer."""
    before = what_iris_sees(cast, FEW, answered=False)["check Molenhof 2 attention"]
    after = what_iris_sees(cast, FEW, answered=True)["check Molenhof 2 attention"]
    assert b"Vlierhof" not in before
    assert b"Vlierhof" in after
