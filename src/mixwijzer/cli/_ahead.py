"""The commands that look ahead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    date_option,
    inquiry_of_files,
    screen_of,
)
from mixwijzer.cli._group import say

if TYPE_CHECKING:
    from mixwijzer.exchange.ahead import Contest, Saved


def _numbers(text: str) -> str:
    """Refuse what is no list of whole numbers."""
    if not all(part.strip().isdecimal() for part in text.split(",")):
        raise typer.BadParameter(text)
    return text


def _shares(text: str | None) -> tuple[float, ...] | None:
    """Read figures with commas between them."""
    try:
        return None if text is None else tuple(map(float, text.split(",")))
    except ValueError:
        raise typer.BadParameter(str(text)) from None


def _figures(name: str) -> object:
    """Return an option that takes a figure per group."""
    return typer.Option(f"--{name}", metavar="N,N", help=say(f"option.{name}"))


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
    supply: Annotated[str | None, _figures("supply")] = None,
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
        question = Question(
            months=wanted, method=method, runs=runs, seed=seed, supply=_shares(supply)
        )
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


def compare(
    source: Source,
    regime: Annotated[
        list[str] | None, typer.Option("--regime", metavar="NAME", help=say("option.regime"))
    ] = None,
    years: Annotated[int, typer.Option("--years", metavar="N", help=say("option.years"))] = 10,
    runs: Annotated[int, typer.Option("--runs", metavar="N", help=say("option.runs"))] = 512,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help=say("option.sample_seed"))] = 1,
    turnover: Annotated[
        float, typer.Option("--turnover", metavar="N", help=say("option.turnover"))
    ] = 1.0,
    intake: Annotated[str | None, _figures("intake")] = None,
    arrivals: Annotated[str | None, _figures("arrivals")] = None,
    ends: Annotated[date | None, date_option("ends", "ends")] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="FILE", help=say("option.resume"))
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, help=say("option.workers"))
    ] = 1,
    engine: Annotated[
        str | None, typer.Option("--engine", metavar="ADDRESS", help=say("option.engine"))
    ] = None,
    day: Day = None,
    known: Known = None,
    norms: OwnNorms = None,
    scheme: Scheme = None,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Tell which way of giving homes does best, and who bears it."""
    from mixwijzer.exchange import printing
    from mixwijzer.exchange.ahead import Choice, comparison_lines, comparison_sheet
    from mixwijzer.exchange.answers import compared

    screen = screen_of("compare", language, as_json)

    def watched(drawn: Iterator[Saved], contest: Contest) -> Iterator[Saved]:
        if contest.seconds > 60:
            screen.note(screen.say("compare.takes", minutes=round(contest.seconds / 60)))
        return screen.progress(drawn, contest.blocks, "comparing")

    with screen.answering():
        asked = inquiry_of_files(screen, source, norms, day=day, known=known, scheme=scheme)
        choice = Choice(
            regimes=tuple(regime or Choice().regimes),
            years=years,
            runs=runs,
            seed=seed,
            turnover=turnover,
            intake=_shares(intake),
            arrivals=_shares(arrivals),
            ends=ends,
        )
        result = compared(
            asked,
            choice,
            source=str(source),
            given={
                "known": known.isoformat() if known else None,
                "norms": str(norms) if norms else None,
                "scheme": scheme,
            },
            resume=resume,
            workers=workers,
            engine=engine,
            watched=watched,
        )
        if as_json:
            screen.document(result.document)
            return
        screen.lines([*printing.head_lines(asked, screen.language), ""])
        screen.sheet(comparison_sheet(result.values, screen.language))
        screen.lines(["", *comparison_lines(result.values, screen.language)])
