"""The commands that look ahead."""

from __future__ import annotations

from typing import Annotated

import typer

from mixwijzer.cli._asking import (
    Day,
    Json,
    Kind,
    Known,
    Language_,
    OwnNorms,
    Scheme,
    Scope,
    Source,
    inquiry_of_files,
    screen_of,
)
from mixwijzer.cli._group import say


def _numbers(text: str) -> str:
    """Refuse what is no list of whole numbers."""
    if not all(part.strip().isdecimal() for part in text.split(",")):
        raise typer.BadParameter(text)
    return text


Months = Annotated[
    str,
    typer.Option("--months", metavar="N,N", callback=_numbers, help=say("option.months")),
]


def forecast(
    source: Source,
    scope: Scope = None,
    kind: Kind = "complex",
    months: Months = "0,6,12,24",
    method: Annotated[
        str | None,
        typer.Option("--method", metavar="exact|sampled|fluid", help=say("option.method")),
    ] = None,
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", min=1, help=say("option.runs"))
    ] = 2048,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help=say("option.sample_seed"))] = 1,
    day: Day = None,
    known: Known = None,
    norms: OwnNorms = None,
    scheme: Scheme = None,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Tell what the coming months bring."""
    from mixwijzer.exchange import printing
    from mixwijzer.exchange.ahead import Question, forecast_lines, forecast_sheet
    from mixwijzer.exchange.answers import forecasted

    screen = screen_of("forecast", language, as_json)
    with screen.answering():
        asked = inquiry_of_files(screen, source, norms, day=day, known=known, scheme=scheme)
        wanted = tuple(map(int, months.split(",")))
        question = Question(months=wanted, method=method, runs=runs, seed=seed)
        many = 1 if scope else len(asked.portfolio.complexes)
        result = forecasted(
            asked,
            question,
            kind=kind,
            scope=scope,
            watched=lambda found: screen.progress(found, many, "looking_ahead"),
        )
        if as_json:
            screen.document(result.document)
            return
        screen.lines([*printing.head_lines(asked, screen.language), ""])
        screen.sheet(forecast_sheet(result.values, screen.language))
        screen.lines(["", *forecast_lines(result.values, screen.language)])


def steer(
    source: Source,
    scope: Scope = None,
    portfolio: Annotated[bool, typer.Option("--portfolio", help=say("option.portfolio"))] = False,
    day: Day = None,
    known: Known = None,
    norms: OwnNorms = None,
    scheme: Scheme = None,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Tell what can be turned."""
    from mixwijzer.exchange import printing
    from mixwijzer.exchange.ahead import Turning, steering_lines, steering_sheet
    from mixwijzer.exchange.answers import steered

    screen = screen_of("steer", language, as_json)
    with screen.answering():
        asked = inquiry_of_files(screen, source, norms, day=day, known=known, scheme=scheme)
        many = 1 if scope else len(asked.owners)
        result = steered(
            asked,
            Turning(scope=scope, complexes=not portfolio),
            lambda found: screen.progress(found, many, "looking_ahead"),
        )
        if as_json:
            screen.document(result.document)
            return
        screen.lines([*printing.head_lines(asked, screen.language), ""])
        if not portfolio:
            screen.sheet(steering_sheet(result.values, screen.language))
            screen.lines([""])
        screen.lines(steering_lines(asked, result.values, screen.language))
