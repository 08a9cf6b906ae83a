"""The account: what is conserved, what is certain, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.engine.account import Account, Event, Labels, Separate, State, Statement, Summed
from mixwijzer.engine.account._joint import from_json, prior
from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.portfolio import Known
from tests.engine import oracle
from tests.engine.cases import FIGURES, assumptions_of, scheme_of, state_of
from tests.engine.random_cases import TWO, Dice, a_past, a_scheme
from tests.engine.test_advice_about_a_vacancy import STAGE
from tests.strategies import dice

ROLE = scheme_of(FIGURES)
NORMS = assumptions_of(FIGURES)
JANUARY = date(2026, 1, 15)
households = st.integers(0, 9)


def an_account(throw: Dice, home: int, scheme: Scheme = ROLE) -> Account:
    """Any account at all of so many households."""
    grid = throw.random((home + 1,) * (len(scheme.categories) - 1))
    grid[np.indices(grid.shape).sum(axis=0) > home] = 0.0
    return Account(scheme, grid / grid.sum())


# --- steps ---------------------------------------------------------------------------------------


@given(throw=dice, home=households)
def test_chances_always_add_up_to_one(throw: Dice, home: int) -> None:
    account = an_account(throw, home).after_letting((0.2, 0.5, 0.3)).drifted(5).after_departure()
    assert account.grid.sum() == pytest.approx(1, abs=1e-12)
    for name in ROLE.categories:
        assert account.pmf(name).sum() == pytest.approx(1, abs=1e-12)
        assert account.at_most(name, home) == pytest.approx(1, abs=1e-12)
        assert account.at_most(name, -1) == 0.0


@given(throw=dice, home=households)
def test_the_means_of_all_categories_add_up_to_the_households(throw: Dice, home: int) -> None:
    account = an_account(throw, home)
    assert sum(account.mean(name) for name in ROLE.categories) == pytest.approx(home)


@given(throw=dice, home=st.integers(1, 9))
def test_who_leaves_unknown_takes_each_category_along_in_proportion(throw: Dice, home: int) -> None:
    account = an_account(throw, home)
    left = account.after_departure()
    for name in ROLE.categories:
        assert left.mean(name) == pytest.approx(account.mean(name) * (home - 1) / home)


@given(throw=dice, home=households)
def test_who_comes_adds_the_shares_of_the_channel(throw: Dice, home: int) -> None:
    account, shares = an_account(throw, home), (0.2, 0.5, 0.3)
    came = account.after_letting(shares)
    for name, share in zip(ROLE.categories, shares, strict=True):
        assert came.mean(name) == pytest.approx(account.mean(name) + share)


@given(home=st.integers(1, 30))
def test_before_anybody_spoke_a_departure_leaves_the_prior_of_one_less(home: int) -> None:
    for scheme in (ROLE, scheme_of(TWO)):
        left = Account.prior(scheme, home).after_departure()
        assert np.allclose(left.grid, Account.prior(scheme, home - 1).grid, atol=1e-13)


@given(throw=dice, home=st.integers(1, 7), months=st.integers(1, 24))
def test_several_months_of_drift_in_one_step_are_those_months_one_by_one(
    throw: Dice, home: int, months: int
) -> None:
    scheme = scheme_of(a_scheme(throw))
    account = an_account(throw, home, scheme)
    slow = account
    for _ in range(months):
        slow = slow.drifted(1)
    assert np.allclose(account.drifted(months).grid, slow.grid, atol=1e-12)


@given(throw=dice, home=st.integers(1, 6), months=st.integers(1, 3))
def test_drift_moves_every_household_by_itself(throw: Dice, home: int, months: int) -> None:
    """Any rates, carriers too and zeros among them, held against one household at a time."""
    figures = a_scheme(throw)
    account = an_account(throw, home, scheme_of(figures))
    axes = [i for i, name in enumerate(figures.categories) if name != figures.ordinary]
    start = {
        mix: float(account.grid[tuple(mix[i] for i in axes)])
        for mix in oracle.mixes(home, len(figures.categories))
    }
    drifted = account.drifted(months).grid
    for mix, chance in oracle.turned(figures, start, months).items():
        assert drifted[tuple(mix[i] for i in axes)] == pytest.approx(chance, abs=1e-12)


def test_rates_run_from_the_category_of_the_row_to_that_of_the_column() -> None:
    """All attention and only attention → regular: a year later some are regular, none carriers."""
    scheme = replace(ROLE, drift=((0, 0.6, 0), (0, 0, 0), (0, 0, 0)))
    grid = np.zeros((5, 5))
    grid[4, 0] = 1.0
    after = Account(scheme, grid).drifted(12)
    assert after.mean("attention") == pytest.approx(4 * 0.95**12)
    assert after.mean("regular") == pytest.approx(4 - 4 * 0.95**12)
    assert after.at_most("carrier", 0) == pytest.approx(1)


def test_without_rates_or_months_or_households_nothing_drifts() -> None:
    account = Account.prior(ROLE, 4)
    still = Account.prior(replace(ROLE, drift=((0.0,) * 3,) * 3), 4)
    assert account.drifted(0) is account
    assert still.drifted(12) is still
    assert Account.prior(ROLE, 0).drifted(12).households == 0


def test_within_one_month_nothing_drifts_and_at_its_turn_everybody_present_does() -> None:
    state = State.first(ROLE, 6, date(2026, 1, 1)).after(
        Event(on=date(2026, 1, 1), said=(Statement(by="x", ranges={"attention": (6, 6, 6)}),)),
        NORMS,
    )
    mean = state.account.mean("attention")
    assert state.on_day(date(2026, 1, 31)).account.mean("attention") == mean
    assert state.on_day(date(2026, 2, 1)).account.mean("attention") < mean
    assert state.on_day(date(2025, 6, 1)) is state


def test_a_known_leaver_takes_her_own_category_along_with_certainty() -> None:
    account = Account.prior(ROLE, 5).after_departure("carrier")
    assert account.households == 4
    expected = Account.prior(ROLE, 5).grid[:5, 1:]
    assert np.allclose(account.grid, expected / expected.sum())
    regular = Account.prior(ROLE, 5).after_departure("regular")
    assert regular.at_most("regular", 4) == pytest.approx(1)


def test_nobody_can_leave_an_empty_place_and_none_can_leave_who_is_not_there() -> None:
    with pytest.raises(AccountError, match="nobody_left_to_leave: household"):
        Account.prior(ROLE, 0).after_departure()
    nobody = Account(ROLE, np.pad([[1.0]], ((0, 2), (0, 2))))
    with pytest.raises(AccountError, match="nobody_left_to_leave: carrier"):
        nobody.after_departure("carrier")


@given(throw=dice, home=st.integers(1, 8), below=st.integers(0, 9))
def test_a_narrower_answer_keeps_only_what_agrees_with_it(
    throw: Dice, home: int, below: int
) -> None:
    account = an_account(throw, home)
    for name in ROLE.categories:
        narrowed = account.conditioned(name, below)
        if narrowed is None:
            assert account.at_most(name, below - 1) == 0
        else:
            assert narrowed.at_most(name, below - 1) == pytest.approx(1)
            assert narrowed.mean(name) <= account.mean(name) + 1e-12


# --- judgements ----------------------------------------------------------------------------------


def said(by: str, low: int, best: int, high: int) -> Statement:
    return Statement(by=by, ranges={"attention": (low, best, high)})


def judged(home: int, *statements: Statement) -> State:
    state = State.first(ROLE, home, JANUARY)
    return state.after(Event(on=JANUARY, said=statements), NORMS)


@given(one=st.integers(0, 8), other=st.integers(0, 8))
def test_two_judges_are_averaged_never_multiplied(one: int, other: int) -> None:
    both = judged(8, said("x", one, one, one), said("y", other, other, other)).account
    apart = [judged(8, said("x", each, each, each)).account for each in (one, other)]
    assert isinstance(both, Account)
    expected = np.mean([each.pmf("attention") for each in apart], axis=0)
    assert np.allclose(both.pmf("attention"), expected, atol=1e-12)


def test_who_judges_again_brings_no_independent_news_and_a_newcomer_does() -> None:
    first = judged(12, said("x", 3, 4, 6))
    again = first.after(Event(on=JANUARY, said=(said("x", 3, 4, 6),)), NORMS)
    another = first.after(Event(on=JANUARY, said=(said("y", 3, 4, 6),)), NORMS)

    def width(state: State) -> int:
        low, high = state.account.spread("attention").wide
        return high - low

    assert width(another) < width(again) <= width(first)


@given(low=st.integers(0, 4), best=st.integers(0, 4), high=st.integers(0, 4))
def test_a_wider_range_never_makes_the_best_figure_more_certain(
    low: int, best: int, high: int
) -> None:
    low, best, high = 4 - low, 4, 4 + high
    narrow, wide = judged(12, said("x", 4, 4, 4)), judged(12, said("x", low, best, high))
    assert wide.account.pmf("attention")[4] <= narrow.account.pmf("attention")[4] + 1e-12


def test_who_knows_a_part_is_believed_less() -> None:
    most = judged(12, said("x", 3, 4, 6))
    part = judged(12, replace(said("x", 3, 4, 6), known=Known.PART))
    assert (most.known_part, part.known_part) == (False, True)
    assert part.account.pmf("attention")[4] < most.account.pmf("attention")[4]
    assert part.account.pmf("attention")[9] > most.account.pmf("attention")[9]


@pytest.mark.parametrize("ranges", [(5, 4, 6), (3, 7, 6), (-1, 0, 1), (3, 4, 9)])
def test_lowest_best_and_highest_must_be_in_order_and_no_more_than_live_there(
    ranges: tuple[int, int, int],
) -> None:
    with pytest.raises(AccountError, match="judgement_order: attention"):
        judged(8, said("x", *ranges))


def test_two_answers_that_contradict_each_other_still_leave_a_possible_mix() -> None:
    """All eight are attention and all eight are carriers: unlikely, not impossible."""
    both = Statement(by="x", ranges={"attention": (8, 8, 8), "carrier": (8, 8, 8)})
    account = judged(8, both).account
    assert account.pmf("attention").sum() == pytest.approx(1)


@given(throw=dice)
def test_with_only_one_category_judged_the_others_keep_the_priors_proportions(throw: Dice) -> None:
    """Nothing was said of carriers: among those who are no attention they are as expected."""
    best = int(throw.integers(0, 8))
    account = judged(8, said("x", best, best, best)).account
    assert isinstance(account, Account)
    weak = Account.prior(ROLE, 8).grid ** NORMS.prior_weight
    for count in range(9):
        row, expected = account.grid[count], weak[count]
        assert np.allclose(row * expected.sum(), expected * row.sum())


# --- roles and labels ----------------------------------------------------------------------------


def test_a_role_is_certain_and_goes_with_its_holder_and_nothing_else() -> None:
    state = State.first(ROLE, 6, JANUARY, (1, 0, 2))
    assert state.account.at_most("carrier", 1) == 0
    left = state.after(Event(on=JANUARY, leaves="carrier"), NORMS)
    assert left.roles == (1, 0, 1)
    assert left.others is state.others
    unknown = state.after(Event(on=JANUARY, leaves=""), NORMS)
    assert (unknown.roles, unknown.others.households) == (state.roles, 2)


def test_who_agrees_to_a_role_was_an_unknown_household_and_who_stops_becomes_one_again() -> None:
    state = State.first(ROLE, 6, JANUARY)
    agreed = state.after(Event(on=JANUARY, agrees="carrier"), NORMS)
    assert (agreed.roles, agreed.others.households, agreed.account.households) == ((0, 0, 1), 5, 6)
    stopped = agreed.after(Event(on=JANUARY, stops="carrier"), NORMS)
    assert (stopped.roles, stopped.account.households) == ((0, 0, 0), 6)
    moved_in = state.after(Event(on=JANUARY, enters=ROLE.prior_mean, agrees="carrier"), NORMS)
    assert (moved_in.roles, moved_in.account.households) == ((0, 0, 1), 7)
    assert moved_in.others is state.others


def test_in_a_day_departures_come_first_then_lettings_then_roles_then_judgements() -> None:
    statement = (said("x", 0, 0, 0),)
    day = [
        Event(on=JANUARY, said=statement),
        Event(on=JANUARY, agrees="carrier"),
        Event(on=JANUARY, stops="carrier"),
        Event(on=JANUARY, enters=ROLE.prior_mean),
        Event(on=JANUARY, leaves=""),
    ]
    kinds = [
        next(name for name in ("leaves", "enters", "said") if getattr(event, name) is not None)
        if event.agrees is None and event.stops is None
        else "role"
        for event in sorted(day, key=lambda event: event.order)
    ]
    assert kinds == ["leaves", "enters", "role", "role", "said"]


def some_labels(**counts: tuple[int, ...] | int) -> Labels:
    zero = (0, 0, 0)
    return Labels(scheme=ROLE, **{"complete": zero, "signal": zero, "expired": zero} | counts)  # type: ignore[arg-type]


def test_labels_given_on_a_signal_say_nothing_about_the_others() -> None:
    unknown = some_labels(unknown=6).account()
    signalled = some_labels(unknown=6, signal=(2, 0, 0)).account()
    everybody = some_labels(unknown=6, complete=(2, 0, 0)).account()
    own = (0.35 * 0.8) / (0.35 * 0.8 + 0.5 * 0.1 + 0.15 * 0.1)
    assert signalled.mean("attention") == pytest.approx(unknown.mean("attention") + 2 * own)
    assert everybody.mean("attention") > signalled.mean("attention")


def test_without_any_label_the_account_is_the_prior() -> None:
    account = some_labels(unknown=7).account()
    assert isinstance(account, Account)
    assert np.allclose(account.grid, Account.prior(ROLE, 7).grid)


def test_labels_of_a_large_complex_keep_their_account() -> None:
    """Hundreds of labels: products of small numbers must not vanish."""
    account = some_labels(complete=(120, 200, 60), unknown=20).account()
    assert account.households == 400
    assert account.pmf("attention").sum() == pytest.approx(1)
    assert 100 < account.mean("attention") < 180


# --- sums and more than three categories ---------------------------------------------------------


@given(throw=dice, homes=st.lists(st.integers(0, 6), max_size=4))
def test_a_neighbourhood_is_the_convolution_of_its_complexes(throw: Dice, homes: list[int]) -> None:
    parts = [an_account(throw, home) for home in homes]
    total = Summed(ROLE, parts)
    assert total.households == sum(homes)
    for name in ROLE.categories:
        law = np.ones(1)
        for part in parts:
            law = np.convolve(law, part.pmf(name))
        assert np.allclose(total.pmf(name), law, atol=1e-13)
        assert total.mean(name) == pytest.approx(sum(part.mean(name) for part in parts))
    assert total.pmf("attention") is total.pmf("attention")


def test_a_city_of_thousands_of_households_keeps_its_tails_in_place() -> None:
    part = Account(ROLE, Account.prior(ROLE, 30).grid)
    city = Summed(ROLE, [part] * 100)
    law = city.pmf("attention")
    assert law.size == 3001
    assert law.sum() == pytest.approx(1, abs=1e-9)
    assert city.mean("attention") == pytest.approx(100 * part.mean("attention"), abs=1e-6)


@pytest.mark.parametrize("scheme", [ROLE, STAGE])
def test_an_account_in_brief_says_the_same_of_every_category(scheme: Scheme) -> None:
    account = prior(scheme, 8).after_departure(scheme.categories[0])
    kept = json.loads(json.dumps(account.brief()))
    read = from_json(kept, scheme, lambda: account)
    for name in scheme.categories:
        assert np.array_equal(read.pmf(name), account.pmf(name))
    assert read.after_departure().mean(scheme.categories[0]) == pytest.approx(
        account.after_departure().mean(scheme.categories[0])
    )


def test_four_categories_are_followed_one_by_one_against_all_others() -> None:
    account = prior(STAGE, 8)
    assert isinstance(account, Separate)
    assert account.households == 8
    assert account.mean("start") == pytest.approx(8 * 0.2)
    assert account.after_departure().mean("start") == pytest.approx(7 * 0.2)
    assert account.after_letting((1, 0, 0, 0)).mean("start") == pytest.approx(8 * 0.2 + 1)
    gone = account.after_departure("start")
    assert gone.at_most("start", 7) == pytest.approx(1)
    assert gone.mean("grow") == pytest.approx(8 * 0.3, rel=0.02)
    drifted = account.drifted(12)
    assert drifted.mean("give") > account.mean("give")
    assert drifted.mean("start") < account.mean("start")
    narrowed = account.conditioned("start", 2)
    assert narrowed is not None
    assert narrowed.at_most("start", 1) == pytest.approx(1)
    assert narrowed.mean("grow") == account.mean("grow")
    certain = account.conditioned("start", 1)
    assert certain is not None
    assert certain.conditioned("start", 0) is None
    assert account.lifted((2, 0, 0, 1)).mean("start") == pytest.approx(8 * 0.2 + 2)


def test_a_judge_of_four_categories_is_heard_about_each_he_names() -> None:
    state = State.first(STAGE, 8, JANUARY)
    told = Statement(by="x", ranges={"start": (4, 4, 4), "give": (1, 1, 1)})
    account = state.after(Event(on=JANUARY, said=(told,)), NORMS).account
    assert account.spread("start").best == 4
    assert account.spread("give").best == 1
    silent = Statement(by="x", ranges={})
    unheard = state.after(Event(on=JANUARY, said=(silent,)), NORMS).account
    assert account.pmf("grow").tolist() == unheard.pmf("grow").tolist()


@pytest.mark.parametrize("amount", [1, 3])
def test_unknown_households_that_turn_out_otherwise_leave_less_of_the_category(amount: int) -> None:
    for scheme in (ROLE, STAGE):
        state = State.first(scheme, 6, JANUARY, (0, 0, 1) if scheme is ROLE else (0, 0, 1, 0))
        name = scheme.categories[0]
        confirmed = state.confirmed(name, amount)
        assert confirmed is not None
        assert confirmed.mean(name) < state.account.mean(name)
        assert confirmed.at_most(name, 5 - amount) == pytest.approx(1)
    assert State.first(ROLE, 2, JANUARY).confirmed("attention", 3) is None


def test_labels_of_four_categories_are_read_one_against_all_others() -> None:
    labels = Labels(
        scheme=STAGE, complete=(3, 1, 0, 2), signal=(1, 0, 0, 0), expired=(1, 0, 0, 0), unknown=2
    )
    account = labels.account()
    assert isinstance(account, Separate)
    assert account.households == 10
    assert labels.as_if_valid().mean("start") > account.mean("start")
    fewer = labels.confirmed("start", 2)
    assert fewer is not None
    assert fewer.mean("start") < account.mean("start")
    assert labels.confirmed("start", 4) is None


def test_quantiles_are_the_smallest_numbers_that_hold_enough() -> None:
    """An even account of nine households: F(k) is a whole tenth, ties fall low."""
    scheme = scheme_of(TWO)
    spread = Account(scheme, np.full(10, 0.1)).spread("attention")
    assert (spread.wide, spread.likely, spread.median) == ((0, 9), (2, 7), 4)
    assert (spread.best, spread.mean) == (0, pytest.approx(4.5))


@given(throw=dice)
def test_the_filter_takes_events_in_order_and_forgets_none(throw: Dice) -> None:
    past = a_past(throw, FIGURES, 6, rounds=2, moves=3)
    state = state_of(FIGURES, past)
    kinds = [event["type"] for event in past["events"]]
    assert state.account.households == 6 + kinds.count("let") - kinds.count("depart")
    days = [event["on"] for event in past["events"]]
    assert all(one <= other for one, other in pairwise(days))
    assert state.judged_on == max(
        date.fromisoformat(each["on"]) for each in past["events"] if each["type"] == "judge"
    )
