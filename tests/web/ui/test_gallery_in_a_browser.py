"""Every component in a real browser: accessible, inside the screen, quiet, and usable by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.refused_words import refused_in

pytestmark = pytest.mark.e2e

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}  # nothing is written of what is right
PAGES = ["/", "/ui/gallery/entrance/", "/ui/gallery/public/", "/nowhere/"]
WIDTHS = [320, 390, 1440]
CUT_TEXT = """() => [...document.querySelectorAll("svg.ch text")].filter((text) => {
  const box = text.getBoundingClientRect(), frame = text.closest("svg").getBoundingClientRect();
  return box.width && (box.left < frame.left - 2 || box.right > frame.right + 2);
}).map((text) => text.textContent)"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def site(live_server, settings) -> str:
    """The gallery under the addresses of a few pages, so that the menu has entries."""
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.web.ui.pages"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.UI_SITUATION = "tests.web.ui.pages.consultant"
    return str(live_server.url)


@pytest.fixture
def open_at(browser: Browser) -> Iterator[object]:
    """Open pages at a width, in a language, with or without scripts; close them afterwards."""
    contexts: list[BrowserContext] = []

    def opener(width: int, *, locale: str = "nl-NL", scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, locale=locale, java_script_enabled=scripts
        )
        contexts.append(context)
        return context.new_page()

    yield opener
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("address", "width", "locale"),
    [(address, width, "nl-NL") for address in PAGES for width in WIDTHS]
    + [("/", width, "en-GB") for width in WIDTHS],
)
def test_a_page_is_accessible_fits_and_says_nothing_refused(site, open_at, address, width, locale):
    page = open_at(width, locale=locale)
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.goto(site + address)
    page.wait_for_load_state("networkidle")
    findings = Axe().run(page, options=OPTIONS).response["violations"]
    assert [(found["id"], [node["html"] for node in found["nodes"]]) for found in findings] == []
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(CUT_TEXT) == []
    assert refused_in(page.content()) == []
    not_found = "the server responded with a status of 404"
    assert [text for text in noise if not (address == "/nowhere/" and not_found in text)] == []


def test_every_touch_target_of_a_phone_is_large_enough_for_a_thumb(site, open_at):
    page = open_at(390)
    page.goto(site)
    small = page.evaluate("""() => [...document.querySelectorAll(
        ".btn, .chip, .stepper button, .phone-bar a, .languages button, .persona, .search")]
      .map((node) => [node.textContent.trim(), node.getBoundingClientRect()])
      .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
      .map(([text, box]) => `${text} ${box.width}x${box.height}`)""")
    assert small == []


def test_a_stepper_steps_and_stops_at_its_ends(site, open_at):
    page = open_at(1440)
    page.goto(site)
    low = page.locator("#id_attention_low")
    page.get_by_role("button", name="minst: 1 hoger").first.click()
    expect(low).to_have_value("11")
    less = page.get_by_role("button", name="minst: 1 lager").first
    low.fill("1")
    less.click()
    expect(low).to_have_value("0")
    expect(less).to_be_disabled()


def test_lowest_likely_and_highest_stay_in_order(site, open_at):
    page = open_at(1440)
    page.goto(site)
    low, best, high = (page.locator(f"#id_attention_{end}") for end in ("low", "best", "high"))
    low.fill("13")
    low.blur()
    expect(best).to_have_value("13")
    expect(high).to_have_value("14")
    high.fill("8")
    high.blur()
    expect(low).to_have_value("8")
    expect(best).to_have_value("8")


def test_without_scripts_the_buttons_are_not_there_and_the_fields_are(site, open_at):
    page = open_at(390, scripts=False)
    page.goto(site)
    assert page.locator(".stepper button:visible").count() == 0
    field = page.locator("#id_attention_low")
    field.fill("9")
    expect(field).to_have_value("9")


def test_a_slash_goes_to_the_search_box_but_not_while_typing(site, open_at):
    page = open_at(1440)
    page.goto(site)
    page.locator("h1").click()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox").first
    expect(search).to_be_focused()
    page.keyboard.type("Vlierhof 23/a")
    expect(search).to_have_value("Vlierhof 23/a")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_of_a_phone_opens_and_closes_with_and_without_scripts(site, open_at, scripts):
    page = open_at(390, scripts=scripts)
    page.goto(site + "/complexes/")
    menu = page.get_by_role("navigation", name="Hoofdmenu")
    expect(menu).to_be_hidden()
    page.get_by_role("link", name="Meer").click()
    expect(menu).to_be_visible()
    page.get_by_role("link", name="Sluit het menu").click()
    expect(menu).to_be_hidden()


def test_escape_closes_the_menu_and_the_focus_comes_back(site, open_at):
    page = open_at(390)
    page.goto(site)
    opener = page.get_by_role("link", name="Meer")
    opener.click()
    expect(page.get_by_role("link", name="Sluit het menu")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_first_tab_leads_past_the_menu(site, open_at):
    page = open_at(1440)
    page.goto(site + "/ui/gallery/public/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    skip.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_what_is_wrong_with_a_form_is_read_first_and_leads_to_the_field(site, open_at):
    page = open_at(1440)
    page.goto(site + "/ui/gallery/entrance/")
    page.goto(site)
    expect(page.locator("[data-errors]")).to_be_focused()


def test_a_choice_sends_the_form_that_asks_for_it(site, open_at):
    page = open_at(1440)
    page.goto(site + "/ui/gallery/")
    page.locator("form[data-autosubmit]").get_by_label("actieve buur").check()
    page.wait_for_url("**/?bar-kind=carrier")


def test_the_language_switch_works_by_hand(site, open_at):
    page = open_at(390)
    page.goto(site)
    page.get_by_role("button", name="English").click()
    expect(
        page.get_by_text("Registration level: judgement.").or_(
            page.get_by_text("Registration level: agreement.")
        )
    ).to_be_visible()


def test_paper_shows_the_level_and_not_the_menu(site, open_at, tmp_path: Path):
    page = open_at(1440)
    page.goto(site)
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    expect(page.get_by_text("Registratiestand: afspraak.")).to_be_visible()
    assert page.locator(".btn:visible").count() == 0
    page.set_viewport_size({"width": 700, "height": 1000})
    assert page.evaluate(OVERFLOW) == 0
