"""Whoever is asked says first how it is there; until then no account or advice of it is seen."""

from __future__ import annotations

import pytest

from mixwijzer.web.desk.selectors import complex_page, complexes, room_check
from mixwijzer.web.letting import services
from mixwijzer.web.letting.bridge import Advice
from mixwijzer.web.letting.forms import AnswerForm
from mixwijzer.web.letting.models import Question
from mixwijzer.web.letting.refusals import NotNow, NotYours, QuestionFirst, WrongAnswer
from mixwijzer.web.letting.selectors import Hidden, vacancies, vacancy_page
from mixwijzer.web.letting.transitions import Event, State
from mixwijzer.web.register.models import Judgement
from mixwijzer.web.register.services import verify_accounts
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import answers, decides, the_page, the_vacancy
from tests.web.letting.crowded import crowd

RANGES = {"attention": (4, 6, 7), "carrier": (2, 3, 4)}


def test_the_consultant_of_the_complex_is_asked_about_each_open_notice(town: Cast):
    asked = {each.address: each.asked for each in vacancies(town.iris)}
    assert asked == {"Vlierhof 3": True, "Vlierhof 24": True, "Molenhof 2": False}


def test_before_her_own_view_iris_sees_no_advice_on_any_page(town: Cast):
    page = the_page(town.iris, "Vlierhof 3")
    vlier = page.complex.id
    check = room_check(town.iris, query="Vlierhof 7", category="attention", now=NOW)
    for shown in (page.advice, complex_page(town.iris, vlier, now=NOW).scopes, check.answer):
        assert isinstance(shown, Hidden)
        assert page.id in shown.vacancies
    assert page.alternatives == ()
    assert page.answers == ()


def test_before_her_own_view_iris_sees_what_she_said_and_not_what_hans_said(town: Cast):
    vlier = the_page(town.iris, "Vlierhof 3").complex.id
    assert [each.by for each in complex_page(town.iris, vlier, now=NOW).judgements] == [
        "Iris Voorbeeld"
    ]
    answers(town.iris, "Vlierhof 3")
    assert {each.by for each in complex_page(town.iris, vlier, now=NOW).judgements} == {
        "Iris Voorbeeld",
        "Hans Akker",
    }


def test_the_list_of_complexes_tells_no_account_at_all(town: Cast):
    fields = set(complexes(town.iris)[0].__dataclass_fields__)
    assert not fields & {"counts", "scopes", "verdict", "spread", "advice"}


def asks_sem(town: Cast, address: str) -> None:
    """Let a home be Sem's: he is asked about it."""
    vacancy = the_page(town.mo, address).id
    services.hand_over(user=town.mo, vacancy=vacancy, to=town.sem.public_id, now=NOW)


def test_who_is_not_asked_sees_the_advice(town: Cast):
    asks_sem(town, "Molenhof 2")
    assert isinstance(the_page(town.mo, "Vlierhof 3").advice, Advice)
    assert isinstance(the_page(town.iris, "Molenhof 2").advice, Advice)


def test_of_a_home_that_nobody_is_asked_about_the_advice_waits(town: Cast):
    for reader in (town.mo, town.iris):
        page = the_page(reader, "Molenhof 2")
        assert (page.advice, page.alternatives) == (None, ())
    asks_sem(town, "Molenhof 2")
    assert isinstance(the_page(town.mo, "Molenhof 2").advice, Advice)


def test_the_question_is_filled_with_her_own_last_answer(town: Cast):
    question = the_page(town.iris, "Vlierhof 3").question
    assert question is not None
    assert question.households == 22  # 24 homes, one empty, one about to leave
    assert question.categories == ("attention", "carrier")
    assert question.before is not None
    said = {each.category: (each.low, each.best, each.high) for each in question.before.categories}
    assert said == {"attention": (5, 6, 8), "carrier": (2, 3, 4)}


def test_the_question_about_a_home_that_already_stands_empty_is_about_everybody_there(town: Cast):
    question = the_page(town.iris, "Vlierhof 24").question
    assert question is not None
    assert question.households == 23


