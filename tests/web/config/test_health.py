"""Who watches over it hears whether people can work; nothing secret, and nobody logs in."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from mixwijzer.web.config import health
from mixwijzer.web.register.models import Delivery
from tests.builders import NOW
from tests.cast import Cast
from tests.web.header_rules import broken


def asked(path: str, **given: object) -> tuple[int, dict[str, object]]:
    answer = Client().get(path, **given)
    assert answer["Content-Type"] == "application/json"
    assert broken(answer.headers) == []
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, json.loads(answer.content)


def test_it_lives_without_asking_anything(django_assert_num_queries, db) -> None:
    with django_assert_num_queries(0):
        assert asked(health.LIVE) == (200, {"live": True})


def test_it_is_ready_with_the_age_of_the_data(town: Cast, time_machine) -> None:
    last = Delivery.of_everybody.order_by("-at").first().at
    time_machine.move_to(last + timedelta(days=12, hours=3))
    ready = {"database": True, "migrations": True, "disk": True, "days_since_data": 12}
    assert asked(health.READY) == (200, ready)


def test_before_any_data_it_is_ready_too(db) -> None:
    status, told = asked(health.READY)
    assert (status, told["days_since_data"]) == (200, None)


def test_a_database_that_is_behind_is_not_ready(db) -> None:
    app, name = min(health._wanted())
    MigrationRecorder(connection).record_unapplied(app, name)
    status, told = asked(health.READY)
    assert (status, told["database"], told["migrations"]) == (503, True, False)


def test_a_disk_without_room_is_not_ready(db, monkeypatch) -> None:
    monkeypatch.setattr(health, "ROOM", 1 << 62)
    status, told = asked(health.READY)
    assert (status, told["disk"]) == (503, False)


def test_it_answers_to_any_host_name_and_over_plain_http(db, settings) -> None:
    """A container asks itself, by its own address and without a certificate."""
    settings.SECURE_SSL_REDIRECT = True
    for path in (health.LIVE, health.READY):
        assert asked(path, headers={"host": "10.1.2.3:8000"})[0] == 200
    assert Client().get("/accounts/log-in/").status_code == 301


def test_it_can_only_be_asked(db) -> None:
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(enforce_csrf_checks=True), method)(health.READY).status_code == 405
    assert Client().head(health.LIVE).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/health/", "/health/ready/", "/health/secrets"])
def test_nothing_else_is_there(db, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_nothing_secret_is_told(town: Cast, settings) -> None:
    text = json.dumps([asked(health.READY), asked(health.LIVE)])
    database = settings.DATABASES["default"]
    secrets = [settings.SECRET_KEY, str(settings.HOME), str(database["NAME"]), town.iris.name]
    assert [each for each in secrets if each in text] == []
    assert NOW.isoformat()[:10] not in text
