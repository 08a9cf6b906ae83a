"""Why something in a round can't be done now, as data. Nothing was written when one is raised."""

from __future__ import annotations

from datetime import date

__all__ = [
    "NoPlaces",
    "NotAJudge",
    "NotNow",
    "NotYet",
    "NotYours",
    "OwnViewFirst",
    "ReasonMissing",
    "Refusal",
    "SamePerson",
    "WrongDates",
    "WrongView",
]


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """Something that can't be done now."""


class NotNow(Refusal):
    """It can't happen in the state in which the round or the task is."""

    def __init__(self, *, state: str, event: str) -> None:
        super().__init__(f"{event} in {state}")
        self.state, self.event = state, event


class NotYet(Refusal):
    """The round begins later."""

    def __init__(self, *, start: date) -> None:
        super().__init__(start.isoformat())
        self.start = start


class NoPlaces(Refusal):
    """A round without places, or without anybody to ask."""


class SamePerson(Refusal):
    """Two views of a place come from two people."""


class NotAJudge(Refusal):
    """Somebody who doesn't work here, may not judge, or passed this place on before."""


class NotYours(Refusal):
    """Only who gave a view adjusts it, or leaves it as it is."""


class OwnViewFirst(Refusal):
    """Who types somebody's sheet gives his own view of that place first."""


class ReasonMissing(Refusal):
    """No reason, or one that isn't in the list."""


class WrongDates(Refusal):
    """The last day comes before the first one."""


class WrongView(Refusal):
    """The numbers can't be true together; `category` is empty when it is about all of them."""

    def __init__(self, *, trouble: str, category: str, households: int) -> None:
        super().__init__(f"{trouble}: {category} of {households}")
        self.trouble, self.category, self.households = trouble, category, households
