"""Start an agreement, keep what is written in it, lay it before the others, hear their answer."""

from __future__ import annotations

import uuid
from dataclasses import asdict, fields, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.agreements import bridge, models
from mixwijzer.web.agreements.content import Clause, Heading
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.refusals import NotNow, Taken, Unfinished
from mixwijzer.web.agreements.selectors.documents import parties
from mixwijzer.web.agreements.services.moving import going, known_ends
from mixwijzer.web.agreements.transitions import OPEN, Event, State
from mixwijzer.web.agreements.words import Kind
from mixwijzer.web.audit import services as audit
from mixwijzer.web.profiles.services.moving import about_buildings

__all__ = [
    "agree",
    "ask_changes",
    "bring_out",
    "put_clause",
    "remove_clause",
    "save",
    "start",
    "start_change",
    "start_slice",
]


@transaction.atomic
def start(*, user: Visitor, owner: Organisation, heading: Heading, now: datetime) -> Agreement:
    """Begin the draft of a framework."""
    person = somebody(user)
    require(user, Action.WRITE_AGREEMENTS, owner)
    audit.lock(owner)
    numbers = Agreement.objects.for_organisation(owner).filter(framework__isnull=True)
    row = Agreement(
        owner=owner,
        code=f"K{heading.start.year}-{numbers.count() + 1}",
        kind=Kind.FRAMEWORK,
        author=person,
        made_at=now,
        **_columns(heading, owner),
    )
    return _begun(row, person, (), now)


@transaction.atomic
def start_slice(*, user: Visitor, agreement: uuid.UUID, now: datetime) -> Agreement:
    """Begin the slice of the first year of a framework that has none.

    The clauses of the year before are taken along, since most of them stay as they are.

    Raises
    ------
    NotNow
        The framework is over or withdrawn, or every year of it has its slice.
    Taken
        Somebody else began the same one.
    """
    person, like = _beginning(user, agreement)
    row, source = _slice(like, person, now)
    return _begun(row, person, bridge.clauses_of(source), now)


@transaction.atomic
def start_change(*, user: Visitor, agreement: uuid.UUID, now: datetime) -> Agreement:
    """Begin a change of what was signed; it replaces that once it is signed itself."""
    person, like = _beginning(user, agreement)
    return _begun(_change(like, person, now), person, bridge.clauses_of(like), now)


def _beginning(user: Visitor, agreement: uuid.UUID) -> tuple[User, Agreement]:
    person = somebody(user)
    like = Agreement.objects.one(user, agreement)
    require(user, Action.WRITE_AGREEMENTS, like)
    audit.lock(like.owner)
    return person, like


def _slice(like: Agreement, person: User, now: datetime) -> tuple[Agreement, Agreement]:
    before = list(
        Agreement.objects.for_organisation(like.owner_id)
        .filter(framework__code=like.code)
        .exclude(state__in=[State.WITHDRAWN, State.REPLACED])
        .order_by("start")
    )
    start = before[-1].end if before else like.start
    end = min(_year_on(start), like.end)
    going_on = like.kind == Kind.FRAMEWORK and like.state in {*OPEN, State.SIGNED}
    if not going_on or start >= like.end:
        raise NotNow(state=like.state, event="slice")
    row = _of(like, person, now)
    row.kind, row.framework = Kind.SLICE, like
    row.code, row.start, row.end = f"{like.code}-{start.year}", start, end
    row.title, row.text = f"{like.title}, {start.year}", ""
    return row, before[-1] if before else like


def _change(like: Agreement, person: User, now: datetime) -> Agreement:
    if like.state != State.SIGNED:
        raise NotNow(state=like.state, event="change")
    row = _of(like, person, now)
    row.kind, row.framework, row.replaces = like.kind, like.framework, like
    row.code, row.title, row.text = like.code, like.title, like.text
    row.start, row.end = like.start, like.end
    return row


def _of(like: Agreement, person: User, now: datetime) -> Agreement:
    """Return a new agreement with the same parties."""
    return Agreement(
        owner=like.owner,
        municipality=like.municipality,
        tenants=like.tenants,
        others=like.others,
        author=person,
        made_at=now,
    )


