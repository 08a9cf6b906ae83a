"""What was computed of the coming years of a complex, and from what."""

from __future__ import annotations

from django.db import models

from mixwijzer.web.accounts.models import Organisation, Owned
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.register.models import Complex

__all__ = ["Outlook"]


class Outlook(Owned):
    """The forecast and the steering power of one complex, as computed last.

    It can be made again at any time from the same rows, to the same bytes. `made_of` tells what
    it was made of: where that is no longer so, a page says that it is being computed anew.
    """

    seen_with = Action.SEE_ADVICE

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField(max_length=40)
    made_of = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    brief = models.TextField()  # what a list shows
    content = models.TextField()  # last: who reads another column needn't walk through it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "complex", "scheme"], name="outlook_once")
        ]

    def __str__(self) -> str:
        return f"{self.complex_id} {self.made_at:%Y-%m-%d}"
