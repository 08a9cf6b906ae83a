"""One task as its judge sees it: the empty question, his own view, or the word with another."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.pulse import bridge
from mixwijzer.web.pulse.bridge import Said
from mixwijzer.web.pulse.models import Practice, Task, View
from mixwijzer.web.pulse.selectors.asked import complex_names, group_of, other_judges, running
from mixwijzer.web.pulse.transitions import BLIND, Event, RoundState, TaskState, allowed
from mixwijzer.web.register.models import Area, ComplexFacts, Dwelling

__all__ = [
    "OwnLine",
    "TaskPage",
    "TheirView",
    "ViewLine",
    "mine",
    "next_task",
    "practised",
    "task_page",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLine:
    """One view as it was given; `entered_by` names who typed it for the judge."""

    at: datetime
    known: str
    ranges: Mapping[str, Said]
    after_talk: bool
    entered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirView:
    """What the other said; exists only when both views are in."""

    name: str
    known: str
    ranges: Mapping[str, Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """Everything on the page of one task.

    `place` of `total` counts this reader's tasks of the round. `households` live there now.
    `judge` is whose view it is: the reader's, or that of somebody whose sheet he types.
    """

    id: uuid.UUID
    round: str
    until: date
    complex: str
    group: str
    neighbourhood: str
    streets: tuple[str, ...]
    homes: int
    households: int
    categories: tuple[str, ...]
    state: str
    may: frozenset[Event]
    mine: bool
    judge: str
    place: int
    total: int
    practised: bool
    views: tuple[ViewLine, ...]
    theirs: tuple[TheirView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """A task of this reader in a running round, in a list."""

    id: uuid.UUID
    round: str
    until: date
    complex: str
    group: str
    state: str


def task_page(user: Visitor, task: uuid.UUID, *, now: datetime) -> TaskPage:
    """Return the page of one task.

    Raises
    ------
    Missing
        No such task, somebody else's, or another organisation's.
    """
    row, reader = Task.objects.one(user, task), somebody(user)
    own, place = row.judge_id == reader.pk, row.place
    day = place.settled_on or localdate(now)
    facts = _facts(row)
    ids = list(running(reader).filter(place__round=place.round_id).order_by("pk").values_list("pk"))
    at = (place.complex_id, place.scope_kind, place.scope_code)
    return TaskPage(
        id=row.public_id,
        round=place.round.name,
        until=place.round.until,
        complex=facts.name,
        group=group_of(place.scope_code, place.complex.code),
        neighbourhood=_area(row, facts),
        streets=_streets(row),
        homes=_homes(row),
        households=bridge.present(row.owner, *at, day),
        categories=bridge.categories(day),
        state=row.state,
        may=_possible(row, own=own),
        mine=own,
        judge=row.judge.name,
        place=ids.index((row.pk,)) + 1 if (row.pk,) in ids else 0,
        total=len(ids),
        practised=not own or practised(reader),
        views=_views(row) if own else (),
        theirs=_theirs(row) if own else (),
    )


def mine(user: Visitor) -> tuple[OwnLine, ...]:
    """Return this reader's tasks in running rounds, those to do first."""
    rows = list(
        running(user)
        .exclude(state=TaskState.PASSED_ON)
        .select_related("place__round", "place__complex")
        .order_by("place__round__until", "pk")
    )
    names = complex_names(user, [row.place.complex_id for row in rows])
    lines = [
        OwnLine(
            id=row.public_id,
            round=row.place.round.name,
            until=row.place.round.until,
            complex=names[row.place.complex_id],
            group=group_of(row.place.scope_code, row.place.complex.code),
            state=row.state,
        )
        for row in rows
    ]
    order = [TaskState.OPEN, TaskState.TALK, TaskState.GIVEN, TaskState.SETTLED]
    return tuple(sorted(lines, key=lambda each: order.index(TaskState(each.state))))


def next_task(user: Visitor, task: uuid.UUID) -> uuid.UUID | None:
    """Return the next task of the same round that still asks this reader something."""
    row = Task.objects.one(user, task)
    rest = running(user).filter(place__round=row.place.round_id, state=TaskState.OPEN)
    after = rest.filter(pk__gt=row.pk).order_by("pk").first() or rest.order_by("pk").first()
    return after.public_id if after else None


def practised(user: User) -> bool:
    """Whether this reader went through the examples."""
    return Practice.objects.visible_to(user).filter(user=user).exists()


def _possible(row: Task, *, own: bool) -> frozenset[Event]:
    """Return what can be done now; for another one may only give what stands on his sheet."""
    if row.place.round.state != RoundState.OPEN:
        return frozenset()
    reach = set(Event) if own else {Event.GIVE, Event.PASS_ON}
    return frozenset(each for each in reach if allowed(row.state, each))


def _facts(row: Task) -> ComplexFacts:
    rows = ComplexFacts.objects.for_organisation(row.owner_id)
    return rows.get(complex=row.place.complex_id, replaced_at=None)


def _area(row: Task, facts: ComplexFacts) -> str:
    areas = Area.objects.for_organisation(row.owner_id)
    area = areas.filter(code=facts.neighbourhood, replaced_at=None).first()
    return area.name if area else ""


def _streets(row: Task) -> tuple[str, ...]:
    """Return the streets of a place, at most three: that is how people know it."""
    homes = Dwelling.objects.for_organisation(row.owner_id).filter(
        complex=row.place.complex_id, replaced_at=None, in_base=True
    )
    group = group_of(row.place.scope_code, row.place.complex.code)
    found = homes.filter(stairwell=group) if group else homes
    names = {each.rpartition(" ")[0] for each in found.values_list("address", flat=True)}
    return tuple(sorted(name for name in names if name)[:3])


def _homes(row: Task) -> int:
    homes = Dwelling.objects.for_organisation(row.owner_id).filter(
        complex=row.place.complex_id, replaced_at=None, in_base=True
    )
    group = group_of(row.place.scope_code, row.place.complex.code)
    return (homes.filter(stairwell=group) if group else homes).count()


def _views(row: Task) -> tuple[ViewLine, ...]:
    told = View.objects.for_organisation(row.owner_id).filter(task=row)
    return tuple(
        ViewLine(
            at=each.at,
            known=each.known,
            ranges=_said(each),
            after_talk=each.after_talk,
            entered_by=each.entered_by.name if each.entered_by else "",
        )
        for each in told.select_related("entered_by").order_by("-pk")
    )


def _theirs(row: Task) -> tuple[TheirView, ...]:
    """Return the others' last views, when both are in: not while one is blind."""
    if row.state in BLIND or row.place.settled_on is None or row.state == TaskState.LAPSED:
        return ()
    found = []
    for person in other_judges([row]).get(row.pk, ()):
        told = View.objects.for_organisation(row.owner_id).filter(
            task__place=row.place_id, task__judge=person
        )
        last = told.order_by("-pk").first()
        if last:
            found.append(TheirView(name=person.name, known=last.known, ranges=_said(last)))
    return tuple(found)


def _said(view: View) -> Mapping[str, Said]:
    return {category: Said(**numbers) for category, numbers in view.ranges.items()}
