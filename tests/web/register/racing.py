"""What a process of its own does with imports while another imports or decides.

Nothing of Django is imported before the process knows its database.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from tests.web.letting.contender import WAIT, Outcome, Ring, Target, decide


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one worker heard and saw in a round of two files about the same homes."""

    first: str
    told: tuple[str, ...]
    between: dict[str, str]
    after: dict[str, str] = field(default_factory=dict)


def _sides(worker: int) -> tuple[object, object]:
    from mixwijzer.web.accounts.models import Organisation, User

    user = User.objects.get(email=f"w{worker}@hanzeveen.example")
    return Organisation.objects.get(code="woonbelang"), user


def _now(worker: int) -> object:
    """Return a moment of its own for each worker; later than all before."""
    from datetime import timedelta

    from tests.builders import NOW

    return NOW + timedelta(microseconds=time.perf_counter_ns() // 1000 % 10**9, seconds=worker)


def _rents(owner: object, code: str) -> dict[str, str]:
    from mixwijzer.web.register.models import Dwelling

    rows = Dwelling.objects.for_organisation(owner).filter(replaced_at=None, code__startswith=code)
    return {row.code: f"{row.rent} {row.address}" for row in rows}


def bring_two(
    ring: Ring,
    worker: int,
    files: Sequence[Sequence[Path]],
    barrier: Barrier,
    queue: Queue[list[Round]],
) -> None:
    """In every round: have a file read, wait, write it at one moment with the other's.

    Who comes second confirms once more, having seen what the file would do now.
    """
    ring.enter()
    from mixwijzer.web.register import services
    from tests.web.register.files import read

    owner, user = _sides(worker)
    heard = []
    for number, pair in enumerate(files):
        row = read(owner, user, pair[worker], _now(worker))
        barrier.wait(WAIT)
        row = services.write_import(
            services.confirm(row=row, actor=user, now=_now(worker)), now=_now(worker)
        )
        first, told = row.state, tuple(row.held_for)
        barrier.wait(WAIT)
        between = _rents(owner, f"R{number:03d}")
        barrier.wait(WAIT)
        if first == "staged":
            row = services.confirm(row=row, actor=user, now=_now(worker))
            row = services.write_import(row, now=_now(worker))
        barrier.wait(WAIT)
        after = _rents(owner, f"R{number:03d}")
        heard.append(Round(first=first, told=told, between=between, after=after))
    queue.put(heard)


def confirm_one(
    ring: Ring, worker: int, path: Path, barrier: Barrier, queue: Queue[tuple[str, str]]
) -> None:
    """Confirm and write the very import that the other confirms and writes."""
    ring.enter()
    from mixwijzer.web.register import services
    from mixwijzer.web.register.models import Import
    from tests.web.register.files import read

    owner, user = _sides(worker)
    if not worker:
        read(owner, user, path, _now(worker))
    barrier.wait(WAIT)
    row = Import.objects.for_organisation(owner).select_related("owner").latest("pk")
    barrier.wait(WAIT)
    try:
        services.confirm(row=row, actor=user, now=_now(worker))
        confirmed = "confirmed"
    except services.ImportNotNow as late:
        confirmed = f"late: {late.state}"
    barrier.wait(WAIT)
    row = Import.objects.for_organisation(owner).select_related("owner").get(pk=row.pk)
    barrier.wait(WAIT)
    try:
        written = services.write_import(row, now=_now(worker)).state
    except services.ImportNotNow as late:
        written = f"late: {late.state}"
    queue.put((confirmed, written))


def import_while_deciding(
    ring: Ring, files: Sequence[Path], barrier: Barrier, queue: Queue[list[str]]
) -> None:
    """Write one confirmed file after another, each at the moment that somebody decides."""
    ring.enter()
    from mixwijzer.web.register import services
    from tests.web.register.files import read

    owner, user = _sides(0)
    states = []
    for path in files:
        row = services.confirm(row=read(owner, user, path, _now(0)), actor=user, now=_now(0))
        barrier.wait(WAIT)
        states.append(services.write_import(row, now=_now(0)).state)
        barrier.wait(WAIT)
    queue.put(states)


def import_in_two(ring: Ring, path: Path, barrier: Barrier, queue: Queue[str]) -> None:
    """Write a confirmed file, and stand still between what only files write and the rest."""
    ring.enter()
    from mixwijzer.web.register import services
    from mixwijzer.web.register.services import applying
    from tests.web.register.files import read

    _stand_still(applying, barrier)
    owner, user = _sides(0)
    row = services.confirm(row=read(owner, user, path, _now(0)), actor=user, now=_now(0))
    queue.put(services.write_import(row, now=_now(0)).state)


def undo_in_two(ring: Ring, path: Path, barrier: Barrier, queue: Queue[str]) -> None:
    """Take a file back, and stand still between what only files write and the rest."""
    ring.enter()
    from mixwijzer.web.register.services import undoing
    from tests.web.register.files import applied

    _stand_still(undoing, barrier)
    owner, user = _sides(0)
    row = applied(owner, user, path, _now(0))
    queue.put(undoing.undo(row=row, actor=user, now=_now(0)).state)


def _stand_still(service: Any, barrier: Barrier) -> None:
    """Let a service wait twice after it wrote what only files write."""
    write_ahead = service.write_ahead

    def standing_still(**given: object) -> object:
        done = write_ahead(**given)
        barrier.wait(WAIT)  # now somebody decides
        barrier.wait(WAIT)
        return done

    service.write_ahead = standing_still


def decide_while_importing(
    ring: Ring, targets: Sequence[Target], barrier: Barrier, queue: Queue[list[Outcome]]
) -> None:
    """Decide about one vacancy after another, a little later into the writing each time."""
    ring.enter()
    import uuid

    from mixwijzer.web.letting.refusals import Refusal

    _, user = _sides(1)
    heard = []
    for number, target in enumerate(targets):
        barrier.wait(WAIT)
        time.sleep(number * 0.03)
        kind = "won"
        try:
            decide(user, target, uuid.uuid4())
        except Refusal as refused:
            kind = refused.code
        heard.append(Outcome(round=number, worker=1, address=target.address, kind=kind))
        barrier.wait(WAIT)
    queue.put(heard)


def deliveries(ring: Ring, queue: Queue[int]) -> None:
    """Say how often something was brought in."""
    ring.enter()
    from mixwijzer.web.register.models import Delivery

    queue.put(Delivery.of_everybody.count())
