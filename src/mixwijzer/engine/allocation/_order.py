"""What would the order alone have given, who waits longer for the mix, and who has cause for envy?

A candidate has *justified envy* when a home that it may have went to one of its own kind, for whom
it was worth less. A best division leaves none: the two could have changed places. Across kinds
there is the envy that the agreements ask of people; the worst of it is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mixwijzer.engine.allocation._round import LettingRound, Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Envy:
    """A candidate without a home, a home, and who has it though worth less there.

    Parameters
    ----------
    candidate, home, holder
        Ids.
    gap
        How much earlier the candidate was in the order than the holder [points].
    """

    candidate: str
    home: str
    holder: str
    gap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """Who bears what was agreed.

    Parameters
    ----------
    in_order
        (home, candidate) ids that the order alone would have given.
    longer, sooner
        Candidates who wait longer than by the order alone, and who are housed sooner.
    worst
        Largest envy across categories and groups; None when nobody was passed over.
    within
        Largest justified envy among candidates of one category, group and ground; None as it
        should be.
    """

    in_order: tuple[tuple[str, str], ...]
    longer: tuple[str, ...]
    sooner: tuple[str, ...]
    worst: Envy | None
    within: Envy | None


def burden(the_round: LettingRound, chosen: Whole, alone: Whole) -> Burden:
    """Return who bears what was agreed, from the pairs chosen and those of the order alone."""
    before = set(the_round.pairs.candidate[alone].tolist())
    after = set(the_round.pairs.candidate[chosen].tolist())
    names = [each.id for each in the_round.candidates]
    pairs, homes = the_round.pairs, the_round.homes
    kinds = _kinds(the_round)
    return Burden(
        in_order=tuple(
            (homes[pairs.home[pair]].id, names[pairs.candidate[pair]]) for pair in alone.tolist()
        ),
        longer=tuple(names[each] for each in sorted(before - after)),
        sooner=tuple(names[each] for each in sorted(after - before)),
        worst=_worst(the_round, chosen, np.zeros_like(kinds)),
        within=_worst(the_round, chosen, kinds),
    )


def _kinds(the_round: LettingRound) -> Whole:
    seen: dict[tuple[str, str, str], int] = {}
    kinds = [
        seen.setdefault((each.category, each.group, each.ground), len(seen))
        for each in the_round.candidates
    ]
    return np.array(kinds, dtype=np.int64)


def _worst(the_round: LettingRound, chosen: Whole, kinds: Whole) -> Envy | None:
    """Return the largest envy of somebody without a home towards one of the same kind."""
    pairs = the_round.pairs
    width = int(kinds.max(initial=0)) + 1
    cell = pairs.home * width + kinds[pairs.candidate]
    least = np.full(len(the_round.homes) * width, np.iinfo(np.int64).max)
    np.minimum.at(least, cell[chosen], pairs.value[chosen])
    waiting = np.ones(len(the_round.candidates), dtype=bool)
    waiting[pairs.candidate[chosen]] = False
    gap = np.where(waiting[pairs.candidate], pairs.value - least[cell], 0)
    if not (gap > 0).any():
        return None
    pair = int(gap.argmax())
    holder = next(
        each
        for each in chosen.tolist()
        if cell[each] == cell[pair] and pairs.value[each] == least[cell[pair]]
    )
    return Envy(
        candidate=the_round.candidates[pairs.candidate[pair]].id,
        home=the_round.homes[pairs.home[pair]].id,
        holder=the_round.candidates[pairs.candidate[holder]].id,
        gap=int(gap[pair]),
    )
