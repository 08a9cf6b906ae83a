"""The worker: a process beside the site that reads and writes what takes longer than a page.

`run_worker()` works in this process until it is stopped; `working()` keeps one beside this process
while a block runs, as `demo` and `serve` do.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["run_worker", "working"]

SECONDS = 10  # how long a worker may take to finish what it is doing when it is stopped


def run_worker(*, until_empty: bool = False) -> None:
    """Work through the tasks in the database, the oldest first; what `db_worker` of Django does.

    What is due by the day (`daily`) comes first, and again every night; a worker that stays also
    watches what changed and looks ahead.
    """
    import django

    django.setup()
    from django.core.management import call_command

    from mixwijzer.web.config import daily, watching

    daily.plan()
    if not until_empty:
        watching.keep_watch()
    call_command("db_worker", batch=until_empty, interval=1, startup_delay=False, verbosity=0)


@contextmanager
def working() -> Iterator[None]:
    """Keep a worker in a process of its own; its environment is that of this one."""
    command = "from mixwijzer.web.config.worker import run_worker; run_worker()"
    with subprocess.Popen([sys.executable, "-c", command], stdin=subprocess.DEVNULL) as worker:
        try:
            yield
        finally:
            worker.terminate()
            try:
                worker.wait(SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
