"""Which words may stand on no page and in no letter? Reads what people see and what is read aloud.

    assert refused_in(response.content.decode()) == []

The list is DESIGN §2.10. Found are words in the text and in labels, titles, placeholders and
alternatives, in column names of narrow tables, and on buttons; not in class names or addresses.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml import etree
from lxml.etree import HTMLParser

REFUSED = re.compile(
    r"""kwetsba\w* | \w*vragers? | \w*probleem\w* | \bzwak\w* | \w*geschikt\w* |
    \bte\ veel\b | \bvol\b | \w*scor(?:e|es|en)\b | \bscoort\b | \bdragers?\b |
    \bregulier\w* | \bonbekend\w* | \bgeen\ uitspraak\b |
    \bvulnerab\w* | \bunsuitab\w* | \btoo\ many\b""",
    re.IGNORECASE | re.VERBOSE,
)
SPOKEN = ("aria-label", "aria-description", "title", "placeholder", "alt", "data-label", "label")
UNSEEN = ("script", "style", "template")
PROGRAM = ("code",)  # words of a program: they are said to a computer, and about nobody


def visible_text(html: str, *without: str) -> str:
    """Return the words of a page, without its markup and without what stands in some tags."""
    parts: list[str] = []
    if html.strip():
        _gather(parsed(html), {*UNSEEN, *without}, parts)
    return " ".join(" ".join(parts).split())


@lru_cache(maxsize=1)  # a page is read for its words, and again for what is refused
def parsed(html: str) -> Any:
    """Return the root of a page."""
    return etree.fromstring(html.encode(), HTMLParser(encoding="utf-8"))


def _gather(element: Any, without: set[str], parts: list[str], *, seen: bool = True) -> None:
    """Add what a reader or a screen reader meets, in the order of the page."""
    if isinstance(element.tag, str):  # else a comment
        parts += [element.get(name) for name in SPOKEN if element.get(name)]
        if element.tag == "input" and element.get("type") in {"submit", "button", "reset"}:
            parts.append(element.get("value", ""))
        seen = seen and element.tag not in without
        if seen:
            parts.append(element.text or "")
        for child in element:
            _gather(child, without, parts, seen=seen)
            if seen:
                parts.append(child.tail or "")


def refused_in(html: str) -> list[str]:
    """Return every refused word with the words around it; an empty list is what it should be."""
    text = visible_text(html, *PROGRAM)
    return [text[max(0, found.start() - 30) : found.end() + 30] for found in REFUSED.finditer(text)]
