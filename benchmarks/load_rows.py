"""A file of a hundred thousand homes into the register: how long does writing take?

From a delivery on disk to rows in the ledger: read and checked in the limited process, copied into
temporary tables, compared with what is there, and written in one transaction. Beside it
`bulk_create` of the same rows, checked by nobody and compared with nothing. On PostgreSQL: `python
tools/with_postgres.py .venv/bin/python -m benchmarks load_rows`. Times are processor time, of this
process, the reading one and the database's together.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measure, processor_time_of_children
from benchmarks.towns import Town
from mixwijzer.exchange.incoming import spool

TOWNS = ("hamlet",)  # the rows are of its own making; the town only gives the bench its turn

ROWS = 100_000
PER_COMPLEX = 50
DAY = date(2026, 11, 22)


def run(town: Town) -> list[Measure]:
    """Measure once; the smallest of three turns against the noise of a busy machine."""
    folder = Path(tempfile.mkdtemp(prefix="mixwijzer-bench-"))
    _start(folder)
    homes(folder / "source", ROWS)
    checked = min(_read(folder) for _ in range(3))
    copied = min(_turn(folder, _set_based) for _ in range(3))
    listed = min(_turn(folder, _one_by_one) for _ in range(2))
    on_postgresql = "DATABASE_URL" in os.environ
    return [
        Measure(
            what="100,000 new rows, read, checked, compared and written",
            value=checked + copied,
            unit="s",
            baseline=listed,
            of="bulk_create",
            bar=1.0 if on_postgresql else None,
        ),
        Measure(
            what="times as fast as bulk_create, all of it",
            value=listed / (checked + copied),
            unit="×",
            bar=4.0 if on_postgresql else None,
            at_least=True,
        ),
        Measure(what="of which reading and checking", value=checked, unit="s"),
        Measure(
            what="times as fast as bulk_create, from clean tables", value=listed / copied, unit="×"
        ),
    ]


def homes(folder: Path, number: int, *, leases: bool = False, owner: str = "bench") -> None:
    """Write tables of so many homes of one association, and a lease for each if asked."""
    folder.mkdir(parents=True)
    complexes = range(-(-number // PER_COMPLEX))
    _write(
        folder / "complexes.csv",
        "id,name,owner",
        (f"C{each},Complex {each},{owner}" for each in complexes),
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


def _read(folder: Path) -> float:
    """Return how long reading and checking takes [s], in the process with limits."""
    shutil.rmtree(folder / "clean", ignore_errors=True)
    start = processor_time_of_children()
    told = spool(folder / "source", folder / "clean", owner="bench")
    if not told.sound:
        raise SystemExit(str(told.findings[:3]))
    return processor_time_of_children() - start


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

    from mixwijzer.web.register.services.foreseeing import foresee
    from mixwijzer.web.register.services.spooling import Clean
    from mixwijzer.web.register.services.staging import Staging
    from mixwijzer.web.register.services.writing import write_ahead

    staging, now = Staging(_owner(), DAY), timezone.now()
    staging.read(Clean.of(clean).files)
    list(foresee(_owner(), staging.present, (), channels=(), day=DAY, now=now))  # no accounts
    done = write_ahead(owner=_owner(), tables=staging.present, now=now)
    if done.added < ROWS:
        raise SystemExit(f"{done.added} rows written")
    staging.drop()


def _one_by_one(clean: Path) -> None:
    import csv

    from django.db import connection
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
    if connection.vendor == "postgresql":  # references are checked at the end, also of an import
        connection.check_constraints()
