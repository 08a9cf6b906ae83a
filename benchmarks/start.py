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
        write(made_up(town).portfolio, folder)
        answer = middle(sorted(_taken(_COMMAND, "advise", folder) for _ in range(_TIMES)))
    nothing = middle(sorted(_taken("pass") for _ in range(_TIMES)))
    return [
        Measure(
            what="advise, from start to end",
            value=answer,
            unit="s",
            baseline=nothing,
            of="python alone",
            bar=1.0,
        )
    ]


def _taken(code: str, *words: str) -> float:
    before = processor_time_of_children()
    subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True)
    return processor_time_of_children() - before
