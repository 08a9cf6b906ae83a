"""A vacancy on its way to a decision, and everything that must be shown afterwards.

`Vacancy` and `Question` carry the present state. `Step`, `Advice`, `Decision`, `Withdrawal` and
`PlaceRequest` are never edited: a decision that is taken back stays, with a row that withdraws it.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mixwijzer.web.accounts.models import Organisation, Owned, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.letting.match_steps import (
    ACTIVE,
    SHARED,
    Act,
    ConditionKind,
    Consequence,
    Hand,
    MatchState,
)
from mixwijzer.web.letting.reasons import DeviateReason, FollowReason, Leaving, WithdrawReason
from mixwijzer.web.letting.transitions import Event, State
from mixwijzer.web.register.models import CODE, Complex, Ledger, current_once

__all__ = [
    "Advice",
    "Candidate",
    "CandidateList",
    "Condition",
    "Decision",
    "Match",
    "MatchStep",
    "OwnText",
    "PlaceRequest",
    "PricedRoom",
    "Question",
    "ReasonOffer",
    "Step",
    "Vacancy",
    "Withdrawal",
]


class Vacancy(Owned):
    """The work on one notice; the notice itself is a record of the register (same `code`)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=CODE)
    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+")
    dwelling = models.CharField(max_length=CODE)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=20, choices=State, default=State.NOTICED)
    version = models.PositiveIntegerField(default=1)
    group = models.CharField(max_length=80, default="")  # the agreed group that it is matched for

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "code"], name="vacancy_code_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="vacancy_state_known"),
        ]
        indexes = [models.Index(fields=["owner", "state"]), models.Index(fields=["complex"])]

    def standing(self) -> models.QuerySet[Decision]:
        """Return the decision that stands; there is at most one."""
        rows = Decision.objects.for_organisation(self.owner_id)
        return rows.filter(vacancy=self, withdrawn_at=None)


class Question(Owned):
    """One person is asked how it is there; until he answers he sees no account of that complex."""

    seen_with = Action.SEE_ADVICE

    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="questions")
    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)  # handed over, or the vacancy closed
    unchanged = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vacancy", "asked"],
                condition=Q(answered_at__isnull=True, released_at__isnull=True),
                name="question_open_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked", "complex"],
                condition=Q(answered_at__isnull=True, released_at__isnull=True),
                name="question_open",
            )
        ]


class Step(Owned):
    """One line of a vacancy's history."""

    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    event = models.CharField(max_length=20)
    before = models.CharField(max_length=20, choices=State)
    after = models.CharField(max_length=20, choices=State)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(event__in=["notice", *Event.values]), name="step_event_known"
            )
        ]


class Advice(Owned):
    """The advice as it stood when it was opened, with everything it was made from."""

    seen_with = Action.SEE_ADVICE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="advices")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField()
    inputs = models.TextField(null=True)  # noqa: DJ001 (erased at the end of its term)
    inputs_hash = models.CharField(max_length=64)
    result = models.TextField()
    engine_version = models.CharField(max_length=40)
    normset = models.CharField(max_length=80)
    after_decision = models.PositiveBigIntegerField()  # order by number, clocks may differ
    priced_at = models.DateTimeField(null=True)  # of what it says about later; None: nothing


class PricedRoom(Owned):
    """One complex as it was priced with the whole portfolio: what an advice says of later rests on.

    Made anew by the worker; an advice keeps in its own inputs the one that it was made from.
    """

    seen_with = Action.SEE_ADVICE

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField(max_length=40)
    priced_at = models.DateTimeField()
    content = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "complex", "scheme"], name="priced_room_once")
        ]


