"""What stands in a version of a profile: bands, caps, why, and for how long.

It says nothing of a person. Shares are in basis points, as everywhere; a value that is absent is
inherited from a wider place. `Place` says whose profile it is and for which kinds of place it may
speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

__all__ = [
    "GOVERNED",
    "MOTIVES",
    "BandLine",
    "CapLine",
    "Content",
    "Place",
]

# For which kinds of place may a profile speak, by the kind of who sets it? Widest first.
GOVERNED: Mapping[str, tuple[str, ...]] = {
    "organisation": ("neighbourhood", "complex", "stairwell"),
    "neighbourhood": ("neighbourhood", "complex"),
    "complex": ("complex", "stairwell"),
}
# What has to be told before somebody else reads it, in this order.
MOTIVES = ("situation", "why_not_now", "difference", "neighbours", "consultation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose profile: the whole association, a neighbourhood or a complex."""

    kind: str
    code: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BandLine:
    """A band for one category in places of one kind [basis points]."""

    for_kind: str
    category: str
    min: int | None = None
    target: int | None = None
    max: int | None = None
    hard: bool = False
    fill_up_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapLine:
    """At most so many households of a category in each place of a kind."""

    for_kind: str
    category: str
    at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that is written in a version; `until` is its first day without it."""

    bands: tuple[BandLine, ...] = ()
    caps: tuple[CapLine, ...] = ()
    motive: Mapping[str, str] = field(default_factory=dict)
    until: date | None = None
    review_on: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it down; dates as text."""
        told = asdict(self)
        told["bands"] = [_dated(each) for each in told["bands"]]
        told["caps"] = list(told["caps"])
        told["motive"] = {name: self.motive.get(name, "") for name in MOTIVES}
        return _dated(told)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Content:
        """Read what `to_json` wrote."""
        return cls(
            bands=tuple(
                BandLine(**{**each, "fill_up_until": _day(each["fill_up_until"])})
                for each in told["bands"]
            ),
            caps=tuple(CapLine(**each) for each in told["caps"]),
            motive=dict(told["motive"]),
            until=_day(told["until"]),
            review_on=_day(told["review_on"]),
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """What has still to be told before somebody else can read it."""
        found = [name for name in MOTIVES if not self.motive.get(name, "").strip()]
        found += [] if self.review_on else ["review_on"]
        found += [] if self.bands or self.caps else ["values"]
        return tuple(found)


def _dated(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in told.items()
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
