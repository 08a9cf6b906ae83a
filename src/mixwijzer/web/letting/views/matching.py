"""The pages of candidates and matches: who could come, and the step that waits for somebody."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.models import Missing
from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.letting import selectors, services
from mixwijzer.web.letting.match_steps import Act, Consequence, Hand
from mixwijzer.web.letting.refusals import NotAllowedNow, Refusal
from mixwijzer.web.letting.refused import refusal_text
from mixwijzer.web.letting.screens import (
    candidates_screen,
    language,
    match_screen,
)
from mixwijzer.web.letting.views.sending import form_of
from mixwijzer.web.ui.spreadsheets import csv_file
from mixwijzer.web.ui.typed import identity, line, whole

Shown = Callable[..., HttpResponse]


@require_GET
@needs(Action.SEE_CANDIDATES)
def candidates(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    """Show who could come to live here, in the order of the letting rules."""
    return _candidates(request, vacancy)


def _candidates(
    request: HttpRequest, vacancy: uuid.UUID, *, status: int = 200, **extra: Any
) -> HttpResponse:
    page = selectors.candidates_page(
        somebody(request.user), vacancy, day=timezone.localdate(), language=language()
    )
    context = {
        "screen": candidates_screen(page, services.groups_of(page.vacancy.owner)),
        **extra,
    }
    return render(request, "letting/candidates.html", context, status=status)


def refusing(view: Shown, show: Shown, page: str, thing: str) -> Shown:
    """Answer a refusal with 409 on the page that the form stood on."""

    @form_of(page, thing)
    @wraps(view)
    def tried(request: HttpRequest, **given: uuid.UUID) -> HttpResponse:
        try:
            return view(request, **given)
        except Refusal as refusal:
            return show(request, given[thing], status=409, refusal=refusal_text(refusal))

    return tried


@require_GET
@needs(Action.SEE_CANDIDATES)
def reasons(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    """Give the objective reasons for letters to who didn't get the home: numbers, no names."""
    rows = selectors.letter_rows(
        somebody(request.user), vacancy, day=timezone.localdate(), language=language()
    )
    heads = (_("Candidate"), _("Reference"), _("Home"), _("Reason"))
    answer = HttpResponse(csv_file([heads, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_("reasons")}.csv"'
    return answer


def _open_matching(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    group = line(request.POST.get("group", ""))
    services.open_matching(
        user=somebody(request.user), vacancy=vacancy, group=group, now=timezone.now()
    )
    return redirect("letting:candidates", vacancy)


def _stop_matching(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    services.stop_matching(user=somebody(request.user), vacancy=vacancy, now=timezone.now())
    return redirect("letting:vacancy", vacancy)


def _propose(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    user, candidate = somebody(request.user), identity(request.POST.get("candidate", ""))
    chosen = request.POST.get("contact", "")
    made = services.propose(
        user=user,
        vacancy=vacancy,
        candidate=candidate,
        contact=selectors.speaker(user, candidate, identity(chosen)) if chosen else None,
        reserve="reserve" in request.POST,
        now=timezone.now(),
    )
    return redirect("letting:match", made.public_id)


open_matching = needs(Action.MATCH)(
    refusing(_open_matching, _candidates, "letting:candidates", "vacancy")
)
stop_matching = needs(Action.MATCH)(
    refusing(_stop_matching, _candidates, "letting:candidates", "vacancy")
)
propose = needs(Action.MATCH)(refusing(_propose, _candidates, "letting:candidates", "vacancy"))


@require_GET
def match(request: HttpRequest, match: uuid.UUID) -> HttpResponse:
    """Show one match: staff, or the candidate's partner from his step on."""
    return _match(request, match)


def _match(
    request: HttpRequest, match: uuid.UUID, *, status: int = 200, **extra: Any
) -> HttpResponse:
    page = selectors.match_page(
        somebody(request.user), match, now=timezone.now(), language=language()
    )
    context = {"screen": match_screen(page, timezone.localdate()), **extra}
    return render(request, "letting/match.html", context, status=status)


def _step(request: HttpRequest, match: uuid.UUID) -> HttpResponse:
    """Do what a button of the current step says."""
    selectors.one_match(somebody(request.user), match)
    name, _colon, reason = request.POST.get("act", "").partition(":")
    given: dict[str, Any] = {
        "user": somebody(request.user),
        "match": match,
        "version": whole(request.POST.get("version", ""), most=9),
        "now": timezone.now(),
    }
    consequence = request.POST.get("consequence", Consequence.NONE)
    does: dict[str, Callable[[], None]] = {
        Act.ACCEPT: lambda: services.accept(**given),
        Act.DECLINE: lambda: services.decline(**given, reason=reason),
        Act.CONFIRM: lambda: services.settle(**given, act=Act.CONFIRM, consequence=consequence),
        Act.OVERRIDE: lambda: services.settle(**given, act=Act.OVERRIDE),
        Act.RETURN: lambda: services.settle(**given, act=Act.RETURN),
        Act.BACK: lambda: services.step_back(**given),
        Act.CANCEL: lambda: services.call_off(**given),
        Act.LET: lambda: services.let(**given, on=_day(request.POST.get("on", ""))),
        Act.UNLET: lambda: services.unlet(**given, reason=reason),
        Act.PROMOTE: lambda: services.promote(**given),
        Act.REOPEN: lambda: services.reopen(**given),
    }
    if name in does:
        does[name]()
    return _after(request, match)


def _after(request: HttpRequest, match: uuid.UUID) -> HttpResponse:
    """Go back to the match; a partner whose part is over goes back to his work."""
    try:
        selectors.one_match(somebody(request.user), match)
    except Missing:
        messages.success(request, _("Recorded."))
        return redirect("desk:today")
    return redirect("letting:match", match)


def _condition(request: HttpRequest, match: uuid.UUID) -> HttpResponse:
    """Add a condition, or tick one."""
    selectors.one_match(somebody(request.user), match)
    if "met" in request.POST:
        services.meet(
            user=somebody(request.user), condition=identity(request.POST["met"]), now=timezone.now()
        )
    else:
        services.add_condition(
            user=somebody(request.user),
            match=match,
            kind=request.POST.get("kind", ""),
            now=timezone.now(),
        )
    return redirect("letting:match", match)


def _speaker(request: HttpRequest, match: uuid.UUID) -> HttpResponse:
    """Let somebody else speak for the candidate."""
    user, now = somebody(request.user), timezone.now()
    chosen = identity(request.POST.get("contact", ""))
    page = selectors.match_page(user, match, now=now, language=language())
    for each in page.speakers:
        if each.person.public_id == chosen:
            services.name_contact(user=user, match=match, contact=each.person, now=now)
            return redirect("letting:match", match)
    raise NotAllowedNow(state=page.match.state, act="speak", hands=(Hand.CONSULTANT, Hand.HEAD))


step = refusing(_step, _match, "letting:match", "match")
speaker = refusing(_speaker, _match, "letting:match", "match")
condition = refusing(_condition, _match, "letting:match", "match")


def _day(text: str) -> date:
    """Return the day that was typed; for what is none, one that nothing can be of."""
    try:
        return parse_date(text) or date.min
    except ValueError:
        return date.min
