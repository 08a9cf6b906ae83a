"""The day's work, the room check, the complexes, and how everything is computed."""

from __future__ import annotations

import uuid
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.permissions import Action, needs
from mixwijzer.web.desk import selectors
from mixwijzer.web.desk.method import method_screen
from mixwijzer.web.desk.screens import (
    check_screen,
    complex_screen,
    complexes_table,
    today_screen,
)


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person; people without such work see what they may open."""
    now = timezone.now()
    found = selectors.today(request.user, now=now)
    screen = today_screen(found, cast("User", request.user), now)
    return render(request, "desk/today.html", {"screen": screen, "stamp": screen.stamp})


@require_GET
@needs(Action.SEE_ADVICE)
def room_check(request: HttpRequest) -> HttpResponse:
    """Answer: is there room here, for whom? Nothing is kept."""
    found = selectors.room_check(
        request.user,
        query=_typed(request.GET.get("q", "")),
        category=request.GET.get("kind", "attention"),
        now=timezone.now(),
    )
    screen = check_screen(found)
    return render(request, "desk/room_check.html", {"screen": screen, "stamp": screen.stamp})


@require_GET
@needs(Action.SEE_HOMES)
def complexes(request: HttpRequest) -> HttpResponse:
    """List the complexes."""
    lines = selectors.complexes(request.user)
    return render(request, "desk/complexes.html", {"table": complexes_table(lines), "lines": lines})


@require_GET
@needs(Action.SEE_HOMES)
def complex_(request: HttpRequest, complex_id: uuid.UUID) -> HttpResponse:
    """Show one complex: about how many, how sure, on whose judgement."""
    page = selectors.complex_page(request.user, complex_id, now=timezone.now())
    screen = complex_screen(page)
    context = {"screen": screen, "page": page, "stamp": screen.stamp}
    return render(request, "desk/complex.html", context)


@require_GET
def method(request: HttpRequest) -> HttpResponse:
    """Say how everything is computed, with every assumption and its source."""
    return render(request, "desk/method.html", {"screen": method_screen(timezone.localdate())})


def _typed(text: str) -> str:
    """Return what can be typed of a text; PostgreSQL refuses a zero byte, and nobody means one."""
    return "".join(each for each in text if each.isprintable()).strip()
