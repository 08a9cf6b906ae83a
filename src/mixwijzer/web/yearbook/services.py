"""Freeze a baseline."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from mixwijzer.exchange.refused import personal_in
from mixwijzer.web.accounts.models import Organisation, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register.models import Complex
from mixwijzer.web.yearbook import bridge
from mixwijzer.web.yearbook.models import Baseline
from mixwijzer.web.yearbook.refusals import NothingYet, ReasonMissing

__all__ = ["freeze"]

LONGEST = 500  # a reason [characters]


@transaction.atomic
def freeze(*, user: Visitor, owner: Organisation, reason: str, now: datetime) -> Baseline:
    """Write down how everything is now, with its hash; once a year, again with a reason.

    Raises
    ------
    NothingYet
        There are no homes.
    ReasonMissing
        There is one of this year already, and nothing says why another.
    """
    person = somebody(user)
    require(user, Action.FREEZE, owner)
    audit.lock(owner)
    day = localdate(now)
    if not Complex.objects.for_organisation(owner).exists():
        raise NothingYet
    same = Baseline.objects.for_organisation(owner).filter(scheme=bridge.SCHEME, year=day.year)
    last = same.aggregate(last=Max("number"))["last"] or 0
    told = " ".join(reason.replace("\x00", " ").split())[:LONGEST]
    if (last and not told) or personal_in(told):
        raise ReasonMissing
    frozen = bridge.frozen(owner, day)
    row = Baseline(
        owner=owner,
        scheme=bridge.SCHEME,
        year=day.year,
        number=last + 1,
        made_at=now,
        by=person,
        reason=told,
        day=day,
        data_date=frozen.data_date,
        engine_version=frozen.engine_version,
        normset=frozen.normset,
        content=frozen.text,
        sha256=bridge.hash_of(frozen.text),
    )
    row.save(force_insert=True)
    audit.record(
        organisation=owner,
        action="yearbook.freeze",
        actor=person,
        subject=row.public_id,
        facts={"baseline": str(row), "sha256": row.sha256},
        at=now,
    )
    return row
