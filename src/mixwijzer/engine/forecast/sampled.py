"""From outsets to flat arrays for the kernel, in chunks, and back to chances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
from scipy.special import pdtr

from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.forecast._chain import Kinds, most_events
from mixwijzer.engine.forecast._mixes import Limits, ranks
from mixwijzer.engine.forecast._outset import Outset
from mixwijzer.engine.forecast._policy import TIE
from mixwijzer.engine.forecast.task import Tally, Task

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from mixwijzer.engine.forecast._mixes import Array, Whole

Areas: TypeAlias = Mapping[str, tuple[Sequence[str], Limits]]
Over: TypeAlias = Callable[..., Iterable[Any]]

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")

_WORD = 2.0**32
_NO_END = 2**31 - 1
_PARTS, _NEVER = 16, 2**62  # of a tie a unit of cost; the cost of who is not available
_DEAR = 2.0**60  # what costs more is as dear as this
_UNITS, _SELDOM = 2.0**20, 1e-3  # of a month in line; nobody joins a line less often [1/month]
_MOST_BYTES = 4e9  # for what is kept
_MOST_STEPS = 1e12  # complex-months: hours, not minutes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """Who waits for a home, and what changes on the way: what a comparison adds to a sample.

    Parameters
    ----------
    waiting, arrivals
        (K,) households per category who wait at the start, and who join them [1/month].
    oldest
        Whether the ordinary offer goes to who waits longest; else it brings each category by its
        share, and of that category the first in line.
    alike
        Whether a household may always be followed by one of its own category.
    until, later
        In which month another share of the free homes may be steered, and which.
    """

    waiting: Whole
    arrivals: Array
    oldest: bool
    alike: bool
    until: int
    later: float


def sampled(
    outsets: Sequence[Outset],
    months: Sequence[int],
    *,
    areas: Areas,
    supply: ArrayLike | None,
    runs: int,
    seed: int,
    workers: int,
    over: Over | None,
) -> Tally:
    """Draw the runs in `workers` chunks and add them up; the same bits however they are cut."""
    from mixwijzer.engine.forecast.chance import LANES

    blocks = -(-runs // LANES)
    workers = min(workers, blocks)
    _check(outsets, months, areas, runs=runs, workers=workers)
    task = task_of(outsets, months, areas, supply)
    cuts = np.linspace(0, blocks, workers + 1).astype(int).tolist()
    chunks = [[task] * workers, [seed] * workers, cuts[:-1], cuts[1:]]
    if over is not None or workers == 1:
        parts = list((over or map)(drawn, *chunks))
    else:
        with ThreadPoolExecutor(workers) as threads:
            parts = list(threads.map(drawn, *chunks))
    seen, inside = parts[0].seen, parts[0].inside
    for part in parts[1:]:
        seen += part.seen
        inside += part.inside
    held = np.concatenate([part.held for part in parts])
    housed = np.concatenate([part.housed for part in parts])
    return Tally(seen, inside, held, housed, parts[0].noted)


def drawn(task: Task, seed: int, first: int, last: int) -> Tally:
    """Draw some blocks of runs: a chunk for a thread, a process or another machine."""
    from mixwijzer.engine.forecast.chance import LANES
    from mixwijzer.engine.forecast.kernel import sample

    runs, kept = (last - first) * LANES, task.kept.size
    places, size = task.low.shape
    lines = int(task.waiting.size > 0)
    tally = Tally(
        np.zeros((kept, 0 if lines else task.cell_at[-1]), np.int32),
        np.zeros((kept, 0 if lines else places), np.int32),
        np.zeros((runs, kept), np.int32),
        np.zeros((runs, kept, size), np.int32),
        np.zeros((lines * runs, kept, 3 + 2 * size), np.int32),
    )
    sample(task, seed, first, last, tally)
    return tally


def _check(
    outsets: Sequence[Outset], months: Sequence[int], areas: Areas, *, runs: int, workers: int
) -> None:
    """Refuse what takes hours or gigabytes, in figures that say how much less will do."""
    homes = sum(outset.homes for outset in outsets)
    cells = _cells(outsets, areas)[-1] * len(months)
    steps = len(outsets) * max(months) * runs
    if cells * (4 * workers + 8) > _MOST_BYTES:
        at_most = int(_MOST_BYTES / (cells / len(months) * (4 * workers + 8)))
        raise ForecastError(
            "too_much_kept", "forecast", homes=homes, months=len(months), at_most=at_most
        )
    if steps > _MOST_STEPS:
        years, hours = max(months) // 12, int(steps * 1e-8 / 3600)
        raise ForecastError(
            "too_long", "forecast", homes=homes, years=years, runs=runs, hours=hours
        )


def _cells(outsets: Sequence[Outset], areas: Areas) -> Whole:
    """Return where the counts of each place start in a tally (C + G + 1,)."""
    by_id = {outset.id: outset.homes for outset in outsets}
    homes = [outset.homes for outset in outsets]
    homes += [sum(by_id[each] for each in inside) for inside, _ in areas.values()]
    size = len(outsets[0].rates.categories)
    return np.cumsum([0, *[size * (each + 1) for each in homes]])


def task_of(
    outsets: Sequence[Outset],
    months: Sequence[int],
    areas: Areas,
    supply: ArrayLike | None,
    lines: Lines | None = None,
) -> Task:
    """Return everything the kernel needs as flat arrays; with lines, those keep the supply."""
    stay = np.array([outset.rates.stayers for outset in outsets]) > 0
    known: dict[int, Kinds] = {}
    for outset in outsets:
        if id(outset.rates) not in known:
            known[id(outset.rates)] = Kinds(outset.rates, np.flatnonzero(stay.any(axis=0)))
    kinds = [known[id(outset.rates)] for outset in outsets]
    size = stay.shape[1]
    limits = [outset.limits for outset in outsets] + [each for _, each in areas.values()]
    order = {outset.id: place for place, outset in enumerate(outsets)}
    members = [[order[each] for each in inside] for inside, _ in areas.values()]
    mixes = np.concatenate([outset.mixes for outset in outsets])
    first = _starts([outset.chances for outset in outsets])
    homes = np.array([outset.homes for outset in outsets])
    empty = homes - mixes[first[:-1]].sum(axis=1)
    busy = _busy(list(zip(homes.tolist(), kinds, strict=True)))
    costs, cost_at, wide = _costs(outsets, empty.tolist())
    steered = [outset.policy.steered if outset.policy.steers else 0.0 for outset in outsets]
    shocked = max(kinds, key=lambda each: each.factors.size)
    ordinary = np.cumsum([outset.policy.ordinary for outset in outsets], axis=1)
    ordinary[:, -1] = np.inf
    return Task(
        homes=homes.astype(np.int32),
        empty=empty.astype(np.int32),
        category=kinds[0].category,
        stay=np.array([each.share for each in kinds]),
        mixes=mixes.astype(np.int32),
        summed=np.concatenate([outset.chances.cumsum() for outset in outsets]),
        first=first,
        busy=np.concatenate(busy),
        busy_at=_starts(busy),
        bounds=np.array(_each(_bounds, kinds)),
        slower=np.array(_each(partial(_slower, values=shocked.factors.size), kinds)),
        factor_to=np.append(np.cumsum(shocked.chances)[:-1], np.inf),
        ordinary=ordinary,
        steered=np.array(steered),
        costs=costs,
        cost_at=cost_at,
        wide=wide,
        ranks=np.array(ranks(int(homes.max()), size)),
        supply=_supply(supply, max(months), size),
        low=np.array([each.low for each in limits], np.int32),
        high=np.array([each.high for each in limits], np.int32),
        members=np.array([each for inside in members for each in inside], np.int64),
        members_at=_starts(members),
        cell_at=_cells(outsets, areas),
        kept=np.array(months, np.int64),
        three=(0,) * 3 if len(kinds[0]) == size == 3 else (),
        **_waiting(lines, outsets, np.array(steered)),
    )


def _waiting(lines: Lines | None, outsets: Sequence[Outset], steered: Array) -> dict[str, Any]:
    """Return what lines add to a task; without them nobody waits and nothing changes."""
    if lines is None:
        none = np.zeros(0, np.int64)
        rest: dict[str, Any] = {"patience": none, "judged": none, "oldest": 0, "alike": 0}
        return rest | {"later": steered, "until": _NO_END, "waiting": none.astype(np.int32)}
    return {
        "later": np.minimum(steered, lines.later),
        "until": lines.until,
        "waiting": np.array(lines.waiting, np.int32),
        "patience": np.round(_UNITS / np.maximum(lines.arrivals, _SELDOM)).astype(np.int64),
        "oldest": int(lines.oldest),
        "alike": int(lines.alike),
        "judged": np.array([each.homes if limited(each) else 0 for each in outsets], np.int64),
    }


def limited(outset: Outset) -> bool:
    """Whether anything is agreed about the mix here."""
    limits = outset.limits
    return bool((limits.low > 0).any() or (limits.high < outset.homes).any())


def _starts(rows: Sequence[Sequence[Any] | NDArray[Any]]) -> Whole:
    return np.cumsum([0, *[len(row) for row in rows]])


def _each(make: Callable[[_Item], _Made], items: Sequence[_Item]) -> list[_Made]:
    """Return what is made of each, once for those that are alike."""
    made = {item: make(item) for item in set(items)}
    return [made[item] for item in items]


def _busy(cases: Sequence[tuple[int, Kinds]]) -> list[NDArray[np.uint32]]:
    """Return the chances of at most 0, 1 … possible events a month, in 32 bits, of each case."""
    fastest = {
        kind: _apart(kind).sum(axis=1).max() * kind.factors.max()
        for kind in dict.fromkeys(kind for _, kind in cases)
    }
    paces = {(homes, kind): homes * fastest[kind] for homes, kind in cases}
    most = most_events(np.array(list(paces.values())), 1 / _WORD) + 1
    means = np.array(list(paces.values()))[:, None]
    chances = _bits(pdtr(np.arange(most.max() + 1), means) * _WORD - 1)
    made = {case: row[: last + 1] for case, row, last in zip(paces, chances, most, strict=True)}
    for row in made.values():
        row[-1] = np.uint32(_WORD - 1)
    return [made[case] for case in cases]


def _bounds(kinds: Kinds) -> NDArray[np.uint32]:
    """Return what a possible event is, in 32-bit cumulative chances (M, M + 2)."""
    each = _apart(kinds)
    return _bits(np.cumsum(each, axis=1) / (each.sum(axis=1).max() or 1.0) * _WORD)


def _apart(kinds: Kinds) -> Array:
    """Return all rates of a household (M, M + 2): leaves, becomes 1 … M, exchanges."""
    return np.column_stack([kinds.leave, kinds.drift, kinds.churn])


def _bits(chances: Array) -> NDArray[np.uint32]:
    return np.clip(np.round(chances), 0, _WORD - 1).astype(np.uint32)


def _slower(kinds: Kinds, values: int) -> NDArray[np.uint64]:
    """Return how much slower than the fastest year each is, times 2^16 (values,)."""
    factors = np.broadcast_to(kinds.factors, values)
    return np.asarray(np.round(factors.max() / factors * 2**16), dtype=np.uint64)


def _costs(outsets: Sequence[Outset], empties: Sequence[int]) -> tuple[Whole, Whole, Whole]:
    """Return all costs in one row [16ths of a tie], where each complex has its own, how wide."""
    tables: dict[tuple[int, int], Array] = {}
    keys, wide = [], []
    for outset, empty in zip(outsets, empties, strict=True):
        policy = outset.policy
        keys.append((id(policy), empty))
        if policy.joint is not None:
            wide.append(0)
            if keys[-1] not in tables:
                levels = policy.levels(max(empty - 1, 0))
                tables[keys[-1]] = np.concatenate([each.ravel() for each in levels])
        else:
            costs = np.zeros((1, 1)) if policy.costs is None else policy.costs
            wide.append(costs.shape[1])
            tables[keys[-1]] = np.asarray(policy.prices)[:, None] + costs
    at = dict(zip(tables, _starts([each.ravel() for each in tables.values()]), strict=False))
    flat = np.concatenate([each.ravel() for each in tables.values()])
    exact = np.clip(np.round(flat / TIE * _PARTS), -_DEAR, _DEAR)
    whole = np.where(np.isfinite(flat), exact, _NEVER).astype(np.int64)
    return whole, np.array([at[key] for key in keys]), np.array(wide)


def _supply(supply: ArrayLike | None, months: int, size: int) -> NDArray[np.int32]:
    """Return whole households per month and category (months, K); what is left over expires."""
    if supply is None:
        return np.full((months, size), _NO_END, np.int32)
    each = np.asarray(supply, dtype=float)
    if each.shape != (size,) or not (each >= 0).all():
        raise ForecastError("supply_shape", "supply", size=size)
    endless = np.minimum(each, _NO_END / max(months, 1))
    until = np.floor(np.outer(np.arange(months + 1), endless) + 1e-9)
    return np.where(np.isinf(each), _NO_END, np.diff(until, axis=0)).astype(np.int32)
