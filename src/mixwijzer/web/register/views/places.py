"""Pages about what files do not tell: stairwells, and new numbers of complexes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from mixwijzer.exchange.wording import finding_text
from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.register import selectors, services
from mixwijzer.web.register.forms import RenumberForm, StairwellForm
from mixwijzer.web.register.screens import language, numbers_table, stairwells_table
from mixwijzer.web.register.stairwells import proposal

LONGEST = 120  # name of a stairwell [characters]


@require_GET
@needs(Action.LOAD)
def stairwells(request: HttpRequest) -> HttpResponse:
    """List the complexes, with how far their stairwells are known."""
    lines = selectors.stairwell_list(somebody(request.user))
    context = {"table": stairwells_table(lines), "lines": lines}
    return render(request, "register/stairwells.html", context)


@require_GET
@needs(Action.LOAD)
def stairwell(request: HttpRequest, complex_id: uuid.UUID) -> HttpResponse:
    """Show the homes of a complex with their stairwell, or with a proposal for it."""
    page = selectors.stairwell_page(somebody(request.user), complex_id)
    form = StairwellForm(request.GET if "size" in request.GET else None)
    told = {home.id: home.stairwell for home in page.homes}
    if form.is_valid():
        told = dict(
            proposal(
                ((home.id, home.address) for home in page.homes),
                size=form.cleaned_data["size"],
                sides_apart=form.cleaned_data["apart"],
            )
        )
    lines = [(home, told[home.id]) for home in page.homes]
    context = {"page": page, "form": form, "lines": lines, "proposed": form.is_bound}
    return render(request, "register/stairwell.html", context)


@needs(Action.LOAD)
def draw(request: HttpRequest, complex_id: uuid.UUID) -> HttpResponse:
    """Keep the stairwells of a complex as somebody filled them in."""
    page = selectors.stairwell_page(somebody(request.user), complex_id)
    if request.method == "POST":
        drawn = services.draw_stairwells(
            owner=page.row.owner,
            complex_id=page.row.pk,
            names=_names(request.POST, page),
            actor=somebody(request.user),
            now=timezone.now(),
        )
        told = ngettext(
            "Kept: %(number)d home changed.", "Kept: %(number)d homes changed.", drawn.homes
        )
        messages.success(request, told % {"number": drawn.homes})
        for each in drawn.aside:
            messages.warning(request, finding_text(each.finding(), language()))
    return redirect("register:stairwell", complex_id)


def _names(sent: Mapping[str, str], page: selectors.StairwellPage) -> dict[uuid.UUID, str]:
    """Return what was filled in per home; a slash would part a complex from its stairwell."""
    return {home.id: _plain(sent[str(home.id)]) for home in page.homes if str(home.id) in sent}


def _plain(text: str) -> str:
    shown = "".join(sign for sign in text if sign.isprintable())
    return " ".join(shown.replace("/", "-").split())[:LONGEST]


@require_GET
@needs(Action.LOAD)
def numbers(request: HttpRequest) -> HttpResponse:
    """List which complexes have another number in the files, with a form for the next."""
    return _numbers(request, RenumberForm())


def _numbers(request: HttpRequest, form: RenumberForm, status: int = 200) -> HttpResponse:
    rows = selectors.renumberings(request.user)
    context = {"form": form, "rows": rows, "table": numbers_table(rows)}
    return render(request, "register/numbers.html", context, status=status)


@needs(Action.LOAD)
def renumber(request: HttpRequest) -> HttpResponse:
    """Keep that files call a complex by another number from a day on."""
    if request.method != "POST":
        return redirect("register:numbers")
    form = RenumberForm(request.POST)
    ours = form.cleaned_data["ours"] if form.is_valid() else ""
    row = selectors.own_complex(request.user, ours)
    if form.is_valid() and row is None:
        form.add_error(
            "ours", _("No complex has this number here. Look it up among the complexes.")
        )
    if row is None:
        return _numbers(request, form, status=422)
    services.renumber(
        owner=row.owner,
        kind="complex",
        theirs=form.cleaned_data["theirs"],
        ours=row.code,
        from_on=form.cleaned_data["from_on"],
        actor=somebody(request.user),
        now=timezone.now(),
    )
    messages.success(request, _("Kept. Files from that day on are read with the new number."))
    return redirect("register:numbers")