def test_after_her_answer_the_advice_opens_by_itself(town: Cast):
    page = answers(town.iris, "Vlierhof 3")
    assert (page.state, page.question) == (State.ADVISED, None)
    assert isinstance(page.advice, Advice)
    assert page.opened_at == NOW
    assert page.fresh
    assert [each.event for each in page.history] == ["open", "answer", "notice"]


def test_one_answer_answers_the_other_questions_about_that_building(town: Cast):
    answers(town.iris, "Vlierhof 3")
    other = the_page(town.iris, "Vlierhof 24")
    assert other.state == State.ADVISED
    assert isinstance(other.advice, Advice)
    assert [each.by for each in other.answers] == ["Iris Voorbeeld"]


def test_an_answer_is_a_judgement_about_the_households_that_stay(town: Cast):
    vacancy = the_vacancy(town.iris, "Vlierhof 3")
    services.answer(user=town.iris, vacancy=vacancy.id, ranges=RANGES, known="all", now=NOW)
    told = Judgement.objects.for_organisation(town.woonbelang).filter(notice="V-Vlier-003")
    assert {(row.category, row.low, row.best, row.high, row.occasion) for row in told} == {
        ("attention", 4, 6, 7, "notice"),
        ("carrier", 2, 3, 4, "notice"),
    }
    assert {row.judge_id for row in told} == {town.iris.pk}
    assert verify_accounts(owner=town.woonbelang, day=TODAY) == ()


def test_an_answer_sent_twice_is_one_judgement(town: Cast):
    vacancy = the_vacancy(town.iris, "Vlierhof 3")
    for _ in range(2):
        services.answer(user=town.iris, vacancy=vacancy.id, ranges=RANGES, known="all", now=NOW)
    told = Judgement.objects.for_organisation(town.woonbelang).filter(notice="V-Vlier-003")
    assert told.count() == 2  # one per category


def test_a_better_answer_replaces_hers_of_today_and_opens_the_advice_again(town: Cast):
    before = answers(town.iris, "Vlierhof 3")
    services.answer(
        user=town.iris,
        vacancy=before.id,
        ranges={**RANGES, "attention": (9, 10, 11)},
        known="most",
        now=NOW,
    )
    after = vacancy_page(town.iris, before.id, now=NOW)
    assert isinstance(before.advice, Advice)
    assert isinstance(after.advice, Advice)
    then, now = (page.advice.category("attention") for page in (before, after))
    assert now.binding.chance < then.binding.chance
    assert len(after.answers) == 1
    assert not after.answers[0].unchanged


@pytest.mark.parametrize(
    ("attention", "households"),
    [((5, 4, 6), -1), ((5, 6, 5), -1), ((-1, 2, 3), -1), ((20, 22, 23), 22)],
)
def test_numbers_that_cannot_be_true_are_refused_and_nothing_is_kept(
    town: Cast, attention, households
):
    vacancy = the_vacancy(town.iris, "Vlierhof 3")
    with pytest.raises(WrongAnswer) as refused:
        services.answer(
            user=town.iris,
            vacancy=vacancy.id,
            ranges={"attention": attention},
            known="most",
            now=NOW,
        )
    assert refused.value.category == "attention"
    assert refused.value.households == households
    assert the_vacancy(town.iris, "Vlierhof 3").state == State.NOTICED
    assert not Judgement.objects.for_organisation(town.woonbelang).filter(notice="V-Vlier-003")


def test_likely_numbers_that_are_more_than_live_there_together_are_refused(town: Cast):
    """Of each category they could be so; a household is of one of them."""
    vacancy = the_vacancy(town.iris, "Vlierhof 3")
    ranges = {"attention": (1, 20, 22), "carrier": (1, 3, 5)}
    with pytest.raises(WrongAnswer) as refused:
        services.answer(user=town.iris, vacancy=vacancy.id, ranges=ranges, known="all", now=NOW)
    assert (refused.value.category, refused.value.households) == ("attention", 22)
    given = {
        f"{name}_{part}": number
        for name, numbers in ranges.items()
        for part, number in zip(("low", "best", "high"), numbers, strict=True)
    }
    question = the_page(town.iris, "Vlierhof 3").question
    form = AnswerForm(question, {**given, "known": "all"})
    assert not form.is_valid()
    assert "23" in str(form.errors["attention_best"])
    assert not Judgement.objects.for_organisation(town.woonbelang).filter(notice="V-Vlier-003")


