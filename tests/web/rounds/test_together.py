"""Several associations divide together: what each brings, reads, and does with its own part."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from mixwijzer.engine.errors import NormError
from mixwijzer.web.accounts.models import Missing, User
from mixwijzer.web.accounts.roles import Role
from mixwijzer.web.accounts.services import found, join
from mixwijzer.web.audit.models import Event
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Candidate, Match, Vacancy
from mixwijzer.web.letting.refusals import CandidateRests, ReasonMissing
from mixwijzer.web.profiles.models import ProfileRow
from mixwijzer.web.rounds import bridge, tasks
from mixwijzer.web.rounds.city_steps import CityEvent, CityState
from mixwijzer.web.rounds.models import Absence, CityHome, CityPerson, CityRound, Seat
from mixwijzer.web.rounds.refusals import (
    AbsentHere,
    BroughtFirst,
    CandidateElsewhere,
    CandidateGone,
    CityNotNow,
    LaidOutdated,
    NotDivided,
    OwnTable,
    PartiesWrong,
    PartyFirst,
    Stale,
    TableClosed,
    TableSettled,
    TooFewLaid,
)
from mixwijzer.web.rounds.refused import refusal_text
from mixwijzer.web.rounds.selectors.city import city_page
from mixwijzer.web.rounds.selectors.together import tables
from mixwijzer.web.rounds.selectors.waiting import JOIN, city_work
from mixwijzer.web.rounds.services import city, executing, seating, sharing, together
from mixwijzer.web.rounds.table_steps import PERMISSION, TRANSITIONS, TableEvent
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides, the_vacancy
from tests.web.every_url import asked, logged_in
from tests.web.refused_words import visible_text
from tests.web.rounds.cities import a_city, computed, now_of, steps
from tests.web.rounds.tables import (
    THEIRS,
    a_person,
    a_table,
    brings,
    divided,
    laid,
    seat_of,
    their_head,
)
from tests.web.test_isolation import scrubbed

OURS = ("Vlierhof 3", "Vlierhof 24")
LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@dataclass(frozen=True, kw_only=True)
class Two:
    """Both have homes; ours has one candidate, theirs two who registered earlier."""

    cast: Cast
    kas: User
    table: Seat
    ours: CityRound
    theirs: CityRound
    our_people: tuple[Candidate, ...]
    their_people: tuple[Candidate, ...]


@pytest.fixture
def two(town: Cast) -> Two:
    kas, table = their_head(town), a_table(town)
    mine = (a_person(town.iris, town.woonbelang, registered=date(2019, 1, 1)),)
    others = tuple(
        a_person(town.olga, town.elders, registered=date(year, 1, 1)) for year in (2012, 2016)
    )
    return Two(
        cast=town,
        kas=kas,
        table=table,
        ours=laid(town.mo, brings(table, town.iris, town.woonbelang, mine, OURS)),
        theirs=laid(kas, brings(table, town.olga, town.elders, others, THEIRS)),
        our_people=mine,
        their_people=others,
    )


def the_guest_home(row: CityRound) -> CityHome:
    rows = CityHome.objects.for_organisation(row.owner_id).select_related("vacancy")
    return rows.filter(city_round=row, candidate_of__isnull=False).get()


def adopted(user: User, row: CityRound) -> CityRound:
    steps(user, row, CityEvent.RELEASE)
    return steps(user, row, CityEvent.ADOPT)


class TestAsking:
    def test_a_table_that_is_set_twice_is_one_and_only_associations_sit_there(self, town: Cast):
        key = a_key()
        assert a_table(town, key=key) == a_table(town, key=key)
        assert Seat.objects.for_organisation(town.woonbelang).count() == 2
        for parties in ([], [town.gemeente.public_id], [town.woonbelang.public_id], [a_key()]):
            with pytest.raises(PartiesWrong):
                a_table(town, parties=parties)
        with pytest.raises(PermissionDenied):
            together.invite(
                user=town.iris,
                owner=town.woonbelang,
                name="Ronde",
                parties=[town.elders.public_id],
                key=a_key(),
                now=NOW,
            )

    def test_who_was_not_asked_finds_nothing(self, town: Cast):
        third = found(code="verder", name="Verder Wonen", kind="association")
        pia = join(email="pia@x.example", name="Pia", organisation=third, role=Role.HEAD)
        table = a_table(town)
        assert tables(pia, now=NOW) == ()
        with pytest.raises(Missing):
            sharing.ask(user=pia, seat=table.public_id, now=NOW)
        client = logged_in(pia)
        new = reverse("rounds:city-new")
        foreign = asked(client, "GET", f"{new}?seat={table.public_id}")
        missing = asked(client, "GET", f"{new}?seat={a_key()}")
        assert foreign.status_code == missing.status_code == 404
        assert scrubbed(foreign.content) == scrubbed(missing.content)

    def test_who_was_asked_reads_the_name_of_the_round_and_of_who_sits_there(self, town: Cast):
        a_table(town)
        [table] = tables(town.olga, now=NOW)
        assert (table.name, table.may_join) == ("Samen verdelen", True)
        assert [(each.name, each.sets, each.laid_at) for each in table.parties] == [
            ("Woonbelang Hanzeveen", True, None),
            ("Elders Wonen", False, None),
        ]

    def test_nobody_brings_something_in_the_place_of_another(self, town: Cast):
        table, person = a_table(town), a_person(town.olga, town.elders)
        with pytest.raises(Missing):
            a_city(town.olga, town.elders, [person], THEIRS, seat=table.public_id)
        assert not CityRound.objects.for_organisation(town.elders).exists()


class TestLaying:
    def test_only_who_leads_lays_it_and_only_what_is_computed_and_current(self, town: Cast):
        table = a_table(town)
        person = a_person(town.iris, town.woonbelang)
        row = brings(table, town.iris, town.woonbelang, [person], OURS)
        with pytest.raises(PermissionDenied):
            together.lay(user=town.iris, city_round=row.public_id, now=NOW)
        ProfileRow.objects.for_organisation(town.woonbelang).update(replaced_at=NOW)
        with pytest.raises(Stale):
            laid(town.mo, row)
        assert laid(town.mo, computed(town.iris, row)).laid_by == town.mo

    def test_what_lies_there_names_homes_figures_and_numbers_and_nothing_of_a_household(
        self, two: Two
    ):
        told = two.theirs.bringing
        assert told["people"] == [each.number for each in two.their_people]
        assert {*told} == {
            *("engine", "normset", "data_date", "day", "until", "dropped", "busy", "left_out"),
            *("homes", "people", "categories", "agreements"),
        }
        for word in ("2012", "target", "registered", "size", "income", "attention_share"):
            assert word not in json.dumps({**told, "data_date": "", "day": "", "until": ""})

    def test_computing_it_anew_or_withdrawing_it_takes_it_back(self, two: Two):
        assert computed(two.cast.iris, two.ours).laid_at is None
        with pytest.raises(TooFewLaid):
            divided(two.cast, two.table)
        assert steps(two.kas, two.theirs, CityEvent.DROP).laid_at is None

    def test_a_round_without_a_table_is_not_laid(self, two: Two):
        row = two.ours
        CityRound.objects.for_organisation(row.owner_id).update(seat=None, laid_at=None)
        with pytest.raises(CityNotNow):
            laid(two.cast.mo, row)

    def test_before_it_is_divided_it_is_not_released(self, two: Two):
        with pytest.raises(NotDivided):
            steps(two.cast.mo, two.ours, CityEvent.RELEASE)
        assert CityEvent.RELEASE not in city_page(two.cast.mo, two.ours.public_id, now=NOW).may


class TestDividing:
    def test_each_home_goes_to_the_first_in_one_order_whoever_s_it_is(self, two: Two):
        ours, theirs = divided(two.cast, two.table)
        whole = ours.result["together"]
        assert whole["let"] == 3
        assert theirs.result["order"] == [each.number for each in two.their_people]
        assert whole["parties"] == [["Woonbelang Hanzeveen", 2, 1], ["Elders Wonen", 1, 2]]
        for row in (ours, theirs):
            assert row.state == CityState.RECOMPUTED
            assert (row.result["holds"], row.result["within"]) == (True, {})
            assert row.result["objective"] == row.result["bound"] == row.result["checked"]
            for key in ("let", "alone", "longer", "sooner", "without_bands", "parties"):
                assert row.result["together"][key] == whole[key]

    def test_each_reads_its_own_part_and_both_parts_are_the_whole(self, two: Two):
        ours, theirs = divided(two.cast, two.table)
        [(home, guest)] = ours.result["together"]["guests"].items()
        away = theirs.result["together"]["away"]
        assert away == {guest["number"]: "Woonbelang Hanzeveen"}
        assert guest["number"] in {each.number for each in two.their_people}
        assert home in {"V-Vlier-003", "V-Vlier-024"}
        assert the_guest_home(ours).candidate == guest["number"]
        text = json.dumps(theirs.result)
        for word in ("Vlier-0", "Vlierhof", "woonbelang"):
            assert word not in text
        for row in (ours, theirs):
            numbers = {person for person, *_ in row.result["reasons"]}
            people = CityPerson.objects.for_organisation(row.owner_id)
            assert numbers <= set(people.values_list("candidate", flat=True))

    def test_dividing_together_houses_whom_one_alone_could_not(self, two: Two):
        before = len(two.theirs.result["placements"])
        _, theirs = divided(two.cast, two.table)
        assert (before, len(theirs.result["placements"])) == (1, 1)
        assert len(theirs.result["together"]["away"]) == 1

    def test_only_who_set_the_table_divides(self, two: Two):
        with pytest.raises(PermissionDenied):
            sharing.ask(
                user=two.kas,
                seat=seat_of(two.table, two.cast.elders).public_id,
                now=NOW,
            )
        with pytest.raises(PermissionDenied):
            sharing.ask(user=two.cast.iris, seat=two.table.public_id, now=NOW)

    def test_what_changed_after_it_was_laid_is_refused_and_says_whose(self, two: Two):
        ProfileRow.objects.for_organisation(two.cast.elders).update(replaced_at=NOW)
        with pytest.raises(LaidOutdated) as refused:
            divided(two.cast, two.table)
        assert refused.value.names == ("Elders Wonen",)
        assert "together" not in now_of(two.ours).result

    def test_what_another_lays_anew_makes_one_s_part_outdated(self, two: Two):
        ours, theirs = divided(two.cast, two.table)
        computed(two.cast.olga, theirs)
        with pytest.raises(Stale) as refused:
            steps(two.cast.mo, ours, CityEvent.RELEASE)
        assert refused.value.changes == (("table", "Elders Wonen"),)

    def test_an_adopted_part_is_not_divided_again(self, two: Two):
        _, theirs = divided(two.cast, two.table)
        adopted(two.kas, theirs)
        with pytest.raises(LaidOutdated):
            divided(two.cast, two.table)

    def test_while_a_worker_is_at_it_nothing_else_happens_to_the_round_that_waits(self, two: Two):
        row = asked_for(two)
        assert (row.work, asks(two.cast.mo)) == ("dividing", [])
        for step in (
            lambda: asked_for(two),
            lambda: computed(two.cast.iris, row),
            lambda: steps(two.cast.mo, row, CityEvent.RELEASE),
        ):
            with pytest.raises(CityNotNow) as refused:
                step()
            assert refused.value.computing
        assert not city.run(row)  # a task that was left of before
        assert not tables(two.cast.mo, now=NOW)[0].may_divide
        assert sharing.run(row)
        assert not sharing.run(row)

    def test_a_division_that_is_stopped_while_it_is_made_writes_nothing(
        self, two: Two, monkeypatch: pytest.MonkeyPatch
    ):
        row, made = asked_for(two), bridge.Together

        def stopped(*given: object) -> bridge.Together:
            stop = {"user": two.cast.iris, "event": CityEvent.STOP, "now": NOW}
            city.ask(city_round=row.public_id, **stop)
            return made(*given)

        monkeypatch.setattr(bridge, "Together", stopped)
        assert not sharing.run(row)
        for each in (two.ours, two.theirs):
            left = now_of(each)
            assert ("together" in left.result, left.work, left.trouble) == (False, "", {})

    @pytest.mark.parametrize("change", ["laid anew", "closed"])
    def test_what_changed_on_the_table_meanwhile_is_told_and_nothing_is_written(
        self, two: Two, change: str
    ):
        row = asked_for(two)
        if change == "closed":
            closed(two)
        else:
            computed(two.cast.olga, two.theirs)
        assert not sharing.run(row)
        assert not any("together" in now_of(each).result for each in (two.ours, two.theirs))
        assert "er veranderde intussen iets aan tafel" in visible_text(page_of(two.cast.mo, row))

    def test_a_norm_that_ended_is_told(self, two: Two, monkeypatch: pytest.MonkeyPatch):
        row = asked_for(two)

        def ended(*_: object) -> bridge.Together:
            raise NormError("norm_missing", "letting.priorities")

        monkeypatch.setattr(bridge, "Together", ended)
        assert not sharing.run(row)
        assert now_of(row).trouble["code"] == "norm_missing"

    def test_of_a_worker_that_was_killed_another_takes_the_division_up(self, two: Two):
        row = asked_for(two)
        assert tasks.take_up(two.cast.woonbelang, LATER) == 1
        assert DBTaskResult.objects.get().task_path.endswith("tasks.share")
        assert tasks.share.call(row.owner_id, str(row.public_id))

    def test_each_head_is_asked_for_his_next_step_on_today(self, two: Two):
        assert (asks(two.cast.mo), asks(two.kas)) == (["divide"], [])
        divided(two.cast, two.table)
        assert (asks(two.cast.mo), asks(two.kas)) == (["release"], ["release"])


def asked_for(two: Two) -> CityRound:
    """Let Mo ask for the division; return his round, which waits for it."""
    return sharing.ask(user=two.cast.mo, seat=two.table.public_id, now=NOW)


def declined(two: Two, reason: str = "no_homes") -> Seat:
    """Let Elders withdraw what it brought, and say that it takes no part."""
    steps(two.kas, two.theirs, CityEvent.DROP)
    seat = seat_of(two.table, two.cast.elders)
    seating.decline(user=two.kas, seat=seat.public_id, reason=reason, now=NOW)
    return seat


def closed(two: Two) -> None:
    seating.close(user=two.cast.mo, seat=two.table.public_id, now=LATER)


def opened(two: Two) -> None:
    seating.open_again(user=two.cast.mo, seat=two.table.public_id, now=LATER)


def asks(user: User) -> list[str]:
    return [each.step for each in city_work(User.objects.get(pk=user.pk), now=LATER)]


class TestTakingNoPart:
    def test_only_who_leads_says_so_and_only_with_a_reason_of_the_list(self, town: Cast):
        kas, seat = their_head(town), seat_of(a_table(town), town.elders).public_id
        with pytest.raises(PermissionDenied):
            seating.decline(user=town.olga, seat=seat, reason="not_now", now=NOW)
        with pytest.raises(ReasonMissing):
            seating.decline(user=kas, seat=seat, reason="geen zin", now=NOW)
        with pytest.raises(Missing):  # nobody says it for another
            seating.decline(user=town.mo, seat=seat, reason="not_now", now=NOW)
        assert not Absence.of_everybody.exists()

    def test_who_set_the_table_does_not_decline_it(self, town: Cast):
        table = a_table(town)
        with pytest.raises(OwnTable):
            seating.decline(user=town.mo, seat=table.public_id, reason="not_now", now=NOW)

    def test_who_brought_something_withdraws_it_first(self, two: Two):
        seat = seat_of(two.table, two.cast.elders)
        with pytest.raises(BroughtFirst):
            seating.decline(user=two.kas, seat=seat.public_id, reason="not_now", now=NOW)
        assert declined(two) == seat
        assert Absence.of_everybody.get().said_by == two.kas

    def test_it_no_longer_waits_on_today_and_nobody_there_joins_until_it_is_taken_back(
        self, town: Cast
    ):
        kas, table = their_head(town), a_table(town)
        seat = seat_of(table, town.elders)
        assert asks(kas) == [JOIN]
        for _ in range(2):
            seating.decline(user=kas, seat=seat.public_id, reason="not_now", now=NOW)
        assert asks(kas) == []
        [mine] = tables(User.objects.get(pk=kas.pk), now=NOW)
        assert (mine.may_join, mine.may_decline, mine.may_return) == (False, False, True)
        person = a_person(town.olga, town.elders)
        with pytest.raises(AbsentHere):
            brings(table, town.olga, town.elders, [person], THEIRS)
        for _ in range(2):
            seating.come_back(user=kas, seat=seat.public_id, now=LATER)
        assert asks(kas) == [JOIN]
        assert brings(table, town.olga, town.elders, [person], THEIRS).seat == seat

    def test_all_who_sit_there_read_the_reason_and_no_name_of_who_said_it(self, town: Cast):
        third = found(code="verder", name="Verder Wonen", kind="association")
        pia = join(email="pia@x.example", name="Pia Ver", organisation=third, role=Role.HEAD)
        kas = their_head(town)
        table = a_table(town, parties=[town.elders.public_id, third.public_id])
        seat = seat_of(table, town.elders).public_id
        seating.decline(user=kas, seat=seat, reason="no_homes", now=NOW)
        for reader in (town.mo, pia, town.iris):
            html = visible_text(logged_in(reader).get(reverse("rounds:cities")).content.decode())
            assert "doet niet mee: deze ronde geen woningen" in html
            assert "Kas" not in html
        seating.come_back(user=kas, seat=seat, now=LATER)
        html = logged_in(pia).get(reverse("rounds:cities")).content.decode()
        assert "doet niet mee" not in html

    def test_both_trails_tell_it_and_only_its_own_who_said_it(self, town: Cast):
        kas, seat = their_head(town), seat_of(a_table(town), town.elders).public_id
        seating.decline(user=kas, seat=seat, reason="no_candidates", now=NOW)
        seating.come_back(user=kas, seat=seat, now=LATER)
        for owner, actor in ((town.woonbelang, None), (town.elders, kas)):
            told = Event.of_everybody.filter(owner=owner, subject=seat).order_by("number")
            assert [(each.action, each.actor) for each in told] == [
                ("rounds.table_declined", actor),
                ("rounds.table_returned", actor),
            ]
            facts = json.loads(told[0].payload)["facts"]
            assert facts == {"party": "elders", "reason": "no_candidates"}

    def test_the_others_divide_what_lies_there_without_it(self, town: Cast):
        third = found(code="verder", name="Verder Wonen", kind="association")
        kas = their_head(town)
        table = a_table(town, parties=[town.elders.public_id, third.public_id])
        pia = join(email="pia@x.example", name="Pia", organisation=third, role=Role.HEAD)
        seating.decline(user=pia, seat=seat_of(table, third).public_id, reason="not_now", now=NOW)
        mine = [a_person(town.iris, town.woonbelang)]
        laid(town.mo, brings(table, town.iris, town.woonbelang, mine, OURS))
        theirs = [a_person(town.olga, town.elders)]
        laid(kas, brings(table, town.olga, town.elders, theirs, THEIRS))
        ours, _ = divided(town, table)
        names = [name for name, *_ in ours.result["together"]["parties"]]
        assert names == ["Woonbelang Hanzeveen", "Elders Wonen"]


class TestClosing:
    def test_only_who_leads_where_the_table_was_set_closes_it(self, two: Two):
        for user, seat in (
            (two.cast.iris, two.table),
            (two.kas, seat_of(two.table, two.cast.elders)),
        ):
            with pytest.raises(PermissionDenied):
                seating.close(user=user, seat=seat.public_id, now=NOW)
        assert not Seat.of_everybody.exclude(closed_at=None).exists()

    def test_nothing_is_divided_laid_computed_or_brought_and_each_hears_who_closed_it_and_when(
        self, two: Two
    ):
        computed(two.cast.iris, two.ours)  # so it lies there no more
        closed(two)
        seat = seat_of(two.table, two.cast.elders).public_id
        tries = (
            lambda: divided(two.cast, two.table),
            lambda: laid(two.cast.mo, two.ours),
            lambda: computed(two.cast.iris, two.ours),
            lambda: steps(two.cast.mo, two.ours, CityEvent.RELEASE),
            lambda: seating.decline(user=two.kas, seat=seat, reason="not_now", now=LATER),
            lambda: seating.come_back(user=two.kas, seat=seat, now=LATER),
        )
        for each in tries:
            with pytest.raises(TableClosed) as refused:
                each()
            assert refused.value.by == "Mo Staal, Woonbelang Hanzeveen"
            assert refused.value.at == LATER

    def test_nobody_joins_and_it_waits_for_nobody_who_did_not_act(self, town: Cast):
        kas, table = their_head(town), a_table(town)
        mine = [a_person(town.iris, town.woonbelang)]
        brings(table, town.iris, town.woonbelang, mine, OURS)
        assert (asks(town.mo), asks(kas)) == (["lay"], [JOIN])
        seating.close(user=town.mo, seat=table.public_id, now=LATER)
        assert (asks(town.mo), asks(kas)) == ([], [])
        with pytest.raises(TableClosed):
            brings(table, town.olga, town.elders, [a_person(town.olga, town.elders)], THEIRS)
        [theirs] = tables(User.objects.get(pk=kas.pk), now=LATER)
        assert (theirs.may_join, theirs.may_decline) == (False, False)

    def test_what_was_divided_is_released_adopted_and_carried_out(self, two: Two):
        ours, theirs = divided(two.cast, two.table)
        closed(two)
        assert (asks(two.cast.mo), asks(two.kas)) == (["release"], ["release"])
        assert CityEvent.RUN not in city_page(two.cast.mo, ours.public_id, now=LATER).may
        adopted(two.cast.mo, ours)
        adopted(two.kas, theirs)
        home = the_guest_home(ours)
        decides(two.cast.iris, answers(two.cast.iris, address_of(home)), channel="mediation")
        executing.confirm(user=two.cast.iris, home=home.public_id, now=NOW)
        assert Match.objects.for_organisation(two.cast.woonbelang).exists()

    def test_who_withdraws_after_it_makes_nobody_else_s_part_outdated(self, two: Two):
        ours, theirs = divided(two.cast, two.table)
        closed(two)
        steps(two.kas, theirs, CityEvent.DROP)
        adopted(two.cast.mo, ours)
        home = the_guest_home(ours)
        decides(two.cast.iris, answers(two.cast.iris, address_of(home)), channel="mediation")
        with pytest.raises(PartyFirst):
            executing.confirm(user=two.cast.iris, home=home.public_id, now=NOW)

    def test_what_was_laid_anew_before_it_still_makes_a_part_outdated(self, two: Two):
        ours, theirs = divided(two.cast, two.table)
        computed(two.cast.olga, theirs)
        closed(two)
        with pytest.raises(Stale):
            steps(two.cast.mo, ours, CityEvent.RELEASE)

    def test_a_run_that_ends_after_it_leaves_what_was_divided_as_it_was(self, two: Two):
        ours, _ = divided(two.cast, two.table)
        running = city.ask(
            user=two.cast.iris, city_round=ours.public_id, event=CityEvent.RUN, now=NOW
        )
        closed(two)
        assert city.run(running)
        row = now_of(ours)
        assert (row.result, row.laid_at, row.work) == (ours.result, ours.laid_at, "")
        adopted(two.cast.mo, row)

    def test_closed_twice_it_is_closed_once_and_stands_in_the_trail_of_all_who_sat_there(
        self, two: Two
    ):
        closed(two)
        seating.close(user=two.cast.mo, seat=two.table.public_id, now=LATER + timedelta(1))
        assert {each.closed_at for each in Seat.of_everybody.all()} == {LATER}
        for owner, actor in ((two.cast.woonbelang, two.cast.mo), (two.cast.elders, None)):
            told = Event.of_everybody.get(owner=owner, action="rounds.table_closed")
            assert (told.actor, json.loads(told.payload)["facts"]) == (
                actor,
                {"by": "Woonbelang Hanzeveen"},
            )


class TestOpeningAgain:
    def test_every_step_of_a_table_can_happen_and_somebody_may_take_it(self):
        assert {event for _, event in TRANSITIONS} == set(TableEvent) == set(PERMISSION)

    def test_only_who_may_close_it_opens_it_and_one_that_is_open_stays_so(self, two: Two):
        closed(two)
        for user, seat in (
            (two.cast.iris, two.table),
            (two.kas, seat_of(two.table, two.cast.elders)),
        ):
            with pytest.raises(PermissionDenied):
                seating.open_again(user=user, seat=seat.public_id, now=LATER)
        for _ in range(2):
            opened(two)
        assert not Seat.of_everybody.exclude(closed_at=None, closed_by=None).exists()
        for owner, actor in ((two.cast.woonbelang, two.cast.mo), (two.cast.elders, None)):
            told = Event.of_everybody.get(owner=owner, action="rounds.table_opened")
            assert (told.actor, json.loads(told.payload)["facts"]) == (
                actor,
                {"by": "Woonbelang Hanzeveen"},
            )

    def test_everything_can_happen_there_again_and_it_closes_again(self, two: Two):
        closed(two)
        opened(two)
        ours, theirs = divided(two.cast, two.table)
        assert (asks(two.cast.mo), asks(two.kas)) == (["release"], ["release"])
        steps(two.kas, theirs, CityEvent.RELEASE)
        closed(two)
        opened(two)
        _, theirs = divided(two.cast, two.table)
        assert theirs.state == CityState.RECOMPUTED  # what was released is divided anew
        laid(two.cast.mo, computed(two.cast.iris, ours))

    def test_who_did_not_act_is_asked_again_on_today(self, town: Cast):
        kas, table = their_head(town), a_table(town)
        seating.close(user=town.mo, seat=table.public_id, now=LATER)
        seating.open_again(user=town.mo, seat=table.public_id, now=LATER)
        assert asks(kas) == [JOIN]
        brings(table, town.olga, town.elders, [a_person(town.olga, town.elders)], THEIRS)

    def test_once_somebody_adopted_a_part_it_stays_closed_and_says_who(self, two: Two):
        ours, theirs = divided(two.cast, two.table)
        closed(two)
        adopted(two.kas, theirs)
        [table] = tables(two.cast.mo, now=LATER)
        assert not table.may_open
        with pytest.raises(TableSettled) as refused:
            opened(two)
        assert refused.value.names == ("Elders Wonen",)
        assert Seat.of_everybody.filter(closed_at=LATER).count() == 2
        adopted(two.cast.mo, ours)
        with pytest.raises(TableSettled, match="Woonbelang Hanzeveen, Elders Wonen"):
            opened(two)

    def test_a_part_that_was_adopted_and_withdrawn_again_holds_nothing_up(self, two: Two):
        _, theirs = divided(two.cast, two.table)
        closed(two)
        adopted(two.kas, theirs)
        steps(two.kas, theirs, CityEvent.DROP)
        opened(two)
        [table] = tables(two.cast.mo, now=LATER)
        assert (table.may_close, table.may_open) == (True, False)

    def test_what_was_withdrawn_while_it_was_closed_lies_there_no_more(self, two: Two):
        """So a part that was divided with it is outdated, also where it was released."""
        ours, theirs = divided(two.cast, two.table)
        closed(two)
        steps(two.cast.mo, ours, CityEvent.RELEASE)
        steps(two.kas, theirs, CityEvent.DROP)
        opened(two)
        with pytest.raises(Stale) as refused:
            steps(two.cast.mo, ours, CityEvent.ADOPT)
        assert refused.value.changes == (("table", "Elders Wonen"),)
        row = brings(two.table, two.cast.olga, two.cast.elders, two.their_people, THEIRS)
        laid(two.kas, row)
        ours, _ = divided(two.cast, two.table)
        adopted(two.cast.mo, ours)


class TestCarryingOut:
    def test_another_s_candidate_is_entered_with_his_number_and_proposed(self, two: Two):
        ours, theirs = divided(two.cast, two.table)
        adopted(two.cast.mo, ours)
        home = the_guest_home(ours)
        decides(two.cast.iris, answers(two.cast.iris, address_of(home)), channel="mediation")
        with pytest.raises(PartyFirst) as refused:
            executing.confirm(user=two.cast.iris, home=home.public_id, now=NOW)
        assert refused.value.name == "Elders Wonen"
        adopted(two.kas, theirs)
        executing.confirm(user=two.cast.iris, home=home.public_id, now=NOW)
        match = Match.objects.for_organisation(two.cast.woonbelang).get()
        entered = Candidate.objects.for_organisation(two.cast.woonbelang).get(
            number=match.candidate, replaced_at=None
        )
        assert entered.reference == f"elders {home.candidate}"
        source = Candidate.objects.for_organisation(two.cast.elders).get(
            number=home.candidate, replaced_at=None
        )
        assert (entered.registered, entered.size) == (source.registered, source.size)
        assert source.rests(TODAY)  # nothing else is proposed to him there
        assert Event.of_everybody.filter(owner=two.cast.elders, action="rounds.city_taken").exists()
        html = visible_text(page_of(two.kas, theirs))
        assert "een woning van Woonbelang Hanzeveen: daar voorgesteld" in html

    def test_who_is_second_to_propose_him_here_hears_that_and_when_and_nothing_of_theirs(
        self, two: Two
    ):
        home, source = ready_to_confirm(two)
        proposed_there(two, source, LATER)
        before = Candidate.objects.for_organisation(two.cast.woonbelang).count()
        with pytest.raises(CandidateElsewhere) as refused:
            executing.confirm(user=two.cast.iris, home=home.public_id, now=NOW)
        assert (refused.value.name, refused.value.at) == ("Elders Wonen", LATER)
        url = reverse("rounds:city-confirm", args=[home.public_id])
        answer = asked(logged_in(two.cast.iris), "POST", url)
        assert answer.status_code == 409
        html = visible_text(answer.content.decode())
        assert "De kandidaat, van Elders Wonen, is op ma 23 november, 11.14 uur voorgesteld" in html
        assert "Eldershof" not in html
        assert "Olga" not in html
        assert Candidate.objects.for_organisation(two.cast.woonbelang).count() == before

    def test_who_is_second_to_propose_him_there_hears_which_association_was_first_and_when(
        self, two: Two
    ):
        home, source = ready_to_confirm(two)
        executing.confirm(user=two.cast.iris, home=home.public_id, now=LATER)
        with pytest.raises(CandidateRests) as refused:
            proposed_there(two, source, LATER)
        assert (refused.value.by, refused.value.at) == ("Woonbelang Hanzeveen", LATER)
        told = refusal_text(refused.value, {}).text
        letting.correct(
            user=two.cast.olga, candidate=source.public_id, now=LATER + timedelta(days=1),
            entered=letting.Entered(size=1, registered=source.registered, income_class="target"),
        )  # fmt: skip
        page = logged_in(two.kas).get(reverse("letting:candidate", args=[source.public_id]))
        for text in (told, visible_text(page.content.decode())):
            assert "Woonbelang Hanzeveen stelde" in text
            assert "23 november" in text
            assert "Vlierhof" not in text
            assert "Iris" not in text
        assert "Voorgesteld door een andere corporatie" in text
        letting.look_again(user=two.cast.olga, candidate=source.public_id, now=LATER)
        assert proposed_there(two, source, LATER).candidate == source.number

    def test_a_candidate_who_is_gone_there_is_told_and_nothing_is_lost(self, two: Two):
        home, source = ready_to_confirm(two)
        letting.candidates.rest(
            source, until=NOW.date() + timedelta(9), until_reassessed=False, by=None, now=NOW
        )
        with pytest.raises(CandidateGone):
            executing.confirm(user=two.cast.iris, home=home.public_id, now=NOW)
        assert not Match.objects.for_organisation(two.cast.woonbelang).exists()
        assert Candidate.objects.for_organisation(two.cast.woonbelang).count() == 1


def ready_to_confirm(two: Two) -> tuple[CityHome, Candidate]:
    """Let both adopt, and Iris decide; return the home and the candidate of Elders it goes to."""
    ours, theirs = divided(two.cast, two.table)
    adopted(two.cast.mo, ours)
    adopted(two.kas, theirs)
    home = the_guest_home(ours)
    decides(two.cast.iris, answers(two.cast.iris, address_of(home)), channel="mediation")
    rows = Candidate.objects.for_organisation(two.cast.elders)
    return home, rows.get(number=home.candidate, replaced_at=None)


def proposed_there(two: Two, who: Candidate, now: datetime) -> Match:
    """Let Olga propose a candidate of Elders for the home of Elders."""
    olga = two.cast.olga
    rows = Vacancy.objects.for_organisation(two.cast.elders)
    home = rows.get(dwelling="Elders-001")
    if home.state != "in_matching":
        decides(olga, answers(olga, *THEIRS), channel="mediation")
        letting.open_matching(user=olga, vacancy=home.public_id, now=now)
    return letting.propose(user=olga, vacancy=home.public_id, candidate=who.public_id, now=now)


def address_of(home: CityHome) -> str:
    place, _, number = home.vacancy.code.removeprefix("V-").partition("-")
    return f"{place}hof {int(number)}"


def page_of(user: User, row: CityRound) -> str:
    answer = logged_in(user).get(reverse("rounds:city", args=[row.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_way_in_two_browsers(town: Cast):
    """Each in the scope of its own association, as PostgreSQL keeps it."""
    mo, kas = logged_in(town.mo), logged_in(their_head(town))
    person = a_person(town.olga, town.elders)
    mine = a_person(town.iris, town.woonbelang)
    new = reverse("rounds:table-new")
    sent = {"name": "Samen", "party": str(town.elders.public_id), "key": str(a_key())}
    assert "Elders Wonen" in asked(mo, "GET", new).content.decode()
    assert asked(mo, "POST", new, **{**sent, "party": ""}).status_code == 409
    assert asked(mo, "POST", new, **sent).status_code == 302
    page, other = (
        joins(client, user, home, who)
        for client, user, home, who in (
            (mo, town.mo, "Molenhof 2", mine),
            (kas, town.olga, "Eldershof 1", person),
        )
    )
    for client, where in ((mo, page), (kas, other)):
        assert "Leg op tafel" in client.get(where).content.decode()
        assert asked(client, "POST", f"{where}table/").status_code == 302
    assert asked(kas, "POST", f"{page}table/").status_code == 404
    seat = Seat.objects.for_organisation(town.woonbelang).get(party=town.woonbelang)
    divide = reverse("rounds:table-divide", args=[seat.public_id])
    assert asked(kas, "POST", divide).status_code == 404
    assert asked(mo, "POST", divide).status_code == 302
    assert "wordt samen verdeeld" in visible_text(mo.get(page).content.decode())
    assert asked(mo, "POST", divide).status_code == 409  # a worker is at it
    assert tasks.share.call(town.woonbelang.pk, page.split("/")[-2])
    for client, where, theirs in ((mo, page, "Eldershof"), (kas, other, "Molenhof")):
        html = client.get(where).content.decode()
        assert "2 van 2" in visible_text(html)  # homes with a candidate, of all together
        assert theirs not in html


def joins(client: Client, user: User, home: str, who: Candidate) -> str:
    """Choose what one brings, let a worker compute it, and return the page."""
    listed = asked(client, "GET", reverse("rounds:cities")).content.decode()
    [href] = [each for each in listed.split('"') if each.startswith("/rounds/city/new/?seat=")]
    assert "Samen" in asked(client, "GET", href).content.decode()
    sent = {
        "name": "Samen",
        "vacancy": str(the_vacancy(user, home).id),
        "candidate": str(who.public_id),
        "key": str(a_key()),
        "seat": href.partition("seat=")[2],
    }
    answer = asked(client, "POST", reverse("rounds:city-new"), **sent)
    assert answer.status_code == 302
    row = CityRound.objects.for_organisation(who.owner_id).get()
    assert city.run(row)
    return answer["Location"]


def test_taking_no_part_closing_and_opening_in_two_browsers(town: Cast):
    """Each in the scope of its own association, as PostgreSQL keeps it."""
    mo, kas = logged_in(town.mo), logged_in(their_head(town))
    table = a_table(town)
    own, theirs = table.public_id, seat_of(table, town.elders).public_id
    listed, new = reverse("rounds:cities"), f"{reverse('rounds:city-new')}?seat={theirs}"

    def sends(client: Client, name: str, seat: UUID, **sent: str) -> int:
        return asked(
            client, "POST", reverse(f"rounds:table-{name}", args=[seat]), **sent
        ).status_code

    for client, page in ((kas, new), (kas, listed), (mo, listed)):
        html = client.get(page).content.decode()
        assert ("Doe niet mee" in html) == (client is kas)
        forms = re.findall(r'<form method="post".*?</form>', html, re.DOTALL)
        assert all("csrfmiddlewaretoken" in each for each in forms)
    assert sends(kas, "decline", theirs) == 409  # without a reason
    assert sends(mo, "decline", theirs, reason="not_now") == 404
    assert sends(kas, "decline", theirs, reason="not_now") == 302
    for client in (mo, kas):
        assert "doet niet mee: nu niet" in visible_text(client.get(listed).content.decode())
    assert sends(kas, "return", theirs) == 302
    assert "Kies wat u inbrengt" in kas.get(listed).content.decode()
    assert sends(kas, "close", theirs) == 403
    assert sends(mo, "close", own) == 302
    for client in (mo, kas):
        assert "gesloten door Mo Staal" in visible_text(client.get(listed).content.decode())
    refused = asked(kas, "POST", reverse("rounds:table-return", args=[theirs]))
    assert refused.status_code == 409
    assert "Mo Staal, Woonbelang Hanzeveen sloot haar op" in visible_text(refused.content.decode())
    assert "Open de tafel weer" not in kas.get(listed).content.decode()
    assert sends(kas, "open", theirs) == 403
    assert "Open de tafel weer" in mo.get(listed).content.decode()
    assert sends(mo, "open", own) == 302
    assert sends(kas, "return", theirs) == 302
    CityRound(
        owner=town.elders, seat=seat_of(table, town.elders), name="Samen", made_by=town.olga,
        made_at=NOW, moved_at=NOW, key=a_key(), state=CityState.ADOPTED,
    ).save(force_insert=True)  # fmt: skip
    assert sends(mo, "close", own) == 302
    refused = asked(mo, "POST", reverse("rounds:table-open", args=[own]))
    assert refused.status_code == 409
    assert "is al vastgesteld: Elders Wonen" in visible_text(refused.content.decode())
