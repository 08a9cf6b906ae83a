"""Eight people decide at one moment: one wins, everybody else hears who and when.

Real processes on a database of their own, SQLite or PostgreSQL as the run says.
`MIXWIJZER_RACE_ROUNDS` says how many rounds; the soak runs 300.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.web.letting import contender
from tests.web.letting.contender import Books, Outcome, Ring, Target
from tests.web.own_process import PATIENCE, SPAWN, asked

pytestmark = pytest.mark.fault

CONTENDERS = 8
ROUNDS = int(os.environ.get("MIXWIJZER_RACE_ROUNDS", "20"))
SOAK = pytest.param(300, marks=pytest.mark.soak)


def prepared(ring: Ring, rounds: int) -> list[list[Target]]:
    found: list[list[Target]] = asked(contender.prepare, ring, CONTENDERS, rounds)
    return found


def raced(ring: Ring, rounds: list[list[Target]]) -> list[Outcome]:
    """Let all contenders run; return everything they heard."""
    barrier, queue = SPAWN.Barrier(CONTENDERS), SPAWN.Queue()
    runners = [
        SPAWN.Process(target=contender.contend, args=(ring, worker, rounds, barrier, queue))
        for worker in range(CONTENDERS)
    ]
    for each in runners:
        each.start()
    heard: list[Outcome] = [outcome for _ in runners for outcome in queue.get(timeout=PATIENCE)]
    for each in runners:
        each.join(PATIENCE)
    return heard


def by_round(heard: list[Outcome], rounds: int) -> list[list[Outcome]]:
    return [[each for each in heard if each.round == number] for number in range(rounds)]


def winner_of(outcomes: list[Outcome]) -> Outcome:
    assert len(outcomes) == CONTENDERS
    winners = [each for each in outcomes if each.kind == "won"]
    assert len(winners) == 1, Counter(each.kind for each in outcomes)
    return winners[0]


@pytest.mark.parametrize("rounds", [ROUNDS, SOAK])
def test_of_eight_who_decide_one_vacancy_one_wins_and_seven_hear_who_and_when(
    ring: Ring, rounds: int
):
    targets = [each[:1] for each in prepared(ring, rounds)]
    heard = raced(ring, targets)
    books: Books = asked(contender.close_books, ring)
    assert books.troubles == []
    assert len(books.standing) == rounds
    for number, outcomes in enumerate(by_round(heard, rounds)):
        winner = winner_of(outcomes)
        name, at = books.standing[f"R{number:03d}-001"]
        assert name == f"Worker {winner.worker}"
        for loser in outcomes:
            if loser is not winner:
                assert (loser.kind, loser.by, loser.at) == ("already_decided", name, at)


@pytest.mark.parametrize("rounds", [ROUNDS, SOAK])
def test_of_two_vacancies_on_the_last_place_one_is_decided_and_everybody_hears_which(
    ring: Ring, rounds: int
):
    targets = prepared(ring, rounds)
    heard = raced(ring, targets)
    books: Books = asked(contender.close_books, ring)
    assert books.troubles == []
    assert len(books.standing) == rounds
    for number, outcomes in enumerate(by_round(heard, rounds)):
        winner = winner_of(outcomes)
        (name, at), *others = [
            stands for home, stands in books.standing.items() if home.startswith(f"R{number:03d}-")
        ]
        assert (name, others) == (f"Worker {winner.worker}", [])
        for loser in outcomes:
            if loser is winner:
                continue
            same = loser.address == winner.address
            assert loser.kind == ("already_decided" if same else "taken")
            assert (loser.by, loser.at) == (name, at)
            assert loser.what == ("" if same else winner.address)


@pytest.mark.parametrize("kills", [4, pytest.param(60, marks=pytest.mark.soak)])
def test_who_is_killed_while_deciding_loses_nothing_that_was_acknowledged(
    ring: Ring, tmp_path: Path, kills: int
):
    """SIGKILL at any moment: what was acknowledged is stored, and sent again gives the same."""
    moments = np.random.default_rng(20261123)
    targets = [each[0] for each in prepared(ring, 12 * kills)]
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()
    for number in range(kills):
        share = targets[12 * number : 12 * (number + 1)]
        before = len(acknowledged.read_text().splitlines())
        process = SPAWN.Process(
            target=contender.decide_on, args=(ring, number % CONTENDERS, share, acknowledged)
        )
        process.start()
        wait_for(lambda seen=before: len(acknowledged.read_text().splitlines()) > seen)
        time.sleep(moments.uniform(0, 0.4))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join(PATIENCE)
    told = dict(line.split() for line in acknowledged.read_text().splitlines())
    books: Books = asked(contender.close_books, ring)
    assert books.troubles == []
    assert len(told) >= kills
    assert {key: str(pk) for key, pk in books.keys.items() if key in told} == told

    again = tmp_path / "again"
    process = SPAWN.Process(target=contender.decide_on, args=(ring, 0, targets, again))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == 0
    repeated = dict(line.split() for line in again.read_text().splitlines())
    assert len(repeated) == len(targets)
    assert {key: repeated[key] for key in books.keys} == {
        key: str(pk) for key, pk in books.keys.items()
    }
    after: Books = asked(contender.close_books, ring)
    assert (len(after.standing), after.troubles) == (len(targets), [])


def wait_for(happened: Callable[[], bool]) -> None:
    """Wait until something happened."""
    until = time.perf_counter() + PATIENCE
    while not happened():
        assert time.perf_counter() < until, "it never happened"
        time.sleep(0.005)
