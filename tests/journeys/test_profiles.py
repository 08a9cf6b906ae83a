"""A profile from draft to adoption, by the people whose steps these are."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.site import COR, MO, SEM
from tests.journeys.test_every_page import a_draft_profile

pytestmark = pytest.mark.e2e

WHY = "In dit gebouw is de gang smal; dat zien we bij de rondgang."
CEILING = "wat extra aandacht, per complex: hoogstens (%)"


def test_head_colleague_and_tenants_bring_a_profile_to_adoption(visit):
    mo, sem, cor = visit(MO), visit(SEM), visit(COR)
    a_draft_profile(mo, visit)
    mo.page.get_by_label(CEILING).fill("36")
    with mo.page.expect_response(lambda answer: "/consequences/" in answer.url):
        mo.page.get_by_label(CEILING).press("Tab")
    expect(mo.page.locator("#consequences")).to_contain_text("boven de band")
    for question in mo.page.locator("main textarea").all():
        question.fill(WHY)
    mo.page.get_by_label("Wanneer kijkt u of het werkt?").fill("2027-11-01")
    mo.button("Bewaar het concept").click()
    mo.button("Stuur naar een tweede lezer").click()
    path = mo.page.url.removeprefix(mo.site.url)
    expect(mo.button("Akkoord")).to_have_count(0)
    cor.refusals.append(404)
    cor.open(path)

    sem.open(path)
    sem.page.get_by_label("In een paar zinnen").fill("Noem ook de lift.")
    sem.button("Vraag om wijzigingen").click()
    mo.open(path)
    mo.link("Schrijf in het concept").click()
    mo.button("Bewaar het concept").click()
    mo.button("Stuur naar een tweede lezer").click()
    sem.open(path)
    sem.button("Akkoord").click()
    mo.open(path)
    mo.button("Vraag de huurdersorganisatie").click()

    cor.open(path)
    expect(cor.page.get_by_text("Wat het zou veranderen")).to_have_count(0)
    expect(cor.page.get_by_text("Noem ook de lift.")).to_have_count(0)
    cor.page.get_by_label("Uw advies, in een paar zinnen").fill("Wij zien het liever ruimer.")
    cor.button("Negatief advies").click()
    mo.open(path)
    expect(mo.button("Stel vast")).to_have_count(0)
    mo.page.get_by_label("In een paar zinnen").first.fill("Over een jaar kijken we opnieuw.")
    mo.button("Antwoord met redenen").click()
    mo.button("Stel vast").click()
    expect(mo.page.locator("h1 .status")).to_have_text("vastgesteld")
    mo.open("/profiles/place/?kind=organisation&code=zilverlinde")
    row = mo.page.locator("main tr", has_text="hoogstens 36 %")
    expect(row).to_contain_text(f"vastgesteld door {MO}")


def test_consequences_come_without_a_script_too(visit):
    mo = visit(MO)
    a_draft_profile(mo, visit)
    mo.page.get_by_label(CEILING).fill("36")
    mo.button("Reken de gevolgen uit").click()
    expect(mo.page.get_by_label(CEILING)).to_have_value("36")
    expect(mo.page.locator("#consequences")).to_contain_text("boven de band")
