"""Mixwijzer: balance in every complex and neighbourhood, home by home.

The library: the verbs of the command line, with frames in and out. Everything takes a folder or
workbook, a mapping of table names to frames (pandas, polars, Arrow, lists of mappings), a
`Portfolio`, or what `read` returned. Nothing asks the clock, a setting or Django.

>>> import mixwijzer as mw
>>> p = mw.synthesize(seed=1, homes=400)
>>> mw.advise(p).table.column("verdict")[:3]
['ask_first', 'room', 'room']
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mixwijzer.engine.advice import Advice
    from mixwijzer.engine.errors import MixwijzerError
    from mixwijzer.engine.norms import Norms
    from mixwijzer.engine.obligations import ObligationCount
    from mixwijzer.engine.portfolio import Portfolio
    from mixwijzer.engine.regimes import Regime
    from mixwijzer.exchange.ahead import Ahead, Compared, OwnPolicy, OwnRates, Steered
    from mixwijzer.exchange.answers import Result, Source, Stock
    from mixwijzer.exchange.reports import ScopeAccount
    from mixwijzer.exchange.rounds import Divided, RoundSource
    from mixwijzer.exchange.stories import StoryOutcome
    from mixwijzer.exchange.tabular import Table

__version__ = "0.1.0"

__all__ = [
    "MixwijzerError",
    "Norms",
    "Portfolio",
    "Result",
    "Stock",
    "Table",
    "account",
    "advise",
    "allocate",
    "check",
    "compare",
    "export",
    "forecast",
    "obligations",
    "read",
    "read_norms",
    "steer",
    "story",
    "synthesize",
]

EXAMPLE_DAY = date(2026, 11, 22)
"""The day of a made-up town when none is asked for: the same call gives the same town."""

_ELSEWHERE = {
    "MixwijzerError": "mixwijzer.engine.errors",
    "Norms": "mixwijzer.engine.norms",
    "Portfolio": "mixwijzer.engine.portfolio",
    "Result": "mixwijzer.exchange.answers",
    "Stock": "mixwijzer.exchange.answers",
    "Table": "mixwijzer.exchange.tabular",
    "read_norms": "mixwijzer.exchange.normbook",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Load a class when it is asked for, so that importing the library costs next to nothing."""
    if name in _ELSEWHERE:
        return getattr(import_module(_ELSEWHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def read(source: Source) -> Stock:
    """Read a portfolio and everything that is wrong with it; bad content never raises.

    Parameters
    ----------
    source
        Folder with CSV files, workbook (.xlsx), mapping of table name to frame, or `Portfolio`.

    Returns
    -------
    Stock
        With `portfolio` (None when a finding is an error), `findings` and `dropped` as tables.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> p = mw.read({"complexes": [{"id": "C1", "name": "De Eik", "owner": "ob", "homes": 24}]})
    >>> p.portfolio.complex["C1"].homes
    24
    >>> p.findings.column("code")
    ['data_date_missing']
    """
    from mixwijzer.exchange.answers import Stock

    return Stock.of(source)


def check(source: Source) -> Result[Any]:
    """List everything that is wrong with a portfolio, a row per finding.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> double = [{"id": "C1", "name": "De Eik", "owner": "ob", "homes": n} for n in (24, 25)]
    >>> mw.check({"complexes": double}).table.column("code")
    ['key_twice', 'data_date_missing']
    """
    from mixwijzer.exchange.answers import checked

    return checked(source)


def account(
    source: Source,
    *,
    scope: str | None = None,
    kind: str = "complex",
    day: date | str | None = None,
    norms: Norms | str | PathLike[str] | None = None,
    scheme: str | None = None,
    known: date | str | None = None,
) -> Result[ScopeAccount]:
    """Tell who lives in every complex, as ranges of whole households.

    Parameters
    ----------
    source
        As for `read`.
    scope
        Code of one complex, stairwell (`<complex>/<stairwell>`) or area.
    kind
        Without `scope`: every `stairwell`, `complex`, `neighbourhood`, `district` or
        `municipality`.
    day
        The data date of the portfolio when absent.
    norms
        Those that ship when absent; a folder is laid over them.
    scheme
        Which way of looking at households; the portfolio's own where it brings and uses just one,
        else `role`.
    known
        Leave out what was recorded after this day.

    Returns
    -------
    Result
        `table` with a row per scope and category [households]; `distribution` with every chance.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> p = mw.synthesize(seed=1, homes=400)
    >>> mw.account(p, kind="municipality").table.column("category")
    ['attention', 'regular', 'carrier', 'attention', 'regular', 'carrier']
    """
    from mixwijzer.exchange.answers import accounted, inquiry_of

    asked = inquiry_of(source, norms=norms, day=day, scheme=scheme, known=known)
    return accounted(asked, kind=kind, scope=scope)


def advise(
    source: Source,
    *,
    vacancy: str | None = None,
    ahead: bool = False,
    day: date | str | None = None,
    norms: Norms | str | PathLike[str] | None = None,
    scheme: str | None = None,
    known: date | str | None = None,
) -> Result[Advice]:
    """Answer, before there is a candidate: is there room here, and for whom?

    Parameters
    ----------
    vacancy
        One vacancy; all that are open on the day when absent.
    ahead
        Also tell what each placement means later and elsewhere. That prices the whole portfolio,
        which may take minutes; of ways that differ little today it then chooses.
    source, day, norms, scheme, known
        As for `account`.

    Returns
    -------
    Result
        `table` with a row per vacancy and category; `values` with the advices in full; `ahead`
        with the room score in household-years and its three parts, what is out of band after one
        and two years, and when there is room again.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> p = mw.synthesize(seed=1, homes=400)
    >>> answer = mw.advise(p, vacancy=mw.advise(p).values[0].vacancy)
    >>> answer.table.column("category")
    ['attention', 'regular', 'carrier']
    """
    from mixwijzer.exchange.answers import advised, inquiry_of

    asked = inquiry_of(source, norms=norms, day=day, scheme=scheme, known=known)
    return advised(asked, None if vacancy is None else (vacancy,), ahead=ahead)


def allocate(
    source: RoundSource | Source,
    *,
    week: bool = False,
    vacancies: Collection[str] | None = None,
    candidates: Collection[str] | None = None,
    day: date | str | None = None,
    norms: Norms | str | PathLike[str] | None = None,
    scheme: str | None = None,
    known: date | str | None = None,
) -> Result[Divided]:
    """Divide the homes of a round within what was agreed, or say exactly what clashes.

    Parameters
    ----------
    source
        A round: folder with CSV files, workbook, JSON file or mapping of frames with `homes`,
        `candidates` and, where there are any, `agreements`, `loads` and `pairs`. Or a portfolio:
        then its open vacancies are divided over its candidates, by the letting rules, within its
        bands and promises.
    week
        Divide channels over at most ten homes instead: `options` and `costs` for `candidates`.
    vacancies, candidates
        Those of a portfolio that take part; all when absent.
    day, norms, scheme, known
        As everywhere, of a portfolio.

    Returns
    -------
    Result
        `table` with a row per home that is let; `agreements` with how each stands, `reasons` with
        why (not), `ways_out` with what could give way where agreements clash.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> homes = [{"id": "v1", "complex": "oak"}, {"id": "v2", "complex": "oak"}]
    >>> people = [{"id": str(n), "order": n, "category": "attention"} for n in (1, 2, 3)]
    >>> mw.allocate({"homes": homes, "candidates": people}).table.column("candidate")
    ['1', '2']
    """
    from mixwijzer.exchange.answers import allocated, inquiry_of
    from mixwijzer.exchange.rounds import Part, is_portfolio

    part = Part(vacancies=vacancies, candidates=candidates)
    if not is_portfolio(source):
        return allocated(cast("RoundSource", source), week=week, part=part)
    asked = inquiry_of(source, norms=norms, day=day, scheme=scheme, known=known)
    return allocated(asked, week=week, part=part)


def compare(  # noqa: PLR0913
    source: Source,
    *,
    regimes: Sequence[str | Regime] = ("waiting_list", "free_room", "experiment", "score"),
    years: int = 10,
    runs: int = 512,
    seed: int = 1,
    turnover: float = 1.0,
    intake: Sequence[float] | None = None,
    arrivals: Sequence[float] | None = None,
    ends: date | str | None = None,
    rates: OwnRates = None,
    resume: str | PathLike[str] | None = None,
    workers: int = 1,
    engine: str | None = None,
    day: date | str | None = None,
    norms: Norms | str | PathLike[str] | None = None,
    scheme: str | None = None,
    known: date | str | None = None,
) -> Result[Compared]:
    """Tell which way of giving homes keeps the mix, meets the promises, and who waits longer.

    Parameters
    ----------
    regimes
        Names (`waiting_list`, `local`, `free_room`, `free_room_law`, `experiment`, `quota`,
        `shortage`, `score`) or a `mixwijzer.engine.regimes.Regime` of one's own; the first is what
        the others are compared with.
    years, runs, seed
        How many years, how often they are drawn (in blocks of 64), and from which chance: the same
        seed gives the same bits.
    turnover
        Departures as a multiple of the rates.
    intake
        Shares of the ordinary offer per category instead of those of the portfolio.
    arrivals
        Households per category who join the waiting list [1/yr].
    ends
        Day on which the experiment ends; then what the law leaves free is steered.
    resume
        File in which the runs are kept while they are drawn; where it exists, they go on from
        there.
    workers
        How many chunks are drawn at the same time, in this process.
    engine
        `dask://host:port`, the scheduler of a Dask cluster that draws them instead (needs the extra
        `scale`); no bit of the outcome depends on it.
    source, rates, day, norms, scheme, known
        As for `forecast`.

    Returns
    -------
    Result
        `table` with every measure per owner, regime and year: mean, standard error, 95 % interval,
        and the same of the difference with the first regime; `bases` with runs, bound and what had
        to be assumed.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> p = mw.synthesize(seed=1, homes=400)
    >>> few = mw.compare(p, regimes=("waiting_list", "experiment"), years=2, runs=64)
    >>> few.bases.column("runs"), few.table.columns[:3]
    ([64], ('owner', 'regime', 'measure'))
    """
    from mixwijzer.exchange.ahead import Choice
    from mixwijzer.exchange.answers import compared, day_of, inquiry_of

    asked = inquiry_of(source, norms=norms, day=day, scheme=scheme, known=known)
    choice = Choice(
        regimes=tuple(regimes),
        years=years,
        runs=runs,
        seed=seed,
        turnover=turnover,
        intake=None if intake is None else tuple(intake),
        arrivals=None if arrivals is None else tuple(arrivals),
        ends=day_of(ends),
        rates=rates,
    )
    given = {
        "known": None if known is None else str(known),
        "norms": fspath(norms) if isinstance(norms, str | PathLike) else norms,
        "scheme": scheme,
    }
    named = fspath(source) if isinstance(source, str | PathLike) else "portfolio"
    return compared(
        asked,
        choice,
        source=named,
        given=given,
        resume=resume,
        workers=workers,
        engine=engine,
    )


def forecast(  # noqa: PLR0913
    source: Source,
    *,
    scope: str | None = None,
    kind: str = "complex",
    months: Sequence[int] = (0, 6, 12, 24),
    method: str | None = None,
    runs: int = 2048,
    seed: int = 1,
    rates: OwnRates = None,
    policy: OwnPolicy = None,
    steered: float | None = None,
    supply: Sequence[float] | None = None,
    day: date | str | None = None,
    norms: Norms | str | PathLike[str] | None = None,
    scheme: str | None = None,
    known: date | str | None = None,
) -> Result[Ahead]:
    """Tell what the coming months bring to every complex, and whether what was agreed holds.

    Parameters
    ----------
    scope, kind
        As for `account`; a stairwell has no forecast of its own.
    months
        Which months after the day, rising from 0 (the day itself) or later.
    method
        `exact`, `sampled` or `fluid` (means only); exact when absent, save where a complex has
        more than 20,000 mixes.
    runs, seed
        Of a sample.
    rates
        `mixwijzer.engine.dynamics.Rates` for all complexes or by id. Absent: estimated from the
        portfolio and the norms, and every mean and chance also at both ends of how fast
        households may change.
    policy
        Makes a `mixwijzer.engine.forecast.Policy` of homes, limits and shares of the ordinary
        offer. Absent: what may be steered goes where the fewest households end up out of bounds.
    steered
        Share of the vacancies that may be steered. Absent: all while an experiment is in force,
        else what the law leaves free.
    supply
        Households per category that can be had, in the scheme's order [1/yr], `inf` where nothing
        limits them: shared by all complexes of an owner, so that ahead is looked by a sample of
        them together. What is promised that nobody can keep out of it is told (`impossible`).
    source, day, norms, scheme, known
        As for `account`.

    Returns
    -------
    Result
        `table` with a row per place, month and category [households]; `kept` with the chance that
        everything agreed holds and how it was found; `together` for all places.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> p = mw.synthesize(seed=1, homes=400)
    >>> one = mw.forecast(p, scope=p.portfolio.complexes[0].id, months=(0, 12))
    >>> one.kept.column("method"), one.table.units["mean"]
    (['exact', 'exact'], 'households')
    """
    from mixwijzer.exchange.ahead import Question
    from mixwijzer.exchange.answers import forecasted, inquiry_of

    asked = inquiry_of(source, norms=norms, day=day, scheme=scheme, known=known)
    question = Question(
        months=tuple(months),
        method=method,
        runs=runs,
        seed=seed,
        rates=rates,
        policy=policy,
        steered=steered,
        supply=None if supply is None else tuple(map(float, supply)),
    )
    return forecasted(asked, question, kind=kind, scope=scope)


def obligations(
    source: Source,
    *,
    day: date | str | None = None,
    norms: Norms | str | PathLike[str] | None = None,
    known: date | str | None = None,
) -> Result[ObligationCount]:
    """Count what was promised, what is done, what is under way and what is still owed.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> mw.obligations(mw.synthesize(seed=1, homes=400)).table.units["persons"]
    'persons'
    """
    from mixwijzer.exchange.answers import inquiry_of, obliged

    return obliged(inquiry_of(source, norms=norms, day=day, known=known))


def steer(  # noqa: PLR0913
    source: Source,
    *,
    scope: str | None = None,
    portfolio: bool = False,
    rates: OwnRates = None,
    steered: float | None = None,
    supply: Sequence[float] | None = None,
    horizon: int = 240,
    day: date | str | None = None,
    norms: Norms | str | PathLike[str] | None = None,
    scheme: str | None = None,
    known: date | str | None = None,
) -> Result[Steered]:
    """Tell whether each complex can be turned, when, with how many vacancies, on which grounds.

    Parameters
    ----------
    scope
        One complex; all when absent.
    portfolio
        Only the whole, without its complexes.
    rates, steered
        As for `forecast`.
    supply
        Households per category that can be had, in the scheme's order [1/yr].
    horizon
        Months that are looked ahead; what takes longer is never.
    source, day, norms, scheme, known
        As for `account`.

    Returns
    -------
    Result
        `table` with the power over each category per complex [share]; `courses` per complex;
        `totals` with the bound that no policy beats, `total_powers`, `pledges`, `grounds`.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> p = mw.synthesize(seed=1, homes=400)
    >>> mw.steer(p, portfolio=True).totals.units["bound"]
    'households'
    """
    from mixwijzer.exchange.ahead import Turning
    from mixwijzer.exchange.answers import inquiry_of
    from mixwijzer.exchange.answers import steered as answer

    asked = inquiry_of(source, norms=norms, day=day, scheme=scheme, known=known)
    turning = Turning(
        scope=scope,
        complexes=not portfolio,
        rates=rates,
        steered=steered,
        supply=supply,
        horizon=horizon,
    )
    return answer(asked, turning)


def synthesize(*, seed: int, homes: int = 2000, day: date | str = EXAMPLE_DAY) -> Stock:
    """Make up a town: same seed, same town, marked as synthetic everywhere.

    The truth behind it is on `Stock.truth`, to test against; no account ever sees it.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> mw.synthesize(seed=7, homes=400).portfolio.synthetic
    True
    """
    from mixwijzer.exchange.answers import made_up

    return made_up(seed=seed, homes=homes, day=day)


def story(
    path: str | PathLike[str], *, norms: Norms | str | PathLike[str] | None = None
) -> Result[StoryOutcome]:
    """Run stories: situations in a few lines of YAML and the advice that they expect.

    Parameters
    ----------
    path
        A YAML file, or a folder with them.
    norms
        As for `account`.

    Examples
    --------
    >>> import mixwijzer as mw
    >>> mw.story("tests/stories").table.column("passed")[:2]
    [True, True]
    """
    from mixwijzer.exchange.answers import told

    return told(path, norms=norms)


def export(source: Source, path: str | PathLike[str], *, note: str = "") -> None:
    """Write a portfolio as a workbook (`path` ends in .xlsx) or as a folder of CSV files.

    `read` turns either back into exactly the same portfolio.

    Examples
    --------
    >>> import mixwijzer as mw, tempfile
    >>> p = mw.synthesize(seed=1, homes=400)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     mw.export(p, folder + "/town")
    ...     mw.read(folder + "/town").portfolio == p.portfolio
    True
    """
    from pathlib import Path

    from mixwijzer.exchange.answers import Stock
    from mixwijzer.exchange.tables import write

    write(Stock.of(source).sound(), Path(path), note=note)
