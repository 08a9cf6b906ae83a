"""Pages about how the source system names its columns: the profiles there are, and one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mixwijzer.exchange.wording import error_text
from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.register import selectors, services
from mixwijzer.web.register.forms import MappingForm
from mixwijzer.web.register.screens import language, mappings_table, shipped_mappings
from mixwijzer.web.ui.typed import line


@require_GET
@needs(Action.LOAD)
def mappings(request: HttpRequest) -> HttpResponse:
    """List the mapping files, or give one; with a form for one's own."""
    if "file" in request.GET:
        return _file(request, line(request.GET["file"]))
    return _mappings(request, MappingForm())


def _file(request: HttpRequest, name: str) -> HttpResponse:
    text = selectors.mapping_file(request.user, name)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response


def _mappings(request: HttpRequest, form: MappingForm, status: int = 200) -> HttpResponse:
    lines = selectors.own_mappings(request.user)
    context = {
        "form": form,
        "lines": lines,
        "table": mappings_table(lines),
        "shipped": shipped_mappings(),
    }
    return render(request, "register/mappings.html", context, status=status)


@needs(Action.LOAD)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep an uploaded mapping file, if it is right."""
    if request.method != "POST":
        return redirect("register:mappings")
    form = MappingForm(request.POST, request.FILES)
    if not form.is_valid():
        return _mappings(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        row = services.keep_mapping(
            owner=own_organisation(somebody(request.user), Action.LOAD),
            file_name=file.name,
            content=file.read(),
            actor=somebody(request.user),
            now=timezone.now(),
        )
    except services.MappingRefused as refused:
        form.add_error("file", error_text(refused.error, language()))
        return _mappings(request, form, status=422)
    messages.success(request, _("Kept. Choose %(name)s at the next import.") % {"name": row.name})
    return redirect("register:mappings")


@require_POST
@needs(Action.LOAD)
def remove(request: HttpRequest) -> HttpResponse:
    """Take an own mapping file away."""
    name = line(request.POST.get("name", ""))
    removed = services.remove_mapping(
        owner=own_organisation(somebody(request.user), Action.LOAD),
        name=name,
        actor=somebody(request.user),
        now=timezone.now(),
    )
    if removed:
        messages.success(request, _("%(name)s is taken away.") % {"name": name})
    else:
        messages.info(request, _("That mapping file was gone already."))
    return redirect("register:mappings")
