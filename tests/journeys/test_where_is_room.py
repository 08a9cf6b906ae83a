"""During a telephone call: ask where there is room, read the sentence aloud, keep a request."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.site import IRIS, MO, PHONE
from tests.journeys.test_consultant import card

pytestmark = pytest.mark.e2e


def test_a_question_is_answered_with_a_sentence_and_kept_as_a_request(visit, site):
    iris, mo = visit(IRIS), visit(MO)
    iris.open("/")
    iris.click(iris.link("Waar is ruimte?").first)
    expect(iris.page.locator(".aloud")).to_have_count(0)
    iris.click(iris.page.get_by_role("radio", name="2", exact=True))
    expect(iris.page.locator(".aloud")).to_be_visible()
    assert iris.clicks == 2
    iris.page.get_by_label("Voor hoeveel personen?").fill("2")
    iris.page.get_by_label("Namens").select_option(label="De Oversteek")
    iris.button("Zet als aanvraag").click()
    expect(iris.page.get_by_text("Bewaard als aanvraag 26-001.")).to_be_visible()
    row = iris.page.locator(".requests > li", has_text="26-001")
    expect(row).to_contain_text("2 kamers, 2 personen")
    mo.open("/requests/")
    expect(mo.page.locator(".requests > li", has_text="26-001")).to_contain_text("De Oversteek")
    kept = site.ask("SELECT COUNT(*) FROM letting_placerequest WHERE number = '26-001'")
    assert kept == [(1,)]


def test_a_request_is_closed_with_how_it_ended(visit):
    mo = visit(MO)
    mo.open("/requests/")
    first = mo.page.locator(".requests > li").first
    number = first.locator("h3").inner_text()
    first.get_by_label(f"Hoe liep {number} af?").select_option(label="Niet meer nodig")
    first.get_by_role("button", name="Sluit").click()
    expect(mo.page.get_by_text(f"Aanvraag {number} is gesloten.")).to_be_visible()
    expect(mo.page.locator(".requests > li h3", has_text=number)).to_have_count(0)


def test_without_a_script_and_on_a_telephone_it_works_as_well(visit):
    iris = visit(IRIS, width=PHONE, scripts=False)
    iris.open("/where/")
    iris.page.get_by_role("radio", name="3", exact=True).check(force=True)
    iris.button("Zoek").click()
    expect(iris.page.locator(".aloud")).to_be_visible()


def test_a_request_for_nobody_is_refused_with_the_field_named(visit):
    iris = visit(IRIS)
    iris.open("/where/?rooms=2")
    iris.page.evaluate("document.querySelector('form[method=post][action*=ask]').noValidate = true")
    iris.page.get_by_label("Voor hoeveel personen?").fill("0")
    iris.refusals += [422]
    iris.button("Zet als aanvraag").click()
    expect(iris.page.locator("[data-errors]")).to_be_visible()


def test_today_leads_to_why_a_request_has_no_place(visit):
    mo = visit(MO)
    mo.open("/")
    card(mo, "Aanvragen die te lang wachten").get_by_role("link").first.click()
    expect(mo.page.get_by_role("heading", level=1)).to_have_text("Aanvragen voor een plek")
