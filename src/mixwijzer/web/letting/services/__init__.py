"""What people do with a vacancy: answer, open, decide, withdraw, hand over; and bring in data."""

from mixwijzer.web.letting.services.asking import answer, answer_unchanged, open_advice
from mixwijzer.web.letting.services.assigning import Whose, assign, follow_roles
from mixwijzer.web.letting.services.candidate_file import (
    Fate,
    Listed,
    Weighed,
    bring_in,
    known_as,
    read_list,
    weigh,
)
from mixwijzer.web.letting.services.candidates import (
    Entered,
    comes_back,
    correct,
    enter,
    forget_due,
    groups_of,
    leave,
    look_again,
)
from mixwijzer.web.letting.services.conditions import add_condition, meet
from mixwijzer.web.letting.services.deciding import (
    Agreed,
    choose_anew,
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
from mixwijzer.web.letting.services.list_back import take_list_back
from mixwijzer.web.letting.services.loading import load_portfolio
from mixwijzer.web.letting.services.matching import (
    accept,
    let,
    name_contact,
    open_matching,
    promote,
    propose,
    stop_matching,
)
from mixwijzer.web.letting.services.noticing import (
    Noticed,
    correct_notice,
    hand_over,
    notice,
    take_up,
    withdraw_notice,
)
from mixwijzer.web.letting.services.pricing import keep_room
from mixwijzer.web.letting.services.requesting import close_request, request_place
from mixwijzer.web.letting.services.unletting import unlet
from mixwijzer.web.letting.services.vocabulary import offer_reasons, refused_part, say

__all__ = [
    "Agreed",
    "Entered",
    "Fate",
    "Listed",
    "Noticed",
    "Weighed",
    "Whose",
    "accept",
    "add_condition",
    "answer",
    "answer_unchanged",
    "assign",
    "bring_in",
    "call_off",
    "choose_anew",
    "close_request",
    "comes_back",
    "confirm",
    "correct",
    "correct_notice",
    "decide",
    "decline",
    "enter",
    "expire_due",
    "follow_roles",
    "forget_due",
    "groups_of",
    "hand_over",
    "keep_room",
    "known_as",
    "leave",
    "let",
    "load_portfolio",
    "look_again",
    "meet",
    "name_contact",
    "notice",
    "offer_reasons",
    "open_advice",
    "open_matching",
    "promote",
    "propose",
    "read_list",
    "refused_part",
    "reopen",
    "replay",
    "request_place",
    "say",
    "send_back",
    "settle",
    "step_back",
    "stop_matching",
    "take_list_back",
    "take_up",
    "unlet",
    "weigh",
    "withdraw",
    "withdraw_notice",
]
