"""The made-up town: repeatable, coherent, calibrated, and nobody in it is anybody."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter, defaultdict
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.advice import advise
from mixwijzer.engine.errors import PortfolioError
from mixwijzer.engine.norms import Assumptions, Scheme
from mixwijzer.engine.portfolio import Known, Occasion, Scope, ScopeKind, band_errors
from mixwijzer.exchange import tables
from mixwijzer.exchange.check import check
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.synthetic import Judges, Town, read_places, synthesize

if TYPE_CHECKING:
    from mixwijzer.engine.portfolio import Judgement, Portfolio

DAY = date(2026, 11, 23)
DATA = Path(os.environ.get("MIXWIJZER_DATA", Path(__file__).parents[3] / "shared" / "data"))
MUNICIPALITY = Scope(ScopeKind.MUNICIPALITY, "GM0193")


@pytest.fixture(scope="module")
def town() -> Town:
    return synthesize(seed=7, day=DAY)


def complexes_of(town: Town) -> list[Scope]:
    return [Scope(ScopeKind.COMPLEX, each.id) for each in town.portfolio.complexes]


def present(portfolio: Portfolio, scope: Scope, day: date, *, without: str = "") -> int:
    return sum(
        any(lease.holds_on(day) for lease in portfolio.tenancies_of.get(home.id, ()))
        for home in portfolio.dwellings_in(scope)
        if home.in_base and home.id != without
    )


def said_of(judgement: Judgement, portfolio: Portfolio) -> int:
    """Households that a judgement speaks about."""
    vacancy = portfolio.vacancy.get(judgement.vacancy or "")
    return present(
        portfolio, judgement.scope, judgement.on, without=vacancy.dwelling if vacancy else ""
    )


def test_the_same_seed_gives_the_same_town_bit_for_bit(town: Town) -> None:
    again = synthesize(seed=7, day=DAY)
    assert again.portfolio == town.portfolio
    assert again.ledger == town.ledger
    for each in fields(town.truth.lives):
        same = getattr(again.truth.lives, each.name) == getattr(town.truth.lives, each.name)
        assert same.all()


def test_another_seed_gives_another_town(town: Town) -> None:
    assert synthesize(seed=8, day=DAY).portfolio.tenancies != town.portfolio.tenancies


@pytest.mark.parametrize("homes", [300, 777, 2000])
def test_a_town_has_exactly_the_homes_asked_for(homes: int) -> None:
    portfolio = synthesize(seed=1, homes=homes, day=DAY).portfolio
    assert len(portfolio.dwellings) == homes
    assert portfolio.synthetic
    assert portfolio.data_date == DAY


def test_a_town_too_small_to_show_everything_is_refused() -> None:
    with pytest.raises(PortfolioError) as refused:
        synthesize(seed=1, homes=100, day=DAY)
    assert refused.value.code == "town_too_small"


def test_a_demo_town_is_made_while_you_wait() -> None:
    start = perf_counter()
    synthesize(seed=9, day=DAY)
    assert perf_counter() - start < 2


@pytest.mark.soak
def test_a_town_of_100_000_homes_is_made_within_a_minute() -> None:
    start = perf_counter()
    town = synthesize(seed=9, homes=100_000, day=DAY)
    assert perf_counter() - start < 60
    assert check(town.portfolio) == ()


def test_the_portfolio_is_the_last_word_of_the_ledger(town: Town) -> None:
    end_of_day = datetime.combine(DAY, time(23, 59), tzinfo=UTC)
    assert town.ledger.as_known(end_of_day) == town.portfolio
    assert len(town.ledger.tenancies) > len(town.portfolio.tenancies)
    assert len(town.ledger.judgements) > len(town.portfolio.judgements)


def test_a_year_ago_a_departure_of_this_spring_was_not_known(town: Town) -> None:
    then = town.ledger.as_known(datetime(2025, 11, 23, 12, tzinfo=UTC))
    gone = [each for each in town.portfolio.tenancies if each.end and each.end > date(2026, 3, 1)]
    before = {each.id: each for each in then.tenancies}
    assert gone
    assert all(before[each.id].end is None for each in gone if each.id in before)


def test_nothing_is_recorded_after_the_day_and_most_of_it_later_than_it_was_true(
    town: Town,
) -> None:
    tables = ("tenancies", "judgements", "placements", "vacancies", "lettings", "place_requests")
    moments = [row.recorded_at for name in tables for row in getattr(town.ledger, name)]
    assert max(moments).date() <= DAY
    late = sum(each.recorded_at.date() > each.start for each in town.ledger.tenancies)
    assert late > 0.5 * len(town.ledger.tenancies)


def test_a_home_has_one_household_at_a_time(town: Town) -> None:
    for leases in town.portfolio.tenancies_of.values():
        ordered = sorted(leases, key=lambda each: each.start)
        for before, after in pairwise(ordered):
            assert before.end is not None
            assert before.end <= after.start


def test_scopes_are_nested_and_every_home_is_in_one_of_each(town: Town) -> None:
    portfolio = town.portfolio
    base = portfolio.base(MUNICIPALITY)
    for kind in (ScopeKind.DISTRICT, ScopeKind.NEIGHBOURHOOD):
        scopes = [Scope(kind, each.code) for each in portfolio.areas if each.kind is kind]
        assert sum(map(portfolio.base, scopes)) == base
    assert sum(map(portfolio.base, complexes_of(town))) == base
    home = next(each for each in portfolio.dwellings if each.stairwell)
    kinds = [scope.kind for scope in portfolio.scopes_of(home.id)]
    assert kinds == list(ScopeKind)


def test_the_truth_adds_up_from_stairwell_to_municipality(town: Town) -> None:
    truth, portfolio = town.truth, town.portfolio
    total = np.sum([truth.counts(scope, DAY) for scope in complexes_of(town)], axis=0)
    assert tuple(total) == truth.counts(MUNICIPALITY, DAY)
    place = portfolio.complexes[0].neighbourhood
    inside = portfolio.complexes_in[place]
    parts = [truth.counts(Scope(ScopeKind.COMPLEX, each), DAY) for each in inside]
    area = Scope(ScopeKind.NEIGHBOURHOOD, place)
    assert tuple(np.sum(parts, axis=0)) == truth.counts(area, DAY)
    stairs = {(each.complex, each.stairwell) for each in portfolio.dwellings if each.stairwell}
    one = next(each for each, _ in sorted(stairs))
    scopes = [Scope(ScopeKind.STAIRWELL, f"{one}/{each}") for of, each in stairs if of == one]
    parts = [truth.counts(scope, DAY) for scope in scopes]
    assert tuple(np.sum(parts, axis=0)) == truth.counts(Scope(ScopeKind.COMPLEX, one), DAY)


def test_the_truth_counts_exactly_who_holds_a_lease(town: Town) -> None:
    for scope in complexes_of(town):
        for day in (DAY, DAY - timedelta(days=400)):
            assert sum(town.truth.counts(scope, day)) == present(town.portfolio, scope, day)


def test_the_truth_knows_a_households_category_and_nothing_of_tomorrow(town: Town) -> None:
    scope = complexes_of(town)[0]
    leases = [
        lease.id
        for home in town.portfolio.dwellings_in(scope)
        if home.in_base
        for lease in town.portfolio.tenancies_of.get(home.id, ())
    ]
    found = Counter(town.truth.category(lease, DAY) for lease in leases)
    attention, regular, carrier = town.truth.counts(scope, DAY)
    assert (found["attention"], found["regular"], found["carrier"]) == (attention, regular, carrier)
    with pytest.raises(ValueError, match="nothing is true"):
        town.truth.counts(scope, DAY + timedelta(days=1))
    with pytest.raises(ValueError, match="nothing is true"):
        town.truth.category(leases[0], DAY + timedelta(days=1))


def test_households_change_category_while_they_stay_both_ways(town: Town) -> None:
    lives = town.truth.lives
    order = np.lexsort((lives.spell_start, lives.spell_household))
    household, category = lives.spell_household[order], lives.spell_category[order]
    same = household[1:] == household[:-1]
    moves = Counter(zip(category[:-1][same].tolist(), category[1:][same].tolist(), strict=True))
    assert moves[0, 1] > 20
    assert moves[1, 0] > 20
    assert all(before != after for before, after in moves)


def test_every_judgement_can_be_true(town: Town) -> None:
    portfolio = town.portfolio
    best: defaultdict[tuple[object, ...], int] = defaultdict(int)
    for each in portfolio.judgements:
        households = said_of(each, portfolio)
        assert 0 <= each.low <= each.best <= each.high <= households
        best[each.scope, each.on, each.by] += each.best
        assert best[each.scope, each.on, each.by] <= households


def test_a_judge_speaks_of_the_very_households_that_the_engine_counts() -> None:
    """Who was left out at notice stays left out: so a range up to everybody is never too wide."""
    made = synthesize(seed=7, homes=2000, day=DAY, judges=Judges(width=1.0))
    accounts = Accounts(made.portfolio, Assumptions.on(read_norms(), DAY), DAY)
    for scope in complexes_of(made):
        accounts.of(scope)


def test_two_people_judge_a_complex_and_never_by_name(town: Town) -> None:
    for code, (consultant, manager) in town.judges.items():
        scope = Scope(ScopeKind.COMPLEX, code)
        by = {each.by for each in town.portfolio.judgements_of.get(scope, ())}
        assert by <= {consultant, manager}
    everybody = {each.by for each in town.portfolio.judgements}
    assert all(re.fullmatch(r"(consultant|manager)-[a-z]{2}", each) for each in everybody)
    both = Counter((each.scope, each.on, each.category) for each in town.portfolio.judgements)
    assert sum(each == 2 for each in both.values()) > 0.7 * len(both)


def test_rounds_are_yearly_for_two_or_three_years_with_some_questions_at_notice(
    town: Town,
) -> None:
    yearly = defaultdict(set)
    for each in town.portfolio.judgements:
        if each.occasion is Occasion.YEARLY:
            yearly[each.scope].add(each.on)
    assert {len(days) for days in yearly.values()} == {2, 3}
    assert all(max(days) > DAY - timedelta(days=366) for days in yearly.values())
    asked = {each.vacancy for each in town.portfolio.judgements} - {None}
    assert asked
    assert {each.known for each in town.portfolio.judgements} == set(Known)


def judged_minus_true(town: Town, role: str) -> float:
    """Mean of best minus true over the yearly rounds, as part of the households."""
    off = []
    for each in town.portfolio.judgements:
        mine = each.by.startswith(role) and each.category == "attention"
        if mine and each.occasion is Occasion.YEARLY:
            true = town.truth.counts(each.scope, each.on)
            off.append((each.best - true[0]) / sum(true))
    return float(np.mean(off))


def test_judges_are_about_right_and_a_one_sided_judge_is_not() -> None:
    fair = synthesize(seed=3, homes=8000, day=DAY)
    assert abs(judged_minus_true(fair, "consultant")) < 0.025
    askew = synthesize(seed=3, homes=8000, day=DAY, judges=Judges(bias=(0.08, 0.0)))
    assert judged_minus_true(askew, "consultant") > 0.05
    assert abs(judged_minus_true(askew, "manager")) < 0.025


def test_one_home_in_300_is_open_at_least_six_and_its_advert_is_for_these_days() -> None:
    for homes, least in ((300, 6), (2000, 7), (6000, 20)):
        portfolio = synthesize(seed=2, homes=homes, day=DAY).portfolio
        waiting = [each for each in portfolio.vacancies if each.closed_on is None]
        new = [each for each in waiting if not portfolio.tenancies_of.get(each.dwelling)]
        assert least <= len(waiting) - len(new) <= least + 1
        assert all(each.notice <= DAY for each in waiting)
        assert all(DAY <= each.publication <= DAY + timedelta(days=9) for each in waiting)
        assert all(each.publication.weekday() < 5 for each in waiting)
        owners = Counter(
            portfolio.complex[portfolio.dwelling[each.dwelling].complex].owner for each in waiting
        )
        assert set(owners) == {"zilverlinde", "roodborst"}
        places = Counter(portfolio.dwelling[each.dwelling].complex for each in waiting)
        assert max(places.values()) >= 2


def test_a_closed_vacancy_has_its_letting_and_an_open_one_has_none(town: Town) -> None:
    portfolio = town.portfolio
    for vacancy in portfolio.vacancies:
        lettings = portfolio.lettings_of.get(vacancy.id, ())
        assert [each.on for each in lettings] == ([vacancy.closed_on] if vacancy.closed_on else [])
        assert vacancy.notice < vacancy.free_from
        assert vacancy.closed_on is None or vacancy.publication <= vacancy.closed_on


def test_every_letting_had_a_ground_on_its_day(town: Town) -> None:
    channels = {each.id: each for each in town.portfolio.channels}
    for letting in town.portfolio.lettings:
        assert channels[letting.channel].has_ground(letting.on)
        assert letting.ground is channels[letting.channel].ground
    expired = [each.id for each in channels.values() if not each.has_ground(DAY)]
    assert expired == ["co_optation"]
    soon = [each.id for each in channels.values() if not each.has_ground(DAY + timedelta(days=90))]
    assert set(soon) == {"co_optation", "motivation", "social_rules"}
    assert all(sum(each.shares) == 1 for each in channels.values())


def test_what_a_home_was_let_for_loses_its_tie_after_a_year(town: Town) -> None:
    portfolio = town.portfolio
    for each in portfolio.placements:
        assert (each.vacancy is None) or each.month > DAY - timedelta(days=397)
    assert any(each.vacancy is None for each in portfolio.placements)
    for letting in portfolio.lettings:
        assert letting.group is None or letting.on > DAY - timedelta(days=365)


def test_obligations_are_partly_made_and_some_requests_wait_long(town: Town) -> None:
    portfolio = town.portfolio
    groups = Counter(
        each.group for each in portfolio.lettings if each.group and each.on.year == DAY.year
    )
    for each in portfolio.obligations:
        if each.owner == "zilverlinde":
            assert groups[each.group] > 0
    asked = [each.asked_on for each in portfolio.place_requests if each.closed_on is None]
    assert sum(each < DAY - timedelta(weeks=12) for each in asked) >= 3
    assert any(each.outcome == "placed" for each in portfolio.place_requests)


def test_every_profile_can_be_met_and_some_override_others(town: Town) -> None:
    role = Scheme(
        name="role",
        categories=("attention", "regular", "carrier"),
        ordinary="regular",
        prior_mean=(0.35, 0.5, 0.15),
        prior_strength=8,
        drift=((0,) * 3,) * 3,
        confusion=((0,) * 3,) * 3,
    )
    ceilings = Counter()
    for scope in complexes_of(town):
        bands = town.portfolio.bands(scope, role, DAY)
        plain = {name: each.band for name, each in bands.items()}
        assert not band_errors(scope.code, plain, role.categories)
        ceilings[plain["attention"].max] += 1
    assert set(ceilings) == {3800, 4000, 4500, 5500}
    assert ceilings[4000] > 0.5 * ceilings.total()
    drafts = [each for each in town.portfolio.profiles if each.draft]
    assert len(drafts) == 1


def test_one_complex_fills_up_one_is_a_magic_mix_and_one_has_a_cap(town: Town) -> None:
    portfolio = town.portfolio
    plan = [each for each in portfolio.profiles if each.fill_up_until]
    assert len({each.set_by for each in plan}) == 1
    new = Scope(ScopeKind.COMPLEX, plan[0].set_by)
    assert 0.3 < present(portfolio, new, DAY) / portfolio.base(new) < 0.8
    assert not portfolio.judgements_of.get(new)
    assert sum(each.magic_mix for each in portfolio.complexes) == 1
    cap = portfolio.caps[0]
    homes = portfolio.dwellings_of[cap.set_by]
    assert all(count >= 8 for count in Counter(each.stairwell for each in homes).values())
    judged = {each.scope for each in portfolio.judgements}
    groups = [each for each in judged if each.kind is ScopeKind.STAIRWELL]
    assert len(groups) >= 2
    assert all(portfolio.base(each) >= 11 for each in groups)


def test_the_second_association_shares_no_neighbourhood_with_the_first(town: Town) -> None:
    owners = defaultdict(set)
    for each in town.portfolio.complexes:
        owners[each.neighbourhood].add(each.owner)
    assert all(len(each) == 1 for each in owners.values())
    assert {"roodborst"} in owners.values()


def test_nothing_in_the_town_is_anybodys_address(town: Town) -> None:
    assert all(each.bag_id is None for each in town.portfolio.dwellings)
    assert all(each.household is None for each in town.portfolio.tenancies)
    names = {each.name for each in town.portfolio.complexes}
    assert len(names) == len(town.portfolio.complexes)
    assert all(re.fullmatch(r"De \w+(hof|tuin|werf)( \d+)?", each) for each in names)


# --- the files and the engine take it


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_checks_find_nothing_wrong(seed: int) -> None:
    made = synthesize(seed=seed, homes=600, day=DAY)
    assert check(made.portfolio) == ()
    assert check(made.ledger) == ()


@pytest.mark.parametrize("form", ["folder", "town.xlsx"])
def test_what_was_written_reads_back_as_the_same_town(tmp_path: Path, form: str) -> None:
    made = synthesize(seed=4, homes=400, day=DAY)
    for rows in (made.portfolio, made.ledger):
        tables.write(rows, tmp_path / form)
        reading = tables.read(tmp_path / form)
        assert reading.portfolio == rows
        assert reading.findings == ()
        assert not reading.dropped


def test_the_engine_counts_who_is_there_and_its_wide_ranges_hold_most_of_the_truth() -> None:
    made = synthesize(seed=6, homes=3000, day=DAY)
    accounts = Accounts(made.portfolio, Assumptions.on(read_norms(), DAY), DAY)
    inside = []
    for scope in complexes_of(made):
        true = made.truth.counts(scope, DAY)
        assert accounts.present(scope) == sum(true)
        low, high = accounts.of(scope).spread("attention").wide
        inside.append(low <= true[0] <= high)
    assert np.mean(inside) > 0.88


def test_every_open_vacancy_gets_an_advice(town: Town) -> None:
    norms, portfolio = read_norms(), town.portfolio
    accounts = {
        owner: Accounts(portfolio.owned_by(owner), Assumptions.on(norms, DAY), DAY)
        for owner in ("zilverlinde", "roodborst")
    }
    for vacancy in portfolio.vacancies:
        if vacancy.closed_on is not None:
            continue
        owner = portfolio.complex[portfolio.dwelling[vacancy.dwelling].complex].owner
        advice = advise(portfolio, vacancy.id, DAY, norms, accounts=accounts[owner])
        assert [each.category for each in advice.categories] == ["attention", "regular", "carrier"]
        assert len(advice.channels) == 6
        assert advice.recommended is not None


# --- calibration on real figures


def shares(town: Town, day: date) -> np.ndarray:
    """True share of attention per neighbourhood that has had households for years."""
    areas = [
        Scope(ScopeKind.NEIGHBOURHOOD, each.code)
        for each in town.portfolio.areas
        if each.kind is ScopeKind.NEIGHBOURHOOD
    ]
    counts = np.array([town.truth.counts(scope, day) for scope in areas], dtype=float)
    return counts[:, 0] / counts.sum(axis=1)


@pytest.mark.parametrize("homes", [2000, 12_000])
def test_neighbourhoods_are_as_persistent_as_zwolles(homes: int) -> None:
    """DATA step 7: lag-1 cross-section correlation ≥ .95, mean yearly change 1 to 3 points."""
    alike, change = [], []
    for seed in range(1, 7 if homes < 10_000 else 4):
        town = synthesize(seed=seed, homes=homes, day=DAY)
        years = [DAY - timedelta(days=365 * back) for back in (3, 2, 1, 0)]
        with np.errstate(invalid="ignore"):
            table = np.array([shares(town, day) for day in years])
        table = table[:, ~np.isnan(table).any(axis=0)]
        alike += [np.corrcoef(one, next_)[0, 1] for one, next_ in pairwise(table)]
        change.append(np.abs(np.diff(table, axis=0)).mean())
    assert np.mean(alike) >= 0.95
    assert 0.01 <= np.mean(change) <= 0.03


def test_turnover_and_shares_are_those_that_were_asked_for() -> None:
    town = synthesize(seed=5, homes=12_000, day=DAY)
    year = DAY - timedelta(days=365)
    left = sum(each.end is not None and year < each.end <= DAY for each in town.portfolio.tenancies)
    assert 0.05 < left / 12_000 < 0.07
    attention, regular, carrier = np.array(town.truth.counts(MUNICIPALITY, DAY)) / 12_000
    assert 0.28 < attention < 0.38
    assert 0.44 < regular < 0.58
    assert 0.12 < carrier < 0.20


def real(name: str) -> list[dict[str, str]]:
    """Read a real table; where it is missing CI fails if the data lie beside it, else a skip."""
    path = DATA / "zwolle" / name
    if not path.is_file():
        missing = pytest.fail if os.environ.get("CI") and DATA.is_dir() else pytest.skip
        missing(f"real data not found: {path} (set MIXWIJZER_DATA)")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_places_are_zwolles_own_with_their_own_figures() -> None:
    panel = {row["STATCODE"]: row for row in real("buurt_panel_2015_2018.csv")}
    for place in read_places():
        row = panel[place.code]
        assert place.name == row["BU_NAAM"]
        assert place.district_code == row["WK_2014"]
        assert place.dwellings == int(row["woningen_2024"])
        known = row["pct_lt105sm_2018"]
        assert place.low_income_2018 == (int(float(known)) if known else None)


def plain(name: str) -> str:
    """Names differ between the tables in case and hyphens."""
    return re.sub("[^a-z]", "", name.lower())


def test_building_years_and_the_incomes_of_2021_are_the_real_ones() -> None:
    buildings = {plain(row["buurt_naam"]): row for row in real("zwolle_buildings_by_buurt.csv")}
    path = DATA / "zwolle" / "zwolle_demographics_buurt_2021.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        incomes = {plain(row[0]): row[-1] for row in csv.reader(file, delimiter=";") if row}
    for place in read_places():
        row = buildings[plain(place.name)]
        assert place.buildings == int(row["total_buil"])
        assert place.built_1961_1980 == int(row["1961_1980"])
        known = incomes.get(plain(place.name), "-")
        assert place.low_income_2021 == (int(known) if known != "-" else None)
