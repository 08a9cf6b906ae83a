"""A clause with a ground shows the lettings that lean on it, to who may know them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import time_machine

from mixwijzer.engine.portfolio import Ground, Letting
from mixwijzer.web.agreements.content import Clause
from mixwijzer.web.agreements.selectors import agreement_page
from mixwijzer.web.agreements.transitions import State
from mixwijzer.web.agreements.words import ClauseKind
from tests.builders import BEFORE, NOW, hanzeveen
from tests.cast import Cast
from tests.web.acting import load_town
from tests.web.agreements.agreeing import OTHER, brought_to
from tests.web.every_url import logged_in

GROUND = Clause(
    number=0,
    kind=ClauseKind.GROUND,
    words="Met de vrije ruimte mag worden gestuurd.",
    ground="free_room",
    ends=date(2026, 9, 1),
    why="Zo houdt een complex plek voor iedereen.",
)


def let(dwelling: str, on: date, ground: Ground) -> Letting:
    return Letting(
        vacancy=f"V-{dwelling}", channel="ordinary", ground=ground, on=on, recorded_at=BEFORE
    )


def a_town_with_lettings(cast: Cast) -> None:
    """Three homes on the free room, of which one before and one after the clause; one otherwise."""
    town = hanzeveen()
    homes = [each.dwelling for each in town.vacancies if not each.dwelling.startswith("Elders")]
    days = [date(2025, 12, 31), date(2026, 3, 2), date(2026, 9, 1)]
    grounds = [Ground.FREE_ROOM] * 3
    found = [let(*each) for each in zip(homes, days, grounds, strict=False)]
    load_town(cast, replace(town, lettings=tuple(found)))


def test_a_ground_shows_the_lettings_that_leaned_on_it_while_it_held(cast: Cast):
    a_town_with_lettings(cast)
    row = brought_to(cast, State.SIGNED, OTHER, GROUND)
    other, ground = agreement_page(cast.mo, row.public_id, now=NOW).clauses
    assert other.lettings is None
    assert ground.lettings is not None
    assert [each.on for each in ground.lettings] == [date(2026, 3, 2)]
    [letting] = ground.lettings
    with time_machine.travel(NOW):
        html = logged_in(cast.mo).get(f"/agreements/{row.public_id}/").content.decode()
    assert "Verhuringen op deze grond zolang die gold (1)" in html
    assert f"/complexes/{letting.complex_id}/" in html


def test_the_other_parties_read_the_clause_and_no_letting(cast: Cast):
    a_town_with_lettings(cast)
    row = brought_to(cast, State.SIGNED, OTHER, GROUND)
    for person in (cast.lotte, cast.noor, cast.rik):
        found = agreement_page(person, row.public_id, now=NOW).clauses
        assert [each.lettings for each in found] == [None, None]


def test_before_it_is_signed_nothing_leans_on_it(cast: Cast):
    a_town_with_lettings(cast)
    row = brought_to(cast, State.BID, OTHER, GROUND)
    assert [each.lettings for each in agreement_page(cast.mo, row.public_id, now=NOW).clauses] == [
        None,
        None,
    ]
