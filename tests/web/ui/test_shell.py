"""Around every page stand the menu that exists, the person, and what is kept about tenants."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from mixwijzer import __version__
from mixwijzer.web.ui.shell import LEVEL_MEANINGS, LEVEL_NAMES, Level, Person
from tests.web.refused_words import visible_text

pytestmark = pytest.mark.once


@pytest.fixture
def pages(settings):
    """A site with a few pages of the menu, all of them the gallery."""
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.web.ui.pages"
    settings.UI_SITUATION = ""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    return settings


@pytest.fixture
def reader():
    return Client(headers={"accept-language": "nl"})


def menu_of(html: str) -> str:
    return visible_text(html[html.index('<header class="rail"') : html.index("</header>")])


def test_the_menu_shows_only_pages_that_exist(pages, reader):
    menu = menu_of(reader.get("/").content.decode())
    assert menu.startswith("Mixwijzer Sluit het menu Hoofdmenu Werk Vandaag Ruimtecheck Vacatures")
    assert "Complexen" in menu
    for not_there_yet in ("Pols", "Sturen", "Weekronde", "Opgave"):
        assert not_there_yet not in menu


def test_a_person_sees_only_what_they_may_open(pages, reader):
    pages.UI_SITUATION = "tests.web.ui.pages.consultant"
    html = reader.get("/").content.decode()
    assert "Vacatures" not in menu_of(html)
    assert "Complexen 6" in menu_of(html)
    assert "IV Iris Voorbeeld Woonconsulent" in menu_of(html)


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/", "Vandaag"),
        ("/room-check/", "Ruimtecheck"),
        ("/complexes/", "Complexen"),
        ("/complexes/0114/", "Complexen"),
        ("/vacancies/", "Vacatures"),
    ],
)
def test_the_entry_this_page_lies_under_is_marked(pages, reader, address, label):
    html = reader.get(address).content.decode()
    marked = [line for line in html.splitlines() if 'aria-current="page"' in line and "<a " in line]
    in_rail = [visible_text(line) for line in marked if line.startswith("<li>")]
    assert in_rail == [label]


def test_a_page_under_no_entry_marks_none(pages, reader):
    html = reader.get("/ui/gallery/public/").content.decode()
    assert '<a href="/" aria-current' not in html


def test_without_a_room_check_there_is_no_search_box(settings, reader):
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.web.ui.bare_pages"
    html = reader.get("/ui/gallery/").content.decode()
    assert 'role="search"' not in html


def test_the_search_box_leads_to_the_room_check(pages, reader):
    html = reader.get("/").content.decode()
    assert '<form class="search" role="search" action="/room-check/">' in html


@pytest.mark.parametrize("level", Level)
def test_every_registration_level_says_what_it_keeps(level):
    with translation.override("nl"):
        assert str(LEVEL_NAMES[level]).startswith("Registratiestand: ")
        assert str(LEVEL_MEANINGS[level]).endswith(".")


def test_the_level_stands_on_every_page_and_on_paper(pages, reader):
    for address in ("/", "/ui/gallery/entrance/", "/ui/gallery/public/", "/nowhere/"):
        text = visible_text(reader.get(address).content.decode())
        assert "Registratiestand: oordeel. Van zittende huurders staat hier geen categorie." in text
        assert "Voorbeeldgegevens · synthetisch" in text
    pages.UI_SITUATION = "tests.web.ui.pages.consultant"
    text = visible_text(reader.get("/").content.decode())
    assert "Registratiestand: afspraak." in text


def test_the_language_changes_with_one_press_and_stays(pages, reader):
    reader.get("/")
    answer = reader.post("/language/", {"language": "en", "next": "/room-check/"})
    assert answer.status_code == 302
    html = reader.get("/room-check/").content.decode()
    assert '<html lang="en">' in html
    assert "Registration level: judgement." in visible_text(html)


@pytest.mark.parametrize(
    ("name", "initials"), [("Iris Voorbeeld", "IV"), ("Noor de Wit", "NW"), ("Mo", "M"), ("", "?")]
)
def test_initials_are_of_the_first_and_the_last_name(name, initials):
    assert Person(name=name).initials == initials


def test_the_foot_says_where_the_numbers_come_from(pages, reader):
    text = visible_text(reader.get("/").content.decode())
    assert "Gegevens van zondag 22 november 2026, 23.00 uur" in text
    assert f"{__version__}, normenset 2026-2" in text
    assert "Zo is dit berekend" in text


def test_the_gallery_is_only_in_the_demo(settings, reader):
    settings.DEMO = settings.DEBUG = False
    assert reader.get("/ui/gallery/").status_code == 404
    settings.DEMO = True
    assert reader.get("/ui/gallery/").status_code == 200
    assert reader.get("/ui/gallery/nothing/").status_code == 404


def test_what_went_wrong_is_said_in_the_language_of_the_reader(pages, reader):
    text = visible_text(reader.get("/nowhere/").content.decode())
    assert "Deze pagina is er niet" in text
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})
    answer = strict.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "Deze pagina stond te lang open" in visible_text(answer.content.decode())


def test_a_broken_page_says_sorry_without_a_traceback(pages, reader):
    pages.ROOT_URLCONF = "tests.web.ui.broken_pages"
    reader.raise_request_exception = False
    answer = reader.get("/broken/")
    assert answer.status_code == 500
    text = visible_text(answer.content.decode())
    assert "Er ging bij ons iets mis" in text
    assert "Traceback" not in text
    assert "secret detail" not in text
    answer = reader.get("/odd/")
    assert answer.status_code == 400
    assert "We konden niet lezen wat uw browser stuurde" in visible_text(answer.content.decode())
    answer = reader.get("/forbidden/")
    assert answer.status_code == 403
    assert "Met uw rol kan dit niet" in visible_text(answer.content.decode())
