"""What does an association tell everybody, without logging in? Norms and one counter, no places."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localdate

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Missing, Organisation
from mixwijzer.web.accounts.roles import OrganisationKind
from mixwijzer.web.desk import bridge
from mixwijzer.web.desk.bridge import BandLine, NormLine
from mixwijzer.web.letting.selectors import own_texts
from mixwijzer.web.register.models import AgreedRole, Delivery, Placement

__all__ = ["Counter", "PublicPage", "public_page"]

SMALL = 5  # a number under this is said to be "fewer than 5"
KEPT = timedelta(days=365)  # how long a letting may remember what it was for


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A number of tenants or lettings; None stands for a few, fewer than five."""

    number: int | None

    @classmethod
    def of(cls, number: int) -> Counter:
        """Keep a number, unless it is so small that it points at somebody."""
        return cls(number=None if 0 < number < SMALL else number)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """Everything that everybody may know of one association.

    `tenants` counts sitting tenants with a category or role at this association, `lettings` the
    lettings of the last year that still remember what they were for.
    """

    id: uuid.UUID
    name: str
    level: str
    tenants: Counter
    lettings: Counter
    bands: tuple[BandLine, ...]
    norms: tuple[NormLine, ...]
    texts: Mapping[str, Mapping[str, str]]
    day: date
    data_date: date | None
    synthetic: bool


def public_page(association: uuid.UUID, *, now: datetime) -> PublicPage:
    """Return the public page of one association.

    Raises
    ------
    Missing
        No such association.
    """
    owner = Organisation.objects.filter(
        public_id=association, kind=OrganisationKind.ASSOCIATION
    ).first()
    if owner is None:
        raise Missing
    with acting_for(owner):
        return _page(owner, localdate(now))


def _page(owner: Organisation, day: date) -> PublicPage:
    delivery = Delivery.objects.for_organisation(owner).order_by("-at", "-pk").first()
    return PublicPage(
        id=owner.public_id,
        name=owner.name,
        level=owner.level,
        tenants=Counter.of(_tenants(owner, day)),
        lettings=Counter.of(_lettings(owner, day)),
        bands=bridge.own_bands(owner, day),
        norms=bridge.norms_in_force(day),
        texts=own_texts(owner),
        day=day,
        data_date=delivery.data_date if delivery else None,
        synthetic=bool(delivery and delivery.synthetic),
    )


def _tenants(owner: Organisation, day: date) -> int:
    """Count leases of which a role is kept; no other row ties a category to a sitting tenant."""
    runs = Q(ends_on=None) | Q(ends_on__gt=day)
    roles = AgreedRole.objects.for_organisation(owner).filter(runs, replaced_at=None)
    return roles.filter(agreed_on__lte=day).values("tenancy").distinct().count()


def _lettings(owner: Organisation, day: date) -> int:
    """Count lettings whose kind is still tied to a notice, and with it to an address."""
    rows = Placement.objects.for_organisation(owner).filter(replaced_at=None, month__gt=day - KEPT)
    return rows.exclude(notice=None).exclude(category=None).count()
