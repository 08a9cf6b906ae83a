"""A person decides, with a reason; of two who decide at one moment one wins, the other is told.

Under the lock the advice is made again. What was true when it was opened must still be true for the
chosen channel; what it is now is stored with the decision, so it can be shown again years later.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from mixwijzer.engine.advice import Advice as EngineAdvice
from mixwijzer.engine.advice import ChannelAdvice
from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import may, require, somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.bridge import Case
from mixwijzer.web.letting.models import Advice, Decision, Step, Vacancy, Withdrawal
from mixwijzer.web.letting.reasons import (
    NOBODY_CAME,
    TAKEN_BACK,
    DeviateReason,
    FollowReason,
    WithdrawReason,
)
from mixwijzer.web.letting.refusals import (
    AdviceChanged,
    AlreadyDecided,
    NoGround,
    NotNow,
    NotYours,
    QuestionFirst,
    ReasonMissing,
    Taken,
    TooLate,
    UnknownChannel,
    VersionChanged,
)
from mixwijzer.web.letting.services.moving import ask, locked, move, open_question
from mixwijzer.web.letting.services.promising import promise, unpromise
from mixwijzer.web.letting.services.stepping import release_line
from mixwijzer.web.letting.transitions import PERMISSION, Event, State, allowed
from mixwijzer.web.register.models import Dwelling, Notice
from mixwijzer.web.register.services import rebuild_accounts

__all__ = ["Agreed", "choose_anew", "confirm", "decide", "replay", "send_back", "withdraw"]

SECOND_READER = "letting.second_reader"  # norm: a deviation waits for a second reader


@dataclass(frozen=True, slots=True)
class Agreed:
    """For whom a home was agreed, and what others asked to be so before the key; a match gets both.

    Only a week round agrees on something.
    """

    group: str = ""
    conditions: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, str]:
        """What the history and the trail keep of it."""
        told = {"group": self.group, "conditions": ", ".join(self.conditions)}
        return {name: text for name, text in told.items() if text}


NOTHING = Agreed()


def decide(
    *,
    user: Visitor,
    vacancy: uuid.UUID,
    channel: str,
    reason: str,
    version: int,
    key: uuid.UUID,
    now: datetime,
    agreed: Agreed = NOTHING,
) -> Decision:
    """Record the channel of a vacancy, with one reason, following the advice or not.

    Parameters
    ----------
    version
        Of the vacancy as the page showed it.
    key
        Made when the form was made: sent twice, it gives the same decision.
    agreed
        What a week round agreed about the home.

    Raises
    ------
    Refusal
        One of `AlreadyDecided`, `Taken`, `AdviceChanged`, `VersionChanged`, `QuestionFirst`,
        `UnknownChannel`, `NoGround`, `ReasonMissing`, `NotNow`; nothing was written then.
    """
    try:
        with transaction.atomic():
            return _decided(somebody(user), vacancy, channel, reason, version, key, now, agreed)
    except IntegrityError:
        # The last line of defence held: somebody's row was there first. Say whose.
        with transaction.atomic():
            row = locked(user, vacancy, Event.DECIDE)
            again = _by_key(row, key)
            if again is not None:
                return again
            _refuse_decided(row)
        raise


def _decided(
    user: User,
    vacancy: uuid.UUID,
    channel: str,
    reason: str,
    version: int,
    key: uuid.UUID,
    now: datetime,
    agreed: Agreed,
) -> Decision:
    row = locked(user, vacancy, Event.DECIDE)
    again = _by_key(row, key)
    if again is not None:
        return again
    opened = _may_be_decided(row, user, version)
    case = bridge.case_ahead(row.owner, row.complex_id, row.code, localdate(now))
    before = bridge.load_advice(opened.result)
    chosen = _chosen(before, case, channel, opened)
    followed = channel == before.recommended
    if reason not in (FollowReason.values if followed else DeviateReason.values):
        raise ReasonMissing(following=followed, reason=reason)
    decision = Decision(
        owner=row.owner,
        vacancy=row,
        advice=opened,
        checked=bridge.dump_advice(case.advice),
        checked_inputs=case.dump(),
        checked_on=case.day,
        channel=channel,
        channel_name=dict(chosen.channel.name),
        ground=chosen.channel.ground.value,
        advised_channel=before.recommended or "",
        followed=followed,
        reason=reason,
        needs_reader=not followed and bridge.norm_says(SECOND_READER, case.day),
        actor=user,
        at=now,
        key=key,
        group=agreed.group,
        conditions=list(agreed.conditions),
    )
    decision.save(force_insert=True)
    promise(row, decision, now=now)  # counts in every advice after this one
    _refresh(row, now)
    event = Event.PROPOSE if decision.needs_reader else Event.DECIDE
    told: dict[str, str | bool] = {"channel": channel, "followed": followed, "reason": reason}
    facts = told | agreed.facts
    move(row, event, by=user, now=now, facts=facts)
    _told(row, user, f"letting.{event}", now, facts)
    return decision


def _by_key(row: Vacancy, key: uuid.UUID) -> Decision | None:
    return Decision.objects.for_organisation(row.owner_id).filter(vacancy=row, key=key).first()


def _may_be_decided(row: Vacancy, user: User, version: int) -> Advice:
    """Return the advice that was opened last, when nothing stands in the way of a decision."""
    _refuse_decided(row)
    if row.state == State.NOTICED or open_question(user, row.complex_id):
        raise QuestionFirst
    if row.version != version:
        last = Step.objects.for_organisation(row.owner_id).filter(vacancy=row).latest("pk")
        name = last.by.name if last.by else ""
        raise VersionChanged(by=name, at=last.at, event=last.event)
    opened = (
        Advice.objects.for_organisation(row.owner_id).filter(vacancy=row).order_by("-pk").first()
    )
    if opened is None or not allowed(row.state, Event.DECIDE):
        raise NotNow(state=row.state, event=Event.DECIDE)
    return opened


def _refuse_decided(row: Vacancy) -> None:
    standing = row.standing().select_related("actor").first()
    if standing is not None:
        raise AlreadyDecided(by=standing.actor.name, at=standing.at, channel=standing.channel)


def _chosen(before: EngineAdvice, case: Case, channel: str, opened: Advice) -> ChannelAdvice:
    """Return the chosen channel when it may be used and its advice is still what it was."""
    after = case.advice
    chosen = next((each for each in after.channels if each.channel.id == channel), None)
    if chosen is None:
        raise UnknownChannel(channel=channel)
    if not chosen.has_ground:
        raise NoGround(channel=channel, ended=chosen.channel.ground_end)
    category = bridge.worse(before, after, channel)
    if category is not None:
        _refuse_changed(before, case, category, opened)
    return chosen


def _refuse_changed(before: EngineAdvice, case: Case, category: str, opened: Advice) -> None:
    """Say who took the place, or, when nobody did, that the advice changed."""
    owner = opened.owner_id
    other = (
        Decision.objects.for_organisation(owner)
        .filter(
            pk__gt=opened.after_decision,
            withdrawn_at=None,
            vacancy__complex__code__in=[each.id for each in case.portfolio.complexes],
        )
        .exclude(vacancy=opened.vacancy)
        .select_related("actor", "vacancy")
        .order_by("-pk")
        .first()
    )
    if other is not None:
        home = Dwelling.objects.for_organisation(owner).filter(code=other.vacancy.dwelling).last()
        what = home.address if home and home.address else other.vacancy.dwelling
        raise Taken(by=other.actor.name, at=other.at, what=what, category=category)
    raise AdviceChanged(
        category=category,
        before=before.category(category).verdict.name,
        after=case.advice.category(category).verdict.name,
    )


def _refresh(row: Vacancy, now: datetime) -> None:
    rebuild_accounts(owner=row.owner, complexes=[row.complex_id], day=localdate(now), now=now)


def _told(
    row: Vacancy, user: User, action: str, now: datetime, facts: Mapping[str, str | bool]
) -> None:
    audit.record(
        organisation=row.owner,
        action=action,
        actor=user,
        subject=row.public_id,
        facts=facts,
        at=now,
    )


@transaction.atomic
def withdraw(
    *, user: Visitor, decision: uuid.UUID, reason: str, key: uuid.UUID, now: datetime
) -> uuid.UUID:
    """Take a decision back, until the advert is out; it stays in the history.

    Returns the public id of its vacancy.

    Raises
    ------
    TooLate
        The advert is out.
    NotNow
        Nothing stands any more.
    """
    found = Decision.objects.one(user, decision)
    row = locked(user, found.vacancy.public_id, Event.WITHDRAW)
    if Withdrawal.objects.for_organisation(row.owner_id).filter(key=key).exists():
        return row.public_id
    if reason not in TAKEN_BACK:
        raise ReasonMissing(following=False, reason=reason)
    if out := _out_since(row, localdate(now)):
        raise TooLate(since=out)
    _withdrawn(row, found, somebody(user), reason, key, now, Event.WITHDRAW)
    return row.public_id


def _out_since(row: Vacancy, day: date) -> date | None:
    """Return since when the advert is out, if it is."""
    known = Notice.last_known(row.owner_id, "code", [row.code])[row.code].publication
    return known if known is not None and known <= day else None


@transaction.atomic
def choose_anew(
    *, user: Visitor, decision: uuid.UUID, reason: str, key: uuid.UUID, now: datetime
) -> uuid.UUID:
    """Let the way of a home be chosen anew, after its advert yielded nobody; own view first.

    The decision stays in the history and is promised no more; who was next in line is released.
    Returns the public id of its vacancy.

    Raises
    ------
    ReasonMissing
        It is none of `NOBODY_CAME`.
    NotNow
        A candidate is proposed, the decision stands no more, or it can still be taken back.
    """
    found = Decision.objects.one(user, decision)
    row = locked(user, found.vacancy.public_id, Event.ANEW)
    if Withdrawal.objects.for_organisation(row.owner_id).filter(key=key).exists():
        return row.public_id
    if reason not in NOBODY_CAME:
        raise ReasonMissing(following=False, reason=reason)
    if not allowed(row.state, Event.ANEW) or not _out_since(row, localdate(now)):
        raise NotNow(state=row.state, event=Event.ANEW)
    release_line(row, now=now)
    person = _asked_anew(row, somebody(user))
    _withdrawn(row, found, somebody(user), reason, key, now, Event.ANEW)
    ask(row, person, now, by=somebody(user))
    return row.public_id


def _asked_anew(row: Vacancy, user: User) -> User:
    """Make somebody responsible who can decide: who was, or else who asks."""
    person = row.responsible
    if person is None or not may(person, Action.DECIDE, row):
        person = user
    row.responsible, row.group = person, ""
    row.save(update_fields=["responsible", "group"])
    return person


def _withdrawn(
    row: Vacancy,
    decision: Decision,
    user: User,
    reason: str,
    key: uuid.UUID,
    now: datetime,
    event: Event,
) -> None:
    standing = Decision.objects.for_organisation(row.owner_id).filter(
        pk=decision.pk, withdrawn_at=None
    )
    if not standing.update(withdrawn_at=now):
        raise NotNow(state=row.state, event=event)
    Withdrawal(
        owner_id=row.owner_id, decision=decision, at=now, by=user, reason=reason, key=key
    ).save(force_insert=True)
    unpromise(row, now=now)
    _refresh(row, now)
    move(row, event, by=user, now=now, facts={"reason": reason})
    _told(row, user, f"letting.{event}", now, {"reason": reason})


@transaction.atomic
def confirm(*, user: Visitor, decision: uuid.UUID, now: datetime) -> None:
    """Agree, as second reader, with a decision that deviates.

    Raises
    ------
    NotYours
        Who decided can't read along with himself.
    """
    row, found = _to_read(user, decision, Event.CONFIRM)
    Decision.objects.for_organisation(row.owner_id).filter(pk=found.pk).update(
        read_by=user.pk, read_at=now
    )
    move(row, Event.CONFIRM, by=somebody(user), now=now)
    _told(row, somebody(user), "letting.confirm", now, {})


@transaction.atomic
def send_back(*, user: Visitor, decision: uuid.UUID, key: uuid.UUID, now: datetime) -> None:
    """Give a deviating decision back, as second reader: it no longer stands."""
    row, found = _to_read(user, decision, Event.RETURN)
    _withdrawn(row, found, somebody(user), WithdrawReason.RETURNED, key, now, Event.RETURN)


def _to_read(user: Visitor, decision: uuid.UUID, event: Event) -> tuple[Vacancy, Decision]:
    found = Decision.objects.one(user, decision)
    require(user, PERMISSION[event], found)
    if found.actor_id == user.pk:
        raise NotYours
    return locked(user, found.vacancy.public_id, event), found


def replay(decision: Decision) -> EngineAdvice:
    """Make the advice of a decision again from what it was made from.

    Raises
    ------
    LookupError
        The inputs were erased at the end of their term.
    """
    if decision.checked_inputs is None:
        raise LookupError(f"the inputs of decision {decision.public_id} were erased")
    return Case.load(decision.checked_inputs).advice
