"""What a process of its own does in a race about one home of a city round; started by `spawn`."""

from __future__ import annotations

import uuid
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from tests.web.letting.contender import WAIT, Ring

WORKERS = ("iris", "sem", "mo")


def prepare(ring: Ring, queue: Queue[uuid.UUID]) -> None:
    """Adopt a round of one home, about which it was decided after that."""
    ring.enter()
    from tests.builders import hanzeveen
    from tests.cast import make_cast
    from tests.web.acting import load_town
    from tests.web.rounds.cities import a_city_adopted, is_decided, the_home

    cast = make_cast()
    load_town(cast, hanzeveen())
    row = a_city_adopted(cast, ["Vlierhof 3"])
    is_decided(cast, "Vlierhof 3")
    queue.put(the_home(row, "Vlier-003").public_id)


def contend(
    ring: Ring,
    worker: str,
    home: uuid.UUID,
    barrier: Barrier,
    queue: Queue[tuple[str, str, str]],
) -> None:
    """Confirm at the same moment as the others, or leave it; tell what was heard."""
    ring.enter()
    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.rounds.refusals import Settled
    from mixwijzer.web.rounds.services import executing
    from tests.builders import NOW

    user = User.objects.get(email=f"{worker}@hanzeveen.example")
    barrier.wait(WAIT)
    try:
        if worker == "sem":
            executing.leave(user=user, home=home, reason="home_gone", now=NOW)
        else:
            executing.confirm(user=user, home=home, now=NOW)
    except Settled as refusal:
        queue.put(("lost", user.name, refusal.by))
    except Exception as error:
        queue.put((repr(error), user.name, ""))
    else:
        queue.put(("won", user.name, ""))


def close_books(ring: Ring, queue: Queue[tuple[str, int, int, list[str]]]) -> None:
    """Tell who settled it, how many matches there are, and what the trail lacks."""
    ring.enter()
    from mixwijzer.web.accounts.models import Organisation
    from mixwijzer.web.audit.selectors import verify
    from mixwijzer.web.letting.models import Match
    from mixwijzer.web.rounds.models import CityHome

    home = CityHome.of_everybody.select_related("settled_by").get()
    matches = Match.of_everybody.count()
    owner = Organisation.objects.get(code="woonbelang")
    broken = [str(each) for each in verify(owner).breaks]
    queue.put((home.settled_by.name, matches, int(home.match_id is not None), broken))
