"""Write an agreement and bring it some way, so that a test can speak of the next step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from mixwijzer.web.accounts.models import User
from mixwijzer.web.agreements import services
from mixwijzer.web.agreements.content import Clause, Heading
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.transitions import Event, State
from mixwijzer.web.agreements.words import Carry, ClauseKind, Kind, Period, Unit
from tests.builders import NOW, TODAY
from tests.cast import Cast

TEXT = "In deze wijk zijn er minder woningen dan vorig jaar."
START, END = date(2026, 1, 1), date(2027, 1, 1)
OTHER = Clause(number=0, kind=ClauseKind.OTHER, words="Elk jaar is er een verslag.")
PROMISE = Clause(
    number=0,
    kind=ClauseKind.OBLIGATION,
    words="Zes huishoudens uit de opvang krijgen in 2026 een woning.",
    group="outflow_shelter",
    unit=Unit.HOUSEHOLDS,
    households=6,
    carry=Carry.BOTH,
)
HALVES = replace(PROMISE, group="status_holder", unit=Unit.PERSONS, persons=8, period=Period.HALF)


def a_heading(cast: Cast, start: date = START, end: date = END) -> Heading:
    """Write whom it is with, and for how long."""
    return Heading(
        title="Een thuis voor iedereen",
        text="Wat we samen voor elkaar krijgen.",
        start=start,
        end=end,
        municipality=cast.gemeente.pk,
        tenants=cast.huurders.pk,
    )


def a_draft(
    cast: Cast,
    *clauses: Clause,
    start: date = START,
    end: date = END,
    now: datetime = NOW,
) -> Agreement:
    """Let Mo write a draft with these clauses."""
    row = services.start(
        user=cast.mo, owner=cast.woonbelang, heading=a_heading(cast, start, end), now=now
    )
    for clause in clauses or (OTHER, PROMISE):
        row = puts(cast.mo, row, clause, now)
    return row


def puts(user: User, row: Agreement, clause: Clause, now: datetime = NOW) -> Agreement:
    """Let somebody write a clause."""
    return services.put_clause(
        user=user, agreement=row.public_id, clause=clause, revision=row.revision, now=now
    )


def takes(user: User, row: Agreement, event: Event, now: datetime = NOW, **more: object) -> object:
    """Let somebody take one step, with whatever that step needs."""
    same = {"user": user, "agreement": row.public_id, "revision": row.revision, "now": now}
    service, given = {
        Event.EDIT: (services.put_clause, {"clause": OTHER}),
        Event.BRING_OUT: (services.bring_out, {}),
        Event.ASK_CHANGES: (services.ask_changes, {"text": TEXT}),
        Event.AGREE: (services.agree, {}),
        Event.SIGN: (services.sign, {"signed_on": now.date(), "text": TEXT}),
        Event.CARRY: (services.carry, {"code": f"{row.code}.2", "text": TEXT}),
        Event.WITHDRAW: (services.withdraw, {"text": TEXT}),
    }[event]
    return service(**{**given, **same, **more})


ROAD: dict[State, tuple[tuple[str, Event], ...]] = {
    State.DRAFT: (),
    State.BID: (("mo", Event.BRING_OUT),),
    State.TALKS: (("mo", Event.BRING_OUT), ("lotte", Event.ASK_CHANGES)),
    State.SIGNED: (
        ("mo", Event.BRING_OUT),
        ("lotte", Event.AGREE),
        ("noor", Event.AGREE),
        ("mo", Event.SIGN),
    ),
    State.WITHDRAWN: (("mo", Event.WITHDRAW),),
}


def brought_to(
    cast: Cast,
    state: State,
    *clauses: Clause,
    row: Agreement | None = None,
    now: datetime = NOW,
    **period: date,
) -> Agreement:
    """Bring an agreement to a state, by the people whose steps these are."""
    found = row or a_draft(cast, *clauses, now=now, **period)
    road = ROAD.get(state, ROAD[State.SIGNED])
    for who, event in road:
        found = takes(getattr(cast, who), found, event, now)
    if state is State.ENDED:
        services.lapse_due(owner=cast.woonbelang, now=at(found.end))
    if state is State.REPLACED:
        later = services.start_change(user=cast.mo, agreement=found.public_id, now=now)
        brought_to(cast, State.SIGNED, row=later, now=now)
    return fresh(found)


def fresh(row: Agreement) -> Agreement:
    """Return an agreement as it stands now."""
    return Agreement.objects.for_organisation(row.owner_id).get(pk=row.pk)


def at(day: date) -> datetime:
    """Return the hour of the tests on another day."""
    return NOW + timedelta(days=(day - TODAY).days)


def a_framework(cast: Cast, now: datetime = NOW) -> Agreement:
    """Sign a framework of two years."""
    return brought_to(cast, State.SIGNED, OTHER, start=START, end=date(2028, 1, 1), now=now)


def an_agreement_is_signed(cast: Cast) -> Agreement:
    """Sign an agreement of which a half-year is over, and begin a change of it."""
    row = brought_to(cast, State.SIGNED, OTHER, replace(PROMISE, code="O-26", period=Period.HALF))
    takes(cast.mo, row, Event.CARRY, code="O-26-1")
    row = fresh(row)
    services.start_change(user=cast.mo, agreement=row.public_id, now=NOW)
    return row


def an_agreement_elsewhere(cast: Cast) -> Agreement:
    """Sign one of the other association; it has nobody in the cast for it."""
    row = Agreement(
        owner=cast.elders,
        code="E-1",
        kind=Kind.SLICE,
        title="Van elders",
        start=START,
        end=END,
        author=cast.olga,
        made_at=NOW,
        state=State.SIGNED,
        signed_on=NOW.date(),
    )
    row.save()
    return row
