"""When does a session end? After half an hour without use, and half a day after logging in.

The moment of use is written at most once a minute: reading a page is no write.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

BEGAN, SEEN = "began", "seen"
WRITE_EVERY = 60  # [s]


@receiver(user_logged_in)
def begin(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """Note when this session began."""
    request.session[BEGAN] = request.session[SEEN] = _now()


def end_in_time(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Log out who was away too long; the next page is the log-in page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _judge(request)
        return get_response(request)

    return middleware


def _judge(request: HttpRequest) -> None:
    now, session = _now(), request.session
    seen = session.get(SEEN, 0)
    too_old = now - session.get(BEGAN, 0) > settings.SESSION_COOKIE_AGE
    if too_old or now - seen > settings.SESSION_IDLE_SECONDS:
        logout(request)
    elif now - seen >= WRITE_EVERY:
        session[SEEN] = now


def _now() -> int:
    return int(time.time())  # noqa: TID251 (a session's age is measured by the clock itself)
