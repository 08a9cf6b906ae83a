"""The day's work, the room check, the complexes, and how everything is computed."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.permissions import Action, may, needs, somebody
from mixwijzer.web.desk import selectors
from mixwijzer.web.desk.forms import CloseForm, RequestForm, asked_of, wanted_of
from mixwijzer.web.desk.method import method_screen
from mixwijzer.web.desk.screens import (
    check_screen,
    complex_screen,
    list_screen,
    neighbourhoods_screen,
    open_norms,
    public_screen,
    requests_screen,
    today_screen,
    where_screen,
)
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.selectors import partners
from mixwijzer.web.ui.typed import line

PUBLIC = "public, max-age=600"  # what everybody may keep, and for how long [s]


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
        query=line(request.GET.get("q", "")),
        category=request.GET.get("kind", "attention"),
        now=timezone.now(),
    )
    screen = check_screen(found)
    return render(request, "desk/room_check.html", {"screen": screen, "stamp": screen.stamp})


@require_GET
@needs(Action.SEE_ADVICE)
def where(request: HttpRequest) -> HttpResponse:
    """Answer: where is there room? Nothing is kept."""
    return _where(request)


def _where(
    request: HttpRequest, form: RequestForm | None = None, *, status: int = 200
) -> HttpResponse:
    user = somebody(request.user)
    asked = asked_of(request.POST if form else request.GET)
    found = selectors.where(user, asked, now=timezone.now()) if asked else None
    screen = where_screen(asked, found, selectors.quarters(user))
    if form is None and asked and may(user, Action.DECIDE):
        form = RequestForm(partners(user), initial=_initial(asked))
    context = {"screen": screen, "form": form, "stamp": screen.stamp}
    return render(request, "desk/where.html", context, status=status)


def _initial(asked: selectors.Asked) -> dict[str, object]:
    return {
        "rooms": asked.rooms,
        "level": "1" if asked.level else "0",
        "kind": asked.category,
        "not": sorted(asked.without),
    }


@needs(Action.DECIDE)
def ask(request: HttpRequest) -> HttpResponse:
    """Keep what was asked as a request for a place; whoever comes without a form sees the page."""
    if request.method != "POST":
        return redirect("desk:where")
    user = somebody(request.user)
    form = RequestForm(partners(user), request.POST)
    if not form.is_valid():
        return _where(request, form, status=422)
    number = letting.request_place(
        user=user, owner=selectors.first_owner(user), now=timezone.now(), **form.request
    )
    messages.success(request, _("Kept as request %(number)s.") % {"number": number})
    return redirect("desk:requests")


@require_GET
@needs(Action.SEE_ADVICE)
def requests(request: HttpRequest) -> HttpResponse:
    """Show the open requests, and why each found room nowhere."""
    found = selectors.requests(request.user, now=timezone.now())
    context = {"screen": requests_screen(found), "outcomes": CloseForm.OUTCOMES}
    context["may_close"] = may(somebody(request.user), Action.DECIDE)
    return render(request, "desk/requests.html", context)


@needs(Action.DECIDE)
def close_request(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Close a request with how it ended; whoever comes without a form sees the requests."""
    selectors.one_request(request.user, request_id)
    if request.method != "POST":
        return redirect("desk:requests")
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how the request ended; then close it."))
        return redirect("desk:requests")
    number = letting.close_request(
        user=somebody(request.user), request=request_id, outcome=form.result, now=timezone.now()
    )
    messages.success(request, _("Request %(number)s is closed.") % {"number": number})
    return redirect("desk:requests")


@require_GET
@needs(Action.SEE_HOMES)
def complexes(request: HttpRequest) -> HttpResponse:
    """List the complexes."""
    wanted = wanted_of(request.GET)
    found = selectors.complex_list(request.user, wanted, now=timezone.now())
    screen = list_screen(found, wanted)
    assigns = bool(somebody(request.user).owners(Action.ASSIGN))
    context = {"screen": screen, "may_assign": assigns}
    return render(request, "desk/complexes.html", context)


@require_GET
@needs(Action.SEE_HOMES)
def complex_(request: HttpRequest, complex_id: uuid.UUID) -> HttpResponse:
    """Show one complex: about how many, how sure, on whose judgement."""
    page = selectors.complex_page(request.user, complex_id, now=timezone.now())
    screen = complex_screen(page)
    context = {"screen": screen, "page": page, "panel": screen.ahead, "stamp": screen.stamp}
    return render(request, "desk/complex.html", context)


@require_GET
@needs(Action.SEE_ADVICE)
def neighbourhoods(request: HttpRequest) -> HttpResponse:
    """Show every neighbourhood: a map and the same as a table."""
    found = selectors.quarters_page(request.user, now=timezone.now())
    screen = neighbourhoods_screen(found)
    context = {"screen": screen, "stamp": screen.stamp}
    return render(request, "desk/neighbourhoods.html", context)


@require_GET
def method(request: HttpRequest) -> HttpResponse:
    """Say how everything is computed, with every assumption and its source."""
    return render(request, "desk/method.html", {"screen": method_screen(timezone.localdate())})


@login_not_required
@require_GET
def public(request: HttpRequest, association: uuid.UUID) -> HttpResponse:
    """Tell everybody how neighbours are chosen here, in Dutch; no cookie is set."""
    return _public(request, association, "nl")


@login_not_required
@require_GET
def public_en(request: HttpRequest, association: uuid.UUID) -> HttpResponse:
    """Tell everybody how neighbours are chosen here, in English."""
    return _public(request, association, "en")


def _public(request: HttpRequest, association: uuid.UUID, language: str) -> HttpResponse:
    page = selectors.public_page(association, now=timezone.now())
    with translation.override(language):
        screen = public_screen(page)
        response = render(
            request, "desk/public.html", {"screen": screen, "LANGUAGE_CODE": language}
        )
    response["Content-Language"] = language
    response["Cache-Control"] = PUBLIC
    return response


@login_not_required
@require_GET
def public_norms(request: HttpRequest, association: uuid.UUID) -> HttpResponse:
    """Give the norms of an association as open data."""
    page = selectors.public_page(association, now=timezone.now())
    response = JsonResponse(open_norms(page), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = PUBLIC
    return response
