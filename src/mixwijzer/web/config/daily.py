"""What happens because a day came, and who sees to it? Once a night, by the worker beside the site.

A profile whose last day is over lapses, and an agreement ends; who confirms what goes along from a
period that is over is told; a step of a match whose term passed ends; candidates whose term is over
are forgotten; vacancies of who left go to who has the complex now; accounts that drift since a
month turned are kept as they are now; an import whose worker died is said to have stopped; what
ended log-ins and finished work leave behind is swept away. Everything here asks the day itself and
does nothing the second time, so a night that was missed is made up for when a worker starts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from mixwijzer.web.accounts.isolation import acting_for, whole_installation
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.accounts.selectors import organisations
from mixwijzer.web.agreements import services as agreements
from mixwijzer.web.letting.services import expire_due, follow_roles, forget_due
from mixwijzer.web.mail.services import forget_due as mail_over
from mixwijzer.web.profiles.services import lapse_due
from mixwijzer.web.register.services import renew_accounts, sweep

__all__ = ["DUE", "come", "plan"]

AT = time(3, 15)  # nobody decides then, and every clock change of the night is over
SILENT = timedelta(hours=1)  # far longer than a worker goes without a sign of life
KEPT_DAYS = 14  # how long it is kept what became of a task

_log = logging.getLogger("mixwijzer.daily")

Due = Callable[[Organisation, datetime], int]


def _lapsed(owner: Organisation, now: datetime) -> int:
    return lapse_due(owner=owner, now=now)


def _ended(owner: Organisation, now: datetime) -> int:
    return agreements.lapse_due(owner=owner, now=now)


def _carrying(owner: Organisation, now: datetime) -> int:
    return agreements.call_for_carrying(owner=owner, now=now)


def _stopped(owner: Organisation, now: datetime) -> int:
    return sweep(owner=owner, before=now - SILENT, now=now)


def _expired(owner: Organisation, now: datetime) -> int:
    return expire_due(owner=owner, now=now)


def _forgotten(owner: Organisation, now: datetime) -> int:
    return forget_due(owner=owner, now=now)


def _followed(owner: Organisation, now: datetime) -> int:
    return follow_roles(owner=owner, now=now)


def _renewed(owner: Organisation, now: datetime) -> int:
    return renew_accounts(owner=owner, day=timezone.localdate(now), now=now)


def _mail_forgotten(owner: Organisation, now: datetime) -> int:
    return mail_over(owner=owner, now=now)


DUE: dict[str, Due] = {
    "profiles_lapsed": _lapsed,
    "agreements_ended": _ended,
    "carrying_told": _carrying,
    "imports_stopped": _stopped,
    "matches_expired": _expired,
    "vacancies_followed": _followed,
    "candidates_forgotten": _forgotten,
    "mail_forgotten": _mail_forgotten,
    "accounts_renewed": _renewed,
}
"""What is done for each organisation, by the name it has in the log; each returns how many."""


def come(now: datetime) -> dict[str, int]:
    """Do what is due by now, organisation by organisation; return how many of each.

    What fails for one is told in the log and keeps nothing else from being done.
    """
    done = dict.fromkeys(DUE, 0)
    with whole_installation():
        owners = organisations()
    for owner in owners:
        with acting_for(owner):
            for name, due in DUE.items():
                try:
                    done[name] += due(owner, now)
                except Exception:
                    _log.exception("daily_failed", extra={"event": "daily_failed"})
    call_command("clearsessions")
    call_command("prune_db_task_results", min_age_days=KEPT_DAYS, verbosity=0)
    _log.info("daily", extra={"event": "daily", "facts": done})
    return done


@task()
def daily() -> dict[str, int]:
    """See that there is a next night, then do what is due."""
    now = timezone.now()
    if not _waiting().filter(run_after__gt=now).exists():
        daily.using(run_after=_night_after(now)).enqueue()
    return come(now)


def plan() -> None:
    """Let a worker that starts do what is due at once; what was planned already stays."""
    now = timezone.now()
    if not _waiting().filter(run_after__lte=now).exists():
        daily.using(run_after=now).enqueue()


def _waiting() -> QuerySet[DBTaskResult[..., Any]]:
    return DBTaskResult.objects.filter(task_path=daily.module_path, status="READY")


def _night_after(now: datetime) -> datetime:
    day = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, AT))
