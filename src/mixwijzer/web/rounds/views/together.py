"""A table of several associations: ask them, lay there, divide, take no part, close and open it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mixwijzer.web.accounts.models import Missing
from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.letting import refusals as letting
from mixwijzer.web.rounds import tasks
from mixwijzer.web.rounds.refusals import Refusal
from mixwijzer.web.rounds.refused import refusal_text
from mixwijzer.web.rounds.selectors.together import others_to_ask, own_round
from mixwijzer.web.rounds.services import city, seating, sharing, together
from mixwijzer.web.rounds.views.city import listed, tried
from mixwijzer.web.ui.typed import identity


@needs(Action.READ_SECOND)
def invite(request: HttpRequest) -> HttpResponse:
    """Set a table, and ask other associations to it by name."""
    if request.method != "POST":
        return _form(request)
    user = somebody(request.user)
    try:
        together.invite(
            user=user,
            owner=own_organisation(user, Action.READ_SECOND),
            name=request.POST.get("name", ""),
            parties=[identity(each) for each in request.POST.getlist("party")[:99]],
            key=identity(request.POST.get("key", "")),
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _form(request, refusal)
    messages.success(request, _("The table is set. What you bring is chosen by you, as they do."))
    return redirect("rounds:cities")


def _form(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "others": others_to_ask(request.user),
        "key": uuid.uuid4(),
        "name": request.POST.get("name", "")[: city.LONGEST],
        "longest": city.LONGEST,
        "chosen": set(request.POST.getlist("party")),
        "refusal": refusal_text(refusal, {}) if refusal else None,
    }
    return render(request, "rounds/table_new.html", context, status=409 if refusal else 200)


@require_POST
@needs(Action.READ_SECOND)
def lay(request: HttpRequest, city_round: uuid.UUID) -> HttpResponse:
    """Lay what a round brings on its table."""
    user = somebody(request.user)
    return tried(
        request,
        city_round,
        lambda: together.lay(user=user, city_round=city_round, now=timezone.now()),
        _("It lies on the table. Who set it sees how many homes and candidates that are."),
    )


@require_POST
@needs(Action.READ_SECOND)
def divide(request: HttpRequest, seat: uuid.UUID) -> HttpResponse:
    """Let a worker divide what lies on a table; each association gets its own part."""
    user = somebody(request.user)
    row = own_round(user, seat)
    if row is None:
        raise Missing
    return tried(
        request,
        row,
        lambda: tasks.start(sharing.ask(user=user, seat=seat, now=timezone.now())),
    )


@require_POST
@needs(Action.READ_SECOND)
def decline(request: HttpRequest, seat: uuid.UUID) -> HttpResponse:
    """Say that one's association takes no part, and why."""
    user, reason = somebody(request.user), request.POST.get("reason", "")
    return _at_table(
        request,
        lambda: seating.decline(user=user, seat=seat, reason=reason, now=timezone.now()),
        _("Written down: you take no part. Until the table is closed you can take that back."),
    )


@require_POST
@needs(Action.READ_SECOND)
def come_back(request: HttpRequest, seat: uuid.UUID) -> HttpResponse:
    """Take part after all."""
    user = somebody(request.user)
    return _at_table(
        request,
        lambda: seating.come_back(user=user, seat=seat, now=timezone.now()),
        _("You take part after all. Choose what you bring."),
    )


@require_POST
@needs(Action.READ_SECOND)
def close(request: HttpRequest, seat: uuid.UUID) -> HttpResponse:
    """Close a table: nothing is laid or divided there any more."""
    user = somebody(request.user)
    return _at_table(
        request,
        lambda: seating.close(user=user, seat=seat, now=timezone.now()),
        _("The table is closed. What was divided goes on."),
    )


@require_POST
@needs(Action.READ_SECOND)
def open_again(request: HttpRequest, seat: uuid.UUID) -> HttpResponse:
    """Open a table that was closed."""
    user = somebody(request.user)
    return _at_table(
        request,
        lambda: seating.open_again(user=user, seat=seat, now=timezone.now()),
        _("The table is open again."),
    )


def _at_table(request: HttpRequest, act: Callable[[], object], said: str) -> HttpResponse:
    """Do something with a seat, and go back to the tables; a refusal is told there, with 409."""
    try:
        act()
    except (Refusal, letting.Refusal) as refusal:
        return listed(request, refusal)
    messages.success(request, said)
    return redirect("rounds:cities")
