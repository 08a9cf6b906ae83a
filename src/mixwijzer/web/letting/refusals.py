"""Why something can't be done now, as data: who was first, what changed, what is missing.

Each has a `code`, for its sentences, and facts. Nothing was written when one is raised.
"""

from __future__ import annotations

from datetime import date, datetime

__all__ = [
    "AdviceChanged",
    "AlreadyDecided",
    "CandidateKnown",
    "CandidateLeft",
    "CandidateRests",
    "CandidateStays",
    "CandidateTaken",
    "ConditionsOpen",
    "HomeTaken",
    "KeyTooLongAgo",
    "LetAlready",
    "ListBuiltOn",
    "ListTooLongAgo",
    "MatchedBefore",
    "NoGround",
    "NotAllowedNow",
    "NotNow",
    "NotYours",
    "QuestionFirst",
    "ReasonMissing",
    "Refusal",
    "RulesSay",
    "Taken",
    "TooLate",
    "UnknownChannel",
    "UnknownGroup",
    "VersionChanged",
    "WrongAnswer",
    "WrongDay",
]


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """Something that can't be done now."""

    code = "refused"


class AlreadyDecided(Refusal):
    """Somebody else decided about this vacancy first."""

    code = "already_decided"

    def __init__(self, *, by: str, at: datetime, channel: str) -> None:
        super().__init__(f"{by} {at.isoformat()}")
        self.by, self.at, self.channel = by, at, channel


class Taken(Refusal):
    """Another decision took the last place since the advice was opened; `what` is its address."""

    code = "taken"

    def __init__(self, *, by: str, at: datetime, what: str, category: str) -> None:
        super().__init__(f"{by} {at.isoformat()} {what}")
        self.by, self.at, self.what, self.category = by, at, what, category


class AdviceChanged(Refusal):
    """The advice is not what it was when it was opened; open it again."""

    code = "advice_changed"

    def __init__(self, *, category: str, before: str, after: str) -> None:
        super().__init__(f"{category}: {before} -> {after}")
        self.category, self.before, self.after = category, before, after


class VersionChanged(Refusal):
    """The vacancy changed since the page was made: see who did what."""

    code = "version_changed"

    def __init__(self, *, by: str, at: datetime | None, event: str) -> None:
        super().__init__(f"{by} {event}")
        self.by, self.at, self.event = by, at, event


class NoGround(Refusal):
    """The channel steers, and nothing allows that now."""

    code = "no_ground"

    def __init__(self, *, channel: str, ended: date | None) -> None:
        super().__init__(channel)
        self.channel, self.ended = channel, ended


class UnknownChannel(Refusal):
    """There is no such channel."""

    code = "unknown_channel"

    def __init__(self, *, channel: str) -> None:
        super().__init__(channel)
        self.channel = channel


class UnknownGroup(Refusal):
    """Nothing was agreed about such a group, and no candidate is of it."""

    code = "unknown_group"


class QuestionFirst(Refusal):
    """The own view comes first."""

    code = "question_first"


class ReasonMissing(Refusal):
    """No reason, or one from the other list; `following` says which list was meant."""

    code = "reason_missing"

    def __init__(self, *, following: bool, reason: str) -> None:
        super().__init__(reason)
        self.following, self.reason = following, reason


class WrongAnswer(Refusal):
    """Lowest, best and highest of a category aren't in order, or more than live there."""

    code = "wrong_answer"

    def __init__(self, *, category: str, low: int, best: int, high: int, households: int) -> None:
        super().__init__(f"{category}: {low} {best} {high} of {households}")
        self.category, self.low, self.best, self.high = category, low, best, high
        self.households = households


class NotNow(Refusal):
    """It can't happen in the state the vacancy is in."""

    code = "not_now"

    def __init__(self, *, state: str, event: str) -> None:
        super().__init__(f"{event} in {state}")
        self.state, self.event = state, event


class LetAlready(Refusal):
    """A lease of the home begins today or later: nobody gives notice of it now."""

    code = "let_already"

    def __init__(self, *, on: date) -> None:
        super().__init__(on.isoformat())
        self.on = on


