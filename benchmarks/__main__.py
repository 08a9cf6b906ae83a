"""Measure everything: `python -m benchmarks [bench …]` prints one table and keeps the figures.

A bench is a module of this package with `run(town) -> list[Measure]` and the names of its `TOWNS`;
it joins by being there. Figures are kept in `.benchmarks/results.jsonl`, a line per bench, town and
commit. Times are processor time; on a busy machine the ratios beside them flicker less.
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType

import benchmarks
from benchmarks.measuring import Measure, commit, keep
from benchmarks.towns import TOWNS
from mixwijzer.exchange.tabular import laid_out

HEADINGS = ("bench", "town", "what", "value", "unit", "baseline", "ratio", "bar", "")


def main(wanted: list[str]) -> int:
    """Run the benches asked for, all without; 1 when a bar isn't met."""
    at = commit()
    rows = []
    for name, module in _benches():
        if wanted and name not in wanted:
            continue
        for town in TOWNS:
            if town.name in module.TOWNS and town.is_there:
                print(f"{name} on {town.name} …", file=sys.stderr, flush=True)
                measures = module.run(town)
                keep(name, town.name, measures, at=at)
                rows += [(name, town.name, each) for each in measures]
    print(*table(rows), f"\ncommit {at}", sep="\n")
    return int(any(each.holds is False for _, _, each in rows))


def table(rows: Iterable[tuple[str, str, Measure]]) -> Iterator[str]:
    """Yield the lines of a table of measures: of which bench, on which town."""
    cells = [_cells(name, town, each) for name, town, each in rows]
    right = tuple(heading in {"value", "baseline", "ratio", "bar"} for heading in HEADINGS)
    yield from laid_out(HEADINGS, cells, right=right)


def _benches() -> Iterator[tuple[str, ModuleType]]:
    for info in pkgutil.iter_modules(benchmarks.__path__):
        if info.name.startswith("_"):
            continue
        module = import_module(f"benchmarks.{info.name}")
        if hasattr(module, "run") and hasattr(module, "TOWNS"):
            yield info.name, module


def _cells(name: str, town: str, each: Measure) -> tuple[str, ...]:
    ratio = "" if each.ratio is None else f"{each.ratio:.3g} ×"
    of = "" if each.baseline is None else f"{_number(each.baseline)} {each.of}"
    side = "≥" if each.at_least else "≤"
    bar = "" if each.bar is None else f"{side} {_number(each.bar)}"
    word = {None: "", True: "ok", False: "OVER"}[each.holds]
    return (name, town, each.what, _number(each.value), each.unit, of, ratio, bar, word)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
