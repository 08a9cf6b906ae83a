"""Logging in at one's own organisation (OIDC), against a real provider on this machine."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.http import HttpResponse
from django.test import Client

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.roles import Role
from mixwijzer.web.config import env
from tests.cast import Cast
from tests.web.accounts.test_people import invited

# The provider's own libraries warn about each other.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]

BEGIN = "/accounts/log-in/organisation/"
CLAIMS = {
    "iris": {"email": "Iris@Hanzeveen.example", "email_verified": True, "roles": ["administrator"]},
    "fenna": {"email": "fenna@hanzeveen.example", "email_verified": True},
    "false-mo": {"email": "mo@hanzeveen.example", "email_verified": False},
    "silent-mo": {"email": "mo@hanzeveen.example"},
    "no-mail": {},
    "strong": {"email": "mo@hanzeveen.example", "email_verified": True, "amr": ["pwd", "mfa"]},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that knows these people."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import User as Known
        from oidc_provider_mock import run_server_in_thread

        people = [Known(sub=sub, claims=dict(claims)) for sub, claims in CLAIMS.items()]
        with run_server_in_thread(user_claims=people) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def provider(issuer: str, settings, monkeypatch) -> None:
    """Set the provider up as an administrator does: in the environment."""
    monkeypatch.setenv("MIXWIJZER_OIDC_ISSUER", issuer)
    monkeypatch.setenv("MIXWIJZER_OIDC_CLIENT_ID", "mixwijzer")
    monkeypatch.setenv("MIXWIJZER_OIDC_CLIENT_SECRET", "geheim")
    monkeypatch.setenv("MIXWIJZER_OIDC_NAME", "Woonbelang")
    settings.SOCIALACCOUNT_PROVIDERS = env.oidc()
    settings.OIDC_NAME = env.oidc_name()
    settings.SECOND_FACTOR = True


def came_back(client: Client, sub: str) -> str:
    """Go to the provider, log in there; return the address that it sends one back to."""
    gone = client.get(BEGIN)
    assert gone.status_code == 302
    there = requests.post(gone["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    back = urlsplit(there.headers["Location"])
    assert (back.netloc, back.path) == ("testserver", f"{BEGIN}back/")
    return f"{back.path}?{back.query}"


def logs_in(client: Client, sub: str) -> HttpResponse:
    return client.get(came_back(client, sub))


def inside(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_the_log_in_page_leads_there(cast: Cast):
    page = Client().get("/accounts/log-in/").content.decode()
    assert BEGIN in page
    assert "Inloggen bij Woonbelang" in page


def test_who_is_known_by_a_verified_address_comes_in_without_another_factor(cast: Cast):
    client = Client()
    answer = logs_in(client, "iris")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert inside(client)
    assert client.session["_auth_user_id"] == str(cast.iris.pk)
    again = Client()
    logs_in(again, "iris")
    assert inside(again)
    assert SocialAccount.objects.get().user == cast.iris


def test_roles_in_a_token_give_nothing(cast: Cast):
    client = Client()
    logs_in(client, "iris")
    assert User.objects.get(pk=cast.iris.pk).roles == (Role.CONSULTANT,)
    assert client.get("/accounts/people/").status_code == 403


@pytest.mark.parametrize(
    ("sub", "sentence"),
    [
        ("fenna", "maar u hebt hier geen rol"),
        ("niemand@elders.example", "niet dat uw e-mailadres is gecontroleerd"),
        ("false-mo", "niet dat uw e-mailadres is gecontroleerd"),
        ("silent-mo", "niet dat uw e-mailadres is gecontroleerd"),
        ("no-mail", "niet dat uw e-mailadres is gecontroleerd"),
    ],
)
def test_who_is_unknown_or_unverified_hears_so_and_nothing_is_made(cast: Cast, sub, sentence):
    before = User.objects.count()
    client = Client()
    answer = logs_in(client, sub)
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert not inside(client)
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()


def test_an_invitation_is_taken_up_by_logging_in_there(cast: Cast):
    client = Client()
    page = client.get(invited(cast), follow=True).content.decode()
    assert BEGIN in page
    assert logs_in(client, "fenna").status_code == 302
    assert inside(client)
    fenna = User.objects.get(email="fenna@hanzeveen.example")
    assert fenna.roles == (Role.CONSULTANT,)
    assert not fenna.has_usable_password()


def test_an_invitation_of_somebody_else_does_not_help(cast: Cast):
    client = Client()
    client.get(invited(cast, email="gijs@hanzeveen.example"))
    assert logs_in(client, "fenna").status_code == 403


def test_who_left_does_not_come_in(cast: Cast):
    logs_in(Client(), "iris")
    User.objects.filter(pk=cast.iris.pk).update(is_active=False)
    client = Client()
    assert logs_in(client, "iris").status_code == 403
    assert not inside(client)


def test_a_second_factor_can_be_asked_of_the_provider(cast: Cast, settings):
    settings.OIDC_AMR = frozenset({"mfa"})
    weak = logs_in(Client(), "iris")
    assert weak.status_code == 403
    assert "alleen een wachtwoord" in weak.content.decode()
    client = Client()
    assert logs_in(client, "strong").status_code == 302
    assert inside(client)


def test_an_answer_that_nobody_asked_for_is_refused(cast: Cast):
    stolen = came_back(Client(), "iris")
    other = Client()
    answer = other.get(stolen)
    assert answer.status_code == 403
    assert not inside(other)


def test_who_says_no_at_the_provider_hears_how_to_go_on(cast: Cast):
    client = Client()
    gone = client.get(BEGIN)
    there = requests.post(
        gone["Location"], data={"action": "deny"}, allow_redirects=False, timeout=10
    )
    back = urlsplit(there.headers["Location"])
    answer = client.get(f"{back.path}?{back.query}")
    assert answer.status_code == 403
    assert "lukte niet" in answer.content.decode()


def test_a_provider_that_does_not_answer_gives_a_sentence(cast: Cast, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://localhost:9"
    )
    answer = Client().get(BEGIN)
    assert answer.status_code == 403
    assert "lukte niet" in answer.content.decode()


@pytest.mark.parametrize("missing", ["MIXWIJZER_OIDC_CLIENT_ID", "MIXWIJZER_OIDC_CLIENT_SECRET"])
def test_half_a_set_up_does_not_start(monkeypatch, missing):
    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.delenv(missing)
    with pytest.raises(ImproperlyConfigured, match=missing):
        env.oidc()


def test_a_session_of_there_ends_in_time_as_any_other(cast: Cast, settings):
    client = Client()
    logs_in(client, "iris")
    from datetime import timedelta

    from django.utils import timezone

    with time_machine.travel(
        timezone.now() + timedelta(seconds=settings.SESSION_IDLE_SECONDS + 60)
    ):
        assert not inside(client)
