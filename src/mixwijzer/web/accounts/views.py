"""Logging in, out, and, in the demo, as anybody."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mixwijzer.web.accounts import selectors
from mixwijzer.web.ui.components import Persona

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@login_not_required
@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Be somebody with one click; only in the demo, and only on this machine."""
    if not settings.DEMO or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404
    if request.method == "GET":
        return render(request, "accounts/demo.html", {"personas": _personas()})
    user = selectors.demo_person(_person(request.POST.get("person", "")))
    if user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _personas() -> tuple[Persona, ...]:
    return tuple(
        Persona(
            key=str(each.id),
            name=each.name,
            about=f"{each.role} · {each.organisation}",
            first=each.first,
        )
        for each in selectors.demo_people()
    )


def _person(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
