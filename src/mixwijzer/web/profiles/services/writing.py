"""Start a draft, keep what is written in it, attach its papers."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.profiles import bridge
from mixwijzer.web.profiles.content import GOVERNED, Content, Place
from mixwijzer.web.profiles.models import Document, Edition, Version
from mixwijzer.web.profiles.refusals import AlreadyOpen, BadPaper, NotNow
from mixwijzer.web.profiles.services.moving import about_buildings, going
from mixwijzer.web.profiles.transitions import OPEN, Event
from mixwijzer.web.register.models import ComplexFacts

__all__ = ["LARGEST", "attach", "papers", "save", "start"]

LARGEST = 5_000_000  # a document [bytes]
MOST = 10  # documents of one version


@transaction.atomic
def start(*, user: Visitor, owner: Organisation, place: Place, now: datetime) -> Version:
    """Begin a draft for a place, from what it has set itself.

    Raises
    ------
    Missing
        No such place in this association.
    AlreadyOpen
        A version of this place is on its way.
    """
    person = somebody(user)
    require(user, Action.WRITE_PROFILES, owner)
    if place.kind not in GOVERNED or not _exists(owner, place):
        raise Missing
    audit.lock(owner)
    here = Version.objects.for_organisation(owner).filter(set_by_kind=place.kind, set_by=place.code)
    if here.filter(state__in=sorted(OPEN)).exists():
        raise AlreadyOpen
    last = here.aggregate(last=Max("number"))["last"] or 0
    row = Version(
        owner=owner,
        set_by_kind=place.kind,
        set_by=place.code,
        number=last + 1,
        author=person,
        made_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyOpen from error
    content = bridge.own_content(owner, place, localdate(now))
    _written(row, person, content, now)
    audit.record(
        organisation=owner,
        action="profiles.start",
        actor=person,
        subject=row.public_id,
        facts={"version": str(row)},
        at=now,
    )
    return row


@transaction.atomic
def save(
    *, user: Visitor, version: uuid.UUID, content: Content, revision: int, now: datetime
) -> Version:
    """Keep what somebody wrote, as a new edition; the earlier ones stay."""
    step = going(user, version, Event.EDIT, revision, now)
    motive = {name: about_buildings(text, needed=False) for name, text in content.motive.items()}
    told = Content(
        bands=content.bands,
        caps=content.caps,
        motive=motive,
        until=content.until,
        review_on=content.review_on,
    )
    _written(step.row, step.user, told, now)
    step.to(Event.EDIT)
    return step.row


def _written(row: Version, by: User, content: Content, now: datetime) -> None:
    Edition(owner=row.owner, version=row, at=now, by=by, content=content.to_json()).save(
        force_insert=True
    )


def _exists(owner: Organisation, place: Place) -> bool:
    if place.kind == "organisation":
        return place.code == owner.code
    column = "complex__code" if place.kind == "complex" else "neighbourhood"
    facts = ComplexFacts.objects.for_organisation(owner)
    return facts.filter(replaced_at=None, **{column: place.code}).exists()


@transaction.atomic
def attach(
    *, user: Visitor, version: uuid.UUID, name: str, content: bytes, now: datetime
) -> Document:
    """Keep a PDF with a version that is still on its way."""
    person = somebody(user)
    row = Version.objects.one(user, version)
    require(user, Action.WRITE_PROFILES, row)
    audit.lock(row.owner)
    if row.state not in OPEN:
        raise NotNow(state=row.state, event="attach")
    return papers(row, person, name, content, now, tenants=False)


def papers(
    row: Version, by: User, name: str, content: bytes, now: datetime, *, tenants: bool
) -> Document:
    """Check a document and keep it with its hash."""
    told = about_buildings(name.rpartition("/")[2].rpartition("\\")[2], needed=False)[:120]
    _refuse_paper(row, told, content)
    document = Document(
        owner=row.owner,
        version=row,
        at=now,
        by=by,
        name=told or "document.pdf",
        tenants=tenants,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    document.save(force_insert=True)
    audit.record(
        organisation=row.owner,
        action="profiles.attach",
        actor=by,
        subject=row.public_id,
        facts={"version": str(row), "sha256": document.sha256, "bytes": document.size},
        at=now,
    )
    return document


def _refuse_paper(row: Version, name: str, content: bytes) -> None:
    kept = Document.objects.for_organisation(row.owner_id).filter(version=row).count()
    troubles = (
        (not content, "empty"),
        (len(content) > LARGEST, "large"),
        (not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2_048:], "type"),
        (any(word in content for word in (b"/JavaScript", b"/Launch")), "active"),
        (kept >= MOST, "many"),
    )
    trouble = next((word for holds, word in troubles if holds), None)
    if trouble:
        raise BadPaper(name=name, trouble=trouble)
