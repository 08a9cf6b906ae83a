"""A complex: about how many, how sure, on whose word; and who came and went."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.portfolio import Placement, Scope, ScopeKind, Tenancy
from mixwijzer.exchange.synthetic import synthesize
from mixwijzer.web.accounts.models import Missing
from mixwijzer.web.desk.selectors import ComplexPage, complex_page, complexes
from mixwijzer.web.letting.services import load_portfolio
from mixwijzer.web.register.bridge import assumptions
from mixwijzer.web.register.models import Complex
from tests.builders import BEFORE, NOW, TODAY, a_cap, hanzeveen, with_rows
from tests.cast import Cast
from tests.web.acting import answers, load_town


def the_complex(user, name: str, now=NOW) -> ComplexPage:
    line = next(each for each in complexes(user) if each.code == name)
    return complex_page(user, line.id, now=now)


def test_the_accounts_are_those_of_the_engine_at_every_scope(town: Cast):
    page = the_complex(town.mo, "Vlier")
    accounts = Accounts(hanzeveen().owned_by("woonbelang"), assumptions(TODAY), TODAY)
    assert [(each.kind, each.base, each.households) for each in page.scopes] == [
        ("complex", 24, 23),
        ("neighbourhood", 36, 35),
    ]
    scopes = (
        Scope(ScopeKind.COMPLEX, "Vlier"),
        Scope(ScopeKind.NEIGHBOURHOOD, "BU010101"),
    )
    for shown, scope in zip(page.scopes, scopes, strict=True):
        for count in shown.counts:
            wanted = accounts.of(scope).pmf(count.category)
            assert count.pmf == pytest.approx(tuple(wanted), abs=1e-12)
            assert count.spread.likely == accounts.of(scope).spread(count.category).likely


def test_bands_are_whole_households_with_the_origin_of_each_value(town: Cast):
    attention = the_complex(town.mo, "Vlier").scopes[0].counts[0]
    assert (attention.low, attention.high, attention.target) == (8, 9, 3500)
    assert attention.origins["max"].set_by == "woonbelang"
    inside = sum(attention.pmf[8:10])
    assert attention.chance_inside == pytest.approx(inside, abs=1e-6)


def test_a_cap_counts_beside_a_band(cast: Cast):
    load_town(cast, with_rows(hanzeveen(), caps=(a_cap("Vlier", 7),)))
    attention = the_complex(cast.mo, "Vlier").scopes[0].counts[0]
    assert attention.cap == 7
    assert attention.chance_inside < sum(attention.pmf[8:10])


def test_the_neighbourhood_says_how_many_of_its_homes_are_ours(town: Cast):
    around = the_complex(town.mo, "Vlier").scopes[1]
    assert (around.name, around.base, around.area_homes, around.complexes) == (
        "De Vlier-Noord",
        36,
        624,
        2,
    )


def test_homes_of_another_association_in_the_same_street_are_not_counted(town: Cast):
    answers(town.olga, "Eldershof 1")
    assert the_complex(town.olga, "Elders").scopes[1].base == 10


def test_who_came_and_went_is_exact_and_from_the_leases(cast: Cast):
    moved = (
        Tenancy(
            id="T-weg",
            dwelling="Vlier-024",
            start=date(2021, 1, 1),
            end=date(2026, 10, 1),
            recorded_at=BEFORE,
        ),
        Tenancy(
            id="T-lang-weg",
            dwelling="Vlier-023",
            start=date(2015, 1, 1),
            end=date(2019, 12, 1),
            recorded_at=BEFORE,
        ),
    )
    load_town(cast, with_rows(hanzeveen(), tenancies=moved))
    flow = the_complex(cast.mo, "Vlier").flow
    assert (flow.departures, flow.arrivals, flow.announced) == (1, 0, 2)
    assert flow.per_year == pytest.approx(1 / 3)


def test_channels_are_told_per_neighbourhood_and_few_stay_unsaid(town: Cast):
    flow = the_complex(town.mo, "Molen").flow
    assert {each.channel: each.lettings for each in flow.channels} == {
        "ordinary": 6,
        "mediation": None,
    }


def test_lettings_of_more_than_a_year_ago_are_no_longer_told(cast: Cast):
    town = hanzeveen()
    old = tuple(replace(each, month=date(2025, 3, 1)) for each in town.placements)
    load_town(cast, replace(town, placements=old))
    assert the_complex(cast.mo, "Vlier").flow.channels == ()
    assert isinstance(old[0], Placement)


def test_every_judge_is_shown_with_his_last_round(town: Cast):
    lines = the_complex(town.mo, "Vlier").judgements
    assert [(each.by, each.on) for each in lines] == [
        ("Hans Akker", date(2026, 9, 10)),
        ("Iris Voorbeeld", date(2026, 9, 3)),
    ]
    assert [(each.category, each.low, each.best, each.high) for each in lines[0].ranges] == [
        ("attention", 5, 7, 9),
        ("carrier", 2, 3, 4),
    ]


def test_a_letting_agent_sees_the_building_and_no_account(town: Cast):
    page = the_complex(town.tessa, "Vlier")
    assert page.scopes is None
    assert page.judgements == ()
    assert page.flow.channels == ()
    assert (page.name, page.homes, len(page.open_vacancies)) == ("De Vlierhof", 24, 2)


def test_the_list_is_by_name_and_says_which_are_the_readers_own(town: Cast):
    assert [(each.code, each.mine, each.asked) for each in complexes(town.iris)] == [
        ("Molen", False, False),
        ("Vlier", True, True),
    ]
    assert [each.code for each in complexes(town.olga)] == ["Elders"]


def test_a_complex_that_is_not_there_is_missing(town: Cast):
    with pytest.raises(Missing):
        complex_page(town.iris, uuid.uuid4(), now=NOW)


def test_no_page_of_a_whole_town_takes_more_queries_than_that_of_a_small_building(
    cast: Cast, django_assert_max_num_queries
):
    cast.woonbelang.code = "zilverlinde"
    cast.woonbelang.save()
    made = synthesize(seed=5, homes=600, day=TODAY).portfolio
    load_portfolio(portfolio=made, owner=cast.woonbelang, actor=None, now=NOW)
    lines = complexes(cast.mo)
    assert max(line.homes for line in lines) > 3 * min(line.homes for line in lines)
    for line in lines:
        with django_assert_max_num_queries(27):
            complex_page(cast.mo, line.id, now=NOW)


@pytest.mark.parametrize(
    "later", [0, 3, 40], ids="the day itself, the same month, later".split(", ")
)
def test_kept_accounts_say_what_the_whole_history_says(cast: Cast, later: int):
    """Where nobody is to come or go, the page takes the kept account as it stands."""
    cast.woonbelang.code = "zilverlinde"
    cast.woonbelang.save()
    made = synthesize(seed=5, homes=600, day=TODAY).portfolio
    load_portfolio(portfolio=made, owner=cast.woonbelang, actor=None, now=NOW)
    moment = NOW + timedelta(days=later)
    day = TODAY + timedelta(days=later)
    accounts = Accounts(made.owned_by("zilverlinde"), assumptions(day), day)
    for line in complexes(cast.mo):
        own = Scope(ScopeKind.COMPLEX, line.code)
        shown = complex_page(cast.mo, line.id, now=moment).scopes[0]
        assert (shown.households, shown.vacant) == (accounts.present(own), accounts.vacant(own))
        assert shown.committed == accounts.committed(own)
        for count in shown.counts:
            wanted = accounts.of(own).pmf(count.category)
            assert count.pmf == pytest.approx(tuple(wanted), abs=1e-12)


def test_the_list_takes_a_fixed_number_of_queries(town: Cast, django_assert_num_queries):
    complexes(town.mo)
    with django_assert_num_queries(7):
        complexes(town.mo)


def test_a_complex_leads_to_its_profile_and_back_as_far_as_the_reader_may(town: Cast):
    place = Complex.objects.for_organisation(town.woonbelang).get(code="Vlier").public_id
    page, profile = f"/complexes/{place}/", f"/profiles/complexes/{place}/"
    for person in (town.iris, town.mo, town.hans):
        client = Client()
        client.force_login(person)
        assert f'href="{profile}"' in client.get(page).content.decode()
        assert f'href="{page}"' in client.get(profile, follow=True).content.decode()
    tenants = Client()
    tenants.force_login(town.noor)
    told = tenants.get("/profiles/place/?kind=complex&code=Vlier")
    assert told.status_code == 404 or f'href="{page}"' not in told.content.decode()
