"""In a round nobody's page depends on what the other said, until both have spoken.

As for the question at a notice: not "the number isn't on the page" but that every page a judge can
open is the same, byte for byte, whatever the other said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import transaction

from mixwijzer.web.accounts.models import User
from mixwijzer.web.pulse import services
from mixwijzer.web.pulse.models import Round
from tests.builders import NOW, hanzeveen
from tests.cast import Cast
from tests.web.acting import answers, load_town
from tests.web.every_url import PAGE, asked, logged_in, things_of
from tests.web.pulse.rounds import BUSY, CALM, NEAR, running, says
from tests.web.test_own_view_first import FEW, MANY, alike, every_page, town_where_hans_says

pytestmark = pytest.mark.once

Story = Callable[[Cast, Round], None]


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def pages_of(cast: Cast, who: User, row: Round) -> dict[str, bytes]:
    """Return all that somebody reads, the pages of the round as well."""
    client = logged_in(who)
    paths = {"round: mine": "/judgements/", "round: examples": "/judgements/examples/"}
    for place, each in enumerate(things_of(who, "task")):
        paths[f"round: task {place}"] = f"/judgements/tasks/{each}/"
    if who == cast.mo:
        paths["round: new"] = "/judgements/rounds/new/"
        for name in ("", "plan.csv", "sheets/"):
            paths[f"round: {name}"] = f"/judgements/rounds/{row.public_id}/{name}"
    own = {name: alike(asked(client, PAGE, path).content) for name, path in paths.items()}
    return {**every_page_of(who, cast), **own}


def every_page_of(who: User, cast: Cast) -> dict[str, bytes]:
    """Return the pages of other features; complexes and vacancies as Iris has them."""
    return every_page(logged_in(who), cast)


def seen_by(cast: Cast, who: User, town: tuple[int, int, int], story: Story) -> dict[str, bytes]:
    """Tell a story in a town that is gone afterwards, and open every page."""
    with transaction.atomic():
        load_town(cast, town_where_hans_says(town))
        answers(cast.iris, "Vlierhof 3")
        row = running(cast, "Vlier", cast.iris, cast.hans)
        services.practise(user=cast.iris, now=NOW)
        story(cast, row)
        seen = pages_of(cast, who, row)
        transaction.set_rollback(True)
    return seen


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    assert one.keys() == other.keys()
    return {name for name in one if one[name] != other[name]}


def hans_says(ranges: dict) -> Story:
    return lambda cast, row: says(cast.hans, row, ranges) and None


def nothing(cast: Cast, row: Round) -> None:
    """Let nobody speak."""


def test_before_her_own_view_no_page_depends_on_what_the_other_said_this_year(cast: Cast):
    calm, busy = (seen_by(cast, cast.iris, FEW, hans_says(each)) for each in (CALM, BUSY))
    assert differing(calm, busy) == set()


def test_nor_on_what_he_ever_said_though_she_answered_the_question_of_the_vacancy(cast: Cast):
    """The account is made of it: before her own view in the round it is on no page."""
    few, many = (seen_by(cast, cast.iris, town, nothing) for town in (FEW, MANY))
    assert differing(few, many) == set()


def test_who_spoke_waits_for_the_other_except_where_she_has_to_decide(cast: Cast):
    def iris_says(cast: Cast, row: Round) -> None:
        says(cast.iris, row, CALM)

    few, many = (seen_by(cast, cast.iris, town, iris_says) for town in (FEW, MANY))
    vlier = {name for name in differing(few, many) if not name.startswith("vacancy")}
    assert vlier == set()
    assert differing(few, many)  # her vacancy there loses no day


def test_nothing_the_judge_said_is_on_anybodys_page_before_the_other_spoke(cast: Cast):
    """The head follows who answered; a colleague who isn't asked sees the account of before."""
    for who in (cast.mo, cast.sem, cast.hans):
        calm, busy = (
            seen_by(
                cast, who, FEW, lambda cast, row, said=said: says(cast.iris, row, said) and None
            )
            for said in (CALM, BUSY)
        )
        assert differing(calm, busy) == set(), who


def test_with_both_in_every_page_of_the_place_tells(cast: Cast):
    def both(said: dict) -> Story:
        def told(cast: Cast, row: Round) -> None:
            says(cast.hans, row, said)
            says(cast.iris, row, CALM)

        return told

    calm, busy = (seen_by(cast, cast.iris, FEW, both(each)) for each in (NEAR, BUSY))
    found = differing(calm, busy)
    assert any(name.startswith("complex") for name in found)
    assert any(name.startswith("round: task") for name in found)


def test_the_head_sees_that_a_word_is_due_and_not_who_said_more(cast: Cast):
    def apart(first: User, second: User) -> Story:
        def told(cast: Cast, row: Round) -> None:
            says(first, row, CALM)
            says(second, row, BUSY)

        return told

    seen = [
        seen_by(cast, cast.mo, FEW, apart(*pair))
        for pair in ((cast.iris, cast.hans), (cast.hans, cast.iris))
    ]
    assert differing(*seen) == set()
    assert all(b"even praten" in b"".join(each.values()) for each in seen)


def test_closing_the_round_opens_the_pages(cast: Cast):
    def closed(cast: Cast, row: Round) -> None:
        services.close_round(user=cast.mo, round_id=row.public_id, now=NOW)

    few, many = (seen_by(cast, cast.iris, town, closed) for town in (FEW, MANY))
    assert any(name.startswith("complex") for name in differing(few, many))


def test_the_yearly_question_begins_empty_though_she_judged_before(cast: Cast):
    load_town(cast, hanzeveen())
    row = running(cast, "Vlier", cast.iris, cast.hans)
    services.practise(user=cast.iris, now=NOW)
    page = logged_in(cast.iris).get(f"/judgements/tasks/{things_of(cast.iris, 'task')[0]}/")
    html = page.content.decode()
    assert row.name in html
    assert html.count('type="number"') == 10
    assert html.count('value="" required') == 6
    assert "checked" not in html
