"""Rows, dated norms, two clocks and promises: the plain parts under account and advice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.engine import obligations
from mixwijzer.engine.account import Accounts
from mixwijzer.engine.errors import MixwijzerError, NormError, PortfolioError
from mixwijzer.engine.norms import Assumptions, Norm, NormValue, Standing
from mixwijzer.engine.portfolio import (
    WHOLE,
    Area,
    Band,
    Letting,
    Obligation,
    Scope,
    ScopeKind,
    band_errors,
)
from mixwijzer.engine.timeline import Fact, as_of, latest, months_between
from tests.engine.oracle import turns_between
from tests.engine.town import DAY, OWN, OWNER, Town, days, norms_of

COMPLEX = Scope(ScopeKind.COMPLEX, OWN)


# --- two clocks ----------------------------------------------------------------------------------


def noon(day: int) -> datetime:
    return datetime(2026, 1, day, 12, tzinfo=UTC)


def a_fact(
    value: str, told: int, *, start: int = 1, end: int | None = None, **more: int
) -> Fact[str]:
    return Fact(
        value=value,
        start=date(2026, 1, start),
        end=None if end is None else date(2026, 1, end),
        recorded_at=noon(told),
        **more,
    )


def on(facts: list[Fact[str]], valid: int, known: int) -> str | None:
    return as_of(facts, valid=date(2026, 1, valid), known=noon(known))


def test_what_was_told_later_replaces_what_was_told_before_on_its_own_days_only() -> None:
    facts = [a_fact("regular", 5), a_fact("attention", 10, start=7, end=9)]
    assert [on(facts, day, 20) for day in (6, 7, 8, 9)] == [
        "regular",
        "attention",
        "attention",
        "regular",
    ]
    assert on(facts, 8, 9) == "regular"


def test_before_anything_was_told_or_true_nothing_is_known() -> None:
    assert on([a_fact("regular", 5, start=3)], 4, 4) is None
    assert on([a_fact("regular", 5, start=3)], 2, 9) is None
    assert on([], 1, 1) is None


def test_a_withdrawn_record_was_never_told_from_its_withdrawal_on() -> None:
    facts = [
        a_fact("attention", 5, sequence=1),
        a_fact("regular", 6, sequence=2, start=20),
        a_fact("regular", 8, sequence=3, start=25, corrects=1),
    ]
    assert on(facts, 10, 7) == "attention"
    assert on(facts, 10, 8) is None


def test_of_two_records_of_one_moment_the_later_in_line_counts() -> None:
    facts = [a_fact("second", 5, sequence=2), a_fact("first", 5, sequence=1)]
    assert on(facts, 10, 9) == "second"


def test_the_last_word_by_a_moment_is_one_row_per_key_in_the_order_first_told() -> None:
    rows = [("a", 1, noon(3)), ("b", 2, None), ("a", 3, noon(5)), ("a", 4, noon(4)), ("b", 5, None)]

    def by(moment: datetime) -> list[int]:
        told = latest(rows, key=lambda r: r[0], recorded_at=lambda r: r[2], known=moment)
        return [row[1] for row in told]

    assert by(noon(2)) == [5]
    assert by(noon(3)) == [1, 5]
    assert by(noon(4)) == [4, 5]
    assert by(noon(6)) == [3, 5]


def test_a_row_without_a_moment_yields_to_one_that_was_told() -> None:
    rows = [("a", 1, None), ("a", 2, noon(3)), ("a", 3, None)]
    told = latest(rows, key=lambda r: r[0], recorded_at=lambda r: r[2], known=noon(9))
    assert [row[1] for row in told] == [2]


@given(start=st.dates(date(2020, 1, 1), date(2027, 1, 1)), length=st.integers(0, 800))
def test_month_turns_are_counted_as_by_walking_from_month_to_month(
    start: date, length: int
) -> None:
    end = days(length, start)
    assert months_between(start, end) == turns_between(start, end)


# --- norms ---------------------------------------------------------------------------------------


def a_norm(*values: tuple[int, int | None, int]) -> Norm:
    return Norm(
        key="k",
        unit="",
        standing=Standing.LAW,
        values=tuple(
            NormValue(
                value=value,
                start=date(start, 1, 1),
                end=None if end is None else date(end, 1, 1),
                source="s",
            )
            for start, end, value in values
        ),
        title={},
    )


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2024, 1, 1), 1), (date(2024, 12, 31), 1), (date(2025, 1, 1), 2), (date(2030, 1, 1), 2)],
)
def test_the_value_in_force_counts_from_its_first_day(day: date, value: int) -> None:
    assert a_norm((2024, 2025, 1), (2025, None, 2)).on(day).value == value


def test_an_expired_value_refuses_and_says_until_when_it_held() -> None:
    with pytest.raises(NormError, match="norm_expired") as caught:
        a_norm((2023, 2024, 0), (2024, 2025, 1)).on(date(2025, 1, 1))
    assert caught.value.facts == {"end": "2025-01-01", "day": "2025-01-01"}


def test_a_value_that_is_not_yet_in_force_refuses_and_says_from_when_it_will() -> None:
    with pytest.raises(NormError, match="norm_not_yet") as caught:
        a_norm((2024, 2025, 1), (2027, None, 2)).on(date(2023, 6, 1))
    assert caught.value.facts["start"] == "2024-01-01"


def test_between_two_values_neither_is_carried_on() -> None:
    with pytest.raises(NormError, match="norm_expired"):
        a_norm((2024, 2025, 1), (2027, None, 2)).on(date(2026, 1, 1))


def test_a_missing_norm_is_refused_by_name() -> None:
    norms = norms_of()
    with pytest.raises(NormError, match=r"norm_missing: rent\.unheard_of"):
        norms.value("rent.unheard_of", DAY)
    less = replace(norms, book={k: v for k, v in norms.items() if k != "advice.no_room_at"})
    with pytest.raises(NormError, match=r"advice\.no_room_at"):
        Assumptions.on(less, DAY)
    assert len(less) == len(norms) - 1


def test_every_figure_of_an_advice_is_read_from_a_norm() -> None:
    """Change any one norm and the assumptions differ: none is typed into the code."""
    plain = Assumptions.on(norms_of(), DAY)
    scheme = dict(norms_of().value("mix.scheme.role", DAY))  # type: ignore[call-overload]
    other = {
        "account.hit_rate": 0.5,
        "account.epsilon": 0.001,
        "account.old_weight": 0.1,
        "account.prior_weight": 0.1,
        "account.part_factor": 3,
        "account.smallest_group": 20,
        "advice.no_room_at": 0.2,
        "advice.room_from": 0.9,
        "advice.smallest_base": 7,
        "advice.fill_up_under_bp": 7000,
        "advice.small_difference": 0.1,
        "advice.most_changes": 2,
        "advice.valid_days": 7,
        "advice.wait_weeks": 6,
        "advice.like_for_like": False,
        "mix.scheme.role": {**scheme, "prior_strength": 20},
    }
    for key, value in other.items():
        changed = Assumptions.on(norms_of(**{key.replace(".", "__"): value}), DAY)
        assert changed != plain, key


def test_an_error_says_which_trouble_about_what_with_which_figures() -> None:
    error = MixwijzerError("targets_sum", "C12", total=9500)
    assert (error.code, error.subject, error.facts) == ("targets_sum", "C12", {"total": 9500})
    assert str(MixwijzerError("vacancy_missing", "V1")) == "vacancy_missing: V1"


# --- rows ----------------------------------------------------------------------------------------


def test_a_stairwell_a_complex_and_an_area_list_their_own_homes() -> None:
    portfolio = Town().complex(homes=5, stairwells=("A", "B")).complex("E", homes=2).portfolio()
    stairwell = Scope(ScopeKind.STAIRWELL, "C/A")
    area = Scope(ScopeKind.MUNICIPALITY, "GM")
    assert [home.id for home in portfolio.dwellings_in(stairwell)] == ["C-1", "C-3", "C-5"]
    assert [len(portfolio.dwellings_in(each)) for each in (COMPLEX, area)] == [5, 7]
    assert [portfolio.base(each) for each in (stairwell, COMPLEX, area)] == [3, 5, 7]
    assert portfolio.dwellings_in(Scope(ScopeKind.DISTRICT, "nowhere")) == ()


def test_an_owner_sees_areas_of_its_own_complexes_and_vacancies_only() -> None:
    town = Town().complex().complex("X", owner="other").vacancy("C-1").vacancy("X-1")
    whole = town.vacancy("gone").portfolio()
    mine = whole.owned_by(OWNER)
    assert [each.id for each in mine.complexes] == ["C"]
    assert [each.id for each in mine.vacancies] == ["V-C-1"]
    assert mine is whole.owned_by(OWNER)
    assert whole.owned_by("nobody").complexes == ()
    alone = Town().complex().portfolio()
    assert alone.owned_by(OWNER) is alone


def test_a_dwelling_lies_in_every_scope_from_its_stairwell_to_its_municipality() -> None:
    portfolio = Town().complex(stairwells=("A",)).portfolio()
    kinds = [scope.kind for scope in portfolio.scopes_of("C-1")]
    assert kinds == sorted(ScopeKind)


def test_an_area_whose_parent_is_unknown_ends_there() -> None:
    town = Town().complex()
    town.areas = [Area(code="BU", kind=ScopeKind.NEIGHBOURHOOD, name="B", parent="lost")]
    town.band(at=ScopeKind.NEIGHBOURHOOD, set_by_kind="district", set_by="lost", max=4000)
    portfolio = town.portfolio()
    assert [scope.code for scope in portfolio.scopes_above("C")] == ["BU"]
    scheme = Accounts(portfolio, Assumptions.on(norms_of(), DAY), DAY).scheme
    assert portfolio.bands(Scope(ScopeKind.NEIGHBOURHOOD, "BU"), scheme, DAY) == {}


@pytest.mark.parametrize("setter", ["municipality", "district", "neighbourhood", "complex"])
def test_a_stairwell_cap_may_be_set_at_any_level_above(setter: str) -> None:
    code = {"municipality": "GM", "district": "WK", "neighbourhood": "BU", "complex": OWN}[setter]
    town = (
        Town()
        .complex(stairwells=("A",))
        .cap(2, at=ScopeKind.STAIRWELL, set_by_kind=setter, set_by=code)
    )
    scope = Scope(ScopeKind.STAIRWELL, "C/A")
    scheme = Accounts(town.portfolio(), Assumptions.on(norms_of(), DAY), DAY).scheme
    assert len(town.portfolio().caps_at(scope, scheme.name, DAY)) == 1


def test_of_two_rows_of_one_setter_the_later_one_counts_and_a_draft_lies_over_both() -> None:
    town = Town().complex(homes=20)
    town.band(id_="b", start=date(2026, 1, 1), max=4000).band(
        id_="a", start=date(2026, 6, 1), max=3000
    )
    town.band(id_="draft", start=date(2025, 1, 1), draft=True, max=5000)
    portfolio = town.portfolio()
    scheme = Accounts(portfolio, Assumptions.on(norms_of(), DAY), DAY).scheme
    for draft, expected in ((None, 3000), ("draft", 5000), ("other", 3000)):
        told = portfolio.bands(COMPLEX, scheme, DAY, draft=draft)["attention"]
        assert told.band.max == expected


@pytest.mark.parametrize(
    ("bands", "codes"),
    [
        ({"a": Band(min=-1)}, ["band_outside"]),
        ({"a": Band(max=WHOLE + 1)}, ["band_outside"]),
        ({"a": Band(min=3000, max=2000)}, ["band_order"]),
        ({"a": Band(target=3000, max=2000)}, ["band_order"]),
        ({"a": Band(target=6000), "b": Band(target=5000)}, ["targets_sum"]),
        ({"a": Band(target=5000), "b": Band(target=4999)}, ["targets_sum"]),
        ({"a": Band(target=5000), "b": Band(target=5000)}, []),
        ({"a": Band(target=5000)}, []),
        ({"a": Band(min=6000), "b": Band(min=4001)}, ["floors_sum"]),
        ({"a": Band(min=6000), "b": Band(min=4000)}, []),
    ],
)
def test_every_reason_why_no_mix_can_meet_a_profile_is_named(
    bands: dict[str, Band], codes: list[str]
) -> None:
    assert [error.code for error in band_errors("C", bands, ("a", "b"))] == codes


@pytest.mark.parametrize(
    ("vacancy", "is_open"),
    [
        ({}, True),
        ({"notice": DAY}, True),
        ({"notice": days(1)}, False),
        ({"closed_on": DAY}, False),
        ({"closed_on": days(1)}, True),
    ],
)
def test_a_vacancy_is_open_from_its_notice_until_it_is_closed(
    vacancy: dict[str, date], *, is_open: bool
) -> None:
    portfolio = Town().complex().vacancy("C-1", **vacancy).portfolio()  # type: ignore[arg-type]
    assert portfolio.is_open(portfolio.vacancies[0], DAY) == is_open


def test_a_vacancy_that_is_let_is_no_longer_open_from_that_day_on() -> None:
    portfolio = Town().complex().promised("C-1", on=DAY).portfolio()
    assert not portfolio.is_open(portfolio.vacancies[0], DAY)
    assert portfolio.is_open(portfolio.vacancies[0], days(-1))


@pytest.mark.parametrize(
    ("day", "holds"), [(days(-1), False), (DAY, True), (days(4), True), (days(5), False)]
)
def test_a_lease_holds_from_its_first_day_up_to_but_not_on_its_last(
    day: date, *, holds: bool
) -> None:
    lease = Town().complex(occupied=0).lives("C-1", since=DAY, until=days(5)).tenancies[0]
    assert lease.holds_on(day) == holds
    assert replace(lease, end=None).holds_on(day) == (day >= DAY)


def test_a_complex_that_is_not_there_is_refused_by_name() -> None:
    town = Town().complex()
    town.dwellings.append(replace(town.dwellings[0], id="lost", complex="Q"))
    with pytest.raises(PortfolioError, match="complex_missing: Q"):
        town.portfolio().scopes_of("lost")


# --- promises to house a group -------------------------------------------------------------------


def promised(unit: str = "households", **more: object) -> Obligation:
    plain = {
        "id": "O1",
        "group": "status_holder",
        "owner": OWNER,
        "start": date(2026, 1, 1),
        "end": date(2027, 1, 1),
        "unit": unit,
        "target": 10,
    }
    return Obligation(**plain | more)  # type: ignore[arg-type]


def lettings() -> Iterator[Letting]:
    """Two came (five persons and unknown), one is coming (three), four don't count."""
    ours = {"channel": "mediation", "ground": "direct_mediation", "group": "status_holder"}

    def let(home: str, on: date, **more: object) -> Letting:
        return Letting(**ours | {"vacancy": f"V-{home}", "on": on} | more)  # type: ignore[arg-type]

    yield let("C-1", date(2026, 2, 1), persons=5)
    yield let("C-2", date(2026, 3, 1))
    yield let("C-3", date(2026, 11, 1), persons=3)
    yield let("C-4", date(2026, 3, 1), group="urgent")
    yield let("C-5", date(2025, 12, 31), persons=1)
    yield let("X-1", date(2026, 3, 1), persons=9)
    yield let("C-6", days(1), persons=7)


