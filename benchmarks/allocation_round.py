"""Rounds of 300 and 2,000 homes proved optimal: how long, against one plain whole-number program?

The baseline hands the same round to the same solver as anybody would write it down: a yes or no for
every pair, and a row for every home, candidate and agreement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.measuring import Measure, timed
from benchmarks.towns import Town
from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    FreeHome,
    LettingRound,
    Pairs,
    RoundCandidate,
)
from mixwijzer.engine.allocation._counting import counting
from mixwijzer.engine.allocation._solving import _shared_program, solution
from mixwijzer.engine.allocation.program import best

TOWNS = ("hamlet",)

_SIZES = ((300, 3_000, 6), (2_000, 50_000, 60))  # homes, candidates, seconds at most
_CATEGORIES = ("carrier", "regular", "attention")


def run(town: Town) -> list[Measure]:
    """Measure made-up rounds (the town gives the seed)."""
    return [
        measure
        for homes, people, most in _SIZES
        for measure in _measured(a_round(homes, people, town.seed), most)
    ]


def _measured(the_round: LettingRound, most: float) -> Iterator[Measure]:
    size = f"{len(the_round.homes):,} homes, {len(the_round.candidates):,} candidates"
    found, plain = [], []
    seconds = timed(lambda: found.append(solution(the_round)))[0] / 1e3
    baseline = timed(lambda: plain.append(_plain(the_round)))[0] / 1e3
    yield Measure(
        what=size, value=seconds, unit="s", baseline=baseline, of="plain program", bar=most
    )
    yield Measure(
        what=f"{size}, times as fast", value=baseline / seconds, unit="×", bar=5, at_least=True
    )
    same = found[0] is not None and abs(found[0].objective - plain[0]) < 1
    yield Measure(what=f"{size}, same worth", value=float(same), unit="yes", bar=1, at_least=True)


def _plain(the_round: LettingRound) -> float:
    """Return the best worth by a yes or no for every pair."""
    counts = counting(the_round)
    program = _shared_program(counts, np.arange(len(the_round.pairs)))
    yes_or_no = np.arange(len(program.cost)) < len(the_round.pairs)
    found = best(replace(program, whole=yes_or_no))
    return -found.cost if found else 0.0


def a_round(homes: int, people: int, seed: int) -> LettingRound:
    """Return a round: 20 to 300 candidates a home, ceilings at two levels, three soft promises."""
    dice = np.random.default_rng(seed)
    complexes, areas = max(5, homes // 3), max(2, homes // 36)
    at = dice.integers(0, complexes, homes)
    area = dice.integers(0, areas, complexes)
    category = dice.choice(3, people, p=[0.12, 0.48, 0.40])
    group = np.where(category == 2, dice.choice(4, people, p=[0.4, 0.25, 0.2, 0.15]), 0)
    waited = np.argsort(np.argsort(dice.gamma(2, 4, people)))
    value = 1001 + np.round(waited / people * 999).astype(np.int64)
    asked = [np.unique(dice.integers(0, people, dice.integers(20, 301))) for _ in range(homes)]
    candidate = np.concatenate(asked)
    here = np.bincount(at, minlength=complexes)
    there = np.bincount(area[at], minlength=areas)
    ceilings = {
        (f"C{place}", name): int(many * share + extra)
        for place, (many, extra) in enumerate(zip(here, dice.random(complexes), strict=True))
        for name, share, extra in (("carrier", 0.6, 0.999), ("attention", 0.45, extra))
    } | {(f"A{place}", "attention"): int(many * 0.35) for place, many in enumerate(there)}
    return LettingRound(
        homes=tuple(
            FreeHome(id=f"v{n}", complex=f"C{place}", neighbourhood=f"A{area[place]}")
            for n, place in enumerate(at)
        ),
        candidates=tuple(
            RoundCandidate(id=f"a{n}", category=_CATEGORIES[of], group=str(g) if g else "")
            for n, (of, g) in enumerate(zip(category, group, strict=True))
        ),
        pairs=Pairs(
            home=np.repeat(np.arange(homes), [len(each) for each in asked]),
            candidate=candidate,
            value=value[candidate],
        ),
        agreements=(
            *(
                Agreement(
                    id=f"{place} {name}",
                    kind=AgreementKind.BAND,
                    place=place,
                    category=name,
                    high=high,
                )
                for (place, name), high in ceilings.items()
            ),
            *(
                Agreement(
                    id=f"promise {number}",
                    kind=AgreementKind.OBLIGATION,
                    group=str(number),
                    low=int(homes * share),
                    prices=(3000,),
                )
                for number, share in ((1, 0.08), (2, 0.06), (3, 0.05))
            ),
        ),
    )
