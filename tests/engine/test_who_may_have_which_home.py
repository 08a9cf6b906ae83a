"""Which letting rules allow which candidate which home; and that nobody gets points."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.engine.allocation import (
    Answer,
    Asked,
    Eligibility,
    IncomeClass,
    Lacking,
    LettingRule,
    RuleAnswer,
    eligible,
    in_order,
)
from mixwijzer.engine.norms import Norms, NormValue
from mixwijzer.engine.portfolio import Candidate, Dwelling
from mixwijzer.exchange.catalogue import Language, keys, refused_words
from mixwijzer.exchange.letting_rules import overall_word, public_reasons, rule_texts
from mixwijzer.exchange.normbook import read_norms

DAY = date(2026, 11, 2)
NOTHING_MORE = Asked()
NORMS = read_norms()
LANGUAGES: tuple[Language, ...] = get_args(Language)


def a_candidate(**more: object) -> Candidate:
    """One person with a low income, registered long ago, for whom stairs don't matter."""
    told = {"id": "26-001", "size": 1, "income_class": "low", "registered": date(2019, 3, 4)}
    return Candidate(**{**told, **more})


def a_home(**more: object) -> Dwelling:
    """A social home of two rooms under the lower limit of the rent."""
    told = {"id": "H1", "complex": "C1", "rooms": 2, "rent": Decimal("640.00")}
    return Dwelling(**{**told, **more})


def told(
    candidate: Candidate, home: Dwelling, asked: Asked = NOTHING_MORE, *, norms: Norms = NORMS,
    day: date = DAY,
) -> Eligibility:  # fmt: skip
    return eligible(candidate, home, asked, norms, day)


def with_norm(key: str, **change: object) -> Norms:
    """The norms with the last value of one changed."""
    norm = NORMS[key]
    values = (*norm.values[:-1], replace(norm.values[-1], **change))
    return replace(NORMS, book={**NORMS.book, key: replace(norm, values=values)})


def test_who_fits_in_every_rule_fits() -> None:
    found = told(a_candidate(), a_home())
    assert found.answer is Answer.PASSED
    assert found.against == ()
    assert [each.rule for each in found.answers] == list(LettingRule)


@pytest.mark.parametrize(
    ("size", "rent", "answer", "most"),
    [
        (2, "713.02", Answer.PASSED, "713.02"),
        (2, "713.03", Answer.FAILED, "713.02"),
        (3, "764.14", Answer.PASSED, "764.14"),
        (3, "764.15", Answer.FAILED, "764.14"),
    ],
)
def test_the_limit_of_the_rent_goes_with_the_number_of_persons(
    size: int, rent: str, answer: Answer, most: str
) -> None:
    found = told(a_candidate(size=size), a_home(rooms=3, rent=Decimal(rent)))
    rule = found.of(LettingRule.AFFORDABILITY)
    assert (rule.answer, rule.has, rule.most) == (answer, Decimal(rent), Decimal(most))
    assert rule.norm == "rent.cap"
    assert found.answer is answer


def test_the_margin_of_five_percent_is_tight_only_where_the_norm_says_so() -> None:
    dear = a_home(rent=Decimal(800))
    assert told(a_candidate(), dear).answer is Answer.FAILED
    found = told(a_candidate(), dear, norms=with_norm("letting.use_fit_margin", value=True))
    assert found.answer is Answer.TIGHT
    assert [each.norm for each in found.against] == ["letting.use_fit_margin"]


def test_a_higher_income_gets_a_social_home_only_in_the_free_room() -> None:
    middle = a_candidate(income_class="middle")
    assert told(middle, a_home()).of(LettingRule.INCOME).answer is Answer.FAILED
    found = told(middle, a_home(), norms=with_norm("letting.use_free_room", value=True))
    assert found.answer is Answer.TIGHT
    above = a_home(rent=Decimal("932.94"))
    assert told(middle, above).of(LettingRule.INCOME).answer is Answer.SILENT
    just = a_home(rent=Decimal("932.93"))
    assert told(middle, just).of(LettingRule.INCOME).answer is Answer.FAILED


def test_the_year_of_the_letting_decides_which_limit_holds() -> None:
    between = a_home(rent=Decimal(700))
    assert told(a_candidate(), between, day=date(2025, 12, 31)).answer is Answer.FAILED
    assert told(a_candidate(), between, day=date(2026, 1, 1)).answer is Answer.PASSED


def test_a_norm_that_expires_in_the_middle_of_a_period_leaves_its_rules_unanswered() -> None:
    last, after = date(2026, 12, 31), date(2027, 1, 1)
    assert told(a_candidate(), a_home(), day=last).answer is Answer.PASSED
    found = told(a_candidate(), a_home(), day=after)
    assert found.answer is Answer.UNANSWERED
    assert {(each.rule, each.lacking, each.ended) for each in found.against} == {
        (LettingRule.INCOME, Lacking.NORM, after),
        (LettingRule.AFFORDABILITY, Lacking.NORM, after),
    }
    assert {each.norm for each in found.against} == {"rent.social_rent_cap", "rent.cap"}


