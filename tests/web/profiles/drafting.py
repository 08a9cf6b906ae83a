"""Write a profile and bring it some way, so that a test can speak of the next step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from mixwijzer.web.accounts.models import User
from mixwijzer.web.profiles import services
from mixwijzer.web.profiles.content import MOTIVES, BandLine, CapLine, Content, Place
from mixwijzer.web.profiles.models import Edition, Version
from mixwijzer.web.profiles.services.writing import papers
from mixwijzer.web.profiles.transitions import Event, State
from tests.builders import NOW
from tests.cast import Cast

VLIER = Place(kind="complex", code="Vlier")
MOLEN = Place(kind="complex", code="Molen")
AROUND = Place(kind="neighbourhood", code="BU010101")
ALL = Place(kind="organisation", code="woonbelang")
TEXT = "In dit gebouw is de gang smal; dat zien we bij de rondgang."
LATER = NOW + timedelta(weeks=7)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def a_content(
    *,
    most: int | None = 2500,
    cap: int | None = None,
    until: date | None = None,
    category: str = "attention",
    for_kind: str = "complex",
) -> Content:
    """Write a finished profile: a lower ceiling, or a cap, and every motive."""
    bands = () if most is None else (BandLine(for_kind=for_kind, category=category, max=most),)
    bands = tuple(replace(each, min=0, target=most) for each in bands)
    caps = () if cap is None else (CapLine(for_kind=for_kind, category=category, at_most=cap),)
    return Content(
        bands=bands,
        caps=caps,
        motive=dict.fromkeys(MOTIVES, TEXT),
        until=until,
        review_on=date(2027, 11, 1),
    )


def a_draft(
    cast: Cast, content: Content | None = None, place: Place = VLIER, now: datetime = NOW
) -> Version:
    """Let Mo write a draft."""
    row = services.start(user=cast.mo, owner=cast.woonbelang, place=place, now=now)
    return services.save(
        user=cast.mo,
        version=row.public_id,
        content=content or a_content(),
        revision=row.revision,
        now=now,
    )


def takes(user: User, row: Version, event: Event, now: datetime = NOW, **more: object) -> Version:
    """Let somebody take one step, with whatever that step needs."""
    same = {"user": user, "version": row.public_id, "revision": row.revision, "now": now}
    told = {"text": TEXT}
    service, given = {
        Event.EDIT: (services.save, {"content": a_content()}),
        Event.SUBMIT: (services.submit, {}),
        Event.REQUEST_CHANGES: (services.request_changes, told),
        Event.APPROVE: (services.approve, {}),
        Event.ASK: (services.ask, {}),
        Event.ADVISE_FOR: (services.advise, {"in_favour": True, **told}),
        Event.ADVISE_AGAINST: (services.advise, {"in_favour": False, **told}),
        Event.PASS: (services.pass_term, {}),
        Event.REPLY: (services.reply, told),
        Event.REVISE: (services.revise, told),
        Event.ADOPT: (services.adopt, {"start": now.date(), "body": "head", **more}),
        Event.WITHDRAW: (services.withdraw, told),
    }[event]
    return service(**given, **same)


ROAD: dict[State, tuple[tuple[str, Event], ...]] = {
    State.DRAFT: (),
    State.IN_REVIEW: (("mo", Event.SUBMIT),),
    State.CHANGES: (("mo", Event.SUBMIT), ("iris", Event.REQUEST_CHANGES)),
    State.REVIEWED: (("mo", Event.SUBMIT), ("iris", Event.APPROVE)),
}
ROAD[State.ASKED] = (*ROAD[State.REVIEWED], ("mo", Event.ASK))
ROAD[State.ADVISED_FOR] = (*ROAD[State.ASKED], ("noor", Event.ADVISE_FOR))
ROAD[State.ADVISED_AGAINST] = (*ROAD[State.ASKED], ("noor", Event.ADVISE_AGAINST))
ROAD[State.REPLIED] = (*ROAD[State.ADVISED_AGAINST], ("mo", Event.REPLY))
ROAD[State.NO_ADVICE] = (*ROAD[State.ASKED], ("mo", Event.PASS))
ROAD[State.ADOPTED] = (*ROAD[State.ADVISED_FOR], ("mo", Event.ADOPT))
ROAD[State.WITHDRAWN] = (("mo", Event.WITHDRAW),)


def brought_to(
    cast: Cast,
    state: State,
    content: Content | None = None,
    place: Place = VLIER,
    now: datetime = NOW,
    **more: object,
) -> Version:
    """Bring a new version to a state, by the people whose steps these are."""
    row = a_draft(cast, content, place, now)
    for who, event in ROAD[state]:
        when = max(now, LATER) if event is Event.PASS else now
        row = takes(getattr(cast, who), row, event, when, **more)
    return row


def a_profile_is_asked(cast: Cast, now: datetime = NOW) -> Version:
    """Lay a profile of Molenhof before the tenants, with a paper."""
    row = brought_to(cast, State.ASKED, place=MOLEN, now=now)
    services.attach(
        user=cast.mo, version=row.public_id, name="toelichting.pdf", content=PDF, now=now
    )
    return row


def a_profile_elsewhere(cast: Cast, now: datetime = NOW) -> Version:
    """Write a version of the other association, with a paper; it has nobody in the cast for it."""
    row = Version(
        owner=cast.elders,
        set_by_kind="complex",
        set_by="Elders",
        number=1,
        author=cast.olga,
        made_at=now,
        state=State.ASKED,
    )
    row.save()
    Edition(
        owner=cast.elders, version=row, at=now, by=cast.olga, content=a_content().to_json()
    ).save()
    papers(row, cast.olga, "brief.pdf", PDF, now, tenants=False)
    return row
