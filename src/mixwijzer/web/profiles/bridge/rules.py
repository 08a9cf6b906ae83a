"""From rows of profiles and caps to the engine's, and which kinds of place they count in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from mixwijzer.engine import portfolio as engine
from mixwijzer.engine.portfolio import ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.profiles import models
from mixwijzer.web.profiles.content import GOVERNED, BandLine, CapLine, Content, Place
from mixwijzer.web.profiles.transitions import OPEN, SHOWN_TO_TENANTS
from mixwijzer.web.register.bridge import Part, Table, assumptions, current, plain

__all__ = [
    "CAPS",
    "PROFILES",
    "SCHEME",
    "Rules",
    "categories",
    "lines_of",
    "own_content",
    "rows_of",
    "rules_around",
]

SCHEME = "role"
KIND = Part(("for_kind",), ScopeKind, lambda kind: (int(kind),))
PROFILES = Table(
    name="profiles",
    model=models.ProfileRow,
    value=engine.ProfileRow,
    key=("code",),
    parts={
        "id": plain("code"),
        "for_kind": KIND,
        "band": Part(
            ("min", "target", "max", "hard"),
            lambda low, target, high, hard: engine.Band(
                min=low, target=target, max=high, hard=hard
            ),
            lambda band: (band.min, band.target, band.max, band.hard),
        ),
    },
)
CAPS = Table(
    name="caps",
    model=models.Cap,
    value=engine.Cap,
    key=("code",),
    parts={"id": plain("code"), "for_kind": KIND},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Profiles and caps that may speak somewhere, and the widest kind of place they count in."""

    profiles: tuple[engine.ProfileRow, ...]
    caps: tuple[engine.Cap, ...]

    @property
    def reach(self) -> ScopeKind:
        """The widest kind of place at which one of these rules counts."""
        kinds = [row.for_kind for row in self.profiles]
        kinds += [row.for_kind for row in self.caps]
        return max(kinds, default=ScopeKind.COMPLEX)

    def set_by(self, setters: Collection[str]) -> Rules:
        """Return the rules set by these places, or by stairwells of complexes among them."""

        def told(row: engine.ProfileRow | engine.Cap) -> bool:
            if row.set_by_kind == ScopeKind.STAIRWELL.name.lower():
                return row.set_by.rpartition("/")[0] in setters
            return row.set_by in setters

        return Rules(
            profiles=tuple(filter(told, self.profiles)), caps=tuple(filter(told, self.caps))
        )

    def instead(self, place: Place, content: Content, day: date) -> Rules:
        """Return these rules as they would be with another profile of one place in force."""
        lines, caps = rows_of(place, content, name="preview", start=day)

        def stays(row: engine.ProfileRow | engine.Cap) -> bool:
            return not governs(place, row)

        return Rules(
            profiles=(*filter(stays, self.profiles), *lines),
            caps=(*filter(stays, self.caps), *caps),
        )


def rules_around(
    owner: Organisation, setters: Collection[str], complexes: Collection[str]
) -> Rules:
    """Return the rules set by the organisation, by these places, or by stairwells of complexes."""
    told = {owner.code, *setters, *complexes}
    wanted = Q(set_by__in=told) | Q(set_by_kind=ScopeKind.STAIRWELL.name.lower())

    def rows(table: Table[Any]) -> QuerySet[Any]:
        return current(table, owner, wanted)

    drafts = _drafts(owner, wanted)
    return Rules(
        profiles=(*PROFILES.read(rows(PROFILES)), *drafts.profiles),
        caps=(*CAPS.read(rows(CAPS)), *drafts.caps),
    ).set_by(told)


