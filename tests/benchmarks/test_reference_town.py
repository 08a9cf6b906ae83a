"""The reference town: its small edition meets the bars, and its shortcut is the real door."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.reference_town import (
    CLOSES,
    OPENS,
    PAGE,
    SEEDS,
    SOURCES,
    Answer,
    Judged,
    Setting,
    answers,
    run,
    with_table,
)
from mixwijzer.engine.advice import advise
from mixwijzer.engine.norms import Assumptions
from mixwijzer.engine.portfolio import (
    Area,
    Band,
    Complex,
    Dwelling,
    Judgement,
    Portfolio,
    ProfileRow,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)
from mixwijzer.exchange.normbook import read_norms

if TYPE_CHECKING:
    from benchmarks.reference_town import People, Study
    from mixwijzer.engine.account import Account, Statement

ONE_ROUND = "one round of judgements, judge knows 60 %"
YEARLY = "judgements every year, judge knows 60 %"
PART = "every year, judge knows 30 % and says so"
PRETENDS = "every year, judge knows 30 % and says *most*"
NOTHING = "nothing (the prior)"


@pytest.fixture(scope="module")
def study() -> Study:
    """A small edition: one year is counted, in four towns."""
    names = (NOTHING, ONE_ROUND, YEARLY, PART, PRETENDS)
    return run(seeds=range(4), setting=Setting(years=4), names=names, resamples=50)


@pytest.mark.parametrize("source", [ONE_ROUND, YEARLY])
def test_judgements_give_a_firm_verdict_on_about_half_of_the_vacancies(
    study: Study, source: str
) -> None:
    row = study.row(source)
    assert row.firm.value >= 0.42
    assert 0.86 <= row.wide.value <= 0.965
    assert 0.86 <= row.fair.value <= 0.95
    assert row.auc.value >= 0.76
    assert row.wrong_no_room.value <= 0.02
    assert row.wrong_room.value <= 0.15


def test_information_beats_none(study: Study) -> None:
    assert study.row(ONE_ROUND).brier.value < study.row(NOTHING).brier.value
    assert study.row(YEARLY).auc.value > study.row(NOTHING).auc.value + 0.1


def test_ask_first_comes_more_often_when_judges_say_that_they_know_a_part(study: Study) -> None:
    assert study.row(PART).firm.value < study.row(YEARLY).firm.value
    assert study.row(PART).by_chance.value < study.row(YEARLY).by_chance.value
    assert study.row(PART).wide.value > study.row(PRETENDS).wide.value


def test_who_pretends_to_know_most_is_wrong_more_often(study: Study) -> None:
    assert study.row(PRETENDS).wrong_room.value > study.row(YEARLY).wrong_room.value
    assert study.row(PRETENDS).fair.value < study.row(YEARLY).fair.value


def test_the_same_seeds_give_the_same_table() -> None:
    few = (NOTHING, ONE_ROUND, PART)
    small = {"seeds": (3,), "setting": Setting(years=4, complexes=5), "names": few, "resamples": 5}
    assert run(**small).table() == run(**small).table()


# --- the shortcut of the study against the whole way through a portfolio


@dataclass
class Notes:
    """What a source saw, as rows of a portfolio."""

    leases: list[Tenancy] = field(default_factory=list)
    rounds: list[tuple[date, tuple[Statement, ...]]] = field(default_factory=list)
    asked: list[tuple[date, int]] = field(default_factory=list)


class Noted(Judged):
    """A judge whose sayings, and the moves in between, are written down."""

    notes: Notes

    def month_begins(self, on: date, month: int, people: People) -> None:
        if month == 0:
            self.notes = NOTES[-1]
            for home in range(people.id.size):
                self._lease(home, date(2010, 1, 1))
        super().month_begins(on, month, people)
        if month % 12 == 0:
            self.notes.rounds.append((on, self._said(people)))

    def leaves(self, on: date, month: int, people: People, index: int) -> Account | None:
        self.notes.asked.append((on, index))
        current = max(
            (lease for lease in self.notes.leases if lease.dwelling == f"H{index}"),
            key=lambda lease: lease.start,
        )
        place = self.notes.leases.index(current)
        self.notes.leases[place] = replace(current, end=on + timedelta(days=1))
        self._lease(index, on + timedelta(days=1))
        return super().leaves(on, month, people, index)

    def _lease(self, home: int, start: date) -> None:
        number = len(self.notes.leases)
        self.notes.leases.append(Tenancy(id=f"T{number}", dwelling=f"H{home}", start=start))


NOTES: list[Notes] = []


def portfolio_on(notes: Notes, homes: int, day: date, leaver: int) -> Portfolio:
    """Return what is known when a notice comes in on `day`."""
    scope = Scope(ScopeKind.COMPLEX, "C")
    leases = [
        lease
        if lease.end is None or lease.end <= day or lease.dwelling == f"H{leaver}"
        else replace(lease, end=None)
        for lease in notes.leases
        if lease.start <= day
    ]
    judgements = [
        Judgement(
            scope=scope,
            scheme="role",
            on=on,
            by=said.by,
            known=said.known,
            category=category,
            low=low,
            best=best,
            high=high,
        )
        for on, statements in notes.rounds
        if on <= day
        for said in statements
        for category, (low, best, high) in said.ranges.items()
    ]
    band = ProfileRow(
        id="band",
        set_by_kind="organisation",
        set_by="owner",
        for_kind=ScopeKind.COMPLEX,
        scheme="role",
        category="attention",
        band=Band(target=3500, max=4000),
        start=date(2010, 1, 1),
    )
    return Portfolio(
        areas=(Area(code="GM0193", kind=ScopeKind.MUNICIPALITY, name="Zwolle"),),
        complexes=(Complex(id="C", name="C", neighbourhood="GM0193", owner="owner"),),
        dwellings=tuple(Dwelling(id=f"H{home}", complex="C") for home in range(homes)),
        tenancies=tuple(leases),
        judgements=tuple(judgements),
        profiles=(band,),
        vacancies=(
            Vacancy(id="V", dwelling=f"H{leaver}", notice=day, free_from=day + timedelta(days=1)),
        ),
    )


@pytest.mark.parametrize("number", [0, 3])
def test_the_study_says_what_advise_says_about_the_same_rows(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setitem(SOURCES, "noted", Noted)
    norms = read_norms()
    notes = Notes()
    NOTES.append(notes)
    setting = Setting(years=6, median_homes=25, sizes=0.2)
    figures = Assumptions.on(norms, date(2026, 11, 22))
    told: list[Answer] = [answer for _, answer in answers(11, number, figures, setting, ("noted",))]
    counted = [(day, home) for day, home in notes.asked if day.year >= 2021]
    assert len(counted) == len(told) >= 3
    for (day, home), answer in zip(counted, told, strict=True):
        advice = advise(portfolio_on(notes, answer.homes, day, home), "V", day, norms)
        spoken = advice.category("attention")
        assert spoken.binding is not None
        assert spoken.binding.chance == pytest.approx(answer.chance, abs=2e-6)
        assert spoken.verdict is answer.verdict


# --- the page


def test_the_page_holds_one_table_and_names_its_seeds() -> None:
    page = PAGE.read_text("utf-8")
    assert page.count(OPENS) == page.count(CLOSES) == 1
    assert f"{len(SEEDS)} seeds" in page
    assert all(name in page for name in SOURCES if name != "noted")
    assert with_table(page, "other\n") != page


@pytest.mark.soak
def test_the_table_on_the_page_is_what_the_script_prints() -> None:
    page = PAGE.read_text("utf-8")
    assert with_table(page, run().table()) == page


def test_the_curve_of_a_right_account_is_fair() -> None:
    """Counts drawn from the account itself lie inside the wide range by its own measure."""
    from benchmarks.reference_town import _inside_share

    rng = np.random.default_rng(1)
    pmf = rng.dirichlet(np.ones(12))
    exact = sum(chance * _inside_share(pmf, count) for count, chance in enumerate(pmf))
    assert exact == pytest.approx(0.90)
