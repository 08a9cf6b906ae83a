"""Make a week round, compute it, put it on the table, confirm home by home, adopt, publish.

Confirming a home is the decision of its vacancy and nothing less: own view first, a reason, the
second reader where a norm asks one. Undoing takes that decision back, until the round is published.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.exchange.refused import personal_in
from mixwijzer.web.accounts.models import Organisation, Visitor
from mixwijzer.web.accounts.permissions import Action, require, somebody
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting import services as letting
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.services import refused_part
from mixwijzer.web.letting.transitions import OPEN, State
from mixwijzer.web.register.models import Dwelling, Notice
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.adverts import advert_of
from mixwijzer.web.rounds.models import RoundItem, WeekRound
from mixwijzer.web.rounds.refusals import (
    AdvertRefused,
    AlreadyAnswered,
    HomesWrong,
    NoLongerDecided,
    NotAllAnswered,
    NotFree,
    NothingComputed,
    Stale,
    WeekNotNow,
    WeekTaken,
    WeekTrouble,
)
from mixwijzer.web.rounds.selectors.choosing import held_in_cities
from mixwijzer.web.rounds.services import answering
from mixwijzer.web.rounds.services.holding import after, item_held, locked, moved, told
from mixwijzer.web.rounds.transitions import PERMISSION, WeekEvent, WeekState

__all__ = ["answer", "compute", "make", "step", "undo", "write_advert"]

DIRECT = "INT"  # intake form of a way without an advertisement
CLASHING = frozenset({"clash", "ways_out", "settled"})
DECIDED = frozenset({State.DECIDED, State.SECOND_READING})  # a decision can be taken back
ANSWER = ["decision", "agreed", "answered_by", "answered_at", "elsewhere"]


@transaction.atomic
def make(
    *,
    user: Visitor,
    owner: Organisation,
    week: tuple[int, int],
    vacancies: Sequence[uuid.UUID],
    key: uuid.UUID,
    now: datetime,
) -> WeekRound:
    """Make the round of a week with these vacancies; a form sent twice makes one.

    Raises
    ------
    WeekTaken
        Somebody already made it.
    HomesWrong
        No homes, more than a week has, or one that isn't open.
    NotFree
        A city round has one of them.
    """
    person = somebody(user)
    require(user, Action.DECIDE, owner)
    audit.lock(owner)
    rounds = WeekRound.objects.for_organisation(owner)
    before = rounds.filter(key=key).first()
    if before is not None:
        return before
    standing = rounds.filter(year=week[0], week=week[1]).exclude(state=WeekState.DROPPED)
    taken = standing.select_related("made_by").first()
    if taken is not None:
        raise WeekTaken(taken.made_by.name)
    wanted = dict.fromkeys(vacancies)
    rows = Vacancy.objects.visible_to(user).filter(owner=owner, state__in=OPEN)
    homes = list(rows.filter(public_id__in=wanted))
    if not 0 < len(wanted) <= bridge.MOST_HOMES or len(homes) != len(wanted):
        raise HomesWrong(len(wanted), bridge.MOST_HOMES)
    cities = held_in_cities(owner)
    if held := [(each.dwelling, cities[each.pk]) for each in homes if each.pk in cities]:
        raise NotFree(name=f"{week[0]}-{week[1]:02d}", taken=held)
    made = WeekRound(
        owner=owner,
        year=week[0],
        week=week[1],
        made_by=person,
        made_at=now,
        moved_at=now,
        moved_by=person,
        key=key,
    )
    made.save(force_insert=True)
    by_notice = _notices(owner, homes)
    ordered = sorted(homes, key=lambda each: (_due(by_notice[each.code]), each.code))
    RoundItem.objects.for_organisation(owner).bulk_create(
        [
            RoundItem(owner=owner, week_round=made, vacancy=each, place=place)
            for place, each in enumerate(ordered, 1)
        ]
    )
    told(made, "make", person, now, {"homes": len(homes)})
    return made


def _notices(owner: Organisation, homes: Sequence[Vacancy]) -> Mapping[str, Notice]:
    """Return what is known of their notices; of one that was taken back what was known last."""
    return Notice.last_known(owner, "code", [each.code for each in homes])


def _due(notice: Notice) -> date:
    return notice.publication or notice.free_from


def compute(*, user: Visitor, week_round: uuid.UUID, now: datetime) -> WeekRound:
    """Compute the proposal, or compute it anew; answers that stand are kept.

    What it was made from is written down with it. Rows that change while it is computed are seen
    as changes afterwards, since they are read before.

    Raises
    ------
    WeekTrouble
        A norm that ended, a home that is no longer there: what, and the way out.
    WeekNotNow
        It was adopted or published meanwhile.
    """
    row = WeekRound.objects.one(user, week_round)
    require(user, PERMISSION[WeekEvent.COMPUTE], row)
    after(row, WeekEvent.COMPUTE)
    items = bridge.items_of(row)
    sources = bridge.sources_of(row, items, localdate(now))
    try:
        marks = sources.marks()
        result = sources.proposal() if sources.waiting else _as_before(row.result)
    except MixwijzerError as error:
        raise WeekTrouble(error.code, error.subject, dict(error.facts)) from error
    with transaction.atomic():
        held = locked(row)
        held.inputs, held.inputs_hash = marks, bridge.fingerprint(marks)
        held.result = _with_settled(result, bridge.proposed(row), sources.settled)
        held.computed_at, held.runs = now, held.runs + 1
        moved(held, WeekEvent.COMPUTE, somebody(user), now, {"homes": len(items)})
        _proposed(held, items, sources.day)
    return held


def _as_before(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was computed before, of a round in which no home waits: nothing clashes there."""
    return {**{key: told for key, told in result.items() if key not in CLASHING}, "items": {}}


