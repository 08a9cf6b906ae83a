"""A small housing stock, built in a consultant's words; what doesn't matter is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from mixwijzer.engine.advice import Advice, advise
from mixwijzer.engine.norms import Norm, Norms, NormValue, Standing
from mixwijzer.engine.portfolio import (
    Area,
    Assessment,
    Band,
    Cap,
    Channel,
    Complex,
    Dwelling,
    Ground,
    Judgement,
    Known,
    Letting,
    Portfolio,
    ProfileRow,
    Role,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)
from tests.engine.cases import FIGURES
from tests.engine.oracle import Figures

DAY = date(2026, 11, 20)
LONG_AGO = date(2015, 1, 1)
OWNER = "OB"
OWN = "C"

SHARES = {
    "ordinary": ("0.30", "0.55", "0.15"),
    "mediation": ("1", "0", "0"),
    "neighbours": ("0", "0.2", "0.8"),
}


def at_noon(day: date) -> datetime:
    """The moment at which something of that day was written down."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def norms_of(
    figures: Figures = FIGURES, *, ends: Mapping[str, date] | None = None, **other: Any
) -> Norms:
    """All norms that an advice needs, in force since 2020; some may end, some may differ."""

    def square(rows: Sequence[Sequence[float]]) -> tuple[tuple[Decimal, ...], ...]:
        return tuple(tuple(Decimal(str(cell)) for cell in row) for row in rows)

    values: dict[str, Any] = {
        "account.hit_rate": figures.hit,
        "account.epsilon": figures.eps,
        "account.old_weight": figures.old,
        "account.prior_weight": figures.weak,
        "account.part_factor": figures.part,
        "account.smallest_group": 12,
        "advice.no_room_at": figures.no,
        "advice.room_from": figures.yes,
        "advice.smallest_base": figures.min_band,
        "advice.fill_up_under_bp": figures.fill_bp,
        "advice.small_difference": figures.small,
        "advice.most_changes": figures.max_m,
        "advice.valid_days": 14,
        "advice.wait_weeks": 12,
        "advice.like_for_like": True,
        "mix.schemes": ("role",),
        "mix.scheme.role": {
            "categories": figures.categories,
            "ordinary": figures.ordinary,
            "prior_mean": tuple(Decimal(str(share)) for share in figures.mean),
            "prior_strength": Decimal(str(figures.s)),
            "drift": square(figures.q),
            "confusion": square(figures.confusion),
        },
        "rent.quality_discount_limit": Decimal("477.20"),
        "rent.cap": {"low": Decimal("682.96"), "high": Decimal("731.93")},
        "rent.social_rent_cap": Decimal("900.07"),
    }
    values |= {key.replace("__", "."): value for key, value in other.items()}
    return Norms(
        name="test",
        book={
            key: Norm(
                key=key,
                unit="",
                standing=Standing.ASSUMPTION,
                values=(
                    NormValue(
                        value=value,
                        start=date(2020, 1, 1),
                        end=(ends or {}).get(key),
                        source="test",
                    ),
                ),
                title={"nl": key, "en": key},
            )
            for key, value in values.items()
        },
    )


