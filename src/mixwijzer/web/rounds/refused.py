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
from mixwijzer.web.rounds.city_steps import CityState
from mixwijzer.web.rounds.screens import change_text
from mixwijzer.web.rounds.transitions import WeekState
from mixwijzer.web.ui import formats

__all__ = ["refusal_text"]


def refusal_text(
    refusal: refusals.Refusal | letting.Refusal, names: Mapping[str, str]
) -> RefusalText:
    """Put a refusal into words; `names` of complexes and homes by code."""
    if isinstance(refusal, letting.Refusal):
        return letting_text(refusal)
    match refusal:
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
    told = _since(refusal, names) or _of_answers(refusal) or _of_city(refusal, names)
    return told or _counted(refusal)


def _since(refusal: refusals.Refusal, names: Mapping[str, str]) -> RefusalText | None:
    """Put a refusal because of what happened since into words."""
    match refusal:
        case refusals.Stale():
            said = "; ".join(change_text(kind, about, names) for kind, about in refusal.changes)
            title = ngettext(
                "Outdated: %(n)d change", "Outdated: %(n)d changes", len(refusal.changes)
            ) % {"n": len(refusal.changes)}
            text = _("%(changes)s. Compute the round anew; the answers that stand are kept.")
            return RefusalText(title=title, text=text % {"changes": said})
        case refusals.NoLongerDecided():
            return RefusalText(
                title=_("It is no longer decided about every home"),
                text=_(
                    "%(homes)s: the decision was taken back on the page of the vacancy. Put that "
                    "home back on the table, answer about it, and adopt the round again."
                )
                % {"homes": ", ".join(names.get(each, each) for each in refusal.homes)},
            )
    return None


def _of_answers(refusal: refusals.Refusal) -> RefusalText | None:
    """Put a refusal about who answers into words."""
    match refusal:
        case refusals.NoYes():
            return RefusalText(
                title=_("Somebody did not say yes"),
                text=_("%(parties)s: choose why it is decided all the same, or another way.")
                % {"parties": ", ".join(refusal.parties)},
            )
        case refusals.AnswerStale():
            said = ", ".join(map(_changed, refusal.changes))
            return RefusalText(
                title=_("What was asked has changed"),
                text=_(
                    "Different now: %(changes)s. Your answer was not kept; when the association "
                    "has put it on the table again, it stands under your answers."
                )
                % {"changes": said},
            )
        case refusals.AnswerEnded(again=True):
            return RefusalText(
                title=_("It is not on the table now"),
                text=_("The association looks at it anew. Your answer was not kept."),
            )
        case refusals.AnswerLate():
            return RefusalText(
                title=_("The day to decide by is over"),
                text=_("It was %(day)s. Call the association if it matters still.")
                % {"day": formats.day(refusal.due, "long")},
            )
    return _not_so(refusal)


def _not_so(refusal: refusals.Refusal) -> RefusalText | None:
    texts = {
        refusals.AnswerEnded: (
            _("This is no longer asked"),
            _("The home goes another way, or is no longer free. There is nothing to answer."),
        ),
        refusals.AnswerSettled: (
            _("It has been decided"),
            _("%(by)s decided about this home. Your answer was not kept."),
        ),
        refusals.AnswerChanged: (
            _("A colleague was before you"),
            _("%(by)s answered meanwhile. The page shows it."),
        ),
        refusals.AnswerNotNow: (
            _("That is not possible now"),
            _("The page shows where your answer stands, and what can be done."),
        ),
        refusals.WordMissing: (
            _("Choose a reason"),
            _("Choose a reason or condition of the list; nothing was kept."),
        ),
    }
    if type(refusal) not in texts:
        return None
    title, text = texts[type(refusal)]
    return RefusalText(title=title, text=text % vars(refusal))


def _changed(key: str) -> str:
    """Name something that a party was told and that is different now."""
    return {
        "complex": _("the complex"),
        "neighbourhood": _("the neighbourhood"),
        "rooms": _("the number of rooms"),
        "level": _("whether it is without stairs"),
        "free_from": _("from when it is free"),
        "channel": _("the way"),
        "ground": _("the ground"),
        "group": _("the group"),
        "due": _("the day to decide by"),
    }[key]


