"""What the handbook and READMEs call a page, button or person is what it is called on screen.

Marked words (*so* or **so**) in the Dutch pages are words from a screen or the name of somebody in
the made-up town; `…` stands for what differs. Words marked for stress alone are listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po

from mixwijzer.exchange.normbook import read_norms
from mixwijzer.web.config.town import ASSOCIATIONS, PARTNERS, PEOPLE
from tests.docs.test_links import PAGES, ROOT, prose

CATALOGUE = ROOT / "src/mixwijzer/web/locale/nl/LC_MESSAGES/django.po"
SENTENCES = ROOT / "src/mixwijzer/exchange/catalogues"
TODAY = date(2026, 11, 22)
PLAYED = "verhalen.md"  # shows answers, which are compared with the real ones elsewhere
DUTCH = [
    page
    for page in PAGES
    if page.name == "README.nl.md" or ("handleiding" in page.parts and page.name != PLAYED)
]
MARKED = re.compile(r"(?<![*\w])(\*{1,2})(?![\s*])([^*]+?)(?<!\s)\1(?![*\w])")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
NAME = re.compile(r"\b[A-Z][a-z]+ (?:Voorbeeld|[A-Z][a-z]+)\b")

# Beginnings of what is marked for stress: not words of a screen.
STRESS = {
    "README.nl.md": ("is er in dit complex ruimte voor", "Normen zijn gegevens"),
    "antwoorden.md": ("De grens",),
}


def plain(text: str) -> str:
    """Return words as they are compared: without case, closing marks and what differs."""
    return re.sub(r"\s+", " ", PLACEHOLDER.sub("…", text)).strip(" .,:;?!").casefold()


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, str):
        yield value


@cache
def on_screen() -> frozenset[str]:
    """Return every Dutch text that a screen can show, whole and in the parts that `·` separates."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    told = [text for message in catalogue if message.id for text in _texts(message.string)]
    for path in SENTENCES.glob("*.nl.yaml"):
        told += leaves(yaml.safe_load(path.read_text(encoding="utf-8")))
    told += [value.title["nl"] for value in read_norms().values()]
    parts = [part for text in told for part in re.split(r"[|·:]", PLACEHOLDER.sub("…", text))]
    return frozenset(map(plain, (*told, *parts)))


def _texts(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string


@cache
def people() -> frozenset[str]:
    return frozenset(name for _, _, name, _ in PEOPLE)


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Return the texts in which something differs, as far as enough stays to recognise them by."""
    open_ones = (text for text in on_screen() if "…" in text)
    recognisable = (text for text in open_ones if sum(map(str.isalpha, text)) > 12)
    return tuple(re.compile(re.escape(text).replace("…", ".+")) for text in recognisable)


def is_known(words: str) -> bool:
    told = plain(words)
    return (
        words in people()
        or told in on_screen()
        or any(pattern.fullmatch(told) for pattern in patterns())
    )


def marked(page: Path) -> list[str]:
    lead = re.compile(r"^(?:- |\d\. )?\*\*[^*]+[.?]\*\*", re.MULTILINE)  # a paragraph's own title
    text = lead.sub("", re.sub(r"`[^`]*`", "", prose(page)))
    return [re.sub(r"\s+", " ", words) for _, words in MARKED.findall(text)]


@pytest.mark.parametrize("shown_on", DUTCH, ids=lambda path: path.name)
def test_marked_words_stand_on_a_screen(shown_on: Path) -> None:
    stress = STRESS.get(shown_on.name, ())
    odd = [words for words in marked(shown_on) if not (is_known(words) or words.startswith(stress))]
    assert odd == []


def test_words_that_are_nowhere_on_a_screen_would_be_seen() -> None:
    assert is_known("Iris Voorbeeld")
    assert is_known("Hoe is het hier, zonder nr. …?")
    assert is_known("Hoe is het hier, zonder nr. 23?")
    assert not is_known("Iris Bestaatniet")
    assert not is_known("Geef uw oordeel nu")
    assert sum(len(marked(page)) for page in DUTCH) > 40


@pytest.mark.parametrize("shown_on", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_people_who_are_named_live_in_the_made_up_town(shown_on: Path) -> None:
    first = {name.split()[0] for name in people()}
    named = {name for name in NAME.findall(prose(shown_on)) if name.split()[0] in first}
    assert named <= people()


def test_every_role_of_the_town_belongs_to_somebody_with_an_organisation() -> None:
    codes = {*ASSOCIATIONS, *PARTNERS, "gemeente-zwolle", "huurders"}
    assert {code for code, *_ in PEOPLE} <= codes


@pytest.mark.parametrize(
    ("shown_on", "told", "norm", "value"),
    [
        ("antwoorden.md", "minstens 8 van de 10 keer", "advice.room_from", 0.8),
        ("antwoorden.md", "hoogstens 1 van de 10 keer", "advice.no_room_at", 0.1),
        ("antwoorden.md", "nooit langer dan twee weken", "advice.valid_days", 14),
        ("antwoorden.md", "50 / 35 / 15", "mix.attention_share", 0.35),
        ("beelden.md", "meer dan 15 % van de huishoudens", "pulse.talk_from", 0.15),
        ("hoofd-verhuur.md", "langer dan twaalf weken", "advice.wait_weeks", 12),
    ],
)
def test_the_figures_of_the_handbook_are_the_norms(
    shown_on: str, told: str, norm: str, value: float
) -> None:
    text = " ".join((ROOT / "docs/handleiding" / shown_on).read_text(encoding="utf-8").split())
    assert told in text
    assert float(read_norms().value(norm, TODAY)) == value


def test_the_handbook_and_the_pages_hide_the_same_small_numbers() -> None:
    text = (ROOT / "docs/handleiding/complex.md").read_text(encoding="utf-8")
    assert "minder dan vijf" in text
    assert plain("minder dan 5") in on_screen()
