"""How far is a round: who was asked about what, who answered; never what anybody said."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Membership, User, Visitor
from mixwijzer.web.accounts.permissions import may, require, somebody
from mixwijzer.web.accounts.roles import Action, Role
from mixwijzer.web.pulse import bridge
from mixwijzer.web.pulse.models import Place, Round, Task, View
from mixwijzer.web.pulse.selectors.asked import group_of
from mixwijzer.web.pulse.transitions import RoundEvent, RoundState, TaskState, round_allowed
from mixwijzer.web.register.models import Area, ComplexFacts

__all__ = [
    "Choice",
    "Conflict",
    "JudgeLine",
    "PlaceLine",
    "RoundLine",
    "RoundPage",
    "Sheet",
    "paper",
    "plan_choices",
    "round_of",
    "round_of_task",
    "round_page",
    "rounds",
]

TWO = 2  # views that make a round of a place


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """A round in a list, with how many of its views are in."""

    id: uuid.UUID
    name: str
    start: date
    until: date
    state: str
    places: int
    asked: int
    given: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A place that can be chosen for a round; `knowers` counts who can be asked."""

    complex: uuid.UUID
    name: str
    group: str
    neighbourhood: str
    homes: int
    judged_on: date | None
    knowers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One judge of a place, and where his task stands; nothing of what he said."""

    task: uuid.UUID
    judge: uuid.UUID
    name: str
    state: str
    on_paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine:
    """One place of a round with who is asked."""

    id: uuid.UUID
    complex: str
    group: str
    neighbourhood: str
    seats: tuple[Seat, ...]
    passed_on: tuple[str, ...]
    settled: bool
    talk: bool

    @property
    def asked(self) -> int:
        """How many people are asked about this place."""
        return len(self.seats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A place with fewer than two people to ask: nobody, or one."""

    place: uuid.UUID
    complex: str
    group: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeLine:
    """How far one person, or one neighbourhood, is."""

    name: str
    role: str
    asked: int
    given: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be asked."""

    id: uuid.UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPage:
    """Everything on the page of one round."""

    id: uuid.UUID
    name: str
    start: date
    until: date
    state: str
    may: frozenset[RoundEvent]
    begun: bool
    places: tuple[PlaceLine, ...]
    conflicts: tuple[Conflict, ...]
    people: tuple[JudgeLine, ...]
    neighbourhoods: tuple[JudgeLine, ...]
    staff: tuple[Person, ...]
    asked: int
    given: int
    talks: int


def rounds(user: Visitor) -> tuple[RoundLine, ...]:
    """Return the rounds that this reader follows, the latest first."""
    gave = Q(places__tasks__state__in=[TaskState.GIVEN, TaskState.TALK, TaskState.SETTLED])
    active = ~Q(places__tasks__state=TaskState.PASSED_ON)
    rows = Round.objects.visible_to(user).annotate(
        number=Count("places", distinct=True),
        asked=Count("places__tasks", filter=active, distinct=True),
        given=Count("places__tasks", filter=gave, distinct=True),
    )
    return tuple(
        RoundLine(
            id=row.public_id,
            name=row.name,
            start=row.start,
            until=row.until,
            state=row.state,
            places=row.number,
            asked=row.asked,
            given=row.given,
        )
        for row in rows.order_by("-start", "-pk")
    )


def plan_choices(user: Visitor, *, now: datetime, by_group: bool = False) -> tuple[Choice, ...]:
    """Return every place that can be chosen, longest without a view first."""
    person, day = somebody(user), localdate(now)
    require(person, Action.PLAN_ROUNDS)
    owner = min(person.owners(Action.PLAN_ROUNDS))
    spots = bridge.spots(owner, day, by_group=by_group)
    knows = bridge.knowers(owner, {each.complex_id for each in spots}, day)
    facts = _facts(owner)
    areas = _areas(owner)
    found = [
        Choice(
            complex=facts[each.complex_id].complex.public_id,
            name=facts[each.complex_id].name,
            group=each.group,
            neighbourhood=areas.get(facts[each.complex_id].neighbourhood or "", ""),
            homes=each.homes,
            judged_on=each.judged_on,
            knowers=len(knows[each.complex_id]),
        )
        for each in spots
    ]
    return tuple(
        sorted(found, key=lambda each: (each.judged_on or date.min, each.name, each.group))
    )


def round_page(user: Visitor, round_id: uuid.UUID, *, now: datetime) -> RoundPage:
    """Return the page of one round, in a fixed number of queries.

    Raises
    ------
    Missing
        No such round, or another organisation's.
    """
    row = Round.objects.one(user, round_id)
    tasks = _tasks(row)
    places = tuple(_place_lines(row, tasks))
    active = [each for each in tasks if each.state != TaskState.PASSED_ON]
    where = {line.id: line.neighbourhood for line in places}
    return RoundPage(
        id=row.public_id,
        name=row.name,
        start=row.start,
        until=row.until,
        state=row.state,
        may=_possible(row, somebody(user)),
        begun=row.start <= localdate(now),
        places=places,
        conflicts=_conflicts(row, places),
        people=_per_person(row, active),
        neighbourhoods=_per_area(active, where),
        staff=_staff(row),
        asked=len(active),
        given=sum(map(_gave, active)),
        talks=sum(line.talk for line in places),
    )


def _possible(row: Round, user: User) -> frozenset[RoundEvent]:
    return frozenset(
        each
        for each in RoundEvent
        if round_allowed(row.state, each) and may(user, Action.PLAN_ROUNDS, row)
    )


def _gave(task: Task) -> bool:
    return task.state in {TaskState.GIVEN, TaskState.TALK, TaskState.SETTLED}


def _tasks(row: Round) -> list[Task]:
    rows = Task.objects.for_organisation(row.owner_id).filter(place__round=row)
    return list(rows.select_related("judge", "place").order_by("pk"))


def _facts(owner: int) -> Mapping[int, ComplexFacts]:
    rows = ComplexFacts.objects.for_organisation(owner).filter(replaced_at=None)
    return {row.complex_id: row for row in rows.select_related("complex")}


def _areas(owner: int) -> Mapping[str, str]:
    rows = Area.objects.for_organisation(owner).filter(replaced_at=None)
    return dict(rows.values_list("code", "name"))


def _place_lines(row: Round, tasks: list[Task]) -> list[PlaceLine]:
    facts, areas = _facts(row.owner_id), _areas(row.owner_id)
    of_place: dict[int, list[Task]] = defaultdict(list)
    for each in tasks:
        of_place[each.place_id].append(each)
    typed = _typed(row)
    spots = Place.objects.for_organisation(row.owner_id).filter(round=row)
    lines = [
        _place_line(spot, facts[spot.complex_id], areas, of_place[spot.pk], typed)
        for spot in spots.select_related("complex")
    ]
    return sorted(lines, key=lambda each: (each.neighbourhood, each.complex, each.group))


def _place_line(
    spot: Place,
    facts: ComplexFacts,
    areas: Mapping[str, str],
    tasks: list[Task],
    typed: Mapping[int, str],
) -> PlaceLine:
    active = [each for each in tasks if each.state != TaskState.PASSED_ON]
    return PlaceLine(
        id=spot.public_id,
        complex=facts.name,
        group=group_of(spot.scope_code, spot.complex.code),
        neighbourhood=areas.get(facts.neighbourhood or "", ""),
        seats=tuple(
            Seat(
                task=each.public_id,
                judge=each.judge.public_id,
                name=each.judge.name,
                state=each.state,
                on_paper=typed.get(each.pk, ""),
            )
            for each in active
        ),
        passed_on=tuple(each.judge.name for each in tasks if each.state == TaskState.PASSED_ON),
        settled=spot.settled_on is not None,
        talk=any(each.state == TaskState.TALK for each in tasks),
    )


def _typed(row: Round) -> Mapping[int, str]:
    """Return who typed a view for its judge, by task."""
    rows = View.objects.for_organisation(row.owner_id).filter(
        task__place__round=row, entered_by__isnull=False
    )
    return dict(rows.order_by("pk").values_list("task_id", "entered_by__name"))


def _conflicts(row: Round, places: tuple[PlaceLine, ...]) -> tuple[Conflict, ...]:
    if row.state == RoundState.CLOSED:
        return ()
    return tuple(
        Conflict(place=line.id, complex=line.complex, group=line.group, people=line.asked)
        for line in places
        if line.asked < TWO and not line.settled
    )


def _per_person(row: Round, active: list[Task]) -> tuple[JudgeLine, ...]:
    roles = {person.id: person.role for person in _staff(row)}
    asked = Counter(each.judge for each in active)
    given = Counter(each.judge for each in active if _gave(each))
    return tuple(
        JudgeLine(
            name=person.name,
            role=roles.get(person.public_id, ""),
            asked=number,
            given=given[person],
        )
        for person, number in sorted(asked.items(), key=lambda each: each[0].name)
    )


def _per_area(active: list[Task], where: Mapping[uuid.UUID, str]) -> tuple[JudgeLine, ...]:
    asked = Counter(where[each.place.public_id] for each in active)
    given = Counter(where[each.place.public_id] for each in active if _gave(each))
    return tuple(
        JudgeLine(name=name, role="", asked=number, given=given[name])
        for name, number in sorted(asked.items())
    )


def _staff(row: Round) -> tuple[Person, ...]:
    """Return who can be asked, by name; one line for a person with several roles."""
    rows = Membership.objects.filter(
        organisation=row.owner_id, role__in=bridge.JUDGES, user__is_active=True
    )
    found = {
        each.user.public_id: Person(
            id=each.user.public_id, name=each.user.name, role=str(Role(each.role).label)
        )
        for each in rows.select_related("user").order_by("-role")
    }
    return tuple(sorted(found.values(), key=lambda each: each.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one person takes along on paper."""

    name: str
    places: tuple[PlaceLine, ...]


def paper(page: RoundPage) -> tuple[Sheet, ...]:
    """Return a sheet per person with the places of which he said nothing yet."""
    found: dict[str, list[PlaceLine]] = defaultdict(list)
    for line in page.places:
        for seat in line.seats:
            if seat.state == TaskState.OPEN:
                found[seat.name].append(line)
    return tuple(Sheet(name=name, places=tuple(found[name])) for name in sorted(found))


def round_of(user: Visitor, place: uuid.UUID) -> uuid.UUID:
    """Return the round of a place that this reader follows; raises Missing."""
    return Place.objects.one(user, place).round.public_id


def round_of_task(user: Visitor, task: uuid.UUID) -> uuid.UUID:
    """Return the round of a task; raises Missing."""
    return Task.objects.one(user, task).place.round.public_id
