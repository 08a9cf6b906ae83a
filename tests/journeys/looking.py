"""A page as it is drawn: accessible, inside the screen, legible, strict, without refused words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.journeys.site import WIDTHS
from tests.web.every_url import sins_of
from tests.web.refused_words import refused_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}  # nothing is written of what is right
VIOLATIONS = "async (options) => (await axe.run(options)).violations"
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_TEXT = """() => [...document.querySelectorAll("svg.ch text")].filter((text) => {
  const box = text.getBoundingClientRect(), frame = text.closest("svg").getBoundingClientRect();
  return box.width && (box.left < frame.left - 2 || box.right > frame.right + 2);
}).map((text) => text.textContent)"""
OVERLAP = """() => {
  const written = (each) => [...each.childNodes].some((node) =>
    node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  const unseen = (each) => each.closest("svg, details:not([open])") ||
    (each && getComputedStyle(each).clipPath !== "none") ||
    (each.parentElement && unseen(each.parentElement));
  const lines = [...document.querySelectorAll("main *")]
    .filter((each) => written(each) && each.checkVisibility() && !unseen(each))
    .map((each) => {
      const range = document.createRange();
      range.selectNodeContents(each);
      return [each, each.textContent.trim().slice(0, 30), [...range.getClientRects()]];
    });
  const wide = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const high = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const touch = (a, b) => wide(a, b) > 2 && high(a, b) > a.height / 3;
  const found = [];
  for (const [one, text, ones] of lines)
    for (const [other, more, others] of lines)
      if (one !== other && !one.contains(other) && !other.contains(one) &&
          ones.some((a) => others.some((b) => touch(a, b))))
        found.push(`${text} / ${more}`);
  return found.slice(0, 6);
}"""


def faults(page: Page) -> dict[tuple[str, object], object]:
    """Return what is wrong with a page at every width; the values of what is right are empty."""
    page.wait_for_load_state()
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)  # what the page asks for is there
    page.evaluate(AXE_SCRIPT)
    found: dict[tuple[str, object], object] = {}
    for width in WIDTHS:
        show_all(page, width)
        found["axe", width] = [
            (each["id"], [node["html"][:160] for node in each["nodes"]])
            for each in page.evaluate(VIOLATIONS, OPTIONS)
        ]
        found["overflow", width] = page.evaluate(OVERFLOW)
        found["cut", width] = page.evaluate(CUT_TEXT)
        found["overlap", width] = page.evaluate(OVERLAP)
    return found | {("words", name): fault for name, fault in said_wrong(page).items()}


def said_wrong(page: Page) -> dict[str, list[str]]:
    """Return refused words, and inline styles and scripts that came from the server."""
    text = page.content()
    return {"refused": refused_in(text), "strict": sins_of(text)}


def show_all(page: Page, width: int) -> None:
    """Make the screen as high as the page, so that no bar lies over what is looked at."""
    page.set_viewport_size({"width": width, "height": 844})
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(844, int(height))})
