"""What a process of its own does in a race about homes and candidates of two associations.

Everybody works in the scope of the associations where he has a role, as in a request. Nothing of
Django is imported before the process knows its database.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from threading import Thread
from typing import TYPE_CHECKING

from tests.web.letting.contender import WAIT, Ring
from tests.web.letting.match_contender import Heard

if TYPE_CHECKING:
    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.rounds.models import CityRound, Seat
    from tests.cast import Cast

Act = Callable[[], object]

OURS = 4  # the first so many work for Woonbelang alone, the others for Elders too


@dataclass(frozen=True, kw_only=True)
class Stake:
    """What is raced for in one round: a home of Woonbelang that goes to a candidate of Elders.

    With `elsewhere` the people of Elders propose that candidate for a home of their own instead.
    """

    home: uuid.UUID
    candidate: uuid.UUID
    number: str
    elsewhere: uuid.UUID | None


def prepare(ring: Ring, contenders: int, rounds: int, queue: Queue[list[Stake]]) -> None:
    """Adopt a round at each side of one table; every second race is for one candidate only."""
    ring.enter()
    from mixwijzer.web.letting import services
    from mixwijzer.web.letting.models import Vacancy
    from mixwijzer.web.rounds.city_steps import CityState
    from mixwijzer.web.rounds.models import CityPerson, CityRound
    from tests.builders import NOW, hanzeveen
    from tests.cast import make_cast
    from tests.web.acting import answers, decides, load_town
    from tests.web.rounds.cities import a_city, the_home
    from tests.web.rounds.tables import THEIRS, a_person, a_table, seat_of

    cast = make_cast()
    load_town(cast, hanzeveen())
    _join(cast, contenders)
    table, people = a_table(cast), [a_person(cast.olga, cast.elders) for _ in range(2 * rounds)]
    ours, theirs = (
        a_city(user, owner, [who], homes, seat=seat_of(table, owner).public_id)
        for user, owner, who, homes in (
            (cast.iris, cast.woonbelang, a_person(cast.iris, cast.woonbelang), ["Vlierhof 3"]),
            (cast.olga, cast.elders, people[0], THEIRS),
        )
    )
    CityRound.of_everybody.update(state=CityState.ADOPTED)
    CityPerson.objects.for_organisation(cast.elders).bulk_create(
        CityPerson(owner=cast.elders, city_round=theirs, candidate=each.number)
        for each in people[1:]
    )
    decides(cast.iris, answers(cast.iris, "Vlierhof 3"), channel="mediation")
    decides(cast.olga, answers(cast.olga, *THEIRS), channel="mediation")
    other = Vacancy.objects.for_organisation(cast.elders).get(dwelling="Elders-001").public_id
    services.open_matching(user=cast.olga, vacancy=other, now=NOW)
    home = the_home(ours, "Vlier-003").public_id
    queue.put([
        Stake(
            home=home,
            candidate=each.public_id,
            number=each.number,
            elsewhere=other if place % 2 else None,
        )
        for place, each in enumerate(people)
    ])  # fmt: skip


def _join(cast: Cast, contenders: int) -> None:
    """Let everybody work for Woonbelang, and the second half for Elders too."""
    from mixwijzer.web.accounts.roles import Role
    from mixwijzer.web.accounts.services import join

    for worker in range(contenders):
        for owner in (cast.woonbelang, cast.elders)[: 1 if worker < OURS else 2]:
            email, name = f"w{worker}@hanzeveen.example", f"Worker {worker}"
            join(email=email, name=name, organisation=owner, role=Role.CONSULTANT)


def contend(
    ring: Ring,
    workers: Sequence[int],
    stakes: Sequence[Stake],
    barrier: Barrier,
    queue: Queue[list[Heard]],
) -> None:
    """Let these work beside each other, each with a connection of his own.

    Starting a process costs more than all that is raced for here.
    """
    ring.enter()
    threads = [
        Thread(target=_race, args=(worker, stakes, barrier, queue), daemon=True)
        for worker in workers
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def _race(
    worker: int, stakes: Sequence[Stake], barrier: Barrier, queue: Queue[list[Heard]]
) -> None:
    """Try at the same moment as the others; who won calls it off again, for the next round."""
    from mixwijzer.web.accounts.isolation import acting_for
    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.letting import services

    user, heard = User.objects.get(email=f"w{worker}@hanzeveen.example"), []
    with acting_for(*user.reach):
        for number, stake in enumerate(stakes):
            if worker == 0:
                _laid_out(stake)
            barrier.wait(WAIT)
            told = _tried(user, number, worker, stake)
            heard.append(told)
            barrier.wait(WAIT)
            if told.kind == "won":
                match = uuid.UUID(told.match)
                services.call_off(user=user, match=match, version=1, now=_moment())
    queue.put(heard)


def _moment() -> datetime:
    """Return a moment of the day of the story that nobody else has."""
    from tests.builders import NOW

    return NOW + timedelta(microseconds=time.perf_counter_ns() // 1000 % 10**9)


def _laid_out(stake: Stake) -> None:
    """Let the home wait for the candidate of this round, as if it had been divided so."""
    from mixwijzer.web.accounts.models import Organisation
    from mixwijzer.web.rounds.models import CityHome

    CityHome.of_everybody.filter(public_id=stake.home).update(
        candidate=stake.number,
        candidate_of=Organisation.objects.get(code="elders"),
        match=None,
        settled_by=None,
        settled_at=None,
    )


def _tried(user: User, number: int, worker: int, stake: Stake) -> Heard:
    from mixwijzer.web.letting import refusals as letting
    from mixwijzer.web.rounds.refusals import CandidateElsewhere, Settled

    mine = {"round": number, "worker": worker}
    try:
        at, match = _won(user, worker, stake)
    except (letting.CandidateTaken, letting.HomeTaken, Settled) as refused:
        return Heard(kind="heard who", by=refused.by, at=refused.at, **mine)
    except letting.MatchedBefore as refused:  # by a colleague, for this same home
        return Heard(kind="matched before", match=refused.match, **mine)
    except letting.CandidateRests as refused:  # by the other association
        return Heard(kind="heard which", by=refused.by, at=refused.at, **mine)
    except CandidateElsewhere as refused:
        return Heard(kind="heard which", by=refused.name, at=refused.at, **mine)
    except Exception as error:
        return Heard(kind=repr(error), **mine)
    return Heard(kind="won", by=user.name, at=at, match=str(match), **mine)


def _won(user: User, worker: int, stake: Stake) -> tuple[datetime | None, uuid.UUID]:
    from mixwijzer.web.letting import services
    from mixwijzer.web.rounds.services import executing

    now = _moment()
    if stake.elsewhere is None or worker < OURS:
        home = executing.confirm(user=user, home=stake.home, now=now)
        return home.settled_at, home.match.public_id
    match = services.propose(user=user, vacancy=stake.elsewhere, candidate=stake.candidate, now=now)
    return match.moved_at, match.public_id


def close_books(ring: Ring, stakes: Sequence[Stake], queue: Queue[list[str]]) -> None:
    """Say what doesn't hold: a trail, a match that stands, a candidate who wasn't taken once."""
    ring.enter()
    from mixwijzer.web.accounts.models import Organisation
    from mixwijzer.web.audit.selectors import verify
    from mixwijzer.web.letting.models import Candidate, Match

    both = Organisation.objects.filter(code__in=("woonbelang", "elders"))
    troubles = [str(each) for owner in both for each in verify(owner).breaks]
    matches = Match.of_everybody.all()
    troubles += [f"{each}: {each.state}" for each in matches.exclude(state="cancelled")]
    for stake in stakes:
        there = matches.filter(owner__code="elders", candidate=stake.number).count()
        entered = Candidate.of_everybody.filter(reference=f"elders {stake.number}")
        here = matches.filter(candidate__in=entered.values("number"), owner__code="woonbelang")
        if (there + here.count(), entered.count()) != (1, here.count()):
            troubles.append(f"{stake.number}: {there} there, {here.count()} here")
    queue.put(troubles)


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What came of closing a table while somebody laid something there; `order` as in his trail."""

    kind: str
    at: datetime | None
    lies: bool
    order: list[str]


