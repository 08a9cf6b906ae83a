"""What a process of its own does in a race about one home of a week; started by `spawn`."""

from __future__ import annotations

import uuid
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING

from tests.web.letting.contender import WAIT, Ring

if TYPE_CHECKING:
    from mixwijzer.web.accounts.models import User

WORKERS = ("iris", "sem", "mo")


def prepare(ring: Ring, queue: Queue[tuple[uuid.UUID, str, str]]) -> None:
    """Put one home on the table, of which everybody gave a view."""
    ring.enter()
    from mixwijzer.web.rounds import services
    from mixwijzer.web.rounds.answer_steps import AnswerAct
    from mixwijzer.web.rounds.models import PartyAsk
    from tests.builders import NOW, hanzeveen
    from tests.cast import make_cast
    from tests.web.acting import answers, load_town
    from tests.web.rounds.weeks import a_week_on_the_table, the_item, the_page

    cast = make_cast()
    load_town(cast, hanzeveen())
    answers(cast.iris, "Vlierhof 3")
    row = a_week_on_the_table(cast, ["Vlierhof 3"])
    item = the_item(row, "Vlier-003")
    for ask in PartyAsk.of_everybody.filter(item=item):
        services.reply(
            user=cast.joris, ask=ask.public_id, act=AnswerAct.AGREE, word="", version=0, now=NOW
        )
    reason = "fits_view" if item.channel == the_page(cast.mo).items[0].advised else "haste"
    queue.put((item.public_id, item.channel, reason))


def contend(
    ring: Ring,
    worker: str,
    target: tuple[int, uuid.UUID, str, str],
    barrier: Barrier,
    queue: Queue[list[tuple[int, str, str, str]]],
) -> None:
    """Answer at the same moment as the others; who won takes it back, but for the last time."""
    ring.enter()
    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.rounds import services
    from tests.builders import NOW

    user, heard = User.objects.get(email=f"{worker}@hanzeveen.example"), []
    rounds, item, channel, reason = target
    for number in range(rounds):
        barrier.wait(WAIT)
        kind, by = _tried(user, item, channel, reason)
        heard.append((number, kind, user.name, by))
        barrier.wait(WAIT)
        if kind == "won" and number < rounds - 1:
            services.undo(user=user, item=item, reason="changed", key=uuid.uuid4(), now=NOW)
    queue.put(heard)


def _tried(user: User, item: uuid.UUID, channel: str, reason: str) -> tuple[str, str]:
    from mixwijzer.web.rounds import services
    from mixwijzer.web.rounds.refusals import AlreadyAnswered
    from tests.builders import NOW

    try:
        services.answer(
            user=user, item=item, channel=channel, reason=reason, key=uuid.uuid4(), now=NOW
        )
    except AlreadyAnswered as refusal:
        return "lost", refusal.by
    except Exception as error:
        return repr(error), ""
    return "won", ""


def close_books(ring: Ring, queue: Queue[tuple[list[str], str]]) -> None:
    """Tell whose decisions stand, and who answered according to the sheet."""
    ring.enter()
    from mixwijzer.web.letting.models import Decision
    from mixwijzer.web.rounds.models import RoundItem

    standing = Decision.of_everybody.filter(withdrawn_at=None).select_related("actor")
    item = RoundItem.of_everybody.select_related("answered_by").get()
    queue.put(([each.actor.name for each in standing], item.answered_by.name))
