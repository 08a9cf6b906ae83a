"""A small portfolio from the command line: how soon is the answer there?

Beside it a Python that does nothing but start.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

from benchmarks.measuring import Measure, middle, processor_time_of_children
from benchmarks.towns import Town, made_up
from mixwijzer.exchange.tables import write

TOWNS = ("hamlet",)

_TIMES = 5
_COMMAND = "from mixwijzer.cli import app; app()"


def run(town: Town) -> list[Measure]:
    """Measure one town."""
    with tempfile.TemporaryDirectory() as folder:
        made = made_up(town).portfolio
        write(made, folder)
        one = ("--scope", min(each.id for each in made.complexes))
        drawn = ("--method", "sampled", "--runs", "64")
        taken = {
            "advise, from start to end": _middle("advise", folder),
            "forecast of all, from start to end": _middle("forecast", folder),
            "forecast of one complex, from start to end": _middle("forecast", folder, *one),
            "the same by a sample, compiled before": _middle("forecast", folder, *one, *drawn),
        }
    nothing = middle(sorted(_taken("pass") for _ in range(_TIMES)))
    told = [
        Measure(what=what, value=value, unit="s", baseline=nothing, of="python alone", bar=1.0)
        for what, value in taken.items()
    ]
    return [*told, Measure(what="of which reading the norms", value=_norms(), unit="s", bar=0.05)]


def _norms() -> float:
    """Return what reading all norms takes, beside loading what reads them."""
    loaded = "from mixwijzer.exchange.normbook import read_norms"
    with_norms = [_taken(f"{loaded}; read_norms()") for _ in range(_TIMES)]
    return min(with_norms) - min(_taken(loaded) for _ in range(_TIMES))


def _middle(*words: str) -> float:
    """Return the middle of some times, one before them left out: it may compile."""
    return middle(sorted([_taken(_COMMAND, *words) for _ in range(_TIMES + 1)][1:]))


def _taken(code: str, *words: str) -> float:
    before = processor_time_of_children()
    subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True)
    return processor_time_of_children() - before
