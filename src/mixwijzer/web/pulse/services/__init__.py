"""Make a round, give a view, pass it on, have a word, and close.

Every step goes as `transitions` allows, with a line of history and an event in the trail, all of it
or nothing. Locks are taken in one order: the association's trail, then the round.
"""

from mixwijzer.web.pulse.services.giving import adjust, give, leave, pass_on, practise
from mixwijzer.web.pulse.services.planning import assign, close_round, make_round, start_round

__all__ = [
    "adjust",
    "assign",
    "close_round",
    "give",
    "leave",
    "make_round",
    "pass_on",
    "practise",
    "start_round",
]
