"""The command that divides homes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from mixwijzer.cli._asking import (
    Day,
    Json,
    Known,
    Language_,
    OwnNorms,
    inquiry_of_files,
    screen_of,
)
from mixwijzer.cli._group import say
from mixwijzer.cli._screen import FINDINGS

if TYPE_CHECKING:
    from mixwijzer.cli._screen import Screen
    from mixwijzer.exchange.inquiry import Inquiry
    from mixwijzer.exchange.rounds import Divided


Ids: TypeAlias = list[str] | None


def allocate(
    path: Annotated[Path, typer.Argument(metavar="ROUND|SOURCE", help=say("option.round"))],
    week: Annotated[bool, typer.Option("--week", help=say("option.week"))] = False,
    vacancy: Annotated[
        Ids, typer.Option("--vacancy", metavar="ID", help=say("option.vacancies"))
    ] = None,
    candidate: Annotated[
        Ids, typer.Option("--candidate", metavar="ID", help=say("option.candidates"))
    ] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="ID", help=say("option.why"))] = None,
    norms: OwnNorms = None,
    day: Day = None,
    known: Known = None,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Divide the homes of a round, or say what clashes."""
    from mixwijzer.exchange.answers import allocated
    from mixwijzer.exchange.rounds import Part, is_portfolio

    screen = screen_of("allocate", language, as_json)
    with screen.answering():
        source: Path | Inquiry = path
        if is_portfolio(path):
            source = inquiry_of_files(screen, path, norms, day=day, known=known)
        part = Part(vacancies=vacancy or None, candidates=candidate or None)
        result = allocated(source, week=week, part=part)
        (found,) = result.values
        if as_json:
            screen.document(result.document)
        else:
            _show(screen, found, why)
    if found.allocation is None:
        raise typer.Exit(FINDINGS)


def _show(screen: Screen, found: Divided, why: str | None) -> None:
    from mixwijzer.exchange import printing, rounds

    if found.inquiry is not None:
        screen.lines([*printing.head_lines(found.inquiry, screen.language), ""])
    screen.lines(rounds.left_out_lines(found, screen.language))
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
