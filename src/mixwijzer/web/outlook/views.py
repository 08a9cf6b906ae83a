"""The pages that look ahead: complexes, what can be steered, and ways of letting compared."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.permissions import Action, may, needs, somebody
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.letting.screens import language
from mixwijzer.web.outlook import selectors, services, tasks
from mixwijzer.web.outlook.bridge import WORKBOOK, trouble_text
from mixwijzer.web.outlook.forms import ScenarioForm, wanted_of
from mixwijzer.web.outlook.models import Scenario
from mixwijzer.web.outlook.refusals import (
    NameMissing,
    NothingToLay,
    NotOne,
    OwnViewFirst,
    ScenarioNotNow,
)
from mixwijzer.web.outlook.screens import (
    complex_screen,
    feasibility_screen,
    forecast_screen,
    regime_choices,
    scenario_screen,
    scenarios_table,
    shares_screen,
    steering_screen,
)
from mixwijzer.web.outlook.selectors import ScenarioLine
from mixwijzer.web.outlook.transitions import ScenarioEvent
from mixwijzer.web.ui.typed import identity

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@needs(Action.SEE_ADVICE)
def forecast(request: HttpRequest) -> HttpResponse:
    """Show what may be expected of every complex: a map, and a table to order."""
    wanted = wanted_of(request.GET)
    found = selectors.outlooks(request.user, wanted, now=timezone.now(), language=language())
    screen = forecast_screen(found, wanted)
    return render(request, "outlook/forecast.html", {"screen": screen, "stamp": screen.stamp})


@require_GET
@needs(Action.SEE_ADVICE)
def steering(request: HttpRequest) -> HttpResponse:
    """Show what can be steered, of every complex and of all together."""
    wanted = wanted_of(request.GET)
    found = selectors.outlooks(request.user, wanted, now=timezone.now(), language=language())
    screen = steering_screen(found, wanted)
    return render(request, "outlook/steering.html", {"screen": screen, "stamp": screen.stamp})


@require_GET
@needs(Action.SEE_ADVICE)
def feasibility(request: HttpRequest) -> HttpResponse:
    """Show whether everything that was agreed can hold, what clashes, and what one more costs."""
    screen = feasibility_screen(selectors.weighings(request.user, now=timezone.now()))
    return render(request, "outlook/feasibility.html", {"screen": screen, "stamp": screen.stamp})


@require_GET
def shares(request: HttpRequest) -> HttpResponse:
    """Show whose part of each promise is whose, by every key; who has no part sees none."""
    return _shares(request)


def _shares(request: HttpRequest, refusal: str = "") -> HttpResponse:
    screen = shares_screen(selectors.shares(request.user, now=timezone.now()))
    context = {"screen": screen, "refusal": refusal}
    return render(request, "outlook/shares.html", context, status=409 if refusal else 200)


@needs(Action.WRITE_AGREEMENTS)
def lay(request: HttpRequest) -> HttpResponse:
    """Lay the figures of one's association on the table with a municipality."""
    if request.method != "POST":
        return redirect("outlook:shares")
    owner = own_organisation(somebody(request.user), Action.WRITE_AGREEMENTS)
    party = identity(request.POST.get("municipality", ""))
    try:
        services.lay(user=request.user, owner=owner, municipality=party, now=timezone.now())
    except NothingToLay:
        return _shares(
            request, _("The figures are being computed anew. Try it again in a few minutes.")
        )
    return redirect("outlook:shares")


@require_GET
@needs(Action.SEE_ADVICE)
def complex_(request: HttpRequest, complex_id: uuid.UUID) -> HttpResponse:
    """Show what can be steered of one complex, and what is left when the experiment ends."""
    found = selectors.outlook_page(
        request.user, complex_id, now=timezone.now(), language=language()
    )
    screen = complex_screen(found)
    return render(request, "outlook/complex.html", {"screen": screen, "stamp": screen.stamp})


@require_GET
@needs(Action.SEE_ADVICE)
def scenarios(request: HttpRequest) -> HttpResponse:
    """List the scenarios of the reader's association."""
    lines = selectors.scenarios(request.user)
    context = {
        "table": scenarios_table(lines),
        "lines": lines,
        "may_compare": may(request.user, Action.COMPARE),
    }
    return render(request, "outlook/scenarios.html", context)


@require_GET
@needs(Action.COMPARE)
def plan(request: HttpRequest) -> HttpResponse:
    """Show the form of a new scenario, filled as another where one is named."""
    now_by = selectors.makers(somebody(request.user), timezone.localdate())[0][1]
    before = _before(request)
    initial = {**ScenarioForm.filled(before.asked if before else None, now_by), "key": uuid.uuid4()}
    if before:
        initial["name"] = before.name
    return _plan(request, ScenarioForm(initial=initial), initial["regimes"])


