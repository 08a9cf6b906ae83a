"""Read a received file and say what it would do; nothing is written to the register.

Unattended, what stays within the guard rails is written at once.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from mixwijzer.exchange.incoming import Spool, spool
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import models
from mixwijzer.web.register.import_states import ImportEvent
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services.applying import write_import
from mixwijzer.web.register.services.comparing import held_for
from mixwijzer.web.register.services.importing import at_step, failed, folder_of, move, over
from mixwijzer.web.register.services.mapping import mapping_in
from mixwijzer.web.register.services.spooling import Clean
from mixwijzer.web.register.services.staging import Staging
from mixwijzer.web.register.services.weighing import (
    compared,
    counted,
    does_nothing,
    has_errors,
    kept,
    refused,
)

__all__ = ["read_import"]


def read_import(row: Import, *, now: datetime) -> Import:
    """Read a received file and say what it would do; nothing is written to the register.

    A file that was being read when its worker stopped is read again from the start.
    """
    row = move(row, ImportEvent.READ, now=now, trouble="")
    place = folder_of(row)
    uploads = sorted((place / "upload").glob("*")) if (place / "upload").exists() else []
    if not uploads:
        return failed(row, "file_gone", now)
    try:
        at_step(row, "reading")
        shutil.rmtree(place / "clean", ignore_errors=True)
        mapping = mapping_in(row, place / "mapping")
        told = spool(uploads[0], place / "clean", mapping=mapping, owner=row.owner.code)
        return _read(row, told, now)
    except OSError:
        return failed(row, "disk", now)
    finally:
        shutil.rmtree(place / "upload", ignore_errors=True)
        shutil.rmtree(place / "mapping", ignore_errors=True)


def _read(row: Import, spooled: Spool, now: datetime) -> Import:
    told = {
        "sha256": spooled.sha256,
        "mapping": row.mapping,
        "data_date": spooled.data_date,
        "synthetic": spooled.synthetic,
    }
    if not spooled.sound:
        return refused(row, spooled.findings, now, told)
    at_step(row, "comparing")
    clean = Clean.of(folder_of(row) / "clean", spooled)
    staging = Staging(row.owner, spooled.data_date or localdate(now))
    try:
        findings, diff = compared(row.owner, clean, staging, now)
    finally:
        staging.drop()
    findings = [*spooled.findings, *findings]
    if has_errors(findings):
        return refused(row, findings, now, told)
    diff |= {"dropped": dict(spooled.dropped), "truncated": spooled.truncated}
    return _staged(row, diff, now, {**told, "findings": kept(findings), "diff": diff})


def _staged(row: Import, diff: dict[str, Any], now: datetime, told: Mapping[str, Any]) -> Import:
    numbers = counted(diff)
    nothing = does_nothing(diff)
    held: Sequence[str] = ()
    if row.unattended:
        older = not nothing and _older(row.owner, told["data_date"])
        held = held_for(diff, day=localdate(now), older=older)
    if nothing and "vanished_homes" not in held:
        return over(move(row, ImportEvent.FIND_SAME, now=now, **told))
    if not row.unattended:
        return move(row, ImportEvent.STAGE, now=now, facts=numbers, **told)
    if held:
        return move(row, ImportEvent.HOLD, now=now, facts=numbers, held_for=list(held), **told)
    row = move(row, ImportEvent.STAGE, now=now, facts=numbers, **told)
    return write_import(move(row, ImportEvent.CONFIRM, now=now), now=now)


def _older(owner: Organisation, day: date | None) -> bool:
    """Whether a file is about an earlier day than what is known, or the same day said otherwise."""
    latest = (
        models.Delivery.objects.for_organisation(owner)
        .exclude(data_date=None)
        .order_by("-data_date")
        .values_list("data_date", flat=True)
        .first()
    )
    return bool(latest and (day is None or day <= latest))
