"""The same question gives the same bytes; what is kept is the same as what is computed again."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixwijzer.engine.account import Account, Accounts, State
from mixwijzer.engine.advice import advise
from mixwijzer.engine.norms import Assumptions, Scheme
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind
from tests.engine.cases import FIGURES, scheme_of, state_of
from tests.engine.random_cases import a_past
from tests.engine.random_towns import Story, a_town
from tests.engine.town import DAY, OWNER, Town, days, norms_of
from tests.engine.written import written
from tests.strategies import Json, dice, towns

ROOT = Path(__file__).resolve().parents[2]
TOWNS = 12


def digest() -> str:
    """One number for the advice about a dozen random towns."""
    told = hashlib.sha256()
    for seed in range(TOWNS):
        town = a_town(np.random.default_rng([seed, 8]))
        if town is None or town[0].refused():
            continue
        story, portfolio, _ = town
        told.update(written(advise(portfolio, "V", DAY, norms_of(story.figures))))
    return told.hexdigest()


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_another_process_with_another_hash_seed_gives_the_same_bytes(seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from tests.laws.test_same_again import digest; print(digest())"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest()


def test_nothing_that_was_asked_before_changes_the_answer() -> None:
    """Caches are filled by other questions in between."""
    first = digest()
    Town().complex(homes=40).judged(attention=(3, 4, 9)).vacancy("C-1").advice()
    assert digest() == first


# --- what is kept between days -------------------------------------------------------------------


@cache
def assumptions() -> Assumptions:
    return Assumptions.on(norms_of(), DAY)


def in_json(document: object) -> Json:
    """Through a file and back."""
    return json.loads(json.dumps(document))


@given(throw=dice)
def test_a_kept_state_comes_back_bit_by_bit(throw: np.random.Generator) -> None:
    past = a_past(throw, FIGURES, int(throw.integers(0, 9)), rounds=2, moves=3)
    state = state_of(FIGURES, past)
    again = State.from_json(in_json(state.to_json()), scheme_of(FIGURES))
    for name in ("roles", "on", "through", "judges", "judged_on", "known_part"):
        assert getattr(again, name) == getattr(state, name)
    assert again.others.grid.tobytes() == state.others.grid.tobytes()
    assert again.account.grid.tobytes() == state.account.grid.tobytes()
    assert json.dumps(again.to_json()) == json.dumps(state.to_json())
    asked: list[State] = []

    def whole() -> State:
        asked.append(state)
        return state

    brief = State.from_json(in_json(state.brief()), scheme_of(FIGURES), whole)
    for name in state.others.scheme.categories:
        assert brief.others.pmf(name).tolist() == state.others.pmf(name).tolist()
    assert not asked
    assert json.dumps(brief.to_json()) == json.dumps(state.to_json())


FOUR = Scheme(
    name="stage",
    categories=("start", "grow", "give", "rest"),
    ordinary="rest",
    prior_mean=(0.2, 0.3, 0.1, 0.4),
    prior_strength=6.0,
    drift=((0, 0.1, 0, 0.05), (0, 0, 0.1, 0), (0, 0, 0, 0.02), (0.01, 0, 0, 0)),
    confusion=tuple(tuple(0.7 if i == j else 0.1 for j in range(4)) for i in range(4)),
)


@pytest.mark.parametrize("households", [0, 1, 9])
def test_a_kept_state_of_four_categories_comes_back_bit_by_bit(households: int) -> None:
    state = State.first(FOUR, households, DAY).on_day(days(90))
    again = State.from_json(in_json(state.to_json()), FOUR)
    for name in FOUR.categories:
        assert again.account.pmf(name).tobytes() == state.account.pmf(name).tobytes()


@given(throw=dice)
def test_a_kept_account_comes_back_bit_by_bit(throw: np.random.Generator) -> None:
    account = state_of(FIGURES, a_past(throw, FIGURES, 6, rounds=1)).account
    again = Account.from_json(in_json(account.to_json()), scheme_of(FIGURES))
    assert again.grid.tobytes() == account.grid.tobytes()


def up_to(portfolio: Portfolio, day: date) -> Portfolio:
    """What had happened by a day: later rounds are not there yet."""
    return replace(
        portfolio, judgements=tuple(row for row in portfolio.judgements if row.on <= day)
    )


@settings(max_examples=120)
@given(town=towns, back=st.integers(0, 200))
def test_a_state_kept_on_an_earlier_day_plus_what_happened_since_is_the_whole_history(
    town: tuple[Story, Portfolio, Json], back: int
) -> None:
    """The web keeps states; nobody may see from an advice that they were kept."""
    story, portfolio, _ = town
    mine = portfolio.owned_by(OWNER)
    norms = norms_of(story.figures)
    then = DAY - timedelta(days=back)
    earlier = Accounts(up_to(mine, then), Assumptions.on(norms, then), then)
    kept = {
        scope: State.from_json(in_json(earlier.state(scope).to_json()), earlier.scheme)
        for house in (house for houses in story.houses.values() for house in houses)
        for scope in [
            Scope(ScopeKind.STAIRWELL if "/" in house.name else ScopeKind.COMPLEX, house.name)
        ]
    }
    with_kept = Accounts(mine, Assumptions.on(norms, DAY), DAY, states=kept)
    whole = advise(portfolio, "V", DAY, norms)
    again = advise(portfolio, "V", DAY, norms, accounts=with_kept)
    for told, expected in zip(again.categories, whole.categories, strict=True):
        assert told.verdict is expected.verdict
        for one, other in zip(told.rules, expected.rules, strict=True):
            assert one.chance == pytest.approx(other.chance, abs=1.01e-6)
            assert one.count.mean == pytest.approx(other.count.mean, abs=1e-9)


# --- as it was known -----------------------------------------------------------------------------


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def a_town_that_learns() -> Town:
    town = Town().complex(homes=8).band(target=3500, max=4000).vacancy("C-1")
    town.judged(date(2026, 9, 1), attention=(1, 1, 2)).judged(
        date(2026, 11, 2), attention=(6, 7, 7)
    )
    town.judgements = [
        replace(row, recorded_at=noon(row.on + timedelta(days=1))) for row in town.judgements
    ]
    return town


def test_a_judgement_that_was_recorded_later_does_not_exist_earlier() -> None:
    portfolio = a_town_that_learns().portfolio()
    on_the_day = portfolio.as_known(noon(date(2026, 11, 2)))
    assert [row.on for row in on_the_day.judgements] == [date(2026, 9, 1)]
    before = advise(on_the_day, "V-C-1", DAY, norms_of())
    after = advise(portfolio.as_known(noon(DAY)), "V-C-1", DAY, norms_of())
    assert before.category("attention").verdict > after.category("attention").verdict


def test_an_advice_can_be_replayed_as_it_stood_after_everything_was_corrected() -> None:
    """A record is replaced, never edited: asking "as known then" gives the bytes of then."""
    town = a_town_that_learns()
    then = noon(date(2026, 11, 10))
    first = written(advise(town.portfolio().as_known(then), "V-C-1", DAY, norms_of()))
    wrong = town.judgements[-1]
    town.judgements.append(
        replace(wrong, low=0, best=0, high=1, recorded_at=noon(date(2026, 11, 15)))
    )
    now = town.portfolio()
    assert len(now.as_known(noon(DAY)).judgements) == 2
    assert written(advise(now.as_known(then), "V-C-1", DAY, norms_of())) == first
    assert written(advise(now.as_known(noon(DAY)), "V-C-1", DAY, norms_of())) != first


def test_of_two_records_of_one_moment_the_last_told_counts() -> None:
    town = a_town_that_learns()
    again = replace(town.judgements[-1], low=0, best=0, high=0)
    town.judgements.append(again)
    assert town.portfolio().as_known(noon(DAY)).judgements[-1] == again


def test_rows_that_carry_no_moment_were_always_known() -> None:
    portfolio = a_town_that_learns().portfolio()
    assert portfolio.as_known(noon(date(2000, 1, 1))).dwellings == portfolio.dwellings
    assert portfolio.as_known(noon(date(2000, 1, 1))).judgements == ()
