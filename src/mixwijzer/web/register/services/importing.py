"""Take a file into the register: receive, confirm, drop; each step with its event in the trail.

The file itself lives in a folder of its own until it was read, clean tables until they were written
or dropped. How it is read is in `reading`, how it is written in `applying`.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register.import_states import (
    MOVING,
    TRANSITIONS,
    ImportEvent,
    ImportState,
)
from mixwijzer.web.register.models import Import

__all__ = [
    "ImportNotNow",
    "at_step",
    "confirm",
    "drop",
    "failed",
    "folder_of",
    "follower",
    "move",
    "one_import",
    "over",
    "receive",
    "sweep",
]


LONGEST_STEM = 200  # a name on disk has 255 at most [bytes]


class ImportNotNow(Exception):  # noqa: N818 (a refusal, told to a person)
    """Something can't happen in the state that the import is in."""

    def __init__(self, state: str, event: ImportEvent) -> None:
        super().__init__(f"{event} in {state}")
        self.state, self.event = state, event


def folder_of(row: Import) -> Path:
    """Return where an import keeps its file and clean tables while it is under way."""
    return Path(settings.HOME) / "imports" / str(row.public_id)


def receive(
    *,
    owner: Organisation,
    actor: User | None,
    name: str,
    content: Iterable[bytes],
    mapping: str = "",
    unattended: bool = False,
    now: datetime,
) -> Import:
    """Keep a file until a worker reads it."""
    row = Import(
        owner=owner,
        file_name=_short(name),
        mapping=mapping,
        unattended=unattended,
        received_at=now,
        by=actor,
        moved_at=now,
    )
    place = folder_of(row) / "upload"
    place.mkdir(parents=True, mode=0o700)
    with (place / _on_disk(row.file_name)).open("wb") as file:
        for part in content:
            file.write(part)
    with transaction.atomic():
        row.save(force_insert=True)
        _told(row, "register.import_received", actor, now, {"unattended": unattended})
    return row


def _short(name: str) -> str:
    """Return a file's name without its folder, no longer than a row holds."""
    plain = "".join(sign for sign in Path(name.replace("\\", "/")).name if sign.isprintable())
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:180]}{dot}{suffix[:10]}" if dot else plain[:190]


def _on_disk(name: str) -> str:
    """Return what a file is called until it was read: by its own name, which may tell its table."""
    stem = Path(name).stem.encode()[:LONGEST_STEM].decode(errors="ignore")
    return f"{stem.strip('. ') or 'upload'}{Path(name).suffix.lower()[:8]}"


def move(
    row: Import,
    event: ImportEvent,
    *,
    now: datetime,
    actor: User | None = None,
    facts: Mapping[str, str | int | bool | None] | None = None,
    **columns: Any,
) -> Import:
    """Take an import one step further, with its event in the trail.

    Raises
    ------
    ImportNotNow
        When the table of transitions has no such step.
    """
    with transaction.atomic():
        audit.lock(row.owner)
        held = (
            Import.objects.for_organisation(row.owner_id)
            .select_for_update(of=("self",))
            .select_related("owner")
            .get(pk=row.pk)
        )
        after = TRANSITIONS.get((ImportState(held.state), event))
        if after is None:
            raise ImportNotNow(held.state, event)
        held.state, held.moved_at, held.step = after, now, ""
        for name, value in columns.items():
            setattr(held, name, value)
        held.save()
        _told(held, f"register.import_{event}", actor, now, facts or {})
    return held


def _told(
    row: Import,
    action: str,
    actor: User | None,
    now: datetime,
    facts: Mapping[str, str | int | bool | None],
) -> None:
    audit.record(
        organisation=row.owner,
        action=action,
        actor=actor,
        subject=row.public_id,
        facts=facts,
        at=now,
    )


def failed(row: Import, trouble: str, now: datetime) -> Import:
    return over(move(row, ImportEvent.FAIL, now=now, trouble=trouble, facts={"trouble": trouble}))


def over(row: Import) -> Import:
    """Take away what lies on disk of an import that ended; not before, somebody may work on it."""
    shutil.rmtree(folder_of(row), ignore_errors=True)
    return row


def at_step(row: Import, step: str) -> None:
    """Give a sign of life: by the clock, since long work goes by without a request."""
    Import.objects.for_organisation(row.owner_id).filter(pk=row.pk).update(
        step=step, moved_at=timezone.now()
    )


def confirm(*, row: Import, actor: User, now: datetime) -> Import:
    """Let a worker write this import; somebody saw what it does."""
    return move(row, ImportEvent.CONFIRM, now=now, actor=actor, applied_by=actor)


def drop(*, row: Import, actor: User | None, now: datetime) -> Import:
    """Do nothing with this file after all."""
    return over(move(row, ImportEvent.DROP, now=now, actor=actor))


def sweep(*, owner: Organisation, before: datetime, now: datetime) -> int:
    """Say of imports whose worker gave no sign of life that they stopped; returns how many."""
    silent = Import.objects.for_organisation(owner).filter(
        state__in=MOVING - {ImportState.RECEIVED}, moved_at__lt=before
    )
    rows = list(silent.select_related("owner"))
    for row in rows:
        move(row, ImportEvent.FAIL, now=now, trouble="stopped", facts={"trouble": "stopped"})
    return len(rows)


def follower() -> Any:  # noqa: ANN401 (a module of a feature above, named in settings)
    return import_module(settings.REGISTER_FOLLOWER)


def one_import(owner: Organisation | int, public_id: uuid.UUID) -> Import:
    """Return an import of an organisation, for a worker."""
    return Import.objects.for_organisation(owner).select_related("owner").get(public_id=public_id)
