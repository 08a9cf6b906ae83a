"""Break the code on purpose, one way at a time: the tests must notice every time.

    python tools/mutants.py            all of them
    python tools/mutants.py ceiling    those with this word in their name

The files `tests/*/mutants.toml` list them: a name, the file, the text and what it becomes, and the
tests that are expected to fail. A mutant that no test notices shows what the tests do not say yet.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
LISTS = tuple(sorted((ROOT / "tests").glob("*/mutants.toml")))
TESTS_FAILED = 1  # pytest's exit code; others mean that the tests did not run properly


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One way to break the code."""

    name: str
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]
    fast: bool = False

    def broken(self, source: Path = SOURCE) -> str:
        """Return the broken text of the file; refuses when the text to break is not there once."""
        text = (source / self.file).read_text(encoding="utf-8")
        if text.count(self.find) != 1:
            times = text.count(self.find)
            raise SystemExit(f"{self.name}: {self.find!r} stands {times} times in {self.file}")
        return text.replace(self.find, self.replace)


def mutants(paths: tuple[Path, ...] = LISTS) -> list[Mutant]:
    """Read the lists."""
    read = [tomllib.loads(path.read_text(encoding="utf-8"))["mutant"] for path in paths]
    entries = [entry for entries in read for entry in entries]
    return [Mutant(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]


def tried(mutant: Mutant, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a mutant's tests on a broken copy."""
    with tempfile.TemporaryDirectory(prefix="mixwijzer-mutant-") as folder:
        copy = Path(folder) / "src"
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / mutant.file).write_text(mutant.broken(), encoding="utf-8")
        quiet = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--hypothesis-profile=mutant"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *quiet, *options, *mutant.tests],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    if done.returncode not in {0, TESTS_FAILED}:
        raise SystemExit(f"{mutant.name}: the tests did not run\n{done.stdout}")
    return done


def noticed(mutant: Mutant) -> bool:
    """Say whether any of a mutant's tests failed."""
    return tried(mutant, "-x").returncode == TESTS_FAILED


def main(words: list[str]) -> int:
    """Try the mutants whose name holds one of the words; 1 when any went unnoticed."""
    chosen = [each for each in mutants() if not words or any(word in each.name for word in words)]
    survivors = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for mutant, was_noticed in zip(chosen, pool.map(noticed, chosen), strict=True):
            survivors += not was_noticed
            print(f"{'noticed' if was_noticed else 'SURVIVED':<9} {mutant.name}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants noticed")
    return 1 if survivors or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
