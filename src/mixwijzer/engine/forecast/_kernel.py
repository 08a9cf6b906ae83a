"""The sampled forecast, compiled: many runs side by side, counts instead of households.

Imported only when a sample is drawn, since numba takes a moment to start. A block holds LANES runs
next to each other in flat 32-bit rows, so that the compiler works on 8 or 16 at a time; what few
lanes do (an event, a letting) goes one by one. Each block starts its own streams of chance from the
seed and its number, and every result is a sum of whole numbers: threads and chunks can't change it.
How often a lane asks for chance depends on the homes and rates only, so that two policies with one
seed meet the same departures (common random numbers).

Generators: xoshiro128++ (Blackman and Vigna 2021), started by splitmix64 (Steele 2014).
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint32]
Rows: TypeAlias = NDArray[np.int32]
Factors: TypeAlias = NDArray[np.uint64]
Whole: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]

LANES = 64

_U32, _U64, _I32 = np.uint32, np.uint64, np.int32
_DRAWN, _HIT = 4 * LANES, 5 * LANES  # rows of `words` behind the generator's four
_REST = 6 * LANES
_AT, _UNTIL, _KIND, _LIST = 0, LANES, 2 * LANES, 3 * LANES  # rows of `rows`
_UNIT = 1 / 4294967296
_TIE = 1e-9  # as in Policy
_STEP = _U64(0x9E3779B97F4A7C15)


class Task(NamedTuple):
    """Everything a block of runs needs, as flat arrays.

    C complexes, G areas behind them as places; K categories, M kinds of household; R months kept.
    """

    homes: NDArray[np.int32]  # (C,)
    empty: NDArray[np.int32]  # (C,) of those, without a household at the start
    category: NDArray[np.int64]  # (M,) of each kind
    stay: NDArray[np.float64]  # (C, M) part of a category that is of this kind
    mixes: NDArray[np.int32]  # (rows, K) where the complexes may stand
    summed: NDArray[np.float64]  # (rows,) their cumulative chances
    first: NDArray[np.int64]  # (C + 1,) rows of each complex
    busy: NDArray[np.uint32]  # chances of at most b events a month, a row for each complex
    busy_at: NDArray[np.int64]  # (C,)
    bounds: NDArray[np.uint32]  # (C, M, M + 2) cumulative: leaves, becomes 1 … M, exchanges
    slower: NDArray[np.uint64]  # (C, values) greatest common yearly factor over each, times 2^16
    factor_to: NDArray[np.float64]  # (values,) cumulative chances of the common yearly factor
    ordinary: NDArray[np.float64]  # (C, K) cumulative intake shares
    steered: NDArray[np.float64]  # (C,)
    costs: NDArray[np.float64]  # price and cost, flat
    cost_at: NDArray[np.int64]  # (C,)
    wide: NDArray[np.int64]  # (C,) row length of separate costs; 0 where joint, -1 where none
    ranks: NDArray[np.int64]  # (K - 1, n + 1) mixes before, as in Simplex
    supply: NDArray[np.int32]  # (months, K)
    low: NDArray[np.int32]  # (C + G, K)
    high: NDArray[np.int32]  # (C + G, K)
    members: NDArray[np.int64]  # complexes of each area
    members_at: NDArray[np.int64]  # (G + 1,)
    cell_at: NDArray[np.int64]  # (C + G + 1,) where the counts of a place are tallied
    kept: NDArray[np.int64]  # (R,) months whose outcome is kept


class Tally(NamedTuple):
    """What a chunk of runs saw."""

    seen: NDArray[np.int32]  # (R, cells) how often each count, per place and category
    inside: NDArray[np.int32]  # (R, C + G) how often all limits held
    held: NDArray[np.int32]  # (runs, R) complexes within their limits
    housed: NDArray[np.int32]  # (runs, R, K) lettings since the month kept before


@njit(cache=True, nogil=True, error_model="numpy")
def mixed(word: np.uint64) -> np.uint64:
    """Return 64 scrambled bits (the finish of splitmix64)."""
    word = (word ^ (word >> _U64(30))) * _U64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> _U64(27))) * _U64(0x94D049BB133111EB)
    return word ^ (word >> _U64(31))


@njit(cache=True, nogil=True, error_model="numpy")
def begin(words: Words, seed: int, block: int) -> None:
    """Start the streams of a block."""
    word = mixed(mixed(_U64(seed) + _STEP) + _U64(block))
    for place in range(4 * LANES):
        word += _STEP
        words[place] = _U32(mixed(word) >> _U64(32))


@njit(cache=True, nogil=True, error_model="numpy")
def draw(words: Words, row: int) -> None:
    """Put the next 32 random bits of every lane in a row."""
    for lane in range(LANES):
        a, b = words[lane], words[LANES + lane]
        c, d = words[2 * LANES + lane], words[3 * LANES + lane]
        both = _U32(a + d)
        words[row + lane] = _U32(_U32(_U32(both << _U32(7)) | (both >> _U32(25))) + a)
        shifted = _U32(b << _U32(9))
        c = _U32(c ^ a)
        d = _U32(d ^ b)
        words[LANES + lane] = _U32(b ^ c)
        words[lane] = _U32(a ^ d)
        words[2 * LANES + lane] = _U32(c ^ shifted)
        words[3 * LANES + lane] = _U32(_U32(d << _U32(11)) | (d >> _U32(21)))


@njit(cache=True, nogil=True, error_model="numpy")
def find(words: Words, rows: Rows, homes: int, bound: int) -> bool:
    """Draw the household of every lane to which one more possible event comes; whether any is."""
    any_left = _I32(0)
    for lane in range(LANES):
        active = _I32(words[_DRAWN + lane] > bound)
        rows[_LIST + lane] = active
        any_left |= active
    if any_left == 0:
        return False
    draw(words, _HIT)
    size = _U64(homes)
    for lane in range(LANES):
        product = _U64(words[_HIT + lane]) * size
        rows[_AT + lane] = _I32(product >> _U64(32))
        words[_REST + lane] = _U32(product)
        rows[_UNTIL + lane] = 0
        rows[_KIND + lane] = 0
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def sift(words: Words, rows: Rows, counts: Rows, bounds: Words, place: int) -> int:
    """Find the kind of the households drawn; list the lanes where the event happens."""
    kinds = bounds.shape[1]
    base = place * kinds * LANES
    for kind in range(kinds - 1):
        for lane in range(LANES):
            until = _I32(rows[_UNTIL + lane] + counts[base + kind * LANES + lane])
            rows[_UNTIL + lane] = until
            rows[_KIND + lane] += _I32(rows[_AT + lane] >= until)
    for kind in range(kinds):
        most = bounds[place, kind, kinds + 1]
        for lane in range(LANES):
            nothing = (rows[_KIND + lane] == _I32(kind)) & (words[_REST + lane] >= most)
            rows[_LIST + lane] = _I32(0) if nothing else rows[_LIST + lane]
    found = 0
    for lane in range(LANES):
        hit = rows[_LIST + lane]
        rows[_LIST + found] = lane
        found += hit
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def slow_down(words: Words, slower: Factors, year: Whole, place: int) -> None:
    """Let events of a quiet year be fewer: the bits that decide on them are stretched."""
    for lane in range(LANES):
        slowed = (_U64(words[_REST + lane]) * slower[place, year[lane]]) >> _U64(16)
        words[_REST + lane] = _U32(min(slowed, _U64(0xFFFFFFFF)))


@njit(cache=True, nogil=True, error_model="numpy")
def move(
    words: Words,
    rows: Rows,
    counts: Rows,
    bounds: Words,
    luck: Reals,
    place: int,
    homes: int,
    found: int,
) -> int:
    """Let the listed events happen; list who left, each with new luck for who comes."""
    kinds, left = bounds.shape[1], 0
    base = place * kinds * LANES
    for listed in range(found):
        lane = rows[_LIST + listed]
        kind, rest, what = rows[_KIND + lane], words[_REST + lane], 0
        while rest >= bounds[place, kind, what]:
            what += 1
        counts[base + kind * LANES + lane] -= 1
        if what == 0:
            rows[_LIST + left] = lane
            luck[lane] = rest / bounds[place, kind, 0]
            left += 1
            continue
        goal, origin = what - 1, kind
        if what == kinds + 1:
            counts[base + kind * LANES + lane] += 1
            fresh = mixed(_U64(words[_HIT + lane]))
            other = _I32(((fresh >> _U64(32)) * _U64(homes)) >> _U64(32))
            goal = 0
            while other >= counts[base + goal * LANES + lane]:
                other -= counts[base + goal * LANES + lane]
                goal += 1
            if fresh & _U64(1):
                goal, origin = origin, goal
            counts[base + origin * LANES + lane] -= 1
        counts[base + goal * LANES + lane] += 1
    return left


@njit(cache=True, nogil=True, error_model="numpy")
def give(
    words: Words,
    rows: Rows,
    counts: Rows,
    category: Whole,
    stay: Reals,
    steered: Reals,
    ordinary: Reals,
    costs: Reals,
    cost_at: Whole,
    wide: Whole,
    ranks: Whole,
    pool: Rows,
    there: Whole,
    cost: Reals,
    luck: Reals,
    housed: Rows,
    place: int,
    homes: int,
    found: int,
    run: int,
    kept: int,
) -> None:
    """Give a free home in every listed lane; a steered one takes from the supply.

    One long loop, since a call for each lane costs more than what it does.
    """
    size, part, row = there.size, steered[place], wide[place]
    base = place * category.size * LANES
    for listed in range(found):
        lane = rows[_LIST + listed]
        for who in range(size):
            there[who] = 0
        for kind in range(category.size):
            there[category[kind]] += counts[base + kind * LANES + lane]
        chance, chosen = luck[lane], -1
        if chance < part:
            chance /= part
            here = cost_at[place]
            if row == 0:
                left = 0
                for who in range(size):
                    left += there[who]
                for fuller in range(left + 1, homes):
                    here += ranks[0, fuller] * size
                for who in range(size - 1):
                    here += (ranks[who, left] - ranks[who, left - there[who]]) * size
                    left -= there[who]
            least, equal = np.inf, 0
            for who in range(size):
                one = costs[here + (who * row + there[who] if row else who)]
                cost[who] = one if pool[who * LANES + lane] > 0 else np.inf
                least = min(least, cost[who])
            for who in range(size):
                equal += cost[who] <= least + _TIE
            skip = int(chance * equal) if least < np.inf else -1
            for who in range(size):
                if cost[who] <= least + _TIE:
                    chosen = who if skip == 0 else chosen
                    skip -= 1
        else:
            chance = (chance - part) / (1 - part)
        if chosen >= 0:
            pool[chosen * LANES + lane] -= 1
        else:
            chosen = 0
            while chance >= ordinary[place, chosen]:
                chosen += 1
        goal = chosen
        for kind in range(size, category.size):
            # New bits out of those that chose the household: no lane may ask for more chance than
            # another, or two policies with one seed would meet other departures.
            fresh = (mixed(_U64(words[_HIT + lane])) >> _U64(32)) * _UNIT
            goal = kind if category[kind] == chosen and fresh < stay[place, kind] else goal
        counts[base + goal * LANES + lane] += 1
        housed[run + lane, kept, chosen] += 1


@njit(cache=True, nogil=True, error_model="numpy")
def everywhere(words: Words, rows: Rows, luck: Reals) -> int:
    """List all lanes, each with new luck: a home that stands empty at the start."""
    draw(words, _HIT)
    for lane in range(LANES):
        rows[_LIST + lane] = lane
        luck[lane] = words[_HIT + lane] * _UNIT
    return LANES


@njit(cache=True, nogil=True, error_model="numpy")
def live(
    words: Words,
    rows: Rows,
    counts: Rows,
    homes: Rows,
    empty: Rows,
    busy: Words,
    busy_at: Whole,
    bounds: Words,
    slower: Factors,
    year: Whole,
    category: Whole,
    stay: Reals,
    steered: Reals,
    ordinary: Reals,
    costs: Reals,
    cost_at: Whole,
    wide: Whole,
    ranks: Whole,
    pool: Rows,
    there: Whole,
    cost: Reals,
    luck: Reals,
    housed: Rows,
    month: int,
    run: int,
    kept: int,
) -> None:
    """Let a month pass in all complexes; before the first, give the empty homes.

    The complexes take turns in who is first to a month's supply.
    """
    places = homes.size
    for step in range(places):
        place = (step + max(month, 0)) % places
        here, after, more = homes[place], 0, True
        draw(words, _DRAWN)
        while more:
            if month < 0:
                more = after < empty[place]
                found = everywhere(words, rows, luck) if more else 0
            else:
                more = find(words, rows, here, busy[busy_at[place] + after])
                if more and slower.shape[1] > 1:
                    slow_down(words, slower, year, place)
                found = sift(words, rows, counts, bounds, place) if more else 0
                found = move(words, rows, counts, bounds, luck, place, here, found)
            give(
                words,
                rows,
                counts,
                category,
                stay,
                steered,
                ordinary,
                costs,
                cost_at,
                wide,
                ranks,
                pool,
                there,
                cost,
                luck,
                housed,
                place,
                here,
                found,
                run,
                kept,
            )
            after += 1


@njit(cache=True, nogil=True, error_model="numpy")
def place_of(summed: Reals, first: int, last: int, chance: float) -> int:
    """Return the row in which a cumulative chance falls."""
    while first < last:
        half = (first + last) // 2
        if chance < summed[half]:
            last = half
        else:
            first = half + 1
    return first


@njit(cache=True, nogil=True, error_model="numpy")
def settle(task: Task, place: int, words: Words, counts: Rows, size: int) -> None:
    """Draw where a complex stands, and of every household whether it stays as it is."""
    kinds = task.category.size
    base = place * kinds * LANES
    first, last = task.first[place], task.first[place + 1] - 1
    draw(words, _DRAWN)
    for lane in range(LANES):
        chosen = place_of(task.summed, first, last, words[_DRAWN + lane] * _UNIT)
        for kind in range(kinds):
            counts[base + kind * LANES + lane] = task.mixes[chosen, kind] if kind < size else 0
    for home in range(task.homes[place] - task.empty[place] if kinds > size else 0):
        draw(words, _DRAWN)
        for lane in range(LANES):
            chance = words[_DRAWN + lane] * _UNIT
            tell_apart(counts, base + lane, task.category, task.stay[place], home, chance)


@njit(cache=True, nogil=True, error_model="numpy")
def tell_apart(
    counts: Rows, at: int, category: Whole, stay: Reals, home: int, chance: float
) -> None:
    """Decide whether the household of one home, at the start, stays as it is.

    Homes are counted through the categories, each with those of whom this is known already.
    """
    who = -1
    while home >= 0:
        who += 1
        for kind in range(category.size):
            home -= counts[at + kind * LANES] if category[kind] == who else 0
    for kind in range(category.size - 1, who, -1):
        if category[kind] == who and chance < stay[kind]:
            counts[at + kind * LANES] += 1
            counts[at + who * LANES] -= 1


@njit(cache=True, nogil=True, error_model="numpy")
def begin_month(task: Task, month: int, words: Words, pool: Rows, year: Whole) -> None:
    """Set out the supply of a month, without end before the first; yearly, the common factor."""
    for category in range(task.supply.shape[1]):
        supply = task.supply[month, category] if month >= 0 else 2147483647
        for lane in range(LANES):
            pool[category * LANES + lane] = supply
    if month % 12 == 0:
        draw(words, _DRAWN)
        for lane in range(LANES):
            year[lane] = 0
            while words[_DRAWN + lane] * _UNIT >= task.factor_to[year[lane]]:
                year[lane] += 1


@njit(cache=True, nogil=True, error_model="numpy")
def keep(task: Task, tally: Tally, kept: int, run: int, counts: Rows, size: int) -> None:
    """Tally where every complex and area stands in a month that is kept."""
    places, kinds = task.homes.size, task.category.size
    total = np.zeros((size, LANES), np.int32)
    for place in range(task.low.shape[0]):
        area = place - places
        first = 0 if area < 0 else task.members_at[area]
        last = 1 if area < 0 else task.members_at[area + 1]
        total[:] = 0
        for member in range(first, last):
            base = (place if area < 0 else task.members[member]) * kinds * LANES
            for kind in range(kinds):
                for lane in range(LANES):
                    total[task.category[kind], lane] += counts[base + kind * LANES + lane]
        cells = (task.cell_at[place + 1] - task.cell_at[place]) // size
        for lane in range(LANES):
            inside = 1
            for category in range(size):
                number = total[category, lane]
                tally.seen[kept, task.cell_at[place] + category * cells + number] += 1
                fits = task.low[place, category] <= number <= task.high[place, category]
                inside = inside if fits else 0
            tally.inside[kept, place] += inside
            if area < 0:
                tally.held[run + lane, kept] += inside


@njit(cache=True, nogil=True, error_model="numpy")
def sample(task: Task, seed: int, first: int, last: int, tally: Tally) -> None:
    """Run the blocks `first` … `last` − 1 into a tally of their own.

    Before the first month the empty homes are given; after that, month by month, whoever leaves is
    followed at once.
    """
    places, size, kinds = task.homes.size, task.ordinary.shape[1], task.category.size
    words, rows = np.zeros(7 * LANES, np.uint32), np.zeros(4 * LANES, np.int32)
    counts = np.zeros(places * kinds * LANES, np.int32)
    pool, year = np.zeros(size * LANES, np.int32), np.zeros(LANES, np.int64)
    there, cost, luck = np.zeros(size, np.int64), np.zeros(size), np.zeros(LANES)
    for block in range(first, last):
        run, kept = (block - first) * LANES, 0
        begin(words, seed, block)
        for place in range(places):
            settle(task, place, words, counts, size)
        for month in range(-1, task.supply.shape[0]):
            begin_month(task, month, words, pool, year)
            live(
                words,
                rows,
                counts,
                task.homes,
                task.empty,
                task.busy,
                task.busy_at,
                task.bounds,
                task.slower,
                year,
                task.category,
                task.stay,
                task.steered,
                task.ordinary,
                task.costs,
                task.cost_at,
                task.wide,
                task.ranks,
                pool,
                there,
                cost,
                luck,
                tally.housed,
                month,
                run,
                kept,
            )
            if task.kept[kept] == month + 1:
                keep(task, tally, kept, run, counts, size)
                kept += 1
