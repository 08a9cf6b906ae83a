"""A round and its homes: what was proposed, from what, and who agreed or chose otherwise.

A week round proposes ways, a city round candidates. What happened stands in the trail; decisions
and matches themselves are those of the vacancies.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mixwijzer.web.accounts.models import Organisation, Owned, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.letting.models import Decision, Match, Vacancy
from mixwijzer.web.rounds.answer_steps import AnswerAct, AnswerState, Side, Silence
from mixwijzer.web.rounds.city_steps import AbsenceReason, CityState, LeaveReason, Work
from mixwijzer.web.rounds.table_steps import TableState
from mixwijzer.web.rounds.transitions import WeekState

__all__ = [
    "Absence",
    "CityHome",
    "CityPerson",
    "CityRound",
    "PartyAnswer",
    "PartyAsk",
    "RoundItem",
    "Seat",
    "WeekRound",
]


class WeekRound(Owned):
    """The round of one week of an association.

    `inputs` is what the proposal was made from, by its parts, so that what changed since can be
    counted and named; `result` is what came out.
    """

    seen_with = Action.SEE_ADVICE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    week = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    key = models.UUIDField()
    state = models.CharField(max_length=10, choices=WeekState, default=WeekState.PREPARED)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    runs = models.PositiveSmallIntegerField(default=0)
    computed_at = models.DateTimeField(null=True)
    inputs = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64, default="")
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="week_round_key_once"),
            models.UniqueConstraint(
                fields=["owner", "year", "week"],
                condition=~Q(state=WeekState.DROPPED),
                name="week_round_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WeekState.values), name="week_round_state_known"
            ),
            models.CheckConstraint(
                condition=Q(week__gte=1, week__lte=53), name="week_round_week_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.week:02d}"


class RoundItem(Owned):
    """One home of a round: the way that is proposed, its text, and the answer."""

    seen_with = Action.SEE_ADVICE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    week_round = models.ForeignKey(WeekRound, on_delete=models.PROTECT, related_name="items")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=80, default="")
    group = models.CharField(max_length=80, default="")
    advert = models.CharField(max_length=1000, default="")
    edited = models.BooleanField(default=False)  # the text is a person's, computing leaves it
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    elsewhere = models.BooleanField(default=False)  # decided on the page of the vacancy

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week_round", "vacancy"], name="round_item_once"),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, answered_by__isnull=True, decision__isnull=True)
                | Q(agreed__isnull=False, answered_by__isnull=False, decision__isnull=False),
                name="round_item_answer_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week_round_id}: {self.vacancy_id}"


class WithParty(Owned):
    """A row about another organisation, which may see it with an action of its own."""

    shared_with = ("party_id",)
    party_sees_with: Action

    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show it to its owner's people, and to those of the party."""
        return super().seen_by(user) | Q(party_id__in=user.owners(cls.party_sees_with))


class OfParty(WithParty):
    """A row about one line of a sheet, which the party that answers about it may see."""

    seen_with = Action.SEE_ADVICE
    party_sees_with = Action.ANSWER_ROUNDS

    class Meta:
        abstract = True


class PartyAsk(OfParty):
    """One party is asked about one home; `told` is all that it gets to know of it.

    `because` is why it is asked: it mediates, or a clause says so. Asked anew, with something else
    in it, this one ends.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="asks")
    side = models.CharField(max_length=20, choices=Side)
    silence = models.CharField(max_length=10, choices=Silence)
    due = models.DateField()
    told = models.JSONField()
    because = models.JSONField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "party"],
                condition=Q(ended_at__isnull=True),
                name="party_asked_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.party_id}"


class PartyAnswer(OfParty):
    """One line of what was answered about a home: who, when, what, and why."""

    ask = models.ForeignKey(PartyAsk, on_delete=models.PROTECT, related_name="answers")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=20, choices=Side)
    act = models.CharField(max_length=10, choices=AnswerAct)
    before = models.CharField(max_length=10, choices=AnswerState)
    after = models.CharField(max_length=10, choices=AnswerState)
    word = models.CharField(max_length=30, default="", blank=True)  # condition or reason

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=AnswerAct.values), name="party_answer_act_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ask_id}: {self.act}"


class AtTable(WithParty):
    """A row of who set a table about a party that was asked to it, which that party may see."""

    seen_with = party_sees_with = Action.MATCH

    class Meta:
        abstract = True


class Seat(AtTable):
    """A place at a table where associations divide homes and candidates together.

    Who set the table owns its seats, of which one is its own; `party` was asked to sit there. It
    reads who else was asked, and brings a round of its own. A table that is closed is so at every
    seat, so that each party reads it at its own, until it is opened again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    table = models.UUIDField()
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "party"], name="seat_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="seat_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.party_id}"

    @property
    def state(self) -> TableState:
        """Where the table stands."""
        return TableState.CLOSED if self.closed_at else TableState.OPEN


