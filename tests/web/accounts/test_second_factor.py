"""Nobody works here on a password alone; wrong passwords and codes have a limit."""

from __future__ import annotations

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client, TestCase

from mixwijzer.web.accounts import services
from mixwijzer.web.accounts.models import LogIn
from tests.builders import NOW
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
LOG_IN, CODE, SET_UP = "/accounts/log-in/", "/accounts/log-in/code/", "/accounts/me/code/"


@pytest.fixture(autouse=True)
def as_outside_the_demo(settings):
    settings.SECOND_FACTOR = True
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def code_of(secret: str) -> str:
    """Return what the app on a phone shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def with_password(cast: Cast, password: str = PASSWORD) -> Client:
    client = Client()
    client.post(LOG_IN, {"login": cast.iris.email, "password": password})
    return client


def set_up(client: Client) -> str:
    """Make a second factor, as the pages ask; return its secret."""
    again = client.get(SET_UP)
    if again.status_code == 302:
        assert again["Location"].startswith("/accounts/log-in/again/")
        client.post(again["Location"], {"password": PASSWORD})
    page = client.get(SET_UP).content.decode()
    secret = re.search(r'<code class="breaks">([A-Z2-7]+)</code>', page)
    assert secret, page
    with TestCase.captureOnCommitCallbacks(execute=True):
        done = client.post(SET_UP, {"code": code_of(secret[1])})
    assert (done.status_code, done["Location"]) == (302, "/accounts/me/recovery/")
    return secret[1]


def test_who_has_a_password_alone_is_led_to_a_second_factor_from_every_page(cast: Cast):
    client = with_password(cast)
    for page in ("/", "/complexes/", "/accounts/me/", "/accounts/rights/", "/vacancies/"):
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (302, SET_UP), page


@pytest.mark.django_db(transaction=True)
def test_with_it_she_comes_in_and_next_time_it_is_asked(cast: Cast, as_outside_the_demo):
    client = with_password(cast)
    secret = set_up(client)
    assert client.get("/").status_code == 200
    as_outside_the_demo.shift(60)
    other = Client()
    asked = other.post(LOG_IN, {"login": cast.iris.email, "password": PASSWORD})
    assert asked["Location"] == CODE
    assert other.get("/").status_code == 302
    assert other.get(CODE).status_code == 200
    assert other.post(CODE, {"code": code_of(secret)})["Location"] == "/"
    assert other.get("/").status_code == 200


def test_a_wrong_code_does_not_let_in_and_one_code_works_once(cast: Cast, as_outside_the_demo):
    secret = set_up(with_password(cast))
    as_outside_the_demo.shift(60)
    right = code_of(secret)
    first, second = with_password(cast), with_password(cast)
    wrong = first.post(CODE, {"code": "000000" if right != "000000" else "000001"})
    assert wrong.status_code == 200
    assert first.get("/").status_code == 302
    assert first.post(CODE, {"code": right}).status_code == 302
    assert second.post(CODE, {"code": right}).status_code == 200
    assert second.get("/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_works_once(cast: Cast, as_outside_the_demo):
    client = with_password(cast)
    set_up(client)
    page = client.get("/accounts/me/recovery/").content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", page)
    assert len(codes) == 10
    as_outside_the_demo.shift(60)
    lost = with_password(cast)
    assert lost.post(CODE, {"code": codes[0]})["Location"] == "/"
    again = with_password(cast)
    assert again.post(CODE, {"code": codes[0]}).status_code == 200


def test_a_new_factor_ends_log_ins_that_were_made_with_a_password_alone(cast: Cast):
    waiting = with_password(cast)
    set_up(with_password(cast))
    assert waiting.get(SET_UP).status_code == 302
    assert "_auth_user_id" not in waiting.session
    assert LogIn.objects.filter(user=cast.iris).count() == 1


def test_secrets_are_not_stored_readably(cast: Cast):
    secret = set_up(with_password(cast))
    stored = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored


def test_a_link_for_a_new_password_does_not_go_past_the_factor(cast: Cast, as_outside_the_demo):
    set_up(with_password(cast))
    link = services.let_choose_password(
        user=cast.anja, person=cast.iris.public_id, second_factor_too=False, now=NOW
    )
    services.choose_password(link=link, password="een heel nieuw wachtwoord", now=NOW)
    as_outside_the_demo.shift(400)
    client = with_password(cast, "een heel nieuw wachtwoord")
    assert client.get("/")["Location"].startswith(LOG_IN)
    assert client.get(CODE).status_code == 200


def test_with_a_lost_phone_the_factor_is_made_anew(cast: Cast, as_outside_the_demo):
    set_up(with_password(cast))
    link = services.let_choose_password(
        user=cast.anja, person=cast.iris.public_id, second_factor_too=True, now=NOW
    )
    services.choose_password(link=link, password="een heel nieuw wachtwoord", now=NOW)
    assert not Authenticator.objects.exists()
    client = with_password(cast, "een heel nieuw wachtwoord")
    assert client.get("/")["Location"] == SET_UP


def test_a_sixth_wrong_password_is_not_tried_any_more(cast: Cast):
    for _ in range(5):
        with_password(cast, "verkeerd wachtwoord")
    assert "_auth_user_id" not in with_password(cast).session  # even the right one has to wait


def test_an_unknown_address_is_limited_in_the_same_way(cast: Cast):
    answers = [
        Client().post(LOG_IN, {"login": "niemand@x.example", "password": "x"}).content
        for _ in range(6)
    ]
    assert answers[4] != answers[5] or answers[5]
    known = [
        Client().post(LOG_IN, {"login": cast.iris.email, "password": "x"}).status_code
        for _ in range(6)
    ]
    assert set(known) == {200}


def test_a_passkey_page_gives_options_and_refuses_rubbish(cast: Cast):
    client = with_password(cast)
    again = client.get("/accounts/me/key/")
    client.post(again["Location"], {"password": PASSWORD})
    page = client.get("/accounts/me/key/").content.decode()
    assert 'data-passkey="create"' in page
    assert "challenge" in page
    for rubbish in ("", "{}", "[]", '{"id": "x", "response": {}}', "null"):
        answer = client.post("/accounts/me/key/", {"name": "Laptop", "credential": rubbish})
        assert answer.status_code == 200, rubbish
    assert not Authenticator.objects.exists()


def test_the_only_second_factor_stays(cast: Cast):
    client = with_password(cast)
    set_up(client)
    client.post("/accounts/me/key/end/", {"key": str(Authenticator.objects.first().pk)})
    assert Authenticator.objects.filter(type="totp").exists()
