"""Two judges of one place at the same moment: both views are kept, and compared once.

On SQLite there is one writer at a time (transactions are IMMEDIATE); here is PostgreSQL.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import close_old_connections, connection

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import User
from mixwijzer.web.pulse.models import Round, Step, Task, View
from mixwijzer.web.pulse.transitions import Event, TaskState
from mixwijzer.web.register.models import Judgement
from tests.builders import TODAY, hanzeveen
from tests.cast import make_cast
from tests.web.acting import a_key, load_town
from tests.web.pulse.rounds import BUSY, CALM, NEAR, running, says

pytestmark = [pytest.mark.pg, pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do things at the same moment, each on its own connection; return what went wrong."""
    start, wrong = threading.Barrier(len(acts)), []

    def one(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except Exception as error:  # told by the test
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    close_old_connections()
    return wrong


def said_at_once(row: Round, *words: tuple[User, dict]) -> list[BaseException]:
    """Let people speak at the same moment."""

    def act(judge: User, ranges: dict, key: object) -> Callable[[], object]:
        def speak() -> None:
            with acting_for(row.owner_id):
                says(judge, row, ranges, key=key)

        return speak

    return at_once(*(act(judge, ranges, a_key()) for judge, ranges in words))


@pytest.mark.parametrize(("theirs", "state"), [(NEAR, "settled"), (BUSY, "talk")])
def test_two_who_speak_at_once_are_compared_once(theirs, state):
    cast = make_cast()
    load_town(cast, hanzeveen())
    row = running(cast, "Vlier", cast.iris, cast.hans)
    assert said_at_once(row, (cast.iris, CALM), (cast.hans, theirs)) == []
    tasks = Task.objects.for_organisation(cast.woonbelang).filter(place__round=row)
    assert {each.state for each in tasks} == {TaskState(state)}
    steps = Step.objects.for_organisation(cast.woonbelang).filter(
        event__in=[Event.AGREE, Event.DIFFER]
    )
    assert steps.count() == 2
    told = Judgement.objects.for_organisation(cast.woonbelang).filter(on__gte=TODAY)
    assert {each.judge_id for each in told} == {cast.iris.pk, cast.hans.pk}


def test_a_double_tap_is_one_view():
    cast = make_cast()
    load_town(cast, hanzeveen())
    row, key = running(cast, "Vlier", cast.iris, cast.hans), a_key()

    def tap() -> None:
        with acting_for(row.owner_id):
            says(cast.iris, row, CALM, key=key)

    assert at_once(tap, tap) == []
    assert View.objects.for_organisation(cast.woonbelang).count() == 1
