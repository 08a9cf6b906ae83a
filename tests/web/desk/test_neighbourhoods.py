"""How each neighbourhood stands: over which base, what is not shown, and drawn from what."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mixwijzer.engine.portfolio import ScopeKind
from mixwijzer.web.desk.bridge import living
from mixwijzer.web.desk.selectors import complex_page, complexes, quarters_page
from mixwijzer.web.register.models import Count
from tests.builders import AREAS, BEFORE, NOW, hanzeveen
from tests.cast import Cast
from tests.web.acting import answers, load_town
from tests.web.refused_words import visible_text

SMALL = replace(AREAS[2], code="BU010102", name="De Vlier-Zuid", dwellings=300)


def spread_out():
    """Put Molenhof (12 homes) in a neighbourhood of its own."""
    town = hanzeveen()
    places = tuple(
        replace(each, neighbourhood=SMALL.code) if each.id == "Molen" else each
        for each in town.complexes
    )
    return replace(town, complexes=places, areas=(*town.areas, SMALL))


@pytest.fixture
def two(cast: Cast) -> Cast:
    load_town(cast, spread_out())
    return cast


def lines(user) -> dict[str, object]:
    return {each.code: each for each in quarters_page(user, now=NOW).lines}


def test_a_neighbourhood_is_counted_over_our_own_homes(two: Cast):
    found = lines(two.mo)
    north = found["BU010101"]
    assert (north.homes, north.area_homes, north.complexes) == (24, 624, 1)
    assert north.open_vacancies == 2


def test_its_account_is_the_one_on_the_page_of_a_complex(two: Cast):
    vlier = next(each for each in complexes(two.mo) if each.code == "Vlier")
    page = complex_page(two.mo, vlier.id, now=NOW)
    assert lines(two.mo)["BU010101"].account == page.scopes[1]


def test_until_her_own_view_no_account_of_that_neighbourhood(two: Cast):
    found = lines(two.iris)
    assert (found["BU010101"].asked, found["BU010101"].account) == (True, None)
    assert found["BU010102"].account is not None
    answers(two.iris, "Vlierhof 3")
    answers(two.iris, "Vlierhof 24")
    assert lines(two.iris)["BU010101"].account is not None


def test_of_a_few_homes_nothing_is_shown(cast: Cast):
    town = spread_out()
    kept = tuple(each for each in town.dwellings if each.id not in {"Molen-011", "Molen-012"})
    leases = tuple(
        each for each in town.tenancies if each.dwelling not in {"Molen-011", "Molen-012"}
    )
    load_town(cast, replace(town, dwellings=kept, tenancies=leases))
    small = lines(cast.mo)["BU010102"]
    assert (small.homes, small.few, small.account) == (10, True, None)


@pytest.mark.parametrize(("counted", "said"), [(3, None), (0, 0), (40, 40)])
def test_what_others_counted_stands_apart_and_a_few_are_hidden(cast: Cast, counted, said):
    load_town(cast, spread_out())
    Count.objects.for_organisation(cast.woonbelang).create(
        owner=cast.woonbelang,
        scope_kind=int(ScopeKind.NEIGHBOURHOOD),
        scope_code="BU010102",
        scheme="role",
        category="attention",
        on=date(2026, 6, 1),
        households=counted,
        recorded_at=BEFORE,
    )
    line = lines(cast.mo)["BU010102"]
    assert [each.households for each in line.elsewhere] == [said]
    assert line.homes == 12


def test_another_associations_neighbourhood_is_its_own(two: Cast):
    assert lines(two.olga)["BU010101"].homes == 10


def test_more_neighbourhoods_take_no_more_queries(cast: Cast):
    counts = []
    for town in (hanzeveen(), hanzeveen(), spread_out()):
        load_town(cast, town)
        living._living.cache_clear()
        with CaptureQueriesContext(connection) as found:
            quarters_page(cast.mo, now=NOW)
        counts.append(len(found))
    assert counts[1] == counts[2]  # the first also learns who Mo is


def test_every_figure_names_its_base_and_the_map_has_the_numbers_of_the_table(two: Cast):
    client = Client(headers={"accept-language": "nl"})
    client.force_login(two.mo)
    html = client.get("/neighbourhoods/").content.decode()
    words = visible_text(html)
    assert "van het bezit van Woonbelang Hanzeveen in deze buurt: 24 woningen" in words
    drawn = set(re.findall(r'class="ch-map-number"[^>]*>(\d+)<', html))
    assert drawn == {"1", "2"}
