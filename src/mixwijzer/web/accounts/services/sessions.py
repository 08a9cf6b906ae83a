"""Ends log-ins, of one browser or of all of a person: the next request there has to log in."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts import selectors
from mixwijzer.web.accounts.models import LogIn, Missing, User
from mixwijzer.web.accounts.refusals import Refused
from mixwijzer.web.accounts.telling import tell

__all__ = [
    "end_all",
    "end_log_in",
    "end_log_ins",
    "end_others",
    "forget_log_in",
    "note_log_in",
    "remove_key",
    "was_seen",
]


def note_log_in(*, user: User, session: str, browser: str, now: datetime) -> None:
    """Keep that somebody logged in here."""
    LogIn.objects.update_or_create(
        session=session,
        defaults={"user": user, "began": now, "seen": now, "browser": browser},
    )


def was_seen(*, session: str, now: datetime) -> None:
    """Keep when a log-in was last used."""
    LogIn.objects.filter(session=session).update(seen=now)


def forget_log_in(*, session: str) -> None:
    """Remove a log-in that ended by itself."""
    LogIn.objects.filter(session=session).delete()


@transaction.atomic
def end_log_in(*, user: User, log_in: uuid.UUID) -> None:
    """End one of somebody's own log-ins."""
    row = LogIn.objects.filter(user=user, public_id=log_in).first()
    if row is None:
        raise Missing
    SessionStore(row.session).delete()
    row.delete()


@transaction.atomic
def end_log_ins(*, user: User, person: uuid.UUID, now: datetime) -> int:
    """End every log-in of a colleague, as administrator."""
    who = selectors.colleague(user, person)
    ended = end_all(who)
    tell(
        organisation=selectors.kept_first(user),
        action="log_ins_ended",
        actor=user,
        subject=who.public_id,
        facts={"number": ended},
        at=now,
    )
    return ended


@transaction.atomic
def remove_key(*, user: User, key: int) -> None:
    """Remove a passkey; the last second factor stays."""
    rows = selectors.second_factors(user).exclude(type="recovery_codes")
    if rows.count() < 2:
        raise Refused(_("This is your only second factor. Make another one first."))
    rows.filter(pk=key, type="webauthn").delete()


def end_others(*, user: User, session: str) -> None:
    """End every log-in of a person but this one."""
    for row in LogIn.objects.filter(user=user).exclude(session=session):
        SessionStore(row.session).delete()
        row.delete()


def end_all(person: User) -> int:
    """End every log-in of a person."""
    rows = list(LogIn.objects.filter(user=person))
    for row in rows:
        SessionStore(row.session).delete()
        row.delete()
    return len(rows)
