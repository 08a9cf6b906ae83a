"""Can everything that was agreed hold together? Read from what was computed last.

The answer is of all homes of an association together, and so of every complex: who must first give
an own view of one of them reads what is owed, and the answer after that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, cast

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.agreements.selectors import ObligationLine, obligations
from mixwijzer.web.letting.selectors import Hidden
from mixwijzer.web.outlook import bridge
from mixwijzer.web.outlook.kept import Kept
from mixwijzer.web.outlook.models import Outlook, Weighing
from mixwijzer.web.outlook.selectors.comparing import first_hidden
from mixwijzer.web.profiles.selectors import named_place

__all__ = ["Weighed", "weighings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What was computed of one association.

    `document` is what the command line says, None before it was computed and before the reader's
    own view (`hidden`); `current` is whether it stands on today's rows; `places` names the places
    whose profiles it speaks of, by kind and code. `prices` is what one more letting costs by group,
    as looked ahead last [household-years]; None where what is owed can't be kept for good.
    """

    association: str
    lines: tuple[ObligationLine, ...]
    hidden: Hidden | None
    document: Mapping[str, Any] | None
    prices: Mapping[str, float] | None
    made_at: datetime | None
    current: bool
    places: Mapping[tuple[str, str], str]


def weighings(user: Visitor, *, now: datetime) -> tuple[Weighed, ...]:
    """Return what was computed of each association of which this reader may see it."""
    person, day = somebody(user), localdate(now)
    both = person.owners(Action.SEE_ADVICE) & person.owners(Action.SEE_OBLIGATIONS)
    lines = obligations(person, day=day)
    kept = {row.owner_id: row for row in Weighing.objects.visible_to(person)}
    return tuple(
        _weighed(person, owner, kept.get(owner.pk), lines, now)
        for owner in Organisation.objects.filter(pk__in=both).order_by("name")
    )


def _weighed(
    user: User,
    owner: Organisation,
    row: Weighing | None,
    lines: tuple[ObligationLine, ...],
    now: datetime,
) -> Weighed:
    hidden = first_hidden(user, owner)
    document = json.loads(row.document) if row and hidden is None else None
    return Weighed(
        association=owner.name,
        lines=tuple(each for each in lines if each.association == owner.name),
        hidden=hidden,
        document=document,
        prices={} if hidden else _prices(owner),
        made_at=row.made_at if row else None,
        current=bool(row and row.made_of == bridge.weighed_of(owner, localdate(now))),
        places=dict(_places(user, document)) if document else {},
    )


def _prices(owner: Organisation) -> Mapping[str, float] | None:
    rows = Outlook.objects.for_organisation(owner).filter(scheme=bridge.SCHEME)
    last = rows.order_by("-made_at", "pk").first()
    if last is None:
        return {}
    prices = cast("Kept", bridge.load(last.content)).prices
    return None if prices is None else dict(prices)


def _places(user: User, document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield how the places are called whose profiles clash."""
    told = document.get("feasibility") or {"conflict": None, "one_more": ()}
    clashes = [told["conflict"], *(each["conflict"] for each in told["one_more"])]
    setters = {
        (each["set_by_kind"], each["set_by"])
        for clash in clashes
        if clash
        for each in chain(clash["agreements"], *clash["ways_out"])
        if each["row"]
    }
    for kind, code in sorted(setters):
        try:
            yield (kind, code), named_place(user, kind, code)[1].name
        except Missing:
            continue  # a place of another organisation, or one that is gone
