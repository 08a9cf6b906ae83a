"""Tab, Enter and Space are enough, and it is always to be seen where you are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.site import IRIS, PHONE
from tests.journeys.test_consultant import card, standing

pytestmark = pytest.mark.e2e

FAR = 120  # no thing to do is further than this from the top of a page [tabs]
WHERE = """() => {
  const now = document.activeElement, box = now.getBoundingClientRect();
  const around = [now, now.parentElement, now.closest("label"), now.nextElementSibling];
  const ring = around.filter(Boolean).map((each) => getComputedStyle(each)).some((look) =>
    look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2);
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0;
  const text = now.getAttribute("aria-label") ?? now.labels?.[0]?.innerText ?? now.innerText;
  return { text: (text ?? "").trim(), ring, seen, tag: now.tagName };
}"""


def tab_to(page: Page, text: str) -> int:
    """Press Tab until the thing with this text has the focus; everything on the way is visible."""
    for pressed in range(1, FAR):
        page.keyboard.press("Tab")
        found = page.evaluate(WHERE)
        assert found["tag"] != "BODY", f"{text} was not found"
        assert found["ring"], f"no sign of the focus on {found}"
        assert found["seen"], f"outside the screen: {found}"
        if found["text"].startswith(text):
            return pressed
    raise AssertionError(f"{text} is further than {FAR} tabs")


@pytest.mark.parametrize("width", [1440, PHONE])
def test_from_today_to_a_decision_with_the_keyboard_only(visit, width):
    iris = visit(IRIS, width=width)
    page = iris.open("/")
    tab_to(page, "Geef uw beeld")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vacancies/**")
    tab_to(page, "Niets veranderd")
    page.keyboard.press("Space")
    expect(card(iris, "Uw besluit")).to_be_visible()
    tab_to(page, "Klopt met mijn beeld")
    page.keyboard.press("Enter")
    expect(card(iris, "Besloten")).to_be_visible()
    assert [each[1:] for each in standing(iris)] == [(1, "fits_view")]


def test_another_way_with_the_keyboard_only(visit):
    iris = visit(IRIS)
    page = iris.open("/")
    tab_to(page, "Geef uw beeld")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vacancies/**")
    tab_to(page, "Niets veranderd")
    page.keyboard.press("Enter")
    expect(card(iris, "Uw besluit")).to_be_visible()
    ways = card(iris, "Uw besluit").get_by_role("radio")
    tab_to(page, ways.first.evaluate("way => way.labels[0].innerText.trim()"))
    page.keyboard.press("Space")
    expect(ways.first).to_be_checked()
    tab_to(page, "Haast: de woning staat leeg")
    page.keyboard.press("Space")
    expect(card(iris, "Besloten")).to_be_visible()
    assert [each[1:] for each in standing(iris)] == [(0, "haste")]


def test_a_room_check_with_the_keyboard_only(visit):
    iris = visit(IRIS)
    page = iris.open("/")
    page.keyboard.press("/")
    page.keyboard.type("De Kompashof")
    page.keyboard.press("Enter")
    page.wait_for_url("**/room-check/**")
    expect(page.locator("main .verdict").first).to_be_visible()


def test_the_focus_comes_in_the_order_of_the_eye(visit):
    """On a page with two columns the keyboard reads one column after the other."""
    iris = visit(IRIS)
    page = iris.open("/")
    tab_to(page, "Geef uw beeld")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vacancies/**")
    steps = tab_to(page, "Niets veranderd")
    assert steps < tab_to(page, "Draag over") + steps
