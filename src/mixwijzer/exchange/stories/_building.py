"""From a story to a portfolio: the few lines become homes, leases, judgements and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from mixwijzer.engine.norms import Norms
from mixwijzer.engine.portfolio import (
    Area,
    Assessment,
    Band,
    Cap,
    Channel,
    Complex,
    Count,
    Dwelling,
    Ground,
    Judgement,
    Letting,
    Occasion,
    Portfolio,
    ProfileRow,
    Role,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)
from mixwijzer.exchange.normbook import default_bands, default_channels
from mixwijzer.exchange.stories._reading import Home, Place, Story

__all__ = ["VACANCY", "portfolio_of"]

VACANCY = "V1"

_OWNER = "verhuurder"
_SCHEME = "role"
_LONG_AGO = date(2015, 1, 1)
_AREAS = (
    Area(code="GM0001", kind=ScopeKind.MUNICIPALITY, name="Gemeente"),
    Area(code="WK000100", kind=ScopeKind.DISTRICT, name="Wijk", parent="GM0001"),
    Area(code="BU00010001", kind=ScopeKind.NEIGHBOURHOOD, name="Buurt", parent="WK000100"),
    Area(code="BU00010002", kind=ScopeKind.NEIGHBOURHOOD, name="Andere buurt", parent="WK000100"),
)
_METRES_PER_DEGREE = 111_195.0  # along a meridian [m]


def portfolio_of(story: Story, norms: Norms) -> Portfolio:
    """Return the portfolio that a story tells of; `VACANCY` is the home it asks about."""
    building = _Building(story, norms)
    building.place("C1", story.complex)
    building.asked(story.vacancy)
    for number, place in enumerate(story.elsewhere, 2):
        building.place(f"C{number}", place)
        building.others_open(f"C{number}", place.open)
    building.profile_of_neighbourhood(story.neighbourhood)
    return building.portfolio()


@dataclass
class _Building:
    """Rows as they are laid down, table by table."""

    story: Story
    norms: Norms
    complexes: list[Complex] = field(default_factory=list)
    dwellings: list[Dwelling] = field(default_factory=list)
    tenancies: list[Tenancy] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    profiles: list[ProfileRow] = field(default_factory=list)
    caps: list[Cap] = field(default_factory=list)
    vacancies: list[Vacancy] = field(default_factory=list)
    lettings: list[Letting] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of the story."""
        return self.story.today

    def portfolio(self) -> Portfolio:
        """Put the rows together."""
        return Portfolio(
            areas=_AREAS,
            complexes=tuple(self.complexes),
            dwellings=tuple(self.dwellings),
            tenancies=tuple(self.tenancies),
            judgements=tuple(self.judgements),
            counts=tuple(self.counts),
            roles=tuple(self.roles),
            assessments=tuple(self.assessments),
            profiles=tuple(self.profiles),
            caps=tuple(self.caps),
            channels=tuple(self._channels()),
            vacancies=tuple(self.vacancies),
            lettings=tuple(self.lettings),
            data_date=self.today,
            synthetic=True,
        )

    def place(self, id_: str, place: Place) -> None:
        """Lay down a complex: the last homes are the empty ones."""
        north = 52.5 + (place.distance or 0) / _METRES_PER_DEGREE
        located = place.distance is not None or id_ == "C1"
        self.complexes.append(
            Complex(
                id=id_,
                name=f"Complex {id_}",
                neighbourhood="BU00010002" if place.other_neighbourhood else "BU00010001",
                owner=_OWNER,
                lat=north if located else None,
                lon=6.1 if located else None,
            )
        )
        homes = list(self._homes(id_, place))
        self.dwellings += homes
        taken = homes[: len(homes) - place.empty]
        self.tenancies += [_lease(home.id) for home in taken]
        self._said(id_, place)
        self._known(taken, place)
        self._limits(id_, place)
        self._promised(homes, place)

    def asked(self, home: Home) -> None:
        """Let the home of the story come free, and others beside it."""
        wanted = [
            number
            for number, each in enumerate(self.dwellings)
            if home.stairwell is None or each.stairwell == home.stairwell
        ]
        for number in wanted[: 1 + home.also_open]:
            first = number == wanted[0]
            self.dwellings[number] = replace(
                self.dwellings[number],
                rooms=home.rooms,
                rent=home.rent,
                in_base=not (first and home.out_of_base),
            )
            self.vacancies.append(
                Vacancy(
                    id=VACANCY if first else f"V{len(self.vacancies) + 1}",
                    dwelling=self.dwellings[number].id,
                    notice=home.notice,
                    free_from=home.free_from,
                    publication=home.publication if first else None,
                )
            )
        if home.leaver is not None:
            left = self.dwellings[wanted[0]].id
            self.roles = [each for each in self.roles if each.tenancy != _lease(left).id]
            self.roles.append(_role(_lease(left), home.leaver))

    def others_open(self, id_: str, number: int) -> None:
        """Let homes elsewhere stand open, comparable to the one that is asked about."""
        asked = self.story.vacancy
        mine = [place for place, each in enumerate(self.dwellings) if each.complex == id_]
        for place in mine[:number]:
            self.dwellings[place] = replace(
                self.dwellings[place], rooms=asked.rooms, rent=asked.rent
            )
            self.vacancies.append(
                Vacancy(
                    id=f"V{len(self.vacancies) + 1}",
                    dwelling=self.dwellings[place].id,
                    notice=asked.notice,
                    free_from=asked.free_from,
                )
            )

    def profile_of_neighbourhood(self, bands: Mapping[str, Band]) -> None:
        """Lay down the bands that count in every neighbourhood."""
        for category, band in bands.items():
            self.profiles.append(
                self._profile_row("organisation", _OWNER, ScopeKind.NEIGHBOURHOOD, category, band)
            )

    def _homes(self, id_: str, place: Place) -> Iterator[Dwelling]:
        stairwells = [name for name, size in place.stairwells.items() for _ in range(size)]
        stairwells += [""] * (place.homes - len(stairwells))
        for number, stairwell in enumerate(stairwells, 1):
            yield Dwelling(
                id=f"{id_}-{number:03}",
                complex=id_,
                address=f"{id_} {number}",
                stairwell=stairwell or None,
            )

    def _said(self, id_: str, place: Place) -> None:
        """Lay down judgements and counts."""
        scope = Scope(ScopeKind.COMPLEX, id_)
        for said in place.judgements:
            for category, (low, best, high) in said.ranges.items():
                self.judgements.append(
                    Judgement(
                        scope=scope,
                        scheme=_SCHEME,
                        on=said.on,
                        by=said.by,
                        known=said.known,
                        category=category,
                        low=low,
                        best=best,
                        high=high,
                        occasion=Occasion.NOTICE if said.at_notice else Occasion.YEARLY,
                        vacancy=VACANCY if said.at_notice else None,
                    )
                )
        for category, number in place.counts.items():
            self.counts.append(
                Count(
                    scope=scope,
                    scheme=_SCHEME,
                    category=category,
                    on=self.today - timedelta(days=1),
                    households=number,
                )
            )

    def _known(self, taken: list[Dwelling], place: Place) -> None:
        """Lay down agreed roles and labels, on the last homes that are taken."""
        waiting = [_lease(home.id) for home in reversed(taken)]
        for category, number in place.roles.items():
            self.roles += [_role(waiting.pop(0), category) for _ in range(number)]
        for label in place.labels:
            for _ in range(label.households):
                lease = waiting.pop(0)
                household = f"H-{lease.dwelling}"
                where = self.tenancies.index(lease)
                self.tenancies[where] = replace(lease, household=household)
                self.assessments.append(
                    Assessment(
                        household=household,
                        scheme=_SCHEME,
                        category=label.category,
                        start=label.recorded,
                        source=label.source,
                        review_by=label.until,
                        recorded_at=datetime.combine(label.recorded, time(12), tzinfo=UTC),
                    )
                )

    def _limits(self, id_: str, place: Place) -> None:
        """Lay down a complex's profile and caps."""
        for category, band in self._bands(place).items():
            row = self._profile_row("complex", id_, ScopeKind.COMPLEX, category, band)
            self.profiles.append(replace(row, fill_up_until=place.fill_up_until))
        for kind, limits in place.caps.items():
            for category, number in limits.items():
                self.caps.append(
                    Cap(
                        id=f"{id_}-{kind}-{category}",
                        set_by_kind="complex",
                        set_by=id_,
                        for_kind=ScopeKind[kind.upper()],
                        scheme=_SCHEME,
                        category=category,
                        at_most=number,
                        start=_LONG_AGO,
                    )
                )

    def _bands(self, place: Place) -> Mapping[str, Band]:
        if isinstance(place.profile, str):
            return default_bands(self.norms, self.today, _SCHEME)
        return place.profile or {}

    def _promised(self, homes: list[Dwelling], place: Place) -> None:
        """Promise empty homes to households that are still to come."""
        free = homes[len(homes) - place.empty :]
        for category, number in place.promised.items():
            for _ in range(number):
                home = free.pop(0)
                letting = f"L-{home.id}"
                before = self.today - timedelta(days=30)
                self.vacancies.append(
                    Vacancy(id=letting, dwelling=home.id, notice=before, free_from=before)
                )
                self.lettings.append(
                    Letting(
                        vacancy=letting,
                        channel="mediation",
                        ground=Ground.DIRECT_MEDIATION,
                        category=category,
                        on=self.today - timedelta(days=7),
                    )
                )

    def _profile_row(
        self, kind: str, setter: str, for_kind: ScopeKind, category: str, band: Band
    ) -> ProfileRow:
        return ProfileRow(
            id=f"{setter}-{for_kind.name.lower()}-{category}",
            set_by_kind=kind,
            set_by=setter,
            for_kind=for_kind,
            scheme=_SCHEME,
            category=category,
            band=band,
            start=_LONG_AGO,
        )

    def _channels(self) -> Iterator[Channel]:
        """Yield the channels of the norms, with the grounds that the story names."""
        grounds = {each.channel: each for each in self.story.grounds}
        for channel in default_channels(self.norms, self.today):
            ground = grounds.get(channel.id)
            if ground is None:
                yield channel
            else:
                yield replace(channel, ground_source=ground.source, ground_end=ground.until)


def _lease(home: str) -> Tenancy:
    return Tenancy(id=f"T-{home}", dwelling=home, start=_LONG_AGO)


def _role(lease: Tenancy, role: str) -> Role:
    return Role(tenancy=lease.id, role=role, agreed_on=lease.start)
