"""What a process of its own does in a race for a home, or for a candidate.

Nothing of Django is imported before the process knows its database.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from tests.web.letting.contender import WAIT, Ring


@dataclass(frozen=True, kw_only=True)
class Bid:
    """Who is proposed for which home in one round, by each worker."""

    home: uuid.UUID
    candidate: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What one worker heard in one round."""

    round: int
    worker: int
    kind: str
    by: str = ""
    at: datetime | None = None
    match: str = ""


def prepare(
    ring: Ring, contenders: int, rounds: int, wanted: int, queue: Queue[list[list[Bid]]]
) -> None:
    """Decide about homes and enter candidates: one home for all, or one candidate a round."""
    ring.enter()
    from mixwijzer.engine.portfolio import Portfolio
    from mixwijzer.web.accounts.roles import Role
    from mixwijzer.web.accounts.services import join
    from mixwijzer.web.letting import services
    from tests import builders
    from tests.cast import make_cast
    from tests.web.letting.matched import a_candidate, a_home_for_matching

    cast = make_cast()
    for worker in range(contenders):
        join(
            email=f"w{worker}@hanzeveen.example",
            name=f"Worker {worker}",
            organisation=cast.woonbelang,
            role=Role.CONSULTANT,
        )
    codes = [f"Ring-{number:03d}" for number in range(1, wanted + 1)]
    services.load_portfolio(
        portfolio=builders.joined(
            builders.homes("Ring", 60),
            Portfolio(
                areas=builders.AREAS,
                complexes=(builders.a_complex("Ring"),),
                judgements=builders.a_round("Ring", "iris", attention=(2, 3, 4)),
                vacancies=tuple(builders.a_vacancy(code) for code in codes),
                channels=builders.CHANNELS,
            ),
        ),
        owner=cast.woonbelang,
        actor=None,
        now=builders.NOW,
        judges={"iris": cast.iris},
    )
    homes = [a_home_for_matching(cast, code, channel="ordinary").public_id for code in codes]
    found = []
    for _ in range(rounds):
        people = [a_candidate(cast) for _ in range(contenders if wanted == 1 else 1)]
        found.append([
            Bid(home=homes[each % len(homes)], candidate=people[each % len(people)].public_id)
            for each in range(contenders)
        ])  # fmt: skip
    queue.put(found)


def contend(
    ring: Ring,
    worker: int,
    rounds: Sequence[Sequence[Bid]],
    barrier: Barrier,
    queue: Queue[list[Heard]],
) -> None:
    """Propose in every round at the same moment as the others; who won calls it off again."""
    ring.enter()
    from mixwijzer.web.accounts.models import User

    user = User.objects.get(email=f"w{worker}@hanzeveen.example")
    heard = []
    for number, bids in enumerate(rounds):
        barrier.wait(WAIT)
        told = _tried(user, number, worker, bids[worker])
        heard.append(told)
        barrier.wait(WAIT)
        if told.kind == "won":
            _called_off(user, told.match)
    queue.put(heard)


def _tried(user: object, number: int, worker: int, bid: Bid) -> Heard:
    from django.utils import timezone

    from mixwijzer.web.letting import services
    from mixwijzer.web.letting.refusals import CandidateTaken, HomeTaken

    mine = {"round": number, "worker": worker}
    try:
        match = services.propose(
            user=user, vacancy=bid.home, candidate=bid.candidate, now=timezone.now()
        )
    except (CandidateTaken, HomeTaken) as refused:
        return Heard(kind=refused.code, by=refused.by, at=refused.at, match=refused.match, **mine)
    except Exception as error:
        return Heard(kind=repr(error), **mine)
    return Heard(kind="won", by=user.name, at=match.moved_at, match=str(match.public_id), **mine)


def _called_off(user: object, match: str) -> None:
    from django.utils import timezone

    from mixwijzer.web.letting import services

    services.call_off(user=user, match=uuid.UUID(match), version=1, now=timezone.now())


def close_books(ring: Ring, queue: Queue[list[str]]) -> None:
    """Say what doesn't hold after a race: the trail, or more than one match that was won."""
    ring.enter()
    from mixwijzer.web.accounts.models import Organisation
    from mixwijzer.web.audit.selectors import verify
    from mixwijzer.web.letting.models import Match, Vacancy

    owner = Organisation.objects.get(code="woonbelang")
    troubles = [str(each) for each in verify(owner).breaks]
    rows = Match.objects.for_organisation(owner)
    troubles += [f"{each.candidate}: {each.state}" for each in rows.exclude(state="cancelled")]
    homes = Vacancy.objects.for_organisation(owner).exclude(state="in_matching")
    troubles += [f"{each.dwelling}: {each.state}" for each in homes]
    queue.put([*troubles, f"matches: {rows.count()}"])
