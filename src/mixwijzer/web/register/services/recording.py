"""Record what somebody says of a complex, and whose complex it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from mixwijzer.engine.portfolio import Judgement
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.register import bridge, models
from mixwijzer.web.register.services.accounts import rebuild_accounts
from mixwijzer.web.register.services.ledgers import store

__all__ = ["record_judgements", "undertake_all"]


@transaction.atomic
def record_judgements(
    *,
    owner: Organisation,
    complex_id: int,
    judge: User,
    values: Iterable[Judgement],
    now: datetime,
    day: date,
) -> None:
    """Record one judge's round in a complex and bring its account up to date."""
    said = [replace(value, by=str(judge.public_id), recorded_at=now) for value in values]
    store(
        table=bridge.JUDGEMENTS,
        owner=owner,
        values=said,
        now=now,
        extra=lambda _: {"complex_id": complex_id, "judge_id": judge.pk},
        standing=bridge.current(bridge.JUDGEMENTS, owner, complex=complex_id, on=day),
    )
    rebuild_accounts(owner=owner, complexes=[complex_id], day=day, now=now)


def undertake_all(*, owner: Organisation, whose: Mapping[tuple[int, str], User]) -> None:
    """Say, per complex (primary key) and role, whose it is; what isn't named stays."""
    rows = [
        models.Undertaking(owner=owner, complex_id=complex_id, role=role, user=person)
        for (complex_id, role), person in whose.items()
    ]
    models.Undertaking.objects.for_organisation(owner).bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["complex", "role"],
        update_fields=["user"],
    )
