"""The list of complexes: what is looked for, in which order, and what is not said yet."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.web.desk.selectors import Wanted, cleaned, complex_list
from mixwijzer.web.desk.selectors.listing import PAGE, ROOMS, SORTS
from tests.builders import NOW, Portfolio, a_complex, hanzeveen, homes, joined
from tests.cast import Cast
from tests.web.acting import answers, load_town
from tests.web.letting.crowded import crowd


def names(user, **wanted) -> list[str]:
    return [line.name for line in complex_list(user, Wanted(**wanted), now=NOW).lines]


def test_one_list_by_name_whoever_they_are_of(town: Cast):
    assert names(town.iris) == ["De Molenhof", "De Vlierhof"]
    assert names(town.olga) == ["De Eldershof"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"text": "vlier"}, ["De Vlierhof"]),
        ({"text": "MOLEN"}, ["De Molenhof"]),
        ({"text": "eldershof"}, []),
        ({"area": "BU010101"}, ["De Molenhof", "De Vlierhof"]),
        ({"area": "BU999999"}, []),
        ({"mine": True}, ["De Vlierhof"]),
        ({"magic_mix": True}, []),
        ({"sort": "homes"}, ["De Molenhof", "De Vlierhof"]),
        ({"sort": "homes", "descending": True}, ["De Vlierhof", "De Molenhof"]),
        ({"sort": "open", "descending": True}, ["De Vlierhof", "De Molenhof"]),
        ({"sort": "judged"}, ["De Molenhof", "De Vlierhof"]),
    ],
)
def test_what_is_looked_for_is_found_in_its_order(town: Cast, wanted, found):
    assert names(town.iris, **wanted) == found


def test_room_is_said_after_ones_own_view_only(town: Cast):
    line = {each.name: each for each in complex_list(town.iris, Wanted(), now=NOW).lines}
    rooms = complex_list(town.iris, Wanted(), now=NOW).rooms
    assert line["De Vlierhof"].id not in rooms
    answers(town.iris, "Vlierhof 3")
    answers(town.iris, "Vlierhof 24")
    assert line["De Vlierhof"].id in complex_list(town.iris, Wanted(), now=NOW).rooms


def test_a_filter_on_room_leaves_out_what_is_not_said(town: Cast):
    found = {room: set(names(town.iris, room=room)) for room in ROOMS}
    assert "De Vlierhof" not in set().union(*found.values())
    everybody = {room: set(names(town.mo, room=room)) for room in ROOMS}
    assert sorted(name for each in everybody.values() for name in each) == [
        "De Molenhof",
        "De Vlierhof",
    ]


def test_a_crowded_complex_has_less_room_than_before(town: Cast):
    def chance() -> float:
        found = complex_list(town.mo, Wanted(text="molen"), now=NOW)
        return next(iter(found.rooms.values()))[1]

    before = chance()
    crowd(town, "Molen")
    assert chance() != before


def test_who_sees_no_advice_sees_no_room(town: Cast):
    found = complex_list(town.tessa, Wanted(room="room"), now=NOW)
    assert (found.sees_room, found.rooms, len(found.lines)) == (False, {}, 2)


def large(number: int) -> Portfolio:
    parts = [homes(f"Park{place:03d}", 2) for place in range(number)]
    places = tuple(a_complex(f"Park{place:03d}") for place in range(number))
    return joined(hanzeveen(), *parts, Portfolio(complexes=places))


def test_a_long_list_has_pages_and_no_complex_is_lost(cast: Cast):
    load_town(cast, large(PAGE + 3))
    pages = [complex_list(cast.mo, Wanted(page=page), now=NOW) for page in (1, 2)]
    shown = [line.name for page in pages for line in page.lines]
    assert len(shown) == len(set(shown)) == PAGE + 5
    assert [page.pages for page in pages] == [2, 2]
    assert complex_list(cast.mo, Wanted(page=99), now=NOW).page == 2


def test_more_complexes_take_no_more_queries(cast: Cast):
    counts = []
    for number in (1, 2, 20):
        load_town(cast, large(number))
        with CaptureQueriesContext(connection) as found:
            complex_list(cast.mo, Wanted(), now=NOW)
        counts.append(len(found))
    assert counts[1] == counts[2]  # the first also learns who Mo is


def test_a_heading_orders_and_says_so_and_its_link_turns_it_round(town: Cast):
    client = Client()
    client.force_login(town.iris)
    html = client.get("/complexes/?sort=-homes&q=hof").content.decode()
    (heading,) = re.findall(r"<th[^>]*aria-sort=\"(\w+)\"[^>]*><a href=\"([^\"]+)\"", html)
    assert heading[0] == "descending"
    assert "sort=homes" in heading[1]
    assert "q=hof" in heading[1]


@given(
    room=st.sampled_from([*ROOMS, "", "x"]), sort=st.sampled_from([*SORTS, "", "pk; DROP TABLE"])
)
def test_only_what_exists_is_asked_for(room, sort):
    told = cleaned(replace(Wanted(), room=room, sort=sort))
    assert told.sort in SORTS
    assert told.room in {*ROOMS, ""}
    assert cleaned(told) == told
