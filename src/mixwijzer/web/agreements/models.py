"""Rows of obligations, with two clocks (see `register.models`)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.register.models import CODE, Ledger, current_once

__all__ = ["Obligation"]


class Obligation(Ledger):
    """A promise to house a group; the counterparty sees its own agreements, not the homes."""

    seen_with = Action.SEE_OBLIGATIONS
    shared_with = ("counterparty_id",)

    code = models.CharField(max_length=CODE)
    group = models.CharField(max_length=80)
    promised_by = models.CharField(max_length=CODE)
    counterparty = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    start = models.DateField()
    end = models.DateField()
    unit = models.CharField(max_length=20)
    target = models.PositiveIntegerField()
    carried = models.IntegerField(default=0)
    wording = models.TextField(default="")

    class Meta:
        constraints = [current_once("code")]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show the association's own, and what was agreed with the reader's organisation."""
        agreed_with = user.owners(Action.SEE_OWN_OBLIGATIONS)
        return super().seen_by(user) | Q(counterparty_id__in=agreed_with)
