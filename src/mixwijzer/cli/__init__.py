"""The command line: the verbs of the library, as tables for people and JSON for programs.

Exit 0: done. Exit 1: findings in the input, all listed. Exit 2: asked in a way that can't be.
Tables go to stdout, notes and progress to stderr; in a pipe there are no colours and no lines cut.
Commands of the web application join by the entry-point group `mixwijzer.commands` and are loaded
only when called, so nothing here imports Django.
"""

from __future__ import annotations

import gc
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import mixwijzer.exchange
from mixwijzer import EXAMPLE_DAY, __version__
from mixwijzer.cli._ahead import compare, forecast, steer
from mixwijzer.cli._asking import (
    Day,
    Force,
    Json,
    Kind,
    Known,
    Language_,
    OwnNorms,
    Scheme,
    Scope,
    Source,
    Target,
    date_option,
    inquiry_of_files,
    screen_of,
)
from mixwijzer.cli._dividing import allocate
from mixwijzer.cli._files import folder, numbers, sound, stock_of, write, writing
from mixwijzer.cli._group import Command, Commands, say
from mixwijzer.cli._screen import FINDINGS, Screen, peak_memory
from mixwijzer.engine.errors import AdviceError, PortfolioError

if TYPE_CHECKING:
    from mixwijzer.engine.advice import Advice
    from mixwijzer.engine.portfolio import Portfolio
    from mixwijzer.engine.reasons import Verdict
    from mixwijzer.exchange.ahead import Rooms
    from mixwijzer.exchange.answers import Stock
    from mixwijzer.exchange.inquiry import Inquiry, Refusal
    from mixwijzer.exchange.wording import Audience

__all__ = ["app"]

_OBJECTS = 100_000  # between searches for rubbish: a start makes much that stays, and is soon over

app = typer.Typer(
    cls=Commands,
    help=say("help.app"),
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _mapping_help() -> str:
    """Say which mappings there are, by the names of their files."""
    folder = Path(mixwijzer.exchange.__file__).parent / "mappings"
    names = ", ".join(sorted(path.stem for path in folder.glob("**/*.yaml")))
    return say("option.mapping", names=names)


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help=say("option.version"))] = False,
) -> None:
    """Take what holds for every command."""
    gc.set_threshold(_OBJECTS)
    # Its own threads take a tenth of a start, and no product here is so large that they help.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if version:
        typer.echo(f"mixwijzer {__version__}")
        raise typer.Exit


