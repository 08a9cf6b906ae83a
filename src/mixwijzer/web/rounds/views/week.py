"""The sheet of a week: make, compute, put on the table, answer home by home, adopt, publish."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mixwijzer.web.accounts.permissions import Action, needs, somebody
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.letting import refusals as letting
from mixwijzer.web.letting.reasons import WithdrawReason
from mixwijzer.web.rounds import selectors, services
from mixwijzer.web.rounds.models import RoundItem, WeekRound
from mixwijzer.web.rounds.refusals import Refusal
from mixwijzer.web.rounds.refused import refusal_text
from mixwijzer.web.rounds.screens import week_screen
from mixwijzer.web.rounds.transitions import WeekEvent
from mixwijzer.web.ui.typed import identity, whole

Step = Callable[[HttpRequest, uuid.UUID], WeekRound]


@require_GET
@needs(Action.SEE_ADVICE)
def week(request: HttpRequest) -> HttpResponse:
    """Show the round of a week; without one, what could go into it."""
    wanted = selectors.week_of(request.GET.get("week", ""), timezone.localdate())
    return _sheet(request, wanted, "rounds/week.html")


@require_GET
@needs(Action.SEE_ADVICE)
def meeting(request: HttpRequest, week_round: uuid.UUID) -> HttpResponse:
    """Show one home at a time, for at the table."""
    row = selectors.one_round(somebody(request.user), week_round)
    wanted = request.GET.get("home", "")
    place = whole(wanted, most=2, otherwise=1)
    return _sheet(request, (row.year, row.week), "rounds/meeting.html", place=place)


@require_GET
@needs(Action.SEE_ADVICE)
def minutes(request: HttpRequest, week_round: uuid.UUID) -> HttpResponse:
    """Show what was decided, by whom and why, to print."""
    row = selectors.one_round(somebody(request.user), week_round)
    return _sheet(request, (row.year, row.week), "rounds/minutes.html")


@require_POST
@needs(Action.DECIDE)
def make(request: HttpRequest) -> HttpResponse:
    """Make the round of a week with the homes that were chosen, and compute it."""
    user, now = somebody(request.user), timezone.now()
    wanted = selectors.week_of(request.POST.get("week", ""), timezone.localdate())
    homes = [identity(each) for each in request.POST.getlist("vacancy")[:99]]
    try:
        row = services.make(
            user=user,
            owner=own_organisation(user, Action.DECIDE),
            week=wanted,
            vacancies=homes,
            key=identity(request.POST.get("key", "")),
            now=now,
        )
        services.compute(user=user, week_round=row.public_id, now=now)
    except (Refusal, letting.Refusal) as refusal:
        return _sheet(request, wanted, "rounds/week.html", refusal=refusal)
    return _back(row)


def _step(event: Step) -> Callable[[HttpRequest, uuid.UUID], HttpResponse]:
    """Go to the sheet afterwards; a refusal is told on it, with 409."""

    @wraps(event)
    def tried(request: HttpRequest, week_round: uuid.UUID) -> HttpResponse:
        row = selectors.one_round(somebody(request.user), week_round)
        try:
            row = event(request, week_round)
        except (Refusal, letting.Refusal) as refusal:
            return _sheet(request, (row.year, row.week), "rounds/week.html", refusal=refusal)
        return _back(row)

    return tried


@require_POST
@needs(Action.DECIDE)
@_step
def compute(request: HttpRequest, week_round: uuid.UUID) -> WeekRound:
    """Compute the proposal anew."""
    return services.compute(user=somebody(request.user), week_round=week_round, now=timezone.now())


@require_POST
@needs(Action.READ_SECOND)
@_step
def release(request: HttpRequest, week_round: uuid.UUID) -> WeekRound:
    """Put the proposal on the table."""
    return _moved(request, week_round, WeekEvent.RELEASE)


@require_POST
@needs(Action.READ_SECOND)
@_step
def adopt(request: HttpRequest, week_round: uuid.UUID) -> WeekRound:
    """Adopt the round, when every home has its answer."""
    return _moved(request, week_round, WeekEvent.ADOPT)


@require_POST
@needs(Action.READ_SECOND)
@_step
def publish(request: HttpRequest, week_round: uuid.UUID) -> WeekRound:
    """Write down that the texts went to the portal; from now on nothing is taken back."""
    return _moved(request, week_round, WeekEvent.EXECUTE)


@require_POST
@needs(Action.READ_SECOND)
@_step
def drop(request: HttpRequest, week_round: uuid.UUID) -> WeekRound:
    """Take a round off, so that another can be made of its week."""
    return _moved(request, week_round, WeekEvent.DROP)


def _moved(request: HttpRequest, week_round: uuid.UUID, event: WeekEvent) -> WeekRound:
    return services.step(
        user=somebody(request.user), week_round=week_round, event=event, now=timezone.now()
    )


@require_POST
@needs(Action.DECIDE)
def answer(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Agree about one home, or choose another way: one reason records the decision."""
    return _about(
        request,
        item,
        lambda: services.answer(
            user=somebody(request.user),
            item=item,
            channel=request.POST.get("channel", ""),
            reason=request.POST.get("reason", ""),
            key=identity(request.POST.get("key", "")),
            now=timezone.now(),
            without=_without(request),
        ),
    )


