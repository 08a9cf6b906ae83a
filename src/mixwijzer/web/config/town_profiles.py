"""Two profiles on their way in the made-up town: one waits for a reader, one for the tenants."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.profiles import services
from mixwijzer.web.profiles.content import BandLine, CapLine, Content, Place
from mixwijzer.web.profiles.models import Version
from mixwijzer.web.register.models import ComplexFacts, Notice

__all__ = ["lay_out"]

QUIETER = {
    "situation": "De entree en de lift zijn druk; bij drie rondgangen stonden spullen in de hal.",
    "why_not_now": "Het gewone profiel geldt overal gelijk. Hier is één ingang voor alle woningen.",
    "difference": "Hoogstens dertig procent in plaats van veertig, voor twee jaar.",
    "neighbours": "Minder verhuizingen met begeleiding tegelijk. Wie wacht, wacht soms langer.",
    "consultation": "Besproken met de bewonerscommissie en de wijkbeheerders.",
}
MORE_ROOM = {
    "situation": "In deze buurt kennen buren elkaar goed; bij elke rondgang zien we dat terug.",
    "why_not_now": "Met de band van nu gaat een aanvraag naar een andere buurt, verder weg.",
    "difference": "Een iets hogere bovengrens, met meer actieve buren als voorwaarde.",
    "neighbours": "Er komen wat vaker nieuwe buren met een vraag. Er is elke week een spreekuur.",
    "consultation": "Besproken met de wijkraad en met beide zorgpartners.",
}


def lay_out(*, owner: Organisation, writer: User, reader: User, now: datetime) -> None:
    """Write both, and bring them where they wait."""
    notices = Notice.objects.for_organisation(owner).filter(replaced_at=None, closed_on=None)
    facts = ComplexFacts.objects.for_organisation(owner).filter(
        replaced_at=None, complex__in=notices.values("complex")
    )
    first = facts.order_by("complex__code").values_list("complex__code", "neighbourhood")[:1]
    for code, near in first:
        review = now.date().replace(day=1) + timedelta(days=400)
        quieter = Content(
            bands=(
                BandLine(for_kind="complex", category="attention", min=1500, target=2500, max=3000),
                BandLine(for_kind="complex", category="carrier", min=1500, target=2500),
            ),
            caps=(CapLine(for_kind="stairwell", category="attention", at_most=4),),
            motive=QUIETER,
            until=review + timedelta(days=365),
            review_on=review,
        )
        _written(owner, Place(kind="complex", code=code), quieter, writer, now)
        if near:
            wider = Content(
                bands=(BandLine(for_kind="complex", category="attention", max=4500),),
                motive=MORE_ROOM,
                review_on=review,
            )
            row = _written(owner, Place(kind="neighbourhood", code=near), wider, writer, now)
            step: dict[str, Any] = {"version": row.public_id, "now": now}
            row = services.approve(user=reader, revision=row.revision, **step)
            services.ask(user=writer, revision=row.revision, **step)


def _written(
    owner: Organisation, place: Place, content: Content, writer: User, now: datetime
) -> Version:
    """Write a draft and send it to a second reader."""
    row = services.start(user=writer, owner=owner, place=place, now=now)
    step: dict[str, Any] = {"user": writer, "version": row.public_id, "now": now}
    row = services.save(content=content, revision=row.revision, **step)
    return services.submit(revision=row.revision, **step)
