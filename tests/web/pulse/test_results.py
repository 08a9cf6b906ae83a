"""What came of a round: counted, compared as ranges, and never who said what."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.test import Client

from mixwijzer.web.pulse import selectors, services
from mixwijzer.web.pulse.models import Round
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import a_key
from tests.web.pulse.rounds import BUSY, CALM, NEAR, appoint, planned, running, says, task_of


def closed(cast: Cast, row: Round) -> selectors.Results:
    """Close a round and read what came of it."""
    services.close_round(user=cast.mo, round_id=row.public_id, now=NOW)
    found = selectors.results(cast.mo, row.public_id)
    assert found is not None
    return found


def test_places_are_counted_by_how_many_spoke(town: Cast):
    row = planned(town, "Vlier", "Molen")
    appoint(town, row, "Molen", [town.sem])
    services.start_round(user=town.mo, round_id=row.public_id, now=NOW)
    says(town.iris, row, CALM)
    says(town.hans, row, NEAR)
    assert selectors.results(town.mo, row.public_id) is None
    found = closed(town, row)
    assert (found.two, found.one, found.none) == (1, 0, 1)
    assert [each.complex for each in found.unseen] == ["De Molenhof"]


@pytest.mark.parametrize(
    ("theirs", "expected"), [(NEAR, (1, 0, 0, 0)), (CALM, (1, 0, 0, 0)), (BUSY, (0, 0, 1, 0))]
)
def test_agreement_is_a_distribution_of_first_views(town: Cast, theirs, expected):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    says(town.hans, row, theirs)
    told = closed(town, row).agreement
    assert (told.near, told.within, told.apart, told.adjusted) == expected


def test_an_adjusted_view_counts_as_adjusted_and_its_first_one_stays_apart(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    says(town.hans, row, BUSY)
    services.adjust(
        user=town.hans,
        task=task_of(town.hans, row).public_id,
        ranges=NEAR,
        known="most",
        key=a_key(),
        now=NOW,
    )
    found = closed(town, row)
    assert (found.agreement.apart, found.agreement.adjusted) == (1, 1)
    assert [each.now for each in found.changes if each.category == "attention"] == [(5, 9)]


@pytest.mark.parametrize(("said", "direction"), [((CALM, NEAR), "same"), ((BUSY, BUSY), "more")])
def test_then_and_now_are_the_widest_ranges_of_who_spoke(town: Cast, said, direction):
    """Iris said 5 to 8 in September, Hans 5 to 9."""
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, said[0])
    says(town.hans, row, said[1])
    (told,) = [each for each in closed(town, row).changes if each.category == "attention"]
    assert (told.before, told.direction) == ((5, 9), direction)


def test_then_and_now_is_hidden_from_who_is_asked_anew(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    says(town.hans, row, NEAR)
    closed(town, row)
    running(town, "Vlier", town.mo, town.sem)
    found = selectors.results(town.mo, row.public_id)
    assert found is not None
    assert all(each.hidden for each in found.changes)


def test_the_plan_as_a_file_says_who_and_never_how_many(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, BUSY)
    client = Client()
    client.force_login(town.mo)
    where = f"/judgements/rounds/{row.public_id}/plan"
    text = client.get(f"{where}.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{where}.xlsx").content)).active
    assert sheet is not None
    cells = [[value or "" for value in each] for each in sheet.iter_rows(values_only=True)]
    assert cells == rows
    assert rows[1][1:6] == ["De Vlierhof", "", "Iris Voorbeeld", "beeld gegeven", "Hans Akker"]
    assert not any(value.isdecimal() for each in rows for value in each)


def test_a_sheet_on_paper_lists_what_somebody_still_has_to_say(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    page = selectors.round_page(town.mo, row.public_id, now=NOW)
    assert [each.name for each in selectors.paper(page)] == ["Hans Akker"]


def test_progress_counts_people_and_places_only(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    page = selectors.round_page(town.mo, row.public_id, now=NOW)
    assert [(each.name, each.given, each.asked) for each in page.people] == [
        ("Hans Akker", 0, 1),
        ("Iris Voorbeeld", 1, 1),
    ]
    assert [(each.name, each.given, each.asked) for each in page.neighbourhoods] == [
        ("De Vlier-Noord", 1, 2)
    ]
    (choice,) = [
        each for each in selectors.plan_choices(town.mo, now=NOW) if each.name == "De Vlierhof"
    ]
    assert (choice.judged_on, choice.knowers) == (date(2026, 9, 10), 2)


def test_a_rounds_page_takes_a_fixed_number_of_queries(town: Cast, django_assert_max_num_queries):
    row = planned(town, "Vlier", "Molen")
    with django_assert_max_num_queries(14):
        selectors.round_page(town.mo, row.public_id, now=NOW)
