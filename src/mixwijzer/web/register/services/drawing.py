"""Record outlines of areas, stairwells, and what files call a complex from a day on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register import bridge, bulk, models
from mixwijzer.web.register.services.ledgers import in_turn, store
from mixwijzer.web.register.services.setting_aside import Aside, account_anew

__all__ = ["Drawn", "Outline", "draw_stairwells", "new_outlines", "record_shapes", "renumber"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The outline of an area: polygons of rings of points (longitude, latitude)."""

    code: str
    kind: int
    name: str
    year: int | None
    polygons: Sequence[Any]

    def columns(self) -> dict[str, Any]:
        """Return what stands in a row."""
        return {
            "code": self.code,
            "kind": self.kind,
            "name": self.name,
            "year": self.year,
            "polygons": self.polygons,
        }


@transaction.atomic
def record_shapes(
    *, owner: Organisation, outlines: Sequence[Outline], actor: User | None, now: datetime
) -> int:
    """Keep these outlines; one that differs replaces the one there was. Returns how many do."""
    audit.lock(owner)
    fresh = new_outlines(owner, outlines)
    if not fresh:
        return 0
    rows = models.AreaShape.objects.for_organisation(owner).filter(replaced_at=None)
    outdated = rows.filter(code__in=[each.code for each in fresh]).update(replaced_at=now)
    given = [
        {**each.columns(), "owner_id": owner.pk, "recorded_at": now, "replaced_at": None}
        for each in fresh
    ]
    bulk.insert(models.AreaShape, given)
    audit.record(
        organisation=owner,
        action="register.shapes",
        actor=actor,
        subject=None,
        facts={"added": len(fresh) - outdated, "changed": outdated},
        at=now,
    )
    return len(fresh)


def new_outlines(owner: Organisation, outlines: Sequence[Outline]) -> Sequence[Outline]:
    """Return those that say something else than what is kept."""
    rows = models.AreaShape.objects.for_organisation(owner).filter(replaced_at=None)
    held = {row.code: row for row in rows} if outlines else {}
    return [each for each in outlines if not _same(held.get(each.code), each)]


def _same(row: models.AreaShape | None, told: Outline) -> bool:
    if row is None:
        return False
    return all(getattr(row, name) == value for name, value in told.columns().items())


@transaction.atomic
def renumber(
    *,
    owner: Organisation,
    kind: str,
    theirs: str,
    ours: str,
    from_on: date,
    actor: User | None,
    now: datetime,
) -> None:
    """Say that files call `theirs`, from a day on, what is `ours` here."""
    audit.lock(owner)
    rows = models.Renumbering.objects.for_organisation(owner).filter(replaced_at=None, kind=kind)
    first = ours
    if kind != models.Renumbering.Kind.COMPLEX:  # a complex is named by its number here
        first = rows.filter(theirs=ours).values_list("ours", flat=True).first() or ours
    held = rows.filter(theirs=theirs).first()
    if held and (held.ours, held.from_on) == (first, from_on):
        return
    rows.filter(theirs=theirs).update(replaced_at=now)
    models.Renumbering(
        owner=owner,
        kind=kind,
        theirs=theirs,
        ours=first,
        from_on=from_on,
        by=actor,
        recorded_at=now,
    ).save(force_insert=True)
    audit.record(
        organisation=owner,
        action="register.renumber",
        actor=actor,
        subject=None,
        facts={"kind": kind, "theirs": theirs, "ours": first, "from": from_on.isoformat()},
        at=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How many homes lie in another stairwell now, and which judgements no longer count for it."""

    homes: int
    aside: tuple[Aside, ...]


@transaction.atomic
def draw_stairwells(
    *,
    owner: Organisation,
    complex_id: int,
    names: Mapping[uuid.UUID, str],
    actor: User,
    now: datetime,
) -> Drawn:
    """Say in which stairwell homes lie, by the homes' public ids.

    A home that changes gets a later record, so what was known before stays known.
    """
    aside: tuple[Aside, ...] = ()
    in_turn(owner)
    audit.lock(owner)
    rows = bridge.current(bridge.DWELLINGS, owner, complex=complex_id, public_id__in=list(names))
    told = dict(rows.values_list("code", "public_id"))
    values = [
        replace(home, stairwell=names[told[home.id]] or None, recorded_at=now)
        for home in bridge.DWELLINGS.read(rows)
    ]
    done = store(
        table=bridge.DWELLINGS,
        owner=owner,
        values=values,
        now=now,
        extra=lambda _: {"complex_id": complex_id},
        standing=rows,
    )
    if done.changed:
        day = localdate(now)
        aside = account_anew(owner=owner, complexes=[complex_id], day=day, now=now)
        audit.record(
            organisation=owner,
            action="register.stairwells",
            actor=actor,
            subject=models.Complex.objects.for_organisation(owner).get(pk=complex_id).public_id,
            facts={"homes": done.changed, "set_aside": len(aside)},
            at=now,
        )
    return Drawn(homes=done.changed, aside=aside)
