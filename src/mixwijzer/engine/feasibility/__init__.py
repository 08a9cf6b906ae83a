"""Can everything that was agreed hold together; if not, what clashes, and what has to give?

A `Question` is what is owed, the homes that come free until then, and what limits who comes where.
`answer` gives a `Plan` that keeps all of it, or a `Conflict`: agreements that can't hold together,
of which any one might be missed, with the cheapest ways out. `one_more` says what the next
household of a group would cost. `question_of` reads all of it from accounts, for a careful or a
hopeful `Reading` of what isn't known, and `feasibility` answers for both; `shared` divides a
promise over associations by a key, and `divisions` says each one's part by every key, from the
`stakes` of each.
"""

from mixwijzer.engine.feasibility._answer import (
    Conflict,
    Move,
    OneMore,
    Plan,
    Relaxation,
    answer,
    one_more,
)
from mixwijzer.engine.feasibility._division import Division, Part, Stake, divided, divisions, stakes
from mixwijzer.engine.feasibility._question import (
    HOMES,
    Ceiling,
    CeilingKind,
    ComingHomes,
    Promise,
    Question,
)
from mixwijzer.engine.feasibility._share import shared
from mixwijzer.engine.feasibility._stock import Reading, Rule, Stock, question_of
from mixwijzer.engine.feasibility._verdict import Feasibility, Together, feasibility

__all__ = [
    "HOMES",
    "Ceiling",
    "CeilingKind",
    "ComingHomes",
    "Conflict",
    "Division",
    "Feasibility",
    "Move",
    "OneMore",
    "Part",
    "Plan",
    "Promise",
    "Question",
    "Reading",
    "Relaxation",
    "Rule",
    "Stake",
    "Stock",
    "Together",
    "answer",
    "divided",
    "divisions",
    "feasibility",
    "one_more",
    "question_of",
    "shared",
    "stakes",
]
