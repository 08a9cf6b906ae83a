"""On whose behalf is the database asked? Without an answer it shows no row of anybody.

The second of two walls. The first is the door (`Owned.objects`); this one stands in PostgreSQL
itself: a table with an owner gives only rows of the organisations in the setting
`mixwijzer.owners`, also where a door was forgotten. SQLite has the door alone.

    with acting_for(organisation):        # a service, a background task, a command
        ...

A request acts for the organisations of who is logged in (`per_request`). What looks after the
whole installation (migrations, backup, verification) says so with `whole_installation()`. The
scope goes with the thread of work, not with the connection: `accounts.postgresql` tells the
connection before a statement whenever the two differ, so a connection that is used again never
keeps somebody else's scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

__all__ = ["EVERYBODY", "NOBODY", "acting_for", "current", "per_request", "whole_installation"]

NOBODY = ""
EVERYBODY = "*"

_scope: ContextVar[str | None] = ContextVar("mixwijzer_owners", default=None)
ambient = NOBODY  # what holds where nothing was said; only a test may say otherwise


def current() -> str:
    """Return the value of `mixwijzer.owners` that the next statement must see."""
    said = _scope.get()
    return ambient if said is None else said


@contextmanager
def acting_for(*owners: object) -> Iterator[None]:
    """Work on behalf of these organisations (or their keys); what was before comes back after."""
    keys = {each if isinstance(each, int) else getattr(each, "pk", None) for each in owners}
    if None in keys:
        raise TypeError("acting_for takes saved organisations, or their keys")
    with _scoped(",".join(str(key) for key in sorted(keys))):  # type: ignore[type-var]
        yield


@contextmanager
def whole_installation() -> Iterator[None]:
    """Work for everybody: for commands that look after the installation, never for a page."""
    with _scoped(EVERYBODY):
        yield


@contextmanager
def _scoped(value: str) -> Iterator[None]:
    token = _scope.set(value)
    try:
        yield
    finally:
        _scope.reset(token)


def per_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let a request see rows of the organisations of who is logged in, and of nobody else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with _scoped(NOBODY):
            value = _of(request)
        with _scoped(value):
            response = get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            parts: Iterator[bytes] = iter(response)
            response.streaming_content = _while_scoped(parts, value)
        return response

    return middleware


def _of(request: HttpRequest) -> str:
    user = request.user
    reach: Iterable[int] = getattr(user, "reach", ()) if user.is_authenticated else ()
    return ",".join(str(key) for key in sorted(reach))


def _while_scoped(parts: Iterator[bytes], value: str) -> Iterator[bytes]:
    """Make every part of a streamed answer under the scope of its request."""
    while True:
        with _scoped(value):
            part = next(parts, None)
        if part is None:
            return
        yield part
