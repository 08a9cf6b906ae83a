"""A notice is entered by hand: about the home, once, by who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from mixwijzer.web.letting.match_steps import Act, MatchState
from mixwijzer.web.letting.models import Match, Vacancy
from mixwijzer.web.letting.reasons import WITHDRAWN
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Notice, Tenancy
from mixwijzer.web.register.services import verify_accounts
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.every_url import asked, logged_in
from tests.web.letting.matched import (
    a_candidate,
    a_home_for_matching,
    acts,
    now_of,
    proposed,
    to_step,
)

FREE = TODAY + timedelta(days=60)


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def enters(who: object, address: str = "Vlierhof 5", **more: object) -> object:
    given = {"address": address, "free_from": FREE.isoformat(), **more}
    return asked(logged_in(who), "POST", reverse("letting:notice"), **given)


def test_it_leads_to_the_vacancy_and_twice_is_once(town: Cast):
    before = Vacancy.objects.for_organisation(town.woonbelang).count()
    for person in (town.iris, town.tessa):
        answer = enters(person, "vlierhof 5", publication=(FREE - timedelta(days=20)).isoformat())
        assert answer.status_code == 302
    made = Vacancy.objects.for_organisation(town.woonbelang).get(dwelling="Vlier-005")
    assert answer.headers["Location"] == reverse("letting:vacancy", args=[made.public_id])
    assert Vacancy.objects.for_organisation(town.woonbelang).count() == before + 1
    notice = Notice.objects.for_organisation(town.woonbelang).get(code=made.code)
    assert (notice.notice, notice.free_from) == (TODAY, FREE)


@pytest.mark.parametrize(
    ("address", "free_from", "said"),
    [
        ("Vlierhof", FREE, "Welke woning?"),
        ("Nergens 1", FREE, "Geen woning heeft dit adres"),
        ("Eldershof 2", FREE, "Geen woning heeft dit adres"),  # another association's
        ("Vlierhof 5", TODAY.replace(year=2066), "2028"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(town: Cast, address, free_from, said):
    before = Notice.objects.for_organisation(town.woonbelang).count()
    answer = enters(town.iris, address, free_from=free_from.isoformat())
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Notice.objects.for_organisation(town.woonbelang).count() == before


def test_who_may_not_notify_finds_no_button(town: Cast):
    path = reverse("letting:notice")
    for person, there in ((town.tessa, True), (town.hans, False)):
        page = asked(logged_in(person), "GET", reverse("letting:vacancies")).content.decode()
        assert (path in page) is there


def corrects(who: object, vacancy: Vacancy, free_from: date, publication: str = "") -> object:
    path = reverse("letting:correct-notice", args=[vacancy.public_id])
    given = {"free_from": free_from.isoformat(), "publication": publication}
    return asked(logged_in(who), "POST", path, **given)


def withdraws(who: object, vacancy: Vacancy, reason: str) -> object:
    path = reverse("letting:withdraw-notice", args=[vacancy.public_id])
    return asked(logged_in(who), "POST", path, reason=reason)


def entered(cast: Cast) -> Vacancy:
    enters(cast.tessa, publication=(FREE - timedelta(days=20)).isoformat())
    return Vacancy.objects.for_organisation(cast.woonbelang).get(dwelling="Vlier-005")


def told_of(row: Vacancy) -> Notice:
    rows = Notice.objects.for_organisation(row.owner_id)
    return rows.get(code=row.code, replaced_at=None)


def page_of(who: object, row: Vacancy) -> str:
    path = reverse("letting:vacancy", args=[row.public_id])
    return asked(logged_in(who), "GET", path).content.decode()


def test_other_days_are_a_record_more_and_the_history_says_what_they_were(town: Cast):
    row = entered(town)
    before = told_of(row)
    assert corrects(town.iris, row, FREE + timedelta(days=14)).status_code == 302
    after = told_of(row)
    assert (after.free_from, after.publication) == (FREE + timedelta(days=14), None)
    assert (after.pk, after.public_id) != (before.pk, None)
    assert after.public_id == before.public_id
    page = page_of(town.tessa, row)
    assert "Opzegging verbeterd" in page
    assert "Iris Voorbeeld · vrij vanaf: vr 5 februari, was vr 22 januari" in page
    assert "besluit vóór: nog niet gepland, was za 2 januari" in page
    assert verify_accounts(owner=town.woonbelang, day=TODAY) == ()
    assert corrects(town.iris, row, TODAY.replace(year=2066)).status_code == 422


def test_typed_again_with_other_days_is_a_correction_that_keeps_the_advert(town: Cast):
    row = entered(town)
    answer = enters(town.iris, free_from=(FREE + timedelta(days=7)).isoformat())
    assert answer.status_code == 302
    notice = told_of(row)
    assert notice.free_from == FREE + timedelta(days=7)
    assert notice.publication == FREE - timedelta(days=20)
    assert "Opzegging verbeterd" in page_of(town.iris, row)
    assert (
        Vacancy.objects.for_organisation(town.woonbelang).filter(dwelling="Vlier-005").count() == 1
    )


@pytest.mark.parametrize("reason", WITHDRAWN)
def test_a_notice_is_withdrawn_with_all_that_was_under_way(town: Cast, reason):
    row = a_home_for_matching(town)
    match = proposed(town, row, a_candidate(town))
    assert withdraws(town.iris, row, reason).status_code == 302
    row.refresh_from_db()
    assert row.state == State.CLOSED
    assert told_of(row).closed_on == TODAY
    assert now_of(match).state == MatchState.CANCELLED
    assert not row.questions.filter(answered_at=None, released_at=None).exists()
    assert row.standing().get().lapsed_at is not None
    for page in (page_of(town.iris, row), str(asked_match(town, match))):
        assert str(reason.label) in page
    assert verify_accounts(owner=town.woonbelang, day=TODAY) == ()
    again = enters(town.iris, "Vlierhof 3")
    assert again.status_code == 302
    rows = Vacancy.objects.for_organisation(town.woonbelang).filter(dwelling="Vlier-003")
    assert rows.count() == 2


def steps_done(cast: Cast, row: Vacancy) -> tuple[int, int]:
    """Return how many steps the page of a vacancy calls done, and how many under way."""
    page = page_of(cast.iris, row)
    return page.count("step-done"), page.count("step-current")


def test_a_notice_that_is_over_calls_nothing_done_that_was_not(town: Cast):
    row = Vacancy.objects.for_organisation(town.woonbelang).get(dwelling="Vlier-024")
    withdraws(town.iris, row, WITHDRAWN[0])
    assert steps_done(town, row) == (1, 0)
    page = page_of(town.iris, row)
    assert "Deze opzegging is voorbij" in page
    assert "Er is nog geen advies" not in page
    decided = a_home_for_matching(town)
    withdraws(town.iris, decided, WITHDRAWN[0])
    assert steps_done(town, decided) == (4, 0)


def asked_match(cast: Cast, match: Match) -> str:
    path = reverse("letting:match", args=[match.public_id])
    return asked(logged_in(cast.iris), "GET", path).content.decode()


def test_a_notice_is_not_withdrawn_without_a_reason_or_after_the_key(town: Cast):
    row = entered(town)
    assert withdraws(town.iris, row, "let_outside").status_code == 409
    match = to_step(
        town,
        proposed(town, home := a_home_for_matching(town), a_candidate(town)),
        MatchState.CONTRACT,
    )
    acts(town.tessa, match, Act.LET)
    assert withdraws(town.iris, home, "stays").status_code == 409
    assert corrects(town.iris, home, FREE).status_code == 409
    page = page_of(town.iris, home)
    assert "Opzegging intrekken" not in page
    assert "Opzegging verbeteren" not in page
    assert "Opzegging intrekken" in page_of(town.iris, row)


def test_who_may_not_notify_finds_no_form(town: Cast):
    assert "Opzegging verbeteren" not in page_of(town.hans, entered(town))


def test_of_a_home_to_which_somebody_comes_no_notice_is_entered(town: Cast):
    row = Tenancy.objects.for_organisation(town.woonbelang).get(dwelling="Vlier-005")
    row.pk, row.code, row.start = None, "next", TODAY + timedelta(days=9)
    row.save(force_insert=True)
    answer = enters(town.iris)
    assert answer.status_code == 422
    assert "begint een huurcontract" in answer.content.decode()
