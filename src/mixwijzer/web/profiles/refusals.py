"""Why something can't be done with a profile now, as data; nothing was written then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

__all__ = [
    "AlreadyOpen",
    "BadPaper",
    "Changed",
    "Impossible",
    "NotNow",
    "Overlaps",
    "OwnDraft",
    "Refusal",
    "StillTime",
    "TextMissing",
    "TextRefused",
    "Unfinished",
    "WrongDay",
]


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """Something that can't be done now."""


class NotNow(Refusal):
    """It can't happen in the state the version is in."""

    def __init__(self, *, state: str, event: str) -> None:
        super().__init__(f"{event} in {state}")
        self.state, self.event = state, event


class Changed(Refusal):
    """Somebody else took a step since the page was made."""

    def __init__(self, *, by: str) -> None:
        super().__init__(by)
        self.by = by


class AlreadyOpen(Refusal):
    """A version of the same place is on its way already."""


class OwnDraft(Refusal):
    """Who wrote it can't be its second reader."""


class Unfinished(Refusal):
    """Something that must be told isn't there yet; `missing` names the fields."""

    def __init__(self, *, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class Impossible(Refusal):
    """No mix can keep to these bands; `code` and `facts` are those of the engine's error."""

    def __init__(self, *, code: str, place: str, facts: Mapping[str, object]) -> None:
        super().__init__(f"{code} {place}")
        self.code, self.place, self.facts = code, place, facts


class TextMissing(Refusal):
    """A step that needs a reason came without one."""


class TextRefused(Refusal):
    """A text holds something about a person, or a word that isn't used; `what` says which."""

    def __init__(self, *, what: str, word: str = "") -> None:
        super().__init__(f"{what} {word}")
        self.what, self.word = what, word


class StillTime(Refusal):
    """The tenants' organisation still has time to advise."""

    def __init__(self, *, due: date) -> None:
        super().__init__(due.isoformat())
        self.due = due


class WrongDay(Refusal):
    """A profile can't be adopted from a day that is past, or from after its own end."""

    def __init__(self, *, earliest: date, latest: date | None) -> None:
        super().__init__(earliest.isoformat())
        self.earliest, self.latest = earliest, latest


class Overlaps(Refusal):
    """A later profile of the same place already holds from `since`."""

    def __init__(self, *, since: date, row: str) -> None:
        super().__init__(f"{row} {since.isoformat()}")
        self.since, self.row = since, row


class BadPaper(Refusal):
    """A document that isn't a PDF, is empty, or is larger than it may be; `trouble` says which."""

    def __init__(self, *, name: str, trouble: str) -> None:
        super().__init__(f"{name}: {trouble}")
        self.name, self.trouble = name, trouble
