"""When are the views of a place complete, and what happens to them then?

Until then a view stands in this feature only. Then all views of the place go to the register on
one day, as one round of its account; so no page can show one of them while another is awaited.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import User
from mixwijzer.web.pulse import bridge
from mixwijzer.web.pulse.bridge import Said
from mixwijzer.web.pulse.models import Place, Task, View
from mixwijzer.web.pulse.services.moving import move
from mixwijzer.web.pulse.transitions import Event, TaskState
from mixwijzer.web.register.services import rebuild_accounts, record_judgements

__all__ = ["compare", "last_view", "record", "said_in"]

TWO = 2  # views that are compared


def compare(place: Place, *, by: User | None, now: datetime) -> None:
    """Settle a place when every view that can still be expected is in.

    Who passed his task on is awaited in the person of another, until somebody is asked or the
    round closes.
    """
    tasks = list(_tasks(place))
    given = [each for each in tasks if each.state == TaskState.GIVEN]
    awaited = any(each.state == TaskState.OPEN for each in tasks)
    replaced = any(each.state == TaskState.PASSED_ON for each in tasks)
    if awaited or not given or (replaced and len(given) < TWO):
        return
    settle(place, given, now=now)
    event = Event.DIFFER if _differ(given, localdate(now)) else Event.AGREE
    for each in given:
        move(each, event, by=by, now=now)


def settle(place: Place, given: list[Task], *, now: datetime) -> None:
    """Let the views of these judges go to the register, as one round of today."""
    place.settled_on = localdate(now)
    place.save(update_fields=["settled_on"])
    for each in given:
        each.place = place
        record(each, now=now)


def record(task: Task, *, now: datetime) -> None:
    """Store a judge's last view among the judgements, on the day of his place's round."""
    place, view = task.place, last_view(task)
    on, today = place.settled_on, localdate(now)
    if on is None or view is None:
        return
    most = bridge.present(task.owner, place.complex_id, place.scope_kind, place.scope_code, on)
    record_judgements(
        owner=task.owner,
        complex_id=place.complex_id,
        judge=task.judge,
        values=bridge.judgements(
            place.scope_kind, place.scope_code, on, view.known, said_in(view), most
        ),
        now=now,
        day=on,
    )
    if on != today:
        rebuild_accounts(owner=task.owner, complexes=[place.complex_id], day=today, now=now)


def last_view(task: Task) -> View | None:
    """Return what a judge said last in his task."""
    return View.objects.for_organisation(task.owner_id).filter(task=task).order_by("-pk").first()


def said_in(view: View) -> Mapping[str, Said]:
    """Return the ranges of a view."""
    return {category: Said(**numbers) for category, numbers in view.ranges.items()}


def _tasks(place: Place) -> list[Task]:
    rows = Task.objects.for_organisation(place.owner_id).filter(place=place)
    return list(rows.select_related("owner", "judge", "place__round", "place__complex"))


def _differ(given: list[Task], day: date) -> bool:
    views = [view for each in given if (view := last_view(each))]
    if len(views) < TWO:
        return False
    households = max(each.households for each in views)
    first, *others = (said_in(each) for each in views)
    return any(bridge.far_apart(first, other, households, day) for other in others)
