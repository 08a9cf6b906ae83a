"""Does this process live, and can it work? For who watches over it; nothing secret, no log-in.

`/health/live` says that the process answers. `/health/ready` asks the database, looks whether it
has every migration, whether there is room on the disk, and how old the data are; 503 when people
can't work. Both answer before anything that needs the database or a known host name.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mixwijzer.web.accounts.isolation import whole_installation

__all__ = ["LIVE", "READY", "answered", "ready"]

LIVE, READY = "/health/live", "/health/ready"
ROOM = 200 << 20  # [bytes] below this nobody should go on writing


def answered(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer the two questions; every other address goes on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path not in {LIVE, READY}:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return _answer(405, {"allowed": "GET"})
        told: dict[str, object] = {"live": True} if request.path == LIVE else ready()
        return _answer(200 if all(told.get(each, True) for each in _MUST) else 503, told)

    return middleware


_MUST = ("live", "database", "migrations", "disk")


def ready() -> dict[str, object]:
    """Say what works and what doesn't, and the age of the data [days]."""
    told: dict[str, object] = {"database": False, "migrations": False, "disk": _room()}
    try:
        with whole_installation():
            had = set(MigrationRecorder(connection).applied_migrations())
            told["database"] = True
            told["migrations"] = _wanted() <= had
            told["days_since_data"] = _age() if told["migrations"] else None
    except (DatabaseError, InterfaceError):
        connection.close()
    return told


@cache
def _wanted() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _age() -> int | None:
    from mixwijzer.web.register.models import Delivery

    last = Delivery.of_everybody.order_by("-at").values_list("at", flat=True).first()
    return (timezone.now() - last).days if last else None


def _room() -> bool:
    try:
        return shutil.disk_usage(settings.HOME).free >= ROOM
    except OSError:
        return False


def _answer(status: int, told: dict[str, object]) -> HttpResponse:
    body = json.dumps(told, separators=(",", ":"))
    response = HttpResponse(body, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    response["X-Frame-Options"] = "DENY"
    return response
