"""Say which test notices which broken engine: `python -m tests.mutants [word …]`.

`make mutants` is content with one test that notices; here every test named beside a mutant must,
so that every law has been seen to fail.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from tools.mutants import TESTS_FAILED, Mutant, mutants, tried


def blind(mutant: Mutant) -> list[str]:
    """The tests named beside a mutant that do not notice it."""
    done = tried(mutant, "-rfE", "--no-header")
    failed = [
        line.split()[1]
        for line in done.stdout.splitlines()
        if line.startswith(("FAILED ", "ERROR "))
    ]
    if done.returncode == TESTS_FAILED and not failed:
        raise SystemExit(f"{mutant.name}: the tests did not run\n{done.stdout}")
    return [test for test in mutant.tests if not any(name.startswith(test) for name in failed)]


def told(mutant: Mutant, missed: list[str]) -> str:
    """One mutant's lines of the table."""
    tests = "".join(
        f"        {'MISSED' if test in missed else 'noticed':<7} {test.rpartition('::')[2]}\n"
        for test in mutant.tests
    )
    return f"{len(mutant.tests) - len(missed)} of {len(mutant.tests)}  {mutant.name}\n{tests}"


def main(words: list[str]) -> int:
    """Try the engine's mutants whose name holds one of the words."""
    chosen = [
        each
        for each in mutants()
        if each.file.startswith("mixwijzer/engine/")
        and (not words or any(word in each.name for word in words))
    ]
    complete = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for mutant, missed in zip(chosen, pool.map(blind, chosen), strict=True):
            complete += not missed
            sys.stdout.write(told(mutant, missed))
            sys.stdout.flush()
    sys.stdout.write(f"{complete} of {len(chosen)} mutants noticed by every test beside them\n")
    return 0 if chosen and complete == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
