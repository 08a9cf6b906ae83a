"""Whose complex it is: shown, and said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.accounts.roles import Role
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.desk.screens.whose import whose_screen
from mixwijzer.web.desk.selectors.whose import WhosePage, WhoseRow, whose_page
from mixwijzer.web.letting import services
from mixwijzer.web.ui.typed import identity, line

__all__ = ["whose"]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.ASSIGN)
def whose(request: HttpRequest) -> HttpResponse:
    """Show whose complex it is, and take down what is said of it."""
    owner = own_organisation(somebody(request.user), Action.ASSIGN)
    page = whose_page(somebody(request.user), owner)
    told = request.POST if request.method == "POST" else request.GET
    area, alone = line(told.get("area", "")), "alone" in told
    if request.method != "POST":
        screen = whose_screen(page, area=area, alone=alone)
        return render(request, "desk/whose.html", {"screen": screen, "area": area})
    stand = [row for row in page.rows if row.stands(area=area, alone=alone)]
    whole = "all" in told
    said = dict(_of_all(stand, page, told) if whole else _of_each(page, told))
    number = services.assign(
        user=somebody(request.user), owner=owner, whose=said, now=timezone.now()
    )
    words = ngettext("Kept: %(number)d change.", "Kept: %(number)d changes.", number)
    messages.success(request, words % {"number": number})
    shown = {"area": area, "alone": "1"} if alone else {"area": area}
    return redirect(f"{reverse('desk:whose')}?{urlencode(shown)}")


def _of_each(page: WhosePage, told: QueryDict) -> Iterator[tuple[tuple[UUID, Role], UUID | None]]:
    for row, role in product(page.rows, page.able):
        person = told.get(f"{role}.{row.id}")
        if person is not None:
            yield (row.id, role), identity(person) if person else None


def _of_all(
    stand: Sequence[WhoseRow], page: WhosePage, told: QueryDict
) -> Iterator[tuple[tuple[UUID, Role], UUID | None]]:
    for row, role in product(stand, page.able):
        person = told.get(f"all.{role}", "as-is")
        if person != "as-is":
            yield (row.id, role), identity(person) if person else None
