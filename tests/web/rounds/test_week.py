"""A week of homes: computed together, confirmed one by one, taken back until published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from mixwijzer.engine.portfolio import Ground
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Decision
from mixwijzer.web.letting.refusals import QuestionFirst, ReasonMissing, TooLate
from mixwijzer.web.profiles.models import ProfileRow
from mixwijzer.web.rounds import services
from mixwijzer.web.rounds.models import WeekRound
from mixwijzer.web.rounds.refusals import (
    AdvertRefused,
    AlreadyAnswered,
    HomesWrong,
    NotAllAnswered,
    NothingComputed,
    Stale,
    WeekNotNow,
    WeekTaken,
    WeekTrouble,
)
from mixwijzer.web.rounds.transitions import TRANSITIONS, WeekEvent, WeekState
from tests.builders import NOW, TODAY, hanzeveen
from tests.cast import Cast
from tests.web.acting import a_key, answers, load_town, the_vacancy
from tests.web.acting import the_page as vacancy_page
from tests.web.every_url import asked, logged_in
from tests.web.rounds.weeks import (
    HOMES,
    THIS,
    a_week,
    a_week_on_the_table,
    agrees,
    noticed,
    steps,
    the_item,
    the_page,
)
from tests.web.test_own_view_first import town_where_hans_says

LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def viewed(town: Cast) -> Cast:
    """Everybody who is asked gave a view."""
    answers(town.iris, "Vlierhof 3")
    if the_vacancy(town.iris, "Molenhof 2").asked:
        letting.answer(
            user=town.iris,
            vacancy=the_vacancy(town.iris, "Molenhof 2").id,
            ranges={"attention": (1, 2, 3), "carrier": (1, 2, 3)},
            known="most",
            now=NOW,
        )
    return town


def without_ids(page: bytes) -> bytes:
    """Return a page without what is made anew each time."""
    return re.sub(rb"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{64}", b"ID", page)


class TestProposing:
    def test_one_home_goes_as_its_own_advice_says(self, viewed: Cast):
        row = a_week(viewed.iris, viewed.woonbelang, ["Vlierhof 3"])
        told = row.result["items"]["V-Vlier-003"]
        assert told["channel"] == vacancy_page(viewed.iris, "Vlierhof 3").advice.recommended
        assert told["channel"] == told["advised"]

    def test_homes_of_one_complex_are_computed_together(self, viewed: Cast):
        told = a_week(viewed.iris, viewed.woonbelang).result["items"]
        assert "V-Vlier-024" in told["V-Vlier-003"]["with"]
        assert told["V-Vlier-003"]["chance"] == told["V-Vlier-024"]["chance"]
        assert told["V-Vlier-003"]["chance"] <= told["V-Vlier-003"]["alone"]

    def test_the_same_rows_give_the_same_proposal(self, viewed: Cast):
        row = a_week(viewed.iris, viewed.woonbelang)
        again = services.compute(user=viewed.iris, week_round=row.public_id, now=NOW)
        assert (again.result, again.inputs_hash, again.runs) == (row.result, row.inputs_hash, 2)

    def test_the_text_fits_the_portal_and_tells_facts_of_the_home_only(self, viewed: Cast):
        row = a_week(viewed.iris, viewed.woonbelang)
        text = the_item(row, "Vlier-003").advert
        assert 0 < len(text) <= the_page(viewed.iris).longest
        assert "vrij per" in text

    def test_a_direct_mediation_has_no_text(self, viewed: Cast):
        row = a_week(viewed.iris, viewed.woonbelang)
        for home in ("Vlier-003", "Vlier-024", "Molen-002"):
            item = the_item(row, home)
            assert bool(item.advert) == (row.result["items"][f"V-{home}"]["intake"] != "INT")


class TestMaking:
    def test_one_of_two_who_make_it_wins_and_the_other_hears_who(self, town: Cast):
        a_week(town.iris, town.woonbelang)
        with pytest.raises(WeekTaken) as refused:
            a_week(town.mo, town.woonbelang)
        assert refused.value.by == "Iris Voorbeeld"
        assert WeekRound.objects.for_organisation(town.woonbelang).count() == 1

    def test_a_form_sent_twice_makes_one(self, town: Cast):
        sent = {
            "user": town.iris,
            "owner": town.woonbelang,
            "week": THIS,
            "vacancies": [the_vacancy(town.iris, "Vlierhof 3").id],
            "key": a_key(),
            "now": NOW,
        }
        assert services.make(**sent).pk == services.make(**sent).pk

    def test_without_homes_or_with_a_foreign_one_nothing_is_made(self, town: Cast):
        for homes in ([], [the_vacancy(town.olga, "Eldershof 1").id]):
            with pytest.raises(HomesWrong):
                services.make(
                    user=town.iris,
                    owner=town.woonbelang,
                    week=THIS,
                    vacancies=homes,
                    key=a_key(),
                    now=NOW,
                )
        assert not WeekRound.objects.for_organisation(town.woonbelang).exists()

    def test_a_round_that_was_taken_off_makes_room_for_another(self, town: Cast):
        steps(town.mo, a_week(town.iris, town.woonbelang), WeekEvent.DROP)
        assert a_week(town.iris, town.woonbelang).state == WeekState.COMPUTED


class TestAnswering:
    def test_agreeing_is_the_decision_of_the_vacancy(self, viewed: Cast):
        item = the_item(a_week_on_the_table(viewed), "Vlier-003")
        told = agrees(viewed.iris, item)
        page = vacancy_page(viewed.iris, "Vlierhof 3")
        assert told.agreed
        assert page.decision is not None
        assert (page.decision.channel, page.decision.by) == (item.channel, "Iris Voorbeeld")

    @pytest.mark.parametrize("agreed", [True, False])
    def test_the_group_that_was_agreed_on_is_chosen_where_one_looks_for_a_candidate(
        self, viewed: Cast, agreed
    ):
        """Who chose another way than the round's, decided for no group."""
        item = the_item(a_week_on_the_table(viewed), "Vlier-003")
        item.group = "outflow"
        item.save(update_fields=["group"])
        other = min({"ordinary", "mediation"} - {item.channel})
        agrees(viewed.iris, item, channel="" if agreed else other)
        path = reverse("letting:candidates", args=[item.vacancy.public_id])
        page = logged_in(viewed.iris).get(path).content.decode()
        assert ("Besloten in de weekronde: " in page) is agreed
        assert ('<option value="outflow" selected>' in page) is agreed
        assert (" selected>" in page) is agreed

    def test_another_way_is_kept_as_a_decision_too(self, viewed: Cast):
        item = the_item(a_week_on_the_table(viewed), "Vlier-003")
        ways = {"ordinary", "mediation"} - {item.channel}
        told = agrees(viewed.iris, item, channel=min(ways))
        assert told.agreed is False
        assert told.decision is not None
        assert told.decision.channel in ways

    def test_who_is_asked_first_gives_a_view(self, town: Cast):
        row = a_week_on_the_table(town)
        item = the_item(row, "Vlier-003")
        with pytest.raises(QuestionFirst):
            services.answer(
                user=town.iris,
                item=item.public_id,
                channel=item.channel,
                reason="fits_view",
                key=a_key(),
                now=NOW,
            )
        assert the_item(row, "Vlier-003").decision is None

    def test_a_reason_is_asked(self, viewed: Cast):
        item = the_item(a_week_on_the_table(viewed), "Vlier-003")
        with pytest.raises(ReasonMissing):
            agrees(viewed.iris, item, reason="no_reason")

    def test_the_second_of_two_hears_who_was_first(self, viewed: Cast):
        item = the_item(a_week_on_the_table(viewed), "Vlier-003")
        agrees(viewed.iris, item)
        with pytest.raises(AlreadyAnswered) as refused:
            services.answer(
                user=viewed.mo,
                item=item.public_id,
                channel="ordinary",
                reason="haste",
                key=a_key(),
                now=NOW,
            )
        assert refused.value.by == "Iris Voorbeeld"

    def test_it_is_taken_back_with_its_decision(self, viewed: Cast):
        row = a_week_on_the_table(viewed)
        agrees(viewed.iris, the_item(row, "Vlier-003"))
        item = the_item(row, "Vlier-003")
        services.undo(
            user=viewed.iris, item=item.public_id, reason="changed", key=a_key(), now=LATER
        )
        assert the_item(row, "Vlier-003").agreed is None
        assert vacancy_page(viewed.iris, "Vlierhof 3").decision is None
        assert Decision.objects.for_organisation(viewed.woonbelang).count() == 1  # it stays

    def test_after_the_advert_is_out_nothing_is_taken_back(self, viewed: Cast):
        row = a_week_on_the_table(viewed)
        item = agrees(viewed.iris, the_item(row, "Vlier-003"))
        noticed(viewed, "V-Vlier-003", publication=TODAY)
        with pytest.raises(TooLate):
            services.undo(
                user=viewed.iris, item=item.public_id, reason="changed", key=a_key(), now=LATER
            )
        assert the_item(row, "Vlier-003").agreed

    def test_a_text_about_people_or_too_long_is_refused(self, viewed: Cast):
        item = the_item(a_week_on_the_table(viewed), "Vlier-003")
        for text in ("", "x" * 1000, "Geen probleemgezinnen"):
            with pytest.raises(AdvertRefused):
                services.write_advert(user=viewed.iris, item=item.public_id, text=text, now=NOW)
        told = services.write_advert(
            user=viewed.iris, item=item.public_id, text="Ruim, met balkon.", now=NOW
        )
        row = services.compute(user=viewed.iris, week_round=told.week_round.public_id, now=LATER)
        assert the_item(row, "Vlier-003").advert == "Ruim, met balkon."


