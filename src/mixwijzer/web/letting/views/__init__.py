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
    candidate,
    candidates,
    condition,
    enter,
    look_again,
    match,
    open_matching,
    people,
    propose,
    reasons,
    step,
    stop_matching,
)
from mixwijzer.web.letting.views.noticing import notice

__all__ = [
    "answer",
    "candidate",
    "candidates",
    "condition",
    "decide",
    "enter",
    "hand_over",
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
