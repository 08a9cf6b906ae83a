"""All open vacancies of a portfolio by the command line: how long, and how much memory?

The command itself runs in a process of its own, from files to table. Beside it, on a sample, the
same advices without sharing the accounts of an owner.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import Measure, processor_time_of_children, timed
from benchmarks.towns import Town, inquiry
from mixwijzer.engine.advice import advise
from mixwijzer.exchange.tables import write

TOWNS = ("zwolle-like", "real 6,476")

_SAMPLE = 10
_COMMAND = "from mixwijzer.cli import app; app()"


def run(town: Town) -> list[Measure]:
    """Measure one town."""
    asked = inquiry(town)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town"
        write(asked.portfolio, path)
        before = processor_time_of_children()
        command = [sys.executable, "-c", _COMMAND, "advise", str(path), "--stats"]
        done = subprocess.run(
            [*command, "--language", "en"], capture_output=True, encoding="utf-8", check=True
        )
        seconds = processor_time_of_children() - before
    pattern = r"^Advice on ([\d,]+) vacancies in .*, peak memory ([\d,]+) MB"
    (told,) = re.findall(pattern, done.stderr, re.MULTILINE)
    number, memory = (int(each.replace(",", "")) for each in told)
    return [
        Measure(
            what="from files to table, each",
            value=seconds / number * 1e3,
            unit="ms",
            baseline=_unshared(town),
            of="accounts not shared",
        ),
        Measure(what="all together", value=seconds, unit="s"),
        Measure(what="vacancies", value=number, unit="advices"),
        Measure(what="peak memory", value=memory, unit="MB", bar=500.0),
    ]


def _unshared(town: Town) -> float:
    """Return the time of one advice when every vacancy starts anew [ms]."""
    asked = inquiry(town)
    vacancies = asked.open_vacancies()
    sample = vacancies[:: max(len(vacancies) // _SAMPLE, 1)][:_SAMPLE]

    def each() -> None:
        for vacancy in sample:
            advise(asked.portfolio, vacancy, asked.day, asked.norms, scheme=asked.scheme)

    return timed(each)[0] / len(sample)
