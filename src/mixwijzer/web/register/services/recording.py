"""Record what somebody says of a complex, and whose complex it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from mixwijzer.engine.portfolio import Judgement
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.register import bridge, models
from mixwijzer.web.register.services.accounts import rebuild_accounts
from mixwijzer.web.register.services.ledgers import store

__all__ = ["record_judgements", "undertake"]


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
        extra=lambda row: {"complex_id": complex_id, "judge_id": judge.pk},
    )
    rebuild_accounts(owner=owner, complexes=[complex_id], day=day, now=now)


def undertake(*, owner: Organisation, complex_id: int, user: User, role: str) -> None:
    """Say whose complex this is."""
    models.Undertaking.objects.for_organisation(owner).update_or_create(
        complex_id=complex_id, role=role, defaults={"user": user, "owner": owner}
    )
