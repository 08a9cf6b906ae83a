"""The pages of profiles: the list, one place, one version and its steps, the draft, the sandbox."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.profiles import selectors, services
from mixwijzer.web.profiles.forms import (
    AdoptForm,
    AdviceForm,
    DraftForm,
    PaperForm,
    TextForm,
    TryForm,
)
from mixwijzer.web.profiles.refusals import BadPaper, Refusal
from mixwijzer.web.profiles.refused import refusal_text, trouble_text
from mixwijzer.web.profiles.screens import (
    effects_screen,
    inherited,
    list_tables,
    place_href,
    place_screen,
    try_table,
    version_screen,
)
from mixwijzer.web.ui.sending import acting_on
from mixwijzer.web.ui.typed import line, whole


@require_GET
@needs(Action.SEE_NORMS)
def profiles(request: HttpRequest) -> HttpResponse:
    """List the profiles."""
    pages = selectors.list_pages(somebody(request.user))
    return render(request, "profiles/list.html", {"lists": list_tables(pages)})


@require_GET
@needs(Action.SEE_NORMS)
def place(request: HttpRequest) -> HttpResponse:
    """Show the profile of an association or a neighbourhood."""
    kind, code = request.GET.get("kind", ""), request.GET.get("code", "")
    if not kind:
        return redirect("profiles:list")
    return _place(request, selectors.named_place(somebody(request.user), kind, line(code)[:120]))


@require_GET
@needs(Action.SEE_NORMS)
def of_complex(request: HttpRequest, complex_id: uuid.UUID) -> HttpResponse:
    """Show the profile of a complex."""
    return _place(request, selectors.place_of_complex(somebody(request.user), complex_id))


def _place(request: HttpRequest, found: Any, **extra: Any) -> HttpResponse:  # noqa: ANN401
    owner, where = found
    page = selectors.place_page(somebody(request.user), owner, where, now=timezone.now())
    screen = place_screen(page)
    context = {"page": page, "screen": screen, "stamp": screen.stamp, **extra}
    return render(request, "profiles/place.html", context, status=409 if extra else 200)


@needs(Action.WRITE_PROFILES)
def start(request: HttpRequest) -> HttpResponse:
    """Begin a draft for a place."""
    kind, code = request.POST.get("kind", ""), request.POST.get("code", "")
    if request.method != "POST" or not kind:
        return redirect("profiles:list")
    owner, where = selectors.named_place(somebody(request.user), kind, line(code)[:120])
    try:
        row = services.start(
            user=somebody(request.user), owner=owner, place=where, now=timezone.now()
        )
    except Refusal as refusal:
        return _place(request, (owner, where), refusal=refusal_text(refusal))
    return redirect("profiles:edit", row.public_id)


@require_GET
@needs(Action.SEE_NORMS)
def version(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Show one version: what it sets, why, what it changes, what can be done."""
    return _page(request, version)


def _page(
    request: HttpRequest, version: uuid.UUID, *, status: int = 200, **extra: Any
) -> HttpResponse:
    page = selectors.version_page(somebody(request.user), version, now=timezone.now())
    context = {
        "page": page,
        "screen": version_screen(page),
        "review_form": TextForm(prefix="review"),
        "revise_form": TextForm(prefix="revise"),
        "withdraw_form": TextForm(prefix="withdraw"),
        "reply_form": TextForm(prefix="reply"),
        "advice_form": AdviceForm(),
        "paper_form": PaperForm(prefix="attach"),
        "adopt_form": AdoptForm(initial={"start": page.today}),
        **extra,
    }
    return render(request, "profiles/version.html", context, status=status)


_step = acting_on("profiles:version", _page, Refusal, refusal_text)


