"""Small portfolios: a builder supplies what a test doesn't talk about.

Two associations have homes in one neighbourhood of Hanzeveen, a town that does not exist.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from mixwijzer.engine.portfolio import (
    Area,
    Band,
    Cap,
    Channel,
    Complex,
    Dwelling,
    Ground,
    Judgement,
    Known,
    Letting,
    Obligation,
    Occasion,
    Placement,
    PlaceRequest,
    Portfolio,
    ProfileRow,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, 14, tzinfo=UTC)
BEFORE = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
YEARS_AGO = date(2020, 1, 1)

AREAS = (
    Area(code="GM01", kind=ScopeKind.MUNICIPALITY, name="Hanzeveen", recorded_at=BEFORE),
    Area(
        code="WK0101", kind=ScopeKind.DISTRICT, name="De Vlier", parent="GM01", recorded_at=BEFORE
    ),
    Area(
        code="BU010101",
        kind=ScopeKind.NEIGHBOURHOOD,
        name="De Vlier-Noord",
        parent="WK0101",
        year=2026,
        dwellings=624,
        recorded_at=BEFORE,
    ),
)


def a_channel(name: str, shares: tuple[str, str, str], **more: object) -> Channel:
    """Build a channel of the scheme `role`; without a ground it is an ordinary one."""
    given = {"name": {"en": name.title(), "nl": name.title()}, "recorded_at": BEFORE, **more}
    return Channel(id=name, scheme="role", shares=tuple(map(Decimal, shares)), **given)


ORDINARY = a_channel("ordinary", ("0.30", "0.55", "0.15"))
MEDIATION = a_channel(
    "mediation",
    ("1", "0", "0"),
    ground=Ground.DIRECT_MEDIATION,
    ground_source="Prestatieafspraken 2026, bijlage B",
    ground_end=date(2027, 12, 31),
)
LANDING = a_channel(
    "landing",
    ("1", "0", "0"),
    ground=Ground.DIRECT_MEDIATION,
    ground_source="Afspraak met Opstap",
    ground_end=date(2026, 11, 1),
)
CHANNELS = (ORDINARY, MEDIATION, LANDING)


def homes(code: str, count: int, *, empty: tuple[int, ...] = ()) -> Portfolio:
    """Build a complex with so many homes, all let since long, but for those that stand empty."""
    dwellings = tuple(
        Dwelling(
            id=f"{code}-{number:03d}",
            complex=code,
            address=f"{code}hof {number}",
            rooms=3,
            rent=Decimal("694.00"),
            recorded_at=BEFORE,
        )
        for number in range(1, count + 1)
    )
    tenancies = tuple(
        Tenancy(id=f"T-{each.id}", dwelling=each.id, start=YEARS_AGO, recorded_at=BEFORE)
        for number, each in enumerate(dwellings, 1)
        if number not in empty
    )
    return Portfolio(dwellings=dwellings, tenancies=tenancies)


def a_complex(code: str, *, owner: str = "woonbelang", **more: object) -> Complex:
    """Build a complex in the one neighbourhood."""
    given = {"name": f"De {code}hof", "lat": 52.5, "lon": 6.1, "recorded_at": BEFORE, **more}
    return Complex(id=code, owner=owner, neighbourhood="BU010101", **given)


def a_round(
    code: str,
    by: str,
    *,
    attention: tuple[int, int, int],
    carrier: tuple[int, int, int] = (2, 3, 4),
    on: date = date(2026, 9, 3),
    known: Known = Known.MOST,
) -> tuple[Judgement, ...]:
    """Build one judge's yearly round in a complex."""
    told = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return tuple(
        Judgement(
            scope=Scope(ScopeKind.COMPLEX, code),
            scheme="role",
            on=on,
            by=by,
            known=known,
            category=category,
            low=low,
            best=best,
            high=high,
            occasion=Occasion.YEARLY,
            recorded_at=told,
        )
        for category, (low, best, high) in (("attention", attention), ("carrier", carrier))
    )


def a_vacancy(
    dwelling: str,
    *,
    notice: date = date(2026, 11, 12),
    publication: date | None = date(2026, 11, 30),
) -> Vacancy:
    """Build an open notice; its id is the dwelling's with a V."""
    return Vacancy(
        id=f"V-{dwelling}",
        dwelling=dwelling,
        notice=notice,
        free_from=date(2026, 12, 14),
        publication=publication,
        recorded_at=BEFORE,
    )


