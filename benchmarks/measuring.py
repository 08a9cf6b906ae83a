"""What a measurement is, how it is taken, and where it is kept."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / ".benchmarks" / "results.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of a bench on a town.

    Parameters
    ----------
    what, value, unit
        Which figure, how much, in what.
    baseline, of
        The same figure of something a reader believes, and what that is.
    bar
        What is asked; `at_least` says from which side.
    """

    what: str
    value: float
    unit: str
    baseline: float | None = None
    of: str = ""
    bar: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """The figure over its baseline."""
        return None if not self.baseline else self.value / self.baseline

    @property
    def holds(self) -> bool | None:
        """Whether the bar is met; None without one."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar


def timed(work: Callable[[], object], *, times: int = 1) -> list[float]:
    """Return the processor time of each of a number of runs [ms], shortest first.

    Processor time, not the clock on the wall: others may be at work on the machine.
    """
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1e3)
    return sorted(taken)


def middle(taken: list[float]) -> float:
    """Return the median of sorted figures."""
    return taken[len(taken) // 2]


def processor_time_of_children() -> float:
    """Return the processor time of all finished child processes together [s]."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def commit() -> str:
    """Return the commit that is measured, with a plus when files differ from it."""
    git_command = shutil.which("git")
    if git_command is None:
        return "unknown"

    def git(*words: str) -> str:
        command = [git_command, *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout

    dirty = git("status", "--porcelain", "--untracked-files=no", "src", "benchmarks")
    return git("rev-parse", "--short", "HEAD").strip() + ("+" if dirty else "")


def keep(bench: str, town: str, measures: Iterable[Measure], *, at: str) -> None:
    """Write one line for a bench, town and commit; an earlier line of the same three goes."""
    key = {"bench": bench, "town": town, "commit": at}
    line = {**key, "measures": [asdict(each) for each in measures]}
    kept = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    others = [each for each in kept if json.loads(each) | key != json.loads(each)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join([*others, json.dumps(line), ""]), encoding="utf-8")