class Town:
    """Rows of a portfolio, added one by one; `advice` asks the engine about a vacancy."""

    def __init__(self, figures: Figures = FIGURES) -> None:
        self.figures = figures
        self.areas = [
            Area(code="GM", kind=ScopeKind.MUNICIPALITY, name="Town"),
            Area(code="WK", kind=ScopeKind.DISTRICT, name="District", parent="GM"),
            Area(code="BU", kind=ScopeKind.NEIGHBOURHOOD, name="Neighbourhood", parent="WK"),
        ]
        self.complexes: list[Complex] = []
        self.dwellings: list[Dwelling] = []
        self.tenancies: list[Tenancy] = []
        self.judgements: list[Judgement] = []
        self.roles: list[Role] = []
        self.assessments: list[Assessment] = []
        self.profiles: list[ProfileRow] = []
        self.caps: list[Cap] = []
        self.channels: list[Channel] = []
        self.vacancies: list[Vacancy] = []
        self.lettings: list[Letting] = []

    # --- stock ---

    def complex(
        self,
        id_: str = OWN,
        *,
        homes: int = 8,
        occupied: int | None = None,
        stairwells: Sequence[str] = (),
        owner: str = OWNER,
        neighbourhood: str = "BU",
        **more: Any,
    ) -> Town:
        """A complex whose first homes are occupied since long; homes are `<id>-1`, `<id>-2` …"""
        place = {key: more.pop(key) for key in ("lat", "lon", "homes_counted") if key in more}
        place["homes"] = place.pop("homes_counted", None)
        self.complexes.append(
            Complex(id=id_, name=id_, neighbourhood=neighbourhood, owner=owner, **place)
        )
        for number in range(1, homes + 1):
            stairwell = stairwells[(number - 1) % len(stairwells)] if stairwells else None
            self.dwellings.append(
                Dwelling(id=f"{id_}-{number}", complex=id_, stairwell=stairwell, **more)
            )
            if number <= (homes if occupied is None else occupied):
                self.lives(f"{id_}-{number}")
        return self

    def lives(
        self, home: str, *, since: date = LONG_AGO, until: date | None = None, **more: Any
    ) -> Town:
        """A household in a home; its lease and household bear the home's name."""
        id_ = f"T-{home}-{since:%Y%m%d}"
        lease = Tenancy(id=id_, dwelling=home, start=since, end=until, household=f"H-{id_}", **more)
        self.tenancies.append(lease)
        return self

    def lease_of(self, home: str) -> Tenancy:
        """The latest lease of a home."""
        mine = [lease for lease in self.tenancies if lease.dwelling == home]
        return max(mine, key=lambda lease: lease.start)

    def leaves(self, home: str, on: date) -> Town:
        """Whoever lives in a home ends the lease."""
        lease = self.lease_of(home)
        self.tenancies[self.tenancies.index(lease)] = replace(lease, end=on)
        return self

    # --- what is known and agreed ---

    def judged(
        self,
        on: date = date(2026, 11, 2),
        *,
        by: str = "iris",
        scope: Scope | None = None,
        known: Known = Known.MOST,
        vacancy: str | None = None,
        **says: Sequence[int],
    ) -> Town:
        """Somebody says lowest, best and highest per category."""
        for category, (low, best, high) in says.items():
            self.judgements.append(
                Judgement(
                    scope=scope or Scope(ScopeKind.COMPLEX, OWN),
                    scheme="role",
                    on=on,
                    by=by,
                    known=known,
                    category=category,
                    low=low,
                    best=best,
                    high=high,
                    vacancy=vacancy,
                )
            )
        return self

    def agrees(
        self,
        home: str,
        role: str,
        *,
        on: date = date(2026, 1, 15),
        until: date | None = None,
        told: date | None = None,
    ) -> Town:
        """The household of a home takes up a role."""
        self.roles.append(
            Role(
                tenancy=self.lease_of(home).id,
                role=role,
                agreed_on=on,
                ends_on=until,
                recorded_at=at_noon(told) if told else None,
            )
        )
        return self

    def labelled(
        self,
        home: str,
        category: str,
        *,
        told: date = date(2026, 9, 1),
        source: str = "round",
        review_by: date | None = None,
        contested: bool = False,
        end: date | None = None,
    ) -> Town:
        """The household of a home gets a label (level *huishouden*)."""
        self.assessments.append(
            Assessment(
                household=str(self.lease_of(home).household),
                scheme="role",
                category=category,
                start=told,
                end=end,
                source=source,
                review_by=review_by,
                contested=contested,
                recorded_at=at_noon(told),
            )
        )
        return self

    def band(
        self,
        category: str = "attention",
        *,
        at: ScopeKind = ScopeKind.COMPLEX,
        set_by_kind: str = "organisation",
        set_by: str = OWNER,
        start: date = date(2026, 1, 1),
        end: date | None = None,
        fill_up_until: date | None = None,
        draft: bool = False,
        id_: str | None = None,
        **shares: Any,
    ) -> Town:
        """A line of a profile."""
        self.profiles.append(
            ProfileRow(
                id=id_ or f"profile-{len(self.profiles)}",
                set_by_kind=set_by_kind,
                set_by=set_by,
                for_kind=at,
                scheme="role",
                category=category,
                band=Band(**shares),
                start=start,
                end=end,
                fill_up_until=fill_up_until,
                draft=draft,
            )
        )
        return self

    def cap(
        self,
        at_most: int,
        category: str = "attention",
        *,
        at: ScopeKind = ScopeKind.COMPLEX,
        set_by_kind: str = "organisation",
        set_by: str = OWNER,
        start: date = date(2026, 1, 1),
        end: date | None = None,
        id_: str | None = None,
        draft: bool = False,
    ) -> Town:
        """At most so many households in each scope of a kind."""
        self.caps.append(
            Cap(
                id=id_ or f"cap-{len(self.caps)}",
                set_by_kind=set_by_kind,
                set_by=set_by,
                for_kind=at,
                scheme="role",
                category=category,
                at_most=at_most,
                draft=draft,
                start=start,
                end=end,
            )
        )
        return self

    def channel(self, id_: str, ground: Ground = Ground.NONE_NEEDED, **more: Any) -> Town:
        """A way to a new household."""
        shares = tuple(map(Decimal, more.pop("shares", SHARES.get(id_, SHARES["ordinary"]))))
        row = Channel(id=id_, scheme="role", name={}, shares=shares, ground=ground, **more)
        self.channels.append(row)
        return self

    # --- moves ---

    def vacancy(
        self,
        home: str,
        *,
        id_: str | None = None,
        notice: date = date(2026, 11, 12),
        free_from: date = date(2026, 12, 14),
        **more: Any,
    ) -> Town:
        """A notice: the home comes free."""
        id_ = id_ or f"V-{home}"
        self.vacancies.append(
            Vacancy(id=id_, dwelling=home, notice=notice, free_from=free_from, **more)
        )
        return self

    def promised(
        self,
        home: str,
        *,
        channel: str = "ordinary",
        category: str | None = None,
        on: date = date(2026, 11, 16),
        **more: Any,
    ) -> Town:
        """A vacancy of a home is let: a household is still to come."""
        known = {vacancy.dwelling: vacancy.id for vacancy in self.vacancies}
        if home not in known:
            self.vacancy(home, **more)
            known[home] = self.vacancies[-1].id
        self.lettings.append(
            Letting(
                vacancy=known[home],
                channel=channel,
                ground=Ground.NONE_NEEDED,
                category=category,
                on=on,
            )
        )
        return self

    # --- questions ---

    def portfolio(self) -> Portfolio:
        """Everything so far."""
        return Portfolio(
            **{
                name: tuple(rows)
                for name, rows in vars(self).items()
                if name != "figures" and isinstance(rows, list)
            },
            data_date=DAY,
        )

    def advice(
        self, vacancy: str = "V-C-1", day: date = DAY, norms: Norms | None = None, **more: Any
    ) -> Advice:
        """Ask the engine."""
        return advise(self.portfolio(), vacancy, day, norms or norms_of(self.figures), **more)


def days(number: int, after: date = DAY) -> date:
    """So many days later."""
    return after + timedelta(days=number)
