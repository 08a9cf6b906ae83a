"""Where is each value of a profile set, and what would it be otherwise?

The engine resolves inheritance; this asks it twice: with all rows, and without those of the place
that set the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from mixwijzer.engine.errors import ProfileError
from mixwijzer.engine.portfolio import (
    Area,
    Cap,
    Complex,
    Portfolio,
    ProfileRow,
    Scope,
    ScopeKind,
)
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.profiles.bridge.rules import CAPS, PROFILES, SCHEME
from mixwijzer.web.profiles.content import GOVERNED, Place
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.models import ComplexFacts

__all__ = ["OriginLine", "SetValue", "set_values"]

PARTS = ("min", "target", "max", "hard")
ANYWHERE = "?"  # a place that does not exist: what one without a profile of its own gets
_SOMEWHERE = Area(code=ANYWHERE, kind=ScopeKind.NEIGHBOURHOOD, name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginLine:
    """Where a value was set: by whom, in which row, from when, until when."""

    set_by_kind: str
    set_by: str
    row: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetValue:
    """One value that counts somewhere, where it was set, and what would hold without that.

    `part` is `min`, `target`, `max`, `hard` (of a band, in basis points) or `cap` (households).
    """

    for_kind: str
    category: str
    part: str
    value: int
    origin: OriginLine
    otherwise: int | None
    otherwise_by: OriginLine | None


def set_values(owner: Organisation, place: Place, day: date) -> tuple[SetValue, ...]:
    """Return every value that speaks at a place, in the order of kinds and categories."""
    return tuple(_Resolving(owner, place, day).values())


class _Resolving:
    """The resolving of one place's profile."""

    def __init__(self, owner: Organisation, place: Place, day: date) -> None:
        self.owner, self.place, self.day = owner, place, day
        self.scheme = register.assumptions(day).schemes[SCHEME]
        self.portfolio = self._portfolio()

    def values(self) -> Iterator[SetValue]:
        """Yield the values, kind by kind."""
        for kind in GOVERNED[self.place.kind]:
            scope = self._scope(ScopeKind[kind.upper()])
            if scope is not None:
                yield from self._bands(kind, scope)
                yield from self._caps(kind, scope)

    def _scope(self, kind: ScopeKind) -> Scope | None:
        """Return the scope that stands for places of a kind here."""
        own = self.place.code if self.place.kind == "complex" else ANYWHERE
        if kind is ScopeKind.COMPLEX:
            return Scope(kind, own)
        if kind is ScopeKind.STAIRWELL:
            return Scope(kind, f"{own}/{ANYWHERE}")
        code = self.place.code if self.place.kind == "neighbourhood" else ANYWHERE
        return Scope(kind, code)

    def _bands(self, kind: str, scope: Scope) -> Iterator[SetValue]:
        try:
            bands = self.portfolio.bands(scope, self.scheme, self.day)
        except ProfileError:
            return
        for category in self.scheme.categories:
            if category not in bands:
                continue
            for part, origin in bands[category].origins.items():
                line = self._line(origin.row)
                other = self._without(line, scope, category, part)
                yield SetValue(
                    for_kind=kind,
                    category=category,
                    part=part,
                    value=int(getattr(bands[category].band, part)),
                    origin=line,
                    otherwise=other[0],
                    otherwise_by=other[1],
                )

    def _without(
        self, line: OriginLine, scope: Scope, category: str, part: str
    ) -> tuple[int | None, OriginLine | None]:
        """Return the value as it would be without everything that this setter set."""
        rest = replace(
            self.portfolio,
            profiles=tuple(row for row in self.portfolio.profiles if row.set_by != line.set_by),
        )
        try:
            found = rest.bands(scope, self.scheme, self.day).get(category)
        except ProfileError:
            return None, None
        origin = found.origins.get(part) if found else None
        if found is None or origin is None:
            return None, None
        return int(getattr(found.band, part)), self._line(origin.row)

    def _caps(self, kind: str, scope: Scope) -> Iterator[SetValue]:
        """Yield the strictest cap of each category; the next strictest is what holds otherwise."""
        rows = self.portfolio.caps_at(scope, SCHEME, self.day)
        for category in self.scheme.categories:
            mine = sorted(
                (row for row in rows if row.category == category), key=lambda row: row.at_most
            )
            if mine:
                next_one = mine[1] if len(mine) > 1 else None
                yield SetValue(
                    for_kind=kind,
                    category=category,
                    part="cap",
                    value=mine[0].at_most,
                    origin=_origin(mine[0]),
                    otherwise=next_one.at_most if next_one else None,
                    otherwise_by=_origin(next_one) if next_one else None,
                )

    def _line(self, row: str) -> OriginLine:
        return _origin(next(each for each in self.portfolio.profiles if each.id == row))

    def _portfolio(self) -> Portfolio:
        """Build the areas around one building, real or not, with every rule that may speak."""
        owner, place = self.owner, self.place
        facts = ComplexFacts.objects.for_organisation(owner).filter(replaced_at=None)
        column = {"complex": "complex__code", "neighbourhood": "neighbourhood"}.get(place.kind)
        around = facts.filter(**{column: place.code}).order_by("pk").first() if column else None
        areas = [around.neighbourhood, around.district, around.municipality] if around else []
        codes = [code for code in areas if code]
        setters = [owner.code, place.code, *codes]
        known = register.AREAS.read(register.current(register.AREAS, owner, code__in=codes))
        near = around.neighbourhood if around else ANYWHERE
        return Portfolio(
            areas=known if around else (_SOMEWHERE,),
            complexes=(
                Complex(
                    id=place.code if place.kind == "complex" else ANYWHERE,
                    name="",
                    owner=owner.code,
                    neighbourhood=near,
                ),
            ),
            profiles=PROFILES.read(register.current(PROFILES, owner, set_by__in=setters)),
            caps=CAPS.read(register.current(CAPS, owner, set_by__in=setters)),
        )


def _origin(row: ProfileRow | Cap) -> OriginLine:
    return OriginLine(
        set_by_kind=row.set_by_kind, set_by=row.set_by, row=row.id, start=row.start, end=row.end
    )
