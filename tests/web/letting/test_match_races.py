"""Eight people propose at one moment: for one home, or one candidate for eight homes.

Real processes on a database of their own. `MIXWIJZER_RACE_ROUNDS` says how many rounds; the soak
runs 500. (The last place of a band is raced for at the decision: `test_races`.)
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.web.letting import match_contender
from tests.web.letting.contender import Ring
from tests.web.letting.match_contender import Bid, Heard
from tests.web.own_process import PATIENCE, SPAWN, asked

pytestmark = pytest.mark.fault

CONTENDERS = 8
ROUNDS = int(os.environ.get("MIXWIJZER_RACE_ROUNDS", "50"))
SOAK = pytest.param(500, marks=pytest.mark.soak)


def raced(ring: Ring, rounds: list[list[Bid]]) -> list[Heard]:
    """Let everybody run; return everything they heard."""
    barrier, queue = SPAWN.Barrier(CONTENDERS), SPAWN.Queue()
    runners = [
        SPAWN.Process(target=match_contender.contend, args=(ring, worker, rounds, barrier, queue))
        for worker in range(CONTENDERS)
    ]
    for each in runners:
        each.start()
    heard: list[Heard] = [told for _ in runners for told in queue.get(timeout=PATIENCE)]
    for each in runners:
        each.join(PATIENCE)
    return heard


@pytest.mark.parametrize("rounds", [ROUNDS, SOAK])
@pytest.mark.parametrize(
    ("homes", "loses_as"), [(1, "home_taken"), (CONTENDERS, "candidate_taken")]
)
def test_of_eight_who_propose_one_wins_and_seven_hear_who_and_when(
    ring: Ring, rounds: int, homes: int, loses_as: str
):
    bids: list[list[Bid]] = asked(match_contender.prepare, ring, CONTENDERS, rounds, homes)
    heard = raced(ring, bids)
    for number in range(rounds):
        told = [each for each in heard if each.round == number]
        kinds = Counter(each.kind for each in told)
        assert kinds == {"won": 1, loses_as: CONTENDERS - 1}, kinds
        winner = next(each for each in told if each.kind == "won")
        for each in told:
            assert (each.by, each.at, each.match) == (winner.by, winner.at, winner.match)
    assert asked(match_contender.close_books, ring) == [f"matches: {rounds}"]