def test_somebody_who_was_not_asked_cannot_answer_in_her_place(town: Cast):
    vacancy = the_vacancy(town.iris, "Vlierhof 3")
    with pytest.raises(NotYours):
        services.answer(user=town.mo, vacancy=vacancy.id, ranges=RANGES, known="all", now=NOW)


def test_nothing_changed_needs_a_last_answer(town: Cast):
    services.hand_over(
        user=town.iris,
        vacancy=the_vacancy(town.iris, "Vlierhof 3").id,
        to=town.sem.public_id,
        now=NOW,
    )
    with pytest.raises(NotNow):
        services.answer_unchanged(
            user=town.sem, vacancy=the_vacancy(town.sem, "Vlierhof 3").id, now=NOW
        )


def test_nobody_decides_before_the_question_is_answered(town: Cast):
    page = the_page(town.mo, "Vlierhof 3")
    with pytest.raises(QuestionFirst):
        decides(town.mo, page, channel="ordinary")


def test_who_has_a_question_open_in_the_building_cannot_decide_there(town: Cast):
    answers(town.iris, "Vlierhof 3")
    vacancy = the_vacancy(town.iris, "Vlierhof 24")
    services.hand_over(user=town.iris, vacancy=vacancy.id, to=town.sem.public_id, now=NOW)
    page = the_page(town.sem, "Vlierhof 3")
    assert Event.DECIDE not in page.may
    with pytest.raises(QuestionFirst):
        decides(town.sem, page, channel="ordinary", reason="haste")


class TestHandingOver:
    def test_the_question_starts_again_for_the_colleague(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        services.hand_over(user=town.iris, vacancy=page.id, to=town.sem.public_id, now=NOW)
        hers, his = the_page(town.iris, "Vlierhof 3"), the_page(town.sem, "Vlierhof 3")
        assert (hers.state, hers.responsible) == (State.NOTICED, "Sem Ruiter")
        assert isinstance(his.advice, Hidden)
        assert his.question is not None
        assert his.question.before is None
        assert isinstance(hers.advice, Advice)

    def test_the_old_question_no_longer_waits(self, town: Cast):
        vacancy = the_vacancy(town.iris, "Vlierhof 3")
        services.hand_over(user=town.iris, vacancy=vacancy.id, to=town.sem.public_id, now=NOW)
        open_ones = Question.objects.for_organisation(town.woonbelang).filter(
            vacancy__public_id=vacancy.id, answered_at=None, released_at=None
        )
        assert [each.asked for each in open_ones] == [town.sem]

    @pytest.mark.parametrize("name", ["olga", "hans", "lotte", "anja"])
    def test_only_to_a_colleague_who_may_decide(self, town: Cast, name):
        vacancy = the_vacancy(town.iris, "Vlierhof 3")
        from mixwijzer.web.accounts.models import Missing

        with pytest.raises(Missing):
            services.hand_over(
                user=town.iris,
                vacancy=vacancy.id,
                to=getattr(town, name).public_id,
                now=NOW,
            )

    def test_not_after_the_decision(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        decides(town.iris, page)
        with pytest.raises(NotNow):
            services.hand_over(user=town.iris, vacancy=page.id, to=town.sem.public_id, now=NOW)


def test_where_there_is_room_instead_leaves_out_where_her_own_view_comes_first(town: Cast):
    """From Molenhof one is sent to Vlierhof; of that, Iris was asked and has said nothing.

    That it is named would tell her that there is room.
    """
    crowd(town, "Molen")
    asks_sem(town, "Molenhof 2")
    his, hers = the_page(town.mo, "Molenhof 2"), the_page(town.iris, "Molenhof 2")
    assert {each.vacancy.address for each in his.alternatives} == {"Vlierhof 3", "Vlierhof 24"}
    assert set(his.names.values()) == {"Vlierhof 3", "Vlierhof 24"}
    assert (hers.alternatives, hers.names, hers.places) == ((), {}, {})
    assert hers.advice.alternatives == {"attention": ()}
    answers(town.iris, "Vlierhof 3")
    after = the_page(town.iris, "Molenhof 2")
    assert {each.vacancy.address for each in after.alternatives} == {"Vlierhof 3", "Vlierhof 24"}
