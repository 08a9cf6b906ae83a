"""The sampled forecast, compiled: many runs side by side, counts instead of households.

Imported only when a sample is drawn, since numba takes a moment to start. A block holds LANES runs
next to each other in flat 32-bit rows, so that chance is drawn for 8 or 16 at a time; what few
lanes do (an event, a letting) goes one by one, from a list of lanes. Each block starts its own
streams of chance from the seed and its number, and every result is a sum of whole numbers: threads
and chunks can't change it. How often a lane asks for chance depends on the homes and rates only, so
that two policies with one seed meet the same departures (common random numbers).

Five choices make an event cheap. What chance decides is decided by sums of comparisons of whole
numbers, costs too, since a processor guesses such a branch wrong half of the time. And lanes are
listed as unsigned words, so that no index has to be checked for being negative. What happens to a
lane is put in line (`forceinline`): a call hands over a Task word by word, hundreds of them. And
the usual three categories without stayers are compiled apart, by the length of a tuple, so that
loops over them are written out. Of those an event of many lanes is done 8 at a time without a list,
idle lanes too; of a few lanes, one by one. Both ways give the same bits.

Where regimes are compared, who isn't housed waits on: the supply of a month joins a line per
category, every home is taken from a line, and it is noted whom a steered home passes over.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mixwijzer.engine.forecast.chance import LANES, begin, draw, draw_two, mixed
from mixwijzer.engine.forecast.task import Tally, Task

Words: TypeAlias = NDArray[np.uint32]
Rows: TypeAlias = NDArray[np.int32]
Factors: TypeAlias = NDArray[np.uint64]
Whole: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]

_U32, _U64, _I32 = np.uint32, np.uint64, np.int32
_NONE, _ONE = _I32(0), _I32(1)
_FEW = 5  # busy lanes that cost less one by one than all together
_DRAWN, _HIT = 4 * LANES, 5 * LANES  # rows of `words` behind the generator's four
_LUCK, _REST, _KIND = 6 * LANES, 7 * LANES, 8 * LANES
_HOME, _LEFT, _SWAP = 12 * LANES, 13 * LANES, 14 * LANES
_BUSY, _GONE, _MOVED = range(9 * LANES, 12 * LANES, LANES)  # lists of lanes
_UNIT = 1 / 4294967296
_TIE = 16  # costs that differ less are equal, as in Policy
_NO_END = 2147483647
_NEVER = 1 << 62  # the cost of who is not available


class Desk(NamedTuple):
    """What a chunk of runs works with, a lane for each of the runs that go side by side."""

    words: Words  # the generator's four rows, and the rows above
    counts: Rows  # (C, M lanes) households of each kind
    pool: Rows  # (K lanes) who may still come this month, or waits
    came: Rows  # (K lanes) lettings since the month kept before
    passed: Rows  # (K lanes) whom a steered home passed over since then
    there: Whole  # (K,) one mix
    cost: Whole  # (K,) what one more of each category costs it
    mix: Whole  # (lanes) where the costs of a whole mix are
    year: Whole  # (lanes) which common factor this year has


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


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def land(words: Words, slower: Factors, year: Whole, place: int, homes: int) -> None:
    """Turn the bits of every lane into a home and what is left of them to decide on it.

    In a quiet year that rest is stretched, so that more of it means nothing.
    """
    size = _U64(_U32(homes))
    for lane in range(LANES):
        product = _U64(words[_HIT + lane]) * size
        words[_HOME + lane] = _U32(product >> _U64(32))
        words[_REST + lane] = _U32(product & _U64(0xFFFFFFFF))
    if slower.shape[1] > 1:
        for lane in range(LANES):
            rest = (_U64(words[_REST + lane]) * slower[place, year[lane]]) >> _U64(16)
            words[_REST + lane] = _U32(min(rest, _U64(0xFFFFFFFF)))


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def turn_three(words: Words, here: Rows, bounds: Words, place: int, bound: int) -> int:
    """Let a household of every busy lane leave, change, be to exchange, or stay: three kinds.

    Written out without a list or a table to look up in, so that 8 lanes are done at a time, idle
    ones too.
    """
    leave0, leave1, leave2 = bounds[place, 0, 0], bounds[place, 1, 0], bounds[place, 2, 0]
    first0, first1, first2 = bounds[place, 0, 1], bounds[place, 1, 1], bounds[place, 2, 1]
    second0, second1, second2 = bounds[place, 0, 2], bounds[place, 1, 2], bounds[place, 2, 2]
    third0, third1, third2 = bounds[place, 0, 3], bounds[place, 1, 3], bounds[place, 2, 3]
    swap0, swap1, swap2 = bounds[place, 0, 4], bounds[place, 1, 4], bounds[place, 2, 4]
    swaps = _U32(0)
    for lane in range(LANES):
        home, rest = _I32(words[_HOME + lane]), words[_REST + lane]
        a, b, c = here[lane], here[LANES + lane], here[2 * LANES + lane]
        past0, past1 = home >= a, home >= _I32(a + b)
        leave = leave2 if past1 else (leave1 if past0 else leave0)
        first = first2 if past1 else (first1 if past0 else first0)
        second = second2 if past1 else (second1 if past0 else second0)
        third = third2 if past1 else (third1 if past0 else third0)
        swap = swap2 if past1 else (swap1 if past0 else swap0)
        busy = _ONE if words[_DRAWN + lane] > bound else _NONE
        to0 = busy if rest >= leave else _NONE
        to1 = busy if rest >= first else _NONE
        to2 = busy if rest >= second else _NONE
        same = busy if rest >= third else _NONE
        out = _I32(busy - same)
        here[lane] = _I32(_I32(_I32(a + to0) - to1) - (_NONE if past0 else out))
        after = _I32(_I32(b + to1) - to2)
        here[LANES + lane] = _I32(after - (_NONE if past1 else (out if past0 else _NONE)))
        here[2 * LANES + lane] = _I32(_I32(_I32(c + to2) - same) - (out if past1 else _NONE))
        words[_KIND + lane] = _U32(2) if past1 else (_U32(1) if past0 else _U32(0))
        words[_LEFT + lane] = _U32(_I32(busy - to0))
        swapping = _U32(same if rest < swap else _NONE)
        words[_SWAP + lane] = swapping
        swaps = _U32(swaps | swapping)
    return int(swaps)


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def part(words: Words, found: int, swaps: int, bound: int) -> tuple[int, int, int]:
    """List the lanes where one left, those of an exchange, and those with one more event."""
    left, moved, more = 0, 0, 0
    if swaps > 0:
        for busy in range(found):
            lane = words[_BUSY + busy]
            words[_MOVED + moved] = lane
            moved += words[_SWAP + lane]
    for busy in range(found):
        lane = words[_BUSY + busy]
        words[_GONE + left] = lane
        words[_BUSY + more] = lane
        left += words[_LEFT + lane]
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
def give(task: Task, steered: Reals, desk: Desk, place: int, left: int) -> None:
    """Give a free home in every lane where somebody left; a steered one takes from the supply."""
    category, stay, ordinary, costs = task.category, task.stay, task.ordinary, task.costs
    words, here, pool, came = desk.words, desk.counts[place], desk.pool, desk.came
    mix, cost = desk.mix, desk.cost
    size, kinds = len(task.three) or cost.size, len(task.three) or category.size
    part, costs_at = steered[place], task.cost_at[place]
    step, apart = max(task.wide[place], 1), int(task.wide[place] > 0)
    steers_below = int(np.ceil(part / _UNIT))
    for gone in range(left):
        lane = words[_GONE + gone]
        luck, least, chosen = words[_LUCK + lane], _NEVER, 0
        steers = luck < steers_below
        if steers:
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
                skip = int(luck * _UNIT / part * equal)
                for who in range(size):
                    same = cost[who] <= least + _TIE
                    chosen = who if same & (skip == 0) else chosen
                    skip -= same
        if least < _NEVER:
            pool[_U64(chosen * LANES + lane)] -= 1  # and `count_steered` sees that one came
        else:
            chance = luck * _UNIT
            chance = chance / part if steers else (chance - part) / (1 - part)
            chosen = 0
            while chance >= ordinary[place, chosen]:
                chosen += 1
            came[_U64(chosen * LANES + lane)] += 1
        arrive(words, here, category, stay, place, lane, chosen, size, kinds)


@njit(inline="always", error_model="numpy")
def arrive(
    words: Words,
    here: Rows,
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
    here[_U64(goal * LANES + lane)] += 1


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
def give_in_line(task: Task, steered: Reals, desk: Desk, alike: int, place: int, left: int) -> None:
    """Give a free home to who waits; a steered one passes the next in line over if it must.

    Of the categories that cost least the next in line goes first, then who waits longest.
    """
    category, stay, ordinary, costs = task.category, task.stay, task.ordinary, task.costs
    words, here, pool, came = desk.words, desk.counts[place], desk.pool, desk.came
    mix, cost, passed = desk.mix, desk.cost, desk.passed
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
        came[chosen * LANES + lane] += 1
        arrive(words, here, category, stay, place, lane, chosen, size, category.size)


@njit(cache=True, nogil=True, error_model="numpy")
def look_up(task: Task, desk: Desk, place: int, left: int) -> None:
    """Find where the costs of a whole mix are, behind those of fuller complexes."""
    category, ranks, homes = task.category, task.ranks, task.homes[place]
    words, here, mix, there = desk.words, desk.counts[place], desk.mix, desk.there
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
def live(task: Task, steered: Reals, desk: Desk, month: int) -> None:
    """Let a month pass in all complexes; before the first, give the empty homes.

    The complexes take turns in who is first to a month's supply.
    """
    homes, empty, busy, busy_at = task.homes, task.empty, task.busy, task.busy_at
    bounds, slower, words, year = task.bounds, task.slower, desk.words, desk.year
    lines, places = task.patience.size > 0, homes.size
    kinds = len(task.three) or task.category.size
    alike = task.alike if month >= 0 else 0
    for step in range(places):
        place = (step + max(month, 0)) % places
        here, size, after = desk.counts[place], homes[place], 0
        desk.mix[:] = 0
        draw(words, _DRAWN)
        found = find(words, busy[busy_at[place]])
        if month < 0:
            found = LANES if empty[place] > 0 else 0
        while found > 0:
            draw_two(words, _HIT, _LUCK)
            after += 1
            if month < 0:
                left = LANES
                for lane in range(LANES):
                    words[_GONE + lane] = lane
                found = LANES if empty[place] > after else 0
            else:
                bound = busy[busy_at[place] + after]
                if len(task.three) > 0 and found > _FEW:
                    land(words, slower, year, place, size)
                    swaps = turn_three(words, here, bounds, place, busy[busy_at[place] + after - 1])
                    left, moved, found = part(words, found, swaps, bound)
                else:
                    left, moved, found = happen(
                        words, here, bounds, slower, year, kinds, place, size, found, bound
                    )
                if moved > 0:
                    exchange(words, here, size, moved)
            if left > 0 and task.wide[place] == 0:
                look_up(task, desk, place, left)
            if lines:
                give_in_line(task, steered, desk, alike, place, left)
            else:
                give(task, steered, desk, place, left)


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
def settle(task: Task, desk: Desk, place: int) -> None:
    """Draw where a complex stands, and of every household whether it stays as it is."""
    kinds, size = task.category.size, task.ordinary.shape[1]
    words, here = desk.words, desk.counts[place]
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
def begin_month(task: Task, desk: Desk, month: int) -> None:
    """Set out the supply of a month, without end before the first; yearly, the common factor.

    Where lines are kept, those of the start stand before the first, and a month makes them longer.
    """
    words, pool, year, kept = desk.words, desk.pool, desk.year, task.waiting.size > 0
    for category in range(task.supply.shape[1]):
        supply = supplied(task, month, category)
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
def supplied(task: Task, month: int, category: int) -> int:
    """Return what a month brings: before the first who waits at the start, else without end."""
    if month >= 0:
        return int(task.supply[month, category])
    return int(task.waiting[category]) if task.waiting.size > 0 else _NO_END


@njit(cache=True, nogil=True, error_model="numpy")
def count_steered(task: Task, desk: Desk, month: int) -> None:
    """Count who came out of the supply of a month: what of it is gone."""
    pool, came = desk.pool, desk.came
    for category in range(task.supply.shape[1]):
        supply = supplied(task, month, category)
        for lane in range(LANES):
            came[category * LANES + lane] += supply - pool[category * LANES + lane]


@njit(cache=True, nogil=True, error_model="numpy")
def keep(task: Task, tally: Tally, desk: Desk, kept: int, run: int) -> None:
    """Tally where every complex and area stands in a month that is kept."""
    places, kinds, size = task.homes.size, task.category.size, task.ordinary.shape[1]
    counts, came = desk.counts, desk.came
    for who in range(size):
        for lane in range(LANES):
            tally.housed[run + lane, kept, who] = came[who * LANES + lane]
            came[who * LANES + lane] = 0
    total, inside = np.zeros((size, LANES), np.int32), np.zeros(LANES, np.int32)
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
        inside[:] = 1
        for category in range(size):
            seen = tally.seen[kept, task.cell_at[place] + category * cells :]
            low, high = task.low[place, category], task.high[place, category]
            for lane in range(LANES):
                number = total[category, lane]
                inside[lane] &= _I32(number >= low) & _I32(number <= high)
                seen[_U32(number)] += 1
        tally.inside[kept, place] += inside.sum()
        if area < 0:
            tally.held[run : run + LANES, kept] += inside


@njit(cache=True, nogil=True, error_model="numpy")
def note(task: Task, tally: Tally, desk: Desk, kept: int, run: int) -> None:
    """Note a month run by run.

    Complexes within their limits, homes in them, households out of any; per category whom a
    steered home passed over since the month kept before, and who waits.
    """
    kinds, size = task.category.size, task.ordinary.shape[1]
    came, passed, pool = desk.came, desk.passed, desk.pool
    for who in range(size):
        for lane in range(LANES):
            at = who * LANES + lane
            tally.housed[run + lane, kept, who] = came[at]
            tally.noted[run + lane, kept, 3 + who] = passed[at]
            tally.noted[run + lane, kept, 3 + size + who] = pool[at]
            came[at], passed[at] = 0, 0
    for place in range(task.homes.size):
        here, homes = desk.counts[place], task.judged[place]
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
    desk = Desk(
        np.zeros(15 * LANES, np.uint32),
        np.zeros((places, kinds * LANES), np.int32),
        np.zeros(size * LANES, np.int32),
        np.zeros(size * LANES, np.int32),
        np.zeros(size * LANES, np.int32),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(LANES, np.int64),
        np.zeros(LANES, np.int64),
    )
    for block in range(first, last):
        run, kept = (block - first) * LANES, 0
        begin(desk.words, seed, block)
        for place in range(places):
            settle(task, desk, place)
        for month in range(-1, task.supply.shape[0]):
            begin_month(task, desk, month)
            live(task, task.steered if month < task.until else task.later, desk, month)
            if task.waiting.size == 0:
                count_steered(task, desk, month)
            if task.kept[kept] == month + 1:
                if task.waiting.size > 0:
                    note(task, tally, desk, kept, run)
                else:
                    keep(task, tally, desk, kept, run)
                kept += 1
