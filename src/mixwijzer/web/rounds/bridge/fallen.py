"""Why is a home no longer on the sheet: for who decides, and for who was asked about it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mixwijzer.web.letting.models import Step
from mixwijzer.web.letting.reasons import NoticeEnd
from mixwijzer.web.letting.transitions import Event, State
from mixwijzer.web.rounds.bridge.week import fell_off
from mixwijzer.web.rounds.models import RoundItem

__all__ = ["FellOff", "fallen"]

_LET = frozenset({NoticeEnd.LET_OUTSIDE, NoticeEnd.LEASE})


@dataclass(frozen=True, slots=True, kw_only=True)
class FellOff:
    """When a notice was over, and why where somebody or a file said so; `let` when it was let."""

    at: datetime
    let: bool
    why: str


def fallen(rows: Iterable[RoundItem]) -> Mapping[int, FellOff]:
    """Return of homes that are no longer on the sheet what became of them, by item."""
    gone = [each for each in rows if fell_off(each)]
    if not gone:
        return {}
    closed = Step.objects.for_organisation(gone[0].owner_id).filter(
        vacancy__in=[each.vacancy_id for each in gone], event=Event.CLOSE
    )
    last = {each.vacancy_id: each for each in closed.order_by("pk")}
    return {each.pk: _told(last[each.vacancy_id]) for each in gone}


def _told(step: Step) -> FellOff:
    why = str(step.facts.get("why", ""))
    return FellOff(at=step.at, let=step.before == State.LET or why in _LET, why=why)
