"""Take a list of candidates back that was brought in: all of it, or nothing."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.permissions import Action, require
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.models import CandidateList
from mixwijzer.web.letting.refusals import ListBuiltOn, ListTooLongAgo
from mixwijzer.web.letting.selectors.lists import TakingBack, taking_back, until
from mixwijzer.web.letting.services.candidates import as_before, entered_wrong

__all__ = ["take_list_back"]


@transaction.atomic
def take_list_back(*, user: User, listed: uuid.UUID, now: datetime) -> None:
    """Let who came in by a list leave, and say again what stood before of who was corrected.

    Taken back twice it is once. Who came in is forgotten as one who was entered by mistake, so
    that a mended list brings him in anew.

    Raises
    ------
    ListTooLongAgo
        It came in more than `LIST_DAYS` days ago.
    ListBuiltOn
        Somebody of it was proposed, or written down anew since; nothing was changed.
    """
    seen = CandidateList.objects.one(user, listed)
    require(user, Action.MATCH, seen)
    audit.lock(seen.owner)
    row = CandidateList.objects.visible_to(user).select_for_update(of=("self",)).get(pk=seen.pk)
    if row.taken_back_at is not None:
        return
    if until(row) <= now:
        raise ListTooLongAgo(since=row.at)
    does = taking_back(row)
    if does.hindered:
        raise ListBuiltOn(numbers=tuple(each.number for each, _ in does.hindered))
    for entered in does.entered:
        entered_wrong(entered, by=user, now=now)
    for corrected, before in does.corrected:
        as_before(corrected, before, by=user, now=now)
    row.taken_back_at, row.taken_back_by = now, user
    row.save(update_fields=["taken_back_at", "taken_back_by"])
    _told(row, does, user, now)


def _told(row: CandidateList, does: TakingBack, user: User, now: datetime) -> None:
    audit.record(
        organisation=row.owner,
        action="candidate.take_list_back",
        actor=user,
        subject=row.public_id,
        facts={
            "entered": len(does.entered),
            "corrected": len(does.corrected),
            "left": len(does.left),
        },
        at=now,
    )
