"""Take a version one step further: only as the table allows, with a line in its history."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.timezone import localdate

from mixwijzer.exchange.catalogue import refused_words
from mixwijzer.exchange.refused import personal_in
from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.profiles import bridge
from mixwijzer.web.profiles.content import Content, Place
from mixwijzer.web.profiles.models import Edition, Forecast, Version, VersionStep
from mixwijzer.web.profiles.refusals import (
    Changed,
    Impossible,
    NotNow,
    TextMissing,
    TextRefused,
)
from mixwijzer.web.profiles.selectors import owed
from mixwijzer.web.profiles.transitions import PERMISSION, TRANSITIONS, Event, State

__all__ = ["Going", "about_buildings", "going", "place_of", "possible"]

LONGEST = 2_000  # a text of a step [characters]
_NAMED = re.compile(
    r"\b(?i:mevrouw|mevr|mw|meneer|dhr|de heer|familie|mrs|mr|ms)\b\.? +[A-Z]"
    r"|\b0\d{9}\b|\b06[- ]\d{8}\b"
)
Facts = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, kw_only=True)
class Going:
    """A version that is locked by somebody who may take this step with it."""

    row: Version
    user: User
    edition: Edition
    event: Event
    now: datetime

    @property
    def content(self) -> Content:
        """What stands in it."""
        return Content.from_json(self.edition.content)

    def to(self, event: Event, *, text: str = "", facts: Facts | None = None) -> VersionStep:
        """Go to the state that follows, write it down, and put it in the trail."""
        step = _stepped(
            self.row, self.edition, event, by=self.user, now=self.now, text=text, facts=facts
        )
        audit.record(
            organisation=self.row.owner,
            action=f"profiles.{event}",
            actor=self.user,
            subject=self.row.public_id,
            facts={"version": str(self.row), **(facts or {})},
            at=self.now,
        )
        return step

    def told(self, step: VersionStep) -> None:
        """Keep what this version would change, as it is at this step."""
        day = localdate(self.now)
        owner, place = self.row.owner, place_of(self.row)
        found = bridge.consequences(owner, place, self.content, day).to_json()
        found["owed"] = [asdict(each) for each in owed(self.user, day)]
        text = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        Forecast(
            owner=owner,
            version=self.row,
            at=self.now,
            by=self.user,
            step=step,
            content=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        ).save(force_insert=True)


def going(user: Visitor, version: uuid.UUID, event: Event, revision: int, now: datetime) -> Going:
    """Return a version locked for one step.

    Raises
    ------
    Missing
        No such version, or one that isn't shown to this person.
    PermissionDenied
        The matrix doesn't allow this person this step.
    NotNow, Changed
        It can't happen in its state, or somebody else was first.
    """
    person = somebody(user)
    seen = Version.objects.one(user, version)
    require(user, PERMISSION[event], seen)
    audit.lock(seen.owner)
    row = Version.objects.visible_to(user).select_for_update(of=("self",)).get(pk=seen.pk)
    row.owner = seen.owner
    if (State(row.state), event) not in TRANSITIONS:
        raise NotNow(state=row.state, event=event)
    if row.revision != revision:
        raise Changed(by=_last(row))
    edition = Edition.objects.for_organisation(row.owner_id).filter(version=row).latest("pk")
    return Going(row=row, user=person, edition=edition, event=event, now=now)


def stepped_by_itself(row: Version, event: Event, now: datetime, facts: Facts) -> None:
    """Let something happen to a version that nobody does to it: it is replaced, or it lapses."""
    edition = Edition.objects.for_organisation(row.owner_id).filter(version=row).latest("pk")
    _stepped(row, edition, event, by=None, now=now, text="", facts=facts)
    audit.record(
        organisation=row.owner,
        action=f"profiles.{event}",
        actor=None,
        subject=row.public_id,
        facts={"version": str(row), **facts},
        at=now,
    )


def _stepped(
    row: Version,
    edition: Edition,
    event: Event,
    *,
    by: User | None,
    now: datetime,
    text: str,
    facts: Facts | None,
) -> VersionStep:
    before = State(row.state)
    step = VersionStep(
        owner_id=row.owner_id,
        version=row,
        at=now,
        by=by,
        event=event,
        before=before,
        after=TRANSITIONS[before, event],
        edition=edition,
        text=text,
        facts=dict(facts or {}),
    )
    step.save(force_insert=True)
    row.state = step.after
    row.revision += 1
    row.save()
    return step


def _last(row: Version) -> str:
    step = (
        VersionStep.objects.for_organisation(row.owner_id)
        .filter(version=row)
        .select_related("by")
        .order_by("-pk")
        .first()
    )
    return step.by.name if step and step.by else ""


def place_of(row: Version) -> Place:
    """Return whose profile a version is."""
    return Place(kind=row.set_by_kind, code=row.set_by)


def possible(row: Version, content: Content, now: datetime) -> None:
    """Refuse a profile that no mix can keep to, once it has inherited the rest."""
    trouble = bridge.impossible(row.owner, place_of(row), content, localdate(now))
    if trouble is not None:
        raise Impossible(code=trouble.code, place=trouble.place, facts=trouble.facts)


def about_buildings(text: str, *, needed: bool = True) -> str:
    """Return a text that may be kept: about places, with nothing of a person in it."""
    told = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    if needed and not told:
        raise TextMissing
    kind = personal_in(told) or ("name" if _NAMED.search(told) else None)
    if kind:
        raise TextRefused(what=kind)
    for language in ("nl", "en"):
        words = refused_words(told, language)
        if words:
            raise TextRefused(what="word", word=words[0])
    return told
