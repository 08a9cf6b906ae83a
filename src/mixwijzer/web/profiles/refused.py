"""How is a refusal about a profile told? The thing, the trouble and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import Language, sentence
from mixwijzer.web.profiles import refusals
from mixwijzer.web.profiles.transitions import State
from mixwijzer.web.profiles.words import QUESTIONS
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_name

__all__ = ["RefusalText", "refusal_text", "trouble_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalText:
    """A heading, and what happened with what can be done now."""

    title: str
    text: str


def refusal_text(refusal: refusals.Refusal) -> RefusalText:
    """Put a refusal into words."""
    title, text = _TOLD[type(refusal)](refusal)
    return RefusalText(title=title, text=text)


def trouble_text(code: str, place: str, facts: Mapping[str, object]) -> str:
    """Say why no mix can keep to a profile, in the engine's own sentences."""
    language: Language = "nl" if (get_language() or "nl").startswith("nl") else "en"
    named = {**facts, "subject": place}
    if "category" in named:
        named["category"] = category_name(str(named["category"]))
    told = [sentence(f"errors.{code}.{part}", language, **named) for part in ("trouble", "way_out")]
    return f"{place}: {told[0]} {told[1]}"


def _not_now(refusal: refusals.NotNow) -> tuple[str, str]:
    return (
        _("That is not possible now"),
        _("This version is at “%(state)s”. The page shows what can be done.")
        % {"state": State(refusal.state).label},
    )


def _changed(refusal: refusals.Changed) -> tuple[str, str]:
    return (
        _("This profile changed meanwhile"),
        _("%(by)s took a step. Look at the page again and choose again.") % {"by": refusal.by},
    )


def _already_open(refusal: refusals.AlreadyOpen) -> tuple[str, str]:
    return (
        _("A version is on its way already"),
        _("Work on in that one, or withdraw it first."),
    )


def _own_draft(refusal: refusals.OwnDraft) -> tuple[str, str]:
    return (
        _("Somebody else reads this"),
        _("Ask a colleague; nobody agrees to their own draft."),
    )


def _unfinished(refusal: refusals.Unfinished) -> tuple[str, str]:
    named = {
        **{name: str(label) for name, label in QUESTIONS.items()},
        "review_on": _("When do you look whether it works?"),
        "values": _("at least one band or number"),
    }
    return (
        _("The draft is not complete yet"),
        _("Still to fill in: %(what)s.")
        % {"what": "; ".join(named[name].rstrip("?") for name in refusal.missing)},
    )


def _impossible(refusal: refusals.Impossible) -> tuple[str, str]:
    return (
        _("No building can keep to these bands"),
        trouble_text(refusal.code, refusal.place, refusal.facts),
    )


def _text_missing(refusal: refusals.TextMissing) -> tuple[str, str]:
    return (
        _("A few words are missing"),
        _("Say in one or two sentences why; that stays with the profile."),
    )


def _text_refused(refusal: refusals.TextRefused) -> tuple[str, str]:
    if refusal.what == "word":
        return (
            _("A word we do not use"),
            _("“%(word)s” is a word we do not use here. Write what you see at the building.")
            % {"word": refusal.word},
        )
    return (
        _("This seems to be about a person"),
        _("A name, number or address of a person may not stand here. Write about the building."),
    )


def _still_time(refusal: refusals.StillTime) -> tuple[str, str]:
    return (
        _("The tenants' organisation still has time"),
        _("Until %(day)s it can advise. After that you can go on without advice.")
        % {"day": formats.day(refusal.due, "year")},
    )


def _wrong_day(refusal: refusals.WrongDay) -> tuple[str, str]:
    if refusal.latest is not None:
        return (
            _("From that day it cannot be adopted"),
            _("Choose a day from %(day)s, before its own end on %(end)s.")
            % {
                "day": formats.day(refusal.earliest, "year"),
                "end": formats.day(refusal.latest, "year"),
            },
        )
    return (
        _("From that day it cannot be adopted"),
        _("Choose today or later: decisions that were taken keep the profile of then."),
    )


def _overlaps(refusal: refusals.Overlaps) -> tuple[str, str]:
    return (
        _("A later profile stands in the way"),
        _("From %(day)s another profile of this place holds. Give this one an end, or withdraw it.")
        % {"day": formats.day(refusal.since, "year")},
    )


def _bad_paper(refusal: refusals.BadPaper) -> tuple[str, str]:
    why = {
        "empty": _("it is empty. Choose the file again."),
        "large": _("it is larger than 5 MB. Make it smaller or split it."),
        "type": _("it is not a whole PDF. Save it as PDF first."),
        "active": _("it holds a program. Save it as a plain PDF."),
        "many": _("there are ten documents already. Put some together."),
    }[refusal.trouble]
    return _("The document was not kept"), f"{refusal.name}: {why}"


_TOLD: Mapping[type[refusals.Refusal], Callable[[Any], tuple[str, str]]] = {
    refusals.NotNow: _not_now,
    refusals.Changed: _changed,
    refusals.AlreadyOpen: _already_open,
    refusals.OwnDraft: _own_draft,
    refusals.Unfinished: _unfinished,
    refusals.Impossible: _impossible,
    refusals.TextMissing: _text_missing,
    refusals.TextRefused: _text_refused,
    refusals.StillTime: _still_time,
    refusals.WrongDay: _wrong_day,
    refusals.Overlaps: _overlaps,
    refusals.BadPaper: _bad_paper,
}
