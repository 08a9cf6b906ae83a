"""A worker that is killed leaves nothing half written, and its work can be taken up again."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web import own_database
from tests.web.letting.contender import Ring
from tests.web.register import killed
from tests.web.register.files import a_workbook, hanzeveen_in_files

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 120  # [s]


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[Ring]:
    """A database of its own, of the kind that the run is on."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield Ring(url=f"sqlite:///{tmp_path}/killed.sqlite3", home=str(tmp_path))
        return
    own = own_database.created(url)
    yield Ring(url=own, home=str(tmp_path))
    own_database.dropped(url, own)


def asked(function: Callable[..., None], *arguments: Any) -> Any:
    """Run a function in a process of its own and return what it puts in its queue."""
    queue = SPAWN.Queue()
    process = SPAWN.Process(target=function, args=(*arguments, queue))
    process.start()
    answer = queue.get(timeout=PATIENCE)
    process.join(PATIENCE)
    return answer


@pytest.mark.fault
def test_a_worker_that_is_killed_wrote_all_of_it_or_nothing(ring: Ring, tmp_path: Path):
    """Before the transaction, in the middle of it, and after its last row but before its end."""
    path = a_workbook(tmp_path, hanzeveen_in_files())
    batch = asked(killed.begin, ring, path)
    for where in ("foresee", "write_accounts", "follower"):
        process = SPAWN.Process(target=killed.die_at, args=(ring, batch, where))
        process.start()
        process.join(PATIENCE)
        assert process.exitcode == -9, where
        assert asked(killed.count, ring) == ("confirmed", 0, 0, 0), where
    assert asked(killed.go_on, ring, batch) == "applied"
    assert asked(killed.count, ring) == ("applied", 36, 2, 0)
    process = SPAWN.Process(target=killed.die_at, args=(ring, batch, "bulk"))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == 1  # it is written already: refused, not written twice
    assert asked(killed.count, ring) == ("applied", 36, 2, 0)
