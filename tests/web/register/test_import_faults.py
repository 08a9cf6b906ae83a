"""A worker that is killed leaves nothing half written, and its work can be taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.letting.contender import Ring
from tests.web.own_process import PATIENCE, SPAWN, asked
from tests.web.register import killed
from tests.web.register.files import a_workbook, hanzeveen_in_files


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
