"""The command that divides homes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mixwijzer.cli._asking import Json, Language_, screen_of
from mixwijzer.cli._group import say
from mixwijzer.cli._screen import FINDINGS

if TYPE_CHECKING:
    from mixwijzer.cli._screen import Screen
    from mixwijzer.exchange.rounds import Divided


def allocate(
    path: Annotated[Path, typer.Argument(metavar="ROUND", help=say("option.round"))],
    week: Annotated[bool, typer.Option("--week", help=say("option.week"))] = False,
    why: Annotated[str | None, typer.Option("--why", metavar="ID", help=say("option.why"))] = None,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Divide the homes of a round, or say what clashes."""
    from mixwijzer.exchange.answers import allocated

    screen = screen_of("allocate", language, as_json)
    with screen.answering():
        result = allocated(path, week=week)
        (found,) = result.values
        if as_json:
            screen.document(result.document)
        else:
            _show(screen, found, why)
    if found.allocation is None:
        raise typer.Exit(FINDINGS)


def _show(screen: Screen, found: Divided, why: str | None) -> None:
    from mixwijzer.exchange import rounds

    if found.clash is not None:
        screen.lines(rounds.clash_lines(found.clash, screen.language))
    elif why is not None:
        screen.lines(rounds.why_lines(found, why, screen.language))
    else:
        screen.sheet(rounds.placement_sheet(found, screen.language))
        if found.agreements:
            screen.lines([""])
            screen.sheet(rounds.agreement_sheet(found, screen.language))
        screen.lines(["", *rounds.proof_lines(found, screen.language)])
