"""Take a file into the register: receive, read, compare, confirm, write, drop.

The heavy work (reading, comparing, making accounts) happens outside any transaction; writing is one
transaction with its event in the trail. The file itself lives in a folder of its own until it was
read, clean tables until they were written or dropped.
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.portfolio import Channel
from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.exchange.incoming import Spool, spool
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register import bridge, bulk, models
from mixwijzer.web.register.import_states import (
    MOVING,
    TRANSITIONS,
    ImportEvent,
    ImportState,
    possible,
)
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services.comparing import differences, held_for, misfits
from mixwijzer.web.register.services.drawing import new_outlines, record_shapes, renumber
from mixwijzer.web.register.services.foreseeing import contradicted, foresee, touched
from mixwijzer.web.register.services.ledgers import Loaded, store
from mixwijzer.web.register.services.setting_aside import ASIDE, Aside, set_aside
from mixwijzer.web.register.services.spooling import Clean
from mixwijzer.web.register.services.staging import RegisterMoved, Staging
from mixwijzer.web.register.services.writing import write_accounts, write_rows

__all__ = [
    "ImportNotNow",
    "confirm",
    "drop",
    "folder_of",
    "follower",
    "move",
    "one_import",
    "read_import",
    "receive",
    "sweep",
    "write_import",
]

TRIES = 3
MANY = 1_000  # rows after which the database counts its tables anew
MOST_FINDINGS = 500
_SAFE = re.compile(r"(?=.*\d)(?!.*[^\W\d_]{5})(?!\d{9}$)[\w.,:/%€ +-]{1,30}")


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
    with (place / f"upload{Path(row.file_name).suffix.lower()[:8]}").open("wb") as file:
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


# Reading


def read_import(row: Import, *, now: datetime) -> Import:
    """Read a received file and say what it would do; nothing is written to the register.

    A file that was being read when its worker stopped is read again from the start.
    """
    row = move(row, ImportEvent.READ, now=now, trouble="")
    place = folder_of(row)
    uploads = sorted((place / "upload").glob("*")) if (place / "upload").exists() else []
    if not uploads:
        return _failed(row, "file_gone", now)
    try:
        _at(row, "reading")
        shutil.rmtree(place / "clean", ignore_errors=True)
        told = spool(uploads[0], place / "clean", mapping=row.mapping or None, owner=row.owner.code)
        return _read(row, told, now)
    except OSError:
        return _failed(row, "disk", now)
    finally:
        shutil.rmtree(place / "upload", ignore_errors=True)


def _failed(row: Import, trouble: str, now: datetime) -> Import:
    return _over(move(row, ImportEvent.FAIL, now=now, trouble=trouble, facts={"trouble": trouble}))


def _over(row: Import) -> Import:
    """Take away what lies on disk of an import that ended; not before, somebody may work on it."""
    shutil.rmtree(folder_of(row), ignore_errors=True)
    return row


def _read(row: Import, spooled: Spool, now: datetime) -> Import:
    told = {
        "sha256": spooled.sha256,
        "mapping": row.mapping,
        "data_date": spooled.data_date,
        "synthetic": spooled.synthetic,
    }
    if not spooled.sound:
        return _refused(row, spooled.findings, now, told)
    _at(row, "comparing")
    clean = Clean.of(folder_of(row) / "clean", spooled)
    staging = Staging(row.owner, spooled.data_date or localdate(now))
    try:
        findings, diff = _compared(row.owner, clean, staging, now)
    finally:
        staging.drop()
    findings = [*spooled.findings, *findings]
    if _errors(findings):
        return _refused(row, findings, now, told)
    diff |= {"dropped": dict(spooled.dropped), "truncated": spooled.truncated}
    return _staged(row, diff, now, {**told, "findings": _kept(findings), "diff": diff})


def _compared(
    owner: Organisation, clean: Clean, staging: Staging, now: datetime
) -> tuple[list[Finding], dict[str, Any]]:
    """Compare a file with the register: what can't be so, and else what it would do."""
    seen = _seen(owner)
    staging.read(clean.files)
    findings = [*misfits(staging)]
    if _errors(findings):
        return findings, {}
    codes = touched(owner, staging.present)
    findings += contradicted(owner, staging.present, codes, day=localdate(now), now=now)
    diff = differences(staging) | {
        "channels": len(_new_channels(owner, clean)),
        "outlines": len(new_outlines(owner, clean.outlines)),
        "aside": sum(each.code == ASIDE for each in findings),
        "open": follower().work_on(owner),
        "seen": seen,
    }
    return findings, diff


