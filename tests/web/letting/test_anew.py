"""The advert is out and nobody came: the way of a home is chosen anew, own view first."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from mixwijzer.web.desk.selectors import today
from mixwijzer.web.letting import selectors, services
from mixwijzer.web.letting.match_steps import Act, MatchState
from mixwijzer.web.letting.models import Decision, Question, Vacancy
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Letting
from mixwijzer.web.register.services import verify_accounts
from mixwijzer.web.rounds.transitions import WeekEvent
from mixwijzer.web.yearbook.selectors import Quarter, quarter
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides
from tests.web.every_url import asked, logged_in
from tests.web.letting.matched import a_candidate, a_home_for_matching, acts, now_of, proposed
from tests.web.rounds.weeks import a_week_on_the_table, agrees, steps, the_item, the_page

OUT = NOW + timedelta(days=8)  # the advert went out the day before


def anew(user: object, decision: Decision, reason: str = "no_reaction", **more: object) -> object:
    given = {"reason": reason, "key": str(a_key()), **more}
    return asked(
        logged_in(user), "POST", reverse("letting:anew", args=[decision.public_id]), **given
    )


def promised(cast: Cast, vacancy: Vacancy) -> list[str]:
    rows = Letting.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    return list(rows.filter(notice=vacancy.code).values_list("channel", flat=True))


@pytest.mark.parametrize("looking", [False, True])
def test_after_the_advert_the_way_is_chosen_anew_own_view_first(town: Cast, looking):
    first = decides(town.iris, answers(town.iris, "Vlierhof 3"), channel="mediation")
    vacancy = first.vacancy
    with time_machine.travel(OUT):
        if looking:
            services.open_matching(user=town.iris, vacancy=vacancy.public_id, now=OUT)
        page = asked(
            logged_in(town.iris), "GET", reverse("letting:vacancy", args=[vacancy.public_id])
        ).content.decode()
        assert "Kwam er niemand op de advertentie?" in page
        assert anew(town.iris, first).status_code == 302
        vacancy.refresh_from_db()
        assert (vacancy.state, promised(town, vacancy)) == (State.NOTICED, [])
        page = asked(
            logged_in(town.iris), "GET", reverse("letting:vacancy", args=[vacancy.public_id])
        ).content.decode()
        assert "Niemand reageerde op de advertentie" in page
        assert "Eerder besloten" not in page  # own view first
        second = decides(
            town.iris, answers(town.iris, "Vlierhof 3", OUT), channel="ordinary", now=OUT
        )
        assert promised(town, vacancy) == [second.channel] != ["mediation"]
        page = asked(
            logged_in(town.iris), "GET", reverse("letting:vacancy", args=[vacancy.public_id])
        ).content.decode()
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert "Eerder besloten" in page
    assert first.channel_name["nl"] in page
    figures = today(town.iris, now=OUT).figures
    assert figures.decided == 1
    assert selectors.delay_of(town.iris, vacancy.public_id, day=OUT.date()).cost == 0
    assert quarter(town.iris, Quarter(year=2026, number=4), today=OUT.date()).work.days_lost == 0
    assert verify_accounts(owner=town.woonbelang, day=OUT.date()) == ()


def test_a_way_is_chosen_anew_once_by_who_may_with_a_reason_after_the_advert(town: Cast):
    first = decides(town.iris, answers(town.iris, "Vlierhof 3"))
    vacancy = first.vacancy

    def now_at() -> str:
        vacancy.refresh_from_db()
        return vacancy.state

    with time_machine.travel(NOW):  # it can still be taken back
        anew(town.iris, first)
        assert now_at() == State.DECIDED
        page = asked(
            logged_in(town.iris), "GET", reverse("letting:vacancy", args=[vacancy.public_id])
        ).content.decode()
        assert "Kwam er niemand" not in page
    with time_machine.travel(OUT):
        anew(town.iris, first, reason="because")
        assert now_at() == State.DECIDED
        assert anew(town.olga, first).status_code == 404
        assert anew(town.tessa, first).status_code in (403, 404)
        assert now_at() == State.DECIDED
        key = str(a_key())
        for _ in range(2):
            assert anew(town.mo, first, key=key).status_code == 302
        assert now_at() == State.NOTICED
        anew(town.mo, first)  # another form of the same page
        assert now_at() == State.NOTICED
    open_ones = Question.objects.for_organisation(town.woonbelang).filter(
        vacancy=vacancy, answered_at=None, released_at=None
    )
    assert [each.asked for each in open_ones] == [town.iris]


def test_a_way_is_not_chosen_anew_while_a_candidate_is_proposed(town: Cast):
    vacancy = a_home_for_matching(town)
    match = proposed(town, vacancy, a_candidate(town))
    waits = proposed(town, vacancy, a_candidate(town), reserve=True)
    with time_machine.travel(OUT):
        anew(town.iris, vacancy.standing().get())
        vacancy.refresh_from_db()
        assert vacancy.state == State.RESERVED
        assert {now_of(match).state, now_of(waits).state} == {"proposed", "reserve"}


def test_a_match_of_before_can_be_opened_again_on_the_new_way(town: Cast):
    vacancy = a_home_for_matching(town)
    match = proposed(town, vacancy, a_candidate(town))
    acts(town.iris, match, Act.CANCEL)
    with time_machine.travel(OUT):
        anew(town.mo, vacancy.standing().get(), "all_refused")
        decides(town.iris, answers(town.iris, "Vlierhof 3", OUT), channel="mediation", now=OUT)
        services.open_matching(user=town.iris, vacancy=vacancy.public_id, now=OUT)
        acts(town.iris, match, Act.REOPEN, now=OUT)
    assert now_of(match).state == MatchState.PROPOSED


def test_a_published_week_sheet_shows_what_was_decided_anew(town: Cast):
    answers(town.iris, "Vlierhof 3")
    row = a_week_on_the_table(town, ["Vlierhof 3"])
    first = agrees(town.iris, the_item(row, "Vlier-003")).decision
    steps(town.mo, row, WeekEvent.ADOPT)
    steps(town.mo, row, WeekEvent.EXECUTE)
    path = reverse("rounds:week") + f"?week={row.year}-{row.week}"
    with time_machine.travel(OUT):
        anew(town.iris, first)
        answers(town.iris, "Vlierhof 3", OUT)
        page = asked(logged_in(town.mo), "GET", path).content.decode()
        assert "de weg wordt opnieuw gekozen" in page
        vacancy = first.vacancy
        now = selectors.vacancy_page(town.iris, vacancy.public_id, now=OUT)
        second = decides(town.iris, now, channel="mediation", now=OUT)
        page = asked(logged_in(town.mo), "GET", path).content.decode()
        [line] = the_page(town.mo).items
    assert "Opnieuw besloten" in page
    assert (line.way, line.anew.way) == (first.channel_name, second.channel_name)
    assert line.decided_by == town.iris.name
