"""Rows of profiles and caps, with two clocks (see `register.models`)."""

from __future__ import annotations

from django.db import models

from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.register.models import CODE, Ledger, current_once

__all__ = ["Cap", "ProfileRow"]


class Norm(Ledger):
    """Something that is set for one category, by somebody, from a day until a day."""

    seen_with = Action.SEE_NORMS

    code = models.CharField(max_length=CODE)
    set_by_kind = models.CharField(max_length=20)
    set_by = models.CharField(max_length=CODE)
    for_kind = models.SmallIntegerField()
    scheme = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    start = models.DateField()
    end = models.DateField(null=True)

    class Meta:
        abstract = True


class ProfileRow(Norm):
    """A band: lowest, aimed and highest share [basis points], and why."""

    min = models.PositiveSmallIntegerField(null=True)
    target = models.PositiveSmallIntegerField(null=True)
    max = models.PositiveSmallIntegerField(null=True)
    hard = models.BooleanField(default=False)
    motive = models.TextField(default="")
    fill_up_until = models.DateField(null=True)
    draft = models.BooleanField(default=False)

    class Meta:
        constraints = [current_once("code")]
        indexes = [models.Index(fields=["owner", "set_by"])]


class Cap(Norm):
    """At most so many households in each place of a kind."""

    at_most = models.PositiveIntegerField()

    class Meta:
        constraints = [current_once("code")]
        indexes = [models.Index(fields=["owner", "set_by"])]
