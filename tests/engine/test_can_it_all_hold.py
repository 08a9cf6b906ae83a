"""Can everything that was agreed hold; if not, what clashes, and which ways out are ways out?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.errors import AllocationError
from mixwijzer.engine.feasibility import (
    HOMES,
    Ceiling,
    CeilingKind,
    ComingHomes,
    Conflict,
    Plan,
    Promise,
    Question,
    Reading,
    answer,
    one_more,
    question_of,
    shared,
)
from mixwijzer.engine.portfolio import Cap, ScopeKind
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.synthetic import synthesize

GROUPS = ("starters", "status_holder", "movers_on")
CATEGORY = {"starters": "carrier", "status_holder": "regular", "movers_on": "attention"}
SUMMER, WINTER = date(2026, 7, 1), date(2027, 1, 1)


def a_question(dice: np.random.Generator, *, small: bool) -> Question:
    """Throw homes in two complexes, promises to two or three groups, bands, caps and a budget."""
    most = 2 if small else 9
    groups = GROUPS[: 2 if small else int(dice.integers(2, 4))]
    homes = tuple(
        ComingHomes(
            id=f"h{n}",
            places=frozenset({f"c{n % 2 if small else n % 4}", "hood"}),
            homes=int(dice.integers(0, most + 1)),
            fits=frozenset(each for each in groups if dice.random() < 0.7),
            by=(None, SUMMER, WINTER)[int(dice.integers(3))],
        )
        for n in range(3 if small else 8)
    )
    promises = tuple(
        Promise(
            id=f"{group} {number}",
            group=group,
            category=CATEGORY[group],
            owed=int(dice.integers(0, 2 * most)),
            persons=(Fraction(1), Fraction(5, 2))[int(dice.integers(2))],
            until=(SUMMER, WINTER)[number],
        )
        for group in groups
        for number in range(1 + int(dice.random() < 0.3))
    )
    bands = tuple(
        Ceiling(
            agreement=f"band {category}",
            kind=CeilingKind.BAND,
            place=place,
            categories=frozenset({category}),
            at_most=int(dice.integers(0, most + 1)),
            hard=bool(dice.random() < 0.5),
        )
        for category in ("attention", "regular")
        for place in ("c0", "c1", "c2")
    )
    cap = Ceiling(
        agreement="cap",
        kind=CeilingKind.CAP,
        place="hood",
        categories=frozenset({"attention", "regular"}),
        at_most=int(dice.integers(0, 3 * most)),
        hard=True,
    )
    budget = Ceiling(
        agreement="budget",
        kind=CeilingKind.BUDGET,
        groups=frozenset(groups[:1]),
        at_most=int(dice.integers(0, most + 1)),
    )
    return Question(promises=promises, homes=homes, ceilings=(*bands, cap, budget))


def clerk(question: Question, kept: frozenset[str] | None = None) -> bool:
    """Whether a patient clerk, who tries every division, finds one that keeps these agreements."""
    kept = frozenset(question.agreements) if kept is None else kept
    groups = sorted({each.group for each in question.promises})
    need = max((each.households for each in question.promises), default=0)
    return any(
        holds(question, kept, dict(zip(groups, each, strict=True)))
        for each in product(*(divisions(question, group, kept, need) for group in groups))
    )


def divisions(
    question: Question, group: str, kept: frozenset[str], need: int
) -> list[tuple[int, ...]]:
    return list(
        product(
            *(
                range(1 + (0 if group not in e.fits else e.homes if HOMES in kept else need))
                for e in question.homes
            )
        )
    )


def holds(question: Question, kept: frozenset[str], used: dict[str, tuple[int, ...]]) -> bool:
    homes = question.homes
    if HOMES in kept and any(
        sum(each[n] for each in used.values()) > homes[n].homes for n in range(len(homes))
    ):
        return False
    for promise in question.promises:
        came = sum(
            number
            for number, each in zip(used[promise.group], homes, strict=True)
            if each.by is None or promise.until is None or each.by <= promise.until
        )
        if promise.id in kept and came * promise.persons < promise.owed:
            return False
    for ceiling in question.ceilings:
        came = sum(
            number
            for group, row in used.items()
            for number, each in zip(row, homes, strict=True)
            if ceiling.counts(each, group, CATEGORY[group])
        )
        if ceiling.agreement in kept and came > ceiling.at_most:
            return False
    return True


def infeasible(
    start: int, number: int, *, small: bool = False
) -> Iterator[tuple[Question, Conflict]]:
    """Throw until so many questions clash."""
    found, seed = 0, start
    while found < number:
        question = a_question(np.random.default_rng([29, seed]), small=small)
        told = answer(question)
        if isinstance(told, Conflict):
            found += 1
            yield question, told
        seed += 1


def without(question: Question, aside: frozenset[str]) -> Question:
    """Return the question in which these agreements ask nothing."""
    plenty = 10_000
    return Question(
        promises=tuple(replace(e, owed=0) if e.id in aside else e for e in question.promises),
        homes=tuple(replace(e, homes=plenty) if HOMES in aside else e for e in question.homes),
        ceilings=tuple(
            replace(e, at_most=plenty) if e.agreement in aside else e for e in question.ceilings
        ),
    )


def test_of_two_hundred_that_clash_any_agreement_might_be_missed_and_every_way_out_is_one() -> None:
    ways = 0
    for question, told in infeasible(0, 200):
        others = frozenset(question.agreements) - frozenset(told.agreements)
        assert isinstance(answer(without(question, others)), Conflict)
        for one in told.agreements:
            assert isinstance(answer(without(question, others | {one})), Plan)
        assert told.relaxations
        for way_out in told.relaxations:
            ways += 1
            assert isinstance(answer(way_out.of(question)), Plan)
    assert ways > 400


def test_a_way_out_asks_for_no_more_than_it_needs() -> None:
    for question, told in infeasible(300, 60):
        for way_out in told.relaxations:
            for number, move in enumerate(way_out.moves):
                row, units = move.at[0]
                less = ((row, units - 1), *move.at[1:]) if units > 1 else move.at[1:]
                moves = list(way_out.moves)
                moves[number] = replace(move, at=less)
                assert isinstance(
                    answer(replace(way_out, moves=tuple(moves)).of(question)), Conflict
                )


def test_a_patient_clerk_says_the_same() -> None:
    can = 0
    for seed in range(60):
        question = a_question(np.random.default_rng([31, seed]), small=True)
        told = answer(question)
        assert clerk(question) is isinstance(told, Plan)
        can += isinstance(told, Plan)
    assert 5 < can < 50


def test_the_clerk_finds_the_same_conflicts_and_ways_out() -> None:
    for question, told in infeasible(900, 15, small=True):
        kept = frozenset(told.agreements)
        assert not clerk(question, kept)
        assert all(clerk(question, kept - {one}) for one in told.agreements)
        assert all(clerk(each.of(question)) for each in told.relaxations)


def one_complex(**figures: int) -> Question:
    """Six homes in De Eik, two promises and a band."""
    return Question(
        promises=(
            Promise(id="outflow", group="movers_on", category="attention", owed=figures["outflow"]),
            Promise(id="starters", group="starters", category="carrier", owed=figures["starters"]),
        ),
        homes=(
            ComingHomes(
                id="oak",
                places=frozenset({"oak"}),
                homes=6,
                fits=frozenset({"movers_on", "starters"}),
            ),
        ),
        ceilings=(
            Ceiling(
                agreement="band",
                kind=CeilingKind.BAND,
                place="oak",
                categories=frozenset({"attention"}),
                at_most=2,
            ),
        ),
    )


def test_a_promise_and_a_band_clash_and_either_may_give() -> None:
    told = answer(one_complex(outflow=4, starters=1))
    assert isinstance(told, Conflict)
    assert told.agreements == ("outflow", "band")
    ways = [[(move.agreement, move.units) for move in each.moves] for each in told.relaxations]
    assert ways == [[("band", 2)], [("outflow", 2)]]  # the aim gives before the promise


def test_the_next_household_is_free_until_something_has_to_give() -> None:
    told = one_more(one_complex(outflow=1, starters=3), "outflow")
    assert told is not None
    assert told.free == 1
    assert told.conflict.agreements == ("outflow", "band")
    more = one_more(one_complex(outflow=1, starters=3), "starters")
    assert more is not None
    assert more.free == 2
    assert more.conflict.agreements == ("outflow", "starters", HOMES)
    assert one_more(one_complex(outflow=3, starters=3), "starters") is None


def test_what_is_wrong_with_a_question_is_named() -> None:
    sound = one_complex(outflow=1, starters=1)
    twice = (sound.promises[0], sound.promises[0])
    with pytest.raises(AllocationError) as refused:
        replace(sound, promises=twice)
    assert (refused.value.code, refused.value.subject) == ("agreement_twice", "outflow")
    for code, part in (
        ("ceiling_negative", {"ceilings": (replace(sound.ceilings[0], at_most=-1),)}),
        ("homes_negative", {"homes": (replace(sound.homes[0], homes=-1),)}),
        ("promise_empty", {"promises": (replace(sound.promises[0], persons=Fraction(0)),)}),
    ):
        with pytest.raises(AllocationError) as refused:
            replace(sound, **part)
        assert refused.value.code == code


def test_shares_sum_and_differ_less_than_one_from_their_part() -> None:
    dice = np.random.default_rng(5)
    for _ in range(200):
        key = {
            f"n{n}": Fraction(int(dice.integers(0, 50))) for n in range(int(dice.integers(1, 9)))
        }
        total = int(dice.integers(0, 200))
        if not sum(key.values()):
            continue
        parts = shared(total, key)
        assert sum(parts.values()) == total
        for name, part in parts.items():
            assert abs(part - total * key[name] / sum(key.values())) < 1
    for code, key in (("key_empty", {"a": Fraction(0)}), ("key_negative", {"a": Fraction(-1)})):
        with pytest.raises(AllocationError) as refused:
            shared(3, key)
        assert refused.value.code == code


def test_a_town_that_can_do_it_carefully_can_do_it_hopefully() -> None:
    town = synthesize(seed=1, homes=600, day=date(2026, 9, 1))
    inquiry = Inquiry.of(town.portfolio, read_norms())
    for owner in inquiry.owners:
        mine = [each for each in inquiry.obligations() if each.obligation.owner == owner]
        careful, hopeful = (
            question_of(inquiry.accounts(owner), mine, reading) for reading in Reading
        )
        assert careful is not None
        assert hopeful is not None
        assert careful.homes <= hopeful.homes
        assert careful.free_today == hopeful.free_today
        for tight, wide in zip(careful.question.ceilings, hopeful.question.ceilings, strict=True):
            assert tight.at_most <= wide.at_most
        if isinstance(answer(careful.question), Plan):
            assert isinstance(answer(hopeful.question), Plan)
        assert set(careful.rules) == {each.agreement for each in careful.question.ceilings}


def test_a_cap_counts_wherever_it_is_set_and_a_small_complex_has_no_band() -> None:
    town = synthesize(seed=1, homes=600, day=date(2026, 9, 1)).portfolio
    owner, scheme = town.complexes[0].owner, "role"
    cap = Cap(
        id="at most nine",
        set_by_kind="organisation",
        set_by=owner,
        for_kind=ScopeKind.COMPLEX,
        scheme=scheme,
        category="attention",
        at_most=9,
        start=date(2026, 1, 1),
    )
    inquiry = Inquiry.of(replace(town, caps=(*town.caps, cap)), read_norms())
    mine = [each for each in inquiry.obligations() if each.obligation.owner == owner]
    found = question_of(inquiry.accounts(owner), mine)
    assert found is not None
    rule = found.rules["at most nine"]
    assert (rule.cap, rule.hard, rule.figure) == (True, True, 9)
    own = [each for each in found.question.ceilings if each.agreement == "at most nine"]
    assert len(own) == len(inquiry.portfolio.owned_by(owner).complexes)
    large = replace(inquiry.assumptions, smallest_base=10_000)
    none = question_of(Accounts(inquiry.portfolio.owned_by(owner), large, inquiry.day), mine)
    assert none is not None
    assert {each.cap for each in none.rules.values()} == {True}


def test_without_a_quarter_of_history_nothing_is_said() -> None:
    town = synthesize(seed=1, homes=300, day=date(2026, 9, 1))
    bare = replace(town.portfolio, lettings=(), vacancies=())
    inquiry = Inquiry.of(bare, read_norms())
    owner = inquiry.owners[0]
    mine = [each for each in inquiry.obligations() if each.obligation.owner == owner]
    assert question_of(inquiry.accounts(owner), mine) is None
