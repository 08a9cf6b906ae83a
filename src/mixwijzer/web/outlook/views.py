"""The pages that look ahead: all complexes, what can be steered of them, and of one."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.permissions import Action, needs
from mixwijzer.web.letting.screens import language
from mixwijzer.web.outlook import selectors
from mixwijzer.web.outlook.forms import wanted_of
from mixwijzer.web.outlook.screens import complex_screen, forecast_screen, steering_screen


@require_GET
@needs(Action.SEE_ADVICE)
def forecast(request: HttpRequest) -> HttpResponse:
    """Show what may be expected of every complex: a map, and a table to order."""
    wanted = wanted_of(request.GET)
    found = selectors.outlooks(request.user, wanted, now=timezone.now(), language=language())
    screen = forecast_screen(found, wanted)
    return render(request, "outlook/forecast.html", {"screen": screen, "stamp": screen.stamp})


@require_GET
@needs(Action.SEE_ADVICE)
def steering(request: HttpRequest) -> HttpResponse:
    """Show what can be steered, of every complex and of all together."""
    wanted = wanted_of(request.GET)
    found = selectors.outlooks(request.user, wanted, now=timezone.now(), language=language())
    screen = steering_screen(found, wanted)
    return render(request, "outlook/steering.html", {"screen": screen, "stamp": screen.stamp})


@require_GET
@needs(Action.SEE_ADVICE)
def complex_(request: HttpRequest, complex_id: uuid.UUID) -> HttpResponse:
    """Show what can be steered of one complex, and what is left when the experiment ends."""
    found = selectors.outlook_page(
        request.user, complex_id, now=timezone.now(), language=language()
    )
    screen = complex_screen(found)
    return render(request, "outlook/complex.html", {"screen": screen, "stamp": screen.stamp})
