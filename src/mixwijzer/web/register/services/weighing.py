"""What would a file do now, and is that still what somebody saw? Compared, counted, remembered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from mixwijzer.engine.portfolio import Channel
from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import bridge, models
from mixwijzer.web.register.import_states import ImportEvent
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services.comparing import differences, misfits
from mixwijzer.web.register.services.drawing import new_outlines
from mixwijzer.web.register.services.foreseeing import contradicted, touched
from mixwijzer.web.register.services.importing import follower, move, over
from mixwijzer.web.register.services.setting_aside import ASIDE
from mixwijzer.web.register.services.spooling import Clean
from mixwijzer.web.register.services.staging import Staging

__all__ = [
    "MOST_FINDINGS",
    "compared",
    "counted",
    "does_nothing",
    "has_errors",
    "kept",
    "new_channels",
    "refused",
    "same_effect",
    "seen",
]

MOST_FINDINGS = 500
_SAFE = re.compile(r"(?=.*\d)(?!.*[^\W\d_]{5})(?!\d{9}$)[\w.,:/%€ +-]{1,30}")
_TAKEN = frozenset({"portfolio", "schemes", *(each.name for each in bridge.TABLES)})
_COUNTED = ("new", "changed", "ended", "vanished")


def compared(
    owner: Organisation, clean: Clean, staging: Staging, now: datetime
) -> tuple[list[Finding], dict[str, Any]]:
    """Compare a file with the register: what can't be so, and else what it would do."""
    last, today = seen(owner), localdate(now)
    staging.read(clean.files)
    findings = [*_elsewhere(clean), *misfits(staging)]
    if staging.day > today:
        facts = {"on": staging.day.isoformat()}
        findings.append(Finding(code="data_date_ahead", facts=facts))
    if has_errors(findings):
        return findings, {}
    codes = touched(owner, staging.present)
    findings += contradicted(owner, staging.present, codes, day=today, now=now)
    diff = differences(staging) | {
        "channels": len(new_channels(owner, clean)),
        "outlines": len(new_outlines(owner, clean.outlines)),
        "aside": sum(each.code == ASIDE for each in findings),
        "open": follower().work_on(owner),
        "seen": last,
    }
    return findings, diff


def _elsewhere(clean: Clean) -> Iterator[Finding]:
    """Yield the tables of a file that don't come into the register, since people decide on them."""
    for name in sorted(clean.files.keys() - _TAKEN):
        yield Finding(code="table_elsewhere", severity=Severity.WARNING, sheet=name)


def seen(owner: Organisation) -> list[int]:
    """Return what was brought in last: as long as it is the same, a comparison holds.

    What people do by hand meanwhile shows row by row when it is written.
    """
    return [
        model.objects.for_organisation(owner).order_by("-pk").values_list("pk", flat=True).first()
        or 0
        for model in (models.Delivery, models.Renumbering)
    ]


def counted(diff: Mapping[str, Any]) -> dict[str, int]:
    tables = diff["tables"].values()
    return {name: sum(each[name] for each in tables) for name in _COUNTED}


def does_nothing(diff: Mapping[str, Any]) -> bool:
    numbers = counted(diff)
    return not any((numbers["new"], numbers["changed"], diff["channels"], diff["outlines"]))


def same_effect(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a file still does what a person saw that it does, the examples included."""
    return _effect(before) == _effect(after)


def _effect(diff: Mapping[str, Any]) -> tuple[Any, ...]:
    told = (*_COUNTED[:3], "samples")
    tables = {name: [each[key] for key in told] for name, each in diff["tables"].items()}
    return tables, [diff.get(name) for name in ("channels", "outlines", "aside", "merged")]


def new_channels(owner: Organisation, clean: Clean) -> Sequence[Channel]:
    rows = bridge.CHANNELS.read(bridge.current(bridge.CHANNELS, owner))
    held = {each.id: replace(each, recorded_at=None) for each in rows}
    return [each for each in clean.channels if held.get(each.id) != replace(each, recorded_at=None)]


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(each.severity is Severity.ERROR for each in findings)


def refused(
    row: Import, findings: Sequence[Finding], now: datetime, told: Mapping[str, Any]
) -> Import:
    number = sum(each.severity is Severity.ERROR for each in findings)
    facts = {"errors": number}
    told = {**told, "findings": kept(findings)}
    return over(move(row, ImportEvent.REFUSE, now=now, facts=facts, **told))


def kept(findings: Iterable[Finding]) -> list[dict[str, Any]]:
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
