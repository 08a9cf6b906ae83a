"""What a decision promises counts in the account of its complex, until the home is let."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from mixwijzer.engine.portfolio import Ground, Letting
from mixwijzer.web.letting.models import Decision, Vacancy
from mixwijzer.web.register.bridge import LETTINGS, current
from mixwijzer.web.register.services import close, store

__all__ = ["promise", "unpromise"]


def promise(vacancy: Vacancy, decided: Decision, *, now: datetime) -> None:
    """Count the home as promised the way that was decided; who calls makes the account anew."""
    told = Letting(
        vacancy=vacancy.code,
        channel=decided.channel,
        ground=Ground(decided.ground),
        on=localdate(decided.at),
        recorded_at=now,
    )
    store(
        table=LETTINGS,
        owner=vacancy.owner,
        values=[told],
        now=now,
        extra=lambda _: {"complex_id": vacancy.complex_id},
        standing=current(LETTINGS, vacancy.owner, notice=vacancy.code),
    )


def unpromise(vacancy: Vacancy, *, now: datetime) -> None:
    """Let whatever is known of a letting of this notice hold no longer."""
    rows = current(LETTINGS, vacancy.owner, notice=vacancy.code).values_list("pk", flat=True)
    close(table=LETTINGS, owner=vacancy.owner, rows=rows, now=now)
