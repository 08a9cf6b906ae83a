"""Write how a profile is adopted, as diagram and table, from the one table of steps.

    python -m tools.profile_steps        write docs/reference/profile-steps.md
    python -m tools.profile_steps check  say whether it is up to date

Buttons, services and tests read the same table, so the page can't say anything else.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mixwijzer.web.accounts.roles import MATRIX, Action
from mixwijzer.web.profiles.transitions import BY_ITSELF, PERMISSION, TRANSITIONS, Event, State
from tools.reference import kept

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "profile-steps.md"

HEAD = """\
# Steps of a profile

How a profile goes from draft to adoption and after. This page is written from
`src/mixwijzer/web/profiles/transitions.py` by `python -m tools.profile_steps`: the same table is
behind the buttons, the services and the tests. There is no way to `adopted` past a second reader
and the right of advice of the tenants' organisation (six weeks); after an advice against it goes by
a reply with reasons.

```mermaid
stateDiagram-v2
    [*] --> draft
"""


def page() -> str:
    """Return the whole page."""
    table = steps_table(Event, TRANSITIONS, PERMISSION, BY_ITSELF)
    return "\n".join([HEAD.rstrip("\n"), *diagram(State, TRANSITIONS), "```", "", *table, ""])


def diagram(states: Iterable[Any], transitions: Mapping[tuple[Any, Any], Any]) -> Iterator[str]:
    """Draw which step leads from which state to which."""
    for state in states:
        for (before, event), after in transitions.items():
            if before is state:
                yield f"    {before.value} --> {after.value}: {event.value}"


def steps_table(
    events: Iterable[Any],
    transitions: Mapping[tuple[Any, Any], Any],
    permission: Mapping[Any, Action],
    by_itself: Collection[Any],
) -> Iterator[str]:
    """List each step with who may take it."""
    yield "| step | from | to | by |"
    yield "|---|---|---|---|"
    for event in events:
        ways = [(before, after) for (before, each), after in transitions.items() if each is event]
        before = ", ".join(f"`{each.value}`" for each, _ in ways)
        after = ", ".join(dict.fromkeys(f"`{each.value}`" for _, each in ways))
        who = "by itself" if event in by_itself else _roles(permission[event])
        yield f"| `{event.value}` | {before} | {after} | {who} |"


def _roles(action: Action) -> str:
    return ", ".join(role.value.replace("_", " ") for role, may in MATRIX.items() if action in may)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is up to date."""
    return kept(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
