"""The sampled forecast, compiled: many runs side by side, counts instead of households.

Imported only when a sample is drawn, since numba takes a moment to start. A block holds LANES runs
next to each other in flat 32-bit rows, so that chance is drawn for 8 or 16 at a time; what few
lanes do (an event, a letting) goes one by one, from a list of lanes. Each block starts its own
streams of chance from the seed and its number, and every result is a sum of whole numbers: threads
and chunks can't change it. How often a lane asks for chance depends on the homes and rates only, so
that two policies with one seed meet the same departures (common random numbers).

Four choices make an event cheap. What chance decides is decided by sums of comparisons of whole
numbers, costs too, since a processor guesses such a branch wrong half of the time. And lanes are
listed as unsigned words, so that no index has to be checked for being negative. What happens to a
lane is put in line (`forceinline`): a call hands over a Task word by word, hundreds of them. And
the usual three categories without stayers are compiled apart, by the length of a tuple, so that
loops over them are written out.

Where regimes are compared, who isn't housed waits on: the supply of a month joins a line per
category, every home is taken from a line, and it is noted whom a steered home passes over.

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
_LUCK, _REST, _KIND = 6 * LANES, 7 * LANES, 8 * LANES
_BUSY, _GONE, _MOVED = range(9 * LANES, 12 * LANES, LANES)  # lists of lanes
_UNIT = 1 / 4294967296
_TIE = 16  # costs that differ less are equal, as in Policy
_NEVER = 1 << 62  # the cost of who is not available
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
    costs: NDArray[np.int64]  # price and cost in 16ths of a tie, flat
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
    later: NDArray[np.float64]  # (C,) what `steered` becomes
    until: int  # in which month
    waiting: NDArray[np.int32]  # (K,) who waits at the start; none: supply not used is lost
    patience: NDArray[np.int64]  # (K,) how much longer the first waits for each one in line
    oldest: int  # whether the ordinary offer goes to who waits longest, not by the shares
    alike: int  # whether a household may always be followed by one of its category
    judged: NDArray[np.int64]  # (C,) homes of the complexes whose limits are noted, 0 for others
    three: tuple[int, ...]  # of length 3 where three categories are all the kinds there are, else 0


class Tally(NamedTuple):
    """What a chunk of runs saw."""

    seen: NDArray[np.int32]  # (R, cells) how often each count, per place and category
    inside: NDArray[np.int32]  # (R, C + G) how often all limits held
    held: NDArray[np.int32]  # (runs, R) complexes within their limits
    housed: NDArray[np.int32]  # (runs, R, K) lettings since the month kept before
    noted: NDArray[np.int32]  # (runs, R, 3 + 2 K) where lines are kept, see `note`


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


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def find(words: Words, bound: int) -> int:
    """List the lanes to which at least one possible event comes."""
    more = 0
    for lane in range(LANES):
        words[_BUSY + more] = lane
        more += words[_DRAWN + lane] > bound
    return more


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def happen(
    words: Words,
    here: Rows,
    bounds: Words,
    slower: Factors,
    year: Whole,
    kinds: int,
    place: int,
    homes: int,
    found: int,
    bound: int,
) -> tuple[int, int, int]:
    """Draw a household in every busy lane; it leaves, changes, is to exchange, or stays.

    Lists the lanes where one left, those of an exchange, and those to which one more event comes.
    Sums of comparisons instead of branches: what a household does can't be guessed. In a quiet
    year the bits that decide on it are stretched, so that more of them mean nothing.
    """
    size, left, moved, more = _U64(homes), 0, 0, 0
    for busy in range(found):
        lane = words[_BUSY + busy]
        product = _U64(words[_HIT + lane]) * size
        home, rest = _I32(product >> _U64(32)), product & _U64(0xFFFFFFFF)
        rest = (rest * slower[place, year[lane]]) >> _U64(16)
        kind, until = 0, _I32(0)
        for other in range(kinds - 1):
            until = _I32(until + here[other * LANES + lane])
            kind += int(home >= until)
        # A running maximum of bounds that rise already: else these few are compared 8 at a time.
        goal, least = -1, _U64(0)
        for other in range(kinds + 1):
            least = max(least, _U64(bounds[place, kind, other]))
            goal += rest >= least
        turns = (goal >= 0) & (goal < kinds)
        here[kind * LANES + lane] -= _I32((goal < 0) | turns)
        here[(goal if turns else kind) * LANES + lane] += _I32(turns)
        words[_KIND + lane] = kind
        words[_GONE + left] = lane
        words[_MOVED + moved] = lane
        words[_BUSY + more] = lane
        left += goal < 0
        moved += (goal == kinds) & (rest < bounds[place, kind, kinds + 1])
        more += words[_DRAWN + lane] > bound
    return left, moved, more


@njit(cache=True, nogil=True, error_model="numpy")
def exchange(words: Words, here: Rows, homes: int, moved: int) -> None:
    """Let this household or another, drawn like the mix, become like the other: extra churn."""
    for each in range(moved):
        lane = words[_MOVED + each]
        kind, fresh, goal = words[_KIND + lane], mixed(_U64(words[_HIT + lane])), 0
        partner = _I32(((fresh >> _U64(32)) * _U64(homes)) >> _U64(32))
        while partner >= here[goal * LANES + lane]:
            partner -= here[goal * LANES + lane]
            goal += 1
        step = 1 if fresh & _U64(1) else -1
        here[kind * LANES + lane] += step
        here[goal * LANES + lane] -= step


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def give(
    task: Task,
    steered: Reals,
    words: Words,
    here: Rows,
    mix: Whole,
    pool: Rows,
    came: Rows,
    cost: Whole,
    place: int,
    left: int,
) -> None:
    """Give a free home in every lane where somebody left; a steered one takes from the supply."""
    category, stay, ordinary, costs = task.category, task.stay, task.ordinary, task.costs
    size, kinds = len(task.three) or cost.size, len(task.three) or category.size
    part, costs_at = steered[place], task.cost_at[place]
    step, apart = max(task.wide[place], 1), int(task.wide[place] > 0)
    for gone in range(left):
        lane = words[_GONE + gone]
        chance, least, chosen = words[_LUCK + lane] * _UNIT, _NEVER, 0
        if chance < part:
            chance /= part
            start = costs_at + mix[lane]
            second = _NEVER
            for who in range(size):
                count = here[who * LANES + lane]
                for kind in range(size, kinds):
                    count += here[kind * LANES + lane] if category[kind] == who else 0
                one = costs[_U64(start + who * step + count * apart)]
                one = one if pool[who * LANES + lane] > 0 else _NEVER
                lower = one < least
                second = least if lower else min(second, one)
                chosen = who if lower else chosen
                least = one if lower else least
                cost[who] = one
            if second <= least + _TIE and least < _NEVER:
                equal = 0
                for who in range(size):
                    equal += cost[who] <= least + _TIE
                skip = int(chance * equal)
                for who in range(size):
                    same = cost[who] <= least + _TIE
                    chosen = who if same & (skip == 0) else chosen
                    skip -= same
        else:
            chance = (chance - part) / (1 - part)
        if least < _NEVER:
            pool[chosen * LANES + lane] -= 1
        else:
            chosen = 0
            while chance >= ordinary[place, chosen]:
                chosen += 1
        arrive(words, here, came, category, stay, place, lane, chosen, size, kinds)


@njit(inline="always", error_model="numpy")
def arrive(
    words: Words,
    here: Rows,
    came: Rows,
    category: Whole,
    stay: Reals,
    place: int,
    lane: int,
    chosen: int,
    size: int,
    kinds: int,
) -> None:
    """Let a household of the chosen category move in, and decide whether it stays as it is."""
    goal = chosen
    for kind in range(size, kinds):
        # New bits out of those that chose the household: no lane may ask for more chance than
        # another, or two policies with one seed would meet other departures.
        fresh = (mixed(_U64(words[_HIT + lane])) >> _U64(32)) * _UNIT
        goal = kind if category[kind] == chosen and fresh < stay[place, kind] else goal
    here[goal * LANES + lane] += 1
    came[chosen * LANES + lane] += 1


@njit(cache=True, nogil=True, error_model="numpy")
def next_in_line(
    pool: Rows, ordinary: Reals, patience: Whole, place: int, lane: int, chance: float, oldest: int
) -> int:
    """Return whom the ordinary offer brings: by the shares, or else whoever waits longest.

    Where nobody of that category waits, and where nobody waits at all, it is the same rule: a line
    may run ahead of those who are still to come.
    """
    drawn = 0
    while chance >= ordinary[place, drawn]:
        drawn += 1
    longest = drawn
    if oldest > 0 or pool[drawn * LANES + lane] <= 0:
        for who in range(patience.size):
            waits = pool[who * LANES + lane] * patience[who]
            longest = who if waits > pool[longest * LANES + lane] * patience[longest] else longest
    return longest


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def give_in_line(
    task: Task,
    steered: Reals,
    words: Words,
    here: Rows,
    mix: Whole,
    pool: Rows,
    came: Rows,
    passed: Rows,
    cost: Whole,
    alike: int,
    place: int,
    left: int,
) -> None:
    """Give a free home to who waits; a steered one passes the next in line over if it must.

    Of the categories that cost least the next in line goes first, then who waits longest.
    """
    category, stay, ordinary, costs = task.category, task.stay, task.ordinary, task.costs
    size, part, costs_at = cost.size, steered[place], task.cost_at[place]
    step, apart = max(task.wide[place], 1), int(task.wide[place] > 0)
    patience, oldest = task.patience, task.oldest
    for gone in range(left):
        lane = words[_GONE + gone]
        chance, least = words[_LUCK + lane] * _UNIT, _NEVER
        steers = chance < part
        chance = chance / part if steers else (chance - part) / (1 - part)
        chosen = next_in_line(pool, ordinary, patience, place, lane, chance, oldest)
        if steers:
            before = category[words[_KIND + lane]] if alike > 0 else -1
            start = costs_at + mix[lane]
            for who in range(size):
                count = here[who * LANES + lane]
                for kind in range(size, category.size):
                    count += here[kind * LANES + lane] if category[kind] == who else 0
                one = costs[_U64(start + who * step + count * apart)]
                one = min(one, 0) if who == before else one
                cost[who] = one if pool[who * LANES + lane] > 0 else _NEVER
                least = min(least, cost[who])
            if least < _NEVER and cost[chosen] > least + _TIE:
                passed[chosen * LANES + lane] += 1
                longest = -1
                for who in range(size):
                    waits = pool[who * LANES + lane] * patience[who]
                    if cost[who] <= least + _TIE and waits > longest:
                        chosen, longest = who, waits
        pool[chosen * LANES + lane] -= 1
        arrive(words, here, came, category, stay, place, lane, chosen, size, category.size)


@njit(cache=True, nogil=True, error_model="numpy")
def look_up(
    words: Words,
    here: Rows,
    mix: Whole,
    there: Whole,
    ranks: Whole,
    category: Whole,
    homes: int,
    left: int,
) -> None:
    """Find where the costs of a whole mix are, behind those of fuller complexes."""
    size = there.size
    for gone in range(left):
        lane, all_, at = words[_GONE + gone], 0, 0
        there[:] = 0
        for kind in range(category.size):
            there[category[kind]] += here[kind * LANES + lane]
            all_ += here[kind * LANES + lane]
        for fuller in range(all_ + 1, homes):
            at += ranks[0, fuller]
        for who in range(size - 1):
            at += ranks[who, all_] - ranks[who, all_ - there[who]]
            all_ -= there[who]
        mix[lane] = at * size


@njit(cache=True, nogil=True, error_model="numpy")
def live(
    task: Task,
    steered: Reals,
    words: Words,
    counts: Rows,
    pool: Rows,
    came: Rows,
    passed: Rows,
    there: Whole,
    cost: Whole,
    mix: Whole,
    year: Whole,
    month: int,
) -> None:
    """Let a month pass in all complexes; before the first, give the empty homes.

    The complexes take turns in who is first to a month's supply.
    """
    homes, empty, busy, busy_at = task.homes, task.empty, task.busy, task.busy_at
    bounds, slower, category, ranks = task.bounds, task.slower, task.category, task.ranks
    wide, lines, places = task.wide, task.patience.size > 0, homes.size
    kinds = len(task.three) or category.size
    alike = task.alike if month >= 0 else 0
    for step in range(places):
        place = (step + max(month, 0)) % places
        here, size, after = counts[place], homes[place], 0
        mix[:] = 0
        draw(words, _DRAWN)
        found = find(words, busy[busy_at[place]])
        if month < 0:
            found = LANES if empty[place] > 0 else 0
        while found > 0:
            draw(words, _HIT)
            draw(words, _LUCK)
            after += 1
            if month < 0:
                left = LANES
                for lane in range(LANES):
                    words[_GONE + lane] = lane
                found = LANES if empty[place] > after else 0
            else:
                bound = busy[busy_at[place] + after]
                left, moved, found = happen(
                    words, here, bounds, slower, year, kinds, place, size, found, bound
                )
                if moved > 0:
                    exchange(words, here, size, moved)
            if left > 0 and wide[place] == 0:
                look_up(words, here, mix, there, ranks, category, size, left)
            if lines:
                give_in_line(
                    task, steered, words, here, mix, pool, came, passed, cost, alike, place, left
                )
            else:
                give(task, steered, words, here, mix, pool, came, cost, place, left)


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
    here = counts[place]
    first, last = task.first[place], task.first[place + 1] - 1
    draw(words, _DRAWN)
    for lane in range(LANES):
        chosen = place_of(task.summed, first, last, words[_DRAWN + lane] * _UNIT)
        for kind in range(kinds):
            here[kind * LANES + lane] = task.mixes[chosen, kind] if kind < size else 0
    for home in range(task.homes[place] - task.empty[place] if kinds > size else 0):
        draw(words, _DRAWN)
        for lane in range(LANES):
            chance = words[_DRAWN + lane] * _UNIT
            tell_apart(here, lane, task.category, task.stay[place], home, chance)


@njit(cache=True, nogil=True, error_model="numpy")
def tell_apart(
    here: Rows, lane: int, category: Whole, stay: Reals, home: int, chance: float
) -> None:
    """Decide whether the household of one home, at the start, stays as it is.

    Homes are counted through the categories, each with those of whom this is known already.
    """
    who = -1
    while home >= 0:
        who += 1
        for kind in range(category.size):
            home -= here[kind * LANES + lane] if category[kind] == who else 0
    for kind in range(category.size - 1, who, -1):
        if category[kind] == who and chance < stay[kind]:
            here[kind * LANES + lane] += 1
            here[who * LANES + lane] -= 1


@njit(cache=True, nogil=True, error_model="numpy")
def begin_month(task: Task, month: int, words: Words, pool: Rows, year: Whole) -> None:
    """Set out the supply of a month, without end before the first; yearly, the common factor.

    Where lines are kept, those of the start stand before the first, and a month makes them longer.
    """
    kept = task.waiting.size > 0
    for category in range(task.supply.shape[1]):
        first = task.waiting[category] if kept else 2147483647
        supply = task.supply[month, category] if month >= 0 else first
        for lane in range(LANES):
            there = pool[category * LANES + lane] if kept and month >= 0 else 0
            pool[category * LANES + lane] = there + supply
    if month % 12 == 0:
        draw(words, _DRAWN)
        for lane in range(LANES):
            year[lane] = 0
            while words[_DRAWN + lane] * _UNIT >= task.factor_to[year[lane]]:
                year[lane] += 1


@njit(cache=True, nogil=True, error_model="numpy")
def keep(task: Task, tally: Tally, kept: int, run: int, counts: Rows, came: Rows) -> None:
    """Tally where every complex and area stands in a month that is kept."""
    places, kinds, size = task.homes.size, task.category.size, task.ordinary.shape[1]
    for who in range(size):
        for lane in range(LANES):
            tally.housed[run + lane, kept, who] = came[who * LANES + lane]
            came[who * LANES + lane] = 0
    total = np.zeros((size, LANES), np.int32)
    for place in range(task.low.shape[0]):
        area = place - places
        first = 0 if area < 0 else task.members_at[area]
        last = 1 if area < 0 else task.members_at[area + 1]
        total[:] = 0
        for member in range(first, last):
            here = counts[place if area < 0 else task.members[member]]
            for kind in range(kinds):
                for lane in range(LANES):
                    total[task.category[kind], lane] += here[kind * LANES + lane]
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
def note(
    task: Task,
    tally: Tally,
    kept: int,
    run: int,
    counts: Rows,
    came: Rows,
    passed: Rows,
    pool: Rows,
) -> None:
    """Note a month run by run.

    Complexes within their limits, homes in them, households out of any; per category whom a
    steered home passed over since the month kept before, and who waits.
    """
    kinds, size = task.category.size, task.ordinary.shape[1]
    for who in range(size):
        for lane in range(LANES):
            at = who * LANES + lane
            tally.housed[run + lane, kept, who] = came[at]
            tally.noted[run + lane, kept, 3 + who] = passed[at]
            tally.noted[run + lane, kept, 3 + size + who] = pool[at]
            came[at], passed[at] = 0, 0
    for place in range(task.homes.size):
        here, homes = counts[place], task.judged[place]
        for lane in range(LANES if homes > 0 else 0):
            out = 0
            for who in range(size):
                number = here[who * LANES + lane]
                for kind in range(size, kinds):
                    number += here[kind * LANES + lane] if task.category[kind] == who else 0
                out += max(number - task.high[place, who], 0)
                out += max(task.low[place, who] - number, 0)
            inside = int(out == 0)
            tally.noted[run + lane, kept, 0] += inside
            tally.noted[run + lane, kept, 1] += inside * homes
            tally.noted[run + lane, kept, 2] += out


@njit(cache=True, nogil=True, error_model="numpy")
def sample(task: Task, seed: int, first: int, last: int, tally: Tally) -> None:
    """Run the blocks `first` … `last` − 1 into a tally of their own.

    Before the first month the empty homes are given; after that, month by month, whoever leaves is
    followed at once.
    """
    places, size, kinds = task.homes.size, task.ordinary.shape[1], task.category.size
    words, mix = np.zeros(12 * LANES, np.uint32), np.zeros(LANES, np.int64)
    counts = np.zeros((places, kinds * LANES), np.int32)
    pool, came = np.zeros(size * LANES, np.int32), np.zeros(size * LANES, np.int32)
    passed = np.zeros(size * LANES, np.int32)
    there, cost, year = (
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(LANES, np.int64),
    )
    for block in range(first, last):
        run, kept = (block - first) * LANES, 0
        begin(words, seed, block)
        for place in range(places):
            settle(task, place, words, counts, size)
        for month in range(-1, task.supply.shape[0]):
            begin_month(task, month, words, pool, year)
            steered = task.steered if month < task.until else task.later
            live(task, steered, words, counts, pool, came, passed, there, cost, mix, year, month)
            if task.kept[kept] == month + 1:
                if task.waiting.size > 0:
                    note(task, tally, kept, run, counts, came, passed, pool)
                else:
                    keep(task, tally, kept, run, counts, came)
                kept += 1
