"""What did parties say about homes on the table that who decides has to know of?

An objection, a yes with a condition, or an answer that was taken back, as long as it isn't decided
about the home. It is told to who leads and to whom the home is given; not to somebody who still has
to say how it is there: the sheet is closed to him, and that a party was asked says something.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.permissions import may
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.letting.selectors import hidden_complexes
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.answer_steps import AnswerAct, Side
from mixwijzer.web.rounds.models import PartyAnswer, PartyAsk, RoundItem, WeekRound
from mixwijzer.web.rounds.transitions import WeekState

__all__ = ["TELLING", "WeekWork", "concerns", "sees_sheet", "week_work"]

TELLING = frozenset({AnswerAct.OBJECT, AnswerAct.AGREE_IF, AnswerAct.TAKE_BACK})
"""The acts of a party that call who decides; a plain yes holds nothing up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekWork:
    """A round on the table in which parties said something about this person's homes.

    `said` counts their answers by what was done last; `due` is the first day to decide by.
    """

    id: uuid.UUID
    year: int
    week: int
    said: Mapping[AnswerAct, int]
    due: date


def week_work(user: User) -> tuple[WeekWork, ...]:
    """Return the rounds on the table that wait for somebody because of what parties said."""
    deciding = user.owners(Action.DECIDE)
    if not deciding:
        return ()
    rows = WeekRound.objects.visible_to(user).filter(state=WeekState.RELEASED, owner__in=deciding)
    lines = (_line(user, row) for row in rows.order_by("year", "week", "pk"))
    return tuple(line for line in lines if line)


def _line(user: User, row: WeekRound) -> WeekWork | None:
    leads = may(user, Action.READ_SECOND, row)
    own = [each for each in _heard(row) if concerns(user, each[0].item, leads=leads)]
    if not own or not sees_sheet(user, row):
        return None
    return WeekWork(
        id=row.public_id,
        year=row.year,
        week=row.week,
        said=Counter(act for _, act in own),
        due=min(ask.due for ask, _ in own),
    )


def concerns(user: User, item: RoundItem, *, leads: bool) -> bool:
    """Whether it is for this person to know what is said about a home."""
    return leads or item.vacancy.responsible_id == user.pk


def sees_sheet(user: User, row: WeekRound) -> bool:
    """Whether the sheet is open to somebody: nothing about its homes is asked of him any more."""
    asked = [key for key, each in hidden_complexes(user).items() if each.asked]
    items = RoundItem.objects.for_organisation(row.owner_id).filter(week_round=row)
    return not items.filter(vacancy__complex__in=asked).exists()


def _heard(row: WeekRound) -> Iterator[tuple[PartyAsk, AnswerAct]]:
    """Yield what is asked about homes that wait, with the last act of its party, where it tells."""
    items = RoundItem.objects.for_organisation(row.owner_id).filter(week_round=row)
    related = items.select_related("week_round", "vacancy", "decision")
    waiting = {each.pk: each for each in bridge.with_decisions(related) if bridge.waits(each)}
    rows = PartyAsk.objects.for_organisation(row.owner_id).filter(item__in=waiting, ended_at=None)
    asks = list(rows.order_by("pk"))
    last = _last_acts(row.owner_id, asks)
    for ask in asks:
        if (act := last.get(ask.pk)) in TELLING:
            ask.item = waiting[ask.item_id]
            yield ask, AnswerAct(act)


def _last_acts(owner: int, asks: Sequence[PartyAsk]) -> Mapping[int, str]:
    """Return what each party itself did last; what the association did about it isn't news."""
    rows = PartyAnswer.objects.for_organisation(owner).filter(ask__in=asks)
    own = rows.exclude(side=Side.ASSOCIATION).order_by("pk")
    return dict(own.values_list("ask_id", "act"))
