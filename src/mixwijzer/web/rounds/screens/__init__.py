"""How rounds are drawn: `week` for one sheet of homes."""

from mixwijzer.web.rounds.screens.week import ItemScreen, WeekScreen, change_text, week_screen

__all__ = ["ItemScreen", "WeekScreen", "change_text", "week_screen"]
