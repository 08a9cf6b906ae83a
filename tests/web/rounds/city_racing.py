"""What a process of its own does in a race about one home of a city round; started by `spawn`."""

from __future__ import annotations

import uuid
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING

from tests.web.letting.contender import WAIT, Ring

if TYPE_CHECKING:
    from mixwijzer.web.accounts.models import User

WORKERS = ("iris", "sem", "mo")


def prepare(ring: Ring, rounds: int, queue: Queue[tuple[uuid.UUID, list[str]]]) -> None:
    """Adopt a round of one home, about which it was decided after that; a candidate a race."""
    ring.enter()
    from tests.builders import hanzeveen
    from tests.cast import make_cast
    from tests.web.acting import load_town
    from tests.web.letting.matched import a_candidate
    from tests.web.rounds.cities import a_city_adopted, is_decided, the_home

    cast = make_cast()
    load_town(cast, hanzeveen())
    row = a_city_adopted(cast, ["Vlierhof 3"])
    is_decided(cast, "Vlierhof 3")
    home = the_home(row, "Vlier-003")
    more = [a_candidate(cast).number for _ in range(rounds - 1)]
    queue.put((home.public_id, [home.candidate, *more]))


def contend(
    ring: Ring,
    worker: str,
    target: tuple[uuid.UUID, list[str]],
    barrier: Barrier,
    queue: Queue[list[tuple[int, str, str, str]]],
) -> None:
    """Confirm at the same moment as the others, or leave it; tell what was heard."""
    ring.enter()
    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.rounds.models import CityHome

    user, heard = User.objects.get(email=f"{worker}@hanzeveen.example"), []
    home, numbers = target
    fresh = {"match": None, "left_because": "", "settled_by": None, "settled_at": None}
    for number, candidate in enumerate(numbers):
        if worker == WORKERS[0]:
            CityHome.of_everybody.filter(public_id=home).update(candidate=candidate, **fresh)
        barrier.wait(WAIT)
        kind, by = _tried(user, home, leaves=worker == "sem")
        heard.append((number, kind, user.name, by))
        barrier.wait(WAIT)
        if kind == "won" and worker != "sem" and number < len(numbers) - 1:
            _called_off(user, candidate)
        barrier.wait(WAIT)
    queue.put(heard)


def _tried(user: User, home: uuid.UUID, *, leaves: bool) -> tuple[str, str]:
    from mixwijzer.web.rounds.refusals import Settled
    from mixwijzer.web.rounds.services import executing
    from tests.builders import NOW

    try:
        if leaves:
            executing.leave(user=user, home=home, reason="home_gone", now=NOW)
        else:
            executing.confirm(user=user, home=home, now=NOW)
    except Settled as refusal:
        return "lost", refusal.by
    except Exception as error:
        return repr(error), ""
    return "won", ""


def _called_off(user: User, candidate: str) -> None:
    from mixwijzer.web.letting import services
    from mixwijzer.web.letting.models import Match
    from tests.builders import NOW

    match = Match.of_everybody.get(candidate=candidate)
    services.call_off(user=user, match=match.public_id, version=1, now=NOW)


def close_books(ring: Ring, queue: Queue[tuple[str, int, list[str]]]) -> None:
    """Tell who settled it last, how many matches there were, and what the trail lacks."""
    ring.enter()
    from mixwijzer.web.accounts.models import Organisation
    from mixwijzer.web.audit.selectors import verify
    from mixwijzer.web.letting.models import Match
    from mixwijzer.web.rounds.models import CityHome

    home = CityHome.of_everybody.select_related("settled_by").get()
    owner = Organisation.objects.get(code="woonbelang")
    broken = [str(each) for each in verify(owner).breaks]
    if (home.match_id is None) != (home.left_because != ""):
        broken.append("a match that was left out")
    queue.put((home.settled_by.name, Match.of_everybody.count(), broken))
