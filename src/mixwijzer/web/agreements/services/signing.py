"""Sign an agreement: its promises are obligations from then on. And what happens at their end."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from mixwijzer.engine.portfolio import Obligation
from mixwijzer.web.accounts.models import Organisation, Visitor
from mixwijzer.web.agreements import bridge
from mixwijzer.web.agreements.bridge import carried_to, proposals
from mixwijzer.web.agreements.models import Agreement, CarryOver
from mixwijzer.web.agreements.refusals import CodeTaken, NotAgreed, Nothing, TextMissing, WrongDay
from mixwijzer.web.agreements.selectors.documents import agreed
from mixwijzer.web.agreements.services.moving import going, known_ends, stepped_by_itself
from mixwijzer.web.agreements.transitions import Event, State
from mixwijzer.web.audit import services as audit
from mixwijzer.web.profiles.services.moving import about_buildings
from mixwijzer.web.register.bridge import current
from mixwijzer.web.register.services import store

__all__ = ["carry", "lapse_due", "sign", "signed_codes", "withdraw"]


def sign(
    *,
    user: Visitor,
    agreement: uuid.UUID,
    signed_on: date,
    text: str = "",
    revision: int,
    now: datetime,
) -> Agreement:
    """Record that it was signed; what it promises goes into the ledger of obligations.

    Parameters
    ----------
    text
        How a party agreed that didn't say so here, for instance at the table.

    Raises
    ------
    WrongDay
        A day that hasn't come, or before the bid.
    NotAgreed
        A party didn't agree here, and no text tells how it did.
    CodeTaken
        An obligation of another signed agreement has the same number.
    """
    with going(user, agreement, Event.SIGN, revision, now) as step:
        row, today = step.row, localdate(now)
        if not (row.bid_on or today) <= signed_on <= today:
            raise WrongDay(earliest=row.bid_on or today, latest=today)
        told = about_buildings(text, needed=False)
        waiting = tuple(each.name for each, yes in agreed(row) if not yes)
        if waiting and not told:
            raise NotAgreed(who=waiting)
        promises = _free(row, bridge.promised(row))
        row.signed_on = signed_on
        _lay_down(row, promises, now)
        facts = {"signed_on": f"{signed_on}", "obligations": len(promises), **known_ends(row, now)}
        step.to(text=told, facts=facts)
        if row.replaces is not None:
            stepped_by_itself(row.replaces, Event.REPLACE, now, {"by": str(row.public_id)})
        return row


def _free(row: Agreement, promises: tuple[Obligation, ...]) -> tuple[Obligation, ...]:
    """Return what is promised, unless a number is used twice or belongs to another agreement."""
    signed = bridge.signed(row.owner).items()
    taken = {code for code, (other, _clause) in signed if other.code != row.code}
    for each in promises:
        if each.id in taken:
            raise CodeTaken(code=each.id)
        taken.add(each.id)
    return promises


def _lay_down(row: Agreement, promises: tuple[Obligation, ...], now: datetime) -> None:
    """Put promises in the ledger; of what it replaces and no longer promises nothing is owed."""
    dropped: list[Obligation] = []
    if row.replaces is not None:
        gone = _codes_of(row.replaces) - {each.id for each in promises}
        standing = bridge.OBLIGATIONS.read(current(bridge.OBLIGATIONS, row.owner, code__in=gone))
        dropped = [replace(each, target=0, carried=0, recorded_at=None) for each in standing]
    _stored(row, (*promises, *dropped), now)


def _stored(row: Agreement, promises: tuple[Obligation, ...], now: datetime) -> None:
    codes = [each.id for each in promises]
    store(
        table=bridge.OBLIGATIONS,
        owner=row.owner,
        values=promises,
        now=now,
        extra=lambda _: {"counterparty_id": row.municipality_id},
        standing=current(bridge.OBLIGATIONS, row.owner, code__in=codes),
    )


def signed_codes(owner: Organisation) -> frozenset[str]:
    """Return the numbers of obligations that come from agreements that were signed here."""
    return frozenset(bridge.signed(owner))


def _codes_of(row: Agreement) -> frozenset[str]:
    return frozenset(each.id for each in bridge.promised(row))


def carry(
    *,
    user: Visitor,
    agreement: uuid.UUID,
    code: str,
    text: str = "",
    revision: int,
    now: datetime,
) -> CarryOver:
    """Confirm what goes along from a period that is over to the next one of its group.

    Counted otherwise since, the difference is confirmed in the same way, in a row of its own.

    What a next agreement that is signed already promises changes at once; otherwise it goes into
    the ledger when that one is signed.

    Raises
    ------
    Nothing
        Not over yet, confirmed before as it is counted now, or without a next period.
    TextMissing
        What was done beyond the promise is taken off the next one: that takes a reason.
    """
    with going(user, agreement, Event.CARRY, revision, now) as step:
        found = [each for each in proposals(step.row, localdate(now)) if each.code == code]
        if not found or found[0].into is None or not found[0].amount:
            raise Nothing
        (told,), said = found, about_buildings(text, needed=False)
        if told.takes_reason and not said:
            raise TextMissing
        kept = CarryOver(
            owner=step.row.owner,
            agreement=step.row,
            at=now,
            by=step.user,
            code=code,
            group=told.group,
            unit=told.unit,
            to_start=told.end,
            owed=told.owed,
            done=told.done,
            amount=told.amount,
            nth=len(told.before) + 1,
        )
        try:
            with transaction.atomic():
                kept.save(force_insert=True)
        except IntegrityError as error:
            raise Nothing from error
        step.to(text=said, facts={"code": code, "amount": told.amount, "to": f"{told.end}"})
        next_one = carried_to(step.row, told.end)
        if next_one is not None and next_one.signed_on is not None:
            _stored(next_one, bridge.promised(next_one), now)
        return kept


@transaction.atomic
def lapse_due(*, owner: Organisation, now: datetime) -> int:
    """Record of signed agreements whose period is over that they ended; return how many."""
    audit.lock(owner)
    over = Agreement.objects.for_organisation(owner).filter(
        state=State.SIGNED, end__lte=localdate(now)
    )
    rows = list(over.select_related("owner").select_for_update(of=("self",)))
    for row in rows:
        stepped_by_itself(row, Event.LAPSE, now, {"ended": str(row.end)})
    return len(rows)


def withdraw(
    *, user: Visitor, agreement: uuid.UUID, text: str, revision: int, now: datetime
) -> Agreement:
    """Take an agreement back that wasn't signed; it stays to be read."""
    with going(user, agreement, Event.WITHDRAW, revision, now) as step:
        step.to(text=about_buildings(text))
        return step.row
