"""A file of a hundred thousand homes into the register: how long does writing take?

From clean tables on disk to rows in the ledger: copied into temporary tables, compared with what is
there, and written in one transaction. Beside it `bulk_create` of the same rows, made beforehand and
compared with nothing. On PostgreSQL: `python tools/with_postgres.py .venv/bin/python -m benchmarks
load_rows`. Times are processor time, of this process and of the database's together.

`python -m benchmarks.load_rows 1000000` brings in so many rows and prints what it took.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measure
from benchmarks.towns import Town
from mixwijzer.cli._screen import peak_memory

TOWNS = ("hamlet",)  # the rows are of its own making; the town only gives the bench its turn

ROWS = 100_000
PER_COMPLEX = 50
DAY = date(2026, 11, 22)


def run(town: Town) -> list[Measure]:
    """Measure once; the smallest of three turns against the noise of a busy machine."""
    folder = Path(tempfile.mkdtemp(prefix="mixwijzer-bench-"))
    _start(folder)
    homes(folder / "clean", ROWS)
    copied = min(_turn(folder, _set_based) for _ in range(3))
    listed = min(_turn(folder, _one_by_one) for _ in range(2))
    on_postgresql = "DATABASE_URL" in os.environ
    return [
        Measure(
            what="100,000 new rows, compared and written",
            value=copied,
            unit="s",
            baseline=listed,
            of="bulk_create",
            bar=1.0 if on_postgresql else None,
        ),
        Measure(
            what="times as fast as bulk_create",
            value=listed / copied,
            unit="×",
            bar=4.0,
            at_least=True,
        ),
    ]


def homes(folder: Path, number: int, *, leases: bool = False) -> None:
    """Write clean tables of so many homes, and a lease for each if asked."""
    folder.mkdir(parents=True)
    complexes = range(-(-number // PER_COMPLEX))
    _write(
        folder / "complexes.csv",
        "id,name,owner",
        (f"C{each},Complex {each},bench" for each in complexes),
    )
    _write(
        folder / "dwellings.csv",
        "id,complex,address,stairwell,floor,rooms,rent,accessible,bag_id,in_base,out_reason",
        (
            f"H{each},C{each // PER_COMPLEX},Straat {each},,{each % 5},3,"
            f"{650 + each % 90}.25,no,0193010000{each:06d},yes,"
            for each in range(number)
        ),
    )
    if leases:
        _write(
            folder / "tenancies.csv",
            "id,dwelling,start,end,lease_kind,household",
            (f"T{each},H{each},{2010 + each % 16}-05-01,,," for each in range(number)),
        )


def _write(path: Path, header: str, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{header}\n")
        file.writelines(f"{line}\n" for line in lines)


def _start(home: Path) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="mixwijzer.web.config.settings", MIXWIJZER_HOME=str(home)
    )
    import django

    django.setup()
    from django.core.management import call_command

    from mixwijzer.web.accounts import isolation

    isolation.ambient = isolation.EVERYBODY
    call_command("migrate", verbosity=0)


def _owner() -> Any:  # noqa: ANN401 (a model, once Django has started)
    from mixwijzer.web.accounts.models import Organisation
    from mixwijzer.web.accounts.roles import OrganisationKind

    kind = OrganisationKind.ASSOCIATION
    return Organisation.objects.get_or_create(
        code="bench", defaults={"name": "Bench", "kind": kind}
    )[0]


def _turn(folder: Path, work: Callable[[Path], None]) -> float:
    """Return how long one way takes [s]; its rows are taken back."""
    from django.db import transaction

    with transaction.atomic():
        start = _used()
        work(folder / "clean")
        taken = _used() - start
        transaction.set_rollback(True)
    return taken


def _used() -> float:
    """Return the processor time used until now, here and in the database's own process [s]."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = int(told[11]) + int(told[12])  # in user and in system mode
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _set_based(clean: Path) -> None:
    from django.utils import timezone

    from mixwijzer.web.register.services.staging import Staging
    from mixwijzer.web.register.services.writing import write_rows

    staging = Staging(_owner(), DAY)
    staging.read({path.stem: path for path in sorted(clean.glob("*.csv"))})
    done = write_rows(owner=_owner(), tables=staging.present, now=timezone.now())
    if done.added < ROWS:
        raise SystemExit(f"{done.added} rows written")
    staging.drop()


def _one_by_one(clean: Path) -> None:
    import csv

    from django.utils import timezone

    from mixwijzer.web.register.models import Complex, Dwelling

    owner, now = _owner(), timezone.now()
    with (clean / "complexes.csv").open(encoding="utf-8") as file:
        rows = [Complex(owner=owner, code=row["id"]) for row in csv.DictReader(file)]
    made = Complex.objects.for_organisation(owner).bulk_create(rows, batch_size=5_000)
    anchors = {each.code: each.pk for each in made}
    with (clean / "dwellings.csv").open(encoding="utf-8") as file:
        fresh = [
            Dwelling(
                owner=owner,
                recorded_at=now,
                complex_id=anchors[row["complex"]],
                code=row["id"],
                address=row["address"],
                floor=int(row["floor"]),
                rooms=int(row["rooms"]),
                rent=row["rent"],
                bag_id=row["bag_id"],
            )
            for row in csv.DictReader(file)
        ]
    Dwelling.objects.for_organisation(owner).bulk_create(fresh, batch_size=5_000)


def whole(rows: int) -> None:
    """Bring in so many rows, homes and leases, as a worker does; print what it took."""
    folder = Path(tempfile.mkdtemp(prefix="mixwijzer-bench-"))
    _start(folder)
    homes(folder / "source", rows // 2, leases=True)
    import shutil

    from django.utils import timezone

    from mixwijzer.web.register import services
    from mixwijzer.web.register.services.importing import move

    packed = shutil.make_archive(str(folder / "bezit"), "zip", folder / "source")
    marks = [("start", time.perf_counter())]
    row = services.bring_in(owner=_owner(), path=Path(packed), now=timezone.now())
    marks.append((row.state, time.perf_counter()))
    print(row.state, row.findings[:3], f"peak {peak_memory():.0f} MB", flush=True)
    row = services.write_import(move(row, "confirm", now=timezone.now()), now=timezone.now())  # type: ignore[arg-type]
    marks.append((row.state, time.perf_counter()))
    for (_, before), (state, after) in pairwise(marks):
        print(f"{state}: {after - before:.1f} s")
    print(f"peak {peak_memory():.0f} MB")


if __name__ == "__main__":
    whole(int(sys.argv[1]))
