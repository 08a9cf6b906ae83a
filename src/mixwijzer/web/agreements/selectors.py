"""How far are we with what we promised?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.agreements import bridge, models

__all__ = ["ObligationLine", "obligations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationLine:
    """One promise and where it stands, in its own unit (persons or households)."""

    code: str
    group: str
    association: str
    start: date
    end: date
    unit: str
    target: int
    carried: int
    realised: int
    under_way: int
    remaining: int
    pace: float
    without_persons: int


def obligations(user: User, *, day: date) -> tuple[ObligationLine, ...]:
    """Return the promises that run on a day and that this reader may see, per association."""
    rows = (
        models.Obligation.objects.visible_to(user)
        .filter(replaced_at__isnull=True, start__lte=day, end__gt=day)
        .select_related("owner")
        .order_by("owner__name", "pk")
    )
    owners: dict[int, tuple[Organisation, list[int]]] = {}
    for row in rows:
        owners.setdefault(row.owner_id, (row.owner, []))[1].append(row.pk)
    lines: list[ObligationLine] = []
    for owner, promises in owners.values():
        with acting_for(owner):  # counted in the association's rows, for who made the agreement too
            lines += _lines(owner, promises, day)
    return tuple(lines)


def _lines(owner: Organisation, promises: list[int], day: date) -> list[ObligationLine]:
    found = bridge.OBLIGATIONS.read(
        models.Obligation.objects.for_organisation(owner).filter(pk__in=promises).order_by("pk")
    )
    return [
        ObligationLine(
            code=each.obligation.id,
            group=each.obligation.group,
            association=owner.name,
            start=each.obligation.start,
            end=each.obligation.end,
            unit=each.obligation.unit,
            target=each.obligation.target,
            carried=each.obligation.carried,
            realised=each.realised,
            under_way=each.under_way,
            remaining=each.remaining,
            pace=each.pace,
            without_persons=each.without_persons,
        )
        for each in bridge.counted(owner, found, day)
    ]