def _with_settled(
    result: dict[str, Any], before: Mapping[str, Any], settled: Collection[str]
) -> dict[str, Any]:
    """Keep what was proposed for homes that no longer wait, also where the others clash."""
    kept = {code: told for code, told in before.items() if code in settled}
    if "items" in result:
        return {**result, "items": {**result["items"], **kept}}
    return {**result, "settled": kept}


def _proposed(row: WeekRound, items: Sequence[RoundItem], day: date) -> None:
    """Write the way and the text of each home that waits; a text that a person wrote is left."""
    told: Mapping[str, Any] = row.result.get("items", {})
    by_code = Dwelling.last_known(row.owner_id, "code", [e.vacancy.dwelling for e in items])
    notices = _notices(row.owner, [each.vacancy for each in items])
    most = bridge.label_length(day)
    waiting = [each for each in items if bridge.waits(each)]
    for item in waiting:
        found = told.get(item.vacancy.code, {})
        item.channel, item.group = found.get("channel", ""), found.get("group", "")
        if not item.edited:
            home = by_code[item.vacancy.dwelling]
            item.advert = (
                ""
                if not found or found["intake"] == DIRECT
                else advert_of(
                    rooms=home.rooms,
                    rent=home.rent,
                    floor=home.floor,
                    accessible=home.accessible,
                    free_from=notices[item.vacancy.code].free_from,
                    label=found["label"].get("nl", ""),
                    most=most,
                )
            )
    RoundItem.objects.for_organisation(row.owner_id).bulk_update(
        waiting, ["channel", "group", "advert"]
    )


@transaction.atomic
def step(*, user: Visitor, week_round: uuid.UUID, event: WeekEvent, now: datetime) -> WeekRound:
    """Put a round on the table, adopt it, publish it or take it off.

    Raises
    ------
    Stale
        What it was made from changed; compute it anew.
    NothingComputed
        The agreements clash.
    NotAllAnswered
        Homes still wait.
    NoLongerDecided
        A decision was taken back after the round was adopted.
    WeekNotNow
        The table of transitions has no such step, or answers have to be taken back first.
    """
    row = WeekRound.objects.one(user, week_round)
    require(user, PERMISSION[event], row)
    held = locked(row)
    after(held, event)
    items = bridge.items_of(held)
    if event in {WeekEvent.RELEASE, WeekEvent.ADOPT}:
        if "items" not in held.result:
            raise NothingComputed
        changes = bridge.changed_since(held, localdate(now))
        if changes:
            raise Stale(changes)
    if event is WeekEvent.ADOPT:
        _all_answered(items)
        _written_down(items)
    if event is WeekEvent.EXECUTE:
        _all_stand(items)
    if event is WeekEvent.DROP and _to_take_back(items, localdate(now)):
        raise WeekNotNow(held.state, event)
    moved(held, event, somebody(user), now, {"homes": len(items)})
    if event is WeekEvent.RELEASE:
        answering.ask(held, items, by=somebody(user), now=now)
    return held


def _all_answered(items: Sequence[RoundItem]) -> None:
    """Refuse while a home waits, or its decision no longer stands."""
    waiting = sum(map(bridge.waits, items))
    if waiting:
        raise NotAllAnswered(waiting)


def _written_down(items: Sequence[RoundItem]) -> None:
    """Keep what was decided on pages of vacancies as the answers of a round."""
    for each in items:
        if each.elsewhere:
            each.save(update_fields=ANSWER)


def _all_stand(items: Sequence[RoundItem]) -> None:
    """Refuse when a decision was taken back since the round was adopted."""
    lost = [each.vacancy.code for each in items if bridge.waits(each)]
    if lost:
        raise NoLongerDecided(lost)


