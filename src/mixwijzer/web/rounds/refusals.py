"""Why something can't be done with a round now, as data; nothing was written then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

__all__ = [
    "AbsentHere",
    "AdvertRefused",
    "AlreadyAnswered",
    "AnswerChanged",
    "AnswerEnded",
    "AnswerLate",
    "AnswerNotNow",
    "AnswerSettled",
    "AnswerStale",
    "BroughtFirst",
    "CandidateElsewhere",
    "CandidateGone",
    "CheckFails",
    "ChoiceWrong",
    "CityNotNow",
    "DecideFirst",
    "HomeGone",
    "HomesWrong",
    "NameMissing",
    "NoLongerDecided",
    "NoYes",
    "NotAllAnswered",
    "NotFree",
    "NotSettled",
    "NothingComputed",
    "OwnTable",
    "Refusal",
    "Settled",
    "Stale",
    "TableClosed",
    "WeekNotNow",
    "WeekTaken",
    "WeekTrouble",
    "WordMissing",
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


class NoLongerDecided(Refusal):
    """The decision about these homes was taken back on their own pages."""

    def __init__(self, homes: Sequence[str]) -> None:
        super().__init__(", ".join(homes))
        self.homes = tuple(homes)


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


# --- of who answers about a home


class NoYes(Refusal):
    """Who was asked about a home didn't say yes, and no reason to go on was chosen."""

    def __init__(self, parties: Sequence[str]) -> None:
        super().__init__(", ".join(parties))
        self.parties = tuple(parties)


class AnswerStale(Refusal):
    """Something about the home is no longer what the party was told."""

    def __init__(self, changes: Sequence[str]) -> None:
        super().__init__(", ".join(changes))
        self.changes = tuple(changes)


class AnswerEnded(Refusal):
    """Nothing is asked of this party any more; `again`: the association looks at it anew."""

    def __init__(self, *, again: bool = False) -> None:
        super().__init__(str(again))
        self.again = again


class AnswerSettled(Refusal):
    """The association decided about the home."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class AnswerLate(Refusal):
    """The day to decide by is over."""

    def __init__(self, due: date) -> None:
        super().__init__(due.isoformat())
        self.due = due


class AnswerChanged(Refusal):
    """A colleague answered meanwhile."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class AnswerNotNow(Refusal):
    """The table has no such act in this state."""

    def __init__(self, state: str, act: str) -> None:
        super().__init__(f"{act} in {state}")
        self.state, self.act = state, act


class WordMissing(Refusal):
    """No reason or condition of the list was chosen."""


# --- of a city round


class NameMissing(Refusal):
    """It has no name, or one with something of a person."""


class ChoiceWrong(Refusal):
    """No homes or candidates, more than a round has, or some that aren't there any more."""

    def __init__(self, *, homes: int, people: int) -> None:
        super().__init__(f"{homes} homes, {people} candidates")
        self.homes, self.people = homes, people


class NotFree(Refusal):
    """Homes or candidates are in another round; each with the round that has it."""

    def __init__(self, *, name: str, taken: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"{name}: {taken}")
        self.name, self.taken = name, tuple(taken)


class CityNotNow(Refusal):
    """Something can't happen in the state that the city round is in, or while it is computed."""

    def __init__(self, state: str, event: str, *, computing: bool = False) -> None:
        super().__init__(f"{event} in {state}")
        self.state, self.event, self.computing = state, event, computing


class NotSettled(Refusal):
    """Homes still wait: their candidate was neither proposed nor passed by."""

    def __init__(self, waiting: int) -> None:
        super().__init__(str(waiting))
        self.waiting = waiting


class Settled(Refusal):
    """Somebody settled this home first."""

    def __init__(self, *, by: str, at: datetime) -> None:
        super().__init__(f"{by} {at.isoformat()}")
        self.by, self.at = by, at


class DecideFirst(Refusal):
    """The home has no decision yet; `vacancy` is where it is taken."""

    def __init__(self, vacancy: str) -> None:
        super().__init__(vacancy)
        self.vacancy = vacancy


class HomeGone(Refusal):
    """The notice was withdrawn, or the home was let."""


class CandidateGone(Refusal):
    """The candidate is no longer registered, or gets no proposals now."""


class CandidateElsewhere(Refusal):
    """The candidate of another association was proposed another home first; not which, by whom."""

    def __init__(self, *, name: str, at: datetime) -> None:
        super().__init__(f"{name} {at.isoformat()}")
        self.name, self.at = name, at


class PartiesWrong(Refusal):
    """Nobody was asked to the table, or somebody who can't sit there."""


class TableClosed(Refusal):
    """Who set the table closed it: nothing is laid or divided there any more."""

    def __init__(self, *, by: str, at: datetime) -> None:
        super().__init__(f"{by} {at.isoformat()}")
        self.by, self.at = by, at


class TableSettled(Refusal):
    """These associations adopted what was divided at a table: it doesn't open again."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


class AbsentHere(Refusal):
    """The association said that it takes no part at this table."""


class OwnTable(Refusal):
    """The association set this table itself."""


class BroughtFirst(Refusal):
    """The association brought something to the table, so it takes part."""


class NotDivided(Refusal):
    """It belongs to a table, and wasn't divided there yet."""


class TooFewLaid(Refusal):
    """Fewer than two associations laid something on the table."""


class LaidOutdated(Refusal):
    """What these associations laid on the table is outdated, or they went on without it."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


class PartyFirst(Refusal):
    """The association of the candidate didn't adopt its own part yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class CheckFails(Refusal):
    """The independent checker says that the division doesn't hold."""
