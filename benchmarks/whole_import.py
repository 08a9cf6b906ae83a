"""A whole import while others decide: how long, how much memory, and who waits for it?

A worker in a process of its own takes a zip of homes and leases through every step: read in the
limited process, compared, the accounts made, written in one transaction. Meanwhile this process
takes a decision about a vacancy of the same association over and over, each time taken back, and
looks at the clock; beside it the same decision while no import is under way, as often before as
after it, since what others do on a machine changes meanwhile.

`make bench` does it with 20,000 rows; `python -m benchmarks.whole_import 1000000` with as many as
asked. On PostgreSQL: `python tools/with_postgres.py .venv/bin/python -m benchmarks.whole_import`.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import served
from benchmarks.load_rows import homes
from benchmarks.measuring import Measure, middle
from benchmarks.towns import TOWNS as EVERY
from benchmarks.towns import Town

TOWNS = ("hamlet",)

ROWS = 20_000
_ALONE = 20  # decisions without an import beside them, before it and after it
_PAUSE = 0.25  # between two decisions [s]
_MOST = 300  # memory that a process may have [MB]


def run(town: Town, rows: int = ROWS) -> list[Measure]:
    """Measure one import into the association of a town."""
    served.opened(town)
    from mixwijzer.web.accounts.isolation import acting_for
    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.desk.selectors import first_owner

    owner = first_owner(User.objects.get(email=served.CONSULTANT))
    folder = Path(tempfile.mkdtemp(prefix="mixwijzer-bench-"))
    homes(folder / "source", rows // 2, leases=True, owner=owner.code)
    packed = shutil.make_archive(str(folder / "bezit"), "zip", folder / "source")
    command = [sys.executable, "-m", "benchmarks.whole_import", "--worker", packed, str(owner.pk)]
    meanwhile = []
    with acting_for(owner.pk):
        decide = _decision()
        alone = [decide() or 0.0 for _ in range(_ALONE)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            while worker.poll() is None:
                meanwhile.append(decide())
                time.sleep(_PAUSE)
            told = json.loads(worker.communicate()[0])
        alone = sorted(alone + [decide() or 0.0 for _ in range(_ALONE)])
    taken = sorted(each for each in meanwhile if each is not None)
    return [
        Measure(what=f"{rows:,} rows, whole import", value=told["clock"], unit="s on the clock"),
        Measure(what="the worker and its reader", value=told["processor"], unit="s"),
        Measure(what="most memory of the worker", value=told["peak"], unit="MB", bar=_MOST),
        Measure(what="most memory of its reader", value=told["reader"], unit="MB", bar=_MOST),
        Measure(
            what="a decision meanwhile, p50",
            value=middle(taken),
            unit="ms",
            baseline=middle(alone),
            of="decision alone",
            bar=2 * middle(alone),
        ),
        Measure(what="a decision meanwhile, slowest", value=taken[-1], unit="ms"),
        Measure(what="decisions meanwhile", value=len(taken), unit="decisions"),
        Measure(
            what="decisions that waited in vain",
            value=len(meanwhile) - len(taken),
            unit="decisions",
            bar=0,
        ),
    ]


def _decision() -> Callable[[], float | None]:
    """Return how to take a decision and take it back: how long that takes [ms], None in vain."""
    from django.utils import timezone

    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.letting import services
    from mixwijzer.web.letting.selectors import vacancies, vacancy_page

    iris, now = User.objects.get(email=served.CONSULTANT), timezone.now()
    for line in [each for each in vacancies(iris) if each.asked]:
        if vacancy_page(iris, line.id, now=now).question is None:
            continue
        services.answer_unchanged(user=iris, vacancy=line.id, now=now)
        page = vacancy_page(iris, line.id, now=now)
        way = getattr(page.advice, "recommended", None)
        if way is not None:
            decide = partial(services.decide, user=iris, vacancy=line.id, channel=way)
            return partial(_taken_back, partial(decide, reason="fits_view", version=page.version))
    raise SystemExit("no vacancy of this town waits for a decision")


def _taken_back(decide: Callable[..., object]) -> float | None:
    from django.db import OperationalError, transaction
    from django.utils import timezone

    start = time.perf_counter()
    try:
        with transaction.atomic():
            decide(key=uuid.uuid4(), now=timezone.now())
            transaction.set_rollback(True)
    except (
        OperationalError
    ):  # SQLite has one writer at a time, and waits no longer than it was told
        return None
    return (time.perf_counter() - start) * 1e3


def worker(packed: Path, owner: int) -> None:
    """Take a file through every step, as a worker does; print what it took."""
    import django

    django.setup()
    from django.utils import timezone

    from mixwijzer.web.accounts.isolation import acting_for
    from mixwijzer.web.accounts.models import Organisation
    from mixwijzer.web.register import services
    from mixwijzer.web.register.import_states import ImportEvent
    from mixwijzer.web.register.services.importing import move

    start, clock = _used(), time.perf_counter()
    with acting_for(owner):
        association = Organisation.objects.get(pk=owner)
        row = services.bring_in(owner=association, path=packed, now=timezone.now())
        if row.state == "staged":
            row = move(row, ImportEvent.CONFIRM, now=timezone.now())
            row = services.write_import(row, now=timezone.now())
    if row.state != "applied":
        raise SystemExit(f"{row.state}: {row.trouble} {row.findings[:3]}")
    told = {
        "clock": time.perf_counter() - clock,
        "processor": _used() - start,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "reader": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }
    print(json.dumps(told))


def _used() -> float:
    """Return the processor time of this process and those it started [s]."""
    spent = os.times()
    return sum(spent[:4])


if __name__ == "__main__":
    if sys.argv[1] == "--worker":
        worker(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        from benchmarks.__main__ import table

        hamlet = next(each for each in EVERY if each.name in TOWNS)
        found = run(hamlet, int(sys.argv[1]))
        print(*table([("whole_import", hamlet.name, each) for each in found]), sep="\n")
