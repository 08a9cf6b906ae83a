"""A step that waits is told by mail: once, to the right people, and nothing about it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Membership, User
from mixwijzer.web.accounts.selectors import organisations
from mixwijzer.web.audit.models import Event
from mixwijzer.web.config import daily, mailing
from mixwijzer.web.config.mailing import waits
from mixwijzer.web.desk.screens import today_screen
from mixwijzer.web.desk.selectors import today
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.match_steps import Act, MatchState
from mixwijzer.web.mail.models import Call, Kind, Message, When
from mixwijzer.web.mail.selectors import USUAL, mail_state
from mixwijzer.web.mail.services import Sent, send_due, wish
from mixwijzer.web.register.models import Dwelling
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides, the_vacancy
from tests.web.letting.matched import (
    a_home_for_matching,
    acts,
    of_the_partner,
    proposed,
    to_step,
)
from tests.web.mail.conftest import SITE
from tests.web.mail.postbox import Postbox

NIGHT = NOW.replace(hour=2)  # a Monday, before the daily mail


def sent(now: datetime = NIGHT) -> Sent:
    """Send what is due for everybody."""
    done = Sent()
    for owner in organisations():
        done += send_due(owner=owner, waits=waits, clock=lambda: now)
    return done


def sent_to(person: User, now: datetime) -> Sent:
    """Send what is due while everybody else has nothing that waits."""
    done = Sent()
    for owner in organisations():
        done += send_due(
            owner=owner,
            waits=lambda each, at: waits(each, at) if each == person else (),
            clock=lambda: now,
        )
    return replace(done, needless=0)


def at_once() -> dict[Kind, When]:
    return dict.fromkeys(Kind, When.AT_ONCE)


def notices(cast: Cast, code: str = "Vlier-007", *, by: User | None = None) -> None:
    home = Dwelling.objects.for_organisation(cast.woonbelang).get(code=code)
    letting.notice(user=by or cast.tessa, dwelling=home.public_id, free_from=NOW.date(), now=NIGHT)


def body(box: Postbox, place: int = -1) -> str:
    return str(box.mails[place].get_content()).replace("\r\n", "\n")


def hrefs(text: str) -> set[str]:
    return set(re.findall(rf"  {SITE}(\S+)", text))


def test_a_notice_is_told_to_who_has_the_complex_with_a_link_and_nothing_else(
    town: Cast, mails: Postbox
):
    notices(town)
    assert sent() == Sent(sent=1)
    assert mails.to == [town.iris.email]
    line = the_vacancy(town.iris, "Vlierhof 7")
    page = reverse("letting:vacancy", args=[line.id])
    assert body(mails) == (
        "Er wacht een stap op u:\n\n"
        f"- uw eigen beeld, bij een opzegging\n  {SITE}{page}\n\n"
        "De rest staat daar, na het inloggen. U kunt deze mail niet beantwoorden.\n"
        f"Minder mail, of geen: {SITE}/mail/\n"
    )


def test_no_mail_holds_a_name_an_address_a_number_or_an_outcome(town: Cast, mails: Postbox):
    notices(town)
    match = proposed(town, a_home_for_matching(town), of_the_partner(town))
    for step in match.way:
        to_step(town, match, MatchState(step))
        sent()
    sent(NOW)
    assert {town.iris.email, town.tessa.email, town.joris.email, town.mo.email} == set(mails.to)
    people = [word for _, each in town.people() for word in each.name.split() if word != "de"]
    said = "|".join([*people, "hof", "Vlier", "D-88", match.candidate, "aandacht", "kamer"])
    for mail in mails.mails:
        words = re.sub(rf"{SITE}\S+", "", f"{mail['Subject']}\n{mail.get_content()}")
        days = re.sub(r"uiterlijk \w+ \d+ \w+ \d{4}", "", words)
        assert not re.search(rf"\b({said})|\d", days), words
        assert mail["To"].count("@") == 1


def test_the_answer_of_a_partner_without_people_is_asked_of_the_head(town: Cast, mails: Postbox):
    Membership.objects.filter(user=town.joris).update(end=NOW.date())
    match = proposed(town, a_home_for_matching(town), of_the_partner(town))
    sent()
    mails.mails.clear()
    to_step(town, match, MatchState.PARTNER)
    assert (sent().sent, mails.to[-1]) == (1, town.mo.email)


def test_a_step_that_is_undone_leaves_no_mail_and_one_that_stands_leaves_one(
    town: Cast, mails: Postbox
):
    def undone() -> None:
        with transaction.atomic():
            notices(town)
            assert Call.objects.for_organisation(town.woonbelang).count() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert sent() == Sent()
    notices(town)
    assert (sent(), sent()) == (Sent(sent=1), Sent())
    assert len(mails.mails) == 1


def test_several_steps_of_one_person_come_in_one_mail(town: Cast, mails: Postbox):
    notices(town)
    notices(town, "Vlier-008")
    assert sent() == Sent(sent=1)
    assert len(hrefs(body(mails))) == 2


def test_who_does_a_step_himself_is_not_told_of_it(town: Cast, mails: Postbox):
    notices(town, by=town.iris)
    assert sent() == Sent()


def test_what_was_done_before_the_mail_went_is_left_out(town: Cast, mails: Postbox):
    notices(town)
    answers(town.iris, "Vlierhof 7")
    assert sent() == Sent(needless=1)
    assert mails.mails == []


@pytest.mark.parametrize("ends", ["account", "role"])
def test_who_is_no_longer_let_in_gets_nothing(town: Cast, mails: Postbox, ends: str):
    notices(town)
    if ends == "account":
        User.objects.filter(pk=town.iris.pk).update(is_active=False)
    else:
        Membership.objects.filter(user=town.iris).update(end=NIGHT.date())
    assert sent().sent == 0
    assert sent(NOW + timedelta(days=1)).sent == len(mails.to)
    assert town.iris.email not in mails.to


def test_every_step_of_a_match_calls_only_people_for_whom_it_waits(town: Cast, mails: Postbox):
    """The same as *Waits for me* on their page of today; Iris proposes, and knows that herself."""
    match = proposed(town, a_home_for_matching(town), of_the_partner(town), contact=town.joris)
    told = {}
    for step in (*map(MatchState, match.way[1:]), MatchState.DECLINING):
        if step is MatchState.DECLINING:
            acts(town.tessa, match, Act.DECLINE)
        else:
            to_step(town, match, step)
        calls = Call.objects.for_organisation(town.woonbelang).filter(message=None)
        for each in calls:
            waiting = {(line.kind, line.subject) for line in waits(each.person, NOW)}
            assert (each.kind, each.subject) in waiting
        told[step] = {each.person.email.partition("@")[0] for each in calls}
        sent()
    assert told == {
        MatchState.LETTING_CHECK: {"tessa"},
        MatchState.PARTNER: {"joris"},
        MatchState.TALK: {"iris"},
        MatchState.CANDIDATE: {"joris"},
        MatchState.CONTRACT: {"tessa"},
        MatchState.DECLINING: {"mo"},
    }


def test_a_second_reader_is_called_and_who_gets_it_back_too(
    town: Cast, mails: Postbox, monkeypatch
):
    from mixwijzer.web.letting.services import deciding

    monkeypatch.setattr(deciding.bridge, "norm_says", lambda key, day: True)
    page = answers(town.iris, "Vlierhof 3")
    other = "mediation" if page.advice.recommended == "ordinary" else "ordinary"
    decision = decides(town.iris, page, channel=other, reason="haste")
    sent()
    assert mails.to == [town.mo.email]
    assert "meelezen met een collega, uiterlijk" in body(mails)
    letting.send_back(user=town.mo, decision=decision.public_id, key=a_key(), now=NIGHT)
    sent()
    assert mails.to == [town.mo.email, town.iris.email]
    assert "een besluit over een woning" in body(mails)


def test_the_daily_mail_is_the_list_of_today(town: Cast, mails: Postbox):
    """Whoever wants everything once a day gets the links of *Waits for me* and *Stuck*."""
    proposed(town, a_home_for_matching(town), of_the_partner(town))
    daily = dict.fromkeys(Kind, When.DAILY)
    people = (town.iris, town.mo, town.tessa)
    for each in people:
        wish(user=each, language="nl", when=daily)
    late = NOW + timedelta(days=8)  # a Tuesday; the advert of two homes is out
    sent(late)
    for each in people:
        fresh = User.objects.get(pk=each.pk)
        screen = today_screen(today(fresh, now=late), fresh, late)
        links = {task.href for task in (*screen.waiting, *screen.stuck)}
        told = [body(mails, n) for n, to in enumerate(mails.to) if to == each.email]
        assert [hrefs(text) for text in told] == ([links] if links else [])
    assert {town.mo.email, town.iris.email} <= set(mails.to)


def test_the_daily_mail_comes_once_a_day_on_working_days_after_seven(town: Cast, mails: Postbox):
    wish(user=town.iris, language="nl", when=dict.fromkeys(Kind, When.DAILY))

    def to_iris(now: datetime) -> int:
        before = mails.to.count(town.iris.email)
        sent(now)
        return mails.to.count(town.iris.email) - before

    assert to_iris(NIGHT) == 0
    assert [to_iris(NOW + timedelta(hours=hour)) for hour in range(3)] == [1, 0, 0]
    assert to_iris(NOW + timedelta(days=1)) == 1
    assert [to_iris(NOW + timedelta(days=day)) for day in (5, 6)] == [0, 0]


def test_who_wants_no_mail_gets_none(town: Cast, mails: Postbox):
    wish(user=town.iris, language="nl", when=dict.fromkeys(Kind, When.NEVER))
    notices(town)
    sent(NOW)
    assert town.iris.email not in mails.to


def test_mail_is_in_the_language_that_was_chosen(town: Cast, mails: Postbox):
    wish(user=town.iris, language="en", when=dict(USUAL))
    notices(town)
    sent()
    assert body(mails).startswith("There is a step waiting for you:")


def test_an_address_that_the_server_refuses_is_told_to_the_administrator(
    town: Cast, mails: Postbox
):
    mails.says = {town.iris.email: "550 no such person"}
    notices(town)
    assert sent() == Sent(lost=1)
    assert sent(NOW + timedelta(days=1)).sent == len(mails.to) > 0
    state = mail_state(town.anja, now=NOW)
    assert state.undelivered == ("Iris Voorbeeld",)
    client = Client()
    client.force_login(town.anja)
    assert "Iris Voorbeeld" in client.get("/mail/").content.decode()
    assert mail_state(town.olga, now=NOW).undelivered == ()


def test_a_server_that_is_busy_is_asked_again_each_time_later_and_not_for_ever(
    town: Cast, mails: Postbox
):
    mails.says = {town.iris.email: "451 later please"}
    wish(user=town.iris, language="nl", when={**at_once(), Kind.LATE: When.NEVER})
    notices(town)
    now, waited = NIGHT, []
    while (done := sent_to(town.iris, now)) == Sent(later=1):
        row = Message.objects.for_organisation(town.woonbelang).get(person=town.iris)
        assert sent_to(town.iris, row.next_at - timedelta(seconds=1)) == Sent()
        waited.append(row.next_at - now)
        now = row.next_at
    assert waited == sorted(waited)
    assert waited[:3] == [timedelta(minutes=minutes) for minutes in (5, 10, 20)]
    assert done == Sent(lost=1)
    assert timedelta(days=3) < now - NIGHT < timedelta(days=4)


def test_a_server_that_is_away_keeps_mail_for_when_it_is_back(town: Cast, mails: Postbox, settings):
    notices(town)
    settings.EMAIL_PORT = 1
    assert sent() == Sent(later=1, away=True)
    state = mail_state(town.anja, now=NIGHT + timedelta(hours=2))
    assert (state.stuck_since, state.trouble) == (NIGHT, "ConnectionRefusedError")
    settings.EMAIL_PORT = mails.port
    assert sent(NIGHT + timedelta(minutes=6)) == Sent(sent=1)
    assert mail_state(town.anja, now=NOW).stuck_since is None


def test_without_a_mail_server_nothing_is_kept_and_the_administrator_reads_so(town: Cast):
    notices(town)
    assert not Call.objects.for_organisation(town.woonbelang).exists()
    assert sent(NOW) == Sent()
    client = Client()
    client.force_login(town.anja)
    assert "Er is geen mailserver ingesteld. Niemand krijgt dus mail" in (
        client.get("/mail/").content.decode()
    )


def test_the_log_says_that_a_mail_was_sent_and_not_what_it_said(town: Cast, mails: Postbox):
    notices(town)
    sent()
    event = Event.objects.for_organisation(town.woonbelang).latest("number")
    assert (event.action, event.actor, event.subject) == ("mail.sent", None, town.iris.public_id)
    assert '"facts":{"kind":"at_once"}' in event.payload


def test_a_month_later_nothing_is_kept_of_it(town: Cast, mails: Postbox):
    notices(town)
    sent()
    assert daily.come(NOW + timedelta(days=29))["mail_forgotten"] == 0
    assert daily.come(NOW + timedelta(days=31))["mail_forgotten"] == 1
    assert not Call.objects.for_organisation(town.woonbelang).exists()


def test_everybody_chooses_on_his_own_page(town: Cast, mails: Postbox):
    client = Client()
    client.force_login(town.iris)
    chosen = {**USUAL, Kind.QUESTION: When.NEVER, "language": "en"}
    assert client.post("/mail/", chosen).status_code == 302
    assert client.post("/mail/", {**chosen, Kind.LATE: When.AT_ONCE}).status_code == 422
    notices(town)
    assert sent() == Sent()


def test_the_worker_sends_from_now_on_where_there_is_a_mail_server(
    town: Cast, mails: Postbox, settings, as_in_production
):
    rounds = DBTaskResult.objects.filter(task_path=mailing.send_again.module_path)
    mailing.keep_sending()
    mailing.keep_sending()
    assert rounds.count() == 1
    with acting_for(town.woonbelang):
        notices(town)
    mailing.send_again.func()
    assert mails.to.count(town.iris.email) >= 1
    soon = (timezone.now(), timezone.now() + timedelta(minutes=2))
    assert rounds.filter(run_after__range=soon).count() == 1
    settings.MAIL = False
    rounds.delete()
    mailing.keep_sending()
    assert not rounds.exists()
