"""When does a session end? After half an hour without use, and half a day after logging in.

Each is listed as a `LogIn`, so that its person and an administrator can end it at once. The moment
of use is written at most once a minute: reading a page is no write.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.services import sessions

BEGAN, SEEN = "began", "seen"
WRITE_EVERY = 60  # [s]
BROWSERS = ("Edg", "Firefox", "Chrome", "Safari")  # in this order: one names itself after another
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")
SPOKEN = {"Edg": "Edge", "Mac OS X": "macOS"}


@receiver(user_logged_in)
def begin(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    """Note when this session began, and where."""
    request.session[BEGAN] = request.session[SEEN] = _now()
    key = request.session.session_key
    if key:
        agent = browser_of(request.META.get("HTTP_USER_AGENT", ""))
        sessions.note_log_in(user=user, session=key, browser=agent, now=timezone.now())


@receiver(user_logged_out)
def finish(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """Take it off the list."""
    if request.session.session_key:
        sessions.forget_log_in(session=request.session.session_key)


def end_in_time(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Log out who was away too long; the next page is the log-in page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _judge(request)
        return get_response(request)

    return middleware


def browser_of(agent: str) -> str:
    """Name a browser and its system, as far as a person would; nothing that tells two apart."""
    browser = next((each for each in BROWSERS if each in agent), "")
    system = next((each for each in SYSTEMS if each in agent), "")
    return " · ".join(SPOKEN.get(each, each) for each in (browser, system) if each)


def _judge(request: HttpRequest) -> None:
    now, session = _now(), request.session
    seen = session.get(SEEN, 0)
    too_old = now - session.get(BEGAN, 0) > settings.SESSION_COOKIE_AGE
    if too_old or now - seen > settings.SESSION_IDLE_SECONDS:
        logout(request)
    elif now - seen >= WRITE_EVERY:
        session[SEEN] = now
        sessions.was_seen(session=session.session_key or "", now=timezone.now())


def _now() -> int:
    return int(time.time())  # noqa: TID251 (a session's age is measured by the clock itself)
