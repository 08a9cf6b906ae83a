"""How is a refusal told? The thing, the trouble and the way out."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mixwijzer.web.pulse import refusals
from mixwijzer.web.pulse.transitions import RoundState, TaskState
from mixwijzer.web.ui import formats

__all__ = ["RefusalText", "refusal_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalText:
    """A heading, and what happened with what can be done now."""

    title: str
    text: str


def refusal_text(refusal: refusals.Refusal) -> RefusalText:
    """Put a refusal into words."""
    if isinstance(refusal, refusals.NotNow):
        states = dict((*TaskState.choices, *RoundState.choices))
        return RefusalText(
            title=_("That is not possible now"),
            text=_("It stands at “%(state)s” meanwhile. The page shows what can be done.")
            % {"state": states.get(refusal.state, refusal.state)},
        )
    if isinstance(refusal, refusals.NotYet):
        return RefusalText(
            title=_("This round begins later"),
            text=_("Its first day is %(day)s. From that day on you can start it.")
            % {"day": formats.day(refusal.start)},
        )
    if isinstance(refusal, refusals.WrongView):
        return RefusalText(
            title=_("These numbers cannot be true together"),
            text=_(
                "%(homes)d households live here now. Put the numbers in order, and together no "
                "more than that."
            )
            % {"homes": refusal.households},
        )
    return _plain(refusal)


def _plain(refusal: refusals.Refusal) -> RefusalText:
    texts = {
        refusals.NoPlaces: (
            _("There is nobody to ask yet"),
            _("Choose at least one complex, and somebody who knows it."),
        ),
        refusals.SamePerson: (
            _("Twice the same person"),
            _("Two views come from two people. Choose somebody else, or leave one empty."),
        ),
        refusals.NotAJudge: (
            _("This person cannot be asked here"),
            _("Choose a colleague from the list who did not pass this complex on."),
        ),
        refusals.NotYours: (
            _("This is somebody else's view"),
            _("Only who gave it can adjust it or leave it. Ask them."),
        ),
        refusals.OwnViewFirst: (
            _("First your own view"),
            _("You are asked about this place yourself. Give your own view, then type another."),
        ),
        refusals.ReasonMissing: (
            _("A reason is missing"),
            _("Choose one of the reasons."),
        ),
        refusals.WrongDates: (
            _("The last day comes before the first day"),
            _("Choose a later last day."),
        ),
    }
    title, text = texts[type(refusal)]
    return RefusalText(title=title, text=text)
