"""Every link and picture in the documentation leads somewhere, and every file it names is there."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
# A path in running text: `docs/…`, `src/…`; not one that the reader makes.
NAMED = re.compile(
    r"`((?:docs|src|tests|tools|benchmarks|assets|requirements|\.ci)(?:/[^`\s…<*]*)?)`"
)
MODULE = re.compile(r"`(mixwijzer(?:\.[a-z_]+)+)")
PNG = b"\x89PNG\r\n\x1a\n"


class Link(NamedTuple):
    """A link and the page on which it stands."""

    page: Path
    picture: bool
    text: str
    target: str

    @property
    def file(self) -> Path:
        path = self.target.partition("#")[0]
        return (self.page.parent / path).resolve() if path else self.page


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    return CODE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[Link]:
    return [Link(page, bool(mark), text, to) for mark, text, to in LINK.findall(prose(page))]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code sites make them."""
    bare = (re.sub(r"[`*]", "", heading) for heading in HEADING.findall(prose(page)))
    return {re.sub(r"[^\w\- ]", "", each).strip().lower().replace(" ", "-") for each in bare}


INSIDE = [each for page in PAGES for each in links(page) if "://" not in each.target]


def faults(given: list[Link]) -> list[str]:
    found = []
    for link in given:
        anchor = link.target.partition("#")[2]
        if not link.file.exists():
            found.append(f"{link.page.name}: {link.target} is not there")
        elif ROOT not in link.file.parents:
            found.append(f"{link.page.name}: {link.target} is outside this repository")
        elif anchor and anchor not in anchors(link.file):
            found.append(f"{link.page.name}: {link.target} has no such heading")
    return found


def test_every_link_leads_to_a_file_or_heading() -> None:
    assert len(INSIDE) > 60
    assert faults(INSIDE) == []


def test_a_link_that_leads_nowhere_would_be_seen() -> None:
    page = ROOT / "README.md"
    for target in ("docs/nowhere.md", "docs/glossary.md#nothing", "../outside.md"):
        assert len(faults([Link(page=page, picture=False, text="", target=target)])) == 1


def test_pictures_are_pictures_and_say_what_they_show() -> None:
    pictures = [each for each in INSIDE if each.picture]
    assert pictures
    for each in pictures:
        assert len(each.text) > 30, f"{each.target}: say what it shows"
        assert each.file.read_bytes().startswith(PNG)
        assert each.file.stat().st_size < 500_000, f"{each.target}: too heavy for a README"


@pytest.mark.parametrize("folder", ["docs/handleiding", "docs/reference", "docs/explanation"])
def test_every_page_can_be_reached_from_the_first_one(folder: str) -> None:
    linked = {each.file for each in INSIDE}
    assert [page.name for page in PAGES if f"/{folder}/" in str(page) and page not in linked] == []


def test_every_file_that_is_named_is_there() -> None:
    missing = [
        f"{page.name}: {name}"
        for page in PAGES
        for name in NAMED.findall(prose(page))
        if not (ROOT / name).exists()
    ]
    assert missing == []


def test_every_module_that_is_named_is_there() -> None:
    missing = [
        f"{page.name}: {name}"
        for page in PAGES
        for name in MODULE.findall(prose(page))
        if not is_there(name)
    ]
    assert missing == []


def is_there(name: str) -> bool:
    """Whether a module exists, a name in it, or a group of entry points."""
    if name in entry_points().groups:
        return True
    parent, _, last = name.rpartition(".")
    try:
        if find_spec(name):
            return True
    except ModuleNotFoundError:
        pass
    try:
        module = __import__(parent, fromlist=[last])
    except ModuleNotFoundError:
        return False
    return hasattr(module, last)


def test_a_module_that_is_not_there_would_be_seen() -> None:
    assert is_there("mixwijzer.engine.account")
    assert is_there("mixwijzer.web.config.wsgi.application")
    assert not is_there("mixwijzer.engine.nowhere")
