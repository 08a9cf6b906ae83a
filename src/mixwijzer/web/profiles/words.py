"""The words of profiles on screen: kinds of place, parts of a band, what has to be told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = ["BODIES", "GROUPS", "HINTS", "KINDS", "PARTS", "QUESTIONS", "SETTERS", "group_word"]

SETTERS = {
    "organisation": _("the whole association"),
    "neighbourhood": _("neighbourhood"),
    "complex": _("complex"),
}
KINDS = {
    "neighbourhood": _("per neighbourhood"),
    "complex": _("per complex"),
    "stairwell": _("per stairwell"),
}
PARTS = {
    "min": pgettext_lazy("share", "at least"),
    "target": pgettext_lazy("share", "aimed at"),
    "max": pgettext_lazy("share", "at most"),
    "hard": pgettext_lazy("share", "strict"),
    "cap": pgettext_lazy("households", "at most, as a number"),
}
QUESTIONS = {
    "situation": _("What is going on here, and how do you see that?"),
    "why_not_now": _("Why does the present profile not help?"),
    "difference": _("What becomes different?"),
    "neighbours": _("What will neighbours notice?"),
    "consultation": _("With whom was it discussed?"),
}
HINTS = {
    "situation": _("About the building or the neighbourhood, never about a person."),
    "why_not_now": _("What was tried, and what came of it?"),
    "difference": _("In one or two sentences; the numbers stand below."),
    "neighbours": _("Also what could go less well."),
    "consultation": _("Groups and organisations, no names."),
}
BODIES = {
    "head": _("head of letting"),
    "management": _("management team"),
    "board": _("board"),
}
GROUPS = {
    "status_holder": _("status holders"),
    "outflow_sheltered_living": _("moving on from sheltered living"),
    "outflow_shelter": _("moving on from a shelter"),
}


def group_word(code: str) -> str:
    """Name a group of an agreement; an own group keeps its own name."""
    return str(GROUPS.get(code, code.replace("_", " ")))
