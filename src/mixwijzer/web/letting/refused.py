"""How is a refusal told? The thing, the trouble and the way out, never a bare no."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mixwijzer.web.letting import refusals
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
                text=_("Until %(day)s this could be taken back. Ask the head of letting.")
                % {"day": formats.day(refusal.since)},
            )
    return _plain(refusal)


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
