"""What does a question of the library answer with?

`Stock` is a portfolio as read, with its findings; `Result` carries the engine's values, tidy tables
and the JSON document of a verb. The functions here are the verbs themselves; the library and the
command line only call them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.engine.norms import Norms
from mixwijzer.engine.portfolio import Portfolio, ScopeKind
from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.exchange.frames import rows_of
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.tables import Reading, read, read_rows
from mixwijzer.exchange.tabular import Field, Table

if TYPE_CHECKING:
    from mixwijzer.engine.advice import Advice
    from mixwijzer.engine.obligations import ObligationCount
    from mixwijzer.exchange.ahead import (
        Ahead,
        Choice,
        Compared,
        Contest,
        Question,
        Saved,
        Steered,
        Turning,
    )
    from mixwijzer.exchange.documents import Document
    from mixwijzer.exchange.inquiry import Inquiry
    from mixwijzer.exchange.reports import ScopeAccount
    from mixwijzer.exchange.rounds import Divided, Part, RoundSource
    from mixwijzer.exchange.stories import StoryOutcome
    from mixwijzer.exchange.synthetic import Truth
    from mixwijzer.exchange.wording import Language

__all__ = ["Result", "Source", "Stock", "StockError", "inquiry_of"]

Source: TypeAlias = "str | PathLike[str] | Portfolio | Stock | Mapping[str, Any]"
NormSource: TypeAlias = "Norms | str | PathLike[str] | None"

T = TypeVar("T")


class StockError(PortfolioError):
    """A portfolio that can't be used as it is; `findings` says everything at once."""

    def __init__(self, name: str, findings: tuple[Finding, ...]) -> None:
        errors = tuple(each for each in findings if each.severity is Severity.ERROR)
        super().__init__("portfolio_unusable", name, count=len(errors))
        self.findings = errors


@dataclass(frozen=True, kw_only=True)
class Stock:
    """A portfolio as it was read, and what is wrong with it.

    Parameters
    ----------
    name
        What it was read from.
    reading
        Rows and findings.
    truth
        Behind a made-up town; else None.
    """

    name: str
    reading: Reading
    truth: Truth | None = None

    @classmethod
    def of(cls, source: Source) -> Stock:
        """Read whatever a portfolio can come from."""
        if isinstance(source, Stock):
            return source
        if isinstance(source, Portfolio):
            return cls(name="portfolio", reading=Reading(portfolio=source, findings=()))
        if isinstance(source, Mapping):
            rows = {name: rows_of(frame, name) for name, frame in source.items()}
            return cls(name="frames", reading=read_rows(rows))
        return cls(name=Path(source).name, reading=read(Path(source)))

    @property
    def portfolio(self) -> Portfolio | None:
        """The rows; None when a finding is an error."""
        return self.reading.portfolio

    @property
    def data_date(self) -> date | None:
        """The day that the source speaks of."""
        return self.portfolio.data_date if self.portfolio else None

    @cached_property
    def findings(self) -> Table:
        """Everything that is wrong or worth knowing, a row each."""
        from mixwijzer.exchange.reports import finding_table

        return finding_table(self.reading.findings)

    @cached_property
    def dropped(self) -> Table:
        """Filled cells that were left out, by kind; their content is nowhere."""
        fields = (Field("kind"), Field("cells", "cells"))
        return Table(name="dropped", fields=fields, rows=tuple(self.reading.dropped.items()))

    def sound(self) -> Portfolio:
        """Return the portfolio.

        Raises
        ------
        StockError
            When a finding is an error.
        """
        if self.portfolio is None:
            raise StockError(self.name, self.reading.findings)
        return self.portfolio

    def __repr__(self) -> str:
        rows = self.portfolio
        if rows is None:
            return f"<Stock {self.name}: not usable, {len(self.reading.findings)} findings>"
        marked = ", synthetic" if rows.synthetic else ""
        return (
            f"<Stock {self.name}: {len(rows.complexes)} complexes, {len(rows.dwellings)} dwellings,"
            f" data of {rows.data_date}, {len(self.reading.findings)} findings{marked}>"
        )