def _to_take_back(items: Sequence[RoundItem], day: date) -> bool:
    """Whether a home was answered about here, and that can still be taken back."""
    own = [e for e in items if bridge.stands(e) and not e.elsewhere and e.vacancy.state in DECIDED]
    notices = _notices(own[0].owner, [each.vacancy for each in own]) if own else {}
    return any(each.publication is None or each.publication > day for each in notices.values())


@transaction.atomic
def answer(
    *,
    user: Visitor,
    item: uuid.UUID,
    channel: str,
    reason: str,
    key: uuid.UUID,
    now: datetime,
    without: Mapping[uuid.UUID, str] = MappingProxyType({}),
) -> RoundItem:
    """Agree with the way of one home or choose another: that is the decision of its vacancy.

    Who agrees takes over for whom the home is, and what parties asked before the key.

    Parameters
    ----------
    without
        Why it is agreed with without the yes of a party that was asked, by what it was asked.

    Raises
    ------
    AlreadyAnswered
        Somebody answered first.
    WeekNotNow
        The round isn't on the table.
    NoYes
        Somebody who was asked didn't say yes, and no reason was chosen.
    Refusal
        Those of `letting.services.decide`: own view first, no ground, a place that was taken.
    """
    person = somebody(user)
    held, row = _item_locked(user, item, WeekEvent.ANSWER)
    if row.decision is not None and bridge.stands(row):
        if row.decision.key == key:
            return row
        raise AlreadyAnswered(row.answered_by.name if row.answered_by else "")
    agreed = channel == row.channel  # about another way nobody was asked, so nothing goes with it
    decision = letting.decide(
        user=user,
        vacancy=row.vacancy.public_id,
        channel=channel,
        reason=reason,
        version=row.vacancy.version,
        key=key,
        now=now,
        agreed=letting.Agreed(row.group, answering.conditions_of(row))
        if agreed
        else letting.Agreed(),
    )
    if agreed:
        answering.go_on(row, without, by=person, now=now)
    row.decision, row.agreed, row.elsewhere = decision, agreed, False
    row.answered_by, row.answered_at = person, now
    row.save(update_fields=ANSWER)
    moved(held, WeekEvent.ANSWER, person, now, {"home": row.place, "agreed": row.agreed})
    return row


@transaction.atomic
def undo(
    *, user: Visitor, item: uuid.UUID, reason: str, key: uuid.UUID, now: datetime
) -> RoundItem:
    """Take the answer about one home back, with its decision, until the round is published.

    Raises
    ------
    WeekNotNow
        The home fell off: its notice was closed.
    """
    held, row = _item_locked(user, item, WeekEvent.UNDO)
    if row.decision is None:
        return row
    if bridge.fell_off(row):
        raise WeekNotNow(held.state, WeekEvent.UNDO)
    if row.decision.withdrawn_at is None:
        letting.withdraw(
            user=user, decision=row.decision.public_id, reason=reason, key=key, now=now
        )
    answering.go_back(row, by=somebody(user), now=now)
    row.decision = row.agreed = row.answered_by = row.answered_at = None
    row.elsewhere = False
    row.save(update_fields=ANSWER)
    moved(held, WeekEvent.UNDO, somebody(user), now, {"home": row.place})
    return row


@transaction.atomic
def write_advert(*, user: Visitor, item: uuid.UUID, text: str, now: datetime) -> RoundItem:
    """Keep the text that goes to the portal with a home.

    Raises
    ------
    AdvertRefused
        Empty, longer than the portal takes, or with a word about people.
    WeekTrouble
        No norm says how long it may be.
    """
    held, row = _item_locked(user, item, WeekEvent.ANSWER)
    words = " ".join(text.replace("\x00", " ").split())
    try:
        most = bridge.label_length(localdate(now))
    except MixwijzerError as error:
        raise WeekTrouble(error.code, error.subject, dict(error.facts)) from error
    part = refused_part(words) or ("" if not personal_in(words) else words[:40])
    if not words or len(words) > most or part:
        raise AdvertRefused(length=len(words), most=most, part=part)
    row.advert, row.edited = words, True
    row.save(update_fields=["advert", "edited"])
    told(held, "advert", somebody(user), now, {"home": row.place})
    return row


def _item_locked(user: Visitor, item: uuid.UUID, event: WeekEvent) -> tuple[WeekRound, RoundItem]:
    """Return a home of a round that this person may do this to, locked with its round."""
    seen = RoundItem.objects.one(user, item)
    require(user, PERMISSION[event], seen)
    held = locked(seen.week_round)
    after(held, event)
    return held, item_held(seen.owner_id, seen.pk)
