"""A list of candidates that was brought in is taken back: all of it, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from mixwijzer.web.accounts.models import Missing
from mixwijzer.web.audit.models import Event
from mixwijzer.web.letting import services
from mixwijzer.web.letting.match_steps import Act
from mixwijzer.web.letting.models import Candidate, CandidateList
from mixwijzer.web.letting.refusals import ListBuiltOn, ListTooLongAgo
from mixwijzer.web.letting.services import Entered
from tests.builders import NOW
from tests.cast import Cast
from tests.web.every_url import asked, logged_in
from tests.web.letting.matched import a_candidate, a_home_for_matching, acts, proposed

LATER = NOW + timedelta(hours=3)


@pytest.fixture(autouse=True)
def later_that_monday() -> Iterator[None]:
    with time_machine.travel(LATER):
        yield


def told(number: int, **more: object) -> Entered:
    given = {"size": 2, "income_class": "target", "registered": date(2018, 5, number)}
    return Entered(**{**given, "reference": f"D-{number}", **more})


def brought_in(cast: Cast, *people: Entered, now=NOW) -> CandidateList:
    services.bring_in(user=cast.iris, owner=cast.woonbelang, people=people, now=now)
    return CandidateList.objects.for_organisation(cast.woonbelang).latest("pk")


def takes_back(cast: Cast, row: CandidateList, now=LATER) -> None:
    services.take_list_back(user=cast.iris, listed=row.public_id, now=now)


def looking(cast: Cast) -> dict[str | None, int]:
    """Return who looks: the number elsewhere, and how many persons."""
    return dict(Candidate.looking(cast.woonbelang).values_list("reference", "size"))


def of_number(cast: Cast, number: int) -> Candidate:
    return Candidate.looking(cast.woonbelang).get(reference=f"D-{number}")


def the_page(cast: Cast, row: CandidateList) -> str:
    answer = asked(logged_in(cast.iris), "GET", reverse("letting:brought", args=[row.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_came_in_leaves_and_who_was_corrected_gets_back_what_stood_before(town: Cast) -> None:
    brought_in(town, told(1), told(2))
    row = brought_in(town, told(1, size=5, priority="urgency"), told(2), told(3), told(4))
    term = of_number(town, 1).keep_until
    takes_back(town, row)
    assert looking(town) == {"D-1": 2, "D-2": 2}
    assert (of_number(town, 1).priority, of_number(town, 1).keep_until) == (None, term)
    gone = Candidate.objects.for_organisation(town.woonbelang).filter(left="mistake")
    assert set(gone.values_list("reference", flat=True)) == {None}
    line = Event.objects.for_organisation(town.woonbelang).get(action="candidate.take_list_back")
    assert json.loads(line.payload)["facts"] == {"entered": 2, "corrected": 1, "left": 0}
    takes_back(town, row)  # the same button once more
    assert looking(town) == {"D-1": 2, "D-2": 2}
    mended = brought_in(town, told(1, size=3), told(3), now=LATER)
    assert (mended.entered, mended.corrected) == (1, 1)
    assert looking(town) == {"D-1": 3, "D-2": 2, "D-3": 2}


def test_after_a_proposal_it_is_refused_as_a_whole_with_who_and_why(town: Cast) -> None:
    row = brought_in(town, told(1), told(2), told(3))
    match = proposed(town, a_home_for_matching(town), of_number(town, 1), now=LATER)
    acts(town.iris, match, Act.CANCEL, now=LATER)
    second = of_number(town, 2)
    services.correct(user=town.iris, candidate=second.public_id, entered=told(2, size=4), now=LATER)
    with pytest.raises(ListBuiltOn) as refused:
        takes_back(town, row)
    numbers = (of_number(town, 1).number, second.number)
    assert refused.value.numbers == numbers
    assert looking(town) == {"D-1": 2, "D-2": 4, "D-3": 2}
    page = the_page(town, row)
    assert "2 kandidaten van deze lijst houden dit tegen" in page
    assert all(each in page for each in numbers)
    assert "sindsdien voorgesteld" in page
    assert "iets anders vastgelegd" in page
    assert "Neem de lijst terug" not in page
    answer = asked(logged_in(town.iris), "POST", reverse("letting:list-back", args=[row.public_id]))
    assert answer.status_code == 409
    assert numbers[0] in answer.content.decode()


def test_a_match_from_before_the_list_stands_in_its_way_only_when_it_went_on(town: Cast) -> None:
    who = a_candidate(town, reference="D-1")
    match = proposed(town, a_home_for_matching(town), who)
    row = brought_in(town, told(1, size=3), now=NOW + timedelta(hours=1))
    takes_back(town, row)
    assert looking(town)["D-1"] == 2
    row = brought_in(town, told(1, size=3), now=LATER)
    services.accept(user=town.iris, match=match.public_id, version=1, now=LATER)
    with pytest.raises(ListBuiltOn):
        takes_back(town, row)


def test_the_latest_list_is_taken_back_first_and_then_the_one_before(town: Cast) -> None:
    first = brought_in(town, told(1))
    second = brought_in(town, told(1, size=4), now=NOW + timedelta(hours=1))
    with pytest.raises(ListBuiltOn):
        takes_back(town, first)
    takes_back(town, second)
    takes_back(town, first)
    assert looking(town) == {}


def test_who_left_since_stays_away_and_holds_nothing_up(town: Cast) -> None:
    row = brought_in(town, told(1), told(2))
    services.leave(
        user=town.iris, candidate=of_number(town, 1).public_id, why="elsewhere", now=LATER
    )
    takes_back(town, row)
    left = Candidate.objects.for_organisation(town.woonbelang).filter(replaced_at=None)
    assert sorted(left.values_list("left", flat=True)) == ["elsewhere", "mistake"]


def test_it_can_be_done_for_fourteen_days_by_who_may(town: Cast) -> None:
    row = brought_in(town, told(1))
    with pytest.raises(PermissionDenied):
        services.take_list_back(user=town.tessa, listed=row.public_id, now=LATER)
    with pytest.raises(Missing):
        services.take_list_back(user=town.olga, listed=row.public_id, now=LATER)
    with pytest.raises(ListTooLongAgo):
        takes_back(town, row, now=NOW + timedelta(days=14))
    assert looking(town) == {"D-1": 2}
    with time_machine.travel(NOW + timedelta(days=14)):
        assert "Niets meer terug te nemen" in the_page(town, row)
        path = reverse("letting:listed")
        assert "Onlangs ingelezen" not in asked(logged_in(town.iris), "GET", path).content.decode()


def test_the_page_of_lists_leads_to_it_and_says_when_it_was_done(town: Cast) -> None:
    row = brought_in(town, told(1), told(2))
    path = reverse("letting:brought", args=[row.public_id])
    lists = reverse("letting:listed")
    assert path in asked(logged_in(town.iris), "GET", lists).content.decode()
    assert "Neem de lijst terug" in the_page(town, row)
    done = asked(logged_in(town.iris), "POST", reverse("letting:list-back", args=[row.public_id]))
    assert done.status_code == 302
    assert "nam haar terug" in the_page(town, row)
    assert looking(town) == {}


def test_a_list_that_does_nothing_is_not_kept(town: Cast) -> None:
    brought_in(town, told(1))
    brought_in(town, told(1), now=LATER)
    assert CandidateList.objects.for_organisation(town.woonbelang).count() == 1
