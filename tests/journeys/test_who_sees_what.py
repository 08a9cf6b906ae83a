"""What the others see: the municipality, the tenants, an outsider, the administrator.

Until figures are released nobody outside the association meets a count of a building or a
neighbourhood. Here they click through everything that their menu offers; byte for byte it is
shown in `tests/web/test_no_counts.py` and `tests/web/test_every_url.py`.
"""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.site import BO, COR, ELS, HENNY, Site, Visitor

pytestmark = pytest.mark.e2e

TELLS = "main :is(.verdict, .channels, .tallies, .levels, .said)"
COMPLEX = """
    SELECT c.public_id, f.name FROM register_complex c
    JOIN register_complexfacts f ON f.complex_id = c.id AND f.replaced_at IS NULL
    JOIN accounts_organisation o ON o.id = c.owner_id WHERE o.code = 'zilverlinde'
"""


def menu(somebody: Visitor) -> dict[str, str]:
    """Return what the menu offers: names and addresses."""
    somebody.open("/")
    links = somebody.page.locator(".rail nav a").all()
    name = "link => link.querySelector('svg').nextSibling.textContent"
    return {each.evaluate(name): each.get_attribute("href") or "" for each in links}


def meets_no_count(somebody: Visitor, site: Site, *, asked: str = "") -> set[str]:
    """Click through the menu: no account, verdict or name of a complex; return its names.

    A week round names the complex that somebody is `asked` about.
    """
    names = [str(name) for _, name in site.ask(COMPLEX) if str(name) not in asked]
    offered = menu(somebody)
    for href in offered.values():
        somebody.open(href)
        assert somebody.page.locator(TELLS).count() == 0, href
        text = somebody.page.locator("main").inner_text()
        if not href.startswith("/profiles/"):
            assert [name for name in names if name in text] == [], href
    return set(offered)


def is_refused(somebody: Visitor, path: str, status: int) -> None:
    """Meet a closed door, with a sentence and a way on."""
    somebody.refusals.append(status)
    answer = somebody.page.goto(somebody.site.url + path)
    assert answer is not None
    assert answer.status == status
    expect(somebody.page.get_by_role("heading", level=1)).to_be_visible()
    assert somebody.page.locator(TELLS).count() == 0


def test_the_municipality_sees_its_own_agreements_and_no_count(visit, site: Site):
    henny = visit(HENNY)
    henny.open("/rounds/answers/")
    offered = meets_no_count(henny, site, asked=henny.page.locator("main").inner_text())
    assert offered.isdisjoint({"Complexen", "Vacatures", "Buurten", "Ruimtecheck", "Inlezen"})
    henny.open("/")
    expect(henny.page.get_by_role("region", name="Wat we beloofden")).to_contain_text("gedaan")
    for path in ("/complexes/", "/neighbourhoods/", "/room-check/?q=hof", "/vacancies/"):
        is_refused(henny, path, 403)


def test_the_tenants_try_a_profile_on_made_up_buildings_and_give_their_advice(visit, site: Site):
    cor = visit(COR)
    meets_no_count(cor, site)
    cor.open("/profiles/")
    cor.link("Probeer het met verzonnen gebouwen").click()
    cor.page.get_by_label("Wat extra aandacht: hoogstens (%)").fill("50")
    cor.page.keyboard.press("Enter")
    expect(cor.page.get_by_text("Deze drie gebouwen bestaan niet")).to_be_visible()
    expect(cor.page).to_have_url(re.compile("attention_max=50"))
    expect(cor.page.locator("main table tbody tr")).to_have_count(3)
    cor.open("/profiles/")
    cor.page.locator("main tr", has_text="advies huurders").first.get_by_role("link").first.click()
    cor.page.get_by_label("Uw advies, in een paar zinnen").fill("Wij kunnen ons hierin vinden.")
    cor.button("Positief advies").click()
    expect(cor.page.locator("h1 .status")).to_have_text("huurders adviseren positief")
    ((complex_id, _), *_rest) = site.ask(COMPLEX)
    is_refused(cor, f"/complexes/{uuid.UUID(str(complex_id))}/", 403)


def test_an_outsider_reads_how_neighbours_are_chosen_and_where_to_object(visit, site: Site):
    nobody = visit()
    owner = "SELECT public_id FROM accounts_organisation WHERE code = 'zilverlinde'"
    ((association,),) = site.ask(owner)
    nobody.open(f"/public/{uuid.UUID(str(association))}/")
    counter = nobody.page.locator(".counter")
    expect(counter).to_contain_text("zittende huurders met een categorie bij ons")
    expect(counter.locator(".counter-value")).to_have_text("0")
    nobody.link("Niet eens?").click()
    expect(
        nobody.page.get_by_role("heading", name="Bent u het er niet mee eens?")
    ).to_be_in_viewport()
    expect(nobody.page.locator("main")).to_contain_text("klachtencommissie")
    names = [str(name) for _, name in site.ask(COMPLEX)]
    text = nobody.page.locator("body").inner_text()
    assert [name for name in names if name in text] == []
    nobody.open("/complexes/")
    expect(nobody.page.get_by_role("heading", name="Kies wie u bent")).to_be_visible()


def test_another_association_meets_nothing_of_this_one(visit, site: Site):
    els = visit(ELS)
    ((complex_id, name), *_rest) = site.ask(COMPLEX)
    is_refused(els, f"/complexes/{uuid.UUID(str(complex_id))}/", 404)
    els.open(f"/room-check/?q={name}")
    assert els.page.locator(TELLS).count() == 0


def test_the_administrator_looks_after_people_words_and_files_not_after_homes(visit, site: Site):
    bo = visit(BO)
    offered = meets_no_count(bo, site)
    assert {"Mensen", "Inlezen", "Beheer", "Rechten"} <= offered
    assert offered.isdisjoint({"Complexen", "Vacatures", "Ruimtecheck"})
    bo.open("/")
    expect(bo.page.get_by_role("search")).to_have_count(0)
    is_refused(bo, "/vacancies/", 403)
