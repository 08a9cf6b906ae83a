"""Start the application for an organisation, if it can work; stop when what it does is done."""

from __future__ import annotations

import logging
from contextlib import nullcontext

from django.conf import settings
from django.core import checks
from django.db import connections

from mixwijzer.web.config.operations.saying import Refused
from mixwijzer.web.config.operations.verifying import migrations_wait
from mixwijzer.web.config.worker import GRACE, working

__all__ = ["look_before", "serve"]

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
        with working() if tasks else nullcontext():
            server.serve()
    finally:
        _tell("stopped")


def _tell(event: str, **facts: object) -> None:
    _log.info(event, extra={"event": event, "facts": facts})
