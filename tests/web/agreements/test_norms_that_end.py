"""A norm that ends in the middle of what is agreed: told beforehand, with day and way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from mixwijzer.web.accounts.models import User
from mixwijzer.web.agreements.models import AgreementStep
from mixwijzer.web.agreements.selectors import agreement_page, board
from mixwijzer.web.agreements.transitions import Event, State
from mixwijzer.web.rounds import services as rounds
from mixwijzer.web.rounds.city_steps import CityEvent
from mixwijzer.web.rounds.models import RoundItem, WeekRound
from mixwijzer.web.rounds.refusals import WeekTrouble
from tests.builders import NOW, TODAY, hanzeveen
from tests.cast import Cast
from tests.web.acting import a_key, load_town, the_vacancy
from tests.web.agreements.agreeing import OTHER, a_draft, brought_to
from tests.web.every_url import asked, logged_in
from tests.web.refused_words import visible_text
from tests.web.rounds.cities import a_city, some_candidates, steps
from tests.web.rounds.weeks import a_week, a_week_on_the_table

NEXT, AFTER = date(2027, 1, 1), date(2028, 1, 1)
ROOM = "letting.free_allocation_room"
LATER = NOW.replace(year=2027, month=3, day=1)


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def read(person: User, path: str, language: str = "nl") -> str:
    answer = logged_in(person, language=language).get(path)
    assert answer.status_code == 200
    return visible_text(answer.content.decode())


def at(row: object) -> str:
    return reverse("agreements:agreement", args=[row.public_id])


def test_a_draft_past_the_end_of_a_norm_names_norm_day_and_way_out_at_the_bid(cast: Cast):
    row = a_draft(cast, start=NEXT, end=AFTER)
    text = read(cast.mo, at(row))
    assert "normen hebben geen waarde voor deze hele periode" in text
    assert "Vanaf 1 januari 2027 zonder waarde:" in text
    assert "vrije toewijzingsruimte" in text.lower()
    assert "Laat voor die dag een nieuwe waarde vaststellen" in text
    assert "From 1 January 2027 on without a value" in read(cast.mo, at(row), "en")


def test_who_answers_the_bid_and_who_signs_reads_it_too(cast: Cast):
    row = brought_to(cast, State.BID, start=NEXT, end=AFTER)
    for person in (cast.lotte, cast.noor, cast.mo):
        assert read(person, at(row)).count("geen waarde voor deze hele periode") == 2  # at the step


def test_the_history_keeps_that_it_was_known(cast: Cast):
    row = brought_to(cast, State.SIGNED, start=NEXT, end=AFTER)
    steps = AgreementStep.objects.for_organisation(cast.woonbelang).filter(agreement=row)
    for event in (Event.BRING_OUT, Event.SIGN):
        assert ROOM in steps.get(event=event).facts["norms_ending"].split(", ")
    assert "Toen bekend: zonder waarde voor de hele periode zijn" in read(cast.mo, at(row))
    assert ROOM not in read(cast.mo, at(row))  # by its name, not by its key


def test_within_the_life_of_every_norm_nothing_is_said(cast: Cast):
    row = brought_to(cast, State.SIGNED)  # 2026: rents and shares are laid down until its end
    assert agreement_page(cast.mo, row.public_id, now=NOW).ending == ()
    assert "geen waarde voor deze hele periode" not in read(cast.mo, at(row))
    steps = AgreementStep.objects.for_organisation(cast.woonbelang).filter(agreement=row)
    assert not any("norms_ending" in each.facts for each in steps)


def test_a_clause_that_leans_on_no_norm_has_none_that_ends(cast: Cast):
    row = a_draft(cast, OTHER, start=NEXT, end=AFTER)
    assert agreement_page(cast.mo, row.public_id, now=NOW).ending == ()


def test_the_norms_page_lists_what_was_agreed_past_the_end_of_one(cast: Cast):
    path = reverse("desk:norms")
    assert "Ze lopen eerder af dan wat is afgesproken" not in read(cast.mo, path)
    row = a_draft(cast, start=NEXT, end=AFTER)
    answer = logged_in(cast.mo).get(path).content.decode()
    assert "Ze lopen eerder af dan wat is afgesproken" in answer
    assert at(row) in answer
    assert at(row) not in logged_in(cast.noor).get(path).content.decode()  # a draft is not hers yet


def test_a_promise_past_the_end_of_a_norm_says_so_on_its_card(cast: Cast):
    load_town(cast, hanzeveen())
    (line,) = board(cast.mo, day=TODAY)
    assert line.ending == ()
    brought_to(cast, State.SIGNED, start=date(2026, 6, 1), end=date(2027, 6, 1))
    ends = [each for each in board(cast.mo, day=TODAY) if each.ending]
    assert {end.on for each in ends for end in each.ending} == {NEXT}
    for person in (cast.mo, cast.lotte):
        assert "Vanaf 1 januari 2027 zonder waarde:" in read(person, "/obligations/")


@pytest.mark.parametrize(("free", "times"), [(date(2026, 12, 31), 0), (NEXT, 1)])
def test_a_week_whose_homes_are_let_after_the_end_of_a_norm_says_so(
    cast: Cast, free: date, times: int
):
    town = hanzeveen()
    rows = [replace(each, free_from=free) for each in town.vacancies]
    load_town(cast, replace(town, vacancies=tuple(rows)))
    a_week_on_the_table(cast)
    text = read(cast.mo, reverse("rounds:week"))
    assert text.count("geen waarde voor deze hele periode") == times


@pytest.mark.parametrize(("free", "times"), [(date(2026, 12, 31), 0), (NEXT, 1)])
def test_a_city_round_says_so_too_as_long_as_it_stands(cast: Cast, free: date, times: int):
    town = hanzeveen()
    rows = [replace(each, free_from=free) for each in town.vacancies]
    load_town(cast, replace(town, vacancies=tuple(rows)))
    row = a_city(cast.iris, cast.woonbelang, some_candidates(cast), ["Vlierhof 3"])
    page = reverse("rounds:city", args=[row.public_id])
    assert read(cast.mo, page).count("geen waarde voor deze hele periode") == times
    steps(cast.mo, row, CityEvent.DROP)
    assert "geen waarde voor deze hele periode" not in read(cast.mo, page)


def test_after_the_end_the_round_opens_says_which_norm_and_loses_nothing(cast: Cast):
    load_town(cast, hanzeveen())
    with time_machine.travel(LATER):
        week = LATER.date().isocalendar()[:2]
        homes = [the_vacancy(cast.mo, "Vlierhof 3").id]
        row = rounds.make(
            user=cast.mo,
            owner=cast.woonbelang,
            week=week,
            vacancies=homes,
            key=a_key(),
            now=LATER,
        )
        with pytest.raises(WeekTrouble) as refused:
            rounds.compute(user=cast.mo, week_round=row.public_id, now=LATER)
        assert (refused.value.code, refused.value.subject) == ("norm_expired", ROOM)
        answer = asked(logged_in(cast.mo), "POST", reverse("rounds:compute", args=[row.public_id]))
        text = visible_text(answer.content.decode())
        assert answer.status_code == 409
        assert "verlopen op 1 januari 2027" in text
        assert "Stel een nieuwe waarde vast" in text
        assert "geen norm" in read(cast.mo, reverse("rounds:week"))
    assert WeekRound.of_everybody.count() == RoundItem.of_everybody.count() == 1


def test_a_round_made_before_the_end_still_opens_when_every_norm_has_ended(cast: Cast):
    load_town(cast, hanzeveen())
    row = a_week(cast.iris, cast.woonbelang)
    with time_machine.travel(NOW.replace(year=2028, month=2)):
        week = f"{row.year}-{row.week}"
        text = read(cast.mo, f"{reverse('rounds:week')}?week={week}")
    assert "geen norm" in text
    assert "een cijfer waarvan is uitgegaan geldt niet meer" in text
