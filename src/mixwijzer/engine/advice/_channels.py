"""Which way to a new household keeps every band? Chance and expected shortage or excess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mixwijzer.engine.advice._situation import Grid, Limit, Situation
from mixwijzer.engine.portfolio import Channel

_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAdvice:
    """What one channel would do here.

    Parameters
    ----------
    channel
        Which; its delay, label text and intake form go with it.
    chance
        P(every ceiling of every category holds after the letting), rounded to 1e-6.
    out_of_band
        Expected households out of band over all rules, floors included [households].
    has_ground
        Whether it may be used on the day; without a ground it is shown, never recommended.
    cost
        Expected room score: what it costs more than the best category, later and elsewhere
        [household-years]; None without a score.
    """

    channel: Channel
    chance: float
    out_of_band: float
    has_ground: bool
    cost: float | None = None


def weigh(
    situation: Situation,
    channels: Sequence[Channel],
    grounded: Sequence[bool],
    costs: Sequence[float] = (),
) -> tuple[ChannelAdvice, ...]:
    """Return chance and expected households out of band for each channel, in the given order.

    `costs` is the room score per category, where there is one.
    """
    if not channels:
        return ()
    names = situation.scheme.categories
    chances = [situation.chance_all_hold(name) for name in names]
    excess = _excess(situation)
    return tuple(
        ChannelAdvice(
            channel=channel,
            chance=_rounded(channel, chances),
            out_of_band=_rounded(channel, excess),
            has_ground=ground,
            cost=_rounded(channel, costs) if costs else None,
        )
        for channel, ground in zip(channels, grounded, strict=True)
    )


def recommended(
    weighed: Sequence[ChannelAdvice], small: float
) -> tuple[ChannelAdvice | None, bool]:
    """Return the channel with the least expected out of band, and whether that tells little.

    Where it tells little, the room score chooses among those that differ so little.
    """
    open_ones = sorted(
        (each for each in weighed if each.has_ground), key=lambda each: each.out_of_band
    )
    if not open_ones:
        return None, False
    near = [each for each in open_ones if each.out_of_band - open_ones[0].out_of_band < small]
    return min(near, key=lambda each: each.cost or 0.0, default=open_ones[0]), len(near) > 1


def _rounded(channel: Channel, per_category: Sequence[float]) -> float:
    shares = zip(channel.shares, per_category, strict=True)
    return round(float(sum(float(share) * figure for share, figure in shares)), _DIGITS)


def _excess(situation: Situation) -> list[float]:
    """Return, per category let to, Σ over rules of E[(x − high)⁺ + (low − x)⁺] [households]."""
    names = situation.scheme.categories
    totals = [0.0] * len(names)
    for position, ring in enumerate(situation.rings):
        for limit in ring.limits:
            pmf = situation.pmf(position, limit.category)
            for index, name in enumerate(names):
                totals[index] += _beyond(pmf, limit, int(name == limit.category))
    return totals


def _beyond(pmf: Grid, limit: Limit, extra: int) -> float:
    counts = np.arange(pmf.size) + extra
    beyond = np.zeros(pmf.size)
    if limit.high is not None:
        beyond += np.maximum(counts - limit.high, 0)
    if limit.low is not None:
        beyond += np.maximum(limit.low - counts, 0)
    return float(beyond @ pmf)
