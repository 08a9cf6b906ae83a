"""How rounds are drawn: `week` for one sheet of homes, `answering` for who answers about them."""

from mixwijzer.web.rounds.screens.answering import answer_tasks, ask_screen
from mixwijzer.web.rounds.screens.waiting import city_href, city_tasks, week_tasks
from mixwijzer.web.rounds.screens.week import (
    ItemScreen,
    WeekScreen,
    change_text,
    week_href,
    week_screen,
)

__all__ = [
    "ItemScreen",
    "WeekScreen",
    "answer_tasks",
    "ask_screen",
    "change_text",
    "city_href",
    "city_tasks",
    "week_href",
    "week_screen",
    "week_tasks",
]
