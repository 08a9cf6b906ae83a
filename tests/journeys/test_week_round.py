"""The week round: from the sheet to the table and back, one home at a time, on one A4."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.looking import faults
from tests.journeys.site import HENNY, IRIS, MO, Visitor
from tests.journeys.test_consultant import card

pytestmark = pytest.mark.e2e


def homes(who: Visitor) -> Locator:
    who.open("/rounds/week/")
    return who.page.locator(".wk-item")


def an_open_home(who: Visitor) -> Locator:
    """Return the first home about which can be answered."""
    return homes(who).filter(has=who.page.locator("details.wk-choice")).first


def test_homes_are_confirmed_one_by_one_and_taken_back(visit):
    mo = visit(MO)
    home = an_open_home(mo)
    name = home.locator("h2").inner_text()
    choice = home.locator("details.wk-choice").first
    choice.locator("summary").click()
    for missing in choice.locator("select[name^=without-]").all():
        missing.select_option(index=1)
    choice.locator("button[name=reason]").first.click()
    expect(mo.page.get_by_text("Vastgelegd.")).to_be_visible()
    answered = mo.page.locator(".wk-item", has_text=name)
    expect(answered.locator(".wk-answered")).to_contain_text(MO)
    answered.get_by_role("button", name="Terugnemen").click()
    again = mo.page.locator(".wk-item", has_text=name)
    expect(again.locator("details.wk-choice").first).to_be_visible()


def test_who_must_answer_does_so_and_against_an_objection_a_reason_is_asked(visit):
    henny, mo = visit(HENNY), visit(MO)
    henny.open("/")
    asked = card(henny, "Wacht op mij").locator("a[href^='/rounds/answers/']").first
    place = asked.inner_text().partition(":")[0]
    asked.click()
    assert {where: what for where, what in faults(henny.page).items() if what} == {}
    henny.page.get_by_text("Bezwaar maken").click()
    henny.button("Een andere afgesproken groep loopt verder achter").click()
    expect(henny.page.get_by_text("Vastgelegd.")).to_be_visible()
    objected = homes(mo).filter(has_text="bezwaar").filter(has_text=HENNY).first
    expect(objected).to_be_visible()
    assert place.split()[-1].lower()[:4] in objected.locator("h2").inner_text().lower()
    choice = objected.locator("details.wk-choice").first
    choice.locator("summary").click()
    choice.locator("select[name^=without-]").select_option("agreement")
    choice.locator("button[name=reason]").first.click()
    expect(mo.page.locator(".wk-item", has_text=HENNY)).to_contain_text("De afspraak voorziet in")
    henny.page.reload()
    expect(henny.page.locator("main")).to_contain_text(MO)


def test_another_way_is_an_answer_too(visit):
    mo = visit(MO)
    home = an_open_home(mo)
    name = home.locator("h2").inner_text()
    other = home.locator("details.wk-choice").last
    other.locator("summary").click()
    for select in other.locator("select").all():
        select.select_option(index=1)
    other.locator("button[name=reason]").first.click()
    answered = mo.page.locator(".wk-item", has_text=name).locator(".wk-answered")
    expect(answered).to_contain_text("anders")


def test_at_the_table_keys_do(visit):
    mo = visit(MO)
    homes(mo)
    mo.link("Aan tafel").click()
    expect(mo.page.get_by_text("Woning 1 van")).to_be_visible()
    mo.page.keyboard.press("j")
    expect(mo.page.get_by_text("Woning 2 van")).to_be_visible()
    mo.page.keyboard.press("k")
    expect(mo.page.get_by_text("Woning 1 van")).to_be_visible()


def test_who_has_a_view_to_give_is_asked_for_it_on_the_sheet(visit):
    iris = visit(IRIS)
    home = homes(iris).filter(has_text="Geef uw beeld").first
    expect(home).to_be_visible()
    expect(iris.page.locator(".week-sheet")).not_to_contain_text("elke band houdt:")
    home.get_by_role("link", name="Geef uw beeld").click()
    expect(iris.page).to_have_url(re.compile("/vacancies/"))


def test_the_sheet_of_five_homes_is_one_a4(visit):
    mo = visit(MO)
    assert homes(mo).count() == 5
    printed = mo.page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
