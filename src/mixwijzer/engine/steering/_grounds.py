"""Which lettings leaned on a ground that ends, and what could carry them then?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from mixwijzer.engine.portfolio import Channel, Ground, Letting, Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherGround:
    """A channel on another ground that could carry what one ground carried.

    Parameters
    ----------
    channel, ground
        Which channel, on what.
    until
        First day without that ground; None where no end is known.
    alike
        Overlap of the two channels' intake shares, 0 to 1: Σ_k min of both.
    """

    channel: str
    ground: Ground
    until: date | None
    alike: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingGround:
    """A ground with an end date, and what leaned on it.

    Parameters
    ----------
    channel, ground, source
        The channel, the ground it stands on and what grants it.
    ends
        First day without it.
    lettings
        Lettings of the last twelve months that leaned on it, by vacancy id.
    of_all
        All lettings of those twelve months.
    others
        Channels on another ground that are valid the day this one ends, most alike first; the
        ordinary offer, which needs none, is among them.
    """

    channel: str
    ground: Ground
    source: str
    ends: date
    lettings: tuple[str, ...]
    of_all: int
    others: tuple[OtherGround, ...]


def ground_calendar(
    portfolio: Portfolio, day: date, *, scheme: str = "role"
) -> tuple[EndingGround, ...]:
    """Return the grounds that end after a day, first to end first.

    Parameters
    ----------
    portfolio
        Channels with their grounds, and lettings.
    day
        Today; a ground that has ended by then is left out.
    scheme
        Whose channels.
    """
    channels = [each for each in portfolio.channels if each.scheme == scheme]
    since = _year_before(day)
    recent = [each for each in portfolio.lettings if since < each.on <= day]
    ending = [each for each in channels if each.ground_end is not None and day < each.ground_end]
    return tuple(
        _ending(channel, channels, recent)
        for channel in sorted(ending, key=lambda each: (each.ground_end or day, each.id))
    )


def _ending(channel: Channel, channels: list[Channel], recent: list[Letting]) -> EndingGround:
    ends = channel.ground_end or date.max
    others = [
        OtherGround(
            channel=each.id,
            ground=each.ground,
            until=each.ground_end,
            alike=float(np.minimum(_shares(each), _shares(channel)).sum()),
        )
        for each in channels
        if each.id != channel.id and each.has_ground(ends)
    ]
    return EndingGround(
        channel=channel.id,
        ground=channel.ground,
        source=channel.ground_source,
        ends=ends,
        lettings=tuple(each.vacancy for each in recent if each.channel == channel.id),
        of_all=len(recent),
        others=tuple(sorted(others, key=lambda each: (-each.alike, each.channel))),
    )


def _shares(channel: Channel) -> list[float]:
    return [float(share) for share in channel.shares]


def _year_before(day: date) -> date:
    """Return the same day a year earlier; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
