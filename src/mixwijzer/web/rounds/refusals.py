"""Why something can't be done with a week round now, as data; nothing was written then."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "AdvertRefused",
    "AlreadyAnswered",
    "HomesWrong",
    "NotAllAnswered",
    "NothingComputed",
    "Refusal",
    "Stale",
    "WeekNotNow",
    "WeekTaken",
    "WeekTrouble",
]


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """Something that can't be done now."""


class WeekNotNow(Refusal):
    """Something can't happen in the state that the round is in."""

    def __init__(self, state: str, event: str) -> None:
        super().__init__(f"{event} in {state}")
        self.state, self.event = state, event


class WeekTaken(Refusal):
    """Somebody already made the round of this week."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class HomesWrong(Refusal):
    """No homes, more than a week has, or one that is no longer open."""

    def __init__(self, homes: int, most: int) -> None:
        super().__init__(f"{homes} of {most}")
        self.homes, self.most = homes, most


class Stale(Refusal):
    """So many things changed since it was computed."""

    def __init__(self, changes: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"{len(changes)} changes")
        self.changes = tuple(changes)


class NothingComputed(Refusal):
    """The agreements clash: there is no proposal to put on the table."""


class NotAllAnswered(Refusal):
    """Homes still wait for an answer."""

    def __init__(self, waiting: int) -> None:
        super().__init__(str(waiting))
        self.waiting = waiting


class AlreadyAnswered(Refusal):
    """Somebody answered about this home first."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class AdvertRefused(Refusal):
    """The text is longer than the portal takes, empty, or says something about a person."""

    def __init__(self, *, length: int, most: int, part: str) -> None:
        super().__init__(f"{length} of {most} {part}")
        self.length, self.most, self.part = length, most, part


class WeekTrouble(Refusal):
    """The engine can't compute the round; `told` says why, in figures."""

    def __init__(self, code: str, subject: str, facts: dict[str, object]) -> None:
        super().__init__(code)
        self.code, self.subject, self.facts = code, subject, facts
