"""Who must answer about a home does so; silence is silence; a no is passed with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from mixwijzer.web.accounts.models import Missing, User
from mixwijzer.web.agreements.words import Answers
from mixwijzer.web.desk.screens import today_screen
from mixwijzer.web.desk.selectors import today
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.match_steps import Act, ConditionKind, MatchState
from mixwijzer.web.letting.models import Decision
from mixwijzer.web.letting.refusals import ConditionsOpen
from mixwijzer.web.rounds import services
from mixwijzer.web.rounds.answer_steps import (
    ALLOWED,
    GO_ON_REASONS,
    OBJECTIONS,
    AnswerAct,
    AnswerState,
    Side,
    Silence,
    Standing,
    fits,
    standing,
)
from mixwijzer.web.rounds.models import PartyAnswer, PartyAsk, RoundItem
from mixwijzer.web.rounds.refusals import (
    AnswerChanged,
    AnswerEnded,
    AnswerLate,
    AnswerNotNow,
    AnswerSettled,
    AnswerStale,
    NoYes,
    WordMissing,
)
from mixwijzer.web.rounds.selectors import ask_page, ask_pages
from mixwijzer.web.rounds.transitions import WeekEvent
from tests.builders import MEDIATION, NOW, ORDINARY, TODAY
from tests.cast import Cast
from tests.web.acting import a_key, answers
from tests.web.every_url import asked, logged_in
from tests.web.kept import kept
from tests.web.letting.matched import a_candidate, acts, proposed, to_step
from tests.web.rounds.asking import (
    clause_that_asks,
    on_the_table,
    only_mediation,
    replies,
    the_ask,
    the_item_of,
)
from tests.web.rounds.test_week import noticed
from tests.web.rounds.weeks import agrees, steps, the_page

LATER = NOW + timedelta(minutes=5)
OVER = NOW + timedelta(days=30)
A = AnswerAct


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def mediated(cast: Cast) -> Cast:
    """Every home is mediated; Opstap has requests of every group."""
    kept("mediated", lambda: only_mediation(cast))
    return cast


@pytest.fixture
def item(mediated: Cast) -> RoundItem:
    """A mediated home that lies on the table."""
    kept("mediated and on the table", lambda: on_the_table(mediated))
    return RoundItem.objects.for_organisation(mediated.woonbelang).get()


def decides(user: User, item: RoundItem, **without: str) -> RoundItem:
    """Agree with the way of a home; `without` names why, by the code of a party."""
    asks = PartyAsk.objects.for_organisation(item.owner_id).filter(item=item, ended_at=None)
    known = {each.party.code: each.public_id for each in asks.select_related("party")}
    [line] = the_page(user).items
    return services.answer(
        user=user,
        item=item.public_id,
        channel=item.channel,
        reason="fits_view" if line.advised == item.channel else "request_fits",
        key=a_key(),
        now=NOW,
        without={known[code]: word for code, word in without.items()},
    )


def lines_of(item: RoundItem) -> list[tuple[str, str, str, str]]:
    rows = PartyAnswer.objects.for_organisation(item.owner_id).filter(ask__item=item)
    return [(e.act, e.word, e.side, e.by.name) for e in rows.select_related("by").order_by("pk")]


class TestTheTable:
    def test_a_party_never_decides_and_nobody_answers_for_a_party(self):
        for (_, act), sides in ALLOWED.items():
            deciding = act in {A.GO_ON, A.GO_BACK}
            assert (Side.ASSOCIATION in sides) == deciding
            assert bool(sides - {Side.ASSOCIATION}) != deciding

    def test_silence_is_no_yes_unless_that_was_agreed(self):
        state = AnswerState.ASKED
        after = TODAY + timedelta(days=1)
        for silence in Silence:
            assert standing(state, silence, TODAY, TODAY) is Standing.WAITS
        assert standing(state, Silence.NOTHING, TODAY, after) is Standing.SILENT
        assert standing(state, Silence.YES, TODAY, after) is Standing.SILENT_YES
        assert standing(AnswerState.OBJECTED, Silence.YES, TODAY, after) is Standing.NO

    def test_every_reason_belongs_to_one_list(self):
        for worth, reasons in GO_ON_REASONS.items():
            for reason in reasons:
                assert [e for e in GO_ON_REASONS if fits(A.GO_ON, Side.ASSOCIATION, reason, e)] == [
                    worth
                ]
        for side, reasons in OBJECTIONS.items():
            assert all(fits(A.OBJECT, side, each, Standing.WAITS) for each in reasons)
        assert not fits(A.OBJECT, Side.PARTNER, "not_agreed", Standing.WAITS)
        assert not fits(A.AGREE, Side.PARTNER, "anything", Standing.WAITS)


class TestAsking:
    def test_who_mediates_is_asked_and_before_it_is_on_the_table_named(
        self, mediated: Cast, item: RoundItem
    ):
        [line] = the_page(mediated.mo).items
        assert [each.party for each in line.answers] == ["Stichting Opstap"]
        assert [each.waits for each in ask_pages(mediated.joris, now=NOW)] == [True]
        services.compute(user=mediated.iris, week_round=item.week_round.public_id, now=NOW)
        [line] = the_page(mediated.mo).items
        assert [(each.party, each.id) for each in line.answers] == [("Stichting Opstap", None)]

    @pytest.mark.parametrize("silence", [Answers.ASKED, Answers.SILENT_YES])
    def test_a_municipality_is_asked_where_a_clause_says_so(self, mediated: Cast, silence):
        clause_that_asks(mediated, silence)
        ask = the_ask(mediated.gemeente, on_the_table(mediated))
        assert ask.because["kind"] == "clause"
        assert ask.silence == (Silence.YES if silence == Answers.SILENT_YES else Silence.NOTHING)

    def test_a_clause_that_does_not_ask_calls_nobody(self, mediated: Cast):
        clause_that_asks(mediated, Answers.NO)
        item = on_the_table(mediated)
        parties = PartyAsk.objects.for_organisation(item.owner_id).values_list("party", flat=True)
        assert mediated.gemeente.pk not in parties

    def test_the_ordinary_offer_asks_nobody(self, cast: Cast):
        only_mediation(cast, ORDINARY)
        item = on_the_table(cast)
        assert not PartyAsk.objects.for_organisation(item.owner_id).exists()

    def test_what_holds_stays_asked_with_its_answer_when_it_is_computed_anew(
        self, mediated: Cast, item: RoundItem
    ):
        ask = the_ask(mediated.opstap, item)
        replies(mediated.joris, ask, A.AGREE)
        row = services.compute(user=mediated.iris, week_round=item.week_round.public_id, now=LATER)
        steps(mediated.mo, row, WeekEvent.RELEASE, LATER)
        assert the_ask(mediated.opstap, the_item_of(row)).pk == ask.pk


class TestAnswering:
    @pytest.mark.parametrize(
        ("act", "word", "worth"),
        [
            (A.AGREE, "", Standing.YES),
            (A.AGREE_IF, ConditionKind.SUPPORT_AGREED, Standing.YES),
            (A.OBJECT, "not_yet", Standing.NO),
        ],
    )
    def test_it_stands_beside_the_home_with_a_name(
        self, mediated: Cast, item: RoundItem, act, word, worth
    ):
        replies(mediated.joris, the_ask(mediated.opstap, item), act, word)
        [line] = the_page(mediated.mo).items
        [told] = line.answers
        assert (told.worth, told.word, told.by) == (worth, word, "Joris Maas")
        sheet = asked(logged_in(mediated.mo), "GET", reverse("rounds:week")).content.decode()
        assert "Joris Maas" in sheet

    def test_it_is_taken_back_and_both_lines_stay(self, mediated: Cast, item: RoundItem):
        ask = the_ask(mediated.opstap, item)
        replies(mediated.joris, ask, A.OBJECT, "not_yet")
        replies(mediated.joris, ask, A.TAKE_BACK)
        assert [each[0] for each in lines_of(item)] == [A.OBJECT, A.TAKE_BACK]
        assert ask_pages(mediated.joris, now=NOW)[0].waits

    @pytest.mark.parametrize(
        ("act", "word", "refusal"),
        [
            (A.OBJECT, "", WordMissing),
            (A.OBJECT, "not_agreed", WordMissing),
            (A.AGREE_IF, "more_rent", WordMissing),
            (A.TAKE_BACK, "", AnswerNotNow),
            (A.GO_ON, "no_waiting", AnswerNotNow),
        ],
    )
    def test_what_the_table_or_the_lists_lack_is_refused(
        self, mediated: Cast, item: RoundItem, act, word, refusal
    ):
        with pytest.raises(refusal):
            replies(mediated.joris, the_ask(mediated.opstap, item), act, word)
        assert lines_of(item) == []

    def test_a_colleague_who_was_first_is_named(self, mediated: Cast, item: RoundItem):
        ask = the_ask(mediated.opstap, item)
        replies(mediated.joris, ask, A.AGREE)
        with pytest.raises(AnswerChanged) as refused:
            services.reply(
                user=mediated.joris, ask=ask.public_id, act=A.OBJECT, word="", version=0, now=NOW
            )
        assert refused.value.by == "Joris Maas"

    def test_after_the_day_to_decide_by_it_is_too_late(self, mediated: Cast, item: RoundItem):
        ask = the_ask(mediated.opstap, item)
        with time_machine.travel(OVER), pytest.raises(AnswerLate):
            replies(mediated.joris, ask, A.AGREE, now=OVER)

    def test_what_changed_is_named(self, mediated: Cast, item: RoundItem):
        ask = the_ask(mediated.opstap, item)
        noticed(mediated, "V-Vlier-003", free_from=TODAY + timedelta(days=99))
        with pytest.raises(AnswerStale) as refused:
            replies(mediated.joris, ask, A.AGREE)
        assert "free_from" in refused.value.changes
        path = reverse("rounds:reply", args=[ask.public_id])
        page = asked(logged_in(mediated.joris), "POST", path, act="agree", version="0")
        assert page.status_code == 409
        assert "vanaf wanneer" in page.content.decode()

    def test_off_the_table_nothing_is_asked(self, mediated: Cast, item: RoundItem):
        ask = the_ask(mediated.opstap, item)
        row = services.compute(user=mediated.iris, week_round=item.week_round.public_id, now=NOW)
        with pytest.raises(AnswerEnded) as refused:
            replies(mediated.joris, ask, A.AGREE)
        assert refused.value.again
        steps(mediated.mo, row, WeekEvent.DROP)
        with pytest.raises(AnswerEnded):
            replies(mediated.joris, ask, A.AGREE)
        assert ask_pages(mediated.joris, now=NOW) == ()


class TestDeciding:
    def test_a_yes_needs_nothing_more(self, mediated: Cast, item: RoundItem):
        replies(mediated.joris, the_ask(mediated.opstap, item), A.AGREE_IF, "home_ready")
        assert decides(mediated.iris, item).agreed

    @pytest.mark.parametrize(
        ("objects", "fitting", "other"),
        [(True, "arranged", "no_waiting"), (False, "no_waiting", "arranged")],
    )
    def test_without_a_yes_a_reason_is_asked_and_kept(
        self, mediated: Cast, item: RoundItem, objects, fitting, other
    ):
        if objects:
            replies(mediated.joris, the_ask(mediated.opstap, item), A.OBJECT, "not_yet")
        with pytest.raises(NoYes) as refused:
            decides(mediated.iris, item)
        assert refused.value.parties == ("Stichting Opstap",)
        with pytest.raises(WordMissing):
            decides(mediated.iris, item, opstap=other)
        assert RoundItem.objects.for_organisation(item.owner_id).get().decision is None
        decides(mediated.iris, item, opstap=fitting)
        assert lines_of(item)[-1] == (A.GO_ON, fitting, Side.ASSOCIATION, "Iris Voorbeeld")

    def test_then_the_party_hears_who_decided_and_undoing_asks_it_again(
        self, mediated: Cast, item: RoundItem
    ):
        ask = the_ask(mediated.opstap, item)
        replies(mediated.joris, ask, A.OBJECT, "not_yet")
        decides(mediated.iris, item, opstap="no_other")
        with pytest.raises(AnswerSettled) as refused:
            replies(mediated.joris, ask, A.TAKE_BACK)
        assert refused.value.by == "Iris Voorbeeld"
        page = ask_page(mediated.joris, ask.public_id, now=NOW)
        assert (page.agreed, page.state) == (True, AnswerState.PASSED)
        services.undo(
            user=mediated.iris, item=item.public_id, reason="changed", key=a_key(), now=LATER
        )
        page = ask_page(mediated.joris, ask.public_id, now=NOW)
        assert (page.state, page.acts) == (AnswerState.OBJECTED, (A.TAKE_BACK,))

    def test_silence_holds_it_up_unless_a_clause_makes_it_a_yes(self, mediated: Cast):
        clause_that_asks(mediated, Answers.SILENT_YES)
        on_the_table(mediated)
        with time_machine.travel(OVER):
            [line] = the_page(mediated.mo, OVER).items
            worth = {each.party: each.worth for each in line.answers}
        assert worth == {
            "Gemeente Hanzeveen": Standing.SILENT_YES,
            "Stichting Opstap": Standing.SILENT,
        }


def standing_decision(item: RoundItem) -> Decision:
    rows = Decision.objects.for_organisation(item.owner_id)
    return rows.get(vacancy=item.vacancy_id, withdrawn_at=None)


def goes_along(item: RoundItem) -> tuple[str, list[str]]:
    """Return the group and the conditions that the decision about a home carries."""
    decided = standing_decision(item)
    return decided.group, decided.conditions


class TestGoingAlong:
    def test_the_group_and_what_was_asked_reach_the_match_and_block_the_key(
        self, mediated: Cast, item: RoundItem
    ):
        replies(mediated.joris, the_ask(mediated.opstap, item), A.AGREE_IF, "house_rules")
        decides(mediated.iris, item)
        assert goes_along(item) == ("status_holder", ["house_rules"])
        home = item.vacancy.public_id
        page = asked(logged_in(mediated.iris), "GET", f"/vacancies/{home}/candidates/")
        assert '<option value="status_holder" selected>' in page.content.decode()
        letting.open_matching(user=mediated.iris, vacancy=home, group="status_holder", now=NOW)
        who = a_candidate(mediated, target_group="status_holder")
        match = to_step(mediated, proposed(mediated, item.vacancy, who), MatchState.CONTRACT)
        with pytest.raises(ConditionsOpen) as refused:
            acts(mediated.tessa, match, Act.LET)
        assert refused.value.kinds == ("house_rules",)

    @pytest.mark.parametrize(
        ("words", "kept_as"),
        [
            (("home_ready", "home_ready"), ["home_ready"]),
            (("house_rules", "home_ready"), ["house_rules", "home_ready"]),
        ],
    )
    def test_what_two_parties_ask_stands_once_in_the_order_of_asking(
        self, mediated: Cast, words, kept_as
    ):
        clause_that_asks(mediated)
        item = on_the_table(mediated)
        town, partner = the_ask(mediated.gemeente, item), the_ask(mediated.opstap, item)
        assert town.pk < partner.pk
        replies(mediated.joris, partner, A.AGREE_IF, words[1])
        replies(mediated.lotte, town, A.AGREE_IF, words[0])
        decides(mediated.iris, item)
        assert goes_along(item)[1] == kept_as

    def test_what_was_taken_back_or_replaced_by_a_plain_yes_is_not_asked(
        self, mediated: Cast, item: RoundItem
    ):
        ask = the_ask(mediated.opstap, item)
        for act, word in ((A.AGREE_IF, "house_rules"), (A.TAKE_BACK, ""), (A.AGREE, "")):
            replies(mediated.joris, ask, act, word)
        decides(mediated.iris, item)
        assert goes_along(item) == ("status_holder", [])

    def test_another_way_carries_nothing(self, cast: Cast):
        only_mediation(cast, MEDIATION, ORDINARY)
        item = on_the_table(cast)
        assert item.channel == MEDIATION.id
        replies(cast.joris, the_ask(cast.opstap, item), A.AGREE_IF, "house_rules")
        agrees(cast.iris, item, channel=ORDINARY.id)
        assert goes_along(item) == ("", [])

    def test_after_undoing_nothing_stands_and_what_stands_then_goes_along(
        self, mediated: Cast, item: RoundItem
    ):
        ask = the_ask(mediated.opstap, item)
        replies(mediated.joris, ask, A.AGREE_IF, "house_rules")
        decides(mediated.iris, item)
        services.undo(
            user=mediated.iris, item=item.public_id, reason="changed", key=a_key(), now=LATER
        )
        with pytest.raises(Decision.DoesNotExist):
            goes_along(item)
        replies(mediated.joris, ask, A.TAKE_BACK)
        replies(mediated.joris, ask, A.AGREE_IF, "home_ready")
        decides(mediated.iris, item)
        assert goes_along(item)[1] == ["home_ready"]


class TestToday:
    """An objection, a condition and an answer taken back stand on the page of who decides."""

    @staticmethod
    def rows_of(user: User) -> list[tuple[str, str]]:
        fresh = User.objects.get(pk=user.pk)
        screen = today_screen(today(fresh, now=NOW), fresh, NOW)
        return [(each.why, each.href) for each in screen.waiting if each.about == "Weekronde"]

    def test_it_stands_there_until_it_is_decided_and_again_when_that_is_undone(
        self, mediated: Cast, item: RoundItem
    ):
        ask = the_ask(mediated.opstap, item)
        row = item.week_round
        there = f"/rounds/week/?week={row.year}-{row.week:02d}"
        assert self.rows_of(mediated.mo) == []
        replies(mediated.joris, ask, A.OBJECT, "not_yet")
        for person in (mediated.mo, mediated.iris):  # who leads, and who has the home
            assert self.rows_of(person) == [("1 bezwaar", there)]
        for person in (mediated.sem, mediated.tessa, mediated.joris, mediated.olga):
            assert self.rows_of(person) == []
        assert logged_in(mediated.iris).get(there).status_code == 200
        decides(mediated.iris, item, opstap="arranged")
        assert self.rows_of(mediated.mo) == []
        services.undo(
            user=mediated.iris, item=item.public_id, reason="changed", key=a_key(), now=LATER
        )
        assert self.rows_of(mediated.mo) == [("1 bezwaar", there)]

    @pytest.mark.parametrize(
        ("acts", "told"),
        [
            ([(A.AGREE, "")], []),
            ([(A.AGREE_IF, "home_ready")], ["1 keer akkoord, mits"]),
            ([(A.AGREE, ""), (A.TAKE_BACK, "")], ["1 antwoord teruggenomen"]),
            ([(A.OBJECT, "not_yet"), (A.TAKE_BACK, ""), (A.AGREE, "")], []),
        ],
    )
    def test_what_was_done_last_counts(self, mediated: Cast, item: RoundItem, acts, told):
        for act, word in acts:
            replies(mediated.joris, the_ask(mediated.opstap, item), act, word)
        assert [why for why, _ in self.rows_of(mediated.mo)] == told

    def test_what_was_only_passed_over_and_undone_is_no_answer_taken_back(
        self, mediated: Cast, item: RoundItem
    ):
        decides(mediated.iris, item, opstap="no_waiting")
        services.undo(
            user=mediated.iris, item=item.public_id, reason="changed", key=a_key(), now=LATER
        )
        assert self.rows_of(mediated.mo) == []

    def test_off_the_table_it_waits_for_nobody(self, mediated: Cast, item: RoundItem):
        replies(mediated.joris, the_ask(mediated.opstap, item), A.OBJECT, "not_yet")
        services.compute(user=mediated.iris, week_round=item.week_round.public_id, now=NOW)
        assert self.rows_of(mediated.mo) == []

    def test_who_still_has_to_say_how_it_is_there_hears_it_after_that(self, cast: Cast):
        only_mediation(cast, viewed=False)
        replies(cast.joris, the_ask(cast.opstap, on_the_table(cast)), A.OBJECT, "not_yet")
        assert self.rows_of(cast.iris) == []
        answers(cast.iris, "Vlierhof 3")
        assert [why for why, _ in self.rows_of(cast.iris)] == ["1 bezwaar"]


class TestSeeing:
    def test_the_party_sees_its_line_and_nothing_of_the_mix_or_of_others(self, mediated: Cast):
        clause_that_asks(mediated)
        item = on_the_table(mediated)
        ask = the_ask(mediated.opstap, item)
        client = logged_in(mediated.joris)
        for path in ("/", reverse("rounds:asks"), reverse("rounds:ask", args=[ask.public_id])):
            page = asked(client, "GET", path).content.decode()
            assert "Vlierhof" in page
            for word in ("Vlierhof 3", "Gemeente", "van de 10", "aandacht", "Voorbeeld", "grens"):
                assert word not in page, (path, word)

    def test_anothers_line_is_not_there_with_the_same_bytes_as_none(self, mediated: Cast):
        clause_that_asks(mediated)
        ask = the_ask(mediated.gemeente, on_the_table(mediated))
        client = logged_in(mediated.joris)
        for name, method in (("rounds:ask", "GET"), ("rounds:reply", "POST")):
            found = [
                asked(client, method, reverse(name, args=[each]), act="agree", version="0")
                for each in (ask.public_id, a_key())
            ]
            assert {each.status_code for each in found} == {404}
            pages = {
                re.sub(rb"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{64}", b"", each.content)
                for each in found
            }
            assert len(pages) == 1
        with pytest.raises(Missing):
            replies(mediated.joris, ask, A.AGREE)
        with pytest.raises(Missing):
            replies(mediated.iris, ask, A.AGREE)

    def test_who_still_gives_a_view_sees_no_party_and_no_answer(self, cast: Cast):
        only_mediation(cast, viewed=False)
        item = on_the_table(cast)
        replies(cast.joris, the_ask(cast.opstap, item), A.OBJECT, "not_yet")
        [line] = the_page(cast.iris).items
        assert line.answers == ()
        for name in ("rounds:week", "rounds:meeting", "rounds:minutes"):
            path = reverse(name, args=[item.week_round.public_id] * (name != "rounds:week"))
            page = asked(logged_in(cast.iris), "GET", path).content.decode()
            assert not re.search("Opstap|Joris|bezwaar", page)
