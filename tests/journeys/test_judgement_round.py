"""The yearly round as the manager meets it, on a phone, and the head who follows it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.site import HANS, IRIS, MO, PHONE, Visitor

pytestmark = pytest.mark.e2e

TELLS = "main :is(.verdict, .kinds, .channels, .tallies, .levels, svg.ch)"
CALM = (1, 2, 3, 1, 2, 3)
BUSY = (8, 9, 10, 1, 2, 3)
NAMES = (
    *(f"attention_{part}" for part in ("low", "best", "high")),
    *(f"carrier_{part}" for part in ("low", "best", "high")),
)


def fills(somebody: Visitor, numbers: tuple[int, ...]) -> None:
    """Type six numbers."""
    for name, number in zip(NAMES, numbers, strict=True):
        somebody.page.locator(f"#id_{name}").fill(str(number))


def practises(somebody: Visitor) -> None:
    """Do the three examples, which come before the first complex."""
    expect(somebody.page.get_by_role("heading", level=1)).to_contain_text("Drie voorbeelden")
    for place in range(3):
        fills(somebody, CALM)
        somebody.button("Vergelijk met het antwoord").click()
        expect(somebody.page.get_by_role("table", name="Uw schatting")).to_be_visible()
        if place < 2:
            somebody.link("Volgend voorbeeld").click()
    somebody.button("Ik weet genoeg").click()


def begins(somebody: Visitor) -> str:
    """Find the question on Today, and come to the first complex; return its name."""
    somebody.open("/")
    asked = somebody.page.locator("main .work li", has_text="Uw beeld wordt gevraagd")
    expect(asked).to_contain_text("3 complexen")
    asked.get_by_role("link").first.click()
    practises(somebody)
    return somebody.page.get_by_role("heading", level=1).inner_text()


def says(somebody: Visitor, numbers: tuple[int, ...]) -> None:
    """Give a view on the page that is open."""
    fills(somebody, numbers)
    somebody.page.get_by_role("radio", name="de meeste").check()
    somebody.button("Bewaar mijn beeld").click()


def test_a_manager_answers_on_a_phone_one_complex_per_screen(visit):
    hans = visit(HANS, width=PHONE)
    first = begins(hans)
    assert [hans.page.locator(f"#id_{name}").input_value() for name in NAMES] == [""] * 6
    box = hans.page.locator(".stepper button").first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    plus = hans.page.locator("mw-stepper", has=hans.page.locator("#id_attention_low"))
    plus.get_by_role("button").last.click()
    expect(hans.page.locator("#id_attention_low")).to_have_value("1")
    says(hans, CALM)
    expect(hans.page.get_by_role("status").first).to_contain_text("Bewaard")
    second = hans.page.get_by_role("heading", level=1).inner_text()
    assert second != first
    hans.open("/judgements/")
    expect(hans.page.locator("main .work li", has_text=first)).to_contain_text("binnen")


def test_too_many_together_is_said_at_once_and_nothing_typed_is_lost(visit):
    hans = visit(HANS, width=PHONE)
    begins(hans)
    told = hans.page.locator("[data-together]")
    expect(told).to_be_hidden()
    most = int(hans.page.locator("#id_attention_best").get_attribute("max") or 0)
    fills(hans, (1, most, most, 1, 2, 3))
    expect(told).to_be_visible()
    hans.page.get_by_role("radio", name="de meeste").check()
    hans.refusals.append(422)
    hans.button("Bewaar mijn beeld").click()
    expect(hans.page.locator("[data-errors]")).to_be_visible()
    expect(hans.page.locator("#id_attention_best")).to_have_value(str(most))
    expect(hans.page.get_by_role("radio", name="de meeste")).to_be_checked()


def test_nothing_of_the_place_is_told_until_both_spoke_then_they_have_a_word(visit):
    hans, iris = visit(HANS, width=PHONE), visit(IRIS)
    place = begins(hans)
    says(hans, BUSY)
    for somebody in (hans, iris):
        somebody.open(f"/room-check/?q={place}&kind=attention")
        assert somebody.page.locator(TELLS).count() == 0
    assert begins(iris) == place
    says(iris, CALM)
    for somebody, other in ((hans, IRIS), (iris, HANS)):
        somebody.open("/")
        card = somebody.page.locator("main .work li", has_text=f"Praat even met {other}")
        expect(card).to_contain_text(place)
        somebody.open(f"/room-check/?q={place}&kind=attention")
        expect(somebody.page.locator(TELLS).first).to_be_visible()
    iris.open("/")
    iris.page.locator("main .work .row-title", has_text="Praat even").click()
    iris.page.get_by_role("radio", name="Wij kennen elk een ander deel").check()
    iris.button("Laat mijn beeld zo staan").click()
    expect(iris.page.get_by_role("status").first).to_contain_text("Beide beelden tellen")
    mo = visit(MO)
    mo.open("/judgements/")
    mo.page.locator("main tbody a").first.click()
    expect(mo.page.locator("main .asked li", has_text=place)).to_contain_text("even praten")
    assert not re.search(r"waarschijnlijk \d", mo.page.locator("main").inner_text())


def test_the_head_closes_the_round_and_reads_what_came_of_it(visit):
    mo = visit(MO)
    mo.open("/judgements/")
    mo.page.locator("main tbody a").first.click()
    mo.button("Sluit de ronde").click()
    expect(mo.page.get_by_role("status").first).to_contain_text("gesloten")
    expect(mo.page.get_by_role("heading", name="Nog geen beeld")).to_be_visible()
    mo.link("Plan een ronde voor deze complexen").click()
    assert mo.page.locator("main input[name=complex]:checked").count() == 3


def test_the_round_also_works_without_scripts(visit):
    hans = visit(HANS, width=PHONE, scripts=False)
    begins(hans)
    says(hans, CALM)
    expect(hans.page.get_by_role("status").first).to_contain_text("Bewaard")
