"""The process that reads one delivery; started by `_process.py` only, as `python -I`.

It bounds itself before it looks at anything: memory, processor time, what it may write, no network,
no other program but the one that opens workbooks. What it is to do comes on standard input; what
came of it goes into one file.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

_OUT_OF_MEMORY = 3
_BROKEN = 5
_ASIDE = 5  # steps of niceness: who waits for a page goes before who waits for a file
_OBJECTS = 100_000  # more than the rows of a chunk, which go by themselves: no rubbish to look for


def _limit(limits: dict[str, Any]) -> None:
    """Bound memory, processor time and files, where the system can; let others go first."""
    os.umask(0o077)
    if hasattr(os, "nice"):
        os.nice(_ASIDE)
    with suppress(ImportError):
        import resource

        wanted = {
            resource.RLIMIT_AS: limits["memory"],
            resource.RLIMIT_CPU: limits["cpu"],
            resource.RLIMIT_FSIZE: limits["disk"],
            resource.RLIMIT_NOFILE: 256,
            resource.RLIMIT_CORE: 0,
        }
        for kind, most in wanted.items():
            hard = resource.getrlimit(kind)[1]
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (bound, bound))


def _stay_inside(workbook_child: str) -> None:
    """Refuse every way out of this process: network, and other programs but one."""

    def refuse(event: str, facts: tuple[Any, ...]) -> None:
        if event.startswith(("socket.", "os.exec", "os.fork", "os.spawn", "os.system")):
            raise PermissionError(event)
        if event == "subprocess.Popen" and list(facts[1])[2:3] != [workbook_child]:
            raise PermissionError(event)

    sys.addaudithook(refuse)


def main(report: Path) -> int:
    """Read the delivery; 0 when all is told, 3 out of memory, 5 for anything unforeseen."""
    gc.set_threshold(_OBJECTS)
    job = json.loads(sys.stdin.buffer.read())
    _limit(job["limits"])
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    try:
        from mixwijzer.exchange.incoming._work import done
        from mixwijzer.exchange.tables import WORKBOOK_CHILD

        _stay_inside(str(WORKBOOK_CHILD))
        report.write_text(json.dumps(done(job)), encoding="utf-8")
    except MemoryError:
        return _OUT_OF_MEMORY
    except Exception:  # whatever a delivery does to a parser, it ends here
        return _BROKEN
    return 0


if __name__ == "__main__":
    os._exit(main(Path(sys.argv[1])))
