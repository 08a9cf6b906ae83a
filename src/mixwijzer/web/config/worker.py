"""The worker: a process beside the site that reads and writes what takes longer than a page.

`run_worker()` works in this process until it is stopped; `working()` keeps one beside this process
while a block runs, as `demo` and `serve` do. A worker that falls is started again.
"""

from __future__ import annotations

import logging
import logging.config
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["GRACE", "keep", "run_worker", "work_beside", "working"]

GRACE = 30  # [s] for what is under way when it must stop
_AGAIN = 3.0  # [s] before a worker that fell is started again
_LOOK = 0.2  # [s] between looks at whether all is well

_log = logging.getLogger("mixwijzer.worker")


def run_worker(*, until_empty: bool = False) -> None:
    """Work through the tasks in the database, the oldest first; what `db_worker` of Django does.

    What is due by the day (`daily`) comes first, and again every night; a worker that stays also
    watches what changed, looks ahead and sends mail.
    """
    import django

    django.setup()
    from django.core.management import call_command

    from mixwijzer.web.config import daily, mailing, watching

    daily.plan()
    if not until_empty:
        watching.keep_watch()
        mailing.keep_sending()
    call_command("db_worker", batch=until_empty, interval=1, startup_delay=False, verbosity=0)


@contextmanager
def working() -> Iterator[None]:
    """Keep a worker going beside this process; it ends after the task that it is at.

    A process of its own keeps it, not a thread: a server that forks while a thread of it starts a
    process leaves that thread waiting for ever.
    """
    keeper = _start("keep")
    try:
        yield
    finally:
        _end(keeper, within=GRACE + 5)


def keep(parent: int) -> None:
    """Start a worker, and again when it fell, until told to stop or the parent is gone."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    while not stopping.is_set():
        worker = _start("work_beside")
        while worker.poll() is None and not stopping.wait(_LOOK):
            if os.getppid() != parent:
                stopping.set()
        if stopping.is_set():
            _end(worker, within=GRACE)
        else:
            facts = {"code": worker.returncode}
            _log.warning("worker_fell", extra={"event": "worker_fell", "facts": facts})
            stopping.wait(_AGAIN)


def work_beside(parent: int) -> None:
    """Work through tasks until told to stop or the parent is gone."""
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    run_worker()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


def _start(what: str) -> subprocess.Popen[bytes]:
    """Start one of this module's functions in a process of its own, told who its parent is."""
    command = f"from mixwijzer.web.config import worker; worker.{what}({os.getpid()})"
    return subprocess.Popen(
        [sys.executable, "-c", command], stdin=subprocess.DEVNULL, start_new_session=True
    )


def _end(process: subprocess.Popen[bytes], *, within: float) -> None:
    process.terminate()
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
