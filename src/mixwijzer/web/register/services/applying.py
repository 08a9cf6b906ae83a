"""Write a confirmed import into the register: all of it or nothing, and only what was confirmed.

The heavy work (comparing, making accounts) happens outside any transaction; writing is one
transaction with its event in the trail. Two imports at once come one after the other: the second
one notices under the lock that something was brought in since it was compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.portfolio import Channel
from mixwijzer.exchange.findings import Finding
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register import bridge, bulk, models
from mixwijzer.web.register.import_states import ImportEvent, possible
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services.drawing import record_shapes, renumber
from mixwijzer.web.register.services.foreseeing import foresee, touched
from mixwijzer.web.register.services.importing import (
    ImportNotNow,
    at_step,
    failed,
    folder_of,
    follower,
    move,
    over,
)
from mixwijzer.web.register.services.ledgers import Loaded, in_turn, store
from mixwijzer.web.register.services.setting_aside import ASIDE, Aside, set_aside
from mixwijzer.web.register.services.spooling import Clean
from mixwijzer.web.register.services.staging import RegisterMoved, Staging
from mixwijzer.web.register.services.weighing import (
    MOST_FINDINGS,
    compared,
    counted,
    does_nothing,
    has_errors,
    kept,
    new_channels,
    refused,
    same_effect,
    seen,
)
from mixwijzer.web.register.services.writing import write_accounts, write_ahead, write_rest

__all__ = ["write_import"]

TRIES = 3
MANY = 1_000  # rows after which the database counts its tables anew


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
        return failed(row, "tables_gone", now)
    try:
        return _tried(row, Clean.of(folder), now)
    except OSError:  # also when somebody else wrote or dropped it, and took its folder along
        return failed(row, "tables_gone", now)
    except AccountError as error:
        return failed(row, f"account:{error.subject}"[:40], now)


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
        return _reconsidered(row, *compared(row.owner, clean, staging, now), now)
    finally:
        staging.drop()


def _written(row: Import, clean: Clean, staging: Staging, now: datetime) -> Import:
    at_step(row, "comparing")
    last = seen(row.owner)
    if last == row.diff.get("seen"):
        staging.read(clean.files)
    else:
        findings, diff = compared(row.owner, clean, staging, now)
        if has_errors(findings) or not same_effect(row.diff, diff):
            return _reconsidered(row, findings, diff, now)
    channels = (
        clean.channels
        or bridge.CHANNELS.read(bridge.current(bridge.CHANNELS, row.owner))
        or follower().channels(localdate(now))
    )
    codes = _touched(row.owner, staging, clean)
    at_step(row, "accounts")
    aside: list[Aside] = []
    for found in foresee(
        row.owner, staging.present, codes, channels=channels, day=localdate(now), now=now
    ):
        aside += found
        at_step(row, "accounts")
    at_step(row, "writing")
    foreseen = _Foreseen(codes=codes, aside=tuple(aside), seen=last)
    done, after = _in_one_go(row, staging, foreseen, replace(clean, channels=channels), now)
    over(after)
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


def _reconsidered(
    row: Import, findings: Sequence[Finding], diff: dict[str, Any], now: datetime
) -> Import:
    """Give an import back to a person: it was compared again and does something else now."""
    before = [each for each in row.findings if each["code"] != ASIDE]
    if has_errors(findings):
        return refused(row, findings, now, {})
    diff = {**row.diff, **diff}
    told: dict[str, Any] = {"findings": [*kept(findings), *before][:MOST_FINDINGS], "diff": diff}
    if does_nothing(diff):
        return over(move(row, ImportEvent.FIND_SAME, now=now, **told))
    facts = counted(diff)
    return move(row, ImportEvent.RECONSIDER, now=now, facts=facts, held_for=["moved"], **told)


def _touched(owner: Organisation, staging: Staging, clean: Clean) -> Sequence[str]:
    """Return the complexes to make again: those with other rows, all when a channel changes."""
    codes = touched(owner, staging.present)
    if not new_channels(owner, clean):
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
    in_turn(owner)
    _still_as_foreseen(row, foreseen)
    at = _moment(owner, now)
    ahead = write_ahead(owner=owner, tables=staging.present, now=at)
    audit.lock(owner)  # from here others wait
    _still_as_foreseen(row, foreseen)
    done = ahead + write_rest(owner=owner, tables=staging.present, now=at)
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


def _still_as_foreseen(row: Import, foreseen: _Foreseen) -> None:
    """Make sure that nobody wrote or dropped this import, or brought in something else."""
    state = Import.objects.for_organisation(row.owner_id).values_list("state", flat=True)
    now = state.get(pk=row.pk)
    if not possible(now, ImportEvent.APPLY):
        raise ImportNotNow(now, ImportEvent.APPLY)
    if seen(row.owner) != foreseen.seen:
        raise RegisterMoved


def _with_aside(row: Import, aside: Iterable[Aside]) -> list[dict[str, Any]]:
    """Return the findings with what was set aside in the end, which may be more than foreseen."""
    before = [each for each in row.findings if each["code"] != ASIDE]
    return [*kept(each.finding() for each in aside), *before][:MOST_FINDINGS]


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
