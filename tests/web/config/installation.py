"""An installation of its own, as an administrator has one: processes, a home and a database.

Nothing here shares a database or a connection with the tests: what an administrator does ends a
process, and so it does here.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.web import own_database

ROOT = Path(__file__).resolve().parents[3]
SERVER = os.environ.get("DATABASE_URL", "")
ON_POSTGRES = SERVER.startswith("postgres")
PATIENCE = 120  # [s]

_COMMAND = """
import sys, typer
from mixwijzer.web.config import upkeep
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.command()(getattr(upkeep, sys.argv.pop(1)))
app()
"""


@dataclass(frozen=True, kw_only=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A home with an SQLite file in it, or with a database of its own on the server."""

    home: Path
    url: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where its database is."""
        return self.url or f"sqlite:///{self.home}/mixwijzer.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation is told."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MIXWIJZER_", "DATABASE_URL", "LC_", "LANG", "DJANGO_"))
        }
        paths = [str(ROOT / "src"), str(ROOT), *filter(None, [self.extra.get("PYTHONPATH", "")])]
        return {
            **kept,
            "MIXWIJZER_HOME": str(self.home),
            "LANG": "en_GB.UTF-8",
            **({"DATABASE_URL": self.url} if self.url else {}),
            **self.extra,
            "PYTHONPATH": os.pathsep.join(paths),
        }

    def start(
        self, command: str, *words: object, prefix: Sequence[str] = (), **options: object
    ) -> subprocess.Popen[str]:
        """Start a command and don't wait for it; `prefix` is what starts it."""
        return subprocess.Popen(
            [*prefix, sys.executable, "-c", _COMMAND, command, *map(str, words)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,  # type: ignore[call-overload]
        )

    def run(self, command: str, *words: object, **options: object) -> Said:
        """Run a command to its end."""
        process = self.start(command, *words, **options)
        out, err = process.communicate(timeout=PATIENCE)
        assert "Traceback" not in err, err
        return Said(code=process.returncode, out=out, err=err)

    def python(self, code: str, *words: object) -> str:
        """Let a process of this installation do something; it sees every organisation."""
        ready = (
            "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE',"
            " 'mixwijzer.web.config.settings')\nimport django\ndjango.setup()\n"
            "from mixwijzer.web.accounts import isolation\n"
            "isolation.ambient = isolation.EVERYBODY\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", ready + code, *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def content(self) -> str:
        """Hash everything in the database, secrets too."""
        return self.python(
            "from mixwijzer.web.config.operations.backups import content_of\n"
            "from mixwijzer.web.config.operations.tables import history\n"
            "import hashlib\n"
            "told = history('default')\n"
            "print(content_of() if told else 'empty', "
            "hashlib.sha256(repr(told).encode()).hexdigest())"
        )

    def tables(self) -> list[str]:
        """Name the tables of the database."""
        said = self.python(
            "from django.db import connection\n"
            "print(*sorted(connection.introspection.table_names()))"
        )
        return said.split()

    def copied(self, home: Path) -> Installation:
        """Return another installation with the same content."""
        home.mkdir(parents=True, exist_ok=True)
        if not self.url:
            files = (each / "mixwijzer.sqlite3" for each in (self.home, home))
            mine, theirs = map(sqlite3.connect, files)
            with closing(mine), closing(theirs):
                mine.backup(theirs)
            return Installation(home=home, extra=self.extra)
        url = own_database.created(SERVER, like=self.url)
        return Installation(home=home, url=url, extra=self.extra)


def empty(home: Path, *, postgres: bool = ON_POSTGRES) -> Installation:
    """Return an installation without any table."""
    home.mkdir(parents=True, exist_ok=True)
    return Installation(home=home, url=own_database.created(SERVER) if postgres else "")


def removed(installation: Installation) -> None:
    """Remove what an installation has."""
    shutil.rmtree(installation.home, ignore_errors=True)
    if installation.url:
        own_database.dropped(SERVER, installation.url)


def eventually(true: object, *, within: float = PATIENCE) -> bool:
    """Say whether something becomes true in time."""
    until = time.perf_counter() + within
    while time.perf_counter() < until:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


@contextmanager
def stopped(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Stop a process at the end, whatever happens."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
