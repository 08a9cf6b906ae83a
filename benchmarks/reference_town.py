"""What is a judgement worth? The reference town: hidden households, the real engine, the truth.

Seventy complexes a seed. Households come, go and change category; judges who know a part of them
say numbers now and then; labels are given with their errors. At each vacancy the engine says what
it can with each kind of information, and the truth says who was right. Everything about the town
is an assumption (`Setting`); everything about the account and the verdict is the engine with the
norms of the package, like-for-like left out so that rows differ in information only.

`python -m benchmarks.reference_town` prints the table; `--write` puts it into
docs/explanation/reference-town.md.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mixwijzer.engine.account import Account, Event, Labels, Outlook, State, Statement
from mixwijzer.engine.advice._rules import rules
from mixwijzer.engine.advice._situation import Ring, Situation, band_limit
from mixwijzer.engine.norms import Assumptions, Scheme
from mixwijzer.engine.portfolio import Band, Known, Scope, ScopeKind
from mixwijzer.engine.reasons import Verdict
from mixwijzer.exchange.normbook import read_norms

SEEDS = tuple(range(24))
PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "reference-town.md"
OPENS, CLOSES = "<!-- table of benchmarks.reference_town -->", "<!-- end of the table -->"
FIRST_YEAR = 2018
ATTENTION, CARRIER = 0, 2
BAND = Band(target=3500, max=4000)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The made-up town.

    Parameters
    ----------
    complexes, median_homes, sizes
        Complexes a seed; the median and the log-standard deviation of their homes.
    turnover
        Part of the households that leaves [1/yr].
    shares, between
        Mean share of attention and of carriers, and how complexes differ (sd of the logit).
    years, quiet
        Length of the story and the part that isn't counted yet [yr].
    sees, sees_too_many
        (3, 3) chance of perceiving a category (column) given the true one (row); the second for
        judges who overestimate attention (specificity .80).
    noise, width
        Error of a head count and half of a stated range, as part of the households.
    """

    complexes: int = 70
    median_homes: float = 30.0
    sizes: float = 0.7
    turnover: float = 0.06
    shares: tuple[float, float] = (0.35, 0.15)
    between: float = 0.45
    years: int = 8
    quiet: int = 3
    sees: tuple[tuple[float, float, float], ...] = ((0.8, 0.2, 0), (0.1, 0.9, 0), (0.1, 0, 0.9))
    sees_too_many: tuple[tuple[float, float, float], ...] = (
        (0.8, 0.2, 0),
        (0.2, 0.8, 0),
        (0.2, 0, 0.8),
    )
    noise: float = 0.04
    width: float = 0.08


