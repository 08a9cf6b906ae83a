"""A round of judgements that runs in the made-up town, so that somebody can answer it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.pulse import services as pulse
from mixwijzer.web.register.models import AccountState, Complex, Undertaking

__all__ = ["lay_out"]

PLACES, WEEKS = 3, timedelta(weeks=3)


def lay_out(owner: Organisation, people: Mapping[str, User], now: datetime) -> None:
    """Let a round run about a few places of one consultant and one manager.

    Places without an open vacancy: who is asked about a place sees nothing of it until then.
    """
    day = timezone.localdate(now)
    both = [people[f"{name}@zilverlinde.example"] for name in ("iris", "hans")]
    theirs = [Undertaking.objects.for_organisation(owner).filter(user=each) for each in both]
    busy = Vacancy.objects.for_organisation(owner).values("complex")
    quiet = Complex.objects.for_organisation(owner).exclude(pk__in=busy)
    for rows in theirs:
        quiet = quiet.filter(pk__in=rows.values("complex"))
    places = _largest(quiet)
    if not places:
        return
    head = people["mo@zilverlinde.example"]
    asked = pulse.make_round(
        user=head,
        name=f"Beelden {day.year}",
        start=day,
        until=day + WEEKS,
        complexes=places,
        by_group=False,
        key=uuid.uuid4(),
        now=now,
    )
    pulse.start_round(user=head, round_id=asked.public_id, now=now)


def _largest(places: QuerySet[Complex]) -> list[uuid.UUID]:
    """Return the complexes with most homes, of those that are judged as a whole."""
    states = AccountState.of_everybody.filter(complex__in=places)
    per_group = states.exclude(scope_code=F("complex__code"))
    whole = states.exclude(complex__in=per_group.values("complex"))
    largest = whole.order_by("-base", "complex__code")
    return list(largest.values_list("complex__public_id", flat=True)[:PLACES])