def close_and_lay(ring: Ring, rounds: int, queue: Queue[list[Closing]]) -> None:
    """Let Mo close one table after another at the moment at which Kas lays his round there."""
    ring.enter()
    import time_machine

    from mixwijzer.web.rounds.models import CityRound
    from mixwijzer.web.rounds.services import seating, together
    from tests.builders import NOW, hanzeveen
    from tests.cast import make_cast
    from tests.web.acting import load_town
    from tests.web.rounds.tables import THEIRS, a_person, a_table, brings, seat_of, their_head

    found = []
    with time_machine.travel(NOW):
        cast = make_cast()
        load_town(cast, hanzeveen())
        kas, people = their_head(cast), [a_person(cast.olga, cast.elders)]
        row = brings(a_table(cast), cast.olga, cast.elders, people, THEIRS)
        for _ in range(rounds):
            table = a_table(cast)
            rows = CityRound.of_everybody.filter(pk=row.pk)
            rows.update(seat=seat_of(table, cast.elders), laid_at=None, laid_by=None)
            heard = _both(
                cast.mo,
                kas,
                partial(seating.close, user=cast.mo, seat=table.public_id, now=NOW),
                partial(together.lay, user=kas, city_round=row.public_id, now=NOW),
            )
            found.append(_closing(row, seat_of(table, cast.elders), heard))
    queue.put(found)


