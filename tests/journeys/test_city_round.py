"""The city round: choose, compute in the background, release, adopt, decide, confirm."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.site import IRIS, MO, PATIENCE, Visitor

pytestmark = pytest.mark.e2e

LONG = 6 * PATIENCE  # for a worker on a busy machine


def the_round(who: Visitor) -> None:
    """Open the round of the town."""
    who.open("/rounds/city/")
    who.link("Directe bemiddeling november").first.click()
    expect(who.page.get_by_role("heading", level=1)).to_have_text("Directe bemiddeling november")


def test_from_a_choice_to_a_released_round(visit):
    mo = visit(MO)
    the_round(mo)
    mo.page.get_by_text("Deze ronde intrekken").click()
    mo.button("Trek in").click()
    mo.open("/rounds/city/new/")
    mo.page.get_by_label("Naam van de ronde").fill("Ronde van Mo")
    for name in ("vacancy", "candidate"):
        for box in mo.page.locator(f"input[name={name}]").all():
            box.check()
    mo.button("Ronde maken en doorrekenen").click()
    expect(mo.page.get_by_role("heading", name="De prijs van de mix")).to_be_visible(timeout=LONG)
    expect(mo.page.get_by_text("Bewezen: geen andere verdeling is meer waard.")).to_be_visible()
    mo.button("Vrijgeven aan partners").click()
    expect(mo.page.locator(".status", has_text="vrijgegeven aan partners")).to_be_visible()


def test_why_is_told_from_both_sides(visit):
    mo = visit(MO)
    the_round(mo)
    home = mo.page.locator(".ct-home").first
    address = home.locator("h3").inner_text()
    number = home.locator("strong").inner_text()
    home.get_by_role("link", name=re.compile("Waarom")).click()
    row = mo.page.locator(".ct-why", has=mo.page.get_by_role("link", name=number))
    expect(row).to_contain_text(f"{number} krijgt {address}")
    row.get_by_role("link").click()
    expect(mo.page.locator(".ct-why", has_text=f"{number} krijgt {address}")).to_be_visible()


def test_a_home_is_offered_only_after_its_decision_and_then_there_is_a_match(visit):
    mo = visit(MO)
    the_round(mo)
    links = mo.page.locator(".ct-home h3 a")
    vacancies = [links.nth(place).get_attribute("href") for place in range(links.count())]
    place = she_gives_her_view(visit(IRIS), vacancies)
    the_round(mo)
    expect(mo.page.get_by_text("Verouderd")).to_be_visible()
    mo.button("Opnieuw doorrekenen").click()
    mo.button("Vrijgeven aan partners").click(timeout=LONG)
    mo.button("Stel vast").click()
    expect(mo.page.get_by_role("button", name=re.compile("^Bevestig"))).to_have_count(0)
    mo.open(vacancies[place])
    mo.page.locator("button[name=reason][value=fits_view]").click()
    expect(mo.page.get_by_text("Besloten").first).to_be_visible()
    the_round(mo)
    home = mo.page.locator(".ct-home").nth(place)
    number = home.locator("strong").inner_text()
    home.get_by_role("button", name=re.compile("^Bevestig")).click()
    expect(mo.page.get_by_text("De match is begonnen")).to_be_visible()
    mo.page.locator(".ct-home").nth(place).get_by_role("link", name=re.compile("^Match")).click()
    expect(mo.page.get_by_text(number).first).to_be_visible()


def she_gives_her_view(who: Visitor, vacancies: list[str]) -> int:
    """Say of the first of these homes that asks for it how it is there; return its place."""
    for place, address in enumerate(vacancies):
        who.open(address)
        if who.button("Niets veranderd").count():
            who.button("Niets veranderd").click()
            expect(who.page.get_by_role("heading", name="Advies").first).to_be_visible()
            return place
    raise AssertionError("no home waits for her view")


def test_who_has_a_view_to_give_sees_nobody_placed(visit):
    iris = visit(IRIS)
    the_round(iris)
    expect(iris.page.get_by_text("Eerst uw eigen beeld")).to_be_visible()
    expect(iris.page.locator(".ct-home").first).to_be_visible()
    expect(iris.page.locator(".ct-home strong")).to_have_count(0)
    expect(iris.page.get_by_text("De prijs van de mix")).to_have_count(0)
