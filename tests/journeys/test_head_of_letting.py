"""The head of letting: what found no place, what nobody has, who chose otherwise; who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.journeys.site import ELS, HANS, IRIS, MO, SEM, TESSA
from tests.journeys.test_consultant import FITS, HASTE, advised, asked, card

pytestmark = pytest.mark.e2e


def test_requests_without_a_place_are_there_with_the_longest_waiting_first(visit, site):
    mo = visit(MO)
    mo.open("/")
    requests = card(mo, "Aanvragen die te lang wachten")
    shown = requests.locator("tbody tr").count()
    assert shown > 0
    weeks = [int(each.split()[-1]) for each in requests.locator("tbody tr").all_inner_texts()]
    assert weeks == sorted(weeks, reverse=True)
    assert min(weeks) >= 12
    counted = site.ask(
        "SELECT COUNT(*) FROM letting_placerequest r, accounts_organisation o"
        " WHERE o.id = r.owner_id AND o.code = 'zilverlinde' AND closed_on IS NULL"
        " AND replaced_at IS NULL AND asked_on <= ?",
        str(localdate() - timedelta(weeks=12)),
    )
    assert counted == [(shown,)]


def test_a_home_that_nobody_has_is_given_to_a_colleague_who_is_asked_first(visit):
    mo, sem = visit(MO), visit(SEM)
    mo.open("/")
    unassigned = card(mo, "Loopt vast").locator("li", has_text="verantwoordelijk").first
    unassigned.get_by_role("link", name="Bekijk").click()
    path = mo.page.url.removeprefix(mo.site.url)
    mo.page.get_by_label("Aan welke collega?").select_option(label=f"{SEM}, woonconsulent")
    mo.button("Draag over").click()
    expect(mo.page.get_by_text("Overgedragen.")).to_be_visible()
    sem.open("/")
    expect(card(sem, "Wacht op mij").locator(f"a[href='{path}']").first).to_be_visible()
    mo.open("/")
    expect(card(mo, "Loopt vast").locator(f"a[href='{path}']")).to_have_count(0)


def test_a_deviation_is_counted_with_its_reason(visit):
    iris, mo = visit(IRIS), visit(MO)
    mo.open("/")
    deviations = mo.page.locator(".figure, li", has_text="Een andere weg dan het advies").last
    expect(deviations).to_contain_text("0 besluiten")
    path = advised(iris)
    iris.page.get_by_role("radio", name="Gewoon aanbod", exact=True).click()
    iris.button(HASTE).click()
    mo.open("/")
    expect(deviations).to_contain_text("1 besluit")
    mo.open(path)
    expect(card(mo, "Besloten")).to_contain_text(HASTE)
    expect(card(mo, "Besloten")).to_contain_text(IRIS)


def test_she_cannot_decide_before_the_consultant_has_said_how_it_is(visit):
    iris, mo = visit(IRIS), visit(MO)
    path = asked(iris)
    mo.open(path)
    expect(card(mo, "Uw besluit")).to_have_count(0)


def test_another_association_sees_its_own_homes_only(visit, site):
    els, iris = visit(ELS), visit(IRIS)
    path = asked(iris)
    els.open("/vacancies/")
    hers = set(
        els.page.locator("main table a[href^='/vacancies/']").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
    )
    owned = site.ask(
        "SELECT v.public_id FROM letting_vacancy v, accounts_organisation o"
        " WHERE o.id = v.owner_id AND o.code = 'roodborst'"
    )
    assert {each.strip("/").split("/")[-1].replace("-", "") for each in hers} == {
        str(row[0]) for row in owned
    }
    els.refusals += [404, 404]
    els.open(path)
    expect(els.page.get_by_role("heading", level=1)).to_have_text("Deze pagina is er niet")
    els.open("/vacancies/00000000-0000-4000-8000-000000000000/")
    expect(els.page.get_by_role("heading", level=1)).to_have_text("Deze pagina is er niet")


def test_a_letting_agent_reads_facts_of_the_home_and_no_estimate(visit):
    iris, tessa = visit(IRIS), visit(TESSA)
    path = advised(iris)
    tessa.open(path)
    expect(card(tessa, "Feiten")).to_be_visible()
    for what in (".verdict", ".channels", ".said", ".kinds"):
        expect(tessa.page.locator(f"main {what}")).to_have_count(0)
    expect(tessa.link("Ruimtecheck")).to_have_count(0)
    iris.button(FITS).click()
    tessa.open(path)
    expect(tessa.page.locator("main .verdict")).to_have_count(0)


def test_a_neighbourhood_manager_reads_the_advice_and_cannot_decide(visit):
    iris, hans = visit(IRIS), visit(HANS)
    path = advised(iris)
    hans.open(path)
    expect(hans.page.locator("main .verdict").first).to_be_visible()
    expect(card(hans, "Uw besluit")).to_have_count(0)
    expect(hans.button("Draag over")).to_have_count(0)
