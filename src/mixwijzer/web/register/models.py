"""The rows behind a portfolio, with two clocks.

Nothing is edited. A record holds from `recorded_at` until a later one replaces it: then, once,
`replaced_at` is filled; the current row of a key is the one without. Both moments together give
back the register as it was known at any time. The database itself refuses any other change
(migrations, `AppendOnly`). Two tables are no ledger: `Complex`, which only carries a complex's
identity and is the row that a decision locks, and `AccountState`, which can be made again from
the other rows at any time (`rebuild_accounts`).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mixwijzer.web.accounts.models import Organisation, Owned, User
from mixwijzer.web.accounts.roles import Action, Role
from mixwijzer.web.register.import_states import ImportState

__all__ = [
    "AccountState",
    "AgreedRole",
    "Area",
    "AreaShape",
    "Channel",
    "Complex",
    "ComplexFacts",
    "Count",
    "Delivery",
    "Dwelling",
    "Import",
    "Judgement",
    "Ledger",
    "Letting",
    "Notice",
    "OwnMapping",
    "Placement",
    "Renumbering",
    "Tenancy",
    "Undertaking",
    "last_of",
]

CODE = 120  # longest code of a thing in somebody's files [characters]


class Ledger(Owned):
    """A row that is never edited, only replaced by a later record."""

    # Every ledger has an index that begins with its owner. One of the owner alone would be chosen
    # by SQLite before the right one, and then a page reads a whole association.
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @classmethod
    def last_known(
        cls, owner: Organisation | int, column: str, keys: Collection[Any]
    ) -> dict[Any, Self]:
        """Return the current row of each key; where none is, the last one that was.

        A row that was taken back with its import has no successor, but what was built on it stays.
        """
        found = last_of(cls.objects.for_organisation(owner), column, keys)
        return {key: row for (_owner, key), row in found.items()}


def last_of(
    rows: models.QuerySet[Any], column: str, keys: Collection[Any]
) -> dict[tuple[int, Any], Any]:
    """Return of these rows, by owner and key, the current one or else the last one that was."""
    told = rows.filter(**{f"{column}__in": set(keys)})
    found = {(row.owner_id, getattr(row, column)): row for row in told.filter(replaced_at=None)}
    if missing := set(keys) - {key for _owner, key in found}:
        before = rows.filter(**{f"{column}__in": missing}).order_by("recorded_at", "pk")
        found |= {(row.owner_id, getattr(row, column)): row for row in before}
    return found


def current_once(*fields: str) -> models.UniqueConstraint:
    """Let one row per key be current."""
    return models.UniqueConstraint(
        fields=["owner", *fields],
        condition=Q(replaced_at__isnull=True),
        name="%(app_label)s_%(class)s_current",
    )


class Delivery(Owned):
    """A portfolio that was brought in: whose data, of which day, made up or real."""

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    data_date = models.DateField(null=True)
    synthetic = models.BooleanField(default=False)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["owner", "-at"])]

    @classmethod
    def seen_by(cls, user: User) -> Q:
        """Show of which day the data are to who sees homes, and to who brings them in."""
        return super().seen_by(user) | Q(owner_id__in=user.owners(Action.LOAD))


class Area(Ledger):
    """A municipality, district or neighbourhood."""

    code = models.CharField(max_length=CODE)
    kind = models.SmallIntegerField()
    name = models.CharField(max_length=200)
    parent = models.CharField(max_length=CODE, null=True)  # noqa: DJ001 (as in the files)
    year = models.SmallIntegerField(null=True)
    dwellings = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [current_once("code")]


class Complex(Owned):
    """The identity of a complex, and the lock of every decision about its homes.

    `version` rises with everything that changes its account.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=CODE)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="complex_code_once")]


