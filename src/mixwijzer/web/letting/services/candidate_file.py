"""Candidates of a file: what does it say, what would it do here, and bring it in.

Who registered them sends a list again and again. A candidate is known by his number there; what
the list says otherwise is corrected, who isn't in it stays, and who had left stays away.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.exchange.incoming import Limits, spool
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.permissions import Action, require
from mixwijzer.web.audit import services as audit
from mixwijzer.web.letting.models import Candidate, CandidateList
from mixwijzer.web.letting.services.candidates import Entered, changes_of, corrected, entered_at

__all__ = ["Fate", "Listed", "Weighed", "bring_in", "known_as", "read_list", "weigh"]

_LIMITS = Limits(source=20 * 2**20, disk=64 * 2**20, files=20, rows=3_000, cpu=20, wall=40)


class Fate(TextChoices):
    """What a list does with one candidate."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("the same")
    GONE = "gone", _("looks no longer; stays so")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list as it was read: its rows as they stand there, and what is wrong or worth knowing."""

    rows: Sequence[Mapping[str, str]]
    findings: Sequence[Finding]

    @property
    def sound(self) -> bool:
        """Whether nothing keeps the list out."""
        return all(each.severity is not Severity.ERROR for each in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a list would do with one candidate; `changed` are the names of fields."""

    entered: Entered
    fate: Fate
    known: Candidate | None
    changed: tuple[str, ...] = ()


def read_list(name: str, content: Iterable[bytes]) -> Listed:
    """Read a list in the process with limits; afterwards nothing of it lies on disk."""
    with TemporaryDirectory(prefix="mixwijzer-list-") as folder:
        suffix = Path(name).suffix.lower()[:8]
        source = Path(folder) / f"candidates{suffix}"  # whatever it is called, it is a list of them
        with source.open("wb") as file:
            file.writelines(content)
        told = spool(source, Path(folder) / "clean", limits=_LIMITS)
        findings = [replace(each, file=each.file and name) for each in told.findings]
        table = told.tables.get("candidates")
        if table is None:
            return Listed(rows=(), findings=(*findings, *_without(findings)))
        with table.path.open(encoding="utf-8-sig", newline="") as rows:
            return Listed(rows=tuple(csv.DictReader(rows)), findings=findings)


def _without(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Say that there is no list of candidates, where nothing else says what is wrong."""
    if all(each.severity is not Severity.ERROR for each in findings):
        yield Finding(code="nothing_found")


def weigh(owner: Organisation, people: Sequence[Entered]) -> tuple[Weighed, ...]:
    """Return what a list of one who registers would do with each candidate; nothing is written."""
    partner = people[0].partner if people else None
    known = known_as(owner, [each.reference or "" for each in people], partner)
    return tuple(_weighed(each, known.get(each.reference or "")) for each in people)


def known_as(
    owner: Organisation, references: Sequence[str], partner: Organisation | None
) -> Mapping[str, Candidate]:
    """Return by their number there the candidates of one who registers; who looks goes first."""
    rows = Candidate.objects.for_organisation(owner).filter(
        replaced_at=None, reference__in=references, partner_organisation=partner
    )
    looking_last = sorted(rows, key=lambda row: (row.left_on is None, row.pk))
    return {row.reference or "": row for row in looking_last}


def _weighed(entered: Entered, known: Candidate | None) -> Weighed:
    if known is None:
        return Weighed(entered=entered, fate=Fate.NEW, known=None)
    if known.left_on:
        return Weighed(entered=entered, fate=Fate.GONE, known=known)
    changed = changes_of(known, entered)
    fate = Fate.CHANGED if changed else Fate.SAME
    return Weighed(entered=entered, fate=fate, known=known, changed=changed)


@transaction.atomic
def bring_in(
    *, user: User, owner: Organisation, people: Sequence[Entered], now: datetime
) -> Mapping[Fate, int]:
    """Bring a list in, all of it or nothing; return how many candidates met which fate.

    What is known is looked at again, so that a list that was looked at before can do no harm.
    """
    require(user, Action.MATCH, owner)
    audit.lock(owner)
    weighed = weigh(owner, people)
    found = {fate: sum(each.fate is fate for each in weighed) for fate in Fate}
    if not found[Fate.NEW] and not found[Fate.CHANGED]:
        return found
    row = _brought(owner, people[0].partner, found, user, now)
    new = [each.entered for each in weighed if each.fate is Fate.NEW]
    made = entered_at(owner, new, by=user, now=now, listed=row)
    Candidate.objects.for_organisation(owner).bulk_create(made)
    for each in weighed:
        if each.fate is Fate.CHANGED and each.known:
            corrected(each.known, each.entered, by=user, now=now, listed=row)
    return found


def _brought(
    owner: Organisation,
    partner: Organisation | None,
    found: Mapping[Fate, int],
    user: User,
    now: datetime,
) -> CandidateList:
    """Write down that a list came in, so that it can be taken back."""
    row = CandidateList(
        owner=owner,
        at=now,
        by=user,
        partner_organisation=partner,
        entered=found[Fate.NEW],
        corrected=found[Fate.CHANGED],
    )
    row.save(force_insert=True)
    audit.record(
        organisation=owner,
        action="candidate.bring_in",
        actor=user,
        subject=row.public_id,
        facts={str(fate): number for fate, number in found.items()},
        at=now,
    )
    return row
