"""What people do with a vacancy: answer, open, decide, withdraw, hand over; and bring in data."""

from mixwijzer.web.letting.services.asking import answer, answer_unchanged, open_advice
from mixwijzer.web.letting.services.candidates import (
    Entered,
    comes_back,
    enter,
    forget_due,
    groups_of,
    look_again,
)
from mixwijzer.web.letting.services.conditions import add_condition, meet
from mixwijzer.web.letting.services.deciding import (
    Agreed,
    confirm,
    decide,
    replay,
    send_back,
    withdraw,
)
from mixwijzer.web.letting.services.declining import (
    call_off,
    decline,
    expire_due,
    reopen,
    settle,
    step_back,
)
from mixwijzer.web.letting.services.loading import load_portfolio
from mixwijzer.web.letting.services.matching import (
    accept,
    let,
    open_matching,
    promote,
    propose,
    stop_matching,
)
from mixwijzer.web.letting.services.noticing import Noticed, hand_over, notice, take_up
from mixwijzer.web.letting.services.pricing import keep_room
from mixwijzer.web.letting.services.requesting import close_request, request_place
from mixwijzer.web.letting.services.vocabulary import offer_reasons, refused_part, say

__all__ = [
    "Agreed",
    "Entered",
    "Noticed",
    "accept",
    "add_condition",
    "answer",
    "answer_unchanged",
    "call_off",
    "close_request",
    "comes_back",
    "confirm",
    "decide",
    "decline",
    "enter",
    "expire_due",
    "forget_due",
    "groups_of",
    "hand_over",
    "keep_room",
    "let",
    "load_portfolio",
    "look_again",
    "meet",
    "notice",
    "offer_reasons",
    "open_advice",
    "open_matching",
    "promote",
    "propose",
    "refused_part",
    "reopen",
    "replay",
    "request_place",
    "say",
    "send_back",
    "settle",
    "step_back",
    "stop_matching",
    "take_up",
    "withdraw",
]
