"""The pages of candidates: who looks, one of them, and a list of them from elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.letting import selectors, services
from mixwijzer.web.letting.forms import CandidateForm, CorrectionForm, ListForm, weighing
from mixwijzer.web.letting.refusals import CandidateKnown, Refusal
from mixwijzer.web.letting.refused import refusal_text
from mixwijzer.web.letting.screens import (
    brought_screen,
    candidate_screen,
    language,
    left_table,
    list_screen,
    lists_hint,
    lists_table,
    people_table,
)
from mixwijzer.web.letting.views.matching import refusing
from mixwijzer.web.letting.views.sending import form_of

_SALT = "letting.list"
_HOUR = 3600  # that a list that was looked at can be brought in [s]


@require_GET
@needs(Action.SEE_CANDIDATES)
def people(request: HttpRequest) -> HttpResponse:
    """List candidates, and enter one."""
    return _people(request, _form(request))


def _people(request: HttpRequest, form: CandidateForm | None, *, status: int = 200) -> HttpResponse:
    user = somebody(request.user)
    context = {
        "table": people_table(selectors.people(user)),
        "left": left_table(selectors.who_left(user, timezone.localdate())),
        "form": form,
    }
    return render(request, "letting/people.html", context, status=status)


def _form(request: HttpRequest) -> CandidateForm | None:
    """Return the form to enter a candidate, for who may."""
    if not somebody(request.user).owners(Action.MATCH):
        return None
    partners = selectors.partners(somebody(request.user))
    return CandidateForm(services.groups_of(_owner(request)), partners, request.POST or None)


def _owner(request: HttpRequest) -> Organisation:
    return own_organisation(somebody(request.user), Action.MATCH)


@form_of("letting:people")
@needs(Action.MATCH)
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a candidate."""
    form = _form(request)
    if form is None or not form.is_valid():
        return _people(request, form, status=422)
    try:
        row = services.enter(
            user=somebody(request.user),
            owner=_owner(request),
            entered=form.entered(selectors.partner_of(form.cleaned_data["partner"])),
            now=timezone.now(),
        )
    except CandidateKnown as refusal:
        told = refusal_text(refusal)
        form.add_error("reference", f"{told.title}. {told.text}")
        return _people(request, form, status=409)
    messages.success(request, _("Entered as candidate %(number)s.") % {"number": row.number})
    return redirect("letting:candidate", row.public_id)


@require_GET
@needs(Action.SEE_CANDIDATES)
def candidate(request: HttpRequest, candidate: uuid.UUID) -> HttpResponse:
    """Show where one household could go."""
    return _candidate(request, candidate)


def _candidate(
    request: HttpRequest,
    candidate: uuid.UUID,
    *,
    status: int = 200,
    form: CorrectionForm | None = None,
    **extra: Any,
) -> HttpResponse:
    day = timezone.localdate()
    page = selectors.candidate_page(somebody(request.user), candidate, day=day, language=language())
    if form is None and page.may_match:
        form = CorrectionForm(services.groups_of(page.person.owner), page.person)
    context = {"screen": candidate_screen(page, day), "form": form, **extra}
    return render(request, "letting/candidate.html", context, status=status)


@form_of("letting:candidate", "candidate")
@needs(Action.MATCH)
def look_again(request: HttpRequest, candidate: uuid.UUID) -> HttpResponse:
    """Let a candidate take part again."""
    services.look_again(user=somebody(request.user), candidate=candidate, now=timezone.now())
    return redirect("letting:candidate", candidate)


def _correct(request: HttpRequest, candidate: uuid.UUID) -> HttpResponse:
    person = selectors.one_candidate(somebody(request.user), candidate)
    form = CorrectionForm(services.groups_of(person.owner), person, request.POST)
    if not form.is_valid():
        return _candidate(request, candidate, status=422, form=form)
    services.correct(
        user=somebody(request.user),
        candidate=candidate,
        entered=form.entered(person.partner_organisation),
        now=timezone.now(),
    )
    messages.success(request, _("Written down. What was known before stays in the history."))
    return redirect("letting:candidate", candidate)


def _leave(request: HttpRequest, candidate: uuid.UUID) -> HttpResponse:
    services.leave(
        user=somebody(request.user),
        candidate=candidate,
        why=request.POST.get("why", ""),
        now=timezone.now(),
    )
    messages.success(request, _("Written down. Nothing is proposed to this candidate any more."))
    return redirect("letting:people")


