"""A log tells what happened and nothing about people; every request can be found by its number."""

from __future__ import annotations

import json
import logging
import sys
import uuid

import pytest

from mixwijzer.web.config import logs
from mixwijzer.web.desk import selectors
from tests.cast import Cast
from tests.web.every_url import logged_in, things_of

CANARY = "Kanarie-123456782"


@pytest.fixture
def lines():
    """What the application says, as lines."""
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(self.format(record))

    handler = Keep(level=logging.INFO)
    handler.setFormatter(logs.Lines())
    loggers = [logging.getLogger(name) for name in ("mixwijzer", "django")]
    for each in loggers:
        each.addHandler(handler)
    yield found
    for each in loggers:
        each.removeHandler(handler)


def test_a_request_has_a_line_with_who_what_and_how_long(town: Cast, lines: list[str]) -> None:
    complex_ = things_of(town.iris, "complex_id")[0]
    answer = logged_in(town.iris).get(f"/complexes/{complex_}/?q={CANARY}")
    (told,) = map(json.loads, lines)
    assert told.pop("time").endswith("+00:00")
    assert told.pop("ms") > 0
    assert told == {
        "level": "info",
        "event": "request",
        "request": answer[logs.HEADER],
        "method": "GET",
        "address": "complexes/<uuid:complex_id>/",
        "about": [str(complex_)],
        "status": 200,
        "person": str(town.iris.public_id),
        "from": "127.0.0.1",
    }


def test_nothing_typed_and_no_name_stands_in_a_log(town: Cast, lines: list[str]) -> None:
    client = logged_in(town.iris)
    client.get("/room-check/", {"q": CANARY})
    client.get(f"/{CANARY}/")
    client.post("/accounts/log-in/", {"username": f"{CANARY}@x.nl", "password": CANARY})
    client.post("/language/", {"language": CANARY, "next": f"/{CANARY}"})
    client.get("/", headers={"host": f"{CANARY}.example"})
    client.generic(CANARY, "/")
    text = "\n".join(lines)
    assert len(lines) >= 6
    for secret in (CANARY, CANARY.lower(), town.iris.name, town.iris.email):
        assert secret not in text


def test_an_error_tells_its_kind_and_place_and_not_its_message() -> None:
    try:
        int(CANARY)
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "django.request", logging.ERROR, __file__, 1, "Error: %s", (CANARY,), sys.exc_info()
        )
    told = json.loads(logs.Lines().format(record))
    assert told["error"] == "ValueError"
    assert told["said"] == "Error: %s"
    assert any("test_logs.py" in each for each in told["at"])
    assert CANARY not in json.dumps(told)
    assert CANARY in logs.Lines(messages=True).format(record)  # while developing


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abc-12345", True),
        ("a" * 64, True),
        ("short", False),
        ("a b c d e f g", False),
        ("", False),
    ],
)
def test_a_number_from_before_is_kept_when_it_is_a_number(db, given, kept) -> None:
    number = logged_in(None).get("/health/live", headers={"x-request-id": given})[logs.HEADER]
    assert (number == given) is kept
    assert kept or uuid.UUID(number)


def test_what_fails_is_an_error_in_the_log(town: Cast, lines: list[str], monkeypatch) -> None:
    def broken(*args: object, **given: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(selectors, "complex_list", broken)
    answer = logged_in(town.iris).get("/complexes/")
    assert answer.status_code == 500
    told = [json.loads(each) for each in lines]
    assert {each["request"] for each in told} == {answer[logs.HEADER]}
    assert [each["level"] for each in told] == ["error"] * len(told)
    assert any(each.get("error") == "RuntimeError" for each in told)
    assert CANARY not in "\n".join(lines)
