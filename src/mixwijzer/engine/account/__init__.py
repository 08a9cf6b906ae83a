"""Who lives here, as a probability over whole households?

An `Account` is a joint probability over whole-household counts per category of one scope. It is
built from judgements, from agreed roles or from labels with their error rates; in all three a
statement is evidence, never truth. Between statements a monthly filter follows departures,
lettings and drift (ENGINE §2, §3b). Scopes above the complex are the convolution of their
complexes, which supposes that complexes are independent.

For K ≤ 3 categories the joint is one grid with an axis for each category but the ordinary one; for
larger K each category is followed against all others (`Separate`), which is another account:
chances of several ceilings together are then products, and `Advice.joint` says so.
"""

from mixwijzer.engine.account._filter import Event, State, Statement
from mixwijzer.engine.account._history import Accounts
from mixwijzer.engine.account._joint import Account, Separate, Spread, Summed
from mixwijzer.engine.account._labels import Labels
from mixwijzer.engine.account._outlook import Level, Outlook, Stay

__all__ = [
    "Account",
    "Accounts",
    "Event",
    "Labels",
    "Level",
    "Outlook",
    "Separate",
    "Spread",
    "State",
    "Statement",
    "Stay",
    "Summed",
]
