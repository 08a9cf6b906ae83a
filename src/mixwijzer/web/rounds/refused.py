"""How is a refusal told? The thing, the trouble and the way out."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.letting import refusals as letting
from mixwijzer.web.letting.refused import RefusalText
from mixwijzer.web.letting.refused import refusal_text as letting_text
from mixwijzer.web.letting.screens import language
from mixwijzer.web.rounds import refusals
from mixwijzer.web.rounds.bridge import trouble_text
from mixwijzer.web.rounds.screens import change_text
from mixwijzer.web.rounds.transitions import WeekState

__all__ = ["refusal_text"]


def refusal_text(
    refusal: refusals.Refusal | letting.Refusal, names: Mapping[str, str]
) -> RefusalText:
    """Put a refusal into words; `names` of complexes and homes by code."""
    if isinstance(refusal, letting.Refusal):
        return letting_text(refusal)
    match refusal:
        case refusals.Stale():
            said = "; ".join(change_text(kind, about, names) for kind, about in refusal.changes)
            title = ngettext(
                "Outdated: %(n)d change", "Outdated: %(n)d changes", len(refusal.changes)
            ) % {"n": len(refusal.changes)}
            text = _("%(changes)s. Compute the round anew; the answers that stand are kept.")
            return RefusalText(title=title, text=text % {"changes": said})
        case refusals.WeekNotNow():
            return RefusalText(
                title=_("That is not possible now"),
                text=_("The round is “%(state)s”. The sheet shows what can be done.")
                % {"state": WeekState(refusal.state).label},
            )
        case refusals.WeekTaken():
            return RefusalText(
                title=_("There is a round of this week already"),
                text=_("%(by)s made it. Your choice was not kept; the sheet shows theirs.")
                % {"by": refusal.by},
            )
        case refusals.AlreadyAnswered():
            return RefusalText(
                title=_("Somebody was before you"),
                text=_("%(by)s answered about this home. The sheet shows the answer.")
                % {"by": refusal.by},
            )
    return _counted(refusal)


def _counted(refusal: refusals.Refusal) -> RefusalText:
    match refusal:
        case refusals.WeekTrouble():
            return RefusalText(
                title=_("The round can't be computed"),
                text=trouble_text(refusal.code, refusal.subject, refusal.facts, language()),
            )
        case refusals.NotAllAnswered():
            title = ngettext(
                "%(n)d home still waits for an answer",
                "%(n)d homes still wait for an answer",
                refusal.waiting,
            ) % {"n": refusal.waiting}
            return RefusalText(title=title, text=_("Answer about these first, one by one."))
        case refusals.HomesWrong():
            return RefusalText(
                title=_("Choose 1 to %(most)s homes") % {"most": refusal.most},
                text=_("%(homes)s were chosen, or one of them is no longer open.")
                % {"homes": refusal.homes},
            )
        case refusals.AdvertRefused(part=part) if part:
            return RefusalText(
                title=_("This text can't go to the portal"),
                text=_("“%(part)s” is about people. Write about the home.") % {"part": part},
            )
        case refusals.AdvertRefused():
            return RefusalText(
                title=_("This text doesn't fit"),
                text=_("It has %(length)s characters; the portal takes 1 to %(most)s.")
                % {"length": refusal.length, "most": refusal.most},
            )
    return RefusalText(
        title=_("There is no proposal"),
        text=_("What was agreed can't hold together. The sheet shows what could give way."),
    )
