"""Note whom a step calls, in the step's own transaction; send what is due, as a separate act.

A mail server and a database share no transaction. So a message is claimed before it is sent and
marked after; who is killed in between leaves it claimed, and it is sent once more, under the same
Message-ID, by which a mailbox knows the second. What waits is asked again right before sending:
who did the step meanwhile, left, or lost the role gets nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils.timezone import localtime

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Membership, Organisation, User
from mixwijzer.web.audit import services as audit
from mixwijzer.web.mail.letters import StepLine, letter
from mixwijzer.web.mail.models import Call, Kind, Message, When, Wishes
from mixwijzer.web.mail.selectors import wanted, who_reads_daily, who_wants

__all__ = ["Sent", "call", "forget_due", "send_due", "wish"]

State = Message.State
Waits = Callable[[User, datetime], Iterable[StepLine]]

DIGEST_FROM = time(7, 0)  # on working days
LEASE = timedelta(minutes=15)  # a sender that says nothing for so long was killed
FIRST_WAIT = timedelta(minutes=5)  # before the second try; each next takes twice as long
LONGEST_WAIT = timedelta(hours=6)
GIVE_UP = timedelta(days=3)
KEPT = timedelta(days=30)
_FRIDAY = 4
_FOR_GOOD = 500  # from this code on a mail server says no for good


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of the mail that was due [messages]; `away` when no server could be reached."""

    sent: int = 0
    needless: int = 0
    later: int = 0
    lost: int = 0
    away: bool = False

    def __add__(self, other: Sent) -> Sent:
        """Return both together."""
        return Sent(
            sent=self.sent + other.sent,
            needless=self.needless + other.needless,
            later=self.later + other.later,
            lost=self.lost + other.lost,
            away=self.away or other.away,
        )


def call(
    *,
    owner: int,
    kind: Kind,
    people: Mapping[uuid.UUID, Iterable[User]],
    by: User | None,
    now: datetime,
    since: datetime | None = None,
) -> int:
    """Note that steps wait for people, by what each is about, in the caller's transaction.

    Nobody is told what he did himself, or what he was called for `since` a moment; how many are
    told is returned. Without a mail server nothing is noted: nothing piles up
    that would go out on the day that there is one.
    """
    if not settings.MAIL:
        return 0
    pairs = [(subject, each) for subject, some in people.items() for each in some if each != by]
    told = who_wants([each for _, each in pairs], kind, When.AT_ONCE)
    rows = Call.objects.for_organisation(owner)
    before = rows.filter(kind=kind, subject__in=people, at__gte=since) if since else rows.none()
    heard = set(before.values_list("subject", "person_id"))
    made = rows.bulk_create(
        Call(owner_id=owner, person=each, kind=kind, subject=subject, at=now)
        for subject, each in pairs
        if each in told and (subject, each.pk) not in heard
    )
    return len(made)


@transaction.atomic
def wish(*, user: User, language: str, when: Mapping[Kind, When]) -> None:
    """Keep how somebody wants to be told."""
    Wishes.objects.update_or_create(user=user, defaults={"language": language, "when": dict(when)})


def send_due(*, owner: Organisation, waits: Waits, clock: Callable[[], datetime]) -> Sent:
    """Send what is due by now to people of one organisation's steps; again, it sends nothing twice.

    Parameters
    ----------
    waits
        What waits for a person, as on his page of today.
    clock
        Tells the moment; sending takes time of its own.
    """
    if not settings.MAIL:
        return Sent()
    _gather(owner, clock())
    _plan_digests(owner, clock())
    done = Sent()
    for key in _due(owner, clock()):
        if _claimed(owner, key, clock()):
            row = Message.objects.for_organisation(owner).select_related("person").get(pk=key)
            done += _deliver(row, waits, clock)
        if done.away:
            break
    return done


@transaction.atomic
def _gather(owner: Organisation, now: datetime) -> None:
    """Put the open calls of each person into one message."""
    rows = Call.objects.for_organisation(owner).filter(message=None)
    calls = rows.order_by("person_id", "pk").select_for_update(of=("self",))
    for person, own in groupby(calls, key=lambda row: row.person_id):
        message = Message(owner=owner, person_id=person, made_at=now, next_at=now)
        message.save(force_insert=True)
        rows.filter(pk__in=[each.pk for each in own]).update(message=message)


