"""A consultant reads on one screen: where it goes, can it turn, when, with how many vacancies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from mixwijzer.web.outlook.services import look_ahead
from mixwijzer.web.register.models import Complex
from tests.builders import NOW
from tests.cast import Cast, make_cast
from tests.web.acting import answers, the_vacancy
from tests.web.every_url import logged_in
from tests.web.outlook.towns import load_experiment
from tests.web.refused_words import refused_in
from tests.web.register.files import let_the_worker_work

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_TEXT = """() => [...document.querySelectorAll("svg.ch text")].filter((text) => {
  const box = text.getBoundingClientRect(), frame = text.closest("svg").getBoundingClientRect();
  return box.width && (box.left < frame.left - 2 || box.right > frame.right + 2);
}).map((text) => text.textContent)"""


@pytest.fixture
def ahead() -> Iterator[Cast]:
    with time_machine.travel(NOW):
        cast = make_cast()
        load_experiment(cast)
        look_ahead(owner=cast.woonbelang, now=NOW)
        answers(cast.iris, "Vlierhof 3")
        look_ahead(owner=cast.woonbelang, now=NOW)
        yield cast


def looked_at(page: Page) -> None:
    """Refuse what isn't accessible, falls off the screen or may not be said."""
    page.wait_for_load_state()  # a click returns before the page it leads to has a body
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")  # from under the phone's bar
    findings = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(found["id"], [n["html"] for n in found["nodes"]]) for found in findings] == []
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(CUT_TEXT) == []
    assert refused_in(page.content()) == []


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_consultant_reads_on_one_screen_where_it_goes_and_whether_it_can_be_turned(
    ahead: Cast, live_server, browser: Browser, width: int
):
    client = logged_in(ahead.iris)
    (name, cookie), *_ = client.cookies.items()
    place = Complex.objects.for_organisation(ahead.woonbelang).get(code="Vlier").public_id
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="nl-NL")
    context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/complexes/{place}/")
    for heading in ("Verleden en verwachting", "Sturingskracht, in woorden"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    told = page.locator(".told")
    for said in ("houdbaar", "tot in de band", "vacatures nodig", "kans over 12 maanden"):
        expect(told.get_by_text(said).first).to_be_visible()
    told.get_by_text("Zo is dit berekend").first.click()
    expect(told.locator("details[open] p").first).to_be_visible()
    vacancy = the_vacancy(ahead.iris, "Vlierhof 3").id
    pages = (f"/outlook/complexes/{place}/", "/outlook/", "/outlook/steering/")
    for path in (None, *pages, f"/vacancies/{vacancy}/"):
        if path:
            page.goto(live_server.url + path)
        looked_at(page)
    expect(page.get_by_role("heading", name="Later en elders")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_head_makes_a_scenario_sees_it_wait_and_reads_how_to_repeat_it(
    ahead: Cast, live_server, browser: Browser, width: int
):
    (name, cookie), *_ = logged_in(ahead.mo).cookies.items()
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="nl-NL")
    context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/outlook/compare/")
    page.get_by_role("link", name="Nieuw scenario").click()
    looked_at(page)
    page.get_by_label("Hoe noemt u het?").fill("Als het experiment stopt")
    page.get_by_label("Jaren vooruit").fill("2")
    page.get_by_label("Hoe vaak worden de jaren doorgespeeld?").select_option("128")
    page.get_by_role("button", name="Vergelijk", exact=True).click()
    expect(page.get_by_text("0 van 128 keer doorgespeeld")).to_be_visible()
    expect(page.get_by_role("heading", name="Wat er is gevraagd")).to_be_visible()
    looked_at(page)
    let_the_worker_work()
    expect(page.get_by_role("heading", name="Reproduceer in Python")).to_be_visible()
    expect(page.get_by_role("heading", name="Wie draagt het?", exact=True)).to_be_visible()
    assert "mw.compare('portefeuille.xlsx'" in page.locator("pre").inner_text()
    looked_at(page)
    page.goto(f"{live_server.url}/outlook/compare/")
    expect(page.get_by_role("link", name="Als het experiment stopt")).to_be_visible()
    looked_at(page)
    context.close()
