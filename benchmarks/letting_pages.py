"""The pages around a vacancy at 100,000 homes, and the transaction of a decision.

Beside each the same client asks the page about the method, which reads the session and the person
and no more. A decision is timed on the clock: others wait for as long as it holds its lock.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlencode

from benchmarks import served
from benchmarks.measuring import Measure, middle, timed
from benchmarks.towns import Town

TOWNS = ("metropolis",)

_PAGES = 60  # vacancies, and homes, that are asked about
_DECISIONS = 12


def run(town: Town) -> list[Measure]:
    """Measure one town."""
    served.opened(town)
    return [*_pages(), *_decisions()]


def _pages() -> Iterator[Measure]:
    from django.urls import reverse

    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.letting.selectors import vacancies

    head, consultant = served.logged_in(served.HEAD), served.logged_in(served.CONSULTANT)
    bare = reverse("desk:method")
    head.get(bare)
    plain = middle(timed(partial(head.get, bare), times=30))
    lines = vacancies(User.objects.get(email=served.HEAD))
    lines = lines[:: max(len(lines) // _PAGES, 1)][:_PAGES]
    check = reverse("desk:room-check")
    asked = {
        "vacancy page with advice": [reverse("letting:vacancy", args=[each.id]) for each in lines],
        "room check": [
            f"{check}?{urlencode({'q': each.address, 'kind': 'attention'})}" for each in lines
        ],
        "Today, head of letting": [reverse("desk:today")] * 10,
    }
    for what, pages in asked.items():
        yield from _measured(what, [partial(head.get, page) for page in pages], plain)
    today = partial(consultant.get, reverse("desk:today"))
    yield from _measured("Today, consultant", [today] * 10, plain)


def _measured(what: str, asks: list[Callable[[], object]], plain: float) -> Iterator[Measure]:
    asks[0]()
    taken = sorted(timed(ask)[0] for ask in asks)
    for part, name in ((50, "p50"), (99, "p99")):
        yield Measure(
            what=f"{what}, {name}",
            value=taken[len(taken) * part // 100],
            unit="ms",
            baseline=plain,
            of="page without register",
        )


def _decisions() -> Iterator[Measure]:
    from django.db import transaction
    from django.utils import timezone

    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.letting import services
    from mixwijzer.web.letting.selectors import vacancies, vacancy_page

    iris, now = User.objects.get(email=served.CONSULTANT), timezone.now()
    answered, decided, empty = [], [], []
    for line in [each for each in vacancies(iris) if each.asked][:_DECISIONS]:
        if vacancy_page(iris, line.id, now=now).question is None:
            continue
        answer = partial(services.answer_unchanged, user=iris, vacancy=line.id, now=now)
        answered.append(_on_the_clock(answer))
        page = vacancy_page(iris, line.id, now=now)
        way = getattr(page.advice, "recommended", None)
        if way is None:
            continue
        decide = partial(services.decide, user=iris, vacancy=line.id, channel=way)
        fitting = partial(decide, reason="fits_view", version=page.version, key=uuid.uuid4())
        decided.append(_on_the_clock(partial(fitting, now=now)))
        with transaction.atomic():
            pass
        empty.append(_on_the_clock(_nothing))
    for what, taken in (("answer", answered), ("decision", decided)):
        if taken:
            yield Measure(
                what=f"write transaction of a {what}, p50",
                value=middle(sorted(taken)),
                unit="ms",
                baseline=middle(sorted(empty)),
                of="one row written",
                bar=50,
            )


def _nothing() -> None:
    """Write one row in a transaction of its own."""
    from mixwijzer.web.accounts.models import User

    User.objects.filter(email=served.CONSULTANT).update(is_active=True)


def _on_the_clock(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3
