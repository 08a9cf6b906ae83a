"""The list of profiles, and the profile of one place with the origin of every value."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import may
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.profiles import bridge
from mixwijzer.web.profiles.bridge import OriginLine, SetValue
from mixwijzer.web.profiles.content import GOVERNED, Place
from mixwijzer.web.profiles.models import Cap, ProfileRow, Version, VersionStep
from mixwijzer.web.profiles.transitions import OPEN, Event
from mixwijzer.web.register.models import Area, Complex, ComplexFacts, Delivery

__all__ = [
    "ListLine",
    "ListPage",
    "PlacePage",
    "ValueLine",
    "VersionLine",
    "draft_names",
    "list_pages",
    "named_place",
    "own_place",
    "place_of_complex",
    "place_page",
    "values_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version in a list."""

    id: uuid.UUID
    number: int
    place: Place
    state: str
    author: str
    made_at: datetime
    due: date | None
    start: date | None
    ends: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A place, and whether it has set something of its own."""

    place: Place
    complex: uuid.UUID | None
    own: bool
    open: VersionLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """The profiles of one association."""

    association: str
    lines: tuple[ListLine, ...]
    on_their_way: tuple[VersionLine, ...]
    data_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBy:
    """Where a value was set, in names: of the place, and of who adopted it."""

    place: Place
    by: str
    start: date
    end: date | None
    version: uuid.UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLine:
    """A value that counts, where it was set, and what it would be otherwise."""

    for_kind: str
    category: str
    part: str
    value: int
    set_by: SetBy
    otherwise: int | None
    otherwise_by: SetBy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage:
    """The profile of one place; `complex` has a page of its own that this reader may see."""

    association: str
    place: Place
    complex: uuid.UUID | None
    values: tuple[ValueLine, ...]
    open: VersionLine | None
    history: tuple[VersionLine, ...]
    may_start: bool
    data_date: date | None


def list_pages(user: User) -> tuple[ListPage, ...]:
    """Return the profiles that this reader may see, per association."""
    return tuple(_list_page(user, owner) for owner in _owners(user))


def _owners(user: User) -> Iterator[Organisation]:
    yield from Organisation.objects.filter(pk__in=user.owners(Action.SEE_NORMS)).order_by("name")


def _list_page(user: User, owner: Organisation) -> ListPage:
    names = _names(owner)
    places = sorted(names.values(), key=_order)
    complexes = dict(Complex.objects.for_organisation(owner).values_list("code", "public_id"))
    set_here = {
        pair
        for model in (ProfileRow, Cap)
        for pair in model.objects.for_organisation(owner)
        .filter(replaced_at=None)
        .values_list("set_by_kind", "set_by")
    }
    versions = Version.objects.visible_to(user).filter(owner=owner, state__in=sorted(OPEN))
    going = {
        (row.set_by_kind, row.set_by): _version(row, names)
        for row in versions.select_related("author").order_by("-made_at")
    }
    return ListPage(
        association=owner.name,
        lines=tuple(
            ListLine(
                place=each,
                complex=complexes.get(each.code) if each.kind == "complex" else None,
                own=(each.kind, each.code) in set_here,
                open=going.get((each.kind, each.code)),
            )
            for each in places
        ),
        on_their_way=tuple(going.values()),
        data_date=_data_date(owner),
    )


def _order(place: Place) -> tuple[int, str]:
    return list(GOVERNED).index(place.kind), place.name.lower()


def _names(owner: Organisation) -> Mapping[tuple[str, str], Place]:
    """Return every place that may have a profile, by kind and code; three queries."""
    facts = ComplexFacts.objects.for_organisation(owner).filter(replaced_at=None)
    rows = list(facts.values_list("complex__code", "name", "neighbourhood"))
    inside = {near for _, _, near in rows if near}
    areas = Area.objects.for_organisation(owner).filter(replaced_at=None, code__in=inside)
    found = [Place(kind="organisation", code=owner.code, name=owner.name)]
    found += [
        Place(kind="neighbourhood", code=code, name=name)
        for code, name in areas.values_list("code", "name")
    ]
    found += [Place(kind="complex", code=code, name=name) for code, name, _ in rows]
    return {(each.kind, each.code): each for each in found}


def _version(row: Version, names: Mapping[tuple[str, str], Place]) -> VersionLine:
    bare = Place(kind=row.set_by_kind, code=row.set_by, name=row.set_by)
    return VersionLine(
        id=row.public_id,
        number=row.number,
        place=names.get((row.set_by_kind, row.set_by), bare),
        state=row.state,
        author=row.author.name,
        made_at=row.made_at,
        due=row.advice_due,
        start=row.start,
        ends=row.ends,
    )


def _data_date(owner: Organisation) -> date | None:
    last = Delivery.objects.for_organisation(owner).order_by("-at", "-pk").first()
    return last.data_date if last else None


def draft_names(user: Visitor, versions: Collection[str]) -> Mapping[str, str]:
    """Return the place of each of these versions that this reader may see, by public id."""
    if not versions:
        return {}
    rows = Version.objects.visible_to(user).filter(public_id__in=versions).select_related("owner")
    return {str(row.public_id): own_place(row).name for row in rows}


def named_place(user: User, kind: str, code: str) -> tuple[Organisation, Place]:
    """Return a place by kind and code, with whose it is.

    Raises
    ------
    Missing
        No such place, or another organisation's.
    """
    for owner in _owners(user):
        place = _names(owner).get((kind, code))
        if place is not None:
            return owner, place
    raise Missing


def place_of_complex(user: User, complex_id: uuid.UUID) -> tuple[Organisation, Place]:
    """Return a complex as a place that has a profile."""
    for owner in _owners(user):
        row = Complex.objects.for_organisation(owner).filter(public_id=complex_id).first()
        if row is not None:
            return named_place(user, "complex", row.code)
    raise Missing


def own_place(row: Version) -> Place:
    """Return whose profile a version is, with its name."""
    bare = Place(kind=row.set_by_kind, code=row.set_by, name=row.set_by)
    return _names(row.owner).get((row.set_by_kind, row.set_by), bare)


def place_page(user: User, owner: Organisation, place: Place, *, now: datetime) -> PlacePage:
    """Return the profile of a place: every value with its origin, and every version."""
    names = _names(owner)
    rows = (
        Version.objects.visible_to(user)
        .filter(owner=owner, set_by_kind=place.kind, set_by=place.code)
        .select_related("author")
        .order_by("-number")
    )
    lines = [_version(row, names) for row in rows]
    anchor = Complex.objects.visible_to(user).filter(owner=owner, code=place.code).first()
    here = Version.objects.for_organisation(owner).filter(
        set_by_kind=place.kind, set_by=place.code, state__in=sorted(OPEN)
    )
    return PlacePage(
        association=owner.name,
        place=place,
        complex=anchor.public_id if anchor and place.kind == "complex" else None,
        values=values_of(owner, place, localdate(now)),
        open=next((each for each in lines if each.state in OPEN), None),
        history=tuple(each for each in lines if each.state not in OPEN),
        may_start=may(user, Action.WRITE_PROFILES, owner) and not here.exists(),
        data_date=_data_date(owner),
    )


def values_of(owner: Organisation, place: Place, day: date) -> tuple[ValueLine, ...]:
    """Return every value that counts at a place, with names for where it was set."""
    values = bridge.set_values(owner, place, day)
    origins = [each.origin for each in values]
    origins += [each.otherwise_by for each in values if each.otherwise_by]
    naming = _Naming(owner, origins)
    return tuple(_value(each, naming) for each in values)


def _value(each: SetValue, naming: _Naming) -> ValueLine:
    return ValueLine(
        for_kind=each.for_kind,
        category=each.category,
        part=each.part,
        value=each.value,
        set_by=naming.of(each.origin),
        otherwise=each.otherwise,
        otherwise_by=naming.of(each.otherwise_by) if each.otherwise_by else None,
    )


class _Naming:
    """Gives origins their names: the place, and who adopted the version behind a row."""

    def __init__(self, owner: Organisation, origins: list[OriginLine]) -> None:
        self.names = _names(owner)
        documents = {found for each in origins if (found := _document(each.row))}
        steps = (
            VersionStep.objects.for_organisation(owner)
            .filter(event=Event.ADOPT, version__public_id__in=documents)
            .select_related("by", "version")
        )
        self.adopted = {each.version.public_id: each.by.name if each.by else "" for each in steps}

    def of(self, origin: OriginLine) -> SetBy:
        """Name one origin."""
        kind, code = origin.set_by_kind, origin.set_by
        version = _document(origin.row)
        return SetBy(
            place=self.names.get((kind, code), Place(kind=kind, code=code, name=code)),
            by=self.adopted.get(version, "") if version else "",
            start=origin.start,
            end=origin.end,
            version=version if version in self.adopted else None,
        )


def _document(row: str) -> uuid.UUID | None:
    """Return the version that a row belongs to; rows that came from files have none."""
    try:
        return uuid.UUID(row.partition("#")[0])
    except ValueError:
        return None