@require_GET
@needs(Action.WRITE_PROFILES)
def edit(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Show the draft to write in, with its consequences beside it."""
    return _edit(request, version)


def _edit(
    request: HttpRequest,
    version: uuid.UUID,
    *,
    data: QueryDict | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    page = selectors.edit_page(somebody(request.user), version, now=timezone.now())
    if not page.editable:
        return redirect("profiles:version", version)
    form = DraftForm(page, inherited(page), data)
    content = form.content if data is not None and form.is_valid() else page.content
    context = {"page": page, "form": form, "href": place_href(page.place), **extra}
    context |= _consequences(request, version, content)
    return render(request, "profiles/edit.html", context, status=status)


def _consequences(request: HttpRequest, version: uuid.UUID, content: Any) -> dict[str, Any]:  # noqa: ANN401
    found, trouble = selectors.live_effects(
        somebody(request.user), version, content, now=timezone.now()
    )
    return {
        "effects": effects_screen(found) if found else None,
        "trouble": trouble_text(trouble.code, trouble.place, trouble.facts) if trouble else "",
    }


@needs(Action.WRITE_PROFILES)
def consequences(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Compute what the draft, as it is typed now, would change; keep nothing."""
    if request.method != "POST":
        return redirect("profiles:edit", version)
    if "HX-Request" not in request.headers:
        return _edit(request, version, data=request.POST)
    page = selectors.edit_page(somebody(request.user), version, now=timezone.now())
    form = DraftForm(page, {}, request.POST)
    if not form.is_valid():
        wrong = [str(error) for errors in form.errors.values() for error in errors]
        return render(request, "profiles/consequences.html", {"unclear": wrong})
    context = _consequences(request, version, form.content)
    return render(request, "profiles/consequences.html", context)


@needs(Action.WRITE_PROFILES)
def save(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Keep the draft as it was typed."""
    if request.method != "POST":
        return redirect("profiles:edit", version)
    page = selectors.edit_page(somebody(request.user), version, now=timezone.now())
    form = DraftForm(page, {}, request.POST)
    if not form.is_valid():
        return _edit(request, version, data=request.POST, status=422)
    try:
        services.save(content=form.content, **_same(request, version))
    except Refusal as refusal:
        told = refusal_text(refusal)
        return _edit(request, version, data=request.POST, status=409, refusal=told)
    messages.success(request, _("Kept. Read it over, then send it to a second reader."))
    return redirect("profiles:version", version)


@needs(Action.WRITE_PROFILES)
@_step
def attach(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Keep a PDF with the version."""
    name, content = _upload(request, "attach-paper") or ("", b"")
    services.attach(
        user=somebody(request.user), version=version, name=name, content=content, now=timezone.now()
    )
    messages.success(request, _("The document is kept."))
    return redirect("profiles:version", version)


@needs(Action.WRITE_PROFILES)
@_step
def submit(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Send the draft to a second reader."""
    services.submit(**_same(request, version))
    messages.success(request, _("Sent. A colleague reads it."))
    return redirect("profiles:version", version)


@needs(Action.REVIEW_PROFILES)
@_step
def review(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Agree, or ask for changes."""
    text = request.POST.get("review-text", "")
    if "changes" in request.POST:
        services.request_changes(text=text, **_same(request, version))
        messages.success(request, _("Asked. The writer can change it."))
    else:
        services.approve(text=text, **_same(request, version))
        messages.success(request, _("Agreed. It can go to the tenants' organisation."))
    return redirect("profiles:version", version)


@needs(Action.WRITE_PROFILES)
@_step
def ask(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Lay it before the tenants' organisation."""
    services.ask(**_same(request, version))
    messages.success(request, _("Asked. The tenants' organisation has six weeks."))
    return redirect("profiles:version", version)


@needs(Action.ADVISE_PROFILES)
@_step
def advise(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Record the advice of the tenants' organisation."""
    services.advise(
        in_favour="against" not in request.POST,
        text=request.POST.get("text", ""),
        paper=_upload(request, "paper"),
        **_same(request, version),
    )
    messages.success(request, _("Your advice is recorded. Thank you."))
    return redirect("profiles:version", version)


@needs(Action.WRITE_PROFILES)
@_step
def pass_term(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Record that the term passed without advice."""
    services.pass_term(**_same(request, version))
    return redirect("profiles:version", version)


@needs(Action.WRITE_PROFILES)
@_step
def reply(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Answer an advice that isn't followed."""
    services.reply(text=request.POST.get("reply-text", ""), **_same(request, version))
    messages.success(request, _("Your reply stands with the advice."))
    return redirect("profiles:version", version)


@needs(Action.WRITE_PROFILES)
@_step
def revise(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Take it back to change it."""
    services.revise(text=request.POST.get("revise-text", ""), **_same(request, version))
    return redirect("profiles:edit", version)


@needs(Action.ADOPT_PROFILES)
@_step
def adopt(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Adopt it from a day on."""
    form = AdoptForm(request.POST)
    if not form.is_valid():
        return _page(request, version, status=422, adopt_form=form)
    services.adopt(
        start=form.cleaned_data["start"],
        body=form.cleaned_data["body"],
        **_same(request, version),
    )
    messages.success(request, _("Adopted. From that day every advice goes by it."))
    return redirect("profiles:version", version)


@needs(Action.WRITE_PROFILES)
@_step
def withdraw(request: HttpRequest, version: uuid.UUID) -> HttpResponse:
    """Take the version back."""
    services.withdraw(text=request.POST.get("withdraw-text", ""), **_same(request, version))
    messages.success(request, _("Withdrawn. It stays to be read."))
    return redirect("profiles:version", version)


@require_GET
@needs(Action.SEE_NORMS)
def document(request: HttpRequest, document: uuid.UUID) -> HttpResponse:
    """Give a PDF, to be kept, not to be opened in the page."""
    row = selectors.paper(somebody(request.user), document)
    answer = HttpResponse(bytes(row.content), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="profiel-{row.public_id}.pdf"'
    return answer


@require_GET
@needs(Action.SEE_NORMS)
def try_out(request: HttpRequest) -> HttpResponse:
    """Try a band on made-up buildings; nothing is stored."""
    given = {"attention_target": "35", "attention_max": "40", "carrier_min": "10"}
    form = TryForm({name: request.GET.get(name, default) for name, default in given.items()})
    found, trouble = selectors.try_page(form.bands if form.is_valid() else {}, now=timezone.now())
    context = {
        "form": form,
        "table": try_table(found) if found and form.is_valid() else None,
        "trouble": trouble_text(trouble.code, trouble.place, trouble.facts) if trouble else "",
    }
    return render(request, "profiles/try.html", context)


def _same(request: HttpRequest, version: uuid.UUID) -> dict[str, Any]:
    """Return what every step takes: who, which, as the page showed it, when."""
    return {
        "user": somebody(request.user),
        "version": version,
        "revision": whole(request.POST.get("revision", ""), most=9),
        "now": timezone.now(),
    }


def _upload(request: HttpRequest, name: str) -> tuple[str, bytes] | None:
    """Return a file that was sent; one that is too large isn't read at all."""
    sent = request.FILES.get(name)
    if sent is None:
        return None
    if (sent.size or 0) > services.LARGEST:
        raise BadPaper(name=str(sent.name), trouble="large")
    return str(sent.name), sent.read()
