"""Which words may stand on no page and in no letter? Reads what people see and what is read aloud.

    assert refused_in(response.content.decode()) == []

The list is DESIGN §2.10. Found are words in the text and in labels, titles, placeholders and
alternatives, in column names of narrow tables, and on buttons; not in class names or addresses.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

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


class _Visible(HTMLParser):
    """Gathers what a reader or a screen reader meets."""

    def __init__(self, *without: str) -> None:
        super().__init__()
        self.without = (*UNSEEN, *without)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in self.without
        spoken = {name: value or "" for name, value in attrs}
        self.parts += [spoken[name] for name in SPOKEN if name in spoken]
        if tag == "input" and spoken.get("type") in {"submit", "button", "reset"}:
            self.parts.append(spoken.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in self.without

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def visible_text(html: str, *without: str) -> str:
    """Return the words of a page, without its markup and without what stands in some tags."""
    reader = _Visible(*without)
    reader.feed(html)
    return " ".join(" ".join(reader.parts).split())


def refused_in(html: str) -> list[str]:
    """Return every refused word with the words around it; an empty list is what it should be."""
    text = visible_text(html, *PROGRAM)
    return [text[max(0, found.start() - 30) : found.end() + 30] for found in REFUSED.finditer(text)]