def test_a_norm_that_is_missing_is_named() -> None:
    book = {key: norm for key, norm in NORMS.book.items() if key != "letting.persons_for_rooms"}
    found = told(a_candidate(), a_home(), norms=replace(NORMS, book=book))
    rule = found.of(LettingRule.SIZE)
    assert (rule.answer, rule.lacking, rule.ended) == (Answer.UNANSWERED, Lacking.NORM, None)
    assert rule.norm == "letting.persons_for_rooms"


@pytest.mark.parametrize(
    ("home", "candidate", "lacking"),
    [
        ({"rent": None}, {}, {Lacking.RENT}),
        ({"rooms": None}, {}, {Lacking.ROOMS}),
        ({}, {"income_class": None}, {Lacking.INCOME}),
        ({}, {"income_class": "plenty"}, {Lacking.INCOME}),
        ({"rent": None}, {"income_class": "high"}, {Lacking.RENT}),
    ],
)
def test_what_is_not_filled_in_is_asked_and_never_a_yes_or_no(
    home: dict[str, object], candidate: dict[str, object], lacking: set[Lacking]
) -> None:
    found = told(a_candidate(**candidate), a_home(**home))
    assert found.answer is Answer.UNANSWERED
    assert {each.lacking for each in found.against} == lacking


@pytest.mark.parametrize(
    ("size", "fits"), [(1, Answer.PASSED), (2, Answer.PASSED), (3, Answer.FAILED)]
)
def test_so_many_persons_go_with_so_many_rooms(size: int, fits: Answer) -> None:
    rule = told(a_candidate(size=size), a_home(rooms=2)).of(LettingRule.SIZE)
    assert rule.answer is fits
    assert (rule.least, rule.most) == (1, 2)


def test_a_home_of_many_rooms_follows_the_last_figure() -> None:
    rule = told(a_candidate(size=8), a_home(rooms=9)).of(LettingRule.SIZE)
    assert (rule.answer, rule.least, rule.most) == (Answer.PASSED, 3, 8)


def test_stairs_matter_only_to_who_needs_a_home_without() -> None:
    stairs, level = a_home(accessible=False), a_home(accessible=True)
    asks = a_candidate(accessible_needed=True)
    assert told(asks, stairs).answer is Answer.FAILED
    assert told(asks, level).answer is Answer.PASSED
    assert told(a_candidate(), stairs).of(LettingRule.ACCESSIBLE).answer is Answer.SILENT


def test_a_channel_for_a_group_is_for_that_group_alone() -> None:
    asked = Asked(group="outflow")
    assert told(a_candidate(target_group="outflow"), a_home(), asked).answer is Answer.PASSED
    for other in ("status", None):
        found = told(a_candidate(target_group=other), a_home(), asked)
        assert [each.rule for each in found.against] == [LettingRule.GROUP]


def test_the_last_day_of_registration_counts() -> None:
    asked = Asked(registered_by=date(2020, 1, 1))
    assert told(a_candidate(registered=date(2020, 1, 1)), a_home(), asked).answer is Answer.PASSED
    late = told(a_candidate(registered=date(2020, 1, 2)), a_home(), asked)
    assert [each.rule for each in late.against] == [LettingRule.REGISTERED]


# --- laws

days = st.dates(date(2005, 1, 1), date(2026, 10, 1))
candidates = st.builds(
    Candidate,
    id=st.from_regex(r"26-[0-9]{3}", fullmatch=True),
    size=st.integers(1, 9),
    income_class=st.sampled_from([None, "plenty", *IncomeClass]),
    registered=days,
    priority=st.sampled_from([None, "urgency", "renovation", "none"]),
    target_group=st.sampled_from([None, "outflow", "status"]),
    accessible_needed=st.booleans(),
)
dwellings = st.builds(
    Dwelling,
    id=st.just("H1"),
    complex=st.just("C1"),
    rooms=st.none() | st.integers(1, 7),
    rent=st.none() | st.decimals(200, 1400, places=2),
    accessible=st.booleans(),
)
questions = st.builds(
    Asked,
    group=st.sampled_from([None, "outflow"]),
    registered_by=st.none() | days,
)
moments = st.dates(date(2024, 1, 1), date(2027, 6, 1))


@given(candidate=candidates, home=dwellings, asked=questions, day=moments)
def test_every_rule_answers_once_and_the_worst_decides(
    candidate: Candidate, home: Dwelling, asked: Asked, day: date
) -> None:
    found = eligible(candidate, home, asked, NORMS, day)
    assert [each.rule for each in found.answers] == list(LettingRule)
    assert all((each.lacking is not None) == (each.answer is Answer.UNANSWERED)
               for each in found.answers)  # fmt: skip
    assert found.answer == min(Answer.PASSED, *(each.answer for each in found.answers))
    assert bool(found.against) == (found.answer < Answer.PASSED)