def bands(owner: str, *, most: int = 4000) -> tuple[ProfileRow, ...]:
    """Build the bands of an association: attention up to `most`, carriers from 10 % [bp]."""
    return tuple(
        ProfileRow(
            id=f"{owner}-{kind.name.lower()}-{category}",
            set_by_kind="organisation",
            set_by=owner,
            for_kind=kind,
            scheme="role",
            category=category,
            band=band,
            start=date(2026, 1, 1),
            motive="Rustig portiek",
            recorded_at=BEFORE,
        )
        for kind in (ScopeKind.COMPLEX, ScopeKind.NEIGHBOURHOOD)
        for category, band in (
            ("attention", Band(min=3000, target=3500, max=most)),
            ("carrier", Band(min=1000, target=1500)),
        )
    )


def a_cap(code: str, at_most: int) -> Cap:
    """Build a cap on attention in one complex."""
    return Cap(
        id=f"cap-{code}",
        set_by_kind="complex",
        set_by=code,
        for_kind=ScopeKind.COMPLEX,
        scheme="role",
        category="attention",
        at_most=at_most,
        start=date(2026, 1, 1),
        recorded_at=BEFORE,
    )


def joined(*parts: Portfolio) -> Portfolio:
    """Put portfolios together."""
    tables = [name for name in Portfolio.__dataclass_fields__ if name not in _SINGLE]
    return Portfolio(
        **{name: tuple(row for part in parts for row in getattr(part, name)) for name in tables},
        data_date=TODAY,
        synthetic=True,
    )


_SINGLE = {"data_date", "synthetic"}


def hanzeveen() -> Portfolio:
    """Build the town: Vlierhof (24 homes, two notices), Molenhof (12, never judged), Elders.

    Judges are called `iris` and `hans`, as in the cast.
    """
    vlier = homes("Vlier", 24, empty=(24,))
    return joined(
        vlier,
        homes("Molen", 12),
        homes("Elders", 10),
        Portfolio(
            areas=AREAS,
            complexes=(
                a_complex("Vlier"),
                a_complex("Molen", lat=52.51),
                a_complex("Elders", owner="elders"),
            ),
            judgements=(
                *a_round("Vlier", "iris", attention=(5, 6, 8)),
                *a_round("Vlier", "hans", attention=(5, 7, 9), on=date(2026, 9, 10)),
                *a_round("Elders", "olga", attention=(2, 3, 4)),
            ),
            vacancies=(
                a_vacancy("Vlier-003"),
                a_vacancy("Vlier-024", notice=date(2026, 10, 1)),
                a_vacancy("Molen-002"),
                a_vacancy("Elders-001"),
            ),
            profiles=(*bands("woonbelang"), *bands("elders")),
            channels=CHANNELS,
            placements=tuple(
                Placement(
                    id=f"P{number}",
                    scope=Scope(ScopeKind.COMPLEX, "Vlier"),
                    month=date(2026, 3, 1),
                    category="regular",
                    channel="ordinary" if number < 6 else "mediation",
                    recorded_at=BEFORE,
                )
                for number in range(8)
            ),
            lettings=(
                Letting(
                    vacancy="V-oud",
                    channel="mediation",
                    ground=Ground.DIRECT_MEDIATION,
                    group="status_holder",
                    persons=3,
                    on=date(2026, 5, 1),
                    recorded_at=BEFORE,
                ),
            ),
            obligations=(
                Obligation(
                    id="O-1",
                    group="status_holder",
                    owner="woonbelang",
                    start=date(2026, 1, 1),
                    end=date(2027, 1, 1),
                    unit="persons",
                    target=12,
                    recorded_at=BEFORE,
                ),
            ),
            place_requests=(
                PlaceRequest(
                    number="26-041",
                    size=3,
                    kind="attention",
                    group="outflow",
                    partner="opstap",
                    asked_on=date(2026, 8, 10),
                    recorded_at=BEFORE,
                ),
                PlaceRequest(
                    number="26-070",
                    size=2,
                    kind="attention",
                    partner="elders-zorg",
                    asked_on=date(2026, 11, 2),
                    recorded_at=BEFORE,
                ),
            ),
        ),
    )


def with_rows(portfolio: Portfolio, **tables: tuple[object, ...]) -> Portfolio:
    """Add rows to tables."""
    return replace(
        portfolio, **{name: (*getattr(portfolio, name), *rows) for name, rows in tables.items()}
    )
