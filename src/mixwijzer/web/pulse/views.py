"""The pages of the round of judgements: my places, the question, the plan and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mixwijzer.web.accounts.permissions import Action, may, needs, somebody
from mixwijzer.web.pulse import exports, screens, selectors, services
from mixwijzer.web.pulse.examples import EXAMPLES
from mixwijzer.web.pulse.forms import PlanForm, ViewForm
from mixwijzer.web.pulse.refusals import Refusal
from mixwijzer.web.pulse.refused import refusal_text
from mixwijzer.web.ui.sending import acting_on
from mixwijzer.web.ui.typed import identity, whole

View = Callable[[HttpRequest, uuid.UUID], HttpResponse]
WEEKS = timedelta(weeks=4)  # how long a round is proposed to run


def _task_page(
    request: HttpRequest, task: uuid.UUID, *, status: int = 200, again: bool = False, **extra: Any
) -> HttpResponse:
    page = selectors.task_page(somebody(request.user), task, now=timezone.now())
    if not page.practised and page.state == "open" and status == 200:
        return redirect("pulse:examples")
    form = extra.get("form")
    screen = screens.task_screen(page, form.data if form else None, again=again or bool(form))
    key = request.POST.get("key") if form else None
    context = {"page": page, "screen": screen, "key": key or uuid.uuid4(), **extra}
    return render(request, "pulse/task.html", context, status=status)


def _round_page(
    request: HttpRequest, round_id: uuid.UUID, *, status: int = 200, refusal: object = None
) -> HttpResponse:
    user = somebody(request.user)
    page = selectors.round_page(user, round_id, now=timezone.now())
    screen = screens.round_screen(page, selectors.results(user, round_id))
    context = {"page": page, "screen": screen, "refusal": refusal}
    return render(request, "pulse/round.html", context, status=status)


_on_task = acting_on("pulse:task", _task_page, Refusal, refusal_text)
_on_round = acting_on("pulse:round", _round_page, Refusal, refusal_text)


@require_GET
@needs(Action.JUDGE)
def judgements(request: HttpRequest) -> HttpResponse:
    """Show what is asked of this reader; who plans sees the rounds."""
    user = somebody(request.user)
    lines = selectors.mine(user)
    rounds = selectors.rounds(user) if may(user, Action.PLAN_ROUNDS) else ()
    context = {
        "tasks": screens.own_tasks(lines),
        "practised": selectors.practised(user),
        "plans": may(user, Action.PLAN_ROUNDS),
        "rounds": screens.rounds_table(rounds) if rounds else None,
        "number": len(rounds),
    }
    return render(request, "pulse/judgements.html", context)


@require_http_methods(["GET", "POST"])
@needs(Action.JUDGE)
def examples(request: HttpRequest) -> HttpResponse:
    """Practise on made-up complexes; only that somebody did is kept."""
    number = _example(request.POST.get("number") or request.GET.get("number") or "1")
    if request.method != "POST":
        return render(request, "pulse/example.html", {"screen": screens.example_screen(number)})
    if "done" in request.POST:
        services.practise(user=somebody(request.user), now=timezone.now())
        asks = selectors.asks(somebody(request.user))
        return redirect("pulse:task", asks[0].first) if asks else redirect("pulse:judgements")
    example = EXAMPLES[number - 1]
    form = ViewForm(tuple(example.answer), example.homes, {**request.POST.dict(), "known": "all"})
    wrong = not form.is_valid()
    screen = screens.example_screen(number, None if wrong else form.data)
    if wrong:
        screen = screens.example_screen(number)
    context = {"screen": screen, "form": form if wrong else None}
    return render(request, "pulse/example.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@needs(Action.PLAN_ROUNDS)
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a round: a name, the weeks, the complexes; whom to ask is proposed."""
    now = timezone.now()
    choices = selectors.plan_choices(somebody(request.user), now=now)
    known = [each.complex for each in choices]
    day = timezone.localdate(now)
    if request.method != "POST":
        form = PlanForm(known, initial={"start": day, "until": day + WEEKS})
        asked = set(request.GET.getlist("complex"))
        return _plan_page(request, form, choices, asked or {str(each) for each in known})
    form = PlanForm(known, request.POST)
    if not form.is_valid():
        return _plan_page(request, form, choices, set(form.chosen), status=422)
    try:
        row = services.make_round(
            user=somebody(request.user),
            name=form.cleaned_data["name"],
            start=form.cleaned_data["start"],
            until=form.cleaned_data["until"],
            complexes=form.complexes,
            by_group=form.cleaned_data["by_group"],
            key=_key(request),
            now=now,
        )
    except Refusal as refusal:
        told = refusal_text(refusal)
        return _plan_page(request, form, choices, set(form.chosen), status=409, refusal=told)
    return redirect("pulse:round", row.public_id)


def _plan_page(
    request: HttpRequest,
    form: PlanForm,
    choices: tuple[selectors.Choice, ...],
    chosen: set[str],
    *,
    status: int = 200,
    refusal: object = None,
) -> HttpResponse:
    context = {
        "form": form,
        "choices": choices,
        "chosen": chosen,
        "key": request.POST.get("key") or uuid.uuid4(),
        "refusal": refusal,
    }
    return render(request, "pulse/plan.html", context, status=status)