class Decision(Owned):
    """Who decided what, following or not, and why. At most one stands per vacancy."""

    seen_with = Action.SEE_DEVIATIONS

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="decisions")
    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="+")
    checked = models.TextField()  # the advice as recomputed under the lock
    checked_inputs = models.TextField(null=True)  # noqa: DJ001 (erased at the end of its term)
    checked_on = models.DateField()
    channel = models.CharField(max_length=CODE)
    channel_name = models.JSONField(default=dict)
    ground = models.CharField(max_length=30)
    advised_channel = models.CharField(max_length=CODE, default="")
    followed = models.BooleanField()
    reason = models.CharField(max_length=30)
    needs_reader = models.BooleanField(default=False)
    group = models.CharField(max_length=80, default="")  # for whom, as a week round agreed
    conditions = models.JSONField(default=list)  # kinds, asked there to be so before the key
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    key = models.UUIDField()
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)  # the notice closed, and nobody came to live there

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vacancy"],
                condition=Q(withdrawn_at__isnull=True),
                name="decision_one_stands",
            ),
            models.UniqueConstraint(fields=["owner", "key"], name="decision_key_once"),
            models.CheckConstraint(
                condition=Q(followed=True, reason__in=FollowReason.values)
                | Q(followed=False, reason__in=DeviateReason.values),
                name="decision_reason_fits",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-at"])]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show decisions to who works with advice, and to who watches deviations."""
        return super().seen_by(user) | Q(owner_id__in=user.owners(Action.SEE_ADVICE))


class Withdrawal(Owned):
    """A decision was taken back."""

    seen_with = Action.SEE_ADVICE

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=30, choices=WithdrawReason)
    key = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="withdrawal_key_once")]


class PlaceRequest(Ledger):
    """A question for a place; it names no person, and there is no field that could.

    `rooms` and `level` are what was asked for by telephone; a request from a file has neither.
    """

    seen_with = Action.SEE_REQUESTS
    shared_with = ("partner_organisation_id",)

    public_id = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    number = models.CharField(max_length=40)
    size = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    group = models.CharField(max_length=80, null=True)  # noqa: DJ001 (as in the files)
    partner = models.CharField(max_length=CODE, null=True)  # noqa: DJ001 (as in the files)
    partner_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_on = models.DateField()
    outcome = models.CharField(max_length=40, null=True)  # noqa: DJ001 (as in the files)
    closed_on = models.DateField(null=True)
    rooms = models.PositiveSmallIntegerField(null=True)
    level = models.BooleanField(default=False)  # on the ground floor, or without stairs

    class Meta:
        constraints = [current_once("number")]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show whole requests to head of letting, own consultant and own partner."""
        return (
            super().seen_by(user)
            | Q(partner_organisation_id__in=user.owners(Action.SEE_OWN_REQUESTS))
            | Q(consultant_id=user.pk, owner_id__in=user.owners(Action.SEE_ADVICE))
        )


class CandidateList(Owned):
    """A list of candidates that was brought in; the records that it wrote point to it."""

    seen_with = Action.SEE_CANDIDATES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    partner_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered = models.PositiveIntegerField()
    corrected = models.PositiveIntegerField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["owner", "-at"])]


class Candidate(Ledger):
    """A household that looks for a home: a number and what the letting rules ask, never a name.

    `public_id` is the same in every record about it. `reference` leads to the file of whoever
    registered it; at the end of the term (`keep_until`) that and the group are erased. Who has
    `left` looks no longer, and is proposed for nothing.
    """

    seen_with = Action.SEE_CANDIDATES
    TOLD: ClassVar[tuple[str, ...]] = (  # what a form or a list tells, and can be corrected
        *("size", "registered", "income_class", "priority", "target_group"),
        *("accessible_needed", "reference"),
    )

    public_id = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    number = models.CharField(max_length=20)
    reference = models.CharField(max_length=40, null=True)  # noqa: DJ001 (erased)
    size = models.PositiveSmallIntegerField()
    income_class = models.CharField(max_length=10, null=True)  # noqa: DJ001 (not filled in yet)
    registered = models.DateField()
    priority = models.CharField(max_length=40, null=True)  # noqa: DJ001 (as in the files)
    target_group = models.CharField(max_length=80, null=True)  # noqa: DJ001 (erased)
    accessible_needed = models.BooleanField(default=False)
    partner_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    rests_until = models.DateField(null=True)
    until_reassessed = models.BooleanField(default=False)
    rests_for = models.ForeignKey(  # another association, which proposed a home of its own
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    rests_since = models.DateTimeField(null=True)  # when it did
    left_on = models.DateField(null=True)
    left = models.CharField(max_length=10, default="", choices=Leaving)
    returned_from = models.CharField(max_length=20, default="")  # the number before a letting
    keep_until = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    listed = models.ForeignKey(  # the list that wrote this record
        CandidateList, null=True, on_delete=models.PROTECT, related_name="records"
    )

    class Meta:
        constraints = [current_once("number")]

    @classmethod
    def looking(cls, owner: Organisation | int) -> models.QuerySet[Candidate]:
        """Return who looks for a home at an organisation now."""
        return cls.objects.for_organisation(owner).filter(replaced_at=None, left_on=None)

    def rests(self, day: date) -> bool:
        """Whether nothing is proposed to this candidate on a day."""
        return self.until_reassessed or bool(self.rests_until and self.rests_until > day)


class Shared(Owned):
    """A row about a match, which the partner of the candidate may see while it is open to him."""

    seen_with = Action.SEE_CANDIDATES
    shared_with = ("partner_organisation_id",)

    partner_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class Match(Shared):
    """One candidate for one home, on the way to the key; carries the present state.

    `held` is the step from which it was refused or ended, `way` the steps of its channel.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="matches")
    candidate = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=MatchState)
    held = models.CharField(max_length=20, choices=MatchState, default="", blank=True)
    way = models.JSONField(default=list)
    line = models.PositiveSmallIntegerField(default=0)  # 0: first; 1: next in line, and so on
    version = models.PositiveIntegerField(default=1)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    moved_at = models.DateTimeField()
    contract_on = models.DateField(null=True)
    reason = models.CharField(max_length=30, default="", blank=True)
    consequence = models.CharField(max_length=20, choices=Consequence, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vacancy"], condition=Q(state__in=sorted(ACTIVE)), name="match_home_once"
            ),
            models.UniqueConstraint(
                fields=["owner", "candidate"],
                condition=Q(state__in=sorted(ACTIVE)),
                name="match_candidate_once",
            ),
            models.UniqueConstraint(fields=["vacancy", "candidate"], name="match_pair_once"),
            models.CheckConstraint(
                condition=Q(state__in=MatchState.values), name="match_state_known"
            ),
        ]
        indexes = [models.Index(fields=["owner", "state"])]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show a match to staff, and to the candidate's partner from its step on while open."""
        own = Q(partner_organisation_id__in=user.owners(Action.SEE_OWN_MATCHES))
        return super().seen_by(user) | (own & Q(state__in=sorted(SHARED)))


