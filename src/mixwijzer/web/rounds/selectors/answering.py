"""Who answers about a home, for who decides; and what is asked of a party, for that party."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Missing, User, Visitor
from mixwijzer.web.accounts.permissions import Action, somebody
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.answer_steps import ALLOWED, AnswerAct, AnswerState, Standing, standing
from mixwijzer.web.rounds.models import PartyAnswer, PartyAsk, RoundItem, WeekRound
from mixwijzer.web.rounds.transitions import WeekState

__all__ = ["AskLine", "AskPage", "answers_of", "ask_page", "ask_pages", "ask_work"]

BEFORE = frozenset({WeekState.PREPARED, WeekState.COMPUTED})
OVER = frozenset({WeekState.DROPPED, WeekState.EXECUTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLine:
    """One party beside one home, for who decides; without `id` it is asked once it is on the table.

    `word` is the condition, or the reason to object; `passed` why it was decided without a yes.
    """

    id: uuid.UUID | None
    party: str
    side: str
    because: Mapping[str, Any]
    silence: str
    due: date
    state: str
    worth: Standing | None
    word: str = ""
    by: str = ""
    at: datetime | None = None
    passed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """What is asked of a party about one home, and what it can still do.

    `agreed` says how the association decided: as proposed, otherwise, or None: not yet.
    """

    ask: PartyAsk
    association: str
    party: str
    state: AnswerState
    worth: Standing
    acts: tuple[AnswerAct, ...]
    lines: tuple[PartyAnswer, ...]
    agreed: bool | None
    decided_by: str
    over: bool  # ended, published or taken off; or its home is no longer free
    open: bool
    fell_off: bridge.FellOff | None
    again: uuid.UUID | None = None  # what is asked now in its place

    @property
    def listed(self) -> bool:
        """Whether it still stands in a list: also to say what became of its home."""
        return not self.over or (self.fell_off is not None and self.ask.ended_at is None)

    @property
    def waits(self) -> bool:
        """Whether an answer is still awaited."""
        return self.open and self.state is AnswerState.ASKED


def answers_of(
    row: WeekRound, items: Sequence[RoundItem], day: date
) -> Mapping[int, tuple[AskLine, ...]]:
    """Return who answers about each home and how, or who will be asked; by item."""
    found: dict[int, tuple[AskLine, ...]] = {}
    for key, line in _coming(row, items, day) if row.state in BEFORE else _asked(items, day):
        found[key] = (*found.get(key, ()), line)
    return found


def _coming(row: WeekRound, items: Sequence[RoundItem], day: date) -> Iterable[tuple[int, AskLine]]:
    waiting = [each for each in items if bridge.waits(each)]
    for each in bridge.asked_about(row, waiting, day):
        yield (
            each.item.pk,
            AskLine(
                id=None,
                party=each.party.name,
                side=each.side,
                because=each.because,
                silence=each.silence,
                due=each.due,
                state="",
                worth=None,
            ),
        )


def _asked(items: Sequence[RoundItem], day: date) -> Iterable[tuple[int, AskLine]]:
    if not items:
        return
    owner = items[0].owner_id
    rows = PartyAsk.objects.for_organisation(owner).filter(item__in=items, ended_at=None)
    asks = list(rows.select_related("party").order_by("party__name", "pk"))
    lines = _lines(owner, asks)
    for ask in asks:
        yield ask.item_id, _line(ask, lines.get(ask.pk, ()), day)


def _lines(owner: int, asks: Sequence[PartyAsk]) -> Mapping[int, tuple[PartyAnswer, ...]]:
    rows = PartyAnswer.objects.for_organisation(owner).filter(ask__in=asks)
    found: dict[int, tuple[PartyAnswer, ...]] = {}
    for each in rows.select_related("by").order_by("pk"):
        found[each.ask_id] = (*found.get(each.ask_id, ()), each)
    return found


def _line(ask: PartyAsk, lines: Sequence[PartyAnswer], day: date) -> AskLine:
    """Put one party's answer beside a home: its own words stay, also where it was passed."""
    state = bridge.answer_state(lines)
    given = AnswerState(lines[-1].before) if state is AnswerState.PASSED else state
    own = [each for each in lines if each.after == given and each.side == ask.side]
    last = own[-1] if own and given is not AnswerState.ASKED else None
    return AskLine(
        id=ask.public_id,
        party=ask.party.name,
        side=ask.side,
        because=ask.because,
        silence=ask.silence,
        due=ask.due,
        state=given,
        worth=standing(state, ask.silence, ask.due, day),
        word=last.word if last else "",
        by=last.by.name if last else "",
        at=last.at if last else None,
        passed=lines[-1].word if state is AnswerState.PASSED else "",
    )


