"""The cycle of a year: an agreement from draft to signing, and what it leaves open to the next."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.site import COR, HENNY, MO

pytestmark = pytest.mark.e2e

WORDS = "Zestig huishoudens uit de opvang krijgen dit jaar een woning."
TITLE = "Samen verder"
YEAR = timezone.now().year


def a_framework(mo) -> None:
    """Begin a framework of last year and this one."""
    mo.open("/agreements/")
    mo.link("Begin een kader").click()
    mo.page.get_by_label("Titel").fill(TITLE)
    mo.page.get_by_label("Eerste dag", exact=True).fill(f"{YEAR - 1}-01-01")
    mo.page.get_by_label("Laatste dag").fill(f"{YEAR}-12-31")
    mo.page.get_by_label("Met welke gemeente?").select_option("Gemeente Zwolle")
    mo.page.get_by_label("Met welke huurdersorganisatie?").select_option("Huurdersraad Zilverlinde")
    mo.button("Begin het concept").click()
    mo.link("Terug naar het document").click()


def a_slice(mo, frame: str) -> str:
    """Begin the next slice of the framework; return its address."""
    mo.open(frame)
    mo.button("Begin de volgende jaarschijf").click()
    return path_of(mo).removesuffix("draft/")


def path_of(somebody) -> str:
    """Return where somebody is."""
    return somebody.page.url.removeprefix(somebody.site.url)


def state_of(somebody):
    """Return what the page says of the agreement's state."""
    return somebody.page.locator("h1 .status")


def agrees(somebody, path: str) -> None:
    """Agree to the bid as it stands."""
    somebody.open(path)
    somebody.button("Stem ermee in").click()
    expect(somebody.button("Stem ermee in")).to_have_count(0)


def a_bid(mo, henny) -> tuple[str, str]:
    """Write a slice with a clause and bring it out; return where framework and slice stand."""
    a_framework(mo)
    frame = path_of(mo)
    first = a_slice(mo, frame)

    mo.link("Voeg een afspraak toe").click()
    mo.page.get_by_label("De afspraak, letterlijk").fill(WORDS)
    mo.page.get_by_label("Welke groep?").select_option("doorstroom uit opvang")
    mo.page.get_by_label("Hoeveel huishoudens?").fill("70")
    mo.button("Bewaar de afspraak").click()
    henny.refusals.append(404)
    henny.open(first)  # a draft is nobody else's
    mo.open(first)
    expect(mo.page.locator("main")).to_contain_text("te laat")
    mo.button("Breng het bod uit").click()
    expect(state_of(mo)).to_have_text("bod")
    return frame, first


def it_is_talked_over(mo, henny, first: str) -> None:
    """Let the municipality ask for another number, and bring that out."""
    henny.open(first)
    henny.page.get_by_label("In een paar zinnen").fill("Zestig is wat wij samen aankunnen.")
    henny.button("Vraag om wijzigingen").click()
    expect(state_of(henny)).to_have_text("in overleg")
    mo.open(first)
    expect(mo.page.locator("main")).to_contain_text("Zestig is wat wij samen aankunnen.")
    mo.link("Schrijf in het concept").click()
    mo.link("Afspraak 1").click()
    mo.page.get_by_label("Hoeveel huishoudens?").fill("60")
    mo.button("Bewaar de afspraak").click()
    mo.open(first)
    mo.button("Breng het bod uit").click()


def it_is_signed(mo, henny, cor, path: str) -> None:
    """Let both parties agree, and record the signing."""
    agrees(henny, path)
    agrees(cor, path)
    mo.open(path)
    mo.button("Leg vast dat het getekend is").click()
    expect(state_of(mo)).to_have_text("getekend")


def test_the_agreement_cycle_of_a_year(visit):
    mo, henny, cor = visit(MO), visit(HENNY), visit(COR)
    frame, first = a_bid(mo, henny)
    it_is_talked_over(mo, henny, first)
    it_is_signed(mo, henny, cor, first)
    expect(mo.page.locator("main")).to_contain_text("begin eerst de volgende jaarschijf")

    second = a_slice(mo, frame)
    mo.open(first)
    mo.button("Bevestig wat meegaat").click()
    expect(mo.page.locator("main")).to_contain_text("Wat is meegegaan")
    mo.open(second)
    mo.button("Breng het bod uit").click()
    it_is_signed(mo, henny, cor, second)

    for somebody in (mo, henny):
        somebody.open("/obligations/")
        card = somebody.page.locator("main .card", has_text=WORDS)
        expect(card).to_have_count(1)  # of the year that is over nothing is owed here
        expect(card).to_contain_text("meegenomen van eerder")
    mo.link(f"{TITLE}, {YEAR}, afspraak 1").click()
    expect(mo.page.locator("#clause-1")).to_contain_text(WORDS)
    mo.page.locator("#clause-1").get_by_role("link").click()
    expect(mo.page.locator("main .card", has_text=WORDS)).to_be_in_viewport()
