"""Who looks ahead when nobody asks? The worker, again and again, at what changed.

No page starts this, since looking at a page changes nothing. A worker that starts begins to watch;
each watch computes what isn't kept of today's rows, weighs what was agreed, and leaves a note for
the next. It also lets a worker go on with scenarios and city rounds whose own was killed.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from mixwijzer.web.accounts.isolation import acting_for, whole_installation
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.accounts.selectors import associations
from mixwijzer.web.outlook import services, tasks
from mixwijzer.web.rounds import tasks as rounds

__all__ = ["keep_watch", "watch"]

EVERY = timedelta(minutes=2)
AT_ONCE = 3  # complexes of one association; after those an import that waits comes first
LAST = -50  # whatever else waits comes first


def keep_watch() -> None:
    """Let a worker watch from now on; a watch that waits already will do."""
    watches = DBTaskResult.objects.filter(task_path=watch.module_path)
    if not watches.filter(status=TaskResultStatus.READY).exists():
        watch.using(priority=LAST).enqueue()


@task()
def watch() -> int:
    """Look ahead for every association, at what changed; return how many complexes those were."""
    again = EVERY
    try:
        with whole_installation():
            owners = associations()
        made = [_look(owner) for owner in owners]
        again = timedelta() if AT_ONCE in made else EVERY
        return sum(made)
    finally:
        watch.using(priority=LAST, run_after=timezone.now() + again).enqueue()


def _look(owner: Organisation) -> int:
    with acting_for(owner):
        tasks.take_up(owner, timezone.now())
        rounds.take_up(owner, timezone.now())
        services.weigh(owner=owner, now=timezone.now())
        return services.look_ahead(owner=owner, now=timezone.now(), most=AT_ONCE)
