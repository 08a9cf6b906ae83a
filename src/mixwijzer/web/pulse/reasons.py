"""Why does somebody pass a task on, or leave a view as it is? Closed lists, never about people."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = ["PassReason", "StandReason"]


class PassReason(TextChoices):
    """Reasons to pass a task on."""

    KNOWS_LITTLE = "knows_little", _("I do not know this place well enough")
    COLLEAGUE = "colleague", _("A colleague knows it better")
    AWAY = "away", _("I am away in these weeks")


class StandReason(TextChoices):
    """Reasons to leave a view as it is after a word with the other."""

    OTHER_PARTS = "other_parts", _("We know different parts of the place")
    OTHER_TIMES = "other_times", _("We were there at different times")
    BOTH_STAND = "both_stand", _("We talked and each see it our own way")
    NOT_MET = "not_met", _("We did not manage to talk")
