"""Scenarios of the town, and what a process of its own does with one; some are killed on the way.

Nothing of Django is imported before a process knows its database.
"""

from __future__ import annotations

import os
import signal
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from multiprocessing.queues import Queue

    from mixwijzer.web.outlook.models import Scenario
    from tests.cast import Cast
    from tests.web.letting.contender import Ring

BLOCKS, DIES_AFTER = 5, 2


def a_scenario(cast: Cast, now: datetime | None = None, **asked: Any) -> Scenario:
    """Let Mo ask for a comparison of the town as it is."""
    from mixwijzer.web.outlook import bridge, services
    from tests.builders import NOW
    from tests.web.acting import a_key

    usual = {
        "regimes": ("experiment", "waiting_list"),
        "years": 3,
        "runs": 64 * BLOCKS,
        "seed": 7,
    }
    return services.make(
        user=cast.mo,
        owner=cast.woonbelang,
        name="Als het experiment stopt",
        asked=bridge.Asked(**{**usual, **asked}),
        key=a_key(),
        now=now or NOW,
    )


def a_finished_scenario(cast: Cast) -> Scenario:
    """Let a small one be done."""
    from mixwijzer.web.outlook import services

    row = a_scenario(cast, regimes=("experiment", "score"), years=2, runs=64)
    services.draw(row)
    return services.one_scenario(row.owner_id, row.public_id)


def a_scenario_elsewhere(cast: Cast) -> Scenario:
    """Write one of the other association, that has nobody in the cast who may compare."""
    from mixwijzer.web.outlook import bridge
    from mixwijzer.web.outlook.models import Scenario
    from tests.builders import NOW
    from tests.web.acting import a_key

    asked = bridge.Asked(regimes=("free_room",), years=1, runs=64, seed=1)
    row = Scenario(
        owner=cast.elders,
        name="Elders",
        made_at=NOW,
        key=a_key(),
        asked=asked.as_json,
        made_of=bridge.stock_mark(cast.elders),
        moved_at=NOW,
        blocks=1,
    )
    row.save(force_insert=True)
    return row


def begin(ring: Ring, queue: Queue[uuid.UUID]) -> None:
    """Make a database with a town, and a scenario that waits."""
    ring.enter()
    from tests.builders import hanzeveen
    from tests.cast import make_cast
    from tests.web.acting import load_town

    cast = make_cast()
    load_town(cast, hanzeveen())
    queue.put(a_scenario(cast).public_id)


def die_on_the_way(ring: Ring, scenario: uuid.UUID) -> None:
    """Draw, write every block down, and be killed after some of them."""
    ring.enter()
    from mixwijzer.exchange.ahead._comparing import Contest
    from mixwijzer.web.outlook.services import comparing

    comparing._EVERY = -1.0
    plain = Contest.drawn

    def killed(contest: Contest, saved: Any) -> Iterator[Any]:
        for blocks, found in enumerate(plain(contest, saved)):
            if blocks == DIES_AFTER:
                os.kill(os.getpid(), signal.SIGKILL)
            yield found

    Contest.drawn = killed  # type: ignore[method-assign, assignment]
    comparing.draw(_found(scenario))


def go_on(ring: Ring, scenario: uuid.UUID, queue: Queue[tuple[int, str, str]]) -> None:
    """Draw the rest; say how far it was, how it stands, and what it tells."""
    ring.enter()
    from mixwijzer.web.outlook import services

    before = _found(scenario)
    services.draw(before)
    after = _found(scenario)
    queue.put((before.drawn, after.state, after.document))


def _found(scenario: uuid.UUID) -> Any:
    from mixwijzer.web.outlook.models import Scenario

    return Scenario.of_everybody.select_related("owner").get(public_id=scenario)