# --- for the party itself


def ask_page(user: Visitor, ask: uuid.UUID, *, now: datetime) -> AskPage:
    """Return what one line asks of this person's organisation; `Missing` where it is another's."""
    person = somebody(user)
    rows = PartyAsk.objects.visible_to(person).filter(
        public_id=ask, party__in=person.owners(Action.ANSWER_ROUNDS)
    )
    found = _pages(rows.select_related("owner", "party"), localdate(now))
    if not found:
        raise Missing
    later = PartyAsk.objects.visible_to(person).filter(
        item=found[0].ask.item_id, party=found[0].ask.party_id, ended_at=None
    )
    again = later.exclude(public_id=ask).values_list("public_id", flat=True).first()
    return replace(found[0], again=again)


def ask_pages(user: Visitor, *, now: datetime) -> tuple[AskPage, ...]:
    """Return what is asked of this person's organisation and isn't over, the first due first."""
    person = somebody(user)
    mine = person.owners(Action.ANSWER_ROUNDS)
    if not mine:
        return ()
    rows = PartyAsk.objects.visible_to(person).filter(ended_at=None, party__in=mine)
    found = _pages(rows.select_related("owner", "party").order_by("due", "pk"), localdate(now))
    return tuple(each for each in found if each.listed)


def ask_work(user: User, *, now: datetime) -> tuple[AskPage, ...]:
    """Return the lines about which an answer of this person's organisation still waits."""
    return tuple(each for each in ask_pages(user, now=now) if each.waits)


def _pages(rows: Iterable[PartyAsk], day: date) -> tuple[AskPage, ...]:
    """Read what belongs to asks, on behalf of each association whose rows that are."""
    asks = list(rows)
    items: dict[int, RoundItem] = {}
    lines: dict[int, tuple[PartyAnswer, ...]] = {}
    fallen: dict[int, bridge.FellOff] = {}
    for owner in dict.fromkeys(each.owner for each in asks):
        own = [each for each in asks if each.owner_id == owner.pk]
        with acting_for(owner):
            known = RoundItem.objects.for_organisation(owner).filter(
                pk__in=[each.item_id for each in own]
            )
            related = known.select_related("week_round", "vacancy", "decision", "answered_by")
            items |= {each.pk: each for each in bridge.with_decisions(related)}
            lines |= _lines(owner.pk, own)
            fallen |= bridge.fallen(items[each.item_id] for each in own)
    return tuple(
        _page(each, items[each.item_id], lines.get(each.pk, ()), fallen.get(each.item_id), day)
        for each in asks
    )


def _page(
    ask: PartyAsk,
    item: RoundItem,
    lines: tuple[PartyAnswer, ...],
    fallen: bridge.FellOff | None,
    day: date,
) -> AskPage:
    state, decided = bridge.answer_state(lines), bridge.stands(item)
    gone = item.week_round.state in OVER or fallen is not None
    over = ask.ended_at is not None or gone
    on_table = item.week_round.state == WeekState.RELEASED
    is_open = on_table and not over and not decided and day <= ask.due
    return AskPage(
        ask=ask,
        association=ask.owner.name,
        party=ask.party.name,
        state=state,
        worth=standing(state, ask.silence, ask.due, day),
        acts=tuple(
            act for act in AnswerAct if is_open and ask.side in ALLOWED.get((state, act), ())
        ),
        lines=lines,
        agreed=item.agreed if decided else None,
        decided_by=item.answered_by.name if decided and item.answered_by else "",
        over=over,
        open=is_open,
        fell_off=fallen,
    )
