"""The words of agreements on screen: kinds of clause, units, periods, what goes along."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = ["GROUNDS", "Answers", "Carry", "ClauseKind", "Kind", "Period", "Unit"]


class Kind(TextChoices):
    """What an agreement is."""

    FRAMEWORK = "framework", pgettext_lazy("agreement", "framework")
    SLICE = "slice", pgettext_lazy("agreement", "yearly slice")


class ClauseKind(TextChoices):
    """What a clause is about."""

    OBLIGATION = "obligation", _("to house a group")
    BUDGET = "budget", _("room for free allocation")
    GROUND = "ground", _("ground to steer on")
    EXPERIMENT = "experiment", _("experiment")
    OTHER = "other", pgettext_lazy("clause", "something else")


class Period(TextChoices):
    """Over what time a group is counted."""

    YEAR = "year", pgettext_lazy("period", "the whole period")
    HALF = "half", pgettext_lazy("period", "each half-year")


class Unit(TextChoices):
    """What counts."""

    HOUSEHOLDS = "households", _("households")
    PERSONS = "persons", _("persons")


class Carry(TextChoices):
    """What goes along when a period is over; the values are the engine's."""

    NOTHING = "nothing", _("nothing goes along")
    SHORT = "short", _("what is still owed goes along")
    BOTH = "both", _("what is still owed, and what was done beyond it")


class Answers(TextChoices):
    """Whether the municipality answers about homes of a clause in the week round."""

    NO = "", pgettext_lazy("week round", "no")
    ASKED = "asked", pgettext_lazy("week round", "yes; silence is no yes")
    SILENT_YES = "silent_yes", pgettext_lazy("week round", "yes; silence counts as a yes")


GROUNDS = {
    "free_room": _("free room of the association"),
    "experiment": _("experiment clause"),
    "direct_mediation": _("direct mediation"),
    "residential_group": _("homes for one group of residents"),
    "special_area": _("area with special measures"),
    "urgency": _("urgency"),
}
"""Grounds of a steered letting, by the engine's codes."""
