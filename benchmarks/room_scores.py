"""Prices and room scores of 2,000 complexes: how long, against solving every complex by itself?

Complexes that differ in their name alone are solved once, by sparse policy iteration that starts
from the last policy. The baseline does the same work for each complex anew, on a sample: plain
policy iteration on the bordered system, as one writes it down.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

from benchmarks.measuring import Measure, timed
from benchmarks.towns import Town
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.steering import Block, Pledge, room_index
from mixwijzer.engine.steering._arm import Arm

TOWNS = ("hamlet",)

_COMPLEXES = 2_000
_SAMPLE = 5
_DRIFT = ((0, 0.06, 0.01), (0.03, 0, 0.05), (0.005, 0.08, 0))


def run(town: Town) -> list[Measure]:
    """Measure a made-up stock of 2,000 complexes of 6 to 60 homes (the town gives the seed)."""
    blocks = _stock(town.seed)
    owed = Pledge(group="g", per_year=0.028 * sum(each.homes for each in blocks), shares=(0, 0, 1))
    done = []

    def work() -> None:
        done.append(room_index(blocks, pledges=[owed]))

    seconds = timed(work)[0] / 1e3
    rounds = done[0].prices.rounds + 1
    charges = done[0].prices.charges
    sample = blocks[:: len(blocks) // _SAMPLE][:_SAMPLE]
    plain = timed(lambda: [_plain(each, charges) for each in sample])[0] / 1e3
    baseline = plain / len(sample) * len(blocks) * rounds
    mixes = np.array([[4, 12, 7]])
    block = next(each for each in blocks if each.homes == 24)
    score = timed(lambda: done[0].score(block.id, mixes, np.ones(1)), times=21)[10]
    return [
        Measure(
            what="prices and bound of 2,000 complexes",
            value=seconds,
            unit="s",
            baseline=baseline,
            of="each complex anew (from 5)",
        ),
        Measure(what="rounds of prices", value=rounds, unit="rounds"),
        Measure(what="one score", value=score, unit="ms"),
    ]


def _stock(seed: int) -> list[Block]:
    """Return complexes of log-normal size, median 24 homes."""
    dice = np.random.default_rng(seed)
    sizes = np.clip(np.exp(dice.normal(np.log(24), 0.6, _COMPLEXES)), 6, 60).astype(int)
    sizes[0] = 24
    rates = Rates(
        categories=("carrier", "regular", "attention"), leave=(0.06, 0.07, 0.09), drift=_DRIFT
    )
    return [
        Block(
            id=str(number),
            homes=homes,
            rates=rates,
            low=(-(-homes * 12 // 100), 0, 0),
            high=(homes, homes, -(-homes * 38 // 100)),
            ordinary=(0.14, 0.52, 0.34),
        )
        for number, homes in enumerate(sizes.tolist())
    ]


def _plain(block: Block, charges: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Return the average cost of one complex by plain policy iteration."""
    arm = Arm(block, np.ones(3))
    size = len(arm.whole)
    chosen = np.ones(len(arm.left), dtype=np.int64)
    while True:
        running = arm.out + arm.departures @ charges[chosen]
        stack: Any = sparse  # its hints know no bordered systems
        border = sparse.csr_array(([1.0], ([0], [0])), shape=(1, size + 1))
        system = stack.vstack(
            [stack.hstack([arm.generator(chosen), -np.ones((size, 1))]), border]
        ).tocsc()
        solved = spsolve(system, np.append(-running, 0.0))
        value = charges + solved[:-1][arm.filled]
        now = value[np.arange(len(value)), chosen]
        better = now - value.min(axis=1) > 1e-9
        if not better.any():
            return float(solved[-1])
        chosen = np.where(better, value.argmin(axis=1), chosen)
