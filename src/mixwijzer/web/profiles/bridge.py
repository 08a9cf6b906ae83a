"""From rows of profiles and caps to the engine's, and which kinds of place they count in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from mixwijzer.engine import portfolio as engine
from mixwijzer.engine.portfolio import ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.profiles import models
from mixwijzer.web.register.bridge import Part, Table, current, plain

__all__ = ["CAPS", "PROFILES", "Rules", "rules_around"]

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


def rules_around(
    owner: Organisation, setters: Collection[str], complexes: Collection[str]
) -> Rules:
    """Return the rules set by the organisation, by these places, or by stairwells of complexes."""
    wanted = Q(set_by__in=[owner.code, *setters, *complexes])
    for code in complexes:
        wanted |= Q(set_by__startswith=f"{code}/")

    def rows(table: Table[Any]) -> QuerySet[Any]:
        return current(table, owner, wanted)

    return Rules(profiles=PROFILES.read(rows(PROFILES)), caps=CAPS.read(rows(CAPS)))