class OfComplex(Ledger):
    """A record about something in a complex."""

    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class ComplexFacts(OfComplex):
    """What a complex is called and where it lies; `district` and `municipality` follow from areas.

    `homes` counts its base where dwellings aren't listed.
    """

    name = models.CharField(max_length=200)
    neighbourhood = models.CharField(max_length=CODE, null=True)  # noqa: DJ001 (as in the files)
    district = models.CharField(max_length=CODE, default="")
    municipality = models.CharField(max_length=CODE, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    magic_mix = models.BooleanField(default=False)
    homes = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [current_once("complex")]
        indexes = [
            models.Index(
                fields=["owner", "neighbourhood"],
                condition=Q(replaced_at__isnull=True),
                name="facts_by_neighbourhood",
            ),
            models.Index(
                fields=["owner", "district"],
                condition=Q(replaced_at__isnull=True),
                name="facts_by_district",
            ),
            models.Index(
                fields=["owner", "municipality"],
                condition=Q(replaced_at__isnull=True),
                name="facts_by_municipality",
            ),
        ]


class Dwelling(OfComplex):
    """A home. `public_id` is the same in every record about it."""

    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+", db_index=False)
    public_id = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    code = models.CharField(max_length=CODE)
    address = models.CharField(max_length=200, default="")
    stairwell = models.CharField(max_length=CODE, null=True)  # noqa: DJ001 (as in the files)
    floor = models.SmallIntegerField(null=True)
    rooms = models.SmallIntegerField(null=True)
    rent = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    accessible = models.BooleanField(default=False)
    bag_id = models.CharField(max_length=16, null=True)  # noqa: DJ001 (as in the files)
    in_base = models.BooleanField(default=True)
    out_reason = models.CharField(max_length=20, null=True)  # noqa: DJ001 (as in the files)

    class Meta:
        constraints = [current_once("code")]
        indexes = [
            models.Index(fields=["complex", "replaced_at"], name="dwelling_by_complex"),
        ]


class Tenancy(OfComplex):
    """A lease. `household` links leases of one household and is erased at the end of its term."""

    seen_with = Action.SEE_ADVICE

    code = models.CharField(max_length=CODE)
    dwelling = models.CharField(max_length=CODE)
    start = models.DateField()
    end = models.DateField(null=True)
    lease_kind = models.CharField(max_length=20)
    household = models.CharField(max_length=CODE, null=True)  # noqa: DJ001 (as in the files)

    class Meta:
        constraints = [current_once("code")]
        indexes = [
            models.Index(
                fields=["complex", "end"],
                condition=Q(replaced_at__isnull=True),
                name="tenancy_by_complex",
            ),
            models.Index(
                fields=["complex", "start"],
                condition=Q(replaced_at__isnull=True),
                name="tenancy_by_start",
            ),
            models.Index(
                fields=["owner", "dwelling"],
                condition=Q(replaced_at__isnull=True),
                name="tenancy_by_dwelling",
            ),
        ]


class Notice(OfComplex):
    """A dwelling comes free. `public_id` is the same in every record about it."""

    public_id = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    code = models.CharField(max_length=CODE)
    dwelling = models.CharField(max_length=CODE)
    notice = models.DateField()
    free_from = models.DateField()
    publication = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [current_once("code")]
        indexes = [
            models.Index(
                fields=["complex"], condition=Q(replaced_at__isnull=True), name="notice_by_complex"
            ),
        ]


class Statement(Ledger):
    """Something said or counted about a complex or a group of its stairwells."""

    seen_with = Action.SEE_ADVICE

    complex = models.ForeignKey(  # none for a wider scope
        Complex, null=True, on_delete=models.PROTECT, related_name="+"
    )
    scope_kind = models.SmallIntegerField()
    scope_code = models.CharField(max_length=CODE)
    scheme = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    on = models.DateField()

    class Meta:
        abstract = True


class Judgement(Statement):
    """What one judge said of one category: lowest, best, highest.

    `by` is the judge's pseudonym (his public id, or the name an imported file used); `judge` the
    person behind it, as long as that link may be kept. `notice` is the vacancy it was asked for.
    """

    by = models.CharField(max_length=CODE)
    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    known = models.CharField(max_length=10)
    low = models.PositiveSmallIntegerField()
    best = models.PositiveSmallIntegerField()
    high = models.PositiveSmallIntegerField()
    plus = models.PositiveSmallIntegerField(null=True)
    minus = models.PositiveSmallIntegerField(null=True)
    occasion = models.CharField(max_length=12)
    notice = models.CharField(max_length=CODE, default="")

    class Meta:
        constraints = [
            current_once("scope_kind", "scope_code", "scheme", "on", "by", "category", "notice"),
            models.CheckConstraint(
                condition=Q(low__lte=models.F("best"), best__lte=models.F("high")),
                name="judgement_low_best_high",
            ),
        ]
        indexes = [
            models.Index(
                fields=["complex", "-on"],
                condition=Q(replaced_at__isnull=True),
                name="judgement_by_complex",
            ),
            models.Index(fields=["owner", "notice"], name="judgement_by_notice"),
        ]


class Count(Statement):
    """A counted number of households of a category."""

    households = models.PositiveIntegerField()

    class Meta:
        constraints = [current_once("scope_kind", "scope_code", "scheme", "category", "on")]
        indexes = [
            models.Index(
                fields=["complex"], condition=Q(replaced_at__isnull=True), name="count_by_complex"
            ),
        ]


class Placement(Ledger):
    """What a home was let for; `notice`, its tie to an address, can be erased."""

    seen_with = Action.SEE_ADVICE

    complex = models.ForeignKey(  # none for a wider scope
        Complex, null=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=CODE)
    scope_kind = models.SmallIntegerField()
    scope_code = models.CharField(max_length=CODE)
    month = models.DateField()
    category = models.CharField(max_length=40, null=True)  # noqa: DJ001 (as in the files)
    channel = models.CharField(max_length=CODE)
    notice = models.CharField(max_length=CODE, null=True)  # noqa: DJ001 (as in the files)

    class Meta:
        constraints = [current_once("code")]
        indexes = [
            models.Index(
                fields=["complex", "month"],
                condition=Q(replaced_at__isnull=True),
                name="placement_by_complex",
            ),
        ]


class Letting(OfComplex):
    """A home that was let or promised: through which channel, on which ground."""

    seen_with = Action.SEE_ADVICE

    notice = models.CharField(max_length=CODE)
    channel = models.CharField(max_length=CODE)
    ground = models.CharField(max_length=30)
    category = models.CharField(max_length=40, null=True)  # noqa: DJ001 (as in the files)
    group = models.CharField(max_length=80, null=True)  # noqa: DJ001 (as in the files)
    persons = models.PositiveSmallIntegerField(null=True)
    on = models.DateField()

    class Meta:
        constraints = [current_once("notice", "on")]  # its index finds lettings by notice
        indexes = [
            models.Index(
                fields=["complex"], condition=Q(replaced_at__isnull=True), name="letting_by_complex"
            ),
        ]


class AgreedRole(OfComplex):
    """A role that a household agreed to and can end (level *afspraak*)."""

    seen_with = Action.SEE_ADVICE

    tenancy = models.CharField(max_length=CODE)
    role = models.CharField(max_length=40)
    agreed_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [current_once("tenancy", "role", "agreed_on")]
        indexes = [
            models.Index(
                fields=["complex"], condition=Q(replaced_at__isnull=True), name="role_by_complex"
            ),
        ]


class Channel(Ledger):
    """A way to a new household, with the ground it rests on; `place` is its order in a list."""

    code = models.CharField(max_length=CODE)
    place = models.PositiveSmallIntegerField()
    scheme = models.CharField(max_length=40)
    name = models.JSONField()
    shares = models.JSONField()
    delay = models.PositiveSmallIntegerField(default=0)
    ground = models.CharField(max_length=30)
    ground_source = models.CharField(max_length=300, default="")
    ground_start = models.DateField(null=True)
    ground_end = models.DateField(null=True)
    label = models.JSONField(default=dict)
    intake_form = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [current_once("code")]


class AreaShape(Ledger):
    """The outline of an area, simplified to what a map on a screen can show.

    `polygons` holds polygons, each a list of rings (the first is the outside), each a list of
    points [longitude, latitude]; `year` is that of the map.
    """

    code = models.CharField(max_length=CODE)
    kind = models.SmallIntegerField()
    name = models.CharField(max_length=200, default="")
    year = models.SmallIntegerField(null=True)
    polygons = models.JSONField()

    class Meta:
        constraints = [current_once("code")]


class Renumbering(Ledger):
    """What files call `theirs` from a day on, is `ours` here: a complex, or a notice.

    A complex keeps its first code here for ever, so everything that was ever said of it stays with
    it. A notice that was typed by hand keeps its own number when the file arrives with another.
    """

    class Kind(models.TextChoices):
        """What was renumbered."""

        COMPLEX = "complex"
        NOTICE = "notice"

    seen_with = Action.LOAD

    kind = models.CharField(max_length=10, choices=Kind)
    theirs = models.CharField(max_length=CODE)
    ours = models.CharField(max_length=CODE)
    from_on = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [current_once("kind", "theirs")]


class OwnMapping(Ledger):
    """How a system of this association names its columns: a profile that somebody uploaded.

    `content` is the file, which was found right; `title` is what it calls itself, by language.
    """

    seen_with = Action.LOAD

    name = models.CharField(max_length=80)
    title = models.JSONField()
    content = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [current_once("name")]


class Import(Owned):
    """One file on its way into the register: from upload to applied, and perhaps taken back.

    The file itself is gone as soon as it was read. `findings` and `diff` hold codes, places and
    numbers, never a cell that was refused. All rows that it wrote are recorded at `applied_at`,
    and all that it replaced were replaced then: that is how it can be taken back.
    """

    seen_with = Action.LOAD

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=ImportState, default=ImportState.RECEIVED)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, default="")
    mapping = models.CharField(max_length=80, default="")
    unattended = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    moved_at = models.DateTimeField()  # last sign of life
    step = models.CharField(max_length=20, default="")  # what it is doing now
    data_date = models.DateField(null=True)
    synthetic = models.BooleanField(default=False)
    findings = models.JSONField(default=list)
    diff = models.JSONField(default=dict)
    held_for = models.JSONField(default=list)  # which guard rails stopped it
    trouble = models.CharField(max_length=40, default="")  # why it stopped by itself
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_known"
            ),
            models.UniqueConstraint(fields=["owner", "applied_at"], name="import_moment_once"),
        ]
        indexes = [models.Index(fields=["owner", "-received_at"], name="import_latest")]


class Undertaking(Owned):
    """Somebody's complex: who is asked as its consultant, who knows it as its manager."""

    ROLES = (Role.CONSULTANT, Role.MANAGER)

    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complex", "role"], name="undertaking_one_per_role")
        ]
        indexes = [models.Index(fields=["user"])]


class AccountState(Owned):
    """The account of a complex or group as the filter left it, with what it was made from.

    `homes` counts the homes of a complex by size, and the days on which one was left (`Holding`);
    `brief` is the account with the sums per category only. Both are read for many complexes at
    once, where `state` is ten times as long.
    """

    seen_with = Action.SEE_ADVICE

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    complex = models.ForeignKey(Complex, on_delete=models.PROTECT, related_name="+", db_index=False)
    scope_kind = models.SmallIntegerField()
    scope_code = models.CharField(max_length=CODE)
    scheme = models.CharField(max_length=40)
    base = models.PositiveIntegerField()
    through = models.DateField()
    judged_on = models.DateField(null=True)
    inputs_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    homes = models.TextField(default="")
    brief = models.TextField(default="")
    state = models.TextField()  # last: who reads another column needn't walk through it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "complex", "scheme", "scope_kind", "scope_code"],
                name="state_once",
            )
        ]
