"""The first day at an association: from an empty installation to a decision about an own home."""

from __future__ import annotations

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.journeys.association import (
    a_map,
    an_extract,
    brings,
    comes_in,
    confirms,
    invites,
    right,
)
from tests.journeys.site import PHONE, Visitor
from tests.journeys.test_judgement_round import fills

pytestmark = pytest.mark.e2e

ASSOCIATION, SYSTEM = "Woonstichting Veldwijk", "Uittreksel uit een Nederlands corporatiesysteem"
MOST_CLICKS = 60  # by five people together, from the link of `set-up` to the decision
WHY = "De galerij is smal en buren komen elkaar hier veel tegen."
CEILING = "wat extra aandacht, per complex: hoogstens (%)"


def steps(somebody: Visitor) -> list[str]:
    """Return what Today says is still to be done."""
    somebody.open("/")
    card = somebody.page.get_by_role("region", name="De eerste dag")
    return card.locator(".row-title").all_inner_texts()


def fills_the_register(aafke: Visitor) -> None:
    """Bring in the map and the extract; the first extract has a day that can't be."""
    page, day = aafke.page, localdate()
    assert steps(aafke) == ["Laad uw buurten", "Laad uw woningen", "Nodig uw collega's uit"]
    brings(aafke, "eenheden.zip", an_extract(day), SYSTEM)
    expect(page.get_by_text("Lees eerst een kaart van de buurten in").first).to_be_visible()
    brings(aafke, "buurten.geojson", a_map())
    confirms(aafke)
    assert steps(aafke) == ["Laad uw woningen", "Nodig uw collega's uit"]
    brings(aafke, "eenheden.zip", an_extract(day, spoiled=True), SYSTEM)
    found = page.get_by_role("region", name="Bevindingen")
    expect(found).to_contain_text("Huurcontracten.csv, rij 5, kolom Ingangsdatum")
    expect(found).to_contain_text("kolom over personen")
    right(page)
    aafke.click(aafke.link("Een hersteld bestand inlezen"))
    brings(aafke, "eenheden.zip", an_extract(day), SYSTEM)
    expect(page.locator(".figure", has_text="Woningen nieuw of gewijzigd")).to_contain_text("124")
    right(page)
    confirms(aafke)
    assert steps(aafke) == ["Nodig uw collega's uit"]


def adopts_a_profile(hugo: Visitor, wies: Visitor, tine: Visitor) -> None:
    """Write the profile of the association; a colleague reads it, the tenants advise."""
    hugo.click(hugo.link("Stel een profiel vast").first)
    hugo.click(hugo.link("Woonstichting Veldwijk"))
    hugo.click(hugo.button("Schrijf een nieuwe versie"))
    hugo.page.get_by_label(CEILING).fill("40")
    for question in hugo.page.locator("main textarea").all():
        question.fill(WHY)
    hugo.page.get_by_label("Wanneer kijkt u of het werkt?").fill("2028-11-01")
    hugo.click(hugo.button("Bewaar het concept"))
    hugo.click(hugo.button("Stuur naar een tweede lezer"))
    path = hugo.page.url.removeprefix(hugo.site.url)
    wies.open(path)
    wies.click(wies.button("Akkoord"))
    hugo.open(path)
    hugo.click(hugo.button("Vraag de huurdersorganisatie"))
    tine.open(path)
    tine.page.get_by_label("Uw advies, in een paar zinnen").fill("Wij kunnen ons hierin vinden.")
    tine.click(tine.button("Positief advies"))
    hugo.open(path)
    hugo.click(hugo.button("Stel vast"))
    expect(hugo.page.locator("h1 .status")).to_have_text("vastgesteld")


def decides(hugo: Visitor, wies: Visitor) -> None:
    """Hand the first vacancy over; she says how it is there, reads the advice and decides."""
    hugo.open("/")
    hugo.click(hugo.page.locator("main li", has_text="Lindelaan 12").get_by_role("link").first)
    hugo.page.get_by_label("Aan welke collega?").select_option(label="Wies Linde, woonconsulent")
    hugo.click(hugo.button("Draag over"))
    wies.open("/")
    wies.click(wies.link("Geef uw beeld").first)
    fills(wies, (6, 8, 10, 8, 10, 13))
    wies.click(wies.page.get_by_role("radio", name="de meeste"))
    wies.click(wies.button("Bewaar mijn beeld"))
    expect(wies.page.locator(".verdict-word").first).to_contain_text("Ruimte")
    right(wies.page)
    wies.click(wies.button("Klopt met mijn beeld"))
    expect(wies.page.get_by_role("heading", name="Besloten", exact=True)).to_be_visible()


def test_from_an_empty_installation_to_the_first_decision_on_her_own_homes(own, enter):
    aafke, hugo, wies, tine = enter(), enter(width=PHONE), enter(), enter()
    comes_in(aafke, own.link, look=True)
    fills_the_register(aafke)
    hugo_link = invites(aafke, "Hugo Hof", ASSOCIATION, "hoofd verhuur")
    wies_link = invites(aafke, "Wies Linde", ASSOCIATION, "woonconsulent")
    tine_link = invites(aafke, "Tine Huur", "Huurdersraad Veldwijk", "huurdersorganisatie")
    right(aafke.page)
    for somebody, link in ((hugo, hugo_link), (wies, wies_link), (tine, tine_link)):
        comes_in(somebody, link)
    assert steps(aafke) == []
    left = ["Stel een profiel vast", "Vraag de eerste beelden", "Open de eerste vacature"]
    assert steps(hugo) == left
    right(hugo.page)
    adopts_a_profile(hugo, wies, tine)
    assert steps(hugo) == left[1:]
    decides(hugo, wies)
    assert steps(hugo) == []
    assert sum(each.clicks for each in (aafke, hugo, wies, tine)) <= MOST_CLICKS
