"""The site is safe by default; what differs per machine comes from the environment alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from mixwijzer.web.config import env
from mixwijzer.web.config.checks import open_modes_stay_home, sqlite_is_durable

pytestmark = pytest.mark.once

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def manage(*arguments: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a Django command in a process of its own, with these variables only."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env=kept
        | {
            "DJANGO_SETTINGS_MODULE": "mixwijzer.web.config.settings",
            "MIXWIJZER_HOME": str(home),
        }
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_site_with_a_host_name_passes_every_deployment_check(tmp_path):
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING",
        home=tmp_path, MIXWIJZER_HOSTS="mixwijzer.example",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize("mode", ["MIXWIJZER_DEMO", "MIXWIJZER_DEBUG"])
def test_a_demo_or_debug_pages_do_not_start_on_a_site_others_can_reach(tmp_path, mode):
    done = manage("check", home=tmp_path, MIXWIJZER_HOSTS="mixwijzer.example", **{mode: "1"})
    assert done.returncode != 0
    assert "mixwijzer.E002" in done.stderr
    assert mode in done.stderr
    assert manage("check", home=tmp_path, **{mode: "1"}).returncode == 0


@pytest.mark.parametrize(("demo", "page"), [("1", "accounts:demo"), ("0", "account_login")])
def test_who_logs_out_comes_where_one_logs_in(tmp_path, demo, page):
    told = "from django.conf import settings as s; print(s.LOGIN_URL, s.LOGOUT_REDIRECT_URL)"
    done = manage("shell", "--no-imports", "-c", told, home=tmp_path, MIXWIJZER_DEMO=demo)
    assert done.stdout.split() == [page, page], done.stderr


def test_open_modes_are_fine_on_this_machine_alone(settings):
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.DEMO = True
    assert open_modes_stay_home(None) == []
    settings.ALLOWED_HOSTS = ["localhost", "example.org"]
    assert [message.id for message in open_modes_stay_home(None)] == ["mixwijzer.E002"]


@pytest.mark.parametrize(
    ("option", "value", "fault"),
    [
        ("transaction_mode", "DEFERRED", "transaction_mode IMMEDIATE"),
        ("timeout", 5, "a timeout of 20 seconds"),
        ("init_command", "PRAGMA journal_mode=DELETE;", "journal_mode WAL"),
        ("init_command", "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;", "synchronous FULL"),
        ("init_command", "", "foreign_keys ON"),
    ],
)
def test_sqlite_that_could_lose_a_decision_does_not_start(
    settings, monkeypatch, option, value, fault
):
    options = dict(env.SQLITE_OPTIONS) | {option: value}
    default = settings.DATABASES["default"]
    monkeypatch.setitem(default, "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(default, "OPTIONS", options)
    messages = sqlite_is_durable(None)
    assert any(fault in message.msg for message in messages)
    assert {message.id for message in messages} == {"mixwijzer.E001"}
    with pytest.raises(SystemCheckError, match=r"mixwijzer\.E001"):
        call_command("check")


def test_the_default_database_is_durable(settings):
    assert sqlite_is_durable(None) == []
    for database in settings.DATABASES.values():
        assert database["ATOMIC_REQUESTS"] is False, "a read may not take the write lock"


@pytest.mark.parametrize(
    ("text", "on"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("", False)]
)
def test_a_switch_is_on_or_off(monkeypatch, text, on):
    monkeypatch.setenv("MIXWIJZER_DEMO", text)
    assert env.flag("MIXWIJZER_DEMO") is on


def test_a_switch_that_is_neither_is_refused(monkeypatch):
    monkeypatch.setenv("MIXWIJZER_DEMO", "maybe")
    with pytest.raises(ImproperlyConfigured, match="MIXWIJZER_DEMO='maybe': write 1 or 0"):
        env.flag("MIXWIJZER_DEMO")


def test_the_key_is_made_once_and_read_by_nobody_else(tmp_path, monkeypatch):
    monkeypatch.delenv("MIXWIJZER_SECRET_KEY", raising=False)
    first = env.secret_key(tmp_path)
    assert len(first) >= 50
    assert env.secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    monkeypatch.setenv("MIXWIJZER_SECRET_KEY", "from the environment")
    assert env.secret_key(tmp_path) == "from the environment"


def test_a_folder_that_cannot_be_made_says_which_and_what_to_set(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("MIXWIJZER_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(ImproperlyConfigured, match="MIXWIJZER_HOME="):
        env.home()
    monkeypatch.delenv("MIXWIJZER_SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="set MIXWIJZER_SECRET_KEY"):
        env.secret_key(tmp_path / "file")


def test_the_home_folder_is_private(tmp_path, monkeypatch):
    monkeypatch.setenv("MIXWIJZER_HOME", str(tmp_path / "a" / "b"))
    assert stat.S_IMODE(env.home().stat().st_mode) == 0o700


def test_a_database_address_is_read_or_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:p%40ss@db.example:5433/mix?sslmode=require")
    found = env.database(tmp_path)
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("mix", "me", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")
    assert found["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/a%20b.sqlite3")
    found = env.database(tmp_path)
    assert found["NAME"] == tmp_path / "a b.sqlite3"
    assert found["OPTIONS"] == env.SQLITE_OPTIONS
    monkeypatch.setenv("DATABASE_URL", "mysql://x")
    with pytest.raises(ImproperlyConfigured, match="postgresql:// or sqlite:///"):
        env.database(tmp_path)
    monkeypatch.delenv("DATABASE_URL")
    assert env.database(tmp_path)["NAME"] == tmp_path / "mixwijzer.sqlite3"


@pytest.mark.parametrize("address", ["/ui/gallery/", "/nowhere/", "/language/"])
def test_every_answer_forbids_what_it_does_not_need(settings, address):
    settings.DEMO = True
    answer = Client().get(address)
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.has_header("Content-Encoding")


def test_a_page_with_a_caching_rule_of_its_own_keeps_it(settings):
    settings.ROOT_URLCONF = "tests.web.config.cached_page"
    assert Client().get("/cached/")["Cache-Control"] == "max-age=60"


def test_answers_are_never_compressed_since_pages_hold_secrets(settings):
    settings.DEMO = True
    answer = Client(headers={"accept-encoding": "gzip, br"}).get("/ui/gallery/")
    assert not answer.has_header("Content-Encoding")


def test_files_for_the_browser_come_from_the_application_itself(settings):
    answer = Client().get(f"{settings.STATIC_URL}ui/app.css")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"/* Mixwijzer")


SECURE_PROBE = """
import django; django.setup()
from django.conf import settings
from django.test import Client
plain = Client(SERVER_NAME="mixwijzer.example").get("/ui/gallery/")
secure = Client(SERVER_NAME="mixwijzer.example").get("/nowhere/", secure=True)
print(plain.status_code, plain["Location"])
print(secure["Strict-Transport-Security"])
print(*(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME))
cookie = secure.cookies[settings.CSRF_COOKIE_NAME]
print(*(repr(cookie[part]) for part in ("secure", "httponly", "samesite", "path", "domain")))
print(Client(SERVER_NAME="elsewhere.example").get("/nowhere/", secure=True).status_code)
"""


def test_with_a_host_name_everything_is_https_and_cookies_are_tied_to_the_host(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SECURE_PROBE],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "mixwijzer.web.config.settings",
            "MIXWIJZER_HOME": str(tmp_path),
            "MIXWIJZER_HOSTS": "mixwijzer.example",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    redirect, hsts, names, cookie, stranger = done.stdout.splitlines()
    assert redirect == "301 https://mixwijzer.example/ui/gallery/"
    assert hsts == "max-age=63072000; includeSubDomains; preload"
    assert all(name.startswith("__Host-") for name in names.split())
    assert cookie == "True True 'Lax' '/' ''"
    assert stranger == "400"
