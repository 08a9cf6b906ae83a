"""Logging in with an e-mail address, and how long that lasts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.cast import PASSWORD, Cast

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def log_in(client: Client, email: str, password: str) -> int:
    status: int = client.post(
        "/accounts/log-in/", {"login": email, "password": password}
    ).status_code
    return status


def test_iris_logs_in_whatever_the_case_of_her_address(cast: Cast, client: Client):
    assert log_in(client, "Iris@Hanzeveen.example", PASSWORD) == 302
    assert logged_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("iris@hanzeveen.example", "een ander wachtwoord"),
        ("niemand@hanzeveen.example", PASSWORD),
        ("mo@hanzeveen.example", ""),
    ],
)
def test_a_wrong_password_an_unknown_address_and_no_password_look_alike(
    cast: Cast, client: Client, email, password
):
    assert log_in(client, email, password) == 200
    assert not logged_in(client)


def test_the_password_is_kept_by_argon2(cast: Cast):
    assert cast.iris.password.startswith("argon2$")
    assert not cast.mo.has_usable_password()


def test_a_page_without_log_in_sends_to_the_log_in_page(cast: Cast, client: Client):
    response = client.get("/accounts/log-out/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/log-in/")


def test_logging_out_ends_the_session(cast: Cast, client: Client):
    client.force_login(cast.iris)
    client.post("/accounts/log-out/")
    assert not logged_in(client)


def test_after_half_an_hour_without_use_one_logs_in_again(cast: Cast, client: Client):
    with time_machine.travel(MORNING, tick=False) as clock:
        log_in(client, "iris@hanzeveen.example", PASSWORD)
        clock.shift(settings.SESSION_IDLE_SECONDS - 1)
        client.get("/accounts/log-in/")
        assert logged_in(client)
        clock.shift(settings.SESSION_IDLE_SECONDS + 1)
        client.get("/accounts/log-in/")
        assert not logged_in(client)


def test_after_a_working_day_one_logs_in_again_however_busy(cast: Cast, client: Client):
    with time_machine.travel(MORNING, tick=False) as clock:
        log_in(client, "iris@hanzeveen.example", PASSWORD)
        for _ in range(settings.SESSION_COOKIE_AGE // 1200):
            clock.shift(1200)
            client.get("/accounts/log-in/")
        clock.shift(1200)
        client.get("/accounts/log-in/")
        assert not logged_in(client)


def test_reading_pages_writes_the_session_at_most_once_a_minute(
    cast: Cast, client: Client, django_assert_max_num_queries
):
    with time_machine.travel(MORNING, tick=False) as clock:
        client.force_login(cast.iris)
        client.get("/accounts/log-in/")
        clock.shift(59)
        with django_assert_max_num_queries(3):  # session, person, roles
            client.get("/accounts/log-in/")


class TestDemo:
    def test_without_the_demo_setting_there_is_no_such_page(self, cast: Cast, client: Client):
        assert client.get("/accounts/demo/").status_code == 404

    def test_in_the_demo_one_click_makes_you_somebody(self, cast: Cast, client: Client, settings):
        settings.DEMO = True
        client.post("/accounts/demo/", {"person": str(cast.mo.public_id)})
        assert client.session["_auth_user_id"] == str(cast.mo.pk)

    def test_from_another_machine_there_is_no_such_page(self, cast: Cast, client: Client, settings):
        settings.DEMO = True
        away = {"REMOTE_ADDR": "192.0.2.7"}
        assert client.get("/accounts/demo/", **away).status_code == 404
        person = {"person": str(cast.mo.public_id)}
        assert client.post("/accounts/demo/", person, **away).status_code == 404
        assert not logged_in(client)

    @pytest.mark.parametrize("person", ["", "x", "5b0f0a3e-6d0b-4d53-9c7a-1f6a2f0d7c11"])
    def test_somebody_who_is_not_there_cannot_be_chosen(
        self, cast: Cast, client: Client, settings, person
    ):
        settings.DEMO = True
        assert client.post("/accounts/demo/", {"person": person}).status_code == 404

    def test_a_newcomer_begins_as_consultant(self, cast: Cast):
        from mixwijzer.web.accounts.selectors import demo_people

        people = demo_people()
        assert len(people) == 13
        assert [each.first for each in people] == [True] + [False] * 12
        assert people[0].role_code == "consultant"
