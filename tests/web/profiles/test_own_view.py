"""What a profile would change tells Iris nothing of a building she must still speak of."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import time_machine
from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.profiles import bridge, selectors
from mixwijzer.web.profiles.transitions import State
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import answers, load_town
from tests.web.every_url import PAGE, asked, logged_in
from tests.web.profiles.drafting import ALL, AROUND, VLIER, a_content, brought_to
from tests.web.test_own_view_first import FEW, MANY, town_where_hans_says

DAY = localdate(NOW)


def what_is_told(
    cast: Cast, attention: tuple[int, int, int], place, *, answered: bool, who: str = "iris"
) -> str:
    """Return the page of a version in a town where Hans said this; the town is gone after."""
    with transaction.atomic(), time_machine.travel(NOW):
        load_town(cast, town_where_hans_says(attention))
        if answered:
            answers(cast.iris, "Vlierhof 3")
        row = brought_to(cast, State.IN_REVIEW, a_content(most=2500), place=place)
        page = asked(logged_in(getattr(cast, who)), PAGE, f"/profiles/{row.public_id}/")
        transaction.set_rollback(True)
    text = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", page.content.decode())
    return re.sub(r"[A-Za-z0-9]{64}", "TOKEN", text)


@pytest.mark.parametrize("place", [VLIER, AROUND, ALL])
def test_until_she_answers_the_forecast_is_the_same_whatever_hans_said(cast: Cast, place):
    few, many = (what_is_told(cast, said, place, answered=False) for said in (FEW, MANY))
    assert few == many
    assert "daar wordt eerst uw eigen beeld gevraagd" in few


@pytest.mark.parametrize("place", [VLIER, AROUND, ALL])
def test_after_her_answer_it_differs(cast: Cast, place):
    """Otherwise the test above would be satisfied by a page that says nothing."""
    few, many = (what_is_told(cast, said, place, answered=True) for said in (FEW, MANY))
    assert few != many


def test_the_tenants_read_no_count_at_all(cast: Cast):
    with transaction.atomic(), time_machine.travel(NOW):
        pages = {}
        for said in (FEW, MANY):
            with transaction.atomic():
                load_town(cast, town_where_hans_says(said))
                row = brought_to(cast, State.ASKED, place=ALL)
                page = asked(logged_in(cast.noor), PAGE, f"/profiles/{row.public_id}/")
                pages[said] = re.sub(
                    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{64}",
                    "",
                    page.content.decode(),
                )
                transaction.set_rollback(True)
    assert pages[FEW] == pages[MANY]
    assert "Wat het zou veranderen" not in pages[FEW]
    assert "Positief advies" in pages[FEW]


def test_leaving_out_is_counted_and_totals_go_by_what_is_left(town: Cast):
    told = bridge.consequences(town.woonbelang, ALL, a_content(most=1000), DAY)
    whole = selectors.effects_of(told, hidden=frozenset(), promises=())
    part = selectors.effects_of(told, hidden=frozenset({"Vlier"}), promises=())
    assert part.left_out == 1
    assert whole.open_homes > part.open_homes
    assert {each.complex for each in part.changed} <= {"Molen"}
    assert not [each for each in part.places if "Vlier" in each.inside]


def test_a_forecast_reads_back_as_it_was_stored(town: Cast):
    told = bridge.consequences(town.woonbelang, ALL, a_content(), DAY)
    again = bridge.Consequences.from_json(told.to_json())
    assert again == replace(told)