def _seen(owner: Organisation) -> list[int]:
    """Return what was brought in last: as long as it is the same, a comparison holds.

    What people do by hand meanwhile shows row by row when it is written.
    """
    return [
        model.objects.for_organisation(owner).order_by("-pk").values_list("pk", flat=True).first()
        or 0
        for model in (models.Delivery, models.Renumbering)
    ]


def _staged(row: Import, diff: dict[str, Any], now: datetime, told: Mapping[str, Any]) -> Import:
    counted = _counted(diff)
    nothing = _does_nothing(diff)
    held: Sequence[str] = ()
    if row.unattended:
        older = not nothing and _older(row.owner, told["data_date"])
        held = held_for(diff, day=localdate(now), older=older)
    if nothing and "vanished_homes" not in held:
        return _over(move(row, ImportEvent.FIND_SAME, now=now, **told))
    if not row.unattended:
        return move(row, ImportEvent.STAGE, now=now, facts=counted, **told)
    if held:
        return move(row, ImportEvent.HOLD, now=now, facts=counted, held_for=list(held), **told)
    row = move(row, ImportEvent.STAGE, now=now, facts=counted, **told)
    return write_import(move(row, ImportEvent.CONFIRM, now=now), now=now)


def _counted(diff: Mapping[str, Any]) -> dict[str, int]:
    tables = diff["tables"].values()
    return {name: sum(each[name] for each in tables) for name in _COUNTED}


def _does_nothing(diff: Mapping[str, Any]) -> bool:
    counted = _counted(diff)
    return not any((counted["new"], counted["changed"], diff["channels"], diff["outlines"]))


_COUNTED = ("new", "changed", "ended", "vanished")


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


def _new_channels(owner: Organisation, clean: Clean) -> Sequence[Channel]:
    rows = bridge.CHANNELS.read(bridge.current(bridge.CHANNELS, owner))
    held = {each.id: replace(each, recorded_at=None) for each in rows}
    return [each for each in clean.channels if held.get(each.id) != replace(each, recorded_at=None)]


def _errors(findings: Iterable[Finding]) -> bool:
    return any(each.severity is Severity.ERROR for each in findings)


def _refused(
    row: Import, findings: Sequence[Finding], now: datetime, told: Mapping[str, Any]
) -> Import:
    number = sum(each.severity is Severity.ERROR for each in findings)
    facts = {"errors": number}
    kept = _kept(findings)
    return _over(move(row, ImportEvent.REFUSE, now=now, facts=facts, findings=kept, **told))


