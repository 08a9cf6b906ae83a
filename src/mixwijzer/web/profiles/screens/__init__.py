"""What does a reader see of profiles? Turns what selectors found into the kit's components."""

from mixwijzer.web.profiles.screens.effects import EffectsScreen, effects_screen, try_table
from mixwijzer.web.profiles.screens.naming import place_href
from mixwijzer.web.profiles.screens.places import PlaceScreen, list_tables, place_screen
from mixwijzer.web.profiles.screens.version import VersionScreen, inherited, version_screen

__all__ = [
    "EffectsScreen",
    "PlaceScreen",
    "VersionScreen",
    "effects_screen",
    "inherited",
    "list_tables",
    "place_href",
    "place_screen",
    "try_table",
    "version_screen",
]
