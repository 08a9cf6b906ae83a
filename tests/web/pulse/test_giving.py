"""A view is given once, blind, and kept; two that lie apart lead to a word; nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from mixwijzer.web.accounts.models import Missing
from mixwijzer.web.audit.models import Event as TrailEvent
from mixwijzer.web.pulse import selectors, services
from mixwijzer.web.pulse.bridge import Said
from mixwijzer.web.pulse.models import Practice, Round, Step, Task, View
from mixwijzer.web.pulse.refusals import (
    NoPlaces,
    NotAJudge,
    NotNow,
    NotYet,
    NotYours,
    OwnViewFirst,
    ReasonMissing,
    SamePerson,
    WrongDates,
    WrongView,
)
from mixwijzer.web.pulse.transitions import RoundState, TaskState
from mixwijzer.web.register.models import AccountState, Complex, Judgement
from mixwijzer.web.register.services import verify_accounts
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key
from tests.web.pulse.rounds import BUSY, CALM, NEAR, appoint, planned, running, says, task_of

LATER = NOW + timedelta(days=4)


def told_in(cast: Cast, code: str = "Vlier") -> list[tuple[str, str, int]]:
    """Return what the register knows of this year's yearly round: who, category, likely."""
    rows = Judgement.objects.for_organisation(cast.woonbelang).filter(
        scope_code=code, occasion="yearly", on__gte=TODAY, replaced_at=None
    )
    return sorted((row.judge.name.split()[0], row.category, row.best) for row in rows)


def state(judge, row) -> str:
    return task_of(judge, row).state