def _without(request: HttpRequest) -> dict[uuid.UUID, str]:
    """Return why it is decided without somebody's yes, by what was asked."""
    start = "without-"
    return {
        identity(name.removeprefix(start)): request.POST[name]
        for name in list(request.POST)[:99]
        if name.startswith(start)
    }


@require_POST
@needs(Action.DECIDE)
def undo(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Take the answer about one home back."""
    return _about(
        request,
        item,
        lambda: services.undo(
            user=somebody(request.user),
            item=item,
            reason=WithdrawReason.CHANGED,
            key=identity(request.POST.get("key", "")),
            now=timezone.now(),
        ),
    )


@require_POST
@needs(Action.DECIDE)
def advert(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Keep the text for the portal."""
    return _about(
        request,
        item,
        lambda: services.write_advert(
            user=somebody(request.user),
            item=item,
            text=request.POST.get("text", ""),
            now=timezone.now(),
        ),
    )


def _about(request: HttpRequest, item: uuid.UUID, act: Callable[[], RoundItem]) -> HttpResponse:
    """Do something about one home, and go back to where it was done."""
    row = selectors.one_item(somebody(request.user), item)
    held = row.week_round
    table = request.POST.get("at") == "table"
    try:
        act()
    except (Refusal, letting.Refusal) as refusal:
        template = "rounds/meeting.html" if table else "rounds/week.html"
        return _sheet(request, (held.year, held.week), template, refusal=refusal, place=row.place)
    messages.success(request, _("Recorded. It can be taken back until it is published."))
    if table:
        there = redirect("rounds:meeting", held.public_id)
        there["Location"] += f"?home={row.place}"
        return there
    return _back(held)


def _back(row: WeekRound) -> HttpResponse:
    there = redirect("rounds:week")
    there["Location"] += f"?week={row.year}-{row.week:02d}"
    return there


def _sheet(
    request: HttpRequest,
    wanted: tuple[int, int],
    template: str,
    *,
    refusal: Refusal | letting.Refusal | None = None,
    place: int = 1,
) -> HttpResponse:
    page = selectors.week_page(somebody(request.user), wanted, now=timezone.now())
    screen = week_screen(page)
    at = min(max(place, 1), max(len(screen.items), 1))
    context = {
        "screen": screen,
        "page": page,
        "key": uuid.uuid4(),
        "week": f"{wanted[0]}-{wanted[1]:02d}",
        "refusal": refusal_text(refusal, page.names) if refusal else None,
        "place": at,
        "item": screen.items[at - 1] if screen.items else None,
        "earlier": at - 1,
        "later": at + 1 if at < len(screen.items) else 0,
    }
    return render(request, template, context, status=409 if refusal else 200)