def a_promising_town(obligation: Obligation) -> obligations.ObligationCount:
    town = Town().complex(occupied=0).complex("X", owner="other")
    for home in ("C-1", "C-2", "C-3", "C-4", "C-5", "C-6", "X-1"):
        town.vacancy(home, notice=date(2025, 12, 1))
    for home in ("C-1", "C-2"):
        town.lives(home, since=date(2026, 4, 1))
    portfolio = replace(town.portfolio(), lettings=tuple(lettings()), obligations=(obligation,))
    (told,) = obligations.count(portfolio, DAY)
    return told


def test_who_has_come_is_realised_and_who_is_still_to_come_is_under_way() -> None:
    told = a_promising_town(promised())
    assert (told.realised, told.under_way, told.remaining) == (2, 1, 7)
    assert told.lettings == ("V-C-1", "V-C-2", "V-C-3")
    assert told.awaited == ("V-C-3",)


def test_persons_are_counted_beside_households_and_who_is_not_counted_is_said() -> None:
    told = a_promising_town(promised("persons", carried=2))
    assert (told.realised, told.under_way, told.remaining) == (5, 3, 4)
    assert (told.households, told.persons, told.without_persons) == (2, 5, 1)


def test_the_pace_is_even_over_the_period() -> None:
    assert a_promising_town(promised()).pace == pytest.approx(10 * 323 / 365)
    assert a_promising_town(promised(start=days(5))).pace == 0
    assert a_promising_town(promised(end=date(2026, 6, 1))).pace == 10
    assert a_promising_town(promised(start=DAY, end=DAY)).pace == 10


