"""Lay the key figures of an association on the table with a municipality."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.accounts.roles import OrganisationKind
from mixwijzer.web.audit import services as audit
from mixwijzer.web.outlook.models import KeyFigures
from mixwijzer.web.outlook.refusals import NothingToLay
from mixwijzer.web.outlook.selectors.sharing import last_laid, on_the_table

__all__ = ["lay"]


@transaction.atomic
def lay(
    *, user: Visitor, owner: Organisation, municipality: uuid.UUID, now: datetime
) -> KeyFigures:
    """Let a municipality read these figures as they are now; what lies there already stays.

    Raises
    ------
    Missing
        No such municipality.
    NothingToLay
        There is nothing of today's rows to lay there.
    """
    require(user, Action.WRITE_AGREEMENTS, owner)
    audit.lock(owner)  # who sends the form twice lays it there once
    towns = Organisation.objects.filter(kind=OrganisationKind.MUNICIPALITY)
    party = towns.filter(public_id=municipality).first()
    if party is None:
        raise Missing
    content, last = on_the_table(owner, party, localdate(now)), last_laid(owner, party)
    if content is None:
        raise NothingToLay
    if last and last.content == content:
        return last
    row = KeyFigures(
        owner=owner, municipality=party, laid_at=now, by=somebody(user), content=content
    )
    row.save(force_insert=True)
    audit.record(
        organisation=owner,
        action="outlook.lay",
        actor=somebody(user),
        subject=row.public_id,
        facts={"municipality": party.name},
        at=now,
    )
    return row