def _kept(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as they may be kept: of a cell only what looks like a number or a code."""
    listed = sorted(findings, key=lambda each: -each.severity)[:MOST_FINDINGS]
    rows = []
    for each in listed:
        row = asdict(each)
        row["severity"] = int(each.severity)
        row["facts"] = dict(each.facts)
        if not _SAFE.fullmatch(each.value or ""):
            row["value"] = None
        rows.append(row)
    return rows


def _at(row: Import, step: str) -> None:
    """Give a sign of life: by the clock, since long work goes by without a request."""
    Import.objects.for_organisation(row.owner_id).filter(pk=row.pk).update(
        step=step, moved_at=timezone.now()
    )


# Deciding about it


def confirm(*, row: Import, actor: User, now: datetime) -> Import:
    """Let a worker write this import; somebody saw what it does."""
    return move(row, ImportEvent.CONFIRM, now=now, actor=actor, applied_by=actor)


def drop(*, row: Import, actor: User | None, now: datetime) -> Import:
    """Do nothing with this file after all."""
    return _over(move(row, ImportEvent.DROP, now=now, actor=actor))


# Writing


def write_import(row: Import, *, now: datetime) -> Import:
    """Write a confirmed import into the register: all of it, or nothing.

    What was confirmed is what is written. When something else was brought in since and this file
    would now do something else, it goes back to a person with what it would do now.

    Raises
    ------
    ImportNotNow
        When somebody else wrote or dropped it first.
    """
    if not possible(row.state, ImportEvent.APPLY):
        raise ImportNotNow(row.state, ImportEvent.APPLY)
    folder = folder_of(row) / "clean"
    if not folder.exists():
        return _failed(row, "tables_gone", now)
    try:
        return _tried(row, Clean.of(folder), now)
    except OSError:  # also when somebody else wrote or dropped it, and took its folder along
        return _failed(row, "tables_gone", now)
    except AccountError as error:
        return _failed(row, f"account:{error.subject}"[:40], now)


def _tried(row: Import, clean: Clean, now: datetime) -> Import:
    for _ in range(TRIES):
        staging = Staging(row.owner, row.data_date or localdate(now))
        try:
            return _written(row, clean, staging, now)
        except (RegisterMoved, IntegrityError):
            continue
        finally:
            staging.drop()
    staging = Staging(row.owner, row.data_date or localdate(now))
    try:
        return _reconsidered(row, *_compared(row.owner, clean, staging, now), now)
    finally:
        staging.drop()


def _written(row: Import, clean: Clean, staging: Staging, now: datetime) -> Import:
    _at(row, "comparing")
    seen = _seen(row.owner)
    if seen == row.diff.get("seen"):
        staging.read(clean.files)
    else:
        findings, diff = _compared(row.owner, clean, staging, now)
        if _errors(findings) or not _same_effect(row.diff, diff):
            return _reconsidered(row, findings, diff, now)
    channels = (
        clean.channels
        or bridge.CHANNELS.read(bridge.current(bridge.CHANNELS, row.owner))
        or follower().channels(localdate(now))
    )
    codes = _touched(row.owner, staging, clean)
    _at(row, "accounts")
    aside: list[Aside] = []
    for found in foresee(
        row.owner, staging.present, codes, channels=channels, day=localdate(now), now=now
    ):
        aside += found
        _at(row, "accounts")
    _at(row, "writing")
    foreseen = _Foreseen(codes=codes, aside=tuple(aside), seen=seen)
    done, after = _in_one_go(row, staging, foreseen, replace(clean, channels=channels), now)
    _over(after)
    if done.added + done.changed > MANY:
        bulk.count_again()
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class _Foreseen:
    """What is known before the transaction.

    The complexes of which accounts are ready, what can no longer be, and what was brought in last.
    """

    codes: Sequence[str]
    aside: tuple[Aside, ...]
    seen: list[int]


def _same_effect(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a file still does what a person saw that it does."""
    told = ("channels", "outlines", "aside", "merged")
    return _counted(before) == _counted(after) and all(
        before.get(name) == after.get(name) for name in told
    )


def _reconsidered(
    row: Import, findings: Sequence[Finding], diff: dict[str, Any], now: datetime
) -> Import:
    """Give an import back to a person: it was compared again and does something else now."""
    before = [each for each in row.findings if each["code"] != ASIDE]
    if _errors(findings):
        return _refused(row, findings, now, {})
    diff = {**row.diff, **diff}
    told = {"findings": [*_kept(findings), *before][:MOST_FINDINGS], "diff": diff}
    if _does_nothing(diff):
        return _over(move(row, ImportEvent.FIND_SAME, now=now, **told))
    facts = _counted(diff)
    return move(row, ImportEvent.RECONSIDER, now=now, facts=facts, held_for=["moved"], **told)


def _touched(owner: Organisation, staging: Staging, clean: Clean) -> Sequence[str]:
    """Return the complexes to make again: those with other rows, all when a channel changes."""
    codes = touched(owner, staging.present)
    if not _new_channels(owner, clean):
        return codes
    known = models.Complex.objects.for_organisation(owner).values_list("code", flat=True)
    return sorted({*codes, *known})


@transaction.atomic
def _in_one_go(
    row: Import,
    staging: Staging,
    foreseen: _Foreseen,
    clean: Clean,
    now: datetime,
) -> tuple[Loaded, Import]:
    owner = row.owner
    audit.lock(owner)
    _still_confirmed(row)
    if _seen(owner) != foreseen.seen:
        raise RegisterMoved
    at = _moment(owner, now)
    done = write_rows(owner=owner, tables=staging.present, now=at)
    set_aside(owner=owner, aside=foreseen.aside, now=at)
    _channels(owner, clean.channels, at)
    if clean.outlines:
        record_shapes(owner=owner, outlines=clean.outlines, actor=row.applied_by, now=at)
    late = write_accounts(owner=owner, codes=foreseen.codes, day=localdate(at), now=at)
    for theirs, ours in staging.merged:
        renumber(
            owner=owner,
            kind=models.Renumbering.Kind.NOTICE,
            theirs=theirs,
            ours=ours,
            from_on=localdate(at),
            actor=row.applied_by,
            now=at,
        )
    models.Delivery(
        owner=owner,
        at=at,
        by=row.applied_by,
        data_date=row.data_date or _last_day(owner),
        synthetic=row.synthetic,
        added=done.added,
        changed=done.changed,
    ).save(force_insert=True)
    follower().follow(owner=owner, now=at, by=row.applied_by)
    aside = (*foreseen.aside, *late)
    facts = {
        "added": done.added,
        "changed": done.changed,
        "complexes": len(foreseen.codes),
        "set_aside": len(aside),
    }
    told = {"applied_at": at, "findings": _with_aside(row, aside)}
    return done, move(row, ImportEvent.APPLY, now=at, actor=row.applied_by, facts=facts, **told)


def _still_confirmed(row: Import) -> None:
    state = Import.objects.for_organisation(row.owner_id).values_list("state", flat=True)
    now = state.get(pk=row.pk)
    if not possible(now, ImportEvent.APPLY):
        raise ImportNotNow(now, ImportEvent.APPLY)


def _with_aside(row: Import, aside: Iterable[Aside]) -> list[dict[str, Any]]:
    """Return the findings with what was set aside in the end, which may be more than foreseen."""
    before = [each for each in row.findings if each["code"] != ASIDE]
    return [*_kept(each.finding() for each in aside), *before][:MOST_FINDINGS]


def _last_day(owner: Organisation) -> date | None:
    """Return of which day the data are; a file that doesn't say so leaves it as it was."""
    rows = models.Delivery.objects.for_organisation(owner).order_by("-at", "-pk")
    return rows.values_list("data_date", flat=True).first()


def _channels(owner: Organisation, channels: Sequence[Channel], now: datetime) -> None:
    place = {each.id: number for number, each in enumerate(channels)}
    store(
        table=bridge.CHANNELS,
        owner=owner,
        values=[replace(each, recorded_at=None) for each in channels],
        now=now,
        extra=lambda each: {"place": place[each.id]},
    )


def _moment(owner: Organisation, now: datetime) -> datetime:
    """Return a moment at which nothing was brought in yet: it names the rows of this import."""
    last = models.Delivery.objects.for_organisation(owner).order_by("-at").first()
    return max(now, last.at + timedelta(microseconds=1)) if last else now


def follower() -> Any:  # noqa: ANN401 (a module of a feature above, named in settings)
    return import_module(settings.REGISTER_FOLLOWER)


def sweep(*, owner: Organisation, before: datetime, now: datetime) -> int:
    """Say of imports whose worker gave no sign of life that they stopped; returns how many."""
    rows = Import.objects.for_organisation(owner).filter(
        state__in=MOVING - {ImportState.RECEIVED}, moved_at__lt=before
    )
    for row in rows.select_related("owner"):
        move(row, ImportEvent.FAIL, now=now, trouble="stopped", facts={"trouble": "stopped"})
    return len(rows)


def one_import(owner: Organisation | int, public_id: uuid.UUID) -> Import:
    """Return an import of an organisation, for a worker."""
    return Import.objects.for_organisation(owner).select_related("owner").get(public_id=public_id)
