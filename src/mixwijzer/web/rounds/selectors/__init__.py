"""What there is to see of rounds: `week` of one sheet, `answering` and `heard` of who answers."""

from mixwijzer.web.rounds.selectors.answering import (
    AskLine,
    AskPage,
    ask_page,
    ask_pages,
    ask_work,
)
from mixwijzer.web.rounds.selectors.heard import WeekWork, week_work
from mixwijzer.web.rounds.selectors.waiting import JOIN, CityWork, city_work
from mixwijzer.web.rounds.selectors.week import (
    ItemLine,
    WeekPage,
    around,
    one_item,
    one_round,
    week_of,
    week_page,
)

__all__ = [
    "JOIN",
    "AskLine",
    "AskPage",
    "CityWork",
    "ItemLine",
    "WeekPage",
    "WeekWork",
    "around",
    "ask_page",
    "ask_pages",
    "ask_work",
    "city_work",
    "one_item",
    "one_round",
    "week_of",
    "week_page",
    "week_work",
]
