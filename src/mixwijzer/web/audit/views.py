"""The log: who did what, who looked at what, and whether the chain holds."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.audit import selectors
from mixwijzer.web.audit.forms import LogForm
from mixwijzer.web.audit.words import spoken, spoken_fact
from mixwijzer.web.ui.spreadsheets import harmless
from mixwijzer.web.ui.typed import whole


@require_GET
@needs(Action.SEE_TRAIL)
def trail(request: HttpRequest) -> HttpResponse:
    """Show fifty lines of the log."""
    user = somebody(request.user)
    form = _form(request)
    number = request.GET.get("page", "")
    found = selectors.page(user, form.asked, number=whole(number, most=6, otherwise=1))
    rest = request.GET.copy()
    rest.pop("page", None)
    context = {
        "form": form,
        "page": found,
        "lines": [
            (line, spoken(line.action), [spoken_fact(*fact) for fact in line.facts])
            for line in found.lines
        ],
        "query": rest.urlencode(),
        "state": selectors.state(user) if "check" in request.GET else None,
    }
    return render(request, "audit/trail.html", context, status=422 if form.errors else 200)


@require_GET
@needs(Action.SEE_TRAIL)
def export(request: HttpRequest) -> HttpResponse:
    """Give what was asked as a CSV file."""
    lines = selectors.export(somebody(request.user), _form(request).asked)
    answer = HttpResponse("".join(_csv(lines)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="logboek.csv"'
    return answer


def _form(request: HttpRequest) -> LogForm:
    user = somebody(request.user)
    reads = request.GET.get("kind") == "reads"
    choices = [(each, spoken(each)) for each in selectors.actions(user, reads=reads)]
    return LogForm(selectors.people(user), choices, request.GET)


class _Echo:
    """Gives back what is written, so that a file is sent line by line."""

    def write(self, text: str) -> str:
        return text


def _csv(lines: Iterator[selectors.Line]) -> Iterator[str]:
    writer: Any = csv.writer(_Echo(), delimiter=";")
    heads = (_("number"), _("moment"), _("person"), _("action"), _("thing"), _("facts"))
    yield "\ufeff" + writer.writerow(heads)
    for line in lines:
        facts = ", ".join(f"{name}={value}" for name, value in line.facts)
        cells = (
            line.number or "",
            line.at.isoformat(),
            line.person,
            line.action,
            line.thing,
            facts,
        )
        yield writer.writerow([harmless(cell) for cell in cells])
