"""Write how a profile is adopted, as diagram and table, from the one table of steps.

    python tools/profile_steps.py        write docs/reference/profile-steps.md
    python tools/profile_steps.py check  say whether it is up to date

Buttons, services and tests read the same table, so the page can't say anything else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from mixwijzer.web.accounts.roles import MATRIX
from mixwijzer.web.profiles.transitions import BY_ITSELF, PERMISSION, TRANSITIONS, Event, State

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "profile-steps.md"

HEAD = """\
# Steps of a profile

How a profile goes from draft to adoption and after. This page is written from
`src/mixwijzer/web/profiles/transitions.py` by `python tools/profile_steps.py`: the same table is
behind the buttons, the services and the tests. There is no way to `adopted` past a second reader
and the right of advice of the tenants' organisation (six weeks); after an advice against it goes by
a reply with reasons.

```mermaid
stateDiagram-v2
    [*] --> draft
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD.rstrip("\n"), *_diagram(), "```", "", *_table(), ""])


def _diagram() -> Iterator[str]:
    for state in State:
        for (before, event), after in TRANSITIONS.items():
            if before is state:
                yield f"    {before.value} --> {after.value}: {event.value}"


def _table() -> Iterator[str]:
    yield "| step | from | to | by |"
    yield "|---|---|---|---|"
    for event in Event:
        ways = [(before, after) for (before, each), after in TRANSITIONS.items() if each is event]
        before = ", ".join(f"`{each.value}`" for each, _ in ways)
        after = ", ".join(dict.fromkeys(f"`{each.value}`" for _, each in ways))
        yield f"| `{event.value}` | {before} | {after} | {_who(event)} |"


def _who(event: Event) -> str:
    if event in BY_ITSELF:
        return "by itself"
    return ", ".join(
        role.value.replace("_", " ") for role, may in MATRIX.items() if PERMISSION[event] in may
    )


def main(arguments: list[str]) -> int:
    """Write the page, or check it."""
    if arguments == ["check"]:
        told = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        return int(told != page())
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
