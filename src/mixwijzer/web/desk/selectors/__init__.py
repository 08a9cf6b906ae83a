"""What does this person need today, of the whole organisation's work?

Pages that put several features together: today, the complexes, one complex, the room check, search.
Each takes a fixed number of queries; accounts are hidden as `letting.selectors` says.
"""

from mixwijzer.web.desk.bridge import CategoryCount, Origin, ScopeAccount
from mixwijzer.web.desk.selectors.checking import Match, RoomCheck, room_check, search
from mixwijzer.web.desk.selectors.places import (
    ComplexListLine,
    ComplexPage,
    Flow,
    JudgementLine,
    complex_page,
    complexes,
)
from mixwijzer.web.desk.selectors.work import Figures, RequestLine, Today, WorkRow, today

__all__ = [
    "CategoryCount",
    "ComplexListLine",
    "ComplexPage",
    "Figures",
    "Flow",
    "JudgementLine",
    "Match",
    "Origin",
    "RequestLine",
    "RoomCheck",
    "ScopeAccount",
    "Today",
    "WorkRow",
    "complex_page",
    "complexes",
    "room_check",
    "search",
    "today",
]
