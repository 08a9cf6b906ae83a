"""What there is to see of rounds: `week` of one sheet of homes."""

from mixwijzer.web.rounds.selectors.waiting import JOIN, CityWork, city_work
from mixwijzer.web.rounds.selectors.week import (
    ItemLine,
    WeekPage,
    around,
    discussed,
    one_item,
    one_round,
    week_of,
    week_page,
)

__all__ = [
    "JOIN",
    "CityWork",
    "ItemLine",
    "WeekPage",
    "around",
    "city_work",
    "discussed",
    "one_item",
    "one_round",
    "week_of",
    "week_page",
]
