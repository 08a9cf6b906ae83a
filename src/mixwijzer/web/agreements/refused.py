"""How is a refusal about an agreement told? The thing, the trouble and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from mixwijzer.web.agreements import refusals
from mixwijzer.web.agreements.screens.documents import missing_text
from mixwijzer.web.agreements.transitions import State
from mixwijzer.web.profiles.refused import RefusalText
from mixwijzer.web.profiles.refused import refusal_text as text_refused
from mixwijzer.web.ui import formats

__all__ = ["refusal_text"]


def refusal_text(refusal: refusals.Refusal) -> RefusalText:
    """Put a refusal into words."""
    if isinstance(refusal, refusals.TextRefused):
        return text_refused(refusal)
    title, text = _TOLD[type(refusal)](refusal)
    return RefusalText(title=title, text=text)


def _not_now(refusal: refusals.NotNow) -> tuple[str, str]:
    return (
        _("That is not possible now"),
        _("This agreement is at “%(state)s”. The page shows what can be done.")
        % {"state": State(refusal.state).label},
    )


def _changed(refusal: refusals.Changed) -> tuple[str, str]:
    return (
        _("This agreement changed meanwhile"),
        _("%(by)s took a step. Look at the page again and choose again.") % {"by": refusal.by},
    )


def _text_missing(refusal: refusals.TextMissing) -> tuple[str, str]:
    return (
        _("A few words are missing"),
        _("Say in one or two sentences why; that stays with the agreement."),
    )


def _unfinished(refusal: refusals.Unfinished) -> tuple[str, str]:
    return (
        _("The draft is not complete yet"),
        _("Still to fill in: %(what)s.") % {"what": missing_text(refusal.missing)},
    )


def _taken(refusal: refusals.Taken) -> tuple[str, str]:
    return (_("It was begun already"), _("Work on in that one, or withdraw it first."))


def _code_taken(refusal: refusals.CodeTaken) -> tuple[str, str]:
    return (
        _("A number is used twice"),
        _("Number %(code)s belongs to another promise. Ask for changes, and give it its own.")
        % {"code": refusal.code},
    )


def _not_agreed(refusal: refusals.NotAgreed) -> tuple[str, str]:
    return (
        _("Not everybody agreed here"),
        _("%(who)s did not answer here. Say how they agreed, for instance at the table.")
        % {"who": ", ".join(refusal.who)},
    )


def _wrong_day(refusal: refusals.WrongDay) -> tuple[str, str]:
    days = {
        "earliest": formats.day(refusal.earliest, "year"),
        "latest": formats.day(refusal.latest, "year"),
    }
    return (
        _("On that day it cannot have been signed"),
        _("Choose a day from the bid, %(earliest)s, to today, %(latest)s.") % days,
    )


def _nothing(refusal: refusals.Nothing) -> tuple[str, str]:
    return (
        _("There is nothing to take along"),
        _("It was confirmed already, or there is no next period for this group yet."),
    )


_TOLD: Mapping[type[refusals.Refusal], Callable[[Any], tuple[str, str]]] = {
    refusals.NotNow: _not_now,
    refusals.Changed: _changed,
    refusals.TextMissing: _text_missing,
    refusals.Unfinished: _unfinished,
    refusals.Taken: _taken,
    refusals.CodeTaken: _code_taken,
    refusals.NotAgreed: _not_agreed,
    refusals.WrongDay: _wrong_day,
    refusals.Nothing: _nothing,
}