@given(candidate=candidates, home=dwellings, asked=questions, day=moments)
def test_a_lower_rent_never_turns_a_yes_into_a_no(
    candidate: Candidate, home: Dwelling, asked: Asked, day: date
) -> None:
    if home.rent is None:
        return
    cheaper = replace(home, rent=home.rent / 2)
    before = eligible(candidate, home, asked, NORMS, day).of(LettingRule.AFFORDABILITY)
    after = eligible(candidate, cheaper, asked, NORMS, day).of(LettingRule.AFFORDABILITY)
    assert after.answer >= before.answer


@given(candidate=candidates, home=dwellings, asked=questions, more=st.integers(1, 4000))
def test_longer_registered_is_never_worse(
    candidate: Candidate, home: Dwelling, asked: Asked, more: int
) -> None:
    longer = replace(candidate, registered=candidate.registered - timedelta(days=more))
    before, after = (eligible(each, home, asked, NORMS, DAY) for each in (candidate, longer))
    assert after.answer >= before.answer


@given(candidate=candidates, home=dwellings, asked=questions)
def test_wishes_and_priority_decide_about_no_rule(
    candidate: Candidate, home: Dwelling, asked: Asked
) -> None:
    other = replace(candidate, priority="urgency", wishes="a balcony")
    assert (
        eligible(candidate, home, asked, NORMS, DAY).answers
        == eligible(other, home, asked, NORMS, DAY).answers
    )


@given(given_candidates=st.lists(candidates, max_size=12, unique_by=lambda each: each.id))
def test_the_order_is_priority_and_then_registration_whoever_comes_first(
    given_candidates: list[Candidate],
) -> None:
    rules = ("urgency", "renovation")
    ordered = in_order(given_candidates, rules)
    assert ordered == in_order(reversed(given_candidates), rules)
    for first, second in pairwise(ordered):
        ranks = [rules.index(each.priority) if each.priority in rules else 2
                 for each in (first, second)]  # fmt: skip
        assert (ranks[0], first.registered) <= (ranks[1], second.registered)


def test_nobody_gets_points() -> None:
    """There is no number about a candidate that could be compared with another's."""
    for shape in (Eligibility, RuleAnswer):
        assert not {"score", "points", "rank", "weight"} & {each.name for each in fields(shape)}


# --- in words


@pytest.mark.parametrize("language", LANGUAGES)
@given(candidate=candidates, home=dwellings, asked=questions, day=moments)
def test_every_answer_has_its_sentence_without_a_refused_word(
    language: Language, candidate: Candidate, home: Dwelling, asked: Asked, day: date
) -> None:
    found = eligible(candidate, home, asked, NORMS, day)
    texts = rule_texts(found, NORMS, language)
    assert len(texts) == len(LettingRule)
    for each in texts:
        assert each.text
        assert not refused_words(f"{each.text} {each.word} {each.name}", language)
    speaking = rule_texts(found, NORMS, language, silent=False)
    assert all(each.answer is not Answer.SILENT for each in speaking)
    assert overall_word(found.answer, language)


def test_a_rule_names_its_figures_and_its_norm() -> None:
    found = told(a_candidate(), a_home(rent=Decimal("713.03")))
    text = next(each for each in rule_texts(found, NORMS, "nl") if each.rule == "affordability")
    assert text.text == "De huur van € 713,03 komt boven de aftoppingsgrens van € 713,02."
    assert (text.word, text.standing, text.key) == ("past niet", "wet", "rent.cap")


def test_a_norm_that_ended_says_since_when() -> None:
    found = told(a_candidate(), a_home(), day=date(2027, 1, 1))
    text = next(each for each in rule_texts(found, NORMS, "en") if each.rule == "affordability")
    assert "since 1 January 2027" in text.text
    missing = RuleAnswer(
        rule=LettingRule.SIZE, answer=Answer.UNANSWERED, norm="letting.away", lacking=Lacking.NORM
    )
    lone = Eligibility(candidate="a", home="b", answers=(missing,))
    assert "missing" in rule_texts(lone, NORMS, "en")[0].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reasons_that_go_outside_hold_no_figure(language: Language) -> None:
    told_outside = [text for key, text in keys(language).items() if key.startswith("rules.public.")]
    assert len(told_outside) >= len(LettingRule)
    assert [text for text in told_outside if any(sign in text for sign in "0123456789{}€%")] == []


@given(candidate=candidates, home=dwellings, asked=questions, day=moments)
def test_who_does_not_get_the_home_hears_a_reason_exactly_when_a_rule_says_so(
    candidate: Candidate, home: Dwelling, asked: Asked, day: date
) -> None:
    found = eligible(candidate, home, asked, NORMS, day)
    reasons = public_reasons(found.answers, "nl")
    assert bool(reasons) == (found.answer <= Answer.UNANSWERED)
    assert len(reasons) == len(set(reasons))


def test_the_value_of_a_norm_is_what_it_says() -> None:
    value = NORMS["letting.persons_for_rooms"].on(DAY)
    assert isinstance(value, NormValue)
    assert value.value == {"least": (1, 1, 1, 2, 3), "most": (2, 2, 4, 6, 8)}
