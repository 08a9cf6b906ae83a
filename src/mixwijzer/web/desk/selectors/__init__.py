"""What does this person need today, of the whole organisation's work?

Pages that put several features together: today, the complexes, one complex, the room check, search.
Each takes a fixed number of queries; accounts are hidden as `letting.selectors` says.
"""

from mixwijzer.web.desk.bridge import CategoryCount, Origin, ScopeAccount
from mixwijzer.web.desk.selectors.checking import Match, RoomCheck, room_check, search
from mixwijzer.web.desk.selectors.listing import ComplexList, Wanted, cleaned, complex_list
from mixwijzer.web.desk.selectors.nowhere import RequestRow, Requests, one_request, requests
from mixwijzer.web.desk.selectors.places import (
    ComplexListLine,
    ComplexPage,
    Flow,
    JudgementLine,
    complex_page,
    complexes,
)
from mixwijzer.web.desk.selectors.public import PublicPage, public_page
from mixwijzer.web.desk.selectors.quarters import QuarterLine, Quarters, quarters_page
from mixwijzer.web.desk.selectors.where import (
    Asked,
    ExpectedPlace,
    OpenNow,
    PlaceNow,
    Quarter,
    WhereFound,
    first_owner,
    quarters,
    where,
)
from mixwijzer.web.desk.selectors.work import Figures, Today, WorkRow, today
from mixwijzer.web.letting.selectors import RequestLine

__all__ = [
    "Asked",
    "CategoryCount",
    "ComplexList",
    "ComplexListLine",
    "ComplexPage",
    "ExpectedPlace",
    "Figures",
    "Flow",
    "JudgementLine",
    "Match",
    "OpenNow",
    "Origin",
    "PlaceNow",
    "PublicPage",
    "Quarter",
    "QuarterLine",
    "Quarters",
    "RequestLine",
    "RequestRow",
    "Requests",
    "RoomCheck",
    "ScopeAccount",
    "Today",
    "Wanted",
    "WhereFound",
    "WorkRow",
    "cleaned",
    "complex_list",
    "complex_page",
    "complexes",
    "first_owner",
    "one_request",
    "public_page",
    "quarters",
    "quarters_page",
    "requests",
    "room_check",
    "search",
    "today",
    "where",
]
