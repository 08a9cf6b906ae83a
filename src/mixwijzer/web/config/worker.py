"""The worker: a process beside the site that reads and writes what takes longer than a page.

`run_worker()` works in this process until it is stopped; `working()` keeps one beside this process
while a block runs, as `demo` and `serve` do. A worker that falls is started again.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["GRACE", "WORKER", "run_worker", "work_beside", "working"]

GRACE = 30  # [s] for what is under way when it must stop
WORKER = "from mixwijzer.web.config.worker import work_beside; work_beside()"
_AGAIN = 3.0  # [s] before a worker that fell is started again

_log = logging.getLogger("mixwijzer.worker")


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
    """Keep a worker going in a process beside this one; it ends after the task that it is at."""
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep, args=(stopping,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join(GRACE + 5)


def work_beside() -> None:
    """Work through tasks until told to stop, or until the process that keeps this one is gone."""
    threading.Thread(target=_end_with_the_keeper, daemon=True).start()
    run_worker()


def _keep(stopping: threading.Event) -> None:
    while not stopping.is_set():
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, start_new_session=True
        )
        while worker.poll() is None and not stopping.wait(0.2):
            pass
        if not stopping.is_set():
            facts = {"code": worker.returncode}
            _log.warning("worker_fell", extra={"event": "worker_fell", "facts": facts})
            stopping.wait(_AGAIN)
            continue
        _end(worker)


def _end_with_the_keeper() -> None:
    """Wait for the end of what the keeper writes; it writes nothing, so that is its own end."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _end(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is None:
        worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(GRACE)
    except subprocess.TimeoutExpired:
        worker.kill()
