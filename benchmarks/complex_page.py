"""The whole page of a complex at 100,000 homes: how long does the server work on it?

Every complex is asked for once, so its own account is never there yet; that of its neighbourhood
is, as soon as a page of the same neighbourhood was asked (see `web.desk.bridge`). Beside it the
same client asks the page about the method, which reads the session and the person and no more.
"""

from __future__ import annotations

from functools import partial

from benchmarks import served
from benchmarks.measuring import Measure, middle, timed
from benchmarks.towns import Town

TOWNS = ("metropolis",)

_PAGES = 200  # complexes whose page is timed
_COUNTED = 20  # of which the queries are counted
_MOST_QUERIES = 25


def run(town: Town) -> list[Measure]:
    """Measure the pages of one town."""
    loading = served.opened(town)
    return [*_loaded(loading), *_pages()]


def _loaded(loading: served.Loading) -> list[Measure]:
    return [
        Measure(
            what="load into an empty database",
            value=loading.load,
            unit="s",
            baseline=loading.synthesis,
            of="making the town up",
        ),
        Measure(what="load, peak memory", value=loading.peak, unit="MB"),
    ]


def _pages() -> list[Measure]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.desk.selectors import complexes

    client = served.logged_in(served.HEAD)
    bare = reverse("desk:method")
    lines = complexes(User.objects.get(email=served.HEAD))
    step = max(len(lines) // _PAGES, 1)
    pages = [reverse("desk:complex", args=[line.id]) for line in lines[::step][:_PAGES]]
    for page in (bare, pages[0]):
        client.get(page)
    plain = middle(timed(partial(client.get, bare), times=30))
    first = sorted(timed(partial(client.get, page))[0] for page in pages)
    again = sorted(timed(partial(client.get, page))[0] for page in pages)
    counts = []
    for page in pages[:_COUNTED]:
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))
    against = partial(Measure, unit="ms", baseline=plain, of="page without register")
    return [
        against(what="complex page, p50", value=middle(first), bar=15),
        against(what="complex page, p99", value=first[len(first) * 99 // 100], bar=60),
        against(what="complex page again, p50", value=middle(again), bar=15),
        against(what="complex page again, p99", value=again[len(again) * 99 // 100]),
        Measure(what="queries, most", value=max(counts), unit="queries", bar=_MOST_QUERIES),
    ]
