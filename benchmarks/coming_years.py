"""The coming years: how fast is the sample, and how fast the exact chain?

Beside the sample stand, in the same run and for the same portfolio of 10,000 homes: Mesa 3, a
household an agent (its steps only), and whole-array numpy over counts.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import mesa
import numpy as np

from benchmarks.measuring import Measure, middle, processor_time_of_children, timed
from benchmarks.towns import Town
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.forecast import Outset, Policy, forecast

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOWNS = ("hamlet",)  # the portfolio is its own: a bench needs a name to stand under

LEAVE = np.array([0.007, 0.006, 0.005])
TURN = np.array([[0.995, 0.004, 0.001], [0.002, 0.994, 0.004], [0.0005, 0.008, 0.9915]])
AIM = np.array([0.15, 0.50, 0.35])
HOMES, MONTHS, RUNS = 10_000, 120, 256


def run(town: Town) -> list[Measure]:
    """Measure the sample against agents and arrays, the chain, and a start."""
    del town
    return [*_sample(), *_exact(), _start()]


def _rates(leave: NDArray[np.float64], turn: NDArray[np.float64]) -> Rates:
    drift = (turn - np.diag(np.diag(turn))) * 12
    return Rates(
        categories=tuple(f"c{place}" for place in range(len(leave))),
        leave=tuple(leave * 12),
        drift=tuple(map(tuple, drift.tolist())),
    )


def _portfolio() -> list[Outset]:
    """Return complexes of 20 to 120 homes, short of the first category."""
    sizes = np.random.default_rng(1).integers(20, 121, HOMES // 70)
    rates = _rates(LEAVE, TURN)
    made = []
    for number, homes in enumerate(sizes.tolist()):
        first, last = int(homes * 0.08), int(homes * 0.47)
        policy = Policy.toward(AIM, AIM * homes, homes)
        mix = [first, homes - first - last, last]
        made.append(Outset.at(mix, rates, policy, id=f"C{number}"))
    return made


def _supply(outsets: list[Outset]) -> list[float]:
    month = sum(outset.homes for outset in outsets) * 0.006
    return [round(month * 0.10), np.inf, round(month * 0.45)]


def _sample() -> list[Measure]:
    outsets = _portfolio()
    supply, months = _supply(outsets), range(0, MONTHS + 1, 12)

    def drawn(runs: int, workers: int = 1) -> None:
        forecast(outsets, months, method="sampled", supply=supply, runs=runs, workers=workers)

    drawn(64)
    cells = len(outsets) * MONTHS
    lanes = middle(timed(lambda: drawn(RUNS), times=5)) * 1e6 / (cells * RUNS)
    arrays = timed(lambda: _arrays(outsets, supply, 6, 64))[0] * 1e6 / (len(outsets) * 6 * 64)
    agents = _agents(outsets, supply, 3)
    alone, both = (_clock(partial(drawn, 4 * RUNS, workers)) for workers in (1, 2))
    return [
        Measure(what="a complex for a month", value=lanes, unit="ns", bar=15.0),
        Measure(
            what="slower: whole arrays of counts",
            value=arrays / lanes,
            unit="times",
            bar=30.0,
            at_least=True,
        ),
        Measure(
            what="slower: Mesa, steps only",
            value=agents / lanes,
            unit="times",
            bar=3000.0,
            at_least=True,
        ),
        Measure(what="two threads", value=alone / both, unit="times", bar=1.8, at_least=True),
    ]


def _clock(work: Callable[[], None]) -> float:
    """Return the time on the wall [s]: what a second thread is for."""
    start = perf_counter()
    work()
    return perf_counter() - start


def _arrays(outsets: list[Outset], supply: list[float], months: int, runs: int) -> None:
    """Draw counts with whole arrays over runs, complex by complex where homes are given."""
    rng = np.random.default_rng(1)
    counts = np.array([outset.mixes[0] for outset in outsets])
    aims = counts.sum(axis=1, keepdims=True) * AIM
    counts = np.broadcast_to(counts, (runs, *counts.shape)).copy()
    for _ in range(months):
        gone = rng.binomial(counts, LEAVE)
        stay = counts - gone
        turned = [rng.multinomial(stay[..., k], TURN[k]) for k in range(len(LEAVE))]
        counts = np.sum(turned, axis=0)
        free, pool = gone.sum(axis=2), np.tile(supply, (runs, 1))
        for place in range(len(outsets)):
            for home in range(free[:, place].max()):
                who = np.flatnonzero(free[:, place] > home)
                room = np.where(pool[who] > 0, aims[place] - counts[who, place], -np.inf)
                best = room.argmax(axis=1)
                counts[who, place, best] += 1
                pool[who, best] -= 1


class _Household(mesa.Agent):  # type: ignore[misc]
    """A household that may leave or change each month."""

    def __init__(self, model: _Agents, place: int, kind: int) -> None:
        super().__init__(model)
        self.place, self.kind = place, kind

    def step(self) -> None:
        model, draw = self.model, self.model.random.random
        if draw() < model.leave[self.kind]:
            model.free[self.place] += 1
            model.counts[self.place][self.kind] -= 1
            self.remove()
            return
        luck, kind = draw(), 0
        while luck >= model.summed[self.kind][kind]:
            kind += 1
        if kind != self.kind:
            model.counts[self.place][self.kind] -= 1
            model.counts[self.place][kind] += 1
            self.kind = kind


class _Agents(mesa.Model):  # type: ignore[misc]
    """The same portfolio, household by household."""

    def __init__(self, outsets: list[Outset], supply: list[float]) -> None:
        super().__init__(seed=1)
        self.leave, self.supply = LEAVE.tolist(), supply
        summed = np.cumsum(TURN, axis=1)
        summed[:, -1] = 2
        self.summed = summed.tolist()
        self.counts = [outset.mixes[0].tolist() for outset in outsets]
        self.aims = [(AIM * outset.homes).tolist() for outset in outsets]
        self.free = [0] * len(outsets)
        for place, mix in enumerate(self.counts):
            for kind, number in enumerate(mix):
                for _ in range(number):
                    _Household(self, place, kind)

    def step(self) -> None:
        self.free = [0] * len(self.counts)
        self.agents.do("step")
        pool = list(self.supply)
        for place, free in enumerate(self.free):
            mix, aim = self.counts[place], self.aims[place]
            for _ in range(free):
                open_ = [kind for kind in range(3) if pool[kind] > 0]
                best = max(open_, key=lambda kind: aim[kind] - mix[kind])
                pool[best] -= 1
                mix[best] += 1
                _Household(self, place, best)


def _agents(outsets: list[Outset], supply: list[float], months: int) -> float:
    """Return what a complex costs for a month as agents [ns], making them not counted."""
    model = _Agents(outsets, supply)

    def steps() -> None:
        for _ in range(months):
            model.step()

    return timed(steps)[0] * 1e6 / (len(outsets) * months)


def _exact() -> list[Measure]:
    three = _rates(LEAVE, TURN)
    four = _rates(np.array([0.007, 0.006, 0.005, 0.006]), np.full((4, 4), 0.003))
    measured = []
    for rates, aim, bar in ((three, AIM, 5.0), (four, np.array([0.15, 0.4, 0.3, 0.15]), 150.0)):
        mix = np.floor(aim * 60).astype(int)
        mix[-1] += 60 - mix.sum()
        policy = Policy.toward(aim, aim * 60, 60)
        outset = Outset.at(mix, rates, policy, id="C")
        forecast([outset], [120])
        taken = middle(timed(partial(forecast, [outset], [120]), times=7))
        what = f"exact, ten years, 60 homes, {len(aim)} categories"
        measured.append(Measure(what=what, value=taken, unit="ms", bar=bar))
    return measured


def _start() -> Measure:
    """Return what a first small sample costs in a process of its own, compiled before."""
    command = (
        "from mixwijzer.engine.dynamics import Rates;"
        "from mixwijzer.engine.forecast import Outset, Policy, forecast;"
        "rates = Rates(categories=('a', 'b'), leave=(.1, .1), drift=((0, .1), (.1, 0)));"
        "forecast([Outset.at([3, 3], rates, Policy.fixed([.5, .5]))], [12], method='sampled')"
    )
    taken = sorted([_taken(command) for _ in range(6)][1:])  # the first may compile
    return Measure(
        what="start and a first sample, compiled before", value=middle(taken), unit="s", bar=1.0
    )


def _taken(command: str) -> float:
    """Return the processor time of a process of its own [s]."""
    before = processor_time_of_children()
    subprocess.run([sys.executable, "-c", command], check=True)
    return processor_time_of_children() - before