@dataclass(slots=True)
class People:
    """The households of one complex, cell by cell, and the luck of whoever looks at them.

    Parameters
    ----------
    id, category
        Which household, what it is.
    familiar, glance
        (2, h) uniform draws per judge that stay with a household (`glance` as long as it doesn't
        change): a judge who knows 60 % knows those with `familiar` under .6, and takes them for
        what `glance` says.
    visit, slip
        This month's draws: who is visited; the error of a head count per judge and category.
    """

    id: Ints
    category: Ints
    familiar: Floats
    glance: Floats
    visit: Floats
    slip: Floats

    def taken_for(self, sees: Sequence[Sequence[float]], judge: int = 0) -> Ints:
        """Return what a judge who knows them all takes them for."""
        steps = np.cumsum(np.array(sees), axis=1)[self.category][:, :2]
        return np.asarray((self.glance[judge][:, None] >= steps).sum(axis=1))

    def without(self, index: int) -> People:
        """Return the others."""
        names = ("id", "category", "familiar", "glance", "visit")
        cells = {name: np.delete(getattr(self, name), index, axis=-1) for name in names}
        return People(**cells, slip=self.slip)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the engine said at one vacancy with one kind of information, and the truth.

    `fair` is `inside` without the gift of whole numbers (`_inside_share`); `firm_by_chance` says
    whether the chance alone would have given another verdict than *ask first*.
    """

    cluster: int
    homes: int
    chance: float
    verdict: Verdict
    fits: bool
    inside: bool
    fair: float
    carriers_inside: bool
    firm_by_chance: bool


# --- kinds of information


class Source:
    """A kind of information about one complex, kept up to date while things happen."""

    def __init__(self, assumptions: Assumptions, setting: Setting) -> None:
        self.assumptions, self.setting = assumptions, setting
        self.scheme: Scheme = assumptions.schemes["role"]
        self.knows_part = False

    def month_begins(self, on: date, month: int, people: People) -> None:
        """Judge, visit, or do nothing."""

    def leaves(self, on: date, month: int, people: People, index: int) -> Account | None:
        """Return the account of those who stay when one leaves; None where nothing is asked."""
        raise NotImplementedError

    def arrives(self, on: date) -> None:
        """Take note of a letting."""


class Nothing(Source):
    """No information at all: the prior."""

    def leaves(self, on: date, month: int, people: People, index: int) -> Account | None:
        """Return the prior over those who stay."""
        return Account.prior(self.scheme, people.category.size - 1)


class Judged(Source):
    """Judgements of one person or two, and the engine's filter in between."""

    def __init__(
        self,
        assumptions: Assumptions,
        setting: Setting,
        *,
        knows: float = 0.6,
        says: Known = Known.MOST,
        once: bool = False,
        at_notice: bool = False,
        too_many: bool = False,
        judges: int = 1,
    ) -> None:
        super().__init__(assumptions, setting)
        self.judges = judges
        self.knows, self.says, self.once, self.at_notice = knows, says, once, at_notice
        self.sees = setting.sees_too_many if too_many else setting.sees
        self.state: State | None = None

    def month_begins(self, on: date, month: int, people: People) -> None:
        """Give the yearly judgement, or the only one, when counting starts."""
        start = 12 * self.setting.quiet
        if month % 12 or (self.once and month != start):
            if self.once and month >= start + 12:
                self.state = None  # a year after its only round this row stops
            return
        before = self.state or State.first(self.scheme, people.category.size, on)
        self.state = before.after(Event(on=on, said=self._said(people)), self.assumptions)
        self.knows_part = self.state.known_part

    def leaves(self, on: date, month: int, people: People, index: int) -> Account | None:
        """Take an unknown household out, ask about the others where that is done."""
        if self.state is None:
            return None
        self.state = self.state.after(Event(on=on, leaves=""), self.assumptions)
        if self.at_notice and month >= 12 * self.setting.quiet:
            said = self._said(people.without(index))
            self.state = self.state.after(Event(on=on, said=said), self.assumptions)
        return cast("Account", self.state.account)

    def arrives(self, on: date) -> None:
        """Add a household that may be anything, by the prior's mean."""
        if self.state is not None:
            enters = Event(on=on, enters=self.scheme.prior_mean)
            self.state = self.state.after(enters, self.assumptions)

    def _said(self, people: People) -> tuple[Statement, ...]:
        return tuple(self._statement(people, judge) for judge in range(self.judges))

    def _statement(self, people: People, judge: int) -> Statement:
        """Count whom you know, scale up, err a little; a range of a twelfth to both sides."""
        present = people.category.size
        familiar = people.familiar[judge] < self.knows
        seen = np.bincount(people.taken_for(self.sees, judge)[familiar], minlength=3)
        scale = present / max(int(familiar.sum()), 1)
        error = people.slip[judge] * (0.5 + self.setting.noise * present)
        half = max(1, math.ceil(self.setting.width * present))
        ranges = {}
        left = present
        for category, slip in ((ATTENTION, error[0]), (CARRIER, error[1])):
            best = int(np.clip(round(float(seen[category] * scale + slip)), 0, left))
            left -= best
            ends = (max(best - half, 0), best, min(best + half, present))
            ranges[self.scheme.categories[category]] = ends
        return Statement(by=f"judge {judge + 1}", ranges=ranges, known=self.says)


class Labelled(Source):
    """Labels per household, read with their error rates, valid for a year.

    Everybody on one day a year is a complete round. Visits to a part of the households are not, so
    those labels say nothing about the others (ENGINE §2), unless the visits are a fair `sample`.
    """

    def __init__(
        self,
        assumptions: Assumptions,
        setting: Setting,
        *,
        visited: float | None = None,
        sample: bool = False,
    ) -> None:
        super().__init__(assumptions, setting)
        self.visited, self.tells_of_others = visited, sample or visited is None
        self.given: dict[int, tuple[int, int]] = {}

    def month_begins(self, on: date, month: int, people: People) -> None:
        """Label everybody once a year, or whoever is visited this month."""
        if self.visited is None:
            seen = np.full(people.id.size, month % 12 == 0)
        else:
            seen = people.visit < self.visited / 12
        label = people.taken_for(self.setting.sees)
        for index in np.flatnonzero(seen).tolist():
            self.given[int(people.id[index])] = (int(label[index]), month)

    def leaves(self, on: date, month: int, people: People, index: int) -> Account | None:
        """Return the account of the labels without the leaver's."""
        held = [self._label(int(each), month) for each in people.id]
        counts = tuple(held.count(each) for each in range(3))
        none = (0, 0, 0)
        labels = Labels(
            scheme=self.scheme,
            complete=counts if self.tells_of_others else none,
            signal=none if self.tells_of_others else counts,
            expired=none,
            unknown=held.count(None),
        )
        state = State.first(self.scheme, people.id.size, on)
        label = held[index]
        gone = "" if label is None else self.scheme.categories[label]
        return cast("Account", Outlook(state=state, labels=labels, gone=(gone,)).account)

    def _label(self, household: int, month: int) -> int | None:
        label, given = self.given.get(household, (None, -99))
        return label if month - given < 12 else None


