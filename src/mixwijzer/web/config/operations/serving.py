"""Start the application for an organisation, if it can work; stop when what it does is done."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core import checks
from django.db import connections

from mixwijzer.web.config.operations.saying import Refused
from mixwijzer.web.config.operations.verifying import migrations_wait
from mixwijzer.web.config.worker import run_worker

__all__ = ["WORKER", "look_before", "serve", "work_beside"]

GRACE = 30  # [s] for what is under way when it must stop
WORKER = """
import django
django.setup()  # this module asks about migrations, and with that about the models
from mixwijzer.web.config.operations.serving import work_beside
work_beside()
"""
_AGAIN = 3.0  # [s] before a worker that fell is started again

_log = logging.getLogger("mixwijzer.serve")


def look_before() -> None:
    """Refuse to start where a decision could be lost or a door stands open."""
    if migrations_wait():
        raise Refused("serve.migrations")
    found = checks.run_checks(databases=list(connections))
    serious = [each for each in found if each.is_serious()]
    if serious:
        told = " ".join(f"{each.msg} {each.hint or ''} [{each.id}]".strip() for each in serious)
        raise Refused("serve.checks", n=len(serious), why=told)
    connections.close_all()


def serve(*, host: str, port: int, workers: int, threads: int, tasks: bool) -> None:
    """Answer until told to stop; requests and tasks that are under way are finished."""
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "mixwijzer.web.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        log_dictconfig=settings.LOGGING,
        log_access=False,
    )
    _tell("started", host=host, port=port, workers=workers)
    try:
        with _tasks() if tasks else _nothing():
            server.serve()
    finally:
        _tell("stopped")


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _tasks() -> Iterator[None]:
    """Keep a worker going beside the server; it ends after the task that it is at."""
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep, args=(stopping,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join(GRACE + 5)


def _keep(stopping: threading.Event) -> None:
    while not stopping.is_set():
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, start_new_session=True
        )
        while worker.poll() is None and not stopping.wait(0.2):
            pass
        if not stopping.is_set():
            _tell("worker_fell", code=worker.returncode)
            stopping.wait(_AGAIN)
            continue
        _end(worker)


def work_beside() -> None:
    """Work through tasks until told to stop, or until the server beside it is gone."""
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    run_worker()


def _end_with_the_server() -> None:
    """Wait for the end of what the server writes; it writes nothing, so that is its own end."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _end(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is None:
        worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(GRACE)
    except subprocess.TimeoutExpired:
        worker.kill()


def _tell(event: str, **facts: object) -> None:
    _log.info(event, extra={"event": event, "facts": facts})
