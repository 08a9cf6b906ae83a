"""Does the trail still hold, and what is its last hash?

The last event's hash is the head. Whoever keeps yesterday's head somewhere else can show that no
event was cut off the end or rewritten: the chain alone can't.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.audit.models import Event, Reading

__all__ = [
    "GENESIS",
    "PAGE",
    "Asked",
    "Break",
    "Line",
    "Page",
    "Verification",
    "actions",
    "commitment_of",
    "export",
    "hash_of",
    "head",
    "page",
    "people",
    "state",
    "verify",
]

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """An event at which the trail does not hold, and why (`missing`, `chain`, `content`)."""

    number: int
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What reading the whole trail of an organisation showed."""

    events: int
    erased: int
    head: str
    breaks: tuple[Break, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, removed or put in between."""
        return not self.breaks


def commitment_of(salt: bytes, payload: str) -> str:
    """Hash content with its salt; without the salt nobody can guess the content from it."""
    return hashlib.sha256(salt + payload.encode()).hexdigest()


def hash_of(
    *, previous: str, owner: str, number: int, at: datetime, action: str, commitment: str
) -> str:
    """Hash one link of the chain."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    link = "\n".join((previous, owner, str(number), moment, action, commitment))
    return hashlib.sha256(link.encode()).hexdigest()


def head(organisation: Organisation) -> tuple[int, str]:
    """Return number and hash of the last event; (0, GENESIS) before the first."""
    last = Event.objects.for_organisation(organisation).order_by("-number").first()
    return (last.number, last.hash) if last else (0, GENESIS)


def verify(organisation: Organisation) -> Verification:
    """Read the trail from the first event to the last and recompute every hash."""
    breaks: list[Break] = []
    previous, expected, count, erased = GENESIS, 1, 0, 0
    owner = str(organisation.public_id)
    events = Event.objects.for_organisation(organisation).order_by("number")
    for event in events.select_related("actor").iterator():
        count += 1
        erased += event.payload is None
        if event.number != expected:
            breaks.append(Break(number=expected, trouble="missing"))
        if event.previous != previous or event.hash != _rehash(event, owner):
            breaks.append(Break(number=event.number, trouble="chain"))
        if not _content_holds(event):
            breaks.append(Break(number=event.number, trouble="content"))
        previous, expected = event.hash, event.number + 1
    return Verification(events=count, erased=erased, head=previous, breaks=tuple(breaks))


def _rehash(event: Event, owner: str) -> str:
    return hash_of(
        previous=event.previous,
        owner=owner,
        number=event.number,
        at=event.at,
        action=event.action,
        commitment=event.commitment,
    )


def _content_holds(event: Event) -> bool:
    """Whether what isn't erased is what was committed to, and the columns say the same."""
    if event.payload is None or event.salt is None:
        return event.payload is None and event.salt is None
    if commitment_of(bytes(event.salt), event.payload) != event.commitment:
        return False
    content = json.loads(event.payload)
    actor = str(event.actor.public_id) if event.actor else None
    subject = str(event.subject) if event.subject else None
    return bool(content["actor"] == actor and content["subject"] == subject)


# What the viewer shows

PAGE = 50
MOST = 10_000  # lines of one export


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for in the log."""

    reads: bool = False
    person: uuid.UUID | None = None
    action: str = ""
    thing: uuid.UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log; an event has a number and facts, a look has not."""

    number: int | None
    at: datetime
    person: str
    action: str
    thing: str
    facts: tuple[tuple[str, object], ...]
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Fifty lines of the log."""

    lines: tuple[Line, ...]
    number: int
    pages: int
    total: int


def page(user: User, asked: Asked, *, number: int) -> Page:
    """Return one page of what this reader looks for, the newest first."""
    rows = _asked_for(user, asked)
    total = rows.count()
    pages = max(1, -(-total // PAGE))
    shown = min(max(1, number), pages)
    part = rows[(shown - 1) * PAGE : shown * PAGE]
    return Page(lines=tuple(map(_line, part)), number=shown, pages=pages, total=total)


def export(user: User, asked: Asked) -> Iterator[Line]:
    """Yield what this reader looks for, at most `MOST` lines."""
    yield from map(_line, _asked_for(user, asked)[:MOST])


def _asked_for(user: User, asked: Asked) -> QuerySet[Any]:
    rows: QuerySet[Any]
    if asked.reads:
        rows = Reading.objects.visible_to(user).order_by("-at", "-pk")
    else:
        rows = Event.objects.visible_to(user).order_by("-at", "-pk")
    field = "what" if asked.reads else "action"
    wanted: dict[str, object] = {}
    if asked.person:
        wanted["actor__public_id"] = asked.person
    if asked.action:
        wanted[field] = asked.action
    if asked.thing:
        wanted["subject"] = asked.thing
    if asked.since:
        wanted["at__gte"] = _midnight(asked.since)
    if asked.until and asked.until < date.max:
        wanted["at__lt"] = _midnight(asked.until + timedelta(days=1))
    return rows.filter(**wanted).select_related("actor")


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def _line(row: Event | Reading) -> Line:
    person = row.actor.name if row.actor else ""
    thing = str(row.subject or "")
    if isinstance(row, Reading):
        return Line(number=None, at=row.at, person=person, action=row.what, thing=thing, facts=())
    facts = json.loads(row.payload)["facts"] if row.payload else {}
    return Line(
        number=row.number,
        at=row.at,
        person=person,
        action=row.action,
        thing=thing,
        facts=tuple(facts.items()),
        erased=row.payload is None,
    )


def actions(user: User, *, reads: bool) -> tuple[str, ...]:
    """Return what can be chosen as action."""
    if reads:
        seen = Reading.objects.visible_to(user).order_by("what")
        return tuple(seen.values_list("what", flat=True).distinct())
    done = Event.objects.visible_to(user).order_by("action")
    return tuple(done.values_list("action", flat=True).distinct())


def people(user: User) -> tuple[tuple[uuid.UUID, str], ...]:
    """Return who can be chosen as person."""
    told = Event.objects.visible_to(user).exclude(actor=None).order_by()
    looked = Reading.objects.visible_to(user).order_by()
    keys = {*told.values_list("actor", flat=True), *looked.values_list("actor", flat=True)}
    rows = User.objects.filter(pk__in=keys).order_by("name", "pk")
    return tuple(rows.values_list("public_id", "name"))


def state(user: User) -> tuple[tuple[Organisation, Verification], ...]:
    """Read the whole trail of the reader's organisations and say whether each holds."""
    owners = Organisation.objects.filter(pk__in=user.owners(Action.SEE_TRAIL)).order_by("name")
    return tuple((each, verify(each)) for each in owners)
