"""Whose part of what was promised is whose: who may read which figure, and from when is it?

An association reads its own figures as they are today, and nothing of another's. A municipality
reads what was promised to it, and of homes only what an association laid on the table.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.agreements.models import Obligation
from mixwijzer.web.agreements.selectors import ObligationLine, obligations
from mixwijzer.web.outlook import bridge
from mixwijzer.web.outlook.bridge import Division, Stake
from mixwijzer.web.outlook.models import KeyFigures, Weighing

__all__ = ["Laid", "Shares", "Table", "last_laid", "on_the_table", "shares"]

_Promise = tuple[str, str, date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """What an association last laid on the table with a municipality."""

    association: str
    municipality: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A municipality with which somebody may lay the figures of his association on the table.

    `ready` is whether there are figures of today's rows, `same` whether they lie there already.
    """

    id: uuid.UUID
    municipality: str
    ready: bool
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Every division that this reader may see; `own` are associations whose figures are of today.

    `lines` are the promises behind what was agreed. `computing` names the own associations that
    weren't weighed yet, `stuck` those of which the weighing couldn't say it.
    """

    divisions: tuple[Division, ...]
    lines: tuple[ObligationLine, ...]
    own: frozenset[str]
    computing: tuple[str, ...]
    stuck: tuple[str, ...]
    laid: tuple[Laid, ...]
    tables: tuple[Table, ...]


def shares(user: Visitor, *, now: datetime) -> Shares:
    """Return whose part of what runs today is whose, by every key, as far as this reader may."""
    person, day = somebody(user), localdate(now)
    lines = obligations(person, day=day)
    mine = Organisation.objects.filter(pk__in=person.owners(Action.SEE_OBLIGATIONS))
    weighed = {each.name: Weighing.objects.for_organisation(each).first() for each in mine}
    own = {name: bridge.stakes_of(row.document) for name, row in weighed.items() if row}
    laid = _laid(KeyFigures.objects.visible_to(person))
    figures = {row.owner.name: bridge.kept_stakes(row.content) for row in laid} | {
        name: found or () for name, found in own.items()
    }
    writes = Organisation.objects.filter(pk__in=person.owners(Action.WRITE_AGREEMENTS))
    return Shares(
        divisions=bridge.divided(_stakes(lines, figures)),
        lines=lines,
        own=frozenset(weighed),
        computing=tuple(name for name in weighed if name not in own),
        stuck=tuple(name for name, found in own.items() if found is None),
        laid=tuple(
            Laid(
                association=row.owner.name,
                municipality=row.municipality.name,
                at=row.laid_at,
                by=row.by.name if row.by else "",
            )
            for row in laid
        ),
        tables=tuple(each for owner in writes for each in _tables(owner, day)),
    )


def _laid(rows: QuerySet[KeyFigures]) -> list[KeyFigures]:
    """Return the last of each association and municipality, in the order of their names."""
    told = rows.select_related("owner", "municipality", "by").order_by("pk")
    last = {(row.owner_id, row.municipality_id): row for row in told}
    return sorted(last.values(), key=lambda row: (row.owner.name, row.municipality.name))


def _stakes(
    lines: Iterable[ObligationLine], figures: Mapping[str, Iterable[Stake]]
) -> Iterator[Stake]:
    """Yield what is promised today, each with the homes that may be known beside it."""
    agreed: dict[tuple[str, _Promise], int] = {}
    for line in lines:
        key = line.association, (line.group, line.unit, line.start, line.end)
        agreed[key] = agreed.get(key, 0) + line.target
    for (name, promise), target in agreed.items():
        group, unit, start, end = promise
        told = {each.promise: each for each in figures.get(name, ())}.get(promise)
        yield Stake(
            owner=name,
            group=group,
            unit=unit,
            start=start,
            end=end,
            agreed=target,
            stock=told.stock if told else None,
            suitable=told.suitable if told else None,
        )


def _tables(owner: Organisation, day: date) -> Iterator[Table]:
    running = Obligation.objects.for_organisation(owner).filter(
        replaced_at=None, start__lte=day, end__gt=day, counterparty__isnull=False
    )
    keys, found = running.values("counterparty"), _of_today(owner, day)
    for each in Organisation.objects.filter(pk__in=keys).order_by("name"):
        content, last = _promised_to(each, owner, found), last_laid(owner, each)
        yield Table(
            id=each.public_id,
            municipality=each.name,
            ready=content is not None,
            same=bool(last and last.content == content),
        )


def last_laid(owner: Organisation, municipality: Organisation) -> KeyFigures | None:
    """Return what an association last laid on the table with a municipality."""
    rows = KeyFigures.objects.for_organisation(owner).filter(municipality=municipality)
    return rows.order_by("-pk").first()


def on_the_table(owner: Organisation, municipality: Organisation, day: date) -> str | None:
    """Write what would lie on the table: promises to this municipality that run, with their homes.

    None where there is nothing yet, or what there is was made of other rows than today's.
    """
    return _promised_to(municipality, owner, _of_today(owner, day))


def _of_today(owner: Organisation, day: date) -> tuple[Stake, ...]:
    """Return what an association brings to each promise; nothing unless it is of today's rows."""
    row = Weighing.objects.for_organisation(owner).first()
    if row is None or row.made_of != bridge.weighed_of(owner, day):
        return ()
    return bridge.stakes_of(row.document) or ()


def _promised_to(
    municipality: Organisation, owner: Organisation, found: Iterable[Stake]
) -> str | None:
    promised = Obligation.objects.for_organisation(owner).filter(
        replaced_at=None, counterparty=municipality
    )
    theirs = set(promised.values_list("group", "unit", "start", "end"))
    mine = [each for each in found if each.promise in theirs]
    return bridge.stakes_written(mine) if mine else None
