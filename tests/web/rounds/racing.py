"""What a process of its own does in a race about one home of a week; started by `spawn`."""

from __future__ import annotations

import uuid
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from tests.web.letting.contender import WAIT, Ring

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
    target: tuple[uuid.UUID, str, str],
    barrier: Barrier,
    queue: Queue[tuple[str, str, str]],
) -> None:
    """Answer at the same moment as the others, and tell what was heard."""
    ring.enter()
    from mixwijzer.web.accounts.models import User
    from mixwijzer.web.rounds import services
    from mixwijzer.web.rounds.refusals import AlreadyAnswered
    from tests.builders import NOW

    user = User.objects.get(email=f"{worker}@hanzeveen.example")
    item, channel, reason = target
    barrier.wait(WAIT)
    try:
        services.answer(
            user=user, item=item, channel=channel, reason=reason, key=uuid.uuid4(), now=NOW
        )
    except AlreadyAnswered as refusal:
        queue.put(("lost", user.name, refusal.by))
    else:
        queue.put(("won", user.name, ""))


def close_books(ring: Ring, queue: Queue[tuple[list[str], str]]) -> None:
    """Tell whose decisions stand, and who answered according to the sheet."""
    ring.enter()
    from mixwijzer.web.letting.models import Decision
    from mixwijzer.web.rounds.models import RoundItem

    standing = Decision.of_everybody.filter(withdrawn_at=None).select_related("actor")
    item = RoundItem.of_everybody.select_related("answered_by").get()
    queue.put(([each.actor.name for each in standing], item.answered_by.name))
