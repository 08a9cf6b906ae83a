"""The board says of every promise how it goes and whether it will be met, to who may know what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import time_machine
from django.utils.translation import override

import mixwijzer as mw
from mixwijzer.engine.portfolio import Ground, Letting, Tenancy
from mixwijzer.web.agreements.screens import board_screen
from mixwijzer.web.agreements.selectors import board
from tests.builders import BEFORE, NOW, TODAY, a_vacancy, hanzeveen, with_rows
from tests.cast import Cast
from tests.web.acting import load_town
from tests.web.every_url import logged_in


def a_year_of_lettings():
    """A town in which two households of status holders were let a home, one not yet come."""
    town = hanzeveen()
    notice = a_vacancy("Vlier-024", notice=date(2026, 5, 1))
    others = tuple(each for each in town.vacancies if each.dwelling != "Vlier-024")
    let = ((notice.id, date(2026, 6, 1), 4), ("V-Molen-002", date(2026, 11, 20), 1))
    return with_rows(
        replace(town, vacancies=(notice, *others)),
        tenancies=(
            Tenancy(id="T-new", dwelling="Vlier-024", start=date(2026, 7, 1), recorded_at=BEFORE),
        ),
        lettings=tuple(
            Letting(
                vacancy=vacancy,
                channel="mediation",
                ground=Ground.DIRECT_MEDIATION,
                group="status_holder",
                persons=persons,
                on=on,
                recorded_at=BEFORE,
            )
            for vacancy, on, persons in let
        ),
    )


def test_the_board_says_what_the_command_line_says(cast: Cast):
    town = a_year_of_lettings()
    load_town(cast, town)
    town = replace(town, lettings=tuple(each for each in town.lettings if each.vacancy != "V-oud"))
    (line,) = board(cast.mo, day=TODAY)
    told = next(
        row for row in mw.obligations(town, day=TODAY).table if row["obligation"] == line.line.code
    )
    assert line.expected is not None
    assert line.expected.chance == told["chance"]
    assert (line.line.realised, line.line.under_way) == (told["realised"], told["under_way"])
    assert line.expected.coming == (told["coming_low"], told["coming_high"])


def test_every_figure_has_its_lettings(cast: Cast):
    load_town(cast, a_year_of_lettings())
    (line,) = board(cast.mo, day=TODAY)
    done = sum(each.persons or 0 for each in line.lettings if not each.awaited)
    coming = sum(each.persons or 0 for each in line.lettings if each.awaited)
    assert (done, coming) == (line.line.realised, line.line.under_way)
    assert [each.awaited for each in line.lettings].count(True) == 1


def test_the_municipality_reads_how_far_its_own_promises_are_and_nothing_of_the_homes(cast: Cast):
    load_town(cast, a_year_of_lettings())
    (line,) = board(cast.lotte, day=TODAY)
    assert line.line.realised > 0
    assert (line.expected, line.lettings) == (None, ())
    with time_machine.travel(NOW):
        page = logged_in(cast.lotte).get("/obligations/").content.decode()
    assert "Vlier" not in page
    assert "Kans dat het gehaald wordt" not in page


def test_who_was_promised_nothing_reads_that_there_is_nothing(cast: Cast):
    load_town(cast, a_year_of_lettings())
    with time_machine.travel(NOW):
        page = logged_in(cast.anja).get("/obligations/").content.decode()
    assert "Er is niets toegezegd dat u mag zien." in page


def test_behind_and_on_pace_are_said_in_words(cast: Cast):
    load_town(cast, a_year_of_lettings())
    with override("nl"):
        (card,) = board_screen(board(cast.mo, day=TODAY)).promises
    titles = [str(each.title) for each in card.says]
    assert any("achter" in title or "Op tempo" in title for title in titles)
    assert any(title.startswith("Kans dat het gehaald wordt: ") for title in titles)


def test_a_register_of_less_than_a_quarter_says_that_it_cant_be_said_yet(cast: Cast):
    town = hanzeveen()
    recent = tuple(replace(each, notice=date(2026, 11, 1)) for each in town.vacancies)
    load_town(cast, replace(town, vacancies=recent))
    with override("nl"):
        (card,) = board_screen(board(cast.mo, day=TODAY)).promises
    assert any("Nog niet te zeggen" in str(each.title) for each in card.says)


def test_the_board_takes_a_fixed_number_of_queries(cast: Cast, django_assert_max_num_queries):
    load_town(cast, a_year_of_lettings())
    board(cast.mo, day=TODAY)
    with django_assert_max_num_queries(11):
        board(cast.mo, day=TODAY)
