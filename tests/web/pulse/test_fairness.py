"""The work is spread: nobody twice at a place, nobody more than needed, who knows it best first."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.web.pulse.fairness import share_out

pytestmark = pytest.mark.once

PEOPLE = "abcde"
KNOWS = st.dictionaries(
    st.integers(0, 5),
    st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 2), max_size=4),
    max_size=4,
)


def loads(shared: dict[int, tuple[str, ...]]) -> Counter[str]:
    return Counter(person for people in shared.values() for person in people)


def cost(knows: dict[int, dict[str, int]], shared: dict[int, tuple[str, ...]]) -> tuple[int, int]:
    """Return how unevenly the work lies, then how far off the knowledge is."""
    squares = sum(number**2 for number in loads(shared).values())
    far = sum(knows[spot][person] for spot, people in shared.items() for person in people)
    return squares, far


@given(KNOWS)
def test_no_other_choice_is_fairer_nor_as_fair_with_people_who_know_it_better(knows):
    shared = share_out(knows)
    every = [list(combinations(people, min(2, len(people)))) for people in knows.values()]
    best = min(
        (cost(knows, dict(zip(knows, chosen, strict=True))) for chosen in product(*every)),
        default=(inf, inf),
    )
    assert cost(knows, shared) == best


@given(KNOWS)
def test_each_place_asks_two_different_people_who_know_it_or_all_there_are(knows):
    shared = share_out(knows)
    assert set(shared) == set(knows)
    for spot, people in shared.items():
        assert len(set(people)) == len(people) == min(2, len(knows[spot]))
        assert set(people) <= set(knows[spot])


@given(st.integers(0, 40), st.integers(2, 5))
def test_where_everybody_knows_everything_loads_differ_by_one_at_most(spots, people):
    knows = {spot: dict.fromkeys(PEOPLE[:people], 0) for spot in range(spots)}
    held = loads(share_out(knows))
    numbers = [held[person] for person in PEOPLE[:people]]
    assert max(numbers) - min(numbers) <= 1
    assert sum(numbers) == 2 * spots


def test_nobody_knows_it_is_an_answer():
    assert share_out({"a": {}, "b": {"iris": 1}}) == {"a": (), "b": ("iris",)}


def test_who_knows_it_best_stands_first():
    assert share_out({"a": {"sem": 2, "iris": 0}}) == {"a": ("iris", "sem")}
