"""First her own view: before the answer nothing of that building is told, anywhere; after it, all.

That the pages do not depend on what others said is shown in `tests/web/test_own_view_first.py`;
here is what a person meets on the way.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.site import IRIS, Site, Visitor
from tests.journeys.test_consultant import UNCHANGED, asked
from tests.web.header_rules import broken

pytestmark = pytest.mark.e2e

TELLS = "main :is(.verdict, .kinds, .channels, .tallies, .levels, .said, svg.ch)"


@pytest.fixture
def paths(visit, site: Site) -> tuple[Visitor, dict[str, str]]:
    """Iris, and every address that could tell something of the building she is asked about."""
    iris = visit(IRIS)
    vacancy = asked(iris)
    address = iris.page.get_by_role("heading", level=1).inner_text().splitlines()[0]
    link = iris.page.locator("main a[href^='/complexes/']").last
    name, place = link.inner_text(), link.get_attribute("href") or ""
    neighbour = address.rpartition(" ")[0] + " 1"
    code = site.ask(
        "SELECT code FROM letting_vacancy WHERE public_id = ?",
        vacancy.strip("/").rpartition("/")[2].replace("-", ""),
    )[0][0]
    return iris, {
        "the home": vacancy,
        "the complex": place,
        "a check of the home": f"/room-check/?q={address}&kind=attention",
        "a check of the complex": f"/room-check/?q={name}&kind=carrier",
        "a check of a neighbour": f"/room-check/?q={neighbour}&kind=regular",
        "a check by number": f"/room-check/?q={code}",
    }


def test_before_the_answer_each_page_asks_and_tells_nothing_and_after_it_tells(paths):
    iris, addresses = paths
    for name, path in addresses.items():
        iris.open(path)
        if name == "the home":
            expect(iris.button(UNCHANGED)).to_be_visible()
        else:
            expect(iris.page.get_by_role("link", name="Geef uw beeld").first).to_be_visible()
        assert iris.page.locator(TELLS).count() == 0, name
    iris.open(addresses["the home"])
    iris.button(UNCHANGED).click()
    for name, path in addresses.items():
        iris.open(path)
        assert iris.page.locator(TELLS).count() > 0, name


def test_the_search_box_on_any_page_is_a_way_to_it_too(paths):
    iris, addresses = paths
    text = addresses["a check of the home"].split("q=")[1].split("&")[0]
    iris.open("/")
    box = iris.page.get_by_role("searchbox").first
    box.fill(text)
    box.press("Enter")
    iris.page.wait_for_url("**/room-check/**")
    expect(iris.page.get_by_role("link", name="Geef uw beeld").first).to_be_visible()
    assert iris.page.locator(TELLS).count() == 0


def test_what_the_real_server_sends_is_strict_and_its_own(visit):
    """Pages and everything they ask for, as they come over the wire."""
    iris = visit(IRIS)
    seen: dict[str, list[str]] = {}

    def look(response: object) -> None:
        found = broken(response.all_headers()) if response.request.is_navigation_request() else []
        if response.headers.get("x-content-type-options") != "nosniff":
            found.append("may be taken for something else")
        seen[response.url] = found

    iris.page.on("response", look)
    for path in ("/", "/vacancies/", "/complexes/", "/method/", "/room-check/"):
        iris.open(path)
    iris.page.wait_for_load_state("networkidle")
    assert {url: found for url, found in seen.items() if found} == {}
    assert {url.rpartition(".")[2] for url in seen if "/static/" in url} >= {"css", "js", "woff2"}
