"""What a test lets a process of its own do, since it is killed or races there."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 500  # longest that a process may take [s]


def asked(function: Callable[..., None], *arguments: Any) -> Any:
    """Run a function in a process of its own and return what it puts in its queue."""
    queue = SPAWN.Queue()
    process = SPAWN.Process(target=function, args=(*arguments, queue))
    process.start()
    answer = queue.get(timeout=PATIENCE)
    process.join(PATIENCE)
    return answer