@dataclass(frozen=True, kw_only=True)
class Result(Generic[T]):
    """What a verb answers: values, rows and a document.

    Parameters
    ----------
    command
        Which verb.
    values
        The engine's own values, in full.
    table
        The same as tidy rows with units.
    document
        The same as one JSON document; its schema is `mixwijzer/exchange/schemas/<command>.json`.
    more
        Further tables by name, such as `distribution`; made when they are asked for.
    """

    command: str
    values: tuple[T, ...]
    table: Table
    document: Document
    more: Mapping[str, Callable[[], Table]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[T]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __getattr__(self, name: str) -> Table:
        more = self.__dict__.get("more", {})
        if name in more:
            return cast("Table", more[name]())
        raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def to_frame(self, library: Any = None) -> Any:  # noqa: ANN401 - a frame of some library
        """Return the table as a data frame, see `Table.to_frame`."""
        return self.table.to_frame(library)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the document as text."""
        return json.dumps(self.document, ensure_ascii=False, indent=indent)

    def __repr__(self) -> str:
        return f"<Result of {self.command}: {len(self.values)} values>\n{self.table}"


def day_of(day: date | str | None) -> date | None:
    """Return a day that may be written as text."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def norms_of(norms: NormSource) -> Norms:
    """Return norms: those that ship, or a folder laid over them."""
    if isinstance(norms, Norms):
        return norms
    return read_norms() if norms is None else read_norms(Path(norms), over=read_norms())


def inquiry_of(
    source: Source,
    *,
    norms: NormSource = None,
    day: date | str | None = None,
    scheme: str | None = None,
    known: date | str | None = None,
) -> Inquiry:
    """Read a portfolio and settle the question that is asked of it."""
    from mixwijzer.exchange.inquiry import Inquiry

    return Inquiry.of(
        Stock.of(source).sound(),
        norms_of(norms),
        day=day_of(day),
        known=day_of(known),
        scheme=scheme,
    )


def checked(source: Source, language: Language = "en") -> Result[Finding]:
    """Return the findings."""
    from mixwijzer.exchange.documents import check_document
    from mixwijzer.exchange.reports import finding_table

    stock = Stock.of(source)
    return Result(
        command="check",
        values=stock.reading.findings,
        table=finding_table(stock.reading.findings, language),
        document=check_document(stock.reading, language),
    )


def accounted(inquiry: Inquiry, *, kind: str, scope: str | None) -> Result[ScopeAccount]:
    """Return the accounts of scopes."""
    from mixwijzer.exchange import documents, reports

    if kind.upper() not in ScopeKind.__members__:
        raise PortfolioError("scope_kind_missing", kind)
    found = tuple(reports.scope_accounts(inquiry, kind=ScopeKind[kind.upper()], scope=scope))
    return Result(
        command="account",
        values=found,
        table=reports.account_table(found),
        document=documents.account_document(inquiry, found),
        more={"distribution": lambda: reports.distribution_table(found)},
    )


def advised(
    inquiry: Inquiry,
    vacancies: Iterable[str] | None,
    language: Language = "en",
    *,
    ahead: bool = False,
) -> Result[Advice]:
    """Return the advice about vacancies; `ahead` prices the portfolio and looks further."""
    from mixwijzer.exchange.documents import advice_document
    from mixwijzer.exchange.inquiry import Refusal
    from mixwijzer.exchange.reports import advice_table, look_ahead_table

    rooms = None
    if ahead:
        from mixwijzer.exchange.ahead import Rooms

        rooms = Rooms(inquiry)
    found = tuple(inquiry.advices(vacancies, rooms))
    given = tuple(each for each in found if not isinstance(each, Refusal))
    return Result(
        command="advise",
        values=given,
        table=advice_table(given),
        document=advice_document(inquiry, found, language),
        more={"ahead": lambda: look_ahead_table(given)},
    )


def forecasted(
    inquiry: Inquiry,
    question: Question,
    *,
    kind: str = "complex",
    scope: str | None = None,
    watched: Callable[[Iterator[Ahead]], Iterator[Ahead]] = iter,
) -> Result[Ahead]:
    """Return what lies ahead of places; `watched` sees them come, one by one."""
    from mixwijzer.exchange.ahead import forecast_document, forecast_tables, forecasts

    if kind.upper() not in ScopeKind.__members__:
        raise PortfolioError("scope_kind_missing", kind)
    each = forecasts(inquiry, question, kind=ScopeKind[kind.upper()], scope=scope)
    found = tuple(watched(each))
    table, *more = forecast_tables(found)
    return Result(
        command="forecast",
        values=found,
        table=table,
        document=forecast_document(inquiry, question, found),
        more={each.name: partial(_itself, each) for each in more},
    )


def steered(
    inquiry: Inquiry,
    asked: Turning,
    watched: Callable[[Iterator[Steered]], Iterator[Steered]] = iter,
) -> Result[Steered]:
    """Return what steering says; `watched` sees owner by owner come."""
    from mixwijzer.exchange.ahead import steering_document, steering_tables, steerings

    found = tuple(watched(steerings(inquiry, asked)))
    table, *more = steering_tables(found)
    return Result(
        command="steer",
        values=found,
        table=table,
        document=steering_document(inquiry, asked, found),
        more={each.name: partial(_itself, each) for each in more},
    )


def allocated(
    source: RoundSource | Inquiry, *, week: bool = False, part: Part | None = None
) -> Result[Divided]:
    """Return who gets which home of a round, or what clashes."""
    from mixwijzer.exchange.rounds import ALL, divided, round_document, round_tables

    found = divided(source, by_week=week, part=part or ALL)
    table, *more = round_tables(found)
    return Result(
        command="allocate",
        values=(found,),
        table=table,
        document=round_document(found),
        more={each.name: partial(_itself, each) for each in more},
    )


def compared(
    inquiry: Inquiry,
    choice: Choice,
    *,
    source: str = "portfolio",
    given: Mapping[str, object],
    resume: str | PathLike[str] | None = None,
    workers: int = 1,
    engine: str | None = None,
    watched: Callable[[Iterator[Saved], Contest], Iterator[Saved]] | None = None,
) -> Result[Compared]:
    """Return ways of giving homes beside each other; `watched` sees the runs come.

    `source` and `given` are what it was asked with, for who wants to ask again.
    """
    from mixwijzer.exchange.ahead import (
        Contest,
        Kept,
        comparison_document,
        comparison_tables,
        drawing,
    )

    contest = Contest.of(inquiry, choice)
    kept = Kept(None if resume is None else Path(resume))
    saved = kept.read()
    with drawing(engine, workers) as (over, at_once):
        drawn = kept.written(contest.drawn(saved, over=over, at_once=at_once))
        for saved in watched(drawn, contest) if watched else drawn:  # noqa: B007
            pass
    found = contest.told(saved)
    table, *more = comparison_tables(found)
    return Result(
        command="compare",
        values=found,
        table=table,
        document=comparison_document(inquiry, contest, found, source, given),
        more={each.name: partial(_itself, each) for each in more},
    )


def _itself(table: Table) -> Table:
    return table


def obliged(inquiry: Inquiry) -> Result[ObligationCount]:
    """Return where the obligations stand, whether all can hold, and whose part is whose."""
    from mixwijzer.exchange import dividing_promises, documents, feasible, reports

    counts = inquiry.obligations()
    table = reports.obligation_table(counts, inquiry.expectations())
    held, parts = feasible.feasible(inquiry), dividing_promises.divided(inquiry)
    return Result(
        command="obligations",
        values=counts,
        table=table,
        document=documents.obligation_document(
            inquiry,
            counts,
            table,
            feasibility=feasible.feasible_items(held),
            divisions=dividing_promises.division_items(parts),
        ),
        more={
            "feasibility": lambda: feasible.feasible_table(held),
            "divisions": lambda: dividing_promises.division_table(parts),
        },
    )


def made_up(*, seed: int, homes: int, day: date | str) -> Stock:
    """Return a made-up town."""
    from mixwijzer.exchange.synthetic import synthesize

    town = synthesize(seed=seed, homes=homes, day=cast("date", day_of(day)))
    reading = Reading(portfolio=town.portfolio, findings=())
    return Stock(name=f"town {seed}", reading=reading, truth=town.truth)


def told(path: str | PathLike[str], *, norms: NormSource = None) -> Result[StoryOutcome]:
    """Run the stories of a file or folder."""
    from mixwijzer.exchange.documents import story_document
    from mixwijzer.exchange.reports import story_table
    from mixwijzer.exchange.stories import outcomes

    found = tuple(outcomes(Path(path), norms_of(norms)))
    return Result(
        command="story", values=found, table=story_table(found), document=story_document(found)
    )
