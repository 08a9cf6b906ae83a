"""The tour in the README, done by a newcomer who reads it: the names come from the page itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.site import Visitor

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
TOURS = {
    # page: (its part, language of the reader's browser)
    "README.md": ("A tour in five minutes", "en-GB"),
    "README.nl.md": ("In vijf minuten rond", "nl-NL"),
}
GREETED = re.compile("^(?:Good|Goede)", re.IGNORECASE)
SEARCH = re.compile("^(?:Address, complex or vacancy|Adres, complex of vacature)$")
MARKED = re.compile(r"(?<!\*)(\*{1,2})([^*\n]+)\1")


def steps(name: str) -> list[list[str]]:
    """Return what each step of the tour marks: names of people, pages, buttons, headings."""
    text = (ROOT / name).read_text(encoding="utf-8")
    part = text.partition(f"\n## {TOURS[name][0]}\n")[2].lstrip().partition("\n\n")[0]
    told = re.split(r"^\d\. ", part, flags=re.MULTILINE)[1:]
    return [[words for _, words in MARKED.findall(step.replace("\n   ", " "))] for step in told]


def sees(somebody: Visitor, *titles: str) -> None:
    for title in titles:
        pattern = re.compile(re.escape(title.rstrip("?")).replace("…", r"\w+"))
        expect(somebody.page.get_by_role("heading", name=pattern).first).to_be_visible()


def leaves(somebody: Visitor, by: str) -> None:
    somebody.button(by).click()
    expect(somebody.page).to_have_url(re.compile("/accounts/demo/"))


@pytest.mark.parametrize("readme", TOURS)
def test_the_tour_goes_as_it_is_written(visit, readme):
    start, today, question, decision, complexes, check, others = steps(readme)
    reader: Visitor = visit(locale=TOURS[readme][1])
    reader.open("/")
    sees(reader, start[0])
    reader.button(start[1]).click()

    expect(reader.page.locator("h1")).to_have_text(GREETED)
    assert reader.page.title().startswith(today[0])
    home = reader.page.locator("main .work .row-title").first.inner_text()
    reader.click(reader.link(today[1]).first)

    sees(reader, question[0])
    reader.click(reader.button(question[1]))

    sees(reader, decision[0])
    following = reader.page.locator(
        "form", has=reader.page.get_by_role("heading", name=decision[0])
    )
    reader.click(following.get_by_role("button").first)
    expect(reader.page.get_by_role("status")).to_be_visible()
    assert reader.clicks == 3

    reader.link(complexes[0]).first.click()
    place = reader.page.locator("main").get_by_role("link", name=place_of(home)).first
    place.click()
    sees(reader, *complexes[1:])

    reader.link(check[0]).first.click()
    reader.page.get_by_label(SEARCH).fill(home)
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator(".verdict").first).to_be_visible()

    leave, head, *cards, outsider = others
    leaves(reader, leave)
    reader.button(head).click()
    sees(reader, *cards)
    leaves(reader, leave)
    reader.button(outsider).click()
    reader.link(complexes[0]).first.click()
    expect(reader.page.locator("main")).not_to_contain_text(place_of(home))


def place_of(home: str) -> str:
    """Return the name of a made-up home's complex: *Knooptuin 5* stands in *De Knooptuin*."""
    return f"De {home.rpartition(' ')[0]}"


def test_both_tours_take_the_same_steps():
    english, dutch = (steps(name) for name in TOURS)
    assert [len(step) for step in english] == [len(step) for step in dutch]
    assert english[0][1] == dutch[0][1]
