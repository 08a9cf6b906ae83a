"""Enter by hand that a home comes free, correct it, withdraw it; a file's is the same vacancy."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import finding_text
from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.letting import selectors, services
from mixwijzer.web.letting.forms import NoticeDaysForm, NoticeForm
from mixwijzer.web.letting.refusals import LetAlready
from mixwijzer.web.letting.refused import refusal_text
from mixwijzer.web.letting.screens import language
from mixwijzer.web.letting.views.deciding import refusing_here, sent_form, show


@needs(Action.NOTIFY)
def notice(request: HttpRequest) -> HttpResponse:
    """Ask which home comes free and when, and go to its vacancy."""
    user, now = somebody(request.user), timezone.now()
    form = NoticeForm(timezone.localdate(now), request.POST or None)
    if request.method != "POST":
        return render(request, "letting/notice.html", {"form": form})
    homes = selectors.homes_at(user, form.cleaned_data["address"]) if form.is_valid() else ()
    if len(homes) != 1 or homes[0].address.casefold() != form.cleaned_data["address"].casefold():
        if form.is_valid():
            form.add_error("address", _not_one([each.address for each in homes]))
        return render(request, "letting/notice.html", {"form": form}, status=422)
    try:
        told = services.notice(
            user=user,
            dwelling=homes[0].public_id,
            free_from=form.cleaned_data["free_from"],
            publication=form.cleaned_data["publication"],
            now=now,
        )
    except LetAlready as refusal:
        form.add_error("address", refusal_text(refusal).text)
        return render(request, "letting/notice.html", {"form": form}, status=422)
    return _told(request, told)


@sent_form
@needs(Action.NOTIFY)
@refusing_here
def correct_notice(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    """Write down other days of a notice."""
    form = NoticeDaysForm(timezone.localdate(), request.POST)
    if not form.is_valid():
        return show(request, vacancy, status=422, notice_form=form)
    told = services.correct_notice(
        user=somebody(request.user),
        vacancy=vacancy,
        free_from=form.cleaned_data["free_from"],
        publication=form.cleaned_data["publication"],
        now=timezone.now(),
    )
    return _told(request, told)


@sent_form
@needs(Action.NOTIFY)
@refusing_here
def withdraw_notice(request: HttpRequest, vacancy: uuid.UUID) -> HttpResponse:
    """Close a notice that is over before the key, with a reason."""
    services.withdraw_notice(
        user=somebody(request.user),
        vacancy=vacancy,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    messages.success(request, _("The notice is withdrawn."))
    return redirect("letting:vacancy", vacancy)


def _told(request: HttpRequest, told: services.Noticed) -> HttpResponse:
    for each in told.findings:
        messages.warning(request, finding_text(each, language()))
    if told.corrected:
        messages.success(request, _("The notice is corrected; the history shows what it was."))
    else:
        messages.success(request, _("The home stands under the vacancies."))
    return redirect("letting:vacancy", told.vacancy)


def _not_one(near: list[str]) -> str:
    """Say that no single home has this address, with those that come near."""
    if not near:
        return _("No home has this address. Write it as in your own files.")
    return _("Which home? For example: %(near)s.") % {"near": ", ".join(near)}
