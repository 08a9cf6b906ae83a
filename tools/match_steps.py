"""Write how a match goes from proposal to key, as diagram and table, from the one table of steps.

    python -m tools.match_steps        write docs/reference/match-steps.md
    python -m tools.match_steps check  say whether it is up to date

Buttons, services and tests read the same table, so the page can't say anything else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from mixwijzer.web.letting.match_steps import (
    ALLOWED,
    OPTIONAL,
    OWNER,
    REASONS,
    UNLET_DAYS,
    Act,
    MatchState,
    after,
    route,
)
from tools.reference import kept

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "match-steps.md"
WHOLE = route(partner=True, talk=True)

HEAD = """\
# Steps of a match

How one candidate for one home goes from a proposal to the key. This page is written from
`src/mixwijzer/web/letting/match_steps.py` by `python -m tools.match_steps`: the same table is
behind the buttons, the services and the tests. A match without a partner skips `partner`; an
ordinary offer without an intake skips `talk`. What else a channel leaves out is a norm
(`letting.match_left_out`, by default nothing), of {optional}.
Terms, waiting times and what follows from a refusal are norms (`letting.match_terms`,
`letting.match_stalls`, `letting.refusal_consequences`); by
default a refusal has no consequence for the candidate. A refusal is settled by somebody else than
who refused; the candidate's own no is set aside by nobody. Where a partner has nobody who can
answer here, the head writes his answer down. Once the candidate agrees, whoever is next in line for
the home is released; if it comes free after all, he can be opened again. A match that is opened
again goes on at the first step that was not taken, of the steps that are asked by then. A key can
be taken back until a lease of the home comes in, and for {days} days.

```mermaid
stateDiagram-v2
    [*] --> proposed
    [*] --> reserve
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join(
        [
            HEAD.format(optional=_optional(), days=UNLET_DAYS).rstrip("\n"),
            *_diagram(),
            "```",
            "",
            *_table(),
            "",
            *_reasons(),
            "",
        ]
    )


def _optional() -> str:
    return ", ".join(f"`{each.value}`" for each in WHOLE if each in OPTIONAL)


def _diagram() -> Iterator[str]:
    for before, act in ALLOWED:
        told = {
            after(before, act, WHOLE, held) for held in (WHOLE if before not in WHOLE else [None])
        }
        if len(told) == 1:
            yield f"    {before.value} --> {told.pop().value}: {act.value}"


def _table() -> Iterator[str]:
    yield "| state | waits for | act | by | leads to |"
    yield "|---|---|---|---|---|"
    for state in MatchState:
        waits = OWNER[state].value if state in OWNER else ""
        for act in Act:
            if hands := ALLOWED.get((state, act)):
                by = ", ".join(sorted(each.value for each in hands))
                yield f"| `{state.value}` | {waits} | `{act.value}` | {by} | {_to(state, act)} |"


def _to(state: MatchState, act: Act) -> str:
    if state in WHOLE or act in {Act.CONFIRM, Act.CANCEL, Act.UNLET, Act.PROMOTE, Act.RELEASE}:
        return f"`{after(state, act, WHOLE, None).value}`"
    return "the step after it" if act is Act.OVERRIDE else "the step where it was"


def _reasons() -> Iterator[str]:
    yield "| hand | reasons to refuse |"
    yield "|---|---|"
    for hand, reasons in REASONS.items():
        yield f"| {hand.value} | {', '.join(f'`{each.value}`' for each in reasons)} |"


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is up to date."""
    return kept(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
