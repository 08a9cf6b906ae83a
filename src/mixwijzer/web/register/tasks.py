"""What a worker does for the register: read a received file, write a confirmed one."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.utils import timezone
from django_tasks import task

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.register import services
from mixwijzer.web.register.models import Import

__all__ = ["read", "start", "write"]


def start(row: Import) -> None:
    """Let a worker go on with an import."""
    work = write if row.state == "confirmed" else read
    work.enqueue(row.owner_id, str(row.public_id))


@task()
def read(owner: int, public_id: str) -> str:
    """Read a file that was received; return the state it ends in."""
    return _done(services.read_import, owner, public_id)


@task()
def write(owner: int, public_id: str) -> str:
    """Write an import that was confirmed; return the state it ends in."""
    return _done(services.write_import, owner, public_id)


def _done(work: Callable[..., Import], owner: int, public_id: str) -> str:
    """Do a piece of work; of two workers at one import the second finds that it is done."""
    with acting_for(owner):
        row = services.one_import(owner, uuid.UUID(public_id))
        try:
            return work(row, now=timezone.now()).state
        except services.ImportNotNow as late:
            return late.state
