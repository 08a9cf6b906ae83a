"""What happens to a home outside its week round: withdrawn, decided or taken back; it goes on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from mixwijzer.web.letting import refusals as letting_refusals
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Decision, Vacancy
from mixwijzer.web.register.models import Notice
from mixwijzer.web.rounds import bridge, services
from mixwijzer.web.rounds.models import PartyAsk, RoundItem, WeekRound
from mixwijzer.web.rounds.refusals import (
    AlreadyAnswered,
    NoLongerDecided,
    NotAllAnswered,
    Refusal,
    Stale,
    WeekNotNow,
)
from mixwijzer.web.rounds.transitions import TRANSITIONS, WeekEvent, WeekState
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides, the_vacancy
from tests.web.acting import the_page as vacancy_page
from tests.web.every_url import asked, logged_in
from tests.web.rounds.weeks import (
    a_week,
    a_week_on_the_table,
    agrees,
    noticed,
    steps,
    taken_back,
    the_item,
    the_page,
    withdrawn,
)

ONE, OTHER = "Vlier-003", "Molen-002"
ADDRESSES = {ONE: "Vlierhof 3", OTHER: "Molenhof 2"}
ENDS = (WeekState.EXECUTED, WeekState.DROPPED)


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def viewed(town: Cast) -> Cast:
    """Who is asked about these two homes gave a view."""
    answers(town.iris, ADDRESSES[ONE])
    other = the_vacancy(town.iris, ADDRESSES[OTHER]).id
    letting.hand_over(user=town.mo, vacancy=other, to=town.iris.public_id, now=NOW)
    letting.answer(
        user=town.iris,
        vacancy=other,
        ranges={"attention": (1, 2, 3), "carrier": (1, 2, 3)},
        known="most",
        now=NOW,
    )
    for home in ADDRESSES.values():
        vacancy_page(town.iris, home)  # opens its advice
    return town


def decides_elsewhere(cast: Cast, home: str = ONE) -> Decision:
    """Let Mo decide about a home on its own page."""
    return decides(cast.mo, vacancy_page(cast.mo, ADDRESSES[home]))


def takes_back_elsewhere(cast: Cast, home: str = ONE) -> None:
    """Let Mo take the decision about a home back on its own page."""
    rows = Decision.objects.for_organisation(cast.woonbelang).filter(withdrawn_at=None)
    found = rows.get(vacancy__dwelling=home)
    letting.withdraw(user=cast.mo, decision=found.public_id, reason="changed", key=a_key(), now=NOW)


def computes(cast: Cast, row: WeekRound) -> WeekRound:
    """Let Iris compute it anew."""
    return services.compute(user=cast.iris, week_round=row.public_id, now=NOW)


def undoes(cast: Cast, item: RoundItem) -> None:
    """Let Iris take an answer back."""
    services.undo(user=cast.iris, item=item.public_id, reason="changed", key=a_key(), now=NOW)


def lines_of(cast: Cast) -> dict[str, object]:
    """Return the lines of this week's sheet, as Mo sees them, by home."""
    return {each.vacancy.address: each for each in the_page(cast.mo).items}