def _come_back(request: HttpRequest, candidate: uuid.UUID) -> HttpResponse:
    row = services.comes_back(
        user=somebody(request.user),
        candidate=candidate,
        registered=timezone.localdate(),
        now=timezone.now(),
    )
    messages.success(request, _("Entered as candidate %(number)s.") % {"number": row.number})
    return redirect("letting:candidate", row.public_id)


correct = needs(Action.MATCH)(refusing(_correct, _candidate, "letting:candidate", "candidate"))
leave = needs(Action.MATCH)(refusing(_leave, _candidate, "letting:candidate", "candidate"))
come_back = needs(Action.MATCH)(refusing(_come_back, _candidate, "letting:candidate", "candidate"))


@needs(Action.MATCH)
def listed(request: HttpRequest) -> HttpResponse:
    """Read a list of candidates, and show what it would do."""
    partners = selectors.partners(somebody(request.user))
    if request.method != "POST":
        lately = selectors.lists_lately(request.user, now=timezone.now())
        context = {"lately": lists_table(lately), "lately_hint": lists_hint()}
        context |= {"form": ListForm(partners)}
        return render(request, "letting/list.html", context)
    form = ListForm(partners, request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "letting/list.html", {"form": form}, status=422)
    file, partner = form.cleaned_data["file"], form.cleaned_data["partner"]
    owner, told = _owner(request), services.read_list(file.name, file.chunks())
    found = weighing(owner, told.rows, selectors.partner_of(partner))
    screen = list_screen(found.weighed, found.wrong, told.findings)
    kept = {"rows": told.rows, "partner": partner, "owner": owner.pk}
    draft = signing.dumps(kept, salt=_SALT, compress=True)
    context = {"form": form, "screen": screen, "draft": draft}
    return render(request, "letting/list.html", context)


@form_of("letting:listed")
@needs(Action.MATCH)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Bring a list in that was looked at."""
    owner = _owner(request)
    try:
        told = signing.loads(request.POST.get("draft", ""), salt=_SALT, max_age=_HOUR)
    except signing.BadSignature:
        told = {}
    if told.get("owner") != owner.pk:
        messages.error(request, _("This list was looked at too long ago. Choose the file again."))
        return redirect("letting:listed")
    found = weighing(owner, told["rows"], selectors.partner_of(told["partner"]))
    if found.wrong:
        messages.error(request, _("What can stand in a list changed. Choose the file again."))
        return redirect("letting:listed")
    did = services.bring_in(
        user=somebody(request.user),
        owner=owner,
        people=[each.entered for each in found.weighed],
        now=timezone.now(),
    )
    messages.success(request, _brought(did))
    return redirect("letting:people")


@require_GET
@needs(Action.MATCH)
def brought(request: HttpRequest, listed: uuid.UUID) -> HttpResponse:
    """Show a list that was brought in, and what taking it back would do."""
    return _brought_list(request, listed)


def _brought_list(
    request: HttpRequest, listed: uuid.UUID, *, status: int = 200, **extra: Any
) -> HttpResponse:
    page = selectors.list_page(request.user, listed, now=timezone.now())
    context = {"screen": brought_screen(page), **extra}
    return render(request, "letting/brought.html", context, status=status)


@form_of("letting:brought", "listed")
@needs(Action.MATCH)
def list_back(request: HttpRequest, listed: uuid.UUID) -> HttpResponse:
    """Take a list back, all of it or nothing."""
    try:
        services.take_list_back(user=somebody(request.user), listed=listed, now=timezone.now())
    except Refusal as refusal:
        return _brought_list(request, listed, status=409, refusal=refusal_text(refusal))
    messages.success(request, _("The list is taken back."))
    return redirect("letting:brought", listed)


def _brought(did: Mapping[services.Fate, int]) -> str:
    new, changed = did[services.Fate.NEW], did[services.Fate.CHANGED]
    parts = (
        ngettext("%(number)d candidate entered", "%(number)d candidates entered", new)
        % {"number": new},
        ngettext("%(number)d corrected", "%(number)d corrected", changed) % {"number": changed},
    )
    return f"{', '.join(parts)}."
