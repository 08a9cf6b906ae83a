"""One version: what stands in it, what it would change, what happened, what can be done now."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.permissions import may
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.profiles import bridge
from mixwijzer.web.profiles.bridge import Consequences, Example, Trouble
from mixwijzer.web.profiles.content import Content, Place
from mixwijzer.web.profiles.models import Document, Edition, Forecast, Version, VersionStep
from mixwijzer.web.profiles.selectors.effects import Effects, Owed, effects_of, owed, secret
from mixwijzer.web.profiles.selectors.pages import ValueLine, own_place, values_of
from mixwijzer.web.profiles.transitions import (
    BY_ITSELF,
    OPEN,
    PERMISSION,
    TRANSITIONS,
    Event,
    State,
)

__all__ = [
    "EditPage",
    "PaperLine",
    "StepLine",
    "VersionPage",
    "edit_page",
    "live_effects",
    "paper",
    "try_page",
    "version_page",
]


AMONG_READERS = frozenset({Event.REQUEST_CHANGES, Event.APPROVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One line of a version's history."""

    event: str
    at: datetime
    by: str
    text: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A document that belongs to a version."""

    id: uuid.UUID
    name: str
    size: int
    tenants: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """One version for one reader; `effects` is None for who sees no counts."""

    id: uuid.UUID
    association: str
    place: Place
    number: int
    state: str
    revision: int
    author: str
    content: Content
    before: Content
    start: date | None
    ends: date | None
    due: date | None
    steps: tuple[StepLine, ...]
    papers: tuple[PaperLine, ...]
    events: tuple[Event, ...]
    may_attach: bool
    effects: Effects | None
    trouble: Trouble | None
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage:
    """A draft that is written in, with what would hold where nothing is filled in."""

    id: uuid.UUID
    place: Place
    number: int
    revision: int
    content: Content
    values: tuple[ValueLine, ...]
    categories: tuple[str, ...]
    editable: bool


def version_page(user: User, version: uuid.UUID, *, now: datetime) -> VersionPage:
    """Return one version.

    Raises
    ------
    Missing
        No such version, or one that isn't shown to this reader.
    """
    row = Version.objects.one(user, version)
    return _Paging(user, row, localdate(now)).page()


class _Paging:
    """The making of one page."""

    def __init__(self, user: User, row: Version, day: date) -> None:
        self.user, self.row, self.day = user, row, day
        self.place = own_place(row)
        self.content = _content(row)

    def page(self) -> VersionPage:
        """Put the page together."""
        row, counts = self.row, may(self.user, Action.SEE_ADVICE, self.row)
        trouble = self._trouble() if row.state in OPEN else None
        return VersionPage(
            id=row.public_id,
            association=row.owner.name,
            place=self.place,
            number=row.number,
            state=row.state,
            revision=row.revision,
            author=row.author.name,
            content=self.content,
            before=bridge.own_content(row.owner, self.place, self.day),
            start=row.start,
            ends=row.ends,
            due=row.advice_due,
            steps=self._steps(),
            papers=self._papers(),
            events=self._events(),
            may_attach=may(self.user, Action.WRITE_PROFILES, row) and row.state in OPEN,
            effects=self._effects() if counts and not trouble else None,
            trouble=trouble,
            today=self.day,
        )

    def _trouble(self) -> Trouble | None:
        return bridge.impossible(self.row.owner, self.place, self.content, self.day)

    def _effects(self) -> Effects | None:
        """Return what would change now, or what was told when it was adopted."""
        if self.row.state in OPEN:
            told = bridge.consequences(self.row.owner, self.place, self.content, self.day)
            return _for_reader(self.user, told, owed(self.user, self.day))
        kept = Forecast.objects.visible_to(self.user).filter(version=self.row).order_by("-pk")
        last = kept.first()
        if last is None:
            return None
        stored = _verified(last)
        promises = tuple(Owed(**each) for each in stored.pop("owed"))
        return _for_reader(self.user, Consequences.from_json(stored), promises)

    def _steps(self) -> tuple[StepLine, ...]:
        """Return what happened; what readers wrote to each other stays among them."""
        inside = any(
            may(self.user, action, self.row)
            for action in (Action.WRITE_PROFILES, Action.REVIEW_PROFILES)
        )
        rows = VersionStep.objects.for_organisation(self.row.owner_id).filter(version=self.row)
        return tuple(
            StepLine(
                event=each.event,
                at=each.at,
                by=each.by.name if each.by else "",
                text=each.text if inside or each.event not in AMONG_READERS else "",
                facts=each.facts,
            )
            for each in rows.select_related("by").order_by("-pk")
            if each.event != Event.EDIT
        )

    def _papers(self) -> tuple[PaperLine, ...]:
        rows = Document.objects.for_organisation(self.row.owner_id).filter(version=self.row)
        return tuple(
            PaperLine(
                id=each.public_id,
                name=each.name,
                size=each.size,
                tenants=each.tenants,
                at=each.at,
            )
            for each in rows.defer("content").order_by("pk")
        )

    def _events(self) -> tuple[Event, ...]:
        """Return the steps that this reader can take now: the buttons of the page."""
        row, state = self.row, State(self.row.state)
        wrote = Edition.objects.for_organisation(row.owner_id).filter(version=row, by=self.user)
        reads = {Event.APPROVE, Event.REQUEST_CHANGES}
        early = row.advice_due is not None and self.day <= row.advice_due
        found = [
            event
            for event in Event
            if (state, event) in TRANSITIONS
            and event not in BY_ITSELF
            and may(self.user, PERMISSION[event], row)
            and not (event is Event.PASS and early)
        ]
        if reads & set(found) and wrote.exists():
            found = [event for event in found if event not in reads]
        return tuple(found)


def _for_reader(user: User, told: Consequences, promises: tuple[Owed, ...]) -> Effects:
    return effects_of(told, hidden=secret(user), promises=promises)


def _verified(row: Forecast) -> dict[str, Any]:
    """Read a stored forecast; one that was tampered with is not shown."""
    if hashlib.sha256(row.content.encode()).hexdigest() != row.sha256:
        raise ValueError(f"the forecast of {row.version} isn't what was stored")
    told: dict[str, Any] = json.loads(row.content)
    return told


def _content(row: Version) -> Content:
    last = Edition.objects.for_organisation(row.owner_id).filter(version=row).latest("pk")
    return Content.from_json(last.content)


def edit_page(user: User, version: uuid.UUID, *, now: datetime) -> EditPage:
    """Return a draft to write in."""
    row = Version.objects.one(user, version)
    place, day = own_place(row), localdate(now)
    return EditPage(
        id=row.public_id,
        place=place,
        number=row.number,
        revision=row.revision,
        content=_content(row),
        values=values_of(row.owner, place, day),
        categories=bridge.categories(day),
        editable=(State(row.state), Event.EDIT) in TRANSITIONS,
    )


def live_effects(
    user: User, version: uuid.UUID, content: Content, *, now: datetime
) -> tuple[Effects | None, Trouble | None]:
    """Return what a draft would change as it is typed now, or why no mix can keep to it."""
    row = Version.objects.one(user, version)
    place, day = own_place(row), localdate(now)
    trouble = bridge.impossible(row.owner, place, content, day)
    if trouble or not may(user, Action.SEE_ADVICE, row):
        return None, trouble
    told = bridge.consequences(row.owner, place, content, day)
    return _for_reader(user, told, owed(user, day)), None


def paper(user: User, document: uuid.UUID) -> Document:
    """Return a document, with its content as it was stored.

    Raises
    ------
    Missing
        No such document, or one of a version that isn't shown to this reader.
    """
    row = Document.objects.one(user, document)
    if hashlib.sha256(bytes(row.content)).hexdigest() != row.sha256:
        raise ValueError(f"document {row.public_id} isn't what was stored")
    return row


def try_page(
    bands: Mapping[str, tuple[int | None, int | None, int | None]], *, now: datetime
) -> tuple[tuple[Example, ...], Trouble | None]:
    """Return what advice would say in made-up buildings; nothing is stored."""
    return bridge.try_out(bands, localdate(now))