def test_more_than_promised_leaves_nothing_owed() -> None:
    assert a_promising_town(promised(target=1)).remaining == 0


def test_a_letting_whose_vacancy_is_no_longer_kept_is_long_done() -> None:
    town = Town().complex()
    old = next(lettings())
    portfolio = replace(town.portfolio(), lettings=(old,), obligations=(promised(),))
    (told,) = obligations.count(portfolio, DAY)
    assert (told.realised, told.under_way) == (1, 0)


def test_a_letting_of_a_home_that_is_no_longer_listed_still_counts() -> None:
    town = Town().complex().vacancy("sold", id_="V-C-1")
    portfolio = replace(town.portfolio(), lettings=(next(lettings()),), obligations=(promised(),))
    (told,) = obligations.count(portfolio, DAY)
    assert (told.realised, told.under_way) == (0, 1)


def a_norm_of(*spans: tuple[date, date | None]) -> Norm:
    """Build a norm with a value for each of these spans."""
    values = tuple(
        NormValue(value=Decimal(1), start=start, end=end, source="raad") for start, end in spans
    )
    return Norm(
        key="rent.cap", unit="euro", standing=Standing.LAW, values=values, title={"nl": "grens"}
    )


@pytest.mark.parametrize(
    ("spans", "first"),
    [
        ([(date(2026, 1, 1), None)], None),
        ([(date(2026, 1, 1), date(2027, 1, 1))], None),  # until the last day of the period
        ([(date(2026, 1, 1), date(2026, 7, 1))], date(2026, 7, 1)),
        ([(date(2026, 1, 1), date(2026, 7, 1)), (date(2026, 7, 1), None)], None),
        ([(date(2026, 1, 1), date(2026, 7, 1)), (date(2026, 8, 1), None)], date(2026, 7, 1)),
        ([(date(2026, 4, 1), None)], date(2026, 3, 1)),  # not yet
        ([(date(2024, 1, 1), date(2025, 1, 1))], date(2026, 3, 1)),  # no more
    ],
)
def test_of_a_period_the_first_day_without_a_value_is_told(
    spans: list[tuple[date, date | None]], first: date | None
) -> None:
    start, end = date(2026, 3, 1), date(2027, 1, 1)
    norm = a_norm_of(*spans)
    assert norm.without(start, end) == first
    if first is None:
        assert all(norm.on(start + timedelta(days=day)) for day in range((end - start).days))
    else:
        with pytest.raises(NormError):
            norm.on(first)
