"""Rows of obligations, with two clocks (see `register.models`), and where they come from.

`Obligation` is what is counted. An `Agreement` is the document behind it: its clauses are a ledger
too, and its history is never edited.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mixwijzer.web.accounts.models import Organisation, Owned, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.agreements.transitions import SHOWN, Event, State
from mixwijzer.web.agreements.words import Answers, Carry, ClauseKind, Kind, Period, Unit
from mixwijzer.web.register.models import CODE, Ledger, current_once

__all__ = ["Agreement", "AgreementStep", "CarryOver", "Clause", "Obligation"]


class Obligation(Ledger):
    """A promise to house a group; the counterparty sees its own agreements, not the homes.

    `wording` is what a signed agreement says of it.
    """

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


class Agreement(Owned):
    """An agreement for some years, or a yearly slice of one, on its way from draft to its end.

    `revision` rises with every step, so that two people who work on it notice each other. Once it
    is signed nothing in it changes any more: a change is a later agreement that `replaces` it,
    with the same `code`.
    """

    seen_with = Action.SEE_NORMS
    shared_with = ("municipality_id",)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    framework = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField(default="")
    start = models.DateField()
    end = models.DateField()
    municipality = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    tenants = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    others = models.CharField(max_length=300, default="")
    bid_on = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "code"],
                condition=Q(state__in=sorted(set(State) - {State.REPLACED, State.WITHDRAWN}))
                & Q(replaces__isnull=True),
                name="agreement_code_once",
            ),
            models.UniqueConstraint(
                fields=["owner", "replaces"],
                condition=~Q(state=State.WITHDRAWN),
                name="agreement_replaced_once",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="agreement_forward"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="agreement_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show drafts to who works with obligations; to the others from the bid on."""
        return _shown(user, "")


def _shown(user: User, path: str) -> Q:
    told = Q(**{f"{path}state__in": sorted(SHOWN)})
    of_ours = Q(owner_id__in=user.owners(Action.SEE_NORMS))
    with_us = Q(**{f"{path}municipality_id__in": user.owners(Action.SEE_OWN_OBLIGATIONS)})
    return Q(owner_id__in=user.owners(Action.SEE_OBLIGATIONS)) | (told & (of_ours | with_us))


class Clause(Ledger):
    """One clause in its own words; what is written anew replaces it, and stays to be read."""

    seen_with = Action.SEE_NORMS

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=ClauseKind)
    words = models.TextField()
    code = models.CharField(max_length=80, default="")
    group = models.CharField(max_length=80, default="")
    unit = models.CharField(max_length=20, choices=Unit, default=Unit.HOUSEHOLDS)
    period = models.CharField(max_length=10, choices=Period, default=Period.YEAR)
    households = models.PositiveIntegerField(null=True)
    persons = models.PositiveIntegerField(null=True)
    carried = models.IntegerField(default=0)
    carry = models.CharField(max_length=10, choices=Carry, default=Carry.NOTHING)
    ground = models.CharField(max_length=120, default="")
    ends = models.DateField(null=True)
    why = models.TextField(default="")
    answers = models.CharField(max_length=10, choices=Answers, default=Answers.NO, blank=True)

    class Meta:
        constraints = [current_once("agreement", "number")]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show what the agreement itself shows."""
        return _shown(user, "agreement__")


class OfAgreement(Owned):
    """Something that happened to an agreement, and is never edited."""

    seen_with = Action.SEE_NORMS

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show what the agreement itself shows."""
        return _shown(user, "agreement__")


class AgreementStep(OfAgreement):
    """One line of an agreement's history; `party` is the organisation of who took the step."""

    event = models.CharField(max_length=20, choices=Event)
    before = models.CharField(max_length=10, choices=State)
    after = models.CharField(max_length=10, choices=State)
    party = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(default="")
    facts = models.JSONField(default=dict)


class CarryOver(OfAgreement):
    """What somebody confirmed to go along from one period to the next, of one group.

    `code` is the obligation that is over, `to_start` the first day of the next period. `owed` and
    `done` are as they were counted then, since lettings lose their group after a year. Counted anew
    it can turn out otherwise: then the difference is confirmed in a row after it (`nth`).
    """

    code = models.CharField(max_length=CODE)
    group = models.CharField(max_length=80)
    unit = models.CharField(max_length=20)
    to_start = models.DateField()
    owed = models.IntegerField()
    done = models.PositiveIntegerField()
    amount = models.IntegerField()
    nth = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "code", "nth"], name="carried_over_once")
        ]