def _before(request: HttpRequest) -> ScenarioLine | None:
    try:
        wanted = uuid.UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    return selectors.scenario_page(request.user, wanted).line


def _plan(
    request: HttpRequest, form: ScenarioForm, chosen: Sequence[str], refusal: str = ""
) -> HttpResponse:
    context = {"form": form, "choices": regime_choices(chosen), "refusal": refusal}
    wrong = refusal or form.is_bound
    return render(request, "outlook/plan.html", context, status=422 if wrong else 200)


@needs(Action.COMPARE)
def make(request: HttpRequest) -> HttpResponse:
    """Make a scenario and let a worker draw it."""
    if request.method != "POST":
        return redirect("outlook:plan")
    now, form = timezone.now(), ScenarioForm(request.POST)
    chosen = request.POST.getlist("regimes")
    if not form.is_valid():
        return _plan(request, form, chosen)
    owner = own_organisation(somebody(request.user), Action.COMPARE)
    told = {"name": form.cleaned_data["name"], "key": form.cleaned_data["key"]}
    try:
        row = services.make(user=request.user, owner=owner, asked=form.asked, now=now, **told)
    except NameMissing:
        form.add_error("name", _("Give it a name that says nothing of a person."))
        return _plan(request, form, chosen)
    except NotOne as refused:
        return _plan(request, form, chosen, trouble_text(refused.told, language()))
    tasks.start(row)
    return redirect("outlook:scenario", row.public_id)


@require_GET
@needs(Action.SEE_ADVICE)
def scenario(request: HttpRequest, scenario: uuid.UUID) -> HttpResponse:
    """Show a scenario: what was asked, how far it is, and what came out."""
    return _scenario(request, scenario)


def _scenario(request: HttpRequest, scenario: uuid.UUID, refusal: str = "") -> HttpResponse:
    page = selectors.scenario_page(request.user, scenario)
    screen = scenario_screen(page)
    context = {
        "page": page,
        "screen": screen,
        "stamp": screen.stamp,
        "refusal": refusal,
        "may_compare": may(request.user, Action.COMPARE),
    }
    return render(request, "outlook/scenario.html", context, status=409 if refusal else 200)


def _changed(request: HttpRequest, scenario: uuid.UUID, event: ScenarioEvent) -> HttpResponse:
    """Take a scenario one step further; who comes too late reads where it stands."""
    if request.method == "POST":
        try:
            row = services.change(
                user=request.user, scenario=scenario, event=event, now=timezone.now()
            )
        except ScenarioNotNow:
            return _scenario(
                request, scenario, _("That is no longer possible: it stands otherwise by now.")
            )
        if event == ScenarioEvent.RESUME:
            tasks.start(row)
    return redirect("outlook:scenario", scenario)


@needs(Action.COMPARE)
def cancel(request: HttpRequest, scenario: uuid.UUID) -> HttpResponse:
    """Stop a scenario; what was drawn is kept."""
    return _changed(request, scenario, ScenarioEvent.CANCEL)


@needs(Action.COMPARE)
def resume(request: HttpRequest, scenario: uuid.UUID) -> HttpResponse:
    """Go on with a scenario that was stopped."""
    return _changed(request, scenario, ScenarioEvent.RESUME)


@needs(Action.COMPARE)
def archive(request: HttpRequest, scenario: uuid.UUID) -> HttpResponse:
    """Put a scenario away: its address still works."""
    return _changed(request, scenario, ScenarioEvent.ARCHIVE)


@require_GET
@needs(Action.COMPARE)
def figures(request: HttpRequest, scenario: uuid.UUID) -> HttpResponse:
    """Give the figures as the document that the command line gives."""
    return _file(request, scenario, "vergelijking.json", lambda row: row.document.encode())


@require_GET
@needs(Action.COMPARE)
def stock(request: HttpRequest, scenario: uuid.UUID) -> HttpResponse:
    """Give the portfolio behind the figures, without what points at a person."""
    return _file(
        request, scenario, WORKBOOK, lambda row: services.take_stock(row, actor=request.user)
    )


def _file(
    request: HttpRequest, scenario: uuid.UUID, name: str, content: Callable[[Scenario], bytes]
) -> HttpResponse:
    try:
        row = selectors.figures_of(request.user, scenario)
    except OwnViewFirst:
        return _scenario(request, scenario, _("First give your own view, then take it along."))
    kind = "application/json" if name.endswith(".json") else XLSX
    answer = HttpResponse(content(row), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
