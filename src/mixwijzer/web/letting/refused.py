"""How is a refusal told? The thing, the trouble and the way out, never a bare no."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mixwijzer.exchange.letting_rules import rule_name
from mixwijzer.web.letting import refusals
from mixwijzer.web.letting.match_steps import ConditionKind, Hand, MatchState
from mixwijzer.web.letting.reasons import Leaving
from mixwijzer.web.letting.screens import language
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.ui import formats

__all__ = ["RefusalText", "refusal_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalText:
    """A heading, and what happened with what can be done now."""

    title: str
    text: str


def refusal_text(refusal: refusals.Refusal) -> RefusalText:
    """Put a refusal into words."""
    match refusal:
        case refusals.AlreadyDecided():
            return RefusalText(
                title=_("Somebody was before you"),
                text=_("%(by)s decided at %(at)s. Your choice was not kept; the page shows theirs.")
                % {"by": refusal.by, "at": formats.day(refusal.at)},
            )
        case refusals.Taken():
            return RefusalText(
                title=_("The last place was just taken"),
                text=_(
                    "%(by)s decided about %(what)s at %(at)s. Your choice was not kept: look at "
                    "the new advice and choose again."
                )
                % {"by": refusal.by, "at": formats.day(refusal.at), "what": refusal.what},
            )
        case refusals.VersionChanged():
            return RefusalText(
                title=_("This vacancy changed meanwhile"),
                text=_("%(by)s changed it. Look again and choose again.") % {"by": refusal.by},
            )
        case refusals.NotNow():
            return RefusalText(
                title=_("That is not possible now"),
                text=_("The vacancy is at “%(state)s”. The page shows what can be done.")
                % {"state": State(refusal.state).label},
            )
        case refusals.TooLate():
            return RefusalText(
                title=_("The advertisement is out"),
                text=_(
                    "Until %(day)s this could be taken back. If nobody comes, choose the way anew "
                    "on the page of the vacancy."
                )
                % {"day": formats.day(refusal.since)},
            )
    return _of_match(refusal) or _plain(refusal)


def _of_match(refusal: refusals.Refusal) -> RefusalText | None:
    """Put a refusal about a candidate or a match into words."""
    match refusal:
        case refusals.NotAllowedNow():
            hands = ", ".join(str(Hand(each).label) for each in refusal.hands)
            told = _("The match is at “%(state)s”.") % {"state": MatchState(refusal.state).label}
            way_out = (
                _("This step is for: %(hands)s.") % {"hands": hands}
                if hands
                else _("The page shows what can be done.")
            )
            return RefusalText(title=_("That is not possible now"), text=f"{told} {way_out}")
        case refusals.HomeTaken():
            return RefusalText(
                title=_("Somebody was before you"),
                text=_(
                    "%(by)s proposed candidate %(candidate)s for this home at %(at)s. Put yours "
                    "next in line, or wait for the answer."
                )
                % {
                    "by": refusal.by,
                    "candidate": refusal.candidate,
                    "at": formats.day(refusal.at),
                },
            )
        case refusals.CandidateTaken():
            return RefusalText(
                title=_("This candidate was just proposed elsewhere"),
                text=_("%(by)s did so for %(what)s at %(at)s. Choose the next candidate.")
                % {"by": refusal.by, "what": refusal.what, "at": formats.day(refusal.at)},
            )
        case refusals.ListTooLongAgo():
            return RefusalText(
                title=_("This list came in too long ago"),
                text=_("It came in on %(day)s. Correct or take off its candidates one by one.")
                % {"day": formats.day(refusal.since, "year")},
            )
        case refusals.ListBuiltOn():
            return RefusalText(
                title=_("This list cannot be taken back"),
                text=_("Candidates were proposed or corrected since: %(numbers)s.")
                % {"numbers": ", ".join(refusal.numbers)},
            )
    return _of_candidate(refusal)


def _of_candidate(refusal: refusals.Refusal) -> RefusalText | None:
    """Put into words why nothing can be proposed to a candidate, or he can't come back."""
    match refusal:
        case refusals.CandidateKnown():
            return RefusalText(
                title=_("This candidate looks already"),
                text=_("As candidate %(number)s. Correct that one where something is otherwise.")
                % {"number": refusal.number},
            )
        case refusals.CandidateLeft():
            return RefusalText(
                title=_("This candidate looks no longer"),
                text=_("Since %(day)s: %(why)s. Choose another, or let this one come back.")
                % {"day": formats.day(refusal.on), "why": Leaving(refusal.why).label},
            )
        case refusals.CandidateStays():
            return RefusalText(
                title=_("This candidate looks for a home already"),
                text=_("Nothing was changed. The page shows where this household could go."),
            )
        case refusals.CandidateRests(by=by, at=at) if at:
            return RefusalText(
                title=_("Another association was before you"),
                text=_(
                    "%(by)s proposed this candidate a home of its own at %(at)s. Choose the next "
                    "candidate. Did nothing come of it, then look again on his page."
                )
                % {"by": by, "at": formats.day(at)},
            )
        case refusals.CandidateRests():
            return RefusalText(
                title=_("No proposals for this candidate now"),
                text=_("That was agreed until %(day)s.") % {"day": formats.day(refusal.until)}
                if refusal.until
                else _("That was agreed until somebody has looked again."),
            )
    return _of_rules(refusal)


