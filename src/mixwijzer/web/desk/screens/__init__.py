"""What do the desk's pages draw? Turns what selectors found into the kit's components.

No number is computed here; words of an advice come from `exchange.wording`.
"""

from mixwijzer.web.desk.screens.checking import CheckScreen, check_screen
from mixwijzer.web.desk.screens.finding import (
    RequestsScreen,
    WhereScreen,
    requests_screen,
    where_screen,
)
from mixwijzer.web.desk.screens.listing import ListScreen, list_screen
from mixwijzer.web.desk.screens.neighbourhoods import NeighbourhoodsScreen, neighbourhoods_screen
from mixwijzer.web.desk.screens.places import ComplexScreen, complex_screen
from mixwijzer.web.desk.screens.public import PublicScreen, open_norms, public_screen
from mixwijzer.web.desk.screens.work import TodayScreen, steps_of, today_screen

__all__ = [
    "CheckScreen",
    "ComplexScreen",
    "ListScreen",
    "NeighbourhoodsScreen",
    "PublicScreen",
    "RequestsScreen",
    "TodayScreen",
    "WhereScreen",
    "check_screen",
    "complex_screen",
    "list_screen",
    "neighbourhoods_screen",
    "open_norms",
    "public_screen",
    "requests_screen",
    "steps_of",
    "today_screen",
    "where_screen",
]
