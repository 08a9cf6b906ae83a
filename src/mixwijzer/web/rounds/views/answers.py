"""What a party answers about its own lines of a week round."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.rounds import selectors, services
from mixwijzer.web.rounds.answer_steps import AnswerAct
from mixwijzer.web.rounds.refusals import Refusal
from mixwijzer.web.rounds.refused import refusal_text
from mixwijzer.web.rounds.screens import answer_tasks, ask_screen
from mixwijzer.web.ui.typed import whole


@require_GET
@needs(Action.ANSWER_ROUNDS)
def asks(request: HttpRequest) -> HttpResponse:
    """List what is asked of the reader's organisation."""
    pages = selectors.ask_pages(somebody(request.user), now=timezone.now())
    waiting = [each for each in pages if each.waits]
    context = {
        "waiting": answer_tasks(waiting),
        "others": [ask_screen(each) for each in pages if each not in waiting],
    }
    return render(request, "rounds/asks.html", context)


@require_GET
@needs(Action.ANSWER_ROUNDS)
def ask(request: HttpRequest, ask: uuid.UUID) -> HttpResponse:
    """Show one line: what is asked, and what was answered."""
    return _page(request, ask)


@require_POST
@needs(Action.ANSWER_ROUNDS)
def reply(request: HttpRequest, ask: uuid.UUID) -> HttpResponse:
    """Agree, agree on a condition, object, or take the answer back."""
    user = somebody(request.user)
    selectors.ask_page(user, ask, now=timezone.now())
    name, _colon, word = request.POST.get("act", "").partition(":")
    if name not in AnswerAct.values:
        return redirect("rounds:ask", ask)
    try:
        services.reply(
            user=user,
            ask=ask,
            act=AnswerAct(name),
            word=word,
            version=whole(request.POST.get("version", ""), most=4),
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, ask, refusal)
    messages.success(request, _("Recorded. You can take it back until the association decides."))
    return redirect("rounds:ask", ask)


def _page(request: HttpRequest, ask: uuid.UUID, refusal: Refusal | None = None) -> HttpResponse:
    page = selectors.ask_page(somebody(request.user), ask, now=timezone.now())
    context = {
        "screen": ask_screen(page),
        "refusal": refusal_text(refusal, {}) if refusal else None,
    }
    return render(request, "rounds/ask.html", context, status=409 if refusal else 200)
