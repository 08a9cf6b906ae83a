"""What happened, as lines of JSON on stderr: one event a line, without anything about people.

A line has the moment (UTC), the level, the event and its facts. A request has the pattern of its
address and not the address itself (a link that lets somebody in never stands in a log), no question
mark and what follows it, no form; the person is a number. Of an error its kind and place are told,
not its message: a database quotes values in it.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

__all__ = ["HEADER", "Lines", "configuration", "observed"]

HEADER = "X-Request-ID"
QUIET = "/health/"  # asked every few seconds
_FRAMES = 12
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
# Who never writes a value into the sentence itself
_PLAIN = ("mixwijzer", "_granian", "django.request", "django_tasks")
_request: ContextVar[str] = ContextVar("mixwijzer_request", default="")

_log = logging.getLogger("mixwijzer.request")


class Lines(logging.Formatter):
    """Writes a record as one line of JSON; `messages` adds the words, for developing."""

    def __init__(self, *, messages: bool = False) -> None:
        super().__init__()
        self.messages = messages

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
        }
        if request := _request.get():
            told["request"] = request
        told |= getattr(record, "facts", None) or self._said(record)
        if record.exc_info and record.exc_info[1]:
            told |= _error(record.exc_info[1], messages=self.messages)
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str)

    def _said(self, record: logging.LogRecord) -> dict[str, object]:
        """Return the sentence without what was filled in, which may be somebody's."""
        if self.messages:
            return {"said": record.getMessage()}
        return {"said": str(record.msg)[:200]} if record.name.startswith(_PLAIN) else {}


def _error(error: BaseException, *, messages: bool) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = [f"{each.filename.rpartition('/')[2]}:{each.lineno} {each.name}" for each in frames]
    told: dict[str, object] = {"error": type(error).__name__, "at": where}
    return {**told, "said": str(error)} if messages else told


def configuration(*, quiet: bool, messages: bool) -> dict[str, Any]:
    """Return Django's LOGGING: everything to stderr as lines; in the demo warnings only."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Lines, "messages": messages}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "level": "WARNING" if quiet else "INFO",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "mixwijzer": {"level": "INFO"},
            "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # A page that isn't there, or isn't for somebody, has its line as a request.
            "django.request": {"level": "ERROR"},
            "_granian": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        },
    }


def observed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give every request a number and a line; the number is in the answer too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began, number = time.perf_counter(), _number(request)
        token = _request.set(number)
        try:
            response = get_response(request)
            response[HEADER] = number
            if not request.path.startswith(QUIET):
                _tell(request, response, time.perf_counter() - began)
            return response
        finally:
            _request.reset(token)

    return middleware


def _number(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    things = match.kwargs.values() if match else ()
    facts = {
        "method": request.method if request.method in _METHODS else "other",
        "address": match.route if match else None,
        "about": [str(each) for each in things if isinstance(each, uuid.UUID)],
        "status": response.status_code,
        "ms": round(1000 * seconds, 1),
        "person": _person(request),
        "from": request.META.get("REMOTE_ADDR", ""),
    }
    level = logging.ERROR if response.status_code >= 500 else logging.INFO
    _log.log(level, "request", extra={"event": "request", "facts": facts})


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _person(request: HttpRequest) -> str | None:
    """Return who asked, when the page wanted to know; a log asks the database nothing."""
    known = getattr(request, "_cached_user", None)
    number = getattr(known, "public_id", None)
    return str(number) if number else None
