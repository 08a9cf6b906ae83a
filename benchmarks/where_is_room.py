"""*Where is room?* at 100,000 homes: how long does somebody on the telephone wait?

Questions are asked by Django's test client, so with the whole middleware, the templates and the
log-in, without a socket: every size and kind once while nothing was weighed yet, and once more
after that, as on a working
day. Beside it the same client asks the page without a question.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING

from benchmarks import served
from benchmarks.measuring import Measure, middle, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.towns import Town

TOWNS = ("metropolis",)

_ROOMS = (2, 3, 4, 5)
_KINDS = ("attention", "carrier")


def run(town: Town) -> list[Measure]:
    """Measure the questions of one town."""
    served.opened(town)
    ask: Callable[[str], object] = served.logged_in(served.HEAD).get
    ask("/method/")
    bare = middle(timed(partial(ask, "/where/"), times=10))
    pages = [f"/where/?rooms={size}&kind={kind}" for size, kind in product(_ROOMS, _KINDS)]
    first = sorted(timed(partial(ask, page))[0] for page in pages)
    again = sorted(timed(partial(ask, page))[0] for page in pages)
    return [
        Measure(
            what="asked again, p50",
            value=middle(again),
            unit="ms",
            baseline=bare,
            of="page without question",
            bar=300,
        ),
        Measure(what="asked again, slowest", value=again[-1], unit="ms", bar=300),
        Measure(what="asked first, p50", value=middle(first), unit="ms", bar=300),
        Measure(what="asked first, slowest", value=first[-1], unit="ms", bar=300),
    ]
