"""Write how an agreement is signed, as diagram and table, from the one table of steps.

    python -m tools.agreement_steps        write docs/reference/agreement-steps.md
    python -m tools.agreement_steps check  say whether it is up to date

Buttons, services and tests read the same table, so the page can't say anything else.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mixwijzer.web.agreements.transitions import (
    BY_ITSELF,
    PERMISSION,
    TRANSITIONS,
    Event,
    State,
)
from tools.profile_steps import diagram, steps_table
from tools.reference import kept

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "agreement-steps.md"

HEAD = """\
# Steps of an agreement

How a performance agreement, or a yearly slice of one, goes from draft to signing and after. This
page is written from `src/mixwijzer/web/agreements/transitions.py` by
`python -m tools.agreement_steps`: the same table is behind the buttons, the services and the tests.
The bid is due before 1 July of the year before, signing before 15 December. Municipality and
tenants' organisation answer for themselves only; a party that agreed elsewhere takes a reason. What
is promised is counted from `sign` on, in the same transaction.

```mermaid
stateDiagram-v2
    [*] --> draft
"""


def page() -> str:
    """Return the whole page."""
    table = steps_table(Event, TRANSITIONS, PERMISSION, BY_ITSELF)
    return "\n".join([HEAD.rstrip("\n"), *diagram(State, TRANSITIONS), "```", "", *table, ""])


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is up to date."""
    return kept(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
