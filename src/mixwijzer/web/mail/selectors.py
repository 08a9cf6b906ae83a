"""How does somebody want to be told, and does what is sent arrive?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.mail.models import Kind, Message, When, Wishes

__all__ = [
    "USUAL",
    "MailState",
    "Wanted",
    "mail_state",
    "wanted",
    "who_reads_daily",
    "who_wants",
]

USUAL: Mapping[Kind, When] = {
    Kind.QUESTION: When.AT_ONCE,
    Kind.DECISION: When.AT_ONCE,
    Kind.SECOND_READING: When.AT_ONCE,
    Kind.MATCH: When.AT_ONCE,
    Kind.AGREEMENT: When.AT_ONCE,
    Kind.CITY_ROUND: When.AT_ONCE,
    Kind.WEEK_ROUND: When.AT_ONCE,
    Kind.JUDGEMENT: When.DAILY,
    Kind.TALK: When.DAILY,
    Kind.LATE: When.DAILY,
}
"""What holds for who chose nothing: at once where a home or a party waits, else once a day."""

_SILENT = timedelta(hours=1)  # mail that waits longer isn't being sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How one person wants to be told, per kind, and in which language."""

    language: str
    when: Mapping[Kind, When]

    def kinds(self, when: When) -> frozenset[Kind]:
        """Return the kinds that are told in this way."""
        return frozenset(kind for kind, chosen in self.when.items() if chosen is when)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailState:
    """Whether mail goes out; `stuck_since` is the oldest that should have gone, with its trouble.

    `undelivered` are the people of whom the mail server refused or never took a mail.
    """

    server: str
    stuck_since: datetime | None
    trouble: str
    undelivered: tuple[str, ...]


def wanted(user: User) -> Wanted:
    """Return how somebody wants to be told."""
    return _wanted(Wishes.objects.filter(user=user).first())


def _wanted(row: Wishes | None) -> Wanted:
    chosen = row.when if row else {}
    when = {kind: When(chosen.get(kind, usual)) for kind, usual in USUAL.items()}
    return Wanted(language=row.language if row else "nl", when=when)


def who_wants(people: Iterable[User], kind: Kind, when: When) -> frozenset[User]:
    """Return those who want to hear of this kind in this way, in one query."""
    return frozenset(each for each, told in _all(people).items() if told.when[kind] is when)


def who_reads_daily(people: Iterable[User]) -> frozenset[User]:
    """Return those who want to hear of something once a day, in one query."""
    return frozenset(each for each, told in _all(people).items() if told.kinds(When.DAILY))


def _all(people: Iterable[User]) -> Mapping[User, Wanted]:
    known = frozenset(people)
    rows = {row.user_id: row for row in Wishes.objects.filter(user__in=known)}
    return {each: _wanted(rows.get(each.pk)) for each in known}


def mail_state(user: Visitor, *, now: datetime) -> MailState:
    """Return whether the mail of the organisations that somebody manages goes out."""
    rows = Message.objects.visible_to(user).select_related("person")
    waiting = rows.filter(state=Message.State.READY, made_at__lt=now - _SILENT)
    oldest = waiting.order_by("made_at").first()
    lost = rows.filter(state__in=[Message.State.REFUSED, Message.State.GIVEN_UP])
    names = lost.values_list("person__name", flat=True).order_by("person__name").distinct()
    return MailState(
        server=settings.EMAIL_HOST if settings.MAIL else "",
        stuck_since=oldest.made_at if oldest else None,
        trouble=oldest.trouble if oldest else "",
        undelivered=tuple(names),
    )