Make = Callable[[Assumptions, Setting], Source]

SOURCES: dict[str, Make] = {
    "nothing (the prior)": Nothing,
    "one round of judgements, judge knows 60 %": partial(Judged, once=True),
    "one round by two judges, each knows 60 %": partial(Judged, once=True, judges=2),
    "judgements every year, judge knows 60 %": Judged,
    "… and the question at notice": partial(Judged, at_notice=True),
    "every year, judge knows 30 % and says so": partial(Judged, knows=0.3, says=Known.PART),
    "every year, judge knows 30 % and says *most*": partial(Judged, knows=0.3),
    "every year, judge knows 60 % and sees too many": partial(Judged, too_many=True),
    "labels with error rates, everybody every year": Labelled,
    "labels with error rates, 30 % visited a year": partial(Labelled, visited=0.3),
    "… those visits drawn by lot and read as a sample": partial(Labelled, visited=0.3, sample=True),
}


# --- the town


def answers(
    seed: int, number: int, assumptions: Assumptions, setting: Setting, names: Sequence[str]
) -> Iterator[tuple[str, Answer]]:
    """Live the years of one complex and yield, per vacancy and source, what was said."""
    rng = np.random.default_rng((seed, number))
    homes = int(
        np.clip(round(rng.lognormal(math.log(setting.median_homes), setting.sizes)), 8, 200)
    )
    mix = _mix(rng, setting)
    people = _settle(rng, homes, mix)
    told = {name: SOURCES[name](assumptions, setting) for name in names}
    high = BAND.whole(homes)[1] or 0
    newest = homes
    for month in range(12 * setting.years):
        on = date(FIRST_YEAR + month // 12, month % 12 + 1, 2)
        if month:
            _drift(rng, people, assumptions)
        people.visit, people.slip = rng.random(homes), rng.normal(size=(2, 2))
        for source in told.values():
            source.month_begins(on, month, people)
        going = np.flatnonzero(rng.random(homes) < 1 - math.exp(-setting.turnover / 12))
        for place, index in enumerate(going.tolist()):
            day = on.replace(day=min(5 + place, 28))
            others = np.bincount(np.delete(people.category, index), minlength=3)
            for name, source in told.items():
                account = source.leaves(day, month, people, index)
                if account is not None and month >= 12 * setting.quiet:
                    cluster = seed * setting.complexes + number
                    yield name, _answer(cluster, homes, high, others, source, account)
                source.arrives(day)
            _move_in(rng, people, index, newest, mix)
            newest += 1


def _mix(rng: np.random.Generator, setting: Setting) -> Floats:
    """Draw the shares of a complex's newcomers, which are also those it starts with."""

    def drawn(share: float) -> float:
        logit = rng.normal(math.log(share / (1 - share)), setting.between)
        return 1 / (1 + math.exp(-logit))

    attention = drawn(setting.shares[0])
    carrier = (1 - attention) * drawn(setting.shares[1] / (1 - setting.shares[0]))
    return np.array((attention, 1 - attention - carrier, carrier))


def _settle(rng: np.random.Generator, homes: int, mix: Floats) -> People:
    return People(
        id=np.arange(homes),
        category=rng.choice(3, homes, p=mix),
        familiar=rng.random((2, homes)),
        glance=rng.random((2, homes)),
        visit=np.ones(homes),
        slip=np.zeros((2, 2)),
    )


def _drift(rng: np.random.Generator, people: People, assumptions: Assumptions) -> None:
    """Let households change category, each month as the engine supposes."""
    rates = np.array(assumptions.schemes["role"].drift) / 12
    goal = (rng.random(people.id.size)[:, None] >= np.cumsum(rates[people.category], axis=1)).sum(1)
    moved = np.flatnonzero(goal < 3)
    people.category[moved] = goal[moved]
    people.glance[:, moved] = rng.random((2, moved.size))


def _move_in(
    rng: np.random.Generator, people: People, index: int, newest: int, mix: Floats
) -> None:
    people.id[index] = newest
    people.category[index] = rng.choice(3, p=mix)
    people.familiar[:, index], people.glance[:, index] = rng.random((2, 2))


def _answer(
    cluster: int, homes: int, high: int, others: Ints, source: Source, account: Account
) -> Answer:
    """Ask the engine whether one more fits, and compare with who is really there."""
    scope, figures = Scope(ScopeKind.COMPLEX, "complex"), source.assumptions
    ring = Ring(
        scope=scope,
        base=homes,
        limits=(band_limit(scope, "attention", BAND, homes, "aim"),),
        known_part=source.knows_part,
    )
    situation = Situation(scheme=source.scheme, assumptions=figures, rings=(ring,), inner=account)
    rule = rules(situation, "attention")[0]
    low, top = rule.count.wide
    carriers = account.spread("carrier").wide
    return Answer(
        cluster=cluster,
        homes=homes,
        chance=rule.chance,
        verdict=rule.verdict,
        fits=bool(others[ATTENTION] + 1 <= high),
        inside=bool(low <= others[ATTENTION] <= top),
        fair=_inside_share(account.pmf("attention"), int(others[ATTENTION])),
        carriers_inside=bool(carriers[0] <= others[CARRIER] <= carriers[1]),
        firm_by_chance=not figures.no_room_at < rule.chance < figures.room_from,
    )


def _inside_share(pmf: Floats, count: int) -> float:
    """Return which part of a number's own chance lies between 5 % and 95 %.

    A range of whole numbers holds 90 % or more; averaged over many vacancies this is .90 exactly
    when an account's chances are right.
    """
    below = float(pmf[:count].sum())
    above = below + float(pmf[count])
    if above <= below:
        return float(0.05 <= below <= 0.95)
    return max(min(above, 0.95) - max(below, 0.05), 0.0) / (above - below)


# --- the figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with its 95 % interval, by resampling complexes."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one kind of information gave.

    Parameters
    ----------
    source, vacancies
        Which, and on how many vacancies.
    firm, by_chance
        Part of the vacancies with another verdict for attention than *ask first*; the same had
        the chance spoken alone, without the rule for judges who know a part.
    wrong_room
        Part of the *room* and *tight* verdicts where one more did not fit.
    no_room, wrong_no_room
        Part of the vacancies with *no room*, and with *no room* where one more did fit.
    brier, auc
        Of P(one more fits) against whether it did.
    wide, fair, carriers
        How often the wide range held the true number; the same with the gift of whole numbers
        taken out, .90 when chances are right; the first for carriers.
    """

    source: str
    vacancies: int
    firm: Figure
    by_chance: Figure
    wrong_room: Figure
    no_room: Figure
    wrong_no_room: Figure
    brier: Figure
    auc: Figure
    wide: Figure
    fair: Figure
    carriers: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The table, and what it was made of."""

    seeds: tuple[int, ...]
    setting: Setting
    rows: tuple[Row, ...]

    def row(self, start: str) -> Row:
        """Return the row whose name starts so."""
        return next(row for row in self.rows if row.source.startswith(start))

    def table(self) -> str:
        """Return the table in Markdown."""
        head = (
            "| information | vacancies | firm | (by chance alone) | wrong *room* | *no room* "
            "| wrong *no room* | Brier | AUC | wide range holds | (.90 is fair) | same, carriers |"
        )
        lines = [head, "|" + "---|" * 12]
        return "\n".join(lines + [_line(row) for row in self.rows]) + "\n"


def _line(row: Row) -> str:
    def percent(figure: Figure, digits: int = 0) -> str:
        if math.isnan(figure.value):
            return "–"
        value, low, high = (
            f"{100 * each:.{digits}f}" for each in (figure.value, figure.low, figure.high)
        )
        return f"{value} % ({low}–{high})"

    def plain(figure: Figure) -> str:
        return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"

    cells = [
        row.source,
        str(row.vacancies),
        percent(row.firm),
        f"{100 * row.by_chance.value:.0f} %",
        percent(row.wrong_room),
        percent(row.no_room, 1),
        percent(row.wrong_no_room, 1),
        plain(row.brier),
        plain(row.auc),
        plain(row.wide),
        plain(row.fair),
        plain(row.carriers),
    ]
    return "| " + " | ".join(cells) + " |"


def run(
    *,
    seeds: Sequence[int] = SEEDS,
    setting: Setting | None = None,
    names: Sequence[str] | None = None,
    assumptions: Assumptions | None = None,
    resamples: int = 400,
) -> Study:
    """Live the towns of some seeds and count who was right.

    Parameters
    ----------
    seeds
        One town each; the documented table is that of `SEEDS`.
    setting
        The made-up town, by default the reference town.
    names
        Kinds of information out of `SOURCES`, by default all.
    assumptions
        The engine's figures, by default the package's norms.
    resamples
        Bootstrap samples behind an interval.
    """
    town = setting or Setting()
    figures = assumptions or Assumptions.on(read_norms(), date(2026, 11, 22))
    chosen = tuple(names or SOURCES)
    found: dict[str, list[Answer]] = {name: [] for name in chosen}
    for seed in seeds:
        for number in range(town.complexes):
            for name, answer in answers(seed, number, figures, town, chosen):
                found[name].append(answer)
    rows = tuple(_row(name, found[name], resamples) for name in chosen)
    return Study(seeds=tuple(seeds), setting=town, rows=rows)


def _row(name: str, found: Sequence[Answer], resamples: int) -> Row:
    said = np.array([int(each.verdict) for each in found])
    fits = np.array([each.fits for each in found])
    chance = np.array([each.chance for each in found])
    yes, no = said >= Verdict.TIGHT, said == Verdict.NO_ROOM
    ones = np.ones(len(found))
    _, cluster = np.unique([each.cluster for each in found], return_inverse=True)
    boot = _Bootstrap(cluster, resamples)
    return Row(
        source=name,
        vacancies=len(found),
        firm=boot.ratio(yes | no, ones),
        by_chance=boot.ratio(np.array([each.firm_by_chance for each in found]), ones),
        wrong_room=boot.ratio(yes & ~fits, yes),
        no_room=boot.ratio(no, ones),
        wrong_no_room=boot.ratio(no & fits, ones),
        brier=boot.ratio((chance - fits) ** 2, ones),
        auc=boot.auc(chance, fits),
        wide=boot.ratio(np.array([each.inside for each in found]), ones),
        fair=boot.ratio(np.array([each.fair for each in found]), ones),
        carriers=boot.ratio(np.array([each.carriers_inside for each in found]), ones),
    )


class _Bootstrap:
    """Resample complexes, whole histories at a time: vacancies of one complex are alike."""

    def __init__(self, cluster: Ints, resamples: int) -> None:
        rng = np.random.default_rng(0)
        count = int(cluster.max()) + 1
        self.cluster = cluster
        self.weights = rng.multinomial(count, np.full(count, 1 / count), size=resamples)

    def ratio(self, top: NDArray[Any], bottom: NDArray[Any]) -> Figure:
        """Return Σ top / Σ bottom."""
        if not bottom.any():
            return Figure(value=math.nan, low=math.nan, high=math.nan)
        parts = [np.bincount(self.cluster, weights=each) for each in (top, bottom)]
        above, below = self.weights @ parts[0], self.weights @ parts[1]
        low, high = np.quantile(above[below > 0] / below[below > 0], (0.025, 0.975))
        return Figure(value=float(top.sum() / bottom.sum()), low=float(low), high=float(high))

    def auc(self, chance: Floats, fits: NDArray[np.bool_]) -> Figure:
        """Return the chance that a vacancy where it fits was given more than one where not."""
        _, level = np.unique(chance, return_inverse=True)

        def area(weight: Floats) -> float:
            good = np.bincount(level, weights=weight * fits)
            bad = np.bincount(level, weights=weight * ~fits, minlength=good.size)
            wins = good @ (np.cumsum(bad) - bad / 2)
            total = good.sum() * bad.sum()
            return float(wins / total) if total else math.nan

        many = [area(weight[self.cluster].astype(float)) for weight in self.weights]
        found = [each for each in many if not math.isnan(each)]
        if not found:  # everything fits, or nothing does
            return Figure(value=math.nan, low=math.nan, high=math.nan)
        low, high = np.quantile(found, (0.025, 0.975))
        return Figure(value=area(np.ones(chance.size)), low=float(low), high=float(high))


def main() -> None:
    """Print the table of the documented seeds, or write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=len(SEEDS))
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    study = run(seeds=range(asked.seeds))
    print(study.table())
    if asked.write:
        PAGE.write_text(with_table(PAGE.read_text("utf-8"), study.table()), "utf-8")


def with_table(page: str, table: str) -> str:
    """Return a page with another table between its marks."""
    before, _, rest = page.partition(OPENS)
    _, _, after = rest.partition(CLOSES)
    return f"{before}{OPENS}\n{table}{CLOSES}{after}"


if __name__ == "__main__":
    main()