def test_a_view_waits_for_the_other_and_is_nowhere_else_until_then(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    before = AccountState.objects.for_organisation(town.woonbelang).get(scope_code="Vlier")
    says(town.iris, row, CALM)
    assert state(town.iris, row) == TaskState.GIVEN
    assert told_in(town) == []
    after = AccountState.objects.for_organisation(town.woonbelang).get(scope_code="Vlier")
    assert (after.state, after.judged_on) == (before.state, before.judged_on)


def test_with_both_in_they_are_one_round_of_the_account(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    says(town.hans, row, NEAR, now=LATER)
    assert told_in(town) == [
        ("Hans", "attention", 7),
        ("Hans", "carrier", 3),
        ("Iris", "attention", 6),
        ("Iris", "carrier", 3),
    ]
    days = {
        row.on for row in Judgement.objects.for_organisation(town.woonbelang) if row.on >= TODAY
    }
    assert days == {LATER.date()}
    assert {state(town.iris, row), state(town.hans, row)} == {TaskState.SETTLED}
    account = AccountState.objects.for_organisation(town.woonbelang).get(scope_code="Vlier")
    assert account.judged_on == LATER.date()
    assert verify_accounts(owner=town.woonbelang, day=LATER.date()) == ()


def test_the_same_form_sent_twice_is_one_view(town: Cast):
    row, key = running(town, "Vlier", town.iris, town.hans), a_key()
    says(town.iris, row, CALM, key=key)
    says(town.hans, row, NEAR)
    says(town.iris, row, CALM, key=key)
    assert View.objects.for_organisation(town.woonbelang).count() == 2
    assert state(town.iris, row) == TaskState.SETTLED


def test_a_view_can_be_corrected_until_the_other_is_in_and_not_after(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, BUSY)
    says(town.iris, row, CALM)
    says(town.hans, row, NEAR)
    assert ("Iris", "attention", 6) in told_in(town)
    with pytest.raises(NotNow):
        says(town.iris, row, BUSY)
    assert View.objects.for_organisation(town.woonbelang).count() == 3


def test_views_apart_lead_to_a_word_while_both_count_already(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    says(town.hans, row, BUSY)
    assert {state(town.iris, row), state(town.hans, row)} == {TaskState.TALK}
    assert ("Hans", "attention", 14) in told_in(town)
    assert [(each.other, each.complex) for each in selectors.talks(town.iris)] == [
        ("Hans Akker", "De Vlierhof")
    ]
    assert [each.other for each in selectors.talks(town.hans)] == ["Iris Voorbeeld"]


def test_who_adjusts_after_a_word_replaces_nothing_but_the_last_word(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    says(town.hans, row, BUSY)
    services.adjust(
        user=town.hans,
        task=task_of(town.hans, row).public_id,
        ranges=NEAR,
        known="all",
        key=a_key(),
        now=LATER,
    )
    assert ("Hans", "attention", 7) in told_in(town)
    rows = Judgement.objects.for_organisation(town.woonbelang).filter(
        on=TODAY, category="attention", judge=town.hans
    )
    assert [row.best for row in rows.order_by("pk")] == [14, 7]
    assert View.objects.for_organisation(town.woonbelang).filter(after_talk=True).count() == 1
    assert state(town.hans, row) == TaskState.SETTLED
    assert state(town.iris, row) == TaskState.TALK
    assert verify_accounts(owner=town.woonbelang, day=LATER.date()) == ()


def test_who_leaves_it_says_why_from_a_closed_list(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    says(town.hans, row, BUSY)
    task = task_of(town.iris, row).public_id
    with pytest.raises(ReasonMissing):
        services.leave(user=town.iris, task=task, reason="he is wrong", now=NOW)
    services.leave(user=town.iris, task=task, reason="other_parts", now=NOW)
    assert state(town.iris, row) == TaskState.SETTLED
    step = Step.objects.for_organisation(town.woonbelang).get(event="leave")
    assert step.reason == "other_parts"


def test_passed_on_asks_the_head_who_asks_somebody_else(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    services.pass_on(user=town.hans, task=task_of(town.hans, row).public_id, reason="away", now=NOW)
    says(town.iris, row, CALM)
    assert told_in(town) == []
    page = selectors.round_page(town.mo, row.public_id, now=NOW)
    assert page.places[0].passed_on == ("Hans Akker",)
    assert [each.people for each in page.conflicts] == [1]
    appoint(town, row, "Vlier", [town.iris, town.sem])
    says(town.sem, row, NEAR)
    assert [name for name, category, _ in told_in(town) if category == "attention"] == [
        "Iris",
        "Sem",
    ]
    with pytest.raises(NotNow):
        appoint(town, row, "Vlier", [town.iris, town.mo])


def test_one_who_is_asked_alone_settles_alone(town: Cast):
    row = running(town, "Molen", town.hans)
    says(town.hans, row, {name: replace(each, high=9) for name, each in CALM.items()})
    assert [name for name, *_ in told_in(town, "Molen")] == ["Hans", "Hans"]


def test_closing_keeps_one_view_and_asks_nobody_any_more(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    services.close_round(user=town.mo, round_id=row.public_id, now=LATER)
    assert [name for name, *_ in told_in(town)] == ["Iris", "Iris"]
    assert state(town.hans, row) == TaskState.LAPSED
    assert selectors.blind_places(town.hans) == ()
    with pytest.raises(NotNow):
        says(town.hans, row, NEAR)
    found = selectors.results(town.mo, row.public_id)
    assert found is not None
    assert (found.two, found.one, found.none) == (0, 1, 0)


def test_what_went_to_the_account_is_at_most_who_lived_there_and_the_view_stays(town: Cast):
    """Between a view and its round somebody may leave: then the account is told of those there."""
    row = running(town, "Vlier", town.iris, town.hans)
    full = {**CALM, "attention": Said(low=5, best=6, high=23)}
    says(town.iris, row, full)
    says(town.hans, row, NEAR, now=datetime(2026, 12, 20, 9, tzinfo=UTC))  # no. 3 left on the 14th
    told = Judgement.objects.for_organisation(town.woonbelang).filter(
        on__gt=TODAY, judge=town.iris, category="attention"
    )
    view = View.objects.for_organisation(town.woonbelang).get(task__judge=town.iris)
    assert (told.get().high, view.ranges["attention"]["high"]) == (22, 23)


@pytest.mark.parametrize(
    ("trouble", "wrong"),
    [
        ("order", {"low": 5, "best": 4, "high": 6}),
        ("households", {"low": 5, "best": 6, "high": 60}),
        ("sum", {"low": 5, "best": 22, "high": 23}),
        ("households", {"low": 1, "best": 2, "high": 3, "plus": 99}),
        ("order", {"low": 1, "best": 2, "high": 3, "minus": -1}),
    ],
)
def test_numbers_that_cannot_be_true_are_refused_and_nothing_is_written(town: Cast, trouble, wrong):
    row = running(town, "Vlier", town.iris, town.hans)
    said = {**CALM, "attention": Said(**wrong)}
    with pytest.raises(WrongView) as refused:
        says(town.iris, row, said)
    assert (refused.value.trouble, refused.value.households) == (trouble, 23)
    assert View.objects.for_organisation(town.woonbelang).count() == 0


def test_a_category_left_out_or_unheard_of_is_refused(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    for said in ({"attention": CALM["attention"]}, {**CALM, "regular": CALM["carrier"]}):
        with pytest.raises(WrongView):
            says(town.iris, row, said)


def test_a_sheet_on_paper_is_its_judges_view_and_says_who_typed_it(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.hans, row, NEAR, typist=town.mo)
    view = View.objects.for_organisation(town.woonbelang).get()
    assert (view.task.judge, view.entered_by) == (town.hans, town.mo)
    says(town.iris, row, CALM)
    assert ("Hans", "attention", 7) in told_in(town)
    seats = selectors.round_page(town.mo, row.public_id, now=NOW).places[0].seats
    assert {each.name: each.on_paper for each in seats}["Hans Akker"] == "Mo Staal"


def test_who_is_asked_himself_types_nobodys_sheet_before_his_own_view(town: Cast):
    row = running(town, "Vlier", town.mo, town.hans)
    with pytest.raises(OwnViewFirst):
        says(town.hans, row, NEAR, typist=town.mo)
    assert View.objects.for_organisation(town.woonbelang).count() == 0


def test_nobody_adjusts_or_leaves_anothers_view(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    says(town.hans, row, BUSY)
    task = task_of(town.iris, row).public_id
    with pytest.raises(NotYours):
        services.leave(user=town.mo, task=task, reason="other_parts", now=NOW)


@pytest.mark.parametrize("who", ["sem", "tessa", "olga", "anja", "lotte"])
def test_a_task_exists_for_its_judge_and_the_head_only(town: Cast, who):
    row = running(town, "Vlier", town.iris, town.hans)
    task = task_of(town.iris, row).public_id
    for act in (
        lambda user: selectors.task_page(user, task, now=NOW),
        lambda user: services.give(
            user=user, task=task, ranges=CALM, known="most", key=a_key(), now=NOW
        ),
        lambda user: services.pass_on(user=user, task=task, reason="away", now=NOW),
    ):
        with pytest.raises(Missing):
            act(getattr(town, who))


def test_a_round_that_is_planned_asks_nothing_and_starts_on_its_first_day(town: Cast):
    row = planned(town, "Vlier", start=LATER.date())
    assert selectors.asks(town.iris) == ()
    with pytest.raises(NotYet):
        services.start_round(user=town.mo, round_id=row.public_id, now=NOW)
    with pytest.raises(NotNow):
        says(town.iris, row, CALM)
    services.start_round(user=town.mo, round_id=row.public_id, now=LATER)
    (asked,) = selectors.asks(town.iris)
    assert (asked.open, asked.first) == (1, task_of(town.iris, row).public_id)


def test_the_proposal_asks_who_judged_there(town: Cast):
    row = planned(town, "Vlier", "Molen")
    page = selectors.round_page(town.mo, row.public_id, now=NOW)
    seats = {line.complex: {seat.name for seat in line.seats} for line in page.places}
    assert seats == {"De Molenhof": set(), "De Vlierhof": {"Hans Akker", "Iris Voorbeeld"}}
    assert [(each.complex, each.people) for each in page.conflicts] == [("De Molenhof", 0)]


def test_a_plan_refuses_twice_the_same_person_a_stranger_and_what_is_empty(town: Cast):
    row = planned(town, "Vlier")
    for people, refusal in (
        ([town.iris, town.iris], SamePerson),
        ([town.olga], NotAJudge),
        ([town.tessa], NotAJudge),
        ([town.iris, town.hans, town.sem], NotAJudge),
    ):
        with pytest.raises(refusal):
            appoint(town, row, "Vlier", people)
    with pytest.raises(NoPlaces):
        planned(town, "Elders")
    with pytest.raises(WrongDates):
        planned(town, "Vlier", start=LATER.date().replace(year=2027))
    appoint(town, row, "Vlier", [])
    with pytest.raises(NoPlaces):
        services.start_round(user=town.mo, round_id=row.public_id, now=NOW)


def test_the_same_plan_sent_twice_is_one_round(town: Cast):
    places = Complex.objects.for_organisation(town.woonbelang).filter(code="Vlier")
    key = a_key()
    for _ in range(2):
        services.make_round(
            user=town.mo,
            name="Twee keer",
            start=TODAY,
            until=TODAY,
            complexes=list(places.values_list("public_id", flat=True)),
            by_group=False,
            key=key,
            now=NOW,
        )
    assert Round.objects.for_organisation(town.woonbelang).count() == 1
    assert Task.objects.for_organisation(town.woonbelang).count() == 2


def test_only_the_head_plans_starts_and_closes(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    for who in (town.iris, town.hans, town.anja, town.olga):
        with pytest.raises((PermissionDenied, Missing)):
            services.close_round(user=who, round_id=row.public_id, now=NOW)
        with pytest.raises((PermissionDenied, Missing)):
            selectors.round_page(who, row.public_id, now=NOW)
    row.refresh_from_db()
    assert row.state == RoundState.OPEN


def test_the_trail_tells_that_something_was_said_and_never_what(town: Cast):
    row = running(town, "Vlier", town.iris, town.hans)
    says(town.iris, row, CALM)
    says(town.hans, row, BUSY)
    told = TrailEvent.objects.for_organisation(town.woonbelang).filter(action__startswith="pulse.")
    assert {each.action for each in told} >= {"pulse.make", "pulse.start", "pulse.give"}
    for each in told.filter(action="pulse.give"):
        assert json.loads(each.payload or "")["facts"] == {"on_behalf": 0}


def test_examples_remember_that_somebody_did_them_and_nothing_else(town: Cast):
    assert not selectors.practised(town.iris)
    for _ in range(2):
        services.practise(user=town.iris, now=NOW)
    assert selectors.practised(town.iris)
    assert not selectors.practised(town.hans)
    kept = {each.name for each in Practice._meta.get_fields()}
    assert kept == {"id", "owner", "user", "at"}
    assert Practice.objects.visible_to(town.mo).count() == 0
