"""The pages of a vacancy: its notice, deciding about it, and from the decision to the key."""

from mixwijzer.web.letting.views.deciding import (
    answer,
    decide,
    hand_over,
    open_advice,
    read,
    vacancies,
    vacancy,
    withdraw,
)
from mixwijzer.web.letting.views.matching import (
    candidates,
    condition,
    match,
    open_matching,
    propose,
    reasons,
    step,
    stop_matching,
)
from mixwijzer.web.letting.views.noticing import notice
from mixwijzer.web.letting.views.people import (
    bring_in,
    candidate,
    come_back,
    correct,
    enter,
    leave,
    listed,
    look_again,
    people,
)

__all__ = [
    "answer",
    "bring_in",
    "candidate",
    "candidates",
    "come_back",
    "condition",
    "correct",
    "decide",
    "enter",
    "hand_over",
    "leave",
    "listed",
    "look_again",
    "match",
    "notice",
    "open_advice",
    "open_matching",
    "people",
    "propose",
    "read",
    "reasons",
    "step",
    "stop_matching",
    "vacancies",
    "vacancy",
    "withdraw",
]
