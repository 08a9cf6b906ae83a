"""The whole page of a complex at 100,000 homes: how long does the server work on it?

The made-up town is loaded once into an SQLite file in a temporary folder. Pages are asked by
Django's test client, so with the whole middleware, the templates and the log-in, without a socket.
Beside it the same client asks the page about the method, which needs no row of the register.
"""

from __future__ import annotations

import os
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import Measure, middle, timed
from benchmarks.towns import Town

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

TOWNS = ("metropolis",)

_PAGES = 200  # complexes whose page is timed
_COUNTED = 20  # of which the queries are counted
_WHO = "mo@zilverlinde.example"


def run(town: Town) -> list[Measure]:
    """Measure the pages of one town."""
    with tempfile.TemporaryDirectory() as folder:
        client = _opened(Path(folder), town)
        return _measured(client)


def _opened(folder: Path, town: Town) -> Client:
    """Build the town in an empty installation, and log somebody in."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="mixwijzer.web.config.settings",
        MIXWIJZER_DEMO="1",
        MIXWIJZER_HOME=str(folder),
    )
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.config.town import build_town

    call_command("migrate", verbosity=0)
    build_town(seed=town.seed, homes=town.homes, now=timezone.now())
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=_WHO))
    return client


def _measured(client: Client) -> list[Measure]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.desk.selectors import complexes

    lines = complexes(User.objects.get(email=_WHO))[:_PAGES]
    pages = [reverse("desk:complex", args=[line.id]) for line in lines]
    ask: Callable[[str], object] = client.get
    ask(pages[0])
    taken = sorted(timed(partial(ask, page))[0] for page in pages)
    bare = middle(timed(partial(ask, reverse("desk:method")), times=20))
    counts = []
    for page in pages[:_COUNTED]:
        with CaptureQueriesContext(connection) as queries:
            ask(page)
        counts.append(len(queries))
    return [
        Measure(
            what="complex page, p50",
            value=middle(taken),
            unit="ms",
            baseline=bare,
            of="page without register",
            bar=15,
        ),
        Measure(what="complex page, p99", value=taken[len(taken) * 99 // 100], unit="ms", bar=60),
        Measure(what="queries, fewest", value=min(counts), unit="queries"),
        Measure(what="queries, most", value=max(counts), unit="queries", bar=min(counts)),
    ]
