"""What an organisation sets for itself: its words, its reasons; and the norms it works with."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.agreements.selectors import beyond_norms
from mixwijzer.web.desk.forms import ReasonsForm, WordsForm
from mixwijzer.web.desk.screens.managing import management_screen, norms_screen, reason_rows
from mixwijzer.web.letting import services
from mixwijzer.web.letting.selectors import KINDS, offers, own_texts

__all__ = ["management", "norms", "reasons", "words"]


@require_GET
@needs(Action.MANAGE_WORDS)
def management(request: HttpRequest) -> HttpResponse:
    """Lead to everything that an organisation manages itself."""
    screen = management_screen(cast("User", request.user), _own(request))
    return render(request, "desk/management.html", {"screen": screen})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.MANAGE_WORDS)
def words(request: HttpRequest) -> HttpResponse:
    """Show and change an organisation's own words and texts."""
    owner = _own(request)
    form = WordsForm(own_texts(owner), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.say(
            user=cast("User", request.user), owner=owner, texts=form.texts, now=timezone.now()
        )
        messages.success(request, _("Kept. What stood here before stays in the history."))
        return redirect("desk:words")
    status = 422 if form.errors else 200
    return render(request, "desk/words.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.MANAGE_WORDS)
def reasons(request: HttpRequest) -> HttpResponse:
    """Show and change which reasons are offered at a decision, and in which order."""
    owner = _own(request)
    sent = request.POST.get("list", "") if request.method == "POST" else ""
    forms = {
        kind: ReasonsForm(offers(owner, kind), request.POST if kind == sent else None)
        for kind in KINDS
    }
    if sent in forms and forms[sent].is_valid():
        services.offer_reasons(
            user=cast("User", request.user),
            owner=owner,
            kind=sent,
            reasons=forms[sent].reasons,
            now=timezone.now(),
        )
        messages.success(request, _("Kept. Decisions made before keep their own reason."))
        return redirect("desk:reasons")
    lists = [reason_rows(kind, form) for kind, form in forms.items()]
    wrong = any(form.errors for form in forms.values())
    return render(request, "desk/reasons.html", {"lists": lists}, status=422 if wrong else 200)


@require_GET
@needs(Action.SEE_NORMS)
def norms(request: HttpRequest) -> HttpResponse:
    """List every norm with where it comes from, until when it holds, and what uses it."""
    beyond = beyond_norms(somebody(request.user), now=timezone.now())
    screen = norms_screen(timezone.localdate(), beyond)
    return render(request, "desk/norms.html", {"screen": screen})


def _own(request: HttpRequest) -> Organisation:
    return own_organisation(cast("User", request.user), Action.MANAGE_WORDS)
