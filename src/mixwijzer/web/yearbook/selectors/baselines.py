"""Which baselines are there, and what stands in one? It is verified each time it is read."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.permissions import may
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.letting.selectors import hidden_complexes
from mixwijzer.web.register.bridge import assumptions
from mixwijzer.web.register.models import Complex
from mixwijzer.web.yearbook.bridge import hash_of
from mixwijzer.web.yearbook.models import Baseline
from mixwijzer.web.yearbook.refusals import OwnViewFirst

__all__ = [
    "BaselineLine",
    "BaselinePage",
    "PlaceLine",
    "baseline",
    "baselines",
    "freezers",
    "taken",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineLine:
    """A baseline in a list."""

    id: uuid.UUID
    name: str
    association: str
    day: date
    made_at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine:
    """A place in a baseline; `ranges` are the likely households by category."""

    name: str
    homes: int
    judged_on: date | None
    ranges: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselinePage:
    """What stands in one baseline, without places that are secret to this reader or too small."""

    line: BaselineLine
    sha256: str
    verified: bool
    data_date: date | None
    engine_version: str
    normset: str
    size: int
    complexes: tuple[PlaceLine, ...]
    neighbourhoods: tuple[PlaceLine, ...]
    profiles: int
    obligations: tuple[tuple[str, int, int, int, str], ...]
    left_out: int
    too_small: int
    may_take: bool


def baselines(user: User) -> tuple[BaselineLine, ...]:
    """Return the baselines that this reader may see, the latest first."""
    rows = Baseline.objects.visible_to(user).select_related("owner", "by").defer("content")
    return tuple(_line(row) for row in rows.order_by("-made_at", "-pk"))


def freezers(user: User, day: date) -> tuple[tuple[Organisation, bool], ...]:
    """Return the associations that this person may freeze, and whether each has one this year."""
    owners = Organisation.objects.filter(pk__in=user.owners(Action.FREEZE)).order_by("name")
    return tuple(
        (owner, Baseline.objects.for_organisation(owner).filter(year=day.year).exists())
        for owner in owners
    )


def _line(row: Baseline) -> BaselineLine:
    return BaselineLine(
        id=row.public_id,
        name=str(row),
        association=row.owner.name,
        day=row.day,
        made_at=row.made_at,
        by=row.by.name,
        reason=row.reason,
    )


def baseline(user: User, public_id: uuid.UUID) -> BaselinePage:
    """Return one baseline.

    Raises
    ------
    Missing
        No such baseline, or another organisation's.
    """
    row = Baseline.objects.one(user, public_id)
    told = json.loads(row.content)
    hidden = _secret(user)
    least = assumptions(row.day).smallest_base
    places = {name: told[name] for name in ("complexes", "neighbourhoods")}
    shown = {
        name: [each for each in rows if hidden.isdisjoint(each["inside"])]
        for name, rows in places.items()
    }
    large = {
        name: [each for each in rows if each["homes"] >= least] for name, rows in shown.items()
    }
    return BaselinePage(
        line=_line(row),
        sha256=row.sha256,
        verified=hash_of(row.content) == row.sha256,
        data_date=row.data_date,
        engine_version=row.engine_version,
        normset=row.normset,
        size=len(row.content.encode()),
        complexes=tuple(map(_place, large["complexes"])),
        neighbourhoods=tuple(map(_place, large["neighbourhoods"])),
        profiles=len(told["profiles"]) + len(told["caps"]),
        obligations=tuple(map(_promise, told["obligations"])),
        left_out=len(places["complexes"]) - len(shown["complexes"]),
        too_small=len(shown["complexes"]) - len(large["complexes"]),
        may_take=may(user, Action.FREEZE, row),
    )


def _secret(user: User) -> frozenset[str]:
    keys = list(hidden_complexes(user))
    rows = Complex.objects.visible_to(user).filter(pk__in=keys)
    return frozenset(rows.values_list("code", flat=True)) if keys else frozenset()


def _place(told: Mapping[str, Any]) -> PlaceLine:
    judged = told["judged_on"]
    return PlaceLine(
        name=told["name"],
        homes=told["homes"],
        judged_on=date.fromisoformat(judged) if judged else None,
        ranges={
            name: (each["spread"]["likely"][0], each["spread"]["likely"][1])
            for name, each in told["counts"].items()
        },
    )


def _promise(told: Mapping[str, Any]) -> tuple[str, int, int, int, str]:
    what = told["obligation"]
    owed = what["target"] + what["carried"]
    return what["group"], owed, told["realised"], told["remaining"], what["unit"]


def taken(user: User, public_id: uuid.UUID) -> Baseline:
    """Return a baseline to take along: its bytes as they were frozen.

    Raises
    ------
    Missing
        No such baseline, or another organisation's.
    OwnViewFirst
        It holds a complex of which this reader must first give a view.
    """
    row = Baseline.objects.one(user, public_id)
    inside = {each["code"] for each in json.loads(row.content)["complexes"]}
    if inside & _secret(user):
        raise OwnViewFirst
    if hash_of(row.content) != row.sha256:
        raise ValueError(f"baseline {row} isn't what was frozen")
    return row