def _of_city(refusal: refusals.Refusal, names: Mapping[str, str]) -> RefusalText | None:
    """Put a refusal about a city round into words."""
    match refusal:
        case refusals.NotFree():
            said = "; ".join(
                _("%(what)s is in the round “%(name)s”")
                % {"what": names.get(what, what), "name": other}
                for what, other in refusal.taken
            )
            return RefusalText(
                title=_("Not free for “%(name)s”") % {"name": refusal.name},
                text=_("%(said)s. Leave them out, or wait until that round has ended.")
                % {"said": said},
            )
        case refusals.ChoiceWrong():
            return RefusalText(
                title=_("Choose homes and candidates"),
                text=_(
                    "1 to %(homes)s homes and 1 to %(people)s candidates; perhaps one of them is "
                    "no longer open. The list shows who is."
                )
                % {"homes": refusal.homes, "people": refusal.people},
            )
        case refusals.CityNotNow():
            told = _("The round is “%(state)s”.") % {"state": CityState(refusal.state).label}
            busy = _("It is being computed: stop that first, or wait.")
            return RefusalText(
                title=_("That is not possible now"),
                text=f"{told} {busy}" if refusal.computing else told,
            )
        case refusals.Settled():
            return RefusalText(
                title=_("Somebody was before you"),
                text=_("%(by)s settled this home at %(at)s. The page shows how.")
                % {"by": refusal.by, "at": formats.day(refusal.at)},
            )
        case refusals.NotSettled():
            return RefusalText(
                title=_("This round can't end yet"),
                text=_(
                    "Homes of it still wait, or a candidate was proposed already. Settle every "
                    "home first: confirm it, or say why not."
                ),
            )
    return _at_table(refusal) or _gone(refusal)


def _at_table(refusal: refusals.Refusal) -> RefusalText | None:
    """Put a refusal about what several associations do together into words."""
    match refusal:
        case refusals.LaidOutdated():
            return RefusalText(
                title=_("What lies on the table is outdated"),
                text=_("%(names)s: compute it anew and lay it there again; then divide together.")
                % {"names": ", ".join(refusal.names)},
            )
        case refusals.TableClosed():
            return RefusalText(
                title=_("This table is closed"),
                text=_(
                    "%(by)s closed it at %(at)s. Nothing is laid or divided there any more; what "
                    "was divided goes on. Until somebody adopts a part they can open it again. To "
                    "go on alone, withdraw what you bring and make a round without the table."
                )
                % {"by": refusal.by, "at": formats.day(refusal.at)},
            )
        case refusals.TableSettled():
            return RefusalText(
                title=_("This table stays closed"),
                text=_(
                    "What was divided there was adopted already: %(names)s. Set a new table for "
                    "what is left."
                )
                % {"names": ", ".join(refusal.names)},
            )
        case refusals.CandidateElsewhere():
            return RefusalText(
                title=_("Somebody was before you"),
                text=_(
                    "The candidate, of %(name)s, was proposed another home at %(at)s. Say so with "
                    "this home, and choose the next in line on the page of the vacancy."
                )
                % {"name": refusal.name, "at": formats.day(refusal.at)},
            )
        case refusals.PartyFirst():
            return RefusalText(
                title=_("%(name)s comes first") % {"name": refusal.name},
                text=_(
                    "The candidate is theirs. You can propose him here once they adopted their "
                    "own part."
                ),
            )
    return None


def _gone(refusal: refusals.Refusal) -> RefusalText | None:
    """Tell what is missing to carry a round out."""
    texts = {
        refusals.NameMissing: (
            _("Give it a name"),
            _("Give it a name that says nothing of a person."),
        ),
        refusals.PartiesWrong: (
            _("Choose associations"),
            _("Choose one or more other associations; the list shows which there are."),
        ),
        refusals.TooFewLaid: (
            _("Too little lies on the table"),
            _("Two or more associations lay their homes and candidates there first."),
        ),
        refusals.AbsentHere: (
            _("Your association does not take part"),
            _("A colleague said so. Choose “Take part after all” with the table first."),
        ),
        refusals.OwnTable: (
            _("Your association set this table"),
            _("Close the table instead, if nothing is to be divided there any more."),
        ),
        refusals.BroughtFirst: (
            _("You brought something to this table"),
            _("Withdraw that round first; then you can say that you do not take part."),
        ),
        refusals.NotDivided: (
            _("It wasn't divided together yet"),
            _(
                "Lay it on the table; who set the table then divides it. To go on alone, withdraw "
                "this round and make one without the table."
            ),
        ),
        refusals.DecideFirst: (
            _("First the decision about this home"),
            _("A round proposes; a person decides, with a ground and a reason, on its own page."),
        ),
        refusals.HomeGone: (
            _("The home is no longer free"),
            _("It was withdrawn or let. Say so with this home; the candidate stays in line."),
        ),
        refusals.CandidateGone: (
            _("The candidate no longer waits for a home"),
            _(
                "Perhaps he is no longer registered, or gets no proposals now. Say so with this "
                "home, and choose somebody on the page of the vacancy."
            ),
        ),
        refusals.CheckFails: (
            _("The check does not agree"),
            _("Counted in another way something is wrong. Don't use this division; report it."),
        ),
    }
    if type(refusal) not in texts:
        return None
    title, text = texts[type(refusal)]
    return RefusalText(title=title, text=text)


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
