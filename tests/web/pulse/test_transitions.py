"""The tables of steps: nothing leads nowhere, and nothing is compared before it was given."""

from __future__ import annotations

from itertools import product

import pytest

from mixwijzer.web.accounts.roles import MATRIX, Role
from mixwijzer.web.pulse.transitions import (
    BLIND,
    PERMISSION,
    ROUND_TRANSITIONS,
    TRANSITIONS,
    Event,
    RoundEvent,
    RoundState,
    TaskState,
    allowed,
    round_allowed,
)

END = {TaskState.PASSED_ON, TaskState.SETTLED, TaskState.LAPSED}


def ways(start: TaskState, goal: TaskState, seen: frozenset = frozenset()) -> list[tuple]:
    """Return every way from one state to another that passes no state twice."""
    if start is goal:
        return [()]
    return [
        (event, *rest)
        for (state, event), after in TRANSITIONS.items()
        if state is start and after not in seen | {start}
        for rest in ways(after, goal, seen | {start})
    ]


@pytest.mark.parametrize("state", TaskState)
def test_every_state_of_a_task_can_be_reached_and_ends_somewhere(state):
    assert ways(TaskState.OPEN, state)
    assert any(ways(state, goal) for goal in END)


@pytest.mark.parametrize("state", END)
def test_nothing_happens_to_a_task_that_ended(state):
    assert not [event for event in Event if allowed(state, event)]


@pytest.mark.parametrize(("state", "event"), product(TaskState, Event))
def test_a_task_moves_as_the_table_says_and_in_no_other_way(state, event):
    assert allowed(state, event) == ((state, event) in TRANSITIONS)
    if event is Event.PASS_ON:
        assert allowed(state, event) == (state is TaskState.OPEN)
    if event in {Event.ADJUST, Event.LEAVE}:
        assert allowed(state, event) == (state is TaskState.TALK)
    if event is Event.END:
        assert allowed(state, event) == (state not in END)


def test_before_a_word_or_a_settled_view_there_is_a_view_given_blind():
    for goal in (TaskState.TALK, TaskState.SETTLED):
        for way in ways(TaskState.OPEN, goal):
            assert way[0] is Event.GIVE
    assert {TaskState.OPEN, TaskState.GIVEN} == BLIND


@pytest.mark.parametrize(("state", "event"), product(RoundState, RoundEvent))
def test_a_round_is_planned_runs_and_ends_once(state, event):
    after = ROUND_TRANSITIONS.get((state, event))
    assert round_allowed(state, event) == (after is not None)
    order = list(RoundState)
    assert after is None or order.index(after) >= order.index(state)
    assert state is not RoundState.CLOSED or after is None
    if event is RoundEvent.START:
        assert (after is RoundState.OPEN) == (state is RoundState.PLANNED)


def test_every_event_can_happen_and_somebody_may_do_it():
    assert {event for _, event in TRANSITIONS} == set(Event)
    assert {event for _, event in ROUND_TRANSITIONS} == set(RoundEvent)
    assert set(PERMISSION) == {*Event, *RoundEvent}
    for action in PERMISSION.values():
        assert any(action in actions for actions in MATRIX.values())


def test_only_the_head_of_letting_plans_and_three_roles_are_asked():
    plan, judge = PERMISSION[RoundEvent.START], PERMISSION[Event.GIVE]
    assert [role for role in Role if plan in MATRIX[role]] == [Role.HEAD]
    assert {role for role in Role if judge in MATRIX[role]} == {
        Role.CONSULTANT,
        Role.HEAD,
        Role.MANAGER,
    }
