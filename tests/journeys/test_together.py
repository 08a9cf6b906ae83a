"""Two associations at one table: asked, chosen, computed, laid there, divided; each its part.

And who stays away and comes back, and a table that is closed and opened again.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.looking import faults, said_wrong, show_all
from tests.journeys.site import MO, PATIENCE, PHONE, WIM, Visitor

pytestmark = pytest.mark.e2e

LONG = 6 * PATIENCE  # for a worker on a busy machine


def sets_a_table(mo: Visitor) -> None:
    """Withdraw the round of the town, and ask the other association to a table."""
    mo.open("/rounds/city/")
    mo.link("Directe bemiddeling november").click()
    mo.page.get_by_text("Deze ronde intrekken").click()
    mo.button("Trek in").click()
    mo.open("/rounds/city/")
    mo.link("Verdeel met andere corporaties").click()
    mo.page.get_by_label("Naam van de ronde").fill("Samen in Zwolle")
    mo.page.get_by_label("Woningbouw Roodborst").check()
    mo.button("Dek de tafel").click()


def lays(who: Visitor, many: int = 5) -> str:
    """Choose what one brings, let it be computed, lay it on the table; return the page."""
    who.open("/rounds/city/")
    who.link("Kies wat u inbrengt").click()
    for name in ("vacancy", "candidate"):
        for box in who.page.locator(f"input[name={name}]").all()[:many]:
            box.check()
    who.button("Ronde maken en doorrekenen").click()
    who.button("Leg op tafel").click(timeout=LONG)
    expect(who.page.get_by_text("Wie aan tafel zit ziet")).to_be_visible()
    return who.page.url.removeprefix(who.site.url)


def test_two_associations_divide_together_and_each_reads_its_own_part(visit):
    mo, wim = visit(MO), visit(WIM)
    sets_a_table(mo)
    own, theirs = lays(mo), lays(wim)
    mo.page.reload()
    mo.button("Verdeel samen").click()
    expect(mo.button("Verdeel opnieuw samen")).to_be_visible(timeout=LONG)
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


def the_table(who: Visitor) -> Locator:
    """Return the table as it stands in somebody's list."""
    who.open("/rounds/city/")
    return who.page.locator(".ct-table")


def chooses(who: Visitor, step: str, button: str) -> None:
    """Open what can be done with a table, look whether it is drawn well, and do it."""
    the_table(who).locator("summary", has_text=step).click()
    assert not any(faults(who.page).values())
    who.page.locator(".ct-table details[open]").get_by_role("button", name=button).click()


def test_who_stays_away_comes_back_and_a_table_is_divided_closed_and_opened_again(visit):
    mo, wim = visit(MO), visit(WIM)
    sets_a_table(mo)
    chooses(wim, "Doe niet mee", "nu niet")
    expect(the_table(mo)).to_contain_text("doet niet mee: nu niet")
    the_table(wim).get_by_role("button", name="Doe toch mee").click()
    expect(wim.page.get_by_text("U doet toch mee.")).to_be_visible()
    lays(wim, 2)
    own = lays(mo, 2)
    mo.button("Verdeel samen").click()
    expect(mo.button("Verdeel opnieuw samen")).to_be_visible(timeout=LONG)
    chooses(mo, "Sluit de tafel", "Sluit de tafel")
    expect(the_table(wim)).to_contain_text("gesloten door Mo Staal")
    chooses(mo, "Open de tafel weer", "Open de tafel weer")
    expect(mo.page.get_by_text("De tafel is weer open.")).to_be_visible()
    expect(the_table(wim)).not_to_contain_text("gesloten door")
    mo.open(own)
    expect(mo.button("Verdeel opnieuw samen")).to_be_visible()
