"""The pages of a vacancy: the question first, then the advice, then a person's decision."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.permissions import Action, may, needs, somebody
from mixwijzer.web.letting import selectors, services
from mixwijzer.web.letting.forms import AnswerForm, NoticeDaysForm
from mixwijzer.web.letting.refusals import Refusal
from mixwijzer.web.letting.refused import refusal_text
from mixwijzer.web.letting.screens import delay_facts, vacancies_table, vacancy_screen
from mixwijzer.web.letting.transitions import WITH_CANDIDATES
from mixwijzer.web.letting.views.sending import form_of
from mixwijzer.web.ui.typed import identity, whole

View = Callable[[HttpRequest, uuid.UUID], HttpResponse]


def refusing_here(view: View) -> View:
    """Answer a refusal with 409 on the vacancy's page: who was first, and what can be done now."""

    @wraps(view)
    def tried(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
        try:
            return view(request, vacancy)
        except Refusal as refusal:
            return show(request, vacancy, status=409, refusal=refusal_text(refusal))

    return tried


sent_form = form_of("letting:vacancy", "vacancy")


def sent_about_a_decision(view: View) -> View:
    """Tell a refusal above the list; lead who sends nothing to the vacancy, if he sees it."""

    @wraps(view)
    def sent(request: HttpRequest, decision: uuid.UUID) -> HttpResponse:
        if request.method != "POST":
            return redirect("letting:vacancy", selectors.vacancy_of(request.user, decision))
        try:
            return view(request, decision)
        except Refusal as refusal:
            messages.error(request, refusal_text(refusal).text)
            return redirect("letting:vacancies")

    return sent


@require_GET
@needs(Action.SEE_HOMES)
def vacancies(request: HttpRequest) -> HttpResponse:
    """List the open vacancies."""
    lines = selectors.vacancies(somebody(request.user))
    context = {
        "table": vacancies_table(lines),
        "lines": lines,
        "may_notify": may(request.user, Action.NOTIFY),
    }
    return render(request, "letting/vacancies.html", context)


@require_GET
@needs(Action.SEE_HOMES)
def vacancy(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    """Show one vacancy: the question, or the advice, or the decision."""
    return show(request, vacancy, again="again" in request.GET)


@sent_form
@needs(Action.JUDGE)
@refusing_here
def answer(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    """Keep somebody's own view; the advice opens after it."""
    now = timezone.now()
    if "unchanged" in request.POST:
        services.answer_unchanged(user=somebody(request.user), vacancy=vacancy, now=now)
        return redirect("letting:vacancy", vacancy)
    page = selectors.vacancy_page(somebody(request.user), vacancy, now=now, again=True)
    if page.question is None:
        return redirect("letting:vacancy", vacancy)
    form = AnswerForm(page.question, request.POST)
    if not form.is_valid():
        return show(request, vacancy, status=422, form=form)
    services.answer(
        user=somebody(request.user),
        vacancy=vacancy,
        ranges=form.ranges,
        known=form.cleaned_data["known"],
        now=now,
    )
    return redirect("letting:vacancy", vacancy)


@sent_form
@needs(Action.SEE_ADVICE)
@refusing_here
def open_advice(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    """Open the advice anew, after something changed."""
    services.open_advice(user=somebody(request.user), vacancy=vacancy, now=timezone.now())
    return redirect("letting:vacancy", vacancy)


@sent_form
@needs(Action.DECIDE)
@refusing_here
def decide(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    """Record a decision: a way and one reason."""
    services.decide(
        user=somebody(request.user),
        vacancy=vacancy,
        channel=request.POST.get("channel", ""),
        reason=request.POST.get("reason", ""),
        version=whole(request.POST.get("version", ""), most=9),
        key=_key(request),
        now=timezone.now(),
    )
    messages.success(request, _("Recorded. You can take it back until the advertisement is out."))
    return redirect("letting:vacancy", vacancy)


@sent_form
@needs(Action.HAND_OVER)
@refusing_here
def hand_over(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    """Give the vacancy to a colleague, who is asked first how it is there."""
    to = identity(request.POST.get("to", ""))
    services.hand_over(user=somebody(request.user), vacancy=vacancy, to=to, now=timezone.now())
    messages.success(request, _("Handed over."))
    return redirect("letting:vacancies")


@sent_about_a_decision
@needs(Action.DECIDE)
def withdraw(request: HttpRequest, decision: uuid.UUID) -> HttpResponse:
    """Take a decision back; it stays in the history."""
    services.withdraw(
        user=somebody(request.user),
        decision=decision,
        reason=request.POST.get("reason", ""),
        key=_key(request),
        now=timezone.now(),
    )
    return redirect("letting:vacancies")


@sent_about_a_decision
@needs(Action.DECIDE)
def anew(request: HttpRequest, decision: uuid.UUID) -> HttpResponse:
    """Begin anew with a home of which the advertisement yields nobody: own view first."""
    found = services.choose_anew(
        user=somebody(request.user),
        decision=decision,
        reason=request.POST.get("reason", ""),
        key=_key(request),
        now=timezone.now(),
    )
    return redirect("letting:vacancy", found)


@sent_about_a_decision
@needs(Action.READ_SECOND)
def read(request: HttpRequest, decision: uuid.UUID) -> HttpResponse:
    """Agree with a colleague's decision as second reader, or give it back."""
    user, now = somebody(request.user), timezone.now()
    if request.POST.get("act") == "confirm":
        services.confirm(user=user, decision=decision, now=now)
    else:
        services.send_back(user=user, decision=decision, key=_key(request), now=now)
    return redirect("letting:vacancies")


def show(
    request: HttpRequest,
    vacancy: uuid.UUID,
    *,
    status: int = 200,
    again: bool = False,
    **extra: Any,
) -> HttpResponse:
    """Show the page of a vacancy, with what went wrong on it."""
    page = selectors.vacancy_page(
        somebody(request.user), vacancy, now=timezone.now(), again=again or "form" in extra
    )
    form = extra.get("form")
    screen = vacancy_screen(page, form.data if form else None)
    delay = selectors.delay_of(somebody(request.user), vacancy, day=timezone.localdate())
    context = {
        "screen": screen,
        "page": page,
        "key": uuid.uuid4(),
        "delay": delay_facts(delay),
        "notice_form": NoticeDaysForm(timezone.localdate(), initial=_days(page)),
        "to_candidates": page.state in WITH_CANDIDATES and may(request.user, Action.SEE_CANDIDATES),
        **extra,
    }
    context["stamp"] = screen.stamp
    return render(request, "letting/vacancy.html", context, status=status)


def _days(page: selectors.VacancyPage) -> dict[str, Any]:
    return {"free_from": page.facts.free_from, "publication": page.facts.publication}


def _key(request: HttpRequest) -> uuid.UUID:
    """Return the form's idempotency key: the same form sent twice is one act."""
    return identity(request.POST.get("key", ""))
