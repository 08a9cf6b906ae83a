"""What a worker does for the register: read a received file, write a confirmed one."""

from __future__ import annotations

import uuid

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
    with acting_for(owner):
        row = services.one_import(owner, uuid.UUID(public_id))
        return services.read_import(row, now=timezone.now()).state


@task()
def write(owner: int, public_id: str) -> str:
    """Write an import that was confirmed; return the state it ends in."""
    with acting_for(owner):
        row = services.one_import(owner, uuid.UUID(public_id))
        return services.write_import(row, now=timezone.now()).state