class KeyTooLongAgo(Refusal):
    """The key was recorded too long ago to be taken back."""

    code = "key_too_long_ago"

    def __init__(self, *, since: date) -> None:
        super().__init__(since.isoformat())
        self.since = since


class NotYours(Refusal):
    """Somebody else must do this: the second reader can't be who decided."""

    code = "not_yours"


class TooLate(Refusal):
    """The advert is out; since then a decision can't be taken back."""

    code = "too_late"

    def __init__(self, *, since: date) -> None:
        super().__init__(since.isoformat())
        self.since = since


class ListTooLongAgo(Refusal):
    """A list of candidates came in too long ago to be taken back."""

    code = "list_too_long_ago"

    def __init__(self, *, since: datetime) -> None:
        super().__init__(since.isoformat())
        self.since = since


class ListBuiltOn(Refusal):
    """Candidates of a list were proposed or written down anew since it came in."""

    code = "list_built_on"

    def __init__(self, *, numbers: tuple[str, ...]) -> None:
        super().__init__(len(numbers))
        self.numbers = numbers


class NotAllowedNow(Refusal):
    """The act is not for this hand in this step of a match; `hands` says for whom it is."""

    code = "match_not_now"

    def __init__(self, *, state: str, act: str, hands: tuple[str, ...]) -> None:
        super().__init__(f"{act} in {state}")
        self.state, self.act, self.hands = state, act, hands


class HomeTaken(Refusal):
    """Another candidate was proposed for this home first; `match` shows it."""

    code = "home_taken"

    def __init__(self, *, by: str, at: datetime, candidate: str, match: str) -> None:
        super().__init__(f"{by} {at.isoformat()} {candidate}")
        self.by, self.at, self.candidate, self.match = by, at, candidate, match


class CandidateTaken(Refusal):
    """The candidate was proposed for another home first; `what` is its address."""

    code = "candidate_taken"

    def __init__(self, *, by: str, at: datetime, what: str, match: str) -> None:
        super().__init__(f"{by} {at.isoformat()} {what}")
        self.by, self.at, self.what, self.match = by, at, what, match


class CandidateKnown(Refusal):
    """Somebody looks already under this number elsewhere, or came back before."""

    code = "candidate_known"

    def __init__(self, *, number: str) -> None:
        super().__init__(number)
        self.number = number


class CandidateLeft(Refusal):
    """A candidate looks no longer, since a day."""

    code = "candidate_left"

    def __init__(self, *, on: date, why: str) -> None:
        super().__init__(f"{on} {why}")
        self.on, self.why = on, why


class CandidateRests(Refusal):
    """No proposals for this candidate now; until a day, or until somebody looked again.

    `by` is the association that proposed him a home of its own, and `at` when.
    """

    code = "candidate_rests"

    def __init__(self, *, until: date | None, by: str = "", at: datetime | None = None) -> None:
        super().__init__(f"{until} {by}")
        self.until, self.by, self.at = until, by, at


class CandidateStays(Refusal):
    """A candidate looks already; who is here can't come back."""

    code = "candidate_stays"


class RulesSay(Refusal):
    """Letting rules don't allow it, or can't answer yet; `rules` are their codes."""

    code = "rules_say"

    def __init__(self, *, rules: tuple[str, ...], failed: bool) -> None:
        super().__init__(" ".join(rules))
        self.rules, self.failed = rules, failed


class MatchedBefore(Refusal):
    """The candidate was in line for this home before: open that match again."""

    code = "matched_before"

    def __init__(self, *, match: str, state: str) -> None:
        super().__init__(f"{match} {state}")
        self.match, self.state = match, state


class ConditionsOpen(Refusal):
    """Conditions are still open; the key waits for them."""

    code = "conditions_open"

    def __init__(self, *, kinds: tuple[str, ...]) -> None:
        super().__init__(" ".join(kinds))
        self.kinds = kinds


class WrongDay(Refusal):
    """A contract can't be of this day."""

    code = "wrong_day"

    def __init__(self, *, first: date, last: date) -> None:
        super().__init__(f"{first} {last}")
        self.first, self.last = first, last
