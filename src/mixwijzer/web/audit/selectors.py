"""Does the trail still hold, and what is its last hash?

The last event's hash is the head. Whoever keeps yesterday's head somewhere else can show that no
event was cut off the end or rewritten: the chain alone can't.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.audit.models import Event

__all__ = ["GENESIS", "Break", "Verification", "commitment_of", "hash_of", "head", "verify"]

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