def shown(cast: Cast, name: str, row: WeekRound | None = None) -> str:
    """Return a page of the round, as Mo sees it."""
    path = reverse(name, args=[row.public_id] if row else [])
    path += f"?home={the_item(row, ONE).place}" if row else ""
    page = asked(logged_in(cast.mo), "GET", path)
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("goes", [withdrawn, taken_back])
class TestWithdrawn:
    def test_the_home_falls_off_and_the_answers_go_on(
        self, viewed: Cast, goes: Callable[[Cast, str], None]
    ):
        row = a_week_on_the_table(viewed, list(ADDRESSES.values()))
        agrees(viewed.iris, the_item(row, OTHER))
        goes(viewed, f"V-{ONE}")
        with pytest.raises(Stale):
            steps(viewed.mo, row, WeekEvent.ADOPT)
        row = computes(viewed, row)
        steps(viewed.mo, row, WeekEvent.RELEASE)
        steps(viewed.mo, row, WeekEvent.ADOPT)
        done = steps(viewed.mo, row, WeekEvent.EXECUTE)
        assert done.state == WeekState.EXECUTED
        assert the_item(row, OTHER).agreed

    def test_the_sheet_the_table_and_the_minutes_say_why(
        self, viewed: Cast, goes: Callable[[Cast, str], None]
    ):
        row = a_week_on_the_table(viewed, list(ADDRESSES.values()))
        goes(viewed, f"V-{ONE}")
        fallen = lines_of(viewed)["Vlierhof 3"].fell_off
        assert (fallen.at, fallen.let) == (NOW, False)
        for name, of in (("week", None), ("meeting", row), ("minutes", row)):
            page = shown(viewed, f"rounds:{name}", of)
            assert "Vlierhof 3" in page
            assert "Vervallen: de opzegging is ingetrokken." in page
        assert "1 vervallen" in shown(viewed, "rounds:week")

    def test_nobody_is_asked_about_it_any_more(
        self, viewed: Cast, goes: Callable[[Cast, str], None]
    ):
        row = a_week_on_the_table(viewed, list(ADDRESSES.values()))
        asks = PartyAsk.objects.for_organisation(viewed.woonbelang).filter(
            item=the_item(row, ONE), ended_at=None
        )
        assert asks.exists()
        goes(viewed, f"V-{ONE}")
        steps(viewed.mo, computes(viewed, row), WeekEvent.RELEASE)
        assert not asks.exists()

    def test_a_sheet_of_which_every_home_fell_off_is_taken_off(
        self, viewed: Cast, goes: Callable[[Cast, str], None]
    ):
        row = a_week_on_the_table(viewed, ["Vlierhof 3"])
        agrees(viewed.iris, the_item(row, ONE))
        goes(viewed, f"V-{ONE}")
        assert steps(viewed.mo, row, WeekEvent.DROP).state == WeekState.DROPPED
        assert a_week(viewed.iris, viewed.woonbelang, ["Molenhof 2"]).state == WeekState.COMPUTED


