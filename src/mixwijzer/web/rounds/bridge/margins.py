"""How far are the margins of this year used, by the lettings of an association?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mixwijzer.engine.allocation import Margin, margin
from mixwijzer.engine.portfolio import Ground
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import bridge as register

__all__ = ["FREE", "FREE_ROOM", "Margins", "margins"]

FREE_ROOM = "free_room"
FREE, AGREED = "letting.free_allocation_room", "letting.free_allocation_room_agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """How far the margins of the year are used; shares by norm, None where it ended."""

    free: Margin
    special: Margin
    law: float | None
    agreed: float | None


def margins(owner: Organisation, day: date, *, but: Sequence[str] = ()) -> Margins:
    """Return how far the margins of this year are used, from its lettings; two queries."""
    start = date(day.year, 1, 1)
    rows = register.current(register.LETTINGS, owner, on__gte=start, on__lte=day)
    grounds = list(rows.exclude(notice__in=but).values_list("ground", flat=True))
    elapsed = ((day - start).days + 1) / ((date(day.year + 1, 1, 1) - start) / timedelta(days=1))
    special = sum(each != Ground.NONE_NEEDED for each in grounds)
    return Margins(
        free=margin(grounds.count(FREE_ROOM), len(grounds), elapsed),
        special=margin(special, len(grounds), elapsed),
        law=_share(FREE, day),
        agreed=_share(AGREED, day),
    )


def _share(key: str, day: date) -> float | None:
    told = register.norm_if_any(key, day)
    return None if told is None else float(told)
