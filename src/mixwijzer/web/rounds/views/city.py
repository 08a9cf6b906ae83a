"""The pages of a city round: make, compute, release, adopt, confirm home by home; and why (not)."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mixwijzer.web.accounts.permissions import Action, may, needs, somebody
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.letting import refusals as letting
from mixwijzer.web.rounds import tasks
from mixwijzer.web.rounds.city_steps import CityEvent
from mixwijzer.web.rounds.refusals import Refusal
from mixwijzer.web.rounds.refused import refusal_text
from mixwijzer.web.rounds.screens.choosing import choice_screen, cities_table
from mixwijzer.web.rounds.screens.city import city_screen
from mixwijzer.web.rounds.screens.dividing import why_screen
from mixwijzer.web.rounds.screens.together import table_screen
from mixwijzer.web.rounds.selectors import choosing
from mixwijzer.web.rounds.selectors import city as selectors
from mixwijzer.web.rounds.selectors.together import one_seat, table_of, tables
from mixwijzer.web.rounds.services import city, executing
from mixwijzer.web.ui.typed import identity

Trouble = Refusal | letting.Refusal


@require_GET
@needs(Action.MATCH)
def cities(request: HttpRequest) -> HttpResponse:
    """List the rounds."""
    return listed(request)


def listed(request: HttpRequest, refusal: Trouble | None = None) -> HttpResponse:
    """Answer with the rounds and the tables; a refusal is told above them, with 409."""
    user = somebody(request.user)
    lines = selectors.cities(user)
    context = {
        "table": cities_table(lines),
        "lines": lines,
        "tables": [table_screen(each) for each in tables(user, now=timezone.now())],
        "may_invite": may(user, Action.READ_SECOND),
        "refusal": refusal_text(refusal, {}) if refusal else None,
    }
    return render(request, "rounds/cities.html", context, status=409 if refusal else 200)


@needs(Action.MATCH)
def make(request: HttpRequest) -> HttpResponse:
    """Choose homes and candidates; make the round and let a worker compute it."""
    if request.method != "POST":
        return _form(request)
    user, now = somebody(request.user), timezone.now()
    try:
        row = city.make(
            user=user,
            owner=own_organisation(user, Action.MATCH),
            name=request.POST.get("name", ""),
            vacancies=[identity(each) for each in request.POST.getlist("vacancy")[:999]],
            candidates=[identity(each) for each in request.POST.getlist("candidate")[:9999]],
            key=identity(request.POST.get("key", "")),
            now=now,
            seat=_seat(request),
        )
    except Refusal as refusal:
        return _form(request, refusal)
    if not row.runs and not row.work:
        tasks.start(
            city.ask(user=user, city_round=row.public_id, event=CityEvent.RUN, now=timezone.now())
        )
    return redirect("rounds:city", row.public_id)


def _seat(request: HttpRequest) -> uuid.UUID | None:
    """Return the place at a table that a round is made for, where it is made for one."""
    told = request.POST.get("seat", "") or request.GET.get("seat", "")
    return identity(told) if told else None


def _form(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    user = somebody(request.user)
    found, told = choosing.choices(user, day=timezone.localdate()), _seat(request)
    seat = one_seat(user, told) if told else None
    context = {
        "seat": seat,
        "table": table_screen(table_of(user, seat)) if seat else None,
        "screen": choice_screen(found),
        "key": uuid.uuid4(),
        "name": request.POST.get("name", seat.name if seat else "")[: city.LONGEST],
        "longest": city.LONGEST,
        "chosen": {*request.POST.getlist("vacancy"), *request.POST.getlist("candidate")},
        "refusal": refusal_text(refusal, {}) if refusal else None,
    }
    return render(request, "rounds/city_new.html", context, status=409 if refusal else 200)


@require_GET
@needs(Action.MATCH)
def page(request: HttpRequest, city_round: uuid.UUID) -> HttpResponse:
    """Show a round: how far it is, who gets what, and what it costs."""
    return _page(request, city_round)


def _page(
    request: HttpRequest, city_round: uuid.UUID, refusal: Trouble | None = None
) -> HttpResponse:
    found = selectors.city_page(somebody(request.user), city_round, now=timezone.now())
    screen = city_screen(found)
    context = {
        "screen": screen,
        "page": found,
        "stamp": screen.stamp,
        "refusal": refusal_text(refusal, found.names) if refusal else None,
    }
    return render(request, "rounds/city.html", context, status=409 if refusal else 200)


def tried(
    request: HttpRequest, city_round: uuid.UUID, act: Callable[[], object], said: str = ""
) -> HttpResponse:
    """Do something, and go back to the page of a round; a refusal is told on it, with 409."""
    try:
        act()
    except (Refusal, letting.Refusal) as refusal:
        return _page(request, city_round, refusal)
    if said:
        messages.success(request, said)
    return redirect("rounds:city", city_round)


@require_POST
@needs(Action.MATCH)
def run(request: HttpRequest, city_round: uuid.UUID) -> HttpResponse:
    """Let a worker compute it, or compute it anew."""
    user, event = somebody(request.user), CityEvent.RUN
    return tried(
        request,
        city_round,
        lambda: tasks.start(
            city.ask(user=user, city_round=city_round, event=event, now=timezone.now())
        ),
    )


@require_POST
@needs(Action.MATCH)
def stop(request: HttpRequest, city_round: uuid.UUID) -> HttpResponse:
    """Stop the run that is asked for; what was computed before stays."""
    user, event = somebody(request.user), CityEvent.STOP
    return tried(
        request,
        city_round,
        lambda: city.ask(user=user, city_round=city_round, event=event, now=timezone.now()),
    )


def _step(event: CityEvent) -> Callable[[HttpRequest, uuid.UUID], HttpResponse]:
    def stepped(request: HttpRequest, city_round: uuid.UUID) -> HttpResponse:
        user = somebody(request.user)
        return tried(
            request,
            city_round,
            lambda: city.step(user=user, city_round=city_round, event=event, now=timezone.now()),
        )

    return require_POST(needs(Action.READ_SECOND)(stepped))


release = _step(CityEvent.RELEASE)
adopt = _step(CityEvent.ADOPT)
finish = _step(CityEvent.EXECUTE)
withdraw = _step(CityEvent.DROP)


@require_POST
@needs(Action.MATCH)
def confirm(request: HttpRequest, city_home: uuid.UUID) -> HttpResponse:
    """Propose the candidate of one home: the match starts."""
    user = somebody(request.user)
    row = selectors.one_city_home(user, city_home)
    return tried(
        request,
        row.city_round.public_id,
        lambda: executing.confirm(user=user, home=city_home, now=timezone.now()),
        _("Proposed. The match has started; the candidate can still say no."),
    )


@require_POST
@needs(Action.MATCH)
def leave(request: HttpRequest, city_home: uuid.UUID) -> HttpResponse:
    """Write down why a home isn't offered to its candidate after all."""
    user, reason = somebody(request.user), request.POST.get("reason", "")
    row = selectors.one_city_home(user, city_home)
    return tried(
        request,
        row.city_round.public_id,
        lambda: executing.leave(user=user, home=city_home, reason=reason, now=timezone.now()),
        _("Written down."),
    )


@require_GET
@needs(Action.MATCH)
def home(request: HttpRequest, city_home: uuid.UUID) -> HttpResponse:
    """Show why each candidate got this home or not."""
    found = selectors.why_home(somebody(request.user), city_home, now=timezone.now())
    return render(request, "rounds/city_why.html", {"screen": why_screen(found)})


@require_GET
@needs(Action.MATCH)
def person(request: HttpRequest, city_person: uuid.UUID) -> HttpResponse:
    """Show why this candidate got each home or not."""
    found = selectors.why_person(somebody(request.user), city_person, now=timezone.now())
    return render(request, "rounds/city_why.html", {"screen": why_screen(found)})
