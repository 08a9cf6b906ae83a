"""Whose is this row, and who may see it?

Every row of every feature has an owner, an `Organisation`. `Model.objects` is not a Django manager
but a door with two handles: `visible_to(user)` for pages, and `for_organisation(organisation)` for
services and bridges that already know on whose behalf they work. What a door does not show does
not exist for the caller: a foreign row and a missing one both raise `Missing`, a 404.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar, Generic, TypeVar, cast

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts.roles import MATRIX, Action, OrganisationKind, Role

__all__ = [
    "Door",
    "LogIn",
    "Membership",
    "Missing",
    "OneTimeLink",
    "Organisation",
    "Owned",
    "User",
    "Visitor",
]

Row = TypeVar("Row", bound="Owned")
FIRST_DAY = date(2000, 1, 1)  # a role that was given before days were kept


class Missing(Http404):
    """No such thing, or not one for this person; both look the same."""


class Organisation(models.Model):
    """An association, municipality, care partner or tenants' organisation.

    `code` is how the portfolio's files name it (column `owner`). A tenants' organisation speaks
    for the tenants of one association and sees that association's norms and deviations.
    """

    class Level(models.TextChoices):
        """What is kept about sitting households."""

        JUDGEMENT = "judgement", _("judgement")
        AGREEMENT = "agreement", _("agreement")
        HOUSEHOLD = "household", _("household")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    level = models.CharField(max_length=10, choices=Level, default=Level.JUDGEMENT)
    speaks_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kept_by = models.ForeignKey(  # the association whose administrator invites its people
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["User"]):
    """Makes people; finding them for log-in is Django's own."""

    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        """Make a person; without a password he can't log in by one."""
        user = User(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail address, whatever the case of its letters."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who logs in with an e-mail address."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)

    objects = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def memberships_now(self) -> tuple[tuple[int, int | None, str], ...]:
        """Organisation, whose tenants it speaks for, and role. One query, kept for the request."""
        rows = (
            Membership.now()
            .filter(user=self)
            .values_list("organisation_id", "organisation__speaks_for_id", "role")
        )
        return tuple(rows)

    @cached_property
    def standing(self) -> frozenset[tuple[int, Role]]:
        """Per role: the organisation whose rows it is about."""
        return frozenset((about or own, Role(role)) for own, about, role in self.memberships_now)

    @cached_property
    def reach(self) -> frozenset[int]:
        """Every organisation whose rows the database may show this person at all."""
        if not self.is_active:
            return frozenset()
        both = ((own, about or own) for own, about, _ in self.memberships_now)
        return frozenset(key for pair in both for key in pair)

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Every role of this person, in the order of the list of roles."""
        held = {role for _, role in self.standing}
        return tuple(role for role in Role if role in held)

    def owners(self, action: Action) -> frozenset[int]:
        """Organisations for whose rows some role of this person has this action."""
        if not self.is_active:
            return frozenset()
        return frozenset(owner for owner, role in self.standing if action in MATRIX[role])


Visitor = User | AnonymousUser


class Membership(models.Model):
    """A person has a role in an organisation, from a day and until a day.

    It holds on `start` and not any more on `end`. One that `waits` holds only after a second
    person confirmed it: somebody gave himself a role with which one sees advice.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role)
    start = models.DateField(default=FIRST_DAY)
    end = models.DateField(null=True, blank=True)
    waits = models.BooleanField(default=False)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(end__isnull=True),
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="membership_forward"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} ({self.organisation})"

    @classmethod
    def now(cls) -> QuerySet[Membership]:
        """Return the roles that hold today; what ended yesterday gives nothing any more."""
        day = timezone.localdate()
        begun = Q(start__lte=day, waits=False)
        return cls.objects.filter(begun & (Q(end__isnull=True) | Q(end__gt=day)))


class LogIn(models.Model):
    """Somebody logged in somewhere; ending it ends the session at once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="log_ins")
    session = models.CharField(max_length=40, unique=True)
    began = models.DateTimeField()
    seen = models.DateTimeField()
    browser = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.user}: {self.browser}"


class Door(Generic[Row]):
    """The two ways to rows of a model."""

    def __init__(self, model: type[Row]) -> None:
        self._model = model

    def visible_to(self, user: Visitor) -> QuerySet[Row]:
        """Rows that this person may see; none for somebody who is not logged in."""
        rows = self._rows()
        if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
            return rows.none()
        return rows.filter(self._model.seen_by(cast("User", user)))

    def for_organisation(self, organisation: Organisation | int) -> QuerySet[Row]:
        """Rows of one organisation, for services and bridges."""
        owner = organisation if isinstance(organisation, int) else organisation.pk
        return self._rows().filter(owner_id=owner)

    def one(self, user: Visitor, public_id: uuid.UUID) -> Row:
        """Return one visible row by its public id.

        Raises
        ------
        Missing
            When it does not exist, or is another's.
        """
        found = self.visible_to(user).select_related("owner")
        row = found.filter(public_id=public_id).first()
        if row is None:
            raise Missing
        return row

    def _rows(self) -> QuerySet[Row]:
        return cast("QuerySet[Row]", self._model._default_manager.all())  # noqa: SLF001


class _Entrance:
    """Gives every model its own door under the name `objects`."""

    def __get__(self, instance: object, model: type[Row]) -> Door[Row]:
        return Door(model)


class Owned(models.Model):
    """Base of every row of every feature: it has an owner, and one door."""

    seen_with: ClassVar[Action] = Action.SEE_HOMES
    shared_with: ClassVar[tuple[str, ...]] = ()  # columns with organisations that may read it too

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    # Django needs a manager for its own work; only this module and the load use it.
    of_everybody = models.Manager()
    objects = _Entrance()

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Which rows may this person see? A feature with partners widens this."""
        return Q(owner_id__in=user.owners(cls.seen_with))


class OneTimeLink(Owned):
    """A link by which somebody comes in once: invited, or to choose a new password.

    The owner is the association whose administrator made it. The link itself is not kept: it is
    this row's public id, signed.
    """

    class Purpose(models.TextChoices):
        """What it opens."""

        INVITE = "invite", _("invitation")
        RESET = "reset", _("new password")

    seen_with = Action.MANAGE_PEOPLE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=30, choices=Role, blank=True)
    end = models.DateField(null=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    second_factor_too = models.BooleanField(default=False)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose}: {self.email}"

    def open_at(self, now: datetime) -> bool:
        """Whether it still opens something."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at