class Absence(AtTable):
    """An association that was asked to a table takes no part; ended where it does after all."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=AbsenceReason)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=Q(ended_at__isnull=True), name="absence_once"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=AbsenceReason.values), name="absence_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.reason}"


class CityRound(Owned):
    """Homes and candidates that are divided together.

    `inputs` and `result` as of a week round. `work` is what a worker has to do, `alive_at` its last
    sign of life and `run` the run that may still write: of two workers the later one. With a `seat`
    it is what its association brings to a table: `bringing` is what would lie there, and it lies
    there since `laid_at`. Then `result` is its own part of what was divided there.
    """

    seen_with = Action.MATCH

    seat = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    laid_at = models.DateTimeField(null=True)
    laid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    key = models.UUIDField()
    state = models.CharField(max_length=10, choices=CityState, default=CityState.PREPARED)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    work = models.CharField(max_length=10, choices=Work, default=Work.NONE, blank=True)
    run = models.UUIDField(null=True)
    alive_at = models.DateTimeField(null=True)
    done = models.PositiveSmallIntegerField(default=0)  # homes looked at in this run
    trouble = models.JSONField(default=dict)
    runs = models.PositiveSmallIntegerField(default=0)
    computed_at = models.DateTimeField(null=True)
    inputs = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64, default="")
    bringing = models.JSONField(default=dict)
    result = models.JSONField(default=dict)  # last: a list needn't walk through it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="city_round_key_once"),
            models.UniqueConstraint(
                fields=["seat"], condition=~Q(state=CityState.DROPPED), name="city_round_seat_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CityState.values), name="city_round_state_known"
            ),
            models.CheckConstraint(condition=Q(work__in=Work.values), name="city_round_work_known"),
        ]

    def __str__(self) -> str:
        return self.name


class CityHome(Owned):
    """One home of a city round: for whom, and whether he was proposed.

    It is held as long as its round stands: no home is in two.
    """

    seen_with = Action.MATCH

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    city_round = models.ForeignKey(CityRound, on_delete=models.PROTECT, related_name="homes")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    held = models.BooleanField(default=True)
    candidate = models.CharField(max_length=20, default="")  # number; empty: nobody
    candidate_of = models.ForeignKey(  # another association, whose number it is
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    match = models.ForeignKey(Match, null=True, on_delete=models.PROTECT, related_name="+")
    left_because = models.CharField(max_length=20, choices=LeaveReason, default="", blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_round", "vacancy"], name="city_home_once"),
            models.UniqueConstraint(
                fields=["vacancy"], condition=Q(held=True), name="city_home_held_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True, match__isnull=True, left_because="")
                | Q(settled_by__isnull=False, match__isnull=False, left_because="")
                | Q(
                    settled_by__isnull=False,
                    match__isnull=True,
                    left_because__in=LeaveReason.values,
                ),
                name="city_home_settled_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_round_id}: {self.vacancy_id}"


class CityPerson(Owned):
    """One candidate of a city round, by number; held as a home is.

    `taken_at` is when another association at the table proposed a home of its own.
    """

    seen_with = Action.MATCH

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    city_round = models.ForeignKey(CityRound, on_delete=models.PROTECT, related_name="people")
    candidate = models.CharField(max_length=20)
    held = models.BooleanField(default=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_round", "candidate"], name="city_person_once"),
            models.UniqueConstraint(
                fields=["owner", "candidate"], condition=Q(held=True), name="city_person_held_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_round_id}: {self.candidate}"
