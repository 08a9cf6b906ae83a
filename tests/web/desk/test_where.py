"""During a telephone call: where is there room? Nothing is kept, unless as a request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mixwijzer.engine.advice import verdict_only
from mixwijzer.engine.portfolio import Scope, ScopeKind
from mixwijzer.engine.reasons import Verdict
from mixwijzer.web.accounts.models import Missing
from mixwijzer.web.audit.models import Event
from mixwijzer.web.desk.bridge import searching, stock
from mixwijzer.web.desk.selectors import Asked, requests, room_check, where
from mixwijzer.web.letting import services
from mixwijzer.web.letting.bridge import case_of, look_around
from mixwijzer.web.letting.models import PlaceRequest, Step
from mixwijzer.web.letting.reasons import RequestOutcome
from mixwijzer.web.letting.selectors import open_requests
from mixwijzer.web.register.models import Dwelling, Notice
from tests.builders import (
    NOW,
    TODAY,
    Portfolio,
    a_cap,
    a_complex,
    a_round,
    a_vacancy,
    hanzeveen,
    homes,
    joined,
)
from tests.cast import Cast
from tests.web.acting import answers, asks_for_a_place, load_town, the_vacancy
from tests.web.letting.crowded import crowd

THREE = Asked(rooms=3)


@pytest.fixture(autouse=True)
def every_verdict_is_weighed_anew() -> None:
    searching._kept.cache_clear()


def addresses(found) -> set[str]:
    return {each.vacancy.address for each in found}


def test_open_homes_with_room_have_the_verdict_of_their_own_page(town: Cast):
    found = where(town.mo, THREE, now=NOW)
    places = {each.vacancy.address: each.answer for each in (*found.open.room, *found.open.asking)}
    assert set(places) == {"Vlierhof 3", "Vlierhof 24", "Molenhof 2"}
    for address, answer in places.items():
        advice = room_check(town.mo, query=address, category="attention", now=NOW).answer
        told = advice.category("attention")
        assert (answer.verdict, answer.chance) == (told.verdict, told.binding.chance), address


def test_a_verdict_that_was_kept_is_given_anew_after_somebody_spoke(town: Cast):
    before = answer_about(town, "Molenhof 2")
    crowd(town, "Molen")
    after = answer_about(town, "Molenhof 2")
    advice = room_check(town.mo, query="Molenhof 2", category="attention", now=NOW).answer
    assert after != before
    assert after.chance == advice.category("attention").binding.chance


DRAWN = "AB"  # stairwells of the Vlierhof, where they are drawn


@pytest.mark.parametrize("told", ["nothing", "drawn", "one judged", "each judged"])
def test_the_homes_that_fit_get_the_verdict_that_reading_every_home_gives(cast: Cast, told: str):
    load_town(cast, stairwells_of_the_vlierhof(told))
    owner, day = cast.woonbelang, TODAY
    vacancies = dict(
        Notice.objects.for_organisation(owner).values_list("code", "complex_id").order_by("pk")
    )
    rows = Dwelling.objects.for_organisation(owner).filter(code__in=["Vlier-007", "Molen-009"])
    lived_in = dict(rows.values_list("code", "complex_id"))
    found = searching.answers(owner, "attention", day, vacancies=vacancies, homes=lived_in)
    whole = case_of(*look_around(owner, {*vacancies.values()}, day))
    wanted = {
        code: searching._answer(verdict_only(whole.accounts, each, "attention", day))
        for code in (*vacancies, *lived_in)
        for each in [whole.portfolio.vacancy.get(code) or searching._home(whole, code)]
    }
    assert {**found.vacancies, **found.homes} == wanted
    assert len(wanted) == 5


def stairwells_of_the_vlierhof(told: str) -> Portfolio:
    town = hanzeveen()
    if told == "nothing":
        return town
    dwellings = tuple(
        replace(each, stairwell=DRAWN[int(each.id[-3:]) > 11]) if each.complex == "Vlier" else each
        for each in town.dwellings
    )
    judged = {"drawn": "", "one judged": "A", "each judged": DRAWN}[told]
    groups = tuple(
        replace(each, scope=Scope(ScopeKind.STAIRWELL, f"Vlier/{name}"))
        for name in judged
        for each in a_round("Vlier", "iris", attention=(3, 4, 5), on=TODAY)
    )
    cap = a_cap("Vlier", 6)
    return replace(
        town,
        dwellings=dwellings,
        judgements=(*town.judgements, *groups),
        caps=(replace(cap, for_kind=ScopeKind.STAIRWELL),),
    )


def answer_about(town: Cast, address: str):
    found = where(town.mo, THREE, now=NOW)
    places = (*found.open.room, *found.open.asking)
    return next(each.answer for each in places if each.vacancy.address == address)


@pytest.mark.parametrize(
    "asked",
    [Asked(rooms=2), Asked(rooms=4), Asked(rooms=5), Asked(rooms=3, level=True)],
    ids=["smaller", "larger", "five or more", "without stairs"],
)
def test_homes_that_do_not_fit_are_not_named(town: Cast, asked: Asked):
    found = where(town.mo, asked, now=NOW)
    assert (found.open.room, found.open.asking, found.expected) == ((), (), ())
    assert found.chance == 0


def test_a_neighbourhood_that_is_not_wanted_is_left_out_and_only_counted(town: Cast):
    found = where(town.mo, replace(THREE, without=frozenset({"BU010101"})), now=NOW)
    assert (found.open.room, found.open.asking, found.expected) == ((), (), ())
    assert found.open.reasons == {"unwanted": 2}


def test_another_associations_homes_are_not_there(town: Cast):
    found = where(town.mo, THREE, now=NOW)
    named = {each.name for each in found.expected}
    named |= {each.vacancy.complex.name for each in (*found.open.room, *found.open.asking)}
    assert "De Eldershof" not in named


def test_where_her_own_view_comes_first_she_hears_only_that(town: Cast):
    found = where(town.iris, THREE, now=NOW)
    assert addresses((*found.open.room, *found.open.asking)) == {"Molenhof 2"}
    assert {line.address for line in found.open.waiting} == {"Vlierhof 3", "Vlierhof 24"}
    assert found.open.reasons["own_view"] == 1
    assert "De Vlierhof" not in {each.name for each in found.expected}
    answers(town.iris, "Vlierhof 3")
    answers(town.iris, "Vlierhof 24")
    after = where(town.iris, THREE, now=NOW)
    assert after.open.waiting == ()
    assert "Vlierhof 3" in addresses((*after.open.room, *after.open.asking))


def test_what_may_come_free_is_reckoned_from_homes_of_this_size_and_departures(town: Cast):
    found = where(town.mo, THREE, now=NOW)
    assert found.own_rate is False
    assert found.rate == 0.06
    for each in found.expected:
        assert each.answer.verdict >= Verdict.TIGHT
        assert each.homes in {22, 11}  # without the homes of which notice was given
        assert 0 < each.chance < each.homes * found.rate * found.weeks / 52


def test_more_homes_and_a_faster_pace_never_lower_the_chance():
    chances = [stock.chance_of_one(homes, 0.06, 12) for homes in (0, 1, 10, 100, 1000)]
    assert chances == sorted(chances)
    assert chances[0] == 0
    assert chances[-1] < 1
    assert stock.chance_of_one(10, 0.05, 12) < stock.chance_of_one(10, 0.06, 12)


def test_asking_keeps_nothing(town: Cast):
    before = (Step.objects.for_organisation(town.woonbelang).count(), Event.of_everybody.count())
    where(town.mo, THREE, now=NOW)
    after = (Step.objects.for_organisation(town.woonbelang).count(), Event.of_everybody.count())
    assert before == after
    assert PlaceRequest.objects.for_organisation(town.woonbelang).count() == 2


def queries_of(user) -> int:
    searching._kept.cache_clear()
    with CaptureQueriesContext(connection) as found:
        where(user, THREE, now=NOW)
    return len(found)


def test_a_larger_stock_takes_no_more_queries(cast: Cast):
    load_town(cast, hanzeveen())
    few = queries_of(cast.mo)
    more = joined(
        *(homes(f"Park{number}", 14) for number in range(6)),
        Portfolio(
            complexes=tuple(a_complex(f"Park{number}") for number in range(6)),
            vacancies=tuple(a_vacancy(f"Park{number}-001") for number in range(6)),
        ),
    )
    load_town(cast, joined(hanzeveen(), more))
    assert queries_of(cast.mo) <= few + 16  # one more handful of complexes is weighed


def test_a_request_by_hand_has_a_number_and_no_person(town: Cast):
    number = asks_for_a_place(town.iris, town.woonbelang, partner=town.opstap.public_id, level=True)
    assert number == "26-071"
    (line,) = [each for each in open_requests(town.iris, TODAY) if each.number == number]
    assert (line.rooms, line.level, line.category, line.partner) == (
        3,
        True,
        "attention",
        "Stichting Opstap",
    )
    event = Event.objects.for_organisation(town.woonbelang).latest("number")
    assert (event.action, event.actor) == ("letting.request", town.iris)


def test_numbers_of_requests_go_on(town: Cast):
    assert [asks_for_a_place(town.iris, town.woonbelang) for _ in range(2)] == ["26-071", "26-072"]
    assert asks_for_a_place(town.olga, town.elders) == "26-071"  # both lists began with the file


def test_a_request_is_whole_for_its_consultant_the_head_and_the_partner_alone(town: Cast):
    number = asks_for_a_place(town.iris, town.woonbelang, partner=town.opstap.public_id)
    sees = {
        name
        for name, person in town.people()
        if number in {each.number for each in open_requests(person, TODAY)}
    }
    assert sees == {"iris", "mo", "joris"}


def test_who_may_not_decide_keeps_no_request(town: Cast):
    from django.core.exceptions import PermissionDenied

    for person in (town.hans, town.tessa, town.olga, town.anja):
        with pytest.raises(PermissionDenied):
            asks_for_a_place(person, town.woonbelang)


def test_a_request_is_closed_once_with_how_it_ended(town: Cast):
    asks_for_a_place(town.iris, town.woonbelang)
    row = PlaceRequest.objects.visible_to(town.iris).get(replaced_at=None)
    for outcome in (RequestOutcome.HOUSED, RequestOutcome.NO_LONGER):
        services.close_request(user=town.iris, request=row.public_id, outcome=outcome, now=NOW)
    versions = PlaceRequest.objects.for_organisation(town.woonbelang).filter(number="26-071")
    assert [each.outcome for each in versions.order_by("pk")] == [None, "housed"]
    last = versions.get(replaced_at=None)
    assert (last.closed_on, last.rooms, last.consultant) == (TODAY, 3, town.iris)
    assert open_requests(town.iris, TODAY) == ()


def test_a_colleague_and_a_stranger_close_nothing(town: Cast):
    asks_for_a_place(town.iris, town.woonbelang)
    row = PlaceRequest.objects.visible_to(town.iris).get(replaced_at=None)
    for person in (town.sem, town.olga):
        with pytest.raises(Missing):
            services.close_request(
                user=person, request=row.public_id, outcome=RequestOutcome.HOUSED, now=NOW
            )


def test_a_request_without_room_says_how_many_complexes_say_no(cast: Cast):
    load_town(cast, hanzeveen())
    crowd(cast, "Molen")
    crowd_vlier(cast)
    found = requests(cast.mo, now=NOW)
    by_number = {row.line.number: row for row in found.rows}
    assert by_number["26-041"].nowhere
    assert by_number["26-041"].now.room == ()
    assert sum(by_number["26-041"].now.reasons.values()) == 2


def crowd_vlier(cast: Cast) -> None:
    """Let Vlierhof be over its limit as well."""
    from tests.web.letting.crowded import judged

    judged(cast, "Vlier", (18, 19, 20))


def test_a_request_that_waits_too_long_is_without_a_place_even_where_there_is_room(town: Cast):
    found = requests(town.mo, now=NOW)
    (old, young) = found.rows
    assert (old.line.number, old.late, old.nowhere) == ("26-041", True, True)
    assert (young.late, young.line.weeks) == (False, 3)


def test_a_consultant_sees_her_own_requests_only(town: Cast):
    assert requests(town.iris, now=NOW).rows == ()
    asks_for_a_place(town.iris, town.woonbelang)
    assert [row.line.number for row in requests(town.iris, now=NOW).rows] == ["26-071"]
    assert len(requests(town.mo, now=NOW).rows) == 3


def test_the_vacancy_behind_a_place_can_be_opened(town: Cast):
    (place, *_) = (
        where(town.mo, THREE, now=NOW).open.room or where(town.mo, THREE, now=NOW).open.asking
    )
    assert the_vacancy(town.mo, place.vacancy.address).id == place.vacancy.id
