"""A made-up town in a database, with somebody logged in, for the benches that ask for pages.

The town is loaded once and kept in the system's temporary folder, under a name that changes with
the code; a bench works on a copy. With DATABASE_URL it is loaded into that database, which must be
empty: `python tools/with_postgres.py .venv/bin/python -m benchmarks complex_page`.

A page is asked of Django's own client in this process: every middleware, the session, the templates
and the database are the real ones; the socket and the server's threads are left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import ROOT
from benchmarks.towns import TOWNS, Town
from mixwijzer.cli._screen import peak_memory

if TYPE_CHECKING:
    from django.test import Client

CONSULTANT, HEAD = "iris@zilverlinde.example", "mo@zilverlinde.example"
_KEPT = ("mixwijzer.sqlite3", "secret_key", "loading.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """What it took to fill an empty database.

    Parameters
    ----------
    synthesis, load
        Processor time of making the town up and of loading it [s].
    wall
        Time on the clock of loading it, its making up included [s].
    peak
        Most memory that the process had [MB].
    """

    synthesis: float
    load: float
    wall: float
    peak: float


@cache
def opened(town: Town) -> Loading:
    """Make a town's database the one of this process; return what loading it took."""
    home = Path(tempfile.mkdtemp(prefix="mixwijzer-bench-"))
    if "DATABASE_URL" in os.environ:
        _fill(home, town)
        kept = home
    else:
        kept = Path(tempfile.gettempdir()) / f"mixwijzer-bench-{town.name}-{_version()}"
        if not (kept / "loading.json").exists():
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(mode=0o700)
            _fill(kept, town)
        for name in _KEPT:
            shutil.copy2(kept / name, home / name)
    _start(home)
    return Loading(**json.loads((kept / "loading.json").read_text(encoding="utf-8")))


def logged_in(email: str) -> Client:
    """Return a client of a person of the town."""
    from django.test import Client

    from mixwijzer.web.accounts.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=email))
    return client


def _version() -> str:
    """Name the code that fills a database."""
    told = hashlib.sha256()
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in {".py", ".yaml"} and "templates" not in path.parts:
            told.update(path.read_bytes())
    return told.hexdigest()[:12]


def _fill(home: Path, town: Town) -> None:
    """Load a town in a process of its own, so that its memory can be read off."""
    subprocess.run([sys.executable, "-m", "benchmarks.served", str(home), town.name], check=True)


def _start(home: Path) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="mixwijzer.web.config.settings",
        MIXWIJZER_DEMO="1",
        MIXWIJZER_HOME=str(home),
    )
    import mixwijzer.web.config.wsgi  # noqa: F401 (sets Django up, as in the server)
    from mixwijzer.web.accounts import isolation

    isolation.ambient = isolation.EVERYBODY  # for what a bench itself asks; a request says its own


def _load(home: Path, town: Town) -> Loading:
    _start(home)
    from django.core.management import call_command
    from django.db import connections
    from django.utils import timezone

    from mixwijzer.exchange.synthetic import synthesize
    from mixwijzer.web.accounts.selectors import anybody
    from mixwijzer.web.config.town import build_town

    call_command("migrate", verbosity=0)
    if anybody():
        raise SystemExit("DATABASE_URL: a bench fills an empty database only")
    start = time.process_time()
    synthesize(seed=town.seed, homes=town.homes, day=timezone.localdate())
    synthesis = time.process_time() - start
    start, clock = time.process_time(), time.perf_counter()
    build_town(seed=town.seed, homes=town.homes, now=timezone.now())
    connections.close_all()  # the last to close puts all of it in the one file that is copied
    return Loading(
        synthesis=synthesis,
        load=time.process_time() - start - synthesis,
        wall=time.perf_counter() - clock,
        peak=peak_memory(),
    )


def main(home: Path, name: str) -> None:
    """Fill a database in a folder, and note what it took."""
    town = next(each for each in TOWNS if each.name == name)
    done = _load(home, town)
    told = {field: getattr(done, field) for field in Loading.__slots__}
    (home / "loading.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
