"""Everybody finds her own work first, and nothing that isn't hers."""

from __future__ import annotations

from datetime import timedelta

from mixwijzer.web.accounts.models import User
from mixwijzer.web.desk.selectors import Today, today
from mixwijzer.web.letting import services
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides, the_vacancy


def work(rows) -> dict[str, str]:
    return {row.address: row.kind for row in rows}


def seen(user, now=NOW) -> Today:
    return today(user, now=now)


def test_a_new_notice_waits_for_her_view(town: Cast):
    assert work(seen(town.iris).waiting) == {"Vlierhof 3": "question", "Vlierhof 24": "question"}
    row = next(row for row in seen(town.iris).waiting if row.address == "Vlierhof 3")
    assert (row.due, row.late, row.holder) == (TODAY + timedelta(days=7), False, "Iris Voorbeeld")


def test_after_her_answer_it_waits_for_her_decision_and_then_she_follows_it(town: Cast):
    page = answers(town.iris, "Vlierhof 3")
    assert work(seen(town.iris).waiting)["Vlierhof 3"] == "decide"
    decides(town.iris, page)
    assert "Vlierhof 3" not in work(seen(town.iris).waiting)
    assert work(seen(town.iris).following)["Vlierhof 3"] == "following"


def test_a_notice_that_nobody_has_is_stuck_for_the_head_of_letting(town: Cast):
    assert work(seen(town.mo).stuck) == {"Molenhof 2": "unassigned"}
    assert work(seen(town.iris).stuck) == {}


def test_a_decision_that_is_late_is_seen_by_the_head_and_still_waits_for_her(town: Cast):
    later = NOW + timedelta(days=9)
    assert work(seen(town.mo, later).stuck)["Vlierhof 3"] == "late"
    waiting = {row.address: row.late for row in seen(town.iris, later).waiting}
    assert waiting["Vlierhof 3"]


def test_a_second_reading_waits_for_the_reader(town: Cast, monkeypatch):
    from mixwijzer.web.letting.services import deciding

    monkeypatch.setattr(deciding.bridge, "norm_says", lambda key, day: True)
    page = answers(town.iris, "Vlierhof 3")
    other = "mediation" if page.advice.recommended == "ordinary" else "ordinary"
    decides(town.iris, page, channel=other, reason="haste")
    assert work(seen(town.mo).waiting) == {"Vlierhof 3": "second_reading"}


def test_what_was_handed_over_waits_for_the_colleague(town: Cast):
    vacancy = the_vacancy(town.iris, "Vlierhof 3")
    services.hand_over(user=town.iris, vacancy=vacancy.id, to=town.sem.public_id, now=NOW)
    assert work(seen(town.sem).waiting) == {"Vlierhof 3": "question"}
    assert "Vlierhof 3" not in work(seen(town.iris).waiting)


def test_requests_without_a_place_are_for_the_head_of_letting(town: Cast):
    assert [row.number for row in seen(town.mo).requests_without_place] == ["26-041"]
    assert seen(town.mo).requests_without_place[0].weeks == 15
    assert seen(town.iris).requests_without_place == ()
    assert seen(town.iris).own_requests == ()


def test_a_care_partner_finds_its_own_requests_and_nothing_else(town: Cast):
    page = seen(town.joris)
    assert {row.number for row in page.own_requests} == {"26-041"}
    assert (page.waiting, page.following, page.figures, page.obligations) == ((), (), None, ())


def test_the_municipality_finds_what_was_agreed_with_it_exactly(town: Cast):
    (line,) = seen(town.lotte).obligations
    assert (line.group, line.association, line.target, line.realised, line.remaining) == (
        "status_holder",
        "Woonbelang Hanzeveen",
        12,
        0,
        12,
    )


def test_figures_count_the_readers_own_association(town: Cast):
    figures = seen(town.mo).figures
    assert figures is not None
    assert (figures.complexes, figures.homes, figures.open_vacancies) == (2, 36, 3)
    decision = decides(town.iris, answers(town.iris, "Vlierhof 3"))
    after = seen(town.mo).figures
    assert after is not None
    assert (after.decided, after.deviated, after.open_vacancies) == (1, 0, 2)
    services.withdraw(
        user=town.iris, decision=decision.public_id, reason="mistake", key=a_key(), now=NOW
    )
    again = seen(town.mo).figures
    assert again is not None
    assert again.decided == 0


def test_the_page_says_of_which_day_the_data_are_and_that_they_are_made_up(town: Cast):
    page = seen(town.iris)
    assert (page.data_date, page.synthetic) == (TODAY, True)


def test_today_takes_a_fixed_number_of_queries(town: Cast, django_assert_max_num_queries):
    head = User.objects.get(pk=town.mo.pk)  # as a request gets him: nothing remembered
    with django_assert_max_num_queries(28):  # six of them for the first day, until a decision
        seen(head)