def _both(first: User, second: User, close: Act, lay: Act) -> list[Exception]:
    """Do both at one moment, each in his own scope; return what was refused."""
    return _all([(first, close), (second, lay)])


def _all(wanted: Sequence[tuple[User, Act]]) -> list[Exception]:
    """Do all of it at one moment, each in his own scope; return what was refused."""
    from django.db import connection

    from mixwijzer.web.accounts.isolation import acting_for

    moment, refused = threading.Barrier(len(wanted)), []

    def done(who: User, act: Act) -> None:
        with acting_for(*who.reach):
            moment.wait(WAIT)
            try:
                act()
            except Exception as error:
                refused.append(error)
            connection.close()

    threads = [Thread(target=done, args=each) for each in wanted]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return refused


def _closing(row: CityRound, seat: Seat, heard: Sequence[Exception]) -> Closing:
    from mixwijzer.web.audit.models import Event
    from mixwijzer.web.rounds.models import CityRound

    told = Event.of_everybody.filter(
        owner=row.owner_id, subject__in=(row.public_id, seat.public_id)
    )
    last = told.filter(action__in=("rounds.city_lay", "rounds.table_closed")).order_by("-number")
    names = [each.action for each in last[: 2 if not heard else 1]]
    return Closing(
        kind="; ".join(f"{type(each).__name__}: {each}" for each in heard),
        at=seat.closed_at,
        lies=CityRound.of_everybody.get(pk=row.pk).laid_at is not None,
        order=names[::-1],
    )


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What came of opening a closed table while others adopted a part; `order` as in the trail."""

    refused: list[str]
    closed: int
    state: str
    order: list[str]


def open_and_adopt(ring: Ring, rounds: int, queue: Queue[list[Opening]]) -> None:
    """Let Mo open a closed table four times at the moment at which Kas adopts his part four times.

    Everybody has a connection of his own.
    """
    ring.enter()
    import time_machine

    from tests.builders import NOW, hanzeveen
    from tests.cast import make_cast
    from tests.web.acting import load_town

    with time_machine.travel(NOW):
        cast = make_cast()
        load_town(cast, hanzeveen())
        queue.put(_opened(cast, rounds))


def _opened(cast: Cast, rounds: int) -> list[Opening]:
    from mixwijzer.web.rounds.city_steps import CityEvent, CityState
    from mixwijzer.web.rounds.models import CityRound, Seat
    from mixwijzer.web.rounds.services import city, seating
    from tests.builders import NOW
    from tests.web.rounds.tables import THEIRS, a_person, a_table, brings, divided, laid, their_head

    kas, table, found = their_head(cast), a_table(cast), []
    for user, owner, homes in (
        (cast.mo, cast.woonbelang, ["Vlierhof 3"]),
        (kas, cast.elders, THEIRS),
    ):
        laid(user, brings(table, user, owner, [a_person(user, owner)], homes))
    _, theirs = divided(cast, table)
    adopt = partial(
        city.step, user=kas, city_round=theirs.public_id, event=CityEvent.ADOPT, now=NOW
    )
    for _ in range(rounds):
        CityRound.of_everybody.filter(pk=theirs.pk).update(state=CityState.RELEASED)
        Seat.of_everybody.filter(table=table.table).update(closed_at=NOW, closed_by=cast.mo)
        before = _last(theirs)
        again = partial(seating.open_again, user=cast.mo, seat=table.public_id, now=NOW)
        refused = _all([(cast.mo, again), (kas, adopt)] * 4)
        found.append(_opening(theirs, before, refused))
    return found


def _last(row: CityRound) -> int:
    from mixwijzer.web.audit.models import Event

    return Event.of_everybody.filter(owner=row.owner_id).latest("number").number


def _opening(row: CityRound, before: int, refused: Sequence[Exception]) -> Opening:
    from mixwijzer.web.audit.models import Event
    from mixwijzer.web.rounds.models import CityRound, Seat

    told = Event.of_everybody.filter(owner=row.owner_id, number__gt=before).order_by("number")
    return Opening(
        refused=sorted(f"{type(each).__name__}: {each}" for each in refused),
        closed=Seat.of_everybody.exclude(closed_at=None).count(),
        state=CityRound.of_everybody.get(pk=row.pk).state,
        order=[each.action for each in told],
    )
