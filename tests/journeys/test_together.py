"""Two associations at one table: asked, chosen, computed, laid there, divided; each its part."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import said_wrong, show_all
from tests.journeys.site import MO, PATIENCE, PHONE, WIM, Visitor

pytestmark = pytest.mark.e2e

LONG = 6 * PATIENCE  # for a worker on a busy machine


def lays(who: Visitor) -> str:
    """Choose what one brings, let it be computed, lay it on the table; return the page."""
    who.open("/rounds/city/")
    who.link("Kies wat u inbrengt").click()
    for name in ("vacancy", "candidate"):
        for box in who.page.locator(f"input[name={name}]").all()[:5]:
            box.check()
    who.button("Ronde maken en doorrekenen").click()
    who.button("Leg op tafel").click(timeout=LONG)
    expect(who.page.get_by_text("Wie aan tafel zit ziet")).to_be_visible()
    return who.page.url.removeprefix(who.site.url)


def test_two_associations_divide_together_and_each_reads_its_own_part(visit):
    mo, wim = visit(MO), visit(WIM)
    mo.open("/rounds/city/")
    mo.link("Directe bemiddeling november").click()
    mo.page.get_by_text("Deze ronde intrekken").click()
    mo.button("Trek in").click()
    mo.open("/rounds/city/")
    mo.link("Verdeel met andere corporaties").click()
    mo.page.get_by_label("Naam van de ronde").fill("Samen in Zwolle")
    mo.page.get_by_label("Woningbouw Roodborst").check()
    mo.button("Dek de tafel").click()
    own, theirs = lays(mo), lays(wim)
    mo.page.reload()
    mo.button("Verdeel samen").click()
    expect(mo.page.get_by_text("Samen verdeeld.")).to_be_visible(timeout=LONG)
    addresses = [each.inner_text() for each in mo.page.locator(".ct-home h3 a").all()]
    wim.open(theirs)
    expect(wim.page.get_by_text("Uw woningen met een kandidaat")).to_be_visible()
    text = wim.page.locator("main").inner_text()
    assert addresses
    assert not [each for each in addresses if each in text]
    for who, where in ((mo, own), (wim, theirs)):
        who.open(where)
        show_all(who.page, PHONE)
        assert not any(said_wrong(who.page).values())
        who.button("Vrijgeven aan partners").click()
        who.button("Stel vast").click()
        expect(who.page.locator(".status", has_text="vastgesteld")).to_be_visible()