@require_GET
@needs(Action.PLAN_ROUNDS)
def round_(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Show a round: who is asked, how far it is, and when it is closed what came of it."""
    return _round_page(request, round_id)


@_on_round
@needs(Action.PLAN_ROUNDS)
def start(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Let everybody be asked."""
    services.start_round(user=somebody(request.user), round_id=round_id, now=timezone.now())
    messages.success(request, _("The round runs. Everybody finds the question on Today."))
    return redirect("pulse:round", round_id)


@_on_round
@needs(Action.PLAN_ROUNDS)
def close(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """End a round."""
    services.close_round(user=somebody(request.user), round_id=round_id, now=timezone.now())
    messages.success(request, _("The round is closed. Below stands what came of it."))
    return redirect("pulse:round", round_id)


@needs(Action.PLAN_ROUNDS)
def assign(request: HttpRequest, place: uuid.UUID) -> HttpResponse:
    """Say who is asked about a place."""
    if request.method != "POST":
        return redirect("pulse:round", selectors.round_of(somebody(request.user), place))
    judges = [identity(each) for each in request.POST.getlist("judge") if each]
    try:
        row = services.assign(
            user=somebody(request.user), place=place, judges=judges, now=timezone.now()
        )
    except Refusal as refusal:
        found = selectors.round_of(somebody(request.user), place)
        return _round_page(request, found, status=409, refusal=refusal_text(refusal))
    messages.success(request, _("Changed."))
    return redirect("pulse:round", row.public_id)


@require_GET
@needs(Action.PLAN_ROUNDS)
def plan_csv(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Give the plan as CSV."""
    page = selectors.round_page(somebody(request.user), round_id, now=timezone.now())
    return _file(exports.as_csv(page), "text/csv; charset=utf-8", "csv")


@require_GET
@needs(Action.PLAN_ROUNDS)
def plan_xlsx(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Give the plan as a workbook."""
    page = selectors.round_page(somebody(request.user), round_id, now=timezone.now())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(exports.as_xlsx(page), kind, "xlsx")


@require_GET
@needs(Action.PLAN_ROUNDS)
def sheets(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Show the sheets for who does it on paper: one per person, to be printed."""
    user = somebody(request.user)
    page = selectors.round_page(user, round_id, now=timezone.now())
    sheets_ = selectors.paper(page)
    return render(request, "pulse/sheets.html", {"page": page, "sheets": sheets_})


@require_GET
@needs(Action.JUDGE)
def task(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    """Show one place: the question, one's own view, or the word with another."""
    return _task_page(request, task, again="again" in request.GET)


@_on_task
@needs(Action.JUDGE)
def give(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    """Keep somebody's view, and go on with the next place."""
    wrong = _wrong_view(request, task, services.give)
    if wrong is not None:
        return wrong
    messages.success(request, _("Kept. Thank you."))
    return _onward(request, task)


@_on_task
@needs(Action.JUDGE)
def pass_on(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    """Say that somebody else should be asked."""
    services.pass_on(
        user=somebody(request.user),
        task=task,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    messages.success(request, _("Passed on. The head of letting asks somebody else."))
    return _onward(request, task)


@_on_task
@needs(Action.JUDGE)
def adjust(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    """Adjust one's view after a word."""
    wrong = _wrong_view(request, task, services.adjust)
    if wrong is not None:
        return wrong
    messages.success(request, _("Adjusted. Your first view stays in the history."))
    return redirect("pulse:task", task)


@_on_task
@needs(Action.JUDGE)
def leave(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    """Leave one's view as it is."""
    services.leave(
        user=somebody(request.user),
        task=task,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    messages.success(request, _("Your view stays as it is. Both views count."))
    return redirect("pulse:task", task)


def _onward(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    """Go to the next place of one's own, or back to where one came from."""
    page = selectors.task_page(somebody(request.user), task, now=timezone.now())
    if not page.mine:
        return redirect("pulse:round", selectors.round_of_task(somebody(request.user), task))
    following = selectors.next_task(somebody(request.user), task)
    return redirect("pulse:task", following) if following else redirect("pulse:judgements")


def _wrong_view(
    request: HttpRequest, task: uuid.UUID, keep: Callable[..., object]
) -> HttpResponse | None:
    """Keep the view that was filled in; return the page again where it can't be."""
    page = selectors.task_page(somebody(request.user), task, now=timezone.now())
    form = ViewForm(page.categories, page.households, request.POST)
    if not form.is_valid():
        return _task_page(request, task, status=422, form=form)
    known, key = form.cleaned_data["known"], _key(request)
    now = timezone.now()
    keep(user=somebody(request.user), task=task, ranges=form.ranges, known=known, key=key, now=now)
    return None


def _file(content: bytes, kind: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="beelden.{ending}"'
    return response


def _key(request: HttpRequest) -> uuid.UUID:
    """Return the form's idempotency key: the same form sent twice is one act."""
    return identity(request.POST.get("key", ""))


def _example(text: str) -> int:
    number = whole(text, most=2, otherwise=1)
    return min(max(number, 1), len(EXAMPLES))
