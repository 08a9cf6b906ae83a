"""What share of a category is agreed, and how many whole households is that?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mixwijzer.engine.errors import ProfileError

Share = int
WHOLE: Share = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Lowest, aimed and highest share of a category [basis points]; each may be absent."""

    min: Share | None = None
    target: Share | None = None
    max: Share | None = None
    hard: bool = False

    def whole(self, homes: int) -> tuple[int | None, int | None]:
        """Return the band in whole households of a base of `homes` (low, high) [households].

        A soft band gives way to its own target: `high = max(⌊max·n⌋, ⌈target·n⌉)` and
        `low = min(⌈min·n⌉, ⌊target·n⌋)`; a hard one, or one without target, is plain.

        >>> Band(min=3000, target=3500, max=4000).whole(8)
        (2, 3)
        >>> Band(min=3000, target=3500, max=4000).whole(40)
        (12, 16)
        """
        soft = self.target is not None and not self.hard
        aim = (self.target or 0) * homes
        low = high = None
        if self.min is not None:
            low = -(-self.min * homes // WHOLE)
            low = min(low, aim // WHOLE) if soft else low
        if self.max is not None:
            high = self.max * homes // WHOLE
            high = max(high, -(-aim // WHOLE)) if soft else high
        return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value of a resolved band was set."""

    row: str
    set_by_kind: str
    set_by: str
    start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedBand:
    """A band after inheritance, with the origin of each of its values by name."""

    category: str
    band: Band
    origins: Mapping[str, Origin]


def band_errors(
    subject: str, bands: Mapping[str, Band], categories: tuple[str, ...]
) -> tuple[ProfileError, ...]:
    """Why can no mix satisfy these bands (ENGINE §3b.18)? All reasons at once, empty when fine.

    Codes: `band_outside` (a share under 0 or over 100 %), `band_order` (not min ≤ target ≤ max),
    `targets_sum` (targets exceed 100 %, or all categories have one and they don't add up to it),
    `floors_sum` (the floors together exceed 100 %).
    """
    errors: list[ProfileError] = []
    for category, band in bands.items():
        present = [share for share in (band.min, band.target, band.max) if share is not None]
        if any(not 0 <= share <= WHOLE for share in present):
            errors.append(ProfileError("band_outside", subject, category=category))
        if present != sorted(present):
            errors.append(ProfileError("band_order", subject, category=category))
    targets = [band.target for band in bands.values() if band.target is not None]
    if sum(targets) > WHOLE or (len(targets) == len(categories) and sum(targets) != WHOLE):
        errors.append(ProfileError("targets_sum", subject, total=sum(targets)))
    floors = sum(band.min or 0 for band in bands.values())
    if floors > WHOLE:
        errors.append(ProfileError("floors_sum", subject, total=floors))
    return tuple(errors)