def _drafts(owner: Organisation, wanted: Q) -> Rules:
    """Return what versions that lie before the tenants would set: they may be a way out.

    Earlier drafts are their writers' own.
    """
    last = models.Edition.objects.for_organisation(owner).filter(version=OuterRef("pk"))
    versions = (
        models.Version.objects.for_organisation(owner)
        .filter(wanted, state__in=sorted(OPEN & SHOWN_TO_TENANTS))
        .annotate(content=Subquery(last.order_by("-pk").values("content")[:1]))
        .order_by("pk")
    )
    profiles: list[engine.ProfileRow] = []
    caps: list[engine.Cap] = []
    for each in versions:
        content = Content.from_json(each.content)
        place = Place(kind=each.set_by_kind, code=each.set_by)
        since = localdate(each.made_at)
        told = rows_of(place, content, name=str(each.public_id), start=since)
        profiles += (replace(line, draft=True) for line in told[0])
        caps += (replace(cap, draft=True) for cap in told[1])
    return Rules(profiles=tuple(profiles), caps=tuple(caps))


def governs(place: Place, row: engine.ProfileRow | engine.Cap) -> bool:
    """Whether a row is one that a version of this place replaces."""
    return (
        row.set_by_kind == place.kind
        and row.set_by == place.code
        and row.scheme == SCHEME
        and row.for_kind.name.lower() in GOVERNED[place.kind]
        and not row.draft
    )


def rows_of(
    place: Place, content: Content, *, name: str, start: date, end: date | None = None
) -> tuple[tuple[engine.ProfileRow, ...], tuple[engine.Cap, ...]]:
    """Return the rows that a version lays down; `name` is what their ids begin with."""
    until = min((day for day in (end, content.until) if day), default=None)
    common: dict[str, Any] = {
        "set_by_kind": place.kind,
        "set_by": place.code,
        "scheme": SCHEME,
        "start": start,
        "end": until,
    }
    lines = tuple(
        engine.ProfileRow(
            id=f"{name}#{each.for_kind}-{each.category}",
            for_kind=ScopeKind[each.for_kind.upper()],
            category=each.category,
            band=engine.Band(min=each.min, target=each.target, max=each.max, hard=each.hard),
            fill_up_until=each.fill_up_until,
            motive=content.motive.get("situation", ""),
            **common,
        )
        for each in content.bands
    )
    caps = tuple(
        engine.Cap(
            id=f"{name}#{each.for_kind}-{each.category}",
            for_kind=ScopeKind[each.for_kind.upper()],
            category=each.category,
            at_most=each.at_most,
            **common,
        )
        for each in content.caps
    )
    return lines, caps


def lines_of(
    owner: Organisation, place: Place
) -> tuple[tuple[engine.ProfileRow, ...], tuple[engine.Cap, ...]]:
    """Return the rows in the ledger that a version of this place would replace."""
    wanted = {"set_by_kind": place.kind, "set_by": place.code}
    lines = PROFILES.read(current(PROFILES, owner, **wanted))
    caps = CAPS.read(current(CAPS, owner, **wanted))
    return (
        tuple(row for row in lines if governs(place, row)),
        tuple(row for row in caps if governs(place, row)),
    )


def own_content(owner: Organisation, place: Place, day: date) -> Content:
    """Return what this place itself has set and is in force: where a new draft starts from."""
    lines, caps = lines_of(owner, place)
    return Content(
        bands=tuple(_band_line(row) for row in in_force(lines, day)),
        caps=tuple(
            CapLine(for_kind=row.for_kind.name.lower(), category=row.category, at_most=row.at_most)
            for row in in_force(caps, day)
        ),
    )


def in_force(rows: Collection[Any], day: date) -> Iterator[Any]:
    """Yield the rows that hold on a day."""
    for row in rows:
        if row.start <= day and (row.end is None or day < row.end):
            yield row


def cut(row: Any, end: date) -> Any:  # noqa: ANN401 (a profile row or a cap)
    """Return a row that ends earlier."""
    return replace(row, end=max(row.start, end), recorded_at=None)


def _band_line(row: engine.ProfileRow) -> BandLine:
    return BandLine(
        for_kind=row.for_kind.name.lower(),
        category=row.category,
        min=row.band.min,
        target=row.band.target,
        max=row.band.max,
        hard=row.band.hard,
        fill_up_until=row.fill_up_until,
    )


def categories(day: date) -> tuple[str, ...]:
    """Return the categories of the scheme, in its order."""
    return assumptions(day).schemes[SCHEME].categories
