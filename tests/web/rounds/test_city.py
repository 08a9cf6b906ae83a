"""A round for the town: who gets which home, why (not), and what stands in the way of each step."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mixwijzer.web.accounts.models import Missing
from mixwijzer.web.accounts.roles import MATRIX, Action
from mixwijzer.web.config import watching
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Candidate, Match, Vacancy
from mixwijzer.web.letting.refusals import CandidateRests, CandidateTaken, HomeTaken, ReasonMissing
from mixwijzer.web.profiles.models import ProfileRow
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.bridge import DWELLINGS, current
from mixwijzer.web.register.services import store
from mixwijzer.web.rounds import bridge, tasks
from mixwijzer.web.rounds.city_steps import PERMISSION, TRANSITIONS, CityEvent, CityState, Work
from mixwijzer.web.rounds.models import CityHome, CityPerson, CityRound
from mixwijzer.web.rounds.refusals import (
    CandidateGone,
    ChoiceWrong,
    CityNotNow,
    DecideFirst,
    HomeGone,
    NameMissing,
    NotFree,
    NothingComputed,
    NotSettled,
    Settled,
    Stale,
)
from mixwijzer.web.rounds.selectors.choosing import choices
from mixwijzer.web.rounds.selectors.city import city_page, why_home, why_person
from mixwijzer.web.rounds.services import city, executing
from mixwijzer.web.rounds.work import SILENT
from tests.builders import NOW, TODAY
from tests.cast import PEOPLE, Cast
from tests.web.acting import a_key, answers, load_town, the_vacancy
from tests.web.every_url import asked, logged_in
from tests.web.letting.matched import a_candidate
from tests.web.rounds.cities import (
    HOMES,
    a_city,
    a_city_adopted,
    computed,
    is_decided,
    now_of,
    some_candidates,
    steps,
    the_home,
)
from tests.web.rounds.test_week import noticed, without_ids
from tests.web.rounds.weeks import a_week
from tests.web.test_own_view_first import town_where_hans_says

LATER = NOW + timedelta(minutes=5)
ROLE = {name: role for name, _, _, role in PEOPLE}


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def waiting(town: Cast) -> list[Candidate]:
    return some_candidates(town)


@pytest.fixture
def row(town: Cast, waiting: list[Candidate]) -> CityRound:
    return computed(town.iris, a_city(town.iris, town.woonbelang, waiting))


class TestChoosing:
    def test_a_form_sent_twice_makes_one(self, town: Cast, waiting: list[Candidate]):
        key = a_key()
        first = a_city(town.iris, town.woonbelang, waiting, key=key)
        assert a_city(town.iris, town.woonbelang, waiting, key=key) == first
        assert CityRound.objects.for_organisation(town.woonbelang).count() == 1

    def test_a_candidate_in_two_rounds_is_refused_with_both_named(
        self, town: Cast, waiting: list[Candidate]
    ):
        a_city(town.iris, town.woonbelang, waiting[:2], ["Vlierhof 3"])
        with pytest.raises(NotFree) as refused:
            a_city(town.mo, town.woonbelang, waiting[1:], ["Vlierhof 24"], name="Tweede ronde")
        assert refused.value.name == "Tweede ronde"
        assert refused.value.taken == ((waiting[1].number, "Ronde van november"),)
        assert CityRound.objects.for_organisation(town.woonbelang).count() == 1

    def test_a_home_in_another_round_or_on_the_sheet_of_a_week_is_shown_with_which(
        self, town: Cast, waiting: list[Candidate]
    ):
        a_city(town.iris, town.woonbelang, waiting[:1], ["Vlierhof 3"])
        a_week(town.mo, town.woonbelang, ["Vlierhof 24"])
        found = choices(town.mo, day=TODAY)
        held = {each.thing.address: each.held_by for each in found.homes}
        assert held["Vlierhof 3"] == "Ronde van november"
        assert "48" in held["Vlierhof 24"]
        assert held["Molenhof 2"] == ""
        with pytest.raises(NotFree):
            a_city(town.mo, town.woonbelang, waiting[1:], ["Vlierhof 24"])

    def test_a_home_of_a_city_round_does_not_come_on_the_sheet_of_a_week(
        self, town: Cast, waiting: list[Candidate]
    ):
        a_city(town.iris, town.woonbelang, waiting, ["Vlierhof 3"])
        with pytest.raises(NotFree) as refused:
            a_week(town.mo, town.woonbelang, ["Vlierhof 3", "Vlierhof 24"])
        assert refused.value.taken == (("Vlier-003", "Ronde van november"),)

    def test_when_a_round_ends_its_homes_and_candidates_are_free_again(
        self, town: Cast, waiting: list[Candidate]
    ):
        before = a_city(town.iris, town.woonbelang, waiting)
        steps(town.mo, before, CityEvent.DROP)
        again = a_city(town.iris, town.woonbelang, waiting)
        assert computed(town.iris, again).state == CityState.COMPUTED

    def test_who_rests_or_is_in_a_match_is_shown_with_why_not(
        self, town: Cast, waiting: list[Candidate]
    ):
        letting.candidates.rest(
            waiting[0], until=date(2027, 1, 1), until_reassessed=False, by=town.iris, now=NOW
        )
        found = choices(town.mo, day=TODAY)
        rests = {each.thing.number: each.rests for each in found.people}
        assert rests[waiting[0].number]
        assert not rests[waiting[1].number]
        with pytest.raises(ChoiceWrong):
            a_city(town.iris, town.woonbelang, waiting[:1])

    @pytest.mark.parametrize("name", ["", "  ", "Voor 123456782"])
    def test_it_needs_a_name_that_says_nothing_of_a_person(
        self, town: Cast, waiting: list[Candidate], name: str
    ):
        with pytest.raises(NameMissing):
            a_city(town.iris, town.woonbelang, waiting, name=name)

    @pytest.mark.parametrize(("homes", "people"), [(0, 1), (1, 0)])
    def test_it_needs_a_home_and_a_candidate(
        self, town: Cast, waiting: list[Candidate], homes: int, people: int
    ):
        with pytest.raises(ChoiceWrong):
            a_city(town.iris, town.woonbelang, waiting[:people], HOMES[:homes])

    def test_a_home_that_is_decided_about_can_not_take_part(
        self, town: Cast, waiting: list[Candidate]
    ):
        vacancy = is_decided(town, "Vlierhof 3")
        with pytest.raises(ChoiceWrong):
            city.make(
                user=town.iris,
                owner=town.woonbelang,
                name="Ronde",
                vacancies=[vacancy.public_id],
                candidates=[waiting[0].public_id],
                key=a_key(),
                now=NOW,
            )


class TestComputing:
    def test_nothing_is_kept_of_a_candidate_but_the_number(self, town: Cast, row: CityRound):
        kept = json.dumps([row.result, row.inputs])
        for each in Candidate.objects.for_organisation(town.woonbelang):
            assert str(each.registered) not in kept
        assert "target" not in kept

    def test_how_far_it_is_is_told_after_every_home(self, town: Cast, waiting: list[Candidate]):
        made = a_city(town.iris, town.woonbelang, waiting)
        going = city.ask(user=town.iris, city_round=made.public_id, event=CityEvent.RUN, now=NOW)
        seen: list[tuple[int, int, str]] = []
        city.run(going, heard=lambda n: seen.append((n, now_of(made).done, now_of(made).work)))
        assert seen == [(1, 1, "running"), (2, 2, "running"), (3, 3, "running")]
        assert (now_of(made).work, now_of(made).state) == (Work.NONE, CityState.COMPUTED)

    def test_a_run_that_is_stopped_writes_nothing(self, town: Cast, row: CityRound):
        going = city.ask(user=town.iris, city_round=row.public_id, event=CityEvent.RUN, now=NOW)

        def stop(home: int) -> None:
            if home == 1:
                city.ask(user=town.mo, city_round=row.public_id, event=CityEvent.STOP, now=NOW)

        assert not city.run(going, heard=stop)
        after = now_of(row)
        assert (after.result, after.runs, after.state) == (row.result, 1, CityState.COMPUTED)
        assert not city.run(going)  # a task that comes late finds nothing to do

    def test_of_two_workers_the_later_one_counts(self, town: Cast, waiting: list[Candidate]):
        made = a_city(town.iris, town.woonbelang, waiting)
        going = city.ask(user=town.iris, city_round=made.public_id, event=CityEvent.RUN, now=NOW)

        def another(home: int) -> None:
            if home == 1:
                assert city.run(now_of(made))

        assert not city.run(going, heard=another)
        assert now_of(made).runs == 1

    def test_a_round_withdrawn_during_a_run_stays_withdrawn(self, town: Cast, row: CityRound):
        going = city.ask(user=town.iris, city_round=row.public_id, event=CityEvent.RUN, now=NOW)
        assert not city.run(going, heard=lambda _: steps(town.mo, row, CityEvent.DROP) and None)
        assert now_of(row).state == CityState.DROPPED

    def test_the_watch_takes_up_what_a_killed_worker_left(self, town: Cast, row: CityRound):
        city.ask(user=town.iris, city_round=row.public_id, event=CityEvent.RUN, now=NOW)
        CityRound.objects.for_organisation(town.woonbelang).update(work=Work.RUNNING)
        with time_machine.travel(NOW + SILENT / 2):
            watching._look(town.woonbelang)
            assert now_of(row).work == Work.RUNNING
        with time_machine.travel(NOW + 2 * SILENT):
            assert tasks.take_up(town.woonbelang, timezone.now()) == 1
            assert tasks.take_up(town.woonbelang, timezone.now()) == 0
        assert tasks.divide.call(row.owner_id, str(row.public_id))
        assert (now_of(row).work, now_of(row).runs) == (Work.NONE, 2)

    def test_a_vacancy_withdrawn_during_a_run_is_seen_afterwards(
        self, town: Cast, waiting: list[Candidate]
    ):
        made = a_city(town.iris, town.woonbelang, waiting)
        going = city.ask(user=town.iris, city_round=made.public_id, event=CityEvent.RUN, now=NOW)

        def withdrawn(home: int) -> None:
            if home == 1:
                noticed(town, "V-Molen-002", closed_on=TODAY)
                letting.take_up(owner=town.woonbelang, now=NOW)

        assert city.run(going, heard=withdrawn)
        with pytest.raises(Stale) as refused:
            steps(town.mo, made, CityEvent.RELEASE)
        assert ("vacancy", "V-Molen-002") in refused.value.changes
        again = computed(town.iris, now_of(made))
        assert again.result["dropped"] == ["V-Molen-002"]
        assert len(again.result["placements"]) == 2
        assert steps(town.mo, again, CityEvent.RELEASE).state == CityState.RELEASED

    def test_when_nothing_is_left_to_divide_that_is_told_and_the_last_result_stays(
        self, town: Cast, waiting: list[Candidate]
    ):
        made = computed(town.iris, a_city(town.iris, town.woonbelang, waiting, ["Molenhof 2"]))
        noticed(town, "V-Molen-002", closed_on=TODAY)
        letting.take_up(owner=town.woonbelang, now=NOW)
        after = computed(town.iris, made)
        assert after.trouble["code"] == "round_empty"
        assert (after.result, after.state) == (made.result, CityState.COMPUTED)
        page = asked(logged_in(town.mo), "GET", reverse("rounds:city", args=[made.public_id]))
        assert "De ronde is niet door te rekenen" in page.content.decode()


# --- what makes it outdated


def a_view(cast: Cast) -> None:
    answers(cast.iris, "Vlierhof 3")


def a_rent(cast: Cast) -> None:
    standing = current(DWELLINGS, cast.woonbelang, code="Vlier-003")
    [before] = DWELLINGS.read(standing)
    [row] = standing
    store(
        table=DWELLINGS,
        owner=cast.woonbelang,
        values=[replace(before, rent=Decimal("801.00"), recorded_at=NOW)],
        now=NOW,
        extra=lambda _: {"complex_id": row.complex_id},
        standing=standing,
    )


def a_profile(cast: Cast) -> None:
    rows = ProfileRow.objects.for_organisation(cast.woonbelang)
    rows.filter(replaced_at=None, category="attention").update(replaced_at=NOW)


def a_withdrawal(cast: Cast) -> None:
    noticed(cast, "V-Molen-002", closed_on=TODAY)


def a_decision(cast: Cast) -> None:
    is_decided(cast, "Vlierhof 3")


def a_rest(cast: Cast) -> None:
    person = Candidate.objects.for_organisation(cast.woonbelang).order_by("number").first()
    assert person is not None
    letting.candidates.rest(person, until=None, until_reassessed=True, by=cast.iris, now=NOW)


CHANGES: dict[str, tuple[Callable[[Cast], None], tuple[str, str]]] = {
    "a view came in": (a_view, ("judgements", "Vlier")),
    "a rent changed": (a_rent, ("home", "V-Vlier-003")),
    "a profile changed": (a_profile, ("profiles", "")),
    "a home was withdrawn": (a_withdrawal, ("vacancy", "V-Molen-002")),
    "it was decided about a home": (a_decision, ("decided", "V-Vlier-003")),
    "a candidate rests": (a_rest, ("candidate", "26-001")),
}


class TestOutdated:
    @pytest.mark.parametrize("change", CHANGES)
    @pytest.mark.parametrize("event", [CityEvent.RELEASE, CityEvent.ADOPT])
    def test_what_changed_is_named_and_the_step_is_refused_until_it_is_computed_anew(
        self, town: Cast, row: CityRound, change: str, event: CityEvent
    ):
        if event is CityEvent.ADOPT:
            steps(town.mo, row, CityEvent.RELEASE)
        happens, told = CHANGES[change]
        happens(town)
        with pytest.raises(Stale) as refused:
            steps(town.mo, row, event)
        assert told in refused.value.changes
        again = computed(town.iris, row)
        assert again.state == CityState.RECOMPUTED
        assert steps(town.mo, again, CityEvent.RELEASE).state == CityState.RELEASED

    def test_a_norm_that_changed(self, town: Cast, row: CityRound, monkeypatch: pytest.MonkeyPatch):
        own = replace(register.norms(), name="2027-1/eigen")
        monkeypatch.setattr(register, "norms", lambda: own)
        with pytest.raises(Stale) as refused:
            steps(town.mo, row, CityEvent.RELEASE)
        assert ("norms", "") in refused.value.changes

    def test_a_figure_that_ends_within_the_period(self, town: Cast, row: CityRound):
        until = date.fromisoformat(row.result["until"])
        last = NOW + (until - TODAY)
        with time_machine.travel(last):
            steps(town.mo, row, CityEvent.RELEASE, last)
        after = last + timedelta(days=1)
        with time_machine.travel(after), pytest.raises(Stale) as refused:
            steps(town.mo, row, CityEvent.ADOPT, after)
        assert ("term", "") in refused.value.changes

    def test_the_letting_rules_of_a_year_end_with_it(self, town: Cast, waiting: list[Candidate]):
        """The income limits of 2026 hold until the last of December, also for a round made then."""
        last = NOW.replace(month=12, day=30)
        with time_machine.travel(last):
            made = a_city(town.iris, town.woonbelang, waiting, now=last)
            told = computed(town.iris, made, last)
        assert told.result["until"] <= "2026-12-31"

    def test_the_page_counts_and_names_the_changes(self, town: Cast, row: CityRound):
        a_rent(town)
        a_rest(town)
        answer = asked(
            logged_in(town.mo), "POST", reverse("rounds:city-release", args=[row.public_id])
        )
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Verouderd: 2 wijzigingen" in text
        assert "Vlierhof 3: kamers, huur of trappen veranderd" in text
        assert "kandidaat 26-001" in text


# --- the one table


EVERY = [(state, event) for state in CityState for event in CityEvent]
STAFF = ("iris", "mo", "tessa", "hans", "anja", "joris", "olga")


def does(cast: Cast, name: str, row: CityRound, event: CityEvent) -> None:
    """Let somebody try an event, by the service that it has."""
    user = getattr(cast, name)
    if event in {CityEvent.RUN, CityEvent.STOP}:
        city.ask(user=user, city_round=row.public_id, event=event, now=NOW)
    elif event is CityEvent.CONFIRM:
        executing.confirm(user=user, home=the_home(row, "Vlier-003").public_id, now=NOW)
    elif event is CityEvent.LEAVE:
        home = the_home(row, "Vlier-003").public_id
        executing.leave(user=user, home=home, reason="home_gone", now=NOW)
    else:
        steps(user, row, event)


def put_in(row: CityRound, state: CityState, event: CityEvent) -> None:
    """Put a round in a state, with all that an event asks besides."""
    rows = CityRound.objects.for_organisation(row.owner_id)
    rows.update(state=state, work=Work.WAITING if event is CityEvent.STOP else Work.NONE)
    if event is CityEvent.EXECUTE:
        CityHome.objects.for_organisation(row.owner_id).update(
            left_because="home_gone", settled_by=row.made_by, settled_at=NOW
        )


def test_only_what_the_table_has_can_be_done_and_only_by_who_may(town: Cast):
    """Every state, every event, everybody: the table decides, and nothing else."""
    people = some_candidates(town)
    decided = computed(town.iris, a_city(town.iris, town.woonbelang, people[2:3], ["Vlierhof 3"]))
    is_decided(town, "Vlierhof 3")
    fresh = computed(town.iris, a_city(town.iris, town.woonbelang, people[:2], ["Molenhof 2"]))
    for (state, event), name in ((each, name) for each in EVERY for name in STAFF):
        row = decided if event in {CityEvent.CONFIRM, CityEvent.LEAVE} else fresh
        action = PERMISSION[event]
        seen = name in {"iris", "mo"}  # who matches, sees rounds
        may = action is not None and action in MATRIX[ROLE[name]]
        with transaction.atomic():
            put_in(row, state, event)
            if not seen:
                refusal: type[Exception] | None = Missing if action else CityNotNow
            elif not may:
                refusal = PermissionDenied if action else CityNotNow
            else:
                refusal = None if (state, event) in TRANSITIONS else CityNotNow
            if refusal is None:
                does(town, name, row, event)
                assert now_of(row).state == TRANSITIONS[state, event], (state, event, name)
            else:
                with pytest.raises((refusal, Missing)):
                    does(town, name, row, event)
                assert now_of(row).state == state
            transaction.set_rollback(True)


def test_the_page_shows_the_buttons_of_the_table_and_no_other(town: Cast, row: CityRound):
    for name in ("iris", "mo"):
        user = getattr(town, name)
        if name == "iris":
            answers(user, "Vlierhof 3")
        for state in CityState:
            CityRound.objects.for_organisation(row.owner_id).update(state=state)
            may = {
                event
                for event, action in PERMISSION.items()
                if (state, event) in TRANSITIONS and action in MATRIX[ROLE[name]]
            }
            page = city_page(user, row.public_id, now=NOW)
            assert page.hidden is None
            assert page.may == may - {CityEvent.STOP}


def test_while_a_worker_is_at_it_nothing_else_goes_on(town: Cast, row: CityRound):
    city.ask(user=town.iris, city_round=row.public_id, event=CityEvent.RUN, now=NOW)
    with pytest.raises(CityNotNow) as refused:
        steps(town.mo, row, CityEvent.RELEASE)
    assert refused.value.computing
    assert city_page(town.mo, row.public_id, now=NOW).may == {CityEvent.STOP, CityEvent.DROP}


def test_computing_anew_takes_a_release_back(town: Cast, row: CityRound):
    steps(town.mo, row, CityEvent.RELEASE)
    assert computed(town.iris, row).state == CityState.RECOMPUTED


def test_without_a_result_nothing_is_released(town: Cast, row: CityRound):
    CityRound.objects.for_organisation(town.woonbelang).update(result={"clash": ["x"]})
    with pytest.raises(NothingComputed):
        steps(town.mo, row, CityEvent.RELEASE)


# --- carrying it out


@pytest.fixture
def adopted(town: Cast) -> CityRound:
    return a_city_adopted(town)


class TestCarryingOut:
    def test_the_decision_comes_first_with_its_ground_and_its_human_name(
        self, town: Cast, adopted: CityRound
    ):
        home = the_home(adopted, "Vlier-003")
        with pytest.raises(DecideFirst) as refused:
            executing.confirm(user=town.iris, home=home.public_id, now=NOW)
        assert refused.value.vacancy == str(home.vacancy.public_id)
        assert not Match.objects.for_organisation(town.woonbelang).exists()

    def test_confirming_proposes_through_the_matching_of_the_vacancy(
        self, town: Cast, adopted: CityRound
    ):
        is_decided(town, "Vlierhof 3")
        home = the_home(adopted, "Vlier-003")
        told = executing.confirm(user=town.iris, home=home.public_id, now=NOW)
        match = Match.objects.for_organisation(town.woonbelang).get()
        assert (told.match_id, match.candidate) == (match.pk, home.candidate)
        assert match.state == "proposed"
        line = next(
            each
            for each in city_page(town.mo, adopted.public_id, now=NOW).homes
            if each.id == home.public_id
        )
        assert (line.match_state, line.settled_by) == ("proposed", "Iris Voorbeeld")

    def test_the_second_of_two_hears_who_was_first(self, town: Cast, adopted: CityRound):
        is_decided(town, "Vlierhof 3")
        home = the_home(adopted, "Vlier-003")
        executing.confirm(user=town.iris, home=home.public_id, now=NOW)
        for act in (
            lambda: executing.confirm(user=town.mo, home=home.public_id, now=NOW),
            lambda: executing.leave(user=town.mo, home=home.public_id, reason="home_gone", now=NOW),
        ):
            with pytest.raises(Settled) as refused:
                act()
            assert refused.value.by == "Iris Voorbeeld"

    def test_a_home_or_candidate_that_was_taken_meanwhile_is_told_and_nothing_is_lost(
        self, town: Cast, adopted: CityRound
    ):
        vacancy = is_decided(town, "Vlierhof 3")
        other = a_candidate(town)
        letting.open_matching(user=town.iris, vacancy=vacancy.public_id, now=NOW)
        letting.propose(user=town.mo, vacancy=vacancy.public_id, candidate=other.public_id, now=NOW)
        home = the_home(adopted, "Vlier-003")
        with pytest.raises(HomeTaken) as refused:
            executing.confirm(user=town.iris, home=home.public_id, now=NOW)
        assert (refused.value.by, refused.value.candidate) == ("Mo Staal", other.number)
        assert the_home(adopted, "Vlier-003").settled_by is None
        assert now_of(adopted).state == CityState.ADOPTED

    def test_a_candidate_who_is_in_another_match(self, town: Cast, adopted: CityRound):
        home, elsewhere = the_home(adopted, "Vlier-003"), is_decided(town, "Vlierhof 24")
        is_decided_too(town, "Vlierhof 3")
        person = Candidate.objects.for_organisation(town.woonbelang).get(
            number=home.candidate, replaced_at=None
        )
        letting.open_matching(user=town.mo, vacancy=elsewhere.public_id, now=NOW)
        letting.propose(
            user=town.mo, vacancy=elsewhere.public_id, candidate=person.public_id, now=NOW
        )
        with pytest.raises(CandidateTaken) as refused:
            executing.confirm(user=town.iris, home=home.public_id, now=NOW)
        assert refused.value.what == "Vlierhof 24"
        assert (
            Vacancy.objects.for_organisation(town.woonbelang).get(pk=home.vacancy_id).state
            == "decided"
        )  # looking for a candidate was not begun either

    def test_a_candidate_who_said_no_in_the_meantime(self, town: Cast, adopted: CityRound):
        is_decided(town, "Vlierhof 3")
        home = the_home(adopted, "Vlier-003")
        person = Candidate.objects.for_organisation(town.woonbelang).get(
            number=home.candidate, replaced_at=None
        )
        letting.candidates.rest(
            person, until=date(2027, 3, 1), until_reassessed=False, by=town.iris, now=NOW
        )
        with pytest.raises(CandidateRests):
            executing.confirm(user=town.iris, home=home.public_id, now=NOW)
        told = executing.leave(
            user=town.iris, home=home.public_id, reason="candidate_declines", now=NOW
        )
        assert told.left_because == "candidate_declines"

    def test_a_notice_that_was_withdrawn(self, town: Cast, adopted: CityRound):
        noticed(town, "V-Molen-002", closed_on=TODAY)
        letting.take_up(owner=town.woonbelang, now=NOW)
        with pytest.raises(HomeGone):
            executing.confirm(
                user=town.iris, home=the_home(adopted, "Molen-002").public_id, now=NOW
            )

    def test_a_candidate_who_is_no_longer_registered(self, town: Cast, adopted: CityRound):
        is_decided(town, "Vlierhof 3")
        home = the_home(adopted, "Vlier-003")
        rows = Candidate.objects.for_organisation(town.woonbelang)
        rows.filter(number=home.candidate).update(replaced_at=NOW)
        with pytest.raises(CandidateGone):
            executing.confirm(user=town.iris, home=home.public_id, now=NOW)

    def test_a_reason_is_asked_for_not_after_all(self, town: Cast, adopted: CityRound):
        with pytest.raises(ReasonMissing):
            executing.leave(
                user=town.iris,
                home=the_home(adopted, "Molen-002").public_id,
                reason="because",
                now=NOW,
            )

    def test_it_ends_when_every_home_is_settled_and_not_before(
        self, town: Cast, adopted: CityRound
    ):
        is_decided(town, "Vlierhof 3")
        executing.confirm(user=town.iris, home=the_home(adopted, "Vlier-003").public_id, now=NOW)
        with pytest.raises(NotSettled) as refused:
            steps(town.mo, adopted, CityEvent.EXECUTE)
        assert refused.value.waiting == 2
        with pytest.raises(NotSettled):  # a candidate was proposed: it isn't undone by withdrawing
            steps(town.mo, adopted, CityEvent.DROP)
        for dwelling in ("Vlier-024", "Molen-002"):
            executing.leave(
                user=town.mo,
                home=the_home(adopted, dwelling).public_id,
                reason="decided_otherwise",
                now=NOW,
            )
        assert steps(town.mo, adopted, CityEvent.EXECUTE).state == CityState.EXECUTED
        for model in (CityHome, CityPerson):
            assert not model.objects.for_organisation(town.woonbelang).filter(held=True).exists()

    def test_a_refusal_is_told_on_the_page_with_the_way_out(self, town: Cast, adopted: CityRound):
        client = logged_in(town.mo)
        home = the_home(adopted, "Vlier-003")
        answer = asked(client, "POST", reverse("rounds:city-confirm", args=[home.public_id]))
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "Eerst het besluit over deze woning" in text
        assert reverse("letting:vacancy", args=[home.vacancy.public_id]) in text


def is_decided_too(cast: Cast, address: str) -> None:
    """Decide about another home of a complex of which the view was given already."""
    from tests.web.acting import decides, the_page

    page = the_page(cast.iris, address)
    if page.advice is None or not page.decision:
        letting.open_advice(user=cast.iris, vacancy=page.id, now=NOW)
        decides(cast.iris, the_page(cast.iris, address), channel="mediation")


# --- seeing


class TestSeeing:
    def test_who_has_a_view_to_give_sees_nobody_placed_and_no_reason(
        self, town: Cast, row: CityRound
    ):
        page = city_page(town.iris, row.public_id, now=NOW)
        assert page.hidden is not None
        assert page.result == {}
        assert all(each.placed is None and each.alone is None for each in page.homes)
        assert page.may <= {CityEvent.RUN, CityEvent.STOP, CityEvent.DROP}
        assert why_home(town.iris, the_home(row, "Vlier-003").public_id, now=NOW).reasons == ()
        person = CityPerson.objects.for_organisation(town.woonbelang).first()
        assert person is not None
        assert why_person(town.iris, person.public_id, now=NOW).reasons == ()

    def test_until_then_her_pages_are_the_same_whatever_a_colleague_said(self, cast: Cast):
        def seen(said: tuple[int, int, int]) -> list[bytes]:
            with transaction.atomic():
                load_town(cast, town_where_hans_says(said))
                people = [a_candidate(cast), a_candidate(cast, target_group="outflow")]
                made = computed(cast.mo, a_city(cast.mo, cast.woonbelang, people))
                steps(cast.mo, made, CityEvent.RELEASE)
                paths = [
                    reverse("rounds:cities"),
                    reverse("rounds:city-new"),
                    reverse("rounds:city", args=[made.public_id]),
                    *(
                        reverse("rounds:city-home", args=[each.public_id])
                        for each in bridge.homes_of(made)
                    ),
                ]
                client = logged_in(cast.iris)
                pages = [without_ids(asked(client, "GET", path).content) for path in paths]
                transaction.set_rollback(True)
            return pages

        assert seen((1, 2, 3)) == seen((18, 19, 20))

    def test_every_page_opens_and_names_numbers_only(self, town: Cast, row: CityRound):
        client = logged_in(town.mo)
        person = CityPerson.objects.for_organisation(town.woonbelang).first()
        assert person is not None
        for path in (
            reverse("rounds:cities"),
            reverse("rounds:city-new"),
            reverse("rounds:city", args=[row.public_id]),
            reverse("rounds:city-home", args=[the_home(row, "Vlier-003").public_id]),
            reverse("rounds:city-person", args=[person.public_id]),
        ):
            answer = asked(client, "GET", path)
            assert answer.status_code == 200

    def test_another_association_finds_nothing(self, town: Cast, row: CityRound):
        for ask in (
            lambda: city_page(town.olga, row.public_id, now=NOW),
            lambda: why_home(town.olga, the_home(row, "Vlier-003").public_id, now=NOW),
            lambda: why_person(town.olga, uuid.uuid4(), now=NOW),
        ):
            with pytest.raises(Missing):
                ask()

    def test_a_form_with_odd_values_is_refused_and_told(self, town: Cast):
        client = logged_in(town.iris)
        sent = {"name": "Ronde", "vacancy": "x", "candidate": "y", "key": "z"}
        answer = asked(client, "POST", reverse("rounds:city-new"), **sent)
        assert answer.status_code == 409
        assert "Kies woningen en kandidaten" in answer.content.decode()

    def test_the_form_makes_the_round_and_asks_a_worker(self, town: Cast, waiting: list[Candidate]):
        sent = {
            "name": "Ronde",
            "vacancy": str(the_vacancy(town.mo, "Vlierhof 3").id),
            "candidate": str(waiting[0].public_id),
            "key": str(a_key()),
        }
        for _ in range(2):  # twice, as an impatient person does
            answer = asked(logged_in(town.mo), "POST", reverse("rounds:city-new"), **sent)
            assert answer.status_code == 302
        made = CityRound.objects.for_organisation(town.woonbelang).get()
        assert made.work == Work.WAITING
        assert tasks.divide.call(made.owner_id, str(made.public_id))
        assert now_of(made).state == CityState.COMPUTED


def test_who_may_is_who_matches():
    assert {role for role, may in MATRIX.items() if Action.MATCH in may} == {
        ROLE["iris"],
        ROLE["mo"],
    }
