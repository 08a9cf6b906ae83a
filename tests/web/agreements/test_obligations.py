"""What was promised is counted from lettings, for who may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mixwijzer.engine.portfolio import Ground, Letting, Tenancy
from mixwijzer.web.agreements import bridge
from mixwijzer.web.agreements.selectors import obligations
from tests.builders import BEFORE, TODAY, a_vacancy, hanzeveen, with_rows
from tests.cast import Cast
from tests.web.acting import load_town


def mediated(vacancy: str, *, persons: int, on: date) -> Letting:
    """Build a letting to a household of status holders."""
    return Letting(
        vacancy=vacancy,
        channel="mediation",
        ground=Ground.DIRECT_MEDIATION,
        group="status_holder",
        persons=persons,
        on=on,
        recorded_at=BEFORE,
    )


def test_a_letting_counts_once_its_household_has_come(cast: Cast):
    town = hanzeveen()
    notice = a_vacancy("Vlier-024", notice=date(2026, 5, 1))
    others = tuple(each for each in town.vacancies if each.dwelling != "Vlier-024")
    town = with_rows(
        replace(town, vacancies=(notice, *others)),
        tenancies=(
            Tenancy(id="T-new", dwelling="Vlier-024", start=date(2026, 7, 1), recorded_at=BEFORE),
        ),
        lettings=(
            mediated(notice.id, persons=4, on=date(2026, 6, 1)),
            mediated("V-Molen-002", persons=2, on=date(2026, 11, 20)),
        ),
    )
    load_town(cast, town)
    (line,) = obligations(cast.mo, day=TODAY)
    assert (line.unit, line.realised, line.under_way, line.remaining) == ("persons", 4, 2, 6)


def test_it_is_told_the_same_whichever_promises_are_asked_together(cast: Cast):
    """The lease began on 30 June, two days before the contract by which the letting counts."""
    town = hanzeveen()
    notice = a_vacancy("Vlier-024", notice=date(2026, 5, 1))
    others = tuple(each for each in town.vacancies if each.dwelling != "Vlier-024")
    lease = Tenancy(id="T-new", dwelling="Vlier-024", start=date(2026, 6, 30), recorded_at=BEFORE)
    town = with_rows(
        replace(town, vacancies=(notice, *others)),
        tenancies=(lease,),
        lettings=(mediated(notice.id, persons=1, on=date(2026, 7, 2)),),
    )
    load_town(cast, town)
    year = bridge.Promise(
        id="year",
        group="status_holder",
        owner="woonbelang",
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
        unit="households",
        target=6,
    )
    half = replace(year, id="half", start=date(2026, 7, 1))
    told = [
        {each.obligation.id: (each.realised, each.under_way) for each in found}
        for found in (
            bridge.counted(cast.woonbelang, (year, half), TODAY),
            bridge.counted(cast.woonbelang, (half,), TODAY),
        )
    ]
    assert told == [{"year": (1, 0), "half": (1, 0)}, {"half": (1, 0)}]


def test_everybody_sees_exactly_what_concerns_him(town: Cast):
    assert len(obligations(town.mo, day=TODAY)) == 1
    assert len(obligations(town.lotte, day=TODAY)) == 1
    for name in ("joris", "noor", "olga", "anja"):
        assert obligations(getattr(town, name), day=TODAY) == ()


def test_a_promise_of_another_year_is_not_counted(town: Cast):
    assert obligations(town.mo, day=date(2028, 1, 1)) == ()


def test_the_count_takes_a_fixed_number_of_queries(town: Cast, django_assert_max_num_queries):
    obligations(town.mo, day=TODAY)
    with django_assert_max_num_queries(5):
        obligations(town.mo, day=TODAY)
