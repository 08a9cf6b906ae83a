"""The pages of baselines: which there are, what stands in one, take it along."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.yearbook import refusals, selectors, services
from mixwijzer.web.yearbook.screens import baseline_screen, baselines_table


@require_GET
@needs(Action.SEE_ADVICE)
def baselines(request: HttpRequest) -> HttpResponse:
    """List the baselines."""
    return _list(request)


def _list(request: HttpRequest, refusal: str = "") -> HttpResponse:
    lines = selectors.baselines(somebody(request.user))
    owners = selectors.freezers(somebody(request.user), timezone.localdate())
    context = {
        "table": baselines_table(lines),
        "lines": lines,
        "may_freeze": bool(owners),
        "again": any(has_one for _owner, has_one in owners),
        "refusal": refusal,
    }
    return render(request, "yearbook/baselines.html", context, status=409 if refusal else 200)


@needs(Action.FREEZE)
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze a baseline of the reader's association."""
    if request.method != "POST":
        return redirect("yearbook:baselines")
    now = timezone.now()
    owner = selectors.freezers(somebody(request.user), timezone.localdate(now))[0][0]
    reason = request.POST.get("reason", "")
    try:
        row = services.freeze(user=somebody(request.user), owner=owner, reason=reason, now=now)
    except refusals.ReasonMissing:
        return _list(
            request,
            _("There is one of this year already. Say in a few words, about no person, why again."),
        )
    except refusals.NothingYet:
        return _list(request, _("There are no homes yet. Load a portfolio first."))
    return redirect("yearbook:baseline", row.public_id)


@require_GET
@needs(Action.SEE_ADVICE)
def baseline(request: HttpRequest, baseline: uuid.UUID) -> HttpResponse:
    """Show what stands in one baseline."""
    return _page(request, baseline)


def _page(request: HttpRequest, baseline: uuid.UUID, refusal: str = "") -> HttpResponse:
    page = selectors.baseline(somebody(request.user), baseline)
    screen = baseline_screen(page)
    context = {"page": page, "screen": screen, "stamp": screen.stamp, "refusal": refusal}
    return render(request, "yearbook/baseline.html", context, status=409 if refusal else 200)


@require_GET
@needs(Action.FREEZE)
def take(request: HttpRequest, baseline: uuid.UUID) -> HttpResponse:
    """Give the baseline as a file: the bytes that were frozen."""
    try:
        row = selectors.taken(somebody(request.user), baseline)
    except refusals.OwnViewFirst:
        return _page(
            request,
            baseline,
            _("The file also holds complexes of which your own view is asked. Give that first."),
        )
    answer = HttpResponse(row.content.encode(), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="nulmeting-{row}.json"'
    return answer
