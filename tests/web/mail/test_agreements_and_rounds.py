"""Steps of agreements and city rounds are told like those of a match: kind, day, link."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine

from mixwijzer.web.accounts.models import User
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.transitions import Event, State
from mixwijzer.web.config import daily
from mixwijzer.web.config.mailing import waits
from mixwijzer.web.desk.selectors import today
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.mail.models import Call, Kind
from mixwijzer.web.mail.services import Sent
from mixwijzer.web.rounds.answer_steps import AnswerAct
from mixwijzer.web.rounds.city_steps import CityEvent
from mixwijzer.web.rounds.models import RoundItem, WeekRound
from mixwijzer.web.rounds.refusals import WordMissing
from mixwijzer.web.rounds.services import executing, seating
from mixwijzer.web.rounds.services.calling import call_for_answers
from mixwijzer.web.rounds.transitions import WeekState
from tests.builders import NOW
from tests.cast import Cast
from tests.web.agreements.agreeing import HALVES, PROMISE, a_draft, at, brought_to, fresh, takes
from tests.web.agreements.test_carrying import (
    LATE,
    carried_at_new_year,
    carries,
    housed,
    two_years,
)
from tests.web.every_url import logged_in
from tests.web.mail.conftest import SITE
from tests.web.mail.postbox import Postbox
from tests.web.mail.test_mail import body, hrefs, sent
from tests.web.rounds.asking import (
    a_line_is_asked,
    clause_that_asks,
    on_the_table,
    only_mediation,
    replies,
    the_ask,
    the_item_of,
)
from tests.web.rounds.cities import (
    a_city,
    a_city_adopted,
    computed,
    is_decided,
    some_candidates,
    steps,
    the_home,
)
from tests.web.rounds.tables import THEIRS, a_person, a_table, brings, seat_of, their_head
from tests.web.rounds.weeks import a_week, agrees


def called(kind: Kind) -> set[User]:
    """Return who is called since the last time that was asked, and forget it."""
    rows = Call.of_everybody.filter(kind=kind).select_related("person")
    people = {each.person for each in rows}
    rows.delete()
    return people


def asked_of(person: User, kind: Kind, now: datetime = NOW) -> list[str]:
    """Return where a person is asked something of this kind, as today says."""
    person = User.objects.get(pk=person.pk)
    return [each.href for each in waits(person, now) if each.kind == kind]


def test_a_bid_calls_who_answers_then_who_signs(town: Cast, mails: Postbox):
    row = takes(town.mo, a_draft(town), Event.BRING_OUT)
    assert called(Kind.AGREEMENT) == {town.lotte, town.noor}
    row = takes(town.lotte, fresh(row), Event.AGREE)
    assert called(Kind.AGREEMENT) == set()  # the tenants still think about it
    row = takes(town.noor, fresh(row), Event.AGREE)
    assert called(Kind.AGREEMENT) == {town.mo}
    takes(town.mo, fresh(row), Event.SIGN)
    assert called(Kind.AGREEMENT) == set()


def test_changes_that_are_asked_call_who_writes(town: Cast, mails: Postbox):
    brought_to(town, State.TALKS)
    assert called(Kind.AGREEMENT) == {town.lotte, town.noor, town.mo}  # bid, then changes


def test_what_is_called_for_is_what_stands_on_today(town: Cast, mails: Postbox):
    path = "/agreements/{}/".format
    row = brought_to(town, State.BID)
    for person, waiting in ((town.lotte, True), (town.noor, True), (town.mo, False)):
        assert asked_of(person, Kind.AGREEMENT) == [path(row.public_id)] * waiting
        html = logged_in(person).get("/").content.decode()
        assert (path(row.public_id) in html) == waiting
    row = takes(town.lotte, row, Event.ASK_CHANGES)
    assert [asked_of(each, Kind.AGREEMENT) for each in (town.lotte, town.noor)] == [[], []]
    assert asked_of(town.mo, Kind.AGREEMENT) == [path(row.public_id)]
    for person in (town.iris, town.joris, town.olga):
        assert asked_of(person, Kind.AGREEMENT) == []


SUMMER, NEW_YEAR = at(date(2026, 7, 1)), at(date(2027, 1, 1))


def at_page(row: Agreement) -> str:
    return f"/agreements/{row.public_id}/"


def test_the_night_after_a_period_calls_who_confirms_what_goes_along_and_no_night_after(
    town: Cast, mails: Postbox
):
    row = brought_to(town, State.SIGNED, HALVES, now=at(date(2026, 1, 5)))
    called(Kind.AGREEMENT)
    daily.come(SUMMER - timedelta(days=1))
    assert called(Kind.AGREEMENT) == set()
    assert daily.come(SUMMER + timedelta(days=1))["carrying_told"] == 1  # a night was missed
    assert daily.come(SUMMER + timedelta(days=2))["carrying_told"] == 0
    assert called(Kind.AGREEMENT) == {town.mo}
    for person, asks in ((town.mo, [at_page(row)]), (town.iris, []), (town.lotte, [])):
        assert asked_of(person, Kind.AGREEMENT, SUMMER) == asks
    carries(town, row, f"{row.code}.1-1", SUMMER.date())
    assert asked_of(town.mo, Kind.AGREEMENT, SUMMER) == []


def test_what_goes_along_from_a_year_waits_on_today_as_soon_as_there_is_a_next_one(
    town: Cast, mails: Postbox
):
    first, _second = two_years(town, PROMISE)
    assert at_page(first) not in asked_of(town.mo, Kind.AGREEMENT, NEW_YEAR - timedelta(days=1))
    daily.come(NEW_YEAR)
    [found] = (each for each in today(town.mo, now=NEW_YEAR).agreements if each.what == "carry")
    assert (found.id, found.due, found.urgency) == (first.public_id, None, "")
    with time_machine.travel(NEW_YEAR):
        html = logged_in(town.mo).get("/").content.decode()
    assert "Bevestig wat er meegaat naar de volgende" in html
    assert at_page(first) in html


def test_an_agreement_without_a_next_period_waits_for_nobody(town: Cast, mails: Postbox):
    brought_to(town, State.ENDED)
    assert asked_of(town.mo, Kind.AGREEMENT, NEW_YEAR) == []
    assert daily.come(NEW_YEAR)["carrying_told"] == 0


def test_what_is_counted_otherwise_calls_once_more_and_what_still_waits_after_a_month(
    town: Cast, mails: Postbox
):
    first, old, _new = carried_at_new_year(town)
    called(Kind.AGREEMENT)
    assert daily.come(at(LATE))["carrying_told"] == 0
    housed(town, date(2026, 12, 29), group="outflow_shelter")
    nights = [at(LATE) + timedelta(days=each) for each in range(1, 4)]
    assert [daily.come(each)["carrying_told"] for each in nights] == [1, 0, 0]
    sent(nights[-1])
    later = [nights[-1] + timedelta(days=each) for each in (20, 31, 32)]
    assert [daily.come(each)["carrying_told"] for each in later] == [0, 0, 1]
    carries(town, first, old, LATE)
    assert daily.come(later[-1] + timedelta(days=40))["carrying_told"] == 0


def test_a_draft_waits_for_its_writer_when_the_day_of_the_bid_is_near(town: Cast):
    year = NOW.year + 1
    row = a_draft(
        town,
        start=NOW.date().replace(year=year + 1, month=1, day=1),
        end=NOW.date().replace(year=year + 2, month=1, day=1),
    )
    assert today(town.mo, now=NOW).agreements == ()  # the bid is due on 30 June of next year
    near = NOW.replace(year=year, month=6, day=10)
    [found] = today(town.mo, now=near).agreements
    assert (found.id, found.what, found.urgency) == (row.public_id, "bid", "soon")


def test_the_mail_says_kind_day_and_link_and_nothing_of_the_agreement(town: Cast, mails: Postbox):
    row = brought_to(town, State.BID)
    done = sent()
    assert (done.sent, sorted(mails.to)) == (2, sorted([town.lotte.email, town.noor.email]))
    for place in range(2):
        text = body(mails, place)
        assert re.search(r"- een stap van een afspraak, uiterlijk \w+ 14 december 2025\n", text)
        assert f"/agreements/{row.public_id}/" in hrefs(text)
        plain = re.sub(rf"{SITE}\S+", "", text)
        assert not re.search("Een thuis|Woonbelang|opvang|huishoudens", plain)


def test_a_bid_that_is_withdrawn_before_the_mail_goes_leaves_none(town: Cast, mails: Postbox):
    row = brought_to(town, State.BID)
    takes(town.mo, row, Event.WITHDRAW)
    sent()
    assert town.lotte.email not in mails.to


def test_a_city_round_calls_the_head_when_it_is_computed_and_when_it_is_released(
    town: Cast, mails: Postbox
):
    row = a_city(town.iris, town.woonbelang, some_candidates(town))
    assert called(Kind.CITY_ROUND) == set()
    row = computed(town.iris, row)
    assert called(Kind.CITY_ROUND) == {town.mo}
    steps(town.mo, row, CityEvent.RELEASE)
    assert called(Kind.CITY_ROUND) == set()  # he did it himself, and knows
    assert asked_of(town.mo, Kind.CITY_ROUND) == [f"/rounds/city/{row.public_id}/"]
    assert asked_of(town.iris, Kind.CITY_ROUND) == []


def test_an_adopted_round_calls_who_has_its_homes_and_the_last_one_the_head(
    town: Cast, mails: Postbox
):
    row = a_city_adopted(town, ["Vlierhof 3"])
    item = the_home(row, "Vlier-003")
    assert town.iris in called(Kind.CITY_ROUND)
    assert asked_of(town.iris, Kind.CITY_ROUND) == [f"/rounds/city/{row.public_id}/"]
    assert asked_of(town.sem, Kind.CITY_ROUND) == []
    is_decided(town, "Vlierhof 3")
    executing.confirm(user=town.iris, home=item.public_id, now=NOW)
    assert called(Kind.CITY_ROUND) == {town.mo}
    assert asked_of(town.iris, Kind.CITY_ROUND) == []
    assert asked_of(town.mo, Kind.CITY_ROUND) == [f"/rounds/city/{row.public_id}/"]
    steps(town.mo, row, CityEvent.EXECUTE)
    assert asked_of(town.mo, Kind.CITY_ROUND) == []


def test_being_asked_to_a_table_calls_who_leads_there_until_something_is_brought(
    town: Cast, mails: Postbox
):
    kas = their_head(town)
    table = a_table(town)
    seat = seat_of(table, town.elders)
    assert called(Kind.CITY_ROUND) == {kas}
    assert asked_of(kas, Kind.CITY_ROUND) == [f"/rounds/city/new/?seat={seat.public_id}"]
    for person in (town.mo, town.olga):  # who set the table knows; who doesn't lead isn't asked
        assert asked_of(person, Kind.CITY_ROUND) == []
    assert "Samen verdelen" in logged_in(kas).get("/").content.decode()
    brings(table, town.olga, town.elders, [a_person(town.olga, town.elders)], THEIRS)
    assert f"/rounds/city/new/?seat={seat.public_id}" not in asked_of(kas, Kind.CITY_ROUND)


def test_a_table_that_opens_again_calls_who_brought_nothing_yet(town: Cast, mails: Postbox):
    kas, table = their_head(town), a_table(town)
    seat = seat_of(table, town.elders)
    seating.close(user=town.mo, seat=table.public_id, now=NOW)
    called(Kind.CITY_ROUND)
    assert asked_of(kas, Kind.CITY_ROUND) == []
    seating.open_again(user=town.mo, seat=table.public_id, now=NOW)
    seating.open_again(user=town.mo, seat=table.public_id, now=NOW)
    assert asked_of(kas, Kind.CITY_ROUND) == [f"/rounds/city/new/?seat={seat.public_id}"]
    assert (sent().sent, mails.to) == (1, [kas.email])


def test_a_table_that_opens_again_mails_nobody_whose_part_lies_there(town: Cast, mails: Postbox):
    their_head(town)
    table = a_table(town)
    brings(table, town.olga, town.elders, [a_person(town.olga, town.elders)], THEIRS)
    seating.close(user=town.mo, seat=table.public_id, now=NOW)
    called(Kind.CITY_ROUND)
    seating.open_again(user=town.mo, seat=table.public_id, now=NOW)
    assert (sent().sent, mails.to) == (0, [])


def test_no_mail_of_a_round_holds_a_candidate_a_home_or_its_name(town: Cast, mails: Postbox):
    people = some_candidates(town)
    computed(town.iris, a_city(town.iris, town.woonbelang, people))
    assert sent().sent == 1
    text = re.sub(rf"{SITE}\S+", "", body(mails))
    assert "- een stap van een stadsronde" in text
    for word in ("november", "Vlier", "Molen", *(each.number for each in people)):
        assert word not in text.replace("30 november", "")


def test_a_home_on_the_table_calls_the_people_who_answer_until_one_did(town: Cast, mails: Postbox):
    item = the_item_of(a_week(town.mo, town.woonbelang, ["Vlierhof 24"]))
    WeekRound.objects.for_organisation(town.woonbelang).update(state=WeekState.RELEASED)
    call_for_answers([a_line_is_asked(item, town.opstap)], by=town.mo, now=NOW)
    path = f"/rounds/answers/{the_ask(town.opstap, item).public_id}/"
    assert asked_of(town.joris, Kind.WEEK_ROUND) == [path]
    assert asked_of(town.lotte, Kind.WEEK_ROUND) == []
    assert sent().sent == 1
    text = body(mails)
    assert path in hrefs(text)
    assert "- uw antwoord over een woning in een weekronde, uiterlijk " in text
    assert not re.search("Vlier|emiddeling|Zuid|Woonbelang", re.sub(rf"{SITE}\S+", "", text))


@pytest.fixture
def item(cast: Cast, mails: Postbox) -> RoundItem:
    """A mediated home of Iris that lies on the table; who answers about it was told already."""
    only_mediation(cast)
    clause_that_asks(cast)
    row = on_the_table(cast)
    Call.of_everybody.all().delete()
    return row


def at_sheet(item: RoundItem) -> str:
    return f"/rounds/week/?week={item.week_round.year}-{item.week_round.week:02d}"


def test_an_objection_calls_who_leads_and_who_has_the_home_each_once_and_not_the_party(
    cast: Cast, mails: Postbox, item: RoundItem
):
    Vacancy.objects.for_organisation(item.owner_id).filter(pk=item.vacancy_id).update(
        responsible=cast.mo  # who leads and has the home too is called once
    )
    replies(cast.joris, the_ask(cast.opstap, item), AnswerAct.OBJECT, "not_yet")
    told = [each.person for each in Call.of_everybody.filter(kind=Kind.WEEK_ROUND)]
    assert told == [cast.mo]
    assert asked_of(cast.mo, Kind.WEEK_ROUND) == [at_sheet(item)]


@pytest.mark.parametrize(
    ("acts", "calls"),
    [
        ([(AnswerAct.AGREE, "")], False),
        ([(AnswerAct.AGREE_IF, "home_ready")], True),
        ([(AnswerAct.OBJECT, "not_yet")], True),
        ([(AnswerAct.AGREE, ""), (AnswerAct.TAKE_BACK, "")], True),
    ],
)
def test_whom_an_answer_calls_is_for_whom_it_stands_on_today(
    cast: Cast, mails: Postbox, item: RoundItem, acts, calls
):
    for act, word in acts:
        called(Kind.WEEK_ROUND)
        replies(cast.joris, the_ask(cast.opstap, item), act, word)
    there = {
        person for _, person in cast.people() if at_sheet(item) in asked_of(person, Kind.WEEK_ROUND)
    }
    assert called(Kind.WEEK_ROUND) == there == ({cast.mo, cast.iris} if calls else set())


def test_who_may_not_look_at_the_sheet_yet_is_not_called(cast: Cast, mails: Postbox):
    only_mediation(cast, viewed=False)
    item = on_the_table(cast)
    called(Kind.WEEK_ROUND)
    replies(cast.joris, the_ask(cast.opstap, item), AnswerAct.OBJECT, "not_yet")
    assert called(Kind.WEEK_ROUND) == {cast.mo}
    assert asked_of(cast.iris, Kind.WEEK_ROUND) == []


def test_an_objection_that_could_not_be_kept_calls_nobody(
    cast: Cast, mails: Postbox, item: RoundItem
):
    with pytest.raises(WordMissing):
        replies(cast.joris, the_ask(cast.opstap, item), AnswerAct.OBJECT, "not_agreed")
    assert called(Kind.WEEK_ROUND) == set()


def test_the_mail_of_an_objection_says_kind_day_and_link_and_no_word_of_it(
    cast: Cast, mails: Postbox, item: RoundItem
):
    replies(cast.joris, the_ask(cast.opstap, item), AnswerAct.OBJECT, "not_yet")
    replies(cast.lotte, the_ask(cast.gemeente, item), AnswerAct.AGREE_IF, "home_ready")
    assert sent().sent == 2  # two answers: one mail to each of two people
    for number in (0, 1):
        text = body(mails, number)
        assert at_sheet(item) in hrefs(text)
        assert "- uw antwoord over een woning in een weekronde, uiterlijk " in text
        told = re.sub(rf"{SITE}\S+", "", text)
        assert not re.search("Vlier|ezwaar|mits|Opstap|emeente|Joris|Lotte|emiddeling", told)
        assert not re.search("tatushouder|woning klaar|te vroeg", told)


def test_what_was_decided_before_the_mail_goes_leaves_none(
    cast: Cast, mails: Postbox, item: RoundItem
):
    replies(cast.joris, the_ask(cast.opstap, item), AnswerAct.OBJECT, "not_yet")
    agrees(cast.iris, item)
    assert sent() == Sent(needless=2)
