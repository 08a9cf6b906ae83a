"""What a process of its own does in a race: it is started by `spawn`, on a real database.

Nothing of Django is imported before the process knows its database.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

WAIT = 120  # longest that contenders wait for each other [s]


@dataclass(frozen=True, kw_only=True)
class Ring:
    """Where a race takes place."""

    url: str
    home: str

    def enter(self) -> None:
        """Set Django up on the ring's database."""
        os.environ["DATABASE_URL"] = self.url
        os.environ["MIXWIJZER_HOME"] = self.home
        os.environ["DJANGO_SETTINGS_MODULE"] = "mixwijzer.web.config.settings"
        import django

        django.setup()
        from mixwijzer.web.accounts import isolation

        isolation.ambient = isolation.EVERYBODY  # a test of races, not of whose rows they are


@dataclass(frozen=True, kw_only=True)
class Target:
    """A vacancy that can be decided about, as a page showed it."""

    vacancy: uuid.UUID
    version: int
    address: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one contender heard in one round."""

    round: int
    worker: int
    address: str
    kind: str
    by: str = ""
    at: datetime | None = None
    what: str = ""


def prepare(ring: Ring, contenders: int, rounds: int, queue: Queue[list[list[Target]]]) -> None:
    """Build `rounds` buildings with two notices and one place left, all ready to be decided."""
    ring.enter()
    from mixwijzer.engine.portfolio import Known, Portfolio
    from mixwijzer.web.accounts.roles import Role
    from mixwijzer.web.accounts.services import join
    from mixwijzer.web.letting import services
    from mixwijzer.web.letting.selectors import vacancies, vacancy_page
    from tests import builders
    from tests.cast import make_cast

    cast = make_cast()
    for worker in range(contenders):
        join(
            email=f"w{worker}@hanzeveen.example",
            name=f"Worker {worker}",
            organisation=cast.woonbelang,
            role=Role.CONSULTANT,
        )
    codes = [f"R{number:03d}" for number in range(rounds)]
    services.load_portfolio(
        portfolio=builders.joined(
            *(builders.homes(code, 8) for code in codes),
            Portfolio(
                areas=tuple(
                    builders.replace(each, code=f"BU-{code}") if each.parent == "WK0101" else each
                    for code in codes
                    for each in builders.AREAS
                ),
                complexes=tuple(
                    builders.replace(builders.a_complex(code), neighbourhood=f"BU-{code}")
                    for code in codes
                ),
                judgements=tuple(
                    row
                    for code in codes
                    for row in builders.a_round(
                        code, "iris", attention=(2, 2, 2), carrier=(1, 1, 2), known=Known.ALL
                    )
                ),
                vacancies=tuple(
                    builders.a_vacancy(f"{code}-00{number}") for code in codes for number in (1, 2)
                ),
                caps=tuple(builders.a_cap(code, 3) for code in codes),
                channels=builders.CHANNELS,
            ),
        ),
        owner=cast.woonbelang,
        actor=None,
        now=builders.NOW,
        judges={"iris": cast.iris},
    )
    found: dict[str, list[Target]] = {code: [] for code in codes}
    for line in vacancies(cast.iris):
        code = line.address.partition("hof")[0]
        if not found[code]:
            services.answer_unchanged(user=cast.iris, vacancy=line.id, now=builders.NOW)
        page = vacancy_page(cast.iris, line.id, now=builders.NOW)
        found[code].append(Target(vacancy=line.id, version=page.version, address=line.address))
    queue.put([found[code] for code in codes])


def contend(
    ring: Ring,
    worker: int,
    rounds: Sequence[Sequence[Target]],
    barrier: Barrier,
    queue: Queue[list[Outcome]],
) -> None:
    """Decide in every round at the same moment as the others; say what was heard."""
    ring.enter()
    from mixwijzer.web.accounts.models import User

    user = User.objects.get(email=f"w{worker}@hanzeveen.example")
    heard = []
    for number, targets in enumerate(rounds):
        target = targets[worker % len(targets)]
        barrier.wait(WAIT)
        heard.append(_tried(user, number, worker, target))
    queue.put(heard)


def _tried(user: object, number: int, worker: int, target: Target) -> Outcome:
    from mixwijzer.web.letting.refusals import AlreadyDecided, Taken

    told = {"round": number, "worker": worker, "address": target.address}
    try:
        decide(user, target, uuid.uuid4())
    except AlreadyDecided as refused:
        return Outcome(kind="already_decided", by=refused.by, at=refused.at, **told)
    except Taken as refused:
        return Outcome(kind="taken", by=refused.by, at=refused.at, what=refused.what, **told)
    except Exception as error:
        return Outcome(kind=repr(error), **told)
    return Outcome(kind="won", **told)


def decide(user: object, target: Target, key: uuid.UUID) -> object:
    from mixwijzer.web.letting import services
    from mixwijzer.web.letting.bridge import load_advice
    from mixwijzer.web.letting.models import Advice

    opened = Advice.objects.visible_to(user).filter(vacancy__public_id=target.vacancy).latest("pk")
    follows = load_advice(opened.result).recommended == "mediation"
    now = opened.opened_at + timedelta(microseconds=time.perf_counter_ns() // 1000 % 10**9)
    return services.decide(
        user=user,
        vacancy=target.vacancy,
        channel="mediation",
        reason="fits_view" if follows else "request_fits",
        version=target.version,
        key=key,
        now=now,
    )


@dataclass(frozen=True, kw_only=True)
class Books:
    """What is in the books after a race."""

    standing: dict[str, tuple[str, datetime]]
    keys: dict[str, int]
    troubles: list[str]


def close_books(ring: Ring, queue: Queue[Books]) -> None:
    """Read who decided what, and whether trail and accounts hold."""
    ring.enter()
    from mixwijzer.web.accounts.models import Organisation
    from mixwijzer.web.audit.selectors import verify
    from mixwijzer.web.letting.models import Decision
    from mixwijzer.web.register.models import Letting
    from mixwijzer.web.register.services import verify_accounts
    from tests.builders import TODAY

    owner = Organisation.objects.get(code="woonbelang")
    decisions = Decision.objects.for_organisation(owner).select_related("vacancy", "actor")
    trail = verify(owner)
    troubles = [str(each) for each in (*trail.breaks, *verify_accounts(owner=owner, day=TODAY))]
    promised = Letting.objects.for_organisation(owner).filter(replaced_at=None).count()
    counted = sum(each.lapsed_at is None for each in decisions)
    if promised != counted:
        troubles.append(f"{promised} homes promised by {counted} decisions")
    queue.put(
        Books(
            standing={row.vacancy.dwelling: (row.actor.name, row.at) for row in decisions},
            keys={str(row.key): row.pk for row in decisions},
            troubles=troubles,
        )
    )


def key_of(target: Target) -> uuid.UUID:
    """Return the key that whoever decides about this vacancy uses."""
    return uuid.uuid5(target.vacancy, "key")


def decide_on(ring: Ring, worker: int, targets: Sequence[Target], acknowledged: Path) -> None:
    """Decide about one vacancy after another; write down each that was acknowledged."""
    ring.enter()
    from mixwijzer.web.accounts.models import User

    user = User.objects.get(email=f"w{worker}@hanzeveen.example")
    out = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for target in targets:
        key = key_of(target)
        decision = decide(user, target, key)
        os.write(out, f"{key} {decision.pk}\n".encode())  # type: ignore[attr-defined]
