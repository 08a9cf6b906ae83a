"""Pages to bring data in: upload, see what it would do, confirm, take back."""

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

from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.register import selectors, services, tasks
from mixwijzer.web.register.forms import AS_BEFORE, UploadForm
from mixwijzer.web.register.screens import (
    built_on_text,
    findings_file,
    import_screen,
    imports_table,
    own_choices,
)
from mixwijzer.web.register.selectors import ImportPage

View = Callable[[HttpRequest, uuid.UUID], HttpResponse]


def _form(view: View) -> View:
    """Show the import to who comes here without a form; tell who came too late."""

    @wraps(view)
    def sent(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
        if request.method != "POST":
            return redirect("register:import", batch)
        try:
            return view(request, batch)
        except services.ImportNotNow:
            messages.error(
                request,
                _(
                    "That is no longer possible: it was done already, or somebody else was first. "
                    "See below."
                ),
            )
            return redirect("register:import", batch)

    return sent


@require_GET
@needs(Action.LOAD)
def imports(request: HttpRequest) -> HttpResponse:
    """List what was brought in, with a form for the next file."""
    return _list(request, _upload_form(request))


def _upload_form(request: HttpRequest, *given: Any) -> UploadForm:
    own = own_choices(selectors.own_mappings(request.user))
    return UploadForm(*given, own=own, before=bool(selectors.imports_before(request.user)))


def _list(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    lines = selectors.imports(request.user, timezone.now())
    context = {
        "form": form,
        "lines": lines,
        "table": imports_table(lines),
        "data_day": selectors.data_day(somebody(request.user)),
    }
    return render(request, "register/imports.html", context, status=status)


@needs(Action.LOAD)
def upload(request: HttpRequest) -> HttpResponse:
    """Receive a file; a worker reads it."""
    if request.method != "POST":
        return redirect("register:imports")
    form = _upload_form(request, request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=422)
    file, mapping = form.cleaned_data["file"], form.cleaned_data["mapping"]
    owner = own_organisation(somebody(request.user), Action.LOAD)
    if mapping == AS_BEFORE:
        mapping = services.mapping_as_before(owner, file.name)
    row = services.receive(
        owner=owner,
        actor=somebody(request.user),
        name=file.name,
        content=file.chunks(),
        mapping=mapping,
        now=timezone.now(),
    )
    tasks.start(row)
    return redirect("register:import", row.public_id)


@require_GET
@needs(Action.LOAD)
def import_(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Show one import: what was found, what it would do, what can be done."""
    page = selectors.import_page(request.user, batch, timezone.now())
    if "findings" in request.GET:
        return _findings(page)
    blocked = services.built_on(page.row) if "undo" in page.can else None
    context = {"page": page, "screen": import_screen(page, blocked)}
    return render(request, "register/import.html", context)


def _findings(page: ImportPage) -> HttpResponse:
    """Give every finding as a file for a spreadsheet."""
    response = HttpResponse(findings_file(page), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="bevindingen.csv"'
    return response


@needs(Action.LOAD)
@_form
def confirm(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Let the import be written."""
    row = selectors.own_import(request.user, batch)
    tasks.start(services.confirm(row=row, actor=somebody(request.user), now=timezone.now()))
    return redirect("register:import", batch)


@needs(Action.LOAD)
@_form
def resume(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Go on with work that was interrupted."""
    page = selectors.import_page(request.user, batch, timezone.now())
    if page.interrupted or "read" in page.can:
        tasks.start(page.row)
    return redirect("register:import", batch)


@needs(Action.LOAD)
@_form
def drop(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Do nothing with this file after all."""
    row = selectors.own_import(request.user, batch)
    services.drop(row=row, actor=somebody(request.user), now=timezone.now())
    messages.success(request, _("Dropped. Nothing was written."))
    return redirect("register:import", batch)


@needs(Action.LOAD)
@_form
def undo(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Take an import back."""
    row = selectors.own_import(request.user, batch)
    try:
        services.undo(row=row, actor=somebody(request.user), now=timezone.now())
    except services.BuiltOn as refused:
        why = built_on_text(refused.why, refused.number)
        messages.error(request, _("This import can't be taken back") + f": {why}")
    else:
        messages.success(request, _("Taken back: what was known before holds again."))
    return redirect("register:import", batch)