@app.command(cls=Command, help=say("help.advise"))
def advise(
    source: Source,
    vacancy: Annotated[
        str | None, typer.Option("--vacancy", metavar="ID", help=say("option.vacancy"))
    ] = None,
    day: Day = None,
    known: Known = None,
    norms: OwnNorms = None,
    scheme: Scheme = None,
    ahead: Annotated[bool, typer.Option("--ahead", help=say("option.ahead"))] = False,
    public: Annotated[bool, typer.Option("--public", help=say("option.public"))] = False,
    stats: Annotated[bool, typer.Option("--stats", help=say("option.stats"))] = False,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Advise on one vacancy or on all that are open."""
    from mixwijzer.exchange.wording import Audience

    start = time.perf_counter()
    screen = screen_of("advise", language, as_json)
    with screen.answering():
        asked = inquiry_of_files(screen, source, norms, day=day, known=known, scheme=scheme)
        audience = Audience.PUBLIC if public else Audience.INTERNAL
        vacancies = (vacancy,) if vacancy is not None else None
        given = _Advising(screen, asked, audience, vacancies, ahead=ahead)
        given.show()
    if stats:
        seconds = screen.say("cell.number", value=round(time.perf_counter() - start))
        memory = screen.say("cell.number", value=peak_memory())
        screen.note(screen.say("stats.advised", n=given.number, seconds=seconds, memory=memory))
    if any(not isinstance(each.error, AdviceError) for each in given.refused):
        raise typer.Exit(FINDINGS)


class _Advising:
    """The showing of advices, one by one; nothing of an advice is kept but its line."""

    def __init__(
        self,
        screen: Screen,
        asked: Inquiry,
        audience: Audience,
        vacancies: tuple[str, ...] | None,
        *,
        ahead: bool,
    ) -> None:
        self.screen, self.asked, self.vacancies, self.ahead = screen, asked, vacancies, ahead
        self.audience = audience
        self.number = 0
        self.counts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
        self.refused: list[Refusal] = []

    def show(self) -> None:
        """Show one advice in full, many as an overview, or all as a document."""
        from mixwijzer.exchange import documents, printing

        screen, asked = self.screen, self.asked
        if screen.as_json:
            found = self._found()
            screen.pieces(documents.advice_pieces(asked, found, screen.language, self.audience))
            return
        given = self._given()
        if self.vacancies is not None:
            told = [
                line
                for advice in given
                for line in (
                    "",
                    *printing.advice_lines(asked, advice, screen.language, self.audience),
                )
            ]
            screen.lines([*printing.head_lines(asked, screen.language), *told])
            return
        rows = [
            printing.advice_row(asked, advice, screen.language, self.audience) for advice in given
        ]
        screen.lines(printing.head_lines(asked, screen.language))
        self._overview(rows)

    def _overview(self, rows: list[tuple[str, ...]]) -> None:
        from mixwijzer.exchange import printing
        from mixwijzer.exchange.wording import error_text

        screen = self.screen
        if not rows and not self.refused:
            screen.lines([screen.say("advice.none")])
            return
        screen.lines([""])
        screen.sheet(printing.advice_sheet(self.asked, rows, screen.language, self.audience))
        screen.lines(["", *printing.summary_lines(self.counts, screen.language)])
        if self.refused:
            screen.note(screen.say("advice.without"))
        for refusal in self.refused:
            screen.note(error_text(refusal.error, screen.language))

    def _given(self) -> Iterator[Advice]:
        from mixwijzer.exchange.inquiry import Refusal

        for each in self._found():
            if not isinstance(each, Refusal):
                yield each

    def _rooms(self) -> Rooms | None:
        if not self.ahead:
            return None
        from mixwijzer.exchange.ahead import Rooms

        return Rooms(self.asked)

    def _found(self) -> Iterator[Advice | Refusal]:
        from mixwijzer.exchange.inquiry import Refusal

        many = len(self.vacancies or self.asked.open_vacancies())
        advices = self.asked.advices(self.vacancies, self._rooms())
        for each in self.screen.progress(advices, many, "advising"):
            if isinstance(each, Refusal):
                self.refused.append(each)
            else:
                self.number += 1
                for category in each.categories:
                    self.counts[category.category][category.verdict] += 1
            yield each


@app.command(cls=Command, help=say("help.account"))
def account(
    source: Source,
    scope: Scope = None,
    kind: Kind = "complex",
    day: Day = None,
    known: Known = None,
    norms: OwnNorms = None,
    scheme: Scheme = None,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Tell who lives where."""
    from mixwijzer.exchange import printing
    from mixwijzer.exchange.answers import accounted

    screen = screen_of("account", language, as_json)
    with screen.answering():
        asked = inquiry_of_files(screen, source, norms, day=day, known=known, scheme=scheme)
        result = accounted(asked, kind=kind, scope=scope)
        if as_json:
            screen.document(result.document)
            return
        screen.lines(printing.head_lines(asked, screen.language))
        if result.values:
            screen.lines([""])
            screen.sheet(printing.account_sheet(result.values, screen.language))
        else:
            screen.lines([screen.say("account.none")])


@app.command(cls=Command, help=say("help.obligations"))
def obligations(
    source: Source,
    day: Day = None,
    known: Known = None,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Count what was promised, and say whether all of it can hold and whose part is whose."""
    from mixwijzer.exchange import dividing_promises, feasible, printing
    from mixwijzer.exchange.answers import obliged

    screen = screen_of("obligations", language, as_json)
    with screen.answering():
        asked = inquiry_of_files(screen, source, None, day=day, known=known)
        result = obliged(asked)
        if as_json:
            screen.document(result.document)
            return
        screen.lines(printing.head_lines(asked, screen.language))
        if result.values:
            screen.lines([""])
            told = asked.expectations()
            screen.sheet(printing.obligation_sheet(result.values, told, screen.language))
            held = feasible.feasible(asked)
            screen.lines(feasible.feasible_lines(asked, held, screen.language))
            if parts := dividing_promises.divided(asked):
                screen.lines(["", screen.say("obligations.divided")])
                screen.sheet(dividing_promises.division_sheet(parts, screen.language))
        else:
            screen.lines([screen.say("obligations.none")])


app.command(cls=Command, help=say("help.allocate"))(allocate)
app.command(cls=Command, help=say("help.forecast"))(forecast)
app.command(cls=Command, help=say("help.steer"))(steer)
app.command(cls=Command, help=say("help.compare"))(compare)


@app.command(cls=Command, help=say("help.check"))
def check(source: Source, as_json: Json = False, language: Language_ = None) -> None:
    """Name what is wrong with a portfolio."""
    from mixwijzer.exchange.answers import checked

    screen = screen_of("check", language, as_json)
    with screen.answering():
        stock = stock_of(source)
        if as_json:
            screen.document(checked(stock, screen.language).document)
        else:
            _show_findings(screen, stock)
    if any(each.severity > 0 for each in stock.reading.findings):
        raise typer.Exit(FINDINGS)


def _show_findings(screen: Screen, stock: Stock) -> None:
    from mixwijzer.exchange.documents import row_counts
    from mixwijzer.exchange.wording import finding_text, sentence

    for each in sorted(stock.reading.findings, key=lambda each: -each.severity):
        word = sentence(f"words.severity.{each.severity.name.lower()}", screen.language)
        screen.lines([f"{word}: {finding_text(each, screen.language)}"])
    if stock.reading.findings:
        screen.lines([screen.say("check.found", **numbers(stock.reading.findings))])
    else:
        screen.lines([screen.say("check.fine")])
    if stock.reading.dropped:
        parts = [
            screen.say("check.dropped_part", kind=kind, cells=cells)
            for kind, cells in stock.reading.dropped.items()
        ]
        screen.lines([screen.say("check.dropped", dropped=", ".join(parts))])
    if stock.portfolio is None:
        screen.lines([screen.say("check.refused")])
        return
    rows = ", ".join(f"{name} {number}" for name, number in row_counts(stock.portfolio).items())
    screen.lines([screen.say("check.rows", rows=rows)])


@app.command(cls=Command, help=say("help.story"))
def story(
    path: Annotated[Path, typer.Argument(metavar="STORY", help=say("option.story"))],
    norms: OwnNorms = None,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Play stories and say which hold."""
    from mixwijzer.exchange import printing
    from mixwijzer.exchange.answers import told

    screen = screen_of("story", language, as_json)
    with screen.answering():
        result = told(path, norms=folder(norms))
        if as_json:
            screen.document(result.document)
        else:
            screen.lines(printing.story_lines(result.values, screen.language))
    if not all(each.passed for each in result):
        raise typer.Exit(FINDINGS)


@app.command(cls=Command, help=say("help.synthesize"))
def synthesize(
    path: Target,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help=say("option.seed"))] = 1,
    homes: Annotated[int, typer.Option("--homes", metavar="N", help=say("option.homes"))] = 2000,
    day: Annotated[date | None, date_option("day", "town_day")] = None,
    force: Force = False,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Make up a town."""
    from mixwijzer.exchange.answers import made_up
    from mixwijzer.exchange.documents import written_document

    screen = screen_of("synthesize", language, as_json)
    with screen.answering():
        day = day or EXAMPLE_DAY
        town = made_up(seed=seed, homes=homes, day=day).sound()
        write(town, path, force=force)
        if as_json:
            facts = {"seed": seed, "homes": homes, "day": day.isoformat()}
            screen.document(written_document("synthesize", town, path, **facts))
            return
        told = screen.say("written.town", seed=seed, homes=homes, day=day, path=str(path))
        screen.lines([told])


@app.command(cls=Command, help=say("help.export"))
def export(
    source: Source,
    path: Target,
    force: Force = False,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Write a portfolio in the other form."""
    from mixwijzer.exchange.documents import written_document

    screen = screen_of("export", language, as_json)
    with screen.answering():
        portfolio = sound(screen, source)
        write(portfolio, path, force=force)
        if as_json:
            screen.document(written_document("export", portfolio, path))
            return
        screen.lines([_written(screen, portfolio, path)])


@app.command(cls=Command, help=say("help.convert"))
def convert(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("option.file"))],
    path: Target,
    mapping: Annotated[str, typer.Option("--mapping", metavar="NAME", help=_mapping_help())],
    force: Force = False,
    as_json: Json = False,
    language: Language_ = None,
) -> None:
    """Make a portfolio out of a foreign table."""
    from mixwijzer.exchange.answers import Stock
    from mixwijzer.exchange.documents import written_document
    from mixwijzer.exchange.incoming import read_delivery
    from mixwijzer.exchange.wording import finding_text

    screen = screen_of("convert", language, as_json)
    with screen.answering():
        if not file.exists():
            raise PortfolioError("path_missing", str(file))
        own = Path(mapping)
        reading = read_delivery(file, own if own.suffix in (".yaml", ".yml") else mapping)
        portfolio = Stock(name=file.name, reading=reading).sound()
        for each in reading.findings:
            screen.note(finding_text(each, screen.language))
        write(portfolio, path, force=force, note=reading.note)
        if as_json:
            facts = {"mapping": mapping, "note": reading.note}
            screen.document(written_document("convert", portfolio, path, **facts))
            return
        screen.lines([_written(screen, portfolio, path), reading.note])


@app.command(cls=Command, help=say("help.template"))
def template(path: Target, force: Force = False, language: Language_ = None) -> None:
    """Write empty tables."""
    from mixwijzer.exchange import tables

    screen = screen_of("template", language, as_json=False)
    with screen.answering(), writing(path, force=force):
        tables.template(path)
    screen.lines([screen.say("written.template", path=str(path))])


def _written(screen: Screen, portfolio: Portfolio, path: Path) -> str:
    from mixwijzer.exchange.documents import row_counts

    rows = sum(row_counts(portfolio).values())
    return screen.say("written.folder", rows=rows, path=str(path))
