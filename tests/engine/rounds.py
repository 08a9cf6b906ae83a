"""Small made-up rounds, thrown with dice, and every division of them: what a patient clerk does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import permutations

import numpy as np

from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    FreeHome,
    LettingRound,
    Pairs,
    RoundCandidate,
)

CATEGORIES = ("attention", "regular")
GROUPS = ("", "starters", "movers_on")


def a_round(
    dice: np.random.Generator, *, by_order: bool = False, floors: bool = True
) -> LettingRound:
    """Throw a round of at most six homes in two complexes and at most six candidates."""
    many, people = dice.integers(1, 7), dice.integers(1, 7)
    homes = tuple(
        FreeHome(
            id=f"v{number}",
            complex=f"c{dice.integers(2)}",
            neighbourhood=f"n{dice.integers(2)}",
            ground=str(dice.choice(["", "experiment"])),
        )
        for number in range(many)
    )
    candidates = tuple(
        RoundCandidate(
            id=f"a{number}",
            category=str(dice.choice(CATEGORIES)),
            group=str(dice.choice(GROUPS)),
            ground=str(dice.choice(["", "", "experiment"])),
        )
        for number in range(people)
    )
    order = dice.permutation(people) + 1
    pairs = Pairs.of(
        (home, person, int(2 * people + 1 - order[person] if by_order else dice.integers(1, 30)))
        for home in range(many)
        for person in range(people)
        if dice.random() < 0.7
    )
    agreements = tuple(_agreements(dice, floors=floors))
    return LettingRound(homes=homes, candidates=candidates, pairs=pairs, agreements=agreements)


def _agreements(dice: np.random.Generator, *, floors: bool) -> Iterator[Agreement]:
    for place in ("c0", "c1"):
        for category in CATEGORIES:
            yield Agreement(
                id=f"band {place} {category}",
                kind=AgreementKind.BAND,
                place=place,
                category=category,
                high=int(dice.integers(0, 3)),
                low=0 if not floors or dice.random() < 0.7 else None,
                prices=((), (4, 9))[int(dice.random() < 0.5)],
            )
    if floors:
        yield Agreement(
            id="promise",
            kind=AgreementKind.OBLIGATION,
            group="starters",
            low=int(dice.integers(0, 3)),
            prices=((), (12,))[int(dice.random() < 0.7)],
        )
    yield Agreement(
        id="free room", kind=AgreementKind.BUDGET, ground="experiment", high=int(dice.integers(3))
    )
    if dice.random() < 0.5:
        yield Agreement(
            id="load",
            kind=AgreementKind.CAPACITY,
            place="n0",
            high=3,
            loads={"starters": 2, "movers_on": 1},
        )


@cache
def divisions(homes: int, people: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return every division: the home of each candidate, -1 for none (divisions, people)."""
    rows = (
        {
            tuple(home if home < homes else -1 for home in each)
            for each in permutations(range(homes + people), people)
        }
        if homes + people <= 7
        else set(_extended(homes, people))
    )
    return np.array(sorted(rows), dtype=np.int64)


def _extended(homes: int, people: int) -> Iterator[tuple[int, ...]]:
    if people == 0:
        yield ()
        return
    for before in _extended(homes, people - 1):
        for home in (-1, *range(homes)):
            if home < 0 or home not in before:
                yield (*before, home)


def every_worth(the_round: LettingRound) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return what each division is worth; minus infinity where a hard agreement is breached."""
    homes, people = the_round.homes, the_round.candidates
    table = divisions(len(homes), len(people))
    value = np.full((len(people), len(homes) + 1), -np.inf)
    value[:, -1] = 0
    pairs = the_round.pairs
    value[pairs.candidate, pairs.home] = pairs.value
    worth = np.sum([value[person, table[:, person]] for person in range(len(people))], axis=0)
    for each in the_round.agreements:
        count = np.zeros(len(table), dtype=int)
        for person, who in enumerate(people):
            for home, where in enumerate(homes):
                if counts(each, where, who):
                    count += counts(each, where, who) * (table[:, person] == home)
        worth = worth - np.array([dearness(each, number) for number in range(40)])[count]
    return worth


def counts(each: Agreement, home: FreeHome, who: RoundCandidate) -> int:
    """Return what one placement counts for."""
    if each.place and each.place not in {home.complex, home.neighbourhood}:
        return 0
    if each.ground and each.ground not in {home.ground, who.ground}:
        return 0
    if (each.category and each.category != who.category) or (
        each.group and each.group != who.group
    ):
        return 0
    return each.loads.get(who.group, 0) if each.loads else 1


def dearness(each: Agreement, number: int) -> float:
    """Return what a count costs; infinite outside a hard limit."""
    low = -1 if each.low is None else each.low
    high = 1000 if each.high is None else each.high
    out = max(low - number, number - high, 0)
    if out and not each.prices:
        return np.inf
    return sum(each.prices[min(step, len(each.prices) - 1)] for step in range(out))


def in_order(the_round: LettingRound) -> int:
    """Return the worth of placing one after another, dearest first, within hard ceilings."""
    pairs = the_round.pairs
    rows = sorted(
        zip((-pairs.value).tolist(), pairs.home.tolist(), pairs.candidate.tolist(), strict=True)
    )
    used: dict[int, int] = {}
    left = {each.id: each.high for each in the_round.agreements if each.high is not None}
    for _, home, person in rows:
        taken = {
            each.id: counts(each, the_round.homes[home], the_round.candidates[person])
            for each in the_round.agreements
        }
        if home in used or person in used.values() or any(taken[i] > left[i] for i in left):
            continue
        used[home] = person
        left = {name: number - taken[name] for name, number in left.items()}
    made = set(used.items())
    return -sum(value for value, home, person in rows if (home, person) in made)
