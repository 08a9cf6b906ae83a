"""What does letting this home mean later and elsewhere, and when is there room again?

Rests on a `Room` that was priced with the whole portfolio. It never changes a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.forecast import Outset
from mixwijzer.engine.portfolio import Scope, ScopeKind, Vacancy
from mixwijzer.engine.steering import STRIDE, PlacementCost, Room, RoomScore

Chances: TypeAlias = NDArray[np.float64]

LATER = (12, 24)  # [months]
_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """The complex some months after the letting, everything else by the recommended policy.

    Parameters
    ----------
    month
        How many months after the home is free.
    out_of_band
        Expected households out of band [households].
    inside
        Chance that every limit of the complex holds.
    """

    month: int
    out_of_band: float
    inside: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAgain:
    """When the complex has room for one more of a category, once this home went to it.

    Parameters
    ----------
    last
        Chance that this was the last place: no room right after the letting.
    soonest, likely, latest
        Months until there is room in one of four, one of two and three of four cases, in steps of
        three months; 0 is at once, None later than ten years.
    """

    last: float
    soonest: int | None
    likely: int | None
    latest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementAhead:
    """What letting the home to one category means later.

    Parameters
    ----------
    category, placement
        For whom; the room score.
    later
        After twelve and 24 months; none where there are too many mixes to follow.
    again
        None where the complex has no ceiling for it, or too many mixes.
    """

    category: str
    placement: PlacementCost
    later: tuple[Later, ...]
    again: RoomAgain | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAhead:
    """What letting one home means later and elsewhere.

    Parameters
    ----------
    placements
        By category, in the scheme's order; none when there is no score.
    absent
        Why there is none: `fill_up`, `full`, or `outdated` (priced for another base or band).
    best
        The category that costs least.
    """

    placements: tuple[PlacementAhead, ...]
    absent: str | None
    best: str | None

    @property
    def costs(self) -> tuple[float, ...]:
        """The room score by category; none when there is no score."""
        return tuple(each.placement.cost for each in self.placements)


def look_ahead(
    accounts: Accounts, vacancy: Vacancy, room: Room, *, filling_up: bool, followed: bool = True
) -> LookAhead:
    """Return what letting the home to each category means later, by the prices of `room`."""
    own = Scope(ScopeKind.COMPLEX, accounts.portfolio.dwelling[vacancy.dwelling].complex)
    account = accounts.after(own, vacancy.free_from, vacancy.dwelling)
    mixes, chances = Outset.standing(account)
    homes = max(accounts.portfolio.base(own), account.households)
    agreed, block = Outset.agreed(accounts, own, homes), room.block
    if (block.homes, block.low, block.high, block.rates.categories) != (
        homes,
        tuple(agreed.low.tolist()),
        tuple(agreed.high.tolist()),
        accounts.scheme.categories,
    ):
        return LookAhead(placements=(), absent="outdated", best=None)
    score = room.score(mixes, chances, filling_up=filling_up)
    return LookAhead(
        placements=tuple(
            _ahead(
                room,
                score,
                place,
                room.placed(mixes, chances, place) if followed and room.followed else None,
            )
            for place in range(len(score.placements))
        ),
        absent=score.absent,
        best=score.best,
    )


def _ahead(room: Room, score: RoomScore, place: int, start: Chances | None) -> PlacementAhead:
    name = room.block.rates.categories[place]
    told = score.placements[name]
    later: tuple[Later, ...] = ()
    again = None
    if start is not None:
        later = tuple(
            Later(month=month, out_of_band=_six(out), inside=_six(inside))
            for month, (out, inside) in zip(LATER, room.later(start, LATER), strict=True)
        )
        capped = room.limits.high[place] < room.block.homes
        again = _again(room.full_until(start, place)) if capped else None
    return PlacementAhead(
        category=name,
        placement=PlacementCost(
            cost=_six(told.cost),
            band=_six(told.band),
            drift=_six(told.drift),
            price=_six(told.price),
        ),
        later=later,
        again=again,
    )


def _again(full: Chances) -> RoomAgain:
    def after(chance: float) -> int | None:
        had = np.flatnonzero(1 - full >= chance - 1e-9)
        return int(had[0]) * STRIDE if had.size else None

    return RoomAgain(last=_six(full[0]), soonest=after(0.25), likely=after(0.5), latest=after(0.75))


def _six(value: float) -> float:
    return round(float(value), _DIGITS) + 0.0
