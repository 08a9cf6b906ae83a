"""One question, three methods: exact, sampled and fluid."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.forecast._chain import Chain
from mixwijzer.engine.forecast._means import means
from mixwijzer.engine.forecast._result import Forecast
from mixwijzer.engine.forecast.sampled import sampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from mixwijzer.engine.forecast._mixes import Array
    from mixwijzer.engine.forecast._outset import Outset
    from mixwijzer.engine.forecast.sampled import Areas, Over
    from mixwijzer.engine.forecast.task import Tally

METHODS = ("exact", "sampled", "fluid")


def forecast(  # noqa: PLR0913
    outsets: Sequence[Outset],
    months: Sequence[int],
    *,
    method: str = "exact",
    areas: Areas | None = None,
    supply: ArrayLike | None = None,
    runs: int = 1024,
    seed: int = 0,
    workers: int = 1,
    over: Over | None = None,
) -> Forecast:
    """Return what the months bring to every complex, and to areas made of them.

    Parameters
    ----------
    outsets
        The complexes.
    months
        Which months after today are kept, rising from 0 or later.
    method
        `exact`: all mixes of each complex by itself, by an event chain. `sampled`: runs of the
        whole portfolio, the only method that knows of supply and of what complexes have in
        common. `fluid`: means only.
    areas
        Ids of the complexes of an area, and its limits, by name; all complexes make the portfolio.
    supply
        (K,) households of a category that can be steered to all complexes together in a month
        [1/month]; what isn't used is lost. The ordinary offer doesn't draw on it.
    runs, seed
        Of the sample; runs are rounded up to whole blocks of 64.
    workers, over
        In how many chunks the runs are cut, and how those are mapped: threads by default, or
        anything with the signature of `map`, such as that of an executor or a cluster. The bits
        of the outcome depend on neither.

    Raises
    ------
    ForecastError
        `no_outsets`, `months_order`, `method_missing`, `outsets_differ` (categories, or an id
        twice), `needs_sample` (supply with another method), `place_unknown` (in an area),
        `too_many_mixes`, `too_much_kept`, `too_long`, `supply_shape`.
    """
    areas = areas or {}
    _check(outsets, months, method, areas)
    asked = _asked(outsets, months, method, areas)
    if method == "sampled":
        tally = sampled(
            outsets,
            months,
            areas=areas,
            supply=supply,
            runs=runs,
            seed=seed,
            workers=workers,
            over=over,
        )
        return _told(asked, tally, seed)
    if supply is not None:
        raise ForecastError("needs_sample", method)
    if method == "fluid":
        found = {outset.id: means(outset, months) for outset in outsets}
        for name, (inside, _) in areas.items():
            found[name] = np.sum([found[each] for each in inside], axis=0)
        return replace(asked, means=found)
    return _exact(asked, outsets, areas)


def _check(outsets: Sequence[Outset], months: Sequence[int], method: str, areas: Areas) -> None:
    if not outsets:
        raise ForecastError("no_outsets", "forecast")
    if method not in METHODS:
        raise ForecastError("method_missing", method)
    rising = list(months) == sorted(set(months))
    if not rising or not len(months) or months[0] < 0:
        raise ForecastError("months_order", "forecast")
    ids = {outset.id for outset in outsets} | set(areas)
    categories = {outset.rates.categories for outset in outsets}
    if len(ids) < len(outsets) + len(areas) or len(categories) > 1:
        raise ForecastError("outsets_differ", "forecast")
    for inside, _ in areas.values():
        for each in set(inside) - ids:
            raise ForecastError("place_unknown", each)


def _asked(outsets: Sequence[Outset], months: Sequence[int], method: str, areas: Areas) -> Forecast:
    """Return a forecast that says what is asked, and nothing yet."""
    homes = {outset.id: outset.homes for outset in outsets}
    homes |= {name: sum(homes[each] for each in inside) for name, (inside, _) in areas.items()}
    limits = {outset.id: outset.limits for outset in outsets}
    limits |= {name: each for name, (_, each) in areas.items()}
    return Forecast(
        method=method,
        engine_version=ENGINE_VERSION,
        categories=outsets[0].rates.categories,
        months=tuple(months),
        homes=homes,
        limits=limits,
    )


def _exact(asked: Forecast, outsets: Sequence[Outset], areas: Areas) -> Forecast:
    counts: dict[str, Array] = {}
    kept: dict[str, Array] = {}
    for outset in outsets:
        counts[outset.id], kept[outset.id] = _of_one(outset, asked.months)
    for name, (inside, _) in areas.items():
        counts[name] = _summed([counts[each] for each in inside])
        kept[name] = np.full(len(asked.months), np.nan)
    return replace(asked, means=_means(counts), counts=counts, kept=kept)


def _means(counts: dict[str, Array]) -> dict[str, Array]:
    return {name: each @ np.arange(each.shape[2]) for name, each in counts.items()}


def _of_one(outset: Outset, months: Sequence[int]) -> tuple[Array, Array]:
    """Return the chances of counts (R, K, n + 1) and that all limits hold (R,)."""
    chain = Chain(outset.homes, outset.rates, outset.policy)
    inside = outset.limits.holds(chain.counts)
    size = outset.homes + 1
    at = chain.counts + size * np.arange(chain.counts.shape[1])
    places = chain.counts.shape[1] * size

    def seen(chances: Array) -> Array:
        each = [np.bincount(column, chances, places) for column in at.T]
        # Not a product: for so little, BLAS wakes threads that go on turning while events are made.
        return np.append(np.sum(each, axis=0), chances.sum(where=inside))

    told = chain.over(chain.filled(outset.mixes, outset.chances), months, seen)
    told = np.clip(told, 0.0, 1.0)
    return told[:, :-1].reshape(len(months), -1, size), told[:, -1]


def _summed(parts: Sequence[Array]) -> Array:
    """Return the chances of counts of independent complexes together (R, K, n + 1)."""
    total = np.ones((*parts[0].shape[:2], 1))
    for part in parts:
        rows = zip(total.reshape(-1, total.shape[2]), part.reshape(-1, part.shape[2]), strict=True)
        total = np.array([np.convolve(*row) for row in rows]).reshape(*part.shape[:2], -1)
    return total


def _told(asked: Forecast, tally: Tally, seed: int) -> Forecast:
    """Return what a tally says of each place, in the order in which they were asked."""
    runs, months, size = len(tally.held), len(asked.months), len(asked.categories)
    wide = [homes + 1 for homes in asked.homes.values()]
    starts = np.cumsum([0, *np.repeat(wide, size)])
    numbers = np.arange(starts[-1]) - np.repeat(starts[:-1], np.repeat(wide, size))
    summed = [np.add.reduceat(each * numbers, starts[:-1]) for each in tally.seen]
    means = (np.array(summed) / runs).reshape(months, -1, size).swapaxes(0, 1)
    chances = tally.seen / runs
    counts = [
        chances[:, start : start + size * each].reshape(months, size, each)
        for start, each in zip(starts[::size], wide, strict=False)
    ]
    return replace(
        asked,
        seed=seed,
        runs=runs,
        means=dict(zip(asked.homes, means, strict=True)),
        counts=dict(zip(asked.homes, counts, strict=True)),
        kept=dict(zip(asked.homes, (tally.inside / runs).T, strict=True)),
        held=tally.held,
        housed=tally.housed,
    )