def _plan_digests(owner: Organisation, now: datetime) -> None:
    """Make the message of this day for everybody whose first organisation this is."""
    local = localtime(now)
    if local.time() < DIGEST_FROM or local.weekday() > _FRIDAY:
        return
    rows = Message.objects.for_organisation(owner)
    had = rows.filter(digest_of=local.date()).values("person")
    first = Membership.now().values("user").annotate(first=Min("organisation"))
    here = first.filter(first=owner.pk).values("user")
    people = User.objects.filter(pk__in=here, is_active=True).exclude(pk__in=had)
    rows.bulk_create(
        (
            Message(owner=owner, person=each, digest_of=local.date(), made_at=now, next_at=now)
            for each in who_reads_daily(people)
        ),
        ignore_conflicts=True,
    )


def _due(owner: Organisation, now: datetime) -> list[int]:
    rows = Message.objects.for_organisation(owner).filter(state=State.READY, next_at__lte=now)
    return list(rows.order_by("next_at", "pk").values_list("pk", flat=True))


def _claimed(owner: Organisation, key: int, now: datetime) -> bool:
    """Take a message up, unless another sender has; of two at one moment one does."""
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - LEASE)
    rows = Message.objects.for_organisation(owner).filter(free, pk=key, state=State.READY)
    return bool(rows.update(claimed_at=now, tries=F("tries") + 1))


def _deliver(row: Message, waits: Waits, clock: Callable[[], datetime]) -> Sent:
    """Send one message that was taken up, and mark what became of it."""
    steps, language = _steps(row, waits, clock())
    if not steps:
        return _ended(row, State.NEEDLESS, clock())
    try:
        letter(row, steps, language).send()
    except SMTPRecipientsRefused as error:
        code = max((code for code, _ in error.recipients.values()), default=0)
        if code >= _FOR_GOOD:
            return _ended(row, State.REFUSED, clock(), str(code))
        return _postponed(row, clock(), str(code))
    except OSError as error:  # of SMTP too: the server isn't there, or wants something else of us
        said = getattr(error, "smtp_code", None) or type(error).__name__
        return _postponed(row, clock(), str(said)) + Sent(away=True)
    return _ended(row, State.SENT, clock())


def _steps(row: Message, waits: Waits, now: datetime) -> tuple[list[StepLine], str]:
    """Return what this message is about and still waits, and the language of who reads it."""
    person = row.person
    with acting_for(*person.reach):
        waiting = list(waits(person, now)) if person.reach else []
    chosen = wanted(person)
    kinds = chosen.kinds(When.DAILY if row.digest_of else When.AT_ONCE)
    steps = [each for each in waiting if each.kind in kinds]
    if row.digest_of is None:
        about = set(row.calls.values_list("kind", "subject"))
        steps = [each for each in steps if (each.kind, each.subject) in about]
    return steps, chosen.language


@transaction.atomic
def _ended(row: Message, state: State, now: datetime, trouble: str = "") -> Sent:
    row.state, row.done_at, row.trouble = state, now, trouble
    row.save(update_fields=["state", "done_at", "trouble"])
    if state is State.NEEDLESS:
        return Sent(needless=1)
    kind = "daily" if row.digest_of else "at_once"
    audit.record(
        organisation=row.owner,
        action=f"mail.{state}",
        actor=None,
        subject=row.person.public_id,
        facts={"kind": kind} | ({"trouble": trouble} if trouble else {}),
        at=now,
    )
    return Sent(sent=1) if state is State.SENT else Sent(lost=1)


def _postponed(row: Message, now: datetime, trouble: str) -> Sent:
    """Try again later, each time after twice as long; not for ever."""
    if now - row.made_at > GIVE_UP:
        return _ended(row, State.GIVEN_UP, now, trouble)
    row.next_at = now + min(FIRST_WAIT * 2 ** (row.tries - 1), LONGEST_WAIT)
    row.claimed_at, row.trouble = None, trouble
    row.save(update_fields=["next_at", "claimed_at", "trouble"])
    return Sent(later=1)


def forget_due(*, owner: Organisation, now: datetime) -> int:
    """Remove messages and calls that are long past; the log keeps that mail was sent."""
    rows = Message.objects.for_organisation(owner).filter(done_at__lt=now - KEPT)
    gone = rows.count()
    rows.delete()
    return gone