class TestDecidedElsewhere:
    def test_that_decision_is_the_answer_with_who_and_when(self, viewed: Cast):
        row = a_week_on_the_table(viewed, list(ADDRESSES.values()))
        decision = decides_elsewhere(viewed)
        line = lines_of(viewed)["Vlierhof 3"]
        assert (line.elsewhere, line.decided_by, line.decided_at) == (True, "Mo Staal", NOW)
        assert line.agreed is (decision.channel == the_item(row, ONE).channel)
        for name, of in (("week", None), ("meeting", row), ("minutes", row)):
            assert "Besloten op de pagina van de vacature" in shown(viewed, f"rounds:{name}", of)
        assert the_page(viewed.mo).changes == ()

    def test_the_round_is_adopted_with_it_and_keeps_it(self, viewed: Cast):
        row = a_week_on_the_table(viewed, list(ADDRESSES.values()))
        decision = decides_elsewhere(viewed)
        with pytest.raises(AlreadyAnswered) as refused:
            services.answer(
                user=viewed.iris,
                item=the_item(row, ONE).public_id,
                channel="ordinary",
                reason="haste",
                key=a_key(),
                now=NOW,
            )
        assert refused.value.by == "Mo Staal"
        with pytest.raises(NotAllAnswered) as waits:
            steps(viewed.mo, row, WeekEvent.ADOPT)
        assert waits.value.waiting == 1
        agrees(viewed.iris, the_item(row, OTHER))
        steps(viewed.mo, row, WeekEvent.ADOPT)
        item = the_item(row, ONE)
        assert (item.decision, item.answered_by, item.answered_at) == (decision, viewed.mo, NOW)
        assert (item.elsewhere, the_item(row, OTHER).elsewhere) == (True, False)
        assert "Besloten op de pagina van de vacature" in shown(viewed, "rounds:minutes", row)

    def test_it_does_not_keep_the_sheet_on(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3"])
        decision = decides_elsewhere(viewed)
        assert steps(viewed.mo, row, WeekEvent.DROP).state == WeekState.DROPPED
        rows = Decision.objects.for_organisation(viewed.woonbelang)
        assert rows.get(pk=decision.pk).withdrawn_at is None

    def test_an_answer_given_here_is_taken_back_first(self, viewed: Cast):
        row = a_week_on_the_table(viewed, list(ADDRESSES.values()))
        agrees(viewed.iris, the_item(row, ONE))
        computes(viewed, row)
        with pytest.raises(WeekNotNow):
            steps(viewed.mo, row, WeekEvent.DROP)
        undoes(viewed, the_item(row, ONE))
        assert steps(viewed.mo, row, WeekEvent.DROP).state == WeekState.DROPPED

    def test_an_answer_that_can_no_longer_be_taken_back_does_not_keep_it_on(self, viewed: Cast):
        row = a_week_on_the_table(viewed, list(ADDRESSES.values()))
        agrees(viewed.iris, the_item(row, ONE))
        noticed(viewed, f"V-{ONE}", publication=NOW.date())
        assert steps(viewed.mo, row, WeekEvent.DROP).state == WeekState.DROPPED


class TestComputingAnew:
    def test_what_clashed_is_over_once_no_home_waits(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3"])
        agrees(viewed.iris, the_item(row, ONE))
        told = row.result["items"]
        clash = {"clash": ["free_room"], "ways_out": [], "settled": told}
        WeekRound.objects.for_organisation(row.owner_id).update(result=clash)
        row = computes(viewed, row)
        assert row.result == {"items": told}
        assert steps(viewed.mo, row, WeekEvent.RELEASE).state == WeekState.RELEASED

    def test_an_advice_that_ended_is_no_matter_once_no_home_waits(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3"])
        agrees(viewed.iris, the_item(row, ONE))
        later = NOW + timedelta(days=30)
        with time_machine.travel(later):
            row = services.compute(user=viewed.iris, week_round=row.public_id, now=later)
            steps(viewed.mo, row, WeekEvent.RELEASE, later)
            assert steps(viewed.mo, row, WeekEvent.ADOPT, later).state == WeekState.ADOPTED

    def test_a_home_for_which_nothing_was_proposed_yet_is_named(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3"])
        decides_elsewhere(viewed)
        WeekRound.objects.for_organisation(row.owner_id).update(result={**row.result, "items": {}})
        assert the_page(viewed.mo).changes == ()
        takes_back_elsewhere(viewed)
        assert the_page(viewed.mo).changes == (("decided", f"V-{ONE}"),)


class TestTakenBackElsewhere:
    def test_a_round_is_not_published_without_its_decisions(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3"])
        agrees(viewed.iris, the_item(row, ONE))
        steps(viewed.mo, row, WeekEvent.ADOPT)
        takes_back_elsewhere(viewed)
        with pytest.raises(NoLongerDecided) as refused:
            steps(viewed.mo, row, WeekEvent.EXECUTE)
        assert refused.value.homes == (f"V-{ONE}",)
        path = reverse("rounds:publish", args=[row.public_id])
        answer = asked(logged_in(viewed.mo), "POST", path)
        assert answer.status_code == 409
        assert "Vlierhof 3: het besluit is op de pagina van de vacature" in answer.content.decode()

    def test_another_decision_since_is_not_what_was_adopted(self, viewed: Cast):
        row = a_week_on_the_table(viewed, ["Vlierhof 3"])
        agrees(viewed.iris, the_item(row, ONE))
        steps(viewed.mo, row, WeekEvent.ADOPT)
        takes_back_elsewhere(viewed)
        decides_elsewhere(viewed)
        with pytest.raises(NoLongerDecided):
            steps(viewed.mo, row, WeekEvent.EXECUTE)
        assert "Terug op tafel" in shown(viewed, "rounds:week")
        undoes(viewed, the_item(row, ONE))
        assert lines_of(viewed)["Vlierhof 3"].elsewhere
        steps(viewed.mo, row, WeekEvent.ADOPT)
        assert steps(viewed.mo, row, WeekEvent.EXECUTE).state == WeekState.EXECUTED


# --- whatever happens outside, in any order, there is a way out

OUTSIDE: dict[str, Callable[[Cast], object]] = {
    "withdraw one": lambda cast: withdrawn(cast, f"V-{ONE}"),
    "withdraw other": lambda cast: withdrawn(cast, f"V-{OTHER}"),
    "decide one": decides_elsewhere,
    "take one back": takes_back_elsewhere,
}
ORDERS = [
    order for length in (1, 2, 3) for order in itertools.permutations(sorted(OUTSIDE), length)
]
BEGUN = ("computed", "half answered", "computed again", "adopted")


def begun(cast: Cast, how: str) -> WeekRound:
    """Bring a sheet of two homes some way."""
    row = a_week(cast.iris, cast.woonbelang, list(ADDRESSES.values()))
    if how != "computed":
        steps(cast.mo, row, WeekEvent.RELEASE)
    if how in {"half answered", "computed again", "adopted"}:
        agrees(cast.iris, the_item(row, ONE))
    if how == "computed again":
        computes(cast, row)
    if how == "adopted":
        agrees(cast.iris, the_item(row, OTHER))
        steps(cast.mo, row, WeekEvent.ADOPT)
    return row


def fresh(row: WeekRound) -> WeekRound:
    """Return a round as it stands now."""
    return WeekRound.objects.for_organisation(row.owner_id).get(pk=row.pk)


def moves(cast: Cast, row: WeekRound) -> Iterator[tuple[WeekEvent, Callable[[], object]]]:
    """Yield everything that the table allows now, forward first."""
    items = bridge.items_of(row)
    yield WeekEvent.EXECUTE, lambda: steps(cast.mo, row, WeekEvent.EXECUTE)
    yield WeekEvent.ADOPT, lambda: steps(cast.mo, row, WeekEvent.ADOPT)
    for each in filter(bridge.waits, items):
        yield WeekEvent.ANSWER, lambda each=each: agrees(cast.mo, each)
    yield WeekEvent.RELEASE, lambda: steps(cast.mo, row, WeekEvent.RELEASE)
    for each in items:
        if row.state == WeekState.ADOPTED and bridge.waits(each):
            yield WeekEvent.UNDO, lambda each=each: undoes(cast, each)
    yield WeekEvent.COMPUTE, lambda: computes(cast, row)


def back_moves(cast: Cast, row: WeekRound) -> Iterator[tuple[WeekEvent, Callable[[], object]]]:
    """Yield what leads to a round that was taken off."""
    yield WeekEvent.DROP, lambda: steps(cast.mo, row, WeekEvent.DROP)
    for each in bridge.items_of(row):
        if each.decision is not None:
            yield WeekEvent.UNDO, lambda each=each: undoes(cast, each)


def to_an_end(cast: Cast, row: WeekRound, ways: Callable[..., Iterator]) -> WeekState:
    """Take the first step that isn't refused, until there is none or the round has ended."""
    for _ in range(12):
        row = fresh(row)
        if row.state in ENDS or not any(_went(row, *each) for each in ways(cast, row)):
            break
    return WeekState(fresh(row).state)


def _went(row: WeekRound, event: WeekEvent, act: Callable[[], object]) -> bool:
    if (WeekState(row.state), event) not in TRANSITIONS:
        return False
    try:
        with transaction.atomic():
            act()
    except (Refusal, letting_refusals.Refusal):
        return False
    return True


@pytest.mark.once
@pytest.mark.parametrize("how", BEGUN)
def test_from_wherever_it_comes_there_is_a_way_to_an_end(viewed: Cast, how: str):
    """Of every order of three things outside, as far as the vacancies let them happen."""
    row, tried = begun(viewed, how), set()
    for order in ORDERS:
        with transaction.atomic():
            happened = tuple(each for each in order if _happened(viewed, each))
            if happened not in tried:
                tried.add(happened)
                assert the_page(viewed.mo).round == row
                for ways, end in ((back_moves, WeekState.DROPPED), (moves, WeekState.EXECUTED)):
                    mark = transaction.savepoint()
                    reached = to_an_end(viewed, row, ways)
                    held = ways is back_moves and how == "adopted" and reached == WeekState.ADOPTED
                    assert reached == end or held, (how, happened, ways.__name__)
                    transaction.savepoint_rollback(mark)
            transaction.set_rollback(True)
    assert len(tried) > 4


def _happened(cast: Cast, what: str) -> bool:
    try:
        with transaction.atomic():
            OUTSIDE[what](cast)
    except (StopIteration, Decision.DoesNotExist, letting_refusals.Refusal):
        return False
    return True


# --- what became of a notice after the sheet


def corrected(cast: Cast, days: int = 9) -> None:
    """Write other days down for the first home."""
    row = letting_row(ONE, cast)
    free = Notice.last_known(cast.woonbelang, "code", [row.code])[row.code].free_from
    letting.correct_notice(
        user=cast.iris,
        vacancy=row.public_id,
        free_from=free + timedelta(days=days),
        publication=None,
        now=NOW + timedelta(minutes=5),
    )


def letting_row(dwelling: str, cast: Cast) -> Vacancy:
    return Vacancy.objects.for_organisation(cast.woonbelang).get(dwelling=dwelling)


def published(cast: Cast) -> WeekRound:
    """Agree with both homes, adopt and publish."""
    row = a_week_on_the_table(cast, list(ADDRESSES.values()))
    for home in (ONE, OTHER):
        agrees(cast.iris, the_item(row, home))
    steps(cast.mo, row, WeekEvent.ADOPT)
    return steps(cast.mo, row, WeekEvent.EXECUTE)


@pytest.mark.parametrize("goes", [withdrawn, taken_back])
def test_a_published_sheet_keeps_what_was_decided_about_a_home_that_fell_off(
    viewed: Cast, goes: Callable[[Cast, str], None]
):
    row = published(viewed)
    goes(viewed, f"V-{ONE}")
    for name, of in (("week", None), ("meeting", row), ("minutes", row)):
        page = shown(viewed, f"rounds:{name}", of)
        assert "Vervallen: de opzegging is ingetrokken. Sinds maandag 23 november" in page
        assert "Klopt met mijn beeld" in page


def test_a_sheet_says_why_a_notice_was_withdrawn(viewed: Cast):
    a_week_on_the_table(viewed, list(ADDRESSES.values()))
    vacancy = letting_row(ONE, viewed)
    letting.withdraw_notice(
        user=viewed.iris, vacancy=vacancy.public_id, reason="stays", now=NOW + timedelta(minutes=1)
    )
    assert "de huurder blijft" in shown(viewed, "rounds:week")


def test_a_sheet_says_which_days_of_a_notice_were_corrected(viewed: Cast):
    row = published(viewed)
    assert "Opzegging verbeterd" not in shown(viewed, "rounds:week")
    corrected(viewed)
    for name, of in (("week", None), ("meeting", row), ("minutes", row)):
        assert "Opzegging verbeterd: vrij vanaf" in shown(viewed, f"rounds:{name}", of)


@pytest.mark.parametrize("goes", [withdrawn, taken_back])
def test_a_party_reads_what_became_of_a_home_it_was_asked_about(
    viewed: Cast, goes: Callable[[Cast, str], None]
):
    row = a_week_on_the_table(viewed, list(ADDRESSES.values()))
    ask = PartyAsk.objects.for_organisation(viewed.woonbelang).filter(item=the_item(row, ONE))[0]
    goes(viewed, f"V-{ONE}")
    path = reverse("rounds:ask", args=[ask.public_id])
    answer = asked(logged_in(viewed.joris), "GET", path)
    assert answer.status_code == 200
    assert "Vervallen: de opzegging is ingetrokken." in answer.content.decode()
    assert path in asked(logged_in(viewed.joris), "GET", reverse("rounds:asks")).content.decode()
    reply = reverse("rounds:reply", args=[ask.public_id])
    told = asked(logged_in(viewed.joris), "POST", reply, act="agree", version="0")
    assert told.status_code == 409


def test_a_line_that_is_asked_anew_leads_to_what_is_asked_now(viewed: Cast):
    row = a_week_on_the_table(viewed, list(ADDRESSES.values()))
    asks = PartyAsk.objects.for_organisation(viewed.woonbelang).filter(item=the_item(row, ONE))
    old = asks[0]
    corrected(viewed)
    steps(viewed.mo, computes(viewed, row), WeekEvent.RELEASE)
    new = asks.get(ended_at=None, party=old.party)
    page = asked(logged_in(viewed.joris), "GET", reverse("rounds:ask", args=[old.public_id]))
    assert reverse("rounds:ask", args=[new.public_id]) in page.content.decode()
    again = asked(logged_in(viewed.joris), "GET", reverse("rounds:ask", args=[new.public_id]))
    assert "Wat nu gevraagd wordt" not in again.content.decode()
