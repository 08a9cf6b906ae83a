"""The one table of steps: nothing leads nowhere, and a decision comes after an own view."""

from __future__ import annotations

import pytest

from mixwijzer.web.accounts.roles import MATRIX, Role
from mixwijzer.web.letting.transitions import (
    BY_ITSELF,
    OPEN,
    PERMISSION,
    TRANSITIONS,
    Event,
    State,
    after,
    allowed,
)


def paths(start: State, goal: State, seen: tuple[State, ...] = ()) -> list[tuple[Event, ...]]:
    """Return every way from one state to another that passes no state twice."""
    if start is goal:
        return [()]
    return [
        (event, *rest)
        for (state, event), after in TRANSITIONS.items()
        if state is start and after not in (*seen, start)
        for rest in paths(after, goal, (*seen, start))
    ]


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached_and_ends_somewhere(state):
    assert paths(State.NOTICED, state)
    assert paths(state, State.CLOSED)


def test_every_way_to_a_decision_passes_the_question_and_then_the_advice():
    for way in paths(State.NOTICED, State.DECIDED):
        assert way.index(Event.ANSWER) < way.index(Event.OPEN) < len(way) - 1
        assert way[-1] in {Event.DECIDE, Event.CONFIRM}


def test_nobody_does_anything_with_what_is_closed():
    assert not [event for event in Event if allowed(State.CLOSED, event)]


@pytest.mark.parametrize("held", [each for each in State if each is not State.CLOSED])
def test_what_was_closed_goes_on_where_it_was_without_its_matches(held):
    goes_on = after(State.CLOSED, Event.REOPEN, held)
    assert goes_on == (State.IN_MATCHING if held is State.RESERVED else held)
    assert after(held, Event.REOPEN, held) is None


def test_every_event_can_happen_and_somebody_may_do_it():
    assert {event for _, event in TRANSITIONS} | BY_ITSELF == set(Event)
    assert set(PERMISSION) == set(Event) - BY_ITSELF
    for action in PERMISSION.values():
        assert any(action in actions for actions in MATRIX.values())


def test_who_decides_may_also_answer_open_and_take_back():
    for role in (Role.CONSULTANT, Role.HEAD):
        for event in (Event.ANSWER, Event.OPEN, Event.DECIDE, Event.WITHDRAW, Event.HAND_OVER):
            assert PERMISSION[event] in MATRIX[role]


def test_a_decision_that_stands_is_no_longer_open_work():
    assert State.DECIDED not in OPEN
    assert State.CLOSED not in OPEN