def _of_rules(refusal: refusals.Refusal) -> RefusalText | None:
    """Put into words what keeps one candidate from one home."""
    match refusal:
        case refusals.WrongDay():
            return RefusalText(
                title=_("A contract can't be of that day"),
                text=_("Choose a day from %(first)s, when notice was given, to %(last)s.")
                % {
                    "first": formats.day(refusal.first, "long"),
                    "last": formats.day(refusal.last, "long"),
                },
            )
        case refusals.RulesSay():
            rules = ", ".join(rule_name(each, language()) for each in refusal.rules)
            return RefusalText(
                title=_("The letting rules do not allow this")
                if refusal.failed
                else _("A letting rule cannot answer yet"),
                text=_("It is about: %(rules)s. The list of rules says what was compared.")
                % {"rules": rules},
            )
        case refusals.MatchedBefore():
            return RefusalText(
                title=_("This candidate was proposed here before"),
                text=_("That match stands at “%(state)s”. Open it again if that was a mistake.")
                % {"state": MatchState(refusal.state).label},
            )
        case refusals.ConditionsOpen():
            kinds = ", ".join(str(ConditionKind(each).label) for each in refusal.kinds)
            return RefusalText(
                title=_("The key waits for the conditions"),
                text=_("Still open: %(kinds)s. Tick what has been arranged.") % {"kinds": kinds},
            )
    return _of_home(refusal)


def _of_home(refusal: refusals.Refusal) -> RefusalText | None:
    """Put into words what the lease or the key of a home stands in the way of."""
    match refusal:
        case refusals.LetAlready():
            return RefusalText(
                title=_("This home is let already"),
                text=_("A lease of this home begins on %(day)s. Nothing was entered.")
                % {"day": formats.day(refusal.on)},
            )
        case refusals.KeyTooLongAgo():
            return RefusalText(
                title=_("This home was let too long ago"),
                text=_("The key was recorded on %(day)s. When the home comes free, enter a notice.")
                % {"day": formats.day(refusal.since)},
            )
    return None


def _plain(refusal: refusals.Refusal) -> RefusalText:
    """Refusals that name nobody else."""
    texts = {
        refusals.AdviceChanged: (
            _("The advice changed since you opened it"),
            _("Look at the new advice and choose again."),
        ),
        refusals.NoGround: (
            _("This way has no valid ground"),
            _("Choose another way, or have the agreement renewed first."),
        ),
        refusals.QuestionFirst: (
            _("First your own view"),
            _("Say how it is there; then the advice opens and you can decide."),
        ),
        refusals.ReasonMissing: (
            _("A reason is missing"),
            _("Choose one of the reasons; that records your decision."),
        ),
        refusals.NotYours: (
            _("Somebody else reads this"),
            _("Ask a colleague who may read along; nobody confirms their own choice."),
        ),
        refusals.UnknownGroup: (
            _("Nothing was agreed about this group"),
            _("Choose a group that stands in the obligations, or open it to everybody."),
        ),
        refusals.UnknownChannel: (
            _("This way does not exist"),
            _("Choose one of the ways on the page."),
        ),
        refusals.WrongAnswer: (
            _("These numbers cannot be true together"),
            _("Put them in order, lowest to highest, and at most the households that stay."),
        ),
    }
    title, text = texts[type(refusal)]
    return RefusalText(title=title, text=text)
