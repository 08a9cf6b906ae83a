"""Why something can't be done with an agreement now, as data; nothing was written then."""

from __future__ import annotations

from datetime import date

from mixwijzer.web.profiles.refusals import Changed, NotNow, Refusal, TextMissing, TextRefused

__all__ = [
    "Changed",
    "CodeTaken",
    "NotAgreed",
    "NotNow",
    "Nothing",
    "Refusal",
    "Taken",
    "TextMissing",
    "TextRefused",
    "Unfinished",
    "WrongDay",
]


class Unfinished(Refusal):
    """Something that must be told isn't there yet: fields by clause, 0 for the heading."""

    def __init__(self, *, missing: tuple[tuple[int, str], ...]) -> None:
        super().__init__(", ".join(f"{number}: {name}" for number, name in missing))
        self.missing = missing


class Taken(Refusal):
    """A slice of that year, or a change of that agreement, is there already."""


class CodeTaken(Refusal):
    """An obligation of another agreement has that number already."""

    def __init__(self, *, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotAgreed(Refusal):
    """A party that could agree here hasn't, and nothing tells how it did; `who` names them."""

    def __init__(self, *, who: tuple[str, ...]) -> None:
        super().__init__(", ".join(who))
        self.who = who


class WrongDay(Refusal):
    """Signed on a day that hasn't come, or before the bid."""

    def __init__(self, *, earliest: date, latest: date) -> None:
        super().__init__(f"{earliest} {latest}")
        self.earliest, self.latest = earliest, latest


class Nothing(Refusal):
    """There is nothing to take along: it was confirmed already, or no next period is there."""
