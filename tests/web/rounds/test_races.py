"""Three people settle one home at one moment: one wins, the others hear who."""

from __future__ import annotations

import pytest

from tests.web.letting.contender import Ring
from tests.web.own_process import PATIENCE, SPAWN, asked
from tests.web.rounds import city_racing, racing

pytestmark = pytest.mark.fault


def test_of_three_who_answer_about_one_home_one_wins_and_two_hear_who(ring: Ring):
    target = asked(racing.prepare, ring)
    barrier, queue = SPAWN.Barrier(len(racing.WORKERS)), SPAWN.Queue()
    runners = [
        SPAWN.Process(target=racing.contend, args=(ring, worker, target, barrier, queue))
        for worker in racing.WORKERS
    ]
    for each in runners:
        each.start()
    heard = [queue.get(timeout=PATIENCE) for _ in runners]
    for each in runners:
        each.join(PATIENCE)
    (winner,) = [name for kind, name, _ in heard if kind == "won"]
    assert [by for kind, _, by in heard if kind == "lost"] == [winner, winner]
    assert asked(racing.close_books, ring) == ([winner], winner)


def test_of_three_who_settle_one_home_of_a_city_round_one_wins_and_two_hear_who(ring: Ring):
    """Two confirm and one leaves it out: there is one match, or none where it was left out."""
    home = asked(city_racing.prepare, ring)
    barrier, queue = SPAWN.Barrier(len(city_racing.WORKERS)), SPAWN.Queue()
    runners = [
        SPAWN.Process(target=city_racing.contend, args=(ring, worker, home, barrier, queue))
        for worker in city_racing.WORKERS
    ]
    for each in runners:
        each.start()
    heard = [queue.get(timeout=PATIENCE) for _ in runners]
    for each in runners:
        each.join(PATIENCE)
    (winner,) = [name for kind, name, _ in heard if kind == "won"]
    assert [by for kind, _, by in heard if kind == "lost"] == [winner, winner]
    settled, matches, matched, broken = asked(city_racing.close_books, ring)
    assert (settled, broken) == (winner, [])
    assert matches == matched == int(winner != "Sem Ruiter")
