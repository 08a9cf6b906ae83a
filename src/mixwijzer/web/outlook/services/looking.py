"""Compute the look ahead of an association, and keep it."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.services import keep_room
from mixwijzer.web.outlook import bridge
from mixwijzer.web.outlook.models import Outlook

__all__ = ["look_ahead"]


def look_ahead(*, owner: Organisation, now: datetime, most: int | None = None) -> int:
    """Compute what isn't kept of today's rows, at most so many; return how many there were.

    Each is kept as soon as it is there: who is stopped half-way loses nothing, and what was
    computed again from the same rows is the same.
    """
    day = localdate(now)
    wanted = bridge.made_of(owner, day)
    rows = Outlook.objects.for_organisation(owner).filter(scheme=bridge.SCHEME)
    there = dict(rows.values_list("complex", "made_of"))
    waiting = sorted(pk for pk, made_of in wanted.items() if there.get(pk) != made_of)
    stale = frozenset(waiting[:most])
    if not stale:
        return 0
    made = 0
    for each in bridge.look(owner, day, now, only=stale):
        row = Outlook(
            owner=owner,
            complex_id=each.complex,
            scheme=bridge.SCHEME,
            made_of=wanted[each.complex],
            made_at=now,
            brief=bridge.dump(each.brief),
            content=bridge.dump(each.whole),
        )
        rows.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["owner", "complex", "scheme"],
            update_fields=["made_of", "made_at", "brief", "content"],
        )
        keep_room(owner=owner, complex_id=each.complex, room=each.room, now=now)
        made += 1
    return made
