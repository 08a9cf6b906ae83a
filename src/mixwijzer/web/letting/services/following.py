"""What follows for the work on vacancies when the register changed? Named by `REGISTER_FOLLOWER`.

The register knows nothing about vacancies; it asks this module before and after it changes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Subquery

from mixwijzer.engine.portfolio import Channel
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.models import Decision, Vacancy
from mixwijzer.web.letting.services.closing import close_work
from mixwijzer.web.letting.services.noticing import consultants, handed, take_up
from mixwijzer.web.letting.services.reopening import reopen_standing
from mixwijzer.web.letting.transitions import Event, State, allowed
from mixwijzer.web.register.models import Notice

__all__ = ["channels", "decided", "follow", "work_on"]


def follow(*, owner: Organisation, now: datetime, by: User | None) -> None:
    """Start the work on new notices, close it where a notice was closed or taken back.

    Where a notice that was over is open again, the work on it goes on.
    """
    _go_along(owner=owner, now=now, by=by)
    take_up(owner=owner, now=now, by=by)
    standing = Notice.objects.for_organisation(owner).filter(
        code=OuterRef("code"), replaced_at=None
    )
    gone = (
        Vacancy.objects.for_organisation(owner)
        .exclude(state=State.CLOSED)
        .filter(~Exists(standing))
    )
    close_work(gone, owner=owner, by=by, now=now)
    reopen_standing(owner=owner, by=by, now=now)


def _go_along(*, owner: Organisation, now: datetime, by: User | None) -> None:
    """Let the work on a home that lies in another complex now go on there.

    As long as nothing was decided it begins with the question again: the view was of elsewhere.
    """
    standing = Notice.objects.for_organisation(owner).filter(
        code=OuterRef("code"), replaced_at=None
    )
    elsewhere = (
        Vacancy.objects.for_organisation(owner)
        .exclude(state=State.CLOSED)
        .annotate(place=Subquery(standing.values("complex_id")[:1]))
        .exclude(place=None)
        .exclude(place=F("complex_id"))
        .select_related("owner", "responsible")
        .order_by("pk")
    )
    people = consultants(owner)
    for row in list(elsewhere):
        row.complex_id = row.place
        row.save(update_fields=["complex"])
        person = people.get(row.complex_id) or row.responsible
        if person and allowed(row.state, Event.HAND_OVER):
            handed(row, person, by=by, now=now)


def work_on(owner: Organisation) -> int:
    """Return how many advices are open: their numbers may move with the register."""
    return Vacancy.objects.for_organisation(owner).filter(state=State.ADVISED).count()


def decided(owner: Organisation, notices: Collection[str], *, since: datetime) -> int:
    """Return on how many of these notices somebody decided since a moment."""
    rows = Decision.objects.for_organisation(owner).filter(
        vacancy__code__in=notices, withdrawn_at=None, at__gte=since
    )
    return rows.count()


def channels(day: date) -> tuple[Channel, ...]:
    """Return the ways of letting of an organisation that named none."""
    return bridge.shipped_channels(day)
