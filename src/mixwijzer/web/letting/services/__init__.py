"""What people do with a vacancy: answer, open, decide, withdraw, hand over; and bring in data."""

from mixwijzer.web.letting.services.asking import answer, answer_unchanged, open_advice
from mixwijzer.web.letting.services.deciding import (
    confirm,
    decide,
    replay,
    send_back,
    withdraw,
)
from mixwijzer.web.letting.services.loading import load_portfolio
from mixwijzer.web.letting.services.noticing import Noticed, hand_over, notice, take_up
from mixwijzer.web.letting.services.pricing import keep_room
from mixwijzer.web.letting.services.requesting import close_request, request_place
from mixwijzer.web.letting.services.vocabulary import offer_reasons, refused_part, say

__all__ = [
    "Noticed",
    "answer",
    "answer_unchanged",
    "close_request",
    "confirm",
    "decide",
    "hand_over",
    "keep_room",
    "load_portfolio",
    "notice",
    "offer_reasons",
    "open_advice",
    "refused_part",
    "replay",
    "request_place",
    "say",
    "send_back",
    "take_up",
    "withdraw",
]
