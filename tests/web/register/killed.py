"""What a process of its own does with an import, on a real database; some are killed in the middle.

Nothing of Django is imported before the process knows its database.
"""

from __future__ import annotations

import os
import signal
import uuid
from multiprocessing.queues import Queue
from pathlib import Path

from tests.web.letting.contender import Ring


def begin(ring: Ring, path: Path, queue: Queue[uuid.UUID]) -> None:
    """Make a database with people, and an import that somebody confirmed."""
    ring.enter()
    from mixwijzer.web.register import services
    from tests.builders import NOW
    from tests.cast import make_cast
    from tests.web.register.files import read

    cast = make_cast()
    row = read(cast.woonbelang, cast.anja, path, NOW)
    queue.put(services.confirm(row=row, actor=cast.anja, now=NOW).public_id)


def die_at(ring: Ring, batch: uuid.UUID, where: str) -> None:
    """Write a confirmed import, and be killed when a certain step is reached."""
    ring.enter()
    from mixwijzer.web.register.services import applying
    from tests.builders import NOW

    def killed(*given: object, **named: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(applying, where, killed)
    applying.write_import(_found(batch), now=NOW)


def go_on(ring: Ring, batch: uuid.UUID, queue: Queue[str]) -> None:
    """Write it after all."""
    ring.enter()
    from mixwijzer.web.register import services
    from tests.builders import NOW

    queue.put(services.write_import(_found(batch), now=NOW).state)


def _found(batch: uuid.UUID) -> object:
    from mixwijzer.web.register.models import Import

    return Import.of_everybody.select_related("owner").get(public_id=batch)


def count(ring: Ring, queue: Queue[tuple[str, int, int, int]]) -> None:
    """Say how the import stands, and how many homes, complexes and troubles there are."""
    ring.enter()
    from mixwijzer.web.accounts.models import Organisation
    from mixwijzer.web.audit.selectors import verify
    from mixwijzer.web.register.models import Complex, Dwelling, Import
    from mixwijzer.web.register.services import verify_accounts
    from tests.builders import TODAY

    owner = Organisation.objects.get(code="woonbelang")
    troubles = (*verify(owner).breaks, *verify_accounts(owner=owner, day=TODAY))
    homes = Dwelling.objects.for_organisation(owner).count()
    complexes = Complex.objects.for_organisation(owner).count()
    queue.put((Import.objects.for_organisation(owner).get().state, homes, complexes, len(troubles)))
