"""The sheet of a quarter, for the talk about what was promised."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.yearbook import selectors
from mixwijzer.web.yearbook.screens import quarter_screen
from mixwijzer.web.yearbook.selectors import Quarter


@require_GET
def quarter(request: HttpRequest) -> HttpResponse:
    """Show a quarter that has begun, as `?of=2026-3`; without, the one that today lies in."""
    today = timezone.localdate()
    asked = Quarter.named(request.GET["of"]) if "of" in request.GET else Quarter.of(today)
    if asked is None or asked.start > today:
        raise Http404
    page = selectors.quarter(somebody(request.user), asked, today=today)
    return render(request, "yearbook/quarter.html", {"screen": quarter_screen(page, today)})
