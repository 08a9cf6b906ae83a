"""Keep each complex as it was priced with its portfolio, so that an advice can look ahead."""

from __future__ import annotations

from datetime import datetime

from mixwijzer.engine.steering import Room
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.models import PricedRoom

__all__ = ["keep_room"]


def keep_room(*, owner: Organisation, complex_id: int, room: Room | None, now: datetime) -> None:
    """Keep what a complex was priced at now, instead of before; None: it can't be priced."""
    rows = PricedRoom.objects.for_organisation(owner)
    if room is None:
        rows.filter(complex=complex_id, scheme=bridge.DEFAULT_SCHEME).delete()
        return
    row = PricedRoom(
        owner=owner,
        complex_id=complex_id,
        scheme=bridge.DEFAULT_SCHEME,
        priced_at=now,
        content=bridge.room_text(room),
    )
    rows.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["owner", "complex", "scheme"],
        update_fields=["priced_at", "content"],
    )
