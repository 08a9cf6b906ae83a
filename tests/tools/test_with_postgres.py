"""The wrapper really serves PostgreSQL, passes the exit code on, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.with_postgres import debian_bindir

ROOT = Path(__file__).resolve().parents[2]
QUERY = """
import os, pathlib, sys, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("select 'PostgreSQL', current_setting('data_directory')").fetchone())
sys.exit(7)
"""


def run_on_postgres(source: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "POSTGRES_FROM": source}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "tools/with_postgres.py", sys.executable, "-c", QUERY],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def somebody_else_may_enter(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))


@pytest.mark.parametrize("source", ["debian", "wheel"])
def test_a_command_gets_a_server_of_its_own_that_is_gone_afterwards(source: str) -> None:
    if source == "debian" and debian_bindir() is None:
        pytest.skip("no PostgreSQL server installed; the wheel is used")
    if source == "wheel" and os.geteuid() == 0 and not somebody_else_may_enter(Path(sys.prefix)):
        pytest.skip("run by root, the wheel needs an environment that others may enter")
    done = run_on_postgres(source)
    assert done.returncode == 7, done.stderr
    kind, data = done.stdout.strip("()\n").replace("'", "").split(", ")
    assert kind == "PostgreSQL"
    assert not Path(data).exists()
