"""What is asked of this reader, and what may he therefore not see yet?"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.pulse.models import Task
from mixwijzer.web.pulse.transitions import BLIND, RoundState, TaskState
from mixwijzer.web.register.models import Complex, ComplexFacts

__all__ = [
    "Blind",
    "RoundAsk",
    "TalkLine",
    "asks",
    "between_two",
    "blind_places",
    "complex_names",
    "talks",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A complex of which this reader sees no account yet.

    `task` is where he says how it is there; `given` that he did, and another is awaited.
    """

    complex_id: int
    complex: uuid.UUID
    task: uuid.UUID
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAsk:
    """A round that asks this reader something; `first` is the task to begin with."""

    id: uuid.UUID
    name: str
    until: date
    first: uuid.UUID
    open: int
    done: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLine:
    """Two views of a place lie apart: this reader has a word with that colleague."""

    task: uuid.UUID
    complex: str
    group: str
    other: str
    until: date


def blind_places(user: Visitor) -> tuple[Blind, ...]:
    """Return the complexes that this reader is blind for, those still to be answered first."""
    rows = running(user).filter(state__in=BLIND).order_by("pk")
    found = [
        Blind(
            complex_id=row.place.complex_id,
            complex=row.place.complex.public_id,
            task=row.public_id,
            given=row.state == TaskState.GIVEN,
        )
        for row in rows.select_related("place__complex")
    ]
    return tuple(sorted(found, key=lambda each: each.given))


def asks(user: Visitor) -> tuple[RoundAsk, ...]:
    """Return the running rounds in which this reader has something to say, the soonest first."""
    rounds: dict[int, list[Task]] = {}
    for row in running(user).select_related("place__round").order_by("pk"):
        rounds.setdefault(row.place.round_id, []).append(row)
    found = [_ask(rows) for rows in rounds.values()]
    return tuple(sorted((each for each in found if each), key=lambda each: (each.until, each.name)))


def _ask(rows: list[Task]) -> RoundAsk | None:
    todo = [row for row in rows if row.state == TaskState.OPEN]
    if not todo:
        return None
    row = todo[0].place.round
    return RoundAsk(
        id=row.public_id,
        name=row.name,
        until=row.until,
        first=todo[0].public_id,
        open=len(todo),
        done=sum(each.state not in {TaskState.OPEN, TaskState.PASSED_ON} for each in rows),
        minutes=len(todo),
    )


def talks(user: Visitor) -> tuple[TalkLine, ...]:
    """Return the colleagues with whom this reader should have a word, and about which place."""
    rows = list(
        running(user)
        .filter(state=TaskState.TALK)
        .select_related("place__round", "place__complex")
        .order_by("pk")
    )
    others = other_judges(rows)
    names = complex_names(user, [row.place.complex_id for row in rows])
    return tuple(
        TalkLine(
            task=row.public_id,
            complex=names[row.place.complex_id],
            group=group_of(row.place.scope_code, row.place.complex.code),
            other=", ".join(each.name for each in others.get(row.pk, ())),
            until=row.place.round.until,
        )
        for row in rows
    )


def between_two(user: Visitor, complex_: Complex) -> Exists:
    """Tell, within a query for judgements of a complex, of which two others still have a word.

    Until they had it, it is between the two who said more and who said less.
    """
    talking = Task.objects.for_organisation(complex_.owner_id).filter(
        place__complex=complex_, state=TaskState.TALK
    )
    mine = talking.filter(judge=user.pk).values("place")
    return Exists(
        talking.exclude(place__in=mine).filter(
            place__scope_code=OuterRef("scope_code"), place__settled_on=OuterRef("on")
        )
    )


def running(user: Visitor) -> QuerySet[Task]:
    """Return this reader's own tasks in rounds that run."""
    return Task.objects.visible_to(user).filter(judge=user.pk, place__round__state=RoundState.OPEN)


def other_judges(rows: Iterable[Task]) -> Mapping[int, tuple[User, ...]]:
    """Return, by task, who else gave a view of the same place."""
    mine = {row.place_id: row for row in rows}
    if not mine:
        return {}
    owner = next(iter(mine.values())).owner_id
    gave = (TaskState.GIVEN, TaskState.TALK, TaskState.SETTLED)
    theirs = Task.objects.for_organisation(owner).filter(place__in=mine, state__in=gave)
    found: dict[int, tuple[User, ...]] = {}
    for each in theirs.select_related("judge").order_by("pk"):
        row = mine[each.place_id]
        if each.pk != row.pk:
            found[row.pk] = (*found.get(row.pk, ()), each.judge)
    return found


def complex_names(user: Visitor, complexes: Iterable[int]) -> Mapping[int, str]:
    """Return the names of complexes, by primary key."""
    rows = ComplexFacts.objects.visible_to(user).filter(
        complex__in=set(complexes), replaced_at=None
    )
    return dict(rows.values_list("complex_id", "name"))


def group_of(scope_code: str, complex_code: str) -> str:
    """Return the name of a stairwell group; empty for a whole complex."""
    return "" if scope_code == complex_code else scope_code.rpartition("/")[2]
