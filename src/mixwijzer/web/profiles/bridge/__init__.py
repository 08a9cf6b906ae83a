"""From rows of profiles to engine values: the rules, the accounts they are held against.

`rules` reads and writes what is set, `accounts` reads who lives there, `forecast` compares two
profiles, `origins` says where a value comes from, `trying` answers for made-up buildings.
"""

from mixwijzer.web.profiles.bridge.accounts import (
    Kept,
    look_around,
    look_around_places,
    look_everywhere,
    read,
)
from mixwijzer.web.profiles.bridge.forecast import (
    Consequences,
    Told,
    Trouble,
    consequences,
    impossible,
)
from mixwijzer.web.profiles.bridge.origins import OriginLine, SetValue, set_values
from mixwijzer.web.profiles.bridge.rules import (
    CAPS,
    PROFILES,
    SCHEME,
    Rules,
    categories,
    cut,
    lines_of,
    own_content,
    rows_of,
    rules_around,
)
from mixwijzer.web.profiles.bridge.trying import Example, try_out

__all__ = [
    "CAPS",
    "PROFILES",
    "SCHEME",
    "Consequences",
    "Example",
    "Kept",
    "OriginLine",
    "Rules",
    "SetValue",
    "Told",
    "Trouble",
    "categories",
    "consequences",
    "cut",
    "impossible",
    "lines_of",
    "look_around",
    "look_around_places",
    "look_everywhere",
    "own_content",
    "read",
    "rows_of",
    "rules_around",
    "set_values",
    "try_out",
]
