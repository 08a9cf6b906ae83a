"""Who is asked about which place, so that everybody has about as much to do?

Every place gets as many different people as it has seats, out of those who know it. Among all ways
to do that it takes one in which the work is spread most evenly (the least sum of squared loads),
and among those one that asks the people who know their places best. It is a network flow, so the
linear programme has whole numbers as its answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_array

__all__ = ["share_out"]

Spot = TypeVar("Spot", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


def share_out(
    knows: Mapping[Spot, Mapping[Person, int]], seats: int = 2
) -> Mapping[Spot, tuple[Person, ...]]:
    """Choose people for places.

    Parameters
    ----------
    knows
        Per place who knows it, with how far off that knowledge is: 0 is best, a small number.
    seats
        How many different people a place asks; fewer where fewer know it.

    Returns
    -------
        Per place the people chosen, who knows it best first.
    """
    pairs = [(spot, person) for spot, people in knows.items() for person in people]
    if not pairs:
        return dict.fromkeys(knows, ())
    chosen = _solved(knows, pairs, seats)
    found: dict[Spot, list[Person]] = {spot: [] for spot in knows}
    for (spot, person), taken in zip(pairs, chosen, strict=True):
        if taken:
            found[spot].append(person)
    order = {person: place for place, person in enumerate(dict.fromkeys(p for _, p in pairs))}
    return {
        spot: tuple(sorted(people, key=lambda each: (knows[spot][each], order[each])))
        for spot, people in found.items()
    }


def _solved(
    knows: Mapping[Spot, Mapping[Person, int]], pairs: list[tuple[Spot, Person]], seats: int
) -> list[bool]:
    """Solve the flow: a column per pair, then one per next task of a person, ever more costly."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import, and rarely asked

    slots = [(person, nth) for person, most in _most(pairs) for nth in range(most)]
    dearest = 1 + sum(knows[spot][person] for spot, person in pairs)
    cost = [float(knows[spot][person]) for spot, person in pairs]
    cost += [float(dearest * (2 * nth + 1)) for _, nth in slots]
    people = {person: row for row, (person, _) in enumerate(_most(pairs))}
    spots = {spot: len(people) + row for row, spot in enumerate(knows)}
    entries = [(people[person], column, 1.0) for column, (_, person) in enumerate(pairs)]
    entries += [
        (people[person], len(pairs) + column, -1.0) for column, (person, _) in enumerate(slots)
    ]
    entries += [(spots[spot], column, 1.0) for column, (spot, _) in enumerate(pairs)]
    rows, columns, values = (list(each) for each in zip(*entries, strict=True))
    shape = (len(people) + len(spots), len(cost))
    wanted = [0.0] * len(people) + [float(min(seats, len(knows[spot]))) for spot in knows]
    answer = milp(
        np.array(cost),
        constraints=LinearConstraint(csr_array((values, (rows, columns)), shape), wanted, wanted),
        integrality=np.ones(len(cost), dtype=np.int64),
        bounds=Bounds(0, 1),
    )
    if answer.x is None:
        raise ArithmeticError(answer.message)
    return [bool(each > 0.5) for each in answer.x[: len(pairs)]]


def _most(pairs: list[tuple[Spot, Person]]) -> Iterator[tuple[Person, int]]:
    """Yield every person with how many places he knows."""
    yield from Counter(person for _, person in pairs).items()