def _year_on(day: date) -> date:
    """Return the same day a year later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def _begun(row: Agreement, person: User, clauses: tuple[Clause, ...], now: datetime) -> Agreement:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Taken from error
    for each in clauses:
        _put(row, each if row.replaces_id else replace(each, code="", carried=0), now)
    audit.record(
        organisation=row.owner,
        action="agreements.start",
        actor=person,
        subject=row.public_id,
        facts={"agreement": row.code},
        at=now,
    )
    return row


def _columns(heading: Heading, owner: Organisation) -> dict[str, object]:
    """Return the columns of a heading: texts about places, and parties that may be one."""
    given = asdict(heading)
    for name, longest in (("title", 200), ("text", 2_000), ("others", 300)):
        given[name] = about_buildings(given[name], needed=name == "title")[:longest]
    known = {each.pk for each in parties(owner)}
    for name in ("municipality", "tenants"):
        key = given.pop(name)
        if key is not None and key not in known:
            raise Missing
        given[f"{name}_id"] = key
    return given


def save(
    *, user: Visitor, agreement: uuid.UUID, heading: Heading, revision: int, now: datetime
) -> Agreement:
    """Keep the heading as it was written; a slice and a change keep their period."""
    with going(user, agreement, Event.EDIT, revision, now) as step:
        fixed = {"start", "end"} if step.row.kind == Kind.SLICE or step.row.replaces_id else set()
        for name, value in _columns(heading, step.row.owner).items():
            if name not in fixed:
                setattr(step.row, name, value)
        step.to(facts={"what": "heading"})
        return step.row


def put_clause(
    *, user: Visitor, agreement: uuid.UUID, clause: Clause, revision: int, now: datetime
) -> Agreement:
    """Keep a clause as it was written; number 0 stands for a new one, at the end."""
    with going(user, agreement, Event.EDIT, revision, now) as step:
        there = [each.number for each in bridge.clauses_of(step.row)]
        if clause.number and clause.number not in there:
            raise Missing
        number = clause.number or max(there, default=0) + 1
        words = about_buildings(clause.words)
        why = about_buildings(clause.why, needed=False)
        _put(step.row, replace(clause, number=number, words=words, why=why), now)
        step.to(facts={"what": "clause", "number": number})
        return step.row


def remove_clause(
    *, user: Visitor, agreement: uuid.UUID, number: int, revision: int, now: datetime
) -> Agreement:
    """Take a clause out; it stays to be read as it was known until now."""
    with going(user, agreement, Event.EDIT, revision, now) as step:
        if not _close(step.row, number, now):
            raise Missing
        step.to(facts={"what": "clause gone", "number": number})
        return step.row


def _put(row: Agreement, clause: Clause, now: datetime) -> None:
    _close(row, clause.number, now)
    given = {each.name: getattr(clause, each.name) for each in fields(clause)}
    models.Clause(owner=row.owner, agreement=row, recorded_at=now, **given).save(force_insert=True)


def _close(row: Agreement, number: int, now: datetime) -> int:
    standing = models.Clause.objects.for_organisation(row.owner_id).filter(
        agreement=row, number=number, replaced_at=None
    )
    return standing.update(replaced_at=now)


def bring_out(*, user: Visitor, agreement: uuid.UUID, revision: int, now: datetime) -> Agreement:
    """Lay the draft before the other parties, as the bid."""
    with going(user, agreement, Event.BRING_OUT, revision, now) as step:
        clauses = bridge.clauses_of(step.row)
        missing = [(each.number, name) for each in clauses for name in each.missing]
        missing += [] if clauses else [(0, "clauses")]
        missing += [] if step.row.municipality_id else [(0, "municipality")]
        if missing:
            raise Unfinished(missing=tuple(missing))
        step.row.bid_on = step.row.bid_on or localdate(now)
        step.to(facts={"clauses": len(clauses), **known_ends(step.row, now)})
        return step.row


def ask_changes(
    *, user: Visitor, agreement: uuid.UUID, text: str, revision: int, now: datetime
) -> Agreement:
    """Say, as one of the other parties, what should be different."""
    with going(user, agreement, Event.ASK_CHANGES, revision, now) as step:
        step.to(text=about_buildings(text))
        return step.row


def agree(
    *, user: Visitor, agreement: uuid.UUID, text: str = "", revision: int, now: datetime
) -> Agreement:
    """Agree, as one of the other parties, to the bid as it stands."""
    with going(user, agreement, Event.AGREE, revision, now) as step:
        step.to(text=about_buildings(text, needed=False))
        return step.row