class TestChanging:
    def test_a_view_that_came_in_makes_it_outdated(self, town: Cast):
        row = a_week(town.iris, town.woonbelang)
        answers(town.iris, "Vlierhof 3")
        with pytest.raises(Stale) as refused:
            steps(town.mo, row, WeekEvent.RELEASE)
        assert refused.value.changes == (("judgements", "Vlier"),)
        again = services.compute(user=town.iris, week_round=row.public_id, now=NOW)
        assert steps(town.mo, again, WeekEvent.RELEASE).state == WeekState.RELEASED

    def test_a_profile_that_changed_makes_it_outdated(self, viewed: Cast):
        row = a_week(viewed.iris, viewed.woonbelang)
        rows = ProfileRow.objects.for_organisation(viewed.woonbelang)
        rows.filter(replaced_at=None, category="attention").update(replaced_at=NOW)
        with pytest.raises(Stale) as refused:
            steps(viewed.mo, row, WeekEvent.RELEASE)
        assert refused.value.changes == (("profiles", ""),)

    def test_a_home_that_was_withdrawn_is_named_and_nothing_is_lost(self, viewed: Cast):
        row = a_week(viewed.iris, viewed.woonbelang)
        noticed(viewed, "V-Molen-002", closed_on=TODAY)
        letting.take_up(owner=viewed.woonbelang, now=NOW)
        with pytest.raises(Stale) as refused:
            steps(viewed.mo, row, WeekEvent.RELEASE)
        assert ("vacancy", "V-Molen-002") in refused.value.changes
        assert len(the_page(viewed.mo).items) == len(HOMES)

    def test_own_decisions_do_not_make_it_outdated(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3", "Vlierhof 24"])
        agrees(viewed.iris, the_item(row, "Vlier-003"))
        assert the_page(viewed.mo).changes == ()

    def test_computing_anew_keeps_the_answers_that_stand(self, viewed: Cast):
        row = a_week_on_the_table(viewed)
        agrees(viewed.iris, the_item(row, "Vlier-003"))
        before = row.result["items"]["V-Vlier-003"]
        again = services.compute(user=viewed.iris, week_round=row.public_id, now=LATER)
        assert again.state == WeekState.COMPUTED
        assert again.result["items"]["V-Vlier-003"] == before
        assert the_item(again, "Vlier-003").agreed

    def test_an_advice_that_ended_makes_it_outdated(self, viewed: Cast):
        row = a_week(viewed.iris, viewed.woonbelang)
        much_later = NOW + timedelta(days=30)
        with pytest.raises(Stale) as refused, time_machine.travel(much_later):
            steps(viewed.mo, row, WeekEvent.RELEASE, much_later)
        assert ("term", "") in refused.value.changes

    def test_a_norm_that_ended_is_told_and_the_last_proposal_stays(self, viewed: Cast):
        row = a_week(viewed.iris, viewed.woonbelang)
        after = NOW.replace(year=2027, month=3)
        with pytest.raises(WeekTrouble) as refused, time_machine.travel(after):
            services.compute(user=viewed.iris, week_round=row.public_id, now=after)
        assert refused.value.code
        kept = WeekRound.objects.for_organisation(viewed.woonbelang).get(pk=row.pk)
        assert (kept.result, kept.state) == (row.result, row.state)

    def test_a_ground_that_ended_is_no_option(self, cast: Cast):
        town = hanzeveen()
        ended = tuple(
            replace(each, ground_end=date(2026, 1, 1))
            if each.ground != Ground.NONE_NEEDED
            else each
            for each in town.channels
        )
        load_town(cast, replace(town, channels=ended))
        row = a_week(cast.iris, cast.woonbelang)
        assert {each["ground"] for each in row.result["items"].values()} == {"none_needed"}


class TestClashing:
    @pytest.fixture
    def only_free_room(self, cast: Cast) -> Cast:
        """Every way leans on the free room of the law, and one letting in eleven may."""
        town = hanzeveen()
        way = next(each for each in town.channels if each.ground == Ground.NONE_NEEDED)
        leaning = replace(
            way,
            ground=Ground.FREE_ROOM,
            ground_source="Verordening, artikel 3",
            ground_start=date(2026, 1, 1),
        )
        load_town(cast, replace(town, channels=(leaning,)))
        return cast

    def test_what_clashes_is_told_in_the_agreements_own_words(self, only_free_room: Cast):
        row = a_week(only_free_room.mo, only_free_room.woonbelang)
        assert sorted(row.result["clash"]) == ["every home", "free_room"]
        sheet = asked(logged_in(only_free_room.mo), "GET", reverse("rounds:week"))
        text = sheet.content.decode()
        assert "Dit kan niet samen" in text
        assert "de vrije toewijzingsruimte van dit jaar" in text
        assert "elke woning van deze week krijgt een weg" in text

    def test_it_does_not_come_on_the_table_and_the_homes_stay_on_it(self, only_free_room: Cast):
        row = a_week(only_free_room.mo, only_free_room.woonbelang)
        with pytest.raises(NothingComputed):
            steps(only_free_room.mo, row, WeekEvent.RELEASE)
        assert len(the_page(only_free_room.mo).items) == len(HOMES)


class TestAdopting:
    def test_a_home_without_answer_holds_it_up(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3", "Vlierhof 24"])
        agrees(viewed.iris, the_item(row, "Vlier-003"))
        with pytest.raises(NotAllAnswered) as refused:
            steps(viewed.mo, row, WeekEvent.ADOPT)
        assert refused.value.waiting == 1

    def test_adopted_and_published_it_is_done(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3"])
        item = agrees(viewed.iris, the_item(row, "Vlier-003"))
        steps(viewed.mo, row, WeekEvent.ADOPT)
        done = steps(viewed.mo, row, WeekEvent.EXECUTE)
        assert done.state == WeekState.EXECUTED
        with pytest.raises(WeekNotNow):
            services.undo(
                user=viewed.iris, item=item.public_id, reason="changed", key=a_key(), now=LATER
            )
        assert vacancy_page(viewed.iris, "Vlierhof 3").decision is not None

    def test_what_is_taken_back_after_adoption_is_on_the_table_again(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3"])
        item = agrees(viewed.iris, the_item(row, "Vlier-003"))
        steps(viewed.mo, row, WeekEvent.ADOPT)
        services.undo(
            user=viewed.iris, item=item.public_id, reason="changed", key=a_key(), now=LATER
        )
        assert the_page(viewed.mo).round.state == WeekState.RELEASED

    def test_every_step_that_the_table_lacks_is_refused(self, viewed: Cast):
        row = a_week(viewed.iris, viewed.woonbelang, ["Vlierhof 3"])
        for event in (WeekEvent.RELEASE, WeekEvent.ADOPT, WeekEvent.EXECUTE, WeekEvent.DROP):
            for state in WeekState:
                WeekRound.objects.for_organisation(row.owner_id).update(state=state)
                if (state, event) not in TRANSITIONS:
                    with pytest.raises(WeekNotNow):
                        steps(viewed.mo, row, event)


class TestSeeing:
    def test_who_has_a_view_to_give_sees_no_proposal_of_any_home(self, town: Cast):
        a_week_on_the_table(town)
        page = the_page(town.iris)
        assert page.blind
        assert all(each.told is None and not each.advert for each in page.items)
        assert not page.may
        client = logged_in(town.iris)
        text = asked(client, "GET", reverse("rounds:week")).content.decode()
        assert "Geef uw beeld" in text
        assert "elke band houdt" not in text

    def test_until_then_her_pages_are_the_same_whatever_a_colleague_said(self, cast: Cast):
        """Byte for byte, on the sheet, at the table and in the minutes."""

        def seen(said: tuple[int, int, int]) -> list[bytes]:
            with transaction.atomic():
                load_town(cast, town_where_hans_says(said))
                row = a_week_on_the_table(cast)
                paths = [
                    reverse("rounds:week"),
                    *(reverse(f"rounds:{e}", args=[row.public_id]) for e in ("meeting", "minutes")),
                ]
                client = logged_in(cast.iris)
                pages = [without_ids(asked(client, "GET", path).content) for path in paths]
                transaction.set_rollback(True)
            return pages

        assert seen((1, 2, 3)) == seen((18, 19, 20))

    def test_the_sheet_the_table_and_the_minutes_open(self, viewed: Cast):
        row = a_week_on_the_table(viewed)
        agrees(viewed.iris, the_item(row, "Vlier-003"))
        client = logged_in(viewed.mo)
        for name in ("rounds:meeting", "rounds:minutes"):
            answer = asked(client, "GET", reverse(name, args=[row.public_id]))
            assert answer.status_code == 200
            assert "Vlierhof 3" in answer.content.decode()

    def test_a_refusal_is_told_on_the_sheet(self, town: Cast):
        row = a_week(town.iris, town.woonbelang)
        answers(town.iris, "Vlierhof 3")
        path = reverse("rounds:release", args=[row.public_id])
        answer = asked(logged_in(town.mo), "POST", path)
        assert answer.status_code == 409
        assert "Verouderd: 1 wijziging" in answer.content.decode()
