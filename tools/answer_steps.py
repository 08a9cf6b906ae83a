"""Write who answers in a week round and how, as diagram and table, from the one table of answers.

    python -m tools.answer_steps        write docs/reference/answer-steps.md
    python -m tools.answer_steps check  say whether it is up to date

Buttons, services and tests read the same table, so the page can't say anything else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from mixwijzer.web.letting.match_steps import ConditionKind
from mixwijzer.web.rounds.answer_steps import ALLOWED, GO_ON_REASONS, OBJECTIONS, RESULT
from tools.reference import kept

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "answer-steps.md"

HEAD = """\
# Answers in a week round

Who is asked about a home of a week round, and what can be answered. This page is written from
`src/mixwijzer/web/rounds/answer_steps.py` by `python -m tools.answer_steps`: the same table is
behind the buttons, the services and the tests.

When a round comes on the table, a partner is asked about each home that goes by direct mediation
to a group of which it has a request or candidate open (without a group: of any), and a
municipality about each home for which a clause in force asks its answer. A party answers while the
round is on the table, it wasn't decided about the home, and the day to decide by isn't over. What
the silence of a partner means is norm `letting.week_silence`, that of a municipality stands in the
clause; by default it is no yes. A home is decided about without somebody's yes only with a reason.

```mermaid
stateDiagram-v2
    [*] --> asked
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD.rstrip("\n"), *_diagram(), "```", "", *_table(), "", *_words(), ""]
    return "\n".join(parts)


def _diagram() -> Iterator[str]:
    for before, act in ALLOWED:
        if result := RESULT[act]:
            yield f"    {before.value} --> {result.value}: {act.value}"


def _table() -> Iterator[str]:
    yield "| state | act | by | leads to |"
    yield "|---|---|---|---|"
    for (state, act), sides in ALLOWED.items():
        by = ", ".join(sorted(each.value for each in sides))
        result = RESULT[act]
        to = f"`{result.value}`" if result else "where it was"
        yield f"| `{state.value}` | `{act.value}` | {by} | {to} |"


def _words() -> Iterator[str]:
    yield "| what | words |"
    yield "|---|---|"
    yield f"| conditions of a yes | {_list(ConditionKind)} |"
    for side, words in OBJECTIONS.items():
        yield f"| objections of a {side.value} | {_list(words)} |"
    for worth, reasons in GO_ON_REASONS.items():
        yield f"| decided though the answer is `{worth.value}` | {_list(reasons)} |"


def _list(words: object) -> str:
    return ", ".join(f"`{each.value}`" for each in words)  # type: ignore[attr-defined]


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is up to date."""
    return kept(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
