"""Pages of what was promised, and of the agreements behind it with their steps."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.agreements import selectors, services
from mixwijzer.web.agreements.forms import ClauseForm, HeadingForm, SignForm, TextForm
from mixwijzer.web.agreements.refusals import Refusal
from mixwijzer.web.agreements.refused import refusal_text
from mixwijzer.web.agreements.screens import agreement_screen, board_screen, list_screens
from mixwijzer.web.ui.sending import acting_on
from mixwijzer.web.ui.typed import whole

__all__ = [
    "agreement",
    "agreements",
    "answer",
    "begin",
    "bring_out",
    "carry",
    "clause",
    "edit",
    "obligations",
    "remove",
    "sign",
    "start",
    "withdraw",
]


@require_GET
def obligations(request: HttpRequest) -> HttpResponse:
    """Show where the reader's promises stand and whether they will be met."""
    lines = selectors.board(somebody(request.user), day=timezone.localdate())
    return render(request, "agreements/obligations.html", {"screen": board_screen(lines)})


@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """List the agreements, what is due and what runs out."""
    pages = selectors.list_pages(somebody(request.user), now=timezone.now())
    return render(request, "agreements/list.html", {"lists": list_screens(pages)})


@require_GET
def agreement(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Show one agreement: its clauses, what happened, what can be done."""
    return _page(request, agreement)


def _page(
    request: HttpRequest, agreement: uuid.UUID, *, status: int = 200, **extra: Any
) -> HttpResponse:
    page = selectors.agreement_page(somebody(request.user), agreement, now=timezone.now())
    context = {
        "page": page,
        "screen": agreement_screen(page),
        "answer_form": TextForm(prefix="answer"),
        "withdraw_form": TextForm(prefix="withdraw"),
        "carry_form": TextForm(prefix="carry"),
        "sign_form": SignForm(initial={"signed_on": page.today}),
        **extra,
    }
    return render(request, "agreements/agreement.html", context, status=status)


_step = acting_on("agreements:agreement", _page, Refusal, refusal_text)


@needs(Action.WRITE_AGREEMENTS)
def start(request: HttpRequest) -> HttpResponse:
    """Begin a framework."""
    user = somebody(request.user)
    owner, parties = selectors.who_agrees(user)
    posted = request.POST if request.method == "POST" else None
    form = HeadingForm(parties, data=posted)
    context: dict[str, Any] = {"form": form}
    status = 200 if posted is None else 422
    if posted is not None and form.is_valid():
        try:
            row = services.start(user=user, owner=owner, heading=form.heading, now=timezone.now())
        except Refusal as refusal:
            context["refusal"], status = refusal_text(refusal), 409
        else:
            return redirect("agreements:edit", row.public_id)
    return render(request, "agreements/start.html", context, status=status)


@needs(Action.WRITE_AGREEMENTS)
@_step
def begin(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Begin the next slice of a framework, or a change of what was signed."""
    begun = services.start_change if "change" in request.POST else services.start_slice
    row = begun(user=somebody(request.user), agreement=agreement, now=timezone.now())
    messages.success(request, _("Begun, with the clauses of before. Go through each of them."))
    return redirect("agreements:edit", row.public_id)


@needs(Action.WRITE_AGREEMENTS)
def edit(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Show the draft to write in, and keep its heading."""
    page = selectors.edit_page(somebody(request.user), agreement)
    if not page.editable:
        return redirect("agreements:agreement", agreement)
    posted = request.POST if request.method == "POST" else None
    form = HeadingForm(page.parties, page.heading, posted, fixed=page.fixed)
    context: dict[str, Any] = {"page": page, "form": form}
    status = 200 if posted is None else 422
    if posted is not None and form.is_valid():
        try:
            services.save(heading=form.heading, **_same(request, agreement))
        except Refusal as refusal:
            context["refusal"], status = refusal_text(refusal), 409
        else:
            messages.success(request, _("Kept."))
            return redirect("agreements:edit", agreement)
    return render(request, "agreements/edit.html", context, status=status)


@needs(Action.WRITE_AGREEMENTS)
def clause(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Show one clause to write in, and keep it; without a number it is a new one."""
    page = selectors.edit_page(somebody(request.user), agreement)
    if not page.editable:
        return redirect("agreements:agreement", agreement)
    number = whole(request.GET.get("number", ""), most=9)
    known = {each.number: each for each in page.clauses}
    if number and number not in known:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = ClauseForm(page.groups, known.get(number), posted)
    context: dict[str, Any] = {"page": page, "form": form, "number": number}
    status = 200 if posted is None else 422
    if posted is not None and form.is_valid():
        try:
            services.put_clause(clause=form.clause, **_same(request, agreement))
        except Refusal as refusal:
            context["refusal"], status = refusal_text(refusal), 409
        else:
            messages.success(request, _("The clause is kept."))
            return redirect("agreements:edit", agreement)
    return render(request, "agreements/clause.html", context, status=status)


@needs(Action.WRITE_AGREEMENTS)
@_step
def remove(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Take a clause out of the draft."""
    number = whole(request.POST.get("number", ""), most=9)
    services.remove_clause(number=number, **_same(request, agreement))
    messages.success(request, _("The clause is taken out."))
    return redirect("agreements:edit", agreement)


@needs(Action.WRITE_AGREEMENTS)
@_step
def bring_out(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Lay the draft before the other parties."""
    services.bring_out(**_same(request, agreement))
    messages.success(request, _("Brought out. The other parties can read it and answer."))
    return redirect("agreements:agreement", agreement)


@needs(Action.ANSWER_AGREEMENTS)
@_step
def answer(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Agree to the bid, or ask for changes."""
    text = request.POST.get("answer-text", "")
    if "changes" in request.POST:
        services.ask_changes(text=text, **_same(request, agreement))
        messages.success(request, _("Asked. The association can change it."))
    else:
        services.agree(text=text, **_same(request, agreement))
        messages.success(request, _("Recorded that you agree."))
    return redirect("agreements:agreement", agreement)


@needs(Action.SIGN_AGREEMENTS)
@_step
def sign(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Record that it was signed."""
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, agreement, status=422, sign_form=form)
    services.sign(
        signed_on=form.cleaned_data["signed_on"],
        text=form.cleaned_data["text"],
        **_same(request, agreement),
    )
    messages.success(request, _("Recorded. What was promised is counted from now on."))
    return redirect("agreements:agreement", agreement)


@needs(Action.SIGN_AGREEMENTS)
@_step
def carry(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Confirm what goes along to the next period."""
    services.carry(
        code=request.POST.get("code", "")[:120],
        text=request.POST.get("carry-text", ""),
        **_same(request, agreement),
    )
    messages.success(request, _("Confirmed. It counts in the next period."))
    return redirect("agreements:agreement", agreement)


@needs(Action.WRITE_AGREEMENTS)
@_step
def withdraw(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Take the agreement back."""
    services.withdraw(text=request.POST.get("withdraw-text", ""), **_same(request, agreement))
    messages.success(request, _("Withdrawn. It stays to be read."))
    return redirect("agreements:agreement", agreement)


def _same(request: HttpRequest, agreement: uuid.UUID) -> dict[str, Any]:
    """Return what every step takes: who, which, as the page showed it, when."""
    return {
        "user": somebody(request.user),
        "agreement": agreement,
        "revision": whole(request.POST.get("revision", ""), most=9),
        "now": timezone.now(),
    }
