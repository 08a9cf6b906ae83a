"""Which channel keeps every ceiling: nested scopes are summed together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from tests.engine.oracle.accounts import Json, Mix, mixes, moved
from tests.engine.oracle.rules import Place, World


def holds(place: Place, mix: Mix) -> bool:
    """Whether every ceiling of a scope holds for a mix."""
    return all(line.high is None or mix[line.category] <= line.high for line in place.lines)


def all_hold(of: World, category: int) -> float:
    """P(every ceiling of every nested scope holds once one household of a category came in)."""

    @cache
    def wider(at: int, mix: Mix) -> float:
        if at == len(of.places):
            return 1.0
        rest = of.rests[at] or (((0,) * len(mix), 1.0),)
        total = 0.0
        for more, part in rest:
            together = tuple(a + b for a, b in zip(mix, more, strict=True))
            if holds(of.places[at], moved(together, category, 1)):
                total += part * wider(at + 1, together)
        return total

    total = 0.0
    for mix, part in of.inner:
        if holds(of.places[of.own], moved(mix, category, 1)):
            total += part * stairwell(of, mix, category) * wider(of.own + 1, mix)
    return total


def stairwell(of: World, mix: Mix, category: int) -> float:
    """P(the stairwell's ceilings hold), its households drawn from the complex's (§3b.16)."""
    if not of.own:
        return 1.0
    whole = math.comb(sum(mix), of.drawn)
    total = Fraction(0)
    for here in mixes(of.drawn, len(mix)):
        if holds(of.places[0], moved(here, category, 1)):
            ways = math.prod(math.comb(all_, some) for all_, some in zip(mix, here, strict=True))
            total += Fraction(ways, whole)
    return float(total)


def out_of_band(of: World, category: int) -> float:
    """Expected households over a ceiling or under a floor, every rule once."""
    total = 0.0
    for at, place in enumerate(of.places):
        for line in place.lines:
            extra = int(line.category == category)
            for k, part in enumerate(of.law(at, line.category)):
                if line.high is not None:
                    total += part * max(k + extra - line.high, 0)
                if line.low is not None:
                    total += part * max(line.low - k - extra, 0)
    return total


def channels(of: World, offered: Sequence[Json]) -> Json:
    """What every channel would do, and which is recommended (§3b.13-14)."""
    categories = range(len(of.figures.categories))
    chances = [all_hold(of, category) for category in categories]
    excess = [out_of_band(of, category) for category in categories]
    told = [
        {
            "channel": each["name"],
            "P": round(sum(u * p for u, p in zip(each["shares"], chances, strict=True)), 6),
            "out_of_band": round(
                sum(u * e for u, e in zip(each["shares"], excess, strict=True)), 6
            ),
            "ground": bool(each["ground"]),
        }
        for each in offered
    ]
    grounded = [each for each in told if each["ground"]]
    best = min(grounded, key=lambda each: each["out_of_band"], default=None)
    others = [each["out_of_band"] for each in grounded if each is not best]
    return {
        "channels": told,
        "recommended": best["channel"] if best else None,
        "difference_small": bool(
            best and others and min(others) - best["out_of_band"] < of.figures.small
        ),
    }
