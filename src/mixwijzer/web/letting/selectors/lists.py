"""Which lists of candidates were brought in lately, and what keeps one from being taken back?"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts.models import Visitor
from mixwijzer.web.accounts.permissions import Action, may
from mixwijzer.web.letting.models import Candidate, CandidateList, MatchStep

__all__ = [
    "LIST_DAYS",
    "Hindrance",
    "ListPage",
    "TakingBack",
    "list_page",
    "lists_lately",
    "taking_back",
    "until",
]

LIST_DAYS = 14  # as long a list can be taken back [days]


class Hindrance(TextChoices):
    """Why a candidate of a list keeps it from being taken back."""

    PROPOSED = "proposed", _("proposed for a home since, or a match went on")
    CORRECTED = "corrected", _("something else was written down since")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingBack:
    """What taking a list back would do, by the records of today of who stands in it.

    `entered` leave, `corrected` get back what stood before; who `left` since stays so. `hindered`
    are candidates for whom it is too late.
    """

    entered: Sequence[Candidate]
    corrected: Sequence[tuple[Candidate, Candidate]]
    left: Sequence[Candidate]
    hindered: Sequence[tuple[Candidate, Hindrance]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One list that was brought in, and what can be done with it."""

    row: CandidateList
    until: datetime
    late: bool
    does: TakingBack
    may_take_back: bool


def lists_lately(user: Visitor, *, now: datetime) -> tuple[CandidateList, ...]:
    """Return the lists that are young enough to be taken back, the latest first."""
    rows = CandidateList.objects.visible_to(user).filter(at__gt=now - timedelta(days=LIST_DAYS))
    return tuple(rows.select_related("by", "partner_organisation").order_by("-at", "-pk"))


def list_page(user: Visitor, listed: uuid.UUID, *, now: datetime) -> ListPage:
    """Return one list; `Missing` where there is none, or another organisation's."""
    row = CandidateList.objects.one(user, listed)
    does, late = taking_back(row), until(row) <= now
    able = not late and row.taken_back_at is None and not does.hindered
    return ListPage(
        row=row,
        until=until(row),
        late=late,
        does=does,
        may_take_back=able and may(user, Action.MATCH),
    )


def until(row: CandidateList) -> datetime:
    """Return the moment from which a list can be taken back no more."""
    return row.at + timedelta(days=LIST_DAYS)


def taking_back(row: CandidateList) -> TakingBack:
    """Return what taking a list back would do; three queries."""
    rows = Candidate.objects.for_organisation(row.owner_id)
    wrote = {each.number: each for each in rows.filter(listed=row).order_by("pk")}
    records = rows.filter(number__in=list(wrote)).order_by("recorded_at", "pk")
    now = {each.number: each for each in records.filter(replaced_at=None)}
    before = {each.number: each for each in records if each.pk < wrote[each.number].pk}
    moved = set(
        MatchStep.objects.for_organisation(row.owner_id)
        .filter(match__candidate__in=list(wrote), at__gte=row.at)
        .values_list("match__candidate", flat=True)
    )
    entered, corrected, left, hindered = [], [], [], []
    for number, each in sorted(wrote.items()):
        if number in moved:
            hindered.append((now[number], Hindrance.PROPOSED))
        elif now[number].left_on:
            left.append(now[number])
        elif _differs(now[number], each):
            hindered.append((now[number], Hindrance.CORRECTED))
        elif number in before:
            corrected.append((now[number], before[number]))
        else:
            entered.append(now[number])
    return TakingBack(entered=entered, corrected=corrected, left=left, hindered=hindered)


def _differs(now: Candidate, then: Candidate) -> bool:
    """Whether something else is told of a candidate now than a list told."""
    return any(getattr(now, name) != getattr(then, name) for name in Candidate.TOLD)
