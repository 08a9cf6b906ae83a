"""Who sends the mail that is due? The worker every minute, or `mixwijzer send-mail` by a clock.

Two at one moment send nothing twice: each message is taken up by one of them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from mixwijzer.web.accounts.isolation import acting_for, whole_installation
from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.selectors import organisations
from mixwijzer.web.desk.screens import steps_of
from mixwijzer.web.desk.selectors import today
from mixwijzer.web.mail.letters import StepLine
from mixwijzer.web.mail.services import Sent, send_due

__all__ = ["keep_sending", "send", "waits"]

EVERY = timedelta(minutes=1)
LAST = -40  # what people wait for comes first

_log = logging.getLogger("mixwijzer.mail")


def waits(person: User, now: datetime) -> Iterable[StepLine]:
    """Return what waits for somebody, as his page of today says."""
    return steps_of(today(person, now=now))


def send() -> Sent:
    """Send what is due, organisation by organisation, until no server answers."""
    done = Sent()
    with whole_installation():
        owners = organisations()
    for owner in owners:
        with acting_for(owner):
            done += send_due(owner=owner, waits=waits, clock=timezone.now)
        if done.away:
            break
    if done != Sent():
        _log.info("mail", extra={"event": "mail", "facts": asdict(done)})
    return done


def keep_sending() -> None:
    """Let a worker send from now on, where there is a mail server; one round that waits will do."""
    rounds = DBTaskResult.objects.filter(task_path=send_again.module_path)
    if settings.MAIL and not rounds.filter(status=TaskResultStatus.READY).exists():
        send_again.using(priority=LAST).enqueue()


@task()
def send_again() -> None:
    """Send what is due, and leave a note for the next minute."""
    try:
        send()
    finally:
        if settings.MAIL:
            send_again.using(priority=LAST, run_after=timezone.now() + EVERY).enqueue()