class MatchStep(Shared):
    """One line of a match's history: who, what, on whose behalf, why."""

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    hand = models.CharField(max_length=20, choices=Hand)
    act = models.CharField(max_length=20)
    before = models.CharField(max_length=20, choices=MatchState)
    after = models.CharField(max_length=20, choices=MatchState)
    reason = models.CharField(max_length=30, default="")
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["propose", "speak", *Act.values]), name="match_act_known"
            )
        ]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show the history to who sees the match."""
        own = Q(partner_organisation_id__in=user.owners(Action.SEE_OWN_MATCHES))
        return super().seen_by(user) | (own & Q(match__state__in=sorted(SHARED)))


class Condition(Shared):
    """Something that has to be so before the key is handed over."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="conditions")
    kind = models.CharField(max_length=30, choices=ConditionKind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "kind"], name="condition_once"),
        ]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show conditions to who sees the match."""
        own = Q(partner_organisation_id__in=user.owners(Action.SEE_OWN_MATCHES))
        return super().seen_by(user) | (own & Q(match__state__in=sorted(SHARED)))


class OwnText(Ledger):
    """A word or text that an organisation chose itself; `key` says where it stands."""

    seen_with = Action.SEE_NORMS

    key = models.CharField(max_length=60)
    nl = models.CharField(max_length=1000, default="")
    en = models.CharField(max_length=1000, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [current_once("key")]


class ReasonOffer(Ledger):
    """Whether an organisation offers a reason at a decision, and at which place in the list."""

    seen_with = Action.SEE_NORMS

    kind = models.CharField(max_length=10)  # follow or deviate
    code = models.CharField(max_length=30)
    offered = models.BooleanField()
    place = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [current_once("kind", "code")]
