"""Two imports at once, and an import while somebody decides: one order, nothing lost, all told.

Real processes on a database of their own, SQLite or PostgreSQL as the run says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mixwijzer.engine.portfolio import Portfolio
from tests.builders import TODAY, a_vacancy, homes
from tests.web.letting import contender
from tests.web.letting.contender import Books, Outcome, Ring, Target
from tests.web.own_process import PATIENCE, SPAWN, asked
from tests.web.register import racing
from tests.web.register.files import a_workbook
from tests.web.register.racing import Round

pytestmark = pytest.mark.fault

ROUNDS = 2


def at_once(*runners: tuple[Callable[..., None], tuple[Any, ...]]) -> list[Any]:
    """Let processes run against each other; return what each puts in its queue, in order."""
    barrier = SPAWN.Barrier(len(runners))
    queues = [SPAWN.Queue() for _ in runners]
    started = [
        SPAWN.Process(target=function, args=(*given, barrier, queue))
        for (function, given), queue in zip(runners, queues, strict=True)
    ]
    for each in started:
        each.start()
    heard = [queue.get(timeout=PATIENCE) for queue in queues]
    for each in started:
        each.join(PATIENCE)
    return heard


def prepared(ring: Ring, rounds: int) -> list[list[Target]]:
    found: list[list[Target]] = asked(contender.prepare, ring, 2, rounds)
    return found


def a_file(folder: Path, number: int, side: str, rent: str) -> Path:
    """Write what one of two sources says of a building: another rent, and a home of its own."""
    building = homes(f"R{number:03d}", 8).dwellings
    told = tuple(replace(each, rent=Decimal(rent)) for each in building)
    fresh = replace(told[0], id=f"R{number:03d}-900", address=f"Nieuw {side}")
    portfolio = Portfolio(dwellings=(*told, fresh), data_date=TODAY)
    return a_workbook(folder, portfolio, f"{side}{number}.xlsx")


def says(path: Path) -> str:
    return "Nieuw A" if path.name.startswith("A") else "Nieuw B"


def test_of_two_files_at_once_one_is_written_and_the_other_is_shown_anew(
    ring: Ring, tmp_path: Path
):
    prepared(ring, ROUNDS)
    files = [
        [a_file(tmp_path, number, "A", "701.00"), a_file(tmp_path, number, "B", "702.00")]
        for number in range(ROUNDS)
    ]
    heard: list[list[Round]] = at_once(
        *((racing.bring_two, (ring, worker, files)) for worker in range(2))
    )
    for number, sides in enumerate(zip(*heard, strict=True)):
        assert sorted((each.first, each.told) for each in sides) == [
            ("applied", ()),
            ("staged", ("moved",)),
        ]
        one, other = sides
        assert (one.between, one.after) == (other.between, other.after)
        winner = [each.first for each in sides].index("applied")
        for seen, side in ((one.between, winner), (one.after, 1 - winner)):
            rent, name = (("701.00", "A"), ("702.00", "B"))[side]
            assert len(seen) == 9
            assert all(value.startswith(rent) for value in seen.values())
            assert seen[f"R{number:03d}-900"] == f"{rent} Nieuw {name}"
    books: Books = asked(contender.close_books, ring)
    assert books.troubles == []


def test_of_two_who_confirm_one_import_one_is_first_and_it_is_written_once(
    ring: Ring, tmp_path: Path
):
    prepared(ring, 1)
    before = asked(racing.deliveries, ring)
    path = a_file(tmp_path, 0, "A", "701.00")
    heard = at_once(*((racing.confirm_one, (ring, worker, path)) for worker in range(2)))
    assert sorted(confirmed for confirmed, _ in heard) == ["confirmed", "late: confirmed"]
    assert sorted(written for _, written in heard) == ["applied", "late: applied"]
    assert asked(racing.deliveries, ring) == before + 1
    books: Books = asked(contender.close_books, ring)
    assert books.troubles == []


def test_a_decision_while_a_file_is_written_stands_or_hears_why_not(ring: Ring, tmp_path: Path):
    """The file ends a lease next door, and every second time it closes the notice itself."""
    targets = [each[0] for each in prepared(ring, 2 * ROUNDS)]
    files = [a_correction(tmp_path, number, closes=number % 2 == 1) for number in range(2 * ROUNDS)]
    states, outcomes = at_once(
        (racing.import_while_deciding, (ring, files)),
        (racing.decide_while_importing, (ring, targets)),
    )
    assert states == ["applied"] * len(files)
    books: Books = asked(contender.close_books, ring)
    assert books.troubles == []
    won = [each for each in outcomes if each.kind == "won"]
    assert len(books.standing) == len(won)
    assert {each.kind for each in outcomes} <= {
        "won",
        "not_now",
        "advice_changed",
        "version_changed",
    }
    assert all(lost_only_what_closed(each) for each in outcomes)


@pytest.mark.pg  # SQLite has one writer at a time: there a decision waits
@pytest.mark.parametrize(
    ("writing", "after"), [(racing.import_in_two, "applied"), (racing.undo_in_two, "undone")]
)
def test_a_decision_is_taken_while_the_homes_and_leases_of_a_file_are_written_or_taken_back(
    ring: Ring, tmp_path: Path, writing: Callable[..., None], after: str
):
    """The file ends a lease next door; the decision doesn't wait for the end of it."""
    targets = [each[0] for each in prepared(ring, 1)]
    state, outcomes = at_once(
        (writing, (ring, a_correction(tmp_path, 0, closes=False))),
        (racing.decide_while_importing, (ring, targets)),
    )
    assert (state, [each.kind for each in outcomes]) == (after, ["won"])
    books: Books = asked(contender.close_books, ring)
    assert books.troubles == []


def lost_only_what_closed(outcome: Outcome) -> bool:
    """Whether a refusal has its cause: a decision is refused as gone only where a notice closed."""
    return outcome.kind != "not_now" or outcome.round % 2 == 1


def a_correction(folder: Path, number: int, *, closes: bool) -> Path:
    code = f"R{number:03d}"
    leases = homes(code, 8).tenancies
    ended = replace(leases[-1], end=date(2026, 11, 20))
    notice = a_vacancy(f"{code}-001")
    portfolio = Portfolio(
        tenancies=(*leases[:-1], ended),
        vacancies=(replace(notice, closed_on=TODAY),) if closes else (notice,),
        data_date=TODAY,
    )
    return a_workbook(folder, portfolio, f"correction{number}.xlsx")
