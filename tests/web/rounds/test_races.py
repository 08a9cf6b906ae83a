"""People settle one home at one moment: one wins, the others hear who, and when.

`MIXWIJZER_RACE_ROUNDS` says how many rounds; the soak runs 500.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.builders import NOW
from tests.web.letting.contender import Ring
from tests.web.own_process import PATIENCE, SPAWN, asked
from tests.web.rounds import city_racing, racing, table_racing
from tests.web.rounds.table_racing import Closing, Heard, Opening, Stake

pytestmark = pytest.mark.fault

CONTENDERS = 8
PAIRS = tuple(zip(range(4), range(4, 8), strict=True))  # one of each association a process
ROUNDS = int(os.environ.get("MIXWIJZER_RACE_ROUNDS", "3"))
SOAK = pytest.param(500, marks=pytest.mark.soak)


def raced(
    contend: Callable[..., None],
    ring: Ring,
    workers: Sequence[object],
    target: object,
    people: int,
) -> list[Any]:
    """Let everybody run at one moment, round after round; return everything they heard."""
    barrier, queue = SPAWN.Barrier(people), SPAWN.Queue()
    runners = [
        SPAWN.Process(target=contend, args=(ring, worker, target, barrier, queue))
        for worker in workers
    ]
    for each in runners:
        each.start()
    heard = [told for _ in range(people) for told in queue.get(timeout=PATIENCE)]
    for each in runners:
        each.join(PATIENCE)
    return heard


def winners(heard: Sequence[tuple[int, str, str, str]], rounds: int) -> list[str]:
    """Return who won each round; the others heard who that was."""
    found = []
    for number in range(rounds):
        told = [each for each in heard if each[0] == number]
        (winner,) = [name for _, kind, name, _ in told if kind == "won"]
        assert [by for _, kind, _, by in told if kind == "lost"] == [winner, winner]
        found.append(winner)
    return found


@pytest.mark.parametrize("rounds", [ROUNDS, SOAK])
def test_of_three_who_answer_about_one_home_one_wins_and_two_hear_who(ring: Ring, rounds: int):
    target = asked(racing.prepare, ring)
    heard = raced(racing.contend, ring, racing.WORKERS, (rounds, *target), 3)
    last = winners(heard, rounds)[-1]
    assert asked(racing.close_books, ring) == ([last], last)


@pytest.mark.parametrize("rounds", [ROUNDS, SOAK])
def test_of_three_who_settle_one_home_of_a_city_round_one_wins_and_two_hear_who(
    ring: Ring, rounds: int
):
    """Two confirm and one leaves it out: there is one match, or none where it was left out."""
    target = asked(city_racing.prepare, ring, rounds)
    heard = raced(city_racing.contend, ring, city_racing.WORKERS, target, 3)
    won = winners(heard, rounds)
    confirmed = [each for each in won if each != "Sem Ruiter"]
    assert asked(city_racing.close_books, ring) == (won[-1], len(confirmed), [])


@pytest.mark.parametrize("rounds", [ROUNDS, SOAK])
def test_of_eight_of_two_associations_one_takes_a_candidate_of_the_other_and_the_rest_hear_it(
    ring: Ring, rounds: int
):
    """All eight confirm one home; then half of them propose its candidate for another's home.

    Who confirms the same home hears who was first and when; who proposed him for the same home is
    shown the match. Who is of the other association hears which one was first and when, no name.
    """
    stakes: list[Stake] = asked(table_racing.prepare, ring, CONTENDERS, rounds)
    heard: list[Heard] = raced(table_racing.contend, ring, PAIRS, stakes, CONTENDERS)
    for number, stake in enumerate(stakes):
        told = [each for each in heard if each.round == number]
        assert len(told) == CONTENDERS
        (winner,) = [each for each in told if each.kind == "won"]
        for loser in told:
            if loser is not winner:
                hears_of(winner, loser, stake)
    assert asked(table_racing.close_books, ring, stakes) == []


def hears_of(winner: Heard, loser: Heard, stake: Stake) -> None:
    """Say that somebody heard what he may hear of who won."""
    ours, theirs = (each.worker < table_racing.OURS for each in (loser, winner))
    if stake.elsewhere is None or (ours and theirs):
        assert (loser.kind, loser.by, loser.at) == ("heard who", winner.by, winner.at)
    elif ours == theirs:
        assert (loser.kind, loser.match) == ("matched before", winner.match)
    else:
        first = "Elders Wonen" if ours else "Woonbelang Hanzeveen"
        assert (loser.kind, loser.by, loser.at) == ("heard which", first, winner.at)


@pytest.mark.parametrize("rounds", [ROUNDS, SOAK])
def test_a_table_that_is_closed_while_somebody_lays_is_so_before_or_after_it(
    ring: Ring, rounds: int
):
    """Laid first, it lies there; closed first, who lays hears who closed it and when."""
    found: list[Closing] = asked(table_racing.close_and_lay, ring, rounds)
    assert len(found) == rounds
    said = f"TableClosed: Mo Staal, Woonbelang Hanzeveen {NOW.isoformat()}"
    for each in found:
        assert each.at == NOW
        if each.lies:
            assert (each.kind, each.order) == ("", ["rounds.city_lay", "rounds.table_closed"])
        else:
            assert (each.kind, each.order) == (said, ["rounds.table_closed"])


@pytest.mark.parametrize("rounds", [ROUNDS, SOAK])
def test_a_closed_table_is_opened_again_before_a_part_is_adopted_or_not_at_all(
    ring: Ring, rounds: int
):
    """Of four who adopt one does, the others hear it is adopted; who opens too late hears whose.

    Opened first, it is open once and the part is adopted at an open table; what four times asks
    for the same says nothing new.
    """
    found: list[Opening] = asked(table_racing.open_and_adopt, ring, rounds)
    assert len(found) == rounds
    for each in found:
        late = [told for told in each.refused if told.startswith("CityNotNow")]
        settled = [told for told in each.refused if told.startswith("TableSettled")]
        assert (each.state, len(late)) == ("adopted", 3)
        assert len(late) + len(settled) == len(each.refused)
        if settled:
            assert settled == ["TableSettled: Elders Wonen"] * 4
            assert (each.closed, each.order) == (2, ["rounds.city_adopt"])
        else:
            assert each.closed == 0
            assert each.order == ["rounds.table_opened", "rounds.city_adopt"]
